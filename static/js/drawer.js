/** The sidebar as a drawer opens by link alone; this adds that Esc closes it and focus follows. */
import { element } from './room.js';

export function start() {
	window.addEventListener('hashchange', () => {
		if (location.hash === '#sidebar') {
			/** @type {HTMLElement | null} */ (element('sidebar').querySelector('summary, a'))?.focus();
		}
	});
	element('sidebar').addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && location.hash === '#sidebar' && !document.querySelector('#switcher[open]')) {
			location.replace('#room');
			/** @type {HTMLElement | null} */ (document.querySelector('.drawer-open'))?.focus();
		}
	});
}
