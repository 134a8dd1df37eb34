// Messages by the JSON interface: posting, reading pages of history, editing, deleting, and what a nonce promises.

import { startSnug } from "../lib/snug.js";
import { Client, history, invitePerson, nonce, setUp, unique } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async () => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;
const messages = (channel) => `/channels/${channel}/messages`;

test("a message has the shape that Discord's libraries read, in every view of it", async () => {
	const channel = await room();
	const made = await bob.client.send(channel, "Hello, *world* 🎈", { nonce: "abc", tts: false, components: [], embeds: [] });
	assert.equal(made.content, "Hello, *world* 🎈");
	assert.equal(made.channel_id, channel);
	assert.equal(made.author.id, bob.user.id);
	assert.equal(made.nonce, "abc");
	assert.equal(made.type, 0);
	assert.equal(made.edited_timestamp, null);
	assert.match(made.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{6})(\+00:00|Z)$/);
	for (const key of ["attachments", "embeds", "mentions", "mention_roles", "components"]) assert.deepEqual(made[key], [], key);
	for (const key of ["tts", "mention_everyone", "pinned"]) assert.equal(made[key], false, key);
	for (const key of ["id", "username", "discriminator", "avatar"]) assert.ok(key in made.author, key);
	assert.ok(Math.abs(Number(BigInt(made.id) >> 22n) + 1420070400000 - Date.now()) < 20_000, "the id holds the time");
	const { nonce: _, ...rest } = made;
	const seen = await owner.client.get(`${messages(channel)}/${made.id}`);
	const { nonce: __, ...found } = seen.json;
	assert.deepEqual(found, rest);
	const [listed] = (await owner.client.get(messages(channel))).json;
	const { nonce: ___, ...inList } = listed;
	assert.deepEqual(inList, rest);
});

test("content is trimmed, up to 4000 code points of any script, with line breaks and tabs", async () => {
	const channel = await room();
	assert.equal((await bob.client.send(channel, "  \n two\n\tlines  \n")).content, "two\n\tlines");
	const long = "🎈".repeat(4000);
	assert.equal((await bob.client.send(channel, long)).content, long);
	const mixed = 'עברית العربية "quotes" \\ back </script> & \u2028 \u200d 👩‍👩‍👧';
	const made = await bob.client.send(channel, mixed);
	assert.equal((await owner.client.get(`${messages(channel)}/${made.id}`)).json.content, mixed);
});

for (const [what, content, code] of [
	["nothing", "", 50006], ["blanks", " \n\t ", 50006], ["4001 code points", "x".repeat(4001), 50035],
	["a number", 7, 50035], ["a list", ["x"], 50035], ["an object", { a: 1 }, 50035], ["true", true, 50035],
])
	test(`${what} as content is refused`, { parallel: true }, async () => {
		const reply = await bob.client.post(messages(owner.channel), { content });
		assert.equal(reply.status, 400, reply.text);
		assert.equal(reply.json.code, code, reply.text);
		if (code === 50035) assert.ok(reply.json.errors.content._errors[0].code, reply.text);
	});

test("a body without content is an empty message", async () => {
	for (const body of [{}, { content: null }, { embeds: [] }]) {
		const reply = await bob.client.post(messages(owner.channel), body);
		assert.equal(reply.status, 400, reply.text);
	}
});

test("unknown fields and nulls are ignored, as Discord's libraries send them", async () => {
	const made = await bob.client.send(owner.channel, "plain", {
		tts: null, embed: null, embeds: null, components: [], allowedMentions: {}, messageReference: {}, flags: null, nonce: null,
		sticker_ids: null, wait: true, attachments: [], poll: null, unheard_of: { deep: [[[1]]] },
	});
	assert.equal(made.content, "plain");
});

test("a body may say charset=utf-8, and the reply says exactly application/json", async () => {
	const reply = await bob.client.post(messages(owner.channel), '{"content":"ö"}', { "Content-Type": "application/json; charset=utf-8" });
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.headers["content-type"], "application/json");
	assert.equal(reply.json.content, "ö");
});

