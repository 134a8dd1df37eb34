// Profiles: what people change of their own account, who sees it, and that nobody sees another's address.

import zlib from "node:zlib";
import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const stranger = await register(snug, { workspace: "Elsewhere" });

const logIn = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
};

test("a profile is changed field by field, and what is not named stays", async () => {
	const first = await bob.client.patch("/users/@me", { global_name: "Bob the Builder", bio: "Can we\nfix it?", pronouns: "he/him", time_zone: "Europe/Berlin" });
	assert.equal(first.status, 200, first.text);
	assert.equal(first.json.global_name, "Bob the Builder");
	assert.equal(first.json.about, "Can we\nfix it?");
	assert.equal(first.json.email, `${bob.name}@example.org`);
	const second = await bob.client.patch("/users/@me", { about: null, username: "BOB.b" });
	assert.equal(second.json.about, null);
	assert.equal(second.json.username, "bob.b");
	assert.equal(second.json.pronouns, "he/him");
	assert.equal(second.json.time_zone, "Europe/Berlin");
	bob.name = "bob.b";
	assert.deepEqual((await bob.client.get("/users/@me")).json, second.json);
});

for (const [field, value] of [["username", "a"], ["username", "no blanks"], ["username", "everyone"], ["username", ""], ["username", null],
	["username", "deleted_user_1"], ["global_name", "x".repeat(33)], ["about", "x".repeat(191)], ["pronouns", "x".repeat(41)], ["pronouns", "a\u202eb"],
	["time_zone", "Mars/Olympus"], ["time_zone", "../../etc/passwd"], ["email", "other@example.org"]])
	test(`${field} ${JSON.stringify(value).slice(0, 30)} is refused`, async () => {
		const before = (await bob.client.get("/users/@me")).text;
		const reply = await bob.client.patch("/users/@me", { [field]: value });
		assert.equal(reply.status, 400, reply.text);
		assert.ok(reply.json.errors[field === "global_name" ? "display_name" : field], reply.text);
		assert.equal((await bob.client.get("/users/@me")).text, before);
	});

test("a user name that is taken, in any case, is refused", async () => {
	const reply = await bob.client.patch("/users/@me", { username: owner.name.toUpperCase() });
	assert.equal(reply.status, 409, reply.text);
});

test("colleagues see the profile and not the address; to strangers nobody is there", async () => {
	const seen = await owner.client.get(`/users/${bob.user.id}`);
	assert.equal(seen.status, 200, seen.text);
	assert.equal(seen.json.pronouns, "he/him");
	assert.equal(seen.json.avatar, null);
	assert.ok(!seen.text.includes("@example.org"), seen.text);
	for (const id of [bob.user.id, owner.user.id, "1234567890123456789"]) {
		const hidden = await stranger.client.get(`/users/${id}`);
		assert.equal(hidden.status, 404, hidden.text);
		assert.equal(hidden.json.code, 10013);
	}
	assert.equal((await stranger.client.get(`/users/${stranger.user.id}`)).status, 200);
});

test("the address changes with the password alone, and not by a token", async () => {
	const email = `${unique("new")}@example.org`;
	for (const [body, status] of [[{ email }, 400], [{ email, current_password: "wrong password" }, 401], [{ email: "no address", current_password: goodPassword }, 400],
		[{ email: `${owner.name}@EXAMPLE.org`, current_password: goodPassword }, 409]]) {
		const reply = await bob.client.put("/users/@me/email", body);
		assert.equal(reply.status, status, `${JSON.stringify(body)}: ${reply.text}`);
	}
	const token = (await bob.client.post("/users/@me/tokens", { name: "script" })).json.token;
	assert.equal((await new Client(snug, token).put("/users/@me/email", { email, current_password: goodPassword })).status, 403);
	const reply = await bob.client.put("/users/@me/email", { email, current_password: goodPassword });
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.email, email);
	assert.equal((await new Client(snug).post("/auth/login", { login: email, password: goodPassword })).status, 200);
});

