/**
 * The draft of this room and the server's. Where nothing is written here that the server has not got, the field follows
 * what is written elsewhere. Where something is, the server refuses to have one put in the place of the other, and the
 * field gets both (unsaved.js). Loaded when the field is used, or something is written in this room elsewhere.
 */
import { changed, draft, isUnsaved, keepHere, saveLater, written } from './draft.js';
import { compareIds, FRAGMENT, fragment, room } from './room.js';

const TIMEOUT_MS = 20000;
const LOGOUT_MS = 3000;
/** So many answers may be late before the oldest is given up. */
const UNHEARD_MAX = 5;

/** The newest revision that was heard of, and the newest that this page has looked at. */
let latest = '';
let seen = draft.stored.revision;
let isStale = false;
/** @type {Promise<void> | null} */
let saving = null;

/** Puts another text into the field. Who writes goes on where they were. @param {string} text */
function show(text) {
	const field = /** @type {HTMLTextAreaElement} */ (draft.field);
	const { value, selectionStart, selectionEnd } = field;
	if (value === text) {
		return;
	}
	const shift = text.endsWith(value) ? text.length - value.length : 0;
	field.value = text;
	if (document.activeElement === field) {
		field.setSelectionRange(selectionStart + shift, selectionEnd + shift);
	}
	field.dispatchEvent(new Event('input'));
}

/** @param {string} base @param {string} theirs @param {string} [mine] */
async function showBoth(base, theirs, mine) {
	const { merge } = await import('./unsaved.js');
	show(merge(base, theirs, mine ?? draft.field?.value ?? ''));
}

/** @param {string | null} content null: asks what there is */
function ask(content) {
	/** @type {RequestInit} */
	const request = { headers: { Accept: FRAGMENT }, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) };
	if (content !== null) {
		const { csrf, nonce, stored } = draft;
		draft.unheard = [...draft.unheard.filter((text) => text !== content), content].slice(-UNHEARD_MAX);
		keepHere();
		request.method = 'POST';
		request.body = new URLSearchParams({ csrf, content, nonce, draft_revision: stored.revision });
		/* Whoever goes on to another page has saved it all the same. */
		request.keepalive = true;
	}
	return fetch(`${room.path}/draft`, request);
}

/** @param {string | null} sent @param {boolean} isTaken @param {{revision: string, text: string}} theirs */
async function settle(sent, isTaken, theirs) {
	if (sent !== null && isTaken) {
		draft.stored = { ...theirs, text: sent };
	} else if (sent !== null && draft.unheard.includes(theirs.text)) {
		draft.stored = theirs;
	} else if (sent !== null) {
		const base = draft.stored.text;
		await showBoth(base, theirs.text);
		draft.stored = theirs;
	} else if (written() === draft.stored.text) {
		draft.stored = theirs;
		show(theirs.text);
	}
}

function isBehind() {
	return isStale || compareIds(latest, seen) > 0;
}

/** Saves what is written, once: whoever goes on writing meanwhile is saved when they pause. */
async function exchange() {
	for (let isFirst = true; isBehind() || (isFirst && isUnsaved());) {
		const sent = isUnsaved() ? written() : null;
		const newest = sent === null ? latest : '';
		const reply = await ask(sent);
		const theirs = reply.ok || reply.status === 409 ? fragment(await reply.text()) : null;
		if (theirs instanceof HTMLTextAreaElement) {
			const revision = theirs.dataset.revision ?? '';
			await settle(sent, reply.ok, { revision, text: theirs.value });
			draft.unheard = sent === null ? draft.unheard : [];
			[seen] = [seen, newest, revision].sort((a, b) => compareIds(b, a));
			isStale = false;
			isFirst = !reply.ok;
		} else if (reply.status === 429 || reply.status >= 500) {
			throw new Error(String(reply.status));
		} else {
			draft.refused = sent;
			draft.unheard = [];
			return;
		}
	}
}

export function save() {
	saving ??= exchange().then(
		() => {
			saving = null;
			keepHere();
			if (isUnsaved()) {
				changed();
			}
		},
		() => {
			saving = null;
			saveLater();
		},
	);
	return saving;
}

/** @param {string} revision @param {boolean} isDeleted */
export function heard(revision, isDeleted) {
	if (compareIds(revision, latest) <= 0 || compareIds(revision, seen) <= 0) {
		return;
	}
	latest = revision;
	if (isDeleted && !saving) {
		const isShown = written() === draft.stored.text;
		seen = revision;
		draft.stored = { revision: '', text: '' };
		draft.unheard = [];
		if (isShown) {
			show('');
		}
		changed();
	} else {
		void save();
	}
}

export function lookAnew() {
	isStale = true;
	void save();
}

/** @param {{text: string, base: {revision: string, text: string}, unheard: string[]}} kept in this browser */
export async function bringBack(kept) {
	const { stored, field } = draft;
	const isOurs = kept.base.revision === stored.revision || kept.unheard.includes(stored.text);
	const base = isOurs ? stored.text : kept.base.text;
	const mine = field?.value ?? '';
	draft.unheard = kept.unheard;
	if (isOurs && mine === base) {
		show(kept.text);
	} else {
		await showBoth(base, mine, kept.text);
	}
}

/** @param {string} mark @param {string} key */
export async function saveOthers(mark, key) {
	if (Object.keys(localStorage).some((other) => other.startsWith(mark) && other !== key)) {
		const module = await import('./unsaved.js');
		await module.saveOthers(mark, key);
	}
}

/** Whoever uses this browser next finds nothing of it. @param {string} mark @param {HTMLFormElement} form */
export async function logOut(mark, form) {
	await Promise.race([save().then(save), new Promise((resolve) => setTimeout(resolve, LOGOUT_MS))]);
	draft.isOver = true;
	try {
		Object.keys(localStorage).filter((key) => key.startsWith(mark)).forEach((key) => localStorage.removeItem(key));
		sessionStorage.clear();
	} catch {
		/* A browser that keeps nothing. */
	}
	form.submit();
}
