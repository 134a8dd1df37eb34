/**
 * Files that are to be sent: their chips in the composer, the limits, which are told before anything is uploaded, and how a
 * pending message shows them. Loaded when the first file comes.
 */
import { blank, element } from './room.js';

/**
 * One file of a message that is written.
 * @typedef {object} Piece
 * @property {File} file
 * @property {string} description
 * @property {boolean} isSpoiler
 * @property {{seconds: number, waveform: string}} [voice]
 */

const PREVIEW_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** @type {Piece[]} */
let pieces = [];

/** Sizes as the server writes them. @param {number} bytes */
function sizeText(bytes) {
	const units = /** @type {HTMLElement} */ (blank('size-units')).dataset;
	const [unit, name] = bytes >= 1e6 ? [1e6, units.mb] : bytes >= 1000 ? [1000, units.kb] : [1, units.bytes];
	const number = unit === 1 || bytes >= 10 * unit ? String(Math.round(bytes / unit)) : (Math.floor(bytes / unit * 10) / 10).toFixed(1);
	return `${number} ${name}`;
}

/** @param {string} why @param {string} [name] of the file */
function complain(why, name = '') {
	const problem = blank(`problem-${why}`);
	const place = problem.querySelector('.problem-name');
	if (place) {
		place.textContent = name;
	}
	element('file-problems').append(problem);
}

/** Fills what shows one file. @param {HTMLElement} shown @param {Piece} piece */
function fill(shown, { file }) {
	/** @type {HTMLElement} */ (shown.querySelector('.file-name')).textContent = file.name;
	/** @type {HTMLElement} */ (shown.querySelector('.file-size')).textContent = sizeText(file.size);
	const kind = /** @type {HTMLElement} */ (shown.querySelector('.file-kind'));
	if (PREVIEW_TYPES.includes(file.type)) {
		const image = document.createElement('img');
		image.alt = '';
		image.src = URL.createObjectURL(file);
		image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
		kind.replaceChildren(image);
	} else {
		const ending = /\.([^.]{1,5})$/.exec(file.name)?.[1];
		if (ending) {
			kind.textContent = ending.toUpperCase();
		}
	}
}

function show() {
	element('chips').hidden = pieces.length === 0;
}

/** @param {Piece} piece */
function addChip(piece) {
	const chip = blank('chip-blank');
	fill(chip, piece);
	const description = /** @type {HTMLInputElement} */ (chip.querySelector('.chip-description input'));
	const spoiler = /** @type {HTMLInputElement} */ (chip.querySelector('.chip-spoiler input'));
	description.addEventListener('input', () => (piece.description = description.value.trim()));
	description.addEventListener('keydown', (event) => {
		if (event.key === 'Enter') {
			event.preventDefault();
			element('content').focus();
		}
	});
	spoiler.addEventListener('change', () => (piece.isSpoiler = spoiler.checked));
	const remove = /** @type {HTMLButtonElement} */ (chip.querySelector('.chip-remove'));
	remove.setAttribute('aria-label', `${remove.getAttribute('aria-label')} ${piece.file.name}`);
	remove.addEventListener('click', () => {
		pieces = pieces.filter((other) => other !== piece);
		const next = chip.nextElementSibling ?? chip.previousElementSibling;
		chip.remove();
		show();
		/** @type {HTMLElement} */ (next?.querySelector('.chip-remove') ?? element('content')).focus();
	});
	element('chips').append(chip);
}

/**
 * @param {HTMLFormElement} form the composer, which says how much is taken @param {File[]} files
 * @returns {boolean} whether all of them are taken
 */
export function add(form, files) {
	const before = pieces.length;
	element('file-problems').replaceChildren();
	for (const file of files) {
		if (pieces.length >= Number(form.dataset.maxFiles)) {
			complain('count');
			break;
		}
		if (file.size > Number(form.dataset.maxBytes)) {
			complain('size', file.name);
		} else if (file.size === 0) {
			complain('empty', file.name);
		} else {
			const piece = { file, description: '', isSpoiler: false };
			pieces.push(piece);
			addChip(piece);
		}
	}
	show();
	element('content').focus();
	return pieces.length - before === files.length;
}

export function take() {
	const taken = pieces;
	pieces = [];
	element('chips').replaceChildren();
	element('file-problems').replaceChildren();
	show();
	return taken;
}

/** Shows the files of a message that is on its way. @param {HTMLElement} article @param {Piece[]} files */
export function showPending(article, files) {
	const place = document.createElement('div');
	place.className = 'attachments';
	for (const piece of files) {
		const card = blank('file-blank');
		fill(card, piece);
		place.append(card);
	}
	article.querySelector('.message-body')?.append(place);
}
