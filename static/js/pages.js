/** Other loads of this room, fetched and put into this page: older messages, the present, and all anew after a gap. */
import { prepend, swap } from './list.js';
import { element, isLatest, room } from './room.js';
import { anchorId, isAtBottom, toBottom } from './scroll.js';
import { swap as swapSurroundings } from './sidebar.js';

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
	}
}

/** @param {Document} other @returns {string} the seq at which it was read */
function seqOf(other) {
	return other.getElementById('room')?.dataset.seq ?? '0';
}

/** Loads what the link leads to and puts it above. @param {HTMLAnchorElement} link */
async function older(link) {
	if (link.getAttribute('aria-busy') === 'true') {
		return;
	}
	link.setAttribute('aria-busy', 'true');
	try {
		const other = await load(link.href);
		const theirs = other.getElementById('list');
		if (theirs) {
			prepend(theirs, seqOf(other));
			takeEdge(other, 'above');
		}
	} catch {
		setTimeout(() => link.removeAttribute('aria-busy'), COOL_MS);
	}
}

/**
 * Loads the room anew: the present, or what stands around the message that the reader looks at.
 * Rejects when it cannot be had.
 * @param {boolean} [present] whether to go to the present in any case
 * @returns {Promise<string>} the seq at which it was read
 */
export async function reload(present = false) {
	const around = present || isAtBottom() ? '' : anchorId();
	const other = await load(around ? `${room.path}?around=${around}` : room.path);
	const main = other.getElementById('room');
	const theirs = other.getElementById('list');
	if (!main || !theirs) {
		throw new Error('not a page of this room');
	}
	room.main.toggleAttribute('data-latest', main.hasAttribute('data-latest'));
	swap(theirs, seqOf(other));
	takeEdge(other, 'above');
	takeEdge(other, 'below');
	element('present').hidden = main.hasAttribute('data-latest');
	swapSurroundings(other);
	return seqOf(other);
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

export function start() {
	room.history.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		if (link?.id === 'older' && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
			event.preventDefault();
			void older(link);
		}
	});
	/* A reader who nears the top need not press the link. */
	room.history.addEventListener('scroll', () => {
		const { scrollHeight, clientHeight, scrollTop } = room.history;
		const link = document.getElementById('older');
		if (scrollHeight - clientHeight - Math.abs(scrollTop) < NEAR_PX && link instanceof HTMLAnchorElement) {
			void older(link);
		}
	}, { passive: true });
	element('present').addEventListener('click', (event) => {
		event.preventDefault();
		toPresent().catch(() => location.assign(room.path));
	});
}
