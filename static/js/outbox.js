/**
 * Messages on their way: one at a time, in the order they were written. A message keeps its nonce for as long as it is
 * tried, so that the server posts it once whatever happens to the replies. Where the line fails, the first message waits
 * and those behind it with it; where the server refuses one, the others go on. What was not sent stays on the page, with
 * its text, until its writer discards it.
 */
import { copyBy } from './clipboard.js';
import { discard, settle } from './list.js';
import { blank, FRAGMENT, room } from './room.js';

/**
 * @typedef {object} Item
 * @property {string} nonce
 * @property {string} content
 * @property {HTMLElement} article
 * @property {import('./files.js').Piece[]} files
 * @property {string} reply the message that is answered, or ""
 * @property {boolean} isAlso whether the channel of a thread gets a copy
 * @property {import('./draft.js').Taken} [draft] what it was before it was sent
 * @property {boolean} [isWaiting] it was put off for a moment
 */

const TIMEOUT_MS = 20000;
/** A wait that is longer than this is told, such as that of a channel in slow mode. */
const LONGEST_WAIT_S = 15;
/** More than this a browser does not send on behind a page that is left. */
const KEEPALIVE_MOST = 60000;
/** The flag of a voice message. */
const VOICE = 1 << 13;

/** @type {Item[]} */
const queue = [];
/** Those that were refused: the others do not wait for them. @type {Set<Item>} */
const refused = new Set();
let isSending = false;
let action = '';
let csrf = '';
/** Called when there is another answer to what is not sent. */
let changed = () => {};

/** 24 characters of 4 bits; crypto.randomUUID would need https. */
export function newNonce() {
	return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Item} item @returns {Promise<Response>} */
