/**
 * Reactions under messages: a click toggles one without a reload, and events set the numbers. Which are the reader's own is
 * known to the page that the server made and to this script; a fragment is the same for everybody.
 */
import { send } from './act.js';
import { room } from './room.js';

/** @param {Element} of @param {string} emoji @returns {HTMLButtonElement | null} */
export function reactionOf(of, emoji) {
	return of.querySelector(`.reactions > li[data-emoji="${CSS.escape(emoji)}"] > button.reaction`);
}

/** What a click does next is what its form action says. @param {HTMLButtonElement} button @param {boolean} isOwn */
function setOwn(button, isOwn) {
	const action = (button.getAttribute('formaction') ?? '').replace(/\/remove$/, '');
	button.setAttribute('aria-pressed', String(isOwn));
	button.setAttribute('formaction', isOwn ? `${action}/remove` : action);
}

/** @param {HTMLButtonElement} button */
function isOwn(button) {
	return button.getAttribute('aria-pressed') === 'true';
}

/** @param {HTMLButtonElement} button */
function countOf(button) {
	return /** @type {HTMLElement} */ (button.querySelector('.reaction-count'));
}

/** @param {HTMLElement} list of the reactions of a message: without any it is none */
function endIfEmpty(list) {
	if (!list.querySelector('button.reaction')) {
		list.remove();
	}
}

/** @param {HTMLElement} message @param {HTMLElement} told the fragment: one reaction in a list of its own */
function put(message, told) {
	const fresh = told.querySelector('.reactions');
	const list = message.querySelector('.reactions');
	const emoji = told.dataset.emoji ?? '';
	const item = fresh?.querySelector(`li[data-emoji="${CSS.escape(emoji)}"]`);
	if (!fresh || !item) {
		return;
	}
	if (!list) {
		message.querySelector('.message-body')?.append(fresh);
	} else if (!reactionOf(message, emoji)) {
		list.querySelector('.reaction-more')?.before(item);
	}
}

/** An event of one kind, or of all where it names none. @param {HTMLElement} told */
export function apply(told) {
	const message = document.getElementById(`m-${told.dataset.message}`);
	const { emoji, count = '0', user } = told.dataset;
	if (!message) {
		return;
	}
	if (!emoji) {
		message.querySelector('.reactions')?.remove();
		return;
	}
	if (count !== '0') {
		put(message, told);
	}
	const button = reactionOf(message, emoji);
	const list = /** @type {HTMLElement | null | undefined} */ (button?.closest('.reactions'));
	if (!button || !list) {
		return;
	}
	if (count === '0') {
		const hadFocus = button === document.activeElement;
		const next = button.closest('li')?.nextElementSibling?.querySelector('button, a');
		button.closest('li')?.remove();
		endIfEmpty(list);
		if (hadFocus) {
			/** @type {HTMLElement} */ (next?.isConnected ? next : message).focus({ preventScroll: true });
		}
		return;
	}
	if (user === room.user) {
		setOwn(button, 'added' in told.dataset);
	}
	countOf(button).textContent = count;
}

/** A message that is rendered anew by an event keeps what is the reader's own. @param {HTMLElement} old @param {HTMLElement} article */
export function keep(old, article) {
	for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (old.querySelectorAll('button.reaction[aria-pressed="true"]'))) {
		const same = reactionOf(article, button.value);
		if (same) {
			setOwn(same, true);
		}
	}
}

/** Shows at once what the click means; the event says what it is. @param {HTMLButtonElement} button */
export async function toggle(button) {
	const before = { isOwn: isOwn(button), count: countOf(button).textContent };
	const action = button.formAction;
	setOwn(button, !before.isOwn);
	countOf(button).textContent = String(Math.max(0, Number(before.count) + (before.isOwn ? -1 : 1)));
	if (!(await send(action, { emoji: button.value }))) {
		setOwn(button, before.isOwn);
		countOf(button).textContent = before.count;
	}
}

/** @param {HTMLElement} article @param {string} emoji a character */
export async function react(article, emoji) {
	const button = reactionOf(article, emoji);
	if (button && !isOwn(button)) {
		await toggle(button);
	} else if (!button) {
		await send(`${room.path}/messages/${article.dataset.id}/reactions`, { emoji });
	}
}
