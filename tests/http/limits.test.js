// Rate limits: 429 with Retry-After, X-RateLimit-* and retry_after, and nobody locked out for ever.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { binaries, kill, root, startSnug, temporaryFolder } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
/** The numbers of the defaults, in times that no busy machine lets pass: nothing comes back while a test runs. */
const slow = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_LIMIT_ALL: "100/30min", SNUG_LIMIT_MESSAGE: "5/1h", SNUG_LIMIT_GUESS: "5/1h", SNUG_LIMIT_GUESS_ACCOUNT: "10/1h", SNUG_LIMIT_INVITE_PREVIEW: "20/1h", SNUG_LIMIT_MEMBERSHIP: "6/1h", SNUG_LIMIT_MESSAGE_EDIT: "5/1h" } });
const ada = await setUp(slow);
const make = async (host) => (await host.client.post(`/guilds/${host.guild}/channels`, { name: unique("room") })).json.id;
const room = () => make(owner);

const all = ["limit", "remaining", "reset", "reset-after", "bucket"].map((name) => `x-ratelimit-${name}`);
const has = (reply, name) => name in reply.headers;

/** A 429 with everything that Discord's libraries look for; discord.py takes one without Via for a ban. */
function assertLimited(reply, { scope = "user" } = {}) {
	assert.equal(reply.status, 429, reply.text);
	assert.ok(Number(reply.headers["retry-after"]) > 0, "Retry-After");
	assert.ok(reply.json.retry_after > 0 && reply.json.retry_after < 3600, reply.text);
	assert.ok(Number(reply.headers["retry-after"]) >= reply.json.retry_after, "Retry-After is not too early");
	assert.equal(reply.json.global, scope === "global");
	assert.equal(has(reply, "x-ratelimit-global"), scope === "global");
	assert.equal(reply.headers["x-ratelimit-scope"], scope);
	assert.equal(reply.headers["x-ratelimit-remaining"], "0");
	assert.equal(reply.headers.via, "1.1 snug");
	assert.ok(all.every((name) => has(reply, name)), JSON.stringify(reply.headers));
}

/** One comes back each second, so on a machine that is busy with other things the sixth need not be the refused one. */
async function postUntilLimited(client, channel) {
	const replies = [];
	do replies.push(await client.post(`/channels/${channel}/messages`, { content: `${replies.length}` }));
	while (replies.at(-1).status === 200 && replies.length < 200);
	return replies;
}

test("the sixth post within 5 s to one channel is a 429, another channel and another person are free", async () => {
	const [one, two] = [await room(), await room()];
	const replies = await postUntilLimited(bob.client, one);
	assert.deepEqual(replies.slice(0, 5).map((each) => each.status), [200, 200, 200, 200, 200]);
	const last = replies.at(-1);
	assertLimited(last);
	assert.equal((await bob.client.post(`/channels/${two}/messages`, { content: "elsewhere" })).status, 200);
	assert.equal((await owner.client.post(`/channels/${one}/messages`, { content: "somebody else" })).status, 200);
	assert.equal((await bob.client.get(`/channels/${one}/messages`)).json.length, replies.length, "what was limited was not posted");
	await new Promise((resolve) => setTimeout(resolve, last.json.retry_after * 1000 + 50));
	assert.equal((await bob.client.post(`/channels/${one}/messages`, { content: "again" })).status, 200, "after retry_after it goes on");
});

