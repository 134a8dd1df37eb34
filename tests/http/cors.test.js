// What pages of other sites may do with the API (cors_origins): what is listed and nothing else, and pages for people never.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { binaries, root, startSnug, temporaryFolder } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const listed = "https://app.example.org";
const evil = "https://evil.example.org";
const snug = await startSnug({ env: { SNUG_CORS_ORIGINS: `${listed}, http://localhost:5173`, SNUG_RATE_LIMITS: "on", SNUG_LIMIT_SEARCH: "1/h" } });
const owner = await setUp(snug);
const Authorization = `Bearer ${owner.access_token}`;
const api = ["/api/v1/users/@me", "/api/v10/users/@me", "/api/v1/nothing", "/api/v1/events?timeout=0", "/api/v9/events?timeout=0", "/api/events?timeout=0", "/api/users/@me", `/api/v1/channels/${owner.channel}/messages`];

const corsOf = (reply) => Object.keys(reply.headers).filter((name) => name.startsWith("access-control-"));
const words = (text) => text.split(/, */);

test("every reply of the API says that a listed origin may read it, with credentials, and no other origin", async () => {
	for (const location of api)
		for (const headers of [{ Authorization }, {}]) {
			const mine = await snug.request(location, { headers: { ...headers, Origin: listed } });
			assert.equal(mine.headers["access-control-allow-origin"], listed, location);
			assert.equal(mine.headers["access-control-allow-credentials"], "true", location);
			assert.ok(words(mine.headers.vary).includes("Origin"), location);
			for (const Origin of [evil, "null", `${listed}:8443`, `${listed}.evil.test`, "http://app.example.org", undefined]) {
				const theirs = await snug.request(location, { headers: { ...headers, ...(Origin && { Origin }) } });
				assert.deepEqual(corsOf(theirs), [], `${location} from ${Origin}`);
				assert.ok(words(theirs.headers.vary).includes("Origin"), location);
				assert.equal(theirs.status, mine.status, "the answer is the same: whom it is for is the browser's affair");
			}
		}
});

test("a script may read the limits, where to go on, and the id to look for in the log", async () => {
	const reply = await snug.request("/api/v1/users/@me", { headers: { Authorization, Origin: listed } });
	const exposed = words(reply.headers["access-control-expose-headers"]);
	for (const name of Object.keys(reply.headers).filter((each) => each.startsWith("x-")))
		if (!/^x-(content-type-options|frame-options)$/.test(name))
			assert.ok(exposed.some((each) => each.toLowerCase() === name), `${name} cannot be read`);
	for (const name of ["Retry-After", "Link", "X-Request-Id", "X-RateLimit-Scope", "X-RateLimit-Global"]) assert.ok(exposed.includes(name), name);
});

test("a preflight is answered with what the path takes, before anybody logs in", async () => {
	for (const [location, methods] of [
		["/api/v1/users/@me", ["GET", "PATCH"]],
		[`/api/v1/channels/${owner.channel}/messages`, ["GET", "POST"]],
		[`/api/v10/channels/${owner.channel}/messages/1234567890123456789`, ["GET", "PATCH", "DELETE"]],
		["/api/v1/auth/login", ["POST"]],
		["/api/v1/events", ["GET"]],
		["/api/v10/events", ["GET"]],
		["/api/events", ["GET"]],
		["/api/users/@me", ["GET", "PATCH"]],
	]) {
		const reply = await snug.request(location, {
			method: "OPTIONS",
			headers: { Origin: listed, "Access-Control-Request-Method": methods.at(-1), "Access-Control-Request-Headers": "authorization,content-type" },
		});
		assert.equal(reply.status, 204, `${location}: ${reply.text}`);
		assert.equal(reply.bytes.length, 0);
		assert.equal(reply.headers["access-control-allow-origin"], listed);
		assert.equal(reply.headers["access-control-allow-credentials"], "true");
		assert.ok(words(reply.headers.vary).includes("Origin"));
		const allowed = words(reply.headers["access-control-allow-methods"]);
		for (const method of methods) assert.ok(allowed.includes(method), `${location}: ${allowed} lacks ${method}`);
		assert.ok(location !== "/api/v1/auth/login" || !allowed.includes("DELETE"), "only what the path takes");
		for (const name of ["Authorization", "Content-Type", "X-Audit-Log-Reason", "Last-Event-ID"])
			assert.ok(words(reply.headers["access-control-allow-headers"]).includes(name), name);
		assert.ok(Number(reply.headers["access-control-max-age"]) >= 600);
		assert.ok(!Object.keys(reply.headers).some((each) => each.startsWith("x-ratelimit")), "asking costs nothing");
	}
});

