/** Drafts that the server has not got as they are here: loaded when there are such. */
import { draft } from './draft.js';
import { FRAGMENT, fragment, room } from './room.js';

const TRIES = 3;

/**
 * Both of two texts that were made from one, where that is not one of them. What they begin and end with alike stands once;
 * of what is between, the longer where it begins or ends with the other, else the other's and then one's own.
 * @param {string} base @param {string} theirs @param {string} mine
 */
export function merge(base, theirs, mine) {
	if (theirs === base || mine === base) {
		return theirs === base ? mine : theirs;
	}
	const texts = [base, theirs, mine].map((text) => text.split(/(\s+)/));
	const [words, , own] = texts;
	const shortest = Math.min(...texts.map(({ length }) => length));
	let start = 0;
	while (start < shortest && texts.every((each) => each[start] === words[start])) {
		start++;
	}
	let end = 0;
	while (end < shortest - start && texts.every((each) => each.at(-1 - end) === words.at(-1 - end))) {
		end++;
	}
	const [, a, b] = texts.map((each) => each.slice(start, each.length - end).join(''));
	const [longer, shorter] = a.length > b.length ? [a, b] : [b, a];
	const isIn = longer.startsWith(shorter) || longer.endsWith(shorter);
	return own.slice(0, start).join('') + (isIn ? longer : `${a}\n\n${b}`) + own.slice(own.length - end).join('');
}

/** @param {string} key */
async function saveOne(key) {
	let { text, base, unheard, path } = JSON.parse(localStorage.getItem(key) ?? 'null');
	for (let i = 0; i < TRIES; i++) {
		const body = new URLSearchParams({ csrf: draft.csrf, content: text, draft_revision: base.revision });
		const reply = await fetch(`${path}/draft`, { method: 'POST', headers: { Accept: FRAGMENT }, redirect: 'manual', body });
		if (reply.ok) {
			localStorage.removeItem(key);
		}
		const theirs = reply.status === 409 ? fragment(await reply.text()) : null;
		if (!(theirs instanceof HTMLTextAreaElement)) {
			return;
		}
		text = unheard.includes(theirs.value) ? text : merge(base.text, theirs.value, text);
		unheard = [];
		base = { revision: theirs.dataset.revision ?? '', text: theirs.value };
	}
}

/**
 * Saves what was written in other rooms when they were left without a line, and throws away what somebody else did who
 * used this browser.
 * @param {string} mark that the keys of all drafts begin with @param {string} key of this room's
 */
export async function saveOthers(mark, key) {
	for (const other of Object.keys(localStorage).filter((each) => each.startsWith(mark) && each !== key)) {
		if (other.startsWith(`${mark}${room.user} `)) {
			await saveOne(other);
		} else {
			localStorage.removeItem(other);
		}
	}
}
