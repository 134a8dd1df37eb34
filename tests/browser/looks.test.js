// How every page stands: no horizontal scroll on a phone, no complaint, screens in light and dark for people to look at.
//
// Begins early: it takes long.

import fs from "node:fs";
import path from "node:path";
import { root, startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test } from "../lib/test.js";

const empty = await startSnug();
const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob with a rather long name here" });
const home = `/channels/${owner.guild}/${owner.channel}`;
await owner.client.patch(`/channels/${owner.channel}`, { topic: "What concerns everybody; a topic that is long enough to need more room than a phone has" });
for (const name of ["design", "a-channel-with-a-very-long-name-without-any-place-to-break-it-in-the-list-of-channels", "漢字"]) await owner.client.post(`/guilds/${owner.guild}/channels`, { name });
const texts = ["Good morning!", "The build is green again.", `a word that is too long: ${"x".repeat(300)}`, "https://example.org/" + "path/".repeat(40), "two\nlines\n\n    and a stanza", "🎈", "שלום עולם, זה טקסט מימין לשמאל", "漢字とかな交じり文".repeat(20)];
for (const [i, text] of texts.entries()) await (i % 3 ? bob : owner).client.send(owner.channel, text);
const image = `data:image/png;base64,${fs.readFileSync(path.join(root, "tests/fuzz/corpus/image/png")).toString("base64")}`;
const emoji = (await owner.client.post(`/guilds/${owner.guild}/emojis`, { name: "a_long_name_of_an_emoji", image })).json;
const asked = (await bob.client.post(`/channels/${owner.channel}/messages`, { poll: {
	question: { text: "Where shall all of us who are here meet, and is there a place that is large enough?" },
	answers: ["Here", `an answer in one word: ${"x".repeat(30)}`, "שלום"].map((text) => ({ poll_media: { text, emoji: { name: "🎈" } } })),
} })).json;
await owner.client.put(`/channels/${owner.channel}/polls/${asked.id}/answers/@me`, { answer_ids: [2] });
const last = await owner.client.send(owner.channel, "My last word.");
for (const [i, each] of ["👍", "🎉", `${emoji.name}:${emoji.id}`, "🇩🇪"].entries())
	for (const person of i % 2 ? [bob] : [owner, bob]) await person.client.put(`/channels/${owner.channel}/messages/${last.id}/reactions/${encodeURIComponent(each)}/@me`);
for (const each of [asked, last]) await owner.client.put(`/users/@me/saved/${owner.channel}/${each.id}`);
const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;

const category = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "Projects", type: 4 })).json;
const board = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "boardroom", private: true, parent_id: category.id, topic: "Only for a few", members: [bob.user.id] })).json;
const archived = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "last-year" })).json;
await owner.client.patch(`/channels/${archived.id}`, { archived: true });
const cleo = await invitePerson(owner, { display_name: "Cleo" });
const gone = await invitePerson(owner, { display_name: "Somebody who is banned" });
await owner.client.put(`/guilds/${owner.guild}/bans/${gone.user.id}`, {}, { "X-Audit-Log-Reason": "A reason that is long enough to need a second line on a phone, as reasons are" });
await owner.client.post("/users/@me/tokens", { name: "backup" });
const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: "deploybot" })).json;
const role = (await owner.client.post(`/guilds/${owner.guild}/roles`, { name: "Those with a colour and a long name", color: 0x2266cc })).json;
await owner.client.put(`/guilds/${owner.guild}/members/${bob.user.id}/roles/${role.id}`);
const direct = (await owner.client.post("/users/@me/channels", { recipient_id: bob.user.id })).json;
await owner.client.send(direct.id, "Between us");
const group = (await owner.client.post("/users/@me/channels", { recipients: [bob.user.id, cleo.user.id] })).json;
await owner.client.put(`/users/@me/blocks/${cleo.user.id}`);

const thread = (await bob.client.post(`/channels/${owner.channel}/messages/${asked.id}/threads`, { name: `Where we shall meet, in a name that is too long for one line: ${"x".repeat(30)}` })).json;
for (const text of ["In the garden.", "Is it large enough?"]) await owner.client.send(thread.id, text);
const told = (await bob.client.post(`/channels/${owner.channel}/threads`, { name: "Started by itself", type: 11 })).json;
await owner.client.post(`/channels/${told.id}/messages`, { content: "Said in a thread, shown to all", also_in_channel: true });
await bob.client.post(`/channels/${owner.channel}/threads`, { name: "Between us" });

