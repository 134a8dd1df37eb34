// Members of channels by the JSON interface: joining, adding, removing, leading, banning, muting.

import { startSnug } from "../lib/snug.js";
import { invitePerson, register, setUp, unique } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const [bob, eve, kim] = await Promise.all([1, 2, 3].map(() => invitePerson(owner)));
const stranger = await register(snug, { workspace: "Elsewhere" });
const make = async (more = {}) => {
	const reply = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more });
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const members = async (who, id, query = "") => {
	const reply = await who.client.get(`/channels/${id}/members${query}`);
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
};
const ids = (list) => list.map((each) => each.user.id).sort();
const sorted = (...people) => people.map((each) => each.user.id).sort();

test("a public channel starts with its creator alone; anybody finds, reads, joins and leaves it", async () => {
	const room = await make({ members: [bob.user.id] });
	assert.equal(room.private, false);
	assert.equal(room.owner_id, owner.user.id);
	assert.deepEqual(ids(await members(eve, room.id)), sorted(owner));
	assert.equal((await eve.client.get(`/channels/${room.id}/members/@me`)).status, 404);
	assert.equal((await eve.client.put(`/channels/${room.id}/members/@me`)).status, 204);
	assert.equal((await eve.client.put(`/channels/${room.id}/members/%40me`)).status, 204, "joining again changes nothing");
	assert.deepEqual(ids(await members(bob, room.id)), sorted(owner, eve));
	const [first] = await members(bob, room.id);
	assert.deepEqual(Object.keys(first).sort(), ["joined_at", "role", "user"]);
	assert.ok(!("email" in first.user));
	await bob.client.send(room.id, "writing joins");
	assert.deepEqual(ids(await members(bob, room.id)), sorted(owner, eve, bob));
	assert.equal((await eve.client.delete(`/channels/${room.id}/members/@me`)).status, 204);
	assert.equal((await eve.client.delete(`/channels/${room.id}/members/@me`)).status, 404);
	assert.equal((await eve.client.get(`/channels/${room.id}/messages`)).status, 200);
});

test("the list comes in pages by user id", async () => {
	const room = await make();
	for (const who of [bob, eve, kim]) await who.client.put(`/channels/${room.id}/members/@me`);
	const paged = [];
	for (let after = ""; ; after = `&after=${paged.at(-1).user.id}`) {
		const page = await members(bob, room.id, `?limit=3${after}`);
		paged.push(...page);
		if (page.length < 3) break;
	}
	assert.deepEqual(paged.map((each) => each.user.id), sorted(owner, bob, eve, kim));
	for (const query of ["?limit=0", "?limit=101", "?after=x"])
		assert.equal((await bob.client.get(`/channels/${room.id}/members${query}`)).status, 400, query);
});

test("a private channel is by invitation, and to others it does not exist", async () => {
	const room = await make({ private: true, members: [bob.user.id] });
	assert.equal(room.private, true);
	assert.deepEqual(ids(await members(bob, room.id)), sorted(owner, bob));
	for (const [method, path, body] of [["GET", ""], ["GET", "/members"], ["PUT", "/members/@me"], ["DELETE", "/members/@me"], ["POST", "/members", { users: [eve.user.id] }]])
		assert.equal((await eve.client.request(method, `/channels/${room.id}${path}`, body)).json.code, 10003, `${method} ${path}`);
	assert.ok(!(await eve.client.get(`/guilds/${owner.guild}/channels`)).json.some((each) => each.id === room.id));
	assert.equal((await bob.client.put(`/channels/${room.id}/members/${eve.user.id}`)).status, 204, "whoever is in it may invite");
	assert.ok((await eve.client.get(`/guilds/${owner.guild}/channels`)).json.some((each) => each.id === room.id));
	assert.equal((await eve.client.get(`/channels/${room.id}/messages`)).status, 200);
	assert.equal((await bob.client.delete(`/channels/${room.id}/members/${eve.user.id}`)).status, 403);
	assert.equal((await owner.client.delete(`/channels/${room.id}/members/${eve.user.id}`)).status, 204);
	assert.equal((await eve.client.get(`/channels/${room.id}`)).status, 404);
	const taken = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: room.name.toUpperCase() });
	assert.equal(taken.status, 409, "public and private channels share the names");
});

