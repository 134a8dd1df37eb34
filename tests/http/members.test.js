// Members by the JSON interface and by pages: lists and search, nicknames, roles, time-outs, kicks.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const guild = `/guilds/${owner.guild}`;
const member = (person) => `${guild}/members/${person.user.id}`;
const bits = { kick: 1n << 1n, roles: 1n << 28n, nicknames: 1n << 27n, moderate: 1n << 40n };
const inFuture = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

async function makeRole(permissions) {
	const reply = await owner.client.post(`${guild}/roles`, { name: unique("role"), permissions: String(permissions) });
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}

async function moderator(permissions) {
	const person = await invitePerson(owner);
	const role = await makeRole(permissions);
	assert.equal((await owner.client.put(`${member(person)}/roles/${role.id}`)).status, 204);
	return { ...person, role };
}

async function logIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

test("members are listed by pages, in the shape that Discord's libraries read", async () => {
	const people = [owner, await invitePerson(owner), await invitePerson(owner)];
	const all = (await owner.client.get(`${guild}/members?limit=1000`)).json;
	assert.ok(all.length >= 3);
	for (const each of all) {
		for (const key of ["id", "username", "discriminator", "avatar", "global_name"]) assert.ok(key in each.user, key);
		assert.deepEqual(Object.keys(each).filter((key) => ["email", "is_admin"].includes(key)), []);
		assert.ok(Array.isArray(each.roles));
		assert.equal(each.flags, 0);
		assert.equal(each.communication_disabled_until, null);
		assert.match(each.joined_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
	}
	const ids = all.map((each) => each.user.id);
	assert.deepEqual(ids, [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
	const walked = [];
	for (let after = "0"; ; after = walked.at(-1)) {
		const page = (await owner.client.get(`${guild}/members?limit=2&after=${after}`)).json;
		walked.push(...page.map((each) => each.user.id));
		if (page.length < 2) break;
	}
	assert.deepEqual(walked, ids);
	assert.equal((await people[1].client.get(member(people[2]))).json.user.id, people[2].user.id);
	assert.equal((await people[1].client.get(`/users/@me/guilds/${owner.guild}/member`)).json.user.id, people[1].user.id);
	for (const query of ["limit=0", "limit=1001", "after=x"]) assert.equal((await owner.client.get(`${guild}/members?${query}`)).status, 400, query);
	assert.ok(!JSON.stringify(all).includes("@example.org"), "an address in a list");
});

test("a search finds people by any of their names and by nothing else", async () => {
	const one = await invitePerson(owner, { display_name: "Zoë Quill_7%" });
	const find = async (query) => (await one.client.get(`${guild}/members/search?limit=10&query=${encodeURIComponent(query)}`)).json.map((each) => each.user.id);
	assert.deepEqual(await find("quill"), [one.user.id]);
	assert.deepEqual(await find("7%"), [one.user.id]);
	assert.deepEqual(await find("%"), [one.user.id]);
	assert.deepEqual(await find(one.name.toUpperCase()), [one.user.id]);
	assert.deepEqual(await find("example.org"), []);
	await one.client.patch(`${guild}/members/@me`, { nick: "Inkwell" });
	assert.deepEqual(await find("inkw"), [one.user.id]);
	assert.equal((await one.client.get(`${guild}/members/search`)).status, 400);
	assert.equal((await one.client.get(`${guild}/members/search?query=${"x".repeat(101)}`)).status, 400);
});

test("the own nickname is changed by three ways, %40me among them", async () => {
	const bob = await invitePerson(owner);
	const changed = await bob.client.patch(`${guild}/members/%40me`, { nick: " Bobby " });
	assert.equal(changed.status, 200, changed.text);
	assert.equal(changed.json.nick, "Bobby");
	assert.equal(changed.json.user.id, bob.user.id);
	const older = await bob.client.patch(`${guild}/members/@me/nick`, { nick: "Rob" });
	assert.deepEqual([older.status, older.json], [200, { nick: "Rob" }]);
	assert.deepEqual((await bob.client.patch(`${guild}/members/@me/nick`, { nick: null })).json, { nick: null });
	assert.equal((await bob.client.patch(member(bob), { nick: "Robert" })).json.nick, "Robert");
	assert.equal((await bob.client.patch(member(owner), { nick: "Boss" })).status, 403);
	assert.equal((await bob.client.patch(`${guild}/members/@me`, { nick: "x".repeat(33) })).json.code, 50035);
});

test("roles are given by a list and one by one, and an open stream hears the whole member", async () => {
	const bob = await invitePerson(owner);
	const [a, b] = [await makeRole(0), await makeRole(0)];
	const stream = await openStream(snug, { token: bob.access_token });
	const changed = await owner.client.patch(member(bob), { roles: [a.id, b.id, owner.guild] });
	assert.equal(changed.status, 200, changed.text);
	assert.deepEqual([...changed.json.roles].sort(), [a.id, b.id].sort());
	const event = JSON.parse((await stream.find("the change", (each) => each.event === "GUILD_MEMBER_UPDATE")).data);
	for (const key of ["guild_id", "user", "roles", "nick", "joined_at", "flags", "communication_disabled_until"]) assert.ok(key in event, key);
	assert.deepEqual([...event.roles].sort(), [a.id, b.id].sort());
	assert.equal((await owner.client.delete(`${member(bob)}/roles/${a.id}`)).status, 204);
	assert.equal((await owner.client.delete(`${member(bob)}/roles/${a.id}`)).status, 204);
	assert.deepEqual((await owner.client.get(member(bob))).json.roles, [b.id]);
	for (const [status, code, reply] of [
		[404, 10011, await owner.client.put(`${member(bob)}/roles/1234567890123456789`)],
		[404, 10007, await owner.client.put(`${guild}/members/1234567890123456789/roles/${a.id}`)],
		[400, 50028, await owner.client.put(`${member(bob)}/roles/${owner.guild}`)],
		[403, 50013, await bob.client.put(`${member(bob)}/roles/${a.id}`)],
	])
		assert.deepEqual([reply.status, reply.json.code], [status, code], reply.text);
	stream.close();
});

test("a time-out ends writing at once and reading not, until it ends", async () => {
	const bob = await invitePerson(owner);
	const until_ = inFuture(3600);
	const changed = await owner.client.patch(member(bob), { communication_disabled_until: until_ });
	assert.equal(changed.status, 200, changed.text);
	assert.equal(new Date(changed.json.communication_disabled_until).toISOString(), until_);
	const refused = await bob.client.post(`/channels/${owner.channel}/messages`, { content: "still here" });
	assert.deepEqual([refused.status, refused.json.code], [403, 50013]);
	assert.equal((await bob.client.get(`/channels/${owner.channel}/messages`)).status, 200);
	assert.equal((await owner.client.patch(member(bob), { communication_disabled_until: null })).json.communication_disabled_until, null);
	await bob.client.send(owner.channel, "back again");
	await owner.client.patch(member(bob), { communication_disabled_until: inFuture(1) });
	await until("the time-out is over by itself", async () => (await bob.client.post(`/channels/${owner.channel}/messages`, { content: "again" })).status === 200);
	for (const bad of [inFuture(29 * 86400), "soon", 7])
		assert.equal((await owner.client.patch(member(bob), { communication_disabled_until: bad })).json.code, 50035, String(bad));
});

test("who moderates does so to those below, and never to the owner", async () => {
	const mod = await moderator(bits.kick | bits.moderate | bits.nicknames | bits.roles);
	const peer = await invitePerson(owner);
	await owner.client.put(`${member(peer)}/roles/${mod.role.id}`);
	for (const person of [owner, peer]) {
		for (const reply of [
			await mod.client.patch(member(person), { nick: "x" }),
			await mod.client.patch(member(person), { communication_disabled_until: inFuture(60) }),
			await mod.client.patch(member(person), { roles: [] }),
			await mod.client.delete(member(person)),
		])
			assert.deepEqual([reply.status, reply.json.code], [403, 50013], reply.text);
	}
	const eve = await invitePerson(owner);
	assert.equal((await mod.client.patch(member(eve), { nick: "E", communication_disabled_until: inFuture(60) })).status, 200);
	assert.equal((await mod.client.delete(member(eve))).status, 204);
});

test("who is kicked is out everywhere at once", async () => {
	const bob = await invitePerson(owner);
	const stream = await openStream(snug, { token: bob.access_token });
	const others = await openStream(snug, { token: owner.access_token });
	await owner.client.send(owner.channel, "hello");
	await stream.find("a message", (each) => each.event === "MESSAGE_CREATE");
	assert.equal((await owner.client.delete(member(bob))).status, 204);
	await stream.find("GUILD_DELETE", (each) => each.event === "GUILD_DELETE" && each.data.includes(owner.guild));
	const gone = JSON.parse((await others.find("GUILD_MEMBER_REMOVE", (each) => each.event === "GUILD_MEMBER_REMOVE")).data);
	assert.deepEqual([gone.guild_id, gone.user.id], [owner.guild, bob.user.id]);
	await owner.client.send(owner.channel, "a secret");
	await others.find("the secret", (each) => each.data.includes("a secret"));
	assert.ok(!stream.events.some((each) => each.data.includes("a secret")));
	for (const place of [guild, `${guild}/members`, `${guild}/roles`, `/channels/${owner.channel}`, `/channels/${owner.channel}/messages`])
		assert.equal((await bob.client.get(place)).status, 404, place);
	assert.deepEqual((await bob.client.get("/users/@me/guilds")).json, []);
	const again = await owner.client.delete(member(bob));
	assert.deepEqual([again.status, again.json.code], [404, 10007]);
	stream.close();
	others.close();
});

test("a stranger finds no members", async () => {
	const bob = await invitePerson(owner);
	await owner.client.delete(member(bob));
	for (const [method, place, body] of [["GET", `${guild}/members`], ["GET", `${guild}/members/search?query=a`], ["GET", member(owner)], ["PATCH", member(owner), { nick: "x" }], ["PATCH", `${guild}/members/@me`, { nick: "x" }], ["DELETE", member(owner)]]) {
		const reply = await bob.client.request(method, place, body);
		assert.deepEqual([reply.status, reply.json.code], [404, 10004], `${method} ${place}`);
	}
});

test("pages: people are found, given a role in two clicks, timed out and removed", async () => {
	const eve = await invitePerson(owner, { display_name: "Eve Adder" });
	const page = await logIn(owner);
	await page.open(`/guilds/${owner.guild}/members?q=adder`);
	assert.equal(page.reply.status, 200);
	assert.match(page.text, /Eve Adder/);
	assert.ok(!/Bobby/.test(page.text));
	await page.open(`/guilds/${owner.guild}/members/${eve.user.id}`);
	const [, member_] = (await owner.client.get(`${guild}/roles`)).json;
	await page.submit(/members\/\d+\/roles$/, { role_id: member_.id });
	assert.match(page.location, /done=added$/);
	assert.deepEqual((await owner.client.get(member(eve))).json.roles, [member_.id]);
	await page.submit(/roles\/\d+\/remove$/, {});
	assert.deepEqual((await owner.client.get(member(eve))).json.roles, []);
	await page.submit(/\/nick$/, { nick: "Evie" });
	assert.equal((await owner.client.get(member(eve))).json.nick, "Evie");
	await page.submit(/\/timeout$/, { seconds: "3600", reason: "cool down" });
	assert.ok(new Date((await owner.client.get(member(eve))).json.communication_disabled_until) > new Date());
	assert.match(page.text, /In a time-out/);
	await page.submit(/\/timeout$/, {});
	assert.equal((await owner.client.get(member(eve))).json.communication_disabled_until, null);
	await page.submit(/\/nick$/, { nick: "x".repeat(33) });
	assert.equal(page.reply.status, 400);
	assert.match(page.reply.text, new RegExp(`value="${"x".repeat(33)}"`));
	await page.submit(/\/kick$/, { reason: "x".repeat(513) });
	assert.equal(page.reply.status, 400);
	assert.match(page.text, /512 or fewer/);
	await page.submit(/\/kick$/, { reason: "goodbye" });
	assert.match(page.location, /\/members\?done=kicked$/);
	assert.equal((await owner.client.get(member(eve))).status, 404);
	assert.equal((await owner.client.get(`${guild}/audit-logs?action_type=20&limit=1`)).json.audit_log_entries[0].reason, "goodbye");
});

test("a member without powers sees people, and no forms to manage them", async () => {
	const eve = await invitePerson(owner);
	const page = await logIn(eve);
	await page.open(`/guilds/${owner.guild}/members/${owner.user.id}`);
	assert.equal(page.reply.status, 200);
	assert.deepEqual(page.forms.filter((form) => /members\//.test(form.action)), []);
	await page.open(`/guilds/${owner.guild}/members/${eve.user.id}`);
	assert.deepEqual(page.forms.filter((form) => /members\//.test(form.action)).map((form) => form.action.replace(/.*\//, "")), ["nick"]);
});

await run();
