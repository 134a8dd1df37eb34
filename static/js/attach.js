/**
 * Ways for files into the composer: its button, pasting, dropping anywhere on the room. What they are once they are in it is
 * files.js, which is loaded when the first one comes.
 */
import { blank, element, room } from './room.js';

/** @type {typeof import('./files.js') | null} */
let files = null;
/** @type {HTMLFormElement | null} */
let form = null;
/** How many elements the pointer has entered and not left while it drags files. */
let depth = 0;

/** @param {Iterable<File>} list @returns {Promise<boolean>} whether the composer has them all; if not, it says why */
export async function add(list) {
	const chosen = [...list];
	if (!form || chosen.length === 0) {
		return false;
	}
	try {
		files ??= await import('./files.js');
	} catch {
		element('file-problems').replaceChildren(blank('problem-load'));
		return false;
	}
	return files.add(form, chosen);
}

/** The files that the next message has, which the composer then holds no more. @returns {import('./files.js').Piece[]} */
export function take() {
	return files?.take() ?? [];
}

/** @param {DragEvent} event */
function hasFiles(event) {
	return event.dataTransfer?.types.includes('Files') ?? false;
}

/** @param {DragEvent} event */
function drag(event) {
	if (!hasFiles(event)) {
		return;
	}
	event.preventDefault();
	depth += event.type === 'dragenter' ? 1 : event.type === 'dragleave' ? -1 : 0;
	if (event.type === 'drop') {
		depth = 0;
		void add(event.dataTransfer?.files ?? []);
	}
	room.main.toggleAttribute('data-dragging', depth > 0);
}

/** @param {HTMLFormElement} composer */
export function start(composer) {
	if (!('attach' in composer.dataset)) {
		return;
	}
	const isFirst = form === null;
	form = composer;
	const input = /** @type {HTMLInputElement} */ (element('files'));
	input.addEventListener('change', () => {
		void add(input.files ?? []);
		input.value = '';
	});
	composer.addEventListener('paste', (event) => {
		/* A spreadsheet gives its cells as text and as a picture of them: whoever pastes wants the text. */
		const data = event.clipboardData;
		if (data && data.files.length > 0 && data.getData('text/plain') === '') {
			event.preventDefault();
			void add(data.files);
		}
	});
	if (isFirst) {
		for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
			room.main.addEventListener(type, (event) => drag(/** @type {DragEvent} */ (event)));
		}
	}
}
