/** The few emoji that most reactions are, beside the link that was followed; the link itself leads to all of them. Loaded when asked for. */
import { leaveFor } from './connection.js';
import { closeWithoutMessage } from './dialog.js';
import { react } from './reactions.js';
import { blank, element } from './room.js';

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @param {HTMLElement} link */
function place(link) {
	const quick = /** @type {HTMLDialogElement} */ (dialog);
	const at = link.getBoundingClientRect();
	const { offsetWidth: width, offsetHeight: height } = quick;
	const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
	const top = at.top - 4 - height >= 8 ? at.top - 4 - height : at.bottom + 4;
	quick.style.setProperty('--menu-left', `${left}px`);
	quick.style.setProperty('--menu-top', `${top}px`);
}

/** @param {KeyboardEvent} event */
function moved(event) {
	const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
	const items = /** @type {HTMLElement[]} */ ([...(dialog?.querySelectorAll('button, a') ?? [])]);
	const at = items.findIndex((item) => item === document.activeElement);
	if (step !== 0) {
		event.preventDefault();
		items[(at + step + items.length) % items.length].focus();
	}
}

/** @param {HTMLElement} article @param {HTMLAnchorElement} link to the page with all emoji */
export function open(article, link) {
	dialog?.remove();
	const quick = /** @type {HTMLDialogElement} */ (blank('quick-blank'));
	dialog = quick;
	element('room').append(quick);
	/** @type {HTMLAnchorElement} */ (quick.querySelector('.quick-more')).href = link.href;
	quick.addEventListener('keydown', moved);
	quick.addEventListener('click', (event) => {
		const target = event.target instanceof Element ? event.target.closest('button, a') : null;
		if (target instanceof HTMLButtonElement) {
			quick.close();
			void react(article, target.value);
		} else if (target) {
			event.preventDefault();
			quick.close();
			import('./picker.js').then((picker) => picker.open(article, link)).catch(() => leaveFor(link.href));
		} else if (event.target === quick) {
			quick.close();
		}
	});
	quick.addEventListener('close', () => {
		quick.remove();
		document.getElementById(article.id)?.focus({ preventScroll: true });
		link.focus({ preventScroll: true });
	}, { once: true });
	quick.showModal();
	place(link);
	closeWithoutMessage(quick, article);
}
