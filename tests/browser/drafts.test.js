// What is written and not sent is the same on all devices of its writer, and is lost nowhere: not by two who write at once,
// not without a line, not by leaving, and not by sending.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const desk = await newPerson(snug);
const phone = await newPerson(snug, { viewport: { width: 390, height: 800 } });
for (const device of [desk, phone]) {
	await device.logIn(bob);
	device.isTolerant = true; // The browser reports each request that is held back or refused.
}

const field = (device) => device.page.locator("#content");
const has = (device, text) => until(`${JSON.stringify(text)} to be there`, async () => (await field(device).inputValue()) === text);
const onServer = async (channel) => (await bob.client.get(`/channels/${channel}/draft`)).json.content;
const saved = (channel, text) => until(`${JSON.stringify(text)} to be saved`, async () => (await onServer(channel)) === text);
const texts = async (channel) => (await history(owner.client, channel)).map((each) => each.content);
const make = async () => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room-") })).json.id;
const room = (channel) => `/channels/${owner.guild}/${channel}`;
const stored = (device) => device.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

async function enter(device, channel) {
	await device.open(room(channel));
	await device.page.locator("#messages[data-ready]").waitFor();
}

async function both(channel) {
	for (const device of [desk, phone]) await enter(device, channel);
}

/** Nothing reaches the server but what the page is loaded with. */
const cut = (device) => device.page.route("**/draft", (route) => route.abort());
const mend = (device) => device.page.unroute("**/draft");

test("what is written on one device stands on the other, where its reader was, and is told beside the name of the room", async () => {
	const [channel, elsewhere] = [await make(), await make()];
	for (const id of [channel, elsewhere]) await bob.client.put(`/channels/${id}/members/@me`);
	await both(channel);
	const third = await newPerson(snug);
	await third.logIn(bob);
	await enter(third, elsewhere);
	const mark = third.page.locator(`#c-${channel} .draft-mark`);
	assert.equal(await mark.isVisible(), false);
	await phone.page.focus("#messages");
	await field(desk).pressSequentially(" half a ");
	await has(phone, " half a ");
	assert.equal(await phone.page.evaluate(() => document.activeElement.id), "messages", "the focus stays");
	await mark.waitFor();
	assert.match(await third.page.locator(`#c-${channel} a`).first().innerText(), /\(draft\)/);
	await third.screen("drafts-mark-1280-light");
	await field(phone).pressSequentially("sentence");
	await has(desk, " half a sentence");
	assert.equal(await desk.page.evaluate(() => document.getElementById("content").selectionStart), 8, "the caret stays");
	await field(desk).fill("");
	await has(phone, "");
	await mark.waitFor({ state: "hidden" });
	assert.equal(await onServer(channel), "");
	third.assertQuiet();
	await third.context.close();
});

test("of two who write at once neither loses a word", async () => {
	const channel = await make();
	await both(channel);
	await field(desk).fill("we meet");
	await has(phone, "we meet");
	await cut(phone);
	await field(phone).fill("we meet at noon");
	await field(desk).fill("tomorrow we meet");
	await saved(channel, "tomorrow we meet");
	await mend(phone);
	await until("both to be on both", async () => {
		const [a, b, c] = [await field(desk).inputValue(), await field(phone).inputValue(), await onServer(channel)];
		return a === b && b === c && /tomorrow/.test(a) && /at noon/.test(a);
	});
});

test("what goes on from the other's words is one text", async () => {
	const channel = await make();
	await both(channel);
	await cut(phone);
	await field(desk).fill("one two");
	await saved(channel, "one two");
	await field(phone).fill("one two three");
	await mend(phone);
	await has(desk, "one two three");
	await has(phone, "one two three");
});

test("without a line it is kept here, through a reload, and is saved when the line is back", async () => {
	const channel = await make();
	await enter(desk, channel);
	await cut(desk);
	await field(desk).fill("written in a tunnel");
	await desk.page.reload();
	await has(desk, "written in a tunnel");
	assert.equal(await onServer(channel), "");
	await mend(desk);
	await saved(channel, "written in a tunnel");
	await until("nothing to be kept here any more", async () => !(await stored(desk)).includes("tunnel"));
});

