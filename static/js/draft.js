/**
 * What is written and not sent yet, kept for this tab: it is there again after a reload, a crash, or another room. What is
 * moved to another page, to be sent later from there, goes along with it.
 */
import { room } from './room.js';

const KEY = `draft ${room.user} ${room.channel}`;

/** @param {HTMLTextAreaElement} field */
function save(field) {
	try {
		if (field.value === '') {
			sessionStorage.removeItem(KEY);
		} else {
			sessionStorage.setItem(KEY, field.value);
		}
	} catch {
		/* A browser that keeps nothing keeps no draft. */
	}
}

/** What was not sent stands above what is being written when the room is opened again. @param {string[]} texts */
export function prepend(texts) {
	const field = document.getElementById('content');
	if (texts.length > 0 && field instanceof HTMLTextAreaElement) {
		try {
			sessionStorage.setItem(KEY, [...texts, field.value].filter((text) => text !== '').join('\n\n'));
		} catch {
			/* A browser that keeps nothing keeps no draft. */
		}
	}
}

/** @param {HTMLFormElement} form the composer @param {HTMLTextAreaElement} field */
export function keep(form, field) {
	try {
		if (field.value === '' && sessionStorage.getItem(KEY)) {
			field.value = sessionStorage.getItem(KEY) ?? '';
			field.dispatchEvent(new Event('input'));
		}
	} catch {
		return;
	}
	field.addEventListener('input', () => save(field));
	window.addEventListener('pageshow', ({ persisted }) => persisted && save(field));
	form.querySelector('.send-later')?.addEventListener('click', () => {
		if (field.value !== '') {
			sessionStorage.setItem('send later', JSON.stringify({ key: KEY, text: field.value }));
		}
	});
}
