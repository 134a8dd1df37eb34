/**
 * Editing a message where it stands: what its edit page has to be typed, in the place of the words, saved from here. Loaded when
 * asked for; the link leads to that page. The form outlives whatever else comes to the message: carryEdit() of list.js.
 */
import { sends } from './compose.js';
import { apply, articles, load } from './list.js';
import { isLoggedOut, reasonOf } from './outbox.js';
import { blank, element, FRAGMENT, fragment, room } from './room.js';
import { keepPlace } from './scroll.js';

/** @param {HTMLFormElement} form */
function fieldOf(form) {
	return /** @type {HTMLTextAreaElement} */ (form.querySelector('textarea'));
}

/** @param {HTMLFormElement} form */
function isChanged(form) {
	const { value, defaultValue } = fieldOf(form);
	return value !== defaultValue;
}

/** @returns {HTMLFormElement[]} */
function open() {
	return [...room.list.querySelectorAll('form.message-edit')].map((form) => /** @type {HTMLFormElement} */ (form));
}

/** @param {HTMLFormElement} form @param {Element | null} back gets the focus, if it is there yet */
function close(form, back) {
	const article = form.closest('article');
	keepPlace(() => {
		article?.removeAttribute('data-editing');
		form.remove();
	});
	/* What leads to its actions is shown once the message has the focus, and only what is shown can take it. */
	article?.focus({ preventScroll: true });
	if (back?.isConnected) {
		/** @type {HTMLElement} */ (back).focus({ preventScroll: true });
	}
}

/** The message went while it was edited: the words are kept where one writes. @param {string} text */
function rescue(text) {
	const content = document.getElementById('content');
	if (content instanceof HTMLTextAreaElement && content.checkVisibility() && content.value === '') {
		content.value = text;
		content.dispatchEvent(new Event('input'));
		return;
	}
	const kept = blank('unsent-blank');
	/** @type {HTMLTextAreaElement} */ (kept.querySelector('textarea')).value = text;
	element('room-foot').append(kept);
	element('room-foot').hidden = false;
}

/** What is saved is shown, unless an event has told of it, or of a later one. @param {string} html */
async function show(html) {
	await load();
	const article = fragment(html);
	const shown = articles().find(({ id }) => id === article?.id);
	if (article && shown && (Date.parse(shown.dataset.edited ?? '') || 0) < Date.parse(article.dataset.edited ?? '')) {
		apply([{ type: 'MESSAGE_UPDATE', seq: room.seq, html }]);
	}
}

/** @param {HTMLFormElement} form @param {string} [why] it was not saved */
function complain(form, why) {
	const problem = /** @type {HTMLElement} */ (form.querySelector('.problem'));
	problem.hidden = why === undefined;
	/** @type {HTMLElement} */ (problem.querySelector('.why')).textContent = why ? `: ${why}` : '.';
}

/** @param {HTMLFormElement} form @param {string} csrf @returns {Promise<boolean>} */
async function save(form, csrf) {
	const body = new URLSearchParams({ csrf, content: fieldOf(form).value });
	const reply = await fetch(form.action, { method: 'POST', headers: { Accept: FRAGMENT }, body, redirect: 'manual' }).catch(() => null);
	if (reply?.ok) {
		await show(await reply.text());
		return true;
	}
	const why = !reply ? '' : isLoggedOut(reply) ? blank('why-edit-401').textContent : await reasonOf(reply);
	complain(form, why ?? '');
	return false;
}

/**
 * @param {HTMLElement} article @param {HTMLAnchorElement} link to the page on which it is edited
 * @param {Element | null} [back] where the focus goes afterwards
 */
export async function edit(article, link, back = link) {
	const reply = await fetch(link.href, { headers: { Accept: 'text/html' }, redirect: 'manual' });
	const other = new DOMParser().parseFromString(await reply.text(), 'text/html');
	const typed = other.querySelector('form textarea[name="content"]');
	const csrf = other.querySelector('form input[name="csrf"]')?.getAttribute('value');
	const stands = document.getElementById(article.id);
	if (!reply.ok || !(typed instanceof HTMLTextAreaElement) || !csrf || !stands) {
		throw new Error(`${link.href}: ${reply.status}`);
	}
	if (stands.querySelector('.message-edit')) {
		/** @type {HTMLElement} */ (stands.querySelector('.message-edit textarea')).focus();
		return;
	}
	const form = /** @type {HTMLFormElement} */ (blank('edit-blank'));
	const field = fieldOf(form);
	form.action = link.href;
	field.defaultValue = typed.value;
	let isSaving = false;
	const end = () => {
		observer.disconnect();
		close(form, back);
	};
	const observer = new MutationObserver(() => {
		if (!form.isConnected) {
			observer.disconnect();
			if (isChanged(form)) {
				rescue(field.value);
			}
		}
	});
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		if (isSaving) {
			return;
		}
		complain(form);
		isSaving = true;
		if (!isChanged(form) || (await save(form, csrf))) {
			end();
		}
		isSaving = false;
	});
	form.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && !event.isComposing) {
			/* It ends this alone, and not what else Esc ends. */
			event.preventDefault();
			event.stopPropagation();
			end();
		} else if (event.target === field && sends(event)) {
			event.preventDefault();
			form.requestSubmit();
		}
	});
	form.querySelector('.edit-cancel')?.addEventListener('click', end);
	keepPlace(() => {
		stands.dataset.editing = '';
		stands.querySelector('.message-text')?.after(form);
	});
	observer.observe(room.list, { childList: true, subtree: true });
	field.focus({ preventScroll: true });
	field.setSelectionRange(field.value.length, field.value.length);
	form.scrollIntoView({ block: 'nearest' });
}

window.addEventListener('beforeunload', (event) => {
	if (open().some(isChanged)) {
		event.preventDefault();
	}
});
