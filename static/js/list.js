/**
 * The list of messages: one place that puts the server's fragments in, replaces and removes them.
 * Invariants: each id stands there once; messages are in the order of their ids; what is not sent yet comes last; each day
 * begins with its name, and runs by one author are marked.
 */
import { announce } from './announce.js';
import { ready } from './ready.js';
import * as reply from './reply.js';
import { blank, compareIds, element, fragment, fragments, isLatest, quotesOf, room, setLatest } from './room.js';
import { addUnseen, anchorId, keepPlace } from './scroll.js';
import { dayOf, isRun, nameDay } from './time.js';

/** Of more messages than this those go that are farther from the reader's eye, and a link leads back to them. */
const MOST = 300;
/** So many beside the one that the reader looks at stay in any case. */
const NEAR = 50;
/** Ids of messages seen deleted, so that a late reply does not bring one back. */
const deleted = new Set();
/**
 * The latest events: another load of the room was read at some seq, and what came since is applied to it again.
 * @typedef {{type: string, seq: string, html: string}} Change
 * @type {Change[]}
 */
let recent = [];
const RECENT = 500;
/** What comes to messages that stand here already; loaded with the first event of that kind. @type {typeof import('./changes.js') | null} */
let changing = null;
/** Events that this module applies by itself. */
const OWN = ['MESSAGE_CREATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK'];

/** @returns {HTMLElement[]} */
export function articles() {
	return [...room.list.querySelectorAll('article')];
}

/** @param {string} nonce */
export function pending(nonce) {
	return articles().find((article) => !article.dataset.id && article.dataset.nonce === nonce) ?? null;
}

/** Sets days and runs anew; touches only what differs. */
function tidy() {
	/** @type {HTMLElement | null} */
	let previous = null;
	for (const child of [...room.list.children]) {
		if (!(child instanceof HTMLElement)) {
			continue;
		}
		if (child.classList.contains('unread-line')) {
			continue;
		}
		if (child.classList.contains('day')) {
			const next = child.nextElementSibling;
			const isRight = next instanceof HTMLElement && next.matches('article') && dayOf(next) === child.dataset.day &&
				'local' in child.dataset && (!previous || dayOf(previous) !== child.dataset.day);
			if (!isRight) {
				child.remove();
			}
			continue;
		}
		const startsDay = !previous || dayOf(previous) !== dayOf(child);
		if (startsDay && !child.previousElementSibling?.matches('.day')) {
			const day = blank('day-blank');
			day.dataset.local = '';
			nameDay(day, child);
			child.before(day);
		}
		child.toggleAttribute('data-continued', !startsDay && previous !== null && isRun(child, previous));
		previous = child;
	}
}

/** The oldest loaded id; messages before it are behind the link. */
function oldestId() {
	return articles().find((article) => article.dataset.id)?.dataset.id ?? '';
}

/** @param {HTMLElement} article */
function insert(article) {
	const id = article.dataset.id ?? '';
	let after = room.list.lastElementChild;
	while (after instanceof HTMLElement) {
		const other = after.dataset.id;
		if (other && after.matches('article') && compareIds(other, id) < 0) {
			break;
		}
		after = after.previousElementSibling;
	}
	if (after) {
		after.after(article);
	} else {
		room.list.prepend(article);
	}
}

/** @param {HTMLElement} article a message that was just made @returns {boolean} whether it is new to the list */
function create(article) {
	const id = article.dataset.id ?? '';
	if (!id || deleted.has(id) || room.list.contains(document.getElementById(article.id))) {
		return false;
	}
	const waiting = article.dataset.author === room.user && article.dataset.nonce ? pending(article.dataset.nonce) : null;
	waiting?.remove();
	if (!isLatest()) {
		return true;
	}
	const hasOlder = document.getElementById('older') !== null;
	if (hasOlder && oldestId() && compareIds(id, oldestId()) < 0) {
		return false;
	}
	insert(ready(article));
	if (!waiting && article.dataset.author !== room.user) {
		announce(article);
	}
	return !waiting;
}

/** Answers no longer quote what is gone. @param {string} id */
function forgetQuoted(id) {
	quotesOf(id).forEach((quote) => quote.replaceChildren(blank('quote-gone-blank')));
	reply.forget(id);
}

/** @param {string} id */
function remove(id) {
	deleted.add(id);
	if (deleted.size > 500) {
		deleted.delete(deleted.values().next().value);
	}
	const article = document.getElementById(`m-${id}`);
	if (article?.contains(document.activeElement)) {
		const all = articles();
		const at = all.indexOf(article);
		(all[at + 1] ?? all[at - 1] ?? room.history).focus({ preventScroll: true });
	}
	article?.remove();
	forgetQuoted(id);
}

/** A link goes on from the message at that end of the list. @param {'above' | 'below'} side @param {HTMLElement} last */
function leadOn(side, last) {
	const [name, order] = side === 'above' ? ['older', 'before'] : ['newer', 'after'];
	const line = blank(`${name}-blank`);
	const link = /** @type {HTMLAnchorElement} */ (line.querySelector('a'));
	link.id = name;
	link.search = `?${order}=${last.dataset.id}`;
	element(side).replaceChildren(line);
}

