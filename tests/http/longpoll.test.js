// GET /api/v1/events as a long poll: {"events":[{"seq","t","d"}],"next":SEQ,"gap":false}.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, register, setUp, unique } from "../lib/api.js";
import { LongPoll, openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const poll = async (who, query) => {
	const reply = await who.client.get(`/events?${query}`);
	assert.equal(reply.status, 200, `${reply.status} ${reply.text}`);
	return reply.json;
};

test("without after it starts now, and next is a number below 2^53", async () => {
	await owner.client.send(owner.channel, "past");
	const reply = await bob.client.get("/events?timeout=0");
	assert.equal(reply.headers["content-type"], "application/json");
	assert.match(reply.headers["cache-control"], /no-store/);
	assert.deepEqual(Object.keys(reply.json).sort(), ["events", "gap", "next"]);
	assert.deepEqual(reply.json.events, []);
	assert.equal(reply.json.gap, false);
	assert.ok(Number.isSafeInteger(reply.json.next), reply.text);
});

test("it returns at once what there is, each once, in order", async () => {
	const channel = await room();
	const { next } = await poll(bob, "timeout=0");
	const made = await owner.client.send(channel, "one");
	await owner.client.send(channel, "two");
	const started = performance.now();
	const page = await poll(bob, `after=${next}&timeout=60`);
	assert.ok(performance.now() - started < 30_000, "it did not wait for more");
	assert.deepEqual(page.events.map((each) => [each.t, each.d.content]), [["MESSAGE_CREATE", "one"], ["MESSAGE_CREATE", "two"]]);
	for (const event of page.events) assert.deepEqual(Object.keys(event).sort(), ["d", "seq", "t"]);
	for (const key of Object.keys(made)) assert.deepEqual(page.events[0].d[key], made[key], key);
	assert.ok(page.next >= page.events[1].seq);
	assert.deepEqual((await poll(bob, `after=${page.next}&timeout=0`)).events, []);
	assert.deepEqual((await poll(bob, `after=${page.events[0].seq}&timeout=0`)).events.map((each) => each.d.content), ["two"]);
});

test("it waits for what is not there yet, and answers the moment it is", async () => {
	const { next } = await poll(bob, "timeout=0");
	const waiting = poll(bob, `after=${next}&timeout=60`);
	await new Promise((resolve) => setTimeout(resolve, 300));
	const started = performance.now();
	await owner.client.send(owner.channel, "now");
	const page = await waiting;
	assert.ok(performance.now() - started < 30_000, "it did not wait for more");
	assert.equal(page.events[0].d.content, "now");
});

test("it gives up when the time is over, with an empty page", async () => {
	const { next } = await poll(bob, "timeout=0");
	const started = performance.now();
	const page = await poll(bob, `after=${next}&timeout=1`);
	const took = performance.now() - started;
	assert.deepEqual(page.events, []);
	assert.ok(took > 900 && took < 30_000, `${took} ms`);
});

test("next advances past what the caller may not see, without waking the caller", async () => {
	const stranger = await register(snug);
	const { next } = await poll(stranger, "timeout=0");
	await owner.client.send(owner.channel, "not for strangers");
	await until("next advances", async () => {
		const page = await poll(stranger, `after=${next}&timeout=1`);
		assert.deepEqual(page.events, []);
		return page.next > next;
	});
});

test("filters narrow without changing the cursor", async () => {
	const [one, two] = [await room(), await room()];
	const { next } = await poll(bob, "timeout=0");
	const first = await owner.client.send(one, "first");
	await owner.client.send(two, "elsewhere");
	await owner.client.patch(`/channels/${one}/messages/${first.id}`, { content: "edited" });
	const page = await poll(bob, `after=${next}&timeout=0&channel=${one}&types=MESSAGE_UPDATE`);
	assert.deepEqual(page.events.map((each) => [each.t, each.d.content]), [["MESSAGE_UPDATE", "edited"]]);
	const all = await poll(bob, `after=${next}&timeout=0`);
	assert.equal(all.events.length, 3);
	assert.equal(all.next, page.next);
});

for (const query of ["timeout=-1", "timeout=x", "timeout=61", "after=x", "after=1&timeout=1e3", "channel=x", "after=", "timeout=", "after=-0"])
	test(`it refuses ${query}`, { parallel: true }, async () => {
		const reply = await bob.client.get(`/events?${query}`);
		assert.ok(reply.status === 400 || (query.endsWith("=") && reply.status === 200), `${reply.status} ${reply.text}`);
	});

test("a follower by long polls and one by a stream see the same as history", async () => {
	const channel = await room();
	const query = `channel=${channel}&types=MESSAGE_CREATE`;
	const polls = new LongPoll(bob.client, { query });
	await polls.started();
	const stream = await openStream(snug, { token: owner.access_token, query });
	const carl = await invitePerson(owner);
	await Promise.all([owner, carl].map(async (who) => {
		for (let i = 0; i < 40; i++) await who.client.send(channel, `m ${i}`);
	}));
	const expected = (await history(owner.client, channel)).map((each) => each.id);
	await until("both have all", () => polls.events.length >= 80 && stream.events.length >= 80);
	assert.deepEqual(polls.events.map((each) => each.d.id), expected);
	assert.deepEqual(stream.payloads("MESSAGE_CREATE").map((each) => each.id), expected);
	assert.equal(polls.gaps, 0);
	stream.close();
	await polls.stop();
});

test("a private channel's events stay private, also behind an old cursor", async () => {
	const { next } = await poll(bob, "timeout=0");
	const secret = await room({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	await owner.client.send(secret, "between us");
	const reply = await bob.client.get(`/events?after=${next}&timeout=0`);
	assert.ok(!reply.text.includes("between us") && !reply.text.includes(secret), reply.text);
	const mine = await owner.client.get(`/events?after=${next}&timeout=0`);
	assert.ok(mine.text.includes("between us"));
});

test("internal events leave the server in no form", async () => {
	const { next } = await poll(owner, "timeout=0");
	const carl = await register(snug);
	await carl.client.post("/auth/logout", {});
	await owner.client.send(owner.channel, "behind it");
	const reply = await owner.client.get(`/events?after=${next}&timeout=5`);
	assert.deepEqual(reply.json.events.map((each) => each.t), ["MESSAGE_CREATE"]);
	assert.ok(!/"_[A-Z]/.test(reply.text), reply.text.slice(0, 2000));
});

test("a waiting poll ends when its session does", async () => {
	const carl = await register(snug);
	const { next } = await poll(carl, "timeout=0");
	const waiting = carl.client.get(`/events?after=${next}&timeout=60`).catch((error) => ({ status: 0, error }));
	await new Promise((resolve) => setTimeout(resolve, 200));
	const started = performance.now();
	await owner.client.snug.request("/api/v1/auth/logout", { method: "POST", body: "{}", headers: { "Content-Type": "application/json", Authorization: `Bearer ${carl.access_token}` } });
	const reply = await waiting;
	assert.ok(performance.now() - started < 30_000, "it did not wait for its time to be over");
	assert.notEqual(reply.json?.events?.length, 1);
});

await run();
