/**
 * Messages on their way: one at a time, in the order they were written. A message keeps its nonce for as long as it is
 * tried, so that the server posts it once whatever happens to the replies. Where the line fails, the first message waits
 * and those behind it with it; where the server refuses one, the others go on.
 */
import { discard, settle } from './list.js';
import { blank, element } from './room.js';

/**
 * @typedef {object} Item
 * @property {string} nonce
 * @property {string} content
 * @property {HTMLElement} article
 * @property {import('./files.js').Piece[]} files
 * @property {string} reply the message that is answered, or ""
 * @property {boolean} isAlso whether the channel of a thread gets a copy
 */

const TIMEOUT_MS = 20000;
/** The flag of a voice message. */
const VOICE = 1 << 13;
/** The kind of reply that is the message's fragment; a browser that asks for a page gets a redirect. */
const FRAGMENT = 'text/vnd.snug.fragment+html';

/** @type {Item[]} */
const queue = [];
let isSending = false;
let action = '';
let csrf = '';

/** @param {Item} item @returns {Promise<Response>} */
async function post(item) {
	const fields = new URLSearchParams({ csrf, nonce: item.nonce, content: item.content });
	if (item.reply) {
		fields.set('reply_to', item.reply);
	}
	if (item.isAlso) {
		fields.set('also_in_channel', '1');
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
		keepalive: true,
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
}

/** @param {Item} item */
function forget(item) {
	const at = queue.indexOf(item);
	if (at >= 0) {
		queue.splice(at, 1);
	}
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
	if (why) {
		/** @type {HTMLElement} */ (controls.querySelector('.message-failed-why')).textContent = why;
	}
	controls.querySelector('.retry')?.addEventListener('click', () => {
		again(item);
		if (!queue.includes(item)) {
			queue.push(item);
		}
		element('content').focus();
		void drain();
	});
	controls.querySelector('.discard')?.addEventListener('click', () => {
		forget(item);
		discard(article);
		element('content').focus();
		void drain();
	});
	article.append(controls);
}

/** @param {Item} item */
function again({ article }) {
	delete article.dataset.failed;
	article.dataset.pending = '';
	article.querySelector('.message-failed')?.remove();
}

/** @param {Response} reply */
async function reasonOf(reply) {
	const other = new DOMParser().parseFromString(await reply.text(), 'text/html');
	return other.getElementById('problem')?.textContent?.trim() ?? '';
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
		forget(item);
		return 0;
	}
	if (reply.status === 429) {
		return Math.min(60, Number(reply.headers.get('Retry-After')) || 1) * 1000;
	}
	const why = await reasonOf(reply).catch(() => '');
	if (reply.status === 404) {
		/* Posted before and deleted since: there is nothing left to send. */
		forget(item);
		discard(item.article);
		return 0;
	}
	fail(item, why);
	if (reply.status >= 500 || reply.type === 'opaqueredirect') {
		return -1;
	}
	forget(item);
	return 0;
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
			await new Promise((resolve) => setTimeout(resolve, wait));
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
	void drain();
}

/** Leaving the page would lose something: what failed, what waits behind another, and files, which take a while. */
function isAtRisk() {
	return queue.some(({ article, files }, at) => at > 0 || files.length > 0 || 'failed' in article.dataset);
}

/** @param {HTMLFormElement} form the composer */
export function start(form) {
	action = form.action;
	csrf = /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf')).value;
	window.addEventListener('beforeunload', (event) => {
		if (isAtRisk()) {
			event.preventDefault();
		}
	});
}
