// What was typed is never lost: whatever the server says to a message, and whatever becomes of the conversation meanwhile, it
// stands on the page as not sent, with its text to be copied, until its writer throws it away.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const person = await newPerson(snug);
await person.logIn(bob);
await person.context.grantPermissions(["clipboard-read", "clipboard-write"]);
person.isTolerant = true; // The browser reports each refused request.
const { page } = person;
const texts = async (channel) => (await history(owner.client, channel)).map((each) => each.content);
const failed = (text) => page.locator("#list article[data-failed]", { hasText: text });

async function room(more = {}) {
	const made = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room-"), ...more })).json;
	await person.open(`/channels/${owner.guild}/${made.id}`);
	await page.locator("#messages[data-ready]").waitFor();
	return made.id;
}

/** Says it, and waits until it stands there as not sent, with its words and with what can be done. */
async function failsToSay(text, why) {
	await person.say(text);
	await failed(text).waitFor();
	assert.match(await failed(text).locator(".message-failed").innerText(), /Not sent/);
	assert.match(await failed(text).locator(".message-failed-why").innerText(), why);
	assert.equal(await failed(text).locator(".content").innerText(), text);
	await failed(text).getByRole("button", { name: "Copy" }).click();
	await until("it is in the clipboard", async () => (await page.evaluate(() => navigator.clipboard.readText())) === text);
}

/** What stands there, is there still a moment later, and goes when it is discarded. */
async function discards(text) {
	await failed(text).getByRole("button", { name: "Discard" }).click();
	await failed(text).waitFor({ state: "detached" });
}

/** The page hears of nothing, so that what is said is answered before the page knows why. */
const deaf = async () => {
	await page.route("**/live?*", (route) => route.abort());
	await page.route("**/sidebar", (route) => route.abort());
};
const hears = async () => {
	await page.unroute("**/live?*");
	await page.unroute("**/sidebar");
};

test("a message to a channel that is gone is shown as not sent, and its text can be had", async () => {
	await deaf();
	const channel = await room();
	await owner.client.delete(`/channels/${channel}`);
	await failsToSay("to a channel that is gone", /gone|no longer/);
	await discards("to a channel that is gone");
	await hears();
});

test("when the conversation goes, what is on its way and what is being written stay on the page", async () => {
	const channel = await room();
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route("**/messages", async (route) => {
		await held;
		await route.continue();
	});
	await person.say("on its way");
	await page.fill("#content", "still being written");
	await owner.client.delete(`/channels/${channel}`);
	await page.locator(".gone").waitFor();
	assert.equal(await page.locator("#composer").isVisible(), false);
	assert.equal(await page.locator(".unsent textarea").inputValue(), "still being written");
	assert.equal(await person.articles("on its way").isVisible(), true);
	release();
	await failed("on its way").waitFor();
	assert.equal(await failed("on its way").isVisible(), true);
	await person.screen("unsent-gone-1280-light");
	await page.unroute("**/messages");
	await discards("on its way");
});

test("who may no longer write sees what they were writing, and has it back when they may again", async () => {
	const channel = await room();
	await page.fill("#content", "half a sentence");
	const may = (deny) => owner.client.put(`/channels/${channel}/permissions/${owner.guild}`, { type: 0, allow: "0", deny });
	await may(String(1 << 11));
	await page.locator(".unsent textarea").waitFor();
	assert.equal(await page.locator(".unsent textarea").inputValue(), "half a sentence");
	assert.equal(await page.locator("#content").isVisible(), false);
	await may("0");
	await page.locator("#content").waitFor();
	assert.equal(await page.inputValue("#content"), "half a sentence");
	assert.equal(await page.locator(".unsent").count(), 0);
});

test("a message that may not be sent is shown with the reason, and those behind it go on", async () => {
	await deaf();
	const channel = await room();
	await owner.client.put(`/channels/${channel}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: String(1 << 11) });
	await failsToSay("not allowed", /\w{4}/);
	await owner.client.put(`/channels/${channel}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: "0" });
	await person.say("allowed again");
	await until("it is posted", async () => (await texts(channel)).includes("allowed again"));
	await failed("not allowed").getByRole("button", { name: "Retry" }).click();
	await until("it is posted", async () => (await texts(channel)).includes("not allowed"));
	await failed("not allowed").waitFor({ state: "detached" });
	await hears();
});

for (const [status, why] of [[400, /Something is wrong/], [413, /large/], [503, /busy|moment/]])
	test(`a message that is answered ${status}, with a page of the web server or with words, is kept and can be sent again`, async () => {
		const channel = await room();
		const body = status === 400 ? "<p id=\"problem\">Something is wrong</p>" : "<h1>An error</h1>";
		await page.route("**/messages", (route) => route.fulfill({ status, contentType: "text/html", body }));
		await failsToSay(`answered ${status}`, why);
		await page.unroute("**/messages");
		await failed(`answered ${status}`).getByRole("button", { name: "Retry" }).click();
		await until("it is posted", async () => (await texts(channel)).includes(`answered ${status}`));
		await person.seesOne(`answered ${status}`);
	});

test("a short wait is waited for; a long one is said, and what was typed stays", async () => {
	const channel = await room();
	let count = 0;
	await page.route("**/messages", (route) => (count++ ? route.continue() : route.fulfill({ status: 429, headers: { "Retry-After": "1" }, body: "" })));
	await person.say("after a second");
	await until("it is posted", async () => (await texts(channel)).includes("after a second"));
	await page.unroute("**/messages");
	await page.route("**/messages", (route) => route.fulfill({ status: 429, headers: { "Retry-After": "3600" }, contentType: "text/html", body: "<p id=\"problem\">Slow mode</p>" }));
	await failsToSay("too soon", /Slow mode/);
	await page.unroute("**/messages");
	await failed("too soon").getByRole("button", { name: "Retry" }).click();
	await until("it is posted", async () => (await texts(channel)).includes("too soon"));
});

test("who was logged out meanwhile is told so, and finds what was not sent in the composer after logging in", async () => {
	const channel = await room();
	await page.route("**/live?*", (route) => route.abort());
	await page.fill("#content", "after the session has ended");
	await person.context.clearCookies();
	await failsToSay("after the session has ended", /logged out/);
	const posts = [];
	page.on("request", (request) => request.url().endsWith("/messages") && posts.push(request.postData()));
	await person.say("a second one");
	await page.locator("#list article", { hasText: "a second one" }).waitFor();
	await page.fill("#content", "and the next words");
	page.on("dialog", (dialog) => void dialog.accept());
	await page.unroute("**/live?*");
	await person.logIn(bob);
	await person.open(`/channels/${owner.guild}/${channel}`);
	await until("all of it is there", async () => (await page.inputValue("#content")) === "after the session has ended\n\na second one\n\nand the next words");
	assert.deepEqual(posts, [], "what was said after it has waited behind it");
	assert.deepEqual(await texts(channel), []);
});

test("without a script, what was typed for a message that is gone meanwhile stands on the page that says so", async () => {
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(bob);
	plain.isTolerant = true;
	const { id } = await bob.client.send(owner.channel, "to be edited");
	await plain.open(`/channels/${owner.guild}/${owner.channel}/messages/${id}/edit`);
	await bob.client.delete(`/channels/${owner.channel}/messages/${id}`);
	await plain.fill({ content: "\nwith <b>care</b>\n" });
	await plain.submit();
	assert.equal(await plain.page.getByLabel("What you wrote was not sent").inputValue(), "\nwith <b>care</b>\n");
	await plain.context.close();
});

await run();
