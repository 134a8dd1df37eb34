// What protects an account, by the JSON interface: sessions, the password, the second factor, and what is noted of it all.

import { startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";
import { totp } from "../lib/totp.js";

const snug = await startSnug();
const owner = await setUp(snug);
const nobody = new Client(snug);
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const otherPassword = "a battery of horses";

const logIn = (name, more = {}, headers = {}) =>
	nobody.post("/auth/login", { login: name, password: goodPassword, ...more }, headers);

async function another(person, headers) {
	const tokens = assertTokens(await logIn(person.name, {}, headers));
	return { ...tokens, client: new Client(snug, tokens.access_token) };
}

/** Newest first. */
const events = async (query = "") => (await owner.client.get(`/admin/security-events${query}`)).json;

/** The newest event of a kind about a person; it may be on its way still. */
const noted = (kind, person) =>
	until(`${kind} is noted`, async () => (await events(`?kind=${kind}`)).find((each) => each.user?.id === person.user.id));

test("sessions are listed with device, address and use, and their secrets are not", async () => {
	const bob = await invitePerson(owner);
	const other = await another(bob, { "User-Agent": firefox });
	const reply = await bob.client.get("/users/@me/sessions");
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.length, 2);
	const [current] = reply.json.filter((each) => each.current);
	const [theirs] = reply.json.filter((each) => !each.current);
	assert.equal(theirs.device, "Firefox on Linux");
	assert.equal(theirs.user_agent, firefox);
	assert.equal(theirs.address, "127.0.0.1");
	assert.equal(theirs.kind, "refresh");
	for (const each of [current, theirs]) {
		assert.match(each.id, /^\d+$/);
		for (const time of ["created_at", "last_used_at", "expires_at"]) assert.ok(Date.parse(each[time]) > 0, `${time} ${each[time]}`);
	}
	for (const secret of [bob.access_token, bob.refresh_token, other.refresh_token]) assert.ok(!reply.text.includes(secret));
	assert.ok(!/digest|hash/.test(reply.text), reply.text);
});

test("one session is ended, its stream and its tokens with it, and the others go on", async () => {
	const bob = await invitePerson(owner);
	const other = await another(bob);
	const stream = await openStream(snug, { token: other.access_token });
	const [target] = (await bob.client.get("/users/@me/sessions")).json.filter((each) => !each.current);
	assert.equal((await bob.client.delete(`/users/@me/sessions/${target.id}`)).status, 204);
	await stream.closed;
	assert.equal((await other.client.get("/users/@me")).status, 401);
	assert.equal((await nobody.post("/auth/refresh", { refresh_token: other.refresh_token })).status, 401);
	assert.equal((await bob.client.get("/users/@me")).status, 200);
	assert.equal((await bob.client.delete(`/users/@me/sessions/${target.id}`)).status, 404, "it has ended");
	await noted("session_revoked", bob);
});

test("nobody ends another's session, nor a token as if it were one", async () => {
	const [bob, eve] = [await invitePerson(owner), await invitePerson(owner)];
	const [bobs] = (await bob.client.get("/users/@me/sessions")).json;
	assert.equal((await eve.client.delete(`/users/@me/sessions/${bobs.id}`)).status, 404);
	const token = (await eve.client.post("/users/@me/tokens", { name: "x" })).json;
	assert.equal((await eve.client.delete(`/users/@me/sessions/${token.id}`)).status, 404);
	assert.equal((await bob.client.get("/users/@me")).status, 200);
});

