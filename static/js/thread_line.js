/** The line below a message that leads to its thread: how many replies there are and when the last one came. */
import { nameMoments } from './moments.js';
import { room } from './room.js';

/** @param {HTMLElement} told the line as it is now, and below which message */
export function apply(told) {
	const line = told.querySelector('.message-thread');
	const article = room.list.querySelector(`.message[data-id="${CSS.escape(told.dataset.message ?? '')}"]`);
	if (!line || !article) {
		return;
	}
	const shown = article.querySelector('.message-thread');
	if (shown) {
		shown.replaceWith(line);
	} else {
		article.querySelector('.message-body')?.append(line);
	}
	nameMoments(article);
}
