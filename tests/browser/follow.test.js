// What a page that is open keeps up with: quotes of what is edited, mentions of one's roles, people who are blocked, what is
// to stay unread; and what it does not let its reader lose.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const cleo = await invitePerson(owner, { display_name: "Cleo" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const plans = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "plans" })).json.id;
await bob.client.put(`/channels/${plans}/members/@me`);
const makeRole = async (name) => (await owner.client.post(`/guilds/${owner.guild}/roles`, { name, mentionable: true })).json.id;
const [cooks, guests] = [await makeRole("cooks"), await makeRole("guests")];
await owner.client.put(`/guilds/${owner.guild}/members/${bob.user.id}/roles/${cooks}`);
const person = await newPerson(snug);
await person.logIn(bob);
const { page } = person;
const mentions = (id) => page.getAttribute(`#c-${id}`, "data-mentions");
const unread = (id) => page.getAttribute(`#c-${id}`, "data-unread");
const isMine = (name) => page.locator(".mention", { hasText: name }).last().evaluate((each) => "me" in each.dataset);

test("an answer quotes its parent as it is after an edit, and what a spoiler hides stays hidden", async () => {
	const parent = await owner.client.send(owner.channel, "before the edit");
	const answer = await owner.client.send(owner.channel, "an answer", { message_reference: { message_id: parent.id } });
	await person.open(home);
	const quote = page.locator(`#m-${answer.id} .reply-text`);
	assert.equal(await quote.innerText(), "before the edit");
	await owner.client.patch(`/channels/${owner.channel}/messages/${parent.id}`, { content: "after **the** edit, ||the butler||" });
	await until("the quote follows", async () => (await quote.innerText()) === "after the edit, ▒▒▒");
	await page.reload();
	assert.equal(await quote.innerText(), "after the edit, ▒▒▒", "as the server writes it");
});

test("who answers a message with a spoiler does not show what it hides", async () => {
	const made = await owner.client.send(owner.channel, "it was ||the gardener||\n```js\nlet x;\n```");
	const article = page.locator(`#m-${made.id}`);
	await article.waitFor();
	await article.hover();
	await article.locator(".message-actions .reply").click();
	assert.equal(await page.locator("#composer-reply .reply-text").innerText(), "it was ▒▒▒ let x;");
	await page.keyboard.press("Escape");
});

test("who is writing an answer sees its message as it is now, and answers nothing when it is deleted", async () => {
	const asked = await bob.client.send(owner.channel, "the question");
	const answer = page.locator(`#m-${asked.id} .message-actions .reply`);
	const line = page.locator("#composer-reply");
	await page.locator(`#m-${asked.id}`).hover();
	await answer.click();
	await line.getByText("the question").waitFor();
	await bob.client.patch(`/channels/${owner.channel}/messages/${asked.id}`, { content: "another ||secret|| question" });
	await line.getByText("another ▒▒▒ question").waitFor();
	await bob.client.delete(`/channels/${owner.channel}/messages/${asked.id}`);
	await until("nothing of it is left", async () => (await line.innerText()).trim() === "");
});

test("what is said aloud when a message comes hides spoilers too, and names files and polls", async () => {
	await owner.client.send(owner.channel, "aloud: ||secret||");
	const said = page.locator("#announcer p", { hasText: "aloud" });
	await said.waitFor({ state: "attached" });
	assert.equal(await said.textContent(), "Ada: aloud: ▒▒▒");
	await owner.client.post(`/channels/${owner.channel}/messages`, { poll: { question: { text: "Which one?" }, answers: [{ poll_media: { text: "This" } }, { poll_media: { text: "That" } }] } });
	await page.locator("#announcer p", { hasText: "Ada: Which one?" }).waitFor({ state: "attached" });
});

test("mentions of my roles stand out, those of others do not; and follow when I am given another", async () => {
	await owner.client.send(owner.channel, `<@&${cooks}> and <@&${guests}>`);
	await page.locator(".mention", { hasText: "guests" }).waitFor();
	assert.equal(await isMine("@cooks"), true);
	assert.equal(await isMine("@guests"), false);
	await page.reload();
	assert.equal(await isMine("@cooks"), true);
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(bob);
	assert.deepEqual(await plain.page.locator(".mention[data-me]").allInnerTexts(), ["@cooks"], "without a script too");
	await plain.context.close();
	await owner.client.put(`/guilds/${owner.guild}/members/${bob.user.id}/roles/${guests}`);
	await until("it is a mention of me now", () => isMine("@guests"));
});

