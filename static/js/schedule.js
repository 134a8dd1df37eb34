/**
 * The time at which a message is to be sent, in the zone of whoever writes: the server takes UTC. What was in the composer
 * comes along: js/draft.js.
 */
/** @param {HTMLFormElement} form */
function bringWritten(form) {
	const written = JSON.parse(sessionStorage.getItem('send later') ?? 'null');
	const content = form.querySelector('#content');
	sessionStorage.removeItem('send later');
	if (written && content instanceof HTMLTextAreaElement && location.pathname === `${written.path}/schedule`) {
		content.value = written.text;
		for (const name of ['revision', 'nonce']) {
			/** @type {HTMLInputElement} */ (form.elements.namedItem(`draft_${name}`)).value = written[name];
		}
		form.addEventListener('submit', () => localStorage.removeItem(written.key));
	}
}

const form = document.querySelector('form[data-local-times]');
const field = document.querySelector('#send_at');
if (form instanceof HTMLFormElement && field instanceof HTMLInputElement) {
	/** @param {Date} at as a field of this type wants it: the local time, without a zone */
	const local = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
	if (field.value !== '') {
		field.value = local(new Date(field.value + 'Z'));
	}
	field.min = local(new Date());
	form.addEventListener('formdata', (event) => {
		if (field.value !== '') {
			event.formData.set('send_at', new Date(field.value).toISOString().slice(0, 16));
		}
	});
	document.querySelector('.utc-hint')?.setAttribute('hidden', '');
	document.querySelector('.local-hint')?.removeAttribute('hidden');
	try {
		bringWritten(form);
	} catch {
		/* A browser that keeps nothing. */
	}
}
