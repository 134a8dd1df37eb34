// Search by the JSON interface: Discord's parameters and shape, our grammar, only what the caller may read now, and no text
// that is an error.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const guild = `/guilds/${owner.guild}`;
const bob = await invitePerson(owner, { username: "bob_b", display_name: "Bob Builder" });
const eve = await invitePerson(owner);

const query = (parameters) => new URLSearchParams(parameters).toString();
const searchAs = (person, parameters, where = guild) => person.client.get(`${where}/messages/search?${query(parameters)}`);

async function find(person, parameters, where) {
	const reply = await searchAs(person, parameters, where);
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}
const contents = (found) => found.messages.map(([message]) => message.content);

async function channel(more = {}) {
	const reply = await owner.client.post(`${guild}/channels`, { name: unique("room"), ...more });
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
}

test("a hit is Discord's: a list of one message each, newest first, with a count and where the words stand", async () => {
	const room = await channel();
	const first = await owner.client.send(room.id, "quince jam is **good**");
	const second = await bob.client.send(room.id, "who wants quince?");
	const found = await find(eve, { content: "quince" });
	assert.deepEqual([found.total_results, found.total_is_exact, found.doing_deep_historical_index], [2, true, false]);
	assert.deepEqual(found.messages.map((group) => group.length), [1, 1]);
	assert.deepEqual(found.messages.map(([message]) => message.id), [second.id, first.id]);
	const [message] = found.messages[1];
	assert.deepEqual([message.hit, message.channel_id, message.author.id, message.type], [true, room.id, owner.user.id, 0]);
	assert.deepEqual(message.snippet, [
		{ text: "quince", hit: true, spoiler: false },
		{ text: " jam is good", hit: false, spoiler: false },
	]);
});

test("Discord's parameters narrow what is found, and lists may be repeated", async () => {
	const [one, two] = [await channel(), await channel()];
	const by = [];
	for (const [person, room, text] of [[owner, one, "medlar a"], [bob, one, "medlar b https://example.org"], [bob, two, "medlar c"], [eve, two, `medlar d <@${bob.user.id}>`]])
		by.push(await person.client.send(room.id, text));
	const is = async (parameters, expected) => {
		const found = await find(owner, [["content", "medlar"], ...parameters]);
		assert.deepEqual(found.messages.map(([message]) => by.findIndex((each) => each.id === message.id)), expected, query(parameters));
		assert.equal(found.total_results >= expected.length, true);
	};
	await is([], [3, 2, 1, 0]);
	await is([["author_id", bob.user.id]], [2, 1]);
	await is([["author_id", bob.user.id], ["author_id", eve.user.id]], [3, 2, 1]);
	await is([["channel_id", one.id]], [1, 0]);
	await is([["channel_id", one.id], ["channel_id", two.id]], [3, 2, 1, 0]);
	await is([["channel_id", one.id], ["author_id", bob.user.id]], [1]);
	await is([["has", "link"]], [1]);
	await is([["has", "-link"], ["channel_id", one.id]], [0]);
	await is([["mentions", bob.user.id]], [3]);
	await is([["min_id", by[1].id]], [3, 2]);
	await is([["max_id", by[1].id]], [0]);
	await is([["pinned", "true"]], []);
	await is([["sort_order", "asc"]], [0, 1, 2, 3]);
	await is([["limit", "1"], ["offset", "2"]], [1]);
	await is([["sort_by", "relevance"], ["include_nsfw", "true"]], [3, 2, 1, 0]);
	assert.equal((await find(owner, { content: "medlar", limit: 1 })).total_results, 4);
});

test("q has the grammar that people type", async () => {
	const room = await channel({ name: unique("fruit") });
	await owner.client.send(room.id, "damson gin, well aged");
	await bob.client.send(room.id, "damson pie");
	for (const [q, expected] of [
		["damson", 2], ["damson -pie", 1], ['"damson gin"', 1], ['"gin damson"', 0], ["dams*", 2], ["damson from:bob_b", 1],
		['damson from:"bob builder"', 1], [`damson in:${room.name}`, 2], [`damson in:#${room.name} from:me`, 1], ["damson from:nobody_there", 0],
		["damson before:2020-01-01", 0], ["damson after:2020-01-01", 2], ["damson on:today", 2], ["damson is:thread", 0], ["damson has:image", 0],
	])
		assert.equal((await find(owner, { q })).total_results, expected, q);
});