/** Takes away what is too many, but never what is not sent yet. */
function bound() {
	const sent = articles().filter((article) => article.dataset.id);
	if (sent.length <= MOST) {
		return;
	}
	const seen = anchorId();
	const eye = Math.max(0, sent.findIndex((article) => article.dataset.id === seen));
	const below = sent.length - 1 - eye;
	const excess = Math.min(sent.length - MOST, Math.max(eye, below) - NEAR);
	if (excess <= 0) {
		return;
	}
	const isAbove = eye >= below;
	const last = isAbove ? sent[excess] : sent[sent.length - 1 - excess];
	const gone = isAbove ? sent.slice(0, excess) : sent.slice(-excess);
	gone.forEach((article) => {
		/* The line stands above the first that was unread, and goes with it. */
		if (article.previousElementSibling?.id === 'unread') {
			article.previousElementSibling.remove();
		}
		article.remove();
	});
	leadOn(isAbove ? 'above' : 'below', last);
	if (!isAbove) {
		setLatest(false);
	}
}

/** @param {Change[]} changes in order @returns {number} how many messages are new to the list */
function applyEach(changes) {
	let count = 0;
	for (const { type, html } of changes) {
		if (type === 'MESSAGE_CREATE') {
			const article = fragment(html);
			count += article && create(article) ? 1 : 0;
		} else if (OWN.includes(type)) {
			fragments(html).forEach((gone) => remove(gone.dataset.id ?? ''));
		} else {
			changing?.apply(type, html);
		}
	}
	return count;
}

/** Whether all that it takes to apply these is here; if not, load() brings it. @param {Change[]} changes */
export function canApply(changes) {
	return changing !== null || changes.every(({ type }) => OWN.includes(type));
}

/** Rejects where it cannot be had: no line, or a server of another version. */
export async function load() {
	changing = await import('./changes.js');
}

/** Applies events in order, in one change of the page. @param {Change[]} changes that can be applied */
export function apply(changes) {
	recent = recent.concat(changes).slice(-RECENT);
	let count = 0;
	keepPlace(() => {
		count = applyEach(changes);
		bound();
		tidy();
	});
	addUnseen(count);
}

/** @param {string} seq where another load was read */
function applySince(seq) {
	applyEach(recent.filter((change) => compareIds(change.seq, seq) > 0));
}

/** Puts in the server's reply to a post, unless its event was here first. @param {string} html */
export function settle(html) {
	const article = fragment(html);
	const id = article?.dataset.id;
	if (!article || !id) {
		return;
	}
	keepPlace(() => {
		const waiting = pending(article.dataset.nonce ?? '');
		if (document.getElementById(`m-${id}`) || deleted.has(id) || !isLatest()) {
			waiting?.remove();
		} else {
			insert(ready(article));
			waiting?.remove();
		}
		tidy();
	});
}

/** Appends a message that is not sent yet. @param {HTMLElement} article */
export function append(article) {
	room.list.append(ready(article));
	tidy();
}

/** @param {HTMLElement} article */
export function discard(article) {
	keepPlace(() => {
		article.remove();
		tidy();
	});
}

/**
 * Puts messages of an older page above those that are here.
 * @param {Element} other the list of that page @param {string} seq where it was read
 */
export function prepend(other, seq) {
	keepPlace(() => {
		const known = new Set(articles().map((article) => article.id));
		const older = [...other.querySelectorAll('article')].filter((article) => !known.has(article.id));
		room.list.prepend(...older.map((article) => ready(/** @type {HTMLElement} */ (document.importNode(article, true)))));
		applySince(seq);
		bound();
		tidy();
	});
}

/**
 * Puts messages of a newer page below those that are here.
 * @param {Element} other the list of that page @param {string} seq where it was read
 */
export function extend(other, seq) {
	keepPlace(() => {
		for (const article of other.querySelectorAll('article')) {
			if (!document.getElementById(article.id)) {
				insert(ready(/** @type {HTMLElement} */ (document.importNode(article, true))));
			}
		}
		applySince(seq);
		bound();
		tidy();
	}, false);
}

/** A message that is being edited is so in its new rendering too: edit.js. @param {Element} old @param {HTMLElement} article */
export function carryEdit(old, article) {
	const form = old.querySelector('.message-edit');
	if (form) {
		article.dataset.editing = '';
		article.querySelector('.message-text')?.after(form);
	}
}

/**
 * Replaces all but what is not sent yet by the list of another load of this room.
 * @param {Element} other @param {string} seq where it was read
 */
export function swap(other, seq) {
	keepPlace(() => {
		const unsent = articles().filter((article) => !article.dataset.id);
		const loaded = [...other.querySelectorAll('article')].map((article) =>
			ready(/** @type {HTMLElement} */ (document.importNode(article, true))));
		const active = document.activeElement;
		loaded.forEach((article) => {
			const old = document.getElementById(article.id);
			if (old) {
				carryEdit(old, article);
			}
		});
		const arrived = new Set(loaded.filter((article) => 'mine' in article.dataset).map((article) => article.dataset.nonce));
		room.list.replaceChildren(...loaded, ...unsent.filter((article) => !arrived.has(article.dataset.nonce)));
		applySince(seq);
		tidy();
		if (active instanceof HTMLElement && active.isConnected) {
			active.focus({ preventScroll: true });
		}
	});
}

export function start() {
	document.querySelectorAll('#above article').forEach((article) => ready(/** @type {HTMLElement} */ (article)));
	articles().forEach(ready);
	keepPlace(tidy);
}
