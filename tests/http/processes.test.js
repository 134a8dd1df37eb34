// `snug run` as a supervisor: what it prints, what it refuses, what it restarts, and how it ends.
//
// Runs alone: it fills the machine or measures time.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { binaries, freePort, kill, processesOfSession, root, Snug, startSnug, temporaryFolder } from "../lib/snug.js";
import { history, nonce, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);

test("it prints the address and nothing secret", async () => {
	assert.ok(snug.output.includes(snug.url), snug.output);
	const secrets = fs.readdirSync(snug.data).filter((name) => /secret|key/.test(name)).map((name) => path.join(snug.data, name));
	for (const file of secrets.filter((each) => fs.statSync(each).isFile())) {
		assert.equal(fs.statSync(file).mode & 0o077, 0, `${file} is for its owner alone`);
		for (const [word] of fs.readFileSync(file, "utf8").matchAll(/[\w-]{32,}/g)) assert.ok(!(snug.output + snug.log).includes(word), "a secret is printed");
	}
	assert.ok(secrets.length > 0, "secrets are kept in the data folder");
	assert.ok(!(snug.output + snug.log).includes(owner.password));
	assert.ok(!(snug.output + snug.log).includes(owner.refresh_token));
	assert.ok(!(snug.output + snug.log).includes(owner.access_token));
});

test("every log line is one JSON object, but for lighttpd's own", async () => {
	for (const line of snug.log.split("\n").filter((each) => each && !/^\d{4}-\d\d-\d\d .*\(\w+\.c\.\d+\)/.test(each))) {
		const parsed = JSON.parse(line);
		for (const key of ["at", "level", "program", "pid", "event"]) assert.ok(key in parsed, line);
	}
});

test("health tells that it lives and that it is ready", async () => {
	for (const path of ["/health/live", "/health/ready"]) assert.equal((await snug.request(path)).status, 200, path);
});

test("a second snug run on the same data is refused and harms nothing", async () => {
	const second = spawnSync(path.join(binaries, "snug"), ["run", "--data", snug.data, "--listen", `127.0.0.1:${await freePort()}`], {
		cwd: root, encoding: "utf8", timeout: 120_000, env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
	});
	assert.notEqual(second.status, 0);
	assert.notEqual(second.status, null, "it ends by itself");
	assert.match(second.stderr + second.stdout, /data|running|lock|use/i);
	assert.equal((await owner.client.get("/users/@me")).status, 200);
});

test("an address in use is refused with a clear word", async () => {
	const second = spawnSync(path.join(binaries, "snug"), ["run", "--data", path.join(temporaryFolder(), "data"), "--listen", `127.0.0.1:${snug.port}`], {
		cwd: root, encoding: "utf8", timeout: 120_000, env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
	});
	assert.ok(second.status > 0, String(second.status));
	assert.match(second.stderr + second.stdout, /in use/i);
});

test("a bad key, a bad value or a bad option is refused before anything starts", async () => {
	const tries = [
		[{ SNUG_REGISTRATION: "perhaps" }, []], [{ SNUG_POOL_MIN: "0" }, []], [{ SNUG_POOL_MIN: "9", SNUG_POOL_MAX: "3" }, []], [{ SNUG_EVENTS_KEEP: "x" }, []],
		[{}, ["--listen", "nonsense"]], [{}, ["--listen", "127.0.0.1:99999"]], [{}, ["--nonsense"]],
	];
	for (const [env, args] of tries) {
		const listen = args.includes("--listen") ? [] : ["--listen", `127.0.0.1:${await freePort()}`];
		const started = spawnSync(path.join(binaries, "snug"), ["run", "--data", path.join(temporaryFolder(), "data"), ...listen, ...args], {
			cwd: root, encoding: "utf8", timeout: 120_000, env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0", ...env },
		});
		assert.ok(started.status > 0, `${JSON.stringify(env)} ${args}: ${started.status} ${started.signal}`);
		assert.ok((started.stderr + started.stdout).length > 10);
	}
});

