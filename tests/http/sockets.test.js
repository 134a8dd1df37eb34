// Malformed frames on every unix socket: what is no proper frame gets an error or a closed connection, and changes nothing.

import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { startSnug, tools } from "../lib/snug.js";
import { history, invitePerson, setUp } from "../lib/api.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const anchor = await bob.client.send(owner.channel, "the only message");
const before = Object.fromEntries(["snug-store", "snug-live"].map((program) => [program, snug.parentOf(program).pid]));
const socket = (name) => path.join(snug.data, "run", `${name}.sock`);

/** Sends frames by SOCK_SEQPACKET, which node lacks, and returns what came back: { frames: [text], isClosed }. */
function exchange(name, frames, { wait = 400, memfd = false } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(path.join(tools, "seqpacket"), [socket(name), String(wait)], { stdio: ["pipe", "pipe", "pipe"] });
		let [text, errors] = ["", ""];
		child.stdout.on("data", (part) => (text += part));
		child.stderr.on("data", (part) => (errors += part));
		child.on("close", (code) => {
			if (code !== 0) return reject(new Error(`seqpacket ${name}: ${errors}`));
			const lines = text.split("\n").filter(Boolean);
			resolve({ frames: lines.filter((line) => /^[0-9a-f]*$/.test(line)).map((line) => Buffer.from(line, "hex").toString()), isClosed: lines.includes("closed") });
		});
		child.stdin.on("error", () => {});
		for (const frame of frames) child.stdin.write(`${memfd ? "memfd " : ""}${Buffer.from(frame).toString("hex")}\n`);
		child.stdin.end();
	});
}

const hostile = [
	"x", "{", "{}", "[]", "null", "\0", "\xff\xfe", '{"op":1}', '{"op":"nothing"}', '{"op":"message_create"}', '{"op":"message_create","input":[]}', '{"op":"message_create","input":{}}',
	'{"tag":1,"op":"user_password","user":0,"input":{"login":"ada","password_hash":"x"}}', '{"op":"message_create","tag":-1,"input":{"channel_id":"x","content":7}}',
	`{"op":"${"a".repeat(5000)}"}`, "[".repeat(60_000), `{"op":"message_create","input":${"[".repeat(2000)}${"]".repeat(2000)}}`, "A".repeat(131_072),
	'{"op":"message_create","tag":1,"tag":2,"input":{}}', '{"op":"message_create","user_id":"99999999999999999999","input":{}}',
];

for (const name of ["op-web", "op-api", "op-cli", "op-worker", "feed", "jobs"])
	test(`${name}: malformed frames`, async () => {
		assert.ok(fs.existsSync(socket(name)), `run/${name}.sock is there`);
		for (const frame of hostile) {
			const { frames } = await exchange(name, [Buffer.from(frame, "latin1")], { wait: 120 });
			for (const answer of frames) assert.ok(!/"(message|user)":\{/.test(answer), `${frame.slice(0, 40)}: ${answer.slice(0, 200)}`);
		}
		await exchange(name, hostile.map((frame) => Buffer.from(frame, "latin1")), { wait: 300 });
		await exchange(name, Array.from({ length: 2000 }, () => "{}"), { wait: 100 });
		assert.equal(snug.parentOf("snug-store").pid, before["snug-store"], "the store lives");
	});

test("the op sockets take no frame larger than their limit, as a memfd or as a message", async () => {
	for (const size of [200_000, 3_000_000]) {
		const frame = JSON.stringify({ op: "message_create", pad: "x".repeat(size) });
		await exchange("op-api", [frame], { memfd: true });
		if (size < 220_000) await exchange("op-api", [frame]).catch(() => {});
	}
	assert.equal(snug.parentOf("snug-store").pid, before["snug-store"]);
});

test("a caller that sends and never reads does not stop the store", async () => {
	const child = spawn(path.join(tools, "seqpacket"), [socket("op-api"), "deaf"], { stdio: ["pipe", "ignore", "ignore"] });
	child.stdin.on("error", () => {});
	for (let i = 0; i < 3000; i++) child.stdin.write(`${Buffer.from(`{"op":"nothing","tag":${i}}`).toString("hex")}\n`);
	for (let i = 0; i < 5; i++) {
		const made = await bob.client.send(owner.channel, `while it is deaf ${i}`);
		await bob.client.delete(`/channels/${owner.channel}/messages/${made.id}`);
	}
	child.kill("SIGKILL");
	assert.equal(snug.parentOf("snug-store").pid, before["snug-store"]);
});

test("a hundred callers that connect and say nothing do not stop the store", async () => {
	const children = Array.from({ length: 100 }, () => spawn(path.join(tools, "seqpacket"), [socket("op-web"), "deaf"], { stdio: ["pipe", "ignore", "ignore"] }));
	const made = await bob.client.send(owner.channel, "through the crowd");
	await bob.client.delete(`/channels/${owner.channel}/messages/${made.id}`);
	for (const child of children) child.kill("SIGKILL");
	await Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve))));
});

