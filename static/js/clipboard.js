/** Copies a text. The clipboard is for https alone; a page over http selects what the old command copies. */

/** @param {string} text @param {Element} [within] an open dialog, outside of which nothing can be selected */
export async function copy(text, within = document.body) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const active = document.activeElement;
		const field = document.createElement('textarea');
		field.value = text;
		field.className = 'visually-hidden';
		within.append(field);
		field.select();
		document.execCommand('copy');
		field.remove();
		if (active instanceof HTMLElement) {
			active.focus({ preventScroll: true });
		}
	}
}

/** Copies, and says so on the button for a moment. @param {HTMLElement} button @param {string} text */
export async function copyBy(button, text) {
	await copy(text);
	button.classList.add('is-copied');
	setTimeout(() => button.classList.remove('is-copied'), 2000);
}
