// What can be done to a message on pages without JavaScript: answering, forwarding, pinning, looking at what it said before, and
// deleting many.

import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { startSnug } from "../lib/snug.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;

async function logIn(who) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	return page;
}
const ada = await logIn(owner);
const his = await logIn(bob);
const of = (channel, message, rest = "") => `/channels/${owner.guild}/${channel}/messages/${message.id}${rest}`;
const said = async (channel) => (await history(owner.client, channel)).map((each) => each.content);

test("a message is answered by the composer, and the answer leads to it", async () => {
	const channel = await room();
	const question = await bob.client.send(channel, "Shall we **ship** it?");
	await ada.open(`/channels/${owner.guild}/${channel}?reply=${question.id}`);
	await ada.submit(/\/messages$/, { content: "Yes" });
	const answer = (await history(owner.client, channel)).at(-1);
	assert.equal(answer.type, 19);
	assert.equal(answer.message_reference.message_id, question.id);
	await his.open(`/channels/${owner.guild}/${channel}`);
	assert.match(his.reply.text, new RegExp(`around=${question.id}`));
	assert.match(his.text, /Shall we ship it\?/);
	await bob.client.delete(`/channels/${channel}/messages/${question.id}`);
	await his.open(`/channels/${owner.guild}/${channel}`);
	assert.doesNotMatch(his.text, /ship it/);
	assert.match(his.text, /deleted/i);
});

test("a message is pinned and unpinned from its page, and stands on the page of pins", async () => {
	const channel = await room();
	const made = await bob.client.send(channel, "The plan");
	await ada.open(of(channel, made));
	await ada.submit(/\/pin$/);
	await his.open(`/channels/${owner.guild}/${channel}/pins`);
	assert.match(his.text, /The plan/);
	assert.ok(!his.reply.text.includes("/unpin"), "who may not unpin has a button for it");
	await ada.open(`/channels/${owner.guild}/${channel}/pins`);
	await ada.submit(/\/unpin$/);
	assert.equal(ada.location, `/channels/${owner.guild}/${channel}/pins`);
	assert.doesNotMatch(ada.text, /The plan/);
});

test("what stands below a message is hidden by its author and by moderators, and shown again", async () => {
	const channel = await room();
	const made = await bob.client.send(channel, "look", { embeds: [{ title: "A card" }] });
	const read = async () => (await owner.client.get(`/channels/${channel}/messages/${made.id}`)).json;
	const other = await logIn(await invitePerson(owner));
	for (const page of [his, ada]) {
		await page.open(of(channel, made));
		await page.submit(/\/embeds$/);
		assert.equal(page.location, `/channels/${owner.guild}/${channel}?around=${made.id}`);
		assert.doesNotMatch(page.text, /A card/);
		const hidden = await read();
		assert.deepEqual([hidden.flags, hidden.embeds, hidden.edited_timestamp], [4, [], null]);
		await other.open(of(channel, made));
		assert.ok(!other.reply.text.includes(of(channel, made, "/embeds")), "who may not has a button for it");
		await page.open(of(channel, made));
		await page.submit(/\/embeds$/);
		const shown = await read();
		assert.deepEqual([shown.flags, shown.embeds.length], [0, 1]);
	}
	const plain = await bob.client.send(channel, "nothing below");
	await his.open(of(channel, plain));
	assert.ok(!his.reply.text.includes("/embeds"));
});

test("what stands below a forward is hidden by who forwarded it, not by who wrote it, and shown again", async () => {
	const channel = await room();
	const source = await owner.client.send(channel, "look", { embeds: [{ title: "A card" }] });
	const made = await bob.client.send(channel, "", { message_reference: { type: 1, channel_id: channel, message_id: source.id } });
	const read = async (id) => (await owner.client.get(`/channels/${channel}/messages/${id}`)).json;
	await his.open(of(channel, made));
	await his.submit(/\/embeds$/);
	await his.open(of(channel, made));
	assert.ok(!his.reply.text.includes(of(channel, made, "/edit")), "a forward has no words to edit");
	const hidden = await read(made.id);
	assert.deepEqual([hidden.flags, hidden.message_snapshots[0].message.embeds, hidden.message_snapshots[0].message.content], [4, [], "look"]);
	assert.equal((await read(source.id)).embeds.length, 1, "the message that was forwarded is another");
	await his.open(of(channel, source));
	assert.ok(!his.reply.text.includes("/embeds"));
	await his.open(of(channel, made));
	await his.submit(/\/embeds$/);
	const shown = await read(made.id);
	assert.deepEqual([shown.flags, shown.message_snapshots[0].message.embeds.length], [0, 1]);
});

