/**
 * Small changes by the page's one form, whose button is elsewhere: what a click would send, sent without leaving the page.
 * One after the other, as the server takes no more than a few a second.
 */
import { element, FRAGMENT } from './room.js';

const TRIES = 5;
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** @param {number} ms */
function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {string} url @param {Record<string, string>} fields */
async function post(url, fields) {
	const body = new URLSearchParams(fields);
	new FormData(/** @type {HTMLFormElement} */ (element('act'))).forEach((value, name) => body.set(name, String(value)));
	for (let attempt = 1; attempt <= TRIES; attempt++) {
		const reply = await fetch(url, { method: 'POST', headers: { Accept: FRAGMENT }, body, redirect: 'manual' }).catch(() => null);
		if (reply?.status !== 429) {
			return reply?.ok ?? false;
		}
		await pause(attempt * 260);
	}
	return false;
}

/**
 * @param {string} url @param {Record<string, string>} fields
 * @returns {Promise<boolean>} whether it was taken
 */
export function send(url, fields) {
	const sent = last.then(() => post(url, fields));
	last = sent.catch(() => false);
	return sent;
}
