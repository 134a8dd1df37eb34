// Each process remembers for a moment whom a credential stands for. A session that was ended is ended all the same for the
// very next request, whichever process serves it and however busy the instance is.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { kill, startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, nonce, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_POOL_MIN: "4", SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const connections = 8;

const logIn = async (person) => (await new Client(snug).post("/auth/login", { login: person.name, password: goodPassword })).json;
const pageOf = async (person) => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: goodPassword });
	return page;
};

/** What asks in a row on a kept connection of its own, by a credential: the status, and the process that answered. */
function asker(credential) {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	let turn = 0;
	return async () => {
		let reply;
		if (credential.cookie) {
			reply = await snug.request("/account", { agent, headers: { Cookie: credential.cookie, Accept: "text/html" } });
		} else {
			const headers = { Authorization: `Bearer ${credential.token}` };
			const message = { method: "POST", body: { content: "words", nonce: nonce() } };
			const isPost = turn++ % 2 === 1;
			reply = await snug.request(isPost ? `/api/v1/channels/${owner.channel}/messages` : "/api/v1/users/@me", { agent, headers, ...(isPost && message) });
		}
		return { status: reply.status, process: reply.headers["x-request-id"]?.slice(0, 8) };
	};
}

/**
 * Uses a credential on many connections all the time, ends it, and goes on: what was asked after the answer to end() is
 * refused, all of it.
 */
async function expectEnd(credential, end, name) {
	const bad = credential.cookie ? 303 : 401;
	const served = new Map(); // process: answers before the end
	let hasEnded = false, isOver = false, refused = 0;
	const work = Array.from({ length: connections }, async () => {
		const ask = asker(credential);
		while (!isOver) {
			const wasEnded = hasEnded;
			const reply = await ask();
			if (wasEnded) assert.equal(reply.status, bad, `${name}: by process ${reply.process}, which had served it ${served.get(reply.process) ?? 0} times`);
			else assert.ok([200, bad].includes(reply.status), `${name}: ${reply.status}`);
			if (wasEnded) refused++;
			else if (reply.status === 200) served.set(reply.process, (served.get(reply.process) ?? 0) + 1);
		}
	});
	const failed = Promise.all(work);
	failed.catch(() => (isOver = true));
	await until("several processes know it", () => isOver || [...served.values()].filter((count) => count > 3).length > 1);
	const reply = await end();
	hasEnded = true;
	assert.ok(reply.status < 300 || reply.status === 303, `${name}: ${reply.status} ${reply.text}`);
	await until("all have asked again", () => isOver || refused >= 4 * connections);
	isOver = true;
	await failed;
}

const ways = {
	"a personal token is revoked": async (person) => {
		const made = (await person.client.post("/users/@me/tokens", { name: "script" })).json;
		return [{ token: made.token }, () => person.client.delete(`/users/@me/tokens/${made.id}`)];
	},
	"a bot's token is renewed": async () => {
		const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: `robot_${nonce().slice(0, 8)}` })).json;
		return [{ token: bot.token }, () => owner.client.post(`/guilds/${owner.guild}/bots/${bot.user?.id ?? bot.id}/token`, {})];
	},
	"a program logs out": async (person) => {
		const { access_token: token } = await logIn(person);
		return [{ token }, () => new Client(snug, token).post("/auth/logout", {})];
	},
	"one login is ended from another": async (person) => {
		const page = await pageOf(person);
		const session = (await person.client.get("/users/@me/sessions")).json.find((each) => each.kind === "cookie");
		return [{ cookie: page.cookie }, () => person.client.delete(`/users/@me/sessions/${session.id}`)];
	},
	"all logins are ended": async (person) => {
		const page = await pageOf(person);
		return [{ cookie: page.cookie }, () => person.client.request("DELETE", "/users/@me/sessions", {})];
	},
	"a page logs out": async (person) => {
		const page = await pageOf(person);
		const { cookie } = page;
		await page.open(`/channels/${owner.guild}/${owner.channel}`);
		const form = page.form(/logout/);
		return [{ cookie }, () => page.submit(form, {}, { isFollowed: false })];
	},
	"the password is changed": async (person) => {
		const { access_token: token } = await logIn(person);
		return [{ token }, () => person.client.put("/users/@me/password", { current_password: goodPassword, new_password: "another good password" })];
	},
	"the account is suspended": async (person) => {
		const made = (await person.client.post("/users/@me/tokens", { name: "script" })).json;
		return [{ token: made.token }, () => owner.client.put(`/users/${person.user.id}/suspension`, {})];
	},
	"the account of a page is suspended": async (person) => {
		const page = await pageOf(person);
		return [{ cookie: page.cookie }, () => owner.client.put(`/users/${person.user.id}/suspension`, {})];
	},
	"the account is deleted": async (person) => {
		const made = (await person.client.post("/users/@me/tokens", { name: "script" })).json;
		return [{ token: made.token }, () => person.client.request("DELETE", "/users/@me", { current_password: goodPassword, messages: "keep" })];
	},
};

