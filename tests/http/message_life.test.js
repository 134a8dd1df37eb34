// The life of a message by the JSON interface and on streams: answers, forwards, mentions, embeds, earlier versions, pins, and that
// what was deleted is gone everywhere at once.

import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { startSnug } from "../lib/snug.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const at = (channel, message, rest = "") => `/channels/${channel}/messages/${message.id ?? message}${rest}`;
const everyone = (allow, deny) => ({ type: 0, allow: String(allow), deny: String(deny) });
const MANAGE_MESSAGES = 1n << 13n, READ_HISTORY = 1n << 16n;

/** The next event of a type that fits, with its data parsed. */
async function told(stream, type, fits = () => true) {
	const event = await stream.find(type, (each) => each.event === type && fits(JSON.parse(each.data)));
	return { id: Number(event.id), data: JSON.parse(event.data) };
}

/** Where the log ends now. */
const cursor = async () => (await owner.client.get("/events?timeout=0")).json.next;

async function ok(reply, status = 200) {
	reply = await reply;
	assert.equal(reply.status, status, reply.text);
	return reply.json;
}

test("an answer holds what it answers, in the reply, the list and the event; when that is deleted, null", async () => {
	const channel = await room();
	const stream = await openStream(snug, { token: bob.client.token });
	const question = await bob.client.send(channel, "a question");
	const answer = await owner.client.send(channel, "an answer", { message_reference: { message_id: question.id, channel_id: channel } });
	assert.equal(answer.type, 19);
	assert.deepEqual(answer.message_reference, { type: 0, message_id: question.id, channel_id: channel, guild_id: owner.guild });
	assert.equal(answer.referenced_message.content, "a question");
	assert.deepEqual(answer.mentions.map((each) => each.id), [bob.user.id]);
	const event = await told(stream, "MESSAGE_CREATE", (data) => data.id === answer.id);
	assert.equal(event.data.referenced_message.content, "a question");
	assert.equal(event.data.guild_id, owner.guild);

	await ok(bob.client.delete(at(channel, question)), 204);
	const [listed] = await ok(owner.client.get(`/channels/${channel}/messages?limit=1`));
	assert.equal(listed.id, answer.id);
	assert.equal(listed.referenced_message, null);
	assert.equal(listed.message_reference.message_id, question.id);
	stream.close();

	// Who comes late, and reads the log, is told no more than that.
	const late = await openStream(snug, { token: bob.client.token, lastEventId: event.id - 1 });
	const again = await told(late, "MESSAGE_CREATE", (data) => data.id === answer.id);
	assert.equal(again.data.referenced_message, null);
	assert.ok(!JSON.stringify(late.events).includes("a question"));
	late.close();
});

test("what an answer shows on an open stream is as it is then, and never what was deleted before", async () => {
	const channel = await room();
	const question = await bob.client.send(channel, "first words");
	await ok(bob.client.patch(at(channel, question), { content: "second words" }));
	const stream = await openStream(snug, { token: owner.client.token });
	const answer = await owner.client.send(channel, "answer", { message_reference: { message_id: question.id } });
	const event = await told(stream, "MESSAGE_CREATE", (data) => data.id === answer.id);
	assert.equal(event.data.referenced_message.content, "second words");
	stream.close();
});

test("who may not look back is not told what an answer answers", async () => {
	const channel = await room();
	const question = await owner.client.send(channel, "old words");
	await ok(owner.client.put(`/channels/${channel}/permissions/${owner.guild}`, everyone(0, READ_HISTORY)), 204);
	const [his, hers] = [await openStream(snug, { token: bob.client.token }), await openStream(snug, { token: owner.client.token })];
	const answer = await owner.client.send(channel, "answer", { message_reference: { message_id: question.id } });
	assert.equal((await told(hers, "MESSAGE_CREATE", (data) => data.id === answer.id)).data.referenced_message.content, "old words");
	assert.equal((await told(his, "MESSAGE_CREATE", (data) => data.id === answer.id)).data.referenced_message, null);
	his.close();
	hers.close();
	const refused = await bob.client.post(`/channels/${channel}/messages`, { content: "x", message_reference: { message_id: question.id } });
	assert.equal(refused.status, 403, refused.text);
	assert.equal(refused.json.code, 160002);
});

