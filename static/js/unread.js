/**
 * What is unread: the marks beside the names in the sidebar, the number in the title, and telling the server what was
 * read here. The server renders how it stood at some seq; from there each note of the stream is counted. A message that
 * is read where it comes is never counted, so that nothing flickers.
 */
import { heard as heardDraft } from './draft.js';
import { blank, compareIds, element, FRAGMENT, fragment, isLatest, room, targets } from './room.js';
import { isAtBottom } from './scroll.js';

/** What somebody sees for this long they have read. */
const WAIT_MS = 500;
/** Between two reports: a busy conversation is reported now and then, not message by message. */
const SPACE_MS = 1500;
const RETRY_MS = 5000;
const BADGE_MOST = 99;

/** The seq at which what stands in the sidebar was read: earlier notes are in it. */
let seq = '0';
/** Ids that a message mentions to mention this reader. @type {Set<string>} */
let mine = new Set();
/** Whose mentions are none. @type {Set<string>} */
let blocked = new Set();
/** Something came here that the server does not know to be read. */
let isPending = false;
let isSending = false;
let reportedAt = 0;
/** @type {number | undefined} */
let timer;
/** Asks for the sidebar anew. */
let refresh = () => {};

/** @param {string} channel @returns {HTMLElement | null} its entry, where its reader is in it */
function placeOf(channel) {
	const place = document.getElementById(`c-${channel}`);
	return place && 'unread' in place.dataset ? place : null;
}

/** @param {HTMLElement} place */
function badgeOf({ dataset }) {
	return Number('direct' in dataset && !('muted' in dataset) ? dataset.unread : dataset.mentions);
}

/** @param {number} count */
function figure(count) {
	return count > BADGE_MOST ? `${BADGE_MOST}+` : String(count);
}

/** The title and the icon of the tab say what the sidebar says. */
function retitle() {
	const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#sidebar [data-unread]')]);
	const total = places.reduce((sum, place) => sum + badgeOf(place), 0);
	const title = element('room-head').dataset.title ?? '';
	document.title = total > 0 ? `(${figure(total)}) ${title}` : title;
	const icon = document.querySelector('link[rel="icon"]');
	const name = total > 0 ? 'icon-unread.svg' : 'icon.svg';
	const href = icon?.getAttribute('href')?.replace(/icon(-unread)?\.svg$/, name);
	if (icon && href && icon.getAttribute('href') !== href) {
		icon.setAttribute('href', href);
	}
}

