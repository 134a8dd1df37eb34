// Workspaces and channels: making, changing and deleting them, and who may.

import { startSnug } from "../lib/snug.js";
import { Client, invitePerson, register, setUp, unique } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const make = async (more = {}) => {
	const reply = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more });
	assert.ok([200, 201].includes(reply.status), `${reply.status} ${reply.text}`);
	return reply.json;
};

test("a channel has the shape that Discord's libraries read", async () => {
	const made = await make({ topic: "Everything else" });
	assert.equal(made.type, 0);
	assert.equal(made.guild_id, owner.guild);
	assert.equal(made.topic, "Everything else");
	assert.ok(Number.isInteger(made.position));
	assert.deepEqual(made.permission_overwrites, []);
	for (const key of ["parent_id", "last_message_id", "nsfw", "rate_limit_per_user"]) assert.ok(key in made, key);
	const seen = await bob.client.get(`/channels/${made.id}`);
	assert.equal(seen.status, 200);
	assert.deepEqual(seen.json, made);
	const listed = await bob.client.get(`/guilds/${owner.guild}/channels`);
	assert.deepEqual(listed.json.find((each) => each.id === made.id), made);
});

test("a guild of mine has the shape that Discord's libraries read", async () => {
	const [guild] = (await bob.client.get("/users/@me/guilds")).json;
	assert.equal(guild.id, owner.guild);
	assert.equal(guild.name, "Works");
	assert.equal(guild.owner, false);
	assert.match(guild.permissions, /^\d+$/);
	assert.ok(Array.isArray(guild.features));
});

test("names are trimmed, of any script, at most 100 code points", async () => {
	assert.equal((await make({ name: "  Größe 漢字 🎈  " })).name, "Größe 漢字 🎈");
	assert.equal((await make({ name: "漢".repeat(100) })).name, "漢".repeat(100));
});

for (const name of ["", "   ", "漢".repeat(101), "a\u0000b", "a\nb", "a\u0007b", 7, [], null])
	test(`the name ${JSON.stringify(name).slice(0, 30)} is refused`, { parallel: true }, async () => {
		const reply = await owner.client.post(`/guilds/${owner.guild}/channels`, { name });
		assert.equal(reply.status, 400, reply.text);
	});

test("a topic of 1024 code points is fine and one more is not", async () => {
	assert.equal((await make({ topic: "漢".repeat(1024) })).topic.length, 1024);
	const reply = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("t"), topic: "x".repeat(1025) });
	assert.equal(reply.status, 400);
	assert.ok(reply.json.errors.topic);
});

test("a name is used once in a workspace", async () => {
	const name = unique("once");
	await make({ name });
	const again = await owner.client.post(`/guilds/${owner.guild}/channels`, { name });
	assert.equal(again.status, 409, again.text);
	const other = unique("race");
	const replies = await Promise.all(
		Array.from({ length: 6 }, () => owner.client.post(`/guilds/${owner.guild}/channels`, { name: other })),
	);
	assert.equal(replies.filter((reply) => reply.status < 300).length, 1, replies.map((reply) => reply.status).join());
});

test("a change names only what changes", async () => {
	const room = await make({ topic: "before" });
	const renamed = await owner.client.patch(`/channels/${room.id}`, { name: unique("new") });
	assert.equal(renamed.status, 200, renamed.text);
	assert.equal(renamed.json.topic, "before");
	const cleared = await owner.client.patch(`/channels/${room.id}`, { topic: null });
	assert.equal(cleared.status, 200, cleared.text);
	assert.equal(cleared.json.topic ?? null, null);
	assert.equal(cleared.json.name, renamed.json.name);
	const same = await owner.client.patch(`/channels/${room.id}`, { name: renamed.json.name });
	assert.equal(same.status, 200, "its own name is no conflict");
	const taken = await owner.client.patch(`/channels/${room.id}`, { name: "general" });
	assert.equal(taken.status, 409, taken.text);
});