for (const program of ["snug-api", "snug-web", "snug-live", "snug-store", "snug-worker"])
	test(`kill -9 of ${program} under load: it comes back, and no request fails but those it was serving`, async () => {
		let isOver = false;
		const counts = {};
		const errors = [];
		const load = Array.from({ length: 6 }, async (_, worker) => {
			for (let i = 0; !isOver; i++) {
				const target = [`/api/v1/channels/${owner.channel}/messages?limit=5`, "/login", "/api/v1/events?timeout=0", "write"][(worker + i) % 4];
				const headers = { Authorization: `Bearer ${owner.access_token}` };
				const options = target === "write" ? { method: "POST", body: { content: "x", nonce: nonce() }, headers } : { headers };
				const location = target === "write" ? `/api/v1/channels/${owner.channel}/messages` : target;
				try {
					const reply = await snug.request(location, options);
					counts[reply.status] = (counts[reply.status] ?? 0) + 1;
					if (reply.status >= 500) errors.push(`${target} ${reply.status} ${reply.text.slice(0, 90)}`);
				} catch (error) {
					errors.push(`${target} ${error.code}`);
				}
			}
		});
		for (let round = 0; round < 3; round++) {
			const victims = snug.processes(program);
			assert.ok(victims.length > 0, `${program} runs`);
			const victim = victims[round % victims.length];
			kill(victim.pid);
			await until(`${program} is there again`, () => snug.processes(program).some((each) => each.pid !== victim.pid));
			await until("it answers", async () => (await snug.request("/health/ready").catch(() => null))?.status === 200);
			const before = counts[200] ?? 0;
			await until("the load goes on", () => counts[200] > before + 12);
		}
		isOver = true;
		await Promise.all(load);
		assert.ok(counts[200] > 20, JSON.stringify(counts));
		// Six clients wait for an answer at a time, so a kill can cost six at most: what waits at the inherited socket is served.
		assert.ok(errors.length <= 18, `${errors.length} failed of ${JSON.stringify(counts)}:\n${errors.slice(0, 20).join("\n")}`);
	});

test("kill -9 of lighttpd: it comes back on the same address", async () => {
	process.kill(snug.parentOf("lighttpd").pid, "SIGKILL");
	await until("the site answers", async () => (await snug.request("/health/ready").catch(() => null))?.status === 200);
});

test("while the store is stopped, reading goes on, writing says 503, and readiness says so too", async () => {
	const store = snug.parentOf("snug-store");
	process.kill(store.pid, "SIGSTOP");
	try {
		assert.equal((await owner.client.get(`/channels/${owner.channel}/messages`)).status, 200);
		assert.equal((await snug.request("/health/live")).status, 200);
	} finally {
		process.kill(store.pid, "SIGCONT");
	}
	assert.ok((await owner.client.send(owner.channel, "after the pause")).id);
});

test("SIGTERM finishes what is being done, closes streams, and leaves no process and no socket", async () => {
	const stream = await openStream(snug, { token: owner.access_token });
	const acknowledged = [];
	let isOver = false;
	const load = Array.from({ length: 8 }, async () => {
		while (!isOver) {
			try {
				const reply = await owner.client.post(`/channels/${owner.channel}/messages`, { content: "at the end", nonce: nonce() });
				if (reply.status === 200) acknowledged.push(reply.json.id);
			} catch {
				isOver = true;
			}
		}
	});
	await until("load runs", () => acknowledged.length > 30);
	const started = performance.now();
	await snug.stop();
	assert.ok(performance.now() - started < 30_000, "it ends within seconds");
	isOver = true;
	await Promise.all(load);
	await stream.closed;
	assert.deepEqual(processesOfSession(snug.pid), []);
	await snug.start();
	const ids = new Set((await history(owner.client, owner.channel)).map((each) => each.id));
	for (const id of acknowledged) assert.ok(ids.has(id), `${id} was acknowledged`);
});

