// Every page by everybody who has a browser: what is not theirs is not there, what they lack the right for is refused, and who is
// not logged in is asked to. The routes are read from the source; a page without a row in the table here is a failure. That a form
// does what it should for those whom it is for is for the tests of the pages; here it must be refused to all others.

import { startSnug } from "../lib/snug.js";
import { pageRoutes } from "../lib/routes.js";
import { makeWorld } from "../lib/permission_world.js";
import { expected, fill, identities, resources } from "../lib/permission_expect.js";
import { Page } from "../lib/page.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_REGISTRATION: "open" } });
const world = await makeWorld(snug);
const direct = await world.owner.client.post("/users/@me/channels", { recipient_id: world.people.member.user.id });
assert.equal(direct.status, 200, direct.text);
const said = await world.owner.client.send(direct.json.id, "between two", { poll: { question: { text: "?" }, answers: [{ poll_media: { text: "!" } }] } });

const C = "/channels/{guild}/{channel}";
const D = "/channels/@me/{channel}";
const G = "/guilds/{guild}";
const member = `${G}/members/{user}`;
const role = `${G}/roles/{role}`;

/** needs, entry and the rest as in tests/lib/permission_table.js; form is what would be a valid input. */
const anybody = { entry: "anybody" };
const account = {};
const needs = (...bits) => ({ needs: bits });
const server = { ...needs("SERVER"), gone: null }; // of whatever workspace they are
const table = {
	...Object.fromEntries(["GET /", "GET /setup", "POST /setup", "GET /signup", "POST /signup", "GET /login", "POST /login", "GET /login/code", "POST /login/code", "POST /logout",
		"GET /reset", "POST /reset", "GET /reset/new", "POST /reset/new", "GET /join", "GET /invite/{code}", "GET /emojis/{code}", "GET /attachments/{channel}/{target}/{code}", "GET /avatars/{user}/{code}", "GET /icons/{guild}/{code}"].map((name) => [name, anybody])),
	"POST /invite/{code}": { isOpen: true, by: { "banned is banned": { who: ["banned"], status: 403 } } },

	...Object.fromEntries([C, D].flatMap((at) => [
		[`GET ${at}`, account],
		[`GET ${at}/sidebar`, account],
		[`GET ${at}/messages`, account],
		[`POST ${at}/messages`, { ...needs("SEND_MESSAGES"), form: { content: "x" } }],
		[`GET ${at}/messages/{message}`, needs("READ_HISTORY")],
		[`GET ${at}/messages/{message}/forward`, needs("READ_HISTORY")],
		[`POST ${at}/messages/{message}/forward`, needs("READ_HISTORY")],
		[`GET ${at}/messages/{message}/edit`, { isAuthors: true }],
		[`POST ${at}/messages/{message}/edit`, { isAuthors: true, form: { content: "x" } }],
		[`GET ${at}/messages/{message}/delete`, { isAuthors: true, ...needs("MANAGE_MESSAGES") }],
		[`POST ${at}/messages/{message}/delete`, { isAuthors: true, isDone: true, ...needs("MANAGE_MESSAGES") }],
		[`POST ${at}/messages/{message}/embeds`, { isAuthors: true, form: { hide: "1" }, ...needs("MANAGE_MESSAGES") }],
		[`GET ${at}/messages/{message}/history`, needs("READ_HISTORY")],
		[`GET ${at}/pins`, needs("READ_HISTORY")],
		[`POST ${at}/messages/{message}/pin`, at === C ? needs("READ_HISTORY", "MANAGE_MESSAGES") : account], // or PIN_MESSAGES
		[`POST ${at}/messages/{message}/unpin`, at === C ? needs("READ_HISTORY", "MANAGE_MESSAGES") : account],
		[`GET ${at}/messages/{message}/react`, needs("READ_HISTORY")],
		[`GET ${at}/messages/{message}/reactions`, needs("READ_HISTORY")],
		[`POST ${at}/messages/{message}/reactions`, { ...needs("READ_HISTORY"), form: { emoji: "👍" } }],
		[`POST ${at}/messages/{message}/reactions/remove`, { ...needs("READ_HISTORY"), form: { emoji: "👍" } }],
		[`GET ${at}/messages/{message}/votes`, needs("READ_HISTORY")],
		[`POST ${at}/messages/{message}/votes`, { ...needs("READ_HISTORY"), form: { answer_id: "1" } }],
		[`POST ${at}/messages/{message}/votes/remove`, { ...needs("READ_HISTORY"), form: { answer_id: "1" } }],
		[`POST ${at}/messages/{message}/poll/end`, { isAuthors: true }],
		[`POST ${at}/messages/{message}/save`, needs("READ_HISTORY")],
		[`POST ${at}/messages/{message}/unsave`, account],
		[`GET ${at}/poll`, needs("SEND_MESSAGES")],
		[`POST ${at}/poll`, { ...needs("SEND_MESSAGES"), form: { question: "?", "answer-1": "!" } }],
		[`POST ${at}/messages/{message}/unread`, account],
		[`POST ${at}/typing`, needs("SEND_MESSAGES")],
		[`POST ${at}/ack`, account],
		[`POST ${at}/leave`, account],
		[`GET ${at}/settings`, account],
		[`POST ${at}/settings/own`, account],
		[`GET ${at}/members`, account],
	])),
	[`GET ${C}/messages/delete`]: needs("READ_HISTORY", "MANAGE_MESSAGES"),
	[`POST ${C}/messages/delete`]: needs("MANAGE_MESSAGES"),
	[`POST ${G}/ack`]: account,
	[`GET ${C}/threads`]: account,
	[`POST ${C}/threads`]: { ...needs("CREATE_PUBLIC_THREADS"), form: { name: "x" } },
	[`GET ${C}/messages/{message}/thread`]: needs("READ_HISTORY"),
	[`POST ${C}/messages/{message}/thread`]: { ...needs("CREATE_PUBLIC_THREADS", "READ_HISTORY"), form: { name: "x" } },
	[`POST ${C}/follow`]: { ...account, within: "thread" },
	[`POST ${C}/unfollow`]: { ...account, within: "thread" },
	[`GET ${C}/thread`]: { ...account, within: "thread" },
	[`POST ${C}/thread`]: { ...needs("MANAGE_THREADS"), within: "thread", form: { name: "x" } }, // or its starter
	[`POST ${C}/thread/archive`]: { ...needs("MANAGE_THREADS"), within: "thread", form: { archived: "1" } },
	[`POST ${C}/thread/members`]: { ...needs("SEND_IN_THREADS"), within: "thread", form: () => ({ username: world.people.member.name }) },
	[`POST ${C}/thread/members/{user}/remove`]: { ...needs("MANAGE_THREADS"), within: "thread" },
	[`GET ${C}/thread/delete`]: { ...needs("MANAGE_THREADS"), within: "thread" },
	[`POST ${C}/thread/delete`]: { ...needs("MANAGE_THREADS"), within: "thread" },
	[`POST ${C}/move`]: needs("MANAGE_CHANNELS"),
	[`POST ${C}/join`]: account,
	[`POST ${C}/settings`]: needs("MANAGE_CHANNELS"),
	[`POST ${C}/settings/access`]: needs("MANAGE_CHANNELS"),
	[`POST ${C}/settings/archive`]: needs("MANAGE_CHANNELS"),
	[`GET ${C}/delete`]: needs("MANAGE_CHANNELS"),
	[`POST ${C}/delete`]: needs("MANAGE_CHANNELS"),
	[`POST ${C}/members`]: needs("CREATE_INVITE"),
	[`POST ${C}/members/{user}/remove`]: needs("KICK_MEMBERS"),
	[`POST ${C}/members/{user}/role`]: { ...needs("MANAGE_ROLES"), form: { role: "admin" } },
	[`POST ${C}/members/{user}/ban`]: needs("BAN_MEMBERS"),
	[`POST ${C}/members/{user}/unban`]: needs("BAN_MEMBERS"),
	[`POST ${C}/owner`]: { ...needs("ADMINISTRATOR"), form: () => ({ user_id: world.people.member.user.id }) },
	[`POST ${D}/settings`]: account,
	[`POST ${D}/delete`]: account,
	[`POST ${D}/members`]: account,
	[`POST ${D}/members/{user}/remove`]: account,
	[`POST ${D}/owner`]: account,

	...Object.fromEntries(["GET /account", "POST /account", "POST /account/email", "POST /account/reading", "GET /account/security", "POST /account/security/password", "POST /account/security/sessions/end",
		"POST /account/security/sessions/{session}/end", "POST /account/security/tokens", "POST /account/security/tokens/{token}/end", "GET /account/security/factor", "POST /account/security/factor",
		"POST /account/security/factor/confirm", "POST /account/security/factor/off", "POST /account/security/factor/codes", "GET /account/blocks", "POST /account/blocks/{user}",
		"POST /account/blocks/{user}/lift", "GET /account/export", "GET /account/export/download", "GET /account/delete", "POST /account/delete", "GET /guilds/new", "POST /guilds/new"].map((name) => [name, account])),

	[`GET ${C}/draft`]: account,
	[`POST ${C}/draft`]: account,
	[`GET ${D}/draft`]: account,
	[`POST ${D}/draft`]: account,
	"GET /drafts": account,
	"POST /drafts/{channel}/discard": { rightsIn: "server", gone: null }, // one's own text
	"GET /account/scheduled": account,
	"GET /account/scheduled/{scheduled}": { by: { "of what nobody here has written there is no page": { who: ["stranger", "outsider", "member", "moderator", "admin", "owner", "kicked", "banned"], status: 404 } } },
	"POST /account/scheduled/{scheduled}": account,
	"POST /account/scheduled/{scheduled}/delete": account,
	[`GET ${C}/schedule`]: account,
	[`POST ${C}/schedule`]: account,
	[`GET ${D}/schedule`]: account,
	[`POST ${D}/schedule`]: account,

	"GET /admin/users": server,
	"GET /admin/users/{user}": { ...server, by: { "a bot has no page there": { who: ["owner"], status: 404 } } },
	"POST /admin/users/{user}/suspend": server,
	"POST /admin/users/{user}/restore": server,
	"POST /admin/users/{user}/admin": { ...server, form: { is_admin: "on" } },
	"POST /admin/users/{user}/handover": { ...server, form: () => ({ to: world.people.member.user.id }) },
	"GET /admin/security": server,

	[`GET ${G}`]: account,
	[`GET ${G}/settings`]: needs("MANAGE_GUILD"),
	[`POST ${G}/settings`]: needs("MANAGE_GUILD"),
	[`GET ${G}/transfer`]: needs("OWNER"),
	[`POST ${G}/transfer`]: { ...needs("OWNER"), form: () => ({ username: world.people.member.name }) },
	[`GET ${G}/delete`]: needs("OWNER"),
	[`POST ${G}/delete`]: { ...needs("OWNER"), form: { name: "Works" } },
	[`GET ${G}/leave`]: account,
	[`POST ${G}/leave`]: account,
	[`GET ${G}/search`]: account,
	[`GET ${D}/search`]: needs("READ_HISTORY"),
	[`GET ${G}/people`]: account,
	[`POST ${G}/people`]: account,
	[`GET ${G}/channels`]: account,
	[`POST ${G}/channels`]: needs("MANAGE_CHANNELS"),
	[`GET ${G}/channels/new`]: needs("MANAGE_CHANNELS"),
	[`POST ${G}/channels/new`]: needs("MANAGE_CHANNELS"),
	[`GET ${G}/roles`]: needs("MANAGE_ROLES"),
	[`POST ${G}/roles`]: needs("MANAGE_ROLES"),
	[`GET ${role}`]: needs("MANAGE_ROLES"),
	[`POST ${role}`]: needs("MANAGE_ROLES"),
	[`POST ${role}/move`]: needs("MANAGE_ROLES"),
	[`POST ${role}/delete`]: needs("MANAGE_ROLES"),
	[`POST ${role}/members`]: needs("MANAGE_ROLES"),
	[`POST ${role}/members/{user}/remove`]: needs("MANAGE_ROLES"),
	[`GET ${G}/members`]: account,
	[`GET ${member}`]: account,
	[`POST ${member}/nick`]: { ...needs("MANAGE_NICKNAMES"), form: { nick: "named" } },
	[`POST ${member}/roles`]: needs("MANAGE_ROLES"),
	[`POST ${member}/roles/{role}/remove`]: needs("MANAGE_ROLES"),
	[`POST ${member}/timeout`]: needs("MODERATE_MEMBERS"),
	[`POST ${member}/kick`]: needs("KICK_MEMBERS"),
	[`POST ${member}/ban`]: needs("BAN_MEMBERS"),
	[`GET ${G}/bans`]: needs("BAN_MEMBERS"),
	[`POST ${G}/bans/{user}/lift`]: needs("BAN_MEMBERS"),
	[`GET ${G}/audit`]: needs("VIEW_AUDIT_LOG"),
	[`GET ${G}/invites`]: needs("CREATE_INVITE"),
	[`POST ${G}/invites`]: needs("CREATE_INVITE"),
	[`POST ${G}/invites/{code}/revoke`]: needs("MANAGE_GUILD"),
	[`GET ${G}/emojis`]: account,
	[`POST ${G}/emojis`]: needs("MANAGE_EXPRESSIONS"),
	[`POST ${G}/emojis/{emoji_id}/rename`]: { ...needs("MANAGE_EXPRESSIONS"), form: { name: "renamed" } },
	[`POST ${G}/emojis/{emoji_id}/delete`]: needs("MANAGE_EXPRESSIONS"),
	"GET /saved": account,
	"POST /saved/{channel}/{message}/remove": { rightsIn: "server", gone: null }, // one's own list
	[`GET ${G}/bots`]: needs("MANAGE_GUILD"),
	[`POST ${G}/bots`]: needs("MANAGE_GUILD"),
	[`GET ${G}/bots/{user}`]: needs("MANAGE_GUILD"),
	[`POST ${G}/bots/{user}/token`]: needs("MANAGE_GUILD"),
	[`POST ${G}/bots/{user}/delete`]: needs("MANAGE_GUILD"),
};

