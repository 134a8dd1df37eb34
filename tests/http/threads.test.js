// Threads by the JSON interface: Discord's routes and shapes, who sees what, and what open streams are told.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open", SNUG_LIMIT_THREAD: "1000/s", SNUG_LIMIT_MESSAGE: "1000/s", SNUG_LIMIT_REORDER: "1000/s" } });
const owner = await setUp(snug);
const [bob, eve] = [await invitePerson(owner), await invitePerson(owner)];
const say = (who, channel, content = unique("words"), more = {}) => who.client.post(`/channels/${channel}/messages`, { content, ...more });
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const threadOf = async (who, channel, message, more = {}) => who.client.post(`/channels/${channel}/messages/${message}/threads`, { name: unique("thread"), ...more });
const thread = async (who, channel, more = {}) => who.client.post(`/channels/${channel}/threads`, { name: unique("thread"), type: 11, ...more });
const is = (reply, status, code) => {
	assert.equal(reply.status, status, reply.text);
	if (code !== undefined) assert.equal(reply.json.code, code);
	return reply.json;
};

test("a thread has the shape that Discord's libraries read", async () => {
	const channel = await room();
	const message = is(await say(owner, channel), 200);
	const made = is(await threadOf(bob, channel, message.id, { name: "About it", auto_archive_duration: 1440 }), 201);
	assert.equal(made.id, message.id);
	assert.equal(made.type, 11);
	assert.equal(made.guild_id, owner.guild);
	assert.equal(made.parent_id, channel);
	assert.equal(made.owner_id, bob.user.id);
	assert.equal(made.name, "About it");
	assert.equal(made.message_count, 0);
	assert.equal(made.member_count, 2);
	const { archived, auto_archive_duration, archive_timestamp, locked, create_timestamp } = made.thread_metadata;
	assert.deepEqual([archived, auto_archive_duration, locked], [false, 1440, false]);
	assert.ok(!Number.isNaN(Date.parse(archive_timestamp)) && !Number.isNaN(Date.parse(create_timestamp)));
	assert.equal(made.member.user_id, bob.user.id);
	assert.equal(made.member.id, made.id);
	assert.ok(Number.isInteger(made.member.flags) && !Number.isNaN(Date.parse(made.member.join_timestamp)));
	assert.deepEqual(is(await bob.client.get(`/channels/${made.id}`), 200), made);
	const read = is(await eve.client.get(`/channels/${channel}/messages/${message.id}`), 200);
	assert.equal(read.flags, 32);
	assert.equal(read.thread.id, made.id);
	assert.equal(read.thread.member, undefined);
	const listed = is(await bob.client.get(`/channels/${channel}/messages`), 200);
	assert.equal(listed.find((each) => each.id === message.id).thread.member.user_id, bob.user.id);
	is(await threadOf(eve, channel, message.id), 400, 160004);
});

test("a plain message says nothing of threads", async () => {
	const channel = await room();
	const message = is(await say(owner, channel), 200);
	assert.equal("thread" in message, false);
	assert.equal(message.flags, 0);
});

test("one that is started by itself is private unless said otherwise, and told of when it is public", async () => {
	const channel = await room();
	assert.equal(is(await thread(bob, channel, { type: undefined }), 201).type, 12);
	assert.equal(is(await thread(bob, channel, { type: null }), 201).thread_metadata.invitable, true);
	const open = is(await thread(bob, channel, { name: "News" }), 201);
	const [notice] = is(await owner.client.get(`/channels/${channel}/messages`), 200);
	assert.equal(notice.type, 18);
	assert.equal(notice.content, "News");
	assert.deepEqual(notice.message_reference, { type: 0, channel_id: open.id, guild_id: owner.guild });
	is(await thread(bob, channel, { name: " " }), 400, 50035);
	is(await thread(bob, channel, { auto_archive_duration: 61 }), 400, 50035);
	is(await thread(bob, open.id), 400, 50024);
});