test("kill -9 of snug run itself takes everything with it, and the next start is as if nothing had been", async () => {
	const made = await owner.client.send(owner.channel, "before the crash");
	await snug.kill();
	await snug.start();
	const found = await owner.client.get(`/channels/${owner.channel}/messages/${made.id}`);
	assert.equal(found.status, 200, found.text);
});

test("from cold to the first page takes at most a second", async () => {
	if (binaries.includes("asan")) return; // The sanitizer's own start is not what is promised.
	const other = new Snug({ data: path.join(temporaryFolder(), "data"), port: await freePort() });
	const started = performance.now();
	await other.start({ isReady: false });
	await until("the first page", async () => (await other.request("/setup").catch(() => null))?.status === 200, { pause: 5 });
	const took = performance.now() - started;
	await other.stop();
	assert.ok(took <= 1000, `${took} ms`);
});

test("public_url is what addresses are made of, and Host is not believed", async () => {
	const other = await startSnug({ env: { SNUG_PUBLIC_URL: "http://chat.example.org:8088" } });
	const ada = await setUp(other);
	for (let i = 0; i < 3; i++) await ada.client.send(ada.channel, "x");
	const listed = await ada.client.get(`/channels/${ada.channel}/messages?limit=1`, { Host: "evil.example" });
	assert.ok(!/evil/.test(JSON.stringify(listed.headers) + listed.text));
	if (listed.headers.link) assert.match(listed.headers.link, /<http:\/\/chat\.example\.org:8088\//);
	for (const target of ["/", "/login", "/nothing", `/channels/${ada.guild}/${ada.channel}`, "/static", "/api/v1/nothing"]) {
		const reply = await other.request(target, { headers: { Host: "evil.example", "X-Forwarded-Host": "evil.example" } });
		assert.ok(!/evil/.test(JSON.stringify(reply.headers) + reply.text), `${target} believes Host`);
	}
	assert.ok(other.output.includes("http://chat.example.org:8088"), other.output);
});

test("who writes waits for the store, and nobody for the worker: the one goes before the others, the other behind", async () => {
	const niceness = (program) => os.getPriority(snug.processes().find((each) => each.program === program).pid);
	const own = os.getPriority(snug.pid);
	assert.equal(niceness("snug-api"), own);
	assert.equal(niceness("lighttpd"), own);
	assert.equal(niceness("snug-worker"), Math.min(19, own + 5));
	// A container's root may not go before others either: what nice(1) gets here, the store has got.
	const { stdout } = spawnSync("nice", ["-n", "-5", "nice"], { encoding: "utf8" });
	assert.equal(niceness("snug-store") - own, Number(stdout) - os.getPriority());
});

test("as root each program has a user of its own, that is not root", { skip: process.getuid() !== 0 && "it is not started as root" }, async () => {
	const uids = {};
	const own = ["snug-web", "snug-api", "snug-live", "snug-store", "snug-worker"];
	await until("all are there", () => own.every((program) => snug.processes(program).length > 0));
	for (const { pid, program } of snug.processes()) {
		if (program === "snug") continue;
		let status;
		try {
			status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
		} catch {
			continue; // a child that its pool did not need any more
		}
		const uid = Number(/^Uid:\s+(\d+)/m.exec(status)[1]);
		if (program !== "lighttpd") assert.notEqual(uid, 0, `${program} runs as root`);
		(uids[program] ??= new Set()).add(uid);
		if (uid !== 0) assert.match(status, /^Groups:\s*(?!.*\b0\b)/m, `${program} keeps root's groups`);
	}
	const seen = own.map((program) => [...uids[program]].join());
	assert.equal(new Set(seen).size, 5, JSON.stringify(seen));
});

test("only the store may write the database", { skip: process.getuid() !== 0 && "it is not started as root" }, async () => {
	const database = fs.statSync(`${snug.data}/snug.db`);
	const store = fs.readFileSync(`/proc/${snug.parentOf("snug-store").pid}/status`, "utf8");
	assert.equal(database.uid, Number(/^Uid:\s+(\d+)/m.exec(store)[1]));
	assert.equal(database.mode & 0o022, 0, (database.mode & 0o777).toString(8));
});

await run();
