// Accounts and credentials by the JSON interface: register, log in, refresh, log out, personal tokens.

import { startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, invitePerson, setUp, unique } from "../lib/api.js";
import { endsAtOnce, openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const nobody = new Client(snug);
const invite = async () => (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json.code;

const account = async (more = {}) => {
	const username = unique("acc");
	return { username, email: `${username}@example.org`, password: goodPassword, invite: await invite(), ...more };
};

test("registering gives a user and tokens that work", async () => {
	const body = await account({ display_name: "Jörg 漢字 🎈" });
	const tokens = assertTokens(await nobody.post("/auth/register", body), 201);
	assert.equal(tokens.user.username, body.username);
	assert.equal(tokens.user.global_name, "Jörg 漢字 🎈");
	assert.match(tokens.user.id, /^\d{15,20}$/);
	const me = await new Client(snug, tokens.access_token).get("/users/@me");
	assert.equal(me.status, 200);
	assert.equal(me.json.id, tokens.user.id);
	assert.equal(me.json.email, body.email);
	assert.equal(me.json.discriminator, "0");
});

test("no reply about a person shows a hash, and others see no e-mail address", async () => {
	const bob = await invitePerson(owner);
	const message = await bob.client.send(owner.channel, "who am I");
	const seen = await owner.client.get(`/channels/${owner.channel}/messages/${message.id}`);
	assert.ok(!seen.text.includes("@example.org"), seen.text);
	assert.ok(!/argon|\$2|password/i.test(seen.text), seen.text);
});

const refusals = {
	username: ["", "a", "x".repeat(33), "Üdo", "two words", "semi;colon", "new\nline", 7, {}, null],
	email: ["", "nonsense", "@example.org", "a@", "a b@example.org", "a@b\nc.org", `${"x".repeat(300)}@example.org`, 7],
	password: ["", "1234567", "x".repeat(129), "password", 12345678, null],
	display_name: ["x".repeat(33), "nul\u0000", 7],
};
for (const [field, values] of Object.entries(refusals))
	for (const value of values)
		test(`${field} ${JSON.stringify(value).slice(0, 40)} is refused by name and makes no account`, { parallel: true }, async () => {
			const body = await account();
			const reply = await nobody.post("/auth/register", { ...body, [field]: value });
			assert.equal(reply.status, 400, reply.text);
			if (reply.json.code === 50035) assert.ok(reply.json.errors[field]?._errors?.[0]?.code, reply.text);
			else assert.ok(String(value).includes("\0"), reply.text);
			const login = await nobody.post("/auth/login", { login: body.username, password: body.password });
			assert.equal(login.status, 401);
		});

test("a password that contains the user name is refused", async () => {
	const body = await account();
	const reply = await nobody.post("/auth/register", { ...body, password: `my${body.username}77` });
	assert.equal(reply.status, 400, reply.text);
	assert.ok(reply.json.errors.password, reply.text);
});

test("passwords of 8 and of 128 code points are fine", async () => {
	for (const password of ["zq7!kä漢f", "漢".repeat(128)]) {
		const body = await account({ password });
		assertTokens(await nobody.post("/auth/register", body), 201);
		assertTokens(await nobody.post("/auth/login", { login: body.username, password }));
	}
});

test("a name or an e-mail address is taken whatever its case", async () => {
	const first = await account();
	assertTokens(await nobody.post("/auth/register", first), 201);
	const name = await nobody.post("/auth/register", await account({ username: first.username.toUpperCase() }));
	assert.ok([400, 409].includes(name.status), name.text);
	const email = await nobody.post("/auth/register", await account({ email: first.email.toUpperCase() }));
	assert.equal(email.status, 409, email.text);
	const again = await nobody.post("/auth/register", await account({ username: first.username }));
	assert.equal(again.status, 409, again.text);
});

test("of eight people who take one name at once exactly one does", async () => {
	const username = unique("race");
	const bodies = await Promise.all(Array.from({ length: 8 }, (_, i) => account({ username, email: `${username}${i}@example.org` })));
	const replies = await Promise.all(bodies.map((body) => new Client(snug).post("/auth/register", body)));
	assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
});

test("one logs in by name or e-mail address, in any case, under three field names", async () => {
	const body = await account();
	assertTokens(await nobody.post("/auth/register", body), 201);
	for (const [field, value] of [
		["login", body.username],
		["login", body.username.toUpperCase()],
		["login", body.email],
		["username", body.username],
		["email", body.email.toUpperCase()],
	])
		assertTokens(await nobody.post("/auth/login", { [field]: value, password: body.password }));
});

test("an unknown user and a wrong password get the same 401", async () => {
	const wrong = await nobody.post("/auth/login", { login: owner.name, password: "not the password" });
	const unknown = await nobody.post("/auth/login", { login: "nobody_here", password: "not the password" });
	assert.equal(wrong.status, 401);
	assert.equal(unknown.status, 401);
	assert.equal(wrong.text, unknown.text);
	const long = await nobody.post("/auth/login", { login: owner.name, password: "x".repeat(5000) });
	assert.ok([400, 401].includes(long.status), long.text);
});

test("refreshing gives new tokens, and the used one ends the whole family", async () => {
	const body = await account();
	const first = assertTokens(await nobody.post("/auth/register", body), 201);
	const second = assertTokens(await nobody.post("/auth/refresh", { refresh_token: first.refresh_token }));
	assert.notEqual(second.refresh_token, first.refresh_token);
	assert.equal((await new Client(snug, second.access_token).get("/users/@me")).status, 200);
	const reuse = await nobody.post("/auth/refresh", { refresh_token: first.refresh_token });
	assert.equal(reuse.status, 401, "a used token is refused");
	const successor = await nobody.post("/auth/refresh", { refresh_token: second.refresh_token });
	assert.equal(successor.status, 401, "its successor has ended too");
	assert.equal((await new Client(snug, second.access_token).get("/users/@me")).status, 401, "and so has the access token");
	assertTokens(await nobody.post("/auth/login", { login: body.username, password: body.password }));
});

test("of five concurrent refreshes exactly one wins", async () => {
	for (let round = 0; round < 4; round++) {
		const first = assertTokens(await nobody.post("/auth/register", await account()), 201);
		const clients = Array.from({ length: 5 }, () => new Client(snug));
		const replies = await Promise.all(clients.map((each) => each.post("/auth/refresh", { refresh_token: first.refresh_token })));
		assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 401, 401, 401, 401]);
		for (const each of clients) each.close();
	}
});

