// The audit log: every change of a workspace has its line, in Discord's shape, for those who may read it and no others.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const guild = `/guilds/${owner.guild}`;
const log = `${guild}/audit-logs`;
const bits = { view: 1n << 10n, audit: 1n << 7n, messages: 1n << 13n };
const because = (text) => ({ "X-Audit-Log-Reason": encodeURIComponent(text) });
const newest = async (query = "") => (await owner.client.get(`${log}?limit=1${query}`)).json.audit_log_entries[0];

async function reader(permissions = bits.audit) {
	const person = await invitePerson(owner);
	const role = (await owner.client.post(`${guild}/roles`, { name: unique("auditors"), permissions: String(permissions) })).json;
	await owner.client.put(`${guild}/members/${person.user.id}/roles/${role.id}`);
	return person;
}

test("each change has one line that says who, what, to whom, from what to what, and why", async () => {
	const bob = await invitePerson(owner);
	const member = `${guild}/members/${bob.user.id}`;
	const role = (await owner.client.post(`${guild}/roles`, { name: "Crew", permissions: "0" }, because("we need one"))).json;
	let entry = await newest();
	assert.deepEqual([entry.action_type, entry.user_id, entry.target_id, entry.reason], [30, owner.user.id, role.id, "we need one"]);
	assert.ok(entry.changes.some((each) => each.key === "name" && each.new_value === "Crew" && !("old_value" in each)));

	await owner.client.patch(`${guild}/roles/${role.id}`, { permissions: "8192", name: "Band" }, because("ünïcode 🎈 100%"));
	entry = await newest();
	assert.deepEqual([entry.action_type, entry.reason], [31, "ünïcode 🎈 100%"]);
	assert.deepEqual(entry.changes, [{ key: "name", old_value: "Crew", new_value: "Band" }, { key: "permissions", old_value: "0", new_value: "8192" }]);

	await owner.client.put(`${member}/roles/${role.id}`);
	entry = await newest();
	assert.deepEqual([entry.action_type, entry.target_id], [25, bob.user.id]);
	assert.deepEqual(entry.changes, [{ key: "$add", new_value: [{ id: role.id, name: "Band" }] }]);
	assert.ok(!("reason" in entry));

	await owner.client.patch(member, { nick: "Bobby" });
	assert.deepEqual((await newest()).changes, [{ key: "nick", new_value: "Bobby" }]);
	const message = await bob.client.send(owner.channel, "rude");
	await owner.client.delete(`/channels/${owner.channel}/messages/${message.id}`, because("rude"));
	entry = await newest();
	assert.deepEqual([entry.action_type, entry.target_id, entry.options, entry.reason], [72, bob.user.id, { channel_id: owner.channel, count: "1" }, "rude"]);
	const own = await owner.client.send(owner.channel, "mine");
	await owner.client.delete(`/channels/${owner.channel}/messages/${own.id}`);
	assert.equal((await newest()).id, entry.id, "what one takes back oneself is no line");

	await owner.client.delete(member);
	assert.equal((await newest()).action_type, 20);
	await owner.client.put(`${guild}/bans/${bob.user.id}`, {});
	assert.equal((await newest()).action_type, 22);
	await owner.client.delete(`${guild}/bans/${bob.user.id}`);
	assert.equal((await newest()).action_type, 23);
	await owner.client.delete(`${guild}/roles/${role.id}`);
	entry = await newest();
	assert.equal(entry.action_type, 32);
	assert.ok(entry.changes.some((each) => each.key === "name" && each.old_value === "Band"));
});

test("the log has Discord's shape", async () => {
	const { json } = await owner.client.get(log);
	for (const key of ["webhooks", "integrations", "threads", "application_commands", "auto_moderation_rules", "guild_scheduled_events"])
		assert.deepEqual(json[key], [], key);
	assert.ok(json.users.some((each) => each.id === owner.user.id && each.username === owner.name));
	for (const entry of json.audit_log_entries) {
		assert.match(entry.id, /^\d{17,19}$/);
		assert.equal(typeof entry.action_type, "number");
		assert.ok("target_id" in entry && "user_id" in entry);
		if ("changes" in entry) assert.ok(Array.isArray(entry.changes) && entry.changes.length > 0);
	}
	assert.ok(!JSON.stringify(json).includes("@example.org"));
});

test("it is narrowed by person and kind, and walked by pages both ways", async () => {
	const bob = await reader(bits.audit | (1n << 28n));
	for (let i = 0; i < 5; i++) await bob.client.post(`${guild}/roles`, { name: `by bob ${i}`, permissions: "0" });
	const his = (await owner.client.get(`${log}?user_id=${bob.user.id}&limit=100`)).json.audit_log_entries;
	assert.equal(his.length, 5);
	assert.ok(his.every((each) => each.user_id === bob.user.id && each.action_type === 30));
	const made = (await owner.client.get(`${log}?action_type=30&limit=100`)).json.audit_log_entries;
	assert.ok(made.length > 5 && made.every((each) => each.action_type === 30));
	assert.deepEqual((await owner.client.get(`${log}?action_type=31&user_id=${bob.user.id}`)).json.audit_log_entries, []);
	const about = (await owner.client.get(`${log}?target_id=${bob.user.id}`)).json.audit_log_entries;
	assert.deepEqual(about.map((each) => each.action_type), [25]);
	const all = (await owner.client.get(`${log}?limit=100`)).json.audit_log_entries.map((each) => each.id);
	const down = [];
	for (let before = ""; ; before = `&before=${down.at(-1)}`) {
		const page = (await owner.client.get(`${log}?limit=3${before}`)).json.audit_log_entries;
		down.push(...page.map((each) => each.id));
		if (page.length < 3) break;
	}
	assert.deepEqual(down.slice(0, all.length), all);
	const up = (await owner.client.get(`${log}?limit=3&after=${all[5]}`)).json.audit_log_entries.map((each) => each.id);
	assert.deepEqual(up, [all[4], all[3], all[2]]);
	for (const query of ["limit=0", "limit=101", "user_id=x", "before=x", "action_type=x"]) assert.equal((await owner.client.get(`${log}?${query}`)).status, 400, query);
});

