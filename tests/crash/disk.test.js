// A disk that is full or fails: writes get a clear 503, reads go on, nothing is corrupted, and it recovers by itself.
//
// Runs alone: it measures time.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root, startSnug, temporaryFolder } from "../lib/snug.js";
import { Client, history, nonce, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { after, assert, run, test, until } from "../lib/test.js";

const integrity = (snug) => execFileSync("sqlite3", [`${snug.data}/snug.db`, "PRAGMA integrity_check;"], { encoding: "utf8" }).trim();
const filler = "x".repeat(3500);

/** Posts until one is refused; the ids of those that were acknowledged, and the refusal. */
async function postUntilRefused(owner, most = 20_000) {
	const acknowledged = [];
	const client = new Client(owner.client.snug, owner.access_token);
	for (let i = 0; i < most; i += 16) {
		const replies = await Promise.all(Array.from({ length: 16 }, () => client.post(`/channels/${owner.channel}/messages`, { content: filler, nonce: nonce() })));
		acknowledged.push(...replies.filter((reply) => reply.status === 200).map((reply) => reply.json.id));
		const refusal = replies.find((reply) => reply.status !== 200);
		if (refusal) return { acknowledged, refusal };
	}
	assert.fail(`${most} posts went through`);
}

async function assertFullDiskIsClear(snug, owner, refusal) {
	assert.equal(refusal.status, 503, refusal.text);
	assert.equal(refusal.json.code, 50302, refusal.text);
	assert.ok(Number(refusal.headers["retry-after"]) > 0, "Retry-After");
	for (let i = 0; i < 5; i++) {
		const read = await owner.client.get(`/channels/${owner.channel}/messages`);
		assert.equal(read.status, 200, "reading goes on");
		const again = await owner.client.post(`/channels/${owner.channel}/messages`, { content: filler, nonce: nonce() });
		assert.ok([503, 200].includes(again.status), again.text);
	}
	assert.equal((await snug.request("/login")).status, 200, "pages go on");
	const stream = await openStream(snug, { token: owner.access_token });
	assert.equal(stream.status, 200, "streams go on");
	stream.close();
}

async function assertRecovered(snug, owner, acknowledged) {
	await until("a post goes through again", async () => (await owner.client.post(`/channels/${owner.channel}/messages`, { content: "room again", nonce: nonce() })).status === 200, { pause: 50 });
	const ids = new Set((await history(owner.client, owner.channel)).map((each) => each.id));
	const lost = acknowledged.filter((id) => !ids.has(id));
	assert.deepEqual(lost, [], "acknowledged and lost");
	assert.equal(integrity(snug), "ok");
}

test("a limit on the size of files: SIGXFSZ kills nobody, writes say 503, and all is well when it is lifted", async () => {
	const snug = await startSnug();
	const owner = await setUp(snug);
	const made = await owner.client.send(owner.channel, "before");
	const { pid } = snug.parentOf("snug-store");
	// Limits of a process are for its own user to set, where root is not almighty.
	const [uid, gid] = ["Uid", "Gid"].map((key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]));
	const limit = (size) => execFileSync("prlimit", ["--pid", String(pid), `--fsize=${size}:`], { uid, gid });
	for (const size of ["4096", "40000", "1"]) {
		limit(size);
		const { acknowledged, refusal } = await postUntilRefused(owner);
		await assertFullDiskIsClear(snug, owner, refusal);
		limit("unlimited");
		await assertRecovered(snug, owner, [made.id, ...acknowledged]);
	}
	assert.equal(snug.parentOf("snug-store").pid, pid, "the store lived through it");
	await snug.stop();
	assert.equal(integrity(snug), "ok");
});

function mountSmall(folder) {
	if (process.getuid() !== 0) return "it is not started as root";
	const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", folder]);
	return mounted.status === 0 ? false : "no tmpfs can be mounted here";
}
const small = temporaryFolder();
const cannot = mountSmall(small);
if (!cannot) after("the small disk is taken away", async () => execFileSync("umount", ["-l", small]));

test("a small disk that is full: clear refusals, reads, recovery when there is room, also over kills and a restart", { skip: cannot }, async () => {
	const snug = await startSnug({ data: path.join(small, "data"), env: { SNUG_BALLAST_MB: "1" } });
	const owner = await setUp(snug);
	const made = await owner.client.send(owner.channel, "before");
	const block = path.join(small, "filler");
	const fill = () => {
		for (const size of [1 << 20, 1 << 12, 512])
			try {
				for (;;) fs.appendFileSync(block, Buffer.alloc(size));
			} catch {
				// Full for this size: that is the purpose.
			}
	};
	fill();
	const { acknowledged, refusal } = await postUntilRefused(owner);
	await assertFullDiskIsClear(snug, owner, refusal);
	process.kill(snug.parentOf("snug-api").pid, "SIGKILL");
	await until("reading goes on after a kill on a full disk", async () => (await owner.client.get(`/channels/${owner.channel}/messages`).catch(() => null))?.status === 200);
	fs.rmSync(block);
	await assertRecovered(snug, owner, [made.id, ...acknowledged]);
	fill();
	await postUntilRefused(owner);
	process.kill(snug.parentOf("snug-store").pid, "SIGKILL");
	await until("reading goes on after the store was killed on a full disk", async () => (await owner.client.get(`/channels/${owner.channel}/messages`).catch(() => null))?.status === 200);
	fs.rmSync(block);
	await assertRecovered(snug, owner, [made.id, ...acknowledged]);
	await snug.stop();
	assert.equal(integrity(snug), "ok");
});