test("a deleted channel is gone, with its messages, and its name is free", async () => {
	const room = await make();
	const message = await owner.client.send(room.id, "soon gone");
	const stream = await openStream(snug, { token: bob.access_token });
	const reply = await owner.client.delete(`/channels/${room.id}`);
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.id, room.id);
	await stream.find("CHANNEL_DELETE reaches a member", (each) => each.event === "CHANNEL_DELETE" && JSON.parse(each.data).id === room.id);
	stream.close();
	for (const path of [`/channels/${room.id}`, `/channels/${room.id}/messages`, `/channels/${room.id}/messages/${message.id}`]) {
		const gone = await owner.client.get(path);
		assert.equal(gone.status, 404, path);
		assert.equal(gone.json.code, 10003, path);
	}
	assert.equal((await owner.client.delete(`/channels/${room.id}`)).status, 404);
	assert.equal((await owner.client.post(`/channels/${room.id}/messages`, { content: "x" })).status, 404);
	await make({ name: room.name });
});

test("members without the permission cannot make, change or delete channels", async () => {
	const room = await make();
	const replies = [
		await bob.client.post(`/guilds/${owner.guild}/channels`, { name: unique("mine") }),
		await bob.client.patch(`/channels/${room.id}`, { name: unique("mine") }),
		await bob.client.delete(`/channels/${room.id}`),
	];
	for (const reply of replies) {
		assert.equal(reply.status, 403, reply.text);
		assert.equal(reply.json.code, 50013);
	}
	assert.equal((await owner.client.get(`/channels/${room.id}`)).json.name, room.name);
});

test("to a stranger a workspace and its channels do not exist", async () => {
	const stranger = await register(snug);
	const message = await owner.client.send(owner.channel, "for members");
	const asked = [
		["GET", `/guilds/${owner.guild}/channels`], ["POST", `/guilds/${owner.guild}/channels`, { name: "x" }],
		["GET", `/channels/${owner.channel}`], ["PATCH", `/channels/${owner.channel}`, { name: "x" }], ["DELETE", `/channels/${owner.channel}`],
		["GET", `/channels/${owner.channel}/messages`], ["POST", `/channels/${owner.channel}/messages`, { content: "x" }],
		["GET", `/channels/${owner.channel}/messages/${message.id}`], ["PATCH", `/channels/${owner.channel}/messages/${message.id}`, { content: "x" }],
		["DELETE", `/channels/${owner.channel}/messages/${message.id}`],
	];
	for (const [method, path, body] of asked) {
		const reply = await stranger.client.request(method, path, body);
		assert.equal(reply.status, 404, `${method} ${path}: ${reply.status} ${reply.text}`);
		const unknown = await stranger.client.request(method, path.replace(owner.guild, "1").replace(owner.channel, "1"), body);
		assert.equal(reply.text, unknown.text, `${method} ${path} tells an existing thing from none`);
		assert.equal((await new Client(snug).request(method, path, body)).status, 401, `${method} ${path} logged out`);
	}
});

test("a person may make a workspace of their own at registration, and nothing crosses", async () => {
	const carl = await register(snug, { workspace: "Carl & Co" });
	const guilds = (await carl.client.get("/users/@me/guilds")).json;
	assert.deepEqual(guilds.map((each) => [each.name, each.owner]), [["Carl & Co", true]]);
	const [general] = (await carl.client.get(`/guilds/${guilds[0].id}/channels`)).json;
	assert.equal((await owner.client.get(`/channels/${general.id}`)).status, 404);
	const message = await carl.client.send(general.id, "mine");
	const crossed = await owner.client.get(`/channels/${owner.channel}/messages/${message.id}`);
	assert.equal(crossed.status, 404, "a message is found only in its own channel");
});

