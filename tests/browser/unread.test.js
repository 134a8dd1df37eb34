// What is unread, in the browser: beside the names, in the title, where a conversation is opened, and on all devices at once.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const make = async (name) => {
	const id = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name })).json.id;
	await bob.client.put(`/channels/${id}/members/@me`);
	return id;
};
const [tools, plans, long] = [await make("tools"), await make("plans"), await make("long")];
const direct = (await owner.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json.id;
const room = (id) => `/channels/${owner.guild}/${id}`;
const person = await newPerson(snug);
await person.logIn(bob);
const place = (id) => person.page.locator(`#c-${id}`);
const unread = (id) => place(id).getAttribute("data-unread");
const badge = (id) => place(id).locator(".badge");
const title = () => person.page.title();
const stateOf = async (id) => (await bob.client.get("/users/@me/unread")).json.find((each) => each.channel_id === id);
const isRead = (id) => until("the server knows", async () => (await stateOf(id)).unread === 0);

test("a message elsewhere makes its channel bold, a mention is counted there and in the title", async () => {
	await person.open(room(owner.channel));
	let before = 0;
	await until("the page follows", async () => {
		await owner.client.send(tools, "anybody?");
		before++;
		return (await unread(tools)) !== "0";
	}, { pause: 300 });
	await until("it has counted all", async () => Number(await unread(tools)) === before);
	assert.ok(await badge(tools).isHidden(), "no mention, no number");
	assert.equal(await place(tools).locator("a").evaluate((link) => Number(getComputedStyle(link).fontWeight) >= 600), true);
	assert.ok(!(await title()).startsWith("("));
	await owner.client.send(tools, `<@${bob.user.id}> look`);
	await until("it is counted", async () => Number(await unread(tools)) === before + 1);
	await until("the badge shows it", async () => (await badge(tools).isVisible()) && (await badge(tools).innerText()) === "1");
	await until("the title says so", async () => /^\(1\) /.test(await title()));
	assert.equal((await stateOf(tools)).unread, before + 1, "as the server counts");
});

test("what is written to one alone is counted in figures", async () => {
	await owner.client.send(direct, "psst");
	await until("it has a badge", async () => (await badge(direct).count()) === 1 && (await badge(direct).innerText()) === "1");
	await until("the title adds it", async () => /^\(2\) /.test(await title()));
});

test("read on another device, it is read here", async () => {
	await bob.client.post(`/channels/${tools}/ack`, {});
	await bob.client.post(`/channels/${direct}/ack`, {});
	await until("the marks are gone", async () => (await unread(tools)) === "0" && (await unread(direct)) === "0");
	await badge(tools).waitFor({ state: "hidden" });
	await until("so is the number", async () => !(await title()).startsWith("("));
});

test("what comes while one is there is read, and the server is told", async () => {
	await owner.client.send(owner.channel, "you see this");
	await person.seesOne("you see this");
	await isRead(owner.channel);
	await until("and the page", async () => (await unread(owner.channel)) === "0");
});

test("a message that is taken back is no longer counted", async () => {
	const message = await owner.client.send(plans, "oops");
	await until("it is counted", async () => (await unread(plans)) === "1");
	await owner.client.delete(`/channels/${plans}/messages/${message.id}`);
	await until("it is not", async () => (await unread(plans)) === "0");
});

test("a conversation opens where its reader left off, under a line that stays while they read on", async () => {
	await owner.client.send(long, "the last one that was read");
	await bob.client.post(`/channels/${long}/ack`, {});
	for (let i = 0; i < 40; i++) await owner.client.send(long, `news ${i}\n${"and more of it\n".repeat(3)}`);
	await until("they are counted", async () => (await unread(long)) === "40");
	await place(long).locator("a").click();
	await person.page.waitForURL(`**${room(long)}*`);
	const line = person.page.locator("#unread");
	await line.waitFor();
	assert.equal(await line.evaluate((each) => each.nextElementSibling?.closest("article")?.innerText.includes("news 0") ?? each.parentElement.innerText.includes("news 0")), true);
	await until("it is in sight", () => line.evaluate((each) => {
		const { top } = each.getBoundingClientRect();
		return top >= 0 && top < innerHeight;
	}));
	assert.equal((await stateOf(long)).unread, 40, "not read before it was scrolled to");
	await person.page.evaluate(() => (document.getElementById("messages").scrollTop = 0));
	await isRead(long);
	assert.equal(await line.count(), 1, "the line stays");
	await person.say("thanks");
	await until("whoever writes is through with it", async () => (await line.count()) === 0);
});

test("without scripts: the line, how many there are, and a button that says they are read", async () => {
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(bob);
	await owner.client.send(plans, "one");
	await owner.client.send(plans, "two");
	await plain.open(room(owner.channel));
	assert.equal(await plain.page.locator(`#c-${plans}`).getAttribute("data-unread"), "2");
	await plain.page.locator(`#c-${plans} a`).click();
	await plain.page.waitForURL("**?unread#unread");
	assert.match(await plain.page.locator("#unread-bar").innerText(), /2 new messages/);
	assert.equal(await plain.page.locator("#unread").count(), 1);
	assert.equal((await stateOf(plans)).unread, 2, "to look is not to say so");
	await Promise.all([plain.page.waitForNavigation(), plain.page.click("#ack button")]);
	assert.equal((await stateOf(plans)).unread, 0);
	assert.equal(await plain.page.locator("#unread").count(), 0);
	plain.assertQuiet();
});

test("unread from here: the room opens at that message and leaves it unread", async () => {
	const messages = [];
	for (const text of ["first", "second", "third"]) messages.push(await owner.client.send(plans, text));
	await bob.client.post(`/channels/${plans}/ack`, {});
	await person.open(`${room(plans)}/messages/${messages[1].id}`);
	await Promise.all([person.page.waitForNavigation(), person.page.click('form[action$="/unread"] button')]);
	await person.page.locator("#unread").waitFor();
	assert.equal((await stateOf(plans)).unread, 2);
	await until("the sidebar says so", async () => (await unread(plans)) === "2");
	assert.equal((await stateOf(plans)).unread, 2, "and it stays so");
	await Promise.all([person.page.waitForNavigation(), person.page.click("#ack button")]);
	await isRead(plans);
});

test("a whole workspace is marked as read from its menu", async () => {
	await owner.client.send(tools, "x");
	await owner.client.send(long, "y");
	await person.open(room(owner.channel));
	await person.page.click("#switcher summary");
	await Promise.all([person.page.waitForNavigation(), person.page.click(`form[action="/guilds/${owner.guild}/ack"] button`)]);
	await isRead(tools);
	await isRead(long);
});

test("the page complains of nothing", () => person.assertQuiet());

await run();
