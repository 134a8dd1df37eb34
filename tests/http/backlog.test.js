// What a client gets that was away for long: bounded pages of what is kept, or an explicit gap.
// The log is filled while the instance is stopped, by writing into the database as no program of ours does.
//
// Begins early: it takes long.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const count = 100_000;
const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const seed = await bob.client.send(owner.channel, "the first of many");
const start = (await bob.client.get("/events?timeout=0")).json.next;

const sqlite = (script) => execFileSync("sqlite3", ["-bail", `${snug.data}/snug.db`], { input: script, encoding: "utf8" });

/** Copies the newest MESSAGE_CREATE count times, with growing seq. */
function fillLog() {
	const columns = sqlite("SELECT group_concat(name) FROM pragma_table_info('events');").trim().split(",");
	const copied = columns.map((name) => (name === "seq" ? "e.seq + s.n" : `e.${name}`)).join(",");
	sqlite(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count})
		INSERT INTO events(${columns.join(",")}) SELECT ${copied}
		FROM (SELECT * FROM events WHERE message_id = ${seed.id} ORDER BY seq DESC LIMIT 1) e, s;`);
	const owner = fs.statSync(`${snug.data}/snug.db`);
	for (const suffix of ["-wal", "-shm"])
		if (fs.existsSync(`${snug.data}/snug.db${suffix}`)) fs.chownSync(`${snug.data}/snug.db${suffix}`, owner.uid, owner.gid);
}

const residentKb = () => {
	const { pid } = snug.parentOf("snug-live");
	return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
};

test("100,000 missed events come in bounded pages by long poll", async () => {
	await snug.stop();
	fillLog();
	await snug.start();
	const before = residentKb();
	let [next, seen, pages, largest] = [start, 0, 0, 0];
	for (;;) {
		const reply = await bob.client.get(`/events?after=${next}&timeout=0`);
		assert.equal(reply.status, 200, reply.text);
		assert.equal(reply.json.gap, false);
		if (reply.json.events.length === 0) break;
		for (const event of reply.json.events) {
			assert.ok(event.seq > next, "each once and in order");
			next = event.seq;
		}
		seen += reply.json.events.length;
		largest = Math.max(largest, reply.bytes.length);
		next = reply.json.next;
		pages++;
	}
	assert.equal(seen, count);
	assert.ok(pages >= 50 && largest <= 1024 * 1024, `${pages} pages, ${largest} bytes at most`);
	assert.ok(residentKb() - before < 16 * 1024, `snug-live grew by ${residentKb() - before} kB`);
});

test("100,000 missed events come by a stream, also to four who read slowly, and snug-live does not grow", async () => {
	const before = residentKb();
	const streams = await Promise.all([1, 2, 3, 4].map(() => openStream(snug, { token: bob.access_token, lastEventId: start })));
	let most = 0;
	for (const stream of streams.slice(1)) {
		const [pause, resume] = [() => stream.incoming.pause(), () => stream.incoming.resume()];
		stream.timer = setInterval(() => (pause(), setTimeout(resume, 10)), 20);
	}
	await until(
		"all streams have all events",
		() => {
			most = Math.max(most, residentKb());
			return streams.every((stream) => stream.events.length >= count);
		},
		{ timeout: 110_000, pause: 50 },
	);
	for (const stream of streams) {
		clearInterval(stream.timer);
		assert.equal(stream.events.length, count);
		const ids = stream.events.map((each) => Number(each.id));
		assert.ok(ids.every((id, i) => i === 0 || id === ids[i - 1] + 1), "contiguous here");
		assert.ok(!stream.events.some((each) => each.event === "gap"));
		stream.close();
	}
	assert.ok(most - before < 24 * 1024, `snug-live grew by ${most - before} kB`);
});

test("a cursor beyond the head, as after a restore from backup, is a gap", async () => {
	const head = (await bob.client.get("/events?timeout=0")).json.next;
	for (const cursor of [head + 1000, head + 2 ** 41]) {
		const reply = await bob.client.get(`/events?after=${cursor}&timeout=5`);
		assert.equal(reply.status, 200, reply.text);
		assert.equal(reply.json.gap, true);
		assert.ok(reply.json.next <= head + 10, `next ${reply.json.next} leads back to ${head}`);
		const stream = await openStream(snug, { token: bob.access_token, lastEventId: cursor });
		const gap = await stream.find("the stream says gap", (each) => each.event === "gap");
		assert.ok(Number(gap.id) <= head + 10);
		const made = await owner.client.send(owner.channel, "after the gap");
		await stream.find("and goes on", (each) => each.data.includes(made.id));
		stream.close();
	}
});

test("with few events kept, a cursor older than those is a gap, and one that is not is none", async () => {
	await snug.stop();
	snug.env.SNUG_EVENTS_KEEP = "1000";
	await snug.start();
	for (let i = 0; i < 12; i++) {
		const group = await Promise.all(Array.from({ length: 25 }, (_, j) => owner.client.send(owner.channel, `m ${i} ${j}`)));
		assert.equal(group.length, 25);
	}
	await until(
		"the log is pruned",
		async () => {
			await owner.client.send(owner.channel, "more");
			return Number(sqlite("SELECT count(*) FROM events;")) < 3000;
		},
	);
	const page = await bob.client.get(`/events?after=${start}&timeout=5`);
	assert.equal(page.json.gap, true, page.text.slice(0, 300));
	const stream = await openStream(snug, { token: bob.access_token, lastEventId: start });
	assert.equal((await stream.find("the stream says gap", (each) => each.event === "gap")).event, "gap");
	stream.close();
	const { next } = (await bob.client.get("/events?timeout=0")).json;
	for (let i = 0; i < 20; i++) await owner.client.send(owner.channel, `recent ${i}`);
	const recent = await bob.client.get(`/events?after=${next}&timeout=5`);
	assert.equal(recent.json.gap, false);
	assert.equal(recent.json.events.length, 20);
});

await run();
