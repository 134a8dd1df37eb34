// Reacting, voting, saving and a workspace's emoji by pages alone: links and forms, as without JavaScript.

import fs from "node:fs";
import path from "node:path";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { root, startSnug } from "../lib/snug.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const picture = fs.readFileSync(path.join(root, "tests/fuzz/corpus/image/png"));
const home = `/channels/${owner.guild}/${owner.channel}`;

async function browser(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit("/login", { login: person.name, password: person.password });
	return page;
}

/** Clicks a button that points at the page's one form, as a browser sends it. */
async function click(page, matches) {
	const form = page.forms.find((each) => each.id === "act");
	assert.ok(form, "the page's form");
	const button = form.buttons.find(matches);
	assert.ok(button, `no such button: ${JSON.stringify(form.buttons.map(({ label, ...rest }) => rest))}`);
	return page.submit({ ...form, action: button.formaction }, { [button.name]: button.value });
}

const reactions = async (message) =>
	((await bob.client.get(`/channels/${owner.channel}/messages/${message.id}`)).json.reactions ?? []).map((each) => `${each.emoji.name}${each.count}`).join(" ");

test("a reaction is joined and left again by its button, and leads back to the message", async () => {
	const message = await owner.client.send(owner.channel, "words");
	await owner.client.put(`/channels/${owner.channel}/messages/${message.id}/reactions/${encodeURIComponent("👍")}/@me`);
	const page = await browser(bob);
	await page.open(home);
	const isThumb = (button) => button.value === "👍" && button.formaction.includes(message.id);
	let reply = await click(page, isThumb);
	assert.equal(reply.status, 200);
	assert.match(page.location, new RegExp(`\\?around=${message.id}`));
	assert.equal(await reactions(message), "👍2");
	assert.match(reply.text, /aria-pressed="true"[^>]*>[^]*?👍/);
	reply = await click(page, isThumb);
	assert.equal(await reactions(message), "👍1");
	assert.doesNotMatch(reply.text, /aria-pressed="true"/);
});

test("the page of emoji reacts by a click, by a character and by a name", async () => {
	const message = await owner.client.send(owner.channel, "words");
	const page = await browser(bob);
	await page.open(`${home}/messages/${message.id}/react`);
	await click(page, (button) => button.value === "🎉");
	assert.equal(await reactions(message), "🎉1");
	for (const typed of ["🦀", ":tada:", "rocket", " 👀 "]) {
		await page.open(`${home}/messages/${message.id}/react`);
		await page.submit(/reactions$/, { emoji: typed });
	}
	assert.equal(await reactions(message), "🎉1 🦀1 🚀1 👀1");
	await page.open(`${home}/messages/${message.id}/react`);
	const refused = await page.submit(/reactions$/, { emoji: "<b>nothing" });
	assert.equal(refused.status, 400);
	assert.match(refused.text, /Unknown Emoji/);
	assert.match(refused.text, /value="&lt;b&gt;nothing"/);
	await page.open(`${home}/messages/${message.id}/reactions`);
	for (const name of ["Bob", "🎉", "🚀"]) assert.ok(page.reply.text.includes(name), name);
});

test("a poll is made, voted in and ended by forms; who voted is a page", async () => {
	const [mine, theirs] = [await browser(owner), await browser(bob)];
	await mine.open(home);
	assert.match(mine.reply.text, new RegExp(`href="${home}/poll"`));
	await mine.open(`${home}/poll`);
	const form = mine.form(`${home}/poll`);
	const again = await mine.submit(form, { question: "", "answer-1": "Kept", hours: "24" });
	assert.equal(again.status, 400);
	assert.match(again.text, /value="Kept"/);
	const question = unique("Where");
	await mine.submit(form, { question, "answer-1": "Here", "answer-3": "There", hours: "72" });
	const [made] = (await owner.client.get(`/channels/${owner.channel}/messages?limit=1`)).json;
	assert.equal(made.poll.question.text, question);
	assert.deepEqual(made.poll.answers.map((each) => each.poll_media.text), ["Here", "There"]);
	assert.ok(Math.abs(new Date(made.poll.expiry) - Date.now() - 72 * 3600_000) < 60_000);
	const counts = async () => (await owner.client.get(`/channels/${owner.channel}/messages/${made.id}`)).json.poll.results.answer_counts.map((each) => each.count);
	const isAnswer = (value) => (button) => button.name === "answer_id" && button.value === value && button.formaction.includes(made.id);
	await theirs.open(home);
	await click(theirs, isAnswer("1"));
	assert.deepEqual(await counts(), [1, 0]);
	await click(theirs, isAnswer("2"));
	assert.deepEqual(await counts(), [0, 1]);
	assert.match(theirs.reply.text, new RegExp(`messages/${made.id}/votes/remove"[^>]*value="2" aria-pressed="true"`));
	await click(theirs, isAnswer("2"));
	assert.deepEqual(await counts(), [0, 0]);
	await click(theirs, isAnswer("1"));
	await theirs.open(`${home}/messages/${made.id}/votes`);
	assert.match(theirs.reply.text, /Bob/);
	await theirs.open(`${home}/messages/${made.id}`);
	assert.ok(!theirs.forms.some((each) => /poll\/end$/.test(each.action)), "only its author ends it");
	await mine.open(`${home}/messages/${made.id}`);
	await mine.submit(/poll\/end$/);
	await theirs.open(home);
	assert.ok(!theirs.forms.find((each) => each.id === "act").buttons.some(isAnswer("1")), "no vote once it is over");
	assert.match(theirs.reply.text, /The poll is over/);
});

