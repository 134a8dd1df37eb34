// What open pages hear of conversations that they do not show: notes, of what their reader may see and of nothing else.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const [bob, eve] = [await invitePerson(owner), await invitePerson(owner)];
const make = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;

async function browse(who) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	return page;
}

const page = await browse(bob);
const stream = await openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` });
const about = (channel) => stream.events.filter((each) => each.data.includes(`data-channel="${channel}"`));
/** Something that the stream brings after all that came before. */
async function later() {
	const text = unique("later");
	await owner.client.send(owner.channel, text);
	await stream.find(text, (each) => each.event === "MESSAGE_CREATE" && each.data.includes(text));
}

test("a message elsewhere is a note without its text; one here is a fragment and a note", async () => {
	const channel = await make();
	const message = await owner.client.send(channel, `secret of <@${bob.user.id}>`);
	await later();
	const [note, ...more] = about(channel).filter((each) => each.event === "NOTE");
	assert.equal(more.length, 0);
	assert.ok(note.data.includes(`data-note="create"`) && note.data.includes(`data-id="${message.id}"`), note.data);
	assert.ok(note.data.includes(`data-author="${owner.user.id}"`) && note.data.includes(bob.user.id), note.data);
	assert.ok(!stream.events.some((each) => each.data.includes("secret of")), "the text is for who shows the channel");
	const here = await owner.client.send(owner.channel, "here");
	await later();
	const kinds = stream.events.filter((each) => each.data.includes(`data-id="${here.id}"`)).map((each) => each.event);
	assert.deepEqual(kinds, ["MESSAGE_CREATE", "NOTE"]);
});

test("deleting is a note too", async () => {
	const channel = await make();
	const message = await owner.client.send(channel, "x");
	await owner.client.delete(`/channels/${channel}/messages/${message.id}`);
	await later();
	assert.ok(about(channel).some((each) => each.event === "NOTE" && each.data.includes('data-note="delete"')));
});

test("of what its reader may not see a page hears nothing", async () => {
	const hidden = await make({ private: true });
	const direct = (await owner.client.post("/users/@me/channels", { recipient_id: eve.user.id })).json.id;
	await owner.client.send(hidden, "x");
	await owner.client.send(direct, "x");
	await later();
	assert.deepEqual([about(hidden), about(direct)], [[], []]);
	await owner.client.put(`/channels/${hidden}/members/${bob.user.id}`);
	await owner.client.send(hidden, "y");
	await later();
	assert.equal(about(hidden).filter((each) => each.event === "NOTE").length, 1, "and from then on it does");
});

test("an ack is a note with its counts, for that person's pages alone", async () => {
	const channel = await make();
	for (const who of [bob, eve]) await who.client.put(`/channels/${channel}/members/@me`);
	const ids = [];
	for (let i = 0; i < 3; i++) ids.push((await owner.client.send(channel, "x")).id);
	await eve.client.post(`/channels/${channel}/messages/${ids[0]}/ack`, {});
	await bob.client.post(`/channels/${channel}/messages/${ids[1]}/ack`, {});
	await later();
	const acks = about(channel).filter((each) => each.data.includes('data-note="ack"'));
	assert.equal(acks.length, 1);
	assert.ok(acks[0].data.includes(`data-read="${ids[1]}"`) && acks[0].data.includes('data-unread="1"'), acks[0].data);
});

test("forms: read up to a message, all of it, a workspace, and from here unread", async () => {
	const channel = await make();
	await bob.client.put(`/channels/${channel}/members/@me`);
	const at = `/channels/${owner.guild}/${channel}`;
	const ids = [];
	for (let i = 0; i < 3; i++) ids.push((await owner.client.send(channel, "x")).id);
	const unread = async () => (await bob.client.get("/users/@me/unread")).json.find((each) => each.channel_id === channel).unread;
	await page.open(at);
	const form = page.form(`${at}/ack`);
	await page.submit(form, { last_id: ids[1] });
	assert.equal(await unread(), 1);
	await page.submit(form, { last_id: ids[0] });
	assert.equal(await unread(), 1, "a late one undoes nothing");
	for (const last_id of ["x", "-1", "99999999999999999999"]) {
		const reply = await page.submit(form, { last_id }, { isFollowed: false });
		assert.equal(reply.status, 400, last_id);
	}
	await page.submit(form);
	assert.equal(await unread(), 0);
	await page.open(`${at}/messages/${ids[1]}`);
	const reply = await page.submit(`${at}/messages/${ids[1]}/unread`, {}, { isFollowed: false });
	assert.equal(reply.headers.location, `${at}?unread=kept#unread`);
	assert.equal(await unread(), 2);
	await page.open(at);
	await page.submit(`/guilds/${owner.guild}/ack`);
	assert.equal(await unread(), 0);
});

test("who keeps it to themselves is neither shown to others nor shown others", async () => {
	const channel = await make();
	await bob.client.put(`/channels/${channel}/members/@me`);
	const message = await owner.client.send(channel, "x");
	await bob.client.post(`/channels/${channel}/ack`, {});
	const seen = await browse(owner);
	const location = `/channels/${owner.guild}/${channel}/messages/${message.id}`;
	assert.match((await seen.open(location)).text, /Read by[\s\S]*reader-names/);
	await page.open("/account");
	await page.submit("/account/reading");
	assert.doesNotMatch((await seen.open(location)).text, /reader-names/);
	assert.doesNotMatch((await page.open(location)).text, /Read by/);
	await page.open("/account");
	await page.submit("/account/reading", { read_receipts: "1" });
	assert.match((await page.open(location)).text, /Read by/);
});

test("switched off on the server, nobody is shown who has read", async () => {
	const other = await startSnug({ env: { SNUG_READ_RECEIPTS: "off" } });
	const admin = await setUp(other);
	const message = await admin.client.send(admin.channel, "x");
	const reply = await admin.client.get(`/channels/${admin.channel}/messages/${message.id}/readers`);
	assert.deepEqual([reply.status, reply.json.code], [403, 40312]);
	await other.stop();
});

test("the stream ends", () => stream.close());

await run();
