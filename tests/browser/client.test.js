// The browser client: optimistic echo, honest connection state, retries that post once.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, nonce, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const colleague = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const count = async (text) => (await history(owner.client, owner.channel)).filter((each) => each.content === text).length;
const ada = await newPerson(snug);
await ada.logIn(owner);

/** Waits until the page follows: a message by another arrives. */
async function follows(person) {
	const text = `ping ${nonce()}`;
	await colleague.client.send(owner.channel, text);
	await person.seesOne(text);
}

test("my message is there before the server has it, pending, and its echo takes its place: one article", async () => {
	await follows(ada);
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await ada.page.route("**/messages", async (route) => {
		await held;
		await route.continue();
	});
	await ada.say("optimistic");
	const article = ada.articles("optimistic");
	await article.waitFor();
	assert.notEqual(await article.getAttribute("data-pending"), null);
	assert.equal(await count("optimistic"), 0, "the server has not seen it");
	assert.equal(await ada.page.inputValue("#content"), "", "the composer is free for the next");
	release();
	await until("the echo has its place", async () => /^m-\d+$/.test((await article.getAttribute("id")) ?? ""));
	await ada.seesOne("optimistic");
	assert.equal(await article.getAttribute("data-pending"), null);
	await ada.page.unroute("**/messages");
	await follows(ada);
	await ada.seesOne("optimistic");
	assert.equal(await count("optimistic"), 1);
});

test("ten messages in a row stay in the order in which they were written, each once", async () => {
	for (let i = 0; i < 10; i++) await ada.say(`row ${i};`);
	await until("all are sent", async () => (await ada.page.locator("#list article[data-pending]").count()) === 0);
	const texts = (await ada.page.locator("#list article .content").allInnerTexts()).filter((each) => each.startsWith("row"));
	assert.deepEqual(texts, Array.from({ length: 10 }, (_, i) => `row ${i};`));
	assert.deepEqual((await history(owner.client, owner.channel)).map((each) => each.content).filter((each) => each.startsWith("row")), texts);
});

test("a send that fails shows Retry, and Retry posts once with the same nonce", async () => {
	const bodies = [];
	ada.isTolerant = true;
	await ada.page.route("**/messages", async (route) => {
		bodies.push(new URLSearchParams(route.request().postData()));
		await route.abort();
	});
	await ada.say("will fail");
	const retry = ada.articles("will fail").locator(".retry");
	await retry.waitFor();
	assert.equal(await count("will fail"), 0);
	await ada.page.unroute("**/messages");
	ada.page.on("request", (request) => request.method() === "POST" && /messages$/.test(request.url()) && bodies.push(new URLSearchParams(request.postData())));
	await retry.click();
	await until("it is posted", async () => (await count("will fail")) === 1);
	await until("and settled", async () => /^m-\d+$/.test((await ada.articles("will fail").getAttribute("id")) ?? ""));
	await ada.seesOne("will fail");
	assert.equal(new Set(bodies.map((each) => each.get("nonce"))).size, 1, "the nonce is kept");
	ada.isTolerant = false;
});

test("a reply that is lost after the server has posted: retrying does not post again", async () => {
	ada.isTolerant = true;
	await ada.page.route("**/live?*", (route) => route.abort());
	const bob = await newPerson(snug);
	await bob.logIn(colleague);
	bob.isTolerant = true;
	await bob.page.route("**/live?*", (route) => route.abort());
	await bob.page.reload();
	await bob.page.route("**/messages", async (route) => {
		await route.fetch();
		await route.abort();
	});
	await bob.say("reply lost");
	await bob.articles("reply lost").locator(".retry").waitFor();
	assert.equal(await count("reply lost"), 1, "it was posted");
	await bob.page.unroute("**/messages");
	await bob.articles("reply lost").locator(".retry").click();
	await until("settled", async () => /^m-\d+$/.test((await bob.articles("reply lost").getAttribute("id")) ?? ""));
	await bob.seesOne("reply lost");
	assert.equal(await count("reply lost"), 1);
	await ada.page.unroute("**/live?*");
	ada.isTolerant = false;
	await bob.context.close();
});

test("a refused message says why and can be discarded, and the others go on", async () => {
	ada.isTolerant = true;
	/* A limit that the page does not know: it was another one when the page was loaded. */
	await ada.page.evaluate(() => (document.getElementById("composer").dataset.maxChars = "9999"));
	await ada.say("y".repeat(4001));
	const failed = ada.page.locator("#list article[data-failed]");
	await failed.waitFor();
	assert.ok((await failed.locator(".message-failed-why").innerText()).length > 5, "it says why");
	await ada.say("after the refused one");
	await until("the next is sent", async () => (await count("after the refused one")) === 1);
	await failed.locator(".discard").click();
	await failed.waitFor({ state: "detached" });
	ada.isTolerant = false;
});

