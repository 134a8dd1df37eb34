// A whole Snug for a test: `snug run` on a free port of loopback with a data folder of its own, in a session of its own,
// so that what it leaves behind can be found.

import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "./http.js";
import { after, assert, onFailure, until } from "./test.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const binaries = path.resolve(root, process.env.SNUG_BIN ?? "build/asan/bin");
export const isAsan = binaries.includes("asan");
export const tools = path.resolve(root, "build/tools");

/** Set-up of every instance that does not ask for other: limits would be in the way of tests. */
const defaults = { SNUG_RATE_LIMITS: "off" };

const givenPorts = new Set();

/**
 * A port that nobody listens on, outside the range that outgoing connections take theirs from. No other call gets the
 * same: jobs that run side by side have ranges of their own (SNUG_TEST_SLOT).
 */
export async function freePort() {
	const slot = process.env.SNUG_TEST_SLOT;
	const [from, count] = slot === undefined ? [10_000, 20_000] : [10_000 + Number(slot) * 3000, 3000];
	for (;;) {
		const port = from + Math.floor(Math.random() * count);
		if (givenPorts.has(port)) continue;
		givenPorts.add(port);
		const isFree = await new Promise((resolve) => {
			const server = net.createServer();
			server.once("error", () => resolve(false));
			server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}

const folders = new Set();

function removeFolder(folder) {
	fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	folders.delete(folder);
}

/** Removed when the tests are done, or when they are ended before that. */
export function temporaryFolder() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "snug-test-"));
	folders.add(folder);
	after(`${path.basename(folder)} is removed`, async () => removeFolder(folder));
	return folder;
}

/** Processes of a session: [{ pid, ppid, state, program }]. A program that runs from a descriptor is named by its file. */
export function processesOfSession(session) {
	const found = [];
	for (const name of fs.readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			if (Number(fields[3]) !== session || fields[0] === "Z") continue;
			const program = path.basename(fs.readlinkSync(`/proc/${name}/exe`).replace(/ \(deleted\)$/, ""));
			found.push({ pid: Number(name), ppid: Number(fields[1]), state: fields[0], program });
		} catch {
			// It ended while it was being looked at.
		}
	}
	return found;
}

/** kill -9, also of what may have ended by itself meanwhile. */
export function kill(pid) {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

/** What a process has open: "socket:[4711]", "/tmp/…/snug.db" and so on, so that what was there before can be told from what came. */
export function openFiles(pid) {
	return new Set(fs.readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
		try {
			return [fs.readlinkSync(`/proc/${pid}/fd/${name}`)];
		} catch {
			return []; // It was closed while it was being looked at.
		}
	}));
}

/** snug run itself gives everything less than 10 s. */
const STOP_LIMIT_MS = 60_000;

