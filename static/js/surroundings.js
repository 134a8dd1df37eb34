/**
 * What surrounds the conversation, as another rendering of the room has it, in the place of what is here: sidebar, head, and
 * whether one may write. Focus, scroll, what is open and what is being written stay. Loaded when something of it has changed.
 */
import * as compose from './compose.js';
import * as draft from './draft.js';
import { nameMoments } from './moments.js';
import { blank, element, room } from './room.js';
import { markMine } from './text.js';
import { take as takeUnread } from './unread.js';

/** What leads back to the element that has the focus, in another rendering. @param {Element} element */
function pathOf(element) {
	if (element.id) {
		return `#${CSS.escape(element.id)}`;
	}
	const details = element.closest('details');
	if (element.matches('summary') && details?.id) {
		return `#${CSS.escape(details.id)} > summary`;
	}
	const href = element.getAttribute('href');
	return href ? `a[href="${CSS.escape(href)}"]` : '';
}

/**
 * Puts the children of one rendering in the place of another's. The element itself stays, so that a drawer that is open
 * by its address stays open.
 * @param {Document} other @param {string} id
 */
function swapPart(other, id) {
	const mine = element(id);
	const theirs = other.getElementById(id);
	if (!theirs) {
		return;
	}
	/* Tokens are masked anew in each rendering; ours are as good. */
	const token = document.querySelector('input[name="csrf"]')?.getAttribute('value') ?? '';
	theirs.querySelectorAll('input[name="csrf"]').forEach((input) => input.setAttribute('value', token));
	for (const details of theirs.querySelectorAll('details[id]')) {
		const own = document.getElementById(details.id);
		if (own?.hasAttribute('open')) {
			details.setAttribute('open', '');
		}
	}
	if (mine.innerHTML === theirs.innerHTML) {
		return;
	}
	const active = document.activeElement;
	const focus = active && mine.contains(active) ? pathOf(active) : '';
	const scrolled = mine.querySelector('#sidebar-body')?.scrollTop ?? 0;
	const typed = /** @type {HTMLInputElement | null} */ (mine.querySelector('#search'))?.value;
	mine.replaceChildren(...[...theirs.childNodes].map((node) => document.importNode(node, true)));
	const search = /** @type {HTMLInputElement | null} */ (mine.querySelector('#search'));
	if (search && typed) {
		search.value = typed;
	}
	const body = mine.querySelector('#sidebar-body');
	if (body) {
		body.scrollTop = scrolled;
	}
	if (focus) {
		/** @type {HTMLElement | null} */ (mine.querySelector(focus))?.focus({ preventScroll: true });
	}
}

/** What was being written stands in the place of a composer that may no longer be used, until it may. @param {boolean} isUsable */
export function useComposer(isUsable) {
	const composer = document.getElementById('composer');
	const written = composer?.querySelector('textarea')?.value ?? '';
	document.querySelector('#room-foot > .unsent')?.remove();
	if (composer) {
		composer.hidden = !isUsable;
	}
	if (!isUsable && written.trim() !== '') {
		const kept = blank('unsent-blank');
		/** @type {HTMLTextAreaElement} */ (kept.querySelector('textarea')).value = written;
		element('room-foot').append(kept);
	}
}

/** @param {Document} other */
function swapComposer(other) {
	const mine = document.getElementById('composer');
	const theirs = other.getElementById('composer');
	if (mine?.hidden !== !theirs) {
		useComposer(theirs !== null);
	}
	if (!theirs) {
		return;
	}
	if (!mine) {
		const composer = /** @type {HTMLFormElement} */ (document.importNode(theirs, true));
		element('room-foot').append(composer);
		compose.start(composer);
		return;
	}
	draft.check(theirs.querySelector('input[name="draft_revision"]')?.getAttribute('value') ?? '');
	const field = mine.querySelector('textarea');
	const placeholder = theirs.querySelector('textarea')?.getAttribute('placeholder') ?? '';
	if (field && field.placeholder !== placeholder) {
		field.placeholder = placeholder;
	}
}

/** Takes what surrounds the conversation from another rendering of it. @param {Document} other */
export function swap(other) {
	const head = other.getElementById('room-head');
	if (!head) {
		return;
	}
	nameMoments(other);
	swapPart(other, 'sidebar');
	swapPart(other, 'room-head');
	swapPart(other, 'room-state');
	swapComposer(other);
	const mine = element('room-head');
	for (const name of ['title', 'unreadSeq', 'targets', 'blocked']) {
		mine.dataset[name] = head.dataset[name];
	}
	takeUnread();
	markMine(room.list);
	room.main.toggleAttribute('data-moderates', 'moderates' in head.dataset);
}
