/** When messages were written, and the days between them, in the viewer's own zone; the moments that they speak of are moments.js. */
import { locales, write } from './moments.js';

const clock = new Intl.DateTimeFormat(locales, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(locales, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** Two messages of one author within this time are one run. The page's C code has the same (HISTORY_RUN_MS). */
const RUN_MS = 5 * 60 * 1000;

/** @param {HTMLElement} article */
export function localise(article) {
	const time = article.querySelector('.message-time time');
	const at = new Date(article.dataset.time ?? '');
	if (!(time instanceof HTMLTimeElement) || Number.isNaN(at.getTime())) {
		return;
	}
	const edited = article.querySelector('.edited');
	const editedAt = new Date(article.dataset.edited ?? '');
	if (edited instanceof HTMLElement && !Number.isNaN(editedAt.getTime())) {
		edited.title = write(editedAt, 'F');
	}
	time.title = write(at, 'F');
	/* Where a message stands alone, no day stands above it. */
	if (article.closest('.quoted, .thread-starter')) {
		time.textContent = write(at, 'short');
		return;
	}
	time.replaceChildren();
	for (const { type, value } of clock.formatToParts(at)) {
		if (type === 'dayPeriod') {
			/* "am" and "pm" have no room in the margin of a run. */
			const period = document.createElement('span');
			period.className = 'day-period';
			period.textContent = value;
			time.append(period);
		} else {
			time.append(value);
		}
	}
}

/** The day in the viewer's zone, as text that compares: 2026-01-02. @param {HTMLElement} article */
export function dayOf(article) {
	const at = new Date(article.dataset.time ?? '');
	const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
	return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** @param {HTMLElement} separator @param {HTMLElement} article the first message of the day */
export function nameDay(separator, article) {
	separator.dataset.day = dayOf(article);
	const time = separator.querySelector('time');
	if (time) {
		time.dateTime = separator.dataset.day;
		time.textContent = date.format(new Date(article.dataset.time ?? ''));
	}
}

/** @param {HTMLElement} article @param {HTMLElement} previous the message above, of the same day */
export function isRun(article, previous) {
	const since = Date.parse(article.dataset.time ?? '') - Date.parse(previous.dataset.time ?? '');
	return article.dataset.author === previous.dataset.author && since < RUN_MS && !('reply' in article.dataset);
}