/** Bytes to a stream socket; what comes back until it closes or falls silent. */
function stream(name, bytes, idle = 200) {
	return new Promise((resolve) => {
		const parts = [];
		const connection = net.connect(socket(name), () => connection.write(bytes));
		const done = () => (connection.destroy(), resolve(Buffer.concat(parts).toString("latin1")));
		connection.setTimeout(idle, done);
		connection.on("data", (part) => parts.push(part));
		connection.on("error", () => {});
		connection.on("close", done);
	});
}

const record = (type, content, { id = 1, version = 1, length = content.length, padding = 0 } = {}) =>
	Buffer.concat([Buffer.from([version, type, id >> 8, id & 255, length >> 8, length & 255, padding, 0]), Buffer.from(content)]);
const begin = (role = 1, flags = 0) => record(1, [0, role, flags, 0, 0, 0, 0, 0]);
const pair = (name, value) => Buffer.concat([Buffer.from([name.length]), value.length < 128 ? Buffer.from([value.length]) : Buffer.from([0x80 | (value.length >> 24), (value.length >> 16) & 255, (value.length >> 8) & 255, value.length & 255]), Buffer.from(name), Buffer.from(value)]);
const whole = (...pairs) => Buffer.concat([begin(), record(4, Buffer.concat(pairs)), record(4, []), record(5, [])]);

const fastcgi = {
	"nonsense": "GET / HTTP/1.1\r\n\r\n", "zeros": Buffer.alloc(4096), "0xff": Buffer.alloc(4096, 0xff), "half a record": begin().subarray(0, 5), "another version": record(1, [0, 1, 0, 0, 0, 0, 0, 0], { version: 9 }),
	"an unknown role": begin(7), "an unknown type": record(77, [1, 2, 3]), "parameters without a beginning": record(4, pair("A", "b")), "a length that is not there": record(4, pair("A", "b"), { length: 60_000 }),
	"a pair longer than its record": Buffer.concat([begin(), record(4, [0x7f, 0x7f, 65]), record(4, []), record(5, [])]), "a pair of two gigabytes": Buffer.concat([begin(), record(4, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), record(4, [])]),
	"no parameters": Buffer.concat([begin(), record(4, []), record(5, [])]), "only nonsense for parameters": whole(pair("", ""), pair("x", "y")),
	"a parameter twice": whole(pair("REQUEST_METHOD", "GET"), pair("REQUEST_METHOD", "POST"), pair("REQUEST_URI", "/login")),
	"a length that is no number": whole(pair("REQUEST_METHOD", "POST"), pair("REQUEST_URI", "/login"), pair("CONTENT_LENGTH", "-5"), pair("CONTENT_TYPE", "application/x-www-form-urlencoded")),
	"a length beyond the body": whole(pair("REQUEST_METHOD", "POST"), pair("REQUEST_URI", "/login"), pair("CONTENT_LENGTH", "4000"), pair("CONTENT_TYPE", "application/x-www-form-urlencoded")),
	"controls in the address": whole(pair("REQUEST_METHOD", "GET"), pair("REQUEST_URI", "/\x01\x7f\r\n%00")), "NUL in a parameter": whole(pair("REQUEST_METHOD", "GET\0X"), pair("REQUEST_URI", "/login\0x")),
	"500 parameters": whole(...Array.from({ length: 500 }, (_, i) => pair(`HTTP_X${i}`, "y"))), "a huge parameter": whole(pair("REQUEST_METHOD", "GET"), pair("REQUEST_URI", "/login"), pair("HTTP_COOKIE", "x".repeat(30_000))),
	"abort": Buffer.concat([begin(), record(2, [])]), "interleaved ids": Buffer.concat([begin(), record(4, pair("A", "b"), { id: 2 }), record(4, [], { id: 2 })]),
};
for (const name of ["web", "api", "web-password", "api-password"])
	test(`${name}: malformed FastCGI`, async () => {
		assert.ok(fs.existsSync(socket(name)), `run/${name}.sock is there`);
		for (const [what, bytes] of Object.entries(fastcgi)) {
			const answer = await stream(name, bytes, 150);
			assert.ok(!/Status: 5(?!03)/.test(answer), `${what}: ${answer.slice(0, 300)}`);
		}
	});

