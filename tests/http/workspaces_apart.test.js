// Two workspaces on one server with people in both: nothing of one is reached by an id of the other, not even by who may do
// anything in both, and nothing of one is heard or shown in the other. The routes are read from the sources, so a new row is
// tried without a word here.

import { startSnug } from "../lib/snug.js";
import { invitePerson, register, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { apiRoutes, pageRoutes } from "../lib/routes.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const mark = "zanzibar"; // stands in all that the second workspace holds

/** A workspace with one of everything, whose texts hold a word: { owner, guild, channel, hidden, message, role, member, bot, code }. */
async function furnish(owner, word) {
	const { client, guild, channel } = owner;
	const insist = async (method, path, body, headers) => {
		const reply = await client.request(method, path, body, headers);
		assert.ok(reply.status >= 200 && reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
		return reply.json;
	};
	const reason = { "X-Audit-Log-Reason": `${word}%20reason` };
	const role = await insist("POST", `/guilds/${guild}/roles`, { name: `${word} role` });
	const category = await insist("POST", `/guilds/${guild}/channels`, { name: `${word} category`, type: 4 });
	const hidden = await insist("POST", `/guilds/${guild}/channels`, {
		name: `${word}-hidden`, topic: `${word} topic`, permission_overwrites: [{ id: guild, type: 0, deny: "1024" }],
	}, reason);
	const open = await insist("POST", `/guilds/${guild}/channels`, { name: `${word}-open`, parent_id: category.id });
	const member = await invitePerson(owner, { display_name: `${word} member` });
	const banned = await invitePerson(owner, { display_name: `${word} banned` });
	await insist("PUT", `/guilds/${guild}/bans/${banned.user.id}`, {}, reason);
	await insist("PATCH", `/guilds/${guild}/members/${member.user.id}`, { nick: `${word} nick` });
	await insist("PUT", `/guilds/${guild}/members/${member.user.id}/roles/${role.id}`);
	await insist("PATCH", `/guilds/${guild}`, { description: `${word} description` });
	const bot = await insist("POST", `/guilds/${guild}/bots`, { username: `${word}_bot` });
	const message = await client.send(open.id, `${word} in the open`);
	await client.send(hidden.id, `${word} in hiding`);
	const code = (await insist("POST", `/channels/${open.id}/invites`, {})).code;
	const group = await invitePerson(owner, { display_name: `${word} third` });
	const direct = await insist("POST", "/users/@me/channels", { recipient_id: member.user.id });
	await client.send(direct.id, `${word} directly`);
	return { owner, guild, general: channel, channel: open.id, hidden: hidden.id, category: category.id, message: message.id, role: role.id, member, third: group,
		banned, bot: bot.user.id, code, direct: direct.id };
}

const ada = await setUp(snug);
const zoe = await register(snug, { username: "zoe", workspace: `${mark} works` });
zoe.guild = (await zoe.client.get("/users/@me/guilds")).json[0].id;
zoe.channel = (await zoe.client.get(`/guilds/${zoe.guild}/channels`)).json[0].id;
const here = await furnish(ada, "harbour");
const there = await furnish(zoe, mark);

/** Who may do anything in both, as a person of the one and a guest of the other would if ids were mixed up. */
const both = await invitePerson(ada, { username: "bob" });
assert.equal((await both.client.post(`/invites/${there.code}`, {})).status, 200);
for (const { owner, guild } of [here, there]) {
	const admin = (await owner.client.get(`/guilds/${guild}/roles`)).json.find((each) => each.name === "Admin").id;
	assert.equal((await owner.client.put(`/guilds/${guild}/members/${both.user.id}/roles/${admin}`)).status, 204);
}
await zoe.client.patch(`/guilds/${zoe.guild}/members/${both.user.id}`, { nick: `${mark} bob` });

/** All that its owner sees of a workspace. */
async function stateOf({ owner, guild, channel, hidden, general }) {
	const places = ["", "/channels", "/roles", "/members?limit=1000", "/invites", "/bans", "/bots"].map((each) => `/guilds/${guild}${each}`);
	for (const id of [channel, hidden, general]) places.push(`/channels/${id}`, `/channels/${id}/messages`, `/channels/${id}/members`, `/channels/${id}/bans`);
	const parts = [];
	for (const place of places) {
		const reply = await owner.client.get(place);
		assert.equal(reply.status, 200, `${place}: ${reply.text}`);
		parts.push(`${place} ${reply.text.replaceAll(/"last_used_at":"[^"]*"/g, "")}`);
	}
	return parts.join("\n");
}
const state = async () => `${await stateOf(here)}\n${await stateOf(there)}`;

async function login(person) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: person.name, password: person.password });
	return page;
}

