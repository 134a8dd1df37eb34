// Read state by the JSON interface: what is unread where, who is told, who has read; and counts that stay exact while many
// things happen at once.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const [bob, eve] = [await invitePerson(owner), await invitePerson(owner)];
const make = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const join = (who, channel) => who.client.put(`/channels/${channel}/members/@me`);
const follow = (who, options = {}) => openStream(snug, { token: who.access_token, ...options });

async function unreadOf(who, channel) {
	const reply = await who.client.get("/users/@me/unread");
	assert.equal(reply.status, 200, reply.text);
	return channel ? reply.json.find((each) => each.channel_id === channel) : reply.json;
}

async function ack(who, channel, message, body) {
	const reply = await who.client.post(`/channels/${channel}/messages/${message}/ack`, body ?? {});
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}

test("unread lists every place with counts, the last message and how many are in it", async () => {
	const channel = await make();
	await join(bob, channel);
	const last = await owner.client.send(channel, "hello");
	const place = await unreadOf(bob, channel);
	assert.deepEqual(place, {
		channel_id: channel, guild_id: owner.guild, type: 0, unread: 1, mentions: 0, last_message_id: last.id, last_read_id: null,
		member_count: 2, muted: false,
	});
	assert.equal((await unreadOf(owner, channel)).unread, 0, "one's own is read");
	assert.equal(await unreadOf(eve, channel), undefined, "who is not in it has nothing unread there");
});

test("direct messages count, and stay each to their own", async () => {
	const direct = (await bob.client.post("/users/@me/channels", { recipient_id: eve.user.id })).json.id;
	await bob.client.send(direct, "psst");
	assert.equal((await unreadOf(eve, direct)).unread, 1);
	assert.equal((await unreadOf(bob, direct)).unread, 0);
	assert.equal(await unreadOf(owner, direct), undefined);
	const reply = await owner.client.post(`/channels/${direct}/ack`, {});
	assert.equal(reply.status, 404);
});

test("an ack moves forward and back; every device of the person hears of it, and nobody else", async () => {
	const channel = await make();
	await join(bob, channel);
	const ids = [];
	for (let i = 0; i < 4; i++) ids.push((await owner.client.send(channel, `n${i}`)).id);
	const [mine, others] = [await follow(bob), await follow(owner)];
	assert.equal((await ack(bob, channel, ids[2])).unread, 1);
	assert.equal((await ack(bob, channel, ids[0])).unread, 3);
	assert.equal((await ack(bob, channel, ids[3], { manual: true })).unread, 0);
	assert.equal((await ack(bob, channel, ids[1], { manual: false })).unread, 0, "an automatic one that is late undoes nothing");
	await owner.client.send(channel, "the end");
	await mine.find("the end", (each) => each.data.includes("the end"));
	await others.find("the end", (each) => each.data.includes("the end"));
	assert.deepEqual(mine.payloads("MESSAGE_ACK").map((each) => [each.message_id, each.unread]), [[ids[2], 1], [ids[0], 3], [ids[3], 0]]);
	assert.equal(others.payloads("MESSAGE_ACK").length, 0);
	[mine, others].forEach((each) => each.close());
});

test("marking unread from a message takes that message along", async () => {
	const channel = await make();
	await join(bob, channel);
	const ids = [];
	for (let i = 0; i < 3; i++) ids.push((await owner.client.send(channel, `n${i}`)).id);
	await bob.client.post(`/channels/${channel}/ack`, {});
	const reply = await bob.client.post(`/channels/${channel}/messages/${ids[1]}/unread`, {});
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual([reply.json.unread, reply.json.last_read_id], [2, ids[0]]);
	const first = await bob.client.post(`/channels/${channel}/messages/${ids[0]}/unread`, {});
	assert.deepEqual([first.json.unread, first.json.last_read_id], [3, null]);
});

test("what is no message there, or newer than the newest, is refused", async () => {
	const [channel, elsewhere] = [await make(), await make()];
	await join(bob, channel);
	const message = await owner.client.send(channel, "here");
	const other = await owner.client.send(elsewhere, "there");
	const status = async (who, id) => (await who.client.post(`/channels/${channel}/messages/${id}/ack`, {})).status;
	assert.equal(await status(bob, String(BigInt(message.id) + 1n)), 404);
	assert.equal(await status(bob, "9223372036854775807"), 404);
	assert.equal(await status(bob, other.id), 404);
	assert.equal(await status(eve, message.id), 404, "who is not in it has no state there");
	for (const body of [{ manual: "yes" }, { manual: 7 }]) {
		const reply = await bob.client.post(`/channels/${channel}/messages/${message.id}/ack`, body);
		assert.equal(reply.status, 400, reply.text);
	}
	assert.equal((await unreadOf(bob, channel)).unread, 1);
});

test("a workspace is read as a whole", async () => {
	const [one, two] = [await make(), await make()];
	for (const channel of [one, two]) {
		await join(bob, channel);
		await owner.client.send(channel, "x");
	}
	assert.equal((await bob.client.post(`/guilds/${owner.guild}/ack`, {})).status, 204);
	const places = (await unreadOf(bob)).filter((each) => each.guild_id === owner.guild);
	assert.ok(places.length >= 2);
	assert.ok(places.every((each) => each.unread === 0));
});