/** @param {HTMLElement} place @param {number} unread @param {number} mentions */
function show(place, unread, mentions) {
	place.dataset.unread = String(unread);
	place.dataset.mentions = String(mentions);
	const badge = /** @type {HTMLElement | null} */ (place.querySelector('.badge'));
	const word = /** @type {HTMLElement | null} */ (place.querySelector('.unread-word'));
	const link = place.querySelector('a');
	const count = badgeOf(place);
	if (badge) {
		badge.textContent = count > 0 ? figure(count) : '';
		badge.hidden = count === 0;
	}
	if (word) {
		word.hidden = unread === 0;
	}
	if (link) {
		const [path] = (link.getAttribute('href') ?? '').split(/[?#]/);
		link.setAttribute('href', unread > 0 ? `${path}?unread#unread` : path);
	}
	retitle();
}

function isReading() {
	return document.visibilityState === 'visible' && isLatest() && isAtBottom() && !('unreadKept' in room.main.dataset);
}

function lastId() {
	const all = /** @type {HTMLElement[]} */ ([...room.list.querySelectorAll('article[data-id]')]);
	return all.at(-1)?.dataset.id ?? '';
}

/** @param {HTMLFormElement} form */
async function report(form) {
	const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
	body.set('last_id', lastId());
	isPending = false;
	const reply = await fetch(form.action, {
		method: 'POST',
		headers: { Accept: FRAGMENT },
		body,
		redirect: 'manual',
		keepalive: true,
	});
	if (reply.status === 429 || reply.status >= 500) {
		throw new Error(String(reply.status));
	}
}

/** Says what was read, when there is something to say and somebody reads. */
function settle() {
	const form = document.getElementById('ack');
	const place = placeOf(room.channel);
	const isOpen = isPending || Number(place?.dataset.unread ?? 0) > 0;
	if (!(form instanceof HTMLFormElement) || isSending || !isOpen || !lastId() || !isReading()) {
		return;
	}
	isSending = true;
	reportedAt = Date.now();
	report(form).then(
		() => {
			isSending = false;
			if (isPending) {
				soon();
			}
		},
		() => {
			isSending = false;
			isPending = true;
			soon(RETRY_MS);
		},
	);
}

/** @param {number} [wait] */
function soon(wait = WAIT_MS) {
	clearTimeout(timer);
	timer = setTimeout(settle, Math.max(wait, reportedAt + SPACE_MS - Date.now()));
}

function clearLine() {
	document.getElementById('unread')?.remove();
}

/** Above the conversation stands how much of it is unread. The line in it stays for as long as this reader does. @param {boolean} isShown */
function showBar(isShown) {
	for (const id of ['unread-bar', 'ack']) {
		const part = document.getElementById(id);
		if (part) {
			part.hidden = !isShown;
		}
	}
}

/** @param {DOMStringMap} data */
function created(data) {
	const channel = data.channel ?? '';
	const place = placeOf(channel);
	const isHere = channel === room.channel;
	if (data.author === room.user) {
		if (place) {
			show(place, 0, 0);
		}
		if (isHere) {
			delete room.main.dataset.unreadKept;
			showBar(false);
			clearLine();
		}
		return;
	}
	if (isHere && isReading()) {
		isPending = true;
		soon();
		return;
	}
	if (place) {
		const named = (data.targets ?? '').split(' ');
		const isMention = !blocked.has(data.author ?? '') && named.some((id) => mine.has(id) || id === channel);
		show(place, Number(place.dataset.unread) + 1, Number(place.dataset.mentions) + (isMention ? 1 : 0));
	}
}

/** They write somewhere, or no more: here, or on another device. @param {DOMStringMap} data @param {string} revision */
function drafted(data, revision) {
	/** @type {HTMLElement | null} */
	const mark = document.querySelector(`#c-${data.channel} .draft-mark`);
	if (mark) {
		mark.hidden = 'deleted' in data;
	}
	if (data.channel === room.channel) {
		heardDraft(revision, 'deleted' in data);
	}
}

/**
 * The reader wants to have it unread from a message on, whose line moves there: what they see of it is not reported from
 * here on, until they write or leave.
 * @param {HTMLElement} article
 */
export function keepFrom(article) {
	room.main.dataset.unreadKept = '';
	clearTimeout(timer);
	clearLine();
	article.before(blank('unread-line-blank'));
	showBar(true);
}

/** Hears of a conversation, shown or not. @param {MessageEvent<string>} event */
export function note(event) {
	const data = fragment(event.data)?.dataset;
	if (!data || compareIds(event.lastEventId, seq) <= 0) {
		return;
	}
	const place = placeOf(data.channel ?? '');
	if (data.note === 'draft') {
		drafted(data, event.lastEventId);
	} else if (data.note === 'create') {
		created(data);
	} else if (data.note === 'ack' && place) {
		show(place, Number(data.unread), Number(data.mentions));
		if (data.channel === room.channel && Number(data.unread) === 0) {
			showBar(false);
		}
	} else if (data.note === 'delete' && place && Number(place.dataset.unread) > 0) {
		/* Whose it was, and whether it was among the unread ones, the server knows. */
		refresh();
	}
}

/** Goes on from what the server has rendered. */
export function take() {
	seq = element('room-head').dataset.unreadSeq ?? seq;
	mine = targets();
	blocked = new Set((element('room-head').dataset.blocked ?? '').split(' '));
	retitle();
	soon();
}

/** @param {() => void} askAnew */
export function start(askAnew) {
	refresh = askAnew;
	take();
	const line = document.getElementById('unread');
	if (line && ['', '#unread'].includes(location.hash)) {
		line.scrollIntoView({ block: 'start' });
	}
	if (new URLSearchParams(location.search).has('unread')) {
		history.replaceState(history.state, '', isLatest() ? room.path : location.pathname + location.search);
	}
	room.history.addEventListener('scroll', () => {
		if (isReading()) {
			soon();
		}
	}, { passive: true });
	document.addEventListener('visibilitychange', () => soon());
	document.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && !document.querySelector('dialog[open], details[open]')) {
			clearLine();
		}
	});
}
