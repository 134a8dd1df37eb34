// Roles by the JSON interface and by pages: Discord's shapes, the hierarchy, and that nobody gives what they lack.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const guild = `/guilds/${owner.guild}`;
const roles = `${guild}/roles`;
const bits = { kick: 1n << 1n, ban: 1n << 2n, administrator: 1n << 3n, channels: 1n << 4n, view: 1n << 10n, roles: 1n << 28n };

async function makeRole(permissions, more = {}) {
	const reply = await owner.client.post(roles, { name: unique("role"), permissions: String(permissions), ...more });
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}
const give = (role, person) => owner.client.put(`${guild}/members/${person.user.id}/roles/${role.id}`);
const listed = async () => (await owner.client.get(roles)).json.sort((a, b) => b.position - a.position || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));

/** Somebody with a role of these permissions that stands above all made so far. */
async function personWith(permissions) {
	const person = await invitePerson(owner);
	const role = await makeRole(permissions);
	const top = Math.max(...(await listed()).map((each) => each.position));
	assert.equal((await owner.client.patch(roles, [{ id: role.id, position: Math.min(top, 250) }])).status, 200);
	assert.equal((await give(role, person)).status, 204);
	return { ...person, role };
}

async function logIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

test("a new workspace has @everyone, Member, Moderator and Admin ready", async () => {
	const list = (await owner.client.get(roles)).json;
	assert.deepEqual(list.map((each) => each.name), ["@everyone", "Member", "Moderator", "Admin"]);
	assert.deepEqual(list.map((each) => each.position), [0, 1, 2, 3]);
	assert.equal(list[0].id, owner.guild);
});

test("a role is made, read, changed and deleted, in the shape of Discord's libraries", async () => {
	const made = await owner.client.post(roles, { name: "  Crew ", permissions: "8192", colors: { primary_color: 0x3498db, secondary_color: null }, hoist: true, mentionable: true, icon: null, unicode_emoji: null });
	assert.equal(made.status, 200, made.text);
	assert.match(made.headers["content-type"], /^application\/json$/);
	assert.equal(made.json.name, "Crew");
	assert.equal(made.json.permissions, "8192");
	assert.equal(made.json.color, 0x3498db);
	assert.deepEqual(made.json.colors, { primary_color: 0x3498db, secondary_color: null, tertiary_color: null });
	assert.deepEqual([made.json.hoist, made.json.mentionable, made.json.managed, made.json.flags], [true, true, false, 0]);
	assert.ok(Number.isInteger(made.json.position));
	assert.ok(!("tags" in made.json), "never null, so left out");
	const place = `${roles}/${made.json.id}`;
	assert.deepEqual((await owner.client.get(place)).json, made.json);
	const changed = await owner.client.patch(place, { name: "Band", permissions: 16384, color: null, mentionable: null });
	assert.equal(changed.status, 200, changed.text);
	assert.deepEqual(changed.json, { ...made.json, name: "Band", permissions: "16384" });
	assert.equal((await owner.client.delete(place)).status, 204);
	for (const reply of [await owner.client.get(place), await owner.client.delete(place), await owner.client.patch(place, {})]) {
		assert.equal(reply.status, 404);
		assert.equal(reply.json.code, 10011);
	}
});

test("the order of roles is one request, and answers with all of them", async () => {
	const [a, b] = [await makeRole(0), await makeRole(0)];
	const before = (await listed()).map((each) => each.id);
	// As discord.js sends it: everything, @everyone included.
	const wanted = [owner.guild, b.id, a.id, ...before.filter((id) => ![a.id, b.id, owner.guild].includes(id)).reverse()];
	const reply = await owner.client.patch(roles, wanted.map((id, position) => ({ id, position })));
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual(reply.json.map((each) => each.id), wanted);
	for (const body of [{ id: a.id, position: 1 }, [{ id: a.id, position: "up" }], [{ id: a.id, position: 1 }, { id: a.id, position: 2 }], "[", "7"])
		assert.equal((await owner.client.patch(roles, body)).status, 400, JSON.stringify(body));
	for (const role of [a, b]) await owner.client.delete(`${roles}/${role.id}`);
});

