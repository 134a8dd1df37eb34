// Drafts: of one person on all their devices, for nobody else, by the API and by forms; gone with the message they become.

import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { kill, startSnug } from "../lib/snug.js";
import { EventStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LIMIT_DRAFT: "1000/s", SNUG_LIMIT_MESSAGE: "1000/s" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const at = (channel) => `/channels/${channel}/draft`;
const make = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room-"), ...more })).json.id;
const save = (person, channel, content, more = {}) => person.client.put(at(channel), { content, ...more });
const read = async (person, channel) => (await person.client.get(at(channel))).json;
const list = async (person) => (await person.client.get("/users/@me/drafts")).json.map((each) => each.content);

async function signIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

/** Forgets all of a person's, so that a list holds what its test made. */
async function clear(person) {
	for (const { channel_id: channel } of (await person.client.get("/users/@me/drafts")).json) await person.client.delete(at(channel));
}

test("a draft is saved, read, replaced and discarded", async () => {
	const channel = await make();
	assert.deepEqual(await read(bob, channel), { channel_id: channel, content: "", revision: null, nonce: null, updated_at: null });
	const first = await save(bob, channel, " half a ");
	assert.equal(first.status, 200, first.text);
	assert.deepEqual(await read(bob, channel), first.json);
	assert.match(first.json.updated_at, /^\d{4}-/);
	const second = (await save(bob, channel, "half a sentence", { nonce: "page-1", revision: first.json.revision })).json;
	assert.equal(second.nonce, "page-1");
	assert.equal((await save(bob, channel, "another", { revision: first.json.revision })).json.code, 40914);
	assert.equal((await save(bob, channel, "another", { revision: null })).status, 409);
	assert.deepEqual(await read(bob, channel), second);
	assert.deepEqual(await read(owner, channel), { channel_id: channel, content: "", revision: null, nonce: null, updated_at: null });
	for (let i = 0; i < 2; i++) assert.equal((await bob.client.delete(at(channel))).status, 204);
	assert.equal((await read(bob, channel)).revision, null);
	assert.equal((await save(bob, channel, "", { revision: null })).json.content, "");
});

test("what is no text is refused and changes nothing", async () => {
	const channel = await make();
	await save(bob, channel, "kept");
	for (const [body, why] of [[{}, "nothing"], [{ content: 7 }, "a number"], [{ content: "x".repeat(4001) }, "too long"], [{ content: "a\u0000b" }, "NUL"], [{ content: "a\u001bb" }, "a control character"],
		[{ content: "x", nonce: "n".repeat(26) }, "a long nonce"], [{ content: "x", revision: "later" }, "no revision"], [{ content: "x", revision: "-1" }, "below zero"]]) {
		const reply = await bob.client.put(at(channel), body);
		assert.equal(reply.status, 400, `${why}: ${reply.text}`);
	}
	assert.equal((await read(bob, channel)).content, "kept");
	assert.equal((await save(bob, channel, "😀".repeat(4000))).status, 200);
	assert.equal((await save(bob, channel, "line one\r\nline two\ttab")).json.content, "line one\nline two\ttab");
});

test("they are listed, the latest first, and only where their writer may look", async () => {
	await clear(bob);
	const [first, second] = [await make(), await make({ private: true, members: [bob.user.id] })];
	await save(bob, first, "one");
	await save(bob, second, "two, of a secret room");
	assert.deepEqual(await list(bob), ["two, of a secret room", "one"]);
	await save(bob, first, "one more");
	assert.deepEqual(await list(bob), ["one more", "two, of a secret room"]);
	assert.deepEqual(await list(owner), []);
	await owner.client.delete(`/channels/${second}/members/${bob.user.id}`);
	assert.deepEqual(await list(bob), ["one more"]);
	assert.equal((await bob.client.get(at(second))).status, 404);
	assert.equal((await save(bob, second, "more")).status, 404);
	const page = await signIn(bob);
	await page.open("/drafts");
	assert.match(page.text, /one more/);
	assert.doesNotMatch(page.text, /secret/);
	const { json } = await bob.client.get("/users/@me/export");
	assert.deepEqual(json.drafts.map((each) => each.content), ["one more", "two, of a secret room"], "it is theirs all the same");
	await owner.client.put(`/channels/${second}/members/${bob.user.id}`);
	assert.deepEqual(await list(bob), ["one more", "two, of a secret room"], "and is there when they are back");
});

test("its writer's streams hear of it, without a word of it, and nobody else's; who may not look hears nothing", async () => {
	const channel = await make({ private: true, members: [bob.user.id] });
	const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: unique("bot") })).json;
	const open = (token) => new EventStream(snug, { token }).opened;
	const [desk, phone, other] = [await open(bob.access_token), await open(bob.access_token), await open(owner.access_token)];
	const robot = await open(bot.token);
	const saved = (await save(bob, channel, "between me and me")).json;
	await bob.client.delete(at(channel));
	await owner.client.delete(`/channels/${channel}/members/${bob.user.id}`);
	await bob.client.delete(at(channel));
	const last = await owner.client.send(owner.channel, "the last");
	const streams = [desk, phone, other, robot];
	await until("the last message", () => streams.every((stream) => stream.events.some((each) => each.data.includes(last.id))));
	const heard = streams.map((stream) => stream.events.filter((each) => each.event === "DRAFT_UPDATE").map((each) => [each.id, JSON.parse(each.data)]));
	for (const own of heard.slice(0, 2)) {
		assert.equal(own.length, 2);
		assert.deepEqual(own[0], [saved.revision, { channel_id: channel, guild_id: owner.guild, revision: saved.revision, updated_at: saved.updated_at, is_deleted: false }]);
		assert.equal(own[1][1].is_deleted, true);
	}
	assert.deepEqual(heard.slice(2), [[], []]);
	for (const stream of streams) {
		assert.ok(!stream.events.some((each) => each.data.includes("between me")));
		stream.close();
	}
});

