// Pictures that people upload: what comes out is always a small WebP of our own, whatever went in, and decoding harms nobody.

import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { spawnSync } from "node:child_process";
import { isAsan, root, startSnug, tools } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const sample = (name) => fs.readFileSync(path.join(root, "tests/fuzz/corpus/image", name));

function crc32(bytes) {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return (crc ^ 0xffffffff) >>> 0;
}

function chunk(name, content) {
	const named = Buffer.concat([Buffer.from(name), content]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(content.length);
	frame.writeUInt32BE(crc32(named), 4);
	return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** A grey PNG, with further chunks before the pixels. */
function png(width, height, { chunks = [], pixels = Buffer.alloc((width + 1) * height), level = 9 } = {}) {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width);
	head.writeUInt32BE(height, 4);
	head.set([8, 0, 0, 0, 0], 8);
	return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), ...chunks, chunk("IDAT", zlib.deflateSync(pixels, { level })), chunk("IEND", Buffer.alloc(0))]);
}

/** A JPEG with a segment more behind its first two bytes. */
function jpegWith(marker, content) {
	const length = Buffer.alloc(2);
	length.writeUInt16BE(content.length + 2);
	const jpeg = sample("jpeg");
	return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, marker]), length, content, jpeg.subarray(2)]);
}

const upload = (bytes, { type = "image/png", person = bob } = {}) =>
	person.client.patch("/users/@me", { avatar: `data:${type};base64,${bytes.toString("base64")}` });

/** Uploads and insists: the picture as it is served. */
async function encode(bytes, options) {
	const reply = await upload(bytes, options);
	assert.equal(reply.status, 200, reply.text);
	assert.match(reply.json.avatar, /^[0-9a-f]{32}$/);
	const picture = await snug.request(`/avatars/${bob.user.id}/${reply.json.avatar}.webp`);
	assert.equal(picture.status, 200, picture.text);
	assert.equal(picture.headers["content-type"], "image/webp");
	assert.equal(picture.headers["x-content-type-options"], "nosniff");
	return picture.bytes;
}

/** Width and height as the WebP's first block says. */
function sizeOf(webp) {
	assert.equal(webp.toString("latin1", 0, 4) + webp.toString("latin1", 8, 12), "RIFFWEBP");
	const kind = webp.toString("latin1", 12, 16);
	if (kind === "VP8X") return [webp.readUIntLE(24, 3) + 1, webp.readUIntLE(27, 3) + 1];
	assert.equal(kind, "VP8 ");
	return [webp.readUInt16LE(26) & 0x3fff, webp.readUInt16LE(28) & 0x3fff];
}

const worker = () => snug.parentOf("snug-worker").pid;
const descriptors = () => fs.readdirSync(`/proc/${worker()}/fd`).length;

test("PNG, JPEG, GIF and WebP become a square WebP of 256 pixels, whatever their media type says", async () => {
	const seen = new Set();
	for (const name of ["png", "jpeg", "gif", "webp", "gif-by-hand"]) {
		const webp = await encode(sample(name), { type: "image/svg+xml" });
		assert.deepEqual(sizeOf(webp), [256, 256], name);
		assert.ok(webp.length <= 64 * 1024);
		seen.add(webp.toString("base64"));
	}
	assert.ok(seen.size >= 4, "they are different pictures");
});

test("where it was taken, who took it and what was written into it is gone", async () => {
	const gps = Buffer.from("Exif\0\0II*\0\x08\0\0\0\0\0 GPSLatitude 52.5200 GPSLongitude 13.4050", "latin1");
	const files = [
		jpegWith(0xe1, gps),
		jpegWith(0xe1, Buffer.from("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS 52.5200</x:xmpmeta>")),
		jpegWith(0xfe, Buffer.from("<script>alert('GPS')</script>")),
		Buffer.concat([sample("jpeg"), Buffer.from("GPS and a ZIP file behind the picture PK\x03\x04")]),
		png(64, 64, { chunks: [chunk("tEXt", Buffer.from("Author\0GPS 52.5200")), chunk("eXIf", gps.subarray(6))] }),
		Buffer.concat([png(8, 8), Buffer.from("<?php GPS ?>")]),
		sample("gif-polyglot"),
	];
	for (const [i, bytes] of files.entries()) {
		const webp = (await encode(bytes)).toString("latin1");
		for (const word of ["GPS", "Exif", "EXIF", "XMP", "xmpmeta", "script", "alert", "ICCP", "PK\x03\x04"]) assert.ok(!webp.includes(word), `${word} of file ${i}`);
	}
});

