// Direct messages and groups by the JSON interface: Discord's shapes, who may, and what the others hear.

import { startSnug } from "../lib/snug.js";
import { Client, invitePerson, register, setUp } from "../lib/api.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const [bob, eve, kim, lou] = await Promise.all([1, 2, 3, 4].map(() => invitePerson(owner)));
const stranger = await register(snug, { workspace: "Elsewhere" });
const follow = (who, options = {}) => openStream(snug, { token: who.access_token, ...options });
const open = async (who, other) => {
	const reply = await who.client.post("/users/@me/channels", { recipient_id: other.user.id });
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
};
const group = async (who, others, more = {}) => {
	const reply = await who.client.post("/users/@me/channels", { recipients: others.map((each) => each.user.id), ...more });
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
};

test("a direct message has the shape that Discord's libraries read", async () => {
	const made = await open(bob, eve);
	assert.deepEqual(Object.keys(made).sort(), ["flags", "id", "last_message_id", "recipients", "type"]);
	assert.equal(made.type, 1);
	assert.deepEqual(made.recipients.map((each) => [each.id, each.username]), [[eve.user.id, eve.name]]);
	assert.ok(!("email" in made.recipients[0]));
	assert.deepEqual((await bob.client.get(`/channels/${made.id}`)).json, made);
	assert.equal((await open(eve, bob)).recipients[0].id, bob.user.id, "to the other, the first is the recipient");
	assert.equal((await open(eve, bob)).id, made.id);
	const byNumber = await bob.client.post("/users/@me/channels", `{"recipient_id":${eve.user.id}}`, { "Content-Type": "application/json" });
	assert.equal(byNumber.json.id, made.id, "a bare 64-bit number is not rounded");
	const byList = await bob.client.post("/users/@me/channels", { recipients: [eve.user.id], type: 1 });
	assert.equal(byList.json.id, made.id, "eris names the one recipient in a list");
});

test("fifty at once open one direct message", async () => {
	const replies = await Promise.all(Array.from({ length: 50 }, (_, i) =>
		i % 2 ? kim.client.post("/users/@me/channels", { recipient_id: lou.user.id }) : lou.client.post("/users/@me/channels", { recipient_id: kim.user.id })));
	assert.deepEqual([...new Set(replies.map((each) => each.status))], [200]);
	assert.equal(new Set(replies.map((each) => each.json.id)).size, 1);
});

test("who shares no workspace does not exist, and nobody writes to themselves", async () => {
	const unknown = await bob.client.post("/users/@me/channels", { recipient_id: "1234567890123456789" });
	assert.equal(unknown.status, 404);
	assert.equal(unknown.json.code, 10013);
	const foreign = await bob.client.post("/users/@me/channels", { recipient_id: stranger.user.id });
	assert.equal(foreign.text, unknown.text);
	assert.equal((await bob.client.post("/users/@me/channels", { recipient_id: bob.user.id })).status, 400);
	for (const body of [{}, { recipients: [] }, { recipients: "all" }, { recipient_id: "x" }, { recipients: [{}] }, []])
		assert.equal((await bob.client.post("/users/@me/channels", body)).status, 400, JSON.stringify(body));
	assert.equal((await new Client(snug).post("/users/@me/channels", { recipient_id: bob.user.id })).status, 401);
});

test("a message reaches the other alone, without a workspace, and is history for both", async () => {
	const streams = await Promise.all([follow(bob), follow(eve), follow(owner)]);
	const { id } = await open(bob, eve);
	const message = await bob.client.send(id, "between us");
	assert.ok(!("guild_id" in message));
	const event = await streams[1].find("it arrives", (each) => each.event === "MESSAGE_CREATE" && each.data.includes(message.id));
	const payload = JSON.parse(event.data);
	assert.equal(payload.channel_type, 1);
	assert.ok(!("guild_id" in payload) && !("member" in payload));
	assert.deepEqual((await eve.client.get(`/channels/${id}/messages`)).json[0], message);
	const edited = await bob.client.patch(`/channels/${id}/messages/${message.id}`, { content: "edited" });
	assert.equal(edited.status, 200, edited.text);
	assert.equal((await eve.client.delete(`/channels/${id}/messages/${message.id}`)).status, 403, "nobody moderates here");
	assert.equal((await bob.client.delete(`/channels/${id}/messages/${message.id}`)).status, 204);
	await streams[1].find("its end too", (each) => each.event === "MESSAGE_DELETE");
	await owner.client.send(owner.channel, "a full stop");
	await streams[2].find("the next message", (each) => each.event === "MESSAGE_CREATE");
	assert.ok(!streams[2].events.some((each) => each.data.includes(id)), "the workspace's owner hears nothing of it");
	for (const [method, path, body] of [["GET", ""], ["GET", "/messages"], ["POST", "/messages", { content: "x" }], ["GET", "/members"], ["PUT", "/members/@me"],
		["PUT", `/recipients/${owner.user.id}`], ["DELETE", ""], ["PATCH", "", { name: "x" }], ["POST", "/invites", {}]])
		assert.equal((await owner.client.request(method, `/channels/${id}${path}`, body)).status, 404, `${method} ${path}`);
	for (const stream of streams) stream.close();
});

