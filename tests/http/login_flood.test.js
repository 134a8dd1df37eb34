// A flood of logins: no more than two passwords are hashed at a time, and those who are in go on reading and posting.
// Runs alone: it compares times.

import fs from "node:fs";
import { performance } from "node:perf_hooks";

import { startSnug } from "../lib/snug.js";
import { Client, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);

/** Processes of the pools that hash: their parents, and the children that do it. */
function hashers() {
	const all = snug.processes().filter(({ pid }) => {
		try {
			return fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("--pool\0password");
		} catch {
			return false;
		}
	});
	const parents = all.filter((each) => each.ppid === snug.pid);
	return { parents, children: all.filter((each) => parents.some((parent) => parent.pid === each.ppid)) };
}

/** Posts and reads for a while, one after the other: milliseconds of each, sorted. */
async function useIt(count) {
	const client = new Client(snug, owner.access_token);
	const times = [];
	for (let i = 0; i < count; i++) {
		const started = performance.now();
		await client.send(owner.channel, `post ${i}`);
		assert.equal((await client.get(`/channels/${owner.channel}/messages?limit=10`)).status, 200);
		times.push(performance.now() - started);
	}
	client.close();
	return times.sort((a, b) => a - b);
}

test("of any number of logins at once two are hashed, and nobody who is in waits for them", async () => {
	const calm = await useIt(100);
	let isOver = false;
	const seen = [];
	const byApi = Array.from({ length: 12 }, async () => {
		const client = new Client(snug);
		while (!isOver) seen.push((await client.post("/auth/login", { login: owner.name, password: "not the password" })).status);
		client.close();
	});
	const byPage = Array.from({ length: 6 }, async () => {
		const page = new Page(snug);
		await page.open("/login");
		while (!isOver) seen.push((await page.submit(/login/, { login: "nobody_here", password: "not the password" })).status);
	});
	const counts = new Set();
	const watching = setInterval(() => {
		const { parents, children } = hashers();
		counts.add(`${parents.length} ${children.length}`);
	}, 50);
	const flooded = await useIt(100);
	clearInterval(watching);
	isOver = true;
	await Promise.all([...byApi, ...byPage]);
	const [p50, p99] = [50, 98];
	console.log(`# a post and a page: calm p50 ${calm[p50].toFixed(1)} p99 ${calm[p99].toFixed(1)} ms, ` +
		`flooded p50 ${flooded[p50].toFixed(1)} p99 ${flooded[p99].toFixed(1)} ms, ${seen.length} logins`);
	assert.deepEqual([...counts], ["2 2"], "two pools with one child each, whatever comes");
	assert.ok(seen.length > 10);
	assert.ok(seen.every((status) => [401, 429, 503].includes(status)), [...new Set(seen)].join());
	// Two hashes keep two processors busy, so that everybody else gets a share; behind a queue of logins it would be seconds.
	assert.ok(flooded[p50] < 400, `${flooded[p50]} ms`);
});

await run();
