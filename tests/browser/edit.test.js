// Editing a message where it stands, by its bar, its menu, or Up in an empty composer; and without a script on its page.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { multipart, png } from "../lib/sample_files.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LIMIT_MESSAGE: "1000/min", SNUG_LIMIT_MESSAGE_EDIT: "1000/min" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const ada = await newPerson(snug);
await ada.logIn(owner);
const { page } = ada;
const contentOf = async (id) => (await owner.client.get(`/channels/${owner.channel}/messages/${id}`)).json.content;
const article = (id) => page.locator(`#m-${id}`);
const field = page.locator(".message-edit textarea");
const focused = (selector) => page.evaluate((which) => document.activeElement?.matches(which) ?? false, selector);
const shows = (id, text) => until(`"${text}" is shown`, async () => (await article(id).locator(".content").innerText()) === text);
/** Said by the owner, and in sight. */
const mine = async (text, more) => {
	const message = await owner.client.send(owner.channel, text, more);
	await article(message.id).waitFor();
	return message.id;
};

test("Up in an empty composer edits my last message; Enter saves it where it stands, and the focus returns", async () => {
	const before = await mine(`earlier, <@${bob.user.id}> and **all**`);
	const id = await mine(unique("to be edited "));
	await bob.client.send(owner.channel, "Bob's is the last");
	await ada.articles("Bob's is the last").waitFor();
	const { navigations } = ada;
	await page.fill("#content", "something");
	await page.press("#content", "ArrowUp");
	assert.equal(await field.count(), 0, "with words in the composer it moves in them");
	await page.fill("#content", "");
	await page.press("#content", "ArrowUp");
	await article(id).locator(".message-edit").waitFor();
	assert.equal(await focused(".message-edit textarea"), true);
	assert.equal(await article(id).locator(".message-text").isVisible(), false, "in the place of the words");
	await field.fill("edited **here**");
	await field.press("Enter");
	await field.waitFor({ state: "detached" });
	await shows(id, "edited here");
	assert.equal(await contentOf(id), "edited **here**");
	assert.match(await article(id).locator(".edited").innerText(), /edited/);
	assert.equal(await focused("#content"), true);
	await article(before).hover();
	await article(before).locator(".message-actions .edit").click();
	assert.match(await field.inputValue(), /^earlier, @\S+ and \*\*all\*\*$/, "names as they are typed, and the marks");
	await field.press("Escape");
	assert.equal(ada.navigations, navigations, "the page was not left");
	ada.assertQuiet();
});

test("Esc gives up: nothing is sent, the line of what is unread stays, the focus returns to where it came from", async () => {
	const id = await mine(unique("stays as it is "));
	const posts = [];
	const seen = (request) => request.method() === "POST" && posts.push(request.url());
	page.on("request", seen);
	await article(id).hover();
	await article(id).locator(".message-actions .edit").click();
	await field.fill("never saved");
	await page.evaluate((name) => document.getElementById(name).before(Object.assign(document.createElement("p"), { id: "unread", className: "unread-line" })), `m-${id}`);
	await field.press("Escape");
	assert.equal(await field.count(), 0);
	assert.equal(await page.locator("#unread").count(), 1);
	assert.equal(await focused(`#m-${id} .edit`), true);
	assert.match(await article(id).locator(".content").innerText(), /^stays as it is/);
	await article(id).locator(".message-actions .more").click();
	await page.locator(".menu-dialog[open] .menu-edit").click();
	await field.waitFor();
	await page.getByRole("button", { name: "Cancel" }).click();
	assert.equal(await field.count(), 0);
	page.off("request", seen);
	assert.deepEqual(posts.filter((url) => url.endsWith("/edit")), []);
	assert.match(await contentOf(id), /^stays as it is/);
	ada.assertQuiet();
});