test("a channel that @everyone may not view does not exist for members", async () => {
	const secret = await make({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	assert.deepEqual(secret.permission_overwrites, [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }]);
	const message = await owner.client.send(secret.id, "between us");
	const stream = await openStream(snug, { token: bob.access_token });
	for (const path of [`/channels/${secret.id}`, `/channels/${secret.id}/messages`, `/channels/${secret.id}/messages/${message.id}`])
		assert.equal((await bob.client.get(path)).status, 404, path);
	assert.equal((await bob.client.post(`/channels/${secret.id}/messages`, { content: "let me in" })).status, 404);
	const list = (await bob.client.get(`/guilds/${owner.guild}/channels`)).json;
	assert.ok(!list.some((each) => each.id === secret.id));
	const hidden = await owner.client.send(secret.id, "still between us");
	const shown = await owner.client.send(owner.channel, "for all");
	await stream.find("the public message arrives", (each) => each.data.includes(shown.id));
	assert.ok(!stream.events.some((each) => each.data.includes(hidden.id)), "and the other does not");
	stream.close();
	const member = await make({
		permission_overwrites: [
			{ id: owner.guild, type: 0, allow: "0", deny: "1024" },
			{ id: bob.user.id, type: 1, allow: "1024", deny: "0" },
		],
	});
	assert.equal((await bob.client.get(`/channels/${member.id}`)).status, 200, "an overwrite for one member lets that member in");
});

test("overlapping allow and deny are refused, bits may be numbers", async () => {
	const bad = [{ id: owner.guild, type: 0, allow: "1024", deny: "1024" }];
	const reply = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("o"), permission_overwrites: bad });
	assert.equal(reply.status, 400, reply.text);
	const numbers = `{"name":"${unique("o")}","permission_overwrites":[{"id":${owner.guild},"type":0,"allow":0,"deny":2048}]}`;
	const quiet = await owner.client.post(`/guilds/${owner.guild}/channels`, numbers, { "Content-Type": "application/json" });
	assert.ok(quiet.status < 300, quiet.text);
	assert.equal(quiet.json.permission_overwrites[0].id, owner.guild, "a bare 64-bit number is not rounded");
	const refused = await bob.client.post(`/channels/${quiet.json.id}/messages`, { content: "may I" });
	assert.equal(refused.status, 403, "one may see it, and not send");
	assert.equal(refused.json.code, 50013);
	assert.equal((await bob.client.get(`/channels/${quiet.json.id}/messages`)).status, 200);
});

const put = (who, channel, target, body) => who.client.put(`/channels/${channel}/permissions/${target}`, body);

test("an overwrite is put, changed and taken, and counts at once", async () => {
	const room = await make();
	assert.equal((await put(owner, room.id, owner.guild, { type: 0, allow: "0", deny: "2048" })).status, 204);
	assert.equal((await bob.client.post(`/channels/${room.id}/messages`, { content: "x" })).json.code, 50013);
	assert.equal((await put(owner, room.id, bob.user.id, { type: 1, allow: 2048 })).status, 204, "bits may be numbers");
	await bob.client.send(room.id, "I may");
	assert.deepEqual((await bob.client.get(`/channels/${room.id}`)).json.permission_overwrites.map((each) => [each.id, each.type, each.allow, each.deny]).sort(), [
		[owner.guild, 0, "0", "2048"], [bob.user.id, 1, "2048", "0"]].sort());
	assert.equal((await owner.client.delete(`/channels/${room.id}/permissions/${bob.user.id}`)).status, 204);
	const gone = await owner.client.delete(`/channels/${room.id}/permissions/${bob.user.id}`);
	assert.equal(gone.status, 404);
	assert.equal(gone.json.code, 10009);
	assert.equal((await bob.client.post(`/channels/${room.id}/messages`, { content: "x" })).status, 403);
	for (const body of [{ type: 1, allow: "1", deny: "1" }, { type: 2, allow: "1" }, { allow: "1" }, { type: 1, allow: "x" }])
		assert.equal((await put(owner, room.id, bob.user.id, body)).status, 400, JSON.stringify(body));
	assert.equal((await put(owner, room.id, "1234567890123456789", { type: 1, deny: "1024" })).status, 404);
	assert.equal((await put(owner, room.id, "1234567890123456789", { type: 0, deny: "1024" })).status, 404);
});

