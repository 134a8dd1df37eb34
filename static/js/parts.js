/** Files of messages: which they are, and voice messages, which do more with a script. */

/** The files of messages as the server wrote them, before anything was done to them. @type {WeakMap<Element, string>} */
export const written = new WeakMap();

/** The files of a message: its own, and those of what it forwards. @param {Element} article */
export function filesOf(article) {
	return [...article.querySelectorAll(':scope > .message-body > .attachments, :scope > .message-body > .forwarded > .attachments')];
}

/** @param {HTMLElement} article */
export function enhance(article) {
	filesOf(article).forEach((part) => written.set(part, part.innerHTML));
	const voices = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll('.voice'));
	if (voices.length > 0) {
		/* Without it they have the browser's own controls. */
		import('./voice.js').then((voice) => voices.forEach(voice.enhance), () => {});
	}
}
