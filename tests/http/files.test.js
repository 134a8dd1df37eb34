// Files on messages: every way to send them, what becomes of them, and who gets them.

import fs from "node:fs";
import path from "node:path";
import { root, startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { Page, formsOf } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";
import { multipart, pathOf, postChunked, postParts, sendFiles } from "../lib/upload.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const messages = `/channels/${owner.channel}/messages`;
const sample = (name) => fs.readFileSync(path.join(root, "tests/fuzz/corpus/image", name));
const text = (content) => ({ name: "a.txt", content });
const get = (location, headers = {}) => snug.request(location, { headers });
const read = (id) => owner.client.get(`${messages}/${id}`).then((reply) => reply.json);

/** Whether a file with this content is kept. */
function isOnDisk(content) {
	const folder = path.join(snug.data, "files");
	const names = fs.readdirSync(folder, { recursive: true }).filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name));
	return names.some((name) => {
		try {
			return fs.readFileSync(path.join(folder, name)).equals(Buffer.from(content));
		} catch {
			return false; // It was taken away while it was being looked at.
		}
	});
}
const incoming = () => fs.readdirSync(path.join(snug.data, "files/incoming"));

async function signIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}
const page = await signIn(owner);

test("a file comes back as it was sent, from an address that is good by itself", async () => {
	const { attachments: [file], content } = await sendFiles(owner.client, owner.channel, [text("hello\n")], { content: "see" });
	assert.equal(content, "see");
	assert.deepEqual([file.filename, file.size, file.content_type], ["a.txt", 6, "text/plain"]);
	assert.match(file.url, new RegExp(`^${snug.url}/attachments/${owner.channel}/${file.id}/a\\.txt\\?ex=[0-9a-f]+&hm=[0-9a-f]{64}$`));
	assert.equal(file.proxy_url, file.url);
	const reply = await get(pathOf(file.url));
	assert.equal(reply.text, "hello\n");
	assert.equal(reply.headers["content-type"], "text/plain; charset=utf-8");
	assert.equal(reply.headers["content-disposition"], 'inline; filename="a.txt"');
	assert.equal(reply.headers["x-content-type-options"], "nosniff");
	assert.match(reply.headers["content-security-policy"], /sandbox/);
	assert.match(reply.headers["cache-control"], /private/);
});

// discord.md, section 2.
const payload = { name: "payload_json", content: JSON.stringify({ content: "with files", attachments: [{ id: 0, description: "first" }, { id: "1", filename: "named.txt", description: "second" }] }) };
const files = (first) => [0, 1].map((i) => ({ name: `files[${first + i}]`, filename: `${i}.txt`, content: `file ${i}`, type: "application/octet-stream" }));

async function assertTwo(reply, names = ["0.txt", "named.txt"], descriptions = ["first", "second"]) {
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.content, "with files");
	assert.deepEqual(reply.json.attachments.map((each) => each.filename), names);
	assert.deepEqual(reply.json.attachments.map((each) => each.description), descriptions);
	for (const [i, each] of reply.json.attachments.entries()) assert.equal((await get(pathOf(each.url))).text, `file ${i}`);
}

test("discord.js: files first, payload_json last", async () => {
	await assertTwo(await postParts(owner.client, messages, [...files(0), payload]));
});

test("oceanic.js: numbers begin with files[1]", async () => {
	const shifted = { name: "payload_json", content: payload.content.replace('"id":0', '"id":"1"').replace('"id":"1","filename"', '"id":2,"filename"') };
	await assertTwo(await postParts(owner.client, messages, [...files(1), shifted]));
});