test("logging out everywhere spares the current session where asked, and tokens unless asked", async () => {
	const bob = await invitePerson(owner);
	const others = [await another(bob), await another(bob)];
	const { token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const script = new Client(snug, token);
	const end = (body) => bob.client.request("DELETE", "/users/@me/sessions", body);
	assert.equal((await end({ keep_current: true })).status, 204);
	for (const each of others) assert.equal((await each.client.get("/users/@me")).status, 401);
	assert.equal((await script.get("/users/@me")).status, 200);
	assert.equal((await end({ keep_current: true, end_tokens: true })).status, 204);
	assert.equal((await script.get("/users/@me")).status, 401);
	assert.equal((await bob.client.get("/users/@me")).status, 200);
	assert.equal((await end()).status, 204);
	assert.equal((await bob.client.get("/users/@me")).status, 401);
	await noted("sessions_ended", bob);
});

test("a personal token changes nothing that protects the account, and says so", async () => {
	const bob = await invitePerson(owner);
	const { token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const script = new Client(snug, token);
	for (const [method, path, body] of [
		["GET", "/users/@me/sessions"],
		["DELETE", "/users/@me/sessions", { keep_current: true }],
		["GET", "/users/@me/tokens"],
		["POST", "/users/@me/tokens", { name: "more" }],
		["DELETE", "/users/@me/tokens/1"],
		["PUT", "/users/@me/password", { current_password: goodPassword, new_password: otherPassword }],
		["POST", "/users/@me/totp", {}],
		["PUT", "/users/@me/totp", { code: "123456", password: goodPassword }],
		["DELETE", "/users/@me/totp", { password: goodPassword }],
		["POST", "/users/@me/totp/recovery-codes", { password: goodPassword }],
	]) {
		const reply = await script.request(method, path, body);
		assert.equal(reply.status, 403, `${method} ${path}: ${reply.status} ${reply.text}`);
		assert.equal(reply.json.code, 40310);
	}
	assert.equal((await bob.client.get("/users/@me/tokens")).json.length, 1);
	assertTokens(await logIn(bob.name));
});

test("a session's last use is known, and a token that was never used says so", async () => {
	const bob = await invitePerson(owner);
	const { id, token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const listed = async () => (await bob.client.get("/users/@me/tokens")).json.find((each) => each.id === id);
	assert.equal((await listed()).last_used_at, null);
	assert.equal((await listed()).address, null);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 200);
	assert.equal((await listed()).last_used_at, null, "known to within five minutes");
});

test("a password change ends the other sessions and streams, and the old password is good for nothing", async () => {
	const bob = await invitePerson(owner);
	const other = await another(bob);
	const stream = await openStream(snug, { token: other.access_token });
	const own = await openStream(snug, { token: bob.access_token });
	const { token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const reply = await bob.client.put("/users/@me/password", { current_password: goodPassword, new_password: otherPassword });
	assert.equal(reply.status, 204, reply.text);
	await stream.closed;
	assert.equal((await other.client.get("/users/@me")).status, 401);
	assert.equal((await bob.client.get("/users/@me")).status, 200);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 200, "tokens stay unless asked");
	assert.equal((await logIn(bob.name)).status, 401);
	assertTokens(await logIn(bob.name, { password: otherPassword }));
	const back = await bob.client.put("/users/@me/password", {
		current_password: otherPassword, new_password: goodPassword, end_tokens: true,
	});
	assert.equal(back.status, 204, back.text);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 401);
	own.close();
	await noted("password_changed", bob);
});

test("a password change wants the old password, and a new one that is any good", async () => {
	const bob = await invitePerson(owner);
	const change = (current_password, new_password) => bob.client.put("/users/@me/password", { current_password, new_password });
	const wrong = await change("not the password", otherPassword);
	assert.equal(wrong.status, 401, wrong.text);
	assert.equal(wrong.json.code, 40103);
	for (const bad of ["short", "password1", "Qwertyuiop", `is ${bob.name} really`, "x".repeat(129), goodPassword]) {
		const reply = await change(goodPassword, bad);
		assert.equal(reply.status, 400, `${bad}: ${reply.text}`);
		assert.ok(reply.json.errors.new_password, reply.text);
		assert.ok(bad === goodPassword || !reply.text.includes(bad), "what was typed is not repeated");
	}
	for (const body of [{}, { current_password: goodPassword }, { new_password: otherPassword }])
		assert.equal((await bob.client.put("/users/@me/password", body)).status, 400);
	assertTokens(await logIn(bob.name));
});

/** Turns the second factor on: its secret, the code that did it, and the recovery codes. */
async function enrol(person) {
	const begun = await person.client.post("/users/@me/totp", {});
	assert.equal(begun.status, 200, begun.text);
	const { secret, uri } = begun.json;
	const code = totp(secret, -1);
	const confirmed = await person.client.put("/users/@me/totp", { code, password: goodPassword });
	assert.equal(confirmed.status, 200, confirmed.text);
	return { secret, uri, code, codes: confirmed.json.recovery_codes };
}

test("the second factor is set up by a code and the password, and asked for from then on", async () => {
	const bob = await invitePerson(owner);
	const begun = (await bob.client.post("/users/@me/totp", {})).json;
	assert.match(begun.secret, /^[A-Z2-7]{32}$/);
	assert.ok(begun.uri.startsWith("otpauth://totp/Snug:") && begun.uri.includes(begun.secret), begun.uri);
	assert.equal((await bob.client.get("/users/@me")).json.mfa_enabled, false, "nothing is on before a code was shown");
	assertTokens(await logIn(bob.name));
	const confirm = (body) => bob.client.put("/users/@me/totp", body);
	assert.equal((await confirm({ code: "000000", password: goodPassword })).json.code, 60008);
	assert.equal((await confirm({ code: totp(begun.secret, -1), password: "not the password" })).json.code, 40103);
	assert.equal((await confirm({ code: totp(begun.secret, -1) })).json.code, 40103);
	const on = await confirm({ code: totp(begun.secret, -1), password: goodPassword });
	assert.equal(on.status, 200, on.text);
	assert.equal(new Set(on.json.recovery_codes).size, 10);
	for (const code of on.json.recovery_codes) assert.match(code, /^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
	assert.equal((await bob.client.get("/users/@me")).json.mfa_enabled, true);

	const missing = await logIn(bob.name);
	assert.equal(missing.status, 401);
	assert.equal(missing.json.code, 60003);
	assert.equal(missing.json.access_token, undefined);
	assert.equal((await logIn(bob.name, { password: "not the password", code: totp(begun.secret) })).json.code, 40101);
	assert.equal((await logIn(bob.name, { code: totp(begun.secret, 5) })).json.code, 60008);
	assertTokens(await logIn(bob.name, { code: totp(begun.secret) }));
	assert.equal((await bob.client.post("/users/@me/totp", {})).json.code, 60001, "it is on already");
	await noted("factor_enabled", bob);
	await noted("factor_failed", bob);
});

test("a code is taken once, also of ten who show it at the same time", async () => {
	const bob = await invitePerson(owner);
	const { secret, code: taken } = await enrol(bob);
	assert.equal((await logIn(bob.name, { code: taken })).json.code, 60008, "it was taken to set the factor up");
	const clients = Array.from({ length: 10 }, () => new Client(snug));
	const code = totp(secret);
	const replies = await Promise.all(clients.map((each) => each.post("/auth/login", { login: bob.name, password: goodPassword, code })));
	assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, ...Array(9).fill(401)]);
	for (const each of clients) each.close();
});