test("the page shows what is, keeps what was typed, and saves", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	const form = page.form("/account");
	assert.equal(form.enctype, "multipart/form-data");
	assert.equal(form.fields.username, "bob.b");
	assert.equal(form.fields.time_zone, "Europe/Berlin");
	const refused = await page.submit(form, { display_name: "Bobby", time_zone: "Nowhere" });
	assert.equal(refused.status, 400);
	assert.equal(page.form("/account").fields.display_name, "Bobby");
	assert.match(page.text, /no such time zone/);
	await page.submit("/account", { time_zone: "Asia/Tokyo" });
	assert.match(page.text, /Saved/);
	assert.equal((await bob.client.get("/users/@me")).json.global_name, "Bobby");
	assert.equal((await bob.client.get("/users/@me")).json.time_zone, "Asia/Tokyo");
});

test("the page changes the address with the password", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	const refused = await page.submit("/account/email", { email: "bob2@example.org", current_password: "wrong password" });
	assert.equal(refused.status, 401);
	assert.match(page.text, /Wrong password/);
	assert.equal(page.form("/account/email").fields.email, "bob2@example.org");
	assert.equal(page.form("/account").fields.username, "bob.b", "the other form still has what is");
	await page.submit("/account/email", { current_password: goodPassword });
	assert.match(page.text, /Saved/);
	assert.equal((await bob.client.get("/users/@me")).json.email, "bob2@example.org");
});

const chunk = (type, data) => {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) >>> 0 : crcOf(body), body.length + 4);
	return out;
};
/** For a node whose zlib has no crc32. */
const crcOf = (bytes) => {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
};
/** A PNG of one colour, with a text that must not survive. */
const png = (width, height, [red, green, blue] = [200, 30, 30], secret = "") => {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
	const rows = Buffer.concat(Array.from({ length: height }, () => line));
	return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), ...(secret ? [chunk("tEXt", Buffer.from(`Comment\0${secret}`, "latin1"))] : []),
		chunk("IDAT", zlib.deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
};
const dataUri = (bytes, type = "image/png") => `data:${type};base64,${bytes.toString("base64")}`;

test("an avatar is made anew, served as WebP for ever, and forgotten when another takes its place", async () => {
	const first = await bob.client.patch("/users/@me", { avatar: dataUri(png(300, 200, [1, 2, 3], "52.5200 N 13.4050 E")) });
	assert.equal(first.status, 200, first.text);
	const { avatar } = first.json;
	assert.match(avatar, /^[0-9a-f]{32}$/);
	assert.equal((await owner.client.get(`/users/${bob.user.id}`)).json.avatar, avatar);
	for (const extension of ["webp", "png", "gif", "jpg"]) {
		const seen = await snug.request(`/avatars/${bob.user.id}/${avatar}.${extension}?size=64`);
		assert.equal(seen.status, 200);
		assert.equal(seen.headers["content-type"], "image/webp");
		assert.match(seen.headers["cache-control"], /immutable/);
		assert.equal(seen.headers["x-content-type-options"], "nosniff");
		assert.match(seen.headers["content-security-policy"], /default-src 'none'/);
		assert.equal(seen.bytes.subarray(8, 12).toString("latin1"), "WEBP");
		assert.ok(!seen.bytes.includes("52.5200"), "what the file said of itself is gone");
	}
	for (const path of [`/avatars/${owner.user.id}/${avatar}.webp`, `/avatars/${bob.user.id}/${avatar}`, `/avatars/${bob.user.id}/${avatar}.`,
		`/avatars/${bob.user.id}/${"0".repeat(32)}.webp`, `/avatars/${bob.user.id}/.webp`, `/icons/${owner.guild}/${avatar}.webp`, `/avatars/1/${avatar}.webp`])
		assert.equal((await snug.request(path)).status, 404, path);
	const second = await bob.client.patch("/users/@me", { avatar: dataUri(png(64, 64, [9, 9, 9])) });
	assert.notEqual(second.json.avatar, avatar);
	assert.equal((await snug.request(`/avatars/${bob.user.id}/${avatar}.webp`)).status, 404);
	assert.equal((await snug.request(`/avatars/${bob.user.id}/${second.json.avatar}.webp`)).status, 200);
	const none = await bob.client.patch("/users/@me", { avatar: null });
	assert.equal(none.json.avatar, null);
	assert.equal((await snug.request(`/avatars/${bob.user.id}/${second.json.avatar}.webp`)).status, 404);
});