test("X-RateLimit tells what is left, for one bucket whatever the channel", async () => {
	const channel = await room();
	const first = await bob.client.post(`/channels/${channel}/messages`, { content: "1" });
	const second = await bob.client.post(`/channels/${channel}/messages`, { content: "2" });
	assert.equal(first.headers["x-ratelimit-limit"], "5");
	assert.equal(first.headers["x-ratelimit-remaining"], "4");
	assert.ok(Number(second.headers["x-ratelimit-remaining"]) <= 4);
	const after = Number(second.headers["x-ratelimit-reset-after"]);
	assert.ok(after > 0 && after <= 5, `Reset-After ${after}`);
	assert.ok(Math.abs(Number(second.headers["x-ratelimit-reset"]) - after - Date.now() / 1000) < 30, "Reset is when that is");
	const elsewhere = await bob.client.post(`/channels/${await room()}/messages`, { content: "3" });
	assert.equal(elsewhere.headers["x-ratelimit-bucket"], first.headers["x-ratelimit-bucket"]);
	const read = await bob.client.get(`/channels/${channel}/messages`);
	assert.ok(all.every((name) => has(read, name)), "reading is limited too");
	assert.notEqual(read.headers["x-ratelimit-bucket"], first.headers["x-ratelimit-bucket"]);
	const health = await snug.request("/health/ready");
	assert.ok(!all.some((name) => has(health, name)), "health is not");
});

test("who comes and goes again and again, in whatever channels and threads, is stopped: everybody there is told each time", async () => {
	const carl = await invitePerson(ada);
	const thread = (await ada.client.post(`/channels/${ada.channel}/threads`, { name: "here", type: 11 })).json.id;
	const channel = await make(ada);
	for (const path of [`/channels/${thread}/thread-members/@me`, `/channels/${channel}/members/@me`]) {
		assert.equal((await carl.client.put(path)).status, 204);
		assert.equal((await carl.client.delete(path)).status, 204);
	}
	const added = await ada.client.put(`/channels/${thread}/thread-members/${carl.user.id}`);
	assert.equal(added.status, 204, added.text);
	assert.equal((await carl.client.delete(`/channels/${thread}/thread-members/@me`)).status, 204, "what others do with one is their doing");
	assert.equal((await carl.client.put(`/channels/${channel}/members/@me`)).status, 204);
	assertLimited(await carl.client.put(`/channels/${thread}/thread-members/@me`));
	assertLimited(await carl.client.put(`/channels/${thread}/thread-members/${ada.user.id}`));
	assertLimited(await carl.client.delete(`/channels/${channel}/members/@me`));
});

test("a message is not pinned and unpinned without end: each time it is told to all once more", async () => {
	const dora = await invitePerson(ada);
	const direct = (await dora.client.post("/users/@me/channels", { recipient_id: ada.user.id })).json.id;
	const message = await dora.client.send(direct, "look");
	const pin = `/channels/${direct}/messages/pins/${message.id}`;
	for (const method of ["PUT", "DELETE", "PUT", "DELETE", "PUT"]) assert.equal((await dora.client.request(method, pin)).status, 204);
	assertLimited(await dora.client.delete(pin));
	assertLimited(await dora.client.put(`/channels/${direct}/pins/${message.id}`));
	assertLimited(await dora.client.patch(`/channels/${direct}/messages/${message.id}`, { content: "again" }));
});

test("what is shown in a thread's channel too, and what is forwarded, takes from the limit of where it goes", async () => {
	const emil = await invitePerson(ada);
	const channel = await make(ada);
	const thread = async () => (await ada.client.post(`/channels/${channel}/threads`, { name: unique("t"), type: 11 })).json.id;
	const threads = [await thread(), await thread(), await thread()];
	const say = (id, more) => emil.client.post(`/channels/${id}/messages`, { content: "hear", ...more });
	for (const id of [...threads, ...threads.slice(0, 2)]) assert.equal((await say(id, { also_in_channel: true })).status, 200);
	assertLimited(await say(threads[2], { also_in_channel: true }));
	assertLimited(await say(channel));
	assert.equal((await say(threads[2])).status, 200, "in the thread alone");
	assert.equal((await ada.client.get(`/channels/${channel}/messages?limit=100`)).json.filter((each) => each.author.id === emil.user.id).length, 5);

	const [target, page] = [await make(ada), new Page(slow)];
	await page.open("/login");
	await page.submit(/login/, { login: emil.name, password: emil.password });
	for (let sent = 0; sent < 5; sent++) assert.equal((await say(target)).status, 200);
	await page.open(`/channels/${ada.guild}/${ada.channel}/messages/${(await ada.client.send(ada.channel, "forward me")).id}/forward`);
	await page.submit(/\/forward$/, { target });
	assert.equal(page.reply.status, 429, page.text);
});