test("a recovery code opens once, however it is written, and new ones put an end to the old", async () => {
	const bob = await invitePerson(owner);
	const { codes } = await enrol(bob);
	assertTokens(await logIn(bob.name, { code: codes[0].toUpperCase().replaceAll("-", " ") }));
	assert.equal((await logIn(bob.name, { code: codes[0] })).json.code, 60008);
	const clients = Array.from({ length: 5 }, () => new Client(snug));
	const replies = await Promise.all(clients.map((each) => each.post("/auth/login", { login: bob.name, password: goodPassword, code: codes[1] })));
	assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 401, 401, 401, 401]);
	for (const each of clients) each.close();
	assert.equal((await bob.client.post("/users/@me/totp/recovery-codes", {})).json.code, 60003);
	assert.equal((await bob.client.post("/users/@me/totp/recovery-codes", { password: "not the password" })).json.code, 40103);
	const renewed = await bob.client.post("/users/@me/totp/recovery-codes", { password: goodPassword });
	assert.equal(renewed.status, 200, renewed.text);
	assert.equal((await logIn(bob.name, { code: codes[2] })).json.code, 60008);
	assertTokens(await logIn(bob.name, { code: renewed.json.recovery_codes[0] }));
	await noted("recovery_code_used", bob);
	await noted("recovery_codes_renewed", bob);
});