const hostile = {
	"no picture": Buffer.from("hello"),
	"an empty file": Buffer.alloc(0),
	"an SVG under image/png": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
	"HTML behind a PNG's first bytes": Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from("<script>alert(1)</script>")]),
	"a PNG that is cut off": png(64, 64).subarray(0, 60),
	"a PNG that says it is 60000 by 60000": (() => {
		const bytes = Buffer.from(png(1, 1));
		bytes.writeUInt32BE(60000, 16);
		bytes.writeUInt32BE(60000, 20);
		bytes.writeUInt32BE(crcOf(bytes.subarray(12, 29)), 29);
		return bytes;
	})(),
	"a GIF of nothing": Buffer.from("GIF89a"),
	"a WebP of nothing": Buffer.from("RIFF\x04\0\0\0WEBPVP8 ", "latin1"),
};
for (const [what, bytes] of Object.entries(hostile))
	test(`${what} is refused as an avatar, by the API and by the page`, async () => {
		const before = (await bob.client.get("/users/@me")).text;
		const reply = await bob.client.patch("/users/@me", { avatar: dataUri(bytes) });
		if (bytes.length > 0) assert.ok([400, 413].includes(reply.status), `${reply.status} ${reply.text}`);
		const page = await logIn(bob);
		await page.open("/account");
		const refused = await upload(page, page.form("/account"), { name: "a.png", bytes });
		assert.ok([400, 413].includes(refused.status), `${refused.status}`);
		assert.match(refused.text, /id="avatar-error"/);
		assert.equal((await bob.client.get("/users/@me")).text, before);
	});

/** Sends a form as a browser does that has a file to send. */
function upload(page, form, { name, bytes, field = "avatar" }, fields = {}) {
	const boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
	const parts = Object.entries({ ...form.fields, ...fields }).filter(([key]) => key !== field)
		.map(([key, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`));
	const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`);
	const body = Buffer.concat([...parts, head, bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
	return page.fetch(form.action, { method: "POST", body, headers: { "Content-Type": `multipart/form-data; boundary=${boundary}`, Origin: snug.url } });
}

test("the page takes a picture without JavaScript, shows it, and takes it away", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	await upload(page, page.form("/account"), { name: "C:\\fakepath\\me.png", bytes: png(500, 500, [20, 120, 220]) }, { pronouns: "they" });
	assert.match(page.text, /Saved/);
	const { avatar, pronouns } = (await bob.client.get("/users/@me")).json;
	assert.equal(pronouns, "they");
	assert.ok(page.reply.text.includes(`/avatars/${bob.user.id}/${avatar}.webp`), "the page shows it");
	await upload(page, page.form("/account"), { name: "", bytes: Buffer.alloc(0) });
	assert.equal((await bob.client.get("/users/@me")).json.avatar, avatar, "an input in which nothing is chosen changes nothing");
	await page.submit("/account", { remove_avatar: "1" });
	assert.equal((await bob.client.get("/users/@me")).json.avatar, null);
});

test("a form with a file needs the form's token like any other", async () => {
	const page = await logIn(bob);
	await page.open("/account");
	const form = page.form("/account");
	assert.equal((await upload(page, form, { name: "a.png", bytes: png(8, 8) }, { csrf: "x" })).status, 403);
	assert.equal((await bob.client.get("/users/@me")).json.avatar, null);
});

test("a body that is too long is refused, and other addresses take no long ones", async () => {
	const large = Buffer.alloc(9 * 1024 * 1024, 1);
	const reply = await bob.client.patch("/users/@me", { avatar: dataUri(large) });
	assert.equal(reply.status, 413, `${reply.status}`);
	const brackets = await bob.client.request("PATCH", "/users/@me", `[${"[],".repeat(300_000)}1]`, { "Content-Type": "application/json" });
	assert.equal(brackets.status, 413, "length is for the picture's text alone");
	const elsewhere = await bob.client.post(`/channels/${owner.channel}/messages`, { content: "x".repeat(2_000_000) });
	assert.equal(elsewhere.status, 413);
});

await run();
