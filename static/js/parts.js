/** Parts of a message that do more with a script: voice messages, and files that play on. */

/** Loaded when the first message with files comes. @type {typeof import('./graft.js') | null} */
let grafting = null;

/** The files of messages as the server wrote them, before anything was done to them. @type {WeakMap<Element, string>} */
const written = new WeakMap();

/** The files of a message: its own, and those of what it forwards. @param {Element} article */
function filesOf(article) {
	return [...article.querySelectorAll(':scope > .message-body > .attachments, :scope > .message-body > .forwarded > .attachments')];
}

/**
 * Shows another rendering of a message. Files that are the same in both stay: what plays goes on, what is open stays so.
 * @param {HTMLElement} old @param {HTMLElement} article @returns {HTMLElement} the one of the two that stands in the page
 */
export function replace(old, article) {
	const parts = filesOf(old);
	/* Each with its other, in the order in which both have them. */
	/** @type {[Element, Element][]} */
	const same = filesOf(article).flatMap((other) => {
		const at = parts.findIndex((part) =>
			part.parentElement?.className === other.parentElement?.className && written.get(part) === written.get(other));
		return at < 0 ? [] : [[parts.splice(0, at + 1)[at], other]];
	});
	if (!grafting || same.length === 0) {
		old.replaceWith(article);
		return article;
	}
	grafting.graft(old, article, same);
	return old;
}

/** @param {HTMLElement} article */
export function enhance(article) {
	const files = filesOf(article);
	files.forEach((part) => written.set(part, part.innerHTML));
	if (files.length > 0 && !grafting) {
		import('./graft.js').then((module) => (grafting = module), () => {});
	}
	const voices = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll('.voice'));
	if (voices.length > 0) {
		void import('./voice.js').then((voice) => voices.forEach(voice.enhance));
	}
}