test("several are added or removed together or not at all, and each refusal is named", async () => {
	const room = await make({ private: true });
	const add = (users) => owner.client.post(`/channels/${room.id}/members`, { users });
	const refused = await add([bob.user.id, stranger.user.id, eve.user.id, "12345"]);
	assert.equal(refused.status, 400, refused.text);
	const { _errors: errors } = refused.json.errors.users;
	assert.deepEqual(errors.map((each) => [each.code, each.message.split(":")[0]]), [["UNKNOWN_MEMBER", stranger.user.id], ["UNKNOWN_MEMBER", "12345"]]);
	assert.deepEqual(ids(await members(owner, room.id)), sorted(owner), "nobody was added");
	assert.equal((await add([bob.user.id, eve.user.id, bob.user.id])).status, 204);
	assert.deepEqual(ids(await members(owner, room.id)), sorted(owner, bob, eve));
	const remove = (users) => owner.client.request("DELETE", `/channels/${room.id}/members`, { users });
	assert.equal((await remove([bob.user.id, kim.user.id])).status, 400);
	assert.deepEqual(ids(await members(owner, room.id)), sorted(owner, bob, eve));
	assert.equal((await remove([bob.user.id, eve.user.id])).status, 204);
	assert.deepEqual(ids(await members(owner, room.id)), sorted(owner));
	for (const body of [{}, { users: [] }, { users: "all" }, { users: Array.from({ length: 51 }, (_, i) => `${1000 + i}`) }])
		assert.equal((await owner.client.post(`/channels/${room.id}/members`, body)).status, 400, JSON.stringify(body).slice(0, 50));
});

test("the last one of a private channel archives it before leaving; nobody writes into an archive", async () => {
	const room = await make({ private: true });
	const last = await owner.client.delete(`/channels/${room.id}/members/@me`);
	assert.equal(last.status, 409, last.text);
	const archived = await owner.client.patch(`/channels/${room.id}`, { archived: true });
	assert.equal(archived.json.archived, true, archived.text);
	const refused = await owner.client.post(`/channels/${room.id}/messages`, { content: "x" });
	assert.equal(refused.status, 400);
	assert.equal(refused.json.code, 50083);
	assert.equal((await owner.client.delete(`/channels/${room.id}/members/@me`)).status, 204);
});

test("Admins and Moderators are ready-made, and nobody touches their equal", async () => {
	const room = await make({ private: true, members: [bob.user.id, eve.user.id, kim.user.id] });
	const lead = (who, whom, role) => who.client.patch(`/channels/${room.id}/members/${whom.user.id}`, { role });
	assert.equal((await lead(owner, bob, "admin")).status, 204);
	assert.equal((await lead(bob, eve, "moderator")).status, 204);
	const roles = Object.fromEntries((await members(kim, room.id)).map((each) => [each.user.id, each.role]));
	assert.deepEqual(roles, { [owner.user.id]: "owner", [bob.user.id]: "admin", [eve.user.id]: "moderator", [kim.user.id]: "member" });
	assert.equal((await lead(eve, kim, "moderator")).status, 403);
	assert.equal((await lead(bob, kim, "admin")).status, 403);
	assert.equal((await lead(bob, owner, "member")).status, 403);
	assert.equal((await lead(owner, kim, "boss")).status, 400);
	const theirs = await kim.client.send(room.id, "to be moderated");
	assert.equal((await eve.client.delete(`/channels/${room.id}/messages/${theirs.id}`)).status, 204);
	assert.equal((await eve.client.delete(`/channels/${room.id}/members/${bob.user.id}`)).status, 403);
	assert.equal((await eve.client.delete(`/channels/${room.id}/members/${kim.user.id}`)).status, 204);
	assert.equal((await bob.client.patch(`/channels/${room.id}`, { topic: "by an Admin" })).status, 200);
	assert.equal((await eve.client.patch(`/channels/${room.id}`, { topic: "by a Moderator" })).status, 403);
	const others = (await bob.client.post(`/guilds/${owner.guild}/channels`, { name: unique("x") })).status;
	assert.equal(others, 403, "an Admin of one channel is none of the workspace");
});

