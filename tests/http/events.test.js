// GET /api/v1/events as a stream of server-sent events.

import { openFiles, startSnug } from "../lib/snug.js";
import { Client, history, invitePerson, register, setUp, unique } from "../lib/api.js";
import { endsAtOnce, EventStream, openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const follow = (who, options = {}) => openStream(snug, { token: who.access_token, ...options });
const now = async (who) => (await who.client.get("/events?timeout=0")).json.next;
const created = (stream) => stream.payloads("MESSAGE_CREATE").map((each) => each.content);

test("a stream says what it is", async () => {
	const stream = await follow(bob);
	assert.equal(stream.status, 200);
	assert.match(stream.headers["content-type"], /^text\/event-stream/);
	assert.match(stream.headers["cache-control"], /no-store/);
	assert.equal(stream.headers["content-length"], undefined);
	stream.close();
});

test("each change arrives at once, with Discord's payload, as history has it", async () => {
	const channel = await room();
	const stream = await follow(bob);
	const started = performance.now();
	const made = await owner.client.send(channel, "Hello", { nonce: "n1" });
	const event = await stream.find("MESSAGE_CREATE arrives", (each) => each.event === "MESSAGE_CREATE");
	assert.ok(event.at - started < 12_000, "not only with the next sign of life");
	const payload = JSON.parse(event.data);
	assert.equal(payload.id, made.id);
	assert.equal(payload.guild_id, owner.guild);
	assert.equal(payload.nonce, "n1");
	for (const key of Object.keys(made)) assert.deepEqual(payload[key], made[key], key);
	await owner.client.patch(`/channels/${channel}/messages/${made.id}`, { content: "Hullo" });
	const update = await stream.find("MESSAGE_UPDATE arrives", (each) => each.event === "MESSAGE_UPDATE");
	assert.equal(JSON.parse(update.data).content, "Hullo");
	assert.ok(JSON.parse(update.data).author.id, "it is the full message");
	await owner.client.delete(`/channels/${channel}/messages/${made.id}`);
	const gone = await stream.find("MESSAGE_DELETE arrives", (each) => each.event === "MESSAGE_DELETE");
	assert.deepEqual(JSON.parse(gone.data), { id: made.id, channel_id: channel, guild_id: owner.guild });
	const ids = stream.events.map((each) => Number(each.id));
	assert.ok(ids.every((id, i) => Number.isSafeInteger(id) && (i === 0 || id > ids[i - 1])), `ids grow: ${ids}`);
	stream.close();
});

test("200 messages of four authors reach two followers in the order of history", async () => {
	const channel = await room();
	const people = [owner, bob, await invitePerson(owner), await invitePerson(owner)];
	const streams = await Promise.all([follow(owner, { query: `channel=${channel}` }), follow(bob, { query: `channel=${channel}` })]);
	await Promise.all(people.map(async (who, i) => {
		for (let j = 0; j < 50; j++) await who.client.send(channel, `${i} ${j}`);
	}));
	const expected = (await history(bob.client, channel)).map((each) => each.id);
	assert.equal(expected.length, 200);
	for (const stream of streams) {
		await until("all have arrived", () => stream.payloads("MESSAGE_CREATE").length >= 200);
		assert.deepEqual(stream.payloads("MESSAGE_CREATE").map((each) => each.id), expected);
		stream.close();
	}
});

test("a stream resumes behind Last-Event-ID and behind after, exactly once each, in order", async () => {
	const channel = await room();
	const first = await follow(bob, { query: `channel=${channel}` });
	for (let i = 0; i < 5; i++) await owner.client.send(channel, `m ${i}`);
	await until("five have arrived", () => first.events.length === 5);
	const cursor = first.events[2].id;
	first.close();
	for (let i = 5; i < 8; i++) await owner.client.send(channel, `m ${i}`);
	const resumed = [
		await follow(bob, { query: `channel=${channel}`, lastEventId: cursor }),
		await follow(bob, { query: `channel=${channel}&after=${cursor}` }),
		await follow(bob, { query: `channel=${channel}&after=0`, lastEventId: cursor }),
	];
	for (const stream of resumed) {
		await until("the rest has arrived", () => stream.events.length >= 5);
		await owner.client.get("/users/@me");
		assert.deepEqual(created(stream).slice(0, 5), ["m 3", "m 4", "m 5", "m 6", "m 7"]);
		assert.ok(!stream.events.some((each) => each.event === "gap"));
		stream.close();
	}
});

test("who names a last event id and no time limit follows a stream, whatever it says that it takes", async () => {
	const channel = await room();
	const first = await follow(bob, { query: `channel=${channel}` });
	await owner.client.send(channel, "last");
	const last = await first.find("the last arrives", (each) => each.data.includes('"last"'));
	first.close();
	const cursor = (BigInt(last.id) - 1n).toString();
	for (const accept of ["", "*/*"]) {
		const stream = await follow(bob, { query: `channel=${channel}`, lastEventId: cursor, accept });
		assert.match(stream.headers["content-type"], /^text\/event-stream/, accept);
		await until("the last arrives again", () => created(stream).includes("last"));
		stream.close();
	}
	for (const [query, accept] of [["&timeout=0", "*/*"], ["", "application/json"]]) {
		const poll = await follow(bob, { query: `channel=${channel}${query}`, lastEventId: cursor, accept });
		assert.match(poll.headers["content-type"], /^application\/json/, query + accept);
		poll.close();
	}
});

test("a filter by channel and by types narrows, and the cursor passes what it leaves out", async () => {
	const [one, two] = [await room(), await room()];
	const stream = await follow(bob, { query: `channel=${one}&types=MESSAGE_CREATE,MESSAGE_DELETE` });
	const first = await owner.client.send(one, "first");
	await owner.client.send(two, "elsewhere");
	await owner.client.patch(`/channels/${one}/messages/${first.id}`, { content: "edited" });
	await owner.client.send(one, "last");
	await stream.find("the last arrives", (each) => each.data.includes('"last"'));
	assert.deepEqual(created(stream), ["first", "last"]);
	assert.ok(stream.events.every((each) => each.event === "MESSAGE_CREATE"));
	stream.close();
});

test("an unknown channel or one that I may not see is a 404, a bad cursor a 400, no login a 401", async () => {
	const secret = await room({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	for (const channel of [secret, "1"]) assert.equal((await follow(bob, { query: `channel=${channel}` })).status, 404);
	for (const query of ["after=x", "after=-1", "after=99999999999999999999", "channel=x", "after=1.5"]) {
		const stream = await follow(bob, { query });
		assert.equal(stream.status, 400, query);
		assert.ok(stream.headers["content-length"], "an error has a length");
		stream.close();
	}
	assert.equal((await openStream(snug, {})).status, 401);
	assert.equal((await openStream(snug, { token: "x" })).status, 401);
	for (const lastEventId of ["x", "", "1'--", "-5", "9".repeat(400)]) {
		const stream = await follow(bob, { lastEventId });
		assert.ok([200, 400].includes(stream.status), `Last-Event-ID ${lastEventId.slice(0, 9)}: ${stream.status}`);
		stream.close();
	}
});

test("a quiet client's id advances by heartbeats every 15 s, past what it may not see, and without an event", { parallel: true }, async () => {
	const stranger = await register(snug);
	const stream = await follow(stranger);
	const before = await now(stranger);
	await owner.client.send(owner.channel, "not for strangers");
	const after = await now(owner);
	assert.ok(after > before);
	await until("the id advances", () => Number(stream.lastId) >= after);
	const seen = stream.ids.length;
	await until("heartbeats go on", () => stream.ids.length + stream.comments > seen);
	assert.deepEqual(stream.events, [], "a stranger has seen no event");
	stream.close();
	const resumed = await follow(stranger, { lastEventId: stream.lastId });
	await owner.client.send(owner.channel, "nor this");
	assert.deepEqual(resumed.events, []);
	resumed.close();
});

test("revoking the session closes its streams within a second or so, and no others", { parallel: true }, async () => {
	const carl = await register(snug);
	const login = await new Client(snug).post("/auth/login", { login: carl.name, password: carl.password });
	const [mine, other] = [await follow(carl), await openStream(snug, { token: login.json.access_token })];
	assert.equal((await carl.client.post("/auth/logout", {})).status, 204);
	await endsAtOnce(mine);
	assert.equal(other.isClosed, false);
	other.close();
	assert.equal((await follow(carl)).status, 401);
});

test("revoking a personal token closes the streams that it opened", { parallel: true }, async () => {
	const carl = await register(snug);
	const made = (await carl.client.post("/users/@me/tokens", { name: "follower" })).json;
	const stream = await openStream(snug, { token: made.token });
	assert.equal(stream.status, 200);
	const reply = await carl.client.delete(`/users/@me/tokens/${made.id}`);
	assert.equal(reply.status, 204, reply.text);
	await endsAtOnce(stream);
	assert.equal((await new Client(snug, made.token).get("/users/@me")).status, 401);
});

test("who joins starts to receive on a stream that is open already", { parallel: true }, async () => {
	const carl = await register(snug, { workspace: "Carl's" });
	const stream = await follow(carl);
	await owner.client.send(owner.channel, "before joining");
	// Who may see an event is decided when it is delivered: that must be before he joins.
	const [own] = (await carl.client.get("/users/@me/guilds")).json;
	const [{ id: place }] = (await carl.client.get(`/guilds/${own.id}/channels`)).json;
	const stop = await carl.client.send(place, "a full stop");
	await stream.find("what comes after", (each) => each.data.includes(stop.id));
	const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;
	assert.equal((await carl.client.post(`/invites/${invite.code}`, {})).status, 200);
	const made = await owner.client.send(owner.channel, "after joining");
	await stream.find("the new member receives", (each) => each.data.includes(made.id));
	assert.ok(!stream.events.some((each) => each.data.includes("before joining")));
	stream.close();
});

test("a client that goes away leaves no connection behind in snug-live", async () => {
	const { pid } = snug.parentOf("snug-live");
	const before = openFiles(pid);
	const streams = await Promise.all(Array.from({ length: 50 }, () => follow(bob)));
	const connections = [...openFiles(pid)].filter((each) => !before.has(each));
	assert.ok(connections.length >= 50, `${connections.length}`);
	for (const stream of streams) stream.close();
	await until("they are closed", () => {
		const now = openFiles(pid);
		return !connections.some((each) => now.has(each));
	});
});

test("kill -9 of snug-live: a stream breaks, and resumes by its last id without gap or repetition", async () => {
	const channel = await room();
	let stream = await follow(bob, { query: `channel=${channel}` });
	await owner.client.send(channel, "one");
	await stream.find("one", (each) => each.data.includes('"one"'));
	const cursor = stream.lastId;
	process.kill(snug.parentOf("snug-live").pid, "SIGKILL");
	await stream.closed;
	await owner.client.send(channel, "two");
	const reopened = new EventStream(snug, { token: bob.access_token, query: `channel=${channel}`, lastEventId: cursor });
	await reopened.opened;
	assert.equal(reopened.status, 200, "a connection made while it restarts waits instead of failing");
	await reopened.find("two", (each) => each.data.includes('"two"'));
	assert.deepEqual(created(reopened), ["two"]);
	reopened.close();
});

await run();
