// How long a login takes tells nobody which user names exist.
// Runs alone: it compares times.

import { performance } from "node:perf_hooks";

import { startSnug } from "../lib/snug.js";
import { Client, setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);

test("an unknown user costs the same time as a wrong password", async () => {
	const nobody = new Client(snug);
	const times = { [owner.name]: [], nobody_here: [] };
	// In turns, so that whatever slows the machine down slows both.
	for (let i = 0; i < 100; i++) {
		for (const login of Object.keys(times)) {
			const started = performance.now();
			const reply = await nobody.post("/auth/login", { login, password: "not the password" });
			times[login].push(performance.now() - started);
			assert.equal(reply.status, 401);
		}
	}
	const [known, unknown] = Object.values(times).map((each) => each.sort((a, b) => a - b)[50]);
	console.log(`# medians of 100: known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`);
	// A hash takes tens of milliseconds; leaving it out for unknown users would make this 0.1.
	assert.ok(known / unknown < 1.5 && unknown / known < 1.5, `medians: ${known} ms and ${unknown} ms`);
});

await run();