test("everything together has a limit, whose 429 is global and holds for that person alone", async () => {
	const carl = await invitePerson(ada);
	const replies = await Promise.all(Array.from({ length: 150 }, () => carl.client.get("/users/@me")));
	const refused = replies.filter((each) => each.status === 429);
	assert.deepEqual([replies.filter((each) => each.status === 200).length, refused.length], [100, 50]);
	assertLimited(refused[0], { scope: "global" });
	assert.equal((await ada.client.get("/users/@me")).status, 200);
});

test("a page that is limited says so readably, and when to come again", async () => {
	const page = new Page(slow);
	await page.fetch("/login");
	await page.submit(/login/, { login: ada.name, password: goodPassword });
	const channel = await make(ada);
	const address = `/channels/${ada.guild}/${channel}`;
	for (let i = 0; i < 6; i++) {
		await page.fetch(address);
		await page.submit(/messages$/, { content: `by form ${i}` });
		assert.equal(page.reply.status, i < 5 ? 200 : 429);
	}
	assert.ok(Number(page.reply.headers["retry-after"]) > 0);
	assert.match(page.reply.headers["content-type"], /^text\/html/);
	assert.match(page.reply.text, /rate limited/);
	const shared = await ada.client.post(`/channels/${channel}/messages`, { content: "by the API" });
	assert.equal(shared.status, 429, "pages and the API share the limit");
});

/** Loopback has many addresses. */
const from = (localAddress, path, body) => slow.request(`/api/v1${path}`, { method: "POST", body, localAddress });

test("a stranger's failures slow an account down; its person gets in from an address that has none", async () => {
	const dora = await invitePerson(ada);
	const logIn = (address, password) => from(address, "/auth/login", { login: dora.name, password });
	for (let i = 0; i < 10; i++) assert.equal((await logIn(`127.0.1.${1 + (i >> 2)}`, "a wrong one")).status, 401);
	assertLimited(await logIn("127.0.1.3", "a wrong one"), { scope: "shared" });
	assertLimited(await logIn("127.0.1.3", dora.password), { scope: "shared" });
	assert.equal((await logIn("127.0.1.9", dora.password)).status, 200, "an address without failures");
	assert.equal((await logIn("127.0.1.10", "a wrong one")).status, 401, "one try from each");
	assertLimited(await logIn("127.0.1.10", dora.password), { scope: "shared" });
	assert.equal((await dora.client.get("/users/@me")).status, 200, "who is logged in notices nothing");
});

test("who fails at an address slows down the logins there, and not those who are logged in there", async () => {
	const eve = await invitePerson(ada);
	const statuses = [];
	for (let i = 0; i < 7; i++) statuses.push((await from("127.0.2.1", "/auth/login", { login: `nobody${i}`, password: "wrong" })).status);
	assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
	const refreshed = await from("127.0.2.1", "/auth/refresh", { refresh_token: eve.refresh_token });
	assert.equal(refreshed.status, 200, refreshed.text);
});

test("codes of invites cannot be guessed at by registering", async () => {
	const statuses = [];
	for (let i = 0; i < 7; i++) {
		const username = unique("guess");
		const body = { username, email: `${username}@example.org`, password: goodPassword, invite: `guess${i}` };
		statuses.push((await from("127.0.3.1", "/auth/register", body)).status);
	}
	assert.ok(statuses.includes(404) && statuses.includes(429), statuses.join());
});