test("who goes on writing and leaves before the answer to a save is there is not taken for two writers", async () => {
	const noon = "dear all, the meeting is at noon";
	for (const [text, leave] of [["forget it", "reload"], ["", "reload"], ["dear all, it is off", "reload"], ["forget it", "elsewhere"], ["", "elsewhere"]]) {
		const channel = await make();
		await enter(desk, channel);
		let release = () => {};
		const held = new Promise((resolve) => (release = resolve));
		await desk.page.route("**/draft", async (route) => {
			if (route.request().method() !== "POST") return route.continue();
			const response = await route.fetch();
			await held;
			await route.fulfill({ response }).catch(() => {}); // the page is gone
		}, { times: 1 });
		await field(desk).fill(noon);
		await saved(channel, noon);
		await field(desk).fill(text);
		if (leave === "elsewhere") await desk.open("/drafts");
		await enter(desk, channel);
		release();
		await has(desk, text);
		await saved(channel, text);
		await field(desk).pressSequentially("!");
		await saved(channel, `${text}!`);
		await has(desk, `${text}!`);
	}
});

test("a save whose answer was lost on the way is not taken for another writer's", async () => {
	const channel = await make();
	await enter(desk, channel);
	await desk.page.route("**/draft", async (route) => {
		await route.fetch();
		await route.abort();
	}, { times: 1 });
	await field(desk).fill("the first words");
	await saved(channel, "the first words");
	await field(desk).fill("others");
	await saved(channel, "others");
	await has(desk, "others");
});

test("who writes more than the server keeps is told that it is on this device alone", async () => {
	const channel = await make();
	await enter(desk, channel);
	const told = desk.page.getByText("Kept on this device only");
	await field(desk).fill("y".repeat(3950));
	await saved(channel, "y".repeat(3950));
	assert.equal(await told.isVisible(), false);
	await field(desk).fill("z".repeat(4010));
	await told.waitFor();
	await until("it to be kept here", async () => (await stored(desk)).includes("zzz"));
	await enter(desk, channel);
	await has(desk, "z".repeat(4010));
	await field(desk).fill("");
	await saved(channel, "");
	assert.equal(await told.isVisible(), false);
});

test("what was left behind without a line is saved from another room", async () => {
	const [channel, other] = [await make(), await make()];
	await enter(desk, channel);
	await cut(desk);
	await field(desk).fill("left behind");
	await enter(desk, other);
	await mend(desk);
	assert.equal(await onServer(channel), "");
	await desk.page.reload();
	await saved(channel, "left behind");
	await until("nothing to be kept here any more", async () => !(await stored(desk)).includes("behind"));
});

test("what was begun is there on a device that comes later, and nothing is sent while nothing changes", async () => {
	const channel = await make();
	await enter(desk, channel);
	await field(desk).fill("\n\n  for later ");
	await saved(channel, "\n\n  for later ");
	const posts = [];
	phone.page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/draft") && posts.push(request.postData()));
	await enter(phone, channel);
	assert.equal(await field(phone).inputValue(), "\n\n  for later ");
	await field(phone).focus();
	await field(phone).blur();
	await phone.page.reload();
	await field(phone).press("Control+End");
	await field(phone).pressSequentially("!");
	await until("the one change to be saved", () => posts.length > 0);
	assert.equal(new URLSearchParams(posts[0]).get("content"), "\n\n  for later !");
	phone.page.removeAllListeners("request");
});

test("who sends on one device has an empty field on both, and the draft is there until the message is", async () => {
	const channel = await make();
	await both(channel);
	await field(desk).fill("done");
	await has(phone, "done");
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await desk.page.route("**/messages", async (route) => {
		await held;
		await route.continue();
	});
	await desk.page.click("#composer button.send");
	await desk.articles("done").waitFor();
	await field(desk).pressSequentially("next");
	await desk.page.evaluate(() => document.getElementById("content").blur());
	await until("it to be kept here", async () => (await stored(desk)).includes("next"));
	assert.equal(await onServer(channel), "done", "nothing is taken away before the message is there");
	release();
	await saved(channel, "next");
	await has(phone, "next");
	assert.deepEqual(await texts(channel), ["done"]);
	await desk.page.unroute("**/messages");
	await phone.page.click("#composer button.send");
	await has(desk, "");
	await until("it to be posted", async () => (await texts(channel)).length === 2);
	assert.equal(await onServer(channel), "");
	assert.ok(!(await stored(desk)).includes("next"));
});

