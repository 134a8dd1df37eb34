// How long a login takes tells nobody which user names exist.
// Runs alone: it compares times.

import { startSnug } from "../lib/snug.js";
import { Client, setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";
import { assertSameTime } from "../lib/timing.js";

const snug = await startSnug();
const owner = await setUp(snug);

test("an unknown user costs the same time as a wrong password", async () => {
	const nobody = new Client(snug);
	// A hash takes tens of milliseconds; leaving it out for unknown users would make this 0.1.
	await assertSameTime([owner.name, "nobody_here"], 30, async (login) => {
		assert.equal((await nobody.post("/auth/login", { login, password: "not the password" })).status, 401);
	});
});

await run();
