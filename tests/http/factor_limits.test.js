// Guesses at the second factor are bounded for an account, whatever addresses they come from, and its owner still gets in.

import { startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, invitePerson, setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";
import { totp } from "../lib/totp.js";

/** The same numbers as by default, in times that no busy machine lets pass. */
const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_TRUSTED_PROXIES: "127.0.0.1", SNUG_LIMIT_GUESS: "5/30min", SNUG_LIMIT_GUESS_CODE: "10/1h" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const nobody = new Client(snug);
const { secret } = (await bob.client.post("/users/@me/totp", {})).json;
const codes = (await bob.client.put("/users/@me/totp", { code: totp(secret, -1), password: goodPassword })).json.recovery_codes;

let address = 0;
/** From an address of its own each time, as who guesses with many machines would. */
const logIn = (code, password = goodPassword) =>
	nobody.post("/auth/login", { login: bob.name, password, code }, { "X-Forwarded-For": `198.51.100.${++address}` });

test("ten wrong codes are all, from however many addresses, and right ones wait with them", async () => {
	for (let i = 0; i < 10; i++) assert.equal((await logIn("000000")).json.code, 60008, `guess ${i}`);
	const refused = await logIn("000000");
	assert.equal(refused.status, 429, refused.text);
	assert.ok(Number(refused.headers["retry-after"]) > 0);
	assert.equal((await logIn(totp(secret))).status, 429);
});

test("a recovery code gets its owner in all the same", async () => {
	assertTokens(await logIn(codes[0]));
	assert.equal((await bob.client.get("/users/@me")).status, 200, "and who is logged in notices nothing");
});

test("who does not have the password takes nothing from that", async () => {
	const carl = await invitePerson(owner);
	const begun = (await carl.client.post("/users/@me/totp", {})).json;
	assert.equal((await carl.client.put("/users/@me/totp", { code: totp(begun.secret, -1), password: goodPassword })).status, 200);
	for (let i = 0; i < 12; i++)
		await nobody.post("/auth/login", { login: carl.name, password: "not the password", code: "000000" }, { "X-Forwarded-For": `203.0.113.${i}` });
	assertTokens(await nobody.post("/auth/login", { login: carl.name, password: goodPassword, code: totp(begun.secret) }, { "X-Forwarded-For": "203.0.113.99" }));
});

test("one address guesses no more than five times, recovery codes too", async () => {
	const from = { "X-Forwarded-For": "192.0.2.1" };
	const seen = [];
	for (let i = 0; i < 6; i++) seen.push((await nobody.post("/auth/login", { login: bob.name, password: goodPassword, code: "abcd-efgh-jkmn" }, from)).status);
	assert.deepEqual(seen, [401, 401, 401, 401, 401, 429]);
});

await run();