test("a channel is handed over to somebody in it, and passes on when its owner leaves", async () => {
	const room = await make();
	await bob.client.put(`/channels/${room.id}/members/@me`);
	await eve.client.put(`/channels/${room.id}/members/@me`);
	assert.equal((await owner.client.put(`/channels/${room.id}/owner`, { user_id: kim.user.id })).status, 404);
	assert.equal((await bob.client.put(`/channels/${room.id}/owner`, { user_id: bob.user.id })).status, 403);
	const given = await owner.client.put(`/channels/${room.id}/owner`, { user_id: bob.user.id });
	assert.equal(given.json.owner_id, bob.user.id, given.text);
	assert.equal((await bob.client.patch(`/channels/${room.id}`, { topic: "mine" })).status, 200);
	await bob.client.delete(`/channels/${room.id}/members/@me`);
	assert.equal((await eve.client.get(`/channels/${room.id}`)).json.owner_id, owner.user.id);
});

test("who is banned from one channel does not come back into it", async () => {
	const room = await make();
	await bob.client.put(`/channels/${room.id}/members/@me`);
	const banned = await owner.client.put(`/channels/${room.id}/bans/${bob.user.id}`, undefined, { "X-Audit-Log-Reason": "too%20loud" });
	assert.equal(banned.status, 204, banned.text);
	assert.equal((await bob.client.get(`/channels/${room.id}`)).status, 404);
	assert.equal((await bob.client.put(`/channels/${room.id}/members/@me`)).status, 404);
	assert.equal((await bob.client.get(`/channels/${owner.channel}`)).status, 200);
	const list = (await owner.client.get(`/channels/${room.id}/bans`)).json;
	assert.deepEqual(list.map((each) => [each.user.id, each.reason]), [[bob.user.id, "too loud"]]);
	assert.equal((await eve.client.get(`/channels/${room.id}/bans`)).status, 403);
	assert.equal((await eve.client.put(`/channels/${room.id}/bans/${kim.user.id}`)).status, 403);
	const added = await owner.client.put(`/channels/${room.id}/members/${bob.user.id}`);
	assert.equal(added.status, 409, added.text);
	assert.equal((await owner.client.delete(`/channels/${room.id}/bans/${bob.user.id}`)).status, 204);
	assert.equal((await owner.client.delete(`/channels/${room.id}/bans/${bob.user.id}`)).status, 404);
	assert.equal((await bob.client.put(`/channels/${room.id}/members/@me`)).status, 204);
});

test("muting is one's own business", async () => {
	const room = await make();
	await bob.client.put(`/channels/${room.id}/members/@me`);
	const muted = await bob.client.patch(`/channels/${room.id}/members/@me`, { muted: true, notification_level: 2 });
	assert.equal(muted.status, 200, muted.text);
	assert.deepEqual({ ...muted.json, joined_at: 0 }, { channel_id: room.id, joined_at: 0, muted: true, muted_until: null, notification_level: 2 });
	const until = new Date(Date.now() + 3_600_000).toISOString();
	const timed = await bob.client.patch(`/channels/${room.id}/members/@me`, { muted_until: until });
	assert.equal(new Date(timed.json.muted_until).getTime(), new Date(until).getTime(), timed.text);
	assert.deepEqual((await bob.client.get(`/channels/${room.id}/members/@me`)).json, timed.json);
	assert.ok(!JSON.stringify(await members(owner, room.id)).includes("muted"));
	assert.equal((await eve.client.patch(`/channels/${room.id}/members/@me`, { muted: true })).status, 404);
	assert.equal((await bob.client.patch(`/channels/${room.id}/members/@me`, { mute_for_s: -1 })).status, 400);
});

test("newcomers land in the channels marked for it", async () => {
	const room = await make({ default: true });
	assert.equal(room.default, true);
	const ann = await invitePerson(owner);
	assert.ok(ids(await members(ann, room.id)).includes(ann.user.id));
	assert.ok(ids(await members(ann, owner.channel)).includes(ann.user.id));
	await owner.client.patch(`/channels/${room.id}`, { default: false });
	const ben = await invitePerson(owner);
	assert.ok(!ids(await members(ben, room.id)).includes(ben.user.id));
});

await run();