test("a message that did not go stays a draft, here and on the other device, until it has gone", async () => {
	const channel = await make();
	await both(channel);
	await desk.page.route("**/messages", (route) => route.fulfill({ status: 503, body: "" }));
	await desk.say("not yet");
	await desk.page.locator("#list article[data-failed]").waitFor();
	await has(phone, "not yet");
	await field(desk).fill("and more");
	await has(phone, "not yet\n\nand more");
	await desk.page.unroute("**/messages");
	await desk.page.getByRole("button", { name: "Retry" }).click();
	await has(phone, "and more");
	assert.deepEqual(await texts(channel), ["not yet"]);
	assert.equal(await field(desk).inputValue(), "and more");
});

test("what is to be sent later takes its draft with it", async () => {
	const channel = await make();
	await both(channel);
	await field(desk).fill("on Monday");
	await has(phone, "on Monday");
	await field(desk).pressSequentially(" at nine");
	await Promise.all([desk.page.waitForURL("**/schedule"), desk.page.click(".send-later")]);
	assert.equal(await field(desk).inputValue(), "on Monday at nine");
	await has(phone, "on Monday at nine");
	await desk.page.fill("#send_at", new Date(Date.now() + 86_400_000).toISOString().slice(0, 16));
	await desk.submit();
	await has(phone, "");
	await enter(desk, channel);
	assert.equal(await field(desk).inputValue(), "");
});

test("whoever uses the browser next finds nothing of it, and its writer finds all of it", async () => {
	const channel = await make();
	const person = await newPerson(snug);
	await person.logIn(bob);
	await enter(person, channel);
	await field(person).fill("not for others");
	await Promise.all([person.page.waitForURL("**/login"), person.page.click(".sidebar-foot button")]);
	assert.ok(!(await stored(person)).includes("others"));
	assert.equal(await onServer(channel), "not for others");
	const carol = await invitePerson(owner);
	await person.logIn(carol);
	await enter(person, channel);
	assert.equal(await field(person).inputValue(), "");
	person.assertQuiet();
	await person.context.close();
});

test("what somebody left who was logged out is thrown away with the next person's first room", async () => {
	const channel = await make();
	const person = await newPerson(snug);
	await person.logIn(bob);
	await enter(person, channel);
	person.isTolerant = true;
	await cut(person);
	await field(person).fill("left by bob");
	await person.context.clearCookies();
	const carol = await invitePerson(owner);
	await person.logIn(carol);
	await enter(person, channel);
	await until("it to be gone", async () => !(await stored(person)).includes("bob"));
	assert.equal(await field(person).inputValue(), "");
	await person.context.close();
});

test("who logs out leaves nothing of it in the browser, and can log out of one that keeps nothing", async () => {
	const channel = await make();
	for (const keeps of [true, false]) {
		const person = await newPerson(snug);
		await person.logIn(bob);
		if (!keeps) await person.page.addInitScript(() => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } }));
		await enter(person, channel);
		person.isTolerant = true;
		await cut(person);
		await field(person).fill("left behind");
		if (keeps) await until("it to be kept", async () => (await stored(person)).includes("left behind"));
		await person.page.evaluate(() => document.querySelector('form[action="/logout"]').requestSubmit());
		await person.page.waitForURL("**/login*");
		if (keeps) assert.equal(await stored(person), "[{},{}]");
		await person.context.close();
	}
});

test("without a script it is saved by a button, and stands in the field as it was written", async () => {
	const channel = await make();
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(bob);
	await plain.open(room(channel));
	await plain.fill({ content: "\n<b>bold</b> </textarea> & \"so\"\n " });
	await Promise.all([plain.page.waitForNavigation(), plain.page.getByRole("button", { name: "Save draft" }).click()]);
	assert.equal(await field(plain).inputValue(), "\n<b>bold</b> </textarea> & \"so\"\n ");
	await plain.screen("drafts-plain-1280-light");
	await plain.open("/drafts");
	assert.match(await plain.page.locator("main").innerText(), /<b>bold<\/b>/);
	await plain.page.getByRole("link", { name: /Continue/ }).first().click();
	await plain.page.click("#composer button.send");
	await plain.page.locator("#list article").waitFor();
	assert.equal(await onServer(channel), "");
	assert.equal(await field(plain).inputValue(), "");
	plain.assertQuiet();
	await plain.context.close();
});

await run();
