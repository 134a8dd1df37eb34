/** Answering a message: what stands above the composer while one is chosen. Without this module the link does the same. */
import { blank, element, room } from './room.js';
import { lineOf } from './words.js';

/** @returns {HTMLInputElement | null} the field that names the message */
function chosen() {
	return document.querySelector('#composer-reply input[name="reply_to"]');
}

function focusField() {
	/** @type {HTMLElement} */ (element('content')).focus();
}

function clear() {
	element('composer-reply').replaceChildren();
	if (new URLSearchParams(location.search).has('reply')) {
		history.replaceState(null, '', room.path);
	}
}

/** Chooses a message of the list. @param {HTMLElement} article */
export function answer(article) {
	const line = blank('reply-blank');
	const author = article.querySelector('.author')?.textContent ?? '';
	/** @type {HTMLElement} */ (line.querySelector('b')).textContent = author;
	/** @type {HTMLElement} */ (line.querySelector('.reply-text')).textContent = lineOf(article);
	/** @type {HTMLInputElement} */ (line.querySelector('input')).value = article.dataset.id ?? '';
	element('composer-reply').replaceChildren(line);
	focusField();
}

/** The message that is being answered has other words now. @param {string} id @param {string} words */
export function requote(id, words) {
	const field = chosen();
	const quote = field?.closest('.composer-reply')?.querySelector('.reply-text');
	if (quote && field?.value === id) {
		quote.textContent = words;
	}
}

/** A message that is gone is not answered, nor quoted. @param {string} id */
export function forget(id) {
	if (chosen()?.value === id) {
		clear();
	}
}

/**
 * What the next message answers, which is then chosen no more: its id, and how the message shows it.
 * @returns {{id: string, head: HTMLElement} | null}
 */
export function take() {
	const field = chosen();
	if (!field) {
		return null;
	}
	const line = /** @type {HTMLElement} */ (field.closest('.composer-reply'));
	const head = blank('reply-head-blank');
	for (const part of ['b', '.reply-text']) {
		/** @type {HTMLElement} */ (head.querySelector(part)).textContent = line.querySelector(part)?.textContent ?? '';
	}
	const id = field.value;
	clear();
	return { id, head };
}

/** @param {HTMLFormElement} form */
export function start(form) {
	form.addEventListener('click', (event) => {
		if (event.target instanceof Element && event.target.closest('.reply-cancel')) {
			event.preventDefault();
			clear();
			focusField();
		}
	});
	form.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && chosen()) {
			event.preventDefault();
			clear();
		}
	});
	room.list.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('.message-actions .reply') : null;
		const article = link?.closest('article');
		if (article instanceof HTMLElement && !form.hidden && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			answer(article);
		}
	});
}
