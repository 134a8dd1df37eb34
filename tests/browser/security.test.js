// The account's security in a real browser: the second factor from its picture to a login, and a forgotten password by the
// link of a real mail, with and without JavaScript.

import { startSnug } from "../lib/snug.js";
import { goodPassword, invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { startSmtp } from "../lib/smtp.js";
import { assert, run, test } from "../lib/test.js";
import { totp } from "../lib/totp.js";

const smtp = await startSmtp();
const snug = await startSnug({ env: smtp.env });
const owner = await setUp(snug);
const newPassword = "a battery of horses";

const press = (person, selector) => Promise.all([person.page.waitForNavigation(), person.page.click(selector)]);
const password = goodPassword;

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? "with scripts" : "without scripts";

	test(`the second factor is set up by its picture and asked for at the next login, ${how}`, async () => {
		const bob = await invitePerson(owner);
		const person = await newPerson(snug, { javaScriptEnabled });
		await person.logIn({ name: bob.name, password });
		await person.open("/account/security");
		await press(person, "#factor button");
		const picture = await person.page.locator("svg.qr").boundingBox();
		assert.ok(picture.width > 150 && Math.abs(picture.width - picture.height) < 1, JSON.stringify(picture));
		const style = await person.page.locator("svg.qr").evaluate((svg) => [getComputedStyle(svg).backgroundColor, getComputedStyle(svg.firstChild).fill]);
		assert.deepEqual(style, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], "readers want black on white");
		const secret = (await person.page.textContent("#secret")).replaceAll(" ", "");
		await person.screen(`factor-${javaScriptEnabled}`);
		await person.fill({ code: totp(secret, -1), password });
		await press(person, "main form button[type=submit]");
		const codes = await person.page.locator(".recovery-codes code").allTextContents();
		assert.equal(codes.length, 10);
		await person.open("/account/security");
		assert.match(await person.page.textContent("#factor"), /10 recovery codes left/);

		const other = await newPerson(snug, { javaScriptEnabled });
		await other.open("/login?next=%2Faccount%2Fsecurity");
		await other.fill({ login: bob.name, password });
		await other.submit();
		assert.match(other.page.url(), /\/login\/code\?next=/);
		await other.fill({ code: totp(secret) });
		await other.submit();
		assert.ok(other.page.url().endsWith("/account/security"));
		assert.equal(await other.page.locator("#sessions .row").count(), 3);
		for (const each of [person, other]) each.assertQuiet();
	});

	test(`a forgotten password is set by the link of a mail, ${how}`, async () => {
		const bob = await invitePerson(owner);
		const person = await newPerson(snug, { javaScriptEnabled });
		await person.open("/login");
		await press(person, 'a[href="/reset"]');
		await person.fill({ login: `${bob.name}@example.org` });
		await person.submit();
		const mail = await smtp.next();
		const [, link, code] = /href="([^"]+\/reset\/new#([a-z0-9]{28}))"/.exec(mail.html);
		assert.ok(link.startsWith(`${snug.url}/reset/new#`), link);
		const asked = [];
		person.page.on("request", (request) => asked.push(`${request.url()} ${request.headers().referer ?? ""}`));
		await person.page.goto(link);
		if (javaScriptEnabled) {
			await person.page.waitForFunction(() => document.querySelector("#code").value !== "");
			assert.equal(await person.page.inputValue("#code"), code);
			assert.ok(!person.page.url().includes(code), "it is out of the address, and of the history");
			await person.fill({ new_password: newPassword });
		} else {
			await person.fill({ code, new_password: newPassword });
		}
		await person.submit();
		assert.match(await person.page.textContent("main"), /Your new password is set/);
		assert.ok(!asked.some((each) => each.split("#")[0].includes(code)), "no server was told the code but by the form");
		await person.fill({ login: bob.name, password: newPassword });
		await person.submit();
		assert.match(person.page.url(), /\/channels\//);
		assert.match((await smtp.next()).subject, /password was changed/i);
		assert.ok(!snug.log.includes(code));
		person.assertQuiet();
	});
}

await run();
