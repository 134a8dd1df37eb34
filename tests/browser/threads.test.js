// Threads in the browser: the line below a message grows while one looks, a thread's room is as live as any, and what
// changes around it is seen at once.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const person = await newPerson(snug);
await person.logIn(bob);
const { page } = person;
const start = async (message, name) => (await owner.client.post(`/channels/${owner.channel}/messages/${message}/threads`, { name })).json.id;

test("the line below a message comes with its thread and counts what is said there", async () => {
	const { id } = await owner.client.send(owner.channel, "What shall we call it?");
	await person.open(home);
	await until("the message is there", async () => (await page.locator(`#m-${id}`).count()) === 1);
	await start(id, "Names");
	const line = page.locator(`#m-${id} .message-thread`);
	await until("the line came", async () => (await line.count()) === 1);
	assert.match(await line.innerText(), /No replies yet/);
	await owner.client.send(id, "Snug");
	await until("it counts one", async () => /1 reply/.test(await line.innerText()));
	const second = await owner.client.send(id, "Snugger");
	await until("and two", async () => /2 replies/.test(await line.innerText()));
	await owner.client.delete(`/channels/${id}/messages/${second.id}`);
	await until("and one again", async () => /1 reply/.test(await line.innerText()));
	await line.click();
	await until("its room is open", async () => new URL(page.url()).pathname === `/channels/${owner.guild}/${id}`);
	assert.match(await page.locator(".thread-starter").innerText(), /What shall we call it/);
});

test("a thread's room is live, and a message written there goes to its channel too if asked", async () => {
	const { id } = await owner.client.send(owner.channel, "Lunch?");
	await start(id, "Lunch");
	await person.open(`/channels/${owner.guild}/${id}`);
	await until("a message arrives", async () => {
		await owner.client.send(id, "Soup");
		return page.locator("#list .message", { hasText: "Soup" }).first().isVisible();
	}, { pause: 300 });
	await page.locator("#also-in-channel").check();
	await page.locator("#content").fill("Bread for all");
	await page.locator("#content").press("Enter");
	await until("it was taken", async () => (await page.locator("#list .message[data-id]", { hasText: "Bread for all" }).count()) === 1);
	assert.equal(await page.locator("#also-in-channel").isChecked(), false);
	await until("the channel has it", async () => (await owner.client.get(`/channels/${owner.channel}/messages`)).json.some((each) => each.content === "Bread for all"));
	// Whoever writes follows: it stands in the sidebar below its channel.
	await until("the sidebar has it", async () => (await page.locator(`#c-${owner.channel} #c-${id}`).count()) === 1);
});

test("a thread that was deleted is gone from under its reader", async () => {
	const { id } = await owner.client.send(owner.channel, "Short");
	await start(id, "Lived");
	await person.open(`/channels/${owner.guild}/${id}`);
	await until("it is live", async () => {
		await owner.client.send(id, "secret words");
		return page.locator("#list .message", { hasText: "secret words" }).first().isVisible();
	}, { pause: 300 });
	await owner.client.delete(`/channels/${id}`);
	await until("nothing of it is left", async () => !(await page.locator("#room").innerText()).includes("secret words"));
});

test("without a script a thread is followed and left by its buttons", async () => {
	const { id } = await owner.client.send(owner.channel, "Plain");
	await start(id, "Plain thread");
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(bob);
	await plain.open(`/channels/${owner.guild}/${id}`);
	await plain.page.getByRole("button", { name: "Follow" }).click();
	await plain.page.getByRole("button", { name: "Unfollow" }).click();
	await plain.page.getByRole("button", { name: "Follow", exact: true }).waitFor();
});

await run();
