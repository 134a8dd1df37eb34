// Polls by the JSON interface: Discord's object in and out, votes of many at once, the end by hand and by time.

import { invitePerson, setUp, unique } from "../lib/api.js";
import { startSnug } from "../lib/snug.js";
import { EventStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const answer = (text, emoji) => ({ poll_media: { text, ...(emoji && { emoji }) } });
const poll = (more = {}) => ({ question: { text: "Which?" }, answers: [answer("One"), answer("Two"), answer("Three")], duration: 24, ...more });
const ask = async (more, person = owner) => {
	const reply = await person.client.post(`/channels/${owner.channel}/messages`, { poll: poll(more) });
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
};
const vote = (person, message, answers) =>
	person.client.put(`/channels/${owner.channel}/polls/${message.id}/answers/@me`, { answer_ids: answers });
const seen = async (person, message) => (await person.client.get(`/channels/${owner.channel}/messages/${message.id}`)).json.poll;
const counts = async (person, message) =>
	(await seen(person, message)).results.answer_counts.map((each) => `${each.count}${each.me_voted ? "*" : ""}`).join(" ");

test("a poll has Discord's shape", async () => {
	const message = await ask({ answers: [answer("Soup", { name: "🍲" }), answer("Bread", { id: null, name: null })], allow_multiselect: true, layout_type: 1 });
	assert.equal(message.content, "");
	const { expiry, ...rest } = message.poll;
	assert.deepEqual(rest, {
		question: { text: "Which?" },
		allow_multiselect: true,
		layout_type: 1,
		answers: [
			{ answer_id: 1, poll_media: { text: "Soup", emoji: { id: null, name: "🍲" } } },
			{ answer_id: 2, poll_media: { text: "Bread" } },
		],
		results: { is_finalized: false, answer_counts: [{ id: 1, count: 0, me_voted: false }, { id: 2, count: 0, me_voted: false }] },
	});
	assert.ok(Math.abs(new Date(expiry) - Date.now() - 24 * 3600_000) < 60_000, expiry);
	assert.ok(!("poll" in (await owner.client.send(owner.channel, "plain"))));
});

for (const [what, more] of [
	["no question", { question: {} }], ["a question of 301 characters", { question: { text: "x".repeat(301) } }],
	["an answer of 56 characters", { answers: [answer("x".repeat(56))] }], ["no answers", { answers: [] }],
	["eleven answers", { answers: Array.from({ length: 11 }, () => answer("x")) }], ["no time", { duration: 0 }],
	["more than 32 days", { duration: 769 }], ["a layout of its own", { layout_type: 7 }], ["a question with a line break", { question: { text: "a\nb" } }],
])
	test(`a poll with ${what} is refused`, { parallel: true }, async () => {
		const reply = await owner.client.post(`/channels/${owner.channel}/messages`, { poll: poll(more) });
		assert.equal(reply.status, 400, reply.text);
		assert.equal(reply.json.code, 50035, reply.text);
		assert.ok(reply.json.errors.poll._errors[0].message, reply.text);
	});

test("votes: one of a single choice, all that are named of many, and who voted", async () => {
	const single = await ask();
	assert.equal((await vote(bob, single, [1])).status, 204);
	assert.equal((await vote(bob, single, ["2"])).status, 204);
	assert.equal(await counts(bob, single), "0 1* 0");
	assert.equal((await vote(bob, single, [1, 2])).status, 400);
	assert.equal((await vote(bob, single, [4])).status, 400);
	const many = await ask({ allow_multiselect: true });
	assert.equal((await vote(bob, many, [1, 3])).status, 204);
	assert.equal((await vote(owner, many, [3])).status, 204);
	assert.equal(await counts(owner, many), "1 0 2*");
	const voters = await bob.client.get(`/channels/${owner.channel}/polls/${many.id}/answers/3?limit=1`);
	assert.equal(voters.status, 200, voters.text);
	assert.equal(voters.json.users.length, 1);
	const rest = await bob.client.get(`/channels/${owner.channel}/polls/${many.id}/answers/3?after=${voters.json.users[0].id}`);
	assert.deepEqual([voters.json.users[0].id, rest.json.users[0].id].sort(), [owner.user.id, bob.user.id].sort());
	const plain = await owner.client.send(owner.channel, "plain");
	assert.equal((await vote(bob, plain, [1])).json.code, 520006);
	assert.equal((await bob.client.get(`/channels/${owner.channel}/polls/${plain.id}/answers/1`)).json.code, 520006);
});

test("votes of many at once, each changing their mind, are exact", async () => {
	const message = await ask();
	const people = await Promise.all(Array.from({ length: 8 }, () => invitePerson(owner)));
	await Promise.all(people.flatMap((person) => [[1], [2], [3], [1], [2]].map((choice) => vote(person, message, choice))));
	const poll = await seen(bob, message);
	assert.equal(poll.results.answer_counts.reduce((sum, each) => sum + each.count, 0), 8);
	for (const { id, count } of poll.results.answer_counts) {
		const { json } = await bob.client.get(`/channels/${owner.channel}/polls/${message.id}/answers/${id}`);
		assert.equal(json.users.length, count);
	}
});

test("its author ends it; then the results are final and nothing changes them", async () => {
	const message = await ask({}, bob);
	const stream = await new EventStream(snug, { token: bob.access_token }).opened;
	assert.equal((await vote(owner, message, [2])).status, 204);
	assert.equal((await owner.client.post(`/channels/${owner.channel}/polls/${message.id}/expire`)).status, 403);
	const ended = await bob.client.post(`/channels/${owner.channel}/polls/${message.id}/expire`);
	assert.equal(ended.status, 200, ended.text);
	assert.equal(ended.json.poll.results.is_finalized, true);
	for (const choice of [[1], []]) {
		const reply = await vote(owner, message, choice);
		assert.equal(reply.status, 400);
		assert.equal(reply.json.code, 520001);
	}
	assert.equal(await counts(owner, message), "0 1* 0");
	const update = await until("the end is told", () => stream.events.find((each) => each.event === "MESSAGE_UPDATE"));
	assert.equal(JSON.parse(update.data).poll.results.is_finalized, true);
	const [added] = stream.events.filter((each) => each.event === "MESSAGE_POLL_VOTE_ADD").map((each) => JSON.parse(each.data));
	assert.deepEqual(added, { user_id: owner.user.id, channel_id: owner.channel, message_id: message.id, guild_id: owner.guild, answer_id: 2, count: 1 });
	stream.close();
});

test("asking needs SEND_POLLS; strangers to a channel neither see nor vote", async () => {
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;
	await owner.client.put(`/channels/${room}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: String(1n << 49n) });
	const refused = await bob.client.post(`/channels/${room}/messages`, { poll: poll() });
	assert.equal(refused.json.code, 50013, refused.text);
	const made = (await owner.client.post(`/channels/${room}/messages`, { poll: poll() })).json;
	await owner.client.put(`/channels/${room}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: String(1n << 10n) });
	for (const reply of [
		await bob.client.put(`/channels/${room}/polls/${made.id}/answers/@me`, { answer_ids: [1] }),
		await bob.client.get(`/channels/${room}/polls/${made.id}/answers/1`),
		await bob.client.post(`/channels/${room}/polls/${made.id}/expire`),
		await bob.client.put(`/channels/${owner.channel}/polls/${made.id}/answers/@me`, { answer_ids: [1] }),
	])
		assert.equal(reply.status, 404, reply.text);
});

test("a deleted poll is gone with its votes, by every route", async () => {
	const message = await ask();
	await vote(bob, message, [1]);
	assert.equal((await owner.client.delete(`/channels/${owner.channel}/messages/${message.id}`)).status, 204);
	assert.equal((await vote(bob, message, [1])).status, 404);
	assert.equal((await bob.client.get(`/channels/${owner.channel}/polls/${message.id}/answers/1`)).status, 404);
});

await run();
