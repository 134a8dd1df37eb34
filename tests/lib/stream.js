// Followers: a server-sent events reader (as the HTML standard, section 9.2, has it) and a long-poll loop.

import http from "node:http";
import https from "node:https";
import { assert, until } from "./test.js";

export class EventStream {
	/**
	 * @param {import("./snug.js").Snug} snug
	 * @param {{ token?: string, cookie?: string, lastEventId?: string, path?: string, query?: string, accept?: string }} options
	 */
	constructor(snug, { token, cookie, lastEventId, path = "/api/v1/events", query = "", accept = "text/event-stream", agent } = {}) {
		this.events = []; // [{ id, event, data, at }]
		this.ids = []; // every id line, with heartbeats: [{ id, at }]
		this.comments = 0;
		this.text = "";
		this.bytes = 0;
		this.isClosed = false;
		const headers = accept ? { Accept: accept } : {};
		if (token) headers.Authorization = `Bearer ${token}`;
		if (cookie) headers.Cookie = cookie;
		if (lastEventId !== undefined) headers["Last-Event-ID"] = String(lastEventId);
		this.block = { data: [] };
		this.opened = new Promise((resolve, reject) => {
			const { get } = snug.url.startsWith("https:") ? https : http;
			this.request = get(snug.url + path + (query && `?${query}`), { headers, agent: agent ?? false }, (incoming) => {
				this.incoming = incoming;
				this.status = incoming.statusCode;
				this.headers = incoming.headers;
				incoming.setEncoding("utf8");
				incoming.on("data", (part) => this.feed(part));
				resolve(this);
			});
			this.request.on("error", (error) => reject(error));
		});
		this.opened.catch(() => {});
		this.closed = new Promise((resolve) => {
			this.request.on("close", () => {
				this.isClosed = true;
				resolve();
			});
		});
	}

	feed(part) {
		this.bytes += part.length;
		this.text += part;
		for (let end; (end = this.text.indexOf("\n")) >= 0; ) {
			this.line(this.text.slice(0, end).replace(/\r$/, ""));
			this.text = this.text.slice(end + 1);
		}
	}

	line(line) {
		if (line === "") return this.dispatch();
		if (line.startsWith(":")) return void this.comments++;
		const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
		if (name === "data") this.block.data.push(value);
		else if (name === "event") this.block.event = value;
		else if (name === "id") this.block.id = value;
	}

	/** A block counts when its blank line has come; what a broken connection cut off does not move the last id. */
	dispatch() {
		const { data, event, id } = this.block;
		this.block = { data: [] };
		if (id !== undefined) {
			this.lastId = id;
			this.ids.push({ id, at: performance.now() });
		}
		if (data.length === 0) return;
		this.events.push({ id: this.lastId, event: event ?? "message", data: data.join("\n"), at: performance.now() });
	}

	/** The first event that fits. */
	find(what, fits) {
		return until(what, () => this.events.find(fits));
	}

	/** data of every event of a type, parsed. */
	payloads(type) {
		return this.events.filter((each) => each.event === type).map((each) => JSON.parse(each.data));
	}

	close() {
		this.request.destroy();
	}
}

/**
 * Asserts that a stream ends because of what was done last, within a second or so; a machine that is busy may take some
 * more. What would end it otherwise, if at all, is a sign of life, which comes 15 s after the one before.
 */
export async function endsAtOnce(stream) {
	const started = performance.now();
	await stream.closed;
	const took = performance.now() - started;
	assert.ok(took < 12_000, `the stream ended after ${Math.round(took)} ms`);
}

/** Opens a stream and waits for its headers. */
export async function openStream(snug, options) {
	return new EventStream(snug, options).opened;
}

/** Follows by long polls, from `after` (or now), until stop(); survives refused connections and 5xx as a script would. */
export class LongPoll {
	constructor(client, { after, query = "", timeout = 20 } = {}) {
		Object.assign(this, { client, next: after, query, timeout });
		this.events = [];
		this.gaps = 0;
		this.failures = [];
		this.isStopped = false;
		this.done = this.loop();
	}

	async loop() {
		while (!this.isStopped) {
			const from = this.next === undefined ? "" : `&after=${this.next}`;
			const wait = this.next === undefined ? 0 : this.timeout;
			try {
				const reply = await this.client.get(`/events?timeout=${wait}${from}${this.query && `&${this.query}`}`);
				if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
				if (reply.json.gap) this.gaps++;
				this.events.push(...reply.json.events);
				this.next = reply.json.next;
			} catch (error) {
				this.failures.push(String(error));
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		}
	}

	started() {
		return until("the first long poll answers", () => this.next !== undefined);
	}

	stop() {
		this.isStopped = true;
		this.client.agent.destroy();
		return this.done;
	}
}
