/** A dialog is about something in the list, and closes when that goes: what was deleted is not shown on, and has no menu. */
import { room } from './room.js';

/** @param {HTMLDialogElement} dialog that is open @param {() => boolean} isThere @param {() => void} [whenGone] */
export function closeWithout(dialog, isThere, whenGone) {
	const observer = new MutationObserver(() => {
		if (!isThere()) {
			/* Once: the event that tells of closing comes later than further changes of the list may. */
			observer.disconnect();
			dialog.close();
			room.history.focus({ preventScroll: true });
			whenGone?.();
		}
	});
	observer.observe(room.list, { childList: true, subtree: true });
	dialog.addEventListener('close', () => observer.disconnect(), { once: true });
}

/** @param {HTMLDialogElement} dialog that is open @param {HTMLElement} article of which a later rendering may stand in the list */
export function closeWithoutMessage(dialog, article) {
	closeWithout(dialog, () => document.getElementById(article.id) !== null);
}
