// Comparing how long things take on a machine that is busy with other things.

import { performance } from "node:perf_hooks";
import { assert } from "./test.js";

export const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

/**
 * Asserts that two things take the same time, by the medians of so many of each. They take turns, so that whatever slows
 * the machine down slows both. Where it did not, it is measured anew: a difference that is there is there each time.
 * @param {[string, string]} names @param {number} count @param {(name: string) => Promise<void>} act
 */
export async function assertSameTime(names, count, act) {
	const seen = [];
	for (let round = 0; round < 4; round++) {
		const times = names.map(() => []);
		for (let i = 0; i < count; i++)
			for (const [which, name] of names.entries()) {
				const started = performance.now();
				await act(name);
				times[which].push(performance.now() - started);
			}
		const [one, other] = times.map(median);
		seen.push(`${one.toFixed(1)} and ${other.toFixed(1)} ms`);
		console.log(`# medians of ${count}: ${seen.at(-1)}`);
		if (one / other < 1.5 && other / one < 1.5) return;
	}
	assert.fail(`medians of ${names.join(" and ")}: ${seen.join(", ")}`);
}
