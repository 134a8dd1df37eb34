/** Documents that open below their names. Loaded when one is asked for. */

/**
 * Shows a document below its name, or takes it away again.
 * @param {HTMLAnchorElement} link
 */
export function toggle(link) {
	const card = link.closest('.file-card');
	const shown = card?.querySelector('iframe');
	link.toggleAttribute('data-open', !shown);
	link.setAttribute('aria-expanded', String(!shown));
	if (shown) {
		shown.remove();
	} else {
		const frame = document.createElement('iframe');
		frame.className = 'file-frame';
		/* Pages by themselves, without the pane of small ones beside them. */
		frame.src = `${link.href}#navpanes=0`;
		frame.title = card?.querySelector('.file-name')?.textContent ?? '';
		card?.append(frame);
		card?.scrollIntoView({ block: 'nearest' });
	}
}
