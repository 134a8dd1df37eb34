/**
 * A picture as large as the window: arrows go through the pictures of the list, a click or + and − zoom, Esc closes, and the
 * focus returns to where it was. Loaded when the first picture is opened; without it the link opens the picture itself.
 */
import { closeWithout } from './dialog.js';
import { say } from './announce.js';
import { blank, element, room } from './room.js';

const ZOOMS = [1, 2, 4];

/** @type {HTMLDialogElement | null} */
let dialog = null;
/** The attachment that is shown: an edit of its message makes another link of it. */
let current = '';
let zoom = 0;

/** Those that can be seen: not what is behind a spoiler. @returns {HTMLAnchorElement[]} */
function pictures() {
	return /** @type {HTMLAnchorElement[]} */ ([...room.list.querySelectorAll('a.picture')].filter((link) => link.checkVisibility()));
}

/** @param {HTMLAnchorElement[]} all */
function place(all) {
	return all.findIndex((link) => link.dataset.attachment === current);
}

/** @param {string} selector @returns {HTMLElement} */
function part(selector) {
	return /** @type {HTMLElement} */ (dialog?.querySelector(selector));
}

/** @param {number} to */
function setZoom(to) {
	zoom = Math.max(0, Math.min(ZOOMS.length - 1, to));
	const image = /** @type {HTMLImageElement} */ (part('img'));
	const frame = part('.lightbox-frame');
	const isWhole = zoom === 0;
	dialog?.toggleAttribute('data-zoomed', !isWhole);
	if (isWhole) {
		image.style.removeProperty('inline-size');
	} else {
		image.style.setProperty('inline-size', `${image.clientWidth * ZOOMS[zoom] / (Number(image.dataset.zoom) || 1)}px`);
		frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
		frame.scrollTop = (frame.scrollHeight - frame.clientHeight) / 2;
	}
	image.dataset.zoom = String(ZOOMS[zoom]);
}

/** @param {HTMLAnchorElement} link */
function show(link) {
	current = link.dataset.attachment ?? '';
	const old = part('img');
	const image = document.createElement('img');
	const small = link.querySelector('img');
	image.width = Number(link.dataset.width);
	image.height = Number(link.dataset.height);
	image.alt = small?.alt ?? '';
	image.src = link.href;
	old.replaceWith(image);
	setZoom(0);
	const download = /** @type {HTMLAnchorElement} */ (part('.lightbox-download'));
	download.href = link.href;
	download.download = link.dataset.name ?? '';
	part('.lightbox-name').textContent = link.dataset.name ?? '';
	const all = pictures();
	const at = place(all);
	part('.lightbox-previous').toggleAttribute('disabled', at <= 0);
	part('.lightbox-next').toggleAttribute('disabled', at < 0 || at === all.length - 1);
}

/** @param {number} by */
function step(by) {
	const all = pictures();
	const at = place(all);
	const next = all[at + by];
	if (at >= 0 && next) {
		show(next);
		next.scrollIntoView({ block: 'nearest' });
	}
}

/** @param {KeyboardEvent} event */
function pressed(event) {
	const acts = /** @type {Record<string, () => void>} */ ({
		ArrowLeft: () => step(-1), ArrowRight: () => step(1), '+': () => setZoom(zoom + 1), '=': () => setZoom(zoom + 1),
		'-': () => setZoom(zoom - 1), 0: () => setZoom(0),
	});
	/* Where the picture is larger than the window, arrows move it. */
	if (event.key in acts && !event.ctrlKey && !event.metaKey && !(zoom > 0 && event.key.startsWith('Arrow'))) {
		event.preventDefault();
		acts[event.key]();
	}
}

function make() {
	const made = /** @type {HTMLDialogElement} */ (blank('lightbox-blank'));
	element('room').append(made);
	made.addEventListener('keydown', pressed);
	made.addEventListener('click', ({ target }) => {
		if (!(target instanceof Element)) {
			return;
		}
		if (target.closest('.lightbox-previous, .lightbox-next')) {
			step(target.closest('.lightbox-next') ? 1 : -1);
		} else if (target.matches('img')) {
			setZoom(zoom > 0 ? 0 : 1);
		} else if (target.closest('.lightbox-zoom')) {
			setZoom(zoom === ZOOMS.length - 1 ? 0 : zoom + 1);
		} else if (target.closest('.lightbox-close') || target.matches('dialog, .lightbox-frame')) {
			made.close();
		}
	});
	return made;
}

/** Its style sheet comes with it. @returns {Promise<void>} */
function styled() {
	const sheet = document.createElement('link');
	sheet.rel = 'stylesheet';
	sheet.href = new URL('../css/lightbox.css', import.meta.url).href;
	return new Promise((resolve, reject) => {
		sheet.addEventListener('load', () => resolve());
		sheet.addEventListener('error', reject);
		document.head.append(sheet);
	});
}

/** @param {HTMLAnchorElement} link of a picture in the list */
export async function open(link) {
	if (!dialog) {
		await styled();
		dialog ??= make();
	}
	dialog.addEventListener('close', () => {
		part('img').removeAttribute('src');
		const all = pictures();
		all[place(all)]?.focus({ preventScroll: true });
	}, { once: true });
	show(link);
	dialog.showModal();
	part('.lightbox-close').focus();
	const isThere = () => room.list.querySelector(`a.picture[data-attachment="${CSS.escape(current)}"]`) !== null;
	closeWithout(dialog, isThere, () => say(blank('picture-gone')));
}