test("a browser's script: payload_json is a blob, which has a file's name and is no file", async () => {
	const blob = { name: "payload_json", filename: "blob", type: "application/json", content: JSON.stringify({ content: "said", attachments: [{ id: 1, description: "one" }] }) };
	for (const parts of [[blob, { name: "files[1]", filename: "a.txt", content: "a" }], [{ name: "files[1]", filename: "a.txt", content: "a" }, blob]]) {
		const reply = await postParts(owner.client, messages, parts);
		assert.equal(reply.status, 200, reply.text);
		assert.deepEqual([reply.json.content, reply.json.attachments.map((each) => [each.filename, each.description])], ["said", [["a.txt", "one"]]]);
	}
	assert.equal((await postParts(owner.client, messages, [blob, blob])).status, 400);
});

test("discord.py: payload_json first, as text", async () => {
	await assertTwo(await postParts(owner.client, messages, [{ ...payload, type: "text/plain; charset=utf-8" }, ...files(0)]));
});

test("eris: in chunks without a length, a line before the first boundary, none behind the last", async () => {
	const body = multipart([...files(0), { ...payload, type: "application/json" }], { boundary: "----------------Eris", isOdd: true });
	for (const size of [7, 1000, 100_000]) await assertTwo(await postChunked(snug, owner.access_token, `/api/v10${messages}`, body, size));
});

test("plain fields and a part `file`", async () => {
	const reply = await postParts(owner.client, messages, [{ name: "content", content: "plain" }, { name: "tts", content: "False" }, { name: "wait", content: "true" }, { name: "file", filename: "f.bin", content: "x" }]);
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual([reply.json.content, reply.json.attachments[0].filename], ["plain", "f.bin"]);
});

test("a message may be files alone, and none at all is an empty one", async () => {
	assert.equal((await sendFiles(owner.client, owner.channel, [text("only")])).content, "");
	const reply = await postParts(owner.client, messages, [{ name: "payload_json", content: "{}" }]);
	assert.deepEqual([reply.status, reply.json.code], [400, 50006]);
});

test("an empty file is one, and an input without a choice is none", async () => {
	const { attachments } = await sendFiles(owner.client, owner.channel, [{ name: "empty.txt", content: "" }]);
	assert.equal(attachments[0].size, 0);
	const empty = await get(pathOf(attachments[0].url));
	assert.deepEqual([empty.status, empty.text], [200, ""]);
	const none = await postParts(owner.client, messages, [{ name: "content", content: "none" }, { name: "file", filename: "", content: "" }]);
	assert.deepEqual([none.status, none.json.attachments], [200, []]);
});

test("a client cannot name files by itself", async () => {
	const folder = fs.readdirSync(path.join(snug.data, "files")).find((name) => name.length === 2);
	const [stored] = fs.readdirSync(path.join(snug.data, "files", folder));
	const forged = [{ incoming: "0".repeat(32), hash: stored.slice(0, 64), size: 6, type: "text/plain", name: "x.txt" }];
	const reply = await owner.client.post(messages, { content: "forged", files: forged, attachments: forged });
	assert.deepEqual([reply.status, reply.json.attachments], [200, []]);
	const parts = await postParts(owner.client, messages, [{ name: "payload_json", content: JSON.stringify({ content: "forged", files: forged }) }, { name: "files[0]", filename: "mine.txt", content: "mine" }]);
	assert.deepEqual(parts.json.attachments.map((each) => each.filename), ["mine.txt"]);
});

test("what is said of a file that did not come is refused, as Discord does; what names none is passed over", async () => {
	const refusal = { code: 50035, message: "Invalid Form Body", errors: { attachments: { 1: { _errors: [{ code: "ATTACHMENT_NOT_FOUND", message: "Attachment data not found" }] } } } };
	const file = { name: "files[0]", filename: "only.txt", content: "the only one" };
	for (const id of [1, "1", "1234567890123456789", 99999999]) {
		const said = { name: "payload_json", content: JSON.stringify({ content: "two, it says", attachments: [{ id: 0 }, { id, description: "what?" }] }) };
		for (const parts of [[file, said], [said, file]]) {
			const reply = await postParts(owner.client, messages, parts);
			assert.equal(reply.status, 400, reply.text);
			assert.deepEqual(reply.json, refusal);
		}
	}
	const alone = await owner.client.post(messages, { content: "no file at all", attachments: [{ filename: "a" }, { id: 0 }] });
	assert.deepEqual([alone.status, alone.json.errors], [400, refusal.errors]);
	/* Apprise writes its own kind of objects into JSON, without ids. */
	const foreign = await owner.client.post(messages, { content: "by another tool", attachments: [{ filename: "a.txt", base64: "YQ==", mimetype: "text/plain" }, { id: null }] });
	assert.deepEqual([foreign.status, foreign.json.attachments], [200, []]);
	assert.deepEqual([isOnDisk("the only one"), incoming()], [false, []]);
});

