// Rate limits: 429 with Retry-After, X-RateLimit-* and retry_after, and nobody locked out for ever.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner);
const room = async () => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;

function assertLimited(reply) {
	assert.equal(reply.status, 429, reply.text);
	assert.ok(Number(reply.headers["retry-after"]) > 0, "Retry-After");
	assert.ok(reply.json.retry_after > 0 && reply.json.retry_after < 3600, reply.text);
	assert.equal(typeof reply.json.global, "boolean");
	assert.ok(Object.keys(reply.headers).some((name) => name.startsWith("x-ratelimit-")), "X-RateLimit-*");
}

test("the sixth post within 5 s to one channel is a 429, another channel and another person are free", async () => {
	const [one, two] = [await room(), await room()];
	const replies = [];
	for (let i = 0; i < 6; i++) replies.push(await bob.client.post(`/channels/${one}/messages`, { content: `${i}` }));
	assert.deepEqual(replies.slice(0, 5).map((each) => each.status), [200, 200, 200, 200, 200]);
	assertLimited(replies[5]);
	assert.equal((await bob.client.post(`/channels/${two}/messages`, { content: "elsewhere" })).status, 200);
	assert.equal((await owner.client.post(`/channels/${one}/messages`, { content: "somebody else" })).status, 200);
	assert.equal((await bob.client.get(`/channels/${one}/messages`)).json.length, 6, "what was limited was not posted");
	await new Promise((resolve) => setTimeout(resolve, replies[5].json.retry_after * 1000 + 50));
	assert.equal((await bob.client.post(`/channels/${one}/messages`, { content: "again" })).status, 200, "after retry_after it goes on");
});

test("X-RateLimit tells what is left", async () => {
	const channel = await room();
	const first = await bob.client.post(`/channels/${channel}/messages`, { content: "1" });
	const second = await bob.client.post(`/channels/${channel}/messages`, { content: "2" });
	assert.equal(first.headers["x-ratelimit-limit"], "5");
	assert.equal(Number(first.headers["x-ratelimit-remaining"]) - Number(second.headers["x-ratelimit-remaining"]), 1);
});

test("failed logins slow down with a 429 and not a lock: the same limit for an account that is none", async () => {
	const statuses = { [owner.name]: [], nobody_at_all: [] };
	let last;
	for (const login of Object.keys(statuses)) {
		const carl = login;
		for (let i = 0; i < 14; i++) {
			last = await new Client(snug).post("/auth/login", { login: carl, password: "not the password" });
			statuses[login].push(last.status);
		}
	}
	assert.ok(Object.values(statuses).every((each) => each.includes(429)), JSON.stringify(statuses));
	assertLimited(last);
	const page = new Page(snug);
	await page.fetch("/login");
	const reply = await page.submit(/login/, { login: owner.name, password: goodPassword });
	assert.ok([200, 429].includes(reply.status));
	if (reply.status === 429) assert.ok(Number(reply.headers["retry-after"]) > 0, "the page has Retry-After too");
	assert.equal((await owner.client.get("/users/@me")).status, 200, "who is logged in is not locked out");
});

test("invite previews are limited by address", async () => {
	const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;
	const statuses = [];
	for (let i = 0; i < 25; i++) statuses.push((await new Client(snug).get(`/invites/${invite.code}`)).status);
	assert.ok(statuses.includes(429), statuses.join());
	assert.ok(statuses.filter((each) => each === 200).length >= 15, statuses.join());
});

test("limits outlive the programs", async () => {
	const channel = await room();
	for (let i = 0; i < 5; i++) await bob.client.post(`/channels/${channel}/messages`, { content: `${i}` });
	for (const { pid, ppid } of snug.processes("snug-api")) if (ppid === snug.pid) process.kill(pid, "SIGKILL");
	await until("it is there again", async () => (await snug.request("/health/ready").catch(() => null))?.status === 200);
	const reply = await bob.client.post(`/channels/${channel}/messages`, { content: "too many" });
	assert.equal(reply.status, 429, reply.text);
});

await run();
