/**
 * The stream of events that this page follows. Each carries the seq it stands at; a new stream begins behind the last that
 * was applied, so nothing is lost or shown twice. Where the server cannot prove that, it says "gap" and the room is loaded
 * anew. Reconnecting is done here and not by EventSource, which neither backs off nor notices a dead line.
 */
import { connection } from './connection.js';
import { apply, canApply, load } from './list.js';
import { reload } from './pages.js';
import { clock, room } from './room.js';
import * as sidebar from './sidebar.js';
import * as unread from './unread.js';

/** The server beats every 15 s; a line that is silent for longer than this is dead. */
const DEAD_MS = 40000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30000;
/** A line that lasted this long was a good one: the next break begins to wait anew. */
const STEADY_MS = 5000;
/** A tab out of sight gives its connection back: browsers allow six to a host by HTTP/1.1. */
const HIDDEN_MS = 60000;
/** Pages that all have the same reason to load the room anew do so one after the other. */
const SPREAD_MS = 1000;

const MESSAGES = [
	'MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK', 'MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE',
	'MESSAGE_REACTION_REMOVE_ALL', 'MESSAGE_REACTION_REMOVE_EMOJI', 'MESSAGE_POLL_VOTE_ADD', 'MESSAGE_POLL_VOTE_REMOVE',
	'MESSAGE_THREAD_UPDATE',
];
/** What may change what stands around the conversation. */
const CHANGES = [
	'CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE', 'CHANNEL_SETTINGS_UPDATE', 'CHANNEL_MEMBER_ADD',
	'CHANNEL_MEMBER_REMOVE', 'CHANNEL_RECIPIENT_ADD', 'CHANNEL_RECIPIENT_REMOVE', 'GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE',
	'GUILD_MEMBER_UPDATE', 'GUILD_ROLE_UPDATE', 'GUILD_ROLE_DELETE', 'THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE',
	'THREAD_MEMBERS_UPDATE', 'USER_UPDATE', 'RELATIONSHIP_ADD', 'RELATIONSHIP_REMOVE',
];

/** @type {EventSource | null} */
let source = null;
let heardAt = 0;
let failures = 0;
let isRefused = false;
/** @type {number | undefined} */
let retryTimer;
/** @type {number | undefined} */
let hiddenTimer;
/** When the line was opened; 0 while it is not. */
let openedAt = 0;
/** @type {import('./list.js').Change[]} */
let queue = [];
/** Where the stream stood before the first in the queue. */
let flushed = room.seq;
/** Called when the line is open again. @type {() => void} */
let opened = () => {};

/** Applies what came in one go: a burst after a wake is one change of the page. */
async function flush() {
	try {
		while (!canApply(queue)) {
			await load();
		}
	} catch {
		/* The room as the server has it shows the same; every page of it may be asking at this moment. */
		close();
		queue = [];
		room.seq = flushed;
		setTimeout(gap, SPREAD_MS * (1 + Math.random()));
		return;
	}
	const events = queue;
	queue = [];
	apply(events);
}

/** @param {MessageEvent<string>} event */
function heard(event) {
	heardAt = Date.now();
	if (event.lastEventId) {
		room.seq = event.lastEventId;
	}
}

/** @param {string} type @param {MessageEvent<string>} event */
function take(type, event) {
	if (queue.length === 0) {
		flushed = room.seq;
	}
	heard(event);
	if (queue.push({ type, seq: event.lastEventId, html: event.data }) === 1) {
		setTimeout(flush, 10);
	}
}

function close() {
	clearTimeout(retryTimer);
	source?.close();
	source = null;
}

/** Whether the room can still be read: a stream that is refused does not tell why. */
async function isStillOurs() {
	try {
		const reply = await fetch(room.path, { method: 'HEAD', redirect: 'manual' });
		return reply.type !== 'opaqueredirect' && ![401, 403, 404].includes(reply.status);
	} catch {
		return true;
	}
}

async function lost() {
	close();
	failures = openedAt > 0 && Date.now() - openedAt > STEADY_MS ? 1 : failures + 1;
	openedAt = 0;
	if (failures % 3 === 2 && !(await isStillOurs())) {
		isRefused = true;
		connection.refused();
		return;
	}
	if (source) {
		return;
	}
	const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
	connection.waiting(Date.now() + wait);
	retryTimer = setTimeout(connect, wait);
}

/** What was missed can no longer be told event by event. */
async function gap() {
	close();
	queue = [];
	try {
		room.seq = await reload();
		connect();
	} catch {
		await lost();
	}
}

function connect() {
	close();
	if (isRefused) {
		return;
	}
	if (failures > 0) {
		connection.trying();
	}
	heardAt = Date.now();
	const query = new URLSearchParams({ channel: room.channel, after: room.seq });
	const stream = new EventSource(`/live?${query}`);
	source = stream;
	stream.addEventListener('open', () => {
		heardAt = Date.now();
		openedAt = heardAt;
		clock.ahead = -Infinity;
		connection.open();
		opened();
	});
	stream.addEventListener('error', () => {
		if (source === stream) {
			void lost();
		}
	});
	for (const type of MESSAGES) {
		stream.addEventListener(type, (event) => take(type, event));
	}
	for (const type of CHANGES) {
		stream.addEventListener(type, (event) => {
			heard(event);
			sidebar.changed(type, event.data);
		});
	}
	stream.addEventListener('NOTE', (event) => {
		heard(event);
		unread.note(event);
	});
	stream.addEventListener('TYPING_START', (event) => {
		heard(event);
		import('./typing.js').then((typing) => typing.heard(event.data)).catch(() => {});
	});
	stream.addEventListener('beat', (event) => {
		heard(event);
		clock.ahead = Math.max(clock.ahead, JSON.parse(event.data).time - heardAt);
	});
	stream.addEventListener('gap', () => void gap());
}

/** After sleep, or when the tab is seen again: timers may have slept too, so look at the clock. */
function wake() {
	clearTimeout(hiddenTimer);
	if (!source || Date.now() - heardAt > DEAD_MS / 2) {
		connect();
	}
}

/** Ends the stream for good: there is nothing here to follow any more. */
export function stop() {
	isRefused = true;
	close();
}

/** @param {() => void} onOpen */
export function start(onOpen) {
	opened = onOpen;
	connection.onRetry(connect);
	setInterval(() => {
		if (source && Date.now() - heardAt > DEAD_MS) {
			void lost();
		}
	}, 5000);
	window.addEventListener('online', connect);
	window.addEventListener('pageshow', (event) => {
		if (event.persisted) {
			wake();
		}
	});
	window.addEventListener('pagehide', close);
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible') {
			wake();
		} else {
			hiddenTimer = setTimeout(close, HIDDEN_MS);
		}
	});
	connect();
}
