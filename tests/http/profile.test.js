// Profiles: what people change of their own account, who sees it, and that nobody sees another's address.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const stranger = await register(snug, { workspace: "Elsewhere" });

const logIn = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
};

test("a profile is changed field by field, and what is not named stays", async () => {
	const first = await bob.client.patch("/users/@me", { global_name: "Bob the Builder", bio: "Can we\nfix it?", pronouns: "he/him", time_zone: "Europe/Berlin" });
	assert.equal(first.status, 200, first.text);
	assert.equal(first.json.global_name, "Bob the Builder");
	assert.equal(first.json.about, "Can we\nfix it?");
	assert.equal(first.json.email, `${bob.name}@example.org`);
	const second = await bob.client.patch("/users/@me", { about: null, username: "BOB.b" });
	assert.equal(second.json.about, null);
	assert.equal(second.json.username, "bob.b");
	assert.equal(second.json.pronouns, "he/him");
	assert.equal(second.json.time_zone, "Europe/Berlin");
	bob.name = "bob.b";
	assert.deepEqual((await bob.client.get("/users/@me")).json, second.json);
});

for (const [field, value] of [["username", "a"], ["username", "no blanks"], ["username", "everyone"], ["username", ""], ["username", null],
	["username", "deleted_user_1"], ["global_name", "x".repeat(33)], ["about", "x".repeat(191)], ["pronouns", "x".repeat(41)], ["pronouns", "a\u202eb"],
	["time_zone", "Mars/Olympus"], ["time_zone", "../../etc/passwd"], ["email", "other@example.org"]])
	test(`${field} ${JSON.stringify(value).slice(0, 30)} is refused`, async () => {
		const before = (await bob.client.get("/users/@me")).text;
		const reply = await bob.client.patch("/users/@me", { [field]: value });
		assert.equal(reply.status, 400, reply.text);
		assert.ok(reply.json.errors[field === "global_name" ? "display_name" : field], reply.text);
		assert.equal((await bob.client.get("/users/@me")).text, before);
	});

test("a user name that is taken, in any case, is refused", async () => {
	const reply = await bob.client.patch("/users/@me", { username: owner.name.toUpperCase() });
	assert.equal(reply.status, 409, reply.text);
});

test("colleagues see the profile and not the address; to strangers nobody is there", async () => {
	const seen = await owner.client.get(`/users/${bob.user.id}`);
	assert.equal(seen.status, 200, seen.text);
	assert.equal(seen.json.pronouns, "he/him");
	assert.equal(seen.json.avatar, null);
	assert.ok(!seen.text.includes("@example.org"), seen.text);
	for (const id of [bob.user.id, owner.user.id, "1234567890123456789"]) {
		const hidden = await stranger.client.get(`/users/${id}`);
		assert.equal(hidden.status, 404, hidden.text);
		assert.equal(hidden.json.code, 10013);
	}
	assert.equal((await stranger.client.get(`/users/${stranger.user.id}`)).status, 200);
});

test("the address changes with the password alone, and not by a token", async () => {
	const email = `${unique("new")}@example.org`;
	for (const [body, status] of [[{ email }, 400], [{ email, current_password: "wrong password" }, 401], [{ email: "no address", current_password: goodPassword }, 400],
		[{ email: `${owner.name}@EXAMPLE.org`, current_password: goodPassword }, 409]]) {
		const reply = await bob.client.put("/users/@me/email", body);
		assert.equal(reply.status, status, `${JSON.stringify(body)}: ${reply.text}`);
	}
	const token = (await bob.client.post("/users/@me/tokens", { name: "script" })).json.token;
	assert.equal((await new Client(snug, token).put("/users/@me/email", { email, current_password: goodPassword })).status, 403);
	const reply = await bob.client.put("/users/@me/email", { email, current_password: goodPassword });
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.email, email);
	assert.equal((await new Client(snug).post("/auth/login", { login: email, password: goodPassword })).status, 200);
});

test("the page shows what is, keeps what was typed, and saves", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	const form = page.form("/account");
	assert.equal(form.enctype, "multipart/form-data");
	assert.equal(form.fields.username, "bob.b");
	assert.equal(form.fields.time_zone, "Europe/Berlin");
	const refused = await page.submit(form, { display_name: "Bobby", time_zone: "Nowhere" });
	assert.equal(refused.status, 400);
	assert.equal(page.form("/account").fields.display_name, "Bobby");
	assert.match(page.text, /no such time zone/);
	await page.submit("/account", { time_zone: "Asia/Tokyo" });
	assert.match(page.text, /Saved/);
	assert.equal((await bob.client.get("/users/@me")).json.global_name, "Bobby");
	assert.equal((await bob.client.get("/users/@me")).json.time_zone, "Asia/Tokyo");
});

test("the page changes the address with the password", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	const refused = await page.submit("/account/email", { email: "bob2@example.org", current_password: "wrong password" });
	assert.equal(refused.status, 401);
	assert.match(page.text, /Wrong password/);
	assert.equal(page.form("/account/email").fields.email, "bob2@example.org");
	assert.equal(page.form("/account").fields.username, "bob.b", "the other form still has what is");
	await page.submit("/account/email", { current_password: goodPassword });
	assert.match(page.text, /Saved/);
	assert.equal((await bob.client.get("/users/@me")).json.email, "bob2@example.org");
});

await run();
