/**
 * Moments that the page or somebody in it names, in the viewer's own zone. The server writes UTC, because it does not know
 * better. When a message was written is time.js.
 */

const language = document.documentElement.lang;
/** The viewer's own variant of the page's language: en-GB and en-US write dates differently. */
export const locales = [...navigator.languages.filter((name) => name.split('-')[0] === language), language];
/** Those of the page by name, those in what people write by Discord's letters; R is relative. @type {Record<string, Intl.DateTimeFormatOptions>} */
const styles = {
	moment: { dateStyle: 'long', timeStyle: 'short' },
	short: { dateStyle: 'medium', timeStyle: 'short' },
	date: { dateStyle: 'long' },
	t: { timeStyle: 'short' },
	T: { timeStyle: 'medium' },
	d: { dateStyle: 'short' },
	D: { dateStyle: 'long' },
	f: { dateStyle: 'long', timeStyle: 'short' },
	F: { dateStyle: 'full', timeStyle: 'short' },
};
const formats = new Map(Object.entries(styles).map(([style, options]) => [style, new Intl.DateTimeFormat(locales, options)]));
const relation = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const units = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** @param {Date} at */
function relative(at) {
	const seconds = (at.getTime() - Date.now()) / 1000;
	const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[units.length - 1];
	return relation.format(Math.round(seconds / size), unit);
}

/** @param {Date} at @param {string} style @returns {string} */
export function write(at, style) {
	return style === 'R' ? relative(at) : formats.get(style)?.format(at) ?? '';
}

/** @param {ParentNode} within @param {string} [which] of its moments */
export function nameMoments(within, which = 'time:is([data-local], .moment)') {
	for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (within.querySelectorAll(which))) {
		const at = new Date(time.dateTime);
		if (!Number.isNaN(at.getTime())) {
			time.textContent = write(at, time.dataset.local ?? time.dataset.style ?? 'f');
			time.title = write(at, 'F');
		}
	}
}

/* "In five minutes" is true for a minute. */
setInterval(() => nameMoments(document, 'time.moment[data-style="R"]'), 60_000);