async function post(item) {
	const fields = new URLSearchParams({ csrf, nonce: item.nonce, content: item.content });
	if (item.reply) {
		fields.set('reply_to', item.reply);
	}
	if (item.isAlso) {
		fields.set('also_in_channel', '1');
	}
	if (item.draft?.nonce) {
		fields.set('draft_revision', item.draft.revision ?? '');
		fields.set('draft_nonce', item.draft.nonce);
	}
	if (item.files.some((piece) => piece.voice)) {
		fields.set('flags', String(VOICE));
	}
	if (item.files.length > 0) {
		const { upload } = await import('./upload.js');
		const form = new FormData();
		fields.forEach((value, name) => form.set(name, value));
		return upload(item, action, form, FRAGMENT);
	}
	return fetch(action, {
		method: 'POST',
		headers: { Accept: FRAGMENT },
		body: fields,
		redirect: 'manual',
		/* Whoever goes on to another page has sent it all the same. */
		keepalive: String(fields).length < KEEPALIVE_MOST,
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
}

/** @param {Item} item */
function forget(item) {
	const at = queue.indexOf(item);
	if (at >= 0) {
		queue.splice(at, 1);
	}
	refused.delete(item);
	changed();
}

/** The field to write in, or what there is to read where one may not. */
function focusOn() {
	const field = document.getElementById('content');
	(field?.checkVisibility() ? field : room.history).focus({ preventScroll: true });
}

/**
 * Shows that a message was not sent, with what can be done.
 * @param {Item} item @param {string} [why] the server's own words
 */
function fail(item, why) {
	const { article } = item;
	article.dataset.failed = '';
	delete article.dataset.pending;
	article.querySelector('.message-failed')?.remove();
	const controls = blank('message-failed');
	/** @type {HTMLElement} */ (controls.querySelector('.message-failed-why')).textContent = why ? `: ${why}` : '.';
	controls.querySelector('.retry')?.addEventListener('click', () => {
		again(item);
		if (refused.delete(item)) {
			queue.push(item);
		}
		focusOn();
		void drain();
	});
	const copy = /** @type {HTMLElement} */ (controls.querySelector('.copy-unsent'));
	copy.hidden = item.content === '';
	copy.addEventListener('click', () => void copyBy(copy, item.content, article.querySelector('.content')));
	controls.querySelector('.discard')?.addEventListener('click', () => {
		forget(item);
		discard(article);
		focusOn();
		void drain();
	});
	article.append(controls);
	changed();
}

/** @param {Item} item */
function again({ article }) {
	delete article.dataset.failed;
	article.dataset.pending = '';
	article.querySelector('.message-failed')?.remove();
}

/** The server leads to the page for logging in, or answers with one that has what was typed. @param {Response} reply */
export function isLoggedOut(reply) {
	return reply.type === 'opaqueredirect' || reply.status === 401;
}

/** Why it was refused: our own words for what the server cannot know or say, else the server's. @param {Response} reply */
export async function reasonOf(reply) {
	const status = isLoggedOut(reply) ? 401 : reply.status;
	const own = document.getElementById(`why-${status >= 500 ? 503 : status}`);
	if (own instanceof HTMLTemplateElement) {
		return own.content.textContent ?? '';
	}
	const other = new DOMParser().parseFromString(await reply.text(), 'text/html');
	return other.querySelector('#problem, .field-error')?.textContent?.trim() ?? '';
}

/**
 * Sends the first message. @returns {Promise<number>} -1 when the queue stops here, else how long to wait before the next
 * @param {Item} item
 */
async function sendFirst(item) {
	let reply;
	try {
		reply = await post(item);
		if (reply.ok) {
			const html = await reply.text();
			forget(item);
			settle(html);
			return 0;
		}
	} catch (error) {
		fail(item);
		if (!(error instanceof Error && error.name === 'Cancelled')) {
			return -1;
		}
		refuse(item);
		return 0;
	}
	const waitS = Number(reply.headers.get('Retry-After')) || 1;
	if (reply.status === 429 && waitS <= LONGEST_WAIT_S) {
		return waitS * 1000;
	}
	fail(item, await reasonOf(reply).catch(() => ''));
	if (reply.status === 429 || reply.status >= 500 || isLoggedOut(reply)) {
		return -1;
	}
	refuse(item);
	return 0;
}

/** The next goes on without it. @param {Item} item */
function refuse(item) {
	forget(item);
	refused.add(item);
	changed();
}

async function drain() {
	if (isSending) {
		return;
	}
	isSending = true;
	while (queue.length > 0) {
		const item = queue[0];
		if (!item.article.isConnected) {
			/* Its event came while the reply was lost. */
			forget(item);
			continue;
		}
		if ('failed' in item.article.dataset) {
			break;
		}
		const wait = await sendFirst(item);
		if (wait < 0) {
			break;
		}
		if (wait > 0) {
			item.isWaiting = true;
			changed();
			await new Promise((resolve) => setTimeout(resolve, wait));
			item.isWaiting = false;
		}
	}
	isSending = false;
}

/** @param {Item} item */
export function send(item) {
	item.article.dataset.pending = '';
	queue.push(item);
	void drain();
}

/** The line is open again: what failed for want of it is tried once more, in order. */
export function retryAll() {
	queue.filter(({ article }) => 'failed' in article.dataset).forEach(again);
	changed();
	void drain();
}

/** What stands on the page and was not sent, as far as is known. @returns {HTMLElement[]} */
export function unsent() {
	return [...refused, ...queue].map(({ article }) => article).filter((article) => article.isConnected);
}

/** Does not go by itself: it failed, or waits, for a moment or behind another. @param {Item} item @param {number} at */
function isStuck({ article, isWaiting }, at) {
	return at > 0 || isWaiting || 'failed' in article.dataset;
}

/** Leaving the page would lose something: what is stuck, and files, which take a while. */
function isAtRisk() {
	return refused.size > 0 || queue.some((item, at) => isStuck(item, at) || item.files.length > 0);
}

/** The words that nobody will get if the page is left: whoever does finds them in the composer when they come back. */
export function left() {
	const stuck = [...refused, ...queue.filter(isStuck)];
	return stuck.filter(({ article, content }) => article.isConnected && content !== '').map(({ content }) => content);
}

/** Whether it is still to be seen what becomes of a message. */
export function isBusy() {
	return queue.length > 0 && !('failed' in queue[0].article.dataset);
}

/** @param {HTMLFormElement} form the composer @param {() => void} whenChanged called when left or isBusy has another answer */
export function start(form, whenChanged) {
	changed = whenChanged;
	action = form.action;
	csrf = /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf')).value;
	window.addEventListener('beforeunload', (event) => {
		if (isAtRisk()) {
			event.preventDefault();
		}
	});
}
