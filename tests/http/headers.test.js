// The headers that every reply carries.

import fs from "node:fs";
import path from "node:path";
import { kill, root, startSnug } from "../lib/snug.js";
import { raw } from "../lib/http.js";
import { Client, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const page = new Page(snug);
await page.open("/login");
await page.submit(/login/, { login: owner.name, password: owner.password });
const authorization = { Authorization: `Bearer ${owner.access_token}` };

/** A reply as raw() has it, with a body that is as long as it says. */
function parse(text) {
	const [top, ...rest] = text.split("\r\n\r\n");
	const lines = top.split("\r\n");
	const pairs = lines.slice(1).map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
	return { status: Number(lines[0].split(" ")[1]), headers: Object.fromEntries(pairs), rawHeaders: pairs.flat(), text: rest.join("\r\n\r\n") };
}

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
	"a redirect": await page.fetch("/", { isFollowed: false }),
	"a redirect to the login": await snug.request("/"),
	"a file that is none": await snug.request("/static/none.css"),
	"a folder of files": await snug.request("/static/0/css"),
	"a preflight": await snug.request("/api/v1/users/@me", { method: "OPTIONS" }),
});

/** The rows of cgi/http/headers.def: [{ scope, name, value }]. */
const table = [...fs.readFileSync(path.join(root, "cgi/http/headers.def"), "utf8").matchAll(/^HEADER\((\w+), "([\w-]+)",\s*((?:"[^"]*"\s*)+)\)$/gm)].map(
	([, scope, name, value]) => ({ scope, name: name.toLowerCase(), value: value.replaceAll(/"\s*"/g, "").trim().slice(1, -1) }),
);

/** That a reply has every header of the scopes as the table has it, and those of no other scope. */
function assertHeaders(what, reply, scopes) {
	const all = ["ALWAYS", scopes.includes("PICTURE") ? "" : "OWN", scopes.includes("FRAMED") ? "" : "UNFRAMED", ...scopes];
	const expected = table.filter((row) => all.includes(row.scope));
	for (const { name, value } of expected) assert.equal(reply.headers[name], value, `${name} of ${what}`);
	for (const { name } of table)
		if (!expected.some((row) => row.name === name) && name !== "cache-control") assert.ok(!(name in reply.headers), `${name} of ${what}`);
	const names = reply.rawHeaders.filter((_, i) => i % 2 === 0).map((each) => each.toLowerCase());
	for (const { name } of table) assert.ok(names.filter((each) => each === name).length <= 1, `${name} of ${what} stands there twice`);
}

const isPage = (reply) => /^text\/html/.test(reply.headers["content-type"] ?? (reply.headers.location ? "text/html" : ""));

test("the table of headers is read", async () => {
	assert.ok(table.length >= 13, JSON.stringify(table));
	for (const name of ["content-security-policy", "strict-transport-security", "x-content-type-options", "referrer-policy", "x-frame-options",
		"cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy", "origin-agent-cluster"])
		assert.ok(table.some((row) => row.name === name), name);
});

test("every reply has the headers of its kind, as the table has them, once", async () => {
	for (const [what, reply] of Object.entries(await replies())) {
		assertHeaders(what, reply, [isPage(reply) ? "PAGE" : "DATA", "PRIVATE"]);
		assert.match(reply.headers["content-security-policy"], /frame-ancestors 'none'/, what);
		if (reply.status !== 204) assert.equal(Number(reply.headers["content-length"]), reply.bytes.length, `Content-Length of ${what}`);
		assert.ok(reply.headers["content-type"] || [204, 303].includes(reply.status), `type of ${what}`);
		assert.ok(!reply.headers["x-powered-by"], what);
		assert.ok(!("server" in reply.headers), `${what} tells what serves it: ${reply.headers.server}`);
		assert.ok(!reply.headers["access-control-allow-origin"], what);
	}
});

/** Requests that lighttpd refuses before it asks a program: what is sent, the status, and whether a person asked. */
const head = (line, more = "") => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${snug.port}\r\n${more}\r\n`;
const long = (n) => `X-Long: ${"x".repeat(n)}\r\n`;
const refusals = [
	["a malformed header", "GET /PATH", "a b: c\r\n", 400],
	["a path that leaves its folder", "GET /PATH/../x", "", 400],
	["a path of bad encoding", "GET /PATH%zz", "", 400],
	["a method of its own", "TRACE /PATH", "", 403],
	["a body without a length and another method", "POST /PATH", "Transfer-Encoding: identity\r\n", 501],
	["a body that is too large", "POST /PATH", "Content-Length: 99999999\r\n", 413],
	["a head that is too long", "GET /PATH", long(9_000), 431],
];

for (const [what, line, more, status] of refusals)
	test(`${what} is told as JSON under /api and as a page elsewhere, with the headers of every reply`, { parallel: true }, async () => {
		for (const [location, isData] of [["api/v1/users/@me", true], ["api/v1/nothing", true], ["login", false], ["nothing", false]]) {
			const got = await raw({ port: snug.port, bytes: head(line.replace("PATH", location), more) });
			assert.equal(got.status, status, `${location}: ${got.text.slice(0, 200)}`);
			const reply = parse(got.text);
			if (isData) {
				assert.equal(reply.headers["content-type"], "application/json", location);
				const { code, message } = JSON.parse(reply.text);
				assert.ok(Number.isInteger(code) && message.length > 5, reply.text);
			} else {
				assert.match(reply.headers["content-type"], /^text\/html/, location);
				assert.match(reply.text, /<h1\b/);
			}
			// What it refuses before it has looked at the path, lighttpd gives the policy of a page, which is no less strict.
			const isLateEnough = isData && !/script-src/.test(reply.headers["content-security-policy"]);
			assertHeaders(`${what} at ${location}`, reply, [isLateEnough ? "DATA" : "PAGE", "PRIVATE"]);
			assert.ok(!("server" in reply.headers));
			assert.equal(Number(reply.headers["content-length"]), Buffer.byteLength(reply.text, "latin1"));
		}
	});

test("of a head that lighttpd itself cannot take nobody knows what it asks for: short JSON, with the headers", async () => {
	for (const bytes of [head("GET /login", long(20_000)), "no HTTP at all\r\n\r\n", "GET /login HTTP/1.1\r\n\r\n"]) {
		const got = await raw({ port: snug.port, bytes });
		assert.ok([400, 431].includes(got.status), got.text.slice(0, 200));
		const reply = parse(got.text);
		assert.equal(reply.headers["x-content-type-options"], "nosniff");
		assert.match(reply.headers["content-security-policy"], /default-src 'none'/);
		assert.ok(!/unsafe/.test(reply.headers["content-security-policy"]));
		assert.ok(reply.text.length < 1000 && !/lighttpd/i.test(got.text), got.text.slice(0, 300));
	}
});

test("a POST without a body and without a length is a POST like any other to the API", async () => {
	const bare = async (location, more = "") => parse((await raw({ port: snug.port, bytes: head(`POST ${location}`, more) })).text);
	const bearer = `Authorization: ${authorization.Authorization}\r\n`;
	const made = await bare(`/api/v1/guilds/${owner.guild}/invites`, bearer);
	assert.ok([200, 201].includes(made.status), `${made.status} ${made.text}`);
	assert.ok(JSON.parse(made.text).code);
	assert.equal((await bare(`/api/v1/guilds/${owner.guild}/invites`)).status, 401, "and needs a login like any other");
	assert.equal((await bare("/api/v1/users/@me", bearer)).status, 405);
	assert.equal((await bare("/api/v1/nothing", bearer)).status, 404);
	assert.equal((await bare("/api/v1/auth/login")).status, 400, "a login needs a body");
	const page = await bare("/login");
	assert.equal(page.status, 411, "a form always has a length");
	assert.match(page.headers["content-type"], /^text\/html/);
	assertHeaders("a bare POST to a page", page, ["PAGE", "PRIVATE"]);
});

test("an address that lighttpd sends errors to is nothing to anybody else", async () => {
	for (const location of ["/error/page", "/error/api", "/error/page?x"])
		for (const method of ["GET", "POST"]) {
			const headers = { "REDIRECT_STATUS": "411", "Redirect-Status": "411", "X-Sendfile": "/etc/passwd" };
			assert.ok([404, 405].includes((await snug.request(location, { method, headers, body: method === "POST" ? "" : undefined })).status), `${method} ${location}`);
		}
});

/** Ends every process of a pool but its parent. */
function killChildren(program) {
	const parents = new Set(snug.processes().filter((each) => each.ppid === snug.pid).map((each) => each.pid));
	for (const each of snug.processes(program)) if (parents.has(each.ppid)) kill(each.pid);
}

test("a program that dies over a request: the reply says when to come again, in the form that the path calls for", async () => {
	const store = snug.parentOf("snug-store").pid;
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	const form = page.form(/\/messages$/);
	process.kill(store, "SIGSTOP"); // so that a change waits
	try {
		for (const [program, ask] of [
			["snug-api", () => snug.request(`/api/v1/channels/${owner.channel}/messages`, { method: "POST", headers: authorization, body: { content: "x" } })],
			["snug-web", () => page.submit(form, { content: "x" }, { isFollowed: false })],
		]) {
			let reply = null;
			const asked = ask().then((each) => (reply = each));
			await new Promise((resolve) => setTimeout(resolve, 300));
			assert.equal(reply, null, `${program} did not wait: ${reply?.status} ${reply?.text}`);
			killChildren(program);
			await asked;
			assert.ok([500, 502, 503].includes(reply.status), `${program}: ${reply.status}`);
			assert.ok(Number(reply.headers["retry-after"]) > 0, "Retry-After");
			assertHeaders(`a dead ${program}`, reply, [program === "snug-api" ? "DATA" : "PAGE", "PRIVATE"]);
			if (program === "snug-api") assert.ok(reply.json.message.length > 5, reply.text);
			else assert.match(reply.text, /<h1\b/);
		}
	} finally {
		process.kill(store, "SIGCONT");
	}
	await until("it goes on", async () => (await snug.request("/health/ready").catch(() => null))?.status === 200);
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
		assertHeaders(file, reply, ["FILE"]);
		assert.ok(!/unsafe/.test(reply.headers["content-security-policy"]), file);
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