test("a reason is percent-decoded, of 512 code points at most, and valid", async () => {
	const rename = (reason) => owner.client.post(`${guild}/roles`, { name: unique("r") }, { "X-Audit-Log-Reason": reason });
	assert.equal((await rename(encodeURIComponent("é".repeat(512)))).status, 200);
	assert.equal((await newest()).reason, "é".repeat(512));
	const long = await rename(encodeURIComponent("é".repeat(513)));
	assert.deepEqual([long.status, long.json.code], [400, 50035]);
	assert.ok(long.json.errors.reason, long.text);
	for (const bad of ["%", "%zz", "%ff", "%00", "a%0Ab"]) assert.equal((await rename(bad)).status, 400, bad);
	assert.equal((await rename("with blanks, as discord.py sends it")).status, 200);
	assert.equal((await newest()).reason, "with blanks, as discord.py sends it");
	assert.equal((await rename("%20%20")).status, 200);
	assert.ok(!("reason" in (await newest())));
});

test("who may not read the log gets neither lines nor events", async () => {
	const eve = await invitePerson(owner), mod = await reader();
	assert.deepEqual((await eve.client.get(log)).json.code, 50013);
	const streams = [await openStream(snug, { token: eve.access_token }), await openStream(snug, { token: mod.access_token })];
	await owner.client.post(`${guild}/roles`, { name: "watched" }, because("a test"));
	await owner.client.send(owner.channel, "a full stop");
	for (const stream of streams) await stream.find("what comes after", (each) => each.data.includes("a full stop"));
	const heard = streams.map((stream) => stream.events.filter((each) => each.event === "GUILD_AUDIT_LOG_ENTRY_CREATE"));
	assert.equal(heard[0].length, 0, "eve hears of it");
	assert.equal(heard[1].length, 1);
	const event = JSON.parse(heard[1][0].data);
	assert.deepEqual([event.guild_id, event.action_type, event.reason, event.user_id], [owner.guild, 30, "a test", owner.user.id]);
	for (const stream of streams) stream.close();
});

test("to a moderator who does not see a private channel the log says nothing of it", async () => {
	const mod = await reader(bits.audit | bits.messages);
	const stream = await openStream(snug, { token: mod.access_token });
	const hidden = (await owner.client.post(`${guild}/channels`, {
		name: "zanzibar", permission_overwrites: [{ id: owner.guild, type: 0, deny: String(bits.view) }],
	})).json.id;
	await owner.client.patch(`/channels/${hidden}`, { topic: "zanzibar plans" });
	await owner.client.post(`/channels/${hidden}/invites`, {});
	await owner.client.send(owner.channel, "a full stop, again");
	await stream.find("what comes after", (each) => each.data.includes("a full stop, again"));
	const mine = (await owner.client.get(`${log}?limit=100`)).text, theirs = (await mod.client.get(`${log}?limit=100`)).text;
	assert.ok(mine.includes("zanzibar"));
	assert.ok(!theirs.includes("zanzibar") && !theirs.includes(hidden), theirs);
	assert.ok(!stream.events.some((each) => each.data.includes(hidden)));
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: mod.name, password: mod.password });
	await page.open(`/guilds/${owner.guild}/audit`);
	assert.equal(page.reply.status, 200);
	assert.ok(!page.reply.text.includes("zanzibar"));
	stream.close();
});

test("the page tells it in sentences, and is narrowed by person, kind and reason", async () => {
	const bob = await invitePerson(owner, { display_name: "Bob" });
	const role = (await owner.client.post(`${guild}/roles`, { name: "Harbour", permissions: "0" })).json;
	await owner.client.patch(`${guild}/roles/${role.id}`, { permissions: String(1n << 2n) }, because("too much <i>spam</i> lately"));
	await owner.client.patch(`${guild}/members/${bob.user.id}`, { nick: "Bobby" });
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: owner.name, password: owner.password });
	await page.open(`/guilds/${owner.guild}/audit`);
	const words = page.text.replaceAll(/\s+/g, " ");
	assert.match(words, /Ada changed the role Harbour Permissions: \+ ?(given)? ?Ban people/);
	assert.match(words, /Ada made the role Harbour/);
	assert.match(words, /Ada changed Bob Nickname: Bobby/);
	assert.ok(page.reply.text.includes("too much &lt;i&gt;spam"));
	await page.open(`/guilds/${owner.guild}/audit?text=SPAM`);
	assert.match(page.text, /changed the role/);
	assert.ok(!/Ada made the role/.test(page.text));
	await page.open(`/guilds/${owner.guild}/audit?about=${bob.name}&action=24`);
	assert.match(page.text, /Nickname/);
	assert.ok(!/Ada changed the role/.test(page.text));
	for (const query of ["who=nobody_here", "who=%40bob&action=9999", "text=%25%25", "text=_", "before=1"]) {
		await page.open(`/guilds/${owner.guild}/audit?${query}`);
		assert.equal(page.reply.status, 200, query);
		assert.match(page.text, /nothing of this kind/, query);
	}
});

await run();
