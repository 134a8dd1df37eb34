// kill -9 of the programs that handle files while they come: what was acknowledged is there byte by byte, a retry puts
// nothing up twice, nothing is left half done, and the room is counted right.
//
// Begins early: it waits for what a killed worker had in hand.

import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { startSnug } from "../lib/snug.js";
import { history, nonce, setUp } from "../lib/api.js";
import { assert, run, test, until } from "../lib/test.js";
import { pathOf, postParts } from "../lib/upload.js";

const snug = await startSnug();
const owner = await setUp(snug);
const messages = `/channels/${owner.channel}/messages`;
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const sql = (query) => execFileSync("sqlite3", ["-readonly", `${snug.data}/snug.db`, query], { encoding: "utf8" }).trim();
const stop = { now: false };
const sent = new Map(); // id of the message: its content

/** Uploads one after the other, each until it is acknowledged: a picture of its own now and then. */
async function upload(worker) {
	for (let i = 0; !stop.now; i++) {
		const content = i % 3 === 0 ? Buffer.concat([gif, Buffer.from(`${worker} ${i}`)]) : Buffer.from(`${worker} ${i} ${"x".repeat(1000 * i)}`);
		const parts = [{ name: "payload_json", content: JSON.stringify({ nonce: nonce() }) }, { name: "files[0]", filename: "f", content }];
		const reply = await until("an upload is acknowledged", async () => {
			const answer = await postParts(owner.client, messages, parts).catch(() => null);
			return answer?.status === 200 && answer;
		}, { pause: 50 });
		assert.equal(sent.has(reply.json.id), false, "two uploads, one message");
		sent.set(reply.json.id, content);
		if (i % 4 === 3) {
			const [id] = sent.keys();
			const gone = await owner.client.delete(`${messages}/${id}`).catch(() => null);
			if (gone?.status === 204 || gone?.status === 404) sent.delete(id);
		}
	}
}

test("every program that handles files is killed while they come", async () => {
	const uploads = ["a", "b", "c"].map(upload);
	for (const [i, program] of Array(4).fill(["snug-store", "snug-api", "snug-worker", "snug-picture"]).flat().entries()) {
		const before = sent.size;
		await until("there is something to lose", () => sent.size !== before, { pause: 5 });
		const victim = program === "snug-picture" ? snug.processes(program)[0] : snug.processes(program)[i % 2] ?? snug.parentOf(program);
		try {
			if (victim) process.kill(victim.pid, "SIGKILL");
		} catch {
			// It had ended by itself.
		}
	}
	stop.now = true;
	await Promise.all(uploads);
});

test("what was acknowledged is there, once, as it was sent", async () => {
	const found = new Map((await history(owner.client, owner.channel)).map((each) => [each.id, each]));
	for (const [id, content] of sent) {
		const message = found.get(id);
		assert.ok(message, "acknowledged and lost");
		assert.equal(message.attachments.length, 1);
		const reply = await snug.request(pathOf(message.attachments[0].url));
		assert.equal(reply.status, 200);
		// Of a picture that the child looked at, what followed its end is gone: a GIF is left alone.
		assert.ok(reply.bytes.equals(content), "not as it was sent");
	}
});

test("every picture gets its thumbnail, and nothing else is left to do", async () => {
	await until("no job is left", () => sql("SELECT count(*) FROM jobs WHERE dead_at_ms IS NULL") === "0", { timeout: 100_000, pause: 200 });
	// A picture whose child was killed is given up, as a hostile one is; its message may have been deleted since.
	const without = sql("SELECT count(*) FROM files WHERE type = 'image/gif' AND thumbnail_size IS NULL");
	assert.ok(Number(without) <= Number(sql("SELECT count(*) FROM jobs WHERE dead_at_ms IS NOT NULL AND kind = 'picture'")), `${without} without a thumbnail`);
	await until("what was deleted has left the disk", () => sql("SELECT count(*) FROM file_removals") === "0");
});

test("rows and bytes agree, and the room that they take", async () => {
	await snug.stop();
	await snug.start();
	const folder = path.join(snug.data, "files");
	assert.deepEqual(fs.readdirSync(path.join(folder, "incoming")), []);
	const known = sql("SELECT hash || ' ' || size FROM files").split("\n").filter(Boolean);
	for (const row of known) {
		const [hash, size] = row.split(" ");
		assert.equal(fs.statSync(path.join(folder, hash.slice(0, 2), hash)).size, Number(size));
	}
	assert.equal(sql("SELECT bytes FROM file_usage WHERE user_id = 0"), sql("SELECT sum(size + coalesce(thumbnail_size, 0)) FROM files"));
	assert.equal(sql(`SELECT bytes FROM file_usage WHERE user_id = ${owner.user.id}`), sql("SELECT sum(size) FROM attachments"));
	assert.equal(sql("PRAGMA integrity_check; PRAGMA foreign_key_check"), "ok");
});

await run();