test("what is typed outlives what comes to the message meanwhile: a reaction, another edit, a gap in the stream", async () => {
	const { body, headers } = multipart({ content: "with a picture" }, [{ name: "a.png", bytes: png(40, 30), type: "image/png" }]);
	const { json: { id } } = await owner.client.post(`/channels/${owner.channel}/messages`, body, headers);
	await article(id).waitFor();
	await article(id).hover();
	await article(id).locator(".message-actions .edit").click();
	await field.fill("typed meanwhile");
	await bob.client.put(`/channels/${owner.channel}/messages/${id}/reactions/%F0%9F%91%8D/@me`);
	await article(id).locator(".reaction").waitFor();
	await owner.client.patch(`/channels/${owner.channel}/messages/${id}`, { content: "edited on the phone" });
	await until("the words behind are those", async () => (await article(id).locator(".content").textContent()) === "edited on the phone");
	assert.equal(await field.inputValue(), "typed meanwhile");
	assert.equal(await focused(".message-edit textarea"), true);
	await page.keyboard.type(", and on");
	await page.evaluate(async () => {
		const address = [...performance.getEntriesByType("resource")].find(({ name }) => name.endsWith("/js/pages.js")).name;
		await (await import(address)).reload();
	});
	assert.equal(await field.inputValue(), "typed meanwhile, and on");
	assert.equal(await focused(".message-edit textarea"), true, "and it can be gone on with");
	await field.press("Enter");
	await shows(id, "typed meanwhile, and on");
	assert.equal(await contentOf(id), "typed meanwhile, and on");
	ada.assertQuiet();
});

test("what the server refuses stays to be mended, with its reason; what is deleted meanwhile goes back to the composer", async () => {
	ada.isTolerant = true; // The browser reports what is refused.
	const id = await mine(unique("refused "));
	await article(id).hover();
	await article(id).locator(".message-actions .edit").click();
	for (const [text, why] of [["x".repeat(4001), /4,?000/], ["", /empty|text|file/i]]) {
		await field.fill(text);
		await field.press("Enter");
		await page.locator(".message-edit .problem", { hasText: why }).waitFor();
		assert.equal(await field.inputValue(), text);
	}
	await page.route("**/edit", (route) => route.abort());
	await field.fill("when there is no line");
	await field.press("Enter");
	await page.locator(".message-edit .problem", { hasText: "Not saved." }).waitFor();
	await page.unroute("**/edit");
	await owner.client.delete(`/channels/${owner.channel}/messages/${id}`);
	await article(id).waitFor({ state: "detached" });
	await until("the words are in the composer", async () => (await page.inputValue("#content")) === "when there is no line");
	await page.fill("#content", "");
	ada.isTolerant = false;
});

test("within a block of code Enter makes a line; Shift does everywhere, and behind the block Enter sends", async () => {
	await page.locator("#content").focus();
	await page.keyboard.type("```js");
	await page.keyboard.press("Enter");
	await page.keyboard.type("let a = 1;");
	await page.keyboard.press("Enter");
	await page.keyboard.type("```");
	assert.equal(await page.inputValue("#content"), "```js\nlet a = 1;\n```");
	await page.keyboard.press("Shift+Enter");
	await page.keyboard.type("that is `it`, and ```that```");
	await page.keyboard.press("Enter");
	await until("it is sent", async () => (await history(owner.client, owner.channel)).at(-1).content === "```js\nlet a = 1;\n```\nthat is `it`, and ```that```");
	await page.keyboard.type("```not a block```");
	await page.keyboard.press("Enter");
	await until("it is sent", async () => (await history(owner.client, owner.channel)).at(-1).content === "```not a block```");
	assert.equal(await page.inputValue("#content"), "");
	ada.assertQuiet();
});

test("who was logged out meanwhile is told to copy what they wrote, which stays in its field", async () => {
	const person = await newPerson(snug);
	await person.logIn(owner);
	await person.open(home);
	const id = await mine(unique("of a session that ends "));
	const form = person.page.locator(`#m-${id} .message-edit`);
	await person.page.locator(`#m-${id}`).waitFor();
	await person.page.press("#content", "ArrowUp");
	await form.locator("textarea").fill("typed for nothing");
	person.isTolerant = true;
	await person.context.clearCookies();
	await form.locator("textarea").press("Enter");
	await until("it is said", async () => /you were logged out\. Copy it/.test(await form.locator(".problem").innerText()));
	assert.equal(await form.locator("textarea").inputValue(), "typed for nothing");
	await person.context.close();
});

test("where the module cannot be had, the link leads to the page on which a message is edited without a script", async () => {
	const id = await mine(unique("by the page "));
	ada.isTolerant = true;
	await page.route("**/js/edit.js", (route) => route.abort());
	await ada.open(home);
	await page.locator("#messages[data-ready]").waitFor();
	await page.press("#content", "ArrowUp");
	await page.waitForURL(`${snug.url}${home}/messages/${id}/edit`);
	await page.fill("#content", "edited on its page");
	await page.click("main button[type=submit]");
	await until("it is saved", async () => (await contentOf(id)) === "edited on its page");
	ada.isTolerant = false;
});

await run();
