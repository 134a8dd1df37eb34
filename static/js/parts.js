/** Parts of a message that do more with a script: voice messages, documents that open in their place, files that play on. */

/** The files of messages as the server wrote them, before anything was done to them. @type {WeakMap<Element, string>} */
const written = new WeakMap();
/** Where in a message they stand. */
const PATH = ['.message-body', '.attachments'];

/** @param {Element} element @param {string} selector */
function childOf(element, selector) {
	return element.querySelector(`:scope > ${selector}`);
}

/** @param {Element} article */
function filesOf(article) {
	return PATH.reduce((/** @type {Element | null} */ part, selector) => part && childOf(part, selector), article);
}

/**
 * Gives an element all that another has, but for the part at the end of the path, which stays the element that it is.
 * @param {Element} old @param {Element} fresh @param {string[]} path
 */
function graft(old, fresh, [selector, ...rest]) {
	const part = childOf(old, selector);
	const other = childOf(fresh, selector);
	if (!part || !other) {
		return;
	}
	old.getAttributeNames().filter((name) => !fresh.hasAttribute(name)).forEach((name) => old.removeAttribute(name));
	fresh.getAttributeNames().forEach((name) => old.setAttribute(name, fresh.getAttribute(name) ?? ''));
	[...old.childNodes].filter((node) => node !== part).forEach((node) => node.remove());
	const nodes = [...fresh.childNodes];
	part.before(...nodes.slice(0, nodes.indexOf(other)));
	part.after(...nodes.slice(nodes.indexOf(other) + 1));
	if (rest.length > 0) {
		graft(part, other, rest);
	}
}

/**
 * Shows another rendering of a message. Files that are the same in both stay: what plays goes on, what is open stays so.
 * @param {HTMLElement} old @param {HTMLElement} article @returns {HTMLElement} the one of the two that stands in the page
 */
export function replace(old, article) {
	const files = filesOf(old);
	const fresh = filesOf(article);
	if (!files || !fresh || written.get(files) !== written.get(fresh)) {
		old.replaceWith(article);
		return article;
	}
	graft(old, article, PATH);
	return old;
}

/** @param {HTMLElement} article */
export function enhance(article) {
	const files = filesOf(article);
	if (files) {
		written.set(files, files.innerHTML);
	}
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
