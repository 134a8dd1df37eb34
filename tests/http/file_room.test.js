// Room for files: quotas, limits and types that configuration sets, a disk that fills, and uploads that are cut off. Each
// needs an instance of its own.

import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { assert, run, test, until } from "../lib/test.js";
import { multipart, pathOf, postParts, sendFiles } from "../lib/upload.js";

const incoming = (snug) => fs.readdirSync(path.join(snug.data, "files/incoming"));
const part = (content, name = "a.txt") => ({ name: "files[0]", filename: name, content });

async function start(env) {
	const snug = await startSnug({ env });
	const owner = await setUp(snug);
	return { snug, owner, messages: `/channels/${owner.channel}/messages`, send: (content, name) => postParts(owner.client, `/channels/${owner.channel}/messages`, [part(content, name)]) };
}

const small = await start({ SNUG_FILES_QUOTA_MB: "5", SNUG_FILES_QUOTA_PERSON_MB: "3", SNUG_FILE_MAX_MB: "2", SNUG_FILE_URL_TTL_S: "60" });
const megabyte = (letter) => Buffer.alloc(1024 * 1024, letter);

test("what a person's quota leaves is taken once, however many come at the same moment", async () => {
	const replies = await Promise.all(Array.from("abcdefgh", (letter) => small.send(megabyte(letter))));
	assert.deepEqual(replies.map((each) => each.status).sort(), [200, 200, 200, 400, 400, 400, 400, 400]);
	for (const reply of replies.filter((each) => each.status === 400)) assert.equal(reply.json.code, 30953, reply.text);
	assert.deepEqual(incoming(small.snug), []);
	/* What is deleted makes room again. */
	const posted = replies.find((each) => each.status === 200).json;
	assert.equal((await small.owner.client.delete(`${small.messages}/${posted.id}`)).status, 204);
	assert.equal((await small.send(megabyte("i"))).status, 200);
});

test("and so is the instance's", async () => {
	const bob = await invitePerson(small.owner);
	const send = (letter) => postParts(bob.client, small.messages, [part(megabyte(letter))]);
	const replies = [];
	for (const letter of "uvwxyz") replies.push((await send(letter)).status);
	assert.deepEqual([...new Set(replies)].sort(), [200, 507], replies);
	assert.ok(replies.filter((each) => each === 200).length <= 3);
	assert.equal((await bob.client.post(small.messages, { content: "texts have room" })).status, 200);
});

test("types that are not wanted are told by content", async () => {
	const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
	const { snug, send } = await start({ SNUG_REFUSED_TYPES: "video/*, image/*" });
	const reply = await send(gif, "innocent.txt");
	assert.deepEqual([reply.status, reply.json.code], [400, 50047]);
	assert.deepEqual(incoming(snug), []);
	assert.equal((await send("text", "picture.gif")).status, 200);
});

test("an address is good as long as it is set to", async () => {
	const { attachments: [file] } = (await small.owner.client.get(`${small.messages}?limit=50`)).json.findLast((each) => each.attachments.length > 0);
	const left = parseInt(new URL(file.url).searchParams.get("ex"), 16) - Date.now() / 1000;
	assert.ok(left <= 60 && left > 20, left);
});

test("uploads of a person are limited, texts are not by that", async () => {
	const { owner, messages, send } = await start({ SNUG_RATE_LIMITS: "on", SNUG_LIMIT_UPLOAD: "2/10min", SNUG_LIMIT_MESSAGE: "100/s" });
	assert.deepEqual([(await send("1")).status, (await send("2")).status], [200, 200]);
	const third = await send("3");
	assert.equal(third.status, 429, third.text);
	assert.ok(Number(third.headers["retry-after"]) > 0);
	assert.equal((await postParts(owner.client, messages, [{ name: "content", content: "a form without files" }])).status, 200);
});

test("uploads stop before the disk is full, and posts do not", async () => {
	const { owner, messages, send } = await start({ SNUG_FILES_RESERVE_MB: "1000000" });
	const reply = await send("no room");
	assert.deepEqual([reply.status, reply.json.code], [503, 50302]);
	assert.equal((await owner.client.post(messages, { content: "still here" })).status, 200);
});

test("a disk that fills in the middle of an upload is told, and nothing of it stays", async () => {
	const { snug, owner, messages, send } = await start({ SNUG_POOL_MIN: "1", SNUG_POOL_MAX: "1" });
	assert.equal((await send("small")).status, 200);
	/* No file of snug-api may grow beyond this: to it, writing fails as on a full disk. */
	const { uid, gid } = fs.statSync(`/proc/${snug.parentOf("snug-api").pid}`);
	for (const { pid } of snug.processes("snug-api")) execFileSync("prlimit", ["--pid", String(pid), "--fsize=500000:"], { uid, gid });
	const reply = await send(megabyte("f"));
	assert.deepEqual([reply.status, reply.json.code], [503, 50302], reply.text);
	assert.deepEqual(incoming(snug), []);
	assert.equal((await owner.client.get(`${messages}?limit=5`)).json.length, 1);
	assert.equal((await send("small again")).status, 200);
});

test("an upload that is cut off on its way leaves nothing", async () => {
	const { snug, owner, messages } = await start({});
	const { bytes, type } = multipart([part(megabyte("c"))]);
	await new Promise((resolve) => {
		const sent = http.request(`${snug.url}/api/v1${messages}`, { method: "POST", headers: { Authorization: `Bearer ${owner.access_token}`, "Content-Type": type, "Content-Length": bytes.length }, agent: false });
		sent.on("error", resolve);
		sent.write(bytes.subarray(0, bytes.length >> 1), () => sent.destroy());
		sent.on("close", resolve);
	});
	await until("lighttpd has forgotten it", () => fs.readdirSync(path.join(snug.data, "run/upload")).length === 0);
	assert.deepEqual([incoming(snug), (await owner.client.get(messages)).json], [[], []]);
});

test("what was being received when everything ended is gone at the next start", async () => {
	const { snug, owner } = await start({});
	const kept = await sendFiles(owner.client, owner.channel, [{ name: "kept.txt", content: "kept" }]);
	fs.writeFileSync(path.join(snug.data, "files/incoming", "f".repeat(32)), "half a file");
	await snug.stop();
	await snug.start();
	assert.deepEqual(incoming(snug), []);
	const address = pathOf(kept.attachments[0].url);
	assert.equal((await snug.request(address)).text, "kept", "and addresses stay good");
});

await run();
