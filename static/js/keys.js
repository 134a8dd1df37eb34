/** The keys of the room: arrows go from message to message, F6 from part to part. Loaded with the first of them: actions.js. */
import { room } from './room.js';

/** The messages, and those among them that stand in the window. */
function visible() {
	const { top, bottom } = room.history.getBoundingClientRect();
	const all = /** @type {HTMLElement[]} */ ([...room.list.querySelectorAll('article')]);
	return { all, seen: all.filter((article) => article.getBoundingClientRect().bottom > top && article.getBoundingClientRect().top < bottom) };
}

/** Arrows, Home and End move from message to message, from where the focus is now. @param {string} key */
export function move(key) {
	const { all, seen } = visible();
	const at = all.findIndex((article) => article === document.activeElement);
	const next = key === 'Home' ? all[0] : key === 'End' ? all.at(-1) :
		at < 0 ? seen.at(key === 'ArrowUp' ? -1 : 0) : all[at + (key === 'ArrowUp' ? -1 : 1)];
	if (next) {
		next.focus({ preventScroll: true });
		next.scrollIntoView({ block: 'nearest' });
	}
}

/** Goes round the parts of the page: conversations, messages, composer. @param {boolean} isBack */
export function cycle(isBack) {
	const parts = ['sidebar', 'messages', 'room-foot'].map((id) => document.getElementById(id))
		.filter((part) => part instanceof HTMLElement && part.checkVisibility({ visibilityProperty: true }));
	const at = parts.findIndex((part) => part?.contains(document.activeElement));
	const part = parts[(at + (isBack ? parts.length - 1 : 1) + (at < 0 && isBack ? 1 : 0)) % parts.length];
	/* Of what is shown of it: the field, where one is, or what most others come for. */
	const stops = part?.matches('[tabindex]') ? [part] :
		['textarea', '[aria-current="page"]', 'a, button, summary'].flatMap((which) => [...(part?.querySelectorAll(which) ?? [])]);
	/** @type {HTMLElement | undefined} */ (stops.find((stop) => stop?.checkVisibility({ visibilityProperty: true })))?.focus();
}
