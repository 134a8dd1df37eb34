// Blocks: who has blocked whom is known to who did alone, and no direct message passes between the two.

import { startSnug } from "../lib/snug.js";
import { invitePerson, register, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const carol = await invitePerson(owner);
const blocks = async (person) => (await person.client.get("/users/@me/blocks")).json.map((each) => each.user.id);

test("a block is made, listed, told to one's own clients, and lifted", async () => {
	const [mine, theirs] = await Promise.all([bob, carol].map((person) => openStream(snug, { token: person.access_token })));
	for (let i = 0; i < 2; i++) assert.equal((await bob.client.put(`/users/@me/blocks/${carol.user.id}`)).status, 204);
	assert.deepEqual(await blocks(bob), [carol.user.id]);
	assert.deepEqual(await blocks(carol), []);
	for (let i = 0; i < 2; i++) assert.equal((await bob.client.delete(`/users/@me/blocks/${carol.user.id}`)).status, 204);
	assert.deepEqual(await blocks(bob), []);
	await until("both changes arrive", async () => mine.events.some((each) => each.event === "RELATIONSHIP_REMOVE"));
	assert.equal(mine.events.filter((each) => each.event === "RELATIONSHIP_ADD").length, 1);
	await owner.client.send(owner.channel, "a later event");
	await until("that arrives", async () => theirs.events.some((each) => each.event === "MESSAGE_CREATE"));
	assert.ok(!theirs.events.some((each) => /RELATIONSHIP/.test(each.event)), "who is blocked is not told");
	for (const each of [mine, theirs]) each.request.destroy();
});

test("nobody blocks themselves, a stranger, or nobody", async () => {
	const stranger = await register(snug, { workspace: "Elsewhere" });
	assert.equal((await bob.client.put(`/users/@me/blocks/${bob.user.id}`)).status, 400);
	for (const id of [stranger.user.id, "1234567890123456789"]) {
		const reply = await bob.client.put(`/users/@me/blocks/${id}`);
		assert.equal(reply.status, 404);
		assert.equal(reply.json.code, 10013);
	}
});

test("no direct message passes between the two, and both may go on with others", async () => {
	const direct = (await carol.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json.id;
	await carol.client.send(direct, "hello");
	await bob.client.put(`/users/@me/blocks/${carol.user.id}`);
	for (const person of [carol, bob]) {
		const reply = await person.client.post(`/channels/${direct}/messages`, { content: "again" });
		assert.equal(reply.status, 403, reply.text);
		assert.equal(reply.json.code, 50007);
	}
	await carol.client.send(owner.channel, "in the open");
	await bob.client.delete(`/users/@me/blocks/${carol.user.id}`);
	await carol.client.send(direct, "again");
});

test("nobody is put into a thread by whom they have blocked: two people in a private one were a direct message", async () => {
	await bob.client.put(`/users/@me/blocks/${carol.user.id}`);
	const stream = await openStream(snug, { token: bob.access_token });
	const unread = async () => (await bob.client.get("/users/@me/unread")).json.map((each) => each.channel_id);
	const make = async (body, path = "threads") => {
		const reply = await carol.client.post(`/channels/${owner.channel}/${path}`, body);
		assert.equal(reply.status, 201, reply.text);
		return reply.json.id;
	};
	const secret = await make({ name: "come in", type: 12 });
	const open = await make({ name: "come in too", type: 11 });
	const his = await bob.client.send(owner.channel, "mine");
	const about = await make({ name: "about that" }, `messages/${his.id}/threads`);
	for (const id of [secret, open, about]) {
		const added = await carol.client.put(`/channels/${id}/thread-members/${bob.user.id}`);
		assert.deepEqual([added.status, added.json?.code], [403, 50007], added.text);
		await carol.client.send(id, `are you there <@${bob.user.id}>`);
		const inside = (await carol.client.get(`/channels/${id}/thread-members`)).json.map((each) => each.user_id);
		assert.deepEqual(inside, [carol.user.id]);
	}
	assert.deepEqual((await unread()).filter((id) => [secret, open, about].includes(id)), []);
	assert.equal((await bob.client.get(`/channels/${secret}`)).status, 404);
	await owner.client.send(owner.channel, "afterwards");
	await stream.find("what came later", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("afterwards"));
	assert.ok(!stream.events.some((each) => each.data.includes("come in\"")), "of the private one nothing came");
	assert.equal((await bob.client.put(`/channels/${open}/thread-members/@me`)).status, 204, "they may come by themselves");
	await bob.client.delete(`/users/@me/blocks/${carol.user.id}`);
	assert.equal((await carol.client.put(`/channels/${secret}/thread-members/${bob.user.id}`)).status, 204);
	stream.close();
});

test("nobody is put into a channel or a group by whom they have blocked, and the refusal does not say why", async () => {
	const dan = await invitePerson(owner);
	const channels = `/guilds/${owner.guild}/channels`;
	const refusals = (reply) => reply.json.errors;
	/* Carol leads channels of her own, in which Bob is not. */
	const roles = (await owner.client.get(`/guilds/${owner.guild}/roles`)).json;
	const admin = roles.find((each) => each.name === "Admin");
	assert.equal((await owner.client.put(`/guilds/${owner.guild}/members/${carol.user.id}/roles/${admin.id}`)).status, 204);
	const make = async (more) => (await carol.client.post(channels, { name: unique("den"), ...more })).json.id;
	const [secret, open, shared] = [await make({ private: true }), await make({}), await make({ private: true, members: [bob.user.id] })];
	const group = (await carol.client.post("/users/@me/channels", { recipients: [owner.user.id, dan.user.id] })).json.id;
	await bob.client.put(`/users/@me/blocks/${carol.user.id}`);
	const stream = await openStream(snug, { token: bob.access_token });
	const peopleOf = async (id) => (await carol.client.get(`/channels/${id}/members`)).json.map((each) => each.user.id);

	for (const id of [secret, open, group]) {
		const before = await peopleOf(id);
		const one = await carol.client.put(`/channels/${id}/${id === group ? "recipients" : "members"}/${bob.user.id}`);
		assert.deepEqual([one.status, one.json?.code], [403, 50007], one.text);
		const several = await carol.client.post(`/channels/${id}/members`, { users: [dan.user.id, bob.user.id] });
		assert.equal(several.status, 400, several.text);
		assert.match(several.text, new RegExp(`${bob.user.id}: `), "the refusal is named");
		assert.doesNotMatch(several.text, /block/i);
		assert.ok(!several.text.includes(dan.user.id));
		assert.deepEqual(await peopleOf(id), before, "all are added, or none");
	}
	const made = await carol.client.post(channels, { name: unique("trap"), private: true, members: [dan.user.id, bob.user.id] });
	assert.deepEqual([made.status, made.json.code], [400, 50035], made.text);
	assert.match(JSON.stringify(refusals(made).members), new RegExp(`${bob.user.id}: `));
	const grouped = await carol.client.post("/users/@me/channels", { recipients: [owner.user.id, bob.user.id] });
	assert.deepEqual([grouped.status, grouped.json.code], [400, 50035], grouped.text);
	assert.equal((await carol.client.put(`/channels/${shared}/members/${bob.user.id}`)).status, 204, "who is there already stays there");

	assert.equal((await bob.client.get(`/channels/${secret}`)).status, 404);
	await owner.client.send(owner.channel, "after all that");
	await stream.find("what came later", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("after all that"));
	assert.ok(!stream.events.some((each) => /CHANNEL_CREATE|RECIPIENT/.test(each.event)), "nothing came of any of it");
	assert.equal((await bob.client.put(`/channels/${open}/members/@me`)).status, 204, "they may come by themselves");
	await owner.client.put(`/channels/${secret}/members/${bob.user.id}`);
	assert.ok((await peopleOf(secret)).includes(bob.user.id), "others may put them there");
	await bob.client.delete(`/users/@me/blocks/${carol.user.id}`);
	assert.equal((await carol.client.put(`/channels/${group}/recipients/${bob.user.id}`)).status, 204);
	stream.close();
});

test("the pages block and lift", async () => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	await page.open(`/guilds/${owner.guild}/members/${carol.user.id}`);
	await page.submit(`/account/blocks/${carol.user.id}`);
	assert.match(page.text, /Blocked\./);
	assert.deepEqual(await blocks(bob), [carol.user.id]);
	await page.open(`/guilds/${owner.guild}/members/${carol.user.id}`);
	await page.submit(/lift$/);
	assert.match(page.text, /No longer blocked/);
	assert.match(page.text, /blocked nobody/);
	assert.deepEqual(await blocks(bob), []);
});

await run();
