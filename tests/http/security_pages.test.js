// The pages of an account's security, without JavaScript: the second factor at login, cookies that change with what they may
// do, sessions and tokens, and that none of it shows a secret that it should not.

import fs from "node:fs";
import path from "node:path";

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";
import { totp } from "../lib/totp.js";

const snug = await startSnug();
const owner = await setUp(snug);
const newPassword = "a battery of horses";
const name = (cookies) => Object.keys(cookies).find((each) => each.endsWith("snug_session"));

async function logIn(person, password = goodPassword) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password });
	return page;
}

const works = async (cookies) => {
	const page = new Page(snug);
	page.cookies = { ...cookies };
	return (await page.fetch("/account/security", { isFollowed: false })).status === 200;
};

/** Sets the second factor up: the secret and the codes. */
async function enrol(page, step = -1) {
	await page.open("/account/security");
	await page.submit("/account/security/factor");
	assert.equal(page.location, "/account/security/factor");
	const secret = /id="secret">([A-Z2-7 ]+)</.exec(page.reply.text)[1].replaceAll(" ", "");
	await page.submit("/account/security/factor/confirm", { code: totp(secret, step), password: goodPassword });
	assert.equal(page.reply.status, 200, page.text);
	return { secret, codes: [...page.reply.text.matchAll(/<code>([a-z2-9-]{14})<\/code>/g)].map((match) => match[1]) };
}

test("the second factor is set up with a picture to scan, and its form comes back with what was wrong", async () => {
	const bob = await invitePerson(owner);
	const page = await logIn(bob);
	await page.open("/account/security");
	await page.submit("/account/security/factor");
	const secret = /id="secret">([A-Z2-7 ]+)</.exec(page.reply.text)[1];
	assert.match(page.reply.text, /<svg class="qr" viewBox="0 0 \d+ \d+"[^>]*><path d="(M\d+ \d+h\d+v1h-\d+z)+"\/><\/svg>/);
	assert.match(page.reply.text, new RegExp(`href="otpauth://totp/Snug:[^"]*secret=${secret.replaceAll(" ", "")}`));
	for (const [fields, status] of [[{ code: "000000", password: goodPassword }, 401], [{ code: "123456", password: "wrong wrong" }, 401]]) {
		await page.submit("/account/security/factor/confirm", fields);
		assert.equal(page.reply.status, status);
		assert.ok(page.reply.text.includes(secret), "it is the same secret still");
		assert.ok(!page.reply.text.includes(fields.password) && !page.reply.text.includes(fields.code));
	}
	const { codes } = await enrol(page);
	assert.equal(codes.length, 10);
	await page.open("/account/security/factor");
	assert.ok(!page.reply.text.includes("<svg class=\"qr\"") && !codes.some((code) => page.reply.text.includes(code)), "shown once");
});

