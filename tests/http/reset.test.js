// A forgotten password: the code that comes by e-mail, what it opens and what it does not, and that nobody learns who has an
// account or fills another's inbox.

import { startSnug } from "../lib/snug.js";
import { assertTokens, Client, goodPassword, invitePerson, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { startSmtp } from "../lib/smtp.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";
import { assertSameTime } from "../lib/timing.js";
import { totp } from "../lib/totp.js";

const smtp = await startSmtp();
const snug = await startSnug({ env: smtp.env });
const owner = await setUp(snug);
const nobody = new Client(snug);
const newPassword = "a battery of horses";

const ask = (login) => nobody.post("/auth/reset", { login });
const confirm = (code, new_password = newPassword) => nobody.post("/auth/reset/confirm", { code, new_password });
const logIn = (name, password, code) => nobody.post("/auth/login", { login: name, password, ...(code && { code }) });
const codeOf = (mail) => /\/reset\/new#([a-z0-9]{28})\n/.exec(mail.text)[1];

/** The code that somebody is sent. */
async function codeFor(person) {
	assert.equal((await ask(person.name)).status, 204);
	const mail = await smtp.next();
	assert.deepEqual([mail.to].flat(), [`${person.name}@example.org`]);
	return codeOf(mail);
}

test("the code of a mail sets a new password, ends every session, and tells the owner", async () => {
	const bob = await invitePerson(owner);
	const { token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const stream = await openStream(snug, { token: bob.access_token });
	const code = await codeFor(bob);
	const reply = await confirm(code);
	assert.equal(reply.status, 204, reply.text);
	assert.equal(reply.text, "");
	await stream.closed;
	assert.equal((await bob.client.get("/users/@me")).status, 401);
	assert.equal((await new Client(snug, token).get("/users/@me")).status, 401);
	assert.equal((await logIn(bob.name, goodPassword)).status, 401);
	assertTokens(await logIn(bob.name, newPassword));
	const told = await smtp.next();
	assert.match(told.subject, /password was changed/i);
	assert.ok(!told.content.includes(code) && !told.content.includes(newPassword));
	assert.equal((await confirm(code, "something else again")).json.code, 40080, "it is used");
});

test("of five who use one code at once exactly one does", async () => {
	const bob = await invitePerson(owner);
	const code = await codeFor(bob);
	const replies = await Promise.all(Array.from({ length: 5 }, (_, i) => new Client(snug).post("/auth/reset/confirm", { code, new_password: `${newPassword} ${i}` })));
	assert.deepEqual(replies.map((each) => each.status).sort(), [204, 400, 400, 400, 400]);
	await smtp.next();
});

test("a new code takes the place of the one before, and a wrong one is none", async () => {
	const bob = await invitePerson(owner);
	const first = await codeFor(bob);
	const second = await codeFor(bob);
	assert.equal((await confirm(first)).json.code, 40080);
	for (const wrong of ["x", "x".repeat(28), second.slice(1), `${second}x`, "漢".repeat(28)]) {
		const reply = await confirm(wrong);
		assert.equal(reply.json.code, 40080, `${wrong}: ${reply.text}`);
	}
	const bad = await confirm(second, "password1");
	assert.equal(bad.status, 400);
	assert.ok(bad.json.errors.new_password, bad.text);
	assert.equal((await confirm(`${second.slice(0, 14)} ${second.slice(14)}`.toUpperCase())).status, 204, "as people type it");
	await smtp.next();
});

test("a password that is changed puts an end to codes that were sent before", async () => {
	const bob = await invitePerson(owner);
	const code = await codeFor(bob);
	assert.equal((await bob.client.put("/users/@me/password", { current_password: goodPassword, new_password: newPassword })).status, 204);
	await smtp.next();
	assert.equal((await confirm(code, "something else again")).json.code, 40080);
});

test("the second factor is asked for after a reset as ever", async () => {
	const bob = await invitePerson(owner);
	const { secret } = (await bob.client.post("/users/@me/totp", {})).json;
	assert.equal((await bob.client.put("/users/@me/totp", { code: totp(secret, -1), password: goodPassword })).status, 200);
	assert.equal((await confirm(await codeFor(bob))).status, 204);
	await smtp.next();
	assert.equal((await logIn(bob.name, newPassword)).json.code, 60003);
	assertTokens(await logIn(bob.name, newPassword, totp(secret)));
});

test("an inbox gets three mails an hour at most, whoever asks, and the answer is the same", async () => {
	const bob = await invitePerson(owner);
	for (let i = 0; i < 6; i++) assert.equal((await ask(i % 2 ? bob.name : `${bob.name}@EXAMPLE.org`)).status, 204);
	const mails = [await smtp.next(), await smtp.next(), await smtp.next()];
	const marker = await invitePerson(owner);
	await codeFor(marker); // the next mail is this one's, so there was no fourth
	// Mails may overtake each other; of their codes the last that was made is good still.
	const statuses = [];
	for (const mail of mails) statuses.push((await confirm(codeOf(mail))).status);
	assert.deepEqual(statuses.sort(), [204, 400, 400]);
	await smtp.next();
});

test("the answer and its time do not tell who has an account", async () => {
	const bob = await invitePerson(owner);
	await assertSameTime([bob.name, "nobody_here"], 100, async (login) => {
		const reply = await ask(login);
		assert.equal(`${reply.status} ${reply.text}`, "204 ");
	});
	for (let i = 0; i < 3; i++) await smtp.next();
});

test("by the pages: ask, follow the link, set it, log in", async () => {
	const bob = await invitePerson(owner);
	const page = new Page(snug);
	await page.open("/login");
	assert.ok(page.reply.text.includes('href="/reset"'));
	await page.open("/reset");
	await page.submit("/reset", { login: bob.name });
	assert.equal(page.location, "/reset/new?sent=1");
	const code = codeOf(await smtp.next());
	await page.submit("/reset/new", { code: "x".repeat(28), new_password: newPassword });
	assert.equal(page.reply.status, 400);
	assert.match(page.text, /not valid, was used, or has expired/);
	await page.submit("/reset/new", { code, new_password: "short" });
	assert.equal(page.reply.status, 400);
	assert.ok(!page.reply.text.includes(code), "a code is not shown again");
	await page.submit("/reset/new", { code, new_password: newPassword });
	assert.equal(page.location, "/login?reset=1");
	await page.submit(/login/, { login: bob.name, password: newPassword });
	assert.match(page.location, /^\/channels\//);
	await smtp.next();
});

test("no code, secret or password stands in a log line or an event, and no digest of a used code remains", async () => {
	const bob = await invitePerson(owner);
	const code = await codeFor(bob);
	assert.equal((await confirm(code)).status, 204);
	await smtp.next();
	await until("the log tells of it", () => snug.log.includes('"password_reset"'));
	for (const secret of [code, newPassword, goodPassword, "$argon2", "@example.org"]) assert.ok(!snug.log.includes(secret), secret);
	const seen = (await owner.client.get("/admin/security-events?limit=100")).text;
	for (const secret of [code, newPassword, "argon2", "@example.org"]) assert.ok(!seen.includes(secret), secret);
});

await run();
