/**
 * Blocks of code: a button that copies, and colours by highlight.js, which the server takes from where it is installed.
 * It runs in a worker of its own that is ended when it takes too long: whatever somebody posts as code stops no page. Of
 * its answer only the names of classes are taken.
 */
import { copyBy } from './clipboard.js';
import { blank } from './room.js';

/** Longer code stays as it is. */
const MOST = 20000;
const PATIENCE_MS = 2000;
/** So many times the worker may be too slow before it is asked no more. */
const TRIES = 3;

/** @type {Worker | null} */
let worker = null;
let failures = 0;
let count = 0;
/** @type {Map<number, (html: string | null) => void>} */
const waiting = new Map();

function giveUp() {
	failures += 1;
	worker?.terminate();
	worker = null;
	waiting.forEach((answer) => answer(null));
	waiting.clear();
}

/** @returns {Worker} */
function theWorker() {
	if (!worker) {
		worker = new Worker(new URL('highlight.js', import.meta.url));
		worker.addEventListener('error', giveUp);
		worker.addEventListener('message', ({ data }) => {
			waiting.get(data.id)?.(data.html);
			waiting.delete(data.id);
		});
	}
	return worker;
}

/** @param {string} language @param {string} text @returns {Promise<string | null>} */
function highlight(language, text) {
	if (failures >= TRIES || text.length > MOST) {
		return Promise.resolve(null);
	}
	return new Promise((resolve) => {
		const id = count++;
		const timer = setTimeout(giveUp, PATIENCE_MS + (worker ? 0 : 10 * PATIENCE_MS));
		waiting.set(id, (html) => {
			clearTimeout(timer);
			resolve(html);
		});
		theWorker().postMessage({ id, language, text });
	});
}

/** @type {Record<string, string>} */
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': '\'', '#39': '\'' };

/** @param {string} html of highlight.js: text and spans with classes @returns {DocumentFragment} */
function nodesOf(html) {
	const root = document.createDocumentFragment();
	/** @type {(DocumentFragment | HTMLElement)[]} */
	const open = [root];
	for (const piece of html.split(/(<span class="[\w\- ]*">|<\/span>)/)) {
		const start = /^<span class="([\w\- ]*)">$/.exec(piece);
		const top = open[open.length - 1];
		if (start) {
			const span = document.createElement('span');
			span.className = start[1];
			top.append(span);
			open.push(span);
		} else if (piece === '</span>') {
			if (open.length > 1) {
				open.pop();
			}
		} else {
			top.append(piece.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => entities[name]));
		}
	}
	return root;
}

/** @param {HTMLElement} code */
async function colour(code) {
	const language = /(?:^| )language-(\S+)/.exec(code.className)?.[1];
	const text = code.textContent ?? '';
	/* What a spoiler hides in it stays in its box. */
	const html = language && !code.querySelector('.spoiler') ? await highlight(language, text) : null;
	const nodes = html === null ? null : nodesOf(html);
	/* Colours only: the text is the one that was posted. */
	if (nodes && nodes.textContent === text) {
		code.replaceChildren(nodes);
	}
}

/** @param {HTMLElement} block */
function addButton(block) {
	const button = blank('copy-code-blank');
	button.addEventListener('click', () => {
		const code = block.querySelector('code');
		void copyBy(button, code?.textContent ?? '', code);
	});
	block.append(button);
}

/** @param {HTMLElement} within an element with texts */
export function ready(within) {
	for (const code of within.querySelectorAll('.content pre > code')) {
		const block = /** @type {HTMLElement} */ (code.parentElement);
		if (!block.querySelector('.copy-code')) {
			if (document.getElementById('copy-code-blank')) {
				addButton(block);
			}
			void colour(/** @type {HTMLElement} */ (code));
		}
	}
}