const noted = await owner.client.send(board.id, `Agreed so far: <@${bob.user.id}> brings the numbers`);
for (const content of ["Agreed: nothing yet", `Agreed: <@${bob.user.id}> brings **the numbers** on Monday`]) await owner.client.patch(`/channels/${board.id}/messages/${noted.id}`, { content });
await owner.client.put(`/channels/${board.id}/pins/${noted.id}`);
const answered = await bob.client.send(board.id, "I shall", { message_reference: { message_id: noted.id } });
await bob.client.send(board.id, "Shall I?", { message_reference: { message_id: answered.id } });
await bob.client.delete(`/channels/${board.id}/messages/${answered.id}`);
await owner.client.send(board.id, null, { message_reference: { type: 1, channel_id: owner.channel, message_id: last.id } });

const workspace = `/guilds/${owner.guild}`;
const room = `/channels/${owner.guild}/${board.id}`;
const pages = {
	react: `${home}/messages/${last.id}/react`, "who-reacted": `${home}/messages/${last.id}/reactions`, "who-voted": `${home}/messages/${asked.id}/votes`,
	"new-poll": `${home}/poll`, saved: "/saved", emojis: `/guilds/${owner.guild}/emojis`,
	channel: home, login: "/login", signup: "/signup", invite: `/invite/${invite.code}`, reset: "/reset",
	message: `${home}/messages/${last.id}`, forward: `${home}/messages/${last.id}/forward`, reply: `${home}?reply=${last.id}`,
	pins: `${room}/pins`, "earlier-versions": `${room}/messages/${noted.id}/history`, "delete-many": `${room}/messages/delete`,
	edit: `${home}/messages/${last.id}/edit`, delete: `${home}/messages/${last.id}/delete`, missing: "/nothing/here",
	private: room, archived: `/channels/${owner.guild}/${archived.id}`, direct: `/channels/@me/${direct.id}`, group: `/channels/@me/${group.id}`,
	"channel-settings": `${room}/settings`, "channel-members": `${room}/members`, "channel-delete": `${room}/delete`,
	"direct-settings": `/channels/@me/${direct.id}/settings`, "group-members": `/channels/@me/${group.id}/members`,
	channels: `${workspace}/channels`, "new-channel": `${workspace}/channels/new`, people: `${workspace}/people`,
	thread: `/channels/${owner.guild}/${thread.id}`, threads: `${home}/threads`, "thread-settings": `/channels/${owner.guild}/${thread.id}/thread`,
	"thread-new": `${home}/messages/${last.id}/thread`, "thread-delete": `/channels/${owner.guild}/${thread.id}/thread/delete`,
	search: `${workspace}/search?q=th*`, "search-direct": `/channels/@me/${direct.id}/search?q=nothing-has-this`, "search-empty": `${workspace}/search`,
	workspace: `${workspace}/settings`, "new-workspace": "/guilds/new", transfer: `${workspace}/transfer`, "workspace-delete": `${workspace}/delete`,
	roles: `${workspace}/roles`, role: `${workspace}/roles/${role.id}`, members: `${workspace}/members`, member: `${workspace}/members/${bob.user.id}`,
	bans: `${workspace}/bans`, audit: `${workspace}/audit`, invites: `${workspace}/invites`, bots: `${workspace}/bots`, bot: `${workspace}/bots/${bot.user.id}`,
	account: "/account", security: "/account/security", factor: "/account/security/factor", blocks: "/account/blocks", scheduled: "/account/scheduled", drafts: "/drafts", schedule: `/channels/${owner.guild}/${owner.channel}/schedule`, export: "/account/export",
	"account-delete": "/account/delete", users: "/admin/users", user: `/admin/users/${bob.user.id}`, "security-events": "/admin/security",
};
const ofStrangers = ["login", "signup", "reset"];

