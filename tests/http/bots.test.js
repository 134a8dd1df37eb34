// Bots: made with a token that is shown once, members like others, and shut out of what is for people.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const place = `/guilds/${owner.guild}/bots`;

const make = async (username = unique("bot")) => {
	const reply = await owner.client.post(place, { username });
	assert.equal(reply.status, 201, reply.text);
	return { ...reply.json, client: new Client(snug, reply.json.token), username };
};

test("a bot is made, and its token works with Bot and with Bearer before it", async () => {
	const bot = await make("Deploy.Bot");
	assert.equal(bot.user.username, "deploy.bot");
	assert.equal(bot.user.bot, true);
	assert.ok(bot.token.length >= 32 && !/[.\s]/.test(bot.token), "no library takes it for something else");
	for (const scheme of ["Bot", "Bearer"]) {
		const self = await new Client(snug).get("/users/@me", { Authorization: `${scheme} ${bot.token}` });
		assert.equal(self.status, 200, self.text);
		assert.equal(self.json.id, bot.user.id);
		assert.equal(self.json.email, null);
	}
	const said = await bot.client.send(owner.channel, "deployed");
	assert.equal(said.author.bot, true);
	const list = await owner.client.get(place);
	assert.equal(list.status, 200);
	assert.ok(!list.text.includes(bot.token), "a token is shown once");
	const row = list.json.find((each) => each.user.id === bot.user.id);
	assert.equal(row.owner.id, owner.user.id);
	assert.equal(row.is_member, true);
});

test("who does not manage the workspace neither makes nor sees bots", async () => {
	const bot = await make();
	for (const [method, path, body] of [["GET", place], ["POST", place, { username: unique("x") }], ["DELETE", `${place}/${bot.user.id}`], ["POST", `${place}/${bot.user.id}/token`, {}]]) {
		const reply = await bob.client.request(method, path, body);
		assert.equal(reply.status, 403, `${method} ${path}: ${reply.text}`);
		assert.equal(reply.json.code, 50013);
	}
	assert.equal((await bot.client.get("/users/@me")).status, 200);
});

for (const [username, status] of [["x", 400], ["no blanks", 400], ["everyone", 400], ["", 400], ["ada", 409]])
	test(`a bot called ${JSON.stringify(username)} is refused`, async () => {
		const reply = await owner.client.post(place, { username });
		assert.equal(reply.status, status, reply.text);
	});

test("what is for people is forbidden to bots", async () => {
	const bot = await make();
	const invite = (await owner.client.post(`/channels/${owner.channel}/invites`, {})).json.code;
	for (const [method, path, body] of [["PUT", `/users/@me/blocks/${bob.user.id}`], ["GET", "/users/@me/blocks"], ["POST", "/users/@me/tokens", { name: "x" }],
		["POST", `/invites/${invite}`, {}], ["GET", "/users/@me/export"], ["DELETE", "/users/@me", { password: goodPassword }],
		["PUT", "/users/@me/email", { email: "bot@example.org", current_password: goodPassword }], ["PUT", `/users/${bob.user.id}/suspension`, {}], ["GET", "/admin/users"]]) {
		const reply = await bot.client.request(method, path, body);
		assert.equal(reply.status, 403, `${method} ${path}: ${reply.status} ${reply.text}`);
		assert.equal(reply.json.code, 20001, `${method} ${path}: ${reply.text}`);
	}
	const login = await new Client(snug).post("/auth/login", { login: bot.username, password: goodPassword });
	assert.equal(login.status, 401, "a bot has no password");
});

test("a new token ends the one before, open streams included", async () => {
	const bot = await make();
	const stream = await openStream(snug, { token: bot.token });
	assert.equal(stream.status, 200);
	const reply = await owner.client.post(`${place}/${bot.user.id}/token`, {});
	assert.equal(reply.status, 200, reply.text);
	assert.notEqual(reply.json.token, bot.token);
	assert.equal((await bot.client.get("/users/@me")).status, 401);
	assert.equal((await new Client(snug, reply.json.token).get("/users/@me")).status, 200);
	await until("the stream ends", async () => stream.isClosed);
});

test("a removed bot is out, its name is free, and what it wrote stays", async () => {
	const bot = await make();
	const said = await bot.client.send(owner.channel, "my last words");
	assert.equal((await owner.client.delete(`${place}/${bot.user.id}`)).status, 204);
	assert.equal((await owner.client.delete(`${place}/${bot.user.id}`)).status, 404);
	assert.equal((await bot.client.get("/users/@me")).status, 401);
	const seen = await owner.client.get(`/channels/${owner.channel}/messages/${said.id}`);
	assert.equal(seen.json.content, "my last words");
	assert.equal(seen.json.author.global_name, bot.username);
	assert.ok(!(await owner.client.get(place)).json.some((each) => each.user.id === bot.user.id));
	await make(bot.username);
});

test("all of it is in the audit log", async () => {
	const bot = await make();
	await owner.client.post(`${place}/${bot.user.id}/token`, {});
	await owner.client.delete(`${place}/${bot.user.id}`, { "X-Audit-Log-Reason": "not%20needed" });
	const log = await owner.client.get(`/guilds/${owner.guild}/audit-logs?limit=3`);
	if (log.status === 404) return;
	const entries = log.json.audit_log_entries.filter((each) => each.target_id === bot.user.id);
	assert.deepEqual(entries.map((each) => each.action_type), [1011, 1010, 28]);
	assert.equal(entries[0].reason, "not needed");
});

test("the page makes a bot, shows its token once, renews it and removes it", async () => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: owner.name, password: owner.password });
	await page.open(place);
	const name = unique("page.bot");
	await page.submit(place, { username: name });
	const token = /value="([\w-]{40,})"[^>]*aria-label="Token"/.exec(page.reply.text)?.[1];
	assert.ok(token, page.text);
	assert.match(page.reply.headers["cache-control"], /no-store/);
	const bot = (await new Client(snug, token).get("/users/@me")).json;
	assert.equal(bot.username, name);
	await page.open(place);
	assert.ok(!page.reply.text.includes(token));
	const refused = await page.submit(place, { username: name });
	assert.equal(refused.status, 409);
	assert.match(page.text, /name is taken/);
	await page.open(`${place}/${bot.id}`);
	await page.submit(`${place}/${bot.id}/token`);
	assert.match(page.reply.text, /aria-label="Token"/);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 401);
	await page.open(`${place}/${bot.id}`);
	await page.submit(`${place}/${bot.id}/delete`);
	assert.match(page.text, /Removed/);
	assert.equal((await page.fetch(`${place}/${bot.id}`)).status, 404);
});

await run();
