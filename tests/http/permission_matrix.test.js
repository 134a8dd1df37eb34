// Every route of the JSON interface by everybody who may come to it, upon what is there, what is another workspace's and what
// is deleted. The routes are read from the source, what to expect is computed from tests/lib/permission_table.js: a route
// without a row there is a failure.

import { startSnug } from "../lib/snug.js";
import { apiRoutes } from "../lib/routes.js";
import { makeWorld } from "../lib/permission_world.js";
import { expected, fill, identities, resources } from "../lib/permission_expect.js";
import { table } from "../lib/permission_table.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open", SNUG_WORKSPACES_OWNED_MAX: "1000" } });
const world = await makeWorld(snug);
const routes = apiRoutes();
const kinds = Object.keys(identities);

test("every route has a row in the table, and every row a route", async () => {
	assert.ok(routes.length > 90, `${routes.length} routes`);
	const names = routes.map(({ method, pattern }) => `${method} ${pattern}`);
	assert.deepEqual(names.filter((name) => !(name in table)), [], "routes of which nobody has said who may use them");
	assert.deepEqual(Object.keys(table).filter((name) => !names.includes(name)), [], "rows without a route");
});

async function actor(row, kind, isUsedUp) {
	return row.self && isUsedUp ? world.twin(kind) : world.people[kind];
}

/** One cell: [what, reply, expected], or null. */
async function cell({ method, pattern }, row, kind, resource, more = {}) {
	const statuses = more.statuses ?? expected(pattern, row, kind, resource);
	if (!statuses) return null;
	const { place, thing } = resources[resource];
	const isUsedUp = statuses.some((status) => status < 300);
	const person = await actor(row, kind, isUsedUp);
	const places = place === "shared" ? world.shared : world[place];
	const things = thing === "shared" ? world.shared : world[thing];
	const fresh = resource === "existing" && isUsedUp ? (more.fresh ?? row.fresh) : more.fresh;
	const made = fresh ? await world.fresh[fresh](person) : {};
	const within = place === "shared" && row.within ? { channel: world[row.within] } : {};
	const ids = { ...things, guild: places.guild, channel: places.channel, ...within, ...made };
	const body = row.body?.(world, kind, ids, person) ?? (method === "GET" ? undefined : method === "DELETE" ? undefined : {});
	const location = fill(pattern, ids).replace("/api/v1", "") + (row.query ?? "");
	const { client } = person;
	const request = pattern.startsWith("/api/")
		? client.request(method, location, body, client.token?.includes(".") || !client.token ? {} : { Authorization: `Bot ${client.token}` })
		: snug.request(location);
	const reply = await request;
	if (reply.status < 300) row.after?.(person);
	if (made.user && /pawn|outcast/.test(fresh)) await world.owner.client.delete(`/guilds/${world.guild}/bots/${made.user}`);
	return { what: `${kind}, ${more.name ?? resource}: ${method} ${location}`, reply, statuses };
}

for (const route of routes) {
	const name = `${route.method} ${route.pattern}`;
	const row = table[name];
	if (!row) continue;
	// Passwords are hashed one after the other, and who would wait too long is told to come again: such rows take turns.
	const hashes = /ROUTE_PASSWORD/.test(route.row) || row.self || ["session", "account"].includes(row.fresh);
	const gather = async (cells) => {
		if (!hashes) return Promise.all(cells.map((each) => each()));
		const done = [];
		for (const each of cells) done.push(await each());
		return done;
	};
	test(`${name} is for whom it should be`, { parallel: !hashes }, async () => {
		const faults = [];
		for (const resource of Object.keys(resources)) {
			const cells = [];
			for (const kind of kinds) {
				cells.push(() => cell(route, row, kind, resource));
				if (row.others && resource === "existing" && identities[kind].room && kind !== "owner")
					cells.push(() => cell(route, row, kind, resource, { name: "another's", fresh: "another's message",
						statuses: row.others.every((right) => identities[kind].room.includes(right)) ? [row.ok] : [403] }));
			}
			for (const { what, reply, statuses } of (await gather(cells)).filter(Boolean)) {
				if (!statuses.includes(reply.status)) faults.push(`${what}: ${reply.status}, not ${statuses.join(" or ")}: ${reply.text.slice(0, 160)}`);
				else if (reply.status >= 400 && reply.status !== 413) assert.ok(reply.json?.message && "code" in reply.json, `${what}: no error in JSON: ${reply.text.slice(0, 100)}`);
			}
		}
		assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
	});
}

test("nothing that was refused has changed who is where", async () => {
	const names = async (place) => (await world.owner.client.get(place)).json;
	const members = (await names(`/guilds/${world.guild}/members?limit=1000`)).map((each) => each.user.id);
	for (const kind of ["outsider", "member", "moderator", "admin", "owner", "bot"]) assert.ok(members.includes(world.people[kind].user.id), `${kind} is out`);
	for (const kind of ["stranger", "kicked", "banned"]) assert.ok(!members.includes(world.people[kind].user.id), `${kind} is in`);
	const inside = (await names(`/channels/${world.room}/members?limit=100`)).map((each) => (each.user ?? each).id);
	for (const kind of ["member", "bot"]) assert.ok(inside.includes(world.people[kind].user.id), `${kind} is out of the room`);
	for (const kind of ["outsider", "stranger", "kicked", "banned", "suspended"].slice(0, 4)) assert.ok(!inside.includes(world.people[kind].user.id), `${kind} is in the room`);
	assert.equal((await world.people.outsider.client.get(`/channels/${world.room}`)).status, 404);
	assert.equal((await world.people.member.client.get(`/channels/${world.room}`)).status, 200);
});

await run();
