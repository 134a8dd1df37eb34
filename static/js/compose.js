/** The composer: what is written appears at once, and is sent by the outbox. */
import { append } from './list.js';
import * as outbox from './outbox.js';
import { toPresent } from './pages.js';
import { blank, isLatest } from './room.js';
import { toBottom } from './scroll.js';

/** 24 characters of 4 bits; crypto.randomUUID would need https. */
function newNonce() {
	return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {HTMLTextAreaElement} field */
async function submit(field) {
	const content = field.value.trim();
	if (content === '') {
		return;
	}
	field.value = '';
	field.dispatchEvent(new Event('input'));
	if (!isLatest()) {
		await toPresent().catch(() => {});
	}
	const nonce = newNonce();
	const article = blank('message-blank');
	article.id = `m-pending-${nonce}`;
	delete article.dataset.id;
	article.dataset.nonce = nonce;
	article.dataset.time = new Date().toISOString();
	/** @type {HTMLElement} */ (article.querySelector('.content')).textContent = content;
	append(article);
	toBottom();
	outbox.send({ nonce, content, article });
}

/** Where the browser cannot size the field by its content, its rows are counted. @param {HTMLTextAreaElement} field */
function grow(field) {
	if (!CSS.supports('field-sizing', 'content')) {
		field.rows = Math.min(10, field.value.split('\n').length);
	}
}

/** @param {HTMLFormElement} form */
export function start(form) {
	const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('content'));
	outbox.start(form);
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		form.querySelector('.problem')?.remove();
		void submit(field);
		field.focus();
	});
	field.addEventListener('keydown', (event) => {
		/* While an input method composes, Enter ends the composition; 229 is how some browsers say so. */
		const isComposing = event.isComposing || event.keyCode === 229;
		const isTouch = matchMedia('(pointer: coarse)').matches;
		if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing && !isTouch) {
			event.preventDefault();
			form.requestSubmit();
		}
	});
	field.addEventListener('input', () => grow(field));
}