test("a login with a second factor takes two steps, and the first opens nothing", async () => {
	const bob = await invitePerson(owner);
	const first = await logIn(bob);
	const { secret, codes } = await enrol(first);
	const page = new Page(snug);
	await page.open("/login?next=%2Faccount%2Fsecurity");
	await page.submit(/login/, { login: bob.name, password: goodPassword });
	assert.equal(page.location, "/login/code?next=%2Faccount%2Fsecurity");
	assert.equal(name(page.cookies), undefined, "no session yet");
	assert.equal(await works(page.cookies), false);
	assert.ok(!page.location.includes(page.cookies.snug_login), "the ticket is in no address");
	assert.ok(page.setCookies.snug_login.includes("HttpOnly") && page.setCookies.snug_login.includes("SameSite=Lax"));
	await page.submit("/login/code", { code: "000000" });
	assert.equal(page.reply.status, 401);
	assert.equal(await works(page.cookies), false);
	await page.submit("/login/code", { code: totp(secret) });
	assert.equal(page.location, "/account/security");
	assert.equal(page.cookies.snug_login, undefined, "the ticket is gone");
	const other = await logIn(bob);
	await other.submit("/login/code", { code: codes[3] });
	assert.match(other.location, /^\/channels\//);
});

test("a ticket that is forged, changed, or of a password that is no more begins the login again", async () => {
	const bob = await invitePerson(owner);
	const first = await logIn(bob);
	const { codes } = await enrol(first);
	const page = await logIn(bob);
	const ticket = page.cookies.snug_login;
	const [user, until, mac] = ticket.split(".");
	for (const bad of ["", "x", "1.2.3", `${owner.user.id}.${until}.${mac}`, `${user}.${Number(until) + 60}.${mac}`,
		`${user}.${until}.${mac.slice(0, -2)}AA`, `${user}.${until}.`, `${user}..${mac}`, `${ticket}.x`]) {
		page.cookies.snug_login = bad;
		const shown = await page.fetch("/login/code", { isFollowed: false });
		assert.equal(shown.headers.location, "/login", bad);
	}
	page.cookies.snug_login = ticket;
	await page.open("/login/code");
	assert.equal((await bob.client.put("/users/@me/password", { current_password: goodPassword, new_password: newPassword })).status, 204);
	await page.submit("/login/code", { code: codes[0] });
	assert.equal(page.location, "/login");
	assert.equal(await works(page.cookies), false);
});

test("a password change gives the cookie another secret, and ends every other session", async () => {
	const bob = await invitePerson(owner);
	const [page, other] = [await logIn(bob), await logIn(bob)];
	await page.open("/account/security");
	const before = { ...page.cookies };
	await page.submit("/account/security/password", { current_password: "wrong wrong", new_password: newPassword });
	assert.equal(page.reply.status, 401);
	assert.match(page.text, /Wrong password/);
	assert.deepEqual(page.cookies, before);
	await page.submit("/account/security/password", { current_password: goodPassword, new_password: newPassword });
	assert.match(page.text, /Your password is changed/);
	assert.notEqual(page.cookies[name(before)], before[name(before)]);
	assert.equal(await works(page.cookies), true);
	assert.equal(await works(before), false, "who copied the old cookie is out");
	assert.equal(await works(other.cookies), false);
	assert.equal((await bob.client.get("/users/@me")).status, 401);
});

test("turning the second factor on and off gives the cookie another secret", async () => {
	const bob = await invitePerson(owner);
	const page = await logIn(bob);
	const plain = { ...page.cookies };
	const { codes } = await enrol(page);
	const on = { ...page.cookies };
	assert.equal(await works(plain), false);
	assert.equal(await works(on), true);
	await page.open("/account/security/factor");
	await page.submit("/account/security/factor/off", { code: codes[0] });
	assert.match(page.text, /The second factor is off/);
	assert.equal(await works(on), false);
	assert.equal(await works(page.cookies), true);
});

test("sessions and tokens are ended from the page, and a token is shown once", async () => {
	const bob = await invitePerson(owner);
	const [page, other] = [await logIn(bob), await logIn(bob)];
	await page.open("/account/security");
	const forms = page.forms.filter((form) => /sessions\/\d+\/end/.test(form.action));
	assert.equal(forms.length, 2, "the other page's and the API's");
	for (const form of forms) {
		await page.submit(form.action);
		assert.match(page.text, /Logged out there/);
	}
	assert.equal(await works(other.cookies), false);
	assert.equal((await bob.client.get("/users/@me")).status, 401);

	await page.submit("/account/security/tokens", { name: "  deploy <script> " });
	const token = /value="([\w-]{43})" aria-label="The token"/.exec(page.reply.text)[1];
	const script = new Client(snug, token);
	assert.equal((await script.get("/users/@me")).json.id, bob.user.id);
	await page.open("/account/security");
	assert.ok(!page.reply.text.includes(token));
	assert.match(page.text, /deploy <script>/);
	await page.submit("/account/security/tokens", { name: " " });
	assert.equal(page.reply.status, 400);
	await page.submit(/tokens\/\d+\/end/);
	assert.match(page.text, /no longer works/);
	assert.equal((await script.get("/users/@me")).status, 401);

	await page.submit("/account/security/sessions/end", { keep_current: "true" });
	assert.equal(await works(page.cookies), true);
	const { snug_session } = page.cookies;
	await page.submit("/account/security/sessions/end", { keep_current: "false" });
	assert.equal(page.location, "/login");
	assert.equal(await works({ snug_session }), false);
});

test("security events are shown to who administers the server alone", async () => {
	const bob = await invitePerson(owner);
	await logIn(bob, "wrong wrong");
	const page = await logIn({ name: owner.name });
	await until("the failure is shown", async () => (await page.open(`/admin/security?user=${bob.name}`)).text && page.text.includes(`Failed login ${bob.name}`));
	await page.open("/admin/security?kind=login_failed&user=");
	assert.ok(page.text.includes(bob.name));
	await page.open("/admin/security?kind=nonsense&user=nobody_here");
	assert.match(page.text, /There is no such account/);
	const theirs = await logIn(bob);
	assert.equal((await theirs.fetch("/admin/security")).status, 403);
	assert.ok(!theirs.reply.text.includes("Failed login"));
});

test("after all of it no page, event, log line or file holds a secret that it should not", async () => {
	const bob = await invitePerson(owner);
	const page = await logIn(bob);
	const { secret, codes } = await enrol(page);
	const { token } = (await bob.client.post("/users/@me/tokens", { name: "script" })).json;
	const cookie = page.cookies.snug_session;
	await bob.client.post("/auth/refresh", { refresh_token: bob.refresh_token });
	await bob.client.post("/auth/refresh", { refresh_token: bob.refresh_token });
	const hidden = [goodPassword, newPassword, token, cookie, bob.refresh_token, ...codes, secret, totp(secret), "$argon2"];
	const admin = await logIn({ name: owner.name });
	const own = await logIn(bob);
	await own.submit("/login/code", { code: codes[9] });
	const events = await owner.client.get(`/events?timeout=0&after=${2 ** 40}`);
	const texts = {
		"the log": snug.log,
		"security events": (await owner.client.get("/admin/security-events?limit=100")).text,
		"the page of them": (await admin.open("/admin/security")).text,
		"the page of one's own": (await own.open("/account/security")).text,
		"the event log": events.text,
		"oneself": (await owner.client.get("/users/@me")).text,
	};
	// Six digits stand within many a number.
	const holds = (text, each) => (/^\d{6}$/.test(each) ? new RegExp(`(?<![\\d.])${each}(?!\\d)`).test(text) : text.includes(each));
	for (const [where, text] of Object.entries(texts))
		for (const each of hidden) assert.ok(!holds(text, each), `${where} holds ${each.slice(0, 8)}…`);
	for (const where of ["the log", "security events", "the page of them", "the event log"])
		assert.ok(!texts[where].includes("@example.org"), `${where} holds an address`);
	const atRest = ["snug.db", "snug.db-wal"].map((file) => path.join(snug.data, file)).filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file));
	for (const each of [token, cookie, bob.refresh_token, goodPassword, ...codes.flatMap((code) => [code, code.replaceAll("-", "")])])
		for (const bytes of atRest) assert.ok(!bytes.includes(each), `the database holds ${each.slice(0, 8)}… in clear`);
});

await run();
