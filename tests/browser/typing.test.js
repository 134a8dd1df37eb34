// Who is typing: one line, in a place that is always kept, for as long as it is so by the clock; and when others are told.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const join = (display_name) => invitePerson(owner, { display_name });
const [bob, cleo, dan] = [await join("Bob"), await join("Cleo"), await join("Dan")];
const home = `/channels/${owner.guild}/${owner.channel}`;
const types = async (who, channel = owner.channel) => assert.equal((await who.client.post(`/channels/${channel}/typing`)).status, 204);

/** Somebody's open page, which follows. Its clock stands, unless it runs: however slow the machine, nothing ends by itself. */
async function open(who, { location = home, isRunning = false, ...options } = {}) {
	const person = await newPerson(snug, options);
	if (!isRunning) await person.page.clock.install();
	await person.logIn(who);
	await person.page.addInitScript(() => {
		const real = window.fetch;
		window.told = [];
		window.fetch = (url, options) => {
			if (String(url).endsWith("/typing")) window.told.push(String(options.body));
			return real(url, options);
		};
	});
	const [follows] = await Promise.all([person.page.waitForResponse(/\/live\?/), person.open(location)]);
	assert.equal(follows.status(), 200);
	if (!isRunning) await person.page.clock.pauseAt(await person.page.evaluate(() => Date.now() + 1000));
	/** Lets the page's timers do what is due. */
	person.turn = () => (isRunning ? undefined : person.page.clock.runFor(20));
	person.line = () => person.page.locator("#typing").textContent();
	/** What it has sent to tell others, once all that was typed before has been looked at. */
	person.told = () => person.page.evaluate(async () => {
		await import(document.querySelector('script[type="module"]').src.replace(/main\.js$/, "typing.js"));
		return window.told;
	});
	person.says = (text) => until(`the line says "${text}"`, async () => {
		await person.turn();
		return (await person.line()) === text;
	});
	person.sees = (text) => until(`"${text}" is there`, async () => {
		await person.turn();
		return (await person.articles(text).count()) === 1;
	});
	return person;
}

/** Something that the page shows after all that came before. */
async function later(person, channel = owner.channel) {
	const text = `later ${Math.random()}`;
	await owner.client.send(channel, text);
	await person.sees(text);
}

/** Says it until the page has heard: a page that has just opened may not follow yet. */
const isTold = (person, who, text) => until(`the line says "${text}"`, async () => {
	await types(who);
	return (await person.line()) === text;
});

const boxes = (person) => person.page.evaluate(() => ["#room-foot", ".composer-row", "#content", "#typing"].map((each) => {
	const { x, y, width, height } = /** @type {Element} */ (document.querySelector(each)).getBoundingClientRect();
	return { each, x, y, width, height };
}));

const setVisible = (person, state) => person.page.evaluate((value) => {
	Object.defineProperty(document, "visibilityState", { configurable: true, get: () => value });
	document.dispatchEvent(new Event("visibilitychange"));
}, state);

test("what one types another is told of, nothing moves, and the message ends it", async () => {
	const [ada, reader] = [await open(owner, { isRunning: true }), await open(bob)];
	const [before, history] = [await boxes(reader), await reader.page.locator("#messages").boundingBox()];
	await ada.page.locator("#content").pressSequentially("Hello there");
	await reader.says("Ada is typing…");
	assert.deepEqual([await boxes(reader), await reader.page.locator("#messages").boundingBox()], [before, history], "nothing has moved");
	assert.equal(await reader.page.locator("#typing").getAttribute("aria-live"), null, "and nothing is read out");
	assert.equal(await reader.page.locator("#typing").evaluate((line) => line.closest("[aria-live], [role=status], [role=log]")), null);
	assert.equal(await ada.line(), "", "who types is not told");
	await ada.page.keyboard.press("Enter");
	await reader.sees("Hello there");
	assert.equal(await reader.line(), "", "their message ends it at once");
	await later(ada);
	assert.equal(await ada.line(), "");
	assert.deepEqual(await boxes(reader), before);
	for (const each of [ada, reader]) {
		each.assertQuiet();
		await each.context.close();
	}
});

test("one, two, several; and of each it ends after ten seconds by the clock", async () => {
	const reader = await open(bob);
	await isTold(reader, owner, "Ada is typing…");
	await types(cleo);
	await reader.says("Ada and Cleo are typing…");
	await types(dan);
	await reader.says("Several people are typing…");
	await reader.page.clock.fastForward(10_100);
	assert.equal(await reader.line(), "");
	reader.assertQuiet();
	await reader.context.close();
});

test("a page that slept says nothing of who typed before, nor of what it finds in its line", async () => {
	const reader = await open(bob);
	await isTold(reader, cleo, "Cleo is typing…");
	await setVisible(reader, "hidden");
	assert.equal(await reader.line(), "", "nothing is there that could be seen first on coming back");
	await setVisible(reader, "visible");
	assert.equal(await reader.line(), "Cleo is typing…");
	const [old, fresh] = await reader.page.evaluate(async (id) => {
		const { heard } = await import(document.querySelector('script[type="module"]').src.replace(/main\.js$/, "typing.js"));
		const line = document.getElementById("typing");
		const at = Number(line.querySelector("bdi").dataset.at);
		heard(`<bdi data-user="${id}" data-at="${at - 30000}">Old</bdi>`);
		const first = line.textContent;
		heard(`<bdi data-user="${id}" data-at="${at}">Fresh</bdi>`);
		return [first, line.textContent];
	}, dan.user.id);
	assert.equal(old, "Cleo is typing…");
	assert.equal(fresh, "Cleo and Fresh are typing…");
	await setVisible(reader, "hidden");
	await reader.page.clock.fastForward(10_100);
	await setVisible(reader, "visible");
	assert.equal(await reader.line(), "");
	reader.assertQuiet();
	await reader.context.close();
});

