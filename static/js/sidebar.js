/**
 * What surrounds the conversation: sidebar, head, and whether one may write. The server renders it for this reader; when
 * an event says that something of it may have changed, it is fetched anew and put in: surroundings.js.
 */
import { connection } from './connection.js';
import { fragment, room } from './room.js';

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

async function end() {
	isGone = true;
	onGone();
	try {
		(await import('./gone.js')).show();
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
			const { swap } = await import('./surroundings.js');
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
