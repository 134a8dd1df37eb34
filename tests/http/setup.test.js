// The first account: an empty instance is set up once, by the JSON interface or by the page.

import { startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, invitePerson, register, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();

test("an empty instance leads every page to set-up", async () => {
	const page = new Page(snug);
	const reply = await page.fetch("/");
	assert.equal(reply.status, 200);
	assert.equal(page.location.split("?")[0], "/setup");
	assert.ok(page.form(/setup/));
});

test("an empty instance refuses a login as it refuses a stranger", async () => {
	const reply = await new Client(snug).post("/auth/login", { login: "ada", password: goodPassword });
	assert.equal(reply.status, 401);
});

test("of ten people who set up at once exactly one does", async () => {
	const clients = Array.from({ length: 10 }, () => new Client(snug));
	const replies = await Promise.all(
		clients.map((client, i) =>
			client.post("/auth/register", {
				username: `first${i}`,
				email: `first${i}@example.org`,
				password: goodPassword,
				workspace: `Works ${i}`,
			}),
		),
	);
	const winners = replies.filter((reply) => reply.status === 201);
	assert.equal(winners.length, 1, replies.map((reply) => `${reply.status} ${reply.text}`).join("\n"));
	for (const reply of replies) assert.ok([201, 403, 409].includes(reply.status), `${reply.status} ${reply.text}`);
	const tokens = assertTokens(winners[0], 201);
	const owner = new Client(snug, tokens.access_token);
	const guilds = await owner.get("/users/@me/guilds");
	assert.equal(guilds.json.length, 1);
	assert.equal(guilds.json[0].owner, true);
	assert.match(guilds.json[0].name, /^Works \d$/);
	const channels = await owner.get(`/guilds/${guilds.json[0].id}/channels`);
	assert.deepEqual(
		channels.json.filter((each) => each.type === 0).map((each) => each.name),
		["general"],
	);
});

test("what is set up leads to the login, and is not set up again", async () => {
	const page = new Page(snug);
	await page.fetch("/");
	assert.equal(page.location.split("?")[0], "/login");
	const again = await page.fetch("/setup");
	assert.ok(!page.forms.some((form) => /setup/.test(form.action)), `${again.status}: there is a set-up form`);
});

test("the page sets up: workspace, account, first channel, logged in at once", async () => {
	const other = await startSnug();
	const page = new Page(other);
	await page.open("/");
	const form = page.form(/setup/);
	const fields = { username: "ada", email: "ada@example.org", password: goodPassword, workspace: "Works", display_name: "Ada" };
	for (const name of ["username", "email", "password", "workspace"]) assert.ok(name in form.fields, `no field ${name}`);
	assert.ok(form.fields.csrf, "the form has a token");
	const reply = await page.submit(form, fields);
	assert.equal(reply.status, 200, reply.text.slice(0, 500));
	assert.match(page.location, /^\/channels\/\d+\/\d+/);
	assert.match(page.text, /Works/);
	assert.match(page.text, /general/);
	assert.ok(page.cookie.includes("snug_session="));
	await other.stop();
});

test("a set-up with mistakes shows the form again with what was typed, but not the password", async () => {
	const other = await startSnug();
	const page = new Page(other);
	await page.open("/setup");
	const fields = { username: "a d a", email: "nonsense", password: "short", workspace: "My <works>", display_name: "Ada" };
	const reply = await page.submit(/setup/, fields);
	assert.equal(reply.status, 400);
	const form = page.form(/setup/);
	assert.equal(form.fields.workspace, "My <works>");
	assert.equal(form.fields.email, "nonsense");
	assert.equal(form.fields.password, "");
	assert.ok(!reply.text.includes("short"), "the password is on the page");
	await other.stop();
});

test("on an address that is not loopback the first account needs the printed code", async () => {
	const port = (await import("../lib/snug.js").then((lib) => lib.freePort()));
	const other = await startSnug({ port, listen: `0.0.0.0:${port}`, url: `http://127.0.0.1:${port}` });
	const code = /code=([\w-]+)/.exec(other.output)?.[1];
	assert.ok(code, `a link with the code is printed: ${other.output}`);
	const body = { username: "ada", email: "ada@example.org", password: goodPassword, workspace: "Works" };
	const without = await new Client(other).post("/auth/register", body);
	assert.equal(without.status, 403, without.text);
	assert.equal(without.json.code, 40304);
	const wrong = await new Client(other).post("/auth/register", { ...body, setup_code: "x".repeat(code.length) });
	assert.equal(wrong.status, 403, wrong.text);
	const page = new Page(other);
	await page.open(`/setup?code=${code}`);
	const reply = await page.submit(/setup/, { ...body, display_name: "Ada" });
	assert.equal(reply.status, 200, reply.text.slice(0, 400));
	assert.match(page.location, /^\/channels\//);
	await other.stop();
});

test("registration = open lets anybody in, closed lets nobody, invite asks for one", async () => {
	const instances = await Promise.all(["open", "closed", "invite"].map((how) => startSnug({ env: { SNUG_REGISTRATION: how } })));
	const [open, closed, invited] = instances;
	const owners = await Promise.all(instances.map((each) => setUp(each)));
	const body = { username: "bob", email: "bob@example.org", password: goodPassword };
	assert.equal((await new Client(open).post("/auth/register", body)).status, 201);
	const refused = await new Client(closed).post("/auth/register", body);
	assert.deepEqual([refused.status, refused.json.code], [403, 40302]);
	const invite = await owners[1].client.post(`/guilds/${owners[1].guild}/invites`, {});
	const evenSo = await new Client(closed).post("/auth/register", { ...body, invite: invite.json.code });
	assert.equal(evenSo.status, 403, "closed is closed on every path");
	const page = new Page(closed);
	await page.fetch("/signup");
	assert.ok(!page.forms.some((form) => "password" in form.fields), "no sign-up form where registration is closed");
	const without = await new Client(invited).post("/auth/register", body);
	assert.deepEqual([without.status, without.json.code], [403, 40303]);
	const bob = await invitePerson(owners[2], { username: "bob" });
	assert.equal((await bob.client.get("/users/@me")).json.username, "bob");
	assert.equal((await register(open, { username: "carl" })).user.username, "carl");
	await Promise.all(instances.map((each) => each.stop()));
});

await run();