/** Ids of one workspace where the pattern names the place, of the other for all else. */
const mixtures = { "a place here with things of there": [here, there], "a place there with things of here": [there, here] };
const fill = (pattern, place, things) => {
	const outer = pattern.includes("{guild}") ? "guild" : "channel";
	const values = { guild: place.guild, channel: outer === "channel" ? place.channel : things.channel, message: things.message, role: things.role,
		user: pattern.includes("/bots/") ? things.bot : things.member.user.id, target: things.role, code: things.code };
	return pattern.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
};
const isMixed = ({ pattern }) => /\{(guild|channel)\}.*\{\w+\}/.test(pattern) && !/^\/icons/.test(pattern);
/** Somebody may be banned before they come, as with Discord's; what is not in one's own list of saved messages can be taken from it. */
const mayPass = ({ method, pattern }) => (method === "DELETE" && pattern.includes("/users/@me/saved/")) || /^\/saved\/.*\/remove$/.test(pattern) ||
	(method === "PUT" && pattern.endsWith("/guilds/{guild}/bans/{user}")) || pattern === "/guilds/{guild}/members/{user}/ban";
const body = { name: "taken-over", nick: "taken over", content: "taken over", reason: "taken over", username: "taken_over", max_age: 0, type: 1, allow: "1024", deny: "0", roles: [] };

for (const [what, [place, things]] of Object.entries(mixtures))
	test(`the API: ${what} is not found`, async () => {
		const before = await state();
		const routes = apiRoutes().filter((each) => isMixed(each) && !mayPass(each));
		assert.ok(routes.length > 20, `${routes.length}`);
		for (const { method, pattern } of routes) {
			const location = fill(pattern, place, things).replace("/api/v1", "");
			const reply = await both.client.request(method, location, method === "GET" ? undefined : body);
			assert.ok([400, 404].includes(reply.status), `${method} ${pattern} ${location}: ${reply.status} ${reply.text.slice(0, 300)}`);
			if (place === here) assert.ok(!reply.text.includes(mark), `${method} ${location} tells: ${reply.text.slice(0, 400)}`);
		}
		assert.equal(await state(), before, "something was changed");
	});

for (const [what, [place, things]] of Object.entries(mixtures))
	test(`pages: ${what} are not found`, async () => {
		const before = await state();
		const page = await login(both);
		const csrf = page.forms[0].fields.csrf;
		const routes = pageRoutes().filter((each) => isMixed(each) && !mayPass(each));
		assert.ok(routes.length > 30, `${routes.length}`);
		for (const { method, pattern } of routes) {
			const location = fill(pattern, place, things);
			const form = { csrf, name: "taken-over", nick: "taken over", content: "taken over", reason: "taken over", role_id: things.role, user_id: things.member.user.id };
			const headers = { "Content-Type": "application/x-www-form-urlencoded", Origin: snug.url };
			const reply = await page.fetch(location, method === "GET" ? { isFollowed: false }
				: { method, body: new URLSearchParams(form).toString(), headers, isFollowed: false });
			// A ban that is not there is lifted already.
			const isRefused = [400, 403, 404].includes(reply.status) || (reply.status === 303 && pattern.endsWith("/bans/{user}/lift"));
			assert.ok(isRefused, `${method} ${pattern} ${location}: ${reply.status} ${reply.headers.location}`);
		}
		assert.equal(await state(), before, "something was changed");
	});

