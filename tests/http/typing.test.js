// Typing: by every kind of credential, to those who see the conversation at that moment and never to who types; it is a signal,
// which no log keeps and nothing waits for.

import { kill, startSnug } from "../lib/snug.js";
import { Client, invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const [bob, eve] = [await invitePerson(owner, { display_name: "Bob" }), await invitePerson(owner)];
const make = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const startThread = async (channel, type = 11) => (await owner.client.post(`/channels/${channel}/threads`, { name: unique("thread"), type })).json.id;
const directOf = async (one, two) => (await one.client.post("/users/@me/channels", { recipient_id: two.user.id })).json.id;
const typing = (who, channel) => who.client.post(`/channels/${channel}/typing`);
const heard = (stream, channel) => stream.payloads("TYPING_START").filter((each) => each.channel_id === channel);

async function types(who, channel) {
	const reply = await typing(who, channel);
	assert.equal(reply.status, 204, reply.text);
	assert.equal(reply.text, "");
}

/** Types until a stream has heard of it: after a program was killed a signal may be lost. */
const isHeard = (stream, who, channel) => until("typing is heard of", async () => {
	await typing(who, channel);
	return heard(stream, channel).some((each) => each.user_id === who.user.id);
});

/** Something that the streams bring after all that came before. */
async function later(...streams) {
	const text = unique("later");
	await owner.client.send(owner.channel, text);
	for (const stream of streams) await stream.find(text, (each) => each.event === "MESSAGE_CREATE" && each.data.includes(text));
}

async function browse(who) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	return page;
}

/** What an open page's script sends. */
function typeBy(page, place, fields = {}, headers = {}) {
	const body = new URLSearchParams({ csrf: page.proof, ...fields }).toString();
	const all = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/vnd.snug.fragment+html", Origin: snug.url, ...headers };
	return page.fetch(`${place}/typing`, { method: "POST", body, headers: all, isFollowed: false });
}

test("by every kind of credential and in every version; what a body says does not count", async () => {
	const stream = await openStream(snug, { token: owner.access_token });
	const channel = await make();
	const personal = (await bob.client.post("/users/@me/tokens", { name: "script" })).json.token;
	const bot = (await owner.client.post(`/guilds/${owner.guild}/bots`, { username: unique("bot") })).json;
	const requests = [
		["/api/v1", `Bearer ${bob.access_token}`], ["/api/v9", `Bearer ${personal}`], ["/api/v10", `Bot ${bot.token}`], ["/api/v10", `Bearer ${bot.token}`],
		["/api/v1", `Bearer ${bob.access_token}`, ""], ["/api/v1", `Bearer ${bob.access_token}`, {}], ["/api/v1", `Bearer ${bob.access_token}`, "{\"channel_id\":\"1\",\"user_id\":[[["],
		["/api/v10", `Bot ${bot.token}`, "\0\xff", { "Content-Type": "image/png" }],
	];
	for (const [version, authorization, body, more = {}] of requests) {
		const reply = await snug.request(`${version}/channels/${channel}/typing`, { method: "POST", body, headers: { Authorization: authorization, ...more } });
		assert.deepEqual([reply.status, reply.text], [204, ""], `${version} ${authorization.slice(0, 7)} ${body}`);
	}
	await until("all are heard", () => heard(stream, channel).length === requests.length);
	assert.deepEqual(new Set(heard(stream, channel).map((each) => each.user_id)), new Set([bob.user.id, bot.user.id]));
	assert.equal((await new Client(snug).post(`/channels/${channel}/typing`)).status, 401);
	const expired = await new Client(snug, `${bob.access_token}x`).post(`/channels/${channel}/typing`);
	assert.equal(expired.status, 401);
	assert.equal((await owner.client.get(`/channels/${channel}/typing`)).status, 405);
	stream.close();
});

test("the payload is Discord's, the cursor stays, and who types is told on none of their devices", async () => {
	const [stream, own] = [await openStream(snug, { token: eve.access_token }), await openStream(snug, { token: bob.access_token })];
	const ids = stream.ids.length;
	await types(bob, owner.channel);
	const event = await stream.find("the event", (each) => each.event === "TYPING_START");
	assert.equal(stream.ids.length, ids, "it has no id");
	const { timestamp, member, ...more } = JSON.parse(event.data);
	assert.deepEqual(more, { channel_id: owner.channel, guild_id: owner.guild, user_id: bob.user.id });
	assert.ok(Number.isInteger(timestamp) && Math.abs(Date.now() / 1000 - timestamp) < 600, `${timestamp} s`);
	assert.equal(member.user.id, bob.user.id);
	assert.equal(member.user.global_name, "Bob");
	assert.ok(Array.isArray(member.roles) && member.joined_at);
	await later(stream, own);
	assert.deepEqual(own.payloads("TYPING_START"), []);
	const missed = (await eve.client.get(`/events?timeout=0&after=${event.id}`)).json;
	assert.ok(missed.events.length > 0 && missed.events.every((each) => each.t !== "TYPING_START"), "no log has it");
	for (const each of [stream, own]) each.close();
});

