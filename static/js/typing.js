/**
 * Who else is typing here, in a line whose place is always kept; and telling the others that this person is. Loaded with the
 * first of either. Nobody is said to be typing for longer than a while by the clock, whatever timers do: a page that slept
 * says nothing of who typed then.
 */
import { blank, clock, element, fragment, room } from './room.js';

/** Since when they were typing, as far as is known. */
const LIFE_MS = 10000;
/** Whoever types on and on says so this often. */
const SPACE_MS = 8000;
/** What is typed right after something was sent is told a little later, so as not to be taken for what came before it. */
const PAUSE_MS = 1000;

/** @type {Map<string, {name: HTMLElement, at: number, until: number}>} by id; at by the server's clock, until by ours */
const people = new Map();
/** @type {number | undefined} */
let timer;
/** Nothing is told before. */
let next = 0;
/** @type {AbortController | null} */
let telling = null;

/** Whether a message of somebody is here that is no older than what was heard of them. @param {string} user @param {number} at */
function hasCome(user, at) {
	const messages = /** @type {NodeListOf<HTMLElement>} */ (room.list.querySelectorAll(`article[data-author="${CSS.escape(user)}"]`));
	return Date.parse(messages[messages.length - 1]?.dataset.time ?? '') >= at;
}

/** Says who is typing now. In a page that nobody sees it says nothing, so that nothing old is seen when somebody does. */
function show() {
	const now = Date.now();
	clearTimeout(timer);
	people.forEach(({ at, until }, user) => (until <= now || hasCome(user, at)) && people.delete(user));
	const all = document.visibilityState === 'visible' ? [...people.values()] : [];
	if (all.length === 0) {
		element('typing').replaceChildren();
		return;
	}
	const words = blank(`typing-${['one', 'two'][all.length - 1] ?? 'many'}`);
	words.querySelectorAll('bdi').forEach((place, i) => place.replaceWith(all[i].name));
	element('typing').replaceChildren(words);
	timer = setTimeout(show, Math.min(...all.map(({ until }) => until)) - now);
}

/** Somebody is typing, or was, if this comes late. @param {string} html their name */
export function heard(html) {
	const name = fragment(html);
	const { user = '' } = name?.dataset ?? {};
	const at = Number(name?.dataset.at);
	const isBlocked = (element('room-head').dataset.blocked ?? '').split(' ').includes(user);
	if (!name || user === room.user || isBlocked) {
		return;
	}
	clock.ahead = Math.max(clock.ahead, at - Date.now());
	people.set(user, { name, at, until: at - clock.ahead + LIFE_MS });
	show();
}

/** Something is typed into the composer: the others are told, now and then. @param {HTMLFormElement} form */
export function tell(form) {
	const now = Date.now();
	/* A clock that was set back does not silence anybody. */
	if ((now < next && next - now <= SPACE_MS) || !navigator.onLine) {
		return;
	}
	next = now + SPACE_MS;
	telling = new AbortController();
	fetch(`${room.path}/typing`, {
		method: 'POST',
		headers: { Accept: 'text/vnd.snug.fragment+html' },
		body: new URLSearchParams({ csrf: /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf')).value }),
		redirect: 'manual',
		signal: telling.signal,
	}).catch(() => {});
}

document.addEventListener('visibilitychange', show);
window.addEventListener('pageshow', show);
new MutationObserver(() => people.size > 0 && show()).observe(room.list, { childList: true });
/* What was being typed is sent. */
document.addEventListener('submit', ({ target }) => {
	if (target instanceof Element && target.id === 'composer') {
		telling?.abort();
		next = Date.now() + PAUSE_MS;
	}
});
