// Measures what open streams cost: memory of snug-live and lighttpd for each idle one, processor time of the heartbeats,
// and how long one message takes to reach all.
//
//   node tools/bench/live.mjs [STREAMS]     5000 unless said, as far as descriptors allow
//
// It prints one line a figure; nothing here fails, it only tells.

import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

process.env.SNUG_BIN ??= "build/release/bin";
const { freePort, Snug } = await import("../../tests/lib/snug.js");
const { invitePerson, setUp } = await import("../../tests/lib/api.js");
const { until } = await import("../../tests/lib/test.js");

const hardLimit = Number(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync("/proc/self/limits", "utf8"))[1]);
const wanted = Math.min(Number(process.argv[2] ?? 5000), Math.floor(hardLimit / 2) - 300);
const streamsPerPerson = 100;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "snug-bench-"));
fs.chmodSync(folder, 0o755);

const pssKb = ({ pid }) => Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
const slabKb = () => Number(/^Slab:\s+(\d+)/m.exec(fs.readFileSync("/proc/meminfo", "utf8"))[1]);

/** Processor time in milliseconds, at the kernel's 100 ticks a second. */
function processorMs({ pid }) {
	const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A stream that keeps nothing of what it hears but how much that was and whether a text stood in it. */
function openQuiet(port, token) {
	const stream = { bytes: 0, awaited: null, heard: false };
	stream.socket = net.connect(port, "127.0.0.1", () => {
		stream.socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`);
	});
	stream.socket.on("data", (part) => {
		stream.bytes += part.length;
		if (stream.awaited && part.includes(stream.awaited)) stream.heard = true;
	});
	stream.socket.on("error", () => (stream.hasFailed = true));
	return stream;
}

const snug = new Snug({ data: path.join(folder, "snug"), port: await freePort() });
try {
	await snug.start();
	const owner = await setUp(snug);
	const people = [];
	for (let i = 0; i < Math.ceil(wanted / streamsPerPerson); i++) people.push(await invitePerson(owner));
	const [live, lighttpd] = ["snug-live", "lighttpd"].map((name) => snug.parentOf(name));
	const [live0, lighttpd0, slab0] = [pssKb(live), pssKb(lighttpd), slabKb()];
	console.log(`idle               snug-live ${(live0 / 1024).toFixed(2)} MB PSS, lighttpd ${(lighttpd0 / 1024).toFixed(2)} MB`);

	const streams = [];
	while (streams.length < wanted) {
		const { access_token: token } = people[Math.floor(streams.length / streamsPerPerson)];
		for (let i = 0; i < 50 && streams.length < wanted; i++) streams.push(openQuiet(snug.port, token));
		await until("the streams are open", () => streams.every((each) => each.bytes > 0 || each.hasFailed));
	}
	const each = (kb) => `${Math.round((kb * 1024) / wanted)} bytes`;
	console.log(`${wanted} idle streams   ${streams.filter((stream) => stream.hasFailed).length} failed; each costs snug-live ${each(pssKb(live) - live0)},` +
		` lighttpd ${each(pssKb(lighttpd) - lighttpd0)}, the kernel ${each(slabKb() - slab0)} (both ends of two sockets)`);

	const text = `to everybody ${process.pid}`;
	for (const stream of streams) stream.awaited = text;
	const started = performance.now();
	await owner.client.send(owner.channel, text);
	await until("all have heard it", () => streams.every((stream) => stream.heard || stream.hasFailed), { pause: 1 });
	console.log(`one message to all ${Math.round(performance.now() - started)} ms, this client's reading included`);

	const before = processorMs(live);
	await new Promise((resolve) => setTimeout(resolve, 30_000));
	console.log(`30 s of heartbeats ${processorMs(live) - before} ms of processor time in snug-live`);
	for (const stream of streams) stream.socket.destroy();
} finally {
	await snug.stop();
	fs.rmSync(folder, { recursive: true, force: true });
}
