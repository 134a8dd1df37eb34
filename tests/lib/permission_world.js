// A workspace with somebody of every kind in it, and what they act upon: for the matrix of permissions. Ids of what can be
// used up are made anew for each use.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root, tools } from "./snug.js";
import { Client, goodPassword, invitePerson, register, setUp, unique } from "./api.js";
import { assert } from "./test.js";

/** An op as a program of Snug's own would send it to the store, by the socket of a role. */
export function sendOp(snug, role, op, actor, input) {
	const frame = JSON.stringify({ op, actor: String(actor), session: "0", in: input });
	const done = spawnSync(path.join(tools, "seqpacket"), [path.join(snug.data, "run", `op-${role}.sock`), "60000", "1"], { input: `${Buffer.from(frame).toString("hex")}\n`, encoding: "utf8", timeout: 120_000 });
	const line = done.stdout.split("\n").find((each) => /^[0-9a-f]+$/.test(each));
	assert.ok(line, `no answer to ${op}: ${done.stdout} ${done.stderr}`);
	return JSON.parse(Buffer.from(line, "hex").toString());
}

/** The reply's JSON, if it is a success. */
async function must(promise, what = "") {
	const reply = await promise;
	assert.ok(reply.status >= 200 && reply.status < 300, `${what}: ${reply.status} ${reply.text}`);
	return reply.json;
}

const roleNamed = async (owner, name) => (await must(owner.client.get(`/guilds/${owner.guild}/roles`))).find((each) => each.name === name).id;

/** A small picture, as the API takes one. */
export const image = `data:image/png;base64,${fs.readFileSync(path.join(root, "tests/fuzz/corpus/image/png")).toString("base64")}`;

