// Mail: what is asked for in a request is sent by snug-worker to a real mail server, whatever happens to either meanwhile.
//
// Begins early: it waits for what a killed worker had in hand.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { binaries, isAsan, root, startSnug } from "../lib/snug.js";
import { Client, invitePerson, setUp, unique } from "../lib/api.js";
import { startSmtp } from "../lib/smtp.js";
import { assert, run, test, until } from "../lib/test.js";

const password = "a password, kept from everybody";
const smtp = await startSmtp({ tls: "starttls", user: "snug", password });
const snug = await startSnug({ env: { ...smtp.env, SNUG_PUBLIC_URL: "https://chat.example.org" } });
const owner = await setUp(snug);

/** Reads the database beside the store, as any reader may. */
const query = (text, instance = snug) => execFileSync("sqlite3", ["-readonly", "-cmd", ".timeout 2000", `${instance.data}/snug.db`, text], { encoding: "utf8" }).trim();

function command(...args) {
	return spawnSync(path.join(binaries, "snug"), [...args, "--data", snug.data], { cwd: root, encoding: "utf8", timeout: 120_000, input: "",
		env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" } });
}

/** Somebody new asks for a new password, which is the mail that most people ever get. */
async function ask(instance = snug, host = owner, more = {}) {
	const person = await invitePerson(host, more);
	const reply = await new Client(instance).post("/auth/reset", { email: person.user.email ?? `${person.name}@example.org` });
	assert.equal(reply.status, 204, reply.text);
	return { ...person, email: `${person.name}@example.org` };
}

const mailsTo = (server, { email }) => server.mails.filter((each) => each.to.includes(email));
const jobs = () => Number(query("SELECT count(*) FROM jobs"));

test("a mail arrives at once, encrypted and with our name and password, and its job is gone", async () => {
	const began = Date.now();
	const bob = await ask();
	const mail = await smtp.next();
	assert.ok(Date.now() - began < 20_000, "not only when the worker looks for itself, every 30 s");
	assert.deepEqual([mail.from, mail.to, mail.isEncrypted, mail.user], ["snug@example.org", [bob.email], true, "snug"]);
	assert.match(mail.id, /^<snug\d+@chat\.example\.org>$/);
	assert.match(mail.headers["auto-submitted"], /auto-generated/);
	assert.ok(Math.abs(new Date(mail.headers.date) - Date.now()) < 60_000, mail.headers.date);
	for (const part of [mail.text, mail.html]) assert.ok(part.includes("https://chat.example.org/reset/new"), part);
	await until("the job is gone, and the code with it", () => jobs() === 0);
});

test("the code of a mail makes a new password, and a second mail says so", async () => {
	const bob = await ask();
	const mail = await smtp.next();
	const code = /reset\/new#(\S+)$/m.exec(mail.text)[1];
	assert.ok(mail.html.includes(code));
	const reply = await new Client(snug).post("/auth/reset/confirm", { code, password: "another good password" });
	assert.ok(reply.status < 300, reply.text);
	const second = await smtp.next();
	assert.deepEqual(second.to, [bob.email]);
	assert.match(second.subject, /password was changed/);
	assert.notEqual(second.id, mail.id);
});

test("what people call themselves stays text: in the HTML escaped, in the text as it is, in no header", async () => {
	const name = "<b>Bob</b> & {{x}} Ümläut";
	await ask(snug, owner, { display_name: name });
	const mail = await smtp.next();
	assert.ok(mail.text.includes(`Hello ${name},`), mail.text);
	assert.ok(mail.html.includes("&lt;b&gt;Bob&lt;/b&gt; &amp; {{x}} Ümläut"), mail.html);
	assert.ok(!/[^\r\n\t\x20-\x7e]/.test(mail.content), "the mail is ASCII");
	for (const line of mail.content.split("\r\n")) assert.ok(line.length <= 100 && !/[\r\n]/.test(line), line);
});

test("a mail that is put off comes later; nothing else waits for it", async () => {
	await smtp.order({ rcpt: "451 4.3.2 try again later", times: 1 });
	const bob = await ask();
	const job = `FROM jobs WHERE payload LIKE '%${bob.email}%'`;
	await until("it is put off", () => /4\d\d|451/.test(query(`SELECT last_error ${job}`)));
	const due = Number(query(`SELECT run_at_ms ${job}`));
	const carol = await ask();
	const asked = Date.now();
	const mails = [await smtp.next(), await smtp.next()].map((each) => each.to[0]);
	// A busy machine may have taken until then to ask.
	if (asked < due - 3000) assert.deepEqual(mails, [carol.email, bob.email]);
	else assert.deepEqual(mails.sort(), [carol.email, bob.email].sort());
	await until("both jobs are gone", () => jobs() === 0);
});

test("a mail that is refused for good is dead: its payload is gone, people see why, and may have it forgotten", async () => {
	await smtp.order({ rcpt: "550 5.1.1 nobody of that name", times: 1 });
	const bob = await ask();
	await until("it is dead", () => Number(query("SELECT count(*) FROM jobs WHERE dead_at_ms IS NOT NULL")) === 1);
	const [id, payload] = query("SELECT id, payload FROM jobs").split("|");
	assert.equal(payload, "{}");
	assert.ok(!query("SELECT * FROM jobs").includes(bob.email));
	const list = command("jobs", "list");
	assert.match(list.stdout, new RegExp(`^${id}\\s+mail\\s+dead .*550`, "m"), list.stdout + list.stderr);
	assert.equal(command("jobs", "retry", id).status, 1);
	assert.equal(command("jobs", "drop", "nonsense").status, 1);
	assert.equal(command("jobs").status, 2);
	assert.equal(command("jobs", "drop", id).status, 0);
	assert.equal(jobs(), 0);
	assert.equal(command("jobs", "list").stdout, "");
});

test("a mail server that is down stops nothing else, and gets all when it is up again, each once", async () => {
	await smtp.stop();
	const people = [await ask(), await ask(), await ask(), await ask(), await ask()];
	await until("the worker has noticed", () => /"mail_paused"/.test(snug.log));
	for (let i = 0; i < 20; i++) await owner.client.send(owner.channel, `while the mail server is down ${i}`);
	assert.equal(jobs(), 5);
	await smtp.start();
	const list = command("jobs", "list").stdout;
	assert.match(list, /waiting .*connect/i);
	for (const [id] of list.matchAll(/^\d+/gm)) command("jobs", "retry", id); // else they would come by themselves, a little later
	await until("all mails have come", () => people.every((each) => mailsTo(smtp, each).length > 0));
	await until("all jobs are gone", () => jobs() === 0);
	for (const each of people) assert.equal(mailsTo(smtp, each).length, 1);
	smtp.taken = smtp.mails.length;
});

test("a worker that is killed after the server took the mail sends it again under the same Message-ID, once", async () => {
	await smtp.order({ holdMs: 60_000, data: undefined });
	const bob = await ask();
	const first = await smtp.next();
	process.kill(snug.parentOf("snug-worker").pid, "SIGKILL");
	await until("its child ended with it", () => snug.processes("snug-mail").length === 0);
	await smtp.order({});
	const second = await smtp.next({ timeout: 150_000 }); // once its lease is over
	assert.equal(second.id, first.id, "a reader's program can tell that it is the same mail");
	assert.equal(second.content, first.content);
	await until("the job is gone", () => jobs() === 0);
	assert.equal(mailsTo(smtp, bob).length, 2);
});

test("a store that is killed meanwhile is told of the mail when it is back", async () => {
	await smtp.order({ holdMs: 1000 });
	const bob = await ask();
	await smtp.next();
	process.kill(snug.parentOf("snug-store").pid, "SIGKILL");
	await smtp.order({});
	await until("the job is gone", async () => (await snug.request("/health/ready")).status === 200 && jobs() === 0);
	assert.equal(mailsTo(smtp, bob).length, 1);
	const carol = await ask();
	assert.deepEqual((await smtp.next()).to, [carol.email], "the bell rings again");
});

test("a worker that is told to end finishes the mail in hand", async () => {
	await smtp.order({ holdMs: 700 });
	const bob = await ask();
	await smtp.next();
	const { pid } = snug.parentOf("snug-worker");
	process.kill(pid, "SIGTERM");
	await until("another one has taken its place", () => (snug.parentOf("snug-worker")?.pid ?? pid) !== pid);
	await until("the job is gone", () => jobs() === 0);
	await smtp.order({});
	assert.equal(mailsTo(smtp, bob).length, 1);
});

test("a worker without work rests", { skip: isAsan && "sanitizers take memory and time of their own" }, async () => {
	const { pid } = snug.parentOf("snug-worker");
	const ticks = () => fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).map(Number).reduce((a, b) => a + b);
	const before = ticks();
	await new Promise((resolve) => setTimeout(resolve, 3000));
	assert.ok(ticks() - before <= 1, `${ticks() - before} ticks in 3 s`);
	const pss = Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
	assert.ok(pss < 3000, `${pss} kB`);
	assert.equal(fs.readdirSync(`/proc/${pid}/task`).length, 1, "it has one thread");
});

test("the password is in no log, list, setting or environment, and in no file that is readable to others", async () => {
	const check = spawnSync(path.join(binaries, "snug"), ["check", "--data", snug.data], { cwd: root, encoding: "utf8", timeout: 120_000,
		env: { ...process.env, ...smtp.env, ASAN_OPTIONS: "detect_leaks=0" } });
	assert.match(check.stdout, /^smtp_password = \(set\)$/m);
	for (const text of [snug.log, snug.output, check.stdout, check.stderr, command("jobs", "list").stdout]) assert.ok(!text.includes(password));
	for (const { pid, program } of snug.processes()) {
		if (program === "snug") continue; // which was given it that way
		for (const file of ["environ", "cmdline"]) assert.ok(!fs.readFileSync(`/proc/${pid}/${file}`, "utf8").includes(password), `${file} of ${program}`);
	}
});

test("a wrong password at the mail server is no fault of the mail: it waits for a better one", async () => {
	const other = await startSnug({ env: { ...smtp.env, SNUG_SMTP_PASSWORD: "wrong, and secret all the same" } });
	const host = await setUp(other);
	const bob = await ask(other, host);
	await until("it is noticed", () => /login denied/i.test(query("SELECT last_error FROM jobs", other)));
	assert.equal(query("SELECT dead_at_ms IS NULL FROM jobs", other), "1");
	assert.ok(!other.log.includes("wrong, and secret"));
	assert.equal(mailsTo(smtp, bob).length, 0);
	await other.stop();
	other.env.SNUG_SMTP_PASSWORD = password;
	await other.start();
	await until("it comes", () => mailsTo(smtp, bob).length === 1);
	smtp.taken = smtp.mails.length;
});

test("mail goes to nobody whose certificate is not trusted, and not in the clear where encryption is required", async () => {
	const open = await startSmtp();
	for (const env of [{ ...smtp.env, SNUG_SMTP_CA: "" }, { ...open.env, SNUG_SMTP_TLS: "required" }]) {
		const other = await startSnug({ env });
		const bob = await ask(other, await setUp(other));
		await until("it is refused", () => /certificate|STARTTLS/i.test(query("SELECT last_error FROM jobs", other)));
		assert.equal(mailsTo(smtp, bob).length + mailsTo(open, bob).length, 0);
	}
});

test("smtps:// is encrypted from the first byte, and an open server needs no name", async () => {
	for (const options of [{ tls: "implicit", user: "u", password: "p" }, {}]) {
		const server = await startSmtp(options);
		const other = await startSnug({ env: server.env });
		const bob = await ask(other, await setUp(other));
		const mail = await server.next();
		assert.deepEqual([mail.to, mail.isEncrypted, mail.user], [[bob.email], options.tls === "implicit", options.user ?? null]);
	}
});

test("without smtp_url nothing is sent, nothing waits, and it is said so", async () => {
	const other = await startSnug();
	const host = await setUp(other);
	const reply = await new Client(other).post("/auth/reset", { email: "ada@example.org" });
	assert.equal(reply.status, 403, reply.text);
	assert.match(reply.json.message, /no mail/);
	const change = await host.client.put("/users/@me/password", { current_password: host.password, new_password: `${unique()} and more words` });
	assert.ok(change.status < 300, change.text);
	assert.equal(query("SELECT count(*) FROM jobs", other), "0");
	assert.ok(other.parentOf("snug-worker"));
});

test("what waited when mail was switched off is given up, with what was in it", async () => {
	const server = await startSmtp();
	const other = await startSnug({ env: server.env });
	const host = await setUp(other);
	await server.stop();
	await ask(other, host);
	await until("it waits", () => query("SELECT count(*) FROM jobs WHERE last_error IS NOT NULL", other) === "1");
	await other.stop();
	other.env = { SNUG_RATE_LIMITS: "off" };
	await other.start();
	await until("it is given up", () => query("SELECT payload FROM jobs WHERE dead_at_ms IS NOT NULL", other) === "{}");
});

await run();
