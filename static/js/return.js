/**
 * Where the reader was in this room, kept for this tab: they are there again after a reload, by the back button, and from
 * another room. What the address names comes first, and for who comes anew what is unread.
 */
import { reveal } from './pages.js';
import { room } from './room.js';
import { place, returnTo } from './scroll.js';

const KEY = `place ${room.user} ${room.channel}`;

function keep() {
	if (location.search !== '') {
		/* Somebody has looked something up here: the address leads there. */
		return;
	}
	const where = place();
	try {
		if (where) {
			sessionStorage.setItem(KEY, JSON.stringify(where));
		} else {
			sessionStorage.removeItem(KEY);
		}
	} catch {
		/* A browser that keeps nothing: rooms open at the present. */
	}
}

/** @returns {{id: string, bottom: number} | null} */
function kept() {
	try {
		return JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
	} catch {
		return null;
	}
}

export function start() {
	const where = kept();
	window.addEventListener('pagehide', keep);
	const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
	const isAgain = entry?.type === 'reload' || entry?.type === 'back_forward';
	if (!where || location.search !== '' || (!isAgain && document.getElementById('unread'))) {
		return;
	}
	if (document.getElementById(`m-${where.id}`)) {
		returnTo(where);
	} else {
		reveal(where.id).then(() => returnTo(where), () => {});
	}
}
