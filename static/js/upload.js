/** Sends a message with files: a form in parts, told of its progress, which fetch does not tell. Loaded with the first file. */
import { blank } from './room.js';

/** Whoever sends it has thought better of it. */
export class Cancelled extends Error {
	name = 'Cancelled';
}

/** A line on which nothing moves for so long is dead; how long the whole may take depends on its size. */
const STALL_MS = 30000;

/**
 * @param {import('./outbox.js').Item} item @param {string} action @param {FormData} form with the text's fields, which stand
 * before the files: the server wants to know who sends them
 * @param {string} accept
 * @returns {Promise<Response>} Rejects when there was none, or when it was cancelled.
 */
export function upload(item, action, form, accept) {
	form.set('attachments', JSON.stringify(item.files.map((piece, id) => ({
		id,
		description: piece.description || undefined,
		is_spoiler: piece.isSpoiler || undefined,
		duration_secs: piece.voice?.seconds,
		waveform: piece.voice?.waveform,
	}))));
	item.files.forEach((piece, id) => form.set(`files[${id}]`, piece.file, piece.file.name));
	const line = blank('upload-blank');
	const bar = /** @type {HTMLProgressElement} */ (line.querySelector('progress'));
	item.article.append(line);

	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		let isCancelled = false;
		/** @type {number | undefined} */
		let stall;
		const alive = () => {
			clearTimeout(stall);
			stall = setTimeout(() => request.abort(), STALL_MS);
		};
		const end = () => {
			clearTimeout(stall);
			line.remove();
		};
		request.upload.addEventListener('progress', (event) => {
			alive();
			bar.value = event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0;
		});
		request.addEventListener('load', () => {
			end();
			/* A redirect, which was followed, leads to the login. */
			const isElsewhere = new URL(request.responseURL).pathname !== new URL(action).pathname;
			const retryAfter = request.getResponseHeader('Retry-After');
			resolve(new Response(request.responseText, {
				status: isElsewhere ? 401 : request.status,
				headers: retryAfter ? { 'Retry-After': retryAfter } : {},
			}));
		});
		for (const type of ['error', 'abort']) {
			request.addEventListener(type, () => {
				end();
				reject(isCancelled ? new Cancelled() : new Error(type));
			});
		}
		line.querySelector('.cancel')?.addEventListener('click', () => {
			isCancelled = true;
			request.abort();
		});
		request.open('POST', action);
		request.setRequestHeader('Accept', accept);
		alive();
		request.send(form);
	});
}
