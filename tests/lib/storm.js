// Load with an oracle: writers that insist and followers that resume, so that after any accident it can be said whether
// something was lost, doubled or put out of order.

import { Client, history, invitePerson, nonce } from "./api.js";
import { EventStream } from "./stream.js";
import { assert, until } from "./test.js";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Posts, edits and deletes in one channel; each post is tried again with its nonce until it is acknowledged. */
class Writer {
	constructor(client, channel, name) {
		Object.assign(this, { client, channel, name });
		this.acknowledged = new Map(); // nonce → { id, content (undefined: deleted) }
		this.tries = 0;
		this.answers = {}; // what was answered other than 200
		this.isStopped = false;
	}

	/** Tries until the answer is neither an accident of the connection nor a 5xx. */
	async insist(method, path, body) {
		for (;;) {
			this.tries++;
			let reply;
			try {
				reply = await this.client.request(method, path, body);
			} catch (error) {
				reply = { status: error.code ?? String(error) };
			}
			if (reply.status < 500) return reply;
			this.answers[reply.status] = (this.answers[reply.status] ?? 0) + 1;
			if (this.isAbandoned) return reply;
			await pause(20);
		}
	}

	async loop() {
		const messages = `/channels/${this.channel}/messages`;
		for (let i = 0; !this.isStopped; i++) {
			const value = nonce();
			const content = `${this.name} ${i} ${value}`;
			const reply = await this.insist("POST", messages, { content, nonce: value });
			if (this.isAbandoned) return;
			assert.equal(reply.status, 200, `post: ${reply.status} ${reply.text}`);
			assert.equal(reply.json.content, content);
			this.acknowledged.set(value, { id: reply.json.id, content });
			if (i % 7 === 3) {
				const edited = `${content} (edited)`;
				const answer = await this.insist("PATCH", `${messages}/${reply.json.id}`, { content: edited });
				assert.equal(answer.status, 200, `edit: ${answer.status} ${answer.text}`);
				this.acknowledged.get(value).content = edited;
			}
			if (i % 11 === 5) {
				const answer = await this.insist("DELETE", `${messages}/${reply.json.id}`);
				assert.ok([204, 404].includes(answer.status), `delete: ${answer.status} ${answer.text}`);
				this.acknowledged.get(value).content = undefined;
			}
		}
	}
}

/** What a follower knows of a channel from its events alone. */
class View {
	constructor() {
		this.created = []; // ids in the order of their MESSAGE_CREATE
		this.contents = new Map();
		this.last = 0;
		this.faults = [];
	}

	take(seq, type, payload) {
		if (!(seq > this.last)) this.faults.push(`seq ${seq} after ${this.last}`);
		this.last = seq;
		if (type === "MESSAGE_CREATE") {
			this.created.push(payload.id);
			if (this.contents.has(payload.id)) this.faults.push(`${payload.id} was made twice`);
			this.contents.set(payload.id, payload.content);
		} else if (type === "MESSAGE_UPDATE") this.contents.set(payload.id, payload.content);
		else if (type === "MESSAGE_DELETE") this.contents.delete(payload.id);
		else if (type === "gap") this.faults.push(`gap at ${seq}`);
	}
}

class StreamFollower extends View {
	constructor(snug, token, channel, cursor) {
		super();
		Object.assign(this, { snug, token, channel, cursor, connections: 0 });
		this.name = "stream";
	}

	async loop() {
		while (!this.isStopped) {
			this.connections++;
			this.stream = new EventStream(this.snug, { token: this.token, query: `channel=${this.channel}`, lastEventId: this.cursor });
			const { stream } = this;
			stream.dispatch = () => {
				const { data, event, id } = stream.block;
				stream.block = { data: [] };
				if (id !== undefined) this.cursor = id;
				if (data.length) this.take(Number(id), event, JSON.parse(data.join("\n")));
			};
			await stream.opened.catch(() => {});
			if (stream.status !== undefined && stream.status !== 200 && stream.status < 500) this.faults.push(`status ${stream.status}`);
			await stream.closed;
			if (!this.isStopped) await pause(20);
		}
	}

	stop() {
		this.isStopped = true;
		this.stream?.close();
	}
}

class PollFollower extends View {
	constructor(client, channel, cursor) {
		super();
		Object.assign(this, { client, channel, cursor, connections: 0 });
		this.name = "long poll";
	}

	async loop() {
		while (!this.isStopped) {
			this.connections++;
			try {
				const reply = await this.client.get(`/events?timeout=10&channel=${this.channel}&after=${this.cursor}`);
				if (reply.status !== 200) {
					if (reply.status < 500) this.faults.push(`status ${reply.status} ${reply.text}`);
					throw new Error(String(reply.status));
				}
				if (reply.json.gap) this.faults.push("gap");
				for (const { seq, t, d } of reply.json.events) this.take(seq, t, d);
				this.cursor = reply.json.next;
			} catch {
				await pause(20);
			}
		}
	}

	stop() {
		this.isStopped = true;
		this.client.agent.destroy();
	}
}

export class Storm {
	/** @param {{ writers?: number, followers?: number }} options followers of each kind */
	constructor(snug, owner, { writers = 4, followers = 2 } = {}) {
		Object.assign(this, { snug, owner, channel: owner.channel });
		this.sizes = { writers, followers };
	}

