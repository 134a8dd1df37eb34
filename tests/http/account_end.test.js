// The end of an account, and what is taken away before it: the export has all that is one's own and no secret, and after
// the end nothing is left but what the server's owner keeps.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);

const end = (person, password = goodPassword) => person.client.request("DELETE", "/users/@me", { password });
const logIn = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
};

test("an export has the account and what it wrote, and nobody else's, and no secret", async () => {
	await owner.client.send(owner.channel, "somebody else's words");
	for (let i = 0; i < 3; i++) await bob.client.send(owner.channel, `mine ${i}`);
	const token = (await bob.client.post("/users/@me/tokens", { name: "laptop" })).json.token;
	await bob.client.put(`/users/@me/blocks/${owner.user.id}`);
	const reply = await bob.client.get("/users/@me/export");
	assert.equal(reply.status, 200, reply.text);
	assert.match(reply.headers["content-disposition"], /^attachment; filename="snug-export/);
	assert.equal(reply.json.account.email, `${bob.name}@example.org`);
	assert.deepEqual(reply.json.messages.map((each) => each.content), ["mine 0", "mine 1", "mine 2"]);
	assert.equal(reply.json.next, null);
	assert.equal(reply.json.guilds[0].id, owner.guild);
	assert.ok(reply.json.channels.some((each) => each.id === owner.channel));
	assert.ok(reply.json.sessions.some((each) => each.name === "laptop"));
	assert.deepEqual(reply.json.blocks.map((each) => each.user.id), [owner.user.id]);
	for (const secret of [token, bob.refresh_token, goodPassword, "argon2", "somebody else", `${owner.name}@example.org`, "digest"])
		assert.ok(!reply.text.includes(secret), secret);
	const byToken = await new Client(snug, token).get("/users/@me/export");
	assert.equal(byToken.status, 403, "a token that somebody found takes nothing away");
	const page = await logIn(bob);
	await page.open("/account/export");
	assert.match(page.text, /3 messages/);
	const file = await page.open("/account/export/download");
	assert.equal(JSON.parse(file.text).messages.length, 3);
	assert.match(file.headers["content-disposition"], /^attachment/);
	await bob.client.delete(`/users/@me/blocks/${owner.user.id}`);
});

test("an export has what stands beside one's texts: versions, embeds, forwards, files, and not what others wrote", async () => {
	const dora = await invitePerson(owner);
	const question = await owner.client.send(owner.channel, "words of another");
	const reply = await dora.client.send(owner.channel, "first", { message_reference: { message_id: question.id } });
	await dora.client.patch(`/channels/${owner.channel}/messages/${reply.id}`, { content: "second" });
	const card = await dora.client.send(owner.channel, "", { embeds: [{ title: "a card" }] });
	await dora.client.send(owner.channel, null, { message_reference: { type: 1, channel_id: owner.channel, message_id: card.id } });
	const { json } = await dora.client.get("/users/@me/export");
	const [first, second, third] = json.messages;
	assert.deepEqual([first.content, first.type, first.reply_to, first.versions.map((each) => each.content)], ["second", 19, question.id, ["first"]]);
	assert.equal(second.embeds[0].title, "a card");
	assert.equal(third.message_snapshots[0].message.embeds[0].title, "a card");
	assert.ok(!JSON.stringify(json).includes("words of another"));
});

test("an export has one's reactions and votes, wherever they are, and nobody else's", async () => {
	const hedy = await invitePerson(owner);
	const messages = `/channels/${owner.channel}/messages`;
	assert.deepEqual((await hedy.client.get("/users/@me/export")).json.reactions, []);
	const poll = (await owner.client.post(messages, { poll: { question: { text: "words of another" }, answers: [{ poll_media: { text: "a" } }, { poll_media: { text: "b" } }] } })).json;
	const own = await hedy.client.send(owner.channel, "mine");
	for (const id of [poll.id, own.id])
		for (const emoji of ["👍", "👎"])
			assert.equal((await hedy.client.put(`${messages}/${id}/reactions/${encodeURIComponent(emoji)}/@me`)).status, 204);
	await owner.client.put(`${messages}/${own.id}/reactions/${encodeURIComponent("🎉")}/@me`);
	assert.equal((await hedy.client.put(`/channels/${owner.channel}/polls/${poll.id}/answers/@me`, { answer_ids: [2] })).status, 204);
	const { json, text } = await hedy.client.get("/users/@me/export");
	const put = (id, name) => ({ channel_id: owner.channel, message_id: id, emoji: { id: null, name } });
	assert.deepEqual(json.reactions, [put(poll.id, "👍"), put(poll.id, "👎"), put(own.id, "👍"), put(own.id, "👎")]);
	assert.deepEqual(json.votes, [{ channel_id: owner.channel, message_id: poll.id, answer_id: 2 }]);
	assert.deepEqual([json.messages.map((each) => each.id), json.next], [[own.id], null]);
	assert.ok(!text.includes("words of another"));
});

test("a long export comes in parts that join without gap or overlap", async () => {
	const carol = await invitePerson(owner);
	const text = "ü".repeat(4000); // 8,000 bytes: 1,048 of them are one part
	for (let sent = 0; sent < 1100; sent += 20)
		await Promise.all(Array.from({ length: 20 }, (_, i) => carol.client.send(owner.channel, `${sent + i} ${text}`.slice(0, 4000))));
	const last = await owner.client.send(owner.channel, "last");
	assert.equal((await carol.client.put(`/channels/${owner.channel}/messages/${last.id}/reactions/${encodeURIComponent("👍")}/@me`)).status, 204);
	const ids = [], reactions = [];
	let parts = 0;
	for (let after = ""; after !== null; parts++) {
		const reply = await carol.client.get(`/users/@me/export${after && `?after=${after}`}`);
		assert.equal(reply.status, 200);
		assert.ok(reply.bytes.length < 12_000_000, `${reply.bytes.length}`);
		assert.equal("account" in reply.json, after === "");
		ids.push(...reply.json.messages.map((each) => each.id));
		reactions.push(...reply.json.reactions.map((each) => each.message_id));
		after = reply.json.next;
	}
	assert.equal(parts, 2);
	assert.equal(new Set(ids).size, 1100);
	assert.equal(ids.length, 1100);
	assert.deepEqual(reactions, [last.id]);
	const page = await logIn(carol);
	await page.open("/account/export");
	const links = [...page.reply.text.matchAll(/href="(\/account\/export\/download[^"]*)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
	assert.equal(links.length, 2);
	const second = JSON.parse((await page.open(links[1])).text);
	assert.equal(second.messages.at(-1).id, ids.at(-1));
	assert.ok(!("account" in second));
});

test("an account ends with the password alone, and not by a token", async () => {
	const dave = await invitePerson(owner);
	const token = (await dave.client.post("/users/@me/tokens", { name: "t" })).json.token;
	assert.equal((await end(dave, "wrong password")).status, 401);
	assert.equal((await dave.client.request("DELETE", "/users/@me", {})).status, 400);
	assert.equal((await new Client(snug, token).request("DELETE", "/users/@me", { password: goodPassword })).status, 403);
	assert.equal((await dave.client.get("/users/@me")).status, 200);
});

test("who owns a workspace hands it over or deletes it first", async () => {
	const erin = await register(snug, { workspace: "Erin's place" });
	const reply = await end(erin);
	assert.equal(reply.status, 409, reply.text);
	assert.ok(reply.text.includes("Erin's place"), reply.text);
	const guild = (await erin.client.get("/users/@me/guilds")).json[0].id;
	assert.equal((await erin.client.request("DELETE", `/guilds/${guild}`, { name: "Erin's place" })).status, 204);
	assert.equal((await end(erin)).status, 204);
});

test("the last administrator does not leave the others without one", async () => {
	const reply = await end(owner);
	assert.equal(reply.status, 409);
});

test("what is left of a deleted account is what it wrote", async () => {
	const frank = await invitePerson(owner, { display_name: "Frank N. Stein" });
	const grace = await invitePerson(owner);
	const said = await frank.client.send(owner.channel, "I was here");
	const direct = (await frank.client.post("/users/@me/channels", { recipient_id: grace.user.id })).json;
	const whispered = await frank.client.send(direct.id, "between us");
	await grace.client.put(`/users/@me/blocks/${frank.user.id}`);
	await frank.client.patch("/users/@me", { about: "About Frank", time_zone: "Europe/Berlin" });
	const page = await logIn(frank);
	const streams = await Promise.all([openStream(snug, { token: frank.access_token }), openStream(snug, { token: owner.access_token })]);

	assert.equal((await end(frank)).status, 204);
	await until("frank's stream ends", async () => streams[0].isClosed);
	await until("the others hear of it", async () => streams[1].events.some((each) => each.event === "GUILD_MEMBER_REMOVE" && each.data.includes(frank.user.id)));
	assert.equal((await frank.client.get("/users/@me")).status, 401);
	assert.equal((await page.fetch("/account", { isFollowed: false })).status, 303);
	for (const login of [frank.name, `${frank.name}@example.org`])
		assert.equal((await new Client(snug).post("/auth/login", { login, password: goodPassword })).status, 401);
	assert.equal((await new Client(snug).post("/auth/refresh", { refresh_token: frank.refresh_token })).status, 401);

	const kept = await owner.client.get(`/channels/${owner.channel}/messages/${said.id}`);
	assert.equal(kept.json.content, "I was here");
	assert.equal(kept.json.author.global_name, "Deleted user");
	assert.ok(!kept.text.includes("Frank") && !kept.text.includes(frank.name), kept.text);
	const dm = await grace.client.get(`/channels/${direct.id}/messages/${whispered.id}`);
	assert.equal(dm.status, 200, "a direct message is the other's too");
	assert.equal(dm.json.author.global_name, "Deleted user");
	assert.equal((await grace.client.post(`/channels/${direct.id}/messages`, { content: "are you there?" })).status, 403);
	assert.deepEqual((await grace.client.get("/users/@me/blocks")).json, []);
	assert.equal((await owner.client.get(`/users/${frank.user.id}`)).status, 404);
	const seen = await grace.client.get(`/users/${frank.user.id}`);
	assert.ok(!/Frank|Berlin/.test(seen.text), seen.text);
	const members = await owner.client.get(`/guilds/${owner.guild}/members?limit=1000`);
	assert.ok(!members.text.includes(frank.user.id));

	await register(snug, { username: frank.name }); // name and address are free
	for (const each of streams) each.request.destroy();
});

test("the page asks for name and password, and says what stands in the way", async () => {
	const henry = await register(snug, { workspace: "Henry & Co" });
	const page = await logIn(henry);
	await page.open("/account/delete");
	assert.match(page.text, /Henry & Co/);
	assert.equal((await page.submit("/account/delete", { username: henry.name, password: henry.password })).status, 409);
	const guild = (await henry.client.get("/users/@me/guilds")).json[0].id;
	await henry.client.request("DELETE", `/guilds/${guild}`, { name: "Henry & Co" });
	await page.open("/account/delete");
	assert.equal((await page.submit("/account/delete", { username: "somebody", password: henry.password })).status, 400);
	assert.match(page.text, /not your user name/);
	assert.equal((await page.submit("/account/delete", { username: henry.name, password: "wrong password" })).status, 401);
	assert.match(page.text, /Wrong password/);
	await page.submit("/account/delete", { username: henry.name, password: henry.password });
	assert.equal(page.location, "/login");
	assert.equal((await henry.client.get("/users/@me")).status, 401);
});

test("where the server's owner says so, messages go with the account", async () => {
	const other = await startSnug({ env: { SNUG_DELETED_ACCOUNT_MESSAGES: "delete" } });
	const ada = await setUp(other);
	const iris = await invitePerson(ada);
	const cursor = (await ada.client.get("/events?timeout=0")).json.next;
	const said = [];
	for (let i = 0; i < 230; i += 10) said.push(...(await Promise.all(Array.from({ length: 10 }, (_, j) => iris.client.send(ada.channel, `iris says ${i + j}`)))));
	const kept = await ada.client.send(ada.channel, "mine");
	assert.equal((await end(iris)).status, 204);
	await until("all of it is gone", async () => {
		const left = (await ada.client.get(`/channels/${ada.channel}/messages?limit=100`)).json;
		return left.length === 1 && left[0].id === kept.id;
	});
	for (const message of [said[0], said.at(-1)]) assert.equal((await ada.client.get(`/channels/${ada.channel}/messages/${message.id}`)).status, 404);
	const log = await ada.client.get(`/events?after=${cursor}&timeout=0`);
	assert.equal(log.json.gap ?? false, false);
	assert.ok(log.text.includes("MESSAGE_DELETE") && log.text.includes('"mine"'), log.text.slice(0, 500));
	assert.ok(!log.text.includes("iris says"), "the log of events does not have it either");
	await other.stop();
});

await run();
