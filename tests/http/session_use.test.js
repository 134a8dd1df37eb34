// When a session was last used, and from where: known to within minutes, and no request waits for it to be written.

import { execFileSync } from "node:child_process";
import path from "node:path";
import { performance } from "node:perf_hooks";

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_TRUSTED_PROXIES: "127.0.0.1" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const made = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
const script = new Client(snug, made.token);

/** Lets an hour pass, for sessions: while nothing runs, since the database has one writer. */
async function anHourLater() {
	await snug.stop();
	execFileSync("sqlite3", [path.join(snug.data, "snug.db"), "UPDATE sessions SET last_used_at_ms = last_used_at_ms - 3600000, created_at_ms = created_at_ms - 7200000"]);
	await snug.start();
}

const listed = async () => (await bob.client.get("/users/@me/tokens")).json.find((each) => each.id === made.id);
const isNow = (time) => Math.abs(Date.parse(time) - Date.now()) < 60_000;

test("a session that was not used for a while is noted as used, with the address that it was used from", async () => {
	await anHourLater();
	const own = (await bob.client.get("/users/@me/sessions")).json[0];
	assert.ok(!isNow(own.last_used_at), "this request is the first");
	await until("one's own use is known", async () => isNow((await bob.client.get("/users/@me/sessions")).json[0].last_used_at));
	assert.equal((await script.get("/users/@me", { "X-Forwarded-For": "192.0.2.77" })).status, 200);
	const token = await until("the token's use is known", async () => isNow((await listed()).last_used_at) && listed());
	assert.equal(token.address, "192.0.2.77");
	assert.equal((await script.get("/users/@me", { "X-Forwarded-For": "192.0.2.78" })).status, 200);
	assert.equal((await listed()).address, "192.0.2.77", "not at every request");
});

test("a page's session too", async () => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: goodPassword });
	await anHourLater();
	const cookies = async () => (await bob.client.get("/users/@me/sessions")).json.filter((each) => each.kind === "cookie");
	assert.ok(!isNow((await cookies())[0].last_used_at));
	await page.open("/account/security");
	await until("the page's use is known", async () => isNow((await cookies())[0].last_used_at));
});

test("with a store that stands still, reading goes on at once", async () => {
	await anHourLater();
	const store = snug.processes("snug-store")[0].pid;
	process.kill(store, "SIGSTOP");
	try {
		for (let i = 0; i < 20; i++) {
			const started = performance.now();
			assert.equal((await script.get("/users/@me")).status, 200);
			assert.ok(performance.now() - started < 8000, "it waited for the store, which is 10 s");
		}
	} finally {
		process.kill(store, "SIGCONT");
	}
	await until("what was told is taken once it goes on", async () => isNow((await listed()).last_used_at));
});

await run();
