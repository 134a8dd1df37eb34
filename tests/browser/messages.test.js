// What is done to one message, in the room and on its own page: answering, the menu, links to it, keys, long texts. Each with
// scripts and, where it is a link or a form, without.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LIMIT_MESSAGE: "1000/min" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const say = (person, content, more) => person.client.send(owner.channel, content, more);
const old = await say(bob, "An old message, far up");
const fillers = [];
for (let i = 0; i < 120; i++) fillers.push(await say(i % 2 ? bob : owner, `filler ${i};`));
const ada = await newPerson(snug);
await ada.logIn(owner);
const plain = await newPerson(snug, { javaScriptEnabled: false });
await plain.logIn(owner);
const page = ada.page;
/** What was flashed on the page, since a flash is soon over. */
await page.addInitScript(() => {
	window.flashed = [];
	new MutationObserver((changes) => changes.forEach(({ target }) => "flash" in target.dataset && window.flashed.push(target.id)))
		.observe(document, { subtree: true, attributeFilter: ["data-flash"] });
});
const flashes = (id) => until("it is flashed", () => page.evaluate((name) => window.flashed.includes(name), `m-${id}`));

const isInSight = (id) => page.evaluate((name) => {
	const frame = document.getElementById("messages").getBoundingClientRect();
	const { top, bottom } = document.getElementById(name).getBoundingClientRect();
	return top >= frame.top && bottom <= frame.bottom;
}, `m-${id}`);
const isCentred = (id) => page.evaluate((name) => {
	const frame = document.getElementById("messages").getBoundingClientRect();
	const { top, bottom } = document.getElementById(name).getBoundingClientRect();
	return Math.abs((top + bottom) / 2 - (frame.top + frame.bottom) / 2) < 60;
}, `m-${id}`);
const bar = (article, name) => article.locator(`.message-actions .${name}`);

test("without a script: each message has a page with what its reader may do to it", async () => {
	const mine = await say(owner, "mine, plainly");
	const theirs = await say(bob, "Bob's, plainly");
	const has = async (person, id, name) => {
		await person.open(`${home}/messages/${id}`);
		return (await person.page.locator("#message-menu").getByText(name, { exact: true }).count()) > 0;
	};
	for (const name of ["Reply", "Edit", "Forward", "Delete"]) assert.ok(await has(plain, mine.id, name), name);
	assert.equal(await has(plain, theirs.id, "Edit"), false, "nobody edits another's words");
	assert.ok(await has(plain, theirs.id, "Delete"), "an owner moderates");
	const guest = await newPerson(snug, { javaScriptEnabled: false });
	await guest.logIn(bob);
	assert.equal(await has(guest, mine.id, "Delete"), false);
	assert.equal(await has(guest, mine.id, "Edit"), false);
	assert.ok(await has(guest, mine.id, "Reply"));
	assert.equal(await guest.page.inputValue("#permalink"), `${snug.url}${home}?around=${mine.id}#m-${mine.id}`);
	await guest.context.close();
});

test("without a script: a message is answered by a link, and its answer shows it and leads to it", async () => {
	const asked = await say(bob, "Shall we ship it?");
	await plain.open(home);
	await plain.articles("Shall we ship it?").hover();
	await bar(plain.articles("Shall we ship it?"), "reply").click();
	await plain.page.locator(".composer-reply", { hasText: "Bob" }).waitFor();
	assert.match(await plain.page.innerText(".composer-reply"), /Shall we ship it\?/);
	await plain.say("Yes, on Monday.");
	const answer = plain.articles("Yes, on Monday.");
	assert.match(await answer.locator(".reply-head").innerText(), /Bob Shall we ship it\?/);
	assert.equal(await plain.page.locator(".composer-reply").count(), 0, "the next message answers nothing");
	const [latest] = await history(owner.client, owner.channel).then((all) => all.filter((each) => each.content === "Yes, on Monday."));
	assert.equal(latest.message_reference.message_id, asked.id);
	await answer.locator(".jump-to").click();
	await plain.page.waitForURL(`${snug.url}${home}?around=${asked.id}#m-${asked.id}`);
});

test("without a script: a link to a message loads around it and offers the way back to the present", async () => {
	await plain.open(`${home}?around=${old.id}#m-${old.id}`);
	assert.ok(await plain.page.locator(`#m-${old.id}`).isVisible());
	await plain.page.getByRole("link", { name: "Jump to the present" }).click();
	await plain.page.waitForURL(`${snug.url}${home}`);
	assert.equal(await plain.page.locator(`#m-${old.id}`).count(), 0);
});

