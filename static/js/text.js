/** What people wrote, made better for who reads it: the server's HTML is the same for everybody. */
import { room } from './room.js';

const language = document.documentElement.lang;
/** Discord's styles of a moment; R is relative. @type {Record<string, Intl.DateTimeFormatOptions>} */
const styles = {
	t: { timeStyle: 'short' },
	T: { timeStyle: 'medium' },
	d: { dateStyle: 'short' },
	D: { dateStyle: 'long' },
	f: { dateStyle: 'long', timeStyle: 'short' },
	F: { dateStyle: 'full', timeStyle: 'short' },
};
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const units = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** @param {Date} at */
function relative(at) {
	const seconds = (at.getTime() - Date.now()) / 1000;
	const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[units.length - 1];
	return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** @param {HTMLElement} within */
function nameMoments(within) {
	for (const time of within.querySelectorAll('time.moment')) {
		const at = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
		const style = /** @type {HTMLElement} */ (time).dataset.style ?? 'f';
		if (Number.isNaN(at.getTime())) {
			continue;
		}
		time.textContent = style === 'R' ? relative(at) : new Intl.DateTimeFormat(language, styles[style]).format(at);
		/** @type {HTMLElement} */ (time).title = new Intl.DateTimeFormat(language, styles.F).format(at);
	}
}

/** Channels are named from the reader's own list: what is not in it keeps its neutral name. @param {HTMLElement} within */
function nameChannels(within) {
	for (const link of within.querySelectorAll('a.mention[data-channel]')) {
		const id = /** @type {HTMLElement} */ (link).dataset.channel;
		const name = document.getElementById(`c-${id}`)?.querySelector('.channel-name')?.textContent;
		if (name) {
			link.textContent = `#${name}`;
		}
	}
}

/** @param {HTMLElement} within */
function markMine(within) {
	for (const mention of within.querySelectorAll('.mention[data-user], .mention[data-everyone]')) {
		const { user, everyone } = /** @type {HTMLElement} */ (mention).dataset;
		mention.toggleAttribute('data-me', everyone !== undefined || user === room.user);
	}
}

/** @param {HTMLElement} within an element with texts, such as a message */
export function enrich(within) {
	nameMoments(within);
	nameChannels(within);
	markMine(within);
	if (within.querySelector('.content pre > code')) {
		void import('./code.js').then((code) => code.ready(within));
	}
}