test("failed logins slow down with a 429 and not a lock: the same limit for an account that is none", async () => {
	const statuses = { [ada.name]: [], nobody_at_all: [] };
	let last;
	for (const login of Object.keys(statuses))
		for (let i = 0; i < 14; i++) {
			last = await new Client(slow).post("/auth/login", { login, password: "not the password" });
			statuses[login].push(last.status);
		}
	assert.ok(Object.values(statuses).every((each) => each.includes(429)), JSON.stringify(statuses));
	assertLimited(last, { scope: "shared" });
	const page = new Page(slow);
	await page.fetch("/login");
	const reply = await page.submit(/login/, { login: ada.name, password: goodPassword });
	assert.ok([200, 429].includes(reply.status));
	if (reply.status === 429) assert.ok(Number(reply.headers["retry-after"]) > 0, "the page has Retry-After too");
	assert.equal((await ada.client.get("/users/@me")).status, 200, "who is logged in is not locked out");
});

test("invite previews are limited by address", async () => {
	const invite = (await ada.client.post(`/guilds/${ada.guild}/invites`, {})).json;
	const statuses = [];
	for (let i = 0; i < 25; i++) statuses.push((await slow.request(`/api/v1/invites/${invite.code}`, { localAddress: "127.0.4.1" })).status);
	assert.deepEqual(statuses, [...Array(20).fill(200), ...Array(5).fill(429)]);
});

test("a limit is configuration, and counts for all processes together: of fifty at the same moment exactly so many pass", async () => {
	const strict = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_LIMIT_MESSAGE: "7/1h", SNUG_LIMIT_INVITE_PREVIEW: "3/30min", SNUG_POOL_MIN: "6" } });
	const host = await setUp(strict);
	const { code } = (await host.client.post(`/guilds/${host.guild}/invites`, {})).json;
	const eve = await invitePerson(host);
	await until("all processes are there", () => strict.processes("snug-api").length >= 7);
	const posts = await Promise.all(Array.from({ length: 50 }, (_, i) => eve.client.post(`/channels/${host.channel}/messages`, { content: `${i}` })));
	const passed = posts.filter((each) => each.status === 200);
	assert.equal(passed.length, 7, posts.map((each) => each.status).join());
	assert.deepEqual(passed.map((each) => Number(each.headers["x-ratelimit-remaining"])).sort(), [0, 1, 2, 3, 4, 5, 6]);
	assert.ok(passed.every((each) => each.headers["x-ratelimit-limit"] === "7"));
	const refused = posts.filter((each) => each.status === 429);
	assert.equal(refused.length, 43);
	for (const each of refused) assertLimited(each);
	assert.equal((await eve.client.get(`/channels/${host.channel}/messages?limit=100`)).json.filter((each) => each.author.id === eve.user.id).length, 7);
	const looks = await Promise.all(Array.from({ length: 30 }, () => strict.request(`/api/v1/invites/${code}`)));
	assert.equal(looks.filter((each) => each.status === 200).length, 3, looks.map((each) => each.status).join());
});

test("what is no rate is refused by name, by check and at the start", async () => {
	const folder = temporaryFolder();
	for (const value of ["5", "5/", "0/s", "5/day", "5/2h", "-1/s", "2000/s", "five/s"]) {
		const env = { ...process.env, ASAN_OPTIONS: "detect_leaks=0", SNUG_LIMIT_GUESS: value };
		for (const command of [["check"], ["run", "--listen", "127.0.0.1:0"]]) {
			const done = spawnSync(path.join(binaries, "snug"), [...command, "--data", path.join(folder, "data")], { cwd: root, encoding: "utf8", timeout: 120_000, env });
			assert.equal(done.status, 1, `${command} ${value}: ${done.stdout.slice(-300)}`);
			assert.match(done.stderr, /limit_guess/);
		}
	}
});

test("limits outlive the programs", async () => {
	const channel = await make(ada);
	await postUntilLimited(ada.client, channel);
	for (const { pid, ppid } of slow.processes("snug-api")) if (ppid === slow.pid) kill(pid);
	await until("it is there again", async () => (await slow.request("/health/ready").catch(() => null))?.status === 200);
	const reply = await ada.client.post(`/channels/${channel}/messages`, { content: "too many" });
	assert.equal(reply.status, 429, reply.text);
});

await run();