test("pins are found as such, and no more once they are taken off", async () => {
	const room = await channel();
	const message = await owner.client.send(room.id, "sloe");
	await owner.client.send(room.id, "sloe again");
	assert.equal((await owner.client.put(`/channels/${room.id}/pins/${message.id}`)).status, 204);
	assert.deepEqual(contents(await find(bob, { q: "sloe has:pin" })), ["sloe"]);
	assert.equal((await owner.client.delete(`/channels/${room.id}/pins/${message.id}`)).status, 204);
	assert.equal((await find(bob, { q: "sloe is:pinned" })).total_results, 0);
	assert.equal((await find(bob, { q: "sloe" })).total_results, 2);
});

test("what somebody may not read they do not find, from the moment on that they may not", async () => {
	const secret = await channel({ private: true });
	await owner.client.send(secret.id, "persimmon");
	const everywhere = [{ q: "persimmon" }, { content: "persimmon" }, { channel_id: secret.id }, { q: `in:${secret.id}` }, { q: `in:${secret.name}` }, { author_id: owner.user.id, content: "persimmon" }];
	const assertHidden = async () => {
		for (const parameters of everywhere) {
			const found = await find(bob, parameters);
			assert.deepEqual([found.total_results, found.messages], [0, []], JSON.stringify(parameters));
		}
		assert.equal((await searchAs(bob, { content: "persimmon" }, `/channels/${secret.id}`)).status, 404);
		const all = await bob.client.get(`${guild}/search?${query({ q: secret.name })}`);
		assert.deepEqual(all.json.channels, []);
	};
	await assertHidden();
	assert.equal((await owner.client.put(`/channels/${secret.id}/members/${bob.user.id}`, {})).status, 204);
	assert.equal((await find(bob, { q: "persimmon" })).total_results, 1);
	assert.equal((await owner.client.delete(`/channels/${secret.id}/members/${bob.user.id}`)).status, 204);
	await assertHidden();
	assert.equal((await find(owner, { q: "persimmon" })).total_results, 1);
});

test("private threads are found by who is in them and who manages them, public ones by who sees their channel", async () => {
	const room = await channel();
	const thread = async (type) => {
		const reply = await owner.client.post(`/channels/${room.id}/threads`, { name: unique("thread"), type });
		assert.equal(reply.status, 201, reply.text);
		await owner.client.send(reply.json.id, "loquat");
		return reply.json;
	};
	const [open, closed] = [await thread(11), await thread(12)];
	const places = (found) => found.messages.map(([message]) => message.channel_id).sort();
	assert.deepEqual(places(await find(bob, { q: "loquat" })), [open.id]);
	assert.deepEqual(places(await find(owner, { q: "loquat" })), [open.id, closed.id].sort());
	assert.deepEqual(places(await find(bob, { q: `loquat in:${closed.name}` })), []);
	assert.equal((await owner.client.put(`/channels/${closed.id}/thread-members/${bob.user.id}`)).status, 204);
	const found = await find(bob, { q: "loquat is:thread" });
	assert.deepEqual(places(found), [open.id, closed.id].sort());
	assert.deepEqual(found.threads.map((each) => each.id).sort(), [open.id, closed.id].sort());
	assert.deepEqual(places(await find(bob, { q: `loquat in:${open.name}` })), [open.id]);
	assert.deepEqual(places(await find(bob, { q: `loquat in:${room.name}` })), [open.id], "a channel's public threads are in it");
	assert.equal((await owner.client.delete(`/channels/${closed.id}/thread-members/${bob.user.id}`)).status, 204);
	assert.deepEqual(places(await find(bob, { q: "loquat" })), [open.id]);
});

test("what is found in threads comes with them, and with what the reader is in each", async () => {
	const room = await channel();
	const threads = [];
	for (const name of ["one", "two"]) {
		const reply = await owner.client.post(`/channels/${room.id}/threads`, { name, type: 11 });
		assert.equal(reply.status, 201, reply.text);
		threads.push(reply.json);
		await owner.client.send(reply.json.id, "rambutan");
		await owner.client.send(reply.json.id, "rambutan too");
	}
	await owner.client.send(room.id, "rambutan");
	assert.equal((await bob.client.put(`/channels/${threads[0].id}/thread-members/@me`)).status, 204);
	const found = await find(bob, { content: "rambutan" });
	assert.equal(found.total_results, 5);
	assert.deepEqual(found.threads.map((each) => [each.id, each.parent_id]).sort(), threads.map((each) => [each.id, room.id]).sort());
	assert.deepEqual(found.members.map((each) => [each.id, each.user_id]), [[threads[0].id, bob.user.id]]);
	assert.ok(found.members[0].join_timestamp && found.members[0].flags === 0);
	assert.deepEqual((await find(bob, { content: "quince" })).members, []);
});