test("a direct message appears to the other with its first message, and a closed one again with the next", async () => {
	const [ann, ben] = await Promise.all([invitePerson(owner), invitePerson(owner)]);
	const stream = await follow(ben);
	const { id } = await open(ann, ben);
	assert.deepEqual((await ben.client.get("/users/@me/channels")).json, []);
	await ann.client.send(id, "hello");
	const created = await stream.find("CHANNEL_CREATE", (each) => each.event === "CHANNEL_CREATE");
	assert.equal(JSON.parse(created.data).recipients[0].id, ann.user.id);
	await stream.find("and then the message", (each) => each.event === "MESSAGE_CREATE");
	assert.deepEqual((await ben.client.get("/users/@me/channels")).json.map((each) => each.id), [id]);
	const closed = await ben.client.delete(`/channels/${id}`);
	assert.equal(closed.status, 200);
	assert.equal(closed.json.id, id);
	await stream.find("CHANNEL_DELETE", (each) => each.event === "CHANNEL_DELETE");
	assert.deepEqual((await ben.client.get("/users/@me/channels")).json, []);
	assert.deepEqual((await ann.client.get("/users/@me/channels")).json.map((each) => each.id), [id], "for the one who closed it only");
	await ann.client.send(id, "still there?");
	await until("it is back", async () => (await ben.client.get("/users/@me/channels")).json.length === 1);
	stream.close();
});

test("the list begins with what was written in last", async () => {
	const ann = await invitePerson(owner);
	const ids = [];
	for (const other of [bob, eve, kim]) ids.push((await open(ann, other)).id);
	await ann.client.send(ids[1], "you first");
	assert.deepEqual((await ann.client.get("/users/@me/channels")).json.map((each) => each.id), [ids[1], ids[2], ids[0]]);
});

test("a block ends what two people may write to each other, and does not say who blocked whom", async () => {
	const [ann, ben] = await Promise.all([invitePerson(owner), invitePerson(owner)]);
	const { id } = await open(ann, ben);
	assert.equal((await ben.client.put(`/users/@me/blocks/${ann.user.id}`)).status, 204);
	for (const who of [ann, ben]) {
		const reply = await who.client.post(`/channels/${id}/messages`, { content: "x" });
		assert.equal(reply.status, 403, reply.text);
		assert.equal(reply.json.code, 50007);
	}
	assert.equal((await ann.client.get(`/channels/${id}/messages`)).status, 200);
	assert.equal((await ben.client.delete(`/users/@me/blocks/${ann.user.id}`)).status, 204);
	await ann.client.send(id, "again");
});

test("a group has the shape that Discord's libraries read, and each is told of the others", async () => {
	const streams = await Promise.all([follow(bob), follow(eve)]);
	const made = await group(bob, [eve, kim, eve], { name: " Lunch " });
	assert.deepEqual(Object.keys(made).sort(), ["flags", "icon", "id", "last_message_id", "name", "owner_id", "recipients", "type"]);
	assert.equal(made.type, 3);
	assert.equal(made.name, "Lunch");
	assert.equal(made.owner_id, bob.user.id);
	assert.deepEqual(made.recipients.map((each) => each.id).sort(), [eve.user.id, kim.user.id].sort());
	for (const [stream, who, others] of [[streams[0], bob, [eve, kim]], [streams[1], eve, [bob, kim]]]) {
		const event = await stream.find(`${who.name} is told`, (each) => each.event === "CHANNEL_CREATE" && JSON.parse(each.data).id === made.id);
		assert.deepEqual(JSON.parse(event.data).recipients.map((each) => each.id).sort(), others.map((each) => each.user.id).sort());
	}
	for (const stream of streams) stream.close();
	assert.equal((await owner.client.get(`/channels/${made.id}`)).status, 404);
	assert.equal((await group(bob, [eve, kim])).name, null);
});