test("what a message said before is on a page of its own, as text and not as markup", async () => {
	const channel = await room();
	const made = await bob.client.send(channel, "<script>one</script>");
	await bob.client.patch(`/channels/${channel}/messages/${made.id}`, { content: "two" });
	await bob.client.patch(`/channels/${channel}/messages/${made.id}`, { content: "three" });
	await ada.open(of(channel, made, "/history"));
	assert.match(ada.text, /three[^]*two[^]*one/);
	assert.ok(!ada.reply.text.includes("<script>one"));
	assert.equal((await ada.fetch(of(owner.channel, made, "/history"))).status, 404);
});

test("moderators tick what is deleted together; one alone is deleted too", async () => {
	const channel = await room();
	const made = [];
	for (const content of ["keep", "spam 1", "spam 2", "spam 3"]) made.push(await bob.client.send(channel, content));
	await ada.open(`/channels/${owner.guild}/${channel}/messages/delete`);
	await ada.submit(/\/messages\/delete$/, { [`m-${made[1].id}`]: "on", [`m-${made[2].id}`]: "on" });
	assert.deepEqual(await said(channel), ["keep", "spam 3"]);
	await ada.open(`/channels/${owner.guild}/${channel}/messages/delete`);
	await ada.submit(/\/messages\/delete$/, { [`m-${made[3].id}`]: "on" });
	assert.deepEqual(await said(channel), ["keep"]);
	await ada.open(`/channels/${owner.guild}/${channel}/messages/delete`);
	const reply = await ada.submit(/\/messages\/delete$/);
	assert.equal(reply.status, 400);
	assert.match(ada.text, /too few/);
	assert.equal((await his.fetch(`/channels/${owner.guild}/${channel}/messages/delete`)).status, 403);
});

test("an open page is told that many are gone", async () => {
	const channel = await room();
	const ids = [];
	for (const content of ["1", "2"]) ids.push((await bob.client.send(channel, content)).id);
	const stream = await openStream(snug, { cookie: his.cookie, path: "/live", query: `channel=${channel}` });
	assert.equal((await owner.client.post(`/channels/${channel}/messages/bulk-delete`, { messages: ids })).status, 204);
	const event = await stream.find("the fragment", (each) => each.event === "MESSAGE_DELETE_BULK");
	for (const id of ids) assert.match(event.data, new RegExp(`data-id="${id}" data-deleted`));
	stream.close();
});

test("an open page is told an answer with what it answers", async () => {
	const channel = await room();
	const question = await bob.client.send(channel, "what *exactly*?");
	const stream = await openStream(snug, { cookie: his.cookie, path: "/live", query: `channel=${channel}` });
	await owner.client.send(channel, "this", { message_reference: { message_id: question.id } });
	const event = await stream.find("the fragment", (each) => each.event === "MESSAGE_CREATE");
	assert.match(event.data, /what exactly\?/);
	assert.match(event.data, new RegExp(`data-jump="${question.id}"`));
	stream.close();
});

test("a forward is shown as one, with what it holds", async () => {
	const [from, to] = [await room(), await room()];
	const source = await bob.client.send(from, "worth **knowing**");
	await his.open(of(from, source, "/forward"));
	await his.submit(/\/forward$/, { target: to });
	assert.equal(his.location, `/channels/${owner.guild}/${to}`);
	assert.match(his.text, /Forwarded[^]*worth knowing/);
	assert.match(his.reply.text, /<strong>knowing<\/strong>/);
	assert.ok(!his.reply.text.includes(source.id), "it names its source");
});

await run();
