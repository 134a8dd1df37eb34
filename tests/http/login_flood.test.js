// A flood of logins: no more than two passwords are hashed at a time, and those who are in go on reading and posting.
// Runs alone: it compares times.

import fs from "node:fs";
import { performance } from "node:perf_hooks";

import { startSnug } from "../lib/snug.js";
import { Client, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";
import { median } from "../lib/timing.js";

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

/** Posts and reads for a while, one after the other: milliseconds of each. */
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
	return times;
}

test("of any number of logins at once two are hashed, and nobody who is in waits for them", async () => {
	const calm = await useIt(100);
	let isOver = false;
	const [seen, logins] = [[], []];
	const timed = async (logIn) => {
		const started = performance.now();
		const { status } = await logIn();
		seen.push(status);
		if (status === 401) logins.push(performance.now() - started);
	};
	const byApi = Array.from({ length: 12 }, async () => {
		const client = new Client(snug);
		while (!isOver) await timed(() => client.post("/auth/login", { login: owner.name, password: "not the password" }));
		client.close();
	});
	const byPage = Array.from({ length: 6 }, async () => {
		const page = new Page(snug);
		await page.open("/login");
		while (!isOver) await timed(() => page.submit(/login/, { login: "nobody_here", password: "not the password" }));
	});
	await until("the queues are as long as they get", () => logins.length >= 18);
	const counts = new Set();
	const watching = setInterval(() => {
		const { parents, children } = hashers();
		counts.add(`${parents.length} ${children.length}`);
	}, 50);
	const flooded = await useIt(100);
	clearInterval(watching);
	isOver = true;
	await Promise.all([...byApi, ...byPage]);
	const [isCalm, isFlooded, isLogin] = [calm, flooded, logins].map((times) => Math.round(median(times)));
	console.log(`# medians: a post and a page ${isCalm} ms, in the flood ${isFlooded} ms; ${logins.length} logins of ${isLogin} ms`);
	assert.deepEqual([...counts], ["2 2"], "two pools with one child each, whatever comes");
	assert.ok(seen.every((status) => [401, 429, 503].includes(status)), [...new Set(seen)].join());
	// Two hashes keep two processors busy, so that everybody else gets a share; behind a queue of logins it would be as long as that.
	assert.ok(isFlooded < isLogin / 2, `${isFlooded} ms, logins ${isLogin} ms`);
});

await run();
