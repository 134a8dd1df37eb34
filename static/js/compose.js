/** The composer: text, the message that is answered, files. What is submitted is shown at once and goes through the outbox. */
import * as attach from './attach.js';
import * as draft from './draft.js';
import { append } from './list.js';
import { toPresent } from './pages.js';
import * as outbox from './outbox.js';
import * as reply from './reply.js';
import { blank, element, isLatest } from './room.js';
import { toBottom } from './scroll.js';

/** So many characters before the limit the count shows. */
const NEAR = 200;

/** What was sent last is shown: messages stand in the order in which they were written. */
let last = Promise.resolve();

/**
 * Shows a message as pending and sends it.
 * @param {string} content @param {import('./files.js').Piece[]} files @param {import('./draft.js').Taken} [written]
 */
export function send(content, files, written) {
	const answered = reply.take();
	const isAlso = takeAlso(content);
	last = last.then(() => show(content, files, answered, isAlso, written));
	return last;
}

/** Whether the channel of a thread gets a copy of the words; said anew for each message. @param {string} content */
function takeAlso(content) {
	const box = document.getElementById('also-in-channel');
	if (!(box instanceof HTMLInputElement) || content === '') {
		return false;
	}
	const { checked } = box;
	box.checked = false;
	return checked;
}

/**
 * @param {string} content @param {import('./files.js').Piece[]} files
 * @param {ReturnType<typeof reply.take>} answered @param {boolean} isAlso @param {import('./draft.js').Taken} [written]
 */
async function show(content, files, answered, isAlso, written) {
	if (!isLatest()) {
		await toPresent().catch(() => {});
	}
	const nonce = outbox.newNonce();
	const article = blank('message-blank');
	article.id = `m-pending-${nonce}`;
	delete article.dataset.id;
	article.dataset.nonce = nonce;
	article.dataset.time = new Date().toISOString();
	/** @type {HTMLElement} */ (article.querySelector('.content')).textContent = content;
	if (answered) {
		article.dataset.reply = '';
		article.prepend(answered.head);
	}
	if (files.length > 0) {
		const { showPending } = await import('./files.js');
		showPending(article, files);
	}
	append(article);
	toBottom();
	outbox.send({ nonce, content, article, files, reply: answered?.id ?? '', isAlso, draft: written });
	if (written) {
		draft.handOver(written);
	}
}

/** @param {HTMLTextAreaElement} field */
async function submit(field) {
	const content = field.value.trim();
	const files = attach.take();
	if (content === '' && files.length === 0) {
		return;
	}
	const written = draft.take(field.value);
	field.value = '';
	field.dispatchEvent(new Event('input'));
	await send(content, files, written);
}

/** Whether a text ends within a block of code, which a line of such marks opens and another one closes. @param {string} text */
function isInCode(text) {
	let fence = '';
	for (const line of text.split('\n')) {
		const [, mark, rest] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? ['', '', ''];
		if (fence === '') {
			fence = mark.startsWith('`') && rest.includes('`') ? '' : mark;
		} else if (mark.startsWith(fence) && rest.trim() === '') {
			fence = '';
		}
	}
	return fence !== '';
}

/**
 * Whether a key in a field of text sends it: Enter, but for Shift, with which it breaks the line, as it does within code and where
 * the keys are on the screen. While an input method composes, Enter ends the composition; 229 is how some browsers say so.
 * @param {KeyboardEvent} event
 */
export function sends(event) {
	const field = /** @type {HTMLTextAreaElement} */ (event.target);
	return event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229 &&
		!matchMedia('(pointer: coarse)').matches && !isInCode(field.value.slice(0, field.selectionStart));
}

/** Where the browser cannot size the field by its content, its rows are counted. @param {HTMLTextAreaElement} field */
function grow(field) {
	if (!CSS.supports('field-sizing', 'content')) {
		field.rows = Math.min(10, field.value.split('\n').length);
	}
}

/** The count near the limit, and beyond it what can be done. @param {HTMLFormElement} form @param {HTMLTextAreaElement} field */
function count(form, field) {
	const most = Number(form.dataset.maxChars);
	const line = element('content-count');
	const isNear = field.value.length > most - NEAR;
	const left = isNear ? most - [...field.value.trim()].length : NEAR;
	const isOver = left < 0;
	line.hidden = left >= NEAR;
	field.setAttribute('aria-invalid', String(isOver));
	form.toggleAttribute('data-over', isOver);
	if (!line.hidden) {
		/** @type {HTMLElement} */ (line.querySelector('.count-left')).textContent = String(left);
	}
}

/** @param {HTMLFormElement} form */
export function start(form) {
	const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('content'));
	outbox.start(form, draft.changed);
	attach.start(form);
	reply.start(form);
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		if ('over' in form.dataset) {
			return;
		}
		form.querySelectorAll('.problem').forEach((problem) => problem.remove());
		void submit(field);
		field.focus();
	});
	field.addEventListener('keydown', (event) => {
		if (sends(event)) {
			event.preventDefault();
			form.requestSubmit();
		}
	});
	field.addEventListener('input', ({ isTrusted }) => {
		grow(field);
		count(form, field);
		/* What a script puts there, such as a draft, nobody is typing. */
		if (isTrusted && field.value.trim() !== '') {
			import('./typing.js').then(({ tell }) => tell(form)).catch(() => {});
		}
	});
	draft.start(form, field);
	const voice = document.getElementById('voice-start');
	if (voice && 'MediaRecorder' in window && navigator.mediaDevices) {
		voice.dataset.ready = '';
		voice.addEventListener('click', () => {
			import('./record.js').then(({ record }) => record(form), () => element('file-problems').replaceChildren(blank('problem-load')));
		});
	}
	element('as-file').hidden = !('attach' in form.dataset);
	element('as-file').addEventListener('click', async () => {
		const text = field.value;
		/* Who goes on typing while it is made writes behind it. */
		if ((await attach.add([new File([text], 'message.txt', { type: 'text/plain' })])) && field.value.startsWith(text)) {
			field.value = field.value.slice(text.length);
			field.dispatchEvent(new Event('input'));
		}
		field.focus();
	});
}