test("more than ten files, or two of one number, are refused and leave nothing", async () => {
	const many = Array.from({ length: 11 }, (_, i) => ({ name: `files[${i}]`, filename: "a.txt", content: `many ${i}` }));
	const eleven = await postParts(owner.client, messages, many);
	assert.deepEqual([eleven.status, eleven.json.code], [400, 30015]);
	const twice = await postParts(owner.client, messages, [many[0], { ...many[1], name: "files[0]" }]);
	assert.equal(twice.status, 400);
	assert.deepEqual([isOnDisk("many 0"), isOnDisk("many 9"), incoming()], [false, false, []]);
});

test("a file that is too large is refused, and a body that is too large for all of them", async () => {
	const large = Buffer.alloc(10 * 1024 * 1024 + 1, "x");
	const reply = await postParts(owner.client, messages, [{ name: "files[0]", filename: "large.bin", content: large }]);
	assert.deepEqual([reply.status, reply.json.code], [413, 40005]);
	const just = await postParts(owner.client, messages, [{ name: "files[0]", filename: "just.bin", content: large.subarray(1) }]);
	assert.equal(just.status, 200, just.text);
	assert.equal((await get(pathOf(just.json.attachments[0].url))).bytes.length, 10 * 1024 * 1024);
	assert.deepEqual(incoming(), []);
	/* JSON is as short here as elsewhere. */
	assert.equal((await owner.client.post(messages, { content: "x".repeat(300_000) })).status, 413);
});

test("malformed bodies are refused and leave nothing", async () => {
	const { bytes, type } = multipart([{ name: "files[0]", filename: "a.txt", content: "cut off" }, { name: "content", content: "x" }]);
	for (const cut of [bytes.subarray(0, -20), bytes.subarray(0, 100), bytes.subarray(0, bytes.length >> 1)]) {
		const reply = await owner.client.request("POST", messages, cut, { "Content-Type": type });
		assert.equal(reply.status, 400, reply.text);
	}
	for (const odd of ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"])
		assert.ok((await owner.client.request("POST", messages, bytes, { "Content-Type": odd })).status >= 400, odd);
	assert.deepEqual([isOnDisk("cut off"), incoming()], [false, []]);
});

test("a thousand parts are refused", async () => {
	const flood = Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, content: "" }));
	assert.equal((await postParts(owner.client, messages, flood)).status, 400);
	const same = [{ name: "content", content: "a" }, { name: "content", content: "b" }];
	assert.equal((await postParts(owner.client, messages, same)).status, 400);
});

