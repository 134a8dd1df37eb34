// What grows with the history, and with the people in a channel: the same questions at 10,000 and at 1,000,000 messages in
// 200 channels, in turns and side by side. The data sets are made by build/tools/generate.
//
//   make bench-big                                   everything
//   node tools/bench/big.mjs history unread search   some of: history unread search people
//   SMALL=10000 LARGE=1000000 ROUNDS=60 …            other sizes, more of it
//
// It prints one line a figure; nothing here fails, it only tells.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

process.env.SNUG_BIN ??= "build/release/bin";
const { freePort, root, Snug } = await import("../../tests/lib/snug.js");
const { setUp } = await import("../../tests/lib/api.js");
const { Page } = await import("../../tests/lib/page.js");

const sizes = [Number(process.env.SMALL || 10_000), Number(process.env.LARGE || 1_000_000)];
const rounds = Number(process.env.ROUNDS || 60);
const channelCount = 200;
const peopleCount = 10_000;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "snug-big-"));
fs.chmodSync(folder, 0o755);
const worlds = [];

/** An instance with so many messages, whose owner is in all channels and has read nothing. */
async function makeWorld(messages) {
	const env = { SNUG_RATE_LIMITS: "off", SNUG_LOG_LEVEL: "warn" };
	const snug = new Snug({ data: path.join(fs.mkdtempSync(path.join(folder, "data-")), "snug"), port: await freePort(), env });
	worlds.push({ snug });
	await snug.start();
	const owner = await setUp(snug);
	await snug.stop();
	const started = performance.now();
	const args = [path.join(snug.data, "snug.db"), owner.guild, owner.user.id, messages, channelCount, peopleCount];
	const made = JSON.parse(execFileSync(path.join(root, "build/tools/generate"), args.map(String), { encoding: "utf8", maxBuffer: 1 << 24 }));
	const seconds = (performance.now() - started) / 1000;
	await snug.start();
	const bytes = fs.statSync(args[0]).size;
	console.log(`${messages.toLocaleString("en").padStart(9)} messages made in ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB`);
	const world = Object.assign(worlds.at(-1), made, { owner, messages });
	world.idAt = (part) => idAt(world, part);
	return world;
}

/** The id of the message at some depth of the busiest channel: 0 is the oldest, 1 the newest. */
async function idAt({ owner, channels }, part) {
	const edge = async (query) => (await owner.client.get(`/channels/${channels[0]}/messages?limit=1&${query}`)).json[0].id;
	const [first, last] = [BigInt(await edge("after=0")), BigInt(await edge(""))];
	return String(first + ((last - first) * BigInt(Math.round(part * 1000))) / 1000n);
}

async function timed(ask) {
	const started = performance.now();
	const reply = await ask();
	if (reply.status >= 300) throw new Error(`${reply.status}: ${reply.text.slice(0, 200)}`);
	return performance.now() - started;
}

const at = (list, part) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))];

/** One question to both, in turns; ask(world) makes the function that asks it. */
async function compare(name, ask, sides = worlds, words = ["small", "large"]) {
	const asks = await Promise.all(sides.map(ask));
	const times = sides.map(() => []);
	for (const each of asks) for (let i = 0; i < 5; i++) await timed(each);
	for (let i = 0; i < rounds; i++) for (const [side, each] of asks.entries()) times[side].push(await timed(each));
	const [small, large] = times.map((list) => at(list, 0.5));
	const p99 = at(times[1], 0.99);
	console.log(
		`${name.padEnd(34)} ${words[0]} ${small.toFixed(2).padStart(7)} ms  ${words[1]} ${large.toFixed(2).padStart(7)} ms  ratio ${(large / small).toFixed(2).padStart(5)} (aim 3: ${large <= 3 * small ? "met" : "NOT met"})` +
			`  p99 ${p99.toFixed(1).padStart(6)} ms (aim 50: ${p99 < 50 ? "met" : "NOT met"})`,
	);
}

const get = (location) => async (world) => {
	const where = typeof location === "function" ? await location(world) : location;
	return () => world.owner.client.get(where);
};

async function page(world) {
	const reader = new Page(world.snug);
	await reader.open("/login");
	await reader.submit(/login/, { login: world.owner.name, password: world.owner.password });
	return () => reader.fetch(`/channels/${world.owner.guild}/${world.channels[0]}`);
}

