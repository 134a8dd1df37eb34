/**
 * What surrounds the conversation: sidebar, head, and whether one may write. The server renders it for this reader; when
 * an event says that something of it may have changed, it is fetched anew and put in. Focus, scroll and what is open stay.
 */
import * as compose from './compose.js';
import { connection } from './connection.js';
import * as draft from './draft.js';
import { nameMoments } from './moments.js';
import { blank, element, fragment, room } from './room.js';
import { markMine } from './text.js';
import { take as takeUnread } from './unread.js';

/** Changes come in bursts, and to every open page of a workspace at once: wait a little, each page another while. */
const WAIT_MS = 200;
const SPREAD_MS = 400;
/** After a failure, doubled each time. */
const RETRY_MS = 3000;
const TRIES = 5;

/** @type {number | undefined} */
let timer;
let isFetching = false;
let failures = 0;
let isGone = false;
/** Called once when the conversation is no longer this reader's. */
let onGone = () => {};

/** What leads back to the element that has the focus, in another rendering. @param {Element} element */
function pathOf(element) {
	if (element.id) {
		return `#${CSS.escape(element.id)}`;
	}
	const details = element.closest('details');
	if (element.matches('summary') && details?.id) {
		return `#${CSS.escape(details.id)} > summary`;
	}
	const href = element.getAttribute('href');
	return href ? `a[href="${CSS.escape(href)}"]` : '';
}

/**
 * Puts the children of one rendering in the place of another's. The element itself stays, so that a drawer that is open
 * by its address stays open.
 * @param {Document} other @param {string} id
 */
function swapPart(other, id) {
	const mine = element(id);
	const theirs = other.getElementById(id);
	if (!theirs) {
		return;
	}
	/* Tokens are masked anew in each rendering; ours are as good. */
	const token = document.querySelector('input[name="csrf"]')?.getAttribute('value') ?? '';
	theirs.querySelectorAll('input[name="csrf"]').forEach((input) => input.setAttribute('value', token));
	for (const details of theirs.querySelectorAll('details[id]')) {
		const own = document.getElementById(details.id);
		if (own?.hasAttribute('open')) {
			details.setAttribute('open', '');
		}
	}
	if (mine.innerHTML === theirs.innerHTML) {
		return;
	}
	const active = document.activeElement;
	const focus = active && mine.contains(active) ? pathOf(active) : '';
	const scrolled = mine.querySelector('#sidebar-body')?.scrollTop ?? 0;
	const typed = /** @type {HTMLInputElement | null} */ (mine.querySelector('#search'))?.value;
	mine.replaceChildren(...[...theirs.childNodes].map((node) => document.importNode(node, true)));
	const search = /** @type {HTMLInputElement | null} */ (mine.querySelector('#search'));
	if (search && typed) {
		search.value = typed;
	}
	const body = mine.querySelector('#sidebar-body');
	if (body) {
		body.scrollTop = scrolled;
	}
	if (focus) {
		/** @type {HTMLElement | null} */ (mine.querySelector(focus))?.focus({ preventScroll: true });
	}
}

/** What was being written stands in the place of a composer that may no longer be used, until it may. @param {boolean} isUsable */
function useComposer(isUsable) {
	const composer = document.getElementById('composer');
	const written = composer?.querySelector('textarea')?.value ?? '';
	document.querySelector('#room-foot > .unsent')?.remove();
	if (composer) {
		composer.hidden = !isUsable;
	}
	if (!isUsable && written.trim() !== '') {
		const kept = blank('unsent-blank');
		/** @type {HTMLTextAreaElement} */ (kept.querySelector('textarea')).value = written;
		element('room-foot').append(kept);
	}
}

/** @param {Document} other */
function swapComposer(other) {
	const mine = document.getElementById('composer');
	const theirs = other.getElementById('composer');
	if (mine?.hidden !== !theirs) {
		useComposer(theirs !== null);
	}
	if (!theirs) {
		return;
	}
	if (!mine) {
		const composer = /** @type {HTMLFormElement} */ (document.importNode(theirs, true));
		element('room-foot').append(composer);
		compose.start(composer);
		return;
	}
	draft.check(theirs.querySelector('input[name="draft_revision"]')?.getAttribute('value') ?? '');
	const field = mine.querySelector('textarea');
	const placeholder = theirs.querySelector('textarea')?.getAttribute('placeholder') ?? '';
	if (field && field.placeholder !== placeholder) {
		field.placeholder = placeholder;
	}
}

/** Takes what surrounds the conversation from another rendering of it. @param {Document} other */
export function swap(other) {
	const head = other.getElementById('room-head');
	if (!head) {
		return;
	}
	nameMoments(other);
	swapPart(other, 'sidebar');
	swapPart(other, 'room-head');
	swapPart(other, 'room-state');
	swapComposer(other);
	const mine = element('room-head');
	for (const name of ['title', 'unreadSeq', 'targets', 'blocked']) {
		mine.dataset[name] = head.dataset[name];
	}
	takeUnread();
	markMine(room.list);
	room.main.toggleAttribute('data-moderates', 'moderates' in head.dataset);
}

async function end() {
	isGone = true;
	onGone();
	try {
		(await import('./gone.js')).show(() => useComposer(false));
	} catch {
		location.assign('/');
	}
}

async function refresh() {
	if (isFetching || isGone) {
		return;
	}
	isFetching = true;
	try {
		const reply = await fetch(`${room.path}/sidebar`, { headers: { Accept: 'text/html' }, redirect: 'manual' });
		if (reply.ok) {
			swap(new DOMParser().parseFromString(await reply.text(), 'text/html'));
			failures = 0;
		} else if (reply.type === 'opaqueredirect') {
			connection.refused();
		} else if (reply.status === 404 || reply.status === 403) {
			void end();
		} else {
			throw new Error(String(reply.status));
		}
	} catch {
		if (++failures < TRIES) {
			schedule(RETRY_MS * 2 ** failures);
		}
	} finally {
		isFetching = false;
	}
}

/** @param {number} [wait] */
function schedule(wait = WAIT_MS) {
	clearTimeout(timer);
	timer = setTimeout(() => (isFetching ? schedule(wait) : void refresh()), wait + Math.random() * SPREAD_MS);
}

/** Asks for all of it anew, when what is known here is not enough to tell. */
export function refreshSoon() {
	failures = 0;
	schedule();
}

/** An event that is of interest here. @param {string} type @param {string} html names whom and what it is about */
export function changed(type, html) {
	const about = fragment(html)?.dataset;
	const isAnothers = about?.user && about.user !== room.user;
	if (isAnothers && about.channel !== room.channel && !type.startsWith('CHANNEL_RECIPIENT_')) {
		return;
	}
	failures = 0;
	schedule();
}

/** A menu closes when something else is pressed, or by Esc. @param {Event} event */
function closeMenu(event) {
	const menu = document.getElementById('switcher');
	if (!menu?.hasAttribute('open') || (event.type === 'click' && menu.contains(/** @type {Node} */ (event.target)))) {
		return;
	}
	if (event instanceof KeyboardEvent) {
		if (event.key !== 'Escape') {
			return;
		}
		menu.querySelector('summary')?.focus();
	}
	menu.removeAttribute('open');
}

/** @param {() => void} whenGone called once when the conversation is no longer this reader's */
export function start(whenGone) {
	onGone = whenGone;
	document.addEventListener('click', closeMenu);
	document.addEventListener('keydown', closeMenu);
}
