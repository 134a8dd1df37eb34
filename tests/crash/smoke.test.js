// A short round of kills, for binaries with a sanitizer and as a first look.
//
// Runs alone: it fills the machine.

import { isAsan, startSnug } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { assertBackInTime, killInTurn, Storm } from "../lib/storm.js";
import { run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
owner.token = (await owner.client.post("/users/@me/tokens", { name: "storm" })).json.token;

test("sixteen kills, each program twice", async () => {
	const storm = await new Storm(snug, owner, { writers: 3, followers: 1 }).start();
	const kills = await killInTurn(storm, 16);
	await storm.finish();
	assertBackInTime(kills, isAsan ? 5000 : 2000);
});

await run();