const routes = pageRoutes();

test("every page has a row in the table, and every row a page", async () => {
	assert.ok(routes.length > 90, `${routes.length} routes`);
	const names = routes.map(({ method, pattern }) => `${method} ${pattern}`);
	assert.deepEqual(names.filter((name) => !(name in table)), [], "pages of which nobody has said who may see them");
	assert.deepEqual(Object.keys(table).filter((name) => !names.includes(name)), [], "rows without a page");
});

const kinds = ["anonymous", "stranger", "outsider", "member", "moderator", "admin", "owner", "kicked", "banned"];
const browsers = {};
for (const kind of kinds) {
	const page = (browsers[kind] = new Page(snug));
	await page.open("/login");
	if (kind !== "anonymous") await page.submit(/login/, { login: world.people[kind].name, password: world.people[kind].password });
	if (kind !== "anonymous") await page.open("/account");
	assert.equal(page.location, kind === "anonymous" ? "/login" : "/account", `${kind} is not logged in`);
	page.proof = page.forms.find((form) => form.fields.csrf).fields.csrf;
}

const post = (page, location, fields) =>
	snug.request(location, {
		method: "POST",
		body: new URLSearchParams({ ...fields, csrf: page.proof }).toString(),
		headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: snug.url, Cookie: page.cookie },
	});

