/** The list of channels in the sidebar, kept as the events say. */
import { compareIds, element, fragment, room } from './room.js';

/** @param {HTMLElement} a @param {HTMLElement} b */
function compare(a, b) {
	return Number(a.dataset.position) - Number(b.dataset.position) || compareIds(a.dataset.id ?? '', b.dataset.id ?? '');
}

/** @param {HTMLElement} item of the channel that this page shows */
function rename(item) {
	const name = item.querySelector('.channel-name')?.textContent ?? '';
	const heading = room.main.querySelector('h1 .channel-name');
	if (heading && heading.textContent !== name) {
		document.title = document.title.replace(`#${heading.textContent}`, `#${name}`);
		heading.textContent = name;
	}
	item.querySelector('a')?.setAttribute('aria-current', 'page');
}

/** @param {string} type @param {string} html */
export function apply(type, html) {
	const item = fragment(html);
	if (!item?.dataset.id) {
		return;
	}
	document.getElementById(item.id)?.remove();
	if (type === 'CHANNEL_DELETE') {
		if (item.dataset.id === room.channel) {
			location.assign('/');
		}
		return;
	}
	const items = [.../** @type {HTMLCollectionOf<HTMLElement>} */ (element('channels').children)];
	const next = items.find((other) => compare(item, other) < 0);
	element('channels').insertBefore(item, next ?? null);
	if (item.dataset.id === room.channel) {
		rename(item);
	}
}
