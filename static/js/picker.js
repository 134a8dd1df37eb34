/**
 * All emoji, to react with one: the part of their page that shows them, fetched and shown beside the message. It is looked for
 * by words or by kind on the server, as without a script. Loaded when asked for.
 */
import { closeWithoutMessage } from './dialog.js';
import { react } from './reactions.js';
import { blank, element } from './room.js';

/** Between a key and the question, so that a word is asked for and not each of its letters. */
const WAIT_MS = 150;

/** @param {string} url @returns {Promise<HTMLElement>} */
async function load(url) {
	const reply = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'manual' });
	const other = new DOMParser().parseFromString(await reply.text(), 'text/html');
	const found = other.getElementById('emoji-picker');
	if (!reply.ok || !found) {
		throw new Error(`${url}: ${reply.status}`);
	}
	return /** @type {HTMLElement} */ (document.importNode(found, true));
}

/** Arrows go through the emoji as they stand, from the field down into them and back. @param {HTMLElement} dialog @param {KeyboardEvent} event */
function moved(dialog, event) {
	const items = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll('.emoji-grid button')]);
	const at = items.findIndex((item) => item === document.activeElement);
	const field = /** @type {HTMLElement} */ (dialog.querySelector('input'));
	if (items.length === 0 || (at < 0 && (event.key !== 'ArrowDown' || document.activeElement !== field))) {
		return;
	}
	const columns = Math.max(1, items.findIndex((item) => item.offsetTop > items[0].offsetTop));
	const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key] ?? 0;
	if (step !== 0) {
		event.preventDefault();
		(at < 0 ? items[0] : at + step < 0 ? field : items[Math.min(at + step, items.length - 1)]).focus();
	}
}

/** @param {HTMLElement} article @param {HTMLAnchorElement} link to the page with all emoji */
export async function open(article, link) {
	const dialog = /** @type {HTMLDialogElement} */ (blank('picker-blank'));
	const field = /** @type {HTMLInputElement} */ (dialog.querySelector('input'));
	const place = /** @type {HTMLElement} */ (dialog.querySelector('.picker-place'));
	/** @type {number | undefined} */
	let timer;
	let asked = 0;
	/** Answers that were overtaken are not shown. @param {Record<string, string>} what */
	const show = async (what) => {
		const number = ++asked;
		const found = await load(`${link.href}?${new URLSearchParams(what)}`);
		if (number === asked) {
			place.replaceChildren(found);
		}
	};
	await show({});
	field.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(() => void show(field.value.trim() === '' ? {} : { q: field.value }).catch(() => {}), WAIT_MS);
	});
	dialog.addEventListener('keydown', (event) => moved(dialog, event));
	dialog.addEventListener('click', (event) => {
		const target = event.target instanceof Element ? event.target.closest('a, button, dialog') : null;
		if (target instanceof HTMLAnchorElement) {
			event.preventDefault();
			field.value = '';
			void show(Object.fromEntries(new URL(target.href).searchParams)).catch(() => {});
		} else if (target instanceof HTMLButtonElement) {
			event.preventDefault();
			dialog.close();
			void react(article, target.value);
		} else if (event.target === dialog) {
			dialog.close();
		}
	});
	field.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter' || event.isComposing || field.value.trim() === '') {
			return;
		}
		/* The first that is found, of what stands there now. */
		event.preventDefault();
		clearTimeout(timer);
		show({ q: field.value }).then(
			() => /** @type {HTMLElement | null} */ (place.querySelector('.emoji-grid button'))?.click(),
			() => {},
		);
	});
	dialog.addEventListener('close', () => {
		clearTimeout(timer);
		dialog.remove();
		document.getElementById(article.id)?.focus({ preventScroll: true });
		link.focus({ preventScroll: true });
	}, { once: true });
	element('room').append(dialog);
	dialog.showModal();
	closeWithoutMessage(dialog, article);
	field.focus();
}