test("who may not look back any more is not told what their own answer answers, and moderates nothing from then", async () => {
	const channel = await room();
	const question = await owner.client.send(channel, "old words");
	const answer = await bob.client.send(channel, "answer", { message_reference: { message_id: question.id }, nonce: "once" });
	assert.equal(answer.referenced_message.content, "old words");
	await ok(owner.client.put(`/channels/${channel}/permissions/${bob.user.id}`, { type: 1, allow: String(MANAGE_MESSAGES), deny: String(READ_HISTORY) }), 204);
	const again = await bob.client.send(channel, "answer", { nonce: "once" });
	const edited = await ok(bob.client.patch(at(channel, answer), { content: "another answer" }));
	const same = await ok(bob.client.patch(at(channel, answer), { content: "another answer" }));
	for (const each of [again, edited, same]) assert.deepEqual([each.id, each.referenced_message], [answer.id, null]);
	const refused = await bob.client.patch(at(channel, question), { flags: 4 });
	assert.deepEqual([refused.status, refused.json.code], [403, 50005], refused.text);
});

test("a message that is not there is answered only where that is allowed", async () => {
	const body = { content: "x", message_reference: { message_id: 123456789012345678n.toString() } };
	const refused = await bob.client.post(`/channels/${owner.channel}/messages`, body);
	assert.equal(refused.status, 400, refused.text);
	assert.equal(refused.json.code, 50035);
	assert.equal(refused.json.errors.message_reference._errors[0].code, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE");
	body.message_reference.fail_if_not_exists = false;
	const made = await ok(bob.client.post(`/channels/${owner.channel}/messages`, body));
	assert.equal(made.type, 0);
	assert.ok(!("message_reference" in made));
});

test("ids are taken as bare numbers, as discord.py sends them", async () => {
	const question = await bob.client.send(owner.channel, "question");
	const raw = `{"content":"answer","message_reference":{"message_id":${question.id},"channel_id":${owner.channel},"guild_id":${owner.guild},"fail_if_not_exists":true},"components":[],"tts":false,"allowed_mentions":{"parse":[],"users":[${bob.user.id}],"replied_user":false}}`;
	const made = await ok(owner.client.post(`/channels/${owner.channel}/messages`, raw));
	assert.equal(made.referenced_message.id, question.id);
	for (const message_id of [-1, "x", 1e300, "9223372036854775808", {}, true]) {
		const refused = await owner.client.post(`/channels/${owner.channel}/messages`, { content: "x", message_reference: { message_id } });
		assert.equal(refused.status, 400, `${message_id}: ${refused.text}`);
	}
	for (const reference of [{}, { message_id: null }]) assert.equal((await owner.client.send(owner.channel, "x", { message_reference: reference })).type, 0);
});

test("a forward is a copy of what the sender may read, and does not say from where", async () => {
	const [from, to] = [await room(), await room()];
	const source = await owner.client.send(from, "pass **this** on", { embeds: [{ title: "card" }] });
	const forward = (who, channel_id, message_id, target) =>
		who.client.post(`/channels/${target}/messages`, { message_reference: { type: 1, message_id, channel_id } });
	const copy = await ok(forward(bob, from, source.id, to));
	assert.equal(copy.message_snapshots[0].message.content, "pass **this** on");
	assert.equal(copy.message_snapshots[0].message.embeds[0].title, "card");
	assert.ok(!JSON.stringify(copy).includes(source.id) && !JSON.stringify(copy).includes(from), "names its source");
	// discord.js throws at a forward without a reference to a message, eris at a copy of nobody in no channel.
	const { message_reference: reference, message_snapshots: [{ message }] } = copy;
	assert.deepEqual([reference.type, reference.channel_id], [1, "0"]);
	assert.equal(BigInt(reference.message_id) >> 22n, BigInt(source.id) >> 22n, "is of the same moment");
	assert.deepEqual([message.channel_id, message.author], ["0", { id: bob.user.id }]);
	const read = await ok(owner.client.get(`/channels/${to}/messages/${copy.id}`));
	assert.deepEqual(read.message_reference, reference);

	const secret = await room({ private: true });
	const hidden = await owner.client.send(secret, "for few");
	const refused = await forward(bob, secret, hidden.id, to);
	const missing = await forward(bob, secret, "123456789012345678", to);
	assert.equal(refused.status, 400, refused.text);
	assert.deepEqual(refused.json, missing.json, "what may not be read and what is not there are told apart");
});

test("a mention is a person to whom it is told, where allowed_mentions and permission let it", async () => {
	const channel = await room();
	const text = `<@${owner.user.id}> <@!${bob.user.id}> \`<@${bob.user.id}>\` @everyone`;
	const all = await owner.client.send(channel, text);
	assert.deepEqual(all.mentions.map((each) => each.id).sort(), [owner.user.id, bob.user.id].sort());
	assert.equal(all.mention_everyone, true);
	const none = await owner.client.send(channel, text, { allowed_mentions: { parse: [] } });
	assert.deepEqual(none.mentions, []);
	assert.equal(none.mention_everyone, false);
	const his = await bob.client.send(channel, "@everyone");
	assert.equal(his.mention_everyone, false);
	const both = await bob.client.post(`/channels/${channel}/messages`, { content: text, allowed_mentions: { parse: ["users"], users: [bob.user.id] } });
	assert.equal(both.status, 400, both.text);
});

test("embeds have Discord's limits, and what is wrong is named by its path", async () => {
	const made = await bob.client.send(owner.channel, "", { embeds: [{ title: "T", url: "https://example.org", color: 255 }] });
	assert.deepEqual(made.embeds, [{ type: "rich", title: "T", url: "https://example.org", color: 255 }]);
	const refused = await bob.client.post(`/channels/${owner.channel}/messages`, { embeds: [{ title: "x" }, { title: "x".repeat(257), fields: [{ name: "n" }] }] });
	assert.equal(refused.status, 400, refused.text);
	assert.equal(refused.json.errors.embeds[1].title._errors[0].code, "BASE_TYPE_MAX_LENGTH", refused.text);
	assert.equal(refused.json.errors.embeds[1].fields[0].value._errors[0].code, "BASE_TYPE_REQUIRED");
	const cleared = await ok(bob.client.patch(at(owner.channel, made), { content: "words", embeds: null }));
	assert.deepEqual(cleared.embeds, []);
});

test("earlier versions are for whoever reads the message", async () => {
	const channel = await room();
	const made = await bob.client.send(channel, "one");
	assert.deepEqual(await ok(owner.client.get(at(channel, made, "/versions"))), []);
	for (const content of ["two", "three"]) await ok(bob.client.patch(at(channel, made), { content }));
	const versions = await ok(owner.client.get(at(channel, made, "/versions")));
	assert.deepEqual(versions.map((each) => each.content), ["one", "two"]);
	assert.equal(Date.parse(versions[0].timestamp), Date.parse(made.timestamp));
	assert.equal(versions[0].replaced_timestamp, versions[1].timestamp);
	assert.equal((await owner.client.get(at(owner.channel, made, "/versions"))).status, 404);
	await ok(bob.client.delete(at(channel, made)), 204);
	assert.equal((await owner.client.get(at(channel, made, "/versions"))).status, 404);
});

test("pins are in both of Discord's families of addresses, and pinning edits nothing", async () => {
	const channel = await room();
	const made = [];
	for (const content of ["a", "b", "c"]) made.push(await bob.client.send(channel, content));
	const stream = await openStream(snug, { token: bob.client.token });
	await ok(owner.client.put(`/channels/${channel}/pins/${made[0].id}`), 204);
	await ok(owner.client.put(`/channels/${channel}/messages/pins/${made[1].id}`), 204);
	await ok(owner.client.put(`/channels/${channel}/messages/pins/${made[1].id}`), 204);
	const update = await told(stream, "MESSAGE_UPDATE", (data) => data.id === made[0].id);
	assert.equal(update.data.pinned, true);
	assert.equal(update.data.edited_timestamp, null);
	assert.ok((await told(stream, "CHANNEL_PINS_UPDATE", (data) => data.channel_id === channel)).data.last_pin_timestamp);
	assert.deepEqual((await ok(bob.client.get(`/channels/${channel}/pins`))).map((each) => each.content), ["b", "a"]);
	const first = await ok(bob.client.get(`/channels/${channel}/messages/pins?limit=1`));
	assert.deepEqual([first.items.length, first.items[0].message.content, first.has_more], [1, "b", true]);
	const rest = await ok(bob.client.get(`/channels/${channel}/messages/pins?before=${encodeURIComponent(first.items[0].pinned_at)}`));
	assert.deepEqual([rest.items.map((each) => each.message.content), rest.has_more], [["a"], false]);
	assert.equal((await bob.client.put(`/channels/${channel}/pins/${made[2].id}`)).json.code, 50013);
	await ok(owner.client.delete(`/channels/${channel}/pins/${made[0].id}`), 204);
	await ok(bob.client.delete(at(channel, made[1])), 204);
	assert.deepEqual(await ok(bob.client.get(`/channels/${channel}/pins`)), []);
	stream.close();
});

test("many are deleted at once, with one event, and only by moderators", async () => {
	const channel = await room();
	const ids = [];
	const start = await cursor();
	for (let i = 0; i < 5; i++) ids.push((await bob.client.send(channel, `secret words ${i}`)).id);
	const stream = await openStream(snug, { token: bob.client.token });
	assert.equal((await bob.client.post(`/channels/${channel}/messages/bulk-delete`, { messages: ids })).json.code, 50013);
	assert.equal((await owner.client.post(`/channels/${channel}/messages/bulk-delete`, { messages: ids.slice(0, 1) })).json.code, 50016);
	const old = ((BigInt(Date.now()) - 1420070400000n - 15n * 86400000n) << 22n).toString();
	assert.equal((await owner.client.post(`/channels/${channel}/messages/bulk-delete`, { messages: [ids[0], old] })).json.code, 50034);
	await ok(owner.client.post(`/channels/${channel}/messages/bulk-delete`, { messages: ids.slice(0, 4) }), 204);
	const event = await told(stream, "MESSAGE_DELETE_BULK");
	assert.deepEqual(event.data, { ids: ids.slice(0, 4), channel_id: channel, guild_id: owner.guild });
	assert.deepEqual((await history(bob.client, channel)).map((each) => each.id), [ids[4]]);
	stream.close();
	const late = await openStream(snug, { token: bob.client.token, lastEventId: start });
	await told(late, "MESSAGE_DELETE_BULK");
	assert.ok(!JSON.stringify(late.events).includes("secret words 0"));
	late.close();
});

test("a thousand messages are paged by a hundred in both directions while others post and delete: no gap, no repeat", async () => {
	const channel = await room();
	const ids = [];
	for (let i = 0; i < 40; i++)
		ids.push(...(await Promise.all(Array.from({ length: 25 }, (_, j) => owner.client.send(channel, `${i} ${j}`)))).map((each) => each.id));
	ids.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
	let isOver = false;
	const gone = new Set();
	const busy = (async () => {
		for (let i = 0; !isOver; i++) {
			await bob.client.send(channel, `meanwhile ${i}`);
			const id = ids[(i * 37) % ids.length];
			if (gone.has(id)) continue;
			gone.add(id);
			await ok(owner.client.delete(at(channel, id)), 204);
		}
	})();
	const walk = async (name, anchor, order) => {
		const seen = [];
		for (let path = `/channels/${channel}/messages?limit=100&${name}=${anchor}`; path; ) {
			const reply = await owner.client.get(path);
			const page = reply.json.map((each) => each.id);
			seen.push(...(order > 0 ? page.reverse() : page));
			path = /<[^>]*\/api\/v1([^>]*)>; rel="next"/.exec(reply.headers.link ?? "")?.[1];
		}
		return seen;
	};
	for (const seen of [await walk("before", String((1n << 62n) - 1n), -1), await walk("after", "0", 1)]) {
		assert.equal(new Set(seen).size, seen.length, "something came twice");
		const missing = ids.filter((id) => !seen.includes(id) && !gone.has(id));
		assert.deepEqual(missing, [], "something was left out");
	}
	isOver = true;
	await busy;
});

await run();
