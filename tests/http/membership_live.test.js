// Membership is felt at once on streams that are open: who is added hears the next message, who is removed hears none that
// was sent after it, without reconnecting, whatever took or gave the access.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const owner = await setUp(snug);
const people = { bob: await invitePerson(owner), eve: await invitePerson(owner) };
const { bob, eve } = people;
const make = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const follow = (who, options = {}) => openStream(snug, { token: who.access_token, ...options });
const ok = (reply) => assert.ok(reply.status < 300, `${reply.status} ${reply.text}`);

/**
 * Until all that was said so far has been delivered to a stream, or withheld: who may see an event is decided when it is
 * delivered, to each stream by itself, so permission that is given too soon after it shows it after all.
 */
async function passes(stream) {
	const stop = await owner.client.send(owner.channel, "a full stop");
	await stream.find("the full stop", (each) => each.data.includes(stop.id));
}

/** Long polls one after the other, as a script would; what they got stands in events. */
class Poller {
	constructor(who, query = "") {
		this.who = who;
		this.query = query;
		this.events = [];
	}

	async start() {
		this.next = (await this.who.client.get(`/events?timeout=0${this.query}`)).json.next;
		this.loop = (async () => {
			while (!this.isStopped) {
				const reply = await this.who.client.get(`/events?after=${this.next}&timeout=1${this.query}`);
				if (reply.status !== 200) break;
				this.next = reply.json.next;
				this.events.push(...reply.json.events.map((each) => ({ event: each.t, data: JSON.stringify(each.d) })));
			}
		})();
		return this;
	}

	find = (what, fits) => until(what, () => this.events.find(fits));

	async close() {
		this.isStopped = true;
		await this.loop;
	}
}

async function pageStream(who, channel) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	const cookie = Object.entries(page.cookies).map(([name, value]) => `${name}=${value}`).join("; ");
	return openStream(snug, { cookie, path: "/live", query: `channel=${channel}` });
}

/** What takes access from bob, and what gives it back; room is private or public. */
const ways = {
	"removed from and added to a private channel": {
		room: { private: true },
		give: (id) => owner.client.put(`/channels/${id}/members/${bob.user.id}`),
		take: (id) => owner.client.delete(`/channels/${id}/members/${bob.user.id}`),
	},
	"an overwrite of his own": {
		room: { private: true },
		give: (id) => owner.client.put(`/channels/${id}/permissions/${bob.user.id}`, { type: 1, allow: "1024" }),
		take: (id) => owner.client.delete(`/channels/${id}/permissions/${bob.user.id}`),
	},
	"all overwrites replaced": {
		room: { private: true },
		give: (id) => owner.client.patch(`/channels/${id}`, { permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }, { id: bob.user.id, type: 1, allow: "1024" }] }),
		take: (id) => owner.client.patch(`/channels/${id}`, { permission_overwrites: [{ id: owner.guild, type: 0, deny: "1024" }] }),
	},
	"@everyone shut out and let in": {
		room: {},
		give: (id) => owner.client.delete(`/channels/${id}/permissions/${owner.guild}`),
		take: (id) => owner.client.put(`/channels/${id}/permissions/${owner.guild}`, { type: 0, deny: "1024" }),
	},
	"banned from a public channel": {
		room: {},
		give: (id) => owner.client.delete(`/channels/${id}/bans/${bob.user.id}`),
		take: (id) => owner.client.put(`/channels/${id}/bans/${bob.user.id}`),
	},
};

for (const [what, way] of Object.entries(ways))
	test(`${what}: felt at once, in both directions, on a stream and on long polls`, async () => {
		const id = await make(way.room);
		const stream = await follow(bob);
		const poller = await new Poller(bob).start();
		const followers = { stream, poller };
		const arrives = async (message) => {
			for (const [name, follower] of Object.entries(followers))
				await follower.find(`${message.content} on the ${name}`, (each) => each.event === "MESSAGE_CREATE" && each.data.includes(message.id));
		};
		if (way.room.private) {
			ok(await way.give(id));
			// Whether somebody may see the channel is decided when they are told: that must be before it is taken again.
			await arrives(await owner.client.send(id, "shown at first"));
		}
		for (let round = 0; round < 3; round++) {
			ok(await way.take(id));
			const hidden = await owner.client.send(id, "hidden");
			await arrives(await owner.client.send(owner.channel, "a full stop"));
			for (const [name, follower] of Object.entries(followers))
				assert.ok(!follower.events.some((each) => each.data.includes(hidden.id)), `${name}: nothing comes after the removal`);
			ok(await way.give(id));
			await arrives(await owner.client.send(id, "shown"));
			for (const { events } of Object.values(followers)) /* which the channel itself may name as its last */
				assert.ok(!events.some((each) => each.event === "MESSAGE_CREATE" && each.data.includes(hidden.id)));
		}
		for (const [name, follower] of Object.entries(followers)) {
			const told = follower.events.filter((each) => /^CHANNEL_(CREATE|DELETE)$/.test(each.event) && each.data.includes(id)).map((each) => each.event);
			const turns = Array(3).fill(["CHANNEL_DELETE", "CHANNEL_CREATE"]).flat();
			assert.deepEqual(told, way.room.private ? ["CHANNEL_CREATE", ...turns] : turns, name);
		}
		stream.close();
		await poller.close();
	});

