// Every route of the tables against everybody who must not pass: what is refused says nothing, changes nothing, and looks
// like what was never there. The routes are read from the sources, so a new row is attacked without a word here.

import { startSnug } from "../lib/snug.js";
import { Client, invitePerson, register, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { apiRoutes, pageRoutes } from "../lib/routes.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug, { email: "ada-mark@example.org" });
const member = await invitePerson(owner, { email: "bob-mark@example.org" });
const stranger = await register(snug, { workspace: "Elsewhere" });
const elsewhere = (await stranger.client.get("/users/@me/guilds")).json[0].id;
const theirChannel = (await stranger.client.get(`/guilds/${elsewhere}/channels`)).json[0].id;
const mark = "zanzibar"; // stands in whatever the attackers must not see

const hidden = (await owner.client.post(`/guilds/${owner.guild}/channels`, {
	name: `${mark}-room`, topic: `${mark} topic`, permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }],
})).json.id;
const secret = await owner.client.send(hidden, `${mark} plans`);
const open = await owner.client.send(owner.channel, "for all members");
const gone = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "gone" })).json.id;
const goneMessage = await owner.client.send(gone, "was here");
const goneInvite = (await owner.client.post(`/channels/${gone}/invites`, {})).json.code;
assert.equal((await owner.client.delete(`/channels/${gone}`)).status, 200);
const erased = await owner.client.send(owner.channel, "erased");
await owner.client.delete(`/channels/${owner.channel}/messages/${erased.id}`);
const ownersRole = (await owner.client.get(`/guilds/${owner.guild}/roles`)).json.find((each) => each.name === "Member").id;
const ownersToken = (await owner.client.post("/users/@me/tokens", { name: `${mark} token` })).json;

const api = apiRoutes();
const pages = pageRoutes();

const nowhere = "1234567890123456789";
const targets = {
	hidden: { guild: owner.guild, channel: hidden, message: secret.id },
	gone: { guild: owner.guild, channel: gone, message: goneMessage.id },
	none: { guild: owner.guild, channel: nowhere, message: nowhere },
	general: { guild: owner.guild, channel: owner.channel, message: open.id },
	"a wrong message": { guild: owner.guild, channel: theirChannel, message: open.id },
	"no workspace": { guild: nowhere, channel: nowhere, message: nowhere },
};
const fill = (pattern, target) =>
	pattern.replaceAll(/\{(\w+)\}/g, (_, name) => ({ token: ownersToken.id, code: goneInvite, user: owner.user.id, role: ownersRole, target: owner.user.id, session: ownersToken.id, ...target })[name] ?? ownersToken.id);

const bodies = { name: "taken-over", topic: "taken over", content: "taken over", max_age: 0, nonce: "n1", refresh_token: "x" };

/** What of the workspace somebody could have changed. */
async function state() {
	const parts = [];
	for (const place of [`/guilds/${owner.guild}/channels`, `/guilds/${owner.guild}/invites`, `/channels/${hidden}/messages`,
		`/channels/${owner.channel}/messages`, "/users/@me/tokens", `/guilds/${owner.guild}`])
		parts.push((await owner.client.get(place)).text);
	return parts.join("\n");
}

function assertTellsNothing(what, reply) {
	const all = JSON.stringify(reply.headers) + reply.text;
	assert.ok(!all.includes(mark), `${what} tells: ${reply.status} ${all.slice(0, 1500)}`);
	assert.ok(!/ada-mark|bob-mark/.test(all), `${what} tells somebody's address`);
	assert.ok(reply.status < 500, `${what}: ${reply.status} ${reply.text.slice(0, 300)}`);
}

test("the tables of routes are read", async () => {
	assert.ok(api.length > 20 && pages.length > 15, `${api.length} ${pages.length}`);
	assert.ok(pages.some((each) => each.pattern === "/channels/{guild}/{channel}/messages/{message}/edit"), JSON.stringify(pages));
});

const needsLogin = (route) => /@me|\{guild\}|\{channel\}/.test(route.pattern) || (route.method === "POST" && /invites\/\{code\}/.test(route.pattern));