test("without a script: a message is forwarded to a conversation that is chosen, and does not say where from", async () => {
	const other = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "elsewhere" })).json;
	const told = await say(bob, "Worth telling others");
	await plain.open(`${home}/messages/${told.id}`);
	await plain.page.getByRole("link", { name: "Forward" }).click();
	await plain.page.selectOption("#target", { label: "#elsewhere" });
	await plain.submit();
	assert.equal(plain.page.url(), `${snug.url}/channels/${owner.guild}/${other.id}`);
	await plain.seesOne("Worth telling others");
	assert.equal((await plain.page.content()).includes(told.id), false, "nothing names the source");
	const [copy] = await history(owner.client, other.id);
	assert.equal(copy.message_snapshots[0].message.content, "Worth telling others");
});

test("a link to a message puts it in the middle, flashes it, and the present is one press away", async () => {
	await ada.open(`${home}?around=${old.id}#m-${old.id}`);
	await flashes(old.id);
	await until("it is in sight", () => isInSight(old.id));
	await page.locator(`#m-${old.id}:not([data-flash])`).waitFor();
	const middle = fillers[60];
	await ada.open(`${home}?around=${middle.id}#m-${middle.id}`);
	await until("it is in the middle", () => isCentred(middle.id));
	await page.evaluate(() => (window.isSame = true));
	await page.getByRole("link", { name: "Jump to the present" }).click();
	await until("the list ends at the present", () => page.evaluate(() => "latest" in document.getElementById("room").dataset));
	assert.equal(page.url(), `${snug.url}${home}`);
	assert.ok(await page.evaluate(() => window.isSame), "the page itself was not loaded again");
});

test("a message's time is the link to it", async () => {
	const said = await say(bob, "linked by its time");
	await ada.seesOne("linked by its time");
	assert.equal(await ada.articles("linked by its time").locator(".message-time").getAttribute("href"), `${home}?around=${said.id}#m-${said.id}`);
});

test("answering: the parent stands above the composer, Esc takes it away, the echo shows it at once", async () => {
	const asked = await say(bob, "A question?");
	await ada.open(home);
	const article = ada.articles("A question?");
	await article.hover();
	await bar(article, "reply").click();
	assert.match(await page.innerText(".composer-reply"), /Bob A question\?/);
	assert.equal(await page.evaluate(() => document.activeElement.id), "content");
	await page.keyboard.press("Escape");
	assert.equal(await page.locator(".composer-reply").count(), 0);
	await article.hover();
	await bar(article, "reply").click();
	await ada.say("An answer!");
	assert.match(await ada.articles("An answer!").locator(".reply-head").innerText(), /A question\?/);
	await until("the server has it", async () => /^m-\d+$/.test((await ada.articles("An answer!").getAttribute("id")) ?? ""));
	const said = (await history(owner.client, owner.channel)).find((each) => each.content === "An answer!");
	assert.equal(said.message_reference.message_id, asked.id);
});

test("an answer leads to its parent, however far up, and says so when that is deleted", async () => {
	const answer = await say(owner, "about that old one", { message_reference: { message_id: old.id } });
	await ada.open(home);
	await page.evaluate(() => (window.isSame = true));
	await ada.articles("about that old one").locator(".jump-to").click();
	await flashes(old.id);
	await until("it is in sight", () => isInSight(old.id));
	assert.ok(await page.evaluate(() => window.isSame), "the page itself was not loaded again");
	await ada.open(home);
	const doomed = await say(bob, "soon gone");
	await say(owner, "what was that?", { message_reference: { message_id: doomed.id } });
	await ada.seesOne("what was that?");
	await bob.client.delete(`/channels/${owner.channel}/messages/${doomed.id}`);
	await page.reload();
	assert.match(await ada.articles("what was that?").locator(".reply-head").innerText(), /original message was deleted/i);
	assert.ok(answer.id);
});

test("the menu opens beside the message, goes by keys, and gives the focus back", async () => {
	await say(owner, "with a menu");
	await ada.open(home);
	const article = ada.articles("with a menu");
	await article.hover();
	await bar(article, "more").click();
	const menu = page.locator(".menu-dialog[open]");
	await menu.waitFor();
	const first = await page.evaluate(() => document.activeElement.textContent.trim());
	await page.keyboard.press("ArrowDown");
	assert.notEqual(await page.evaluate(() => document.activeElement.textContent.trim()), first);
	await page.keyboard.press("ArrowUp");
	assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), first);
	await page.keyboard.press("Escape");
	await menu.waitFor({ state: "detached" }).catch(() => {});
	assert.equal(await page.locator(".menu-dialog[open]").count(), 0);
	await until("the focus is where it was", () => page.evaluate(() => document.activeElement.matches(".more")));
	await bar(article, "more").click();
	await menu.locator(".menu-reply").click();
	assert.match(await page.innerText(".composer-reply"), /with a menu/);
	await page.keyboard.press("Escape");
});

