// Suspension: who may suspend whom, that it is felt at once everywhere, and what becomes of what a suspended account owns.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug); // the first account administers the server
const bob = await invitePerson(owner);
const logIn = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
};

test("only who administers the server suspends, hands over, and sees accounts", async () => {
	const carol = await invitePerson(owner);
	for (const [method, path, body] of [["PUT", `/users/${carol.user.id}/suspension`, {}], ["DELETE", `/users/${carol.user.id}/suspension`],
		["POST", `/users/${carol.user.id}/handover`, { to: bob.user.id }], ["PUT", `/users/${bob.user.id}/admin`, {}], ["DELETE", `/users/${owner.user.id}/admin`], ["GET", "/admin/users"]]) {
		const reply = await bob.client.request(method, path, body);
		assert.equal(reply.status, 403, `${method} ${path}: ${reply.status} ${reply.text}`);
		const token = (await owner.client.post("/users/@me/tokens", { name: "t" })).json.token;
		const byToken = await new Client(snug, token).request(method, path, body);
		assert.equal(byToken.status, 403, `${method} ${path} by a token: ${byToken.status}`);
	}
	const page = await logIn(bob);
	for (const path of ["/admin/users", `/admin/users/${carol.user.id}`]) assert.equal((await page.fetch(path)).status, 403, path);
	assert.equal((await carol.client.get("/users/@me")).status, 200);
});