test("neither oneself on another device nor who is blocked; elsewhere is elsewhere, and a thread is a place of its own", async () => {
	const thread = (await owner.client.post(`/channels/${owner.channel}/threads`, { name: "apart", type: 11 })).json.id;
	assert.equal((await bob.client.put(`/users/@me/blocks/${dan.user.id}`)).status, 204);
	const [reader, inThread] = [await open(bob), await open(bob, { location: `/channels/${owner.guild}/${thread}` })];
	for (const who of [bob, dan]) for (const channel of [owner.channel, thread]) await types(who, channel);
	await types(cleo, thread);
	await inThread.says("Cleo is typing…");
	await later(reader);
	assert.equal(await reader.line(), "");
	await inThread.page.locator("#content").pressSequentially("in the thread");
	assert.match((await inThread.told())[0], /^csrf=/);
	await types(owner);
	await reader.says("Ada is typing…");
	await bob.client.delete(`/users/@me/blocks/${dan.user.id}`);
	for (const each of [reader, inThread]) {
		each.assertQuiet();
		await each.context.close();
	}
});

test("names are names: neither markup nor direction gets out of them, and long ones are cut", async () => {
	const reader = await open(bob, { viewport: { width: 390, height: 844 } });
	const before = await boxes(reader);
	const nicks = ['<img src=x onerror="alert(1)">', "שלום עולם", "W".repeat(32)];
	for (const [i, who] of [cleo, dan].entries()) assert.equal((await who.client.patch(`/guilds/${owner.guild}/members/@me`, { nick: nicks[i] })).status, 200);
	await isTold(reader, cleo, `${nicks[0]} is typing…`);
	await types(dan);
	await reader.says(`${nicks[0]} and ${nicks[1]} are typing…`);
	assert.equal(await reader.page.locator("#typing img").count(), 0);
	assert.equal(await reader.page.locator("#typing bdi").count(), 2);
	for (const who of [cleo, dan]) await who.client.send(owner.channel, "said");
	await reader.says("");
	for (const who of [cleo, dan]) assert.equal((await who.client.patch(`/guilds/${owner.guild}/members/@me`, { nick: nicks[2] })).status, 200);
	for (const who of [cleo, dan]) await types(who);
	await reader.says(`${nicks[2]} and ${nicks[2]} are typing…`);
	const { words, room } = await reader.page.locator("#typing").evaluate((line) => ({ words: line.scrollWidth, room: line.clientWidth }));
	assert.ok(words <= room, `${words} px of words in ${room}`);
	assert.deepEqual(await boxes(reader), before);
	for (const who of [cleo, dan]) await who.client.patch(`/guilds/${owner.guild}/members/@me`, { nick: "" });
	reader.assertQuiet();
	await reader.context.close();
});

test("others are told once in eight seconds, of what is typed: not of drafts, blanks and what was sent, and not without a line", async () => {
	const ada = await open(owner);
	const field = ada.page.locator("#content");
	const isTelling = async (count, why) => assert.equal((await ada.told()).length, count, why);
	await field.pressSequentially("   ");
	await isTelling(0, "blanks are nothing");
	await field.pressSequentially("several words at once");
	await isTelling(1);
	await ada.page.clock.fastForward(8_000);
	await field.press("Backspace");
	await isTelling(2);
	await field.press("Enter");
	await ada.sees("several words at onc");
	await field.pressSequentially("x");
	await isTelling(2, "not right after something was sent");
	await ada.page.clock.fastForward(1_000);
	await field.pressSequentially("y");
	await isTelling(3, "but soon after");
	await Promise.all([ada.page.waitForResponse(/\/live\?/), ada.page.reload()]);
	await until("the draft is there", async () => (await field.inputValue()).endsWith("xy"));
	await field.evaluate((area) => {
		area.value = "put there by a script";
		area.dispatchEvent(new Event("input"));
	});
	await isTelling(0, "a draft that is restored is not typed");
	await ada.context.setOffline(true);
	await field.pressSequentially("z");
	await isTelling(0, "without a line there is nobody to tell");
	await ada.context.setOffline(false);
	await field.pressSequentially("z");
	await isTelling(1);
	await ada.context.close();
});

for (const [name, viewport] of [["wide", { width: 1280, height: 800 }], ["narrow", { width: 390, height: 844 }]])
	for (const colorScheme of ["light", "dark"])
		test(`the line is in place: ${name}, ${colorScheme}`, async () => {
			const reader = await open(bob, { viewport, colorScheme });
			await isTold(reader, owner, "Ada is typing…");
			await types(cleo);
			await reader.says("Ada and Cleo are typing…");
			await reader.screen(`typing-${name}-${colorScheme}`);
			const { line, row, end } = await reader.page.evaluate(() => ({
				line: document.getElementById("typing").getBoundingClientRect(),
				row: document.querySelector(".composer-row").getBoundingClientRect(),
				end: window.innerHeight,
			}));
			assert.ok(line.top >= row.bottom && line.bottom <= end, `${row.bottom} ${line.top} ${line.bottom} ${end}`);
			reader.assertQuiet();
			await reader.context.close();
		});

await run();