test("pages of 250 messages have no gap and no overlap, in every direction and size", async () => {
	const channel = await room();
	const sent = [];
	for (let i = 0; i < 25; i++) {
		const group = await Promise.all(Array.from({ length: 10 }, (_, j) => (j % 2 ? bob : owner).client.send(channel, `m ${i * 10 + j}`)));
		sent.push(...group);
	}
	const ids = sent.map((each) => BigInt(each.id)).sort((a, b) => (a < b ? -1 : 1)).map(String);
	assert.equal(new Set(ids).size, 250);
	const list = async (query) => {
		const reply = await bob.client.get(`${messages(channel)}?${query}`);
		assert.equal(reply.status, 200, reply.text);
		return reply.json.map((each) => each.id);
	};
	assert.deepEqual(await list(""), ids.slice(-50).reverse(), "50 newest first by default");
	for (const limit of [1, 7, 50, 99, 100]) {
		const back = [];
		for (let before = ""; ; ) {
			const page = await list(`limit=${limit}${before && `&before=${before}`}`);
			if (page.length === 0) break;
			back.push(...page);
			before = page.at(-1);
			if (limit === 1 && back.length === 12) break;
		}
		assert.deepEqual(back, ids.slice(-back.length).reverse(), `before, by ${limit}`);
		if (limit > 1) assert.equal(back.length, 250);
		const forth = [];
		for (let after = "0"; ; ) {
			const page = (await list(`limit=${limit}&after=${after}`)).reverse();
			if (page.length === 0) break;
			forth.push(...page);
			after = page.at(-1);
			if (limit === 1 && forth.length === 12) break;
		}
		assert.deepEqual(forth, ids.slice(0, forth.length), `after, by ${limit}`);
		if (limit > 1) assert.equal(forth.length, 250);
	}
	for (const [at, limit] of [[125, 50], [125, 51], [125, 1], [0, 50], [249, 50], [3, 100], [247, 100]]) {
		const page = (await list(`around=${ids[at]}&limit=${limit}`)).reverse();
		const from = ids.indexOf(page[0]);
		assert.deepEqual(page, ids.slice(from, from + page.length), `around ${at} by ${limit} is one run`);
		assert.ok(page.includes(ids[at]), `around ${at} by ${limit} holds the message itself`);
		assert.ok(page.length <= limit, `around ${at}: ${page.length} of ${limit}`);
		if (at > limit && at < 250 - limit) assert.ok(page.length >= limit - 1, `around ${at} by ${limit}: ${page.length}`);
	}
	assert.deepEqual(await list(`before=${ids[0]}`), []);
	assert.deepEqual(await list(`after=${ids[249]}`), []);
	const between = String(BigInt(ids[100]) + 1n);
	assert.deepEqual(await list(`before=${between}&limit=1`), [ids[100]], "a cursor need not be a message");
});

test("a page of history may link to the next", async () => {
	const channel = await room();
	for (let i = 0; i < 3; i++) await bob.client.send(channel, `m ${i}`);
	const reply = await bob.client.get(`${messages(channel)}?limit=2`);
	assert.match(reply.headers.link ?? "", /rel="next"/);
	const next = /<([^>]*)>/.exec(reply.headers.link)[1];
	assert.ok(next.startsWith(snug.url), next);
	const follow = await snug.request(next.slice(snug.url.length), { headers: { Authorization: `Bearer ${bob.access_token}` } });
	assert.deepEqual(follow.json.map((each) => each.content), ["m 0"]);
	assert.ok(!/rel="next"/.test(follow.headers.link ?? ""), "the last page has no next");
});

for (const query of ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5", "limit=99999999999999999999", "before=x", "after=-1", "around=1e5",
	"before=9223372036854775808", "before=1&after=1", "before=%00", "before=1'--", "limit=%F0"])
	test(`history refuses ${query}`, { parallel: true }, async () => {
		const reply = await bob.client.get(`${messages(owner.channel)}?${query}`);
		assert.equal(reply.status, 400, reply.text);
	});

test("history takes a bare ? and unknown and empty parameters", async () => {
	for (const query of ["?", "?&wait=true", "?x=y&limit=1"]) {
		const reply = await bob.client.get(messages(owner.channel) + query);
		assert.equal(reply.status, 200, `${query}: ${reply.text}`);
	}
});

test("the same nonce is the same message, with or without enforce_nonce, string or integer", async () => {
	const channel = await room();
	for (const value of ["a", "x".repeat(25), "漢".repeat(25), "7", 123456789012, "🎈"]) {
		const first = await bob.client.send(channel, "once", { nonce: value });
		assert.equal(String(first.nonce), String(value));
		const again = await bob.client.send(channel, "once", { nonce: value, enforce_nonce: true });
		assert.equal(again.id, first.id);
		const other = await bob.client.send(channel, "other words", { nonce: value });
		assert.equal(other.id, first.id);
		assert.equal(other.content, "once");
	}
	assert.equal((await history(bob.client, channel)).length, 6);
});

