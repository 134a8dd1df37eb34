// Invites: their limits, their preview, and that they never let in one too many.

import { startSnug } from "../lib/snug.js";
import { Client, goodPassword, invitePerson, register, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
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

test("of fifty concurrent accepts of a one-use invite exactly one joins", async () => {
	const people = [];
	while (people.length < 50) people.push(...(await Promise.all(Array.from({ length: 5 }, () => register(snug)))));
	const invite = await make({ max_uses: 1 });
	const replies = await Promise.all(people.map((each) => each.client.post(`/invites/${invite.code}`, {})));
	assert.equal(replies.filter((reply) => reply.status === 200).length, 1, replies.map((reply) => reply.status).join());
	assert.ok(replies.every((reply) => reply.status === 200 || reply.json.code === 50270), replies.map((reply) => reply.text).join("\n"));
	const members = await Promise.all(people.map(isMember));
	assert.equal(members.filter(Boolean).length, 1);
	assert.ok(members[replies.findIndex((reply) => reply.status === 200)], "the one who was told so is in");
	for (const each of people) each.client.close();
});

test("whoever made it, manages the channel or the workspace revokes an invite; others do not", async () => {
	const [bob, carl] = [await invitePerson(owner), await invitePerson(owner)];
	const stranger = await register(snug);
	const invite = await make({}, bob);
	for (const [person, status] of [[carl, 403], [stranger, 403]])
		assert.equal((await person.client.delete(`/invites/${invite.code}`)).status, status);
	assert.equal((await new Client(snug).delete(`/invites/${invite.code}`)).status, 401);
	assert.equal((await bob.client.delete(`/invites/${(await make()).code}`)).status, 403);
	const reply = await bob.client.delete(`/invites/${invite.code}`);
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.json.code, invite.code);
	assert.equal((await bob.client.delete(`/invites/${invite.code}`)).status, 404);
	assert.equal((await stranger.client.post(`/invites/${invite.code}`, {})).status, 404);
	assert.equal((await owner.client.delete(`/invites/${(await make({}, bob)).code}`)).status, 200);
});

test("the lists are for who manages: all of a workspace, or those of one channel", async () => {
	const bob = await invitePerson(owner);
	const other = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room") })).json.id;
	const here = (await owner.client.post(`/channels/${other}/invites`, { max_age: 60 })).json;
	assert.equal(here.channel.id, other);
	const all = await owner.client.get(`/guilds/${owner.guild}/invites`);
	assert.ok(all.json.some((each) => each.code === here.code) && all.json.length > 1);
	const ofChannel = await owner.client.get(`/channels/${other}/invites`);
	assert.deepEqual(ofChannel.json.map((each) => each.code), [here.code]);
	for (const key of ["uses", "max_uses", "max_age", "temporary", "created_at", "inviter", "guild"]) assert.ok(key in ofChannel.json[0], key);
	for (const place of [`/guilds/${owner.guild}/invites`, `/channels/${other}/invites`]) assert.equal((await bob.client.get(place)).status, 403, place);
	assert.equal((await owner.client.delete(`/channels/${other}`)).status, 200);
	assert.equal((await new Client(snug).get(`/invites/${here.code}`)).status, 404, "an invite to a channel that is gone");
});

test("events of invites reach those who manage channels and nobody else", async () => {
	const bob = await invitePerson(owner);
	const [mine, bobs] = [await openStream(snug, { token: owner.access_token }), await openStream(snug, { token: bob.access_token })];
	const invite = await make({ max_uses: 2 }, bob);
	const created = await mine.find("INVITE_CREATE", (each) => each.event === "INVITE_CREATE" && JSON.parse(each.data).code === invite.code);
	const data = JSON.parse(created.data);
	assert.equal(data.channel_id, owner.channel);
	assert.equal(data.guild_id, owner.guild);
	assert.equal(data.max_uses, 2);
	assert.equal(data.inviter.id, bob.user.id);
	await owner.client.delete(`/invites/${invite.code}`);
	const deleted = await mine.find("INVITE_DELETE", (each) => each.event === "INVITE_DELETE");
	assert.deepEqual(JSON.parse(deleted.data), { guild_id: owner.guild, channel_id: owner.channel, code: invite.code });
	await owner.client.send(owner.channel, "a full stop to invites");
	await bobs.find("what comes after", (each) => each.data.includes("a full stop to invites"));
	assert.ok(!bobs.events.some((each) => /INVITE|AUDIT/.test(each.event)), bobs.events.map((each) => each.event).join());
	mine.close();
	bobs.close();
});