/** What was started and has not ended: no test leaves it behind, however it ends itself. */
const running = new Set();
process.on("exit", () => {
	running.forEach((child) => child.kill("SIGKILL"));
	folders.forEach(removeFolder);
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => process.exit(1));

export class Snug {
	constructor({ env = {}, data, port, listen, url } = {}) {
		this.env = { ...defaults, ...env };
		this.port = port;
		this.data = data;
		this.listen = listen ?? `127.0.0.1:${port}`;
		this.url = url ?? `http://127.0.0.1:${port}`;
		this.output = "";
		this.log = "";
		this.wasHarmed = false;
	}

	/** Starts it and waits until it serves. */
	async start({ isReady = true } = {}) {
		const env = { ...process.env, ...this.env };
		// A small quarantine, so that a program which grows is seen to; leaks are for the unit tests, as no user but root may look for them.
		env.ASAN_OPTIONS = "detect_leaks=0:exitcode=99:quarantine_size_mb=4:thread_local_quarantine_size_kb=64";
		env.UBSAN_OPTIONS ??= "print_stacktrace=1";
		this.process = spawn(path.join(binaries, "snug"), ["run", "--data", this.data, "--listen", this.listen], {
			env,
			cwd: root,
			detached: true, // setsid: everything it starts is of this session
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.exit = new Promise((resolve) => {
			this.process.once("exit", (code, signal) => resolve({ code, signal }));
			this.process.once("error", (error) => resolve({ code: 127, signal: String(error) }));
		});
		const { process: child } = this;
		running.add(child);
		this.exit.then(() => running.delete(child));
		let hasEnded = null;
		this.exit.then((how) => (hasEnded = how));
		this.process.stdout.on("data", (part) => (this.output += part));
		this.process.stderr.on("data", (part) => (this.log += part));
		if (!isReady) return this;
		await this.ready(() => hasEnded);
		return this;
	}

	ready(hasEnded) {
		return until(
			`${this.url}/health/ready answers 200`,
			async () => {
				if (hasEnded()) throw new Error(`snug run ended with ${JSON.stringify(hasEnded())}\n${this.output}${this.logTail()}`);
				return (await this.request("/health/ready").catch(() => null))?.status === 200;
			},
			{ pause: 20 },
		);
	}

	request(location, options) {
		return request(this.url + location, options);
	}

	get pid() {
		return this.process.pid;
	}

	/** Every process of one program, or all of them. */
	processes(program) {
		const all = processesOfSession(this.pid);
		return program ? all.filter((each) => each.program === program) : all;
	}

	/** The process of a program that `snug run` itself started (the parent of a pool), the first where there are several. */
	parentOf(program) {
		return this.processes(program).find((each) => each.ppid === this.pid);
	}

	logTail(lines = 25) {
		return this.log.split("\n").slice(-lines - 1).join("\n");
	}

	/** SIGTERM: everything ends in order, by itself, and nothing is left. */
	async stop() {
		if (!this.process || this.process.exitCode !== null || this.process.signalCode) return;
		process.kill(this.pid, "SIGTERM");
		const slow = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS, null));
		const how = await Promise.race([this.exit, slow]);
		if (!how) {
			const left = this.processes();
			for (const each of left) kill(each.pid);
			assert.fail(`snug run did not end within ${STOP_LIMIT_MS / 1000} s of SIGTERM; left: ${JSON.stringify(left)}\n${this.logTail()}`);
		}
		// A child of a pool that had to be killed dies with its parent, and a moment after it.
		let left = [];
		await until("nothing is left", () => (left = this.processes()).length === 0).catch(() => {});
		for (const each of left) kill(each.pid);
		assert.deepEqual(left, [], "processes outlive snug run");
		assert.deepEqual(how, { code: 0, signal: null }, `snug run ended badly\n${this.logTail()}`);
	}

	/** kill -9 to `snug run` alone, and to nothing else. */
	async kill() {
		process.kill(this.pid, "SIGKILL");
		await this.exit;
		const session = this.pid;
		await until("no process outlives a killed snug run", () => processesOfSession(session).length === 0);
	}

	/** What a sanitizer or ensure() said, which no test may cause. */
	complaints() {
		const pattern = /AddressSanitizer|runtime error:|LeakSanitizer|MemorySanitizer|"event":"ensure|stack smashing/;
		return this.log.split("\n").filter((line) => pattern.test(line));
	}
}

/**
 * Starts an instance that is stopped and looked over when the file's tests are done.
 * @param {{ env?: object, data?: string }} options
 */
export async function startSnug({ env, data, port, listen, url } = {}) {
	const folder = data ?? path.join(temporaryFolder(), "data");
	port ??= await freePort();
	const snug = new Snug({ env, data: folder, port, listen, url });
	after("snug run ends cleanly, leaves no process, and no sanitizer complained", async () => {
		await snug.stop();
		assert.deepEqual(snug.complaints(), []);
	}, { isTest: true });
	onFailure(() => (snug.log.includes('"level":"error"') ? `log of ${snug.url}:\n${snug.logTail(12)}` : ""));
	return snug.start();
}
