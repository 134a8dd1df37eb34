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
	form.querySelector('.send-later')?.addEventListener('click', () => {
		if (field.value !== '') {
			sessionStorage.setItem('send later', JSON.stringify({ key: KEY, text: field.value }));
		}
	});
}
