// What is no proper request gets a clear 4xx and changes nothing.

import { startSnug } from "../lib/snug.js";
import { Client, history, invitePerson, setUp } from "../lib/api.js";
import { raw } from "../lib/http.js";
import { assert, after, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const anchor = await bob.client.send(owner.channel, "the only message");
const messages = `/channels/${owner.channel}/messages`;
const jsonType = { "Content-Type": "application/json" };
const bearer = `Authorization: Bearer ${bob.access_token}\r\n`;
const head = (line, more = "") => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${snug.port}\r\nConnection: close\r\n${more}\r\n`;

const malformed = {
	"nothing": "", "blanks": "  ", "half an object": '{"content":"x"', "half a string": '{"content":"x', "a word": "content", "single quotes": "{'content':'x'}",
	"a trailing comma": '{"content":"x",}', "two values": '{"content":"x"}{"content":"y"}', "a comment": '{"content":"x"}//', "NaN": '{"content":NaN}',
	"a lone surrogate": '{"content":"\\ud800"}', "a bad escape": '{"content":"\\x41"}', "a raw control character": '{"content":"a\u0001b"}',
	"an escaped NUL": '{"content":"a\\u0000b"}', "a raw NUL": '{"content":"a\u0000b"}', "a key with NUL": '{"con\\u0000tent":"x"}',
	"a byte order mark": '\ufeff{"content":"x"}', "a huge exponent": '{"content":"x","flags":1e999999}', "a key twice": '{"content":"x","content":"y"}',
	"a number with leading zero": '{"content":"x","flags":01}',
};
for (const [what, body] of Object.entries(malformed))
	test(`JSON: ${what} is a 400`, { parallel: true }, async () => {
		const reply = await bob.client.post(messages, body, jsonType);
		assert.equal(reply.status, 400, `${reply.status} ${reply.text}`);
		assert.equal(typeof reply.json.message, "string");
		assert.equal(typeof reply.json.code, "number");
	});

for (const [what, body] of Object.entries({ "a list": "[]", "a string": '"content"', "a number": "7", "null": "null", "true": "true" }))
	test(`JSON: ${what} instead of an object is a 400`, { parallel: true }, async () => {
		const reply = await bob.client.post(messages, body, jsonType);
		assert.equal(reply.status, 400, `${reply.status} ${reply.text}`);
	});

for (const [what, bytes] of Object.entries({
	"an overlong slash": [0xc0, 0xaf], "a lone continuation": [0x80], "a cut sequence": [0xe6, 0xbc], "a surrogate": [0xed, 0xa0, 0x80],
	"beyond U+10FFFF": [0xf4, 0x90, 0x80, 0x80], "Latin-1": [0xe4], "0xFF": [0xff],
}))
	test(`invalid UTF-8 (${what}) is a 400`, { parallel: true }, async () => {
		const body = Buffer.concat([Buffer.from('{"content":"'), Buffer.from(bytes), Buffer.from('"}')]);
		const reply = await bob.client.post(messages, body, jsonType);
		assert.equal(reply.status, 400, `${reply.status} ${reply.text}`);
	});

test("JSON nested 10, 1,000 and 100,000 deep: fine, and refused", async () => {
	const deep = (n) => `{"content":"nested","extra":${"[".repeat(n)}${"]".repeat(n)}}`;
	const objects = (n) => `{"content":"x","extra":${'{"a":'.repeat(n)}1${"}".repeat(n)}}`;
	const fine = await bob.client.post(messages, deep(10), jsonType);
	assert.equal(fine.status, 200, fine.text);
	await bob.client.delete(`${messages}/${fine.json.id}`);
	for (const body of [deep(1000), objects(1000), deep(100_000), "[".repeat(200_000)]) {
		const reply = await bob.client.post(messages, body, jsonType);
		assert.ok([400, 413].includes(reply.status), `${reply.status} ${reply.text}`);
	}
});

test("a body over the limit is a 413 that says so, and a chunked one too", async () => {
	for (const size of [300_000, 3_000_000]) {
		const body = JSON.stringify({ content: "x", pad: "p".repeat(size) });
		const reply = await bob.client.post(messages, body, jsonType).catch((error) => ({ status: error.code }));
		assert.ok([413, "EPIPE", "ECONNRESET"].includes(reply.status), `${reply.status} ${reply.text}`);
		const chunked = await bob.client.post(messages, body, { ...jsonType, "Transfer-Encoding": "chunked" }).catch((error) => ({ status: error.code }));
		assert.ok([413, "EPIPE", "ECONNRESET"].includes(chunked.status), `chunked: ${chunked.status} ${chunked.text}`);
	}
	const quiet = await raw({ port: snug.port, bytes: head(`POST /api/v1${messages}`, `${bearer}Content-Type: application/json\r\nContent-Length: 99999999999\r\n`) });
	assert.equal(quiet.status, 413, quiet.text);
});

test("a chunked body within the limit is taken", async () => {
	const reply = await bob.client.post(messages, '{"content":"in pieces"}', { ...jsonType, "Transfer-Encoding": "chunked" });
	assert.equal(reply.status, 200, reply.text);
	await bob.client.delete(`${messages}/${reply.json.id}`);
});

for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/jsonp", "json", ";", "application/json, text/html"])
	test(`content type "${type}" is refused`, { parallel: true }, async () => {
		const reply = await bob.client.post(messages, '{"content":"x"}', { "Content-Type": type });
		assert.ok([400, 415].includes(reply.status), `${reply.status} ${reply.text}`);
	});

test("another charset than UTF-8 is refused", async () => {
	const reply = await bob.client.post(messages, '{"content":"x"}', { "Content-Type": "application/json; charset=utf-16" });
	assert.ok([400, 415].includes(reply.status), `${reply.status} ${reply.text}`);
});

for (const id of ["0", "-1", "+1", "01", "1.0", "1e9", "x", "%201", "9223372036854775808", "99999999999999999999999999", "0x10", "%00", "1%00", "１", "NaN", "..", "%2e%2e", "1;drop"])
	test(`the id ${id} is no channel`, { parallel: true }, async () => {
		for (const path of [`/channels/${id}`, `/channels/${id}/messages`, `/channels/${owner.channel}/messages/${id}`, `/guilds/${id}/channels`]) {
			const reply = await raw({ port: snug.port, bytes: head(`GET /api/v1${encodeURI(path).replaceAll("%25", "%")}`, bearer) });
			assert.ok([400, 404].includes(reply.status), `${path}: ${reply.text.slice(0, 200)}`);
		}
	});

test("ids in a body: wrong ones are a 400, numbers and strings are the same", async () => {
	const make = (body) => owner.client.post(`/guilds/${owner.guild}/channels`, body, jsonType);
	for (const id of ['"x"', "-1", "1.5", "true", "[]", '"9223372036854775808"', "9223372036854775808", '""'])
		assert.equal((await make(`{"name":"bad","parent_id":${id}}`)).status, 400, id);
});

test("paths: traversal, encodings, doubled slashes and strangers are 4xx", async () => {
	const paths = [
		"/static/../snug.db", "/static/..%2fsnug.db", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/....//snug.db", "/snug.db", "/run/secrets", "/static/",
		"/api/v1/../v1/users/@me%00", "/api/v1/%ff", "/api/v1/%zz", "/api/v1/users/@me/", "/api/v1//users/@me", "/api/v1", "/api", "/api/v1/nothing", "/%00", "/\\..\\x",
		"/" + "a".repeat(3000), "/" + "a/".repeat(1000), "/api/v1/channels/1/messages/2/3/4/5/6/7/8/9/10/11/12/13/14",
	];
	for (const path of paths) {
		const reply = await raw({ port: snug.port, bytes: head(`GET ${path}`, bearer) });
		assert.ok(reply.status >= 400 && reply.status < 500, `${path.slice(0, 60)}: ${reply.text.slice(0, 100)}`);
		assert.ok(!/SQLite format|root:/.test(reply.text), path);
	}
	const unknown = await bob.client.get("/nothing/here");
	assert.equal(unknown.status, 404);
	assert.deepEqual(unknown.json, { message: "404: Not Found", code: 0 });
});

test("a method that a path does not have is a 405 with Allow, and TRACE is refused", async () => {
	for (const method of ["PUT", "DELETE", "PATCH"]) {
		const reply = await bob.client.request(method, "/users/@me/guilds");
		assert.equal(reply.status, 405, `${method}: ${reply.text}`);
		assert.match(reply.headers.allow, /GET/);
	}
	for (const method of ["TRACE", "TRACK", "CONNECT", "PROPFIND", "FOO"])
		for (const target of ["/", "/api/v1/users/@me", "/api/v1/events", "/live"]) {
			const reply = await raw({ port: snug.port, bytes: head(`${method} ${target}`, `${bearer}X-Secret: mirror\r\n`) });
			assert.ok(reply.status >= 400 && reply.status <= 501, `${method} ${target}: ${reply.text.slice(0, 100)}`);
			assert.ok(!reply.text.includes("mirror"), `${method} ${target} mirrors headers`);
		}
});

test("HEAD is GET without its body", async () => {
	for (const path of ["/api/v1/users/@me", "/login", "/health/live"]) {
		const reply = await snug.request(path, { method: "HEAD", headers: { Authorization: `Bearer ${bob.access_token}` } });
		assert.equal(reply.status, 200, path);
		assert.equal(reply.bytes.length, 0);
		assert.ok(Number(reply.headers["content-length"]) > 0, path);
	}
});

test("oversized headers and cookies are a 431, or at least a 400, and the next request is fine", async () => {
	for (const [name, size] of [["Cookie", 9_000], ["Cookie", 100_000], ["X-Long", 70_000], ["Authorization", 20_000], ["User-Agent", 80_000], ["Last-Event-ID", 20_000]])
		for (const target of ["/login", "/api/v1/users/@me", "/api/v1/events", "/live"]) {
			const reply = await raw({ port: snug.port, bytes: head(`GET ${target}`, `${name}: ${"x".repeat(size)}\r\n`) });
			const isSmall = size < 64_000;
			const expected = isSmall ? [200, 303, 400, 401, 431] : [400, 431];
			assert.ok(expected.includes(reply.status), `${name} of ${size} to ${target}: ${reply.text.slice(0, 80)}`);
		}
	const many = Array.from({ length: 500 }, (_, i) => `X-H${i}: ${i}\r\n`).join("");
	for (const target of ["/login", "/api/v1/users/@me", "/api/v1/events"]) {
		const reply = await raw({ port: snug.port, bytes: head(`GET ${target}`, many) });
		assert.ok([400, 431].includes(reply.status), `500 headers to ${target}: ${reply.text.slice(0, 80)}`);
	}
	assert.equal((await bob.client.get("/users/@me")).status, 200);
});

test("headers that stand there twice under two spellings are refused, and none is believed", async () => {
	for (const headers of ["X-Forwarded-For: 1.2.3.4\r\nX_Forwarded_For: 5.6.7.8\r\n", "Content_Length: 5\r\n", "Content_Type: x\r\n", `Authorization: x\r\n${bearer}`, `${bearer}${bearer}`]) {
		const reply = await raw({ port: snug.port, bytes: head("GET /api/v1/users/@me", headers) });
		assert.ok(reply.status === 400 || reply.status === 401, `${headers.split("\r\n")[0]}: ${reply.text.slice(0, 100)}`);
	}
	for (const value of ["1.2.3.4", "127.0.0.1, 1.2.3.4", "x".repeat(3000), "[::1", "::ffff:1.2.3.4", ",,,", "\x7f", "1.2.3.4:99999"]) {
		const reply = await raw({ port: snug.port, bytes: head("GET /api/v1/users/@me", `${bearer}X-Forwarded-For: ${value}\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n`) });
		assert.ok([200, 400].includes(reply.status), `X-Forwarded-For ${value.slice(0, 20)}: ${reply.text.slice(0, 100)}`);
	}
});

const smuggling = {
	"two lengths": `POST /api/v1${messages} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 15\r\nContent-Length: 16\r\n\r\n{"content":"x"}`,
	"a length and chunks": `POST /api/v1${messages} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
	"a negative length": `POST /api/v1${messages} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: -1\r\n\r\n`,
	"a length of words": `POST /api/v1${messages} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: ten\r\n\r\n`,
	"a bare line feed in a header": `GET /api/v1/users/@me HTTP/1.1\r\nHost: x\r\nX: a\nAuthorization: x\r\n\r\n`,
	"a space before the colon": `GET /api/v1/users/@me HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer ${"x"}\r\n\r\n`,
	"no host": "GET / HTTP/1.1\r\n\r\n",
	"two hosts": "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	"no version": "GET /\r\n\r\n",
	"nonsense": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
	"HTTP/9": "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
	"a NUL in a header": "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
};
for (const [what, bytes] of Object.entries(smuggling))
	test(`on the wire: ${what} changes nothing`, { parallel: true }, async () => {
		for (const target of ["", "/events"]) {
			const reply = await raw({ port: snug.port, bytes: target ? bytes.replace("/users/@me", "/events") : bytes, patience: 5000 });
			assert.ok(reply.status === 0 || (reply.status >= 300 && reply.status < 506), reply.text.slice(0, 200));
		}
	});

test("a request that stops half-way is forgotten, and its program serves on", async () => {
	for (const bytes of ["GET /api/v1/us", `POST /api/v1${messages} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"content":"ha`])
		await raw({ port: snug.port, bytes, patience: 200 });
	assert.equal((await bob.client.get("/users/@me")).status, 200);
});

test("every error body is JSON with a code and a message, and has its length", async () => {
	for (const reply of [await bob.client.get("/nothing"), await new Client(snug).get("/users/@me"), await bob.client.post(messages, "{", jsonType), await bob.client.get("/channels/1")]) {
		assert.equal(reply.headers["content-type"], "application/json");
		assert.equal(Number(reply.headers["content-length"]), reply.bytes.length);
		assert.equal(typeof reply.json.code, "number");
		assert.ok(reply.json.message.length > 3);
	}
});

test("after all that the channel holds what it held", async () => {
	assert.deepEqual((await history(bob.client, owner.channel)).map((each) => each.id), [anchor.id]);
});

after("no program died of it", async () => {
	const died = snug.log.split("\n").filter((line) => /"event":"(child|program)[a-z_]*(died|killed|ended|exited)/.test(line));
	assert.deepEqual(died, []);
}, { isTest: true });

await run();