test("what is written in a thread or a direct message is a draft too", async () => {
	await clear(bob);
	const thread = (await owner.client.post(`/channels/${owner.channel}/threads`, { name: "aside", type: 11 })).json.id;
	const direct = (await bob.client.post("/users/@me/channels", { recipient_id: owner.user.id })).json.id;
	await save(bob, thread, "in the thread");
	await save(bob, direct, "to you");
	assert.deepEqual(await list(bob), ["to you", "in the thread"]);
	assert.equal((await owner.client.get(at(direct))).json.content, "", "the other has their own");
	await bob.client.send(direct, "to you", { draft_revision: (await read(bob, direct)).revision });
	assert.deepEqual(await list(bob), ["in the thread"]);
	await owner.client.delete(`/channels/${thread}`);
	assert.deepEqual(await list(bob), []);
});

test("a message takes the draft that it names, and one without a name takes none", async () => {
	const channel = await make();
	const { revision } = (await save(bob, channel, "hello")).json;
	await bob.client.send(channel, "by a script");
	assert.equal((await read(bob, channel)).content, "hello");
	const nonce = unique("n");
	const sent = await bob.client.send(channel, "hello", { nonce, draft_revision: revision });
	assert.equal((await read(bob, channel)).content, "");
	await save(bob, channel, "the next");
	const again = await bob.client.send(channel, "hello", { nonce, draft_revision: (await read(bob, channel)).revision });
	assert.equal(again.id, sent.id);
	assert.equal((await read(bob, channel)).content, "the next", "a retry takes nothing");
});

test("bots have none", async () => {
	const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: unique("bot") })).json;
	const headers = { Authorization: `Bot ${bot.token}` };
	for (const reply of [await owner.client.get("/users/@me/drafts", headers), await owner.client.get(at(owner.channel), headers), await owner.client.put(at(owner.channel), { content: "x" }, headers)])
		assert.equal(reply.json.code, 20001);
});

test("by forms: it stands in the composer, is saved by a button, listed, marked and discarded", async () => {
	await clear(bob);
	const channel = await make();
	await bob.client.put(`/channels/${channel}/members/@me`);
	const page = await signIn(bob);
	const room = `/channels/${owner.guild}/${channel}`;
	await page.open(room);
	const composer = page.form(`${room}/messages`);
	assert.equal(composer.fields.content, "");
	const button = composer.buttons.find((each) => /Save draft/.test(each.label));
	assert.equal(button.formaction, `${room}/draft`);
	const hostile = "\n<script>alert(1)</script></textarea>\"'&amp;\n";
	await page.submit(composer, { content: hostile }, { action: button.formaction });
	assert.equal(page.location, room);
	assert.equal(page.form(`${room}/messages`).fields.content, hostile);
	assert.ok(!page.reply.text.includes("<script>alert"));
	assert.equal((await read(bob, channel)).content, hostile);
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	const mark = page.reply.text.match(new RegExp(`id="c-${channel}".*?<span class="draft-mark"( hidden)?>`, "s"));
	assert.equal(mark[1], undefined);
	await page.open("/drafts");
	assert.ok(page.reply.text.includes("&lt;script&gt;alert(1)"));
	await page.submit(`/drafts/${channel}/discard`);
	assert.match(page.location, /^\/drafts\?done=deleted$/);
	assert.match(page.text, /You have no drafts/);
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	assert.equal(page.reply.text.match(new RegExp(`id="c-${channel}".*?<span class="draft-mark"( hidden)?>`, "s"))[1], " hidden");
});

test("by forms: sending takes the draft that stood there, and a form that was open before another device wrote does not", async () => {
	const channel = await make();
	const room = `/channels/${owner.guild}/${channel}`;
	const page = await signIn(bob);
	await save(bob, channel, "first");
	await page.open(room);
	await page.submit(`${room}/messages`, { content: "first, with care" });
	assert.match(page.text, /first, with care/);
	assert.equal((await read(bob, channel)).content, "");
	await save(bob, channel, "second");
	await page.open(room);
	const form = page.form(`${room}/messages`);
	await save(bob, channel, "second, from the phone");
	await page.submit(form, { content: "second" });
	assert.equal((await read(bob, channel)).content, "second, from the phone");
});

