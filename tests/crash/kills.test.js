// kill -9 of every program in turn, under load: nothing acknowledged is lost, nothing is doubled, followers miss nothing.
//
// Runs alone: it measures time.

import { execFileSync } from "node:child_process";
import { startSnug } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { assertBackInTime, killInTurn, Storm } from "../lib/storm.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
owner.token = (await owner.client.post("/users/@me/tokens", { name: "storm" })).json.token;
owner.client.token = owner.token;
const integrity = () => execFileSync("sqlite3", [`${snug.data}/snug.db`, "PRAGMA integrity_check; PRAGMA foreign_key_check;"], { encoding: "utf8" }).trim();

test("48 kills, each program in turn at random moments", async () => {
	const storm = await new Storm(snug, owner).start();
	const kills = await killInTurn(storm, 48);
	await until("it was a load", () => storm.acknowledged > 200);
	const found = await storm.finish();
	console.log(`# ${storm.acknowledged} acknowledged, ${found.length} in the history`);
	assertBackInTime(kills, 2000);
});

test("kill -9 of snug run itself, three times, under load", async () => {
	const channel = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "second storm" })).json.id;
	const storm = await new Storm(snug, { ...owner, channel }).start();
	for (let i = 0; i < 3; i++) {
		const before = storm.acknowledged;
		await until("there is load", () => storm.acknowledged > before + 20);
		await snug.kill();
		await snug.start();
	}
	await storm.finish();
});

test("the database is whole, while it runs and after", async () => {
	assert.equal(integrity(), "ok");
	await snug.stop();
	assert.equal(integrity(), "ok");
});

test("the index of messages is whole, and has every message that is there and no other", async () => {
	const differences = execFileSync("sqlite3", [`${snug.data}/snug.db`, `INSERT INTO search (search) VALUES ('integrity-check');
		CREATE TEMP TABLE indexed AS SELECT -rowid AS id FROM search WHERE search MATCH 'tagg${owner.guild}';
		CREATE TEMP TABLE there AS SELECT m.id FROM messages m JOIN channels c ON c.id = m.channel_id
			WHERE c.guild_id = ${owner.guild} AND m.deleted_at_ms IS NULL AND m.type IN (0, 19);
		SELECT (SELECT count(*) FROM there) > 100, (SELECT count(*) FROM (SELECT id FROM indexed EXCEPT SELECT id FROM there)),
			(SELECT count(*) FROM (SELECT id FROM there EXCEPT SELECT id FROM indexed));`], { encoding: "utf8" });
	assert.equal(differences.trim(), "1|0|0");
});

await run();
