/** What people wrote, made better for who reads it: the server's HTML is the same for everybody. */
import { nameMoments } from './moments.js';
import { room, targets } from './room.js';

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
		import('./code.js').then((code) => code.ready(within), () => {});
	}
}

/** A custom emoji that was deleted is shown by its name. @param {EventTarget | null} image */
function nameGone(image) {
	if (image instanceof HTMLImageElement && image.matches('img.emoji') && image.complete && image.naturalWidth === 0) {
		image.replaceWith(image.alt);
	}
}

export function start() {
	room.list.querySelectorAll('img.emoji').forEach(nameGone);
	room.list.addEventListener('error', (event) => nameGone(event.target), true);
}