test("names lose what no name may have", async () => {
	for (const [sent, kept] of [
		["../../../etc/passwd", "passwd"],
		["..", "file"],
		["C:\\\\fakepath\\\\photo.png", "photo.png"],
		["con.txt", "_con.txt"],
		["NUL", "_NUL"],
		["a\u202egnp.exe", "a_gnp.exe"],
		["<img src=x onerror=1>.png", "_img src=x onerror=1_.png"],
		[" .hidden ", "hidden"],
		["snowman ☃.txt", "snowman ☃.txt"],
		["x".repeat(10_000) + ".txt", "x".repeat(251) + ".txt"],
		["☃".repeat(10_000), "☃".repeat(85)],
	]) {
		const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [{ name: sent, content: "x" }]);
		assert.equal(file.filename, kept);
		const reply = await get(pathOf(file.url));
		assert.equal(reply.status, 200, sent.slice(0, 50));
		assert.doesNotMatch(reply.headers["content-disposition"], /[^ -~]/);
	}
	const encoded = await postParts(owner.client, messages, [{ name: "f", content: "x", extra: [], filename: 'x"; filename*=UTF-8\'\'na%C3%AFve%2Fdir%2Ffile.txt; y="' }]);
	assert.equal(encoded.json.attachments[0].filename, "file.txt");
	for (const bad of ["UTF-8''a%00b", "UTF-8''%0d%0aX: y", "UTF-8''%ff"])
		assert.equal((await postParts(owner.client, messages, [{ name: "f", content: "x", filename: `x"; filename*=${bad}; y="` }])).status, 400, bad);
});

test("what a browser would run is told by its content and only ever downloaded", async () => {
	const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
	for (const [name, content, type] of [
		["picture.png", svg, "image/png"],
		["x.svg", svg, "image/svg+xml"],
		["page.html", "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>", "text/html"],
		["page.txt", "<html><script>alert(1)</script></html>", "text/plain"],
		["x.xhtml", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>', "application/xhtml+xml"],
		["program", Buffer.from("7f454c46020101000000000000000000", "hex"), "text/plain"],
	]) {
		const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [{ name, content, type }]);
		assert.notEqual(file.content_type, "image/png", name);
		const reply = await get(pathOf(file.url));
		assert.deepEqual([reply.status, reply.headers["content-type"]], [200, "application/octet-stream"], name);
		assert.match(reply.headers["content-disposition"], /^attachment;/, name);
	}
	/* A picture whose end is a page is shown as a picture, whatever it is called. */
	const { attachments: [gif] } = await sendFiles(owner.client, owner.channel, [{ name: "x.html", content: Buffer.concat([sample("gif"), Buffer.from("<script>alert(1)</script>")]), type: "text/html" }]);
	assert.equal(gif.content_type, "image/gif");
	assert.equal((await get(pathOf(gif.url))).headers["content-type"], "image/gif");
});

test("pictures come with their size, without what the camera wrote, and get a thumbnail", async () => {
	const stream = await openStream(snug, { token: owner.access_token });
	const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x0f\0\x02\0\0\0\x04Cam\0\0\0\0\0", "latin1");
	const length = Buffer.from([0, exif.length + 2]);
	const jpeg = sample("jpeg");
	const turned = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2), Buffer.from("behind the end")]);
	const sent = await sendFiles(owner.client, owner.channel, [{ name: "p.jpg", content: turned }]);
	const [file] = sent.attachments;
	assert.deepEqual([file.content_type, file.width, file.height], ["image/jpeg", 16, 24]);
	const reply = await get(pathOf(file.url));
	assert.equal(reply.headers["content-type"], "image/jpeg");
	assert.equal(reply.bytes.includes("Cam"), false);
	assert.equal(reply.bytes.includes("behind the end"), false);
	assert.ok(reply.bytes.includes("Exif"), "which side is up stays");
	const thumbnail = await until("the thumbnail is there", async () => (await read(sent.id)).attachments[0].thumbnail_url);
	const small = await get(pathOf(thumbnail));
	assert.equal(small.headers["content-type"], "image/webp");
	assert.equal(small.bytes.subarray(8, 12).toString(), "WEBP");
	const update = await until("open streams hear of it", () => stream.events.find((each) => each.event === "MESSAGE_UPDATE" && JSON.parse(each.data).id === sent.id));
	assert.match(JSON.parse(update.data).attachments[0].thumbnail_url, /\?thumbnail&ex=/);
	stream.close();
});

