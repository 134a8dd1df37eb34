/** Parts of a message that do more with a script: voice messages, and documents that open in their place. */

/** @param {HTMLElement} article */
export function enhance(article) {
	const voices = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll('.voice'));
	if (voices.length > 0) {
		void import('./voice.js').then((voice) => voices.forEach(voice.enhance));
	}
}

/**
 * Shows a document below its name, or takes it away again.
 * @param {HTMLAnchorElement} link
 */
export function toggleDocument(link) {
	const card = link.closest('.file-card');
	const shown = card?.querySelector('iframe');
	link.toggleAttribute('data-open', !shown);
	link.setAttribute('aria-expanded', String(!shown));
	if (shown) {
		shown.remove();
	} else {
		const frame = document.createElement('iframe');
		frame.className = 'file-frame';
		frame.src = link.href;
		frame.title = card?.querySelector('.file-name')?.textContent ?? '';
		card?.append(frame);
		card?.scrollIntoView({ block: 'nearest' });
	}
}