test("an integer nonce is the text of its digits", async () => {
	const channel = await room();
	const first = await bob.client.send(channel, "one", { nonce: 42 });
	assert.equal((await bob.client.send(channel, "two", { nonce: "42" })).id, first.id);
	const large = await bob.client.post(messages(channel), '{"content":"large","nonce":9007199254740993}', { "Content-Type": "application/json" });
	assert.equal(String(/"nonce":"?(\d+)/.exec(large.text)[1]), "9007199254740993", "a 64-bit number is not rounded");
});

test("a nonce belongs to its author and its channel", async () => {
	const [one, two] = [await room(), await room()];
	const ids = [await bob.client.send(one, "x", { nonce: "n" }), await owner.client.send(one, "x", { nonce: "n" }), await bob.client.send(two, "x", { nonce: "n" })];
	assert.equal(new Set(ids.map((each) => each.id)).size, 3);
});

test("a retry after the message was deleted is 404 10008 and posts nothing", async () => {
	const channel = await room();
	const value = nonce();
	const first = await bob.client.send(channel, "gone", { nonce: value });
	assert.equal((await bob.client.delete(`${messages(channel)}/${first.id}`)).status, 204);
	const again = await bob.client.post(messages(channel), { content: "gone", nonce: value });
	assert.equal(again.status, 404, again.text);
	assert.equal(again.json.code, 10008);
	assert.deepEqual(await history(bob.client, channel), []);
});

test("a retry after an edit gets the first message as it is now", async () => {
	const channel = await room();
	const value = nonce();
	const first = await bob.client.send(channel, "before", { nonce: value });
	await bob.client.patch(`${messages(channel)}/${first.id}`, { content: "after" });
	const again = await bob.client.send(channel, "before", { nonce: value });
	assert.equal(again.id, first.id);
	assert.equal(again.content, "after");
});

test("of twenty parallel posts with one nonce one message is made, and each gets it", async () => {
	const channel = await room();
	for (let round = 0; round < 5; round++) {
		const value = nonce();
		const made = await Promise.all(Array.from({ length: 20 }, (_, i) => bob.client.send(channel, `try ${i}`, { nonce: value })));
		assert.equal(new Set(made.map((each) => each.id)).size, 1);
		assert.equal(new Set(made.map((each) => each.content)).size, 1);
	}
	assert.equal((await history(bob.client, channel)).length, 5);
});

for (const value of ["x".repeat(26), 1.5, true, {}, [], -1e30, "nul\u0000", "line\nbreak"])
	test(`the nonce ${JSON.stringify(value).slice(0, 30)} is refused`, { parallel: true }, async () => {
		const reply = await bob.client.post(messages(owner.channel), { content: "x", nonce: value });
		assert.equal(reply.status, 400, reply.text);
	});

test("editing marks the message, keeps its place, and is for its author alone", async () => {
	const channel = await room();
	const [first] = [await bob.client.send(channel, "teh"), await bob.client.send(channel, "next")];
	const edited = await bob.client.patch(`${messages(channel)}/${first.id}`, { content: "  the " });
	assert.equal(edited.status, 200, edited.text);
	assert.equal(edited.json.content, "the");
	assert.ok(Date.parse(edited.json.edited_timestamp) >= Date.parse(first.timestamp));
	assert.equal(edited.json.timestamp, first.timestamp);
	assert.deepEqual((await history(bob.client, channel)).map((each) => each.content), ["the", "next"]);
	const other = await owner.client.patch(`${messages(channel)}/${first.id}`, { content: "mine now" });
	assert.equal(other.status, 403, other.text);
	assert.equal(other.json.code, 50005);
	const empty = await bob.client.patch(`${messages(channel)}/${first.id}`, { content: " " });
	assert.equal(empty.status, 400, empty.text);
	assert.equal((await bob.client.get(`${messages(channel)}/${first.id}`)).json.content, "the");
	const long = await bob.client.patch(`${messages(channel)}/${first.id}`, { content: "x".repeat(4001) });
	assert.equal(long.status, 400);
});

test("deleting is for the author and for who manages messages; what is deleted is gone everywhere", async () => {
	const channel = await room();
	const { next } = (await bob.client.get("/events?timeout=0")).json;
	const [one, two, three] = [await bob.client.send(channel, "one"), await bob.client.send(channel, "two secretword"), await owner.client.send(channel, "three")];
	const refused = await bob.client.delete(`${messages(channel)}/${three.id}`);
	assert.equal(refused.status, 403, refused.text);
	assert.equal(refused.json.code, 50013);
	assert.equal((await bob.client.delete(`${messages(channel)}/${one.id}`)).status, 204);
	assert.equal((await owner.client.delete(`${messages(channel)}/${two.id}`)).status, 204);
	assert.deepEqual((await history(bob.client, channel)).map((each) => each.content), ["three"]);
	for (const each of [one, two])
		for (const reply of [
			await bob.client.get(`${messages(channel)}/${each.id}`),
			await bob.client.patch(`${messages(channel)}/${each.id}`, { content: "x" }),
			await bob.client.delete(`${messages(channel)}/${each.id}`),
		]) {
			assert.equal(reply.status, 404);
			assert.equal(reply.json.code, 10008);
		}
	const events = await bob.client.get(`/events?after=${next}&timeout=0`);
	assert.ok(events.text.includes("three") && events.text.includes(two.id), "the log goes back that far");
	assert.ok(!events.text.includes("secretword"), "and is scrubbed");
});

test("a message is found in its own channel only", async () => {
	const [one, two] = [await room(), await room()];
	const made = await bob.client.send(one, "here");
	for (const reply of [
		await bob.client.get(`${messages(two)}/${made.id}`),
		await bob.client.patch(`${messages(two)}/${made.id}`, { content: "x" }),
		await bob.client.delete(`${messages(two)}/${made.id}`),
	])
		assert.equal(reply.status, 404, reply.text);
	assert.equal((await bob.client.get(`${messages(one)}/${made.id}`)).json.content, "here");
});

test("history is private: never cached, and nothing without a login", async () => {
	const reply = await bob.client.get(messages(owner.channel));
	assert.match(reply.headers["cache-control"], /no-store/);
	assert.equal((await new Client(snug).get(messages(owner.channel))).status, 401);
});

await run();
