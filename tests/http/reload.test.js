// SIGHUP: another lighttpd takes over the socket, and what was open stays open.

import { setTimeout as sleep } from "node:timers/promises";
import { startSnug } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

test("streams live through SIGHUP, and end with snug run at once", async () => {
	const snug = await startSnug();
	const owner = await setUp(snug);
	const stream = await openStream(snug, { token: owner.access_token });
	const [before] = snug.processes("lighttpd");
	process.kill(snug.pid, "SIGHUP");
	await until("two run: one with the stream, one for what comes", () => snug.processes("lighttpd").length === 2);
	assert.ok(snug.processes("lighttpd").some((each) => each.pid === before.pid));
	await sleep(8000); // longer than anything that ends in order is given
	assert.equal(stream.isClosed, false);
	const made = await owner.client.send(owner.channel, "after the reload");
	await stream.find("the event comes over the stream of before", (each) => each.data.includes(made.id));
	await snug.stop(); // which waits a minute at most; the lighttpd of before would wait an hour for its stream
	await stream.closed;
});

test("when the last stream of before has gone, so has its lighttpd", async () => {
	const snug = await startSnug();
	const owner = await setUp(snug);
	const stream = await openStream(snug, { token: owner.access_token });
	process.kill(snug.pid, "SIGHUP");
	await until("two run", () => snug.processes("lighttpd").length === 2);
	stream.close();
	await until("one is left", () => snug.processes("lighttpd").length === 1);
	assert.equal((await snug.request("/health/ready")).status, 200);
});

await run();
