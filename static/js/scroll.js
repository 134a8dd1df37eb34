/** Where the reader is: at the newest message, which stays in sight, or somewhere above, which nothing may move. */
import { blank, isLatest, room } from './room.js';

/** Within this many pixels of the bottom the reader follows what comes. */
const STICK_PX = 100;

const jump = /** @type {HTMLButtonElement} */ (blank('jump-blank'));
let unseen = 0;

export function isAtBottom() {
	return Math.abs(room.history.scrollTop) <= STICK_PX;
}

export function toBottom() {
	room.history.scrollTop = 0;
	seen();
}

/** Ids of the messages in sight and below, topmost first: the first that outlives a change holds the place. */
function anchors() {
	const top = room.history.getBoundingClientRect().top;
	const articles = [...room.list.querySelectorAll('article')];
	const first = articles.findIndex((article) => article.getBoundingClientRect().bottom > top);
	return first < 0 ? [] : articles.slice(first, first + 50);
}

/** The id of the message that the reader looks at, to load what stands around it. */
export function anchorId() {
	return anchors().find((article) => article.dataset.id)?.dataset.id ?? '';
}

/**
 * Makes a change of the list. A reader at the bottom stays there; any other keeps the same message under the eye.
 * @param {() => void} change @param {boolean} [sticks] whether a reader at the bottom follows
 */
export function keepPlace(change, sticks = true) {
	if (sticks && isAtBottom()) {
		change();
		room.history.scrollTop = 0;
		return;
	}
	/* Where they end: the first may begin above the window, and what grows or shrinks there moves nothing below it. */
	const places = anchors().map((article) => ({ id: article.id, bottom: article.getBoundingClientRect().bottom }));
	change();
	for (const { id, bottom } of places) {
		const article = document.getElementById(id);
		if (article) {
			room.history.scrollTop += article.getBoundingClientRect().bottom - bottom;
			return;
		}
	}
}

/** Which message the reader looks at, and where in the window it ends; null at the present. @returns {{id: string, bottom: number} | null} */
export function place() {
	const article = isAtBottom() && isLatest() ? null : document.getElementById(`m-${anchorId()}`);
	return article && { id: anchorId(), bottom: article.getBoundingClientRect().bottom };
}

/** Puts a message where place() found it. @param {{id: string, bottom: number}} where */
export function returnTo({ id, bottom }) {
	const article = document.getElementById(`m-${id}`);
	if (article) {
		room.history.scrollTop += article.getBoundingClientRect().bottom - bottom;
	}
}

const FLASH_MS = 2000;

/** Puts a message in the middle of the window, and shows which it is. @param {HTMLElement} article */
export function centre(article) {
	article.scrollIntoView({ block: 'center' });
	article.focus({ preventScroll: true });
	article.dataset.flash = '';
	setTimeout(() => delete article.dataset.flash, FLASH_MS);
}

function seen() {
	unseen = 0;
	jump.hidden = true;
}

/** Counts messages that came below the window. @param {number} count */
export function addUnseen(count) {
	if (count === 0 || isAtBottom()) {
		return;
	}
	unseen += count;
	/** @type {HTMLElement} */ (jump.querySelector('.jump-count')).textContent = String(unseen);
	jump.hidden = false;
}

/** @param {() => void} toPresent what the button does where the list does not end at the present */
export function start(toPresent) {
	document.querySelector('.room-foot')?.append(jump);
	jump.addEventListener('click', toPresent);
	room.history.addEventListener('scroll', () => {
		if (isAtBottom() && isLatest()) {
			seen();
		}
	}, { passive: true });
	room.history.dataset.ready = '';
}
