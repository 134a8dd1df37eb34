/** Tells a screen reader what came, gathered for a moment, so that a burst is one announcement. */
import { element } from './room.js';
import { spoken } from './words.js';

const GATHER_MS = 1000;
const KEEP = 20;

/** @type {HTMLElement[]} */
let waiting = [];

function flush() {
	const announcer = element('announcer');
	announcer.append(...waiting);
	waiting = [];
	while (announcer.childElementCount > KEEP) {
		announcer.firstElementChild?.remove();
	}
}

/** @param {HTMLElement} line */
export function say(line) {
	if (waiting.push(line) === 1) {
		setTimeout(flush, GATHER_MS);
	}
}

/** @param {HTMLElement} article */
export function announce(article) {
	const line = document.createElement('p');
	line.textContent = spoken(article);
	say(line);
}
