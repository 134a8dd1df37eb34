/** The room that this page shows: what the server wrote into the page, found once. */

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
	return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** The kind of reply that is a fragment, or nothing; a browser that asks for a page gets a redirect. */
export const FRAGMENT = 'text/vnd.snug.fragment+html';

const main = element('room');

export const room = {
	main,
	/** Scrolls; a column turned upside down, so that scrollTop is 0 at the newest message and negative above it. */
	history: element('messages'),
	/** Holds the messages and, between them, the days. */
	list: element('list'),
	user: main.dataset.user ?? '',
	channel: main.dataset.channel ?? '',
	/** The address of the room at the present. */
	path: `/channels/${main.dataset.place}/${main.dataset.channel}`,
	/** The cursor of the events that this page has: a number as text, only ever handed back. */
	seq: main.dataset.seq ?? '0',
};

/**
 * How far the server's clock is ahead of ours, by what it has told on this line: what comes late looks like less, so the most
 * is the closest.
 */
export const clock = { ahead: -Infinity };

/** Whether the list ends at the present; if not, new messages do not belong below what is shown. */
export function isLatest() {
	return 'latest' in main.dataset;
}

/** @param {boolean} isEnd whether the list ends at the present from here on */
export function setLatest(isEnd) {
	main.toggleAttribute('data-latest', isEnd);
	element('present').hidden = isEnd;
}

/** What a message mentions to mention whoever reads: the ids of the person, of their roles, of the workspace. */
export function targets() {
	return new Set((element('room-head').dataset.targets ?? '').split(' '));
}

/**
 * The element that a fragment of HTML from the server, or one of the page's templates, holds.
 * @param {string | HTMLTemplateElement} source
 * @returns {HTMLElement | null}
 */
export function fragment(source) {
	let template = source;
	if (typeof template === 'string') {
		const text = template;
		template = document.createElement('template');
		template.innerHTML = text;
	}
	const first = template.content.firstElementChild;
	return first ? /** @type {HTMLElement} */ (document.importNode(first, true)) : null;
}

/** All that a text of fragments holds. @param {string} text @returns {HTMLElement[]} */
export function fragments(text) {
	const template = document.createElement('template');
	template.innerHTML = text;
	return /** @type {HTMLElement[]} */ ([...document.importNode(template.content, true).children]);
}

/** @param {string} id of a <template> of the page */
export function blank(id) {
	return /** @type {HTMLElement} */ (fragment(/** @type {HTMLTemplateElement} */ (element(id))));
}

/** Where answers quote a message. @param {string} id @returns {NodeListOf<HTMLElement>} */
export function quotesOf(id) {
	return room.list.querySelectorAll(`.jump-to[data-jump="${CSS.escape(id)}"]`);
}

/**
 * Orders ids. They are 64-bit numbers as text, which Number would round.
 * @param {string} a @param {string} b
 */
export function compareIds(a, b) {
	return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
