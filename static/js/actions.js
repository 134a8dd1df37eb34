/**
 * What can be done to a message, by pointer and by key. The bar beside a message is of links that work by themselves; here
 * "more" opens in place, and the keys go through the list. What opens is loaded when it is first asked for.
 */
import { element, room } from './room.js';

/** @param {MouseEvent} event @returns {boolean} whether the link is to do what links do */
function isPlain(event) {
	return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** @param {MouseEvent} event */
function clicked(event) {
	const link = event.target instanceof Element ? event.target.closest('a') : null;
	const article = link?.closest('article');
	if (!link || !(article instanceof HTMLElement) || !isPlain(event)) {
		return;
	}
	if (link.matches('.message-actions .more')) {
		event.preventDefault();
		import('./menu.js').then((menu) => menu.open(article, link)).catch(() => location.assign(link.href));
	} else if (link.matches('.picture[data-animated]:not([data-playing])')) {
		event.preventDefault();
		import('./animated.js').then((animated) => animated.play(link)).catch(() => location.assign(link.href));
	} else if (link.matches('.file-card[data-pdf] .file-open')) {
		event.preventDefault();
		import('./documents.js').then((documents) => documents.toggle(link)).catch(() => location.assign(link.href));
	} else if (link.matches('.picture')) {
		event.preventDefault();
		import('./lightbox.js').then((lightbox) => lightbox.open(link)).catch(() => location.assign(link.href));
	}
}

/** The messages, and those among them that stand in the window. */
function visible() {
	const { top, bottom } = room.history.getBoundingClientRect();
	const all = /** @type {HTMLElement[]} */ ([...room.list.querySelectorAll('article')]);
	return { all, seen: all.filter((article) => article.getBoundingClientRect().bottom > top && article.getBoundingClientRect().top < bottom) };
}

/** Arrows, Home and End move from message to message. @param {KeyboardEvent} event */
function moved(event) {
	const own = event.target;
	if (!(own instanceof HTMLElement) || (own !== room.history && !own.matches('#list > article')) ||
		!['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) {
		return;
	}
	const { all, seen } = visible();
	const at = all.indexOf(own);
	const next = event.key === 'Home' ? all[0] : event.key === 'End' ? all.at(-1) :
		at < 0 ? seen.at(event.key === 'ArrowUp' ? -1 : 0) : all[at + (event.key === 'ArrowUp' ? -1 : 1)];
	if (next) {
		event.preventDefault();
		next.focus({ preventScroll: true });
		next.scrollIntoView({ block: 'nearest' });
	}
}

/** F6 goes round the parts of the page: conversations, messages, composer. @param {KeyboardEvent} event */
function cycled(event) {
	if (event.key !== 'F6' || event.ctrlKey || event.altKey || document.querySelector('dialog[open]')) {
		return;
	}
	const parts = ['sidebar', 'messages', 'room-foot'].map((id) => document.getElementById(id))
		.filter((part) => part instanceof HTMLElement && part.checkVisibility({ visibilityProperty: true }));
	const at = parts.findIndex((part) => part?.contains(document.activeElement));
	const part = parts[(at + (event.shiftKey ? parts.length - 1 : 1) + (at < 0 && event.shiftKey ? 1 : 0)) % parts.length];
	const target = part?.matches('[tabindex]') ? part : part?.querySelector('textarea, [aria-current="page"], a, button, summary');
	if (target instanceof HTMLElement) {
		event.preventDefault();
		target.focus();
	}
}

/** Enter on a message opens what can be done to it. @param {KeyboardEvent} event */
function entered(event) {
	if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.matches('#list > article')) {
		event.preventDefault();
		/** @type {HTMLElement | null} */ (event.target.querySelector('.message-actions .more'))?.click();
	}
}

export function start() {
	room.list.addEventListener('click', clicked);
	room.list.addEventListener('keydown', entered);
	room.history.addEventListener('keydown', moved);
	room.history.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && event.target instanceof Element && event.target.closest('#list > article') && !event.defaultPrevented) {
			document.getElementById('content')?.focus();
		}
	});
	document.addEventListener('keydown', cycled);
	/* From here on the bars of messages that nobody points at are no stops of the Tab key: css/message.css. */
	element('messages').dataset.keys = '';
}