test("what is written in a thread stands there and not in its channel", async () => {
	const channel = await room();
	const message = is(await say(owner, channel), 200);
	const { id } = is(await threadOf(bob, channel, message.id), 201);
	const reply = is(await say(eve, id, "an answer"), 200);
	assert.equal(reply.channel_id, id);
	assert.deepEqual(is(await bob.client.get(`/channels/${id}/messages`), 200).map((each) => each.content), ["an answer"]);
	assert.deepEqual(is(await bob.client.get(`/channels/${channel}/messages`), 200).map((each) => each.id), [message.id]);
	const seen = is(await bob.client.get(`/channels/${id}`), 200);
	assert.equal(seen.message_count, 1);
	assert.equal(seen.last_message_id, reply.id);
	assert.equal(seen.member_count, 3); // whoever writes follows
});

test("what is said in a thread and its channel is mended and taken back in both", async () => {
	const channel = await room();
	const { id } = is(await thread(bob, channel, { type: 11 }), 201);
	const said = is(await say(eve, id, "for al", { also_in_channel: true }), 200);
	const [echo] = is(await bob.client.get(`/channels/${channel}/messages`), 200);
	assert.equal(echo.content, "for al");
	assert.equal(echo.message_reference.channel_id, id);
	is(await eve.client.patch(`/channels/${id}/messages/${said.id}`, { content: "for all" }), 200);
	const mended = is(await bob.client.get(`/channels/${channel}/messages/${echo.id}`), 200);
	assert.equal(mended.content, "for all");
	assert.notEqual(mended.edited_timestamp, null);
	is(await eve.client.delete(`/channels/${id}/messages/${said.id}`), 204);
	is(await bob.client.get(`/channels/${channel}/messages/${echo.id}`), 404, 10008);
});