test("the second factor goes off with the password or a code, and not with neither", async () => {
	const bob = await invitePerson(owner);
	const off = (body) => bob.client.request("DELETE", "/users/@me/totp", body);
	assert.equal((await off({ password: goodPassword })).json.code, 60002, "it is not on");
	const { codes } = await enrol(bob);
	assert.equal((await off({})).json.code, 60003);
	assert.equal((await off({ code: "000000" })).json.code, 60008);
	assert.equal((await off({ password: "not the password", code: codes[0] })).json.code, 40103, "a wrong password is wrong");
	assert.equal((await off({ code: codes[0] })).status, 204);
	assertTokens(await logIn(bob.name));
	await enrol({ ...bob, client: (await another(bob)).client }).catch(async () => {
		// The code of this half minute may have been taken above: the next one is as good.
	});
	await noted("factor_disabled", bob);
});

test("security events are for who administers the server, by kind, by person, and page by page", async () => {
	const bob = await invitePerson(owner);
	await logIn(bob.name, { password: "not the password" });
	const event = await noted("login_failed", bob);
	assert.equal(event.address, "127.0.0.1");
	assert.equal(event.user.username, bob.name);
	assert.ok(Math.abs(Date.parse(event.at) - Date.now()) < 60_000);
	assert.ok((await events(`?user=${bob.user.id}`)).every((each) => each.user.id === bob.user.id));
	// What was noted last may be on its way still, and come between two pages.
	await until("the pages together are the list", async () => {
		const all = await events("?limit=100");
		const pages = [];
		for (let before = ""; ; ) {
			const page = await events(`?limit=7${before}`);
			pages.push(...page);
			if (page.length < 7 || pages.length >= 100) break;
			before = `&before=${page.at(-1).id}`;
		}
		return pages.length >= all.length && all.every((each, i) => each.id === pages[i].id);
	});
	assert.equal((await owner.client.get("/admin/security-events?kind=nonsense")).status, 400);
	assert.equal((await owner.client.get("/admin/security-events?limit=101")).status, 400);
	assert.equal((await bob.client.get("/admin/security-events")).status, 403);
	assert.equal((await nobody.get("/admin/security-events")).status, 401);
});

test("a failed login is noted for an unknown name too, without what was typed", async () => {
	const typed = unique("secretly");
	await nobody.post("/auth/login", { login: typed, password: "not the password" });
	await until("it is noted", async () => (await events("?kind=login_failed&limit=5")).some((each) => each.user === null));
	assert.ok(!JSON.stringify(await events()).includes(typed));
	assert.ok(!snug.log.includes(typed));
});

test("the reuse of a refresh token is noted", async () => {
	const bob = await invitePerson(owner);
	assertTokens(await nobody.post("/auth/refresh", { refresh_token: bob.refresh_token }));
	assert.equal((await nobody.post("/auth/refresh", { refresh_token: bob.refresh_token })).status, 401);
	await noted("refresh_token_reused", bob);
});

test("a form from another site is noted", async () => {
	const page = new Page(snug);
	await page.open("/login");
	const reply = await page.submit(/login/, { login: "x", password: "y" }, { headers: { Origin: "https://evil.example" } });
	assert.equal(reply.status, 403);
	await until("it is noted", async () => (await events("?kind=cross_site_post_refused"))[0]?.detail === "/login");
});

test("without mail a reset says where to go", async () => {
	for (const login of [owner.name, "nobody_here"]) {
		const reply = await nobody.post("/auth/reset", { login });
		assert.equal(reply.status, 403);
		assert.equal(reply.json.code, 40311);
	}
	assert.equal((await nobody.post("/auth/reset/confirm", { code: "x".repeat(28), new_password: otherPassword })).json.code, 40080);
});

await run();