test("Discord's content has phrases, prefixes and filters too; a dash in it is text", async () => {
	const room = await channel();
	await bob.client.send(room.id, "salak -peeled fruit");
	await owner.client.send(room.id, "fruit of the salak");
	const total = async (content) => (await find(bob, { content })).total_results;
	assert.equal(await total("salak fruit"), 2);
	assert.equal(await total('"fruit of"'), 1);
	assert.equal(await total("sala* from:bob_b"), 1);
	assert.equal(await total(`salak in:${room.name}`), 2);
	assert.equal(await total("salak -peeled"), 1);
	assert.equal((await find(bob, { q: "salak -peeled" })).messages[0][0].content, "fruit of the salak");
});

test("direct messages are searched by themselves, and by nobody else", async () => {
	const direct = (await bob.client.post("/users/@me/channels", { recipient_id: eve.user.id })).json;
	await bob.client.send(direct.id, "ugli fruit");
	await eve.client.send(direct.id, "ugli indeed");
	const there = `/channels/${direct.id}`;
	assert.equal((await find(bob, { content: "ugli" }, there)).total_results, 2);
	assert.equal((await find(eve, { q: "ugli from:bob_b" }, there)).total_results, 1);
	for (const person of [owner, bob, eve]) assert.equal((await find(person, { q: "ugli" })).total_results, 0);
	assert.equal((await searchAs(owner, { q: "ugli" }, there)).status, 404);
	const room = await channel();
	await bob.client.send(room.id, "ugli here");
	assert.equal((await find(eve, { q: "ugli" }, `/channels/${room.id}`)).total_results, 1, "a channel of a workspace is a part of it");
});

test("edits and deletions are followed at once", async () => {
	const message = await bob.client.send(owner.channel, "tamarind");
	await bob.client.patch(`/channels/${owner.channel}/messages/${message.id}`, { content: "tamarillo" });
	assert.equal((await find(eve, { q: "tamarind" })).total_results, 0);
	assert.equal((await find(eve, { q: "tamarillo" })).total_results, 1);
	await bob.client.delete(`/channels/${owner.channel}/messages/${message.id}`);
	assert.equal((await find(eve, { q: "tamarillo" })).total_results, 0);
});

test("people and channels are found beside messages", async () => {
	const room = await channel({ name: unique("yuzu") });
	const person = await invitePerson(owner, { display_name: "Yuzu Fan" });
	await owner.client.send(room.id, "yuzu yes");
	const reply = await bob.client.get(`${guild}/search?q=yuzu`);
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual(reply.json.people.map((each) => each.user.id), [person.user.id]);
	assert.deepEqual(reply.json.channels.map((each) => each.id), [room.id]);
	assert.equal(reply.json.total_results, 1);
	assert.equal((await bob.client.get(`${guild}/search`)).status, 400);
});

test("a snippet is plain text with names, and tells nothing of a spoiler", async () => {
	const room = await channel();
	const long = "word ".repeat(300);
	await owner.client.send(room.id, `${long}kumquat <@${bob.user.id}> ||kumquat secret|| <b>x</b> ${long}`);
	const [[message]] = (await find(eve, { q: "kumquat" })).messages;
	const text = message.snippet.map((each) => each.text).join("");
	assert.ok(text.length < 420, text);
	assert.ok(text.includes("kumquat @Bob Builder "), text);
	assert.ok(!text.includes("secret"), text);
	assert.ok(text.includes("<b>x</b>"), "it is text, to be escaped by whoever shows it");
	assert.deepEqual(message.snippet.filter((each) => each.hit).map((each) => each.text), ["kumquat"]);
	assert.equal(message.snippet.filter((each) => each.spoiler).length, 1);
});