test("hostile pictures cost a failed job and are files all the same", async () => {
	for (const name of fs.readdirSync(path.join(root, "tests/fuzz/corpus/image"))) {
		const content = sample(name);
		if (content.length === 0) continue;
		const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [{ name, content }]);
		assert.equal((await get(pathOf(file.url))).status, 200, name);
	}
	/* 30,000 × 30,000 pixels of nothing. */
	const bomb = Buffer.concat([sample("gif").subarray(0, 6), Buffer.from([0x30, 0x75, 0x30, 0x75]), sample("gif").subarray(10)]);
	const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [{ name: "bomb.gif", content: bomb }]);
	assert.deepEqual([file.width, file.height], [30000, 30000]);
});

test("parts of a file, its head, and whether it has changed", async () => {
	const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [text("0123456789")]);
	const location = pathOf(file.url);
	const part = await get(location, { Range: "bytes=2-4" });
	assert.deepEqual([part.status, part.text, part.headers["content-range"]], [206, "234", "bytes 2-4/10"]);
	assert.equal((await get(location, { Range: "bytes=-3" })).text, "789");
	assert.equal((await get(location, { Range: "bytes=20-" })).status, 416);
	const head = await snug.request(location, { method: "HEAD" });
	assert.deepEqual([head.status, head.headers["content-length"], head.bytes.length], [200, "10", 0]);
	assert.equal((await get(location, { "If-None-Match": head.headers.etag })).status, 304);
	assert.equal((await get(`${location}&download`)).headers["content-disposition"], 'attachment; filename="a.txt"');
});

test("an address is good as it was given out and not otherwise", async () => {
	const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [text("signed")]);
	const { attachments: [other] } = await sendFiles(owner.client, owner.channel, [text("another")]);
	const location = pathOf(file.url);
	const past = Math.floor(Date.now() / 1000 - 10).toString(16);
	for (const [what, wrong] of Object.entries({
		"another signature": location.replace(/hm=..../, "hm=0000"),
		"no signature": location.replace(/&hm=.*/, ""),
		"an empty signature": location.replace(/hm=.*/, "hm="),
		"a later end": location.replace(/ex=./, "ex=f"),
		"an end that has passed": location.replace(/ex=[0-9a-f]+/, `ex=${past}`),
		"another file": location.replace(file.id, other.id),
		"another name": location.replace("a.txt", "b.txt"),
		"another channel": location.replace(owner.channel, owner.guild),
		"a thumbnail that there is none of": `${location}&thumbnail`,
	})) assert.ok([404, 303].includes((await get(wrong)).status), what);
	assert.equal((await get(location)).text, "signed");
	/* The same address while it is good, so that clients need not fetch it again. */
	assert.equal((await read((await sendFiles(owner.client, owner.channel, [text("signed")])).id)).attachments.length, 1);
	const address = async () => (await owner.client.get(`${messages}?limit=5`)).json.flatMap((each) => each.attachments).find((each) => each.id === file.id).url;
	await until("the same comes twice, unless its time has just come", async () => (await address()) === (await address()));
});

test("pages have paths that are good for who may read the channel now", async () => {
	const { id, attachments: [file] } = await sendFiles(owner.client, owner.channel, [text("for members")]);
	const plain = `/attachments/${owner.channel}/${file.id}/a.txt`;
	assert.equal((await page.fetch(plain)).text, "for members");
	const strange = await get(plain);
	assert.deepEqual([strange.status, strange.headers.location.startsWith("/login")], [303, true]);
	const other = await signIn(bob);
	assert.equal((await other.fetch(plain)).text, "for members");
	assert.equal((await owner.client.delete(`/guilds/${owner.guild}/members/${bob.user.id}`)).status, 204);
	assert.equal((await other.fetch(plain)).status, 404);
	assert.equal((await get(pathOf(file.url))).status, 200, "a bearer link ends at its expiry");
	assert.equal((await owner.client.delete(`${messages}/${id}`)).status, 204);
	assert.equal((await page.fetch(plain)).status, 404);
	assert.equal((await get(pathOf(file.url))).status, 404, "and with the file");
});

