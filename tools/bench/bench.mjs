// Measures Snug against a libfcgi program that answers a constant body of the same size, behind a lighttpd with the same
// configuration, in the same run and in turns (A B A B …), so that a ratio stands however fast the machine is.
//
//   make bench                         everything
//   node tools/bench/bench.mjs send    some of: send read page flush idle
//   SECONDS=5 ROUNDS=4 …               longer
//
// It prints one line a figure; nothing here fails, it only tells.

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

process.env.SNUG_BIN ??= "build/release/bin";
const { freePort, root, Snug } = await import("../../tests/lib/snug.js");
const { setUp } = await import("../../tests/lib/api.js");
const { Page } = await import("../../tests/lib/page.js");
const { until } = await import("../../tests/lib/test.js");

const seconds = Number(process.env.SECONDS || 3);
const rounds = Number(process.env.ROUNDS || 3);
const connections = 64;
const constantChildren = 4;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "snug-bench-"));
fs.chmodSync(folder, 0o755);
const tool = (name) => path.join(root, "build/tools", name);
const running = [];

function load(port, { method = "GET", location, headers = {}, body, time = seconds, isQuiet }) {
	const args = ["--port", port, "--connections", connections, "--seconds", time, "--method", method, "--path", location];
	for (const [name, value] of Object.entries(headers)) args.push("--header", `${name}: ${value}`);
	if (body) args.push("--body", body);
	return new Promise((resolve, reject) => {
		const child = spawn(tool("load"), args.map(String), { stdio: ["ignore", "pipe", isQuiet ? "ignore" : "inherit"] });
		let text = "";
		child.stdout.on("data", (part) => (text += part));
		child.on("close", (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`load ended with ${code}`))));
	});
}