const http = {
	"nonsense": Buffer.alloc(9000, 0xff), "no line": "\r\n\r\n\r\n", "an endless line": `GET /${"a".repeat(100_000)}`, "endless headers": `GET /api/v1/events HTTP/1.1\r\n${"X: y\r\n".repeat(30_000)}`, "no version": "GET /api/v1/events\r\n\r\n",
	"NUL": "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n", "a body": "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nx", "chunks": "POST /live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
	"folding": "GET /live HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", "bare feeds": "GET /live HTTP/1.1\nHost: x\n\n", "pipelining": "GET /live HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50), "a slow start": "GE", "upgrade": "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
	"a bad query": "GET /live?channel=%zz&after=%00&=&& HTTP/1.1\r\nHost: x\r\n\r\n", "absolute": "GET http://x/live HTTP/1.1\r\nHost: y\r\n\r\n", "star": "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
};
test("live: malformed HTTP", async () => {
	for (const [what, bytes] of Object.entries(http)) {
		const answer = await stream("live", bytes);
		assert.ok(answer === "" || /^HTTP\/1\.[01] (4\d\d|50[15])/.test(answer), `${what}: ${answer.slice(0, 200)}`);
		for (const each of Buffer.from(bytes).subarray(0, 60).entries()) if (each[0] === 0) await stream("live", Buffer.from(bytes).subarray(0, 30), 50);
	}
	assert.equal(snug.parentOf("snug-live").pid, before["snug-live"], "it lives");
});

test("live: a request that comes one byte at a time is answered", async () => {
	const bytes = `GET /api/v1/events?timeout=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bob.access_token}\r\nConnection: close\r\n\r\n`;
	const answer = await new Promise((resolve) => {
		let text = "";
		const connection = net.connect(socket("live"), async () => {
			connection.setNoDelay(true);
			for (const each of bytes) {
				connection.write(each);
				await new Promise((next) => setImmediate(next));
			}
		});
		connection.on("data", (part) => (text += part));
		connection.on("close", () => resolve(text));
		connection.setTimeout(60_000, () => connection.destroy());
	});
	assert.match(answer, /^HTTP\/1\.1 200/);
});

test("sockets are no door for others: the folder and each socket are closed to the world", { skip: process.getuid() !== 0 && "one user, no boundary" }, async () => {
	for (const name of fs.readdirSync(path.join(snug.data, "run")).filter((each) => each.endsWith(".sock"))) {
		const { mode } = fs.statSync(path.join(snug.data, "run", name));
		assert.equal(mode & 0o007, 0, `${name} ${(mode & 0o777).toString(8)}`);
	}
	assert.equal(fs.statSync(socket("op-cli")).mode & 0o077, 0, "op-cli is for its owner");
});

test("after all that everything serves on, and holds what it held", async () => {
	await until("it is ready", async () => (await snug.request("/health/ready")).status === 200);
	assert.deepEqual((await history(bob.client, owner.channel)).map((each) => each.id), [anchor.id]);
	assert.equal((await snug.request("/login")).status, 200);
	const died = snug.log.split("\n").filter((line) => /"event":"(child|program)[a-z_]*(died|killed|ended|exited)/.test(line));
	assert.deepEqual(died, [], "no program died of it");
});

await run();
