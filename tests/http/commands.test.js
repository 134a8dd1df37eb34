// The commands beside `snug run`: check, backup (and restoring), user, token, while an instance runs.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { binaries, root, startSnug, temporaryFolder } from "../lib/snug.js";
import { Client, history, invitePerson, nonce, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner);

/** Runs a command on the instance's data folder: { status, output, error }. */
function command(...args) {
	const done = spawnSync(path.join(binaries, "snug"), [...args, "--data", snug.data], {
		cwd: root, encoding: "utf8", timeout: 120_000, input: "", env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
	});
	return { status: done.status, output: done.stdout, error: done.stderr };
}

test("help names every command, and an unknown one is a mistake that is explained", async () => {
	const help = command("help");
	assert.equal(help.status, 0);
	for (const name of ["run", "check", "backup", "user", "token", "jobs"]) assert.match(help.output, new RegExp(`snug ${name}`));
	const unknown = command("nonsense");
	assert.equal(unknown.status, 2);
	assert.ok(unknown.error.length > 10);
});

test("check prints every key with its default and help, and refuses a bad file by line", async () => {
	const check = command("check");
	assert.equal(check.status, 0, check.error + check.output);
	for (const key of ["public_url", "registration", "rate_limits", "pool_min", "pool_max", "tls_certificate", "tls_key", "trusted_proxies"])
		assert.match(check.output, new RegExp(`^${key} = `, "m"));
	const folder = temporaryFolder();
	const file = path.join(folder, "bad.conf");
	for (const text of ["registration = perhaps\n", "no_such_key = 1\n", "pool_min = many\n", "just words\n"]) {
		fs.writeFileSync(file, `# a comment\n${text}`);
		const bad = command("check", "--config", file);
		assert.equal(bad.status, 1, `${text}: ${bad.output}`);
		assert.match(bad.error + bad.output, /2|registration|no_such_key|pool_min|just words/);
	}
});

test("a backup while people write is whole, and a new folder with it is the same workspace; its cursors are of another history", async () => {
	const file = path.join(temporaryFolder(), "copy.db");
	let isOver = false;
	const sent = [];
	const load = Array.from({ length: 4 }, async () => {
		while (!isOver) sent.push(await bob.client.send(owner.channel, `m ${nonce()}`, { nonce: nonce() }));
	});
	await until("there is something to copy", () => sent.length > 100);
	const acknowledged = sent.map((each) => each.id);
	const backup = command("backup", file);
	isOver = true;
	await Promise.all(load);
	assert.equal(backup.status, 0, backup.error);
	assert.equal(execFileSync("sqlite3", [file, "PRAGMA integrity_check;"], { encoding: "utf8" }).trim(), "ok");
	assert.equal(fs.statSync(file).mode & 0o077, 0, "a copy holds everything, so it is for its owner alone");
	assert.equal(command("backup", file).status, 0, "every night to the same name: the new copy takes the old one's place");
	assert.equal(execFileSync("sqlite3", [file, "PRAGMA integrity_check;"], { encoding: "utf8" }).trim(), "ok");

	const data = path.join(temporaryFolder(), "data");
	fs.mkdirSync(data);
	fs.copyFileSync(file, path.join(data, "snug.db"));
	const other = await startSnug({ data });
	const login = await new Client(other).post("/auth/login", { login: owner.name, password: owner.password });
	assert.equal(login.status, 200, login.text);
	const restored = new Client(other, login.json.access_token);
	const ids = (await history(restored, owner.channel)).map((each) => each.id);
	const here = (await history(owner.client, owner.channel)).map((each) => each.id);
	assert.deepEqual(ids, here.slice(0, ids.length), "the copy is what was at one moment");
	for (const id of acknowledged) assert.ok(ids.includes(id), "with all that was acknowledged before it began");
	const cursor = (await owner.client.get("/events?timeout=0")).json.next;
	const stream = await openStream(other, { token: login.json.access_token, lastEventId: cursor });
	await stream.find("a cursor of the old history is a gap", (each) => each.event === "gap");
	stream.close();
	const seen = (await restored.get("/events?timeout=0")).json.next;
	assert.ok(seen >= cursor, "and what is handed out now never lies below it");
	await other.stop();
});