test("a long poll is answered by it when it named it, and by nothing else", async () => {
	const { next } = (await eve.client.get("/events?timeout=0")).json;
	const named = eve.client.get(`/events?timeout=60&after=${next}&channel=${owner.channel}&types=TYPING_START`);
	let reply = null;
	named.then((each) => (reply = each));
	await until("the poll is answered", async () => {
		await types(bob, owner.channel);
		return reply;
	});
	const [event] = reply.json.events;
	assert.deepEqual([event.t, event.d.user_id, "seq" in event, reply.json.next], ["TYPING_START", bob.user.id, false, next]);
});

test("who could not post there cannot say that they are typing, by the same error", async () => {
	const stream = await openStream(snug, { token: owner.access_token });
	const [hidden, readOnly, archived, slow, open] = [await make({ private: true }), await make(), await make(), await make({ rate_limit_per_user: 600 }), await make()];
	const category = await make({ type: 4 });
	const [locked, shut] = [await startThread(open), await startThread(archived)];
	await owner.client.put(`/channels/${readOnly}/permissions/${owner.guild}`, { type: 0, allow: "0", deny: String(1 << 11) });
	await owner.client.patch(`/channels/${archived}`, { archived: true });
	await owner.client.patch(`/channels/${locked}`, { locked: true });
	for (const channel of [hidden, readOnly, archived, shut, locked, category, "1234567890123456789"]) {
		const post = await bob.client.post(`/channels/${channel}/messages`, { content: "x" });
		const reply = await typing(bob, channel);
		assert.ok(post.status >= 400, `${channel}: ${post.status}`);
		assert.deepEqual([reply.status, reply.json.code], [post.status, post.json.code], `${channel}: ${reply.text}`);
	}
	await owner.client.patch(`/guilds/${owner.guild}/members/${bob.user.id}`, { communication_disabled_until: new Date(Date.now() + 3600_000).toISOString() });
	assert.deepEqual([(await typing(bob, open)).status, (await typing(bob, owner.channel)).status], [403, 403], "in a time-out");
	await owner.client.patch(`/guilds/${owner.guild}/members/${bob.user.id}`, { communication_disabled_until: null });
	for (let i = 0; i < 2; i++) await bob.client.post(`/channels/${slow}/messages`, { content: "once" });
	await types(bob, slow); // what is written meanwhile may be sent later
	await stream.find("the last", () => heard(stream, slow).length === 1);
	assert.equal(stream.payloads("TYPING_START").length, 1);
	stream.close();
});

test("threads, groups and direct messages: those in them alone, and not whom a block keeps apart", async () => {
	const thread = await startThread(owner.channel, 12);
	await owner.client.put(`/channels/${thread}/thread-members/${bob.user.id}`);
	const group = (await owner.client.post("/users/@me/channels", { recipients: [bob.user.id, eve.user.id] })).json.id;
	const direct = await directOf(owner, bob);
	const [mine, theirs] = [await openStream(snug, { token: owner.access_token }), await openStream(snug, { token: eve.access_token })];
	for (const channel of [thread, group, direct]) await types(bob, channel);
	await later(mine, theirs);
	assert.deepEqual([thread, group, direct].map((channel) => heard(mine, channel).length), [1, 1, 1]);
	assert.deepEqual([thread, group, direct].map((channel) => heard(theirs, channel).length), [0, 1, 0]);
	assert.equal(heard(mine, thread)[0].guild_id, owner.guild);
	for (const each of [heard(mine, group)[0], heard(mine, direct)[0]]) assert.deepEqual(Object.keys(each).sort(), ["channel_id", "timestamp", "user_id"]);
	await owner.client.put(`/users/@me/blocks/${bob.user.id}`);
	const refused = await typing(bob, direct);
	assert.deepEqual([refused.status, refused.json.code], [403, 50007]);
	assert.equal((await typing(owner, direct)).status, 403);
	await owner.client.delete(`/users/@me/blocks/${bob.user.id}`);
	for (const each of [mine, theirs]) each.close();
});

test("who is removed hears no more of it at once", async () => {
	const carl = await invitePerson(owner);
	const channel = await make({ private: true });
	for (const who of [carl, bob]) await owner.client.put(`/channels/${channel}/members/${who.user.id}`);
	const stream = await openStream(snug, { token: carl.access_token });
	await types(bob, channel);
	await stream.find("typing", () => heard(stream, channel).length === 1);
	for (let round = 0; round < 5; round++) {
		await owner.client.delete(`/channels/${channel}/members/${carl.user.id}`);
		await types(bob, channel);
		await later(stream);
		assert.equal(heard(stream, channel).length, round + 1);
		await owner.client.put(`/channels/${channel}/members/${carl.user.id}`);
		await types(bob, channel);
		await stream.find("typing again", () => heard(stream, channel).length === round + 2);
	}
	stream.close();
});

