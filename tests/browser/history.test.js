// The list of messages in a page that stays open: bounded however long and far one reads, and without gap or repeat where
// events, pages of history and the reader's own way meet.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const ada = await newPerson(snug);
await ada.logIn(owner);
const { page } = ada;

const MOST = 300;
const make = async (name) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name })).json.id;
const room = (id) => `/channels/${owner.guild}/${id}`;
const post = async (channel, from, to) => {
	for (let i = from; i < to; i++) await bob.client.send(channel, `number ${i};`);
};
/** The numbers in the list from top to bottom. */
const numbers = () => page.$$eval("#list > article", (all) => all.map((each) => Number(/number (\d+);/.exec(each.textContent)?.[1])));
const scrollTo = (where) => page.evaluate((to) => {
	const history = document.getElementById("messages");
	history.scrollTop = to === "top" ? -history.scrollHeight : 0;
}, where);
/** Scrolls that way until the list begins or ends with the number. */
const scrollUntil = (where, number) => until(`${number} is there`, async () => {
	await scrollTo(where);
	return (await numbers()).at(where === "top" ? 0 : -1) === number;
}, 20_000);
const assertWhole = (found, message) => assert.deepEqual(found, Array.from(found, (_, i) => found[0] + i), message);

/** Holds what the page fetches from addresses that match, until it is released. */
async function hold(pattern) {
	let release, asked;
	const held = new Promise((resolve) => (release = resolve));
	const begun = new Promise((resolve) => (asked = resolve));
	await page.route(pattern, async (route) => {
		const reply = await route.fetch();
		asked();
		await held;
		await route.fulfill({ response: reply }).catch(() => {}); // of two that were held the first lets the other go
		await page.unroute(pattern);
	});
	return { begun, release };
}

const busy = await make("busy");
await ada.open(room(busy));
await post(busy, 0, MOST + 60);

test("in a room that is open from its first message on, the oldest go and are led back to", async () => {
	await until("the last came", async () => (await numbers()).at(-1) === MOST + 59);
	const all = await numbers();
	assert.equal(all.length, MOST);
	assertWhole(all);
	assert.equal(await page.locator(".beginning").count(), 0, "this is no longer where the channel begins");
	assert.equal(await page.locator("#list > :first-child.day").count(), 1, "the day is named above the first that is left");
	assert.equal(await page.locator("#older").count(), 1);
});

test("whoever reads far up and down again has a list that is bounded and whole", async () => {
	await scrollUntil("top", 0);
	let all = await numbers();
	assert.ok(all.length <= MOST, `${all.length} messages`);
	assertWhole(all);
	assert.equal(await page.locator(".beginning").count(), 1);
	assert.equal(await page.getAttribute("#room", "data-latest"), null, "it does not end at the present");
	assert.equal(await page.locator("#present").isVisible(), true);
	await scrollUntil("bottom", MOST + 59);
	all = await numbers();
	assert.ok(all.length <= MOST, `${all.length} messages`);
	assertWhole(all);
	await until("it ends at the present", async () => (await page.getAttribute("#room", "data-latest")) !== null);
	assert.equal(await page.locator("#newer").count(), 0);
});

test("what is read stays under the eye while the list is cut behind it", async () => {
	await ada.open(`${room(busy)}?around=${(await bob.client.get(`/channels/${busy}/messages?limit=100`)).json.at(-1).id}`);
	const watched = await page.evaluate(() => {
		globalThis.jumps = [];
		const history = document.getElementById("messages");
		globalThis.watch = () => {
			const top = history.getBoundingClientRect().top;
			return [...document.querySelectorAll("#list > article")].find((each) => each.getBoundingClientRect().top > top + 20);
		};
		new MutationObserver(() => {
			const was = globalThis.seen;
			if (was?.article.isConnected) globalThis.jumps.push(Math.abs(was.article.getBoundingClientRect().top - was.top));
		}).observe(document.getElementById("list"), { childList: true });
		return true;
	});
	assert.ok(watched);
	for (let i = 0; i < 8; i++) {
		const first = (await numbers())[0];
		if (first === 0) break;
		await page.evaluate(() => {
			const history = document.getElementById("messages");
			history.scrollTop = -history.scrollHeight + history.clientHeight + 100;
			const article = globalThis.watch();
			globalThis.seen = { article, top: article.getBoundingClientRect().top };
		});
		await until("older ones came", async () => (await numbers())[0] < first);
	}
	assert.ok((await page.evaluate(() => globalThis.jumps)).every((jump) => jump < 2), JSON.stringify(await page.evaluate(() => globalThis.jumps)));
});

test("a message that comes while the last newer page is on its way is not lost", async () => {
	const channel = await make("meeting");
	await post(channel, 0, 60);
	const first = (await bob.client.get(`/channels/${channel}/messages?limit=60`)).json.at(-1).id;
	const last = await hold(/\?after=/);
	await ada.open(`${room(channel)}?around=${first}`);
	await scrollTo("bottom");
	await last.begun;
	const unread = () => page.getAttribute(`#c-${channel}`, "data-unread");
	const before = await unread();
	await bob.client.send(channel, "number 60;");
	await until("the page heard of it", async () => (await unread()) !== before);
	last.release();
	await scrollUntil("bottom", 60);
	assertWhole(await numbers());
});

test("older messages that come when the list has been cut meanwhile leave no gap", async () => {
	const channel = await make("hurried");
	await post(channel, 0, 100);
	await ada.open(room(channel));
	const older = await hold(/\?before=/);
	await scrollTo("top");
	await older.begun;
	await scrollTo("bottom");
	await post(channel, 100, 400);
	await until("they came", async () => (await numbers()).at(-1) === 399);
	older.release();
	await scrollUntil("top", 0);
	assertWhole(await numbers());
});

test("the focus goes to the next message when the one that has it is deleted", async () => {
	const channel = await make("focus");
	const sent = [];
	for (const text of ["one", "two", "three"]) sent.push(await bob.client.send(channel, text));
	await ada.open(room(channel));
	await page.focus(`#m-${sent[1].id}`);
	await bob.client.delete(`/channels/${channel}/messages/${sent[1].id}`);
	await until("it is gone", async () => (await page.locator(`#m-${sent[1].id}`).count()) === 0);
	assert.equal(await page.evaluate(() => document.activeElement.id), `m-${sent[2].id}`);
});

test("nothing was complained of", async () => ada.assertQuiet());

await run();
