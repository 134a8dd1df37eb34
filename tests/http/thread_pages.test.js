// Threads on pages without JavaScript: starting, reading, following, changing and ending them, and what surrounds them.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open", SNUG_LIMIT_THREAD: "1000/s", SNUG_LIMIT_MESSAGE: "1000/s", SNUG_LIMIT_REORDER: "1000/s" } });
const owner = await setUp(snug);
const [bob, eve] = [await invitePerson(owner), await invitePerson(owner)];
const G = owner.guild;
const room = async (more = {}) => (await owner.client.post(`/guilds/${G}/channels`, { name: unique("room"), ...more })).json.id;
const say = async (who, channel, content = unique("words")) => (await who.client.post(`/channels/${channel}/messages`, { content })).json.id;
const start = async (who, channel, more = {}) => (await who.client.post(`/channels/${channel}/threads`, { name: unique("thread"), type: 11, ...more })).json.id;
async function browser(who) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	return page;
}
const [his, hers, ours] = [await browser(bob), await browser(eve), await browser(owner)];

test("a thread is started from a message's own page, and shows the message on top", async () => {
	const channel = await room();
	const message = await say(owner, channel, "What is for lunch?");
	await his.open(`/channels/${G}/${channel}/messages/${message}`);
	assert.match(his.reply.text, new RegExp(`href="/channels/${G}/${channel}/messages/${message}/thread"`));
	await his.open(`/channels/${G}/${channel}/messages/${message}/thread`);
	assert.match(his.text, /What is for lunch/);
	await his.submit(/\/thread$/, { name: "Lunch <today>" });
	assert.equal(his.location, `/channels/${G}/${message}`);
	assert.match(his.reply.text, /Lunch &lt;today&gt;/);
	assert.match(his.reply.text, /class="thread-starter"[^]*What is for lunch/);
	assert.match(his.reply.text, new RegExp(`class="thread-parent"[^]*href="/channels/${G}/${channel}"`));
	await his.submit(/\/messages$/, { content: "Soup" });
	assert.match(his.text, /Soup/);
	// The line below the message in its channel, and the form that leads to what is there already.
	await hers.open(`/channels/${G}/${channel}`);
	assert.match(hers.reply.text, new RegExp(`class="message-thread"[^>]* href="/channels/${G}/${message}"`));
	assert.match(hers.text, /1 reply/);
	await hers.open(`/channels/${G}/${channel}/messages/${message}/thread`);
	assert.equal(hers.location, `/channels/${G}/${message}`);
	await hers.open(`/channels/${G}/${channel}/messages/${message}`);
	assert.match(hers.text, /Open its thread/);
	await owner.client.delete(`/channels/${channel}/messages/${message}`);
	await hers.open(`/channels/${G}/${message}`);
	assert.match(hers.text, /was deleted/);
	assert.doesNotMatch(hers.text, /What is for lunch/);
});

test("one is started by itself from the list of a channel's threads; a private one is seen by its people", async () => {
	const channel = await room();
	await his.open(`/channels/${G}/${channel}/threads`);
	assert.match(his.text, /No thread is active/);
	await his.submit(/\/threads$/, { name: "In the open" });
	const open = his.location.split("/").at(-1);
	await his.open(`/channels/${G}/${channel}/threads`);
	await his.submit(/\/threads$/, { name: "Between us", private: "1" });
	const hidden = his.location.split("/").at(-1);
	assert.match(his.text, /Only who was added to it/);
	await hers.open(`/channels/${G}/${channel}/threads`);
	assert.match(hers.text, /In the open/);
	assert.doesNotMatch(hers.text, /Between us/);
	assert.equal((await hers.fetch(`/channels/${G}/${hidden}`)).status, 404);
	await his.open(`/channels/${G}/${channel}`);
	assert.match(his.text, /In the open/); // told of in the channel
	await his.submit(/\/messages$/, { content: "x" });
	await his.open(`/channels/${G}/${channel}/threads`);
	const refused = await his.submit(/\/threads$/, { name: "   " });
	assert.equal(refused.status, 400);
	assert.match(refused.text, /field-error/);
	assert.equal((await hers.fetch(`/channels/${G}/${open}/threads`)).status, 404); // threads have none
});