test("an open page says it by its form's token, from our site alone, and hears the name as text", async () => {
	await bob.client.patch(`/guilds/${owner.guild}/members/@me`, { nick: "<b>Bobby & co" });
	const [page, other] = [await browse(bob), await browse(eve)];
	const place = `/channels/${owner.guild}/${owner.channel}`, direct = await directOf(bob, eve);
	await page.open(place);
	page.proof = page.form(/\/messages$/).fields.csrf;
	const stream = await openStream(snug, { cookie: other.cookie, path: "/live", query: `channel=${owner.channel}` });
	const elsewhere = await openStream(snug, { cookie: other.cookie, path: "/live", query: `channel=${direct}` });
	const own = await openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` });
	for (const [fields, headers] of [[{ csrf: "" }], [{ csrf: "AAAA" }], [{}, { Origin: "https://elsewhere.example" }], [{}, { "Sec-Fetch-Site": "cross-site" }]])
		assert.equal((await typeBy(page, place, fields, headers)).status, 403);
	const reply = await typeBy(page, place, { anything: "else" });
	assert.deepEqual([reply.status, reply.text], [204, ""]);
	const events = () => stream.events.filter((each) => each.event === "TYPING_START");
	await stream.find("typing", () => events().length > 0);
	assert.match(events()[0].data, new RegExp(`^<bdi data-user="${bob.user.id}" data-at="\\d+">&lt;b&gt;Bobby &amp; co</bdi>$`));
	assert.equal((await typeBy(page, `/channels/@me/${direct}`)).status, 204);
	await elsewhere.find("typing in a direct message", (each) => each.event === "TYPING_START" && each.data.endsWith(">Bob</bdi>"));
	await later(stream, own);
	assert.equal(events().length, 1, "what was refused is nobody's, nor what is said elsewhere");
	assert.ok(!own.events.some((each) => each.event === "TYPING_START"));
	assert.equal((await typeBy(page, `/channels/@me/${owner.channel}`)).status, 404, "a channel has one address");
	for (const each of [stream, elsewhere, own]) each.close();
	await bob.client.patch(`/guilds/${owner.guild}/members/@me`, { nick: "" });
});

test("it passes by the store, and whatever is killed, it is answered and heard again", async () => {
	const store = snug.parentOf("snug-store");
	const stream = await openStream(snug, { token: eve.access_token });
	await types(bob, owner.channel);
	await stream.find("typing", () => heard(stream, owner.channel).length === 1);
	process.kill(store.pid, "SIGSTOP");
	try {
		await types(bob, owner.channel);
		await stream.find("typing while the store is stopped", () => heard(stream, owner.channel).length === 2);
	} finally {
		process.kill(store.pid, "SIGCONT");
	}
	for (const program of ["snug-live", "snug-api", "snug-live"]) {
		const victim = snug.parentOf(program);
		kill(victim.pid);
		await until(`${program} is there again`, () => snug.processes(program).some((each) => each.pid !== victim.pid));
		if (program === "snug-live") await types(bob, owner.channel);
		const again = await openStream(snug, { token: eve.access_token });
		await isHeard(again, bob, owner.channel);
		again.close();
	}
	stream.close();
});

test("while nobody takes signals, more than anything holds is answered like the first, and later ones are heard", async () => {
	const stream = await openStream(snug, { token: eve.access_token });
	const live = snug.parentOf("snug-live");
	process.kill(live.pid, "SIGSTOP");
	try {
		for (let i = 0; i < 25; i++) await Promise.all(Array.from({ length: 20 }, () => types(bob, owner.channel)));
	} finally {
		process.kill(live.pid, "SIGCONT");
	}
	const channel = await make();
	await isHeard(stream, bob, channel);
	assert.ok(heard(stream, owner.channel).length < 500, "what found no room is gone");
	stream.close();
});

test("five within 5 s to a conversation, by the API and by pages together; another conversation is free", async () => {
	const limited = await startSnug({ env: { SNUG_RATE_LIMITS: "on", SNUG_LIMIT_TYPING: "5/1h" } });
	const ada = await setUp(limited);
	const channel = (await ada.client.post(`/guilds/${ada.guild}/channels`, { name: "other" })).json.id;
	const page = new Page(limited);
	await page.open("/login");
	await page.submit(/login/, { login: ada.name, password: ada.password });
	await page.open(`/channels/${ada.guild}/${ada.channel}`);
	const body = new URLSearchParams({ csrf: page.form(/\/messages$/).fields.csrf }).toString();
	const byPage = () => page.fetch(`/channels/${ada.guild}/${ada.channel}/typing`, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: limited.url } });
	for (let i = 0; i < 4; i++) await types(ada, ada.channel);
	assert.equal((await byPage()).status, 204);
	const reply = await typing(ada, ada.channel);
	assert.equal(reply.status, 429);
	assert.equal(reply.headers["x-ratelimit-limit"], "5");
	assert.equal(reply.headers["x-ratelimit-scope"], "user");
	assert.ok(reply.json.retry_after > 0 && reply.json.global === false, reply.text);
	assert.equal((await byPage()).status, 429);
	await types(ada, channel);
	await ada.client.send(ada.channel, "posts have a limit of their own");
	await limited.stop();
});

await run();
