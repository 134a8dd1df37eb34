// Reactions and polls in a browser: a click changes them without a reload, others' changes arrive, and what is mine stays marked.

import fs from "node:fs";
import path from "node:path";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { root, startSnug } from "../lib/snug.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const ada = await newPerson(snug);
await ada.logIn(owner);
const react = (person, message, emoji, method = "put") =>
	person.client[method](`/channels/${owner.channel}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}/@me`);
const button = (message, emoji) => ada.page.locator(`#m-${message.id} li[data-emoji="${emoji}"] button.reaction`);
const shows = (message, emoji, count, isMine) =>
	until(`${emoji} ${count}`, async () => {
		const found = button(message, emoji);
		return (await found.count()) === 1 && (await found.locator(".reaction-count").innerText()) === String(count) &&
			(await found.getAttribute("aria-pressed")) === String(isMine);
	});
const said = async (text) => {
	const message = await bob.client.send(owner.channel, text);
	await ada.page.locator(`#m-${message.id}`).waitFor();
	return message;
};
const stands = async () => {
	const before = ada.navigations;
	return () => assert.equal(ada.navigations, before, "the page was not left");
};

test("reactions come, count and go as others react", async () => {
	const message = await said("words");
	const stays = await stands();
	await react(bob, message, "👍");
	await shows(message, "👍", 1, false);
	await react(owner, message, "👍");
	await shows(message, "👍", 2, true); // mine, from elsewhere
	await react(bob, message, "🎉");
	await shows(message, "🎉", 1, false);
	await react(bob, message, "👍", "delete");
	await shows(message, "👍", 1, true);
	await react(owner, message, "👍", "delete");
	await until("it is gone", async () => (await button(message, "👍").count()) === 0);
	await owner.client.delete(`/channels/${owner.channel}/messages/${message.id}/reactions`);
	await until("all are gone", async () => (await ada.page.locator(`#m-${message.id} .reactions`).count()) === 0);
	stays();
	ada.assertQuiet();
});

test("a click joins and leaves; an edit of the message keeps what is mine", async () => {
	const message = await said("before");
	await react(bob, message, "👍");
	await shows(message, "👍", 1, false);
	const stays = await stands();
	await button(message, "👍").click();
	await shows(message, "👍", 2, true);
	const list = async () => (await owner.client.get(`/channels/${owner.channel}/messages/${message.id}`)).json.reactions;
	await until("the server has it", async () => (await list())[0].count === 2);
	await bob.client.patch(`/channels/${owner.channel}/messages/${message.id}`, { content: "after" });
	await ada.page.locator(`#m-${message.id}`, { hasText: "after" }).waitFor();
	await shows(message, "👍", 2, true);
	await button(message, "👍").click();
	await shows(message, "👍", 1, false);
	await until("the server has it", async () => (await list())[0].count === 1);
	stays();
	await ada.open(home);
	await shows(message, "👍", 1, false);
	ada.assertQuiet();
});

test("a few emoji are at hand, by pointer and by keys", async () => {
	const message = await said("quick");
	const stays = await stands();
	await ada.page.hover(`#m-${message.id}`);
	await ada.page.click(`#m-${message.id} .message-actions .react`);
	await ada.page.locator(".quick[open]").waitFor();
	await ada.screen("quick-emoji");
	await ada.page.keyboard.press("Escape");
	await ada.page.locator(".quick").waitFor({ state: "detached" });
	await until("the focus is back", () => ada.page.evaluate(() => document.activeElement?.className === "react"));
	await ada.page.keyboard.press("Enter");
	await ada.page.locator(".quick[open]").waitFor();
	await ada.page.keyboard.press("ArrowRight");
	await ada.page.keyboard.press("Enter");
	await shows(message, "❤️", 1, true);
	await ada.page.click(`#m-${message.id} .reaction-more a`);
	await ada.page.click('.quick button[value="🎉"]');
	await shows(message, "🎉", 1, true);
	stays();
	await ada.page.hover(`#m-${message.id}`);
	await ada.page.click(`#m-${message.id} .message-actions .react`);
	await ada.page.click(".quick-more");
	await ada.page.locator(".picker[open]").waitFor();
	await ada.page.click('.picker .emoji-grid button[value="🚀"]');
	await shows(message, "🚀", 1, true);
	stays();
	ada.assertQuiet();
});