const measures = {
	async history() {
		const room = (world) => `/channels/${world.channels[0]}/messages?limit=50`;
		await compare("history, newest", get(room));
		for (const part of [0.9, 0.5, 0.1]) {
			await compare(`history, before ${part * 100} %`, get(async (world) => `${room(world)}&before=${await world.idAt(part)}`));
			await compare(`history, after ${part * 100} %`, get(async (world) => `${room(world)}&after=${await world.idAt(part)}`));
			await compare(`history, around ${part * 100} %`, get(async (world) => `${room(world)}&around=${await world.idAt(part)}`));
		}
		await compare("history, oldest", get((world) => `${room(world)}&after=0`));
		await compare("page of a room", page);
	},

	async unread() {
		await compare("unread, 200 channels, all of it", get("/users/@me/unread"));
		for (const { owner, channels } of worlds)
			for (const channel of channels) {
				const [middle] = (await owner.client.get(`/channels/${channel}/messages?limit=1&around=${await idAt({ owner, channels: [channel] }, 0.5)}`)).json;
				await owner.client.post(`/channels/${channel}/messages/${middle.id}/ack`, {});
			}
		await compare("unread, 200 channels, half of it", get("/users/@me/unread"));
		await compare("ack there and back", async (world) => {
			const list = (await world.owner.client.get(`/channels/${world.channels[0]}/messages?limit=2`)).json;
			let turn = 0;
			return () => world.owner.client.post(`/channels/${world.channels[0]}/messages/${list[turn++ % 2].id}/ack`, {});
		});
		for (const { owner } of worlds) await owner.client.post(`/guilds/${owner.guild}/ack`, {});
		await compare("unread, 200 channels, none", get("/users/@me/unread"));
	},

	async search() {
		const search = (query) => get((world) => `/guilds/${world.owner.guild}/messages/search?${typeof query === "function" ? query(world) : query}`);
		const asked = (text) => `q=${encodeURIComponent(text)}`;
		await compare("search, a common word", search((world) => asked(world.word)));
		await compare("search, a rare word", search((world) => asked(world.rare_word)));
		await compare("search, two words", search((world) => asked(`${world.word} ${world.rare_word}`)));
		await compare("search, a phrase", search((world) => asked(`"${world.word} ${world.word}"`)));
		await compare("search, from:", search((world) => asked(`from:${world.author} ${world.word}`)));
		await compare("search, in:", search((world) => asked(`in:channel-0 ${world.word}`)));
		await compare("search, has:file", search(asked("has:file")));
		await compare("search, has:link from: in:", search((world) => asked(`has:link from:${world.author} in:channel-0`)));
		await compare("search, before:", search((world) => asked(`before:2025-12-31 ${world.word}`)));
		await compare("search, nothing found", search(asked("nosuchwordanywhere")));
	},

	/** Two channels of the small one: ten people are in one, 10,000 in the other. */
	async people() {
		const [world] = worlds;
		const sides = [world.channels.at(-2), world.channels.at(-1)].map((channel) => ({ channel }));
		const words = ["10 people", "10,000"];
		const { client } = world.owner;
		await compare("send", ({ channel }) => () => client.post(`/channels/${channel}/messages`, { content: "a line of some words" }), sides, words);
		await compare("history", ({ channel }) => () => client.get(`/channels/${channel}/messages?limit=50`), sides, words);
		await compare("ack", ({ channel }) => {
			let turn = 0;
			return async () => {
				const list = (await client.get(`/channels/${channel}/messages?limit=2`)).json;
				return client.post(`/channels/${channel}/messages/${list[turn++ % 2].id}/ack`, {});
			};
		}, sides, words);
		await compare("who has read", async ({ channel }) => {
			const [newest] = (await client.get(`/channels/${channel}/messages?limit=1`)).json;
			return () => client.get(`/channels/${channel}/messages/${newest.id}/readers`);
		}, sides, words);
	},
};

try {
	for (const size of sizes) await makeWorld(size);
	const wanted = process.argv.slice(2);
	for (const [name, measure] of Object.entries(measures)) if (wanted.length === 0 || wanted.includes(name)) await measure();
} finally {
	for (const { snug } of worlds) await snug.stop().catch(() => {});
	fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