test("a page that is open on the channel hears of its end, and then nothing", async () => {
	const id = await make({ private: true, members: [bob.user.id] });
	const page = await pageStream(bob, id);
	assert.equal(page.status, 200);
	const before = await owner.client.send(id, "while he is in it");
	await page.find("the message", (each) => each.data.includes(before.id));
	ok(await owner.client.delete(`/channels/${id}/members/${bob.user.id}`));
	await page.find("the end", (each) => each.event === "CHANNEL_DELETE" && each.data.includes(id));
	const after = await owner.client.send(id, "without him");
	await passes(page); // as a note: what it shows is another channel
	ok(await owner.client.put(`/channels/${id}/members/${bob.user.id}`));
	const again = await owner.client.send(id, "with him again");
	await page.find("the next message", (each) => each.data.includes(again.id));
	assert.ok(!page.events.some((each) => each.data.includes(after.id)));
	page.close();
});

test("kicked, and gone from every channel and group at that moment", async () => {
	const ann = await invitePerson(owner);
	const id = await make({ private: true, members: [ann.user.id] });
	const group = (await owner.client.post("/users/@me/channels", { recipients: [ann.user.id, bob.user.id, eve.user.id] })).json.id;
	const stream = await follow(ann);
	ok(await owner.client.delete(`/guilds/${owner.guild}/members/${ann.user.id}`));
	for (const channel of [id, group, owner.channel]) await owner.client.send(channel, `after the kick ${channel}`);
	await stream.find("GUILD_DELETE", (each) => each.event === "GUILD_DELETE");
	const own = (await ann.client.get(`/events?timeout=0&after=${stream.events.at(-1).id}`)).json;
	assert.deepEqual(own.events, []);
	assert.ok(!stream.events.some((each) => each.data.includes("after the kick")));
	stream.close();
});

test("a role that is taken takes its channels along, and one that is given brings them", async () => {
	const role = (await owner.client.post(`/guilds/${owner.guild}/roles`, { name: unique("role"), permissions: "0" })).json;
	const id = await make({ private: true });
	ok(await owner.client.put(`/channels/${id}/permissions/${role.id}`, { type: 0, allow: "1024" }));
	const stream = await follow(eve);
	for (let round = 0; round < 3; round++) {
		const hidden = await owner.client.send(id, "not for eve");
		await passes(stream);
		ok(await owner.client.put(`/guilds/${owner.guild}/members/${eve.user.id}/roles/${role.id}`));
		const shown = await owner.client.send(id, "for eve");
		await stream.find("the message", (each) => each.data.includes(shown.id));
		assert.ok(!stream.events.some((each) => each.event === "MESSAGE_CREATE" && each.data.includes(hidden.id)));
		ok(await owner.client.delete(`/guilds/${owner.guild}/members/${eve.user.id}/roles/${role.id}`));
	}
	ok(await owner.client.put(`/guilds/${owner.guild}/members/${eve.user.id}/roles/${role.id}`));
	ok(await owner.client.patch(`/channels/${id}`, { topic: "seen" }));
	ok(await owner.client.delete(`/guilds/${owner.guild}/roles/${role.id}`));
	const hidden = await owner.client.send(id, "the role is gone");
	await passes(stream);
	assert.ok(!stream.events.some((each) => each.data.includes(hidden.id)));
	stream.close();
});

test("a time-out leaves reading, begins at once, and its end is not missed", async () => {
	const id = await make();
	const stream = await follow(bob);
	const disable = (until_) => owner.client.patch(`/guilds/${owner.guild}/members/${bob.user.id}`, { communication_disabled_until: new Date(until_).toISOString() });
	ok(await disable(Date.now() + 3600_000));
	assert.equal((await bob.client.post(`/channels/${id}/messages`, { content: "x" })).status, 403);
	const during = await owner.client.send(id, "during");
	await stream.find("he reads", (each) => each.data.includes(during.id));
	const end = Date.now() + 1500;
	ok(await disable(end));
	await until("it is over", async () => (await bob.client.post(`/channels/${id}/messages`, { content: "I am back" })).status === 200);
	assert.ok(Date.now() >= end);
	const after = await owner.client.send(id, "after");
	await stream.find("he still reads", (each) => each.data.includes(after.id));
	stream.close();
});

