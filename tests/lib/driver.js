// Runs every test and adds them up; the last line is `N passed, M failed`, and the exit status tells the same.
//
//   tests/run                      everything that is built
//   tests/run http browser         some groups: check, unit, fuzz, http, browser, crash
//   tests/run auth crash/smoke     files whose path contains a word
//   tests/run --variant coverage unit fuzz    unit tests and fuzz corpora of another build than asan
//
// It builds nothing: `make test` does, and calls this. Jobs run side by side, those that say "Begins early" first, but for those
// that say "Runs alone", which do so at the end. So does, once more, what failed of http and browser while others ran beside
// it: what it says then counts, and the first failure stays in the output, under "unsteady". Unit, fuzz and crash tests have
// one try: what they find may be as rare as it is real.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Jobs side by side: more than there are processors, since most of them wait for something half of the time. */
const width = Math.min(6, os.cpus().length + 2);
/** For what hangs: several times what the slowest job of a group needs where the processors are shared with others. */
const jobLimitMs = { unit: 10 * 60_000, fuzz: 10 * 60_000, check: 10 * 60_000, http: 20 * 60_000, browser: 30 * 60_000, crash: 30 * 60_000 };
/** What was freed is kept apart for a while, to catch who still uses it; 16 MB of it are more than most tests ever free. */
const sanitizers = { ASAN_OPTIONS: "detect_leaks=1:abort_on_error=0:exitcode=99:quarantine_size_mb=16", UBSAN_OPTIONS: "print_stacktrace=1" };

const words = process.argv.slice(2);
const option = words.indexOf("--variant");
const variant = option < 0 ? "asan" : words.splice(option, 2)[1];

const list = (folder, fits) =>
	fs.existsSync(path.join(root, folder))
		? fs.readdirSync(path.join(root, folder)).filter((name) => fits.test(name)).sort().map((name) => path.join(folder, name))
		: [];

/** What a file says of itself in its first lines. */
function howToRun(file) {
	const at = path.join(root, file);
	const head = fs.existsSync(at) ? fs.readFileSync(at, "utf8").slice(0, 1000) : "";
	return { isAlone: /^(\/\/| \*) Runs alone/m.test(head), isEarly: /^(\/\/| \*) Begins early/m.test(head) };
}

function nodeJobs(group, build, suffix = "") {
	return list(`tests/${group}`, /\.test\.js$/).map((file) => ({
		name: file + suffix,
		group,
		command: [process.execPath, file],
		env: { SNUG_BIN: `build/${build}/bin` },
		...howToRun(file),
		read: readLines,
	}));
}

const jobs = [
	...list("tools", /^check-/).map((file) => ({ name: file, group: "check", command: [file, ...list("build/release/bin", /^snug/)], read: readStatus })),
	...list(`build/${variant}/tests/unit`, /^test_\w+$/).map((file) => ({
		name: file, group: "unit", command: [file], env: { CMOCKA_MESSAGE_OUTPUT: "TAP", ...sanitizers }, read: readTap,
		...howToRun(`tests/unit/${path.basename(file)}.c`),
	})),
	...list(`build/${variant}/tests/fuzz`, /^fuzz_\w+$/).map((file) => ({
		name: `${file} on its corpus`, group: "fuzz", command: [file, `tests/fuzz/corpus/${path.basename(file).replace("fuzz_", "")}`], env: sanitizers, read: readStatus,
	})),
	...nodeJobs("http", "asan"),
	...nodeJobs("browser", "release"),
	...nodeJobs("crash", "release"),
	...list("tests/crash", /^smoke\.test\.js$/).map((file) => ({ ...nodeJobs("crash", "asan", " (asan)").find((job) => job.command[1] === file) })),
];

