// Reactions by the JSON interface: Discord's routes, every spelling of an emoji, who may, what is told, and that counts stay exact
// when everybody reacts at once.

import { invitePerson, setUp, unique } from "../lib/api.js";
import { startSnug } from "../lib/snug.js";
import { EventStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const path = (message, rest = "") => `/channels/${owner.channel}/messages/${message.id}/reactions${rest}`;
const react = (person, message, emoji) => person.client.put(path(message, `/${encodeURIComponent(emoji)}/%40me`));
const seen = async (person, message) =>
	(await person.client.get(`/channels/${owner.channel}/messages/${message.id}`)).json.reactions;
const short = (reactions) => (reactions ?? []).map((each) => `${each.emoji.name}${each.count}${each.me ? "*" : ""}`).join(" ");

test("a reaction has Discord's shape and is absent where there is none", async () => {
	const message = await owner.client.send(owner.channel, "words");
	assert.ok(!("reactions" in message));
	const reply = await react(bob, message, "👍");
	assert.equal(reply.status, 204, reply.text);
	assert.deepEqual(await seen(bob, message), [
		{ emoji: { id: null, name: "👍" }, count: 1, count_details: { burst: 0, normal: 1 }, me: true, me_burst: false, burst_colors: [] },
	]);
	assert.equal(short(await seen(owner, message)), "👍1");
	const [listed] = (await owner.client.get(`/channels/${owner.channel}/messages?limit=1`)).json;
	assert.equal(short(listed.reactions), "👍1");
	assert.equal((await react(bob, message, "👍")).status, 204, "again is fine");
	assert.equal((await bob.client.delete(path(message, "/👍/@me".replace("👍", encodeURIComponent("👍"))))).status, 204);
	assert.ok(!(await seen(bob, message)));
});

for (const [what, emoji, kept] of [
	["a keycap", "#️⃣"], ["a digit's keycap", "1️⃣"], ["a skin tone", "👍🏽"], ["a family joined by ZWJ", "👩‍👩‍👧"], ["a flag", "🇩🇪"],
	["a flag of tags", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"], ["a heart with its selector", "❤️"], ["a heart without", "❤", "❤️"], ["a pirate flag", "🏴‍☠️"],
])
	test(`${what} is one emoji, percent-encoded as libraries send it`, async () => {
		const message = await owner.client.send(owner.channel, "words");
		const reply = await react(bob, message, emoji);
		assert.equal(reply.status, 204, reply.text);
		assert.equal(short(await seen(bob, message)), `${kept ?? emoji}1*`);
	});

for (const emoji of ["x", "👍👍", "thumbsup", ":x:", "name:12345", "name:", "%20", "<b>"])
	test(`'${emoji}' is no emoji`, async () => {
		const message = await owner.client.send(owner.channel, "words");
		const reply = await react(bob, message, emoji);
		assert.equal(reply.status, 400, reply.text);
		assert.equal(reply.json.code, 10014, reply.text);
		assert.ok(!(await seen(bob, message)));
	});

test("an emoji of a kilobyte, with slashes or control characters changes nothing", async () => {
	const message = await owner.client.send(owner.channel, "words");
	for (const emoji of ["👍".repeat(250), "a/b", "..", "a\u0000b", "a\nb", "\u202e"]) {
		const reply = await react(bob, message, emoji);
		assert.ok([400, 404].includes(reply.status), `${emoji}: ${reply.status}`);
	}
	assert.ok(!(await seen(bob, message)));
});

test("who reacted is listed by pages, by id", async () => {
	const message = await owner.client.send(owner.channel, "words");
	const people = [owner, bob, await invitePerson(owner)];
	for (const person of people) await react(person, message, "🎉");
	const list = async (query) => (await bob.client.get(path(message, `/${encodeURIComponent("🎉")}${query}`))).json.map((each) => each.id);
	const ids = people.map((each) => each.user.id).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
	assert.deepEqual(await list(""), ids);
	assert.deepEqual(await list("?limit=2&type=0"), ids.slice(0, 2));
	assert.deepEqual(await list(`?after=${ids[1]}`), ids.slice(2));
	assert.deepEqual(await list("?type=1"), [], "there are no burst reactions");
	assert.deepEqual((await bob.client.get(path(message, `/${encodeURIComponent("🦀")}`))).json, []);
	for (const query of ["?limit=0", "?limit=101", "?after=x"])
		assert.equal((await bob.client.get(path(message, `/${encodeURIComponent("🎉")}${query}`))).status, 400, query);
	const [first] = (await bob.client.get(path(message, `/${encodeURIComponent("🎉")}`))).json;
	assert.ok(!("email" in first));
});

test("moderators take away one person's, one emoji, or all; others may not", async () => {
	const message = await owner.client.send(owner.channel, "words");
	for (const emoji of ["👍", "🎉", "🦀"]) await react(bob, message, emoji);
	await react(owner, message, "👍");
	const thumb = encodeURIComponent("👍");
	assert.equal((await bob.client.delete(path(message, `/${thumb}/${owner.user.id}`))).status, 403);
	assert.equal((await bob.client.delete(path(message, `/${thumb}`))).status, 403);
	assert.equal((await bob.client.delete(path(message))).status, 403);
	assert.equal((await owner.client.delete(path(message, `/${thumb}/${bob.user.id}?`))).status, 204);
	assert.equal(short(await seen(owner, message)), "👍1* 🎉1 🦀1");
	assert.equal((await owner.client.delete(path(message, `/${encodeURIComponent("🎉")}`))).status, 204);
	assert.equal(short(await seen(owner, message)), "👍1* 🦀1");
	assert.equal((await owner.client.delete(path(message))).status, 204);
	assert.ok(!(await seen(owner, message)));
	assert.equal((await bob.client.delete(path(message, `/${thumb}/${bob.user.id}`))).status, 204, "one's own by its id");
});

test("twenty kinds at most, whoever asks first", async () => {
	const message = await owner.client.send(owner.channel, "words");
	const faces = Array.from({ length: 30 }, (_, i) => String.fromCodePoint(0x1f600 + i));
	const replies = await Promise.all(faces.map((face, i) => react(i % 2 ? bob : owner, message, face)));
	assert.equal(replies.filter((each) => each.status === 204).length, 20);
	for (const reply of replies.filter((each) => each.status !== 204)) {
		assert.equal(reply.status, 400);
		assert.equal(reply.json.code, 30010);
	}
	assert.equal((await seen(bob, message)).length, 20);
});

test("reactions of many at once are each counted once", async () => {
	const message = await owner.client.send(owner.channel, "words");
	const people = [owner, bob, ...(await Promise.all(Array.from({ length: 6 }, () => invitePerson(owner))))];
	await Promise.all(people.flatMap((person) => [react(person, message, "👍"), react(person, message, "👍"), react(person, message, "🎉")]));
	assert.deepEqual((await seen(bob, message)).map((each) => each.count), [8, 8]);
	await Promise.all(people.slice(1).map((person) => person.client.delete(path(message, `/${encodeURIComponent("👍")}/@me`))));
	assert.equal((await seen(bob, message)).find((each) => each.emoji.name === "👍").count, 1);
});

test("each change is told with the count to those who see the channel, and to nobody else", async () => {
	const outsider = await invitePerson(owner);
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), private: true, members: [bob.user.id] })).json.id;
	const message = await owner.client.send(room, "words");
	const [inside, outside] = [await new EventStream(snug, { token: bob.access_token }).opened, await new EventStream(snug, { token: outsider.access_token }).opened];
	const base = `/channels/${room}/messages/${message.id}/reactions`;
	const thumb = encodeURIComponent("👍");
	assert.equal((await bob.client.put(`${base}/${thumb}/@me`)).status, 204);
	await owner.client.put(`${base}/${thumb}/@me`);
	await owner.client.delete(`${base}/${thumb}/@me`);
	await owner.client.delete(`${base}/${thumb}`);
	await owner.client.put(`${base}/${thumb}/@me`);
	await owner.client.delete(base);
	const last = await owner.client.send(owner.channel, "after");
	const told = (stream) => stream.events.filter((each) => each.event.startsWith("MESSAGE_REACTION_"));
	const hasLast = (stream) => stream.events.some((each) => each.event === "MESSAGE_CREATE" && JSON.parse(each.data).id === last.id);
	await until("the last message", () => hasLast(inside) && hasLast(outside));
	assert.deepEqual(told(inside).map((each) => each.event.slice(17)), ["ADD", "ADD", "REMOVE", "REMOVE_EMOJI", "ADD", "REMOVE_ALL"]);
	const [added, again, removed] = told(inside).map((each) => JSON.parse(each.data));
	assert.equal(added.user_id, bob.user.id);
	assert.equal(added.member.user.id, bob.user.id);
	assert.equal(added.message_author_id, owner.user.id);
	assert.deepEqual([added.count, again.count, removed.count], [1, 2, 1]);
	assert.deepEqual(added.emoji, { id: null, name: "👍" });
	assert.deepEqual(told(outside), []);
	for (const stream of [inside, outside]) stream.close();
	assert.equal((await outsider.client.put(`${base}/${thumb}/@me`)).status, 404);
	assert.equal((await outsider.client.get(`${base}/${thumb}`)).status, 404);
});

test("the default limit is one reaction a quarter of a second and channel", async () => {
	const limited = await startSnug({ env: { SNUG_RATE_LIMITS: "on" } });
	try {
		const ada = await setUp(limited);
		const message = await ada.client.send(ada.channel, "words");
		// A busy machine may take longer than that over three.
		const refused = await until("one is refused", async () => {
			const replies = await Promise.all(
				["👍", "🎉", "🦀"].map((emoji) => ada.client.put(`/channels/${ada.channel}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}/@me`)),
			);
			assert.ok(replies.every((each) => each.headers["x-ratelimit-limit"] === "1"));
			return replies.find((each) => each.status === 429);
		});
		assert.ok(refused.json.retry_after <= 0.5, refused.text);
	} finally {
		await limited.stop();
	}
});

await run();
