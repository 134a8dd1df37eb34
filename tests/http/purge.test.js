// What was deleted is in no file of the data folder once the time for it has come: neither in the database, nor in its log, nor
// in a backup that is made meanwhile, and in no row but the audit log's.

import fs from "node:fs";
import path from "node:path";
import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_PURGE_AFTER_S: "1" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const guild = `/guilds/${owner.guild}`;

/** Letters that stand nowhere else; words that begin alike the index abridges. */
function word() {
	let text = "";
	while (text.length < 16) text += String.fromCharCode(97 + Math.floor(Math.random() * 26));
	return text;
}

const files = ["snug.db", "snug.db-wal", "snug.db-shm", "backups/partial.db", "backups/partial.db-journal", "backups/partial.db-wal"];

/** Where any of the words is, without their first letters. */
function whereabouts(words) {
	const found = [];
	for (const name of files) {
		let bytes;
		try {
			bytes = fs.readFileSync(path.join(snug.data, name)).toString("latin1");
		} catch {
			continue;
		}
		for (const each of words) if (bytes.includes(each.slice(4))) found.push(`${each} in ${name}`);
	}
	return found;
}

async function channel(more = {}) {
	const reply = await owner.client.post(`${guild}/channels`, { name: word(), ...more });
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
}

/** A file that is read while it is written may just then not have what is on its way into another. */
const written = (words) => until("the words to be on the disk", () => words.every((each) => whereabouts([each]).length > 0));
const purged = (words) => until("the words to be in no file", () => whereabouts(words).length === 0, { pause: 100 });

test("a message's words, those of its edits, embeds, poll and files, are gone", async () => {
	const room = await channel();
	const kept = word();
	const gone = Array.from({ length: 8 }, word);
	await owner.client.send(room.id, kept);
	const edited = await owner.client.send(room.id, `${gone[0]} text`);
	await owner.client.patch(`/channels/${room.id}/messages/${edited.id}`, { content: `${gone[1]} text` });
	const embed = await owner.client.send(room.id, gone[2], { embeds: [{ title: gone[3], description: gone[4] }] });
	const poll = await owner.client.send(room.id, "", { poll: { question: { text: gone[5] }, answers: [{ poll_media: { text: gone[6] } }, { poll_media: { text: "no" } }] } });
	const form = new FormData();
	form.append("payload_json", JSON.stringify({ content: "a file" }));
	form.append("files[0]", new Blob(["x"]), `${gone[7]}.txt`);
	const upload = await fetch(`${snug.url}/api/v1/channels/${room.id}/messages`, { method: "POST", headers: { Authorization: `Bearer ${owner.access_token}` }, body: form });
	assert.equal(upload.status, 200, "an upload");
	const withFile = await upload.json();
	await written(gone);
	for (const each of [edited, embed, poll, withFile]) assert.equal((await owner.client.delete(`/channels/${room.id}/messages/${each.id}`)).status, 204);
	await purged(gone);
	await written([kept]); // what stays is there
	const found = await bob.client.get(`${guild}/messages/search?content=${kept}`);
	assert.equal(found.json.total_results, 1);
});

test("a draft's words are gone: those it was first, those that were discarded, and those that went with a message", async () => {
	const room = await channel();
	const [kept, ...gone] = Array.from({ length: 4 }, word);
	const save = async (person, content) => (await person.client.put(`/channels/${room.id}/draft`, { content })).json.revision;
	await save(bob, `${kept} text`);
	await save(owner, `${gone[0]} text`);
	await save(owner, `${gone[1]} ${"long ".repeat(700)}`);
	await written(gone.slice(0, 2));
	await owner.client.delete(`/channels/${room.id}/draft`);
	const sent = await owner.client.send(room.id, "other words", { draft_revision: await save(owner, gone[2]) });
	assert.ok(sent.id);
	await purged(gone);
	await written([kept]);
});

test("a deleted thread's name and what was said in it are gone, and so is a deleted channel", async () => {
	const room = await channel();
	const gone = Array.from({ length: 4 }, word);
	const thread = (await owner.client.post(`/channels/${room.id}/threads`, { name: gone[0], type: 11 })).json;
	await owner.client.send(thread.id, gone[1]);
	const doomed = await channel({ topic: gone[2] });
	await bob.client.send(doomed.id, gone[3]);
	await written(gone);
	assert.equal((await owner.client.delete(`/channels/${thread.id}`)).status, 200);
	assert.equal((await owner.client.delete(`/channels/${doomed.id}`)).status, 200);
	// The audit log tells what they were called.
	await purged([gone[1], gone[3]]);
});

test("while others go on posting it comes to its end", async () => {
	const room = await channel();
	const gone = word();
	const message = await owner.client.send(room.id, gone);
	let isOver = false;
	const posting = (async () => {
		for (let i = 0; !isOver; i++) await bob.client.send(room.id, `${word()} ${i}`);
	})();
	await owner.client.delete(`/channels/${room.id}/messages/${message.id}`);
	await purged([gone]);
	isOver = true;
	await posting;
});

await run(snug);