test("keys: arrows go from message to message, their actions are the next stops, Esc leads to the composer", async () => {
	await ada.open(home);
	await page.focus("#messages");
	const at = () => page.evaluate(() => document.activeElement.closest("article")?.id);
	/* Two at once: what they do is loaded with the first. */
	for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowUp");
	const ids = await page.locator("#list > article").evaluateAll((all) => all.map(({ id }) => id));
	await until("the last but one", async () => (await at()) === ids.at(-2));
	const [above, last] = ids.slice(-2);
	await page.keyboard.press("ArrowDown");
	await until("the last", async () => (await at()) === last);
	await page.keyboard.press("ArrowUp");
	await until("and up again", async () => (await at()) === above);
	const stops = [];
	for (let i = 0; i < 8; i++) {
		await page.keyboard.press("Tab");
		stops.push(await page.evaluate(() => [document.activeElement.closest("article")?.id, document.activeElement.className]));
	}
	const own = stops.filter(([id]) => id === above).map(([, name]) => name);
	for (const name of ["react", "reply", "more"]) assert.ok(own.includes(name), `${name} is reached: ${own}`);
	assert.equal(stops.some(([id, name]) => id && id !== above && ["react", "reply", "more"].includes(name) && id !== last), false, "bars of others are no stops");
	await page.focus(`#${above}`);
	await page.keyboard.press("Enter");
	await page.locator(".menu-dialog[open]").waitFor();
	await page.keyboard.press("Escape");
	await until("the menu is closed", async () => (await page.locator(".menu-dialog[open]").count()) === 0);
	await page.focus(`#${above}`);
	await page.keyboard.press("Escape");
	assert.equal(await page.evaluate(() => document.activeElement.id), "content");
});

test("keys: F6 goes round conversations, messages and composer, with Shift the other way", async () => {
	await ada.open(home);
	await page.focus("#content");
	const part = () => page.evaluate(() => ["sidebar", "messages", "room-foot"].find((id) => document.getElementById(id).contains(document.activeElement)));
	for (const [key, name] of [["F6", "sidebar"], ["F6", "messages"], ["F6", "room-foot"], ["Shift+F6", "messages"], ["Shift+F6", "sidebar"], ["Shift+F6", "room-foot"]]) {
		await page.keyboard.press(key);
		await until(`${key}: ${name}`, async () => (await part()) === name);
	}
	assert.equal(await page.evaluate(() => document.activeElement.id), "content");
});

test("showing what can be done to a message moves nothing", async () => {
	await ada.open(home);
	const boxes = () => page.evaluate(() => [...document.querySelectorAll("#list article")].map((each) => each.getBoundingClientRect().top));
	const before = await boxes();
	await page.locator("#list article").nth(-4).hover();
	assert.ok(await bar(page.locator("#list article").nth(-4), "reply").isVisible());
	assert.deepEqual(await boxes(), before);
});

test("on a phone what is touched is large enough", async () => {
	const phone = await newPerson(snug, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
	await phone.logIn(owner);
	const article = phone.page.locator("#list article").last();
	await article.tap();
	const { width, height } = await bar(article, "more").boundingBox();
	assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
	await bar(article, "more").tap();
	await phone.page.locator(".menu-dialog[open]").waitFor();
	for (const item of await phone.page.locator(".menu-dialog :is(a, button)").all()) assert.ok((await item.boundingBox()).height >= 44);
	phone.assertQuiet();
	await phone.context.close();
});

for (const javaScriptEnabled of [true, false])
	test(`a long text is folded, and opens ${javaScriptEnabled ? "" : "without a script "}by its box`, async () => {
		const text = `${javaScriptEnabled} story\n` + "line after line\n".repeat(40);
		await say(bob, text);
		const person = javaScriptEnabled ? ada : plain;
		await person.open(home);
		const article = person.articles(`${javaScriptEnabled} story`);
		const folded = (await article.boundingBox()).height;
		assert.ok(folded < 400, `${folded}`);
		await article.getByText("Show more").click();
		assert.ok((await article.boundingBox()).height > 2 * folded);
		await article.getByText("Show less").click();
		assert.equal((await article.boundingBox()).height, folded);
	});

test("nothing was complained of", async () => {
	ada.assertQuiet();
	plain.assertQuiet();
});

await run();
