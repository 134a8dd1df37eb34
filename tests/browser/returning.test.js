// Whoever comes back to a room is where they were: after a reload, by the back button, and from another room.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const other = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "elsewhere" })).json.id;
const sent = [];
for (let i = 0; i < 150; i++) sent.push(await owner.client.send(owner.channel, `line ${i};`));
const person = await newPerson(snug);
await person.logIn(owner);
const { page } = person;

const top = (i) => page.evaluate((id) => document.getElementById(`m-${id}`)?.getBoundingClientRect().top ?? null, sent[i].id);
const atEnd = () => page.evaluate(() => Math.abs(document.getElementById("messages").scrollTop) <= 1);
const ready = () => page.locator("#messages[data-ready]").waitFor();

/** Puts a line in the middle of the window, and says where that is. */
async function look(i) {
	await page.evaluate((id) => document.getElementById(`m-${id}`).scrollIntoView({ block: "center" }), sent[i].id);
	return top(i);
}

async function isThere(i, before) {
	await ready();
	await until(`line ${i} is where it was`, async () => Math.abs(((await top(i)) ?? 1e9) - before) < 2);
}

test("a reload, the back button and a link from another room lead to where one was", async () => {
	await person.open(home);
	await ready();
	const before = await look(115);
	await page.reload();
	await isThere(115, before);
	await Promise.all([page.waitForURL(`**/${other}`), page.click(`#c-${other} a`)]);
	await page.goBack();
	await isThere(115, before);
	await Promise.all([page.waitForURL(`**/${other}`), page.click(`#c-${other} a`)]);
	await Promise.all([page.waitForURL(`**/${owner.channel}`), page.click(`#c-${owner.channel} a`)]);
	await isThere(115, before);
	await page.click("#content");
	await person.say("said from above");
	await until("who writes is at the present", atEnd);
	await page.reload();
	await ready();
	await until("and stays there", atEnd);
});

test("where one was may be older than what a room shows at first", async () => {
	await person.open(home);
	await ready();
	await person.open(`${home}?around=${sent[20].id}#m-${sent[20].id}`);
	await ready();
	await person.open(home);
	await ready();
	assert.equal(await atEnd(), true, "a message that was looked up is not where one was");
	await page.locator("#older").dispatchEvent("click"); // A real one scrolls there first, which loads what is older by itself: again and again.
	await until("older ones are there", async () => (await top(70)) !== null);
	const before = await look(70);
	await page.reload();
	await isThere(70, before);
	assert.equal(await page.locator("#present").isVisible(), true, "and the present is a button away");
	await page.locator("#present a").click();
	await until("it is reached", atEnd);
});

test("who comes anew to what is unread begins there", async () => {
	await person.open(home);
	await ready();
	await look(115);
	await person.open(`/channels/${owner.guild}/${other}`);
	await ready();
	for (let i = 0; i < 60; i++) await bob.client.send(owner.channel, `fresh ${i};`);
	await page.locator(`#c-${owner.channel}[data-unread="60"]`).waitFor();
	await page.click(`#c-${owner.channel} a`);
	await page.locator("#unread").waitFor();
	await ready();
	await until("the line is in sight", () => page.evaluate(() => {
		const { top, bottom } = document.getElementById("messages").getBoundingClientRect();
		const line = document.getElementById("unread").getBoundingClientRect();
		return line.top >= top && line.bottom <= bottom;
	}));
	person.assertQuiet();
});

await run();