test("a preflight from elsewhere is told nothing, and one to nowhere is a 404 that can be read", async () => {
	const method = "OPTIONS";
	const headers = { "Access-Control-Request-Method": "POST" };
	for (const location of ["/api/v1/users/@me", "/api/v1/events"]) {
		const reply = await snug.request(location, { method, headers: { ...headers, Origin: evil } });
		assert.deepEqual(corsOf(reply), []);
		assert.equal(reply.status, 204);
		assert.match(reply.headers.allow, /GET/);
	}
	const nowhere = await snug.request("/api/v1/nothing", { method, headers: { ...headers, Origin: listed } });
	assert.equal(nowhere.status, 404);
	assert.equal(nowhere.headers["access-control-allow-origin"], listed);
});

test("pages, streams of pages, health and files are nobody else's", async () => {
	const [file] = /\/static\/[^"]+\.css/.exec((await snug.request("/login")).text);
	for (const location of ["/login", "/", "/nothing", `/live?channel=${owner.channel}`, "/health/ready", file, "/static/none.css", "/error/page"])
		for (const method of ["GET", "OPTIONS"]) {
			const reply = await snug.request(location, { method, headers: { Origin: listed, "Access-Control-Request-Method": "POST" } });
			assert.deepEqual(corsOf(reply), [], `${method} ${location}`);
			assert.ok(method === "GET" || reply.status >= 400 || location === file, `${method} ${location}: ${reply.status}`);
		}
});

test("what lighttpd refuses for the API, and a 429, can be read too", async () => {
	const tooLong = await snug.request("/api/v1/users/@me", { headers: { Origin: listed, "X-Long": "x".repeat(10_000) } });
	assert.equal(tooLong.status, 431);
	assert.equal(tooLong.headers["access-control-allow-origin"], listed);
	const search = () => snug.request(`/api/v1/guilds/${owner.guild}/messages/search?q=x`, { headers: { Authorization, Origin: listed } });
	assert.equal((await search()).status, 200);
	const limited = await search();
	assert.equal(limited.status, 429, limited.text);
	assert.equal(limited.headers["access-control-allow-origin"], listed);
});

test("* is for any origin, and never with credentials", async () => {
	const open = await startSnug({ env: { SNUG_CORS_ORIGINS: "*" } });
	for (const location of ["/api/v1/users/@me", "/api/v1/events"])
		for (const method of ["GET", "OPTIONS"]) {
			const reply = await open.request(location, { method, headers: { Origin: evil, "Access-Control-Request-Method": "GET" } });
			assert.equal(reply.headers["access-control-allow-origin"], "*");
			assert.ok(!("access-control-allow-credentials" in reply.headers));
		}
	assert.deepEqual(corsOf(await open.request("/login", { headers: { Origin: evil } })), []);
});

test("without cors_origins no origin is told anything", async () => {
	const closed = await startSnug();
	for (const location of ["/api/v1/users/@me", "/api/v1/events", "/login"])
		for (const method of ["GET", "OPTIONS"]) {
			const reply = await closed.request(location, { method, headers: { Origin: listed, "Access-Control-Request-Method": "GET" } });
			assert.deepEqual(corsOf(reply), []);
			assert.ok(!("vary" in reply.headers));
		}
});

test("what is no list of origins is refused by name, by check and at the start", async () => {
	const folder = temporaryFolder();
	for (const [value, part] of [["app.example.org", "app.example.org"], [`${listed}/`, `${listed}/`], [`${listed},*`, "*"], [`*,${listed}`, "*"],
		["https://*.example.org", "https://*.example.org"], ["null", "null"], [`${listed},,`, '""']]) {
		const env = { ...process.env, ASAN_OPTIONS: "detect_leaks=0", SNUG_CORS_ORIGINS: value };
		for (const command of [["check"], ["run", "--listen", "127.0.0.1:0"]]) {
			const done = spawnSync(path.join(binaries, "snug"), [...command, "--data", path.join(folder, "data")], { cwd: root, encoding: "utf8", timeout: 120_000, env });
			assert.equal(done.status, 1, `${command} ${value}: ${done.stderr}`);
			assert.match(done.stderr, /cors_origins/);
			assert.ok(done.stderr.includes(part), done.stderr);
		}
	}
});

await run();
