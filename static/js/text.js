/** What people wrote, made better for who reads it: the server's HTML is the same for everybody. */
import { room, targets } from './room.js';

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
const formats = new Map(Object.entries(styles).map(([style, options]) => [style, new Intl.DateTimeFormat(language, options)]));
const relation = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const units = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** @param {Date} at */
function relative(at) {
	const seconds = (at.getTime() - Date.now()) / 1000;
	const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[units.length - 1];
	return relation.format(Math.round(seconds / size), unit);
}

/** @param {HTMLElement} within @param {string} [which] of its moments */
function nameMoments(within, which = 'time.moment') {
	for (const time of within.querySelectorAll(which)) {
		const at = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
		const style = /** @type {HTMLElement} */ (time).dataset.style ?? 'f';
		if (Number.isNaN(at.getTime())) {
			continue;
		}
		time.textContent = style === 'R' ? relative(at) : formats.get(style)?.format(at) ?? '';
		/** @type {HTMLElement} */ (time).title = formats.get('F')?.format(at) ?? '';
	}
}

/* "In five minutes" is true for a minute. */
setInterval(() => nameMoments(room.main, 'time.moment[data-style="R"]'), 60_000);

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

/** Mentions of the reader, of their roles and of everybody stand out. @param {HTMLElement} within */
export function markMine(within) {
	const mine = targets();
	for (const mention of within.querySelectorAll('.mention:is([data-user], [data-role], [data-everyone])')) {
		const { user, role, everyone } = /** @type {HTMLElement} */ (mention).dataset;
		mention.toggleAttribute('data-me', everyone !== undefined || mine.has(user ?? role ?? ''));
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
