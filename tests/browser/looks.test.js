// How every page stands: no horizontal scroll on a phone, no complaint, screens in light and dark for people to look at.

import { startSnug } from "../lib/snug.js";
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
const last = await owner.client.send(owner.channel, "My last word.");
const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;

const pages = {
	channel: home, login: "/login", signup: "/signup", invite: `/invite/${invite.code}`, invites: `/guilds/${owner.guild}/invites`, "new-channel": `/guilds/${owner.guild}/channels/new`,
	edit: `${home}/messages/${last.id}/edit`, delete: `${home}/messages/${last.id}/delete`, missing: "/nothing/here",
};

for (const [width, height] of [[1280, 800], [390, 844]])
	for (const colorScheme of ["light", "dark"])
		test(`${width} pixels wide, ${colorScheme}: every page fits and is quiet`, { timeout: 90_000 }, async () => {
			const person = await newPerson(snug, { viewport: { width, height }, colorScheme });
			await person.logIn(owner);
			const stranger = await newPerson(snug, { viewport: { width, height }, colorScheme });
			const first = await newPerson(empty, { viewport: { width, height }, colorScheme });
			for (const [name, location] of [...Object.entries(pages), ["setup", "/setup"]]) {
				const who = name === "setup" ? first : ["login", "signup"].includes(name) ? stranger : person;
				who.isTolerant = name === "missing"; // The browser itself reports a 404.
				await who.open(location);
				await who.page.waitForLoadState("load");
				const overflow = await who.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
				const background = await who.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
				const [red] = background.match(/\d+/g).map(Number);
				assert.ok(colorScheme === "light" ? red > 128 : red < 128, `${name}: ${background} in ${colorScheme}`);
				await who.screen(`${name}-${width}-${colorScheme}`);
			}
			for (const who of [person, stranger, first]) {
				who.assertQuiet();
				await who.context.close();
			}
		});

test("a room's page is small, and shows its messages before any script runs", async () => {
	const { gzipSync } = await import("node:zlib");
	const person = await newPerson(snug);
	const sizes = { html: 0, script: 0 };
	const measured = []; // a body may be had only after the page's load event
	person.page.on("response", (reply) => {
		const type = reply.headers()["content-type"] ?? "";
		const kind = /html|css/.test(type) && reply.status() === 200 ? "html" : /javascript/.test(type) ? "script" : null;
		if (kind) measured.push(reply.body().then((body) => (sizes[kind] += gzipSync(body).length), () => {}));
	});
	await person.logIn(owner);
	await person.page.waitForLoadState("load");
	await Promise.all(measured);
	assert.ok(sizes.html > 0 && sizes.html <= 45_000, `HTML and CSS: ${sizes.html} bytes (two pages)`);
	assert.ok(sizes.script > 0 && sizes.script <= 40_000, `JavaScript: ${sizes.script} bytes`);
	await person.context.close();
});

test("text has the contrast that WCAG AA asks for, in both themes", async () => {
	for (const colorScheme of ["light", "dark"]) {
		const person = await newPerson(snug, { colorScheme });
		await person.logIn(owner);
		const poor = await person.page.evaluate(() => {
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
		});
		assert.deepEqual(poor, [], colorScheme);
		await person.context.close();
	}
});

await run();