test("a group has at least three people, all of one workspace, and says who cannot be in it", async () => {
	const two = await bob.client.post("/users/@me/channels", { recipients: [eve.user.id], name: "just us" });
	assert.equal(two.status, 400);
	assert.ok(two.json.errors.recipients);
	const foreign = await bob.client.post("/users/@me/channels", { recipients: [eve.user.id, stranger.user.id, "99"] });
	assert.equal(foreign.status, 400);
	const { _errors: errors } = foreign.json.errors.recipients;
	assert.deepEqual(errors.map((each) => each.code), ["UNKNOWN_MEMBER", "UNKNOWN_MEMBER"]);
	assert.ok(errors[0].message.startsWith(stranger.user.id));
	assert.equal((await bob.client.post("/users/@me/channels", { recipients: [eve.user.id, kim.user.id], guild_id: "123" })).status, 404);
});

test("anybody adds, the owner removes down to three, everybody may leave", async () => {
	const { id } = await group(bob, [eve, kim]);
	const stream = await follow(lou);
	const put = await kim.client.put(`/channels/${id}/recipients/${lou.user.id}`);
	assert.equal(put.status, 204, put.text);
	const created = await stream.find("lou is told", (each) => each.event === "CHANNEL_CREATE");
	assert.equal(JSON.parse(created.data).recipients.length, 3);
	const message = await bob.client.send(id, "welcome");
	await stream.find("and hears what is said next", (each) => each.event === "MESSAGE_CREATE" && each.data.includes(message.id));
	assert.equal((await kim.client.put(`/channels/${id}/recipients/${lou.user.id}`)).status, 204, "who is there is there");
	assert.equal((await kim.client.put(`/channels/${id}/recipients/${stranger.user.id}`)).status, 404);
	assert.equal((await kim.client.delete(`/channels/${id}/recipients/${lou.user.id}`)).status, 403);
	assert.equal((await bob.client.delete(`/channels/${id}/recipients/${lou.user.id}`)).status, 204);
	await stream.find("lou is told of that too", (each) => each.event === "CHANNEL_DELETE");
	const few = await bob.client.delete(`/channels/${id}/recipients/${kim.user.id}`);
	assert.equal(few.status, 409, few.text);
	const renamed = await kim.client.patch(`/channels/${id}`, { name: "Dinner" });
	assert.equal(renamed.json.name, "Dinner");
	assert.equal((await bob.client.delete(`/channels/${id}`)).status, 200, "leaving is always allowed");
	assert.equal((await bob.client.get(`/channels/${id}`)).status, 404);
	const left = (await eve.client.get(`/channels/${id}`)).json;
	assert.deepEqual(left.recipients.map((each) => each.id), [kim.user.id]);
	assert.ok([eve.user.id, kim.user.id].includes(left.owner_id), "somebody owns it");
	stream.close();
});

test("groups have no overwrites, bans or invites", async () => {
	const { id } = await group(bob, [eve, kim]);
	for (const [method, path, body] of [
		["PUT", `/permissions/${eve.user.id}`, { type: 1, allow: "0", deny: "1024" }], ["PUT", `/bans/${eve.user.id}`],
		["PATCH", `/members/${eve.user.id}`, { role: "admin" }], ["POST", "/invites", {}],
	]) {
		const reply = await bob.client.request(method, `/channels/${id}${path}`, body);
		assert.ok([400, 403].includes(reply.status), `${method} ${path}: ${reply.status} ${reply.text}`);
	}
	assert.equal((await eve.client.get(`/channels/${id}`)).status, 200);
});

test("whoever leaves the workspace is out of its groups and may write to nobody there", async () => {
	const ann = await invitePerson(owner);
	const { id } = await group(bob, [eve, kim, ann]);
	const direct = (await open(ann, bob)).id;
	await ann.client.send(direct, "hello");
	const stream = await follow(ann);
	const left = await ann.client.delete(`/users/@me/guilds/${owner.guild}`);
	assert.equal(left.status, 204, left.text);
	assert.equal((await ann.client.get(`/channels/${id}`)).status, 404);
	assert.equal((await ann.client.post(`/channels/${id}/messages`, { content: "x" })).status, 404);
	const refused = await bob.client.post(`/channels/${direct}/messages`, { content: "come back" });
	assert.equal(refused.json.code, 50007, refused.text);
	assert.equal((await ann.client.get(`/channels/${direct}/messages`)).json.length, 1, "what was said stays");
	await bob.client.send(id, "without ann");
	await stream.find("GUILD_DELETE", (each) => each.event === "GUILD_DELETE");
	assert.ok(!stream.events.some((each) => each.data.includes("without ann")));
	stream.close();
});

await run();