test("a lost connection is told honestly and caught up without reload", async () => {
	await follows(ada);
	ada.isTolerant = true;
	const navigations = ada.navigations;
	await ada.page.evaluate(() => (window.stamp = "same page"));
	const banner = ada.page.locator("#connection");
	assert.equal(await banner.isVisible(), false);
	process.kill(snug.pid, "SIGSTOP"); // so that nobody replaces it
	try {
		const lostAt = performance.now();
		process.kill(snug.parentOf("snug-live").pid, "SIGKILL");
		await banner.waitFor();
		assert.ok(performance.now() - lostAt > 3000, "a short break is nobody's business");
		await ada.screen("connection-lost");
		for (const text of ["missed one", "missed two"]) await colleague.client.send(owner.channel, text);
		assert.equal(await ada.articles("missed one").count(), 0);
	} finally {
		process.kill(snug.pid, "SIGCONT");
	}
	await ada.articles("missed two").waitFor();
	await ada.seesOne("missed one");
	await ada.seesOne("missed two");
	await banner.waitFor({ state: "hidden" });
	assert.equal(ada.navigations, navigations, "no reload");
	assert.equal(await ada.page.evaluate(() => window.stamp), "same page");
	ada.isTolerant = false;
});

test("what is written while the line is down is sent in order when it is back", async () => {
	ada.isTolerant = true;
	await ada.context.setOffline(true);
	for (const text of ["offline 1", "offline 2", "offline 3"]) await ada.say(text);
	assert.equal(await ada.page.locator("#list article", { hasText: "offline" }).count(), 3, "the composer stays usable");
	await ada.context.setOffline(false);
	await until("all are posted", async () => (await count("offline 3")) === 1, { pause: 200 });
	const texts = (await history(owner.client, owner.channel)).map((each) => each.content).filter((each) => each.startsWith("offline"));
	assert.deepEqual(texts, ["offline 1", "offline 2", "offline 3"]);
	for (const text of texts) await ada.seesOne(text);
	ada.isTolerant = false;
});

test("an edit and a deletion by somebody else reach the open page in place", async () => {
	await follows(ada);
	const one = await colleague.client.send(owner.channel, "before the edit");
	const two = await colleague.client.send(owner.channel, "to be deleted");
	await ada.seesOne("to be deleted");
	await colleague.client.patch(`/channels/${owner.channel}/messages/${one.id}`, { content: "after the edit" });
	await ada.seesOne("after the edit");
	assert.equal(await ada.page.locator(`#m-${one.id} .edited`).count(), 1);
	await colleague.client.delete(`/channels/${owner.channel}/messages/${two.id}`);
	await ada.page.locator(`#m-${two.id}`).waitFor({ state: "detached" });
	const order = await ada.page.locator("#list article[data-id]").evaluateAll((all) => all.map((each) => each.dataset.id));
	assert.deepEqual(order, [...order].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)), "the order of ids");
});

test("Enter sends and Shift+Enter breaks the line", async () => {
	await ada.page.click("#content");
	await ada.page.keyboard.type("first");
	await ada.page.keyboard.press("Shift+Enter");
	await ada.page.keyboard.type("second");
	await ada.page.keyboard.press("Enter");
	await until("it is posted", async () => (await count("first\nsecond")) === 1);
	assert.equal(await ada.page.inputValue("#content"), "");
});

test("older messages come in above, and what one reads stays under the eye", async () => {
	const channel = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "long" })).json.id;
	for (let i = 0; i < 130; i++) await owner.client.send(channel, `line ${i};`);
	const person = await newPerson(snug);
	await person.logIn(owner);
	await person.open(`/channels/${owner.guild}/${channel}`);
	assert.equal(await person.page.locator("#list article").count(), 50);
	const anchor = person.page.locator("#list article", { hasText: "line 80;" });
	await anchor.scrollIntoViewIfNeeded();
	const before = (await anchor.boundingBox()).y;
	await until("older ones are loaded", async () => (await person.page.locator("#list article").count()) >= 100);
	const after = (await anchor.boundingBox()).y;
	assert.ok(Math.abs(after - before) < 120, `it moved from ${before} to ${after}`);
	const texts = await person.page.locator("#list article .content").allInnerTexts();
	assert.deepEqual(texts.slice(-100), Array.from({ length: 100 }, (_, i) => `line ${30 + i};`), "no gap and no overlap");
	person.assertQuiet();
	await person.context.close();
});

test("a channel that is made appears in the list of open pages, and one that is deleted goes", async () => {
	await follows(ada);
	const made = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "fresh channel" })).json;
	const item = ada.page.locator("#sidebar .channel", { hasText: "fresh channel" });
	await item.waitFor();
	await owner.client.delete(`/channels/${made.id}`);
	await item.waitFor({ state: "detached" });
});

test("hostile text stays text when it comes live", async () => {
	await follows(ada);
	for (const text of ["<img src=x onerror=\"window.hacked=1\">", "</article><script>window.hacked=1</script>", "{{content}}"]) {
		await colleague.client.send(owner.channel, text);
		await until("it is shown as typed", async () => (await ada.page.locator("#list article .content").allInnerTexts()).includes(text));
	}
	assert.equal(await ada.page.evaluate(() => window.hacked), undefined);
	await ada.page.reload();
	assert.equal(await ada.page.evaluate(() => window.hacked), undefined);
});

test("nothing in all that made the page complain", async () => {
	ada.assertQuiet();
});

await run();
