/**
 * What comes to a message that stands in the list already: it was edited, or answered by a reaction, a vote, a thread. Loaded
 * with the first event of that kind, and for the first click on a reaction or an answer of a poll.
 */
import { graft } from './graft.js';
import { carryEdit } from './list.js';
import { filesOf, written } from './parts.js';
import * as polls from './polls.js';
import * as reactions from './reactions.js';
import { ready } from './ready.js';
import * as reply from './reply.js';
import { fragment, quotesOf, room } from './room.js';
import * as threadLine from './thread_line.js';
import { lineOf } from './words.js';

/**
 * Shows another rendering of a message. Files that are the same in both stay: what plays goes on, what is open stays so.
 * @param {HTMLElement} old @param {HTMLElement} article @returns {HTMLElement} the one of the two that stands in the page
 */
function replace(old, article) {
	const parts = filesOf(old);
	/* Each with its other, in the order in which both have them. */
	/** @type {[Element, Element][]} */
	const same = filesOf(article).flatMap((other) => {
		const at = parts.findIndex((part) =>
			part.parentElement?.className === other.parentElement?.className && written.get(part) === written.get(other));
		return at < 0 ? [] : [[parts.splice(0, at + 1)[at], other]];
	});
	if (same.length === 0) {
		old.replaceWith(article);
		return article;
	}
	graft(old, article, same);
	return old;
}

/** What the reader has opened in a message stays open in its new rendering. @param {HTMLElement} old @param {HTMLElement} article */
function keepOpen(old, article) {
	const isWhole = old.querySelector('.show-more :checked') !== null;
	article.querySelectorAll('.show-more input').forEach((box) => box.toggleAttribute('checked', isWhole));
	const details = article.querySelectorAll('details');
	old.querySelectorAll('details').forEach((one, i) => details[i]?.toggleAttribute('open', one.open));
}

/** Answers quote the message as it is now. @param {string} id @param {HTMLElement} article */
function requote(id, article) {
	for (const quote of quotesOf(id)) {
		const words = quote.querySelector('.reply-text');
		if (words) {
			words.textContent = lineOf(article);
		}
	}
	reply.requote(id, lineOf(article));
}

/** @param {HTMLElement} article another rendering, of a message that may be on the page */
function update(article) {
	const id = article.dataset.id ?? '';
	const old = document.getElementById(`m-${id}`);
	if (old && room.list.contains(old)) {
		const active = document.activeElement;
		const hadFocus = old.contains(active);
		reactions.keep(old, article);
		polls.keep(old, article);
		keepOpen(old, article);
		carryEdit(old, article);
		const shown = replace(old, ready(article));
		if (hadFocus && !shown.contains(document.activeElement)) {
			(active instanceof HTMLElement && active.isConnected ? active : shown).focus({ preventScroll: true });
		}
	}
	requote(id, article);
}

/** By the type of the event; each takes its fragment. @type {Record<string, (told: HTMLElement) => void>} */
const APPLY = {
	MESSAGE_UPDATE: update,
	MESSAGE_REACTION_ADD: reactions.apply,
	MESSAGE_REACTION_REMOVE: reactions.apply,
	MESSAGE_REACTION_REMOVE_ALL: reactions.apply,
	MESSAGE_REACTION_REMOVE_EMOJI: reactions.apply,
	MESSAGE_POLL_VOTE_ADD: polls.apply,
	MESSAGE_POLL_VOTE_REMOVE: polls.apply,
	MESSAGE_THREAD_UPDATE: threadLine.apply,
};

/** @param {string} type of the event @param {string} html its fragment */
export function apply(type, html) {
	const told = fragment(html);
	if (told) {
		APPLY[type]?.(told);
	}
}

/** Does what the button says without leaving the page. @param {HTMLButtonElement} button of a reaction, or of an answer */
export function press(button) {
	void (button.matches('.reaction') ? reactions.toggle(button) : polls.vote(button));
}
