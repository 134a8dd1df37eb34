/** Buttons that copy the link beside them. Without this module the link can be selected. */

for (const row of document.querySelectorAll('.copy-row')) {
	const field = row.querySelector('input');
	const button = row.querySelector('button');
	if (!field || !button) {
		continue;
	}
	button.hidden = false;
	field.addEventListener('focus', () => field.select());
	button.addEventListener('click', async () => {
		try {
			await navigator.clipboard.writeText(field.value);
		} catch {
			/* The clipboard is for https alone; copying a selection works without. */
			field.select();
			document.execCommand('copy');
		}
		button.classList.add('is-copied');
		setTimeout(() => button.classList.remove('is-copied'), 2000);
	});
}