test("a snippet is as people read it: no markup, channels that they see by name, and what a spoiler hides is found but not shown", async () => {
	const [room, secret] = [await channel(), await channel({ type: 0, permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] })];
	const snippet = async (person, q, inside) => (await find(person, { q: `${q} in:${room.id}`, ...inside })).messages[0][0].snippet;
	const is = async (person, q, expected) => {
		const pieces = await snippet(person, q);
		assert.equal(pieces.map((each) => (each.spoiler ? "[hidden]" : each.hit ? `[${each.text}]` : each.text)).join(""), expected);
	};
	await owner.client.send(room.id, `# Loquat **jam** in <#${room.id}> and <#${secret.id}>\n- [recipe](https://example.org)\n\`\`\`js\nconst loquat = 1;\n\`\`\``);
	await is(eve, "loquat", `[Loquat] jam in #${room.name} and #… recipe const [loquat] = 1;`);
	await owner.client.send(room.id, "mabolo ||one\n\nmabolo two|| three `||` ||four|| \\||five||six||");
	await is(eve, "mabolo", "[mabolo] [hidden] three || [hidden] ||five[hidden]");
	await owner.client.send(room.id, "|| *||* salak|| end");
	await is(eve, "salak", "[hidden] end");
	await owner.client.send(room.id, "", { embeds: [{ title: "**T**", description: "**jabuticaba** ||hidden||" }] });
	await is(eve, "jabuticaba", "[jabuticaba] [hidden]");
});

test("no text is an error, and what the index understands is text too", async () => {
	await owner.client.send(owner.channel, "plain text");
	const texts = [
		'"', '""', "*", "-", "--", "(", ")", "AND", "OR", "NOT", "a AND", "NOT a", "a OR OR b", '"a', 'a"', "^a", "{text}:a", "text:a", "tags:tagg1",
		'{tags}:"tagg1"', "rank:1", "a + b", "+", "'", "';--", "' OR 1=1 --", "\\", '\\"', "%", "_", "%%%", "!!!", "🙂", "👩‍👩‍👧", "\u200b", "\u00ad", "\u0301",
		'-"', "-*", "*-", '"*"', '"a"*', '""*', "a**", "-from:", 'from:"', 'in:"', "before:", "before:99999999-01-01", "on:0000-00-00", "a:b:c", ":", "::",
		"NEAR(a b)", 'NEAR("a" "b", 1)', "a NOT b", "\ue000", "\uf6ff", "日本*", "-日本", "is:", "mentions:", "tagprivate", "taghfile", "\u3000", "“", "x”*",
		"<@1>*", "<script>alert(1)</script>", "{{q}}", "{{{q}}}", "${q}", "../../etc/passwd", "\ufffd", "a".repeat(1024), "a ".repeat(512), '"'.repeat(1024), "-".repeat(1024),
		"from:a ".repeat(146), "(".repeat(1024), "日".repeat(400), "a* ".repeat(341), "\u202eevil", "SELECT", "search", "rowid:1", "0", "-0", "1e999",
	];
	assert.ok(texts.length >= 80);
	for (const text of texts) {
		for (const parameters of [{ q: text }, { content: text }]) {
			const reply = await searchAs(bob, parameters);
			assert.equal(reply.status, 200, `${JSON.stringify(text)}: ${reply.text}`);
		}
	}
	const found = await find(bob, { q: "plain -AND" });
	assert.equal(found.total_results, 1);
	assert.equal((await find(bob, { q: "plain AND text" })).total_results, 0, "AND is a word");
});

test("what is no query is refused and says why", async () => {
	for (const [text, status] of [
		["q=%00", 400], ["q=%ff", 400], ["q=%01", 400], ["q=a%09b", 400], [`q=${"a".repeat(1025)}`, 400], ["limit=26", 400], ["limit=0", 400], ["offset=9976", 400], ["offset=-1", 400],
		["author_id=x", 400], ["has=nothing", 400], ["sort_by=magic", 400], ["sort_order=up", 400], ["q=a&q=b", 400], ["limit=1&limit=2", 400], ["min_id=x", 400],
		["pinned=maybe", 400], [`${"channel_id=1&".repeat(17)}`, 400],
	]) {
		const reply = await bob.client.get(`${guild}/messages/search?${text}`);
		assert.equal(reply.status, status, `${text.slice(0, 40)}: ${reply.text}`);
	}
});

test("searches are limited by themselves", async () => {
	const limited = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_LIMIT_SEARCH: "2/1h" } });
	const person = await setUp(limited);
	const path = `/guilds/${person.guild}/messages/search?q=x`;
	for (const status of [200, 200, 429]) assert.equal((await person.client.get(path)).status, status);
	assert.equal((await person.client.get("/users/@me")).status, 200);
	await limited.stop();
});

await run(snug);
