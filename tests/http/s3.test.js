// Files in an S3-compatible service: they land here, are copied there, and downloads are sent there.

import fs from "node:fs";
import path from "node:path";
import { startSnug } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { request } from "../lib/http.js";
import { startS3 } from "../lib/s3.js";
import { assert, run, test, until } from "../lib/test.js";
import { pathOf, sendFiles } from "../lib/upload.js";

const service = await startS3();
const snug = await startSnug({ env: service.env });
const owner = await setUp(snug);
const messages = `/channels/${owner.channel}/messages`;
const here = () => fs.readdirSync(path.join(snug.data, "files"), { recursive: true }).filter((name) => /\/[0-9a-f]{64}$/.test(name));
const send = async (content, name = "a.txt") => {
	const message = await sendFiles(owner.client, owner.channel, [{ name, content }]);
	return { ...message, location: pathOf(message.attachments[0].url) };
};

/** Where a download is sent to, once it is. */
const redirected = (location) => until("downloads are sent elsewhere", async () => (await snug.request(location)).headers.location);

test("a file is copied, encrypted there, leaves this disk, and comes from there", async () => {
	const { location } = await send("far away\n", "näme.txt");
	const first = await snug.request(location);
	assert.ok(first.text === "far away\n" || first.headers.location, "at once, from here, unless it is there already");
	const elsewhere = await redirected(location);
	assert.match(elsewhere, new RegExp(`^${service.url}/snug/[0-9a-f]{2}/[0-9a-f]{64}-\\d+\\?X-Amz-Algorithm=AWS4-HMAC-SHA256&.*X-Amz-Expires=60&.*X-Amz-Signature=[0-9a-f]{64}$`));
	const reply = await request(elsewhere);
	assert.equal(reply.text, "far away\n");
	assert.equal(reply.headers["content-type"], "text/plain; charset=utf-8");
	assert.equal(reply.headers["content-disposition"], "inline; filename=\"n_me.txt\"; filename*=UTF-8''n%C3%A4me.txt");
	const put = service.asked.find((each) => each.method === "PUT");
	assert.equal(put.headers["x-amz-server-side-encryption"], "AES256");
	assert.match(put.headers["x-amz-content-sha256"], /^[0-9a-f]{64}$/);
	await until("it has left this disk", () => here().length === 0);
	assert.equal((await request(elsewhere, { headers: { Range: "bytes=0-2" } })).text, "far");
});

test("the address that a download is sent to is good for that object alone", async () => {
	const { location } = await send("signed for");
	const elsewhere = await redirected(location);
	const other = service.keys().find((key) => !elsewhere.includes(key));
	assert.equal((await request(elsewhere)).status, 200);
	assert.equal((await request(elsewhere.replace(/X-Amz-Signature=..../, "X-Amz-Signature=0000"))).status, 403);
	assert.equal((await request(elsewhere.replace(/\/snug\/[^?]+/, `/snug/${other}`))).status, 403);
	assert.equal((await request(elsewhere.replace("text%2Fplain", "text%2Fhtml"))).status, 403, "what it is served as is signed too");
	/* And nobody is sent there who may not read it here. */
	assert.equal((await snug.request(location.replace(/hm=..../, "hm=0000"))).status, 404);
});

test("pages may show what is there", async () => {
	const reply = await snug.request("/login");
	assert.match(reply.headers["content-security-policy"], new RegExp(`img-src 'self' ${service.url}[; ]`));
	assert.match(reply.headers["content-security-policy"], /script-src 'self';/);
});

test("a picture's thumbnail stays here", async () => {
	const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
	const { id } = await send(gif, "p.gif");
	const thumbnail = await until("there is one", async () => (await owner.client.get(`${messages}/${id}`)).json.attachments[0].thumbnail_url);
	assert.equal((await snug.request(pathOf(thumbnail))).headers["content-type"], "image/webp");
});

test("a deleted file goes there too, and one that comes again is another object", async () => {
	const first = await send("twice");
	const before = await redirected(first.location);
	const key = new URL(before).pathname.replace("/snug/", "");
	assert.ok(service.keys().includes(key));
	assert.equal((await owner.client.delete(`${messages}/${first.id}`)).status, 204);
	assert.equal((await snug.request(first.location)).status, 404);
	await until("the object is gone", () => !service.keys().includes(key));
	const second = await send("twice");
	const after = await redirected(second.location);
	assert.notEqual(new URL(after).pathname, new URL(before).pathname);
	assert.equal((await request(await redirected(second.location))).text, "twice");
});

test("a service that is out of order slows nothing, and is caught up with", async () => {
	for (const mode of ["broken", "silent"]) {
		service.mode = mode;
		const asked = service.asked.length;
		const sent = await send(`while it is ${mode}`);
		await until("the worker has tried", () => service.asked.length > asked);
		assert.equal((await snug.request(sent.location)).text, `while it is ${mode}`, "it comes from here meanwhile");
		assert.equal((await owner.client.post(messages, { content: "posting goes on" })).status, 200);
		if (mode === "silent") continue;
		service.mode = "fine";
		assert.ok(await until("it has been copied", async () => (await snug.request(sent.location)).headers.location, { pause: 100 }));
	}
});

await run();