test("whoever follows a thread finds it in the sidebar below its channel, until they stop or it is archived", async () => {
	const channel = await room();
	const thread = await start(bob, channel, { name: "Followed" });
	const entry = new RegExp(`<li class="channel thread" id="c-${thread}"`);
	await owner.client.put(`/channels/${channel}/members/${eve.user.id}`);
	await hers.open(`/channels/${G}/${channel}`);
	assert.doesNotMatch(hers.reply.text, entry);
	await hers.open(`/channels/${G}/${thread}`);
	assert.match(hers.reply.text, entry); // it is open
	const form = hers.form("/channels/" + G + "/" + thread + "/messages");
	await hers.submit({ ...form, action: `/channels/${G}/${thread}/follow` });
	await hers.open(`/channels/${G}/${channel}`);
	assert.match(hers.reply.text, entry);
	await say(bob, thread, "unread by her");
	await hers.open(`/channels/${G}/${channel}`);
	assert.match(hers.reply.text, new RegExp(`id="c-${thread}" data-unread="1"`));
	await bob.client.patch(`/channels/${thread}`, { archived: true });
	await hers.open(`/channels/${G}/${channel}`);
	assert.doesNotMatch(hers.reply.text, entry);
	await hers.open(`/channels/${G}/${thread}`);
	assert.match(hers.text, /A message opens it again/);
	await hers.submit(/\/messages$/, { content: "opened" });
	await hers.open(`/channels/${G}/${channel}`);
	assert.match(hers.reply.text, entry);
	await hers.open(`/channels/${G}/${thread}`);
	await hers.submit({ ...hers.form("/channels/" + G + "/" + thread + "/messages"), action: `/channels/${G}/${thread}/unfollow` });
	await hers.open(`/channels/${G}/${channel}`);
	assert.doesNotMatch(hers.reply.text, entry);
});

test("who started a thread renames and archives it; moderators lock and delete it", async () => {
	const channel = await room();
	const thread = await start(bob, channel);
	await hers.open(`/channels/${G}/${thread}/thread`);
	assert.ok(!hers.forms.some((form) => form.action.endsWith("/thread")));
	await his.open(`/channels/${G}/${thread}/thread`);
	assert.ok(!his.reply.text.includes('name="locked"'));
	const row = new RegExp(`class="row-detail">${bob.user.username}<`);
	assert.match(his.reply.text, row);
	await his.open(`/channels/${G}/${thread}/thread?after=${bob.user.id}`); // who comes behind: the list has pages
	assert.doesNotMatch(his.reply.text, row);
	await his.open(`/channels/${G}/${thread}/thread`);
	await his.submit(/\/thread$/, { name: "Another name", auto_archive_duration: "60" });
	assert.match(his.text, /Another name/);
	await his.open(`/channels/${G}/${thread}/thread`);
	await his.submit(/\/thread\/archive$/);
	assert.equal((await bob.client.get(`/channels/${thread}`)).json.thread_metadata.archived, true);
	await his.open(`/channels/${G}/${thread}/thread`);
	await his.submit(/\/thread\/archive$/);
	assert.equal((await bob.client.get(`/channels/${thread}`)).json.thread_metadata.archived, false);
	await ours.open(`/channels/${G}/${thread}/thread`);
	await ours.submit(/\/thread$/, { name: "Another name", locked: "1" });
	await his.open(`/channels/${G}/${thread}`);
	assert.match(his.text, /This thread is locked/);
	await ours.open(`/channels/${G}/${thread}/thread/delete`);
	await ours.submit(/\/thread\/delete$/);
	assert.equal(ours.location, `/channels/${G}/${channel}`);
	assert.equal((await his.fetch(`/channels/${G}/${thread}`)).status, 404);
	assert.equal((await his.fetch(`/channels/${G}/${channel}/thread`)).status, 404); // a channel has no such page
});

test("people are added to a private thread by name, and taken out by who started it", async () => {
	const channel = await room();
	const thread = await start(bob, channel, { type: 12 });
	await his.open(`/channels/${G}/${thread}/thread`);
	const refused = await his.submit(/\/thread\/members$/, { username: "nobody_of_that_name" });
	assert.equal(refused.status, 404);
	assert.match(refused.text, /username-error/);
	await his.open(`/channels/${G}/${thread}/thread`);
	await his.submit(/\/thread\/members$/, { username: eve.name });
	assert.match(his.text, new RegExp(eve.name));
	await hers.open(`/channels/${G}/${thread}`);
	await his.submit(new RegExp(`/thread/members/${eve.user.id}/remove$`));
	assert.equal((await hers.fetch(`/channels/${G}/${thread}`)).status, 404);
});

test("channels' own pages do not open for threads", async () => {
	const thread = await start(owner, await room());
	for (const page of ["settings", "members", "delete"]) assert.equal((await ours.fetch(`/channels/${G}/${thread}/${page}`)).status, 404, page);
});

test("open pages of the channel are told how it stands with the thread", async () => {
	const channel = await room();
	const message = await say(owner, channel);
	const stream = await openStream(snug, { cookie: hers.cookie, path: "/live", query: `channel=${channel}` });
	await bob.client.post(`/channels/${channel}/messages/${message}/threads`, { name: "Live" });
	const whole = await stream.find("the message with its line", (each) => each.event === "MESSAGE_UPDATE" && each.data.includes("message-thread"));
	assert.match(whole.data, /No replies yet/);
	await say(bob, message, "first");
	const line = await stream.find("the line", (each) => each.event === "MESSAGE_THREAD_UPDATE");
	assert.match(line.data, /1 reply/);
	assert.match(line.data, new RegExp(`href="/channels/${G}/${message}"`));
	assert.doesNotMatch(line.data, /first/);
	stream.close();
});

await run();
