/**
 * What is done to each message that comes onto the page, however it came. A behaviour that marks messages, or needs to know
 * of them, has its function in the list below; it is called once for each rendering of a message, before it is shown.
 */
import { enhance } from './parts.js';
import { room } from './room.js';
import { enrich } from './text.js';
import { localise } from './time.js';

/** Marks the reader's own: a fragment is the same for everybody and cannot know. @param {HTMLElement} article */
function mark(article) {
	if (article.dataset.author === room.user) {
		article.dataset.mine = '';
	}
}

/** @type {((article: HTMLElement) => void)[]} */
const steps = [mark, localise, enrich, enhance];

/** @param {HTMLElement} article */
export function ready(article) {
	for (const step of steps) {
		step(article);
	}
	return article;
}