test("deleting the last message that shows a file takes it from the disk", async () => {
	const content = "nobody else has this";
	const first = await sendFiles(owner.client, owner.channel, [text(content)]);
	const second = await sendFiles(owner.client, owner.channel, [text(content)]);
	await owner.client.delete(`${messages}/${first.id}`);
	assert.equal((await get(pathOf(second.attachments[0].url))).text, content);
	await owner.client.delete(`${messages}/${second.id}`);
	await until("the file is gone", () => !isOnDisk(content));
});

test("an edit keeps the attachments that it lists, and can bring more", async () => {
	const sent = await sendFiles(owner.client, owner.channel, [{ name: "one.txt", content: "1" }, { name: "two.txt", content: "2" }], { content: "both" });
	const untouched = await owner.client.patch(`${messages}/${sent.id}`, { content: "edited" });
	assert.equal(untouched.json.attachments.length, 2);
	const parts = [{ name: "payload_json", content: JSON.stringify({ attachments: [{ id: sent.attachments[1].id }, { id: "0", description: "new" }] }) }, { name: "files[0]", filename: "three.txt", content: "3" }];
	const changed = await postParts(owner.client, `${messages}/${sent.id}`, parts, { method: "PATCH" });
	assert.equal(changed.status, 200, changed.text);
	assert.deepEqual(changed.json.attachments.map((each) => [each.filename, each.description]), [["two.txt", undefined], ["three.txt", "new"]]);
	assert.equal((await get(pathOf(sent.attachments[0].url))).status, 404);
	for (const nothing of ["x", {}, 5]) assert.equal((await owner.client.patch(`${messages}/${sent.id}`, { attachments: nothing })).status, 400);
	for (const nobody of [{}, null, "abc", -1, [], { id: null }]) {
		const refused = await owner.client.patch(`${messages}/${sent.id}`, { attachments: [{ id: 0 }, nobody] });
		assert.equal(refused.status, 400, JSON.stringify(nobody));
		assert.ok(refused.json.errors.attachments["1"].id._errors.length > 0, refused.text);
	}
	const none = await owner.client.patch(`${messages}/${sent.id}`, { attachments: [] });
	assert.deepEqual(none.json.attachments, []);
});

test("a page's form sends files, with what is said of them", async () => {
	await page.open(`/channels/${owner.guild}/${owner.channel}`);
	const action = `/channels/${owner.guild}/${owner.channel}/messages`;
	const { fields } = formsOf(page.reply.text).find((each) => each.action === action);
	const parts = [{ name: "csrf", content: fields.csrf }, { name: "content", content: "by form" }, { name: "attachments", content: JSON.stringify([{ id: 1, description: "the second" }]) },
		{ name: "file", filename: "one.txt", content: "1" }, { name: "file", filename: "two.txt", content: "2" }, { name: "file", filename: "", content: "" }];
	const { bytes, type } = multipart(parts);
	const reply = await page.fetch(action, { method: "POST", body: bytes, headers: { "Content-Type": type }, isFollowed: false });
	assert.equal(reply.status, 303, reply.text);
	const [latest] = (await owner.client.get(`${messages}?limit=1`)).json;
	assert.deepEqual([latest.content, latest.attachments.map((each) => [each.filename, each.description])], ["by form", [["one.txt", undefined], ["two.txt", "the second"]]]);
	const shown = await page.fetch(`/channels/${owner.guild}/${owner.channel}`);
	assert.ok(shown.text.includes(`/attachments/${owner.channel}/${latest.attachments[0].id}/one.txt`));
	assert.equal(shown.text.includes("hm="), false, "pages have no address that is good by itself");
	assert.equal(shown.text.includes("\x01"), false);
});

