/**
 * What is done to each message that comes onto the page, however it came. A behaviour that marks messages, or needs to know
 * of them, has its function in the list below; it is called once for each rendering of a message, before it is shown.
 */
import { mark } from './mine.js';
import { enhance } from './parts.js';
import { enrich } from './text.js';
import { localise } from './time.js';

/** @type {((article: HTMLElement) => void)[]} */
const steps = [mark, localise, enrich, enhance];

/** @param {HTMLElement} article */
export function ready(article) {
	for (const step of steps) {
		step(article);
	}
	return article;
}