	async start() {
		const { snug, owner, channel } = this;
		const people = await Promise.all(Array.from({ length: this.sizes.writers }, () => invitePerson(owner)));
		// A personal token does not end after 15 minutes, however long a storm lasts.
		for (const person of people) person.token = (await person.client.post("/users/@me/tokens", { name: "storm" })).json.token;
		const cursor = (await owner.client.get("/events?timeout=0")).json.next;
		this.writers = people.map((person, i) => new Writer(new Client(snug, person.token), channel, `w${i}`));
		this.followers = Array.from({ length: this.sizes.followers }, (_, i) => [
			new StreamFollower(snug, people[i % people.length].token, channel, cursor),
			new PollFollower(new Client(snug, people[i % people.length].token), channel, cursor),
		]).flat();
		this.loops = [...this.writers, ...this.followers].map((each) => each.loop());
		await until("every writer has written", () => this.writers.every((each) => each.acknowledged.size > 2));
		return this;
	}

	get acknowledged() {
		return this.writers.reduce((sum, each) => sum + each.acknowledged.size, 0);
	}

	/** Stops the writers, lets the followers catch up, and asserts everything that must hold. */
	async finish() {
		for (const writer of this.writers) writer.isStopped = true;
		await Promise.all(this.loops.slice(0, this.writers.length));
		const found = await history(this.owner.client, this.channel);
		// The last event may be an edit, which adds nothing and takes nothing away.
		const hasAll = ({ contents }) => contents.size === found.length && found.every(({ id, content }) => contents.get(id) === content);
		await until("every follower has caught up with the history", () => this.followers.every(hasAll), { pause: 50 }).catch((error) => {
			const states = this.followers.map((each) => `${each.name}: ${each.contents.size} of ${found.length}, ${each.faults}`);
			error.message += `\n${states.join("\n")}`;
			throw error;
		});
		for (const follower of this.followers) follower.stop();
		await Promise.all(this.loops);
		this.judge(found);
		return found;
	}

	judge(found) {
		const ids = found.map((each) => each.id);
		assert.equal(new Set(ids).size, ids.length, "an id stands twice in the history");
		const byContent = new Map();
		for (const { content } of found) {
			const value = content.split(" ")[2];
			byContent.set(value, (byContent.get(value) ?? 0) + 1);
		}
		const now = new Map(found.map((each) => [each.id, each.content]));
		for (const writer of this.writers)
			for (const [value, { id, content }] of writer.acknowledged) {
				assert.equal(now.get(id), content, `${id} was acknowledged so`);
				assert.equal(byContent.get(value) ?? 0, content === undefined ? 0 : 1, `nonce ${value}`);
			}
		assert.equal(found.length, [...this.writers].reduce((sum, each) => sum + [...each.acknowledged.values()].filter(({ content }) => content !== undefined).length, 0), "the history holds what was acknowledged and nothing else");
		for (const follower of this.followers) {
			assert.deepEqual(follower.faults, [], `${follower.name} after ${follower.connections} connections`);
			const kept = follower.created.filter((id) => now.has(id));
			assert.deepEqual(kept, ids, `${follower.name}: the order of history`);
			assert.deepEqual(new Map([...follower.contents].sort()), new Map([...now].sort()), `${follower.name}: events applied give the history`);
		}
	}

	abandon() {
		for (const writer of this.writers) writer.isAbandoned = writer.isStopped = true;
		for (const follower of this.followers) follower.stop();
	}
}

/** What can be killed: a name and a choice of the process. Children of a pool are told from their parents. */
const victims = {
	"the store": (snug) => snug.parentOf("snug-store"),
	"a child of api": (snug) => snug.processes("snug-api").find((each) => each.ppid !== snug.pid),
	"the parent of api": (snug) => snug.parentOf("snug-api"),
	"live": (snug) => snug.parentOf("snug-live"),
	"a child of web": (snug) => snug.processes("snug-web").find((each) => each.ppid !== snug.pid),
	"lighttpd": (snug) => snug.parentOf("lighttpd"),
	"the parent of web": (snug) => snug.parentOf("snug-web"),
	"the worker": (snug) => snug.parentOf("snug-worker"),
};

/** Kills each program in turn at random moments and measures how long the service is away: [{ victim, awayMs }]. */
export async function killInTurn(storm, count) {
	const { snug, owner } = storm;
	const names = Object.keys(victims);
	const kills = [];
	for (let i = 0; i < count; i++) {
		await pause(30 + Math.random() * 250);
		const name = names[i % names.length];
		const found = await until(`${name} runs`, () => victims[name](snug));
		process.kill(found.pid, "SIGKILL");
		const started = performance.now();
		const probe = new Client(snug, owner.token);
		await until(
			`everything answers after ${name} was killed`,
			async () => {
				const asked = [
					probe.get(`/channels/${owner.channel}/messages?limit=1`),
					probe.patch(`/channels/${owner.channel}`, { topic: `kill ${i}` }),
					probe.get("/events?timeout=0"),
					snug.request("/login"),
				];
				const replies = await Promise.all(asked.map((each) => each.catch(() => ({ status: 0 }))));
				return replies.every((reply) => reply.status === 200);
			},
			{ pause: 10 },
		);
		probe.close();
		kills.push({ victim: name, awayMs: Math.round(performance.now() - started) });
	}
	return kills;
}

/**
 * Asserts what is promised of the time, by the middle one of the kills of each victim: a machine that is busy with much
 * else can hold up any one of them.
 */
export function assertBackInTime(kills, limitMs) {
	const away = {};
	for (const { victim, awayMs } of kills) (away[victim] ??= []).push(awayMs);
	for (const each of Object.values(away)) each.sort((a, b) => a - b);
	const middle = (sorted) => sorted[(sorted.length - 1) >> 1];
	const text = Object.entries(away).map(([victim, each]) => `${victim} ${middle(each)} ms (at worst ${each.at(-1)})`).join(", ");
	console.log(`# ${kills.length} kills; away for ${text}`);
	assert.ok(Object.values(away).every((each) => middle(each) <= limitMs), `answers again within ${limitMs} ms: ${text}`);
}
