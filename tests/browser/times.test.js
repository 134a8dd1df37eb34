// Times are in the zone of whoever reads, on every page; without a script they are in UTC and say so.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test } from "../lib/test.js";

/** A quarter of an hour off any other zone, so that no minute is right by chance. */
const ZONE = "Asia/Kathmandu";
const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const sent = await owner.client.send(owner.channel, "A word to be kept <t:1735689600:f>");
await owner.client.put(`/users/@me/saved/${owner.channel}/${sent.id}`);
await owner.client.put(`/channels/${owner.channel}/pins/${sent.id}`);
await owner.client.patch(`/channels/${owner.channel}/messages/${sent.id}`, { content: "A word that was edited <t:1735689600:f>" });
await owner.client.post(`/channels/${owner.channel}/messages`, { poll: { question: { text: "When?" }, answers: [{ poll_media: { text: "Now" } }, { poll_media: { text: "Later" } }] } });
const thread = (await owner.client.post(`/channels/${owner.channel}/messages/${sent.id}/threads`, { name: "About the word" })).json;
await owner.client.send(thread.id, "said in it");
await owner.client.post(`/guilds/${owner.guild}/invites`, { max_age: 3600 });
await owner.client.put(`/users/@me/blocks/${bob.user.id}`);

const workspace = `/guilds/${owner.guild}`;
const pages = [home, "/saved", `${home}/pins`, `${home}/threads`, `${home}/messages/${sent.id}`, `${home}/messages/${sent.id}/history`, `${home}/messages/${sent.id}/forward`,
	`${workspace}/search?q=word`, `${workspace}/audit`, `${workspace}/invites`, `${workspace}/members`, "/account/security", "/account/blocks"];

/** Each <time> that is shown: what it says, and what the browser's own calendar says of the same moment in a zone. */
const times = (page, timeZone) => page.evaluate((zone) => {
	const parts = (at, options) => new Intl.DateTimeFormat("en", { timeZone: zone, ...options }).format(at);
	return [...document.querySelectorAll("time[datetime]")].filter((time) => time.checkVisibility()).map((time) => {
		const at = new Date(time.dateTime);
		return {
			where: time.outerHTML, text: time.innerText, hasClock: /\d:\d\d/.test(time.innerText), isMoment: time.dateTime.length > 10,
			minute: parts(at, { minute: "2-digit" }).padStart(2, "0"), day: parts(at, { day: "numeric" }), isDay: time.closest(".day") !== null,
			isInRun: time.closest("[data-continued]") !== null,
		};
	});
}, timeZone);

test("with a script every time is in the reader's own zone", async () => {
	const reader = await newPerson(snug, { timezoneId: ZONE, locale: "en-GB" });
	await reader.logIn(owner);
	for (const location of pages) {
		await reader.open(location);
		await reader.page.waitForLoadState("load");
		const all = await times(reader.page, ZONE);
		assert.ok(all.length > 0, location);
		for (const { where, text, hasClock, minute, day, isMoment, isDay } of all) {
			assert.doesNotMatch(text, /UTC/, `${location}: ${where}`);
			assert.ok(isMoment || isDay, `${location}: a moment and not only its day: ${where}`);
			if (hasClock) assert.match(text, new RegExp(`:${minute}`), `${location}: ${where}`);
			else if (isMoment) assert.match(text, new RegExp(`\\b${day}\\b`), `${location}: ${where}`);
		}
	}
	reader.assertQuiet();
	await reader.context.close();
});

test("a message is sent later at the time of whoever writes it, which stands in the form again when it is refused", async () => {
	const writer = await newPerson(snug, { timezoneId: ZONE });
	await writer.logIn(owner);
	const { page } = writer;
	const send = () => Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Send later" }).click()]);
	await writer.open(`${home}/schedule`);
	await page.fill("#content", "too late");
	await page.evaluate(() => document.getElementById("send_at").removeAttribute("min"));
	await page.fill("#send_at", "2020-01-02T10:00");
	writer.isTolerant = true; // The browser reports the 400.
	await send();
	writer.isTolerant = false;
	await page.locator("#send_at-error").waitFor();
	assert.equal(await page.inputValue("#send_at"), "2020-01-02T10:00");
	const tomorrow = Date.now() + 86_400_000;
	const minutes = (ms) => new Date(ms).toISOString().slice(0, 16);
	await page.fill("#send_at", minutes(tomorrow + 5.75 * 3_600_000)); // as far east as the zone is
	await send();
	const { json } = await owner.client.get("/users/@me/scheduled-messages");
	assert.ok(JSON.stringify(json).includes(`"send_at":"${minutes(tomorrow)}`), JSON.stringify(json));
	writer.assertQuiet();
	await writer.context.close();
});

test("without a script every time of day is in UTC and says so", async () => {
	const reader = await newPerson(snug, { javaScriptEnabled: false, timezoneId: ZONE });
	await reader.logIn(owner);
	for (const location of pages) {
		await reader.open(location);
		const all = await times(reader.page, "UTC");
		assert.ok(all.length > 0, location);
		for (const { where, text, hasClock, minute, isInRun } of all) {
			if (!hasClock || isInRun) continue; // The first of a run says it for all.
			assert.match(text, /UTC/, `${location}: ${where}`);
			assert.match(text, new RegExp(`:${minute}`), `${location}: ${where}`);
		}
	}
	await reader.context.close();
});

await run();
