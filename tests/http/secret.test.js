// The keys that access tokens are signed with: rotated by the command line, two good at a time, taken over without a restart.

import { spawnSync } from "node:child_process";
import path from "node:path";

import { binaries, startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const nobody = new Client(snug);

const command = (args, input) => spawnSync(path.join(binaries, "snug"), [...args, "--data", snug.data], { encoding: "utf8", input });
const kidOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid;
const works = async (token) => (await new Client(snug, token).get("/users/@me")).status;
const logIn = async () => assertTokens(await nobody.post("/auth/login", { login: owner.name, password: goodPassword }));

/** Tells snug run, and waits until a login gets a token of that key. */
async function reload(kid) {
	process.kill(snug.pid, "SIGHUP");
	return until(`a token of the key ${kid}`, async () => {
		const tokens = await logIn();
		return kidOf(tokens.access_token) === kid && tokens;
	}, { pause: 50 });
}

function rotate(...args) {
	const result = command(["secret", "rotate", ...args.slice(0, 1)], args[1]);
	assert.equal(result.status, 0, result.stderr);
	return /key ([a-z0-9]{8}) /.exec(result.stdout)[1];
}

test("a new key signs after SIGHUP, tokens of the one before stay good, and those of the one before that do not", async () => {
	const first = await logIn();
	const kid = rotate();
	assert.notEqual(kid, kidOf(first.access_token));
	const stream = await openStream(snug, { token: first.access_token });
	const second = await reload(kid);
	assert.equal(await works(first.access_token), 200);
	assert.equal(await works(second.access_token), 200);
	await stream.closed; // snug-live has the new key: whoever follows comes back
	for (const { access_token: token } of [first, second]) {
		const again = await openStream(snug, { token });
		assert.equal(again.status, 200);
		again.close();
	}
	const third = await reload(rotate());
	assert.equal(await works(second.access_token), 200);
	assert.equal(await works(third.access_token), 200);
	assert.equal(await works(first.access_token), 401);
	assertTokens(await nobody.post("/auth/refresh", { refresh_token: first.refresh_token }));
});

test("nobody is refused while the keys change", async () => {
	const { access_token: token } = await logIn();
	const seen = [];
	let isOver = false;
	const headers = { Authorization: `Bearer ${token}` };
	const asking = (async () => {
		// A connection each: lighttpd, which is replaced too, ends those that are kept.
		while (!isOver) seen.push((await snug.request("/api/v1/users/@me", { headers })).status);
	})();
	await reload(rotate());
	isOver = true;
	await asking;
	assert.ok(seen.length > 5);
	assert.deepEqual([...new Set(seen)], [200]);
});

test("a supplied secret has 32 characters at least, and is shown nowhere", async () => {
	for (const short of ["", "x".repeat(31), "漢".repeat(31)]) {
		const result = command(["secret", "rotate", "-"], `${short}\n`);
		assert.equal(result.status, 1, result.stdout);
		assert.match(result.stderr, /at least 32 characters/);
	}
	const secret = "a secret of more than thirty-two characters";
	const kid = rotate("-", `${secret}\n`);
	const { access_token: token } = await reload(kid);
	assert.equal(await works(token), 200);
	assert.ok(!snug.log.includes(secret) && !snug.output.includes(secret));
});

test("without a change SIGHUP replaces no program but lighttpd", async () => {
	const before = snug.parentOf("snug-api").pid;
	const reloads = snug.log.split('"event":"reloaded"').length;
	process.kill(snug.pid, "SIGHUP");
	await until("it has reloaded", () => snug.log.split('"event":"reloaded"').length > reloads);
	assert.equal(snug.parentOf("snug-api").pid, before);
});

test("what is no command says how it is used", () => {
	for (const args of [["secret"], ["secret", "rotate", "x"], ["secret", "show"]]) {
		const result = command(args);
		assert.equal(result.status, 2);
		assert.match(result.stderr, /usage: snug secret rotate/);
	}
});

await run();
