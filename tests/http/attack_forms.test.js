// What another site, another tab or an old cookie can do with the forms of a page, and where a login may lead.

import { startSnug } from "../lib/snug.js";
import { invitePerson, nonce, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { pageRoutes } from "../lib/routes.js";
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
	["a form as multipart that it is not", { Origin: snug.url, "Content-Type": "multipart/form-data; boundary=x" }, 400],
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

/** What could be taken for another site by somebody: pieces of addresses, put together at random but the same in every run. */
function* strangeAddresses(count) {
	const pieces = ["/", "//", "\\", "\t", "\r\n", "\n", " ", "%2f", "%2F", "%5c", "%09", "%0d%0aLocation:%20//evil.test", "evil.test", "@evil.test", ":", "http:", "https://", "javascript:alert(1)",
		".", "..", "/login", "?next=//evil.test", "#", "\u00a0", "\u2028", "\u3000", "\ufeff", "\0", ";", "//evil.test", "/\\evil.test", "///", "%00", "％2f", "。"];
	let state = 12345;
	const below = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
	for (let i = 0; i < count; i++) yield Array.from({ length: 1 + below(5) }, () => pieces[below(pieces.length)]).join("");
	yield* ["//evil", "/\\evil", "%2f%2fevil", "/%2f%2fevil.test", "/\t/evil.test", "/\r\n/evil.test", "\t//evil.test", "/..//evil.test", "/.//evil.test", "/%5cevil.test", "/%09/evil.test", "https:evil.test", "/\u0000/evil.test"];
}

test("wherever a login is said to lead, it leads to this site, and breaks no header", async () => {
	const visitor = await loggedIn(bob);
	for (const next of strangeAddresses(400)) {
		const reply = await visitor.fetch(`/login?next=${encodeURIComponent(next)}`, { isFollowed: false });
		assert.ok([303, 400].includes(reply.status), `${JSON.stringify(next)}: ${reply.status}`);
		const to = reply.headers.location ?? "/";
		assert.equal(new URL(to, `${snug.url}/login`).origin, snug.url, `${JSON.stringify(next)} leads to ${to}`);
		assert.ok(to.startsWith("/") && !/^[/\\]{2}/.test(to) && !/[\0-\x20\\]/.test(to), JSON.stringify(to));
		assert.equal(reply.rawHeaders.filter((name, i) => i % 2 === 0 && /^location$/i.test(name)).length, reply.headers.location ? 1 : 0);
	}
});

test("the Host header, and what a proxy is said to have seen, stand in no reply", async () => {
	const headers = { Host: "evil.test", "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "X-Forwarded-Server": "evil.test", Forwarded: "host=evil.test;proto=https", "X-Original-URL": "//evil.test" };
	const authorization = { Authorization: `Bearer ${owner.access_token}` };
	const places = ["/", "/login", "/signup", "/reset", "/nothing", "/static", "/static/x", "/error/page", `/channels/${owner.guild}/${owner.channel}`, `/guilds/${owner.guild}/invites`, "/account", "/account/security"];
	for (const location of places)
		for (const cookie of [{}, { Cookie: page.cookie }]) {
			const reply = await snug.request(location, { headers: { ...headers, ...cookie } });
			assert.ok(!`${JSON.stringify(reply.headers)}${reply.text}`.includes("evil.test"), `${location}: ${reply.status} ${reply.headers.location}`);
		}
	for (const [method, location, body] of [["GET", "/users/@me"], ["POST", `/guilds/${owner.guild}/invites`, {}], ["GET", "/nothing"], ["GET", "/events?timeout=0"], ["POST", "/auth/reset", { login: "ada" }]]) {
		const reply = await snug.request(`/api/v1${location}`, { method, body, headers: { ...headers, ...authorization } });
		assert.ok(!`${JSON.stringify(reply.headers)}${reply.text}`.includes("evil.test"), `${location}: ${reply.text}`);
	}
});

/** Ids that lead to something of ada's, so that nothing but the proof is missing. */
const target = {
	guild: owner.guild, channel: owner.channel, user: bob.user.id, message: (await owner.client.send(owner.channel, "of ada")).id,
	role: (await owner.client.get(`/guilds/${owner.guild}/roles`)).json.at(-1).id, code: (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json.code,
};
const fill = (pattern) => pattern.replaceAll(/\{(\w+)\}/g, (_, name) => target[name] ?? "1234567890123456789");

test("every form that is posted wants its proof: without it, from elsewhere or as another kind nothing happens", async () => {
	const posts = pageRoutes().filter((each) => each.method === "POST");
	assert.ok(posts.length > 40, `${posts.length} rows`);
	const before = (await owner.client.get(`/guilds/${owner.guild}`)).text + (await owner.client.get(`/guilds/${owner.guild}/members`)).text + (await owner.client.get(`/guilds/${owner.guild}/channels`)).text;
	const fields = { name: "taken over", content: "x", login: owner.name, password: owner.password, confirm: "yes", user_id: bob.user.id };
	for (const { pattern } of posts) {
		const location = fill(pattern);
		const ask = (body, headers = {}) => snug.request(location, { method: "POST", body, headers: { Cookie: page.cookie, ...headers } });
		const proof = new URLSearchParams({ ...fields, csrf: composer.fields.csrf }).toString();
		const bare = new URLSearchParams(fields).toString();
		for (const [what, reply, statuses] of [
			["without a proof", await ask(bare, { ...form, Origin: snug.url }), [403]],
			["with a made-up one", await ask(`${bare}&csrf=${"A".repeat(composer.fields.csrf.length)}`, { ...form, Origin: snug.url }), [403]],
			["with two", await ask(`${proof}&csrf=x`, { ...form, Origin: snug.url }), [400]],
			["from another site", await ask(proof, { ...form, Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" }), [403]],
			["from a page that hides where it is", await ask(proof, { ...form, Origin: "null" }), [403]],
			["as JSON", await ask(JSON.stringify({ ...fields, csrf: composer.fields.csrf }), { "Content-Type": "application/json", Origin: snug.url }), [415]],
			["as text", await ask(proof, { "Content-Type": "text/plain", Origin: snug.url }), [415]],
			["with the proof in the address", await snug.request(`${location}?csrf=${encodeURIComponent(composer.fields.csrf)}`, { method: "POST", body: bare, headers: { ...form, Cookie: page.cookie, Origin: snug.url } }), [403]],
		])
			assert.ok(statuses.includes(reply.status), `POST ${location} ${what}: ${reply.status} ${reply.headers.location ?? ""} ${reply.text.slice(0, 100)}`);
		for (const method of ["GET", "HEAD"]) {
			const reply = await snug.request(location, { method, headers: { Cookie: page.cookie } });
			assert.ok([200, 303, 400, 401, 403, 404, 405, 409].includes(reply.status), `${method} ${location}: ${reply.status}`);
		}
	}
	const after = (await owner.client.get(`/guilds/${owner.guild}`)).text + (await owner.client.get(`/guilds/${owner.guild}/members`)).text + (await owner.client.get(`/guilds/${owner.guild}/channels`)).text;
	assert.equal(after, before, "something was changed");
	assert.equal((await page.fetch("/account", { isFollowed: false })).status, 200, "and ada is still logged in");
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