test("joining begins at the moment of joining, and leaving forgets", async () => {
	const channel = await make();
	await owner.client.send(channel, "before");
	await join(eve, channel);
	assert.equal((await unreadOf(eve, channel)).unread, 0);
	await owner.client.send(channel, "after");
	assert.equal((await unreadOf(eve, channel)).unread, 1);
	await eve.client.delete(`/channels/${channel}/members/@me`);
	assert.equal(await unreadOf(eve, channel), undefined);
	await join(eve, channel);
	assert.equal((await unreadOf(eve, channel)).unread, 0);
});

test("who loses a channel loses its counts", async () => {
	const channel = await make({ private: true });
	await owner.client.put(`/channels/${channel}/members/${bob.user.id}`);
	await owner.client.send(channel, "secret");
	assert.equal((await unreadOf(bob, channel)).unread, 1);
	await owner.client.delete(`/channels/${channel}/members/${bob.user.id}`);
	assert.equal(await unreadOf(bob, channel), undefined);
});

test("who has read is named in small channels, by whoever shares it too", async () => {
	const channel = await make();
	await join(bob, channel);
	await join(eve, channel);
	const message = await owner.client.send(channel, "read me");
	const readers = (who) => who.client.get(`/channels/${channel}/messages/${message.id}/readers`);
	assert.deepEqual((await readers(owner)).json, { count: 0, count_is_exact: true, users: [] });
	await ack(bob, channel, message.id);
	const seen = (await readers(owner)).json;
	assert.deepEqual([seen.count, seen.users.map((each) => each.id)], [1, [bob.user.id]]);
	assert.ok(!("email" in seen.users[0]));

	const off = await bob.client.patch("/users/@me/settings", { read_receipts: false });
	assert.deepEqual(off.json, { read_receipts: false });
	assert.deepEqual((await bob.client.get("/users/@me/settings")).json, { read_receipts: false });
	assert.deepEqual((await readers(owner)).json, { count: 0, count_is_exact: true, users: [] });
	assert.equal((await readers(bob)).status, 403, "it goes both ways");
	await bob.client.patch("/users/@me/settings", { read_receipts: true });
	assert.equal((await readers(bob)).json.count, 1);
	assert.equal((await owner.client.get(`/channels/${channel}/messages/${channel}/readers`)).status, 404);
});

test("a bot has no read state", async () => {
	const made = await owner.client.post(`/guilds/${owner.guild}/bots`, { username: unique("bot") });
	const headers = { Authorization: `Bot ${made.json.token}` };
	const message = await owner.client.send(owner.channel, "x");
	for (const [method, path] of [["GET", "/users/@me/unread"], ["POST", `/channels/${owner.channel}/messages/${message.id}/ack`], ["POST", `/guilds/${owner.guild}/ack`]]) {
		const reply = await snug.request(`/api/v1${path}`, { method, headers: { ...headers, "Content-Type": "application/json" }, body: method === "POST" ? "{}" : undefined });
		assert.equal(reply.status, 403, `${method} ${path}: ${reply.text}`);
	}
});

test("while many write, delete, join, leave and read at once, every count is what a recount finds", async () => {
	const people = [owner, bob, eve, await invitePerson(owner), await invitePerson(owner)];
	const channels = [await make(), await make(), await make()];
	for (const who of people) for (const channel of channels) await join(who, channel);
	const below = (n) => Math.floor(Math.random() * n);
	const pick = (list) => list[below(list.length)];
	const ids = new Map(channels.map((channel) => [channel, []]));
	const one = async (who) => {
		const channel = pick(channels);
		const known = ids.get(channel);
		const dice = below(20);
		if (dice < 13) {
			const made = await who.client.post(`/channels/${channel}/messages`, { content: `n ${below(1000)}` });
			if (made.status === 200) known.push(made.json.id);
		} else if (dice < 15 && known.length) await owner.client.delete(`/channels/${channel}/messages/${pick(known)}`);
		else if (dice < 17 && known.length) await who.client.post(`/channels/${channel}/messages/${pick(known)}/ack`, {});
		else if (dice < 18 && known.length) await who.client.post(`/channels/${channel}/messages/${pick(known)}/unread`, {});
		else if (dice < 19 && who !== owner) await who.client.delete(`/channels/${channel}/members/@me`);
		else await join(who, channel);
	};
	await Promise.all(people.flatMap((who) => [1, 2].map(async () => {
		for (let i = 0; i < 70; i++) await one(who);
	})));
	for (const channel of channels) {
		const all = [];
		for (let before = ""; ; ) {
			const page = (await owner.client.get(`/channels/${channel}/messages?limit=100${before}`)).json;
			all.push(...page);
			if (page.length < 100) break;
			before = `&before=${page.at(-1).id}`;
		}
		for (const who of people) {
			const place = await unreadOf(who, channel);
			if (!place) continue;
			const isUnread = (each) => BigInt(each.id) > BigInt(place.last_read_id ?? 0) && each.author.id !== who.user.id;
			assert.equal(place.unread, all.filter(isUnread).length, `of ${all.length} messages`);
		}
	}
	const counts = (await unreadOf(owner)).filter((each) => channels.includes(each.channel_id));
	for (const each of counts) {
		const members = (await owner.client.get(`/channels/${each.channel_id}/members?limit=100`)).json;
		assert.equal(each.member_count, members.length);
	}
});

await run();
