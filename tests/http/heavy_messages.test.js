// Messages with all of their parts at their limits: half a megabyte of HTML each. They cost who posts them, and nobody the
// conversation that they stand in.
//
// Begins early: it takes long.

import { invitePerson, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { startSnug } from "../lib/snug.js";
import { openStream } from "../lib/stream.js";
import { sendFiles } from "../lib/upload.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const [shown, largest] = [50, 4_000_000]; // messages of a page, and bytes that a page of them may be here

const spoilers = (characters) => "||a||".repeat(characters / 5);
const address = `https://example.org/?${"&".repeat(2000)}`;
const files = Array.from({ length: 10 }, (_, i) => ({ name: `${"&".repeat(200)}${i}.bin`, content: "abc" }));
const heavy = {
	content: spoilers(4000),
	embeds: Array.from({ length: 10 }, () => ({ title: "t", url: address, author: { name: "n", url: address }, description: spoilers(500) })),
	attachments: files.map((_, id) => ({ id, description: "&".repeat(1000) })),
};
const place = `/channels/${owner.guild}/${owner.channel}`;

async function logIn(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

test("a room full of the largest messages opens, its moderators can delete them, and each is whole on its own page", async () => {
	const page = await logIn(owner);
	let last;
	for (let i = 0; i < shown; i++) {
		last = await sendFiles(bob.client, owner.channel, files, heavy);
		assert.equal((await owner.client.put(`/channels/${owner.channel}/messages/pins/${last.id}`)).status, 204);
	}
	for (const path of [place, `${place}/messages/delete`, `${place}/pins`, `${place}?around=${last.id}`]) {
		const reply = await page.fetch(path);
		assert.equal(reply.status, 200, `${path}: ${reply.text.slice(0, 200)}`);
		assert.ok(reply.bytes.length < largest, `${path} has ${reply.bytes.length} bytes`);
		assert.ok(reply.text.includes(`href="${place}/messages/${last.id}"`), `${path} leads to the whole message`);
		assert.ok(!reply.text.includes("&amp;".repeat(900)), `${path} shows what is too large`);
	}
	const whole = await page.fetch(`${place}/messages/${last.id}`);
	assert.equal(whole.status, 200);
	assert.ok(whole.text.includes("&amp;".repeat(1000)) && !whole.text.includes("Too large"));
});

test("an open page hears of such a message in a fragment that is no larger", async () => {
	const page = await logIn(owner);
	const stream = await openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` });
	const sent = await sendFiles(bob.client, owner.channel, files, heavy);
	const event = await stream.find("the message", (each) => each.event === "MESSAGE_CREATE" && each.data.includes(`id="m-${sent.id}"`));
	assert.ok(event.data.length < 2 * largest / shown, `${event.data.length} bytes`);
	stream.close();
});

await run();
