/** Parts of a message that do more with a script: voice messages, documents that open in their place, files that play on. */

/** The files of messages as the server wrote them, before anything was done to them. @type {WeakMap<Element, string>} */
const written = new WeakMap();

/** The files of a message: its own, and those of what it forwards. @param {Element} article */
function filesOf(article) {
	return [...article.querySelectorAll(':scope > .message-body > .attachments, :scope > .message-body > .forwarded > .attachments')];
}

/**
 * Parts of the old rendering that are the same in the new one, each with its other, in the order in which both have them.
 * @param {Element} old @param {Element} fresh @returns {[Element, Element][]}
 */
function sameFiles(old, fresh) {
	const parts = filesOf(old);
	return filesOf(fresh).flatMap((other) => {
		const at = parts.findIndex((part) =>
			part.parentElement?.className === other.parentElement?.className && written.get(part) === written.get(other));
		return at < 0 ? [] : [[parts.splice(0, at + 1)[at], other]];
	});
}

/**
 * Gives an element all that another has, but for the parts that are the same, which stay the elements that they are.
 * @param {Element} old @param {Element} fresh @param {[Element, Element][]} same
 */
function graft(old, fresh, same) {
	old.getAttributeNames().filter((name) => !fresh.hasAttribute(name)).forEach((name) => old.removeAttribute(name));
	fresh.getAttributeNames().forEach((name) => old.setAttribute(name, fresh.getAttribute(name) ?? ''));
	/* A child that has such a part within it is the other's counterpart, and is given what that has in turn. */
	/** @type {Map<Node, Element>} */
	const stays = new Map();
	for (const [part, other] of same) {
		const mine = [...old.children].find((child) => child.contains(part));
		const theirs = [...fresh.children].find((child) => child.contains(other));
		if (mine && theirs) {
			stays.set(theirs, mine);
		}
	}
	const kept = new Set(stays.values());
	[...old.childNodes].filter((node) => !kept.has(/** @type {Element} */ (node))).forEach((node) => node.remove());
	/** @type {ChildNode | null} */
	let last = null;
	for (const node of [...fresh.childNodes]) {
		const mine = stays.get(node);
		if (!mine && last) {
			last.after(node);
		} else if (!mine) {
			old.prepend(node);
		} else if (!same.some(([part]) => part === mine)) {
			graft(mine, /** @type {Element} */ (node), same);
		}
		last = mine ?? node;
	}
}

/**
 * Shows another rendering of a message. Files that are the same in both stay: what plays goes on, what is open stays so.
 * @param {HTMLElement} old @param {HTMLElement} article @returns {HTMLElement} the one of the two that stands in the page
 */
export function replace(old, article) {
	const same = sameFiles(old, article);
	if (same.length === 0) {
		old.replaceWith(article);
		return article;
	}
	graft(old, article, same);
	return old;
}

/** @param {HTMLElement} article */
export function enhance(article) {
	filesOf(article).forEach((files) => written.set(files, files.innerHTML));
	const voices = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll('.voice'));
	if (voices.length > 0) {
		void import('./voice.js').then((voice) => voices.forEach(voice.enhance));
	}
}

/**
 * Shows a document below its name, or takes it away again.
 * @param {HTMLAnchorElement} link
 */
export function toggleDocument(link) {
	const card = link.closest('.file-card');
	const shown = card?.querySelector('iframe');
	link.toggleAttribute('data-open', !shown);
	link.setAttribute('aria-expanded', String(!shown));
	if (shown) {
		shown.remove();
	} else {
		const frame = document.createElement('iframe');
		frame.className = 'file-frame';
		/* Pages by themselves, without the pane of small ones beside them. */
		frame.src = `${link.href}#navpanes=0`;
		frame.title = card?.querySelector('.file-name')?.textContent ?? '';
		card?.append(frame);
		card?.scrollIntoView({ block: 'nearest' });
	}
}
