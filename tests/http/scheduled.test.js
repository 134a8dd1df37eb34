// Messages that are sent later: written by the API and on pages, sent by the store when their time has come.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { startSnug } from "../lib/snug.js";
import { Client, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { pathOf, postParts, sendFiles } from "../lib/upload.js";
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

const files = () => fs.readdirSync(path.join(snug.data, "files"), { recursive: true }).filter((name) => /^..\/[0-9a-f]{64}$/.test(name));
const kept = (content) => files().some((name) => {
	try {
		return fs.readFileSync(path.join(snug.data, "files", name), "utf8") === content;
	} catch {
		return false; // It was taken away while it was being looked at.
	}
});
const ask = (question) => Number(execFileSync("sqlite3", ["-readonly", `${snug.data}/snug.db`], { input: question, encoding: "utf8" }));
const taken = () => ask(`SELECT coalesce(sum(bytes), 0) FROM file_usage WHERE user_id = ${owner.user.id};`);
const later = (more) => ({ name: "payload_json", content: JSON.stringify({ send_at: inSeconds(3600), ...more }) });
const file = (n, content, filename = `${n}.txt`) => ({ name: `files[${n}]`, filename, content });

test("files go with it: they wait out of sight, take room, and hang on the message that it becomes", async () => {
	const [one, two, before] = [unique("first file"), unique("second file"), taken()];
	const made = await postParts(owner.client, place, [later({ content: "with files", attachments: [{ id: 1, description: "the second" }] }), file(0, one), file(1, two, "SPOILER_b.txt")]);
	assert.equal(made.status, 201, made.text);
	const view = made.json.attachments;
	assert.deepEqual(view.map((each) => [each.filename, each.size, each.content_type, each.description, each.flags]),
		[["0.txt", one.length, "text/plain", undefined, undefined], ["SPOILER_b.txt", two.length, "text/plain", "the second", 8]]);
	assert.ok(view.every((each) => !("url" in each)), "it has no address yet");
	assert.deepEqual([kept(one), kept(two), taken() - before], [true, true, one.length + two.length]);
	const page = await logIn(owner);
	for (const { id, filename } of view) assert.equal((await page.fetch(`/attachments/${owner.channel}/${id}/${filename}`)).status, 404);
	const exported = (await owner.client.get("/users/@me/export")).json.scheduled_messages.find((each) => each.id === made.json.id);
	assert.deepEqual(exported.attachments, view);
	await until("its time is soon", async () => (await owner.client.patch(`${mine}/${made.json.id}`, { content: "changed words", send_at: inSeconds(1) })).status === 200);
	const [sent] = await until("it is sent", async () => {
		const found = (await owner.client.get(`/channels/${owner.channel}/messages`)).json.filter((each) => each.content === "changed words");
		return found.length > 0 && found;
	});
	assert.deepEqual(sent.attachments.map((each) => [each.filename, each.description, each.flags]), [["0.txt", undefined, undefined], ["SPOILER_b.txt", "the second", 8]]);
	assert.equal((await snug.request(pathOf(sent.attachments[0].url))).text, one);
	assert.equal(taken() - before, one.length + two.length, "their room is counted once");
	assert.equal((await owner.client.delete(`/channels/${owner.channel}/messages/${sent.id}`)).status, 204);
	await until("they are gone", async () => !kept(one) && !kept(two));
	assert.equal(taken(), before);
});

test("files alone are enough; they go with what is deleted, and stay where a message shows them too", async () => {
	const [alone, shared, before] = [unique("nobody else's"), unique("shown elsewhere"), taken()];
	const made = await postParts(owner.client, place, [later({}), file(0, alone), file(1, shared)]);
	assert.equal(made.status, 201, made.text);
	assert.equal(made.json.content, "");
	assert.equal((await owner.client.patch(`${mine}/${made.json.id}`, { content: "" })).status, 200);
	const shown = await sendFiles(owner.client, owner.channel, [{ name: "same.txt", content: shared }]);
	assert.equal((await owner.client.delete(`${mine}/${made.json.id}`)).status, 204);
	await until("what nobody shows is gone", async () => !kept(alone));
	assert.equal((await snug.request(pathOf(shown.attachments[0].url))).text, shared);
	const again = await postParts(owner.client, place, [later({ content: "again" }), file(0, shared)]);
	await owner.client.delete(`/channels/${owner.channel}/messages/${shown.id}`);
	const other = await sendFiles(owner.client, owner.channel, [{ name: "x.txt", content: unique("a later one") }]);
	await owner.client.delete(`/channels/${owner.channel}/messages/${other.id}`);
	await until("a removal that came later is done", async () => ask("SELECT count(*) FROM file_removals;") === 0);
	assert.ok(kept(shared), "what waits to be sent holds its file");
	await owner.client.delete(`${mine}/${again.json.id}`);
	await until("and nothing holds it any more", async () => !kept(shared));
	assert.equal(taken(), before);
	assert.equal((await owner.client.post(place, { send_at: inSeconds(3600), content: "" })).json.code, 50006);
});

test("who may send no files can send none later, nor at the time when it was to be", async () => {
	const made = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("no-files") })).json;
	const room = `/channels/${made.id}/scheduled-messages`;
	const content = unique("in time");
	const waiting = await postParts(bob.client, room, [later({ content: "with a file" }), file(0, content)]);
	assert.equal(waiting.status, 201, waiting.text);
	await owner.client.put(`/channels/${made.id}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: String(1 << 15) });
	const refused = await postParts(bob.client, room, [later({ content: "x" }), file(0, unique("too late"))]);
	assert.deepEqual([refused.status, refused.json.code], [403, 50013]);
	await until("its time is soon", async () => (await bob.client.patch(`${mine}/${waiting.json.id}`, { send_at: inSeconds(1) })).status === 200);
	await until("it is refused", async () => (await bob.client.get(mine)).json[0].failure === "Missing Permissions");
	assert.deepEqual((await bob.client.get(`/channels/${made.id}/messages`)).json, []);
	assert.ok(kept(content), "it is still its author's");
	const many = Array.from({ length: 11 }, (_, n) => file(n, `many ${n}`));
	assert.equal((await postParts(owner.client, room, [later({}), ...many])).status, 400);
	await bob.client.delete(`${mine}/${waiting.json.id}`);
	await until("and goes with it", async () => !kept(content));
});

test("a form without a script sends files later, shows their names, and hands back the words of a lost place", async () => {
	const page = await logIn(owner);
	const made = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("by-form") })).json;
	await page.open(`/channels/${owner.guild}/${made.id}/schedule`);
	const fields = { content: "<b>words</b> to keep", send_at: inSeconds(86_400).slice(0, 16), description: "what it shows" };
	await page.upload(/\/schedule$/, { field: "files", name: "plan.txt", type: "text/plain", bytes: Buffer.from("the plan") }, { ...fields, send_at: "2020-01-01T10:00" });
	assert.equal(page.reply.status, 400);
	assert.match(page.text, /Must be a time to come/);
	assert.equal(page.form(/\/schedule$/).fields.description, "what it shows");
	await page.upload(/\/schedule$/, { field: "files", name: "plan.txt", type: "text/plain", bytes: Buffer.from("the plan") }, fields);
	assert.match(page.location, /^\/account\/scheduled\?done=saved$/, page.text);
	assert.match(page.text, /With plan\.txt/);
	const [waiting] = (await owner.client.get(mine)).json;
	assert.deepEqual(waiting.attachments.map((each) => [each.filename, each.description]), [["plan.txt", "what it shows"]]);
	await page.open(`/account/scheduled/${waiting.id}`);
	assert.match(page.text, /With plan\.txt/);
	await owner.client.delete(`/channels/${made.id}`);
	await page.open("/account/scheduled");
	assert.ok(page.reply.text.includes("<textarea rows=\"4\" dir=\"auto\" readonly aria-label=\"What you wrote\">\n&lt;b&gt;words&lt;/b&gt; to keep</textarea>"), page.reply.text);
	assert.match(page.text, /This cannot be sent/);
	await page.submit(/\/delete$/, {});
	assert.deepEqual((await owner.client.get(mine)).json, []);
	await until("its file goes too", async () => !kept("the plan"));
});

test("names that are typed mean people, and are shown as typed to who changes it", async () => {
	const page = await logIn(owner);
	const named = `<@${bob.user.id}>`;
	const waiting = async () => (await owner.client.get(mine)).json[0];
	await page.open(`/channels/${owner.guild}/${owner.channel}/schedule`);
	await page.submit(/\/schedule$/, { content: `Hello @${bob.name}`, send_at: inSeconds(86_400).slice(0, 16) });
	assert.equal((await waiting()).content, `Hello ${named}`);
	assert.match(page.text, new RegExp(`Hello @${bob.name}`));
	const { id } = await waiting();
	await page.open(`/account/scheduled/${id}`);
	assert.equal(page.form(/\/account\/scheduled\/\d+$/).fields.content, `Hello @${bob.name}`);
	await page.submit(/\/account\/scheduled\/\d+$/, { content: `Goodbye @${bob.name}` });
	assert.equal((await waiting()).content, `Goodbye ${named}`);
	await until("its time is soon", async () => (await owner.client.patch(`${mine}/${id}`, { send_at: inSeconds(1) })).status === 200);
	const sent = await until("it is sent", async () => (await owner.client.get(`/channels/${owner.channel}/messages`)).json.find((each) => each.content === `Goodbye ${named}`));
	assert.deepEqual(sent.mentions.map((each) => each.id), [bob.user.id]);
	const [asked, plain] = [{ resolve_names: true }, {}].map((more) => owner.client.post(place, { content: `@${bob.name}`, send_at: inSeconds(3600), ...more }));
	assert.deepEqual([(await asked).json.content, (await plain).json.content], [named, `@${bob.name}`]);
	for (const each of [await asked, await plain]) await owner.client.delete(`${mine}/${each.json.id}`);
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
