// Every route of the JSON interface by everybody who may come to it, upon what is there, what is another workspace's and what
// is deleted. The routes are read from the source, what to expect is computed from tests/lib/permission_table.js: a route
// without a row there is a failure.

import { startSnug } from "../lib/snug.js";
import { apiRoutes } from "../lib/routes.js";
import { makeWorld } from "../lib/permission_world.js";
import { identities, table } from "../lib/permission_table.js";
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

const scopeOf = (pattern, row) => row.rightsIn ?? (pattern.includes("{channel}") ? "room" : pattern.includes("{guild}") ? "guild" : "server");
const nestedOf = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !["guild", "channel"].includes(name));

/** What a cell upon something is: places and things of which kind. null: it says nothing that another does not. */
const resources = {
	existing: { place: "shared", thing: "shared" },
	"another's place": { place: "foreign", thing: "foreign" },
	"a deleted place": { place: "deleted", thing: "deleted" },
	"another's thing": { place: "shared", thing: "foreign" },
	"a deleted thing": { place: "shared", thing: "deleted" },
};

/** The statuses that a cell may have, from the row, who it is, and upon what. null: this cell is somebody's own, or no cell. */
function expected(pattern, row, kind, resource) {
	const who = identities[kind];
	const entry = row.entry ?? "account";
	const scope = scopeOf(pattern, row);
	const things = nestedOf(pattern);
	const { place, thing } = resources[resource];
	const hasPlace = /\{guild\}|\{channel\}/.test(pattern);
	if (resource !== "existing" && !hasPlace && (things.length === 0 || place !== "shared")) return null;
	if (place === "shared" && thing !== "shared" && things.length === 0) return null;
	if (kind === "stranger" && (place === "foreign" || thing === "foreign")) return null; // it is theirs
	if (entry !== "anybody") {
		if (who.isNobody) return [401];
		if (["person", "login"].includes(entry) && who.isBot) return [403];
	}
	const exception = Object.values(row.by ?? {}).find((each) => each.who.includes(kind));
	if (scope !== "server" && place !== "shared") return [404];
	if (scope !== "server" && who[scope] === null && !row.isOpen) return [404];
	const rights = (scope === "server" ? who.server : who[scope]) ?? [];
	const isAllowed = entry === "anybody" || (row.needs ?? []).every((right) => rights.includes(right));
	if (thing !== "shared") {
		if (row.isOpen && thing === "foreign") return row.needs ? [403] : null; // an invite leads whoever has it
		if (!isAllowed) return [403, 404];
		return row.gone === null ? null : [row.gone ?? 404];
	}
	if (exception) return [exception.status];
	return isAllowed ? [row.ok] : [403];
}

const fill = (pattern, ids) => pattern.replace("/api/v1", "").replaceAll(/\{(\w+)\}/g, (_, name) => ids[name]);

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
	const ids = { ...things, guild: places.guild, channel: places.channel, ...made };
	const body = row.body?.(world, kind, ids) ?? (method === "GET" ? undefined : method === "DELETE" ? undefined : {});
	const location = fill(pattern, ids) + (row.query ?? "");
	const { client } = person;
	const request = pattern.startsWith("/api/")
		? client.request(method, location, body, client.token?.includes(".") || !client.token ? {} : { Authorization: `Bot ${client.token}` })
		: snug.request(location);
	const reply = await request;
	if (made.user) await world.owner.client.delete(`/guilds/${world.guild}/bots/${made.user}`);
	return { what: `${kind}, ${more.name ?? resource}: ${method} ${location}`, reply, statuses };
}

for (const route of routes) {
	const name = `${route.method} ${route.pattern}`;
	const row = table[name];
	if (!row) continue;
	test(`${name} is for whom it should be`, { timeout: 30_000, parallel: true }, async () => {
		const faults = [];
		for (const resource of Object.keys(resources)) {
			const cells = [];
			for (const kind of kinds) {
				cells.push(cell(route, row, kind, resource));
				if (row.others && resource === "existing" && identities[kind].room && kind !== "owner")
					cells.push(cell(route, row, kind, resource, { name: "another's", fresh: "another's message",
						statuses: row.others.every((right) => identities[kind].room.includes(right)) ? [row.ok] : [403] }));
			}
			for (const { what, reply, statuses } of (await Promise.all(cells)).filter(Boolean)) {
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
