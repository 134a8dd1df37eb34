// An authenticator program: codes of RFC 6238 from a secret in base32.

import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytesOf(base32) {
	const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
	return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

const STEP_MS = 30_000;
/** The code of a step before must not grow another step older on its way to a busy server, which takes no older one. */
const LEFT_MS = 12_000;

/**
 * The code of the step that lies `steps` after the present one. For a step before, where the present one is about to end,
 * the one that follows is awaited. Two calls may be of two steps: a test that wants the same code again keeps it.
 */
export function totp(base32, steps = 0) {
	const left = STEP_MS - (Date.now() % STEP_MS);
	if (steps < 0 && left < LEFT_MS) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left + 1);
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
	const mac = createHmac("sha1", bytesOf(base32)).update(counter).digest();
	const at = mac.at(-1) & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