test("somebody whom I have blocked reaches me by no mention, of everyone neither", async () => {
	await person.open(home);
	await until("all of it is read", async () => (await mentions(plans)) === "0");
	await owner.client.put(`/users/@me/blocks/${cleo.user.id}`);
	await bob.client.put(`/users/@me/blocks/${owner.user.id}`);
	await page.reload();
	await until("the page follows", async () => {
		const before = await unread(plans);
		await owner.client.send(plans, "no mention");
		await until("it is counted", async () => (await unread(plans)) !== before);
		return true;
	});
	const before = Number(await unread(plans));
	await owner.client.send(plans, "@everyone come");
	await owner.client.send(plans, `<@&${cooks}> come`);
	await until("both are counted", async () => Number(await unread(plans)) === before + 2);
	assert.equal(await mentions(plans), "0");
	const state = (await bob.client.get("/users/@me/unread")).json.find((each) => each.channel_id === plans);
	assert.deepEqual([state.unread, state.mentions], [before + 2, 0], "and so does the server count");
	await bob.client.delete(`/users/@me/blocks/${owner.user.id}`);
	assert.equal((await bob.client.get("/users/@me/unread")).json.find((each) => each.channel_id === plans).mentions, 2, "for as long as they are blocked");
});

test("what is marked as unread by the menu stays unread, and its line stands above it", async () => {
	await person.open(`/channels/${owner.guild}/${plans}`);
	await until("all of it is read", async () => (await unread(plans)) === "0");
	const made = [];
	for (const text of ["first", "second", "third"]) made.push(await owner.client.send(plans, text));
	await page.locator(`#m-${made[2].id}`).waitFor();
	const stateOf = async () => (await bob.client.get("/users/@me/unread")).json.find((each) => each.channel_id === plans);
	await until("they are read", async () => (await stateOf()).unread === 0);
	await page.fill("#content", "a draft");
	const article = page.locator(`#m-${made[1].id}`);
	await article.hover();
	await article.locator(".message-actions .more").click();
	await page.getByRole("button", { name: "Mark unread from here" }).click();
	await until("the sidebar says so", async () => (await unread(plans)) === "2");
	assert.equal(await page.inputValue("#content"), "a draft", "without leaving the room");
	assert.equal(await page.locator("#unread + article").getAttribute("id"), `m-${made[1].id}`);
	/* What would make the page report: it is scrolled, and looked at again. */
	await page.evaluate(() => {
		document.getElementById("messages").dispatchEvent(new Event("scroll"));
		document.dispatchEvent(new Event("visibilitychange"));
	});
	await owner.client.send(plans, "fourth");
	await until("that is counted too", async () => (await unread(plans)) === "3");
	await owner.client.send(owner.channel, `<@${bob.user.id}> elsewhere`);
	await until("the page goes on", async () => (await mentions(owner.channel)) !== "0");
	assert.equal((await stateOf()).unread, 3);
	assert.equal(await page.locator("#ack button").isVisible(), true, "there is a way to take it back");
	await page.fill("#content", "");
	await Promise.all([page.waitForNavigation(), page.click("#ack button")]);
	await until("all of it is read", async () => (await unread(plans)) === "0");
});

test("what is not sent yet is there again after a reload and after another room, and comes along to be sent later", async () => {
	await person.open(home);
	await page.fill("#content", "half a thought");
	await page.reload();
	await until("it is there", async () => (await page.inputValue("#content")) === "half a thought");
	await person.open(`/channels/${owner.guild}/${plans}`);
	assert.equal(await page.inputValue("#content"), "", "each room has its own");
	await person.open(home);
	await until("it is there", async () => (await page.inputValue("#content")) === "half a thought");
	await Promise.all([page.waitForURL(/\/schedule$/), page.click(".send-later")]);
	await until("it came along", async () => (await page.inputValue("#content")) === "half a thought");
	await page.fill("#send_at", new Date(Date.now() + 86_400_000).toISOString().slice(0, 16));
	await Promise.all([page.waitForURL((url) => !/\/schedule$/.test(url.pathname)), page.getByRole("button", { name: "Send later" }).click()]);
	await person.open(home);
	await page.locator("#messages[data-ready]").waitFor();
	assert.equal(await page.inputValue("#content"), "", "it is written once");
	await page.fill("#content", "sent at once");
	await page.click("#composer .send");
	await person.seesOne("sent at once");
	await page.reload();
	await page.locator("#messages[data-ready]").waitFor();
	/* The page may be quicker than the message, which takes its draft with it when it is there. */
	await until("it is no draft any more", async () => (await page.inputValue("#content")) === "");
	await person.seesOne("sent at once");
});

test("who leaves while files are on their way, or something failed, is asked; who has nothing to lose is not", async () => {
	await person.open(home);
	person.isTolerant = true;
	const asked = [];
	page.on("dialog", (dialog) => {
		asked.push(dialog.type());
		void dialog.dismiss();
	});
	await page.route("**/messages", (route) => route.abort());
	await person.say("cannot be sent");
	await page.locator(".message-failed").waitFor();
	const leave = () => page.evaluate(() => new Promise((resolve) => {
		location.assign("/account");
		setTimeout(resolve, 300);
	})).catch(() => {});
	await leave();
	await until("the browser asks", async () => asked.length === 1);
	assert.deepEqual(asked, ["beforeunload"]);
	await page.locator(".message-failed .discard").click();
	assert.equal(await page.evaluate(() => document.activeElement.id), "content", "the focus is where one writes");
	await page.unroute("**/messages");
	await Promise.all([page.waitForURL(/\/account$/), leave()]);
	assert.equal(asked.length, 1);
	person.isTolerant = false;
});

test("nothing was complained of", async () => person.assertQuiet());

await run();
