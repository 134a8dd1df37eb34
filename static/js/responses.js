/** What people answer messages with: which events tell of it, and what of it a message keeps that is rendered anew. */
import * as polls from './polls.js';
import * as reactions from './reactions.js';
import { fragment } from './room.js';
import * as threadLine from './thread_line.js';

/** @param {(told: HTMLElement) => void} apply @returns {(html: string) => void} */
function of(apply) {
	return (html) => {
		const told = fragment(html);
		if (told) {
			apply(told);
		}
	};
}

/** By the type of the event; each takes its fragment. @type {Record<string, (html: string) => void>} */
export const RESPONSES = {
	MESSAGE_REACTION_ADD: of(reactions.apply),
	MESSAGE_REACTION_REMOVE: of(reactions.apply),
	MESSAGE_REACTION_REMOVE_ALL: of(reactions.apply),
	MESSAGE_REACTION_REMOVE_EMOJI: of(reactions.apply),
	MESSAGE_POLL_VOTE_ADD: of(polls.apply),
	MESSAGE_POLL_VOTE_REMOVE: of(polls.apply),
	MESSAGE_THREAD_UPDATE: of(threadLine.apply),
};

/** @param {HTMLElement} old @param {HTMLElement} article */
export function keepOwn(old, article) {
	reactions.keep(old, article);
	polls.keep(old, article);
}
