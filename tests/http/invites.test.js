// Invites: their limits, their preview, and that they never let in one too many.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const make = async (more = {}, by = owner) => {
	const reply = await by.client.post(`/guilds/${owner.guild}/invites`, more);
	assert.ok([200, 201].includes(reply.status), `${reply.status} ${reply.text}`);
	return reply.json;
};
const isMember = async (person) => (await person.client.get("/users/@me/guilds")).json.some((each) => each.id === owner.guild);

test("an invite shows its terms", async () => {
	const invite = await make({ max_uses: 7, max_age: 3600 });
	assert.match(invite.code, /^[A-Za-z0-9]{8,}$/);
	assert.equal(invite.max_uses, 7);
	assert.equal(invite.max_age, 3600);
	assert.equal(invite.uses, 0);
	assert.equal(invite.guild.id, owner.guild);
	assert.ok(Math.abs(Date.parse(invite.expires_at) - Date.now() - 3600_000) < 20_000, invite.expires_at);
});

test("a preview works logged out and counts no use", async () => {
	const invite = await make({ max_uses: 1 });
	for (let i = 0; i < 3; i++) {
		const seen = await new Client(snug).get(`/invites/${invite.code}`);
		assert.equal(seen.status, 200);
		assert.equal(seen.json.guild.name, "Works");
		assert.ok(!seen.text.includes("@example.org"), seen.text);
	}
	const bob = await register(snug);
	assert.equal((await bob.client.post(`/invites/${invite.code}`, {})).status, 200);
	assert.ok(await isMember(bob));
});

test("max_uses 0 and max_age 0 mean no limit", async () => {
	const invite = await make({ max_uses: 0, max_age: 0 });
	assert.equal(invite.expires_at ?? null, null);
	const people = await Promise.all([1, 2, 3].map(() => register(snug, { invite: invite.code })));
	for (const person of people) assert.ok(await isMember(person));
});

for (const [field, value] of [["max_uses", -1], ["max_uses", 101], ["max_age", -1], ["max_age", 604801], ["max_uses", "many"], ["max_age", 1.5]])
	test(`${field} ${value} is refused`, async () => {
		const reply = await owner.client.post(`/guilds/${owner.guild}/invites`, { [field]: value });
		assert.equal(reply.status, 400, reply.text);
		assert.ok(reply.json.errors[field], reply.text);
	});

test("an invite ends by its age", async () => {
	const invite = await make({ max_age: 1 });
	const bob = await register(snug);
	await until("it expires", async () => (await new Client(snug).get(`/invites/${invite.code}`)).status !== 200, { pause: 100 });
	const reply = await bob.client.post(`/invites/${invite.code}`, {});
	assert.ok(reply.status === 400 || reply.status === 404, `${reply.status} ${reply.text}`);
	assert.ok(!(await isMember(bob)));
	const body = { username: unique("late"), email: `${unique("late")}@example.org`, password: goodPassword, invite: invite.code };
	const late = await new Client(snug).post("/auth/register", body);
	assert.ok(late.status >= 400 && late.status < 500, `${late.status} ${late.text}`);
	const login = await new Client(snug).post("/auth/login", { login: body.username, password: goodPassword });
	assert.equal(login.status, 401, "the account was not made");
});

test("of twelve concurrent accepts of a one-use invite exactly one joins", async () => {
	const people = await Promise.all(Array.from({ length: 12 }, () => register(snug)));
	const invite = await make({ max_uses: 1 });
	const replies = await Promise.all(people.map((each) => each.client.post(`/invites/${invite.code}`, {})));
	assert.equal(replies.filter((reply) => reply.status === 200).length, 1, replies.map((reply) => reply.status).join());
	const members = await Promise.all(people.map(isMember));
	assert.equal(members.filter(Boolean).length, 1);
});

test("of ten concurrent sign-ups with a three-use invite exactly three become members", async () => {
	const invite = await make({ max_uses: 3 });
	const replies = await Promise.all(
		Array.from({ length: 10 }, () => {
			const username = unique("many");
			return new Client(snug).post("/auth/register", { username, email: `${username}@example.org`, password: goodPassword, invite: invite.code });
		}),
	);
	assert.equal(replies.filter((reply) => reply.status === 201).length, 3, replies.map((reply) => reply.text).join("\n"));
});

test("a member who accepts again changes nothing and costs no use", async () => {
	const invite = await make({ max_uses: 1 });
	const bob = await invitePerson(owner);
	const again = await bob.client.post(`/invites/${invite.code}`, {});
	assert.equal(again.status, 200, again.text);
	const carl = await register(snug);
	assert.equal((await carl.client.post(`/invites/${invite.code}`, {})).status, 200);
	assert.ok(await isMember(carl));
});

test("unknown codes are 404, whatever they hold", async () => {
	for (const code of ["zzzzzzzzzz", "x".repeat(500), "%00", "..%2f..", "%F0%9F%8E%88", "a'--", "%FF"]) {
		const reply = await new Client(snug).get(`/invites/${code}`);
		assert.ok([400, 404].includes(reply.status), `${code}: ${reply.status}`);
	}
	assert.equal((await new Client(snug).get("/invites/zzzzzzzzzz")).json.code, 10006);
});

test("somebody outside cannot invite, and sees no workspace to invite to", async () => {
	const stranger = await register(snug);
	const reply = await stranger.client.post(`/guilds/${owner.guild}/invites`, {});
	assert.equal(reply.status, 404, reply.text);
	assert.equal((await new Client(snug).post(`/guilds/${owner.guild}/invites`, {})).status, 401);
});

test("the page makes an invite, shows a link, and a stranger signs up by it", async () => {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: owner.name, password: owner.password });
	await page.open(`/guilds/${owner.guild}/invites`);
	await page.submit(/invites/);
	const link = /\/invite\/(\w+)/.exec(page.reply.text);
	assert.ok(link, page.text);
	const stranger = new Page(snug);
	await stranger.open(link[0]);
	assert.match(stranger.text, /Works/);
	await stranger.open(`/signup?invite=${link[1]}`);
	const username = unique("page");
	await stranger.submit(/signup/, { username, email: `${username}@example.org`, password: goodPassword, display_name: "By page" });
	assert.match(stranger.location, /^\/channels\//, stranger.text);
	assert.match(stranger.text, /general/);
});

await run();
