// What a person typed comes back where it is refused before it was read, without JavaScript: the page that says why has their text, from
// plain forms and from those that can bring files.

import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page, unescapeHtml } from "../lib/page.js";
import { startSnug } from "../lib/snug.js";
import { multipart } from "../lib/upload.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_LIMIT_ALL: "100/30min", SNUG_LIMIT_MESSAGE: "1/1h" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async () => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;
/** A channel that there is not, and no limit of messages has counted in. */
let missing = 1000;
const nowhere = () => ({ action: `${placeOf(String(missing++))}/messages`, method: "post", fields: {} });
const placeOf = (channel) => `/channels/${owner.guild}/${channel}`;
const text = 'Half an hour of typing,\n\n"quoted" <script>alert(1)</script> & more';

async function logIn() {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	return page;
}

/** The text that a page hands back; null when it has none. */
function unsentOf(reply) {
	const found = /<textarea id="unsent"[^>]*>\n([\s\S]*?)<\/textarea>/.exec(reply.text);
	return found && unescapeHtml(found[1]);
}

const kinds = {
	"a plain form": (page, form, fields = { content: text }, headers = {}) => page.submit(form, fields, { isFollowed: false, headers }),
	"a form with a file": (page, form, fields = { content: text }, headers = {}) => {
		const parts = Object.entries({ ...form.fields, ...fields }).map(([name, content]) => ({ name, content }));
		const { bytes, type } = multipart([...parts, { name: "files", filename: "a.bin", content: Buffer.alloc(3_000_000, 7) }]);
		return page.fetch(form.action, { method: "POST", body: bytes, headers: { Origin: snug.url, ...headers, "Content-Type": type }, isFollowed: false });
	},
};

for (const [kind, send] of Object.entries(kinds)) {
	test(`${kind} to a channel that is gone`, async () => {
		const channel = await room();
		const page = await logIn();
		await page.open(placeOf(channel));
		const form = page.form(`${placeOf(channel)}/messages`);
		await owner.client.delete(`/channels/${channel}`);
		const reply = await send(page, form);
		assert.equal(reply.status, 404, reply.text);
		assert.equal(unsentOf(reply), text);
		assert.ok(!reply.text.includes("<script>alert"), "what is shown is text");
	});

	test(`${kind} of who is logged out by now, with the way back to the room`, async () => {
		const channel = await room();
		const page = await logIn();
		await page.open(placeOf(channel));
		const form = page.form(`${placeOf(channel)}/messages`);
		page.cookies.snug_session = "A".repeat(43); // as one that has ended: no session has it
		const reply = await send(page, form);
		assert.equal(reply.status, 401, reply.text);
		assert.equal(unsentOf(reply), text);
		assert.ok(reply.text.includes(`href="/login?next=${encodeURIComponent(placeOf(channel))}"`), reply.text);
		const empty = await send(page, nowhere(), { content: "" });
		assert.deepEqual([empty.status, empty.headers.location], [303, "/login"], "who typed nothing logs in");
	});

	test(`${kind} beyond the limit of messages`, async () => {
		const channel = await room();
		const page = await logIn();
		await page.open(placeOf(channel));
		const form = page.form(`${placeOf(channel)}/messages`);
		assert.equal((await page.submit(form, { content: "the one" }, { isFollowed: false })).status, 303);
		const reply = await send(page, form);
		assert.equal(reply.status, 429, reply.text);
		assert.equal(unsentOf(reply), text);
	});

	test(`${kind} that another site sends is not shown as somebody's own words`, async () => {
		const page = await logIn();
		const reply = await send(page, nowhere(), { content: text }, { Origin: "https://evil.example" });
		assert.ok([403, 404].includes(reply.status), String(reply.status));
		assert.equal(unsentOf(reply), null);
	});

	test(`${kind} with more text than any message has`, async () => {
		const page = await logIn();
		const reply = await send(page, nowhere(), { content: "x".repeat(300_000) });
		assert.ok([404, 413].includes(reply.status), String(reply.status));
		assert.equal(unsentOf(reply), null);
	});
}

test("what is broken, or is no text, is refused without it", async () => {
	const page = await logIn();
	const part = 'Content-Disposition: form-data; name="content"\r\n\r\n';
	for (const body of ["", "--b", `--b\r\n${part}half a text`, `--b\r\n${part}\xff\xfe\r\n--b--`, `--b\r\n${part}a\0b\r\n--b--`, "\r\n".repeat(50_000), `--b\r\n${part.replace("content", "other")}x\r\n--b--`]) {
		const headers = { "Content-Type": "multipart/form-data; boundary=b", Origin: snug.url };
		const reply = await page.fetch(nowhere().action, { method: "POST", body: Buffer.from(body, "latin1"), headers, isFollowed: false });
		assert.ok([404, 411].includes(reply.status), `${reply.status} ${JSON.stringify(body.slice(0, 80))}`);
		assert.equal(unsentOf(reply), null);
	}
});

await run();
