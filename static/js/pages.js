/** Other loads of this room, fetched and put into this page: older messages, the present, and all anew after a gap. */
import { leaveFor } from './connection.js';
import { extend, prepend, swap } from './list.js';
import { ready } from './ready.js';
import { element, isLatest, room, setLatest } from './room.js';
import { anchorId, centre, isAtBottom, keepPlace, toBottom } from './scroll.js';

/** So near the top, in pixels, the next older messages are fetched. */
const NEAR_PX = 600;
/** After a failure the link waits before scrolling alone tries it again. */
const COOL_MS = 5000;

/**
 * @param {string} url
 * @returns {Promise<Document>} of a page of this room. Rejects on anything else.
 */
async function load(url) {
	const reply = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'manual' });
	if (!reply.ok) {
		throw new Error(`${url}: ${reply.status}`);
	}
	return new DOMParser().parseFromString(await reply.text(), 'text/html');
}

/**
 * What stands above the list, a link or the beginning, and what stands below it, become those of the other page.
 * @param {Document} other @param {'above' | 'below'} side
 */
function takeEdge(other, side) {
	const mine = element(side);
	const theirs = other.getElementById(side);
	if (theirs) {
		mine.replaceChildren(...[...theirs.childNodes].map((node) => document.importNode(node, true)));
		/* The message that a thread is about. */
		mine.querySelectorAll('article').forEach(ready);
	}
}

/** @param {Document} other @returns {string} the seq at which it was read */
function seqOf(other) {
	return other.getElementById('room')?.dataset.seq ?? '0';
}

/**
 * Loads what the link leads to and puts it beside what is here.
 * @param {HTMLAnchorElement} link @param {'above' | 'below'} side
 */
async function more(link, side) {
	if (link.getAttribute('aria-busy') === 'true') {
		return;
	}
	link.setAttribute('aria-busy', 'true');
	try {
		const other = await load(link.href);
		const theirs = other.getElementById('list');
		/* A link that is gone led on from a list that is another by now. */
		if (theirs && link.isConnected) {
			keepPlace(() => {
				/* First, as what came since that page was read belongs in the list if it ends at the present. */
				takeEdge(other, side);
				if (side === 'below') {
					takeLatest(other);
				}
				(side === 'above' ? prepend : extend)(theirs, seqOf(other));
			}, side === 'above');
		}
	} catch {
		setTimeout(() => link.removeAttribute('aria-busy'), COOL_MS);
	}
}

/** Whether the list ends at the present is so now as in the other load. @param {Document} other */
function takeLatest(other) {
	setLatest(other.getElementById('room')?.hasAttribute('data-latest') ?? false);
}

/**
 * Shows another load of this room. Rejects when it cannot be had.
 * @param {string} url @returns {Promise<string>} the seq at which it was read
 */
async function show(url) {
	/* Where they cannot be had, the messages are shown all the same. */
	const [other, surroundings] = await Promise.all([load(url), import('./surroundings.js').catch(() => null)]);
	const theirs = other.getElementById('list');
	if (!other.getElementById('room') || !theirs) {
		throw new Error('not a page of this room');
	}
	takeLatest(other);
	swap(theirs, seqOf(other));
	takeEdge(other, 'above');
	takeEdge(other, 'below');
	surroundings?.swap(other);
	return seqOf(other);
}

/**
 * Loads the room anew: the present, or what stands around the message that the reader looks at.
 * @param {boolean} [present] whether to go to the present in any case
 * @returns {Promise<string>} the seq at which it was read
 */
export function reload(present = false) {
	const around = present || isAtBottom() ? '' : anchorId();
	return show(around ? `${room.path}?around=${around}` : room.path);
}

/** Loads what stands around a message. @param {string} id */
export async function reveal(id) {
	await show(`${room.path}?around=${id}`);
}

/**
 * Goes to a message, loading what stands around it where it is not here. The address follows, so that a reload shows it.
 * @param {string} id @returns {Promise<boolean>} whether it is there
 */
export async function toMessage(id) {
	const address = `${room.path}?around=${id}`;
	if (!document.getElementById(`m-${id}`)) {
		await reveal(id);
	}
	const article = document.getElementById(`m-${id}`);
	if (article) {
		history.replaceState(null, '', `${address}#m-${id}`);
		centre(article);
	}
	return article !== null;
}

export async function toPresent() {
	if (isLatest()) {
		toBottom();
		return;
	}
	await reload(true);
	history.replaceState(null, '', room.path);
	toBottom();
}

/** The message of this room that a link leads to: "?around=" of its address. @param {HTMLAnchorElement} link */
function messageOf(link) {
	const url = new URL(link.href);
	return url.origin === location.origin && url.pathname === room.path ? (url.searchParams.get('around') ?? '') : '';
}

/** @param {MouseEvent} event */
function clicked(event) {
	const link = event.target instanceof Element ? event.target.closest('a') : null;
	if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
		return;
	}
	const id = messageOf(link);
	if (link.id === 'older' || link.id === 'newer') {
		event.preventDefault();
		void more(link, link.id === 'older' ? 'above' : 'below');
	} else if (id) {
		event.preventDefault();
		toMessage(id).then((isThere) => isThere || leaveFor(link.href), () => leaveFor(link.href));
	}
}

export function start() {
	room.history.addEventListener('click', clicked);
	/* A reader who nears an end need not press the link. */
	room.history.addEventListener('scroll', () => {
		const { scrollHeight, clientHeight, scrollTop } = room.history;
		const older = document.getElementById('older');
		const newer = document.getElementById('newer');
		if (scrollHeight - clientHeight - Math.abs(scrollTop) < NEAR_PX && older instanceof HTMLAnchorElement) {
			void more(older, 'above');
		}
		if (Math.abs(scrollTop) < NEAR_PX && newer instanceof HTMLAnchorElement) {
			void more(newer, 'below');
		}
	}, { passive: true });
	element('present').addEventListener('click', (event) => {
		event.preventDefault();
		toPresent().catch(() => leaveFor(room.path));
	});
	const named = /^#m-\d+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
	if (named && room.list.contains(named)) {
		centre(named);
		/* The browser itself goes to what the address names once more when all is loaded. */
		window.addEventListener('load', () => setTimeout(() => named.scrollIntoView({ block: 'center' })), { once: true });
	}
}