/** A job's output as [{ name, isGood, reason }]. */
function readLines(job, output, status) {
	const results = [];
	for (const line of output.split("\n")) {
		const head = /^(ok|not ok|skipped) (.*)$/.exec(line);
		if (head) results.push({ name: head[2], isGood: head[1] !== "not ok", isSkipped: head[1] === "skipped", reason: "" });
		else if (/^ {4}/.test(line) && results.length) results.at(-1).reason += `${line}\n`;
	}
	if (!/^# end$/m.test(output) || results.length === 0)
		results.push({ name: "runs to its end", isGood: false, reason: `    status ${status}\n${output.slice(-3000)}` });
	return results;
}

function readTap(job, output, status) {
	const results = [];
	for (const line of output.split("\n")) {
		const head = /^(ok|not ok) \d+ - (.*)$/.exec(line);
		if (head) results.push({ name: head[2], isGood: head[1] === "ok", reason: "" });
	}
	const isGood = results.length > 0 && results.every((each) => each.isGood);
	if (!isGood || status !== 0) {
		const failed = results.find((each) => !each.isGood);
		if (failed) failed.reason = output.slice(-3000);
		else results.push({ name: "ends with status 0", isGood: false, reason: `status ${status}\n${output.slice(-3000)}` });
	}
	return results;
}

function readStatus(job, output, status) {
	return [{ name: job.name, isGood: status === 0, reason: `status ${status}\n${output.slice(-3000)}` }];
}

/** Unit tests have their files in memory, where there is such a place: they need no disk, and others do. */
const memory = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

/** A job's folder for temporary files, which any user may pass through: programs run under ids of their own. */
function makeFolder({ group }) {
	const folder = fs.mkdtempSync(path.join(group === "unit" || group === "fuzz" ? memory : os.tmpdir(), "snug-"));
	fs.chmodSync(folder, 0o755);
	return folder;
}

/** Removes it. What a job leaves there is a fault of the job, and nothing of it stays. */
function removeFolder(folder, results) {
	const left = fs.readdirSync(folder);
	if (left.length > 0) results.push({ name: "leaves no temporary file", isGood: false, reason: `    ${left.join(" ")}\n` });
	fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What runs: whoever ends this ends it too, and nothing begins any more. */
const running = new Set();
let isEnding = false;
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
	process.on(signal, () => {
		isEnding = true;
		failures.push(`ended by ${signal}`);
		aside.length = alone.length = 0;
		running.forEach(end);
	});

/** A test file ends what it started. */
function end(child) {
	child.kill("SIGTERM");
	setTimeout(() => child.kill("SIGKILL"), 2000).unref();
}

/** slot: which of the jobs that run side by side it is; tests take their ports by it (freePort of snug.js). */
function runJob(job, slot) {
	return new Promise((resolve) => {
		const started = Date.now();
		const folder = makeFolder(job);
		const env = { ...process.env, ...job.env, TMPDIR: folder, SNUG_TEST_SLOT: String(slot) };
		const child = spawn(job.command[0], job.command.slice(1), { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
		running.add(child);
		let output = "";
		child.stdout.on("data", (part) => (output += part));
		child.stderr.on("data", (part) => (output += part));
		const timer = setTimeout(end, jobLimitMs[job.group], child);
		const done = (status) => {
			clearTimeout(timer);
			running.delete(child);
			const results = job.read(job, output, status);
			removeFolder(folder, results);
			resolve({ job, results, seconds: (Date.now() - started) / 1000 });
		};
		child.on("error", (error) => done(String(error)));
		child.on("close", (code, signal) => done(signal ?? code));
	});
}

let [passed, failed, skipped] = [0, 0, 0];
const failures = [];
const unsteady = [];
const durations = [];

const isBad = ({ results }) => results.some((each) => !each.isGood);
const mayTryAgain = (job) => ["http", "browser"].includes(job.group) && !job.isAlone && !isEnding;

/** What failed beside others, and is tried again. */
function tellUnsteady({ job, results, seconds }) {
	console.log(`unsteady  ${job.name} (${seconds.toFixed(1)} s), tried again alone at the end`);
	for (const each of results.filter((result) => !result.isGood)) {
		unsteady.push(`${job.name}: ${each.name}`);
		console.log(`${each.name}\n${each.reason.trimEnd()}`);
	}
}

function tell({ job, results, seconds }) {
	durations.push({ name: job.name, seconds });
	const bad = results.filter((each) => !each.isGood);
	skipped += results.filter((each) => each.isSkipped).length;
	passed += results.filter((each) => each.isGood && !each.isSkipped).length;
	failed += bad.length;
	console.log(`${bad.length ? "FAILED" : "    ok"}  ${job.name}: ${results.length - bad.length} of ${results.length} (${seconds.toFixed(1)} s)`);
	for (const each of results.filter((result) => result.isSkipped)) console.log(`        skipped: ${each.name}`);
	for (const each of bad) {
		const text = `${job.name}: ${each.name}\n${each.reason.trimEnd()}`;
		failures.push(text);
		console.log(text);
	}
}

const groups = new Set(["check", "unit", "fuzz", "http", "browser", "crash"]);
const chosen = jobs.filter((job) => words.length === 0 || words.some((word) => (groups.has(word) ? job.group === word : job.name.includes(word))));
const aside = chosen.filter((job) => !job.isAlone).sort((a, b) => Number(b.isEarly ?? false) - Number(a.isEarly ?? false));
const alone = chosen.filter((job) => job.isAlone);

/** What a worker begins with, so that browsers, servers and plain computing run beside each other and not each beside its like. */
const firstOf = [["browser"], ["http"], ["check", "unit", "fuzz"]];
function takeJob(slot) {
	const wanted = firstOf[slot % firstOf.length];
	const at = aside.findIndex((job) => wanted.includes(job.group));
	return aside.splice(Math.max(at, 0), 1)[0];
}
const workers = Array.from({ length: width }, async (_, slot) => {
	for (let job; (job = takeJob(slot)); ) {
		const result = await runJob(job, slot);
		if (isBad(result) && mayTryAgain(job)) {
			tellUnsteady(result);
			alone.push(job);
		} else {
			tell(result);
		}
	}
});
await Promise.all(workers);
for (let job; (job = alone.shift()); ) tell(await runJob(job, 0));

if (chosen.length === 0) failures.push("there is nothing to run: is it built?");
if (failures.length > 1) console.log(`\nAll that failed:\n${failures.map((text) => `  ${text.split("\n")[0]}`).join("\n")}`);
if (unsteady.length) console.log(`\nUnsteady, each a fault of the test or worse:\n${unsteady.map((text) => `  ${text}`).join("\n")}`);
const slowest = durations.sort((a, b) => b.seconds - a.seconds).slice(0, 10);
if (durations.length > slowest.length) console.log(`\nSlowest:\n${slowest.map((each) => `${each.seconds.toFixed(1).padStart(7)} s  ${each.name}`).join("\n")}`);
if (skipped) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed + (chosen.length === 0 ? 1 : 0)} failed`);
process.exitCode = failures.length ? 1 : 0;