test("nonsense as a refresh token is a 401, and no field a 400", async () => {
	for (const token of ["x", "", "A".repeat(43), owner.access_token, "漢".repeat(20), "A".repeat(100_000)]) {
		const reply = await nobody.post("/auth/refresh", { refresh_token: token });
		assert.ok([400, 401].includes(reply.status), `${reply.status} for ${token.slice(0, 20)}`);
	}
	assert.equal((await nobody.post("/auth/refresh", {})).status, 400);
	assert.equal((await nobody.post("/auth/refresh", { refresh_token: "A".repeat(43) })).status, 401);
});

test("logging out ends the access token, the refresh token and an open stream", async () => {
	const tokens = assertTokens(await nobody.post("/auth/register", await account()), 201);
	const client = new Client(snug, tokens.access_token);
	const stream = await openStream(snug, { token: tokens.access_token });
	assert.equal(stream.status, 200);
	const reply = await client.post("/auth/logout", {});
	assert.equal(reply.status, 204, reply.text);
	assert.equal(reply.text, "");
	await endsAtOnce(stream);
	assert.equal((await client.get("/users/@me")).status, 401);
	assert.equal((await nobody.post("/auth/refresh", { refresh_token: tokens.refresh_token })).status, 401);
});

test("who has logged out posts nothing with the access token they still have", async () => {
	const person = await invitePerson(owner);
	const path = `/channels/${owner.channel}/messages`;
	assert.equal((await person.client.post(path, { content: "before" })).status, 200);
	assert.equal((await person.client.post("/auth/logout", {})).status, 204);
	for (const body of [{ content: "after" }, { content: "after", resolve_names: true }, {}]) {
		const reply = await person.client.post(path, body);
		assert.equal(reply.status, 401, reply.text);
		assert.ok(reply.headers["www-authenticate"]);
	}
	const form = new FormData();
	form.set("payload_json", JSON.stringify({ content: "after" }));
	assert.equal((await person.client.post(path, form)).status, 401);
	const last = (await owner.client.get(`${path}?limit=1`)).json[0];
	assert.equal(last.content, "before");
});