test("nobody grants what they lack in a channel, nor touches who stands above", async () => {
	const room = await make({ permission_overwrites: [{ id: bob.user.id, type: 1, allow: String(1 << 28) }] });
	const eve = await invitePerson(owner);
	assert.equal((await put(bob, room.id, eve.user.id, { type: 1, allow: "2048" })).status, 403, "bob stands no higher than eve");
	assert.equal((await put(bob, room.id, owner.guild, { type: 0, allow: "2048" })).status, 204, "@everyone may be touched");
	assert.equal((await put(bob, room.id, owner.guild, { type: 0, allow: "2048", deny: "8192" })).status, 403, "MANAGE_MESSAGES is not bob's");
	assert.equal((await put(bob, room.id, owner.guild, { type: 0, allow: "8" })).status, 403);
	assert.equal((await put(bob, room.id, bob.user.id, { type: 1, allow: String(2 ** 28 + 8192) })).status, 403);
	assert.equal((await bob.client.delete(`/channels/${room.id}/permissions/${bob.user.id}`)).status, 403);
	assert.equal((await put(eve, room.id, owner.guild, { type: 0, allow: "2048" })).status, 403);
});

test("an overwrite that lets in or shuts out makes and ends a place among the members", async () => {
	const room = await make({ private: true });
	const members = async () => (await owner.client.get(`/channels/${room.id}/members`)).json.map((each) => each.user.id);
	await put(owner, room.id, bob.user.id, { type: 1, allow: "1024" });
	assert.ok((await members()).includes(bob.user.id));
	await put(owner, room.id, bob.user.id, { type: 1, allow: "2048" });
	assert.ok(!(await members()).includes(bob.user.id));
	assert.equal((await bob.client.get(`/channels/${room.id}`)).status, 404);
	const replaced = await owner.client.patch(`/channels/${room.id}`, { permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }, { id: bob.user.id, type: 1, allow: "1024" }] });
	assert.equal(replaced.status, 200, replaced.text);
	assert.deepEqual((await members()).sort(), [owner.user.id, bob.user.id].sort());
	await owner.client.patch(`/channels/${room.id}`, { permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }] });
	assert.deepEqual(await members(), [owner.user.id]);
});

test("positions are set for several channels at once, all or none", async () => {
	const [a, b, category] = [await make(), await make(), await make({ type: 4 })];
	const order = (list) => owner.client.patch(`/guilds/${owner.guild}/channels`, list);
	const position = async (id) => (await owner.client.get(`/channels/${id}`)).json.position;
	assert.equal((await order([{ id: a.id, position: 40 }, { id: b.id, position: 39, parent_id: category.id }])).status, 204);
	assert.deepEqual([await position(a.id), await position(b.id)], [40, 39]);
	assert.equal((await bob.client.get(`/channels/${b.id}`)).json.parent_id, category.id);
	assert.equal((await order([{ id: b.id, position: null, parent_id: null }])).status, 204);
	assert.equal((await owner.client.get(`/channels/${b.id}`)).json.parent_id, null);
	for (const list of [[{ id: a.id, position: 1 }, { id: "1234567890123456789", position: 2 }], [{ id: a.id, position: 1 }, { id: b.id, position: -1 }],
		[{ id: a.id, position: 1 }, { id: b.id, parent_id: a.id }], [{ id: a.id, position: 1 }, 7], {}, "all"]) {
		const reply = await order(list);
		assert.ok([400, 404].includes(reply.status), `${JSON.stringify(list)}: ${reply.status}`);
		assert.equal(await position(a.id), 40, JSON.stringify(list));
	}
	assert.equal((await bob.client.patch(`/guilds/${owner.guild}/channels`, [{ id: a.id, position: 1 }])).status, 403);
});

test("slow mode makes people wait, and says how long", async () => {
	const room = await make({ rate_limit_per_user: 300 });
	await bob.client.send(room.id, "first", { nonce: "s1" });
	const reply = await bob.client.post(`/channels/${room.id}/messages`, { content: "second" });
	assert.equal(reply.status, 429, reply.text);
	assert.equal(reply.json.code, 20016);
	assert.ok(reply.json.retry_after > 0 && reply.json.retry_after <= 300, reply.text);
	assert.ok(Number(reply.headers["retry-after"]) >= reply.json.retry_after, JSON.stringify(reply.headers));
	await bob.client.send(room.id, "first", { nonce: "s1" });
	for (const content of ["whoever", "manages", "messages"]) await owner.client.send(room.id, content);
});

await run();