test("who manages roles changes what stands below them, and gives nothing that they lack", async () => {
	const above = await makeRole(0);
	const bob = await personWith(bits.roles | bits.kick);
	const top = (await listed()).length;
	await owner.client.patch(roles, [{ id: above.id, position: top }]);
	const refused = async (reply, status = 403) => {
		const found = await reply;
		assert.equal(found.status, status, found.text);
		assert.equal(found.json.code, 50013);
	};
	await refused(bob.client.patch(`${roles}/${above.id}`, { name: "mine" }));
	await refused(bob.client.patch(`${roles}/${bob.role.id}`, { permissions: String(bits.administrator) }));
	await refused(bob.client.delete(`${roles}/${above.id}`));
	await refused(bob.client.patch(roles, [{ id: bob.role.id, position: top }]));
	for (const permissions of [bits.ban, bits.administrator, (1n << 53n) - 1n]) {
		await refused(bob.client.post(roles, { permissions: String(permissions) }));
		await refused(bob.client.patch(`${roles}/${owner.guild}`, { permissions: String(permissions) }));
	}
	const made = await bob.client.post(roles, { permissions: String(bits.kick) });
	assert.equal(made.status, 200, made.text);
	await refused(bob.client.patch(`${roles}/${made.json.id}`, { permissions: String(bits.kick | bits.channels) }));
	assert.equal((await bob.client.patch(`${roles}/${made.json.id}`, { name: "ours", permissions: "0" })).status, 200);
	assert.equal((await bob.client.delete(`${roles}/${made.json.id}`)).status, 204);
	const everyone = await owner.client.delete(`${roles}/${owner.guild}`);
	assert.deepEqual([everyone.status, everyone.json.code], [400, 50028]);
});

test("a member without MANAGE_ROLES reads roles and changes none", async () => {
	const eve = await invitePerson(owner);
	assert.equal((await eve.client.get(roles)).status, 200);
	const [, member] = (await eve.client.get(roles)).json;
	for (const reply of [await eve.client.post(roles, {}), await eve.client.patch(roles, []), await eve.client.patch(`${roles}/${member.id}`, {}), await eve.client.delete(`${roles}/${member.id}`)])
		assert.equal(reply.status, 403, reply.text);
});

test("a role that lets its people see a private channel lets them see it at once, and no longer when it is taken", async () => {
	const eve = await invitePerson(owner);
	const role = await makeRole(0);
	const channel = (await owner.client.post(`${guild}/channels`, {
		name: unique("hidden"),
		permission_overwrites: [{ id: owner.guild, type: 0, deny: String(bits.view) }, { id: role.id, type: 0, allow: String(bits.view) }],
	})).json.id;
	const stream = await openStream(snug, { token: eve.access_token });
	await owner.client.send(channel, "before");
	// What somebody may see is decided when the event is delivered to them: it must have been before the role is given.
	await owner.client.send(owner.channel, "a comma");
	await stream.find("what comes after", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("a comma"));
	assert.equal((await give(role, eve)).status, 204);
	await stream.find("the channel appears", (each) => each.event === "CHANNEL_CREATE" && each.data.includes(channel));
	await owner.client.send(channel, "for her");
	await stream.find("the message", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("for her"));
	assert.equal((await owner.client.delete(`${guild}/members/${eve.user.id}/roles/${role.id}`)).status, 204);
	await owner.client.send(channel, "not for her");
	await owner.client.send(owner.channel, "a full stop");
	await stream.find("what comes after", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("a full stop"));
	const seen = stream.events.filter((each) => each.event === "MESSAGE_CREATE").map((each) => JSON.parse(each.data).content);
	assert.deepEqual(seen, ["a comma", "for her", "a full stop"]);
	assert.equal((await eve.client.get(`/channels/${channel}`)).status, 404);
	stream.close();
});

test("parallel changes of roles leave nobody with more than they were given last", async () => {
	const people = await Promise.all([1, 2, 3].map(() => invitePerson(owner)));
	const role = await makeRole(bits.kick);
	const place = (person) => `${guild}/members/${person.user.id}/roles/${role.id}`;
	await Promise.all(people.flatMap((person) => Array.from({ length: 8 }, (_, i) => (i % 2 ? owner.client.delete(place(person)) : owner.client.put(place(person))))));
	const kicks = await Promise.all(people.flatMap((person) => [
		owner.client.put(place(person)), owner.client.delete(`${guild}/members/${person.user.id}`), owner.client.put(place(person)),
	]));
	assert.ok(kicks.every((reply) => [204, 404].includes(reply.status)), kicks.map((reply) => reply.status).join());
	for (const person of people) {
		assert.equal((await owner.client.get(`${guild}/members/${person.user.id}`)).status, 404);
		const invite = (await owner.client.post(`${guild}/invites`, {})).json.code;
		assert.equal((await person.client.post(`/invites/${invite}`, {})).status, 200);
		assert.deepEqual((await person.client.get(`${guild}/members/${person.user.id}`)).json.roles, []);
	}
});