test("a password that was reset ends every session, open streams too, and the old one is no good", async () => {
	const carl = await invitePerson(owner);
	const stream = await openStream(snug, { token: carl.access_token });
	const reset = command("user", "reset-password", carl.name);
	assert.equal(reset.status, 0, reset.error);
	await stream.closed;
	assert.equal((await carl.client.get("/users/@me")).status, 401);
	assert.equal((await new Client(snug).post("/auth/login", { login: carl.name, password: carl.password })).status, 401);
	const words = reset.output.split(/\s+/).filter((word) => word.length >= 8);
	const replies = await Promise.all(words.map((password) => new Client(snug).post("/auth/login", { login: carl.name, password })));
	assert.equal(replies.filter((reply) => reply.status === 200).length, 1, reset.output);
	assert.equal(command("user", "reset-password", "nobody_here").status, 1);
});

test("accounts are listed, without anything secret", async () => {
	const list = command("user", "list");
	assert.equal(list.status, 0, list.error);
	assert.match(list.output, new RegExp(`\\b${owner.name}\\b`));
	assert.ok(!/argon/.test(list.output));
});

test("a token that is made works, is listed, and ends when it is revoked", async () => {
	const made = command("token", "create", bob.name, "from the shell");
	assert.equal(made.status, 0, made.error);
	const token = made.output.match(/[\w-]{43,}/)?.[0];
	assert.ok(token, made.output);
	const client = new Client(snug, token);
	assert.equal((await client.get("/users/@me")).json.id, bob.user.id);
	const list = command("token", "list", bob.name);
	assert.match(list.output, /from the shell/);
	assert.ok(!list.output.includes(token), "it is shown once");
	const id = list.output.split("\n").find((line) => line.includes("from the shell")).match(/\d{15,}/)[0];
	const stream = await openStream(snug, { token });
	assert.equal(command("token", "revoke", bob.name, id).status, 0);
	await stream.closed;
	assert.equal((await client.get("/users/@me")).status, 401);
	assert.equal(command("token", "revoke", bob.name, id).status, 1);
	assert.equal(command("token", "create", "nobody_here", "x").status, 1);
});

test("without an instance, commands that need one say so", async () => {
	const nowhere = spawnSync(path.join(binaries, "snug"), ["token", "create", "ada", "x", "--data", path.join(temporaryFolder(), "none")], { cwd: root, encoding: "utf8", timeout: 120_000 });
	assert.equal(nowhere.status, 1);
	assert.ok(nowhere.stderr.length > 10);
});

test("an account is suspended, let in again, promoted, demoted and deleted from the command line", async () => {
	const carol = await invitePerson(owner);
	const login = async () => (await new Client(snug).post("/auth/login", { login: carol.name, password: carol.password })).status;
	assert.equal(command("user", "suspend", carol.name, "lost her laptop").status, 0);
	assert.equal(await login(), 403);
	assert.match(command("user", "list").output, new RegExp(`${carol.name}.*\\(suspended\\)`));
	assert.equal(command("user", "unsuspend", carol.name).status, 0);
	assert.equal(await login(), 200);
	assert.equal(command("user", "promote", carol.name).status, 0);
	assert.match(command("user", "list").output, new RegExp(`${carol.name}.*administers the server`));
	assert.equal(command("user", "demote", carol.name).status, 0);
	const last = command("user", "demote", owner.name);
	assert.equal(last.status, 1);
	assert.match(last.error, /Nobody else/);
	assert.equal(command("user", "delete", carol.name).status, 1, "the name is written twice");
	assert.equal(await login(), 200);
	const owns = command("user", "delete", owner.name, owner.name);
	assert.equal(owns.status, 1);
	assert.match(owns.error, /workspaces/);
	assert.equal(command("user", "delete", carol.name, carol.name).status, 0);
	assert.equal(await login(), 401);
	assert.ok(!command("user", "list").output.includes(carol.name));
	assert.equal(command("user", "suspend", "nobody_at_all").status, 1);
	assert.equal(command("user", "suspend").status, 2);
});

await run();
