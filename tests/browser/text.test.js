// What people write, as it is read: spoilers by keyboard and without scripts, code in colours, names of channels, moments.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LINK_PREVIEWS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { username: unique("bob"), display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const ada = await newPerson(snug);
await ada.logIn(owner);
const plain = await newPerson(snug, { javaScriptEnabled: false });
await plain.logIn(owner);
const article = (person, id) => person.page.locator(`#m-${id}`);
const isShown = (spoiler) => spoiler.locator("span").first().evaluate((span) => getComputedStyle(span).visibility === "visible");

test("a spoiler shows by a click or by the keyboard, with and without scripts, and moves nothing", async () => {
	const { id } = await owner.client.send(owner.channel, "the end: ||they **win** https://example.org|| so");
	for (const person of [plain, ada]) {
		await person.open(home);
		const spoiler = article(person, id).locator(".spoiler");
		const before = await article(person, id).boundingBox();
		assert.equal(await isShown(spoiler), false);
		await spoiler.locator("input").focus();
		await person.page.keyboard.press("Space");
		assert.equal(await isShown(spoiler), true);
		assert.deepEqual(await article(person, id).boundingBox(), before);
		await person.page.keyboard.press("Space");
		assert.equal(await isShown(spoiler), false);
		await spoiler.click({ position: { x: 5, y: 5 } });
		assert.equal(await isShown(spoiler), true);
		assert.equal(await person.page.getByRole("checkbox", { name: "Spoiler" }).count(), 1, "it has a name, which tells nothing");
	}
});

test("code has its colours, the text stays as it was posted, and it is copied by a button", async () => {
	const code = "int main(void)\n{\n    return 0; /* <b> & \"x\" */\n}\n";
	const { id } = await owner.client.send(owner.channel, `\`\`\`c\n${code}\`\`\``);
	const block = article(ada, id).locator("pre code");
	await ada.open(home);
	await block.locator(".hljs-keyword").first().waitFor();
	assert.equal(await block.textContent(), code);
	assert.equal(await block.locator(".hljs-comment").textContent(), "/* <b> & \"x\" */");
	await ada.page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: snug.url });
	await article(ada, id).locator("pre").hover();
	await article(ada, id).getByRole("button", { name: "Copy" }).click();
	await until("it is in the clipboard", async () => (await ada.page.evaluate(() => navigator.clipboard.readText())) === code);
	await plain.open(home);
	assert.equal(await article(plain, id).locator("pre code").textContent(), code, "without scripts there are no colours, and all of the text");
});

test("what could not be copied is not said to be: it is selected, for its reader to copy", async () => {
	const { id } = await owner.client.send(owner.channel, "```\nto be copied\n```");
	const guarded = await newPerson(snug);
	await guarded.page.addInitScript(() => {
		Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("not allowed")) } });
		document.execCommand = () => false;
	});
	await guarded.logIn(owner);
	const button = article(guarded, id).locator(".copy-code");
	await article(guarded, id).locator("pre").hover();
	await button.click();
	await until("it says so", async () => (await button.innerText()) === "Not copied");
	assert.equal(await guarded.page.evaluate(() => getSelection().toString().trim()), "to be copied");
	await guarded.open(`/guilds/${owner.guild}/invites`);
	await guarded.page.getByRole("button", { name: "Make a link" }).or(guarded.page.locator("main form button.primary")).first().click();
	const row = guarded.page.locator(".copy-row").first();
	await row.locator("button").click();
	await until("and so it does of a link", async () => (await row.locator("button").innerText()) === "Not copied");
	const link = await row.locator("input").inputValue();
	assert.equal(await row.locator("input").evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), link);
	guarded.assertQuiet();
	await guarded.context.close();
});

test("a spoiler over paragraphs and code hides them all, a box for each, and code in it keeps to its box", async () => {
	const { id } = await owner.client.send(owner.channel, "before ||one\n\ntwo\n```js\nlet three = 3;\n```\nfour|| after\n```js\nlet open = 1;\n```");
	for (const person of [plain, ada]) {
		await person.open(home);
		const spoilers = article(person, id).locator(".spoiler");
		assert.deepEqual((await spoilers.allTextContents()).map((each) => each.trim()), ["one", "two", "let three = 3;", "four"]);
		if (person === ada) await article(person, id).locator("pre").last().locator(".hljs-keyword").waitFor();
		for (const spoiler of await spoilers.all()) assert.equal(await isShown(spoiler), false);
		await spoilers.nth(2).click({ position: { x: 5, y: 5 } });
		assert.deepEqual(await Promise.all((await spoilers.all()).map(isShown)), [false, false, true, false]);
	}
});

test("code that comes while the room is open has its colours too; the library is not asked for before", async () => {
	const room = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("code") })).json.id;
	const asked = [];
	ada.page.on("request", (request) => asked.push(request.url()));
	await ada.open(`/channels/${owner.guild}/${room}`);
	await owner.client.send(room, "no code");
	await article(ada, (await owner.client.get(`/channels/${room}/messages?limit=1`)).json[0].id).waitFor();
	assert.ok(!asked.some((url) => /code\.js|highlight/.test(url)), "nothing was loaded for code");
	const { id } = await bob.client.send(room, "```python\ndef f(): return None\n```");
	await article(ada, id).locator(".hljs-keyword").first().waitFor();
	const strange = await bob.client.send(room, "```no-such-language\nx\n```\n```js\nlet a;\n```");
	await article(ada, strange.id).locator(".hljs-keyword").first().waitFor();
	assert.equal(await article(ada, strange.id).locator("code").first().textContent(), "x\n");
});

test("mentions of me stand out, and channels have the names of my sidebar when they come while the room is open", async () => {
	await ada.open(home);
	const { id } = await bob.client.send(owner.channel, `<@${owner.user.id}> and <@${bob.user.id}> in <#${owner.channel}>, <t:1767323045:D>`);
	await article(ada, id).locator("a.mention", { hasText: "#general" }).waitFor();
	assert.equal(await article(ada, id).locator(".mention[data-me]").count(), 1);
	assert.match(await article(ada, id).locator("time.moment").textContent(), /January/);
	await article(ada, id).locator("a.mention").click();
	await until("it leads to the channel", () => new URL(ada.page.url()).pathname === home);
});

test("links open elsewhere and tell nothing of where they stood", async () => {
	const { id } = await owner.client.send(owner.channel, "[words](https://example.org/x)");
	await ada.open(home);
	const link = article(ada, id).locator(".content a");
	assert.deepEqual(await link.evaluate((a) => [a.target, a.rel, a.title, a.href]), ["_blank", "noopener noreferrer nofollow", "https://example.org/x", "https://example.org/x"]);
});

test("long lines, long words and wide code stay within the conversation on a phone", async () => {
	const { id } = await owner.client.send(owner.channel, `${"w".repeat(500)}\n\n\`\`\`\n${"c".repeat(500)}\n\`\`\`\n> ${"q".repeat(300)}\n\n||${"s".repeat(300)}||\n\n\`${"i".repeat(300)}\` https://example.org/${"u".repeat(300)}`);
	await ada.page.setViewportSize({ width: 390, height: 800 });
	await ada.open(home);
	await article(ada, id).waitFor();
	assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.getElementById("messages").scrollWidth <= document.getElementById("messages").clientWidth));
	await ada.page.setViewportSize({ width: 1280, height: 800 });
});

test("nothing was complained of", async () => {
	assert.deepEqual(ada.complaints, []);
	assert.deepEqual(plain.complaints, []);
});

await run();
