/** The sidebar as a drawer opens by link alone; this adds that Esc closes it, that the focus follows, and that it stays in it. */
import { element, room } from './room.js';

/** As long as the sidebar lies over the room, nothing behind it can be come to. @returns {boolean} whether it does */
function cover() {
	room.main.inert = location.hash === '#sidebar' && getComputedStyle(element('sidebar')).position === 'fixed';
	return room.main.inert;
}

export function start() {
	const sidebar = element('sidebar');
	cover();
	window.addEventListener('resize', cover);
	window.addEventListener('hashchange', ({ oldURL }) => {
		if (cover()) {
			/** @type {HTMLElement | null} */ (sidebar.querySelector('summary, a'))?.focus();
		} else if (oldURL.endsWith('#sidebar')) {
			/** @type {HTMLElement | null} */ (document.querySelector('.drawer-open'))?.focus();
		}
	});
	sidebar.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && location.hash === '#sidebar' && !document.querySelector('#switcher[open]')) {
			location.replace('#room');
		}
	});
}
