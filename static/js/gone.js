/**
 * The conversation was deleted, or its reader is no longer in it: all is taken from sight but what they wrote and nobody
 * got. Loaded when that happens.
 */
import { unsent } from './outbox.js';
import { blank, element, room } from './room.js';
import { useComposer } from './surroundings.js';

export function show() {
	const notice = blank('gone-blank');
	const kept = unsent();
	room.list.replaceChildren(...kept);
	element('above').replaceChildren();
	element('below').replaceChildren();
	useComposer(false);
	for (const child of /** @type {HTMLElement[]} */ ([...room.main.children])) {
		const isKept = child === room.history ? kept.length > 0 : child.querySelector('.unsent') !== null;
		child.hidden = !isKept && child.id !== 'room-head';
	}
	for (const part of /** @type {HTMLElement[]} */ ([...element('room-foot').children])) {
		part.hidden = !part.matches('.unsent');
	}
	document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
	element('room-head').querySelector('.room-links')?.remove();
	document.querySelector('.channel a[aria-current="page"]')?.closest('.channel')?.remove();
	element('room-head').after(notice);
	if (!document.activeElement?.checkVisibility() || document.activeElement === document.body) {
		notice.querySelector('a')?.focus();
	}
}