/** Text on the page whose contrast is less than WCAG AA asks for. */
const poorContrast = () => {
	const parse = (text) => text.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (element) => {
		for (let each = element; each; each = each.parentElement) {
			const color = parse(getComputedStyle(each).backgroundColor);
			if (color.length < 4 || color[3] === 1) return color;
		}
		return [255, 255, 255];
	};
	const found = [];
	for (const element of document.querySelectorAll("body *")) {
		const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
		if (!hasText || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
		const style = getComputedStyle(element);
		if (!/^rgb/.test(style.color)) continue;
		const [a, b] = [luminance(parse(style.color)), luminance(behind(element))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
		if (ratio < (isLarge ? 3 : 4.5)) found.push(`${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 20)}" ${ratio.toFixed(2)}`);
	}
	return found;
};

/** What a finger presses that is lower than 44 pixels, links within a sentence aside. A box counts with its label. */
const smallTargets = () => {
	const found = [];
	for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
		if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".skip, .content, p:not(.room-links, .crumb, .reply-head), .row-detail, .lead, .hint")) continue;
		if (getComputedStyle(element).display === "inline") continue;
		const { height } = (element.closest("label, .check") ?? element).getBoundingClientRect();
		if (height > 0 && height < 43.5) found.push(`${element.tagName}.${element.className} "${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 30)}" ${height}`);
	}
	return found;
};

for (const [width, height] of [[1280, 800], [390, 844]])
	for (const colorScheme of ["light", "dark"])
		test(`${width} pixels wide, ${colorScheme}: every page fits, can be read and pressed, and is quiet`, async () => {
			const hasTouch = width < 500;
			const person = await newPerson(snug, { viewport: { width, height }, colorScheme, hasTouch, isMobile: hasTouch });
			await person.logIn(owner);
			const stranger = await newPerson(snug, { viewport: { width, height }, colorScheme });
			const first = await newPerson(empty, { viewport: { width, height }, colorScheme });
			const wrong = [];
			for (const [name, location] of [...Object.entries(pages), ["setup", "/setup"]]) {
				const who = name === "setup" ? first : ofStrangers.includes(name) ? stranger : person;
				who.isTolerant = name === "missing"; // The browser itself reports a 404.
				const reply = await who.open(location);
				const note = (problem) => problem && wrong.push(`${name}: ${problem}`);
				note(reply.status() !== (name === "missing" ? 404 : 200) && `status ${reply.status()}`);
				await who.page.waitForLoadState("load");
				const overflow = await who.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				note(overflow > 0 && `${overflow} pixels too wide`);
				const background = await who.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
				const [red] = background.match(/\d+/g).map(Number);
				note(colorScheme === "light" ? red <= 128 : red >= 128);
				for (const each of await who.page.evaluate(poorContrast)) note(`contrast of ${each}`);
				if (hasTouch && who === person) for (const each of await who.page.evaluate(smallTargets)) note(`small: ${each}`);
				await who.screen(`${name}-${width}-${colorScheme}`);
			}
			assert.deepEqual(wrong, []);
			for (const who of [person, stranger, first]) {
				who.assertQuiet();
				await who.context.close();
			}
		});

test("a room's page is small, and shows its messages before any script runs", async () => {
	const { gzipSync } = await import("node:zlib");
	const person = await newPerson(snug);
	await person.logIn(owner);
	const measure = async (location) => {
		const visitor = await newPerson(snug, { storageState: await person.context.storageState() });
		const sizes = {}; // by address
		const measured = []; // a body may be had only after the page's load event
		visitor.page.on("response", (reply) => {
			const type = reply.headers()["content-type"] ?? "";
			const kind = /html/.test(type) ? "page" : /css/.test(type) ? "css" : /javascript/.test(type) ? "script" : null;
			if (kind && reply.status() === 200) measured.push(reply.body().then((body) => (sizes[`${kind} ${new URL(reply.url()).pathname}`] = gzipSync(body).length), () => {}));
		});
		// All that it asks for before anybody does anything: until it follows the room, and a while has passed in which nothing came.
		const [follows] = await Promise.all([visitor.page.waitForResponse(/\/live\?/), visitor.open(location)]);
		assert.equal(follows.status(), 200);
		await visitor.page.waitForLoadState("load");
		let seen;
		do {
			seen = measured.length;
			await visitor.page.waitForTimeout(1000);
		} while (measured.length > seen);
		await Promise.all(measured);
		const sum = (kind) => Object.entries(sizes).reduce((all, [name, size]) => all + (name.startsWith(kind) ? size : 0), 0);
		visitor.assertQuiet();
		await visitor.context.close();
		return { sizes, shown: sum("css") + sizes[`page ${location}`], script: sum("script") };
	};
	const { sizes, shown, script } = await measure(home);
	assert.ok(sizes[`page ${home}`] > 0 && shown <= 30_000, `HTML and CSS: ${shown} bytes: ${JSON.stringify(sizes)}`);
	assert.ok(script > 0 && script <= 40_000, `JavaScript: ${script} bytes: ${JSON.stringify(sizes)}`);
	assert.ok(Object.keys(sizes).some((name) => name.endsWith("/js/main.js")), "its scripts are among them");
	await person.context.close();
});