test("every emoji is found beside the message, by kind and by words, and by keys alone", async () => {
	const message = await said("all of them");
	const stays = await stands();
	const article = ada.page.locator(`#m-${message.id}`);
	const found = ada.page.locator(".picker .emoji-grid button");
	const open = async () => {
		await article.focus();
		await article.locator(".message-actions .react").press("Enter");
		await ada.page.locator(".quick[open]").waitFor();
		await ada.page.locator(".quick-more").press("Enter");
		await ada.page.locator(".picker[open]").waitFor();
	};
	await open();
	await ada.page.keyboard.type("lobster");
	await until("it is found", async () => (await found.count()) === 1);
	assert.equal(await found.getAttribute("value"), "🦞");
	await ada.screen("picker-1280-light");
	await ada.page.keyboard.press("Enter");
	await shows(message, "🦞", 1, true);
	assert.equal(await ada.page.evaluate(() => document.activeElement.closest("article")?.id), `m-${message.id}`, "the focus is back");
	await open();
	await ada.page.locator(".picker").getByRole("link", { name: "Animals" }).click();
	await until("they are all there", async () => (await found.count()) > 100);
	await ada.page.focus(".picker input");
	for (const key of ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowUp"]) await ada.page.keyboard.press(key);
	assert.equal(await ada.page.evaluate(() => document.activeElement.tagName), "INPUT", "up from the first row leads back to the field");
	await ada.page.keyboard.type("no emoji has this");
	await ada.page.getByText("No emoji is called so").waitFor();
	await ada.page.keyboard.press("Escape");
	await ada.page.locator(".picker").waitFor({ state: "detached" });
	stays();
	ada.assertQuiet();
});

test("without a script all emoji are on a page, by kind, and what is typed and none is looked for", async () => {
	const message = await said("on a page");
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(owner);
	const { page } = plain;
	const at = `${home}/messages/${message.id}/react`;
	await plain.open(at);
	await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Flags" }).click()]);
	assert.equal(await page.locator('.emoji-grid button[value="🇩🇪"]').count(), 1);
	await plain.open(at);
	plain.isTolerant = true; // The browser itself reports a 400.
	await page.fill("#emoji", "crab and so on");
	await page.locator("#emoji").press("Enter");
	await page.getByText("No emoji is called so").waitFor();
	await page.fill("#emoji", "shellf");
	await page.locator("#emoji").press("Enter");
	await page.locator(".emoji-grid button").first().waitFor();
	await Promise.all([page.waitForNavigation(), page.click('.emoji-grid button[value="🦐"]')]);
	await plain.seesOne("on a page");
	assert.equal(await page.locator(`#m-${message.id} .reaction[value="🦐"]`).count(), 1);
	await plain.context.close();
});

test("a vote is a click, and everybody's are drawn as they come", async () => {
	await ada.open(home);
	const reply = await bob.client.post(`/channels/${owner.channel}/messages`, {
		poll: { question: { text: unique("Which") }, answers: ["One", "Two", "Three"].map((text) => ({ poll_media: { text } })) },
	});
	const poll = `#m-${reply.json.id} .poll`;
	const answer = (n) => ada.page.locator(`${poll} .poll-answer[data-answer="${n}"]`);
	await answer(1).waitFor();
	const stays = await stands();
	const drawn = (n, count, percent, isMine) =>
		until(`answer ${n}: ${count}`, async () =>
			(await answer(n).locator(".poll-number").innerText()) === String(count) && (await answer(n).locator("rect").getAttribute("width")) === String(percent) &&
			(await answer(n).locator("button").getAttribute("aria-pressed")) === String(isMine));
	await answer(1).locator("button").click();
	await drawn(1, 1, 100, true);
	await answer(2).locator("button").click();
	await drawn(1, 0, 0, false);
	await drawn(2, 1, 100, true);
	await bob.client.put(`/channels/${owner.channel}/polls/${reply.json.id}/answers/@me`, { answer_ids: [3] });
	await drawn(3, 1, 50, false);
	await drawn(2, 1, 50, true);
	await bob.client.post(`/channels/${owner.channel}/polls/${reply.json.id}/expire`);
	await until("it is over", async () => (await ada.page.locator(`${poll} button`).count()) === 0);
	assert.match(await answer(2).innerText(), /Your vote/);
	stays();
	ada.assertQuiet();
});

test("who votes and takes a reaction away by the keyboard keeps their place on the page", async () => {
	const poll = (await bob.client.post(`/channels/${owner.channel}/messages`, { poll: { question: { text: "By keys?" }, answers: ["Yes", "No"].map((text) => ({ poll_media: { text } })) } })).json;
	const choice = ada.page.locator(`#m-${poll.id} button.poll-choice`).nth(1);
	await choice.focus();
	await ada.page.keyboard.press("Enter");
	await until("it is counted", async () => (await choice.getAttribute("aria-pressed")) === "true");
	assert.equal(await choice.evaluate((each) => each === document.activeElement), true, "the focus stays on what was chosen");
	await ada.page.keyboard.press("Enter");
	await until("it is taken back", async () => (await choice.getAttribute("aria-pressed")) === "false");

	const message = await said("two of mine");
	await react(owner, message, "👍");
	await react(owner, message, "🎉");
	await shows(message, "🎉", 1, true);
	await button(message, "👍").focus();
	await ada.page.keyboard.press("Enter");
	await until("it is gone", async () => (await button(message, "👍").count()) === 0);
	assert.equal(await button(message, "🎉").evaluate((each) => each === document.activeElement), true, "the focus goes to the next");
	await ada.page.keyboard.press("Enter");
	await until("all are gone", async () => (await ada.page.locator(`#m-${message.id} .reactions`).count()) === 0);
	assert.equal(await ada.page.evaluate(() => document.activeElement.id), `m-${message.id}`, "and to the message when none is left");
	ada.assertQuiet();
});

test("a deleted emoji is shown by its name", async () => {
	const image = `data:image/png;base64,${fs.readFileSync(path.join(root, "tests/fuzz/corpus/image/png")).toString("base64")}`;
	const emoji = (await owner.client.post(`/guilds/${owner.guild}/emojis`, { name: unique("crab"), image })).json;
	const message = await said("crabs");
	await react(bob, message, `${emoji.name}:${emoji.id}`);
	await shows(message, `${emoji.name}:${emoji.id}`, 1, false);
	await button(message, `${emoji.name}:${emoji.id}`).locator("img").waitFor();
	await button(message, `${emoji.name}:${emoji.id}`).click();
	await shows(message, `${emoji.name}:${emoji.id}`, 2, true);
	await owner.client.delete(`/guilds/${owner.guild}/emojis/${emoji.id}`);
	await ada.open(home);
	assert.match(await button(message, `${emoji.name}:${emoji.id}`).innerText(), new RegExp(`:${emoji.name}:`));
	ada.assertQuiet();
});

test("where what is loaded for it cannot be had, a click sends what it sends without a script, and what others do is shown all the same", async () => {
	const message = await said("to be answered");
	await react(bob, message, "👍");
	ada.isTolerant = true;
	let refused = 0;
	await ada.page.route("**/js/changes.js", (route) => {
		refused++;
		return route.abort();
	});
	await ada.open(home);
	await shows(message, "👍", 1, false);
	const stays = await stands();
	await react(bob, message, "🎉");
	await shows(message, "🎉", 1, false);
	const next = await said("goes on"); // the page still follows
	await bob.client.patch(`/channels/${owner.channel}/messages/${next.id}`, { content: "went on" });
	await until("it is edited", async () => (await ada.page.locator(`#m-${next.id} .content`).innerText()) === "went on");
	stays();
	assert.ok(refused > 0, "it was asked for");
	await Promise.all([ada.page.waitForNavigation(), button(message, "👍").click()]);
	await shows(message, "👍", 2, true);
	await ada.page.unroute("**/js/changes.js");
	await ada.open(home);
	await button(message, "👍").click();
	await shows(message, "👍", 1, false);
	ada.isTolerant = false;
	ada.assertQuiet();
});

test("without a line nothing leads away from the page, and what was pressed can be pressed again", async () => {
	const message = await said("pressed without a line");
	await react(bob, message, "👍");
	ada.isTolerant = true;
	const modules = "**/js/{changes,menu,quick}.js"; // else some are in the browser's cache
	await ada.page.route(modules, (route) => route.abort());
	await ada.open(home);
	await shows(message, "👍", 1, false);
	await ada.page.locator("#messages[data-ready]").waitFor();
	const stays = await stands();
	await ada.page.fill("#content", "still being written");
	await ada.context.setOffline(true);
	await button(message, "👍").click();
	await ada.page.locator(`#m-${message.id} .message-actions .more`).click();
	await ada.page.locator(`#m-${message.id} .message-actions .react`).click();
	await ada.context.setOffline(false);
	await ada.page.unroute(modules);
	await ada.page.locator("#connection").waitFor({ state: "hidden" });
	await said("the line is back");
	await button(message, "👍").click();
	await shows(message, "👍", 2, true);
	stays();
	assert.equal(await ada.page.inputValue("#content"), "still being written");
	await ada.page.fill("#content", "");
	ada.isTolerant = false;
	ada.assertQuiet();
});

await run();