test("several answers are chosen one by one", async () => {
	const page = await browser(bob);
	await page.open(`${home}/poll`);
	await page.submit(page.form(`${home}/poll`), { question: "Which?", "answer-1": "A", "answer-2": "B", hours: "1", multiple: "1" });
	const [made] = (await owner.client.get(`/channels/${owner.channel}/messages?limit=1`)).json;
	for (const value of ["1", "2"]) {
		await page.open(home);
		await click(page, (button) => button.name === "answer_id" && button.value === value && button.formaction.includes(made.id));
	}
	const { answer_counts: counts } = (await bob.client.get(`/channels/${owner.channel}/messages/${made.id}`)).json.poll.results;
	assert.deepEqual(counts.map((each) => [each.count, each.me_voted]), [[1, true], [1, true]]);
});

test("a message is saved from its page and taken off the list there", async () => {
	const text = unique("keep");
	const message = await owner.client.send(owner.channel, text);
	const page = await browser(bob);
	await page.open(`${home}/messages/${message.id}`);
	await page.submit(/\/save$/);
	await page.open("/saved");
	assert.ok(page.reply.text.includes(text));
	assert.match(page.reply.text, new RegExp(`href="${home}\\?around=${message.id}#m-${message.id}"`));
	await page.submit(new RegExp(`/saved/${owner.channel}/${message.id}/remove`));
	assert.match(page.reply.text, /Removed/);
	assert.ok(!page.reply.text.includes(text));
	await page.open(`${home}/messages/${message.id}`);
	await page.submit(/\/save$/);
	await page.open(`${home}/messages/${message.id}`);
	await page.submit(/\/unsave$/);
	await page.open("/saved");
	assert.ok(!page.reply.text.includes(text));
});

test("the saved list has pages", async () => {
	const cleo = await invitePerson(owner);
	const words = unique("entry");
	for (let i = 0; i < 27; i++) await cleo.client.put(`/users/@me/saved/${owner.channel}/${(await owner.client.send(owner.channel, `${words}-${i}.`)).id}`);
	const page = await browser(cleo);
	await page.open("/saved");
	assert.ok(page.reply.text.includes(`${words}-26.`) && !page.reply.text.includes(`${words}-1.`));
	const [, next] = /href="(\/saved\?before=\d+)"/.exec(page.reply.text);
	await page.open(next);
	assert.ok(page.reply.text.includes(`${words}-1.`) && page.reply.text.includes(`${words}-0.`) && !page.reply.text.includes(`${words}-2.`));
});

test("emoji are added, renamed and deleted on the workspace's page", async () => {
	const page = await browser(owner);
	const [name, other] = [unique("crab"), unique("krebs")];
	const at = `/guilds/${owner.guild}/emojis`;
	await page.open(at);
	await page.upload(at, { field: "image", bytes: picture }, { name });
	assert.match(page.reply.text, /Added/);
	assert.ok(page.reply.text.includes(`:${name}:`));
	const refused = await page.upload(page.form(at), { field: "image", bytes: picture }, { name });
	assert.equal(refused.status, 409);
	assert.match(refused.text, /An emoji of that name exists/);
	await page.open(at);
	const wrong = await page.upload(page.form(at), { field: "image", bytes: Buffer.from("<svg onload=alert(1)>") }, { name: unique("svg") });
	assert.equal(wrong.status, 400);
	await page.open(at);
	await page.submit(/rename$/, { name: other });
	assert.ok(page.reply.text.includes(`:${other}:`));
	const message = await owner.client.send(owner.channel, "words");
	await page.open(`${home}/messages/${message.id}/react`);
	await click(page, (button) => button.value.startsWith(`${other}:`));
	assert.equal(await reactions(message), `${other}1`);
	await page.open(at);
	await page.submit(/delete$/);
	assert.match(page.reply.text, /Deleted/);
	assert.ok(!page.reply.text.includes(`:${other}:`));
	const theirs = await browser(bob);
	await theirs.open(at);
	assert.ok(!theirs.forms.some((each) => each.action?.startsWith(at)), "a member without the permission sees no forms");
});

test("each form without its token, or from elsewhere, changes nothing", async () => {
	const message = await owner.client.send(owner.channel, "words");
	const page = await browser(bob);
	await page.open(home);
	const form = page.forms.find((each) => each.id === "act");
	for (const [action, fields] of [["reactions", { emoji: "👍" }], ["save", {}], ["votes", { answer_id: "1" }]]) {
		const at = `${home}/messages/${message.id}/${action}`;
		assert.equal((await page.submit({ ...form, fields: {} }, fields, { action: at })).status, 403);
		assert.equal((await page.submit(form, fields, { action: at, headers: { Origin: "https://evil.example" } })).status, 403);
	}
	assert.equal(await reactions(message), "");
	assert.deepEqual((await bob.client.get("/users/@me/saved")).json.items.filter((each) => each.message.id === message.id), []);
});

test("in a direct message it is all the same", async () => {
	const direct = (await owner.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json.id;
	const message = await owner.client.send(direct, "between us");
	const page = await browser(bob);
	await page.open(`/channels/@me/${direct}/messages/${message.id}/react`);
	await page.submit(/reactions$/, { emoji: "👍" });
	await page.open(`/channels/@me/${direct}`);
	assert.ok(page.forms.find((each) => each.id === "act").buttons.some((button) => button.formaction === `/channels/@me/${direct}/messages/${message.id}/reactions/remove`));
	await page.open(`/channels/@me/${direct}/poll`);
	await page.submit(/\/poll$/, { question: "Us?", "answer-1": "Yes" });
	assert.match(page.reply.text, /Us\?/);
	await page.open(`/channels/@me/${direct}/messages/${message.id}`);
	await page.submit(/\/save$/);
	await page.open("/saved");
	assert.match(page.reply.text, /between us/);
	assert.match(page.reply.text, new RegExp(`/channels/@me/${direct}\\?around=`));
});

await run();