/** @param {import("./snug.js").Snug} snug with registration = open */
export async function makeWorld(snug) {
	const owner = await setUp(snug);
	const { client, guild } = owner;
	const world = { snug, owner, guild, general: owner.channel, people: { owner } };
	const people = world.people;

	people.anonymous = { client: new Client(snug) };
	people.stranger = await register(snug, { workspace: "Elsewhere" });
	for (const name of ["outsider", "member", "moderator", "admin", "suspended", "kicked", "banned"]) people[name] = await invitePerson(owner);
	const bot = await must(client.post(`/guilds/${guild}/bots`, { username: unique("robot") }), "a bot");
	people.bot = { client: new Client(snug), user: bot.user, token: bot.token };
	people.bot.client.token = bot.token;
	for (const [name, role] of [["moderator", "Moderator"], ["admin", "Admin"]])
		await must(client.put(`/guilds/${guild}/members/${people[name].user.id}/roles/${await roleNamed(owner, role)}`, {}), role);

	const inside = ["member", "bot", "moderator", "admin", "suspended", "kicked", "banned"].map((name) => people[name].user.id);
	const room = async (name = unique("room")) => (await must(client.post(`/guilds/${guild}/channels`, { name, private: true, members: inside.slice(0, 4) }), "a room")).id;
	const pawn = async () => (await must(client.post(`/guilds/${guild}/bots`, { username: unique("pawn") }), "a pawn")).user.id;
	world.room = (await must(client.post(`/guilds/${guild}/channels`, { name: "room", private: true, members: inside }), "the room")).id;
	const poll = { question: { text: "Which?" }, answers: [{ poll_media: { text: "One" } }] };
	world.message = (await client.send(world.room, "in the room", { poll })).id;
	const emoji = async (by = client, of = guild) => (await must(by.post(`/guilds/${of}/emojis`, { name: unique("e"), image }), "an emoji")).id;
	const named = { emoji: encodeURIComponent("👍"), answer: "1" };
	world.pawn = await pawn();
	await must(client.put(`/channels/${world.room}/members/${world.pawn}`, {}), "the pawn in the room");
	world.role = (await must(client.post(`/guilds/${guild}/roles`, { name: "a role" }), "a role")).id;
	world.invite = (await must(client.post(`/guilds/${guild}/invites`, { max_uses: 0 }), "an invite")).code;
	const thread = async () => (await must(client.post(`/channels/${world.room}/threads`, { name: unique("thread"), type: 11 }), "a thread")).id;
	[world.thread, world.otherThread] = [await thread(), await thread()];
	await must(client.put(`/channels/${world.thread}/thread-members/${world.pawn}`, {}), "the pawn in the thread");
	world.outcast = await pawn();
	await must(client.put(`/guilds/${guild}/bans/${world.outcast}`, {}), "an outcast");

	const far = people.stranger.client;
	const elsewhere = (await must(far.get("/users/@me/guilds")))[0].id;
	const theirs = (await must(far.get(`/guilds/${elsewhere}/channels`)))[0].id;
	world.foreign = {
		guild: elsewhere, channel: theirs, user: people.stranger.user.id, target: people.stranger.user.id, token: "1234567890123456789", session: "1234567890123456789", scheduled: "1234567890123456789",
		message: (await far.send(theirs, "elsewhere")).id,
		role: (await must(far.post(`/guilds/${elsewhere}/roles`, { name: "theirs" }))).id,
		code: (await must(far.post(`/guilds/${elsewhere}/invites`, {}))).code,
		emoji_id: await emoji(far, elsewhere), ...named,
	};
	world.shared = {
		guild, channel: world.room, user: world.pawn, target: world.pawn, message: world.message, role: world.role, code: world.invite,
		token: "1234567890123456787", session: "1234567890123456787", scheduled: "1234567890123456787",
		emoji_id: await emoji(), ...named,
	};

	// What is deleted was whole before.
	const gone = (await must(client.post("/guilds", { name: "Gone" }), "a workspace")).id;
	const goneRole = (await must(client.post(`/guilds/${guild}/roles`, { name: "gone" }))).id;
	const goneRoom = await room();
	const goneMessage = (await client.send(world.room, "gone")).id;
	const goneCode = (await must(client.post(`/guilds/${guild}/invites`, {}))).code;
	const gonePawn = await pawn();
	const goneEmoji = await emoji();
	await must(client.request("DELETE", `/guilds/${gone}`, { name: "Gone" }), "deleting a workspace");
	await must(client.delete(`/guilds/${guild}/roles/${goneRole}`));
	await must(client.delete(`/channels/${goneRoom}`));
	await must(client.delete(`/channels/${world.room}/messages/${goneMessage}`));
	await must(client.delete(`/invites/${goneCode}`));
	await must(client.delete(`/guilds/${guild}/bots/${gonePawn}`));
	await must(client.delete(`/guilds/${guild}/emojis/${goneEmoji}`));
	world.deleted = { guild: gone, channel: goneRoom, user: gonePawn, target: gonePawn, message: goneMessage, role: goneRole, code: goneCode, token: "1234567890123456788", session: "1234567890123456788", scheduled: "1234567890123456788", emoji_id: goneEmoji, ...named };

	await must(client.delete(`/guilds/${guild}/members/${people.kicked.user.id}`), "kick");
	await must(client.put(`/guilds/${guild}/bans/${people.banned.user.id}`, {}), "ban");
	assert.equal(sendOp(snug, "cli", "user_suspend", 0, { user_id: people.suspended.user.id, reason: "test" }).err, "OK", "suspend");

	/** Makers of what a cell uses up, given who will act: ids by the names of the path. */
	world.fresh = {
		pawn: async () => {
			const user = await pawn();
			return { user, target: user };
		},
		"pawn in the room": async () => {
			const user = await pawn();
			await must(client.put(`/channels/${world.room}/members/${user}`, {}));
			return { user, target: user };
		},
		account: async () => ({ user: (await register(snug)).user.id }),
		suspended: async () => ({ user: people.suspended.user.id }),
		outcast: async () => {
			const user = await pawn();
			await must(client.put(`/guilds/${guild}/bans/${user}`, {}));
			return { user };
		},
		"outcast of the room": async () => {
			const user = await pawn();
			await must(client.put(`/channels/${world.room}/members/${user}`, {}));
			await must(client.put(`/channels/${world.room}/bans/${user}`, {}));
			return { user };
		},
		"pawn in the thread": async () => {
			const { user } = await world.fresh["pawn in the room"]();
			await must(client.put(`/channels/${world.thread}/thread-members/${user}`, {}));
			return { user };
		},
		"in the thread": async (person) => {
			await must(client.put(`/channels/${world.thread}/thread-members/${person.user.id}`, {}));
			return {};
		},
		"in the other thread": async (person) => {
			await must(client.put(`/channels/${world.otherThread}/thread-members/${person.user.id}`, {}));
			return {};
		},
		poll: async () => ({ message: (await client.send(world.room, "", { poll })).id }),
		emoji: async () => ({ emoji_id: await emoji() }),
		role: async () => ({ role: (await must(client.post(`/guilds/${guild}/roles`, { name: unique("role") }))).id }),
		room: async () => ({ channel: await room() }),
		invite: async () => ({ code: (await must(client.post(`/guilds/${guild}/invites`, {}))).code }),
		overwrite: async () => {
			const target = await pawn();
			await must(client.put(`/channels/${world.room}/permissions/${target}`, { type: 1, allow: "1024", deny: "0" }));
			return { target };
		},
		"another's message": async () => ({ message: (await client.send(world.room, "another's")).id }),
		"own message": async (person) => {
			const reply = person.client.token ? await person.client.post(`/channels/${world.room}/messages`, { content: "own" }) : { status: 401 };
			return { message: reply.status === 200 ? reply.json.id : world.message };
		},
		token: async (person) => {
			const reply = await person.client.post("/users/@me/tokens", { name: "for a moment" });
			return { token: reply.json?.id ?? "1234567890123456787" };
		},
		scheduled: async (person) => {
			const unknown = { scheduled: "1234567890123456787" };
			const [first] = (await person.client.get("/users/@me/guilds")).json ?? [];
			if (!first?.id) return unknown;
			const [{ id: channel }] = (await person.client.get(`/guilds/${first.id}/channels`)).json;
			const made = await person.client.post(`/channels/${channel}/scheduled-messages`, { content: "later", send_at: new Date(Date.now() + 3_600_000).toISOString() });
			return made.status === 201 ? { scheduled: made.json.id } : unknown;
		},
		session: async (person) => {
			if (!person.password) return { session: "1234567890123456787" };
			const made = await new Client(snug).post("/auth/login", { login: person.name, password: person.password });
			if (made.status !== 200) return { session: "1234567890123456787" };
			const sessions = (await person.client.get("/users/@me/sessions")).json ?? [];
			return { session: sessions.find((each) => !each.current)?.id ?? "1234567890123456787" };
		},
	};

	/** Somebody of the same kind who may be used up. */
	world.twin = async (kind) => {
		if (["anonymous", "suspended", "owner"].includes(kind)) return people[kind];
		if (kind === "bot") {
			const made = await must(client.post(`/guilds/${guild}/bots`, { username: unique("twin") }));
			await must(client.put(`/channels/${world.room}/members/${made.user.id}`, {}));
			return { client: new Client(snug, made.token), user: made.user };
		}
		if (["stranger", "kicked"].includes(kind)) return register(snug);
		const twin = await invitePerson(owner);
		if (kind === "banned") await must(client.put(`/guilds/${guild}/bans/${twin.user.id}`, {}));
		if (["member", "moderator", "admin"].includes(kind)) await must(client.put(`/channels/${world.room}/members/${twin.user.id}`, {}));
		for (const [name, role] of [["moderator", "Moderator"], ["admin", "Admin"]])
			if (kind === name) await must(client.put(`/guilds/${guild}/members/${twin.user.id}/roles/${await roleNamed(owner, role)}`, {}));
		return twin;
	};
	return world;
}

export { goodPassword };