test("by forms: of a draft that was changed elsewhere meanwhile both texts are handed back", async () => {
	const channel = await make();
	const room = `/channels/${owner.guild}/${channel}`;
	const page = await signIn(bob);
	await page.open(room);
	const form = page.form(`${room}/messages`);
	await save(bob, channel, "from the phone");
	await page.submit(form, { content: "from the desk" }, { action: `${room}/draft` });
	assert.equal(page.reply.status, 409);
	assert.match(page.text, /changed on another device/);
	assert.equal((await read(bob, channel)).content, "from the phone");
	const both = page.form(`${room}/messages`);
	assert.equal(both.fields.content, "from the phone\n\nfrom the desk");
	await page.submit(both, {}, { action: `${room}/draft` });
	assert.equal(page.location, room);
	assert.equal((await read(bob, channel)).content, "from the phone\n\nfrom the desk");
});

test("the script of a page is told what it has saved, whoever saves at the same moment", async () => {
	const room = `/channels/${owner.guild}/${await make()}`;
	const page = await signIn(bob);
	await page.open(room);
	const { csrf } = page.form(`${room}/messages`).fields;
	const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/vnd.snug.fragment+html", Origin: snug.url };
	const revisions = new Set();
	for (let round = 0; round < 10; round++)
		await Promise.all(Array.from({ length: 8 }, async (_, i) => {
			const content = `text ${round} ${i}`;
			const reply = await page.fetch(`${room}/draft`, { method: "POST", body: new URLSearchParams({ csrf, content }).toString(), headers, isFollowed: false });
			const [, revision, text] = /^<textarea data-revision="(\d+)" readonly>\n(.*)<\/textarea>/.exec(reply.text);
			assert.equal(text, content);
			revisions.add(revision);
		}));
	assert.equal(revisions.size, 80);
});

test("by forms: a message that is refused stays in the field, and its draft where it was", async () => {
	const channel = await make();
	const room = `/channels/${owner.guild}/${channel}`;
	const page = await signIn(bob);
	const { revision } = (await save(bob, channel, "too much")).json;
	await page.open(room);
	await page.submit(`${room}/messages`, { content: "x".repeat(4001) });
	assert.equal(page.reply.status, 400);
	assert.equal(page.form(`${room}/messages`).fields.content, "x".repeat(4001));
	assert.equal(page.form(`${room}/messages`).fields.draft_revision, revision);
	assert.equal((await read(bob, channel)).content, "too much");
});

test("a draft stands on the page of what is sent later, and goes with it", async () => {
	const channel = await make();
	const room = `/channels/${owner.guild}/${channel}`;
	const page = await signIn(bob);
	await save(bob, channel, "in time");
	await page.open(`${room}/schedule`);
	assert.equal(page.form(`${room}/schedule`).fields.content, "in time");
	await page.submit(`${room}/schedule`, { send_at: "2001-01-01T00:00" });
	assert.equal(page.reply.status, 400);
	assert.equal((await read(bob, channel)).content, "in time");
	await page.submit(`${room}/schedule`, { send_at: new Date(Date.now() + 3_600_000).toISOString().slice(0, 16) });
	assert.match(page.location, /scheduled/);
	assert.equal((await read(bob, channel)).content, "");
});

test("a form of another site, or without its token, saves and discards nothing", async () => {
	const page = await signIn(bob);
	const location = `/channels/${owner.guild}/${owner.channel}/draft`;
	for (const [body, headers] of [["content=x", { Origin: snug.url }], ["content=x&csrf=forged", { Origin: snug.url }], ["content=x", { Origin: "https://evil.example" }]]) {
		const reply = await page.fetch(location, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers }, isFollowed: false });
		assert.equal(reply.status, 403);
	}
	assert.equal((await read(bob, owner.channel)).content, "");
});

test("whatever moment the store is killed at, a draft is there or its message is, and never both", async () => {
	const channel = await make();
	for (let i = 0; i < 8; i++) {
		const text = `survivor ${i}`;
		const { revision } = (await save(bob, channel, text)).json;
		const sending = bob.client.request("POST", `/channels/${channel}/messages`, { content: text, nonce: `k${i}`, draft_revision: revision }).catch(() => null);
		await new Promise((resolve) => setTimeout(resolve, i % 4));
		kill(snug.parentOf("snug-store").pid);
		await sending;
		await until("the store is back", async () => (await save(owner, channel, `ping ${i}`)).status === 200);
		const posted = (await bob.client.get(`/channels/${channel}/messages?limit=100`)).json.filter((each) => each.content === text).length;
		const draft = (await read(bob, channel)).content;
		assert.deepEqual([posted, draft], posted === 1 ? [1, ""] : [0, text]);
		await bob.client.delete(at(channel));
	}
});

await run(snug);
