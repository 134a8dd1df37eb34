// What a body of a message may be: a value of the wrong type is refused in Discord's form, by the field's name, and changes nothing.

import { startSnug } from "../lib/snug.js";
import { setUp } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";
import { postParts } from "../lib/upload.js";

const snug = await startSnug();
const owner = await setUp(snug);
const messages = `/channels/${owner.channel}/messages`;
const other = await owner.client.send(owner.channel, "other");

// Members of a body, and where the error is.
const both = [
	[{ content: 7 }, "content"], [{ content: ["a"] }, "content"], [{ content: { a: 1 } }, "content"], [{ content: true }, "content"],
	[{ embeds: {} }, "embeds"], [{ embeds: "a" }, "embeds"], [{ embeds: [7] }, "embeds.0"], [{ embeds: [null] }, "embeds.0"], [{ embed: "a" }, "embed"], [{ embed: 7 }, "embed"],
	[{ embed: [] }, "embed"], [{ embeds: [{ title: 7 }] }, "embeds.0.title"], [{ embeds: [{ title: "a", footer: "b" }] }, "embeds.0.footer"],
	[{ allowed_mentions: [] }, "allowed_mentions"], [{ allowed_mentions: "a" }, "allowed_mentions"], [{ allowed_mentions: { parse: "users" } }, "allowed_mentions.parse"],
	[{ allowed_mentions: { parse: [7] } }, "allowed_mentions.parse"], [{ allowed_mentions: { users: "1" } }, "allowed_mentions.users"],
	[{ allowed_mentions: { users: ["x"] } }, "allowed_mentions.users"], [{ allowed_mentions: { roles: [{}] } }, "allowed_mentions.roles"],
	[{ allowed_mentions: { replied_user: "yes" } }, "allowed_mentions.replied_user"],
	[{ flags: "4" }, "flags"], [{ flags: -1 }, "flags"], [{ flags: [] }, "flags"], [{ flags: 1.5 }, "flags"],
	[{ attachments: {} }, "attachments"], [{ attachments: 7 }, "attachments"], [{ attachments: "[]" }, "attachments"], [{ attachments: true }, "attachments"],
];
const onlyPost = [
	[{ nonce: [] }, "nonce"], [{ nonce: true }, "nonce"], [{ nonce: 1.5 }, "nonce"],
	[{ message_reference: [] }, "message_reference"], [{ message_reference: { message_id: "x" } }, "message_reference.message_id"],
	[{ message_reference: { message_id: other.id, channel_id: "x" } }, "message_reference.channel_id"],
	[{ message_reference: { message_id: other.id, channel_id: [] } }, "message_reference.channel_id"],
	[{ message_reference: { message_id: other.id, type: "1" } }, "message_reference.type"],
	[{ message_reference: { message_id: other.id, fail_if_not_exists: "no" } }, "message_reference.fail_if_not_exists"],
	[{ poll: "a" }, "poll"], [{ poll: [] }, "poll"], [{ poll: { question: { text: 7 }, answers: [{ poll_media: { text: "a" } }] } }, "poll"],
	...[[], ["a"], [{ poll_media: "a" }], [{ poll_media: { text: 7 } }], [{ poll_media: { text: "a", emoji: "👍" } }], [{ poll_media: { text: "a", emoji: { name: 7 } } }],
		[{ poll_media: { text: "a", emoji: { id: "x" } } }], "a"].map((answers) => [{ poll: { question: { text: "q" }, answers } }, "poll"]),
	...[{ duration: "24" }, { duration: 1.5 }, { allow_multiselect: "yes" }, { layout_type: "1" }].map((more) => [
		{ poll: { question: { text: "q" }, answers: [{ poll_media: { text: "a" } }], ...more } }, "poll"]),
];

const sendFile = (body) =>
	postParts(owner.client, messages, [{ name: "payload_json", content: JSON.stringify(body) }, { name: "files[0]", filename: "a.txt", content: "a" }]);

function isRefused(reply, field, what) {
	assert.equal(reply.status, 400, `${what}: ${reply.status} ${reply.text}`);
	assert.equal(reply.json.code, 50035, what);
	let errors = reply.json.errors;
	for (const name of field.split("."))
		errors = errors?.[name];
	assert.ok(errors?._errors?.[0]?.code && errors._errors[0].message, `${what} at ${field}: ${reply.text}`);
}

test("a new message with a value of the wrong type is refused by its name, and nothing is posted", async () => {
	const before = (await owner.client.get(messages)).text;
	for (const [members, field] of [...both, ...onlyPost])
		isRefused(await owner.client.post(messages, { content: "text", ...members }), field, JSON.stringify(members));
	assert.equal((await owner.client.get(messages)).text, before);
});

test("an edit with a value of the wrong type is refused by its name, and changes nothing", async () => {
	const reply = await sendFile({ content: "text", attachments: [{ id: 0, description: "a picture" }] });
	assert.equal(reply.status, 200, reply.text);
	const [file] = reply.json.attachments;
	const path = `${messages}/${reply.json.id}`;
	const before = (await owner.client.get(path)).json;
	const items = [
		[[{ id: file.id, description: 7 }], "attachments.0.description"], [[{ id: file.id, description: ["a"] }], "attachments.0.description"],
		[[{ id: file.id, description: "a".repeat(1025) }], "attachments.0.description"], [[{ id: file.id, description: "\u0001" }], "attachments.0.description"],
		[[{ id: "x" }], "attachments.0.id"], [[{}], "attachments.0.id"], [["a"], "attachments.0.id"], [[file.id, {}], "attachments.1.id"],
	];
	for (const [members, field] of [...both, ...items.map(([attachments, at]) => [{ attachments }, at])])
		isRefused(await owner.client.patch(path, members), field, JSON.stringify(members));
	const after = (await owner.client.get(path)).json;
	assert.deepEqual([after.content, after.edited_timestamp, after.attachments[0].description], [before.content, null, "a picture"]);
	const cleared = await owner.client.patch(path, { attachments: [{ id: file.id, description: null }] });
	assert.equal(cleared.status, 200, cleared.text);
	assert.equal(cleared.json.attachments[0].description ?? null, null, "null takes it away");
});

test("what is said of a file that comes along is of the right type", async () => {
	for (const [item, name] of [
		[{ filename: 7 }, "filename"], [{ description: 7 }, "description"], [{ description: "a".repeat(1025) }, "description"], [{ waveform: [] }, "waveform"],
		[{ duration_secs: "1" }, "duration_secs"], [{ duration_secs: -1 }, "duration_secs"], [{ is_spoiler: "yes" }, "is_spoiler"],
	]) {
		const reply = await sendFile({ content: "text", attachments: [{ id: 0, ...item }] });
		isRefused(reply, `attachments.0.${name}`, JSON.stringify(item));
	}
	for (const id of ["x", "", [], 1.5, "-1"])
		isRefused(await sendFile({ attachments: [{ id, description: "a" }] }), "attachments.0.id", JSON.stringify(id));
	isRefused(await sendFile({ attachments: ["a"] }), "attachments.0", "no object");
	const nulls = { id: "0", filename: null, title: null, description: null, waveform: null, duration_secs: null, is_spoiler: null };
	assert.equal((await sendFile({ attachments: [nulls] })).status, 200, "null is nothing said");
});

await run(snug);
