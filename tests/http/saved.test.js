// Saved messages: somebody's own list, with no more on it than they may see when they look.

import { invitePerson, setUp, unique } from "../lib/api.js";
import { startSnug } from "../lib/snug.js";
import { EventStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const saved = (channel, message) => `/users/@me/saved/${channel}/${message.id}`;
const list = async (person, query = "") => (await person.client.get(`/users/@me/saved${query}`)).json;
const contents = async (person) => (await list(person)).items.map((each) => each.message.content);

test("what is saved is listed with the whole message, the latest first, for its owner alone", async () => {
	const bob = await invitePerson(owner);
	const [a, b] = [await owner.client.send(owner.channel, "a"), await owner.client.send(owner.channel, "b")];
	const streams = [await new EventStream(snug, { token: bob.access_token }).opened, await new EventStream(snug, { token: owner.access_token }).opened];
	for (const message of [a, b, a]) assert.equal((await bob.client.put(saved(owner.channel, message))).status, 204);
	assert.deepEqual(await contents(bob), ["b", "a"]);
	assert.deepEqual(await contents(owner), []);
	const [first] = (await list(bob)).items;
	const { nonce, ...whole } = (await bob.client.get(`/channels/${owner.channel}/messages/${b.id}`)).json;
	assert.deepEqual(first.message, whole);
	assert.equal(first.guild_id, owner.guild);
	assert.equal((await bob.client.delete(saved(owner.channel, b))).status, 204);
	assert.equal((await bob.client.delete(saved(owner.channel, b))).status, 204);
	assert.deepEqual(await contents(bob), ["a"]);
	const last = await owner.client.send(owner.channel, "last");
	await until("the last message", () => streams.every((stream) => stream.events.some((each) => each.data.includes(last.id))));
	const told = streams.map((stream) => stream.events.map((each) => each.event).filter((type) => type.startsWith("SAVED_")));
	assert.deepEqual(told, [["SAVED_MESSAGE_ADD", "SAVED_MESSAGE_ADD", "SAVED_MESSAGE_REMOVE"], []]);
	for (const stream of streams) stream.close();
});

test("pages follow each other without gap or overlap", async () => {
	const bob = await invitePerson(owner);
	const all = [];
	for (let i = 0; i < 7; i++) {
		const message = await owner.client.send(owner.channel, `${i}`);
		await bob.client.put(saved(owner.channel, message));
		all.unshift(`${i}`);
	}
	const found = [];
	for (let before = ""; ; ) {
		const page = await list(bob, `?limit=3${before && `&before=${before}`}`);
		found.push(...page.items.map((each) => each.message.content));
		if (!page.has_more) break;
		before = page.items.at(-1).id;
	}
	assert.deepEqual(found, all);
	for (const query of ["?limit=0", "?limit=101", "?before=x"]) assert.equal((await bob.client.get(`/users/@me/saved${query}`)).status, 400, query);
});

test("what is deleted, or may be read no more, does not appear", async () => {
	const bob = await invitePerson(owner);
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), private: true, members: [bob.user.id] })).json.id;
	const [inside, doomed] = [await owner.client.send(room, "inside"), await owner.client.send(owner.channel, "doomed")];
	await bob.client.put(saved(room, inside));
	await bob.client.put(saved(owner.channel, doomed));
	assert.deepEqual(await contents(bob), ["doomed", "inside"]);
	await owner.client.delete(`/channels/${owner.channel}/messages/${doomed.id}`);
	assert.deepEqual(await contents(bob), ["inside"]);
	await owner.client.delete(`/channels/${room}/members/${bob.user.id}`);
	const after = await bob.client.get("/users/@me/saved");
	assert.deepEqual(after.json.items, []);
	assert.ok(!after.text.includes("inside"));
	assert.equal((await bob.client.put(saved(room, inside))).status, 404);
	assert.equal((await bob.client.delete(saved(room, inside))).status, 204);
	assert.equal((await bob.client.put(saved(owner.channel, doomed))).json.code, 10008);
	assert.equal((await bob.client.put(saved(owner.channel, inside))).json.code, 10008, "a message stands in its own channel");
});

test("bots save nothing", async () => {
	const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: unique("bot") })).json;
	const message = await owner.client.send(owner.channel, "words");
	const headers = { Authorization: `Bot ${bot.token}` };
	assert.equal((await owner.client.get("/users/@me/saved", headers)).json.code, 20001);
	assert.equal((await owner.client.put(saved(owner.channel, message), undefined, headers)).json.code, 20001);
});

await run();