test("the banned are refused until the ban is lifted, by the API and on the page", async () => {
	const bob = await invitePerson(owner);
	assert.equal((await owner.client.put(`/guilds/${owner.guild}/bans/${bob.user.id}`, {})).status, 204);
	const invite = await make({ max_uses: 1 });
	const reply = await bob.client.post(`/invites/${invite.code}`, {});
	assert.equal(reply.status, 403, reply.text);
	assert.equal(reply.json.code, 40007);
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	await page.open(`/invite/${invite.code}`);
	await page.submit(/invite/);
	assert.equal(page.reply.status, 403);
	assert.match(page.text, /You are banned/);
	assert.equal((await owner.client.delete(`/guilds/${owner.guild}/bans/${bob.user.id}`)).status, 204);
	assert.equal((await bob.client.post(`/invites/${invite.code}`, {})).status, 200);
});

test("a preview tells the name, who invites and how many there are; of a private channel nothing", async () => {
	const hidden = (await owner.client.post(`/guilds/${owner.guild}/channels`, {
		name: "zanzibar", permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }],
	})).json.id;
	await owner.client.patch(`/guilds/${owner.guild}`, { description: "zanzibar too" });
	const invite = (await owner.client.post(`/channels/${hidden}/invites`, {})).json;
	assert.equal(invite.channel.name, "zanzibar", "whoever makes it sees it");
	const stranger = new Page(snug);
	await stranger.open(`/invite/${invite.code}`);
	const seen = await new Client(snug).get(`/invites/${invite.code}`);
	for (const text of [seen.text, stranger.reply.text]) assert.ok(!text.includes("zanzibar"), text.slice(0, 600));
	assert.deepEqual(Object.keys(seen.json).sort(), ["approximate_member_count", "code", "expires_at", "guild", "guild_id", "inviter", "type"]);
	assert.deepEqual(Object.keys(seen.json.guild).sort(), ["icon", "id", "name"]);
	assert.match(stranger.text, /Join Works Ada invites you\. Members: \d+/);
	const bob = await register(snug);
	const joined = await bob.client.post(`/invites/${invite.code}`, {});
	assert.equal(joined.status, 200);
	assert.ok(!joined.text.includes("zanzibar"), joined.text);
	assert.equal((await bob.client.get(`/channels/${hidden}`)).status, 404, "an invite to it does not open it");
});

test("newcomers are in the default channels from the start", async () => {
	const bob = await invitePerson(owner);
	const members = await owner.client.get(`/channels/${owner.channel}/members`);
	assert.equal(members.status, 200, members.text);
	assert.ok(members.text.includes(bob.user.id), members.text.slice(0, 400));
});

test("a link that is over says what to do, on a page for people", async () => {
	const used = await make({ max_uses: 1 });
	await register(snug, { invite: used.code });
	const page = new Page(snug);
	for (const [code, status] of [[used.code, 400], ["zzzzzzzzzz", 404]]) {
		const reply = await page.fetch(`/invite/${code}`);
		assert.equal(reply.status, status);
		assert.match(page.text, /ask .*for a new|for a new link/i);
	}
	const bob = await register(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	const live = await make();
	await page.open(`/join?invite=${encodeURIComponent(`  ${snug.url}/invite/${live.code}?utm=1#x `)}`);
	assert.equal(page.location, `/invite/${live.code}`);
	for (const text of ["", "https://evil.example/%0d%0aSet-Cookie:x", "//evil.example/", "../../logout", "javascript:alert(1)", "a b"]) {
		const reply = await page.fetch(`/join?invite=${encodeURIComponent(text)}`);
		assert.equal(reply.status, 404, text);
		assert.ok(!reply.text.includes("evil"), text);
	}
});

test("the page makes invites with their terms, lists one's own, and revokes them", async () => {
	const bob = await invitePerson(owner);
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	await page.open(`/guilds/${owner.guild}/invites`);
	assert.match(page.text, /None yet/);
	await page.submit(/invites$/, { max_age: "3600", max_uses: "5", temporary: "true", channel_id: owner.channel });
	assert.equal(page.reply.status, 200, page.text);
	const code = /\/invite\/(\w+)"/.exec(page.reply.text)[1];
	assert.ok(page.reply.text.includes(`${snug.url}/invite/${code}`), "a whole link");
	assert.match(page.text, /used 0 of 5/);
	const invite = (await owner.client.get(`/guilds/${owner.guild}/invites`)).json.find((each) => each.code === code);
	assert.deepEqual([invite.max_age, invite.max_uses, invite.temporary, invite.inviter.id], [3600, 5, true, bob.user.id]);
	await page.submit(/revoke/);
	assert.match(page.text, /Revoked\. It no longer works\./);
	assert.equal((await new Client(snug).get(`/invites/${code}`)).status, 404);

	const others = await make();
	const csrf = page.form(/invites$/).fields.csrf;
	const body = new URLSearchParams({ csrf }).toString();
	const headers = { "Content-Type": "application/x-www-form-urlencoded", Origin: snug.url };
	const refused = await page.fetch(`/guilds/${owner.guild}/invites/${others.code}/revoke`, { method: "POST", body, headers });
	assert.equal(refused.status, 403);
	assert.equal((await new Client(snug).get(`/invites/${others.code}`)).status, 200);
});

await run();
