// Messages that are sent later: written by the API and on pages, sent by the store when their time has come.

import { startSnug } from "../lib/snug.js";
import { Client, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const mine = "/users/@me/scheduled-messages";
const place = `/channels/${owner.channel}/scheduled-messages`;
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

async function logIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

test("a message is sent at its time, once, and all who are there hear it", async () => {
	const stream = await openStream(snug, { token: bob.access_token });
	const content = unique("good morning");
	const made = await owner.client.post(place, { content, send_at: inSeconds(3600) });
	assert.equal(made.status, 201, made.text);
	assert.deepEqual([made.json.content, made.json.channel_id, made.json.guild_id, made.json.failure], [content, owner.channel, owner.guild, null]);
	assert.deepEqual((await owner.client.get(mine)).json, [made.json]);
	assert.deepEqual((await bob.client.get(mine)).json, []);
	await until("its time is soon", async () => (await owner.client.patch(`${mine}/${made.json.id}`, { send_at: inSeconds(1.5) })).status === 200);
	const event = await stream.find("the message", (each) => each.event === "MESSAGE_CREATE" && each.data.includes(content));
	assert.equal(JSON.parse(event.data).author.id, owner.user.id);
	assert.deepEqual((await owner.client.get(mine)).json, []);
	const page = (await owner.client.get(`/channels/${owner.channel}/messages`)).json;
	assert.equal(page.filter((each) => each.content === content).length, 1);
	assert.ok(!stream.events.some((each) => each.event.startsWith("SCHEDULED_")), "nobody else hears of its being written");
	stream.close();
});

test("the author's other clients hear of each change", async () => {
	const stream = await openStream(snug, { token: owner.access_token });
	const made = (await owner.client.post(place, { content: "later", send_at: inSeconds(3600) })).json;
	const changed = await owner.client.patch(`${mine}/${made.id}`, { content: "much later", send_at: inSeconds(7200) });
	assert.equal(changed.status, 200, changed.text);
	assert.equal(changed.json.content, "much later");
	assert.equal((await owner.client.delete(`${mine}/${made.id}`)).status, 204);
	assert.equal((await owner.client.delete(`${mine}/${made.id}`)).status, 404);
	for (const type of ["SCHEDULED_MESSAGE_CREATE", "SCHEDULED_MESSAGE_UPDATE", "SCHEDULED_MESSAGE_DELETE"])
		await stream.find(type, (each) => each.event === type && each.data.includes(made.id));
	stream.close();
});

test("what is wrong is said, and nobody touches what is somebody else's", async () => {
	const later = inSeconds(3600);
	for (const body of [{}, { content: "x" }, { send_at: later }, { content: "x", send_at: "soon" }, { content: "x", send_at: inSeconds(-5) }, { content: "x", send_at: inSeconds(400 * 86_400) },
		{ content: "x".repeat(4001), send_at: later }, { content: " ", send_at: later }])
		assert.equal((await owner.client.post(place, body)).status, 400, JSON.stringify(body).slice(0, 80));
	const made = (await owner.client.post(place, { content: "mine", send_at: later })).json;
	assert.equal((await bob.client.patch(`${mine}/${made.id}`, { content: "his" })).status, 404);
	assert.equal((await bob.client.delete(`${mine}/${made.id}`)).status, 404);
	assert.equal((await new Client(snug).get(mine)).status, 401);
	assert.equal((await owner.client.get(mine)).json[0].content, "mine");
	await owner.client.delete(`${mine}/${made.id}`);
});

test("what is due while the store is down is sent when it is back", async () => {
	const content = unique("after the crash");
	await until("its time is soon", async () => (await owner.client.post(place, { content, send_at: inSeconds(1) })).status === 201);
	process.kill(snug.parentOf("snug-store").pid, "SIGKILL");
	const those = async () => (await owner.client.get(`/channels/${owner.channel}/messages`)).json.filter((each) => each.content === content);
	await until("it is sent", async () => (await those()).length > 0);
	// Whatever was to be sent with it, or again, has been sent before what somebody posts now.
	await until("the store takes posts", async () => (await owner.client.post(`/channels/${owner.channel}/messages`, { content: "a full stop" })).status === 200);
	assert.equal((await those()).length, 1);
});

test("who loses the place where one was to go sees at once that it cannot be sent, and nothing of the place", async () => {
	const later = inSeconds(3600);
	for (const lose of [
		(channel) => owner.client.delete(`/channels/${channel}`),
		(channel) => owner.client.put(`/channels/${channel}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: "1024" }),
	]) {
		const made = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("to-be-lost") });
		const draft = await bob.client.post(`/channels/${made.json.id}/scheduled-messages`, { content: "later, maybe", send_at: later });
		assert.equal(draft.json.failure, null, draft.text);
		const lost = await lose(made.json.id);
		assert.ok(lost.status < 300, lost.text);
		const renamed = unique("secret");
		await owner.client.patch(`/channels/${made.json.id}`, { name: renamed });
		const reply = await bob.client.get(mine);
		assert.deepEqual(reply.json.map((each) => [each.id, each.failure]), [[draft.json.id, "Unknown Channel"]]);
		assert.ok(!reply.text.includes(made.json.name) && !reply.text.includes(renamed));
		const page = await logIn(bob);
		await page.open("/account/scheduled");
		assert.match(page.text, /later, maybe[^]*This cannot be sent/);
		assert.ok(!page.reply.text.includes(made.json.name) && !page.reply.text.includes(renamed));
		assert.equal((await bob.client.delete(`${mine}/${draft.json.id}`)).status, 204);
	}
});

test("the pages write one, change it and delete it", async () => {
	const page = await logIn(owner);
	const form = `/channels/${owner.guild}/${owner.channel}/schedule`;
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	assert.ok(page.reply.text.includes(`href="${form}"`), "the room leads to it");
	await page.open(form);
	assert.equal(page.reply.status, 200);
	await page.submit(/\/schedule$/, { content: "by hand", send_at: "2020-01-01T10:00" });
	assert.equal(page.reply.status, 400);
	assert.match(page.text, /Must be a time to come/);
	assert.match(page.text, /by hand/);
	await page.submit(/\/schedule$/, { content: "by hand", send_at: inSeconds(86_400).slice(0, 16) });
	assert.match(page.location, /^\/account\/scheduled\?done=saved$/);
	const [made] = (await owner.client.get(mine)).json;
	assert.equal(made.content, "by hand");
	await page.open(`/account/scheduled/${made.id}`);
	await page.submit(/\/account\/scheduled\/\d+$/, { content: "by hand again" });
	assert.equal((await owner.client.get(mine)).json[0].content, "by hand again");
	assert.equal((await owner.client.get(mine)).json[0].send_at, made.send_at, "what is not touched stays");
	await page.open("/account/scheduled");
	assert.match(page.text, /by hand again/);
	await page.submit(/\/delete$/, {});
	assert.deepEqual((await owner.client.get(mine)).json, []);
	assert.equal((await page.fetch(`/account/scheduled/${made.id}`)).status, 404);
});

await run();