test("who has no valid credential gets 401 from every endpoint that needs one", async () => {
	const ended = await register(snug);
	await ended.client.post("/auth/logout", {});
	const revoked = await register(snug);
	const token = (await revoked.client.post("/users/@me/tokens", { name: "x" })).json;
	await revoked.client.delete(`/users/@me/tokens/${token.id}`);
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: owner.name, password: owner.password });
	const [head, claims, mac] = owner.access_token.split(".");
	const none = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
	const other = Buffer.from(claims, "base64url").toString().replace(stranger.user.id, owner.user.id);
	const before = await state();
	for (const [who, authorization] of Object.entries({
		nobody: undefined,
		"an ended session": `Bearer ${ended.access_token}`,
		"a revoked token": `Bot ${token.token}`,
		"a refresh token": `Bearer ${owner.refresh_token}`,
		"a cookie's secret": `Bearer ${page.cookies.snug_session}`,
		"alg none": `Bearer ${none}.${claims}.`,
		"a changed claim": `Bearer ${head}.${Buffer.from(other + " ").toString("base64url")}.${mac}`,
		"the scheme Basic": `Basic ${owner.access_token}`,
	})) {
		const client = new Client(snug);
		const headers = authorization ? { Authorization: authorization } : { Cookie: page.cookie };
		for (const { method, pattern } of api.filter(needsLogin)) {
			for (const [name, target] of Object.entries(targets)) {
				const location = fill(pattern, target).replace("/api/v1", "");
				const reply = await client.request(method, location, method === "GET" ? undefined : bodies, headers);
				assert.equal(reply.status, 401, `${who}: ${method} ${location} (${name}): ${reply.status} ${reply.text.slice(0, 200)}`);
				assertTellsNothing(`${who}: ${method} ${location}`, reply);
			}
		}
		for (const location of [`/events?channel=${hidden}&timeout=0`, "/events?timeout=0"]) {
			const reply = await client.get(location, headers);
			assert.equal(reply.status, 401, `${who}: ${location}: ${reply.text.slice(0, 200)}`);
		}
		client.close();
	}
	assert.equal(await state(), before, "something was changed");
});

test("a token in the address is no credential", async () => {
	for (const name of ["token", "access_token", "authorization", "api_key"])
		for (const location of ["/api/v1/users/@me", "/api/v1/events?timeout=0", `/live?channel=${owner.channel}`]) {
			const reply = await snug.request(`${location}${location.includes("?") ? "&" : "?"}${name}=${ownersToken.token}`);
			assert.equal(reply.status, 401, `${location} ${name}`);
		}
});

/** Taking from one's own saved messages or drafts what is not among them says nothing of message or channel: it is as it was asked to be. */
const isOwnList = (method, pattern) => (method === "DELETE" && /\/users\/@me\/saved\/|\/draft$/.test(pattern)) || /^\/(saved\/.*\/remove|drafts\/.*\/discard)$/.test(pattern);

/** Everything that reaches into another workspace or a hidden channel by the JSON interface. */
const notTheirs = { "a stranger": [stranger, Object.keys(targets)], "a member": [member, ["hidden", "gone", "none", "a wrong message", "no workspace"]] };
for (const [who, [person, names]] of Object.entries(notTheirs))
	test(`${who} gets 403 or 404 from every endpoint that names what is not theirs, and the same as for what is not there`, async () => {
		const before = await state();
		for (const { method, pattern } of api.filter((each) => /\{(guild|channel|message)\}/.test(each.pattern))) {
			const isGuildOnly = !/\{channel\}/.test(pattern);
			const seen = {};
			for (const name of names) {
				if (isGuildOnly && person === member && name !== "no workspace") continue;
				if (person === stranger && name === "a wrong message" && !/\{message\}|\{guild\}/.test(pattern)) continue; // their own
				const location = fill(pattern, targets[name]).replace("/api/v1", "");
				for (const body of method === "GET" ? [undefined] : [bodies, { ...bodies, channel_id: hidden, guild_id: owner.guild, message_id: secret.id }]) {
					const reply = await person.client.request(method, location, body);
					assert.ok([403, 404].includes(reply.status) || isOwnList(method, pattern), `${method} ${location} (${name}): ${reply.status} ${reply.text.slice(0, 300)}`);
					assertTellsNothing(`${method} ${location}`, reply);
					seen[name] = `${reply.status} ${reply.text}`;
				}
			}
			if (seen.hidden && seen.none) assert.equal(seen.hidden, seen.none, `${method} ${pattern} tells a hidden channel from none`);
		}
		assert.equal(await state(), before, "something was changed");
	});

for (const [who, person] of Object.entries({ "a stranger": stranger, "a member": member }))
	test(`${who} gets no page of what is not theirs, and posts nothing to it`, async () => {
		const page = new Page(snug);
		await page.open("/login");
		await page.submit(/login/, { login: person.name, password: person.password });
		const csrf = page.forms[0].fields.csrf;
		assert.ok(csrf);
		const before = await state();
		for (const { method, pattern } of pages.filter((each) => /\{(guild|channel|message)\}/.test(each.pattern)))
			for (const [name, target] of Object.entries(targets)) {
				const isGuildOnly = !/\{channel\}/.test(pattern);
				if (person === member && (name === "general" || (isGuildOnly && name !== "no workspace"))) continue;
				const location = fill(pattern, target);
				const body = new URLSearchParams({ ...bodies, csrf, channel_id: owner.channel, guild_id: elsewhere }).toString();
				const headers = { "Content-Type": "application/x-www-form-urlencoded", Origin: snug.url };
				const reply = await page.fetch(location, method === "GET" ? { isFollowed: false } : { method, body, headers, isFollowed: false });
				assert.ok([403, 404].includes(reply.status) || isOwnList(method, pattern), `${method} ${location} (${name}): ${reply.status} ${reply.headers.location}`);
				assertTellsNothing(`${method} ${location}`, reply);
			}
		assert.equal(await state(), before, "something was changed");
	});