test("members of a thread: every route of Discord's", async () => {
	const channel = await room();
	const { id } = is(await thread(bob, channel), 201);
	for (const join of ["put", "post"]) {
		is(await eve.client[join](`/channels/${id}/thread-members/@me`), 204);
		assert.equal(is(await bob.client.get(`/channels/${id}/thread-members/${eve.user.id}`), 200).user_id, eve.user.id);
		is(await eve.client.delete(`/channels/${id}/thread-members/%40me`), 204);
		is(await bob.client.get(`/channels/${id}/thread-members/${eve.user.id}`), 404, 10007);
	}
	is(await bob.client.put(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	const all = is(await bob.client.get(`/channels/${id}/thread-members?with_member=true`), 200);
	assert.deepEqual(all.map((each) => each.user_id).sort(), [bob.user.id, eve.user.id].sort());
	assert.ok(all.every((each) => each.id === id && each.member.user.id === each.user_id));
	assert.equal(is(await bob.client.get(`/channels/${id}/thread-members?limit=1`), 200).length, 1);
	assert.equal("member" in is(await bob.client.get(`/channels/${id}/thread-members`), 200)[0], false);
	assert.equal(is(await eve.client.get(`/channels/${id}/thread-members/@me`), 200).user_id, eve.user.id);
	is(await bob.client.delete(`/channels/${id}/thread-members/${eve.user.id}`), 403, 50013); // a public one's starter takes nobody out
	is(await owner.client.delete(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	is(await bob.client.get(`/channels/${channel}/thread-members`), 400, 50024);
	is(await bob.client.put(`/channels/${channel}/thread-members/@me`), 400, 50024);
});

test("lists: the active ones of a workspace, the archived ones of a channel in pages", async () => {
	const channel = await room();
	const made = [];
	for (let i = 0; i < 5; i++) made.push(is(await thread(bob, channel), 201).id);
	const active = is(await bob.client.get(`/guilds/${owner.guild}/threads/active`), 200);
	assert.deepEqual(active.threads.filter((each) => each.parent_id === channel).map((each) => each.id), [...made].reverse());
	assert.ok(made.every((id) => active.members.some((each) => each.id === id && each.user_id === bob.user.id)));
	assert.deepEqual(is(await eve.client.get(`/guilds/${owner.guild}/threads/active`), 200).members.filter((each) => made.includes(each.id)), []);
	for (const id of made) is(await bob.client.patch(`/channels/${id}`, { archived: true }), 200);
	assert.deepEqual(is(await bob.client.get(`/guilds/${owner.guild}/threads/active`), 200).threads.filter((each) => made.includes(each.id)), []);
	const seen = [];
	let before = "", more = true;
	while (more) {
		const page = is(await eve.client.get(`/channels/${channel}/threads/archived/public?limit=2${before}`), 200);
		seen.push(...page.threads.map((each) => each.id));
		more = page.has_more;
		before = `&before=${encodeURIComponent(page.threads.at(-1).thread_metadata.archive_timestamp)}`;
		assert.ok(seen.length <= made.length);
	}
	assert.deepEqual(seen, [...made].reverse());
	is(await eve.client.get(`/channels/${channel}/threads/archived/public?before=yesterday`), 400, 50035);
	is(await eve.client.get(`/channels/${channel}/threads/archived/private`), 403, 50013);
	const hidden = is(await thread(bob, channel, { type: 12 }), 201).id;
	is(await bob.client.patch(`/channels/${hidden}`, { archived: true }), 200);
	assert.deepEqual(is(await owner.client.get(`/channels/${channel}/threads/archived/private`), 200).threads.map((each) => each.id), [hidden]);
	assert.deepEqual(is(await bob.client.get(`/channels/${channel}/users/@me/threads/archived/private`), 200).threads.map((each) => each.id), [hidden]);
	assert.deepEqual(is(await eve.client.get(`/channels/${channel}/users/@me/threads/archived/private`), 200).threads, []);
});

test("a private thread does not exist for who is not in it, by any route", async () => {
	const channel = await room();
	const { id } = is(await thread(bob, channel, { type: 12 }), 201);
	const message = is(await say(bob, id, "a secret"), 200).id;
	for (const [method, path, body] of [
		["get", ""], ["patch", "", { name: "mine" }], ["delete", ""], ["get", "/messages"], ["post", "/messages", { content: "knock" }],
		["get", `/messages/${message}`], ["delete", `/messages/${message}`], ["get", "/thread-members"], ["put", "/thread-members/@me"],
		["delete", "/thread-members/@me"], ["put", `/thread-members/${eve.user.id}`], ["get", "/members"], ["put", "/members/@me"],
		["post", "/threads", { name: "in it" }], ["get", "/invites"], ["put", `/permissions/${eve.user.id}`, { type: 1, allow: "1024", deny: "0" }],
	]) is(await eve.client[method](`/channels/${id}${path}`, body), 404, 10003);
	assert.ok(!is(await eve.client.get(`/guilds/${owner.guild}/threads/active`), 200).threads.some((each) => each.id === id));
	assert.ok(is(await owner.client.get(`/guilds/${owner.guild}/threads/active`), 200).threads.some((each) => each.id === id));
	is(await bob.client.put(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	assert.equal(is(await eve.client.get(`/channels/${id}/messages`), 200)[0].content, "a secret");
	is(await bob.client.delete(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	is(await eve.client.get(`/channels/${id}/messages`), 404, 10003);
});

test("no list of channels has threads in it, and no invite leads to one", async () => {
	const channel = await room();
	const { id } = is(await thread(owner, channel), 201);
	assert.ok(!is(await owner.client.get(`/guilds/${owner.guild}/channels`), 200).some((each) => each.id === id));
	is(await owner.client.post(`/channels/${id}/invites`, {}), 400, 50024);
	is(await owner.client.put(`/channels/${id}/permissions/${bob.user.id}`, { type: 1, allow: "1024", deny: "0" }), 400, 50024);
	is(await owner.client.put(`/channels/${id}/owner`, { user_id: bob.user.id }), 400, 50024);
	is(await owner.client.put(`/channels/${id}/bans/${bob.user.id}`), 400, 50024);
	is(await owner.client.patch(`/guilds/${owner.guild}/channels`, [{ id, position: 1 }]), 404, 10003);
	assert.deepEqual(is(await owner.client.get("/users/@me/channels"), 200), []);
});

test("streams hear of a thread as long as its channel is theirs, and not a word longer", async () => {
	const channel = await room({ private: true });
	is(await owner.client.put(`/channels/${channel}/members/${bob.user.id}`), 204);
	const { id } = is(await thread(owner, channel), 201);
	is(await bob.client.put(`/channels/${id}/thread-members/@me`), 204);
	const [his, hers] = [await openStream(snug, { token: bob.access_token }), await openStream(snug, { token: owner.access_token })];
	is(await say(owner, id, "heard"), 200);
	await his.find("the message", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("heard"));
	is(await owner.client.delete(`/channels/${channel}/members/${bob.user.id}`), 204);
	is(await say(owner, id, "for others"), 200);
	const general = (await owner.client.get(`/guilds/${owner.guild}/channels`)).json.find((each) => each.name === "general").id;
	is(await say(owner, general, "the end"), 200);
	await his.find("what came later", (each) => each.data.includes("the end"));
	assert.ok(!his.events.some((each) => each.data.includes("for others")));
	is(await bob.client.get(`/channels/${id}/messages`), 404, 10003);
	// And the other way: who is let in hears the thread without asking anew.
	is(await owner.client.put(`/channels/${channel}/members/${bob.user.id}`), 204);
	is(await say(owner, id, "welcome back"), 200);
	await his.find("the thread again", (each) => each.event === "MESSAGE_CREATE" && each.data.includes("welcome back"));
	his.close();
	hers.close();
});

test("a private thread reaches who is added at once, and nobody who was taken out", async () => {
	const channel = await room();
	const { id } = is(await thread(owner, channel, { type: 12 }), 201);
	const stream = await openStream(snug, { token: eve.access_token });
	is(await say(owner, id, "before"), 200);
	// Who may see an event is decided when it is delivered: that must be before she is added.
	is(await say(owner, channel, "a full stop"), 200);
	await stream.find("what is said beside it", (each) => each.data.includes("a full stop"));
	is(await owner.client.put(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	const told = await stream.find("the thread", (each) => each.event === "THREAD_CREATE" && each.data.includes(id));
	const thread_ = JSON.parse(told.data);
	assert.equal((thread_.d ?? thread_).newly_created, undefined);
	is(await say(owner, id, "during"), 200);
	await stream.find("what is said in it", (each) => each.data.includes("during"));
	is(await owner.client.delete(`/channels/${id}/thread-members/${eve.user.id}`), 204);
	await stream.find("the end of it", (each) => each.event === "THREAD_DELETE" && each.data.includes(id));
	is(await say(owner, id, "after"), 200);
	is(await say(owner, channel, "the end"), 200);
	await stream.find("what came later", (each) => each.data.includes("the end"));
	assert.ok(!stream.events.some((each) => each.data.includes("before") || each.data.includes("after")));
	stream.close();
});

test("a channel that goes takes its threads along, for everybody at once", async () => {
	const channel = await room();
	const { id } = is(await thread(bob, channel), 201);
	is(await say(bob, id, "words"), 200);
	is(await owner.client.delete(`/channels/${channel}`), 200);
	for (const who of [owner, bob]) {
		is(await who.client.get(`/channels/${id}`), 404, 10003);
		is(await who.client.get(`/channels/${id}/messages`), 404, 10003);
		is(await say(who, id), 404, 10003);
	}
	assert.ok(!is(await bob.client.get(`/guilds/${owner.guild}/threads/active`), 200).threads.some((each) => each.id === id));
});

test("what was said in threads is in no replay once they, or their channel, are deleted", async () => {
	const channel = await room();
	const [one, other] = [is(await thread(owner, channel), 201).id, is(await thread(owner, channel), 201).id];
	const { next } = is(await bob.client.get("/events?timeout=0"), 200);
	const stream = await openStream(snug, { token: bob.access_token });
	is(await say(owner, one, "a secret of one"), 200);
	is(await say(owner, other, "a secret of the other"), 200);
	is(await owner.client.delete(`/channels/${one}`), 200);
	await stream.find("the end of one", (each) => each.event === "THREAD_DELETE" && each.data.includes(one));
	let told = is(await bob.client.get(`/events?timeout=0&after=${next}`), 200);
	assert.ok(told.events.some((each) => each.t === "THREAD_DELETE"));
	assert.ok(!JSON.stringify(told).includes("a secret of one"));
	is(await owner.client.delete(`/channels/${channel}`), 200);
	await stream.find("the end of the channel", (each) => each.event === "CHANNEL_DELETE" && each.data.includes(channel));
	told = is(await bob.client.get(`/events?timeout=0&after=${next}`), 200);
	assert.ok(told.events.some((each) => each.t === "CHANNEL_DELETE"));
	assert.ok(!JSON.stringify(told).includes("a secret"));
	stream.close();
});

await run();
