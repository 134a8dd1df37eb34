// HTTP that no client of good will sends, through lighttpd: one request stays one request, and what a program answers arrives as
// it was written.

import { startSnug } from "../lib/snug.js";
import { raw } from "../lib/http.js";
import { Client, setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const { port } = snug;
const host = `Host: 127.0.0.1:${port}\r\n`;
const authorization = { Authorization: `Bearer ${owner.access_token}` };
const answers = (text) => (text.match(/^HTTP\/1\.[01] \d{3}/gm) ?? []).length;
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;

for (const [what, head, body] of [
	["Content-Length and Transfer-Encoding", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`],
	["two lengths", "Content-Length: 0\r\nContent-Length: 60\r\n", smuggled],
	["the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n", smuggled],
	["a length with a sign", "Content-Length: +0\r\n", smuggled],
	["a length in hex", "Content-Length: 0x0\r\n", smuggled],
	["a length beyond 64 bits", "Content-Length: 18446744073709551616\r\n", smuggled],
	["a blank before the colon", "Transfer-Encoding : chunked\r\n", `0\r\n\r\n${smuggled}`],
	["an unknown coding", "Transfer-Encoding: xchunked\r\n", `0\r\n\r\n${smuggled}`],
	["a chunk beyond 64 bits", "Transfer-Encoding: chunked\r\n", `ffffffffffffffff1\r\nx\r\n0\r\n\r\n${smuggled}`],
	["a chunk of no size", "Transfer-Encoding: chunked\r\n", `zz\r\n\r\n${smuggled}`],
	["two hosts", "Host: evil.test\r\nContent-Length: 0\r\n", smuggled],
	["a bare CR", "X-A: b\rX-C: d\r\nContent-Length: 0\r\n", smuggled],
	["a zero byte", "X-A: b\0c\r\nContent-Length: 0\r\n", smuggled],
])
	test(`a request with ${what} is refused, and what follows it is not a request`, { parallel: true }, async () => {
		const reply = await raw({ port, bytes: `POST /api/v1/auth/login HTTP/1.1\r\n${host}${head}\r\n${body}`, idle: 20_000 });
		assert.ok([400, 501].includes(reply.status), reply.text.slice(0, 200));
		assert.equal(answers(reply.text), 1, reply.text.slice(0, 600));
		assert.ok(reply.isClosed, "the connection stays open");
	});

for (const target of ["/%2e%2e/secrets", "/..%2fsecrets", "/static/../lighttpd.conf", "/static/%2e%2e/lighttpd.conf", "/static/..%5csecrets",
	"/lighttpd.conf", "/web.sock", "/run/lighttpd.conf", "/templates/page/login.mustache", "/errors/page-404.html", "/snug.db", "//login",
	"/%c0%af", "/%00", "/login%00", "/login%2f", "/invite/%0d%0aX-A:b", "http://evil.test/login", "/health/../api/v1/users/@me"])
	test(`nothing is at ${target}`, { parallel: true }, async () => {
		const reply = await raw({ port, bytes: `GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n` });
		assert.ok([400, 403, 404].includes(reply.status), reply.text.slice(0, 300));
		assert.ok(!/x-a:/i.test(reply.text), "a header was split");
	});

test("%40me is @me", async () => {
	assert.equal((await snug.request("/api/v1/users/%40me", { headers: authorization })).status, 200);
});

test("methods that nobody asks for reach no program", async () => {
	for (const method of ["TRACE", "CONNECT", "PROPFIND", "get"]) {
		const reply = await raw({ port, bytes: `${method} /api/v1/users/@me HTTP/1.1\r\n${host}Authorization: Bearer ${owner.access_token}\r\n\r\n`, idle: 800 });
		assert.ok([400, 403, 405, 501].includes(reply.status), `${method}: ${reply.text.slice(0, 200)}`);
		assert.ok(!reply.text.includes(owner.access_token), `${method} echoes the request`);
	}
});

test("a part of a reply cannot be asked for: JSON, pages and polls come whole", async () => {
	const client = new Client(snug, owner.access_token);
	for (const Range of ["bytes=0-10", "bytes=0-1,3-4", "bytes=-5", `bytes=${Array.from({ length: 300 }, (_, i) => `${i}-`)}`])
		for (const location of ["/api/v1/users/@me", "/api/v1/events?timeout=0", "/login", "/nothing"]) {
			const reply = await snug.request(location, { headers: { ...authorization, Range } });
			assert.ok([200, 404].includes(reply.status), `${location} ${Range.slice(0, 20)}: ${reply.status}`);
			assert.ok(!reply.headers["content-range"] && !reply.headers["accept-ranges"], location);
		}
	client.close();
});

test("HTTP/2 is not spoken without TLS, asked for by name or not", async () => {
	const known = await raw({ port, bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", idle: 800, patience: 3000 });
	assert.ok([0, 400, 403, 501, 505].includes(known.status) && !known.text.startsWith("\0"), `it answers in frames: ${JSON.stringify(known.text.slice(0, 60))}`);
	const upgraded = await raw({
		port,
		bytes: `GET /login HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
		idle: 800,
	});
	assert.equal(upgraded.status, 200);
});

test("of a file a part can be asked for", async () => {
	const [file] = /\/static\/[^"]+\.css/.exec((await snug.request("/login")).text);
	const reply = await snug.request(file, { headers: { Range: "bytes=0-10" } });
	assert.equal(reply.status, 206);
	assert.equal(reply.bytes.length, 11);
});

await run();