/** The steering file of tools/bench/slowsync.c, where programs of other users reach it. */
function slowsync() {
	const folder = temporaryFolder();
	fs.chmodSync(folder, 0o755);
	const library = path.join(folder, "slowsync.so");
	fs.copyFileSync(path.join(root, "build/tools/slowsync.so"), library);
	fs.chmodSync(library, 0o755);
	const file = path.join(folder, "control");
	fs.writeFileSync(file, Buffer.alloc(20));
	fs.chmodSync(file, 0o666);
	const set = (index, value) => {
		const fd = fs.openSync(file, "r+");
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32LE(value);
		fs.writeSync(fd, bytes, 0, 4, index * 4);
		fs.closeSync(fd);
	};
	const number = (index) => fs.readFileSync(file).readUInt32LE(index * 4);
	return {
		env: { LD_PRELOAD: library, SLOWSYNC_FILE: file },
		delay: (us) => set(0, us),
		flushes: () => number(1),
		failNext: (count, error) => (set(3, error), set(2, count)),
		left: () => number(2),
	};
}

test("the next 1, 2, 3, 5 and 9 flushes fail with EIO and with ENOSPC: no lie, no loss, and it recovers", async () => {
	const control = slowsync();
	const snug = await startSnug({ env: control.env });
	const owner = await setUp(snug);
	assert.ok(control.flushes() > 0, "flushes are seen");
	const [EIO, ENOSPC] = [5, 28];
	const acknowledged = new Map();
	const refused = [];
	for (const error of [EIO, ENOSPC])
		for (const count of [1, 2, 3, 5, 9]) {
			control.failNext(count, error);
			for (let i = 0; control.left() > 0 && i < 200; i++) {
				const replies = await Promise.all(
					Array.from({ length: 4 }, async () => {
						const content = `flush ${nonce()}`;
						const reply = await owner.client.post(`/channels/${owner.channel}/messages`, { content, nonce: nonce() });
						return { reply, content };
					}),
				);
				for (const { reply, content } of replies) {
					assert.ok([200, 503].includes(reply.status), `${reply.status} ${reply.text}`);
					if (reply.status === 200) acknowledged.set(reply.json.id, content);
					else refused.push(content);
				}
			}
			assert.equal(control.left(), 0, "all failures were met");
			await assertRecovered(snug, owner, [...acknowledged.keys()]);
		}
	assert.ok(refused.length > 0, "a failed flush is no acknowledgement");
	await snug.kill();
	await snug.start();
	await assertRecovered(snug, owner, [...acknowledged.keys()]);
	const contents = (await history(owner.client, owner.channel)).map((each) => each.content);
	assert.equal(new Set(contents.filter((each) => each.startsWith("flush"))).size, contents.filter((each) => each.startsWith("flush")).length);
});

test("nobody hears of a message before it is on disk: neither its author nor a reader nor a follower", async () => {
	const control = slowsync();
	const snug = await startSnug({ env: control.env });
	const owner = await setUp(snug);
	const stream = await openStream(snug, { token: owner.access_token });
	const delayMs = 700;
	control.delay(delayMs * 1000);
	const before = control.flushes();
	const started = performance.now();
	const posted = owner.client.post(`/channels/${owner.channel}/messages`, { content: "held back", nonce: nonce() });
	const reader = new Client(snug, owner.access_token);
	const early = [];
	// What has come by then came before the flush was over, which began later and takes as long.
	const isEarly = (at) => at - started < delayMs;
	while (isEarly(performance.now())) {
		const read = await reader.get(`/channels/${owner.channel}/messages`);
		if (isEarly(performance.now()) && read.text.includes("held back")) early.push("history");
	}
	const reply = await posted;
	assert.equal(reply.status, 200);
	if (stream.events.some((each) => each.data.includes("held back") && isEarly(each.at))) early.push("a stream");
	assert.deepEqual(early, [], "it was told too early");
	assert.ok(performance.now() - started >= delayMs, "the acknowledgement waits for the flush");
	assert.ok(control.flushes() > before);
	control.delay(0);
	await stream.find("the event comes", (each) => each.data.includes("held back"));
	stream.close();
});

test("flushes of 80 ms: 64 clients share them, and none fails", async () => {
	const control = slowsync();
	const snug = await startSnug({ env: control.env });
	const owner = await setUp(snug);
	control.delay(80_000);
	const client = new Client(snug, owner.access_token);
	client.agent.maxSockets = 64;
	const before = control.flushes();
	let posted = 0;
	await Promise.all(Array.from({ length: 64 }, async () => {
		for (let i = 0; i < 10; i++) {
			assert.equal((await client.post(`/channels/${owner.channel}/messages`, { content: "x", nonce: nonce() })).status, 200);
			posted++;
		}
	}));
	const flushes = control.flushes() - before;
	console.log(`# ${posted} posts in ${flushes} flushes`);
	assert.ok(posted / flushes >= 4, `${posted} posts in ${flushes} flushes`);
});

await run();
