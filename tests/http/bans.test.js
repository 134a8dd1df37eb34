// Bans by the JSON interface and by pages: who is banned stays out, whatever they hold, and what they wrote goes.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const guild = `/guilds/${owner.guild}`;
const ban = (person) => `${guild}/bans/${person.user.id}`;
const invite = async () => (await owner.client.post(`${guild}/invites`, {})).json.code;

test("who is banned is out, and no invite lets them in, old or new", async () => {
	const bob = await invitePerson(owner);
	const old = await invite();
	const others = await openStream(snug, { token: owner.access_token });
	const reply = await owner.client.put(ban(bob), { delete_message_seconds: 0 }, { "X-Audit-Log-Reason": "spam%2C%20%C3%A9" });
	assert.equal(reply.status, 204, reply.text);
	assert.equal(reply.text, "");
	const event = JSON.parse((await others.find("GUILD_BAN_ADD", (each) => each.event === "GUILD_BAN_ADD")).data);
	assert.deepEqual([event.guild_id, event.user.id], [owner.guild, bob.user.id]);
	await others.find("GUILD_MEMBER_REMOVE", (each) => each.event === "GUILD_MEMBER_REMOVE");
	assert.equal((await bob.client.get(guild)).status, 404);
	for (const code of [old, await invite()]) {
		const refused = await bob.client.post(`/invites/${code}`, {});
		assert.deepEqual([refused.status, refused.json.code], [403, 40007], refused.text);
	}
	const found = (await owner.client.get(ban(bob))).json;
	assert.equal(found.reason, "spam, é");
	assert.equal(found.user.id, bob.user.id);
	assert.equal((await owner.client.put(ban(bob), {})).status, 204, "again");
	assert.equal((await owner.client.delete(ban(bob))).status, 204);
	await others.find("GUILD_BAN_REMOVE", (each) => each.event === "GUILD_BAN_REMOVE");
	assert.equal((await bob.client.post(`/invites/${old}`, {})).status, 200);
	for (const gone of [await owner.client.get(ban(bob)), await owner.client.delete(ban(bob))])
		assert.deepEqual([gone.status, gone.json.code], [404, 10026]);
	others.close();
});

test("a ban ends open streams' share of the workspace", async () => {
	const bob = await invitePerson(owner);
	const stream = await openStream(snug, { token: bob.access_token });
	await owner.client.send(owner.channel, "one");
	await stream.find("one", (each) => each.data.includes("one"));
	await owner.client.put(ban(bob), {});
	await stream.find("GUILD_DELETE", (each) => each.event === "GUILD_DELETE");
	await owner.client.send(owner.channel, "two");
	const own = (await bob.client.post("/guilds", { name: "Elsewhere" })).json;
	await stream.find("what comes after", (each) => each.data.includes(own.id));
	assert.ok(!stream.events.some((each) => each.data.includes('"two"')));
	stream.close();
});

test("who is no member can be banned, and an account that does not exist cannot", async () => {
	const bob = await invitePerson(owner);
	await owner.client.delete(`${guild}/members/${bob.user.id}`);
	assert.equal((await owner.client.put(ban(bob), {})).status, 204);
	assert.equal((await bob.client.post(`/invites/${await invite()}`, {})).status, 403);
	const nobody = await owner.client.put(`${guild}/bans/1234567890123456789`, {});
	assert.deepEqual([nobody.status, nobody.json.code], [404, 10013]);
});

test("bans are listed by pages, for those who may ban", async () => {
	const people = [];
	for (let i = 0; i < 4; i++) people.push(await invitePerson(owner));
	for (const person of people) await owner.client.put(ban(person), {}, { "X-Audit-Log-Reason": person.name });
	const all = (await owner.client.get(`${guild}/bans`)).json;
	const ids = all.map((each) => each.user.id);
	assert.ok(people.every((person) => ids.includes(person.user.id)));
	assert.equal(all.find((each) => each.user.id === people[0].user.id).reason, people[0].name);
	assert.deepEqual((await owner.client.get(`${guild}/bans?limit=2`)).json.map((each) => each.user.id), ids.slice(0, 2));
	assert.deepEqual((await owner.client.get(`${guild}/bans?limit=1&after=${ids[1]}`)).json.map((each) => each.user.id), ids.slice(2, 3));
	assert.deepEqual((await owner.client.get(`${guild}/bans?limit=1&before=${ids[1]}`)).json.map((each) => each.user.id), ids.slice(0, 1));
	const eve = await invitePerson(owner);
	for (const [method, place] of [["GET", `${guild}/bans`], ["GET", ban(people[0])], ["PUT", ban(eve)], ["DELETE", ban(people[0])]])
		assert.equal((await eve.client.request(method, place, method === "PUT" ? {} : undefined)).status, 403, `${method} ${place}`);
	for (const body of [{ delete_message_seconds: 604801 }, { delete_message_seconds: -1 }, { delete_message_days: 8 }, { delete_message_seconds: "all" }])
		assert.equal((await owner.client.put(ban(eve), body)).status, 400, JSON.stringify(body));
	assert.equal((await owner.client.put(ban(owner), {})).status, 403);
});

test("what they wrote goes from history and log, in every channel, however much it is", async () => {
	const bob = await invitePerson(owner);
	const other = (await owner.client.post(`${guild}/channels`, { name: unique("room") })).json.id;
	const kept = await owner.client.send(other, "kept");
	const start = (await owner.client.get("/events?timeout=0")).json.next;
	for (let i = 0; i < 130; i++) await bob.client.send(i % 2 ? other : owner.channel, `rubbish ${i}`);
	assert.equal((await owner.client.put(ban(bob), { delete_message_seconds: 3600 })).status, 204);
	await until("all is gone", async () => {
		const all = [...(await history(owner.client, other)), ...(await history(owner.client, owner.channel))];
		return !all.some((each) => each.author.id === bob.user.id);
	});
	assert.deepEqual((await history(owner.client, other)).map((each) => each.id), [kept.id]);
	let text = "", next = start, deleted = 0;
	for (;;) {
		const page = (await owner.client.get(`/events?timeout=0&after=${next}`)).json;
		text += JSON.stringify(page.events);
		deleted += page.events.filter((each) => each.t === "MESSAGE_DELETE").length;
		if (page.events.length === 0) break;
		next = page.next;
	}
	assert.equal(deleted, 130);
	assert.ok(!text.includes("rubbish"), "the log still holds the text");
});

test("pages: somebody is banned with a reason, stands in the list, and is let in again", async () => {
	const eve = await invitePerson(owner, { display_name: "Eve Adder" });
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: owner.name, password: owner.password });
	await page.open(`/guilds/${owner.guild}/members/${eve.user.id}`);
	await page.submit(/\/ban$/, { reason: "rude <b>words</b>", delete_message_seconds: "3600" });
	assert.match(page.location, /\/members\?done=banned$/);
	await page.open(`/guilds/${owner.guild}/bans`);
	assert.match(page.text, /Eve Adder/);
	assert.ok(page.reply.text.includes("rude &lt;b&gt;words"), "the reason is text");
	await page.submit(new RegExp(`/bans/${eve.user.id}/lift$`), {});
	assert.match(page.location, /\/bans\?done=unbanned$/);
	assert.equal((await owner.client.get(ban(eve))).status, 404);
});

await run();
