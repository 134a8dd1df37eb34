// The runner of a test file: test() registers, after() cleans up, run() runs everything in order and prints one line a test,
// `ok NAME` or `not ok NAME` with the reason indented below it, and `# end` when nothing was cut short.
// tests/run starts one process a file and adds these lines up. A file runs alone too: node tests/http/auth.test.js [WORD]
// runs the tests whose name contains WORD.

import { performance } from "node:perf_hooks";

export { default as assert } from "node:assert/strict";

/** Milliseconds for a test, and for what it waits for. Whoever waits goes on the moment that it has come, so these cost nothing
 * where all is well; they are for a machine that is busy with much else, and stops any program for seconds. */
const TEST_LIMIT_MS = 300_000;
const WAIT_LIMIT_MS = 60_000;

const tests = [];
const cleanups = [];
const reporters = [];

/**
 * @param {string} name a sentence that says what holds
 * @param {(() => Promise<void>) | { parallel?: boolean, timeout?: number, skip?: string | false }} options
 * parallel: neighbours that are parallel too run at the same time. skip: the reason why it cannot run here.
 * @param {() => Promise<void>} [body]
 */
export function test(name, options, body) {
	if (typeof options === "function") [options, body] = [{}, options];
	tests.push({ name, body, timeout: TEST_LIMIT_MS, ...options });
}

/** Runs when all tests are done, latest first. One that throws is a failed test; one that does not is a test only if isTest. */
export function after(name, body, { isTest = false } = {}) {
	cleanups.push({ name, body, isQuiet: !isTest });
}

/** Adds text to the reason of every test that fails from here on, such as the last lines of a log. */
export function onFailure(reporter) {
	reporters.push(reporter);
}

function timeoutAfter(ms, name) {
	let timer;
	const promise = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${name}: not done within ${ms / 1000} s`)), ms);
	});
	return { promise, clear: () => clearTimeout(timer) };
}

async function runOne({ name, body, timeout, skip, isQuiet }) {
	if (skip) {
		console.log(`skipped ${name} (${skip})`);
		return true;
	}
	const started = performance.now();
	const limit = timeoutAfter(timeout, name);
	try {
		await Promise.race([body(), limit.promise]);
		if (!isQuiet) console.log(`ok ${name} (${Math.round(performance.now() - started)} ms)`);
		return true;
	} catch (error) {
		const context = reporters.map((reporter) => reporter()).filter(Boolean);
		const reason = [error?.stack ?? String(error), ...context].join("\n");
		console.log(`not ok ${name}\n${reason.replaceAll(/^/gm, "    ")}`);
		return false;
	} finally {
		limit.clear();
	}
}

export async function run() {
	const word = process.argv[2];
	const queue = word ? tests.filter((each) => each.name.includes(word)) : tests;
	let isGood = true;
	for (let i = 0; i < queue.length; ) {
		let end = i + 1;
		while (queue[i].parallel && end < queue.length && queue[end].parallel) end++;
		const results = await Promise.all(queue.slice(i, end).map(runOne));
		isGood &&= results.every(Boolean);
		i = end;
	}
	for (const cleanup of cleanups.reverse())
		isGood = (await runOne({ ...cleanup, timeout: TEST_LIMIT_MS })) && isGood;
	console.log("# end");
	process.exit(isGood ? 0 : 1);
}

process.on("unhandledRejection", (error) => {
	console.log(`not ok nothing fails unobserved\n${String(error?.stack ?? error).replaceAll(/^/gm, "    ")}`);
	process.exit(1);
});

/**
 * Waits until check() gives something truthy and returns it. The pause between tries is short, a tenth of the time that was
 * waited already if none is given, and the whole is bounded.
 * @param {string} what what is waited for, for the error
 */
export async function until(what, check, { timeout = WAIT_LIMIT_MS, pause } = {}) {
	const started = performance.now();
	for (;;) {
		const value = await check();
		if (value) return value;
		const waited = performance.now() - started;
		if (waited > timeout) throw new Error(`waited ${timeout / 1000} s in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, pause ?? Math.min(Math.max(15, waited / 10), 250)));
	}
}
