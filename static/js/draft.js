/**
 * What is written and not sent yet. The server keeps it, the same for all devices of its writer (draft_sync.js, loaded when
 * the field is used); what the server does not have yet is kept in this browser, against a crash and for while there is no line.
 * Messages on their way take their draft with them, so nothing is saved before it is known whether they went; the words of
 * those that did not are part of the draft.
 */
import * as outbox from './outbox.js';
import { room } from './room.js';

const MARK = 'draft ';
const KEY = `${MARK}${room.user} ${room.channel}`;
/** After the last key; and while somebody writes on and on. */
const WAIT_MS = 700;
const LONGEST_WAIT_MS = 3000;
/** After the field is left, which a press of the button that sends does too. */
const LEFT_MS = 150;
const RETRY_MS = 5000;

/** @typedef {{text: string, revision?: string, nonce?: string}} Taken what was submitted, and the draft that it was */

export const draft = {
	/** @type {HTMLTextAreaElement | null} */
	field: null,
	csrf: '',
	/** What the server has, as far as is known here: what the next change is made from. */
	stored: { revision: '', text: '' },
	/** By it the server knows what this page has saved, before this page knows the revision. */
	nonce: outbox.newNonce(),
	/** What was sent to it and not answered yet: whatever of it is found there is this writer's own. @type {string[]} */
	unheard: [],
	/** What the server does not take. @type {string | null} */
	refused: null,
	/** Nothing is kept in this browser any more. */
	isOver: false,
};
/** Submitted, and not in the outbox yet. @type {Set<Taken>} */
const taken = new Set();
/** @type {typeof import('./draft_sync.js') | null} */
let sync = null;
let isKept = false;
let since = 0;
/** @type {number | undefined} */
let timer;

export function written() {
	return [...outbox.left(), ...[...taken].map(({ text }) => text), draft.field?.value ?? ''].filter((text) => text !== '').join('\n\n');
}

export function isUnsaved() {
	return taken.size === 0 && !outbox.isBusy() && ![draft.stored.text, draft.refused].includes(written());
}

/** That a field was emptied is kept as well: the server may have got what stood there. */
export function keepHere() {
	const text = written();
	const { stored, unheard, isOver } = draft;
	try {
		if ([stored.text, ...unheard].some((other) => other !== text) && !isOver) {
			localStorage.setItem(KEY, JSON.stringify({ text, base: stored, unheard, path: room.path }));
			isKept = true;
		} else if (isKept) {
			localStorage.removeItem(KEY);
			isKept = false;
		}
	} catch {
		/* A browser that keeps nothing: the server does, a moment later. */
	}
}

/** @param {(module: typeof import('./draft_sync.js')) => void} use @param {() => void} fail */
function withSync(use, fail) {
	if (sync) {
		use(sync);
		return;
	}
	import('./draft_sync.js').then((module) => {
		sync = module;
		use(module);
	}).catch(fail);
}

export function saveLater() {
	clearTimeout(timer);
	timer = setTimeout(save, RETRY_MS);
}

function save() {
	clearTimeout(timer);
	since = 0;
	if (isUnsaved()) {
		withSync((module) => void module.save(), saveLater);
	}
}

/** @param {number} wait */
function soon(wait) {
	const now = Date.now();
	keepHere();
	since ||= now;
	clearTimeout(timer);
	timer = setTimeout(save, Math.min(wait, since + LONGEST_WAIT_MS - now));
}

/** Something was written, or what is on its way has changed. */
export function changed() {
	soon(WAIT_MS);
}

/** An event has told of the draft of this room. @param {string} revision @param {boolean} isDeleted */
export function heard(revision, isDeleted) {
	if (draft.field) {
		withSync((module) => module.heard(revision, isDeleted), () => {});
	}
}

/** Another rendering of this room has the draft of this revision; "" is none. @param {string} revision */
export function check(revision) {
	if (draft.field && revision !== draft.stored.revision) {
		withSync((module) => module.lookAnew(), () => {});
	}
}

/** What is in the field is submitted: the draft that it was goes with it. @param {string} text @returns {Taken} */
export function take(text) {
	const { stored, nonce } = draft;
	const one = outbox.left().length > 0 ? { text } : { text, revision: stored.revision, nonce };
	draft.nonce = outbox.newNonce();
	taken.add(one);
	return one;
}

/** It is in the outbox now. @param {Taken} one */
export function handOver(one) {
	taken.delete(one);
	keepHere();
}

/**
 * What this browser has kept, which the server may have heard of or not. It is kept until it is in sight again.
 * @param {typeof import('./draft_sync.js')} module @param {string | null} kept of this room
 */
async function bringBack(module, kept) {
	if (kept) {
		await module.bringBack(JSON.parse(kept));
		isKept = true;
	}
	changed();
	await module.saveOthers(MARK, KEY);
}

/** @param {HTMLFormElement} form the composer @param {HTMLTextAreaElement} area */
export function start(form, area) {
	const revision = /** @type {HTMLInputElement} */ (form.elements.namedItem('draft_revision')).value;
	draft.field = area;
	draft.csrf = /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf')).value;
	draft.stored = { revision, text: revision ? area.defaultValue : '' };
	try {
		const kept = localStorage.getItem(KEY);
		if (Object.keys(localStorage).some((key) => key.startsWith(MARK))) {
			withSync((module) => void bringBack(module, kept), () => {});
		}
	} catch {
		/* A browser that keeps nothing. */
	}
	if (isUnsaved()) {
		changed(); /* somebody has written before this ran */
	}
	/* It is there when the page is left, be it with the first word. */
	area.addEventListener('focus', () => withSync(() => {}, () => {}), { once: true });
	area.addEventListener('input', changed);
	area.addEventListener('blur', () => soon(LEFT_MS));
	document.addEventListener('visibilitychange', save);
	window.addEventListener('pagehide', () => {
		keepHere();
		save();
	});
	window.addEventListener('pageshow', ({ persisted }) => persisted && changed());
	document.addEventListener('submit', (event) => {
		const leaving = /** @type {HTMLFormElement} */ (event.target);
		if (leaving.getAttribute('action') === '/logout') {
			event.preventDefault();
			withSync((module) => void module.logOut(MARK, leaving), () => leaving.submit());
		}
	});
	form.querySelector('.send-later')?.addEventListener('click', () => {
		const { stored, nonce } = draft;
		if (area.value !== '') {
			const later = { key: KEY, path: room.path, text: area.value, revision: stored.revision, nonce };
			sessionStorage.setItem('send later', JSON.stringify(later));
		}
	});
}
