// A workspace's own emoji: Discord's routes, pictures that come out as our own WebP, and where the pictures are had.

import fs from "node:fs";
import path from "node:path";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { root, startSnug } from "../lib/snug.js";
import { EventStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LIMIT_PROFILE: "1000/min" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const sample = (name) => fs.readFileSync(path.join(root, "tests/fuzz/corpus/image", name));
const uri = (bytes, type = "image/png") => `data:${type};base64,${bytes.toString("base64")}`;
const emojis = `/guilds/${owner.guild}/emojis`;
const add = (person, name, image = uri(sample("png"))) => person.client.post(emojis, { name, image, roles: [] });
const made = async (name) => {
	const reply = await add(owner, name);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};

test("an emoji has Discord's shape in the reply, the list, the workspace and the event", async () => {
	const stream = await new EventStream(snug, { token: bob.access_token }).opened;
	const name = unique("crab");
	const emoji = await made(name);
	const { user, ...rest } = emoji;
	assert.equal(user.id, owner.user.id);
	assert.deepEqual(rest, { id: emoji.id, name, roles: [], require_colons: true, managed: false, animated: false, available: true });
	assert.deepEqual((await owner.client.get(`${emojis}/${emoji.id}`)).json, emoji);
	assert.deepEqual((await bob.client.get(emojis)).json.find((each) => each.id === emoji.id), rest, "who made it is for those who manage");
	assert.deepEqual((await bob.client.get(`/guilds/${owner.guild}`)).json.emojis.find((each) => each.id === emoji.id), rest);
	const event = await until("the event", () => stream.events.find((each) => each.event === "GUILD_EMOJIS_UPDATE"));
	assert.deepEqual(JSON.parse(event.data).emojis.at(-1), rest);
	stream.close();
});

for (const name of ["png", "jpeg", "gif", "webp"])
	test(`a ${name} becomes a WebP of 128 pixels, had by everybody under each name`, async () => {
		const reply = await add(owner, unique("e"), uri(sample(name)));
		assert.equal(reply.status, 201, reply.text);
		for (const extension of ["webp", "png", "gif"]) {
			const picture = await snug.request(`/emojis/${reply.json.id}.${extension}`);
			assert.equal(picture.status, 200);
			assert.equal(picture.headers["content-type"], "image/webp");
			assert.equal(picture.headers["x-content-type-options"], "nosniff");
			assert.equal(picture.bytes.subarray(0, 4).toString(), "RIFF");
		}
	});

test("what is no picture, is too large or none is refused", async () => {
	const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
	for (const [image, status] of [[uri(svg, "image/png"), 400], [uri(Buffer.alloc(300 * 1024, 1)), 400], ["", 400], [undefined, 400], ["x", 400], [7, 400]]) {
		const reply = await owner.client.post(emojis, { name: unique("e"), image });
		assert.equal(reply.status, status, `${String(image).slice(0, 40)}: ${reply.text}`);
	}
});

test("names are 2 to 32 letters, digits and underscores, each once", async () => {
	const name = unique("twice");
	await made(name);
	assert.equal((await add(owner, name)).status, 409);
	for (const bad of ["a", "x".repeat(33), "two words", "a-b", "ä", "", ":x:", "<b>"]) assert.equal((await add(owner, bad)).status, 400, bad);
});

test("who may: members see, makers change their own, managers all", async () => {
	const name = unique("e");
	assert.equal((await add(bob, name)).status, 403);
	const emoji = await made(name);
	for (const [method, body] of [["patch", { name: unique("x") }], ["delete", undefined]])
		assert.equal((await bob.client[method](`${emojis}/${emoji.id}`, body)).status, 403);
	const role = (await owner.client.post(`/guilds/${owner.guild}/roles`, { name: unique("role"), permissions: String(1n << 43n) })).json;
	const maker = await invitePerson(owner);
	await owner.client.put(`/guilds/${owner.guild}/members/${maker.user.id}/roles/${role.id}`);
	const own = (await add(maker, unique("own"))).json;
	assert.equal((await maker.client.patch(`${emojis}/${own.id}`, { name: unique("own") })).status, 200);
	assert.equal((await maker.client.delete(`${emojis}/${emoji.id}`)).status, 403);
	assert.equal((await maker.client.delete(`${emojis}/${own.id}`)).status, 204);
	assert.equal((await owner.client.delete(`${emojis}/${own.id}`)).json.code, 10014);
	assert.equal((await owner.client.get(`${emojis}/${own.id}`)).status, 404);
});

test("a deleted one's picture is gone, and reactions show its name", async () => {
	const emoji = await made(unique("gone"));
	const message = await owner.client.send(owner.channel, "words");
	assert.equal((await bob.client.put(`/channels/${owner.channel}/messages/${message.id}/reactions/${emoji.name}%3A${emoji.id}/@me`)).status, 204);
	assert.equal((await owner.client.delete(`${emojis}/${emoji.id}`)).status, 204);
	assert.equal((await snug.request(`/emojis/${emoji.id}.webp`)).status, 404);
	const [reaction] = (await owner.client.get(`/channels/${owner.channel}/messages/${message.id}`)).json.reactions;
	assert.deepEqual(reaction.emoji, { id: emoji.id, name: emoji.name, animated: false, available: false });
	const page = new Page(snug);
	await page.open("/login");
	await page.submit("/login", { login: owner.name, password: owner.password });
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	assert.match(page.reply.text, new RegExp(`class="reaction-emoji">:${emoji.name}:<`));
});

test("addresses of no emoji are nothing", async () => {
	for (const file of ["0.webp", "12345.webp", "x.webp", "1573655638184034304", "1573655638184034304.", "1573655638184034304.a/b", "-1.png"])
		assert.equal((await snug.request(`/emojis/${file}`)).status, 404, file);
});

test("another workspace's needs membership there", async () => {
	const elsewhere = (await owner.client.post("/guilds", { name: "Elsewhere" })).json;
	const far = (await owner.client.post(`/guilds/${elsewhere.id}/emojis`, { name: "far", image: uri(sample("png")) })).json;
	const message = await owner.client.send(owner.channel, "words");
	const react = (person) => person.client.put(`/channels/${owner.channel}/messages/${message.id}/reactions/far%3A${far.id}/@me`);
	assert.equal((await react(bob)).json.code, 10014, "to who is not in it there is none");
	assert.equal((await react(owner)).status, 204);
	assert.equal((await react(bob)).status, 204, "what is there may be joined");
	assert.equal((await owner.client.get(`${emojis}/${far.id}`)).status, 404);
	assert.equal((await bob.client.get(`/guilds/${elsewhere.id}/emojis`)).status, 404);
});

test("another workspace's stand in a text for who may use them, and for others by name", async () => {
	const elsewhere = (await owner.client.post("/guilds", { name: "Far away" })).json;
	const far = (await owner.client.post(`/guilds/${elsewhere.id}/emojis`, { name: "afar", image: uri(sample("png")) })).json;
	const own = await made(unique("near"));
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;
	const EXTERNAL = 1n << 18n;
	const text = `<:afar:${far.id}> <:${own.name}:${own.id}> \`<a:called:${far.id}>\` [<:afar:${far.id}>](https://example.org) <:afar:${BigInt(far.id) + 1n}> <`;
	const settled = `:afar: <:${own.name}:${own.id}> \`:called:\` [:afar:](https://example.org) <:afar:${BigInt(far.id) + 1n}> <`;
	assert.equal((await bob.client.send(room, text)).content, text);
	await owner.client.put(`/channels/${room}/permissions/${bob.user.id}`, { type: 1, allow: "0", deny: String(EXTERNAL) });
	const message = await bob.client.send(room, text);
	assert.equal(message.content, settled);
	const edited = await bob.client.patch(`/channels/${room}/messages/${message.id}`, { content: `${text} more` });
	assert.equal(edited.json.content, `${settled} more`);
	const source = await owner.client.send(room, text);
	const forward = await bob.client.send(room, "", { message_reference: { type: 1, channel_id: room, message_id: source.id } });
	assert.equal(forward.message_snapshots[0].message.content, settled, "a copy is said by who forwards it");
	const many = await bob.client.send(room, `<:afar:${far.id}>`.repeat(130));
	assert.equal(many.content, ":afar:".repeat(130));
});

await run();