test("a logout ends one session and not the others", async () => {
	const body = await account();
	const one = assertTokens(await nobody.post("/auth/register", body), 201);
	const other = assertTokens(await nobody.post("/auth/login", { login: body.username, password: body.password }));
	await new Client(snug, one.access_token).post("/auth/logout", {});
	assert.equal((await new Client(snug, other.access_token).get("/users/@me")).status, 200);
});

test("a personal token works, as Bearer and as Bot, and is listed without its secret", async () => {
	const bob = await invitePerson(owner);
	const made = await bob.client.post("/users/@me/tokens", { name: "deploy script" });
	assert.equal(made.status, 201, made.text);
	assert.match(made.json.id, /^\d+$/);
	assert.equal(made.json.name, "deploy script");
	assert.ok(made.json.token.length >= 22, "128 bits at least");
	const reply = await new Client(snug, made.json.token).get("/users/@me");
	assert.equal(reply.json.id, bob.user.id);
	const database = await import("node:fs").then((fs) => fs.readFileSync(`${snug.data}/snug.db`));
	assert.ok(!database.includes(made.json.token), "the secret is not at rest in clear");
});

test("credentials that are none get the same 401, and change nothing", async () => {
	const [head, claims, signature] = owner.access_token.split(".");
	const flipped = signature.slice(0, -2) + (signature.at(-2) === "A" ? "B" : "A") + signature.at(-1);
	const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url");
	const payload = JSON.parse(Buffer.from(claims, "base64url"));
	const later = Buffer.from(JSON.stringify({ ...payload, exp: payload.exp + 1000 })).toString("base64url");
	const bad = [
		"Bearer", "Bearer ", "Bearer x", "Bearer x.y.z", `Bearer ${head}.${claims}.`, `Bearer ${head}.${claims}.${flipped}`,
		`Bearer ${none}.${claims}.`, `Bearer ${head}.${later}.${signature}`, `Bearer ${owner.refresh_token}`, `Basic ${btoa("ada:x")}`,
		`Bearer ${"A".repeat(4000)}`, "Bot x", "bearer", `Bearer ${owner.access_token} x`, "Bearer \x01",
	];
	const bodies = new Set();
	for (const header of bad) {
		const reply = await nobody.request("GET", "/users/@me", undefined, { Authorization: header }).catch((error) => ({ error }));
		if (reply.error) continue; // node itself refuses to send it
		assert.ok([400, 401].includes(reply.status), `${reply.status} for ${header.slice(0, 40)}`);
		if (reply.status === 401) bodies.add(reply.text);
	}
	const absent = await nobody.get("/users/@me");
	assert.equal(absent.status, 401);
	bodies.add(absent.text);
	assert.equal(bodies.size, 1, [...bodies].join("\n"));
	assert.equal(JSON.parse([...bodies][0]).code, 0);
});

test("the scheme of Authorization is read in any case", async () => {
	const reply = await nobody.request("GET", "/users/@me", undefined, { Authorization: `bearer ${owner.access_token}` });
	assert.equal(reply.status, 200);
});

test("an access token has an id, an issuer and an audience, and lives 15 minutes", async () => {
	const claims = JSON.parse(Buffer.from(owner.access_token.split(".")[1], "base64url"));
	assert.equal(claims.exp - claims.iat, 900);
	for (const claim of ["jti", "iss", "aud", "sub"]) assert.ok(claims[claim], claim);
	const header = JSON.parse(Buffer.from(owner.access_token.split(".")[0], "base64url"));
	assert.equal(header.alg, "HS256");
	assert.ok(header.kid);
});

test("/api/v9, /api/v10 and /api are the same handlers", async () => {
	for (const prefix of ["/api/v1", "/api/v9", "/api/v10", "/api"]) {
		const reply = await snug.request(`${prefix}/users/@me`, { headers: { Authorization: `Bearer ${owner.access_token}` } });
		assert.equal(reply.status, 200);
		assert.equal(reply.json.id, owner.user.id);
	}
	assert.equal((await snug.request("/api/v2/users/@me")).status, 404);
	const encoded = await snug.request("/api/v10/users/%40me", { headers: { Authorization: `Bot ${owner.access_token}` } });
	assert.ok([200, 401].includes(encoded.status));
	const login = { login: "ada", password: "not this one" };
	assert.equal((await snug.request("/api/auth/login", { method: "POST", body: login })).status, 401, "its pool is found, too");
	assert.equal((await snug.request("/api")).status, 404);
	assert.deepEqual((await snug.request("/api/nothing")).json, { message: "404: Not Found", code: 0 });
});

await run();