test("an invite is made for the channel that the address names, whatever the body says", async () => {
	const before = await state();
	for (const body of [{ channel_id: hidden }, { channel_id: theirChannel }, { channel_id: gone }]) {
		const reply = await member.client.post(`/guilds/${owner.guild}/invites`, body);
		assert.ok([403, 404].includes(reply.status), `${JSON.stringify(body)}: ${reply.status} ${reply.text}`);
		assertTellsNothing("an invite", reply);
	}
	for (const code of [goneInvite, `${goneInvite}x`]) {
		for (const reply of [await stranger.client.get(`/invites/${code}`), await stranger.client.post(`/invites/${code}`, {}), await snug.request(`/invite/${code}`)])
			assert.equal(reply.status, 404, reply.text.slice(0, 200));
	}
	assert.equal(await state(), before);
});

test("an invite to nowhere in particular names no hidden channel, and who comes by one to a hidden channel arrives somewhere", async () => {
	const first = (await owner.client.post(`/guilds/${owner.guild}/channels`, {
		name: `${mark}-first`, position: 0, permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }],
	})).json.id;
	await owner.client.patch(`/channels/${owner.channel}`, { position: 9 });
	const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;
	for (const reply of [await snug.request(`/invite/${invite.code}`), await stranger.client.get(`/invites/${invite.code}`)]) {
		assert.equal(reply.status, 200);
		assertTellsNothing("the preview of an invite", reply);
	}
	const { code } = (await owner.client.post(`/channels/${first}/invites`, {})).json;
	const guest = await register(snug, { workspace: "A third one" });
	const byForm = new Page(snug);
	await byForm.open(`/signup?invite=${code}`);
	await byForm.submit(/signup/, { username: "kim", email: "kim@example.org", password: owner.password });
	const byButton = new Page(snug);
	await byButton.open("/login");
	await byButton.submit(/login/, { login: guest.name, password: guest.password });
	await byButton.open(`/invite/${code}`);
	await byButton.submit(/invite/);
	for (const page of [byForm, byButton]) {
		assert.equal(page.reply.status, 200, `${page.location}: ${page.text.slice(0, 200)}`);
		assert.equal(page.location, `/channels/${owner.guild}/${owner.channel}`);
	}
	await owner.client.delete(`/channels/${first}`);
});

test("what a stranger and a member may follow holds nothing hidden, from any cursor", async () => {
	const start = 2 ** 40;
	for (const person of [stranger, member]) {
		for (const query of [`after=${start}`, `after=${start}&types=MESSAGE_CREATE,CHANNEL_CREATE`, "after=0", "after=9007199254740991", `after=${start}&guild_id=${owner.guild}`]) {
			let next = query;
			for (let i = 0; i < 20; i++) {
				const reply = await person.client.get(`/events?timeout=0&${next}`);
				assertTellsNothing(`/events?${next}`, reply);
				assert.equal(reply.status, 200);
				if (person === stranger) assert.ok(!reply.text.includes(owner.guild), `a stranger hears of the workspace: ${reply.text.slice(0, 800)}`);
				if (reply.json.events.length === 0) break;
				next = query.replace(/after=\d+/, `after=${reply.json.next}`);
			}
		}
		for (const channel of [hidden, ...(person === stranger ? [owner.channel, gone] : []), nowhere])
			for (const query of [`channel=${channel}`, `channel=${channel}&after=${start}`]) {
				const reply = await person.client.get(`/events?timeout=0&${query}`);
				assert.equal(reply.status, 404, `${query}: ${reply.text.slice(0, 300)}`);
			}
	}
});

test("GUILD_CREATE is for the newcomer alone and lists no channel that they may not see", async () => {
	const stream = await openStream(snug, { token: member.access_token });
	const far = await openStream(snug, { token: stranger.access_token });
	const carl = await invitePerson(owner);
	const late = (await carl.client.get(`/events?timeout=0&after=${2 ** 40}`)).json;
	const created = late.events.filter((each) => each.t === "GUILD_CREATE");
	assert.equal(created.length, 1);
	assertTellsNothing("GUILD_CREATE", { status: 200, headers: {}, text: JSON.stringify(late) });
	await owner.client.send(owner.channel, "a full stop");
	await stream.find("the message after it", (each) => each.event === "MESSAGE_CREATE");
	assert.deepEqual(stream.events.filter((each) => each.event === "GUILD_CREATE"), []);
	assert.ok(stream.events.some((each) => each.event === "GUILD_MEMBER_ADD"));
	assert.ok(!stream.events.some((each) => /@example\.org/.test(each.data)), "an address in an event");
	assert.deepEqual(far.events, []);
	stream.close();
	far.close();
});

await run();
