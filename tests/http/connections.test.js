// A slow, idle or hostile client costs only itself.
//
// Begins early: it waits until a client that stops reading is given up.

import fs from "node:fs";
import net from "node:net";
import { execFileSync } from "node:child_process";
import { isAsan, openFiles, startSnug } from "../lib/snug.js";
import { invitePerson, nonce, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";
import { median } from "../lib/timing.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);

function open(bytes) {
	return new Promise((resolve) => {
		const socket = net.connect(snug.port, "127.0.0.1", () => {
			if (bytes) socket.write(bytes);
			resolve(socket);
		});
		socket.on("error", () => resolve(socket));
	});
}

/** Asserts that the site answers within a second: once is enough, since the machine may be busy with other things. */
async function assertAnswers() {
	const times = [];
	do {
		const started = performance.now();
		assert.equal((await snug.request("/login")).status, 200);
		times.push(Math.round(performance.now() - started));
	} while (times.at(-1) >= 1000 && times.length < 15);
	assert.ok(times.at(-1) < 1000, `${times} ms`);
}

const most = Number(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync("/proc/self/limits", "utf8"))[1]);
const idle = Math.min(2500, Math.floor(most / 2) - 200);

test(`${idle} idle and half-sent connections: the site answers as before`, async () => {
	const sockets = [];
	const starts = ["", "GET / HTTP/1.1\r\nHost: x\r\n", "GET /login HTTP/1.1\r\nHost: x\r\nX: ", `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{`];
	for (let i = 0; i < idle; i += 100) sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, idle - i) }, (_, j) => open(starts[j % starts.length])))));
	assert.equal(sockets.length, idle);
	await assertAnswers();
	assert.ok((await bob.client.send(owner.channel, "through the crowd", { nonce: nonce() })).id);
	for (const socket of sockets) socket.destroy();
});

test("1,000 streams at once: each gets the message, and a connection costs snug-live under 8 kB", { skip: most < 6000 && "too few descriptors" }, async () => {
	const { pid } = snug.parentOf("snug-live");
	const memory = () => Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
	const people = await Promise.all(Array.from({ length: 10 }, () => invitePerson(owner)));
	const before = memory();
	const streams = [];
	for (const each of people) streams.push(...(await Promise.all(Array.from({ length: 100 }, () => openStream(snug, { token: each.access_token })))));
	assert.ok(streams.every((stream) => stream.status === 200));
	const perConnection = (memory() - before) / 1000;
	const made = await owner.client.send(owner.channel, "to everybody");
	await until("all have it", () => streams.every((stream) => stream.events.some((each) => each.data.includes(made.id))));
	for (const stream of streams) stream.close();
	if (!isAsan) assert.ok(perConnection < 8, `${perConnection} kB a connection`);
});

test("one person's streams are limited, with a clear refusal", async () => {
	const carl = await invitePerson(owner);
	const streams = await Promise.all(Array.from({ length: 300 }, () => openStream(snug, { token: carl.access_token })));
	assert.ok(streams.filter((stream) => stream.status === 200).length >= 50);
	const refused = streams.filter((stream) => stream.status !== 200);
	assert.ok(refused.length > 0 && refused.every((stream) => stream.status === 429 && Number(stream.headers["retry-after"]) > 0));
	for (const stream of streams) stream.close();
});

test("a client that stops reading its stream is dropped at a limit, costs the others nothing, and resumes by its last id", async () => {
	const start = (await bob.client.get("/events?timeout=0")).json.next;
	const { pid } = snug.parentOf("snug-live");
	const others = openFiles(pid);
	const slow = await openStream(snug, { token: bob.access_token, lastEventId: start });
	const connection = [...openFiles(pid)].find((each) => !others.has(each));
	slow.incoming.pause();
	const quick = await openStream(snug, { token: bob.access_token, lastEventId: start });
	const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
	const before = resident();
	const text = "🎈".repeat(4000);
	const ids = [];
	for (let i = 0; i < 60; i++) {
		const group = await Promise.all(Array.from({ length: 15 }, () => owner.client.send(owner.channel, text)));
		ids.push(...group.map((each) => each.id));
	}
	await until("the quick one has all", () => quick.events.length >= ids.length);
	assert.ok(resident() - before < 24 * 1024, `snug-live grew by ${resident() - before} kB`);
	await until("snug-live gives it up", () => !openFiles(pid).has(connection), { pause: 200 });
	slow.incoming.resume();
	await slow.closed;
	assert.ok(slow.events.length < ids.length, "it was dropped in between");
	const rest = await openStream(snug, { token: bob.access_token, lastEventId: slow.lastId ?? start });
	await until("the rest arrives", () => slow.events.length + rest.events.length >= ids.length);
	const expected = quick.payloads("MESSAGE_CREATE").map((each) => each.id);
	assert.deepEqual([...slow.payloads("MESSAGE_CREATE"), ...rest.payloads("MESSAGE_CREATE")].map((each) => each.id), expected);
	for (const stream of [quick, rest]) stream.close();
});

test("what a slow reader leaves unread fills no disk", async () => {
	const used = () => Number(execFileSync("du", ["-sk", snug.data], { encoding: "utf8" }).split("\t")[0]);
	const before = used();
	const start = (await bob.client.get("/events?timeout=0")).json.next - 500;
	const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(snug, { token: bob.access_token, lastEventId: start })));
	for (const stream of streams) stream.incoming.pause();
	await assertAnswers();
	assert.ok(used() - before < 20_000, `${used() - before} kB`);
	for (const stream of streams) stream.close();
});

test("a flood of logins delays logins only", async () => {
	let isOver = false;
	const [logins, reads] = [[], []];
	const timed = async (times, ask, status) => {
		const started = performance.now();
		assert.equal((await ask()).status, status);
		times.push(performance.now() - started);
	};
	const logIn = () => snug.request("/api/v1/auth/login", { method: "POST", body: { login: "nobody", password: "not the password" } });
	const flood = Array.from({ length: 12 }, async () => {
		while (!isOver) await timed(logins, logIn, 401);
	});
	await until("the queue is as long as it gets", () => logins.length >= 12);
	for (let i = 0; i < 15; i++) await timed(reads, () => bob.client.get("/users/@me"), 200);
	isOver = true;
	await Promise.all(flood);
	// Each login waits for eleven others: what waited behind them would take as long.
	assert.ok(median(reads) < median(logins) / 2, `reads ${median(reads)} ms, logins ${median(logins)} ms`);
});

await run();