test("the list finds people by name or whole address and shows nobody's address", async () => {
	const list = await owner.client.get("/admin/users");
	assert.equal(list.status, 200, list.text);
	assert.ok(!list.text.includes("@example.org"), list.text);
	assert.deepEqual(list.json.map((each) => each.user.id), list.json.map((each) => each.user.id).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
	const one = async (query) => (await owner.client.get(`/admin/users?query=${encodeURIComponent(query)}`)).json.map((each) => each.user.id);
	assert.deepEqual(await one(bob.name.slice(1).toUpperCase()), [bob.user.id]);
	assert.deepEqual(await one(`${bob.name}@EXAMPLE.org`), [bob.user.id]);
	assert.deepEqual(await one(`${bob.name}@`), []);
	assert.deepEqual(await one("%"), []);
	assert.deepEqual(await one("_"), (await one("")).filter((id) => id !== owner.user.id), "an underscore is one, and no wildcard");
});

test("a suspended account is out at once: tokens, sessions, cookies, open streams, logins", async () => {
	const carol = await invitePerson(owner);
	const page = await logIn(carol);
	const token = (await carol.client.post("/users/@me/tokens", { name: "t" })).json.token;
	const streams = await Promise.all([openStream(snug, { token: carol.access_token }), openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` })]);
	assert.equal((await owner.client.put(`/users/${carol.user.id}/suspension`, { reason: "shared a password" })).status, 204);
	assert.equal((await owner.client.put(`/users/${carol.user.id}/suspension`, {})).status, 204, "again");
	assert.equal((await carol.client.get("/users/@me")).status, 401);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 401);
	assert.equal((await new Client(snug).post("/auth/refresh", { refresh_token: carol.refresh_token })).status, 401);
	assert.equal((await page.fetch("/account", { isFollowed: false })).status, 303);
	await until("the streams end", async () => streams.every((each) => each.isClosed));
	const login = await new Client(snug).post("/auth/login", { login: carol.name, password: goodPassword });
	assert.equal(login.status, 403, login.text);
	assert.equal(login.json.code, 40305);
	assert.equal((await new Client(snug).post("/auth/login", { login: carol.name, password: "wrong password" })).status, 401, "only who has the password is told");

	assert.equal((await owner.client.delete(`/users/${carol.user.id}/suspension`)).status, 204);
	assert.equal((await carol.client.get("/users/@me")).status, 401, "what ended stays ended");
	assert.equal((await new Client(snug).post("/auth/login", { login: carol.name, password: goodPassword })).status, 200);
});

test("a suspended person's bots stop", async () => {
	const dave = await register(snug, { workspace: "Dave's" });
	const guild = (await dave.client.get("/users/@me/guilds")).json[0].id;
	const bot = (await dave.client.post(`/guilds/${guild}/bots`, { username: `robot_${process.pid}` })).json;
	assert.equal((await new Client(snug, bot.token).get("/users/@me")).status, 200);
	assert.equal((await owner.client.put(`/users/${dave.user.id}/suspension`, {})).status, 204);
	assert.equal((await new Client(snug, bot.token).get("/users/@me")).status, 401);
	assert.equal((await owner.client.delete(`/users/${dave.user.id}/suspension`)).status, 204);
	assert.equal((await new Client(snug, bot.token).get("/users/@me")).status, 401);
});

test("nobody suspends themselves, and the last administrator stays", async () => {
	assert.equal((await owner.client.put(`/users/${owner.user.id}/suspension`, {})).status, 400);
	const reply = await owner.client.delete(`/users/${owner.user.id}/admin`);
	assert.equal(reply.status, 409, reply.text);
	assert.equal((await owner.client.put("/users/1234567890123456789/suspension", {})).status, 404);
});

test("another administrator is made, logs in anew, and can do the same", async () => {
	const erin = await invitePerson(owner);
	assert.equal((await owner.client.put(`/users/${erin.user.id}/admin`, {})).status, 204);
	assert.equal((await erin.client.get("/users/@me")).status, 401, "a copied session must not administer");
	const again = (await new Client(snug).post("/auth/login", { login: erin.name, password: goodPassword })).json;
	const client = new Client(snug, again.access_token);
	assert.equal((await client.get("/users/@me")).json.admin, true);
	assert.equal((await client.get("/admin/users")).status, 200);
	assert.equal((await client.delete(`/users/${erin.user.id}/admin`)).status, 204);
	assert.equal((await client.get("/admin/users")).status, 403);
});

test("what a suspended account owns is handed over, and nobody else's", async () => {
	const frank = await invitePerson(owner);
	const grace = await invitePerson(owner);
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: `private-${process.pid}`, private: true })).json;
	assert.equal((await owner.client.post(`/channels/${room.id}/members`, { users: [frank.user.id] })).status < 300, true);
	assert.ok((await owner.client.put(`/channels/${room.id}/owner`, { user_id: frank.user.id })).status < 300);
	assert.equal((await grace.client.get(`/channels/${room.id}`)).status, 404);
	const early = await owner.client.post(`/users/${frank.user.id}/handover`, { to: grace.user.id });
	assert.equal(early.status, 409, "an account that is not suspended keeps what it has");
	await owner.client.put(`/users/${frank.user.id}/suspension`, {});
	const reply = await owner.client.post(`/users/${frank.user.id}/handover`, { to: grace.user.id });
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual(reply.json, { guilds: 0, channels: 1, bots: 0 });
	const seen = await grace.client.get(`/channels/${room.id}`);
	assert.equal(seen.status, 200, "who takes it over is let in");
	assert.equal(seen.json.owner_id, grace.user.id);
	const stranger = await register(snug, { workspace: "Elsewhere" });
	const none = await owner.client.post(`/users/${frank.user.id}/handover`, { to: stranger.user.id });
	assert.deepEqual(none.json, { guilds: 0, channels: 0, bots: 0 });
});

test("a workspace whose owner is suspended gets another one", async () => {
	const jack = await register(snug, { workspace: "Jack's" });
	const guild = (await jack.client.get("/users/@me/guilds")).json[0].id;
	const kate = await invitePerson({ ...jack, guild });
	await owner.client.put(`/users/${jack.user.id}/suspension`, {});
	const reply = await owner.client.post(`/users/${jack.user.id}/handover`, { to: kate.user.id });
	assert.equal(reply.json.guilds, 1, reply.text);
	assert.equal((await kate.client.get(`/guilds/${guild}`)).json.owner_id, kate.user.id);
	assert.equal((await kate.client.patch(`/guilds/${guild}`, { name: "Kate's" })).status, 200);
});

test("the pages do all of it without JavaScript", async () => {
	const henry = await invitePerson(owner);
	const iris = await invitePerson(owner);
	const page = await logIn(owner);
	await page.open(`/admin/users?query=${henry.name}`);
	assert.ok(page.reply.text.includes(`/admin/users/${henry.user.id}`));
	assert.ok(!page.reply.text.includes("@example.org"));
	await page.open(`/admin/users/${henry.user.id}`);
	await page.submit(/suspend$/, { reason: "left the company" });
	assert.match(page.text, /Suspended/);
	assert.equal((await henry.client.get("/users/@me")).status, 401);
	const refused = await page.submit(/handover$/, { to: "nobody_of_that_name" });
	assert.equal(refused.status, 404);
	assert.match(page.text, /Unknown User/);
	await page.submit(/handover$/, { to: iris.name });
	await page.submit(/restore$/);
	assert.match(page.text, /No longer suspended/);
	await page.submit(/admin$/);
	assert.match(page.text, /Saved/);
	assert.match(page.text, /End server administration/);
	await page.submit(/admin$/);
	assert.match(page.text, /Let this person administer/);
	await page.open(`/admin/users/${owner.user.id}`);
	assert.ok(!page.forms.some((form) => /suspend/.test(form.action)), "nothing to do about oneself");
});

await run();