async function cell({ method, pattern }, row, kind, resource) {
	const declared = row.isAuthors && kind === "owner" ? { ok: 200 } : { ok: 200, ...row, ...(row.isAuthors && !row.needs && { needs: ["AUTHOR"] }) };
	const statuses = expected(pattern, declared, kind, resource, 303);
	if (!statuses) return null;
	const { place, thing } = resources[resource];
	const isAllowed = statuses.includes(200);
	// A form about what is gone may well say that it is done: who has the right is not told apart from it here.
	const isAboutGone = thing !== "shared" && place === "shared" && !statuses.includes(303) && expected(pattern, declared, kind, "existing", 303)?.includes(200);
	if (row.isDone && thing !== "shared" && place === "shared") return null; // what is not there is deleted, whoever asks
	if (row.entry === "anybody" || (method === "POST" && (isAllowed || isAboutGone))) return null;
	const things = thing === "shared" ? world.shared : world[thing];
	const isDirect = pattern.includes("@me/{channel}");
	const places = place === "shared" ? (isDirect ? { channel: direct.json.id } : world.shared) : world[place];
	const within = place === "shared" && row.within ? { channel: world[row.within] } : {};
	const ids = { ...things, guild: places.guild, channel: places.channel, ...within, ...(isDirect && thing === "shared" && { message: said.id }) };
	const location = fill(pattern, ids);
	const page = browsers[kind];
	const fields = typeof row.form === "function" ? row.form() : (row.form ?? {});
	const reply = method === "POST" ? await post(page, location, fields) : await snug.request(location, { headers: { Cookie: page.cookie } });
	// Where a login was needed and something was typed, the page shows it again instead of leading away from it.
	const isKept = statuses.includes(303) && Boolean(fields.content);
	return { what: `${kind}, ${resource}: ${method} ${location}`, reply, statuses: isKept ? [401] : statuses, isAllowed, kept: isKept ? fields.content : "" };
}

for (const route of routes) {
	const row = table[`${route.method} ${route.pattern}`];
	if (!row || row.entry === "anybody") continue;
	test(`${route.method} ${route.pattern} is for whom it should be`, { parallel: true }, async () => {
		const faults = [];
		for (const resource of Object.keys(resources)) {
			const cells = await Promise.all(kinds.map((kind) => cell(route, row, kind, resource)));
			for (const { what, reply, statuses, isAllowed, kept } of cells.filter(Boolean)) {
				const leads = reply.headers.location ?? "";
				// A page may lead on to where it is now; only the login is a refusal.
				const isFine = isAllowed ? reply.status === 200 || (reply.status === 303 && !leads.startsWith("/login")) : statuses.includes(reply.status);
				if (!isFine) faults.push(`${what}: ${reply.status} ${leads}, not ${statuses.join(" or ")}`);
				if (statuses.includes(303) && !leads.startsWith("/login")) faults.push(`${what} leads to ${leads}`);
				if (!reply.text.includes(kept)) faults.push(`${what} loses what was typed`);
			}
		}
		assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
	});
}

await run();
