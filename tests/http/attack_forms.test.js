// What another site, another tab or an old cookie can do with the forms of a page, and where a login may lead.

import { startSnug } from "../lib/snug.js";
import { invitePerson, nonce, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const form = { "Content-Type": "application/x-www-form-urlencoded" };

async function loggedIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

const page = await loggedIn(owner);
const composer = page.form(/\/messages$/);

/** Posts to the composer with a proof that is right but for what is given. */
const post = (headers, fields = {}, action = composer.action) =>
	snug.request(action, {
		method: "POST",
		body: new URLSearchParams({ ...composer.fields, content: "posted", nonce: nonce(), ...fields }).toString(),
		headers: { ...form, Cookie: page.cookie, ...headers },
	});

const { port } = snug;
for (const [what, headers, status] of [
	["its own origin", { Origin: snug.url }, 303],
	["no origin, as curl", {}, 303],
	["the machine by its other name", { Origin: `http://localhost:${port}`, Host: `localhost:${port}` }, 303],
	["Origin: null", { Origin: "null" }, 403],
	["another port", { Origin: `http://127.0.0.1:${port + 1}` }, 403],
	["another name of the machine than the one that was asked", { Origin: `http://localhost:${port}` }, 403],
	["a name that was made to lead here", { Origin: `http://evil.test:${port}`, Host: `evil.test:${port}` }, 403],
	["a proxy's word for the host", { Origin: "http://evil.test", "X-Forwarded-Host": "evil.test" }, 403],
	["an origin with a path", { Origin: `${snug.url}/` }, 403],
	["an origin with a user", { Origin: `http://127.0.0.1:${port}@evil.test` }, 403],
	["two origins", { Origin: `${snug.url} ${snug.url}` }, 403],
	["no origin, but cross-site by Sec-Fetch-Site", { "Sec-Fetch-Site": "cross-site" }, 403],
	["no origin, but same-site by Sec-Fetch-Site", { "Sec-Fetch-Site": "same-site" }, 403],
	["its own origin, but cross-site by Sec-Fetch-Site", { Origin: snug.url, "Sec-Fetch-Site": "cross-site" }, 403],
	["a form as text/plain", { Origin: snug.url, "Content-Type": "text/plain" }, 415],
	["a form as multipart", { Origin: snug.url, "Content-Type": "multipart/form-data; boundary=x" }, 415],
])
	test(`a form with the right proof from ${what} is ${status === 303 ? "taken" : "refused"}`, { parallel: true }, async () => {
		const reply = await post(headers);
		assert.equal(reply.status, status, reply.text.slice(0, 300));
	});

test("a proof is of its own session, whole, and in the body", async () => {
	const bobs = (await loggedIn(bob)).form(/\/messages$/).fields.csrf;
	const visitor = new Page(snug);
	await visitor.open("/login");
	const Origin = snug.url;
	const replies = {
		"somebody else's": await post({ Origin }, { csrf: bobs }),
		"a visitor's": await post({ Origin, Cookie: `${page.cookie}; ${visitor.cookie}` }, { csrf: visitor.forms[0].fields.csrf }),
		"cut off": await post({ Origin }, { csrf: composer.fields.csrf.slice(0, -1) }),
		"none": await post({ Origin }, { csrf: "" }),
		"in the address": await post({ Origin }, { csrf: "" }, `${composer.action}?csrf=${composer.fields.csrf}`),
	};
	for (const [what, reply] of Object.entries(replies)) assert.equal(reply.status, 403, what);
});

test("a method in a header or a field is not the request's", async () => {
	const message = await owner.client.send(owner.channel, "stays");
	const place = `/api/v1/channels/${owner.channel}/messages/${message.id}`;
	const headers = { Authorization: `Bearer ${owner.access_token}` };
	for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
		for (const method of ["POST", "GET"])
			await snug.request(`${place}?_method=DELETE`, { method, headers: { ...headers, [name]: "DELETE" }, ...(method === "POST" && { body: {} }) });
	assert.equal((await snug.request(place, { headers })).status, 200);
});

test("a login leads to no other site", async () => {
	for (const next of ["//evil.test", "/\\evil.test", "///evil.test", "http://evil.test", "javascript:alert(1)", " /evil.test", "/\u00a0/", "/\u2028x", "\\\\evil.test"]) {
		const visitor = new Page(snug);
		await visitor.open(`/login?next=${encodeURIComponent(next)}`);
		const reply = await visitor.submit(/login/, { login: bob.name, password: bob.password, next }, { isFollowed: false });
		assert.equal(reply.status, 303, next);
		assert.equal(reply.headers.location, "/", next);
		const again = await visitor.fetch(`/login?next=${encodeURIComponent(next)}`, { isFollowed: false });
		assert.equal(again.headers.location, "/", next);
	}
});

test("who logs in over a session ends it, and its live stream", async () => {
	const first = await loggedIn(owner);
	const old = first.cookie;
	const stream = await openStream(snug, { cookie: old, path: "/live", query: `channel=${owner.channel}` });
	const body = new URLSearchParams({ csrf: first.form(/\/messages$/).fields.csrf, login: bob.name, password: bob.password }).toString();
	const reply = await first.fetch("/login", { method: "POST", body, headers: { ...form, Origin: snug.url }, isFollowed: false });
	assert.equal(reply.status, 303, reply.text.slice(0, 200));
	assert.notEqual(first.cookie, old);
	assert.equal((await snug.request("/", { headers: { Cookie: old } })).headers.location, "/login", "the old cookie is still somebody");
	await stream.closed;
	await first.open("/login");
	assert.ok(first.text.includes(bob.name), "the new session is bob's");
	assert.equal((await page.fetch("/", { isFollowed: false })).headers.location, composer.action.replace("/messages", ""), "another session of ada's goes on");
});

await run();
