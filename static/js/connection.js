/** Tells honestly how the connection stands: nothing for the first seconds, then a thin banner. */
import { element } from './room.js';

/** A break shorter than this is nobody's business. */
const SILENT_MS = 5000;
/** What fails so soon after the line came back has failed for want of it. */
const RETURNED_MS = 1000;

/** @typedef {'open' | 'waiting' | 'trying' | 'refused'} State */
/** @type {State} */
let state = 'open';
let lostAt = 0;
let nextTryAt = 0;
let returnedAt = 0;
/** @type {number | undefined} */
let ticker;

function show() {
	const banner = element('connection');
	const isSilent = state !== 'refused' && Date.now() - lostAt < SILENT_MS;
	banner.hidden = state === 'open' || isSilent;
	banner.dataset.state = state;
	const seconds = String(Math.max(0, Math.ceil((nextTryAt - Date.now()) / 1000)));
	if (element('connection-seconds').textContent !== seconds) {
		element('connection-seconds').textContent = seconds;
	}
}

/** @param {State} next @param {number} [tryAt] when the next attempt is due */
function enter(next, tryAt = 0) {
	if (state === 'open' && next !== 'open') {
		lostAt = Date.now();
	}
	state = next;
	nextTryAt = tryAt;
	clearInterval(ticker);
	if (!navigator.onLine || state === 'waiting' || state === 'trying') {
		ticker = setInterval(show, 500);
	}
	show();
}

/**
 * Goes to another page, for what this one cannot do by itself. Without a line there is none to go to: the banner says so, and
 * what is here stays. @param {string | HTMLButtonElement} to an address, or a button that sends its form
 */
export function leaveFor(to) {
	const isBack = Date.now() - returnedAt > RETURNED_MS;
	if (!navigator.onLine || !isBack || state === 'waiting' || state === 'trying') {
		return;
	}
	if (typeof to === 'string') {
		location.assign(to);
	} else {
		to.form?.requestSubmit(to);
	}
}

export const connection = {
	open: () => enter('open'),
	/** @param {number} tryAt */
	waiting: (tryAt) => enter('waiting', tryAt),
	trying: () => enter('trying'),
	refused: () => enter('refused'),
	/** @param {() => void} retry */
	onRetry: (retry) => element('connection-retry').addEventListener('click', retry),
};

window.addEventListener('online', () => {
	returnedAt = Date.now();
});