test("whoever goes through a page by the keyboard sees where they are", async () => {
	const person = await newPerson(snug);
	await person.logIn(owner);
	for (const location of [home, `${room}/settings`, `${workspace}/channels`, `${room}/members`]) {
		await person.open(location);
		const lost = [];
		for (let i = 0; i < 25; i++) {
			await person.page.keyboard.press("Tab");
			const problem = await person.page.evaluate(() => {
				const element = document.activeElement;
				if (!element || element === document.body) return null;
				const style = getComputedStyle(element);
				const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
				const row = element.closest(".composer-row");
				const isInRing = row && getComputedStyle(row).boxShadow !== "none";
				return isOutlined || isInRing ? null : `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 20)}`;
			});
			if (problem) lost.push(problem);
		}
		assert.deepEqual(lost, [], location);
	}
	await person.context.close();
});

test("at twice the size everything fits, nothing moves for who wants no motion, and what has the focus is never covered", async () => {
	const person = await newPerson(snug, { viewport: { width: 640, height: 400 }, reducedMotion: "reduce" });
	await person.logIn(owner);
	for (const location of [home, `${home}#sidebar`, pages.thread, pages.search, pages.pins, "/saved", "/account/scheduled", pages.schedule, pages.message]) {
		await person.open("/login"); // Else an address that differs by its hash alone would load nothing.
		await person.open(location);
		const wrong = [];
		for (let i = 0; i < 40; i++) {
			await person.page.keyboard.press("Tab");
			const covered = await person.page.evaluate(() => {
				const element = document.activeElement;
				if (!element || element === document.body) return null;
				const shown = element.closest("label") ?? element;
				const { left, top, width, height } = shown.getBoundingClientRect();
				const x = Math.min(innerWidth - 1, Math.max(0, left + Math.min(width, 40) / 2));
				const y = Math.min(innerHeight - 1, Math.max(0, top + Math.min(height, 30) / 2));
				const at = document.elementFromPoint(x, y);
				return shown.contains(at) || at?.contains(shown) ? null : `${element.tagName}.${element.className} is behind ${at?.tagName}.${at?.className}`;
			});
			if (covered) wrong.push(covered);
		}
		const { over, moving } = await person.page.evaluate(() => ({
			over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
			moving: [...document.querySelectorAll("body *")].filter((each) => {
				const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(each);
				return !/^(0s(, )?)+$/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
			}).map((each) => `${each.tagName}.${each.className}`),
		}));
		assert.deepEqual({ over, moving, wrong }, { over: 0, moving: [], wrong: [] }, location);
	}
	person.assertQuiet();
	await person.context.close();
});

test("the page is the same place before and after its scripts have run: nothing shifts", async () => {
	const person = await newPerson(snug);
	await person.page.addInitScript(() => {
		globalThis.shifts = [];
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifts.push({ value: entry.value, of: entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}#${node?.id}`) });
		}).observe({ type: "layout-shift", buffered: true });
	});
	await person.logIn(owner);
	for (const location of [home, `/channels/@me/${direct.id}`, `${workspace}/channels`, "/account/security"]) {
		// A page of which a busy server sends the half, and the rest later, grows; what scripts move they move each time.
		let shifts, isStill = false;
		for (let tries = 0; tries < 4 && !isStill; tries++) {
			await person.open(location);
			await person.page.waitForTimeout(500);
			shifts = await person.page.evaluate(() => globalThis.shifts);
			isStill = shifts.reduce((sum, { value }) => sum + value, 0) < 0.01;
		}
		assert.ok(isStill, `${location}: ${JSON.stringify(shifts)}`);
	}
	await person.context.close();
});

await run();
