// The search page: the query is in the address, and links are all that it needs.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob Builder" });
const logIn = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
};
const search = `/guilds/${owner.guild}/search`;
const at = (q, more = "") => `${search}?q=${encodeURIComponent(q)}${more}`;
const channel = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json;

test("what is found stands under its conversation, is marked, and leads to its place", async () => {
	const room = await channel();
	const message = await bob.client.send(room.id, "a quince & <b>more</b>");
	const page = await logIn(owner);
	await page.fetch(at("quince"));
	assert.equal(page.reply.status, 200, page.reply.text);
	assert.ok(page.reply.text.includes(`href="/channels/${owner.guild}/${room.id}?around=${message.id}#m-${message.id}"`), page.reply.text);
	assert.match(page.reply.text, /a <mark>quince<\/mark> &amp; &lt;b&gt;more&lt;\/b&gt;/);
	assert.ok(page.reply.text.includes("Bob Builder") && page.reply.text.includes(room.name));
	assert.match(page.reply.text, /<input[^>]* name="q"[^>]* value="quince"/);
	await page.fetch(`/channels/${owner.guild}/${room.id}?around=${message.id}`);
	assert.ok(page.reply.text.includes(`id="m-${message.id}"`), "the link lands");
});

test("a thread is found by its name, and is marked as one", async () => {
	const { id } = (await owner.client.post(`/channels/${owner.channel}/threads`, { name: "zeppelins", type: 11 })).json;
	const page = await logIn(owner);
	await page.fetch(at("zeppelins"));
	assert.match(page.reply.text, new RegExp(`<a href="/channels/${owner.guild}/${id}"><svg[^>]*aria-label="thread"[^]*?zeppelins</span></a>`));
});

test("pages lead on and back", async () => {
	const room = await channel();
	for (let i = 0; i < 30; i++) await owner.client.send(room.id, `medlar ${i}`);
	const page = await logIn(bob);
	await page.fetch(at("medlar"));
	assert.match(page.reply.text, /30 found/);
	assert.equal(page.reply.text.match(/class="found"/g).length, 25);
	const next = /href="([^"]+)" rel="next"/.exec(page.reply.text)[1].replaceAll("&amp;", "&");
	await page.fetch(next);
	assert.equal(page.reply.text.match(/class="found"/g).length, 5);
	assert.ok(!page.reply.text.includes('rel="next"'));
	const back = /href="([^"]+)" rel="prev"/.exec(page.reply.text)[1].replaceAll("&amp;", "&");
	await page.fetch(back);
	assert.equal(page.reply.text.match(/class="found"/g).length, 25);
});

test("people and channels are found beside", async () => {
	const room = await channel({ name: unique("builder") });
	const page = await logIn(owner);
	await page.fetch(at("builder"));
	assert.ok(page.reply.text.includes(`/guilds/${owner.guild}/members/${bob.user.id}`));
	assert.ok(page.reply.text.includes(`href="/channels/${owner.guild}/${room.id}"`));
});

test("an empty box tells what can be asked, nothing found and unknown names are said", async () => {
	const page = await logIn(owner);
	await page.fetch(search);
	assert.equal(page.reply.status, 200);
	assert.ok(page.reply.text.includes("has:image") && !page.reply.text.includes("found-head"));
	await page.fetch(at("no-such-word-anywhere"));
	assert.match(page.reply.text, /No message that you can read/);
	await page.fetch(at("from:nobody_here"));
	assert.match(page.reply.text, /Nobody here is called “<b dir="auto">nobody_here<\/b>”/);
	await page.fetch(at("in:nowhere"));
	assert.match(page.reply.text, /no channel or thread here called “<b dir="auto">nowhere<\/b>”/);
});

test("a query that is refused stands there still, with the reason", async () => {
	const page = await logIn(owner);
	await page.fetch(at("x".repeat(1025)));
	assert.equal(page.reply.status, 400);
	assert.match(page.reply.text, /class="search-form"/);
	assert.match(page.reply.text, /1024/);
	for (const query of ["page=0", "page=401", "page=x"]) {
		await page.fetch(`${search}?q=a&${query}`);
		assert.equal(page.reply.status, 400, query);
	}
});

test("nothing that is asked or found is markup", async () => {
	const room = await channel();
	const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{{x}}} **b** ||s|| [l](javascript:alert(1))';
	await bob.client.send(room.id, `pomelo ${evil}`);
	const page = await logIn(owner);
	for (const q of ["pomelo", evil, `from:${evil}`, `in:"${evil}"`, `pomelo ${evil}`, "<mark>pomelo</mark>", "pomelo </mark><script>"]) {
		await page.fetch(at(q));
		assert.equal(page.reply.status, 200, q);
		assert.ok(!/<script(?! src="\/static|[^>]* src="\/static)|<img src=x|onerror=alert\(1\)>(?!{)|href="javascript/.test(page.reply.text.replaceAll(/value="[^"]*"/g, "")), q);
	}
});

test("what a person may not read is on no page of theirs", async () => {
	const room = await channel({ private: true, name: unique("hidden") });
	await owner.client.send(room.id, "persimmon");
	const page = await logIn(bob);
	await page.fetch(at("persimmon"));
	assert.ok(!page.reply.text.includes(room.id) && !page.reply.text.includes(room.name));
	assert.match(page.reply.text, /No message that you can read/);
	const direct = (await owner.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json;
	await owner.client.send(direct.id, "between persimmon lovers");
	await page.fetch(at("persimmon"));
	assert.match(page.reply.text, /No message that you can read/);
	await page.fetch(`/channels/@me/${direct.id}/search?q=persimmon`);
	assert.match(page.reply.text, /between <mark>persimmon<\/mark>/);
	const eve = await invitePerson(owner);
	const other = await logIn(eve);
	await other.fetch(`/channels/@me/${direct.id}/search?q=persimmon`);
	assert.equal(other.reply.status, 404);
});

test("the room leads to search", async () => {
	const page = await logIn(bob);
	await page.fetch(`/channels/${owner.guild}/${owner.channel}`);
	assert.ok(page.reply.text.includes(`action="${search}"`) && page.reply.text.includes(`href="${search}"`));
});

await run(snug);