test("who catches up by cursor gets what they may see now, and is told what is gone", async () => {
	const id = await make({ private: true, members: [bob.user.id] });
	const start = (await bob.client.get("/events?timeout=0")).json.next;
	const catchUp = async () => (await bob.client.get(`/events?timeout=0&after=${start}`)).json.events.filter((each) => JSON.stringify(each.d).includes(id));
	const first = await owner.client.send(id, "first");
	ok(await owner.client.patch(`/channels/${id}`, { topic: "a secret topic" }));
	assert.deepEqual((await catchUp()).map((each) => each.t), ["MESSAGE_CREATE", "CHANNEL_UPDATE"]);
	ok(await owner.client.delete(`/channels/${id}/members/${bob.user.id}`));
	const gone = await catchUp();
	assert.deepEqual(gone.map((each) => each.t), ["CHANNEL_DELETE"]);
	assert.deepEqual(gone[0].d, { id, type: 0, guild_id: owner.guild });
	ok(await owner.client.put(`/channels/${id}/members/${bob.user.id}`));
	const back = await catchUp();
	assert.ok(back.some((each) => each.t === "MESSAGE_CREATE" && each.d.id === first.id));
	assert.equal(back.filter((each) => /^CHANNEL_(CREATE|DELETE)$/.test(each.t)).map((each) => each.t).at(-1), "CHANNEL_CREATE");
});

/* While others write without a pause, one is let in and taken out again and again. Nothing may reach him for which there
 * was no moment, from its being sent to its arrival, at which he may have been in. */
for (const [what, setting] of Object.entries({
	"a private channel": async () => {
		const id = await make({ private: true, members: [eve.user.id] });
		return { id, give: ways["removed from and added to a private channel"].give, take: ways["removed from and added to a private channel"].take };
	},
	"a group": async () => {
		const carl = await invitePerson(owner);
		const { id } = (await owner.client.post("/users/@me/channels", { recipients: [eve.user.id, carl.user.id] })).json;
		return {
			id,
			give: () => owner.client.put(`/channels/${id}/recipients/${bob.user.id}`),
			take: () => owner.client.delete(`/channels/${id}/recipients/${bob.user.id}`),
		};
	},
}))
	test(`${what}: nothing is heard by who is not in it, however close the race`, async () => {
		const { id, give, take } = await setting();
		const stream = await follow(bob);
		const sent = new Map();
		const inside = []; // [from, to]: when bob may have been in
		let isOver = false;
		const writers = [owner, eve, owner, eve].map(async (who, writer) => {
			for (let i = 0; !isOver; i++) {
				const content = `race ${writer} ${i}`;
				sent.set(content, performance.now());
				const reply = await who.client.post(`/channels/${id}/messages`, { content });
				if (reply.status === 429) await new Promise((resolve) => setTimeout(resolve, reply.json.retry_after * 1000));
			}
		});
		const rounds = 40;
		for (let round = 0; round < rounds; round++) {
			const from = performance.now();
			ok(await give(id));
			/* At first long enough to hear something: an answer that is remembered too long must be one that lets in. */
			if (round === 0) await stream.find("a message while he is in", (each) => each.event === "MESSAGE_CREATE" && JSON.parse(each.data).channel_id === id);
			if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
			ok(await take(id));
			inside.push([from, performance.now()]);
			if (round % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		}
		isOver = true;
		await Promise.all(writers);
		const stop = await owner.client.send(owner.channel, "a full stop");
		await stream.find("the full stop", (each) => each.data.includes(stop.id));
		const heard = stream.events.filter((each) => each.event === "MESSAGE_CREATE" && JSON.parse(each.data).channel_id === id);
		for (const { data, at } of heard) {
			const { content } = JSON.parse(data);
			const mayBe = inside.some(([from, to]) => from <= at && to >= sent.get(content));
			assert.ok(mayBe, `${content}, sent at ${sent.get(content)}, arrived at ${at}`);
		}
		const told = stream.events.filter((each) => /^CHANNEL_(CREATE|DELETE)$/.test(each.event) && JSON.parse(each.data).id === id);
		assert.ok(sent.size > 40 && heard.length > 0 && told.filter((each) => each.event === "CHANNEL_DELETE").length === rounds, `${sent.size} sent, ${heard.length} heard, ${told.length} told`);
		stream.close();
	});

await run();