test("the same picture is kept once, and forgotten with its last user", async () => {
	const first = (await upload(sample("png"))).json.avatar;
	const second = (await upload(sample("png"), { person: owner })).json.avatar;
	assert.equal(first, second);
	assert.equal((await bob.client.patch("/users/@me", { avatar: null })).json.avatar, null);
	assert.equal((await snug.request(`/avatars/${bob.user.id}/${first}.webp`)).status, 404);
	assert.equal((await snug.request(`/avatars/${owner.user.id}/${first}.webp`)).status, 200);
	assert.equal((await owner.client.patch("/users/@me", { avatar: null })).json.avatar, null);
	assert.equal((await snug.request(`/avatars/${owner.user.id}/${first}.webp`)).status, 404);
});

for (const [name, bytes] of Object.entries({
	"an SVG file": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
	"an SVG file behind PNG's mark": Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]),
	"a page": Buffer.from("<!doctype html><title>x</title><script>alert(1)</script>"),
	"a PDF file": Buffer.from("%PDF-1.4 and so on and so on"),
	"a TIFF file": Buffer.from("II*\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "latin1"),
	"ImageMagick's language": Buffer.from("push graphic-context\nfill 'url(https://example.org/\"|ls \"-la)'\npop graphic-context"),
	"nothing": Buffer.alloc(0),
	"one byte": Buffer.from("x"),
	"a PNG without its end": png(64, 64).subarray(0, 60),
	"a JPEG without its end": sample("jpeg").subarray(0, 500),
	"a WebP without its end": sample("webp").subarray(0, 200),
	"a PNG whose pixels are no zlib": png(64, 64).fill(0xff, 45, 55),
	"a PNG without pixels": png(0, 0),
}))
	test(`${name} is refused with a clear word`, async () => {
		const reply = await upload(bytes);
		assert.equal(reply.status, 400, reply.text);
		assert.ok([50046, 50035].includes(reply.json.code), reply.text);
	});

test("what is no data URI is refused", async () => {
	for (const avatar of ["x", "https://example.org/a.png", "data:image/png,abc", "data:image/png;base64,@@@@", "data:;base64,", 7, {}, ["data:image/png;base64,AAAA"]]) {
		const reply = await bob.client.patch("/users/@me", { avatar });
		assert.equal(reply.status, 400, `${JSON.stringify(avatar)}: ${reply.text}`);
	}
});

test("bombs are refused before they go off: a small file that claims, or holds, billions of pixels", async () => {
	const gif = sample("gif-by-hand");
	gif.fill(0xff, 6, 10);
	const bombs = [png(30000, 30000, { pixels: Buffer.alloc(100) }), png(100000, 20, { pixels: Buffer.alloc(100001 * 20) }), png(10000, 10000, { pixels: Buffer.alloc(1) }), gif];
	for (const [i, bytes] of bombs.entries()) {
		const reply = await upload(bytes);
		assert.equal(reply.status, 413, `bomb ${i}: ${reply.text}`); // one that went off would be a 400 after five seconds
	}
	// A description that unpacks to a gigabyte is dropped, and not unpacked.
	const text = zlib.deflateSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
	const reply = await upload(png(16, 16, { chunks: [chunk("zTXt", Buffer.concat([Buffer.from("x\0\0"), text])), chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), text]))] }));
	assert.ok([200, 400].includes(reply.status), reply.text);
});

test("the largest picture that is allowed is decoded, and one that is too long a file is refused", async () => {
	// It takes a second or two of the five that a child has; a machine that is busy with other things may take longer.
	const largest = await until("it is decoded", () => encode(png(5000, 5000)).catch(() => null));
	assert.deepEqual(sizeOf(largest), [256, 256]);
	const reply = await upload(png(3000, 3000, { level: 0 }));
	assert.equal(reply.status, 413, reply.text);
});

test("many at once are served or told that there are too many, and nothing is left of them", async () => {
	const before = descriptors();
	const bytes = png(1500, 1500);
	const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => upload(bytes, { person: i % 2 ? bob : owner })));
	for (const { status, text } of replies) assert.ok([200, 503, 429].includes(status), `${status} ${text}`);
	assert.ok(replies.some(({ status }) => status === 200));
	await until("no child is left", () => snug.processes("snug-picture").length === 0);
	await until("no descriptor is left", () => descriptors() <= before);
	assert.equal((await upload(sample("png"))).status, 200);
});

