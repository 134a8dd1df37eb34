/** Buttons that copy the link beside them. Without this module the link can be selected. */
import { copyBy } from './clipboard.js';

for (const row of document.querySelectorAll('.copy-row')) {
	const field = row.querySelector('input');
	const button = row.querySelector('button.copy');
	if (field && button instanceof HTMLElement) {
		button.hidden = false;
		field.addEventListener('focus', () => field.select());
		button.addEventListener('click', () => void copyBy(button, field.value, field));
	}
}
