/**
 * The menu of one message: the list that stands on the message's own page, fetched for this reader and shown beside the
 * message. Its links lead where they lead; its forms are sent from here, and what they change comes as an event.
 */
import { closeWithoutMessage } from './dialog.js';
import { copy } from './clipboard.js';
import { leaveFor } from './connection.js';
import { answer } from './reply.js';
import { blank, element } from './room.js';
import { keepFrom } from './unread.js';

/** @type {HTMLDialogElement | null} */
let dialog = null;

function close() {
	dialog?.close();
}

/** @param {string} url @returns {Promise<HTMLElement>} */
async function load(url) {
	const reply = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'manual' });
	const other = new DOMParser().parseFromString(await reply.text(), 'text/html');
	const list = other.getElementById('message-menu');
	if (!reply.ok || !list) {
		throw new Error(`${url}: ${reply.status}`);
	}
	return /** @type {HTMLElement} */ (document.importNode(list, true));
}

/** @param {HTMLFormElement} form @param {HTMLElement} article */
async function send(form, article) {
	if (form.matches('.mark-unread')) {
		keepFrom(document.getElementById(article.id) ?? article);
	}
	const fields = new URLSearchParams();
	new FormData(form).forEach((value, name) => fields.set(name, String(value)));
	const reply = await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual' }).catch(() => null);
	if (reply?.type === 'opaqueredirect' || reply?.ok) {
		close();
	} else {
		/* The page that says what is wrong comes of sending it as a page does. */
		form.submit();
	}
}

/** @param {HTMLElement} article @param {HTMLElement} list @param {string} page of the message */
function follow(article, list, page) {
	list.addEventListener('click', (event) => {
		const target = event.target instanceof Element ? event.target.closest('a, button') : null;
		if (target?.matches('.menu-reply') && document.getElementById('composer')?.hidden === false) {
			event.preventDefault();
			close();
			answer(article);
		} else if (target?.matches('.menu-edit')) {
			event.preventDefault();
			close();
			const link = /** @type {HTMLAnchorElement} */ (target);
			import('./edit.js').then(({ edit }) => edit(article, link, document.getElementById(article.id))).catch(() => leaveFor(link.href));
		} else if (target?.matches('.menu-react')) {
			event.preventDefault();
			close();
			const link = /** @type {HTMLAnchorElement} */ (target);
			import('./picker.js').then((picker) => picker.open(article, link)).catch(() => leaveFor(link.href));
		} else if (target?.matches('.copy-link')) {
			/* On the page of the message its address can be selected. */
			void copy(list.dataset.link ?? '', list).then((isCopied) => (isCopied ? close() : leaveFor(page)));
		}
	});
	list.addEventListener('submit', (event) => {
		if (event.target instanceof HTMLFormElement && event.target.method === 'post') {
			event.preventDefault();
			void send(event.target, article);
		}
	});
	list.addEventListener('keydown', (event) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
		const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('a, button')].filter((item) => item.checkVisibility()));
		const at = items.findIndex((item) => item === document.activeElement);
		if (step !== 0 && items.length > 0) {
			event.preventDefault();
			items[(at + step + items.length) % items.length].focus();
		}
	});
}

/** Beside the link, within the window; on a narrow one the style sheet puts it at the bottom. @param {HTMLElement} link */
function place(link) {
	const menu = /** @type {HTMLDialogElement} */ (dialog);
	const at = link.getBoundingClientRect();
	const { offsetWidth: width, offsetHeight: height } = menu;
	const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
	const top = at.bottom + 4 + height <= innerHeight ? at.bottom + 4 : Math.max(8, at.top - 4 - height);
	menu.style.setProperty('--menu-left', `${left}px`);
	menu.style.setProperty('--menu-top', `${top}px`);
}

/** @param {HTMLElement} article @param {HTMLAnchorElement} link to the page of the message */
export async function open(article, link) {
	const list = await load(link.href);
	if (dialog?.open) {
		return;
	}
	if (!dialog) {
		dialog = /** @type {HTMLDialogElement} */ (blank('menu-blank'));
		element('room').append(dialog);
		dialog.addEventListener('click', (event) => event.target === dialog && close());
	}
	dialog.replaceChildren(list);
	follow(article, list, link.href);
	dialog.addEventListener('close', () => {
		/* The bar of a message that has the focus is shown, and only what is shown can take it. */
		document.getElementById(article.id)?.focus({ preventScroll: true });
		link.focus({ preventScroll: true });
	}, { once: true });
	dialog.showModal();
	place(link);
	closeWithoutMessage(dialog, article);
	/** @type {HTMLElement | null} */ (list.querySelector('a, button'))?.focus();
}