test("ids of another workspace inside a body are refused", async () => {
	const before = await state();
	const [g, c, them] = [here.guild, here.channel, there];
	const dora = them.member.user.id;
	for (const [method, location, what, allowed = [400, 403, 404]] of [
		["POST", `/guilds/${g}/channels`, { name: "x1", parent_id: them.category }],
		["POST", `/guilds/${g}/channels`, { name: "x2", permission_overwrites: [{ id: them.role, type: 0, deny: "1024" }] }],
		["POST", `/guilds/${g}/channels`, { name: "x3", permission_overwrites: [{ id: dora, type: 1, allow: "1024" }] }],
		["POST", `/guilds/${g}/channels`, { name: "x4", private: true, members: [dora] }],
		["PATCH", `/guilds/${g}/channels`, [{ id: them.channel, position: 0 }]],
		["PATCH", `/guilds/${g}/channels`, [{ id: c, position: 0, parent_id: them.category }]],
		["PATCH", `/guilds/${g}/roles`, [{ id: them.role, position: 1 }]],
		["PATCH", `/guilds/${g}`, { owner_id: dora }],
		["PATCH", `/guilds/${g}/members/${here.member.user.id}`, { roles: [them.role] }],
		["POST", `/guilds/${g}/invites`, { channel_id: them.channel }],
		["PATCH", `/channels/${c}`, { parent_id: them.category }],
		["PATCH", `/channels/${c}`, { permission_overwrites: [{ id: them.role, type: 0, allow: "1024", deny: "0" }] }],
		["POST", `/channels/${c}/members`, { users: [dora] }],
		["POST", `/channels/${c}/members`, { users: [here.third.user.id, dora] }],
		["DELETE", `/channels/${c}/members`, { users: [dora] }],
		["PUT", `/channels/${c}/owner`, { user_id: dora }],
	]) {
		const person = location === `/guilds/${g}` ? ada : both;
		const reply = await person.client.request(method, location, what);
		assert.ok(allowed.includes(reply.status), `${method} ${location} ${JSON.stringify(what)}: ${reply.status} ${reply.text.slice(0, 300)}`);
		assert.ok(!reply.text.includes(mark), reply.text.slice(0, 400));
	}
	assert.equal(await state(), before, "something was changed");
});

test("who shares no workspace writes nobody directly, and makes no group of strangers", async () => {
	const dora = there.member.user.id;
	const seen = await here.member.client.get(`/users/${dora}`);
	assert.equal(seen.status, 404, seen.text);
	for (const wanted of [{ recipient_id: dora }, { recipients: [here.third.user.id, dora] }, { recipients: [both.user.id, dora] }]) {
		const reply = await here.member.client.post("/users/@me/channels", wanted);
		assert.ok([400, 403, 404].includes(reply.status), `${JSON.stringify(wanted)}: ${reply.status} ${reply.text}`);
		assert.ok(!reply.text.includes(mark), reply.text);
	}
	assert.equal((await here.member.client.get(`/channels/${there.direct}/messages`)).status, 404);
	assert.equal((await both.client.get(`/channels/${there.direct}/messages`)).status, 404, "administrators read no direct messages");
});

test("what is listed of one workspace holds nothing of the other, for who is in both too", async () => {
	for (const person of [ada, both, here.member])
		for (const { method, pattern } of apiRoutes()) {
			if (method !== "GET" || !/\{(guild|channel)\}/.test(pattern) || /\{(user|role|message|code|target)\}/.test(pattern)) continue;
			for (const channel of [here.channel, here.general, here.hidden]) {
				const location = pattern.replace("{guild}", here.guild).replace("{channel}", channel).replace("/api/v1", "");
				const reply = await person.client.get(`${location}?limit=100&query=${mark}`.replace("query=", pattern.endsWith("/search") ? "query=" : "x="));
				assert.ok(reply.status < 500, `${location}: ${reply.status}`);
				assert.ok(!reply.text.includes(mark), `${person.name} at ${location}: ${reply.text.slice(0, 600)}`);
			}
		}
	for (const person of [ada, here.member])
		for (const location of ["/users/@me", "/users/@me/guilds", "/users/@me/channels", "/users/@me/blocks", `/events?timeout=0&after=${2 ** 40}`]) {
			const reply = await person.client.get(location);
			assert.equal(reply.status, 200, location);
			assert.ok(!reply.text.includes(mark), `${person.name} at ${location}: ${reply.text.slice(0, 600)}`);
		}
});

