/** Copies a text. The clipboard is for https alone; a page over http selects what the old command copies. */

/**
 * @param {string} text @param {Element} [within] an open dialog, outside of which nothing can be selected
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copy(text, within = document.body) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const active = document.activeElement;
		const field = document.createElement('textarea');
		field.value = text;
		field.className = 'visually-hidden';
		within.append(field);
		field.select();
		const isCopied = document.execCommand('copy');
		field.remove();
		if (active instanceof HTMLElement) {
			active.focus({ preventScroll: true });
		}
		return isCopied;
	}
}

/**
 * Copies, and says on the button for a moment how it went. What could not be copied is selected, for its reader to do it.
 * @param {HTMLElement} button @param {string} text @param {Node | null} source where the text stands on the page
 */
export async function copyBy(button, text, source) {
	const isCopied = await copy(text);
	button.dataset.copy = isCopied ? 'copied' : 'refused';
	setTimeout(() => delete button.dataset.copy, 2000);
	if (isCopied || !source) {
		return;
	}
	if (source instanceof HTMLInputElement) {
		source.select();
	} else {
		getSelection()?.selectAllChildren(source);
	}
}