/** Uploads what takes a while, and stops the child that decodes it: its pid and the reply to come. */
async function stoppedChild() {
	for (;;) {
		let child, isOver = false;
		const reply = upload(png(5000, 5000));
		reply.then(() => (isOver = true));
		await until("a child decodes", () => isOver || (child = snug.processes("snug-picture").find((each) => each.ppid === worker())), { pause: 1 });
		if (!child) continue; // it was quicker
		try {
			process.kill(child.pid, "SIGSTOP");
			await until("it stands still", () => /^State:\s+T/m.test(fs.readFileSync(`/proc/${child.pid}/status`, "utf8")), { pause: 1 });
			return { pid: child.pid, reply };
		} catch {
			await reply; // it was quicker
		}
	}
}

test("a child that hangs is killed after five seconds, which cost its own upload and no other", async () => {
	// A busy machine may take those five seconds for the other upload too: in one of some rounds it does not.
	for (let rounds = 1, wasFree = false; !wasFree; rounds++) {
		const { pid, reply } = await stoppedChild();
		let isOver = false;
		reply.then(() => (isOver = true));
		assert.equal((await upload(sample("png"), { person: owner })).status, 200, "the other place is free");
		wasFree = !isOver;
		assert.ok(wasFree || rounds < 5, "an upload waits for one that hangs");
		const late = await reply;
		assert.equal(late.status, 400, late.text);
		await until("it has ended", () => !fs.existsSync(`/proc/${pid}`));
	}
	await until("the log tells of it", () => /"child_killed"/.test(snug.log));
});

test("the child can do nothing but compute", { skip: isAsan && "sanitizers need more than that" }, async () => {
	for (let tries = 0; ; tries++) {
		const { pid, reply } = await stoppedChild();
		const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
		const limits = fs.readFileSync(`/proc/${pid}/limits`, "utf8");
		const environment = fs.readFileSync(`/proc/${pid}/environ`, "utf8");
		const open = fs.readdirSync(`/proc/${pid}/fd`).sort();
		process.kill(pid, "SIGCONT");
		await reply;
		// It may have been stopped while it was still starting.
		if (!/^Seccomp:\s+2/m.test(status) && tries < 10) continue;
		assert.match(status, /^Seccomp:\s+2/m);
		assert.match(status, /^NoNewPrivs:\s+1/m);
		assert.equal(environment, "");
		assert.deepEqual(open, ["0", "1", "2"]);
		for (const limit of [/Max processes +0 +0/, /Max file size +65536 /, /Max open files +4 /, /Max core file size +0 /, /Max cpu time +4 /, /Max address space +\d{9} /])
			assert.match(limits, limit);
		return;
	}
});

test("a worker that dies under an upload costs that upload, with a reply", async () => {
	const { pid, reply } = await stoppedChild();
	process.kill(worker(), "SIGKILL");
	const lost = await reply;
	assert.equal(lost.status, 503, lost.text);
	await until("its child ended with it", () => !fs.existsSync(`/proc/${pid}`));
	await until("another one serves", async () => (await upload(sample("png"))).status === 200);
});

test("who speaks nonsense to the worker is refused or dropped, and it lives", async () => {
	const socket = path.join(snug.data, "run/picture-api.sock");
	const before = { pid: worker(), count: descriptors() };
	const talk = (...lines) => spawnSync(path.join(tools, "seqpacket"), [socket, "30000"], { input: lines.map((line) => `${line}\n`).join(""), encoding: "utf8", timeout: 120_000 }).stdout;
	const hex = (text) => Buffer.from(text, "latin1").toString("hex");
	for (const line of [hex("256"), hex("0"), hex("99999"), hex("256".repeat(500)), "00", `memfd ${hex("no picture and no side either")}`]) {
		const answer = Buffer.from(talk(line).split("\n")[0], "hex").toString("latin1");
		assert.ok(["BAD_PICTURE", ""].includes(answer), `${line.slice(0, 40)}: ${answer}`);
	}
	assert.match(talk(), /closed/, "who says nothing is dropped");
	await until("no descriptor is left", () => descriptors() <= before.count);
	assert.equal(worker(), before.pid);
	if (process.getuid() === 0) {
		const { uid, mode } = fs.statSync(socket);
		const api = fs.statSync(path.join(snug.data, "run/op-api.sock"));
		assert.equal(uid, api.uid, "it is snug-api's");
		assert.equal(mode & 0o077, 0);
	}
});

await run();
