/**
 * What can be done to a message, by pointer and by key. The bar beside a message is of links that work by themselves; here
 * "more" opens in place, and the keys go through the list. What opens is loaded when it is first asked for.
 */
import { leaveFor } from './connection.js';
import { element, room } from './room.js';

/** Buttons that say something to a message, and without a script send the page's form. */
const RESPONDS = 'button.reaction, button.poll-choice';

/** @param {MouseEvent} event @returns {boolean} whether the link is to do what links do */
function isPlain(event) {
	return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** What a link opens in place, if it opens anything; without it the link leads to a page. @param {HTMLElement} article @param {HTMLAnchorElement} link */
function opening(article, link) {
	if (link.matches('.message-actions .more')) {
		return import('./menu.js').then((menu) => menu.open(article, link));
	}
	if (link.matches('.react')) {
		return import('./quick.js').then((quick) => quick.open(article, link));
	}
	if (link.matches('.message-actions .edit')) {
		return import('./edit.js').then(({ edit }) => edit(article, link));
	}
	if (link.matches('.picture[data-animated]:not([data-playing])')) {
		return import('./animated.js').then((animated) => animated.play(link));
	}
	if (link.matches('.file-card[data-pdf] .file-open')) {
		return import('./documents.js').then((documents) => documents.toggle(link));
	}
	return link.matches('.picture') ? import('./lightbox.js').then((lightbox) => lightbox.open(link)) : null;
}

/** @param {MouseEvent} event */
function clicked(event) {
	const target = event.target instanceof Element ? event.target.closest('a, button') : null;
	const article = target?.closest('article');
	if (!(article instanceof HTMLElement) || !isPlain(event)) {
		return;
	}
	if (target instanceof HTMLAnchorElement) {
		const opened = opening(article, target);
		if (opened) {
			event.preventDefault();
			opened.catch(() => leaveFor(target.href));
		}
	} else if (target instanceof HTMLButtonElement && target.matches(RESPONDS)) {
		event.preventDefault();
		import('./changes.js').then(({ press }) => press(target)).catch(() => leaveFor(target));
	}
}

/** Who points at a response, or comes to it by Tab, is about to press it. @param {Event} event */
function neared(event) {
	if (event.target instanceof Element && event.target.closest(RESPONDS)) {
		import('./changes.js').catch(() => {});
	}
}

/** Keys of which there is no module to be had do what the browser does with them. */
let hasKeys = true;

/** @param {KeyboardEvent} event @param {(keys: typeof import('./keys.js')) => void} act */
function byKey(event, act) {
	event.preventDefault();
	import('./keys.js').then(act).catch(() => (hasKeys = false));
}

/** Up in an empty composer edits what its writer said last. @param {KeyboardEvent} event @param {HTMLElement} field */
function editLast(event, field) {
	const link = [...room.list.querySelectorAll('article[data-mine][data-id] .message-actions .edit')].at(-1);
	const article = link?.closest('article');
	if (link instanceof HTMLAnchorElement && article) {
		event.preventDefault();
		import('./edit.js').then(({ edit }) => edit(article, link, field)).catch(() => leaveFor(link.href));
	}
}

/** @param {KeyboardEvent} event */
function pressed(event) {
	const { key, target } = event;
	if (!(target instanceof HTMLElement) || !hasKeys || event.ctrlKey || event.metaKey || event.altKey) {
		return;
	}
	const isMessage = target.matches('#list > article');
	if (key === 'F6' && !document.querySelector('dialog[open]')) {
		byKey(event, (keys) => keys.cycle(event.shiftKey));
	} else if ((isMessage || target === room.history) && ['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)) {
		byKey(event, (keys) => keys.move(key));
	} else if (key === 'ArrowUp' && target instanceof HTMLTextAreaElement && target.id === 'content' && target.value === '' && !event.shiftKey) {
		editLast(event, target);
	} else if (isMessage && key === 'Enter') {
		event.preventDefault();
		/** @type {HTMLElement | null} */ (target.querySelector('.message-actions .more'))?.click();
	}
}

export function start() {
	room.list.addEventListener('click', clicked);
	room.list.addEventListener('pointerover', neared, { passive: true });
	room.list.addEventListener('focusin', neared);
	/* Who comes here by Tab goes on by arrows. */
	room.history.addEventListener('focusin', () => import('./keys.js').catch(() => {}), { once: true });
	room.history.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && event.target instanceof Element && event.target.closest('#list > article') && !event.defaultPrevented) {
			document.getElementById('content')?.focus();
		}
	});
	document.addEventListener('keydown', pressed);
	/* From here on the bars of messages that nobody points at are no stops of the Tab key: css/message.css. */
	element('messages').dataset.keys = '';
}
