// The headers that every reply carries.

import { startSnug } from "../lib/snug.js";
import { Client, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const page = new Page(snug);
await page.open("/login");
await page.submit(/login/, { login: owner.name, password: owner.password });
const authorization = { Authorization: `Bearer ${owner.access_token}` };

/** Everything that a path of this instance can answer, by name. */
const replies = async () => ({
	"a channel": await page.fetch(page.location),
	"the login": await new Page(snug).fetch("/login"),
	"a missing page": await page.fetch("/nothing/here"),
	"an invite that is none": await new Page(snug).fetch("/invite/zzzzzzzzzz"),
	"a form": await page.fetch(`/guilds/${owner.guild}/channels/new`),
	"me": await snug.request("/api/v1/users/@me", { headers: authorization }),
	"history": await snug.request(`/api/v1/channels/${owner.channel}/messages`, { headers: authorization }),
	"an error of the API": await snug.request("/api/v1/nothing"),
	"a 401": await snug.request("/api/v1/users/@me"),
	"a long poll": await snug.request("/api/v1/events?timeout=0", { headers: authorization }),
	"an error of the live programs": await snug.request("/api/v1/events"),
	"an error of the live page": await snug.request("/live"),
	"health": await snug.request("/health/live"),
	"readiness": await snug.request("/health/ready"),
});

test("nosniff, no framing, a referrer policy and a length, on everything", async () => {
	for (const [what, reply] of Object.entries(await replies())) {
		assert.equal(reply.headers["x-content-type-options"], "nosniff", what);
		assert.ok(reply.headers["referrer-policy"], what);
		const policy = reply.headers["content-security-policy"] ?? "";
		assert.ok(/frame-ancestors 'none'/.test(policy), `${what}: ${policy}`);
		assert.equal(Number(reply.headers["content-length"]), reply.bytes.length, `Content-Length of ${what}`);
		assert.ok(reply.headers["content-type"] || reply.status === 204, `type of ${what}`);
		assert.ok(!reply.headers["x-powered-by"], what);
		assert.ok(!/\d/.test(reply.headers.server ?? ""), `${what} tells a version: ${reply.headers.server}`);
		assert.ok(!reply.headers["strict-transport-security"], `${what}: HSTS only over https`);
		assert.ok(!reply.headers["access-control-allow-origin"], what);
	}
});

test("a page's policy allows its own scripts and styles, nothing inline, nothing from elsewhere", async () => {
	const { "a channel": channel, "the login": login, "a missing page": missing } = await replies();
	for (const reply of [channel, login, missing]) {
		const policy = reply.headers["content-security-policy"];
		assert.match(policy, /default-src 'none'/);
		assert.match(policy, /script-src 'self'(;|$)/);
		assert.match(policy, /base-uri 'none'/);
		assert.match(policy, /form-action 'self'/);
		assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
		assert.match(reply.headers["content-type"], /^text\/html; ?charset=utf-8$/i);
		assert.ok(!/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/i.test(reply.text), "something is inline");
	}
});

test("what needs a login is never stored", async () => {
	const all = await replies();
	for (const what of ["a channel", "a form", "me", "history", "a long poll", "a 401"])
		assert.match(all[what].headers["cache-control"] ?? "", /no-store/, what);
	const stream = await openStream(snug, { token: owner.access_token });
	assert.match(stream.headers["cache-control"], /no-store/);
	assert.equal(stream.headers["x-content-type-options"], "nosniff");
	stream.close();
});

test("static files are cached for ever under their version, typed, and listed nowhere", async () => {
	const login = await new Page(snug).fetch("/login");
	const files = [...new Set([...login.text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map((match) => match[1]))];
	assert.ok(files.some((each) => each.endsWith(".css")), `${files}`);
	for (const file of files) {
		const reply = await snug.request(file);
		assert.equal(reply.status, 200, file);
		assert.match(reply.headers["cache-control"], /immutable/, file);
		assert.match(reply.headers["content-type"], /css|javascript|svg|png|icon|json|woff/, file);
		assert.equal(reply.headers["x-content-type-options"], "nosniff", file);
		assert.equal(Number(reply.headers["content-length"]), reply.bytes.length, file);
	}
	for (const file of ["/static/", files[0].replace(/[^/]+$/, ""), files[0].replace(/\/static\/[^/]+\//, "/static/0000/")])
		assert.ok([403, 404].includes((await snug.request(file)).status), file);
});

test("the session cookie is HttpOnly, SameSite=Lax and for the whole site; without https it is not Secure", async () => {
	const attributes = page.setCookies.snug_session.map((each) => each.toLowerCase());
	assert.ok(attributes.includes("httponly"));
	assert.ok(attributes.includes("samesite=lax"));
	assert.ok(attributes.includes("path=/"));
	assert.ok(!attributes.includes("secure"));
	assert.ok(!attributes.some((each) => each.startsWith("domain")));
});

test("a 204 has no body and no type", async () => {
	const client = new Client(snug, owner.access_token);
	const made = await client.send(owner.channel, "x");
	const reply = await client.delete(`/channels/${owner.channel}/messages/${made.id}`);
	assert.equal(reply.status, 204);
	assert.equal(reply.bytes.length, 0);
	assert.ok(!reply.headers["content-type"]);
});

test("each reply of a program has an id to find it by in the log", async () => {
	const one = await snug.request("/api/v1/users/@me", { headers: authorization });
	const two = await snug.request("/login");
	assert.ok(one.headers["x-request-id"] && two.headers["x-request-id"]);
	assert.notEqual(one.headers["x-request-id"], two.headers["x-request-id"]);
});

await run();