test("pages of one workspace show nothing of the other", async () => {
	for (const person of [ada, here.member]) {
		const page = await login(person);
		for (const { method, pattern } of pageRoutes()) {
			if (method !== "GET" || /\{(user|role|message|code|token|session)\}/.test(pattern) || /^\/(admin|logout)/.test(pattern)) continue;
			for (const channel of [here.channel, here.hidden]) {
				const location = pattern.replace("{guild}", here.guild).replace("{channel}", pattern.includes("@me") ? here.direct : channel);
				const reply = await page.fetch(location, { isFollowed: true });
				assert.ok(reply.status < 500, `${location}: ${reply.status}`);
				assert.ok(!reply.text.includes(mark), `${person.name} at ${location}`);
			}
		}
	}
	// Who is in both finds the other's name in the list of their workspaces, and nothing of what it holds.
	const page = await login(both);
	for (const tail of ["channels", "members", "roles", "invites", "bans", "bots", "audit", "people"]) {
		const reply = await page.open(`/guilds/${here.guild}/${tail}`);
		assert.ok(!reply.text.includes(mark), tail);
	}
	const room = await page.open(`/channels/${here.guild}/${here.channel}`);
	assert.ok(!room.text.replaceAll(`${mark} works`, "").includes(mark), "the room");
});

test("open streams hear of their own workspace alone", async () => {
	const streams = await Promise.all([ada, here.member, both].map((each) => openStream(snug, { token: each.access_token })));
	const [adas, members, boths] = streams;
	const fresh = await zoe.client.post(`/guilds/${there.guild}/channels`, { name: `${mark}-fresh` });
	await zoe.client.send(fresh.json.id, `${mark} fresh`);
	await zoe.client.patch(`/guilds/${there.guild}`, { description: `${mark} anew` });
	await zoe.client.post(`/guilds/${there.guild}/roles`, { name: `${mark} anew` });
	await zoe.client.patch(`/guilds/${there.guild}/members/${there.member.user.id}`, { nick: `${mark} anew` });
	await invitePerson(zoe, { display_name: `${mark} newcomer` });
	await zoe.client.delete(`/channels/${fresh.json.id}`);
	await ada.client.send(here.general, "a full stop");
	for (const stream of streams) await stream.find("what comes after", (each) => each.data.includes("a full stop"));
	for (const stream of [adas, members]) assert.ok(!stream.events.some((each) => each.data.includes(mark) || each.data.includes(there.guild)));
	const heard = boths.events.filter((each) => each.data.includes(mark));
	assert.ok(heard.length >= 4, heard.map((each) => each.event).join());
	for (const each of heard) assert.ok(!each.data.includes(here.guild), `${each.event} mixes the two: ${each.data.slice(0, 300)}`);
	for (const stream of streams) stream.close();
});

test("who is banned or removed in one workspace stays in the other", async () => {
	const dora = await invitePerson(ada);
	const code = (await zoe.client.post(`/guilds/${there.guild}/invites`, {})).json.code;
	assert.equal((await dora.client.post(`/invites/${code}`, {})).status, 200);
	assert.equal((await zoe.client.put(`/guilds/${there.guild}/bans/${dora.user.id}`, {})).status, 204);
	assert.deepEqual((await dora.client.get("/users/@me/guilds")).json.map((each) => each.id), [here.guild]);
	assert.equal((await dora.client.get(`/channels/${here.channel}/messages`)).status, 200);
	assert.equal((await dora.client.get(`/channels/${there.channel}/messages`)).status, 404);
	assert.equal((await dora.client.post(`/invites/${code}`, {})).json.code, 40007);
});

test("deleting one workspace leaves the other as it was", async () => {
	const before = await stateOf(here);
	const reply = await zoe.client.request("DELETE", `/guilds/${there.guild}`, { name: `${mark} works` });
	assert.equal(reply.status, 204, reply.text);
	assert.equal(await stateOf(here), before);
	assert.deepEqual((await both.client.get("/users/@me/guilds")).json.map((each) => each.id), [here.guild]);
});

await run();
