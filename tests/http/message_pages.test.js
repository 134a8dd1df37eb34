// The pages of one message: who sees what there, links to it, answering by form, and forwarding, which must not become a way to
// read or to write where one may not.

import { startSnug } from "../lib/snug.js";
import { goodPassword, history, invitePerson, nonce, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const channel = async (more) => (await owner.client.post(`/guilds/${owner.guild}/channels`, more)).json;
const hidden = await channel({ name: "hidden", private: true });
const quiet = await channel({ name: "quiet" });
await owner.client.put(`/channels/${quiet.id}/permissions/${owner.guild}`, { type: 0, deny: String(1 << 11), allow: "0" });
const blind = await channel({ name: "blind" });
await owner.client.put(`/channels/${blind.id}/permissions/${owner.guild}`, { type: 0, deny: String(1 << 16), allow: "0" });
const direct = (await owner.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json;

const room = (id) => `/channels/${owner.guild}/${id}`;
const home = room(owner.channel);

async function pageOf(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit("/login", { login: person.name, password: person.password ?? goodPassword });
	return page;
}
const his = await pageOf(bob);
const hers = await pageOf(owner);
const said = await owner.client.send(owner.channel, "Look at *this*");
await owner.client.send(direct.id, "Hello Bob");
const secret = await owner.client.send(hidden.id, "for a few");
const unread = await owner.client.send(blind.id, "not for newcomers");

test("a message has a page for whoever reads its channel, and for nobody else", async () => {
	await his.open(`${home}/messages/${said.id}`);
	assert.match(his.text, /Look at this/);
	for (const [place, status] of [[`${room(hidden.id)}/messages/${secret.id}`, 404], [`${home}/messages/${secret.id}`, 404], [`${home}/messages/1`, 404],
		[`${room(blind.id)}/messages/${unread.id}`, 403], [`/channels/@me/${owner.channel}/messages/${said.id}`, 404]])
		assert.equal((await his.fetch(place)).status, status, place);
	assert.equal((await new Page(snug).fetch(`${home}/messages/${said.id}`, { isFollowed: false })).status, 303, "strangers are asked to log in");
});

test("a deleted message has no page, and none to forward it", async () => {
	const gone = await owner.client.send(owner.channel, "gone soon");
	await owner.client.delete(`/channels/${owner.channel}/messages/${gone.id}`);
	for (const end of ["", "/forward", "/edit"]) assert.equal((await hers.fetch(`${home}/messages/${gone.id}${end}`)).status, 404, end);
});

test("the menu offers what its reader may do", async () => {
	const offers = async (page, id) => {
		await page.open(`${home}/messages/${id}`);
		const [menu] = /<ul class="menu-list" id="message-menu"[\s\S]*?<\/ul>/.exec(page.reply.text);
		return ["Reply", "Edit", "Forward", "Delete"].filter((name) => new RegExp(`> ${name}<`).test(menu));
	};
	assert.deepEqual(await offers(hers, said.id), ["Reply", "Edit", "Forward", "Delete"]);
	assert.deepEqual(await offers(his, said.id), ["Reply", "Forward"]);
	const own = await bob.client.send(owner.channel, "mine");
	assert.deepEqual(await offers(his, own.id), ["Reply", "Edit", "Forward", "Delete"]);
	assert.deepEqual(await offers(hers, own.id), ["Reply", "Forward", "Delete"]);
});

test("?reply= shows what is answered; a message that is not there, or not here, answers nothing", async () => {
	await his.open(`${home}?reply=${said.id}`);
	assert.equal(his.form(`${home}/messages`).fields.reply_to, said.id);
	for (const other of [secret.id, "1", "x", ""]) {
		await his.open(`${home}?reply=${other}`);
		assert.equal("reply_to" in his.form(`${home}/messages`).fields, false, other);
		assert.doesNotMatch(his.reply.text, /for a few/);
	}
});

test("an answer whose parent is deleted meanwhile is sent all the same", async () => {
	const parent = await owner.client.send(owner.channel, "are you there?");
	await his.open(`${home}?reply=${parent.id}`);
	await owner.client.delete(`/channels/${owner.channel}/messages/${parent.id}`);
	await his.submit(`${home}/messages`, { content: "I was about to say yes" });
	assert.match(his.text, /I was about to say yes/);
});

test("what was refused keeps the message that it answers", async () => {
	await his.open(`${home}?reply=${said.id}`);
	await his.submit(`${home}/messages`, { content: "" });
	assert.equal(his.form(`${home}/messages`).fields.reply_to, said.id);
});

test("a forward goes where it is sent, once however often the form is", async () => {
	await his.open(`${home}/messages/${said.id}/forward`);
	const form = his.form(/forward$/);
	assert.ok(form.inside.includes(`value="${direct.id}"`), "direct messages are offered");
	assert.equal(form.inside.includes(`value="${hidden.id}"`), false, "what he does not see is not");
	assert.equal(form.inside.includes(`value="${quiet.id}"`), false, "nor where he may not write");
	for (let i = 0; i < 2; i++) {
		await his.submit(form, { target: direct.id });
		assert.equal(his.location, `/channels/@me/${direct.id}`);
	}
	const copies = (await history(bob.client, direct.id)).filter((each) => each.message_snapshots);
	assert.equal(copies.length, 1);
	assert.equal(copies[0].message_snapshots[0].message.content, "Look at *this*");
	assert.equal(JSON.stringify(copies[0]).includes(said.id), false, "it does not say where from");
});

test("forwarding is no way to write where one may not, nor to read what one may not", async () => {
	await his.open(`${home}/messages/${said.id}/forward`);
	const form = his.form(/forward$/);
	for (const target of [hidden.id, quiet.id, "1", "x", ""]) {
		const reply = await his.submit(form, { target, nonce: nonce() }, { isFollowed: false });
		assert.ok(reply.status >= 400 && reply.status < 500, `${target}: ${reply.status}`);
	}
	assert.deepEqual(await history(owner.client, quiet.id), []);
	for (const [place, status] of [[`${room(hidden.id)}/messages/${secret.id}/forward`, 404], [`${room(blind.id)}/messages/${unread.id}/forward`, 403], [`${home}/messages/${secret.id}/forward`, 400]]) {
		const reply = await his.submit(form, { target: owner.channel, nonce: nonce() }, { isFollowed: false, action: place });
		assert.equal(reply.status, status, place);
	}
	assert.equal((await history(bob.client, owner.channel)).some((each) => /for a few|newcomers/.test(JSON.stringify(each))), false);
});

test("a forward that is refused shows the form again, with why", async () => {
	await his.open(`${home}/messages/${said.id}/forward`);
	const form = his.form(/forward$/);
	const reply = await his.submit(form, { target: quiet.id });
	assert.equal(reply.status, 403);
	assert.match(his.text, /Forward this message/);
	assert.ok(his.form(/forward$/));
});

await run();
