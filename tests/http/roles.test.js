// Roles by the JSON interface: Discord's shapes, the hierarchy, and that nobody gives what they lack.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const roles = `/guilds/${owner.guild}/roles`;
const bits = { kick: 1n << 1n, administrator: 1n << 3n, roles: 1n << 28n, moderate: 1n << 40n, messages: 1n << 13n };

test("a new workspace has @everyone, Member, Moderator and Admin ready", async () => {
	const list = (await owner.client.get(roles)).json;
	assert.deepEqual(list.map((each) => each.name), ["@everyone", "Member", "Moderator", "Admin"]);
	assert.deepEqual(list.map((each) => each.position), [0, 1, 2, 3]);
	assert.equal(list[0].id, owner.guild);
});

test("a role is made, read, changed and deleted", async () => {
	const made = await owner.client.post(roles, { name: "  Crew ", permissions: "8192", colors: { primary_color: 0x3498db, secondary_color: null }, hoist: true, mentionable: true });
	assert.equal(made.status, 200, made.text);
	assert.equal(made.json.name, "Crew");
	assert.equal(made.json.permissions, "8192");
	assert.equal(made.json.color, 0x3498db);
	assert.deepEqual(made.json.colors, { primary_color: 0x3498db, secondary_color: null, tertiary_color: null });
	assert.equal(made.json.hoist, true);
	assert.equal(made.json.mentionable, true);
	assert.equal(made.json.managed, false);
	assert.ok(!("tags" in made.json));
	const place = `${roles}/${made.json.id}`;
	assert.deepEqual((await owner.client.get(place)).json, made.json);
	const changed = await owner.client.patch(place, { name: "Band", permissions: 16384, color: null, mentionable: null });
	assert.equal(changed.status, 200, changed.text);
	assert.deepEqual(changed.json, { ...made.json, name: "Band", permissions: "16384" });
	assert.equal((await owner.client.delete(place)).status, 204);
	for (const reply of [await owner.client.get(place), await owner.client.delete(place), await owner.client.patch(place, {})]) {
		assert.equal(reply.status, 404);
		assert.equal(reply.json.code, 10011);
	}
});

await run();