for (const [name, prepare] of Object.entries(ways))
	test(`${name}: the next request of each connection is refused`, async () => {
		const [credential, end] = await prepare(await invitePerson(owner));
		await expectEnd(credential, end, name);
	});

test("again and again, while others write", async () => {
	const person = await invitePerson(owner);
	let isOver = false;
	const others = Array.from({ length: 3 }, async () => {
		const client = new Client(snug, owner.access_token);
		while (!isOver) await client.send(owner.channel, "words of others");
	});
	try {
		for (let round = 0; round < 12; round++) await expectEnd(...(await ways["a personal token is revoked"](person)), `round ${round}`);
	} finally {
		isOver = true;
		await Promise.all(others);
	}
});

test("a store that is killed around a revocation leaves no process with another opinion", async () => {
	const person = await invitePerson(owner);
	for (let round = 0; round < 6; round++) {
		const made = (await person.client.post("/users/@me/tokens", { name: "script" })).json;
		const askers = Array.from({ length: connections }, () => asker({ token: made.token }));
		for (let i = 0; i < 4; i++) for (const { status } of await Promise.all(askers.map((ask) => ask()))) assert.equal(status, 200);
		const { pid } = snug.parentOf("snug-store");
		const reply = snug.request(`/api/v1/users/@me/tokens/${made.id}`, { method: "DELETE", headers: { Authorization: `Bearer ${person.client.token}` } });
		if (round % 2 === 0) assert.equal((await reply).status, 204);
		kill(pid);
		const isRevoked = (await reply).status === 204;
		// A token whose end was acknowledged is refused even while there is no store.
		if (isRevoked) for (const { status } of await Promise.all(askers.map((ask) => ask()))) assert.equal(status, 401, `round ${round}`);
		await until("another store has answered", () => owner.client.send(owner.channel, "words").catch(() => null));
		const after = new Set();
		for (let i = 0; i < 4; i++) for (const { status } of await Promise.all(askers.map((ask) => ask()))) after.add(status);
		assert.equal(after.size, 1, `round ${round}: ${[...after]}`);
		if (isRevoked) assert.ok(after.has(401), `round ${round}`);
	}
});

test("what a stranger's hand does to the database counts soon after", async () => {
	const person = await invitePerson(owner);
	const made = (await person.client.post("/users/@me/tokens", { name: "script" })).json;
	const ask = asker({ token: made.token });
	assert.equal((await ask()).status, 200);
	execFileSync("sqlite3", [path.join(snug.data, "snug.db"), "-cmd", ".timeout 10000", `PRAGMA wal_autocheckpoint = 0; UPDATE sessions SET ended_at_ms = 1 WHERE id = ${made.id}`]);
	await until("it is refused", async () => (await ask()).status === 401);
});

test("the store alone can write what tells the others of changes", async () => {
	const mapped = (pid) => /^\S+ (\S+) .*memfd:snug-session-changes/m.exec(fs.readFileSync(`/proc/${pid}/maps`, "utf8"))?.[1];
	const access = (pid) => fs.readdirSync(`/proc/${pid}/fd`)
		.filter((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`).includes("snug-session-changes"))
		.map((fd) => parseInt(/^flags:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))[1], 8) & 3);
	const store = snug.parentOf("snug-store").pid;
	assert.equal(mapped(store), "rw-s");
	assert.deepEqual(access(store), [2]);
	let readers = 0;
	for (const { pid, program } of snug.processes()) {
		if (pid === store || program === "snug") continue;
		let how;
		try {
			how = { map: mapped(pid), access: access(pid) };
		} catch (error) {
			assert.ok(["ENOENT", "ESRCH"].includes(error.code), error.message); // it has ended meanwhile
			continue;
		}
		assert.ok([undefined, "r--s"].includes(how.map), `${program} maps it ${how.map}`);
		assert.deepEqual(how.access.filter((mode) => mode !== 0), [], `${program} can write it`);
		if (["snug-api", "snug-web"].includes(program)) assert.equal(how.access.length, 1, program);
		else assert.deepEqual(how.access, [], program);
		readers += how.map === "r--s";
	}
	assert.ok(readers >= 2, "several processes read it");
});

await run();