test("a form without its token, or with the token behind the files, keeps nothing", async () => {
	const action = `/channels/${owner.guild}/${owner.channel}/messages`;
	const { fields } = formsOf((await page.fetch(`/channels/${owner.guild}/${owner.channel}`)).text).find((each) => each.action === action);
	const file = { name: "file", filename: "a.txt", content: "cross-site" };
	for (const parts of [[file], [file, { name: "csrf", content: fields.csrf }], [{ name: "csrf", content: "wrong" }, file], [{ name: "content", content: "no file" }]]) {
		const { bytes, type } = multipart(parts);
		const reply = await page.fetch(action, { method: "POST", body: bytes, headers: { "Content-Type": type }, isFollowed: false });
		assert.equal(reply.status, 403, reply.text);
	}
	assert.deepEqual([isOnDisk("cross-site"), incoming()], [false, []]);
});

test("nothing of a file is kept of who may not send one", async () => {
	const carol = await invitePerson(owner);
	const role = (await owner.client.get(`/guilds/${owner.guild}/roles`)).json.find((each) => each.id === owner.guild);
	const without = (BigInt(role.permissions) & ~(1n << 15n)).toString();
	assert.equal((await owner.client.patch(`/guilds/${owner.guild}/roles/${owner.guild}`, { permissions: without })).status, 200);
	const reply = await postParts(carol.client, messages, [{ name: "files[0]", filename: "a.txt", content: "not allowed" }]);
	assert.deepEqual([reply.status, reply.json.code], [403, 50013]);
	const plain = await postParts(carol.client, messages, [{ name: "content", content: "text is fine" }]);
	assert.equal(plain.status, 200, plain.text);
	assert.equal((await owner.client.patch(`/guilds/${owner.guild}/roles/${owner.guild}`, { permissions: role.permissions })).status, 200);
	assert.deepEqual([isOnDisk("not allowed"), incoming()], [false, []]);
});

test("a voice message has its duration and waveform", async () => {
	const ogg = Buffer.concat([Buffer.from("OggS\0\x02", "latin1"), Buffer.alloc(22), Buffer.from("OpusHead\x01\x01", "latin1"), Buffer.alloc(60)]);
	const voice = { flags: 8192, attachments: [{ id: 0, duration_secs: 1.25, waveform: "AAECAw==" }] };
	const sent = await sendFiles(owner.client, owner.channel, [{ name: "voice-message.ogg", content: ogg }], voice);
	assert.equal(sent.flags & 8192, 8192);
	const [file] = sent.attachments;
	assert.deepEqual([file.duration_secs, file.waveform, file.content_type], [1.25, "AAECAw==", "audio/ogg"]);
	for (const change of [{ content: "words" }, { attachments: [] }, { embeds: [{ title: "a" }] }]) {
		const edited = await owner.client.patch(`${messages}/${sent.id}`, change);
		assert.deepEqual([edited.status, edited.json.code], [400, 50162], edited.text);
	}
	const still = await read(sent.id);
	assert.deepEqual([still.content, still.attachments.length, still.edited_timestamp, still.flags], ["", 1, null, sent.flags]);
	const wrong = await postParts(owner.client, messages, [{ name: "payload_json", content: JSON.stringify(voice) }, { name: "files[0]", filename: "a.txt", content: "text" }]);
	assert.deepEqual([wrong.status, wrong.json.code], [400, 50173]);
});

test("an open page hears of files by a path of this site", async () => {
	const cookie = page.cookie;
	const stream = await openStream(snug, { cookie, path: "/live", query: `channel=${owner.channel}` });
	const { attachments: [file] } = await sendFiles(owner.client, owner.channel, [text("live")], { content: "to open pages" });
	const event = await until("the fragment comes", () => stream.events.find((each) => each.event === "MESSAGE_CREATE" && each.data.includes("to open pages")));
	assert.ok(event.data.includes(`/attachments/${owner.channel}/${file.id}/a.txt`), event.data);
	assert.equal(event.data.includes("hm="), false);
	stream.close();
});

await run();
