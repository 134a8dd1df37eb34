/** The sidebar as a drawer opens by link alone; this adds that Esc closes it and focus follows. */
import { element } from './room.js';

export function start() {
	window.addEventListener('hashchange', () => {
		if (location.hash === '#sidebar') {
			element('sidebar').querySelector('a')?.focus();
		}
	});
	element('sidebar').addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && location.hash === '#sidebar') {
			location.replace('#room');
			/** @type {HTMLElement | null} */ (document.querySelector('.drawer-open'))?.focus();
		}
	});
}