/** The same lighttpd configuration, with a constant body of so many bytes behind it. */
async function startConstant(snug, bytes, type) {
	const own = fs.mkdtempSync(path.join(folder, "constant-"));
	fs.chmodSync(own, 0o755);
	for (const name of ["static", "upload", "errors", "deflate"]) fs.mkdirSync(path.join(own, name));
	const socket = path.join(own, "constant.sock");
	const handler = spawn(tool("constant"), [socket, constantChildren, bytes, type].map(String), { stdio: ["ignore", "pipe", "inherit"] });
	await new Promise((resolve) => handler.stdout.once("data", resolve));
	const port = await freePort();
	const text = fs.readFileSync(path.join(snug.data, "run/lighttpd.conf"), "utf8")
		.replace(/^server\.systemd-socket-activation.*$/m, `server.port = ${port}\nserver.bind = "127.0.0.1"`)
		.replaceAll(/"(api|web)(-password)?\.sock"/g, `"${socket}"`);
	fs.writeFileSync(path.join(own, "lighttpd.conf"), text);
	const lighttpd = spawn("lighttpd", ["-D", "-f", "lighttpd.conf"], { cwd: own, stdio: "ignore", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
	running.push(handler, lighttpd);
	await until("the constant answers", () => load(port, { location: "/x", time: 0.01, isQuiet: true }).catch(() => null));
	return { port, stop: () => [lighttpd, handler].forEach((each) => each.kill("SIGTERM")) };
}

const number = (value) => Math.round(value).toLocaleString("en");
const milliseconds = (us) => `${(us / 1000).toFixed(1)} ms`;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function compare(name, aim, snug, request, type) {
	const probe = await load(snug.port, { ...request, time: 0.3 });
	const constant = await startConstant(snug, probe.bytes, type);
	await load(constant.port, { ...request, time: 0.3 });
	const runs = [];
	for (let i = 0; i < rounds; i++) runs.push([await load(snug.port, request), await load(constant.port, request)]);
	constant.stop();
	const [ours, theirs] = [0, 1].map((side) => median(runs.map((each) => each[side].per_second)));
	const ratio = ours / theirs;
	const failed = runs.reduce((sum, each) => sum + each[0].failed + each[0].broken, 0);
	const p99 = Math.max(...runs.map((each) => each[0].p99_us));
	console.log(
		`${name.padEnd(18)} ${number(ours).padStart(7)}/s  constant ${number(theirs).padStart(7)}/s  ratio ${ratio.toFixed(3)} (aim ${aim.toFixed(2)}: ${ratio >= aim ? "met" : "NOT met"})` +
			`  p50 ${milliseconds(median(runs.map((each) => each[0].p50_us)))}  p99 ${milliseconds(p99)}  ${probe.bytes} bytes  ${failed} failed`,
	);
}

async function startSnug(env = {}) {
	const data = fs.mkdtempSync(path.join(folder, "data-"));
	const snug = new Snug({ data: path.join(data, "snug"), port: await freePort(), env: { SNUG_RATE_LIMITS: "off", SNUG_LOG_LEVEL: "warn", ...env } });
	running.push({ kill: () => snug.process && snug.process.kill("SIGTERM") });
	return snug.start();
}

/** What a request needs: history of some length, a token, a cookie. */
async function prepare(snug, messages = 0) {
	const owner = await setUp(snug);
	owner.client.agent.maxSockets = 16;
	for (let i = 0; i < messages; i += 16)
		await Promise.all(Array.from({ length: 16 }, (_, j) => owner.client.send(owner.channel, `Message ${i + j}: a line of some words, as people write them.`)));
	return owner;
}

const sending = (owner) => ({
	method: "POST",
	location: `/api/v1/channels/${owner.channel}/messages`,
	headers: { "Content-Type": "application/json", Authorization: `Bearer ${owner.access_token}` },
	body: '{"content":"Message {nonce}: a line of some words, as people write them.","nonce":"{nonce}"}',
});

const measures = {
	async send() {
		const snug = await startSnug();
		const owner = await prepare(snug);
		await compare("send", 0.1, snug, sending(owner), "application/json");
		await snug.stop();
	},

	async read() {
		const snug = await startSnug();
		const owner = await prepare(snug, 96);
		await compare("history, JSON", 0.1, snug, { location: `/api/v1/channels/${owner.channel}/messages?limit=50`, headers: { Authorization: `Bearer ${owner.access_token}` } }, "application/json");
		await snug.stop();
	},

	async page() {
		const snug = await startSnug();
		const owner = await prepare(snug, 96);
		const page = new Page(snug);
		await page.open("/login");
		await page.submit(/login/, { login: owner.name, password: owner.password });
		await compare("page", 0.05, snug, { location: page.location, headers: { Cookie: page.cookie } }, "text/html");
		await snug.stop();
	},

	async flush() {
		const library = path.join(folder, "slowsync.so");
		fs.copyFileSync(tool("slowsync.so"), library);
		fs.chmodSync(library, 0o755);
		for (const [ms, aim] of [[2, 8], [8, 12]]) {
			const control = path.join(folder, `control-${ms}`);
			fs.writeFileSync(control, Buffer.alloc(20));
			fs.chmodSync(control, 0o666);
			const snug = await startSnug({ LD_PRELOAD: library, SLOWSYNC_FILE: control });
			const owner = await prepare(snug);
			const delay = Buffer.alloc(4);
			delay.writeUInt32LE(ms * 1000);
			const fd = fs.openSync(control, "r+");
			fs.writeSync(fd, delay, 0, 4, 0);
			fs.closeSync(fd);
			const flushes = () => fs.readFileSync(control).readUInt32LE(4);
			const spent = () => fs.readFileSync(control).readUInt32LE(16);
			await load(snug.port, { ...sending(owner), time: 1 });
			const [before, spentBefore] = [flushes(), spent()];
			const result = await load(snug.port, sending(owner));
			const count = flushes() - before;
			const per = (result.requests - result.failed) / count;
			const flushUs = (spent() - spentBefore) / count;
			const p99 = result.p99_us / flushUs;
			console.log(
				`flush + ${ms} ms       ${number(result.per_second).padStart(7)}/s  ${per.toFixed(1)} posts a flush (aim ${aim}: ${per >= aim ? "met" : "NOT met"})  ${result.failed + result.broken} failed` +
					`  p50 ${milliseconds(result.p50_us)}  p99 ${milliseconds(result.p99_us)} = ${p99.toFixed(1)} flushes of ${milliseconds(flushUs)} (aim 10: ${p99 < 10 ? "met" : "NOT met"})  max ${milliseconds(result.max_us)}`,
			);
			await snug.stop();
		}
	},

	async idle() {
		const data = fs.mkdtempSync(path.join(folder, "data-"));
		const snug = new Snug({ data: path.join(data, "snug"), port: await freePort() });
		const started = performance.now();
		await snug.start({ isReady: false });
		await until("the first page", async () => (await snug.request("/setup").catch(() => null))?.status === 200, { pause: 5 });
		console.log(`cold start         ${Math.round(performance.now() - started)} ms to the first page (aim 1,000)`);
		const owner = await prepare(snug, 32);
		const page = new Page(snug);
		await page.open("/login");
		await page.submit(/login/, { login: owner.name, password: owner.password });
		await new Promise((resolve) => setTimeout(resolve, 35_000)); // Idle children retire after 30 s.
		const programs = {};
		let sum = 0;
		for (const { pid, program } of snug.processes()) {
			const kb = Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
			(programs[program] ??= []).push(kb);
			sum += kb;
		}
		const parts = Object.entries(programs).map(([program, list]) => `${program} ${list.map((kb) => (kb / 1024).toFixed(1)).join(" + ")}`);
		console.log(`idle memory        ${(sum / 1024).toFixed(1)} MB PSS (aim 30: ${sum <= 30 * 1024 ? "met" : "NOT met"}): ${parts.join(", ")}`);
		await snug.stop();
	},
};

try {
	const wanted = process.argv.slice(2);
	for (const [name, measure] of Object.entries(measures)) if (wanted.length === 0 || wanted.includes(name)) await measure();
} finally {
	for (const each of running) each.kill("SIGTERM");
	await new Promise((resolve) => setTimeout(resolve, 500));
	fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