test("the pages make a role, move it, change it and delete it", async () => {
	const page = await logIn(owner);
	await page.open(`/guilds/${owner.guild}/roles`);
	assert.equal(page.reply.status, 200);
	await page.submit(/\/roles$/, { name: "Helpers" });
	assert.match(page.location, /\/roles\/\d+\?done=created$/);
	const id = /roles\/(\d+)/.exec(page.location)[1];
	const role = async () => (await owner.client.get(`${roles}/${id}`)).json;
	assert.equal((await role()).permissions, "0");
	await page.submit(new RegExp(`/roles/${id}$`), { name: "Helping hands", has_color: "true", color: "#112233", kick_members: "true", mentionable: "true", reason: "they help" });
	assert.match(page.location, /done=saved/);
	const saved = await role();
	assert.deepEqual([saved.name, saved.color, saved.permissions, saved.mentionable, saved.hoist], ["Helping hands", 0x112233, "2", true, false]);
	const order = (await listed()).map((each) => each.id);
	await page.open(`/guilds/${owner.guild}/roles`);
	await page.submit(new RegExp(`/roles/${id}/move$`), {});
	const moved = (await listed()).map((each) => each.id);
	assert.equal(moved.indexOf(id), order.indexOf(id) - 1, "one up");
	await page.open(`/guilds/${owner.guild}/roles/${id}`);
	await page.submit(/\/members$/, { username: "nobody_of_this_name" });
	assert.equal(page.reply.status, 404);
	assert.match(page.text, /Unknown Member/);
	const bob = await invitePerson(owner);
	await page.open(`/guilds/${owner.guild}/roles/${id}`);
	await page.submit(/\/members$/, { username: bob.name });
	assert.deepEqual((await owner.client.get(`${guild}/members/${bob.user.id}`)).json.roles, [id]);
	await page.submit(/\/members\/\d+\/remove$/, {});
	assert.deepEqual((await owner.client.get(`${guild}/members/${bob.user.id}`)).json.roles, []);
	await page.open(`/guilds/${owner.guild}/roles/${id}`);
	await page.submit(/\/delete$/, {});
	assert.match(page.location, /\/roles\?done=deleted$/);
	assert.equal((await owner.client.get(`${roles}/${id}`)).status, 404);
});

test("a page that was opened earlier undoes no change of permissions that somebody else made meanwhile", async () => {
	const role = await makeRole(bits.kick);
	const page = await logIn(owner);
	await page.open(`/guilds/${owner.guild}/roles/${role.id}`);
	await owner.client.patch(`${roles}/${role.id}`, { permissions: String(bits.ban) });
	await page.submit(new RegExp(`/roles/${role.id}$`), { kick_members: "true", manage_messages: "true" });
	assert.equal((await owner.client.get(`${roles}/${role.id}`)).json.permissions, String(bits.ban | (1n << 13n)));
});

test("the editor shows what one lacks as boxes that cannot be ticked, and a form that ticks them gives nothing", async () => {
	const bob = await personWith(bits.roles | bits.kick);
	const role = await makeRole(0);
	const page = await logIn(bob);
	await page.open(`/guilds/${owner.guild}/roles/${role.id}`);
	assert.match(page.reply.text, /name="ban_members"[^>]* disabled/);
	assert.match(page.reply.text, /name="kick_members" value="true">/);
	await page.submit(new RegExp(`/roles/${role.id}$`), { kick_members: "true", ban_members: "true", administrator: "true" });
	assert.equal((await owner.client.get(`${roles}/${role.id}`)).json.permissions, String(bits.kick));
	await page.open(`/guilds/${owner.guild}/roles/${bob.role.id}`);
	assert.ok(!/Delete the role/.test(page.text), "one's own role is only looked at");
});

await run();
