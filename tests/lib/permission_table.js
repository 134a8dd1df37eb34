// Who may do what by the JSON interface, declared: for each route what it needs and what a success is. The statuses that a
// cell of the matrix is expected to have are computed from this and from who somebody is, in permission_expect.js.
//
//   needs    bits in the workspace, or in the channel where the path names one; "OWNER", "SERVER" (administers the server)
//   entry    who gets in at all: "anybody", "account" (a credential; the default), "person" (no bots), "login" (no tokens either)
//   ok       the status of a success
//   body     what is sent, given the world, who acts, and the ids of the path
//   after    what a success has changed of the one who acts
//   fresh    what this use uses up (permission_world.js); self: the one who acts is used up
//   gone     the status where what the path names inside the workspace or channel is deleted or another's: 404 unless told; null:
//            it makes no difference to who may, and is not tried
//   deleted  the status where it is deleted, when that is another than of what is another's
//   isOpen   whoever knows the thing's name may know that it is there: the code of an invite
//   others   what is needed where the message is another's
//   within   which place of the world the channel of the path is, where it is not the room (permission_world.js)
//   by       exceptions by who acts, with the reason in the key

import { goodPassword, unique } from "./api.js";
import { image } from "./permission_world.js";

const G = "/api/v1/guilds/{guild}";
const C = "/api/v1/channels/{channel}";
const me = "/api/v1/users/@me";
const seesPawn = { "who shares no workspace with them sees nobody": { who: ["stranger", "kicked", "banned"], status: 404 } };

const inNone = { "who is in no workspace has written nothing": { who: ["kicked", "banned"], status: 404 } };

export const table = {
	"GET /health/live": { entry: "anybody", ok: 200 },
	"GET /health/ready": { entry: "anybody", ok: 200 },

	"POST /api/v1/auth/register": { entry: "anybody", ok: 201, body: () => account() },
	"POST /api/v1/auth/login": { entry: "anybody", ok: 200, body: (world) => ({ login: world.owner.name, password: world.owner.password }) },
	"POST /api/v1/auth/refresh": { entry: "anybody", ok: 401, body: () => ({ refresh_token: "no-such-token" }) },
	"POST /api/v1/auth/logout": { entry: "anybody", ok: 401, body: () => ({ refresh_token: "no-such-token" }) },
	"POST /api/v1/auth/reset": { entry: "anybody", ok: 403, body: () => ({ login: "nobody_at_all" }) }, // no mail is set up
	"POST /api/v1/auth/reset/confirm": { entry: "anybody", ok: 400, body: () => ({ code: "no-such-code", new_password: goodPassword }) },

	[`GET ${me}`]: { ok: 200 },
	[`PATCH ${me}`]: { ok: 200, body: () => ({ bio: "about" }) },
	[`PUT ${me}/email`]: { entry: "person", ok: 200, body: (world, kind, ids, person) => ({ email: `${unique("mail")}@example.org`, current_password: person.password ?? "none" }) },
	[`GET ${me}/guilds`]: { ok: 200 },
	[`GET ${me}/channels`]: { ok: 200 },
	[`POST ${me}/channels`]: { ok: 200, body: (world) => ({ recipient_id: world.people.member.user.id }),
		by: { "who shares no workspace with them writes to nobody": { who: ["stranger", "kicked", "banned"], status: 404 }, "not to oneself": { who: ["member"], status: 400 } } },
	[`GET ${me}/sessions`]: { entry: "login", ok: 200 },
	[`DELETE ${me}/sessions`]: { entry: "login", ok: 204, self: true, body: () => ({ keep_current: true }) },
	[`DELETE ${me}/sessions/{session}`]: { entry: "login", ok: 204, fresh: "session" },
	[`GET ${me}/tokens`]: { entry: "login", ok: 200 },
	[`POST ${me}/tokens`]: { entry: "login", ok: 201, body: () => ({ name: unique("token") }) },
	[`DELETE ${me}/tokens/{token}`]: { entry: "login", ok: 204, fresh: "token" },
	[`PUT ${me}/password`]: { entry: "login", ok: 204, self: true, body: (world, kind, ids, person) => ({ current_password: person.password, new_password: `${goodPassword} again` }),
		after: (person) => (person.password = `${goodPassword} again`) },
	[`POST ${me}/totp`]: { entry: "login", ok: 200 },
	[`PUT ${me}/totp`]: { entry: "login", ok: 401, body: () => ({ password: "not the password", code: "000000" }) },
	[`DELETE ${me}/totp`]: { entry: "login", ok: 409, body: (world, kind, ids, person) => ({ password: person.password ?? "none", code: "000000" }) },
	[`POST ${me}/totp/recovery-codes`]: { entry: "login", ok: 409, body: (world, kind, ids, person) => ({ password: person.password ?? "none", code: "000000" }) },
	[`GET ${me}/unread`]: { entry: "person", ok: 200 },
	[`GET ${me}/settings`]: { entry: "person", ok: 200 },
	[`PATCH ${me}/settings`]: { entry: "person", ok: 200, body: () => ({ read_receipts: true }) },
	[`GET ${me}/blocks`]: { entry: "person", ok: 200 },
	[`PUT ${me}/blocks/{user}`]: { entry: "person", ok: 204, by: seesPawn },
	[`DELETE ${me}/blocks/{user}`]: { entry: "person", ok: 204, gone: 204 },
	[`GET ${me}/scheduled-messages`]: { entry: "person", ok: 200 },
	[`PATCH ${me}/scheduled-messages/{scheduled}`]: { entry: "person", ok: 200, fresh: "scheduled", by: inNone, body: () => ({ content: "changed" }) },
	[`DELETE ${me}/scheduled-messages/{scheduled}`]: { entry: "person", ok: 204, fresh: "scheduled", by: inNone },
	[`GET ${me}/export`]: { entry: "login", ok: 200 },
	[`DELETE ${me}`]: { entry: "login", ok: 204, self: true, body: (world, kind, ids, person) => ({ username: person.name, password: person.password ?? "none" }),
		by: { "who owns a workspace hands it over first": { who: ["owner"], status: 409 } } },
	"GET /api/v1/users/{user}": { ok: 200, by: seesPawn },
	"PUT /api/v1/users/{user}/suspension": { entry: "login", ok: 204, needs: ["SERVER"], fresh: "pawn", gone: null, body: () => ({}) },
	"DELETE /api/v1/users/{user}/suspension": { entry: "login", ok: 204, needs: ["SERVER"], fresh: "pawn", gone: null },
	"POST /api/v1/users/{user}/handover": { entry: "login", ok: 200, needs: ["SERVER"], fresh: "suspended", gone: null, body: (world) => ({ to: world.people.member.user.id }) },
	"PUT /api/v1/users/{user}/admin": { entry: "login", ok: 204, needs: ["SERVER"], fresh: "account", gone: null },
	"DELETE /api/v1/users/{user}/admin": { entry: "login", ok: 204, needs: ["SERVER"], fresh: "account", gone: null },

	"POST /api/v1/guilds": { entry: "person", ok: 201, body: () => ({ name: unique("Guild") }) },
	[`GET ${G}`]: { ok: 200 },
	[`PATCH ${G}`]: { ok: 200, needs: ["MANAGE_GUILD"], body: () => ({ description: "described" }) },
	[`DELETE ${G}`]: { ok: 400, needs: ["OWNER"], body: () => ({ name: "not its name" }) },
	[`DELETE ${me}/guilds/{guild}`]: { ok: 204, self: true, by: { "the owner stays": { who: ["owner"], status: 409 } } },
	[`GET ${G}/channels`]: { ok: 200 },
	[`POST ${G}/channels`]: { ok: 201, needs: ["MANAGE_CHANNELS"], body: () => ({ name: unique("channel") }) },
	[`PATCH ${G}/channels`]: { ok: 204, needs: ["MANAGE_CHANNELS"], body: (world) => [{ id: world.general, position: 0 }] },
	[`GET ${G}/search`]: { ok: 400 }, // without q
	[`GET ${G}/messages/search`]: { ok: 200 },
	[`GET ${G}/invites`]: { ok: 200, needs: ["MANAGE_GUILD"] },
	[`POST ${G}/invites`]: { ok: 200, needs: ["CREATE_INVITE"], body: () => ({}) },
	[`GET ${me}/guilds/{guild}/member`]: { ok: 200 },
	[`GET ${G}/members`]: { ok: 200 },
	[`GET ${G}/members/search`]: { ok: 200, query: "?query=a" },
	[`PATCH ${G}/members/@me`]: { ok: 200, needs: ["CHANGE_NICKNAME"], body: () => ({ nick: "nick" }) },
	[`PATCH ${G}/members/@me/nick`]: { ok: 200, needs: ["CHANGE_NICKNAME"], body: () => ({ nick: "nick" }) },
	[`GET ${G}/members/{user}`]: { ok: 200 },
	[`PATCH ${G}/members/{user}`]: { ok: 200, needs: ["MANAGE_NICKNAMES"], body: () => ({ nick: "named" }) },
	[`DELETE ${G}/members/{user}`]: { ok: 204, needs: ["KICK_MEMBERS"], fresh: "pawn" },
	[`PUT ${G}/members/{user}/roles/{role}`]: { ok: 204, needs: ["MANAGE_ROLES"] },
	[`DELETE ${G}/members/{user}/roles/{role}`]: { ok: 204, needs: ["MANAGE_ROLES"] },
	[`GET ${G}/bans`]: { ok: 200, needs: ["BAN_MEMBERS"] },
	[`GET ${G}/bans/{user}`]: { ok: 200, needs: ["BAN_MEMBERS"], fresh: "outcast" },
	[`PUT ${G}/bans/{user}`]: { ok: 204, needs: ["BAN_MEMBERS"], fresh: "pawn", body: () => ({}), gone: null }, // whoever has an account can be banned before coming
	[`DELETE ${G}/bans/{user}`]: { ok: 204, needs: ["BAN_MEMBERS"], fresh: "outcast" },
	[`GET ${G}/audit-logs`]: { ok: 200, needs: ["VIEW_AUDIT_LOG"] },
	[`GET ${G}/roles`]: { ok: 200 },
	[`POST ${G}/roles`]: { ok: 200, needs: ["MANAGE_ROLES"], body: () => ({ name: unique("role") }) },
	[`PATCH ${G}/roles`]: { ok: 200, needs: ["MANAGE_ROLES"], body: (world) => [{ id: world.role, position: 1 }] },
	[`GET ${G}/roles/{role}`]: { ok: 200 },
	[`PATCH ${G}/roles/{role}`]: { ok: 200, needs: ["MANAGE_ROLES"], body: () => ({ name: unique("role") }) },
	[`DELETE ${G}/roles/{role}`]: { ok: 204, needs: ["MANAGE_ROLES"], fresh: "role" },
	[`GET ${G}/bots`]: { ok: 200, needs: ["MANAGE_GUILD"] },
	[`POST ${G}/bots`]: { entry: "person", ok: 201, needs: ["MANAGE_GUILD"], body: () => ({ username: unique("made") }) },
	[`POST ${G}/bots/{user}/token`]: { entry: "person", ok: 200, needs: ["MANAGE_GUILD"], fresh: "pawn" },
	[`DELETE ${G}/bots/{user}`]: { entry: "person", ok: 204, needs: ["MANAGE_GUILD"], fresh: "pawn" },

	"GET /api/v1/invites/{code}": { entry: "anybody", ok: 200, isOpen: true },
	"POST /api/v1/invites/{code}": { entry: "person", ok: 200, isOpen: true, self: true, by: { "banned is banned": { who: ["banned"], status: 403 } } },
	"DELETE /api/v1/invites/{code}": { ok: 200, isOpen: true, fresh: "invite", rightsIn: "guild", needs: ["MANAGE_GUILD"] },

	[`GET ${C}`]: { ok: 200 },
	[`PATCH ${C}`]: { ok: 200, needs: ["MANAGE_CHANNELS"], body: () => ({ topic: "topic" }) },
	[`DELETE ${C}`]: { ok: 200, needs: ["MANAGE_CHANNELS"], fresh: "room" },
	[`PUT ${C}/permissions/{target}`]: { ok: 204, needs: ["MANAGE_ROLES"], fresh: "pawn", body: () => ({ type: 1, allow: "0", deny: "2048" }) },
	[`DELETE ${C}/permissions/{target}`]: { ok: 204, needs: ["MANAGE_ROLES"], fresh: "overwrite" },
	[`PUT ${C}/owner`]: { ok: 200, needs: ["ADMINISTRATOR"], fresh: "room", body: (world) => ({ user_id: world.people.member.user.id }) },
	[`GET ${C}/members`]: { ok: 200 },
	[`POST ${C}/members`]: { ok: 204, needs: ["CREATE_INVITE"], body: (world) => ({ users: [world.pawn] }) },
	[`DELETE ${C}/members`]: { ok: 204, needs: ["KICK_MEMBERS"], fresh: "pawn in the room", body: (world, who, ids) => ({ users: [ids.user] }) },
	[`GET ${C}/members/@me`]: { ok: 200 },
	[`PUT ${C}/members/@me`]: { ok: 204 },
	[`PATCH ${C}/members/@me`]: { ok: 200, body: () => ({ muted: false }) },
	[`DELETE ${C}/members/@me`]: { ok: 204, fresh: "room" },
	[`GET ${C}/members/{user}`]: { ok: 200 },
	[`PUT ${C}/members/{user}`]: { ok: 204, needs: ["CREATE_INVITE"] },
	[`PATCH ${C}/members/{user}`]: { ok: 204, needs: ["MANAGE_ROLES"], fresh: "pawn in the room", body: () => ({ role: "member" }) },
	[`DELETE ${C}/members/{user}`]: { ok: 204, needs: ["KICK_MEMBERS"], fresh: "pawn in the room" },
	[`PUT ${C}/recipients/{user}`]: { ok: 204, needs: ["CREATE_INVITE"] },
	[`DELETE ${C}/recipients/{user}`]: { ok: 204, needs: ["KICK_MEMBERS"], fresh: "pawn in the room" },
	[`GET ${C}/bans`]: { ok: 200, needs: ["BAN_MEMBERS"] },
	[`PUT ${C}/bans/{user}`]: { ok: 204, needs: ["BAN_MEMBERS"], fresh: "pawn in the room" },
	[`DELETE ${C}/bans/{user}`]: { ok: 204, needs: ["BAN_MEMBERS"], fresh: "outcast of the room" },
	[`GET ${C}/invites`]: { ok: 200, needs: ["MANAGE_CHANNELS"] },
	[`POST ${C}/invites`]: { ok: 200, needs: ["CREATE_INVITE"], body: () => ({}) },
	[`GET ${C}/messages`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`POST ${C}/messages`]: { ok: 200, needs: ["SEND_MESSAGES"], body: () => ({ content: "said" }) },
	[`POST ${C}/scheduled-messages`]: { entry: "person", ok: 201, needs: ["SEND_MESSAGES"], body: () => ({ content: "later", send_at: new Date(Date.now() + 3_600_000).toISOString() }) },
	[`POST ${C}/typing`]: { ok: 204, needs: ["SEND_MESSAGES"] },
	[`POST ${G}/ack`]: { entry: "person", ok: 204 },
	[`POST ${C}/ack`]: { entry: "person", ok: 200 },
	// What was deleted meanwhile has been read all the same: its place in the channel is what counts.
	[`POST ${C}/messages/{message}/ack`]: { entry: "person", ok: 200, deleted: 200 },
	[`POST ${C}/messages/{message}/unread`]: { entry: "person", ok: 200, deleted: 200 },
	[`GET ${C}/messages/{message}/readers`]: { entry: "person", ok: 200, needs: ["READ_HISTORY"] },
	[`GET ${C}/messages/search`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`POST ${C}/messages/bulk-delete`]: { ok: 204, needs: ["MANAGE_MESSAGES"], fresh: "own message", body: (world, who, ids) => ({ messages: [ids.message, String(BigInt(ids.message) + 1n)] }) },
	[`GET ${C}/messages/pins`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`PUT ${C}/messages/pins/{message}`]: { ok: 204, needs: ["READ_HISTORY", "MANAGE_MESSAGES"] }, // or PIN_MESSAGES
	[`DELETE ${C}/messages/pins/{message}`]: { ok: 204, needs: ["READ_HISTORY", "MANAGE_MESSAGES"] },
	[`GET ${C}/pins`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`PUT ${C}/pins/{message}`]: { ok: 204, needs: ["READ_HISTORY", "MANAGE_MESSAGES"] },
	[`DELETE ${C}/pins/{message}`]: { ok: 204, needs: ["READ_HISTORY", "MANAGE_MESSAGES"] },
	[`GET ${C}/messages/{message}/versions`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`GET ${C}/messages/{message}`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`PATCH ${C}/messages/{message}`]: { ok: 200, fresh: "own message", body: () => ({ content: "edited" }), others: ["OWNER"] },
	[`DELETE ${C}/messages/{message}`]: { ok: 204, fresh: "own message", others: ["MANAGE_MESSAGES"] },

	[`PUT ${C}/messages/{message}/reactions/{emoji}/@me`]: { ok: 204, needs: ["READ_HISTORY"] },
	[`DELETE ${C}/messages/{message}/reactions/{emoji}/@me`]: { ok: 204, needs: ["READ_HISTORY"] },
	[`DELETE ${C}/messages/{message}/reactions/{emoji}/{user}`]: { ok: 204, needs: ["MANAGE_MESSAGES"] },
	[`GET ${C}/messages/{message}/reactions/{emoji}`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`DELETE ${C}/messages/{message}/reactions/{emoji}`]: { ok: 204, needs: ["MANAGE_MESSAGES"] },
	[`DELETE ${C}/messages/{message}/reactions`]: { ok: 204, needs: ["MANAGE_MESSAGES"] },
	[`PUT ${C}/polls/{message}/answers/@me`]: { entry: "person", ok: 204, needs: ["READ_HISTORY"], body: () => ({ answer_ids: [1] }) },
	[`GET ${C}/polls/{message}/answers/{answer}`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`POST ${C}/polls/{message}/expire`]: { ok: 200, needs: ["OWNER"], fresh: "poll" }, // its author's alone
	[`POST ${C}/messages/{message}/threads`]: { ok: 201, needs: ["CREATE_PUBLIC_THREADS", "READ_HISTORY"], fresh: "another's message", body: () => ({ name: unique("thread") }) },
	[`POST ${C}/threads`]: { ok: 201, needs: ["CREATE_PUBLIC_THREADS"], body: () => ({ name: unique("thread"), type: 11 }) },
	[`GET ${G}/threads/active`]: { ok: 200 },
	[`GET ${C}/threads/archived/public`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`GET ${C}/threads/archived/private`]: { ok: 200, needs: ["READ_HISTORY", "MANAGE_THREADS"] },
	[`GET ${C}/users/@me/threads/archived/private`]: { ok: 200, needs: ["READ_HISTORY"] },
	[`GET ${C}/thread-members`]: { ok: 200, within: "thread" },
	[`GET ${C}/thread-members/@me`]: { ok: 200, within: "thread", fresh: "in the thread" },
	[`PUT ${C}/thread-members/@me`]: { ok: 204, within: "thread" },
	[`POST ${C}/thread-members/@me`]: { ok: 204, within: "thread" },
	[`DELETE ${C}/thread-members/@me`]: { ok: 204, within: "otherThread", fresh: "in the other thread" },
	[`GET ${C}/thread-members/{user}`]: { ok: 200, within: "thread" },
	[`PUT ${C}/thread-members/{user}`]: { ok: 204, within: "thread", needs: ["SEND_IN_THREADS"] },
	[`POST ${C}/thread-members/{user}`]: { ok: 204, within: "thread", needs: ["SEND_IN_THREADS"] },
	[`DELETE ${C}/thread-members/{user}`]: { ok: 204, within: "thread", needs: ["MANAGE_THREADS"], fresh: "pawn in the thread" },
	[`GET ${me}/drafts`]: { entry: "person", ok: 200 },
	[`GET ${C}/draft`]: { entry: "person", ok: 200 },
	[`PUT ${C}/draft`]: { entry: "person", ok: 200, body: () => ({ content: "begun" }) },
	[`DELETE ${C}/draft`]: { entry: "person", ok: 204, rightsIn: "server", gone: 204 }, // one's own text
	[`GET ${me}/saved`]: { entry: "person", ok: 200 },
	[`PUT ${me}/saved/{channel}/{message}`]: { entry: "person", ok: 204, needs: ["READ_HISTORY"] },
	[`DELETE ${me}/saved/{channel}/{message}`]: { entry: "person", ok: 204, rightsIn: "server", gone: 204 }, // one's own list
	[`GET ${G}/emojis`]: { ok: 200 },
	[`POST ${G}/emojis`]: { ok: 201, needs: ["MANAGE_EXPRESSIONS"], body: () => ({ name: unique("e"), image }) },
	[`GET ${G}/emojis/{emoji_id}`]: { ok: 200 },
	[`PATCH ${G}/emojis/{emoji_id}`]: { ok: 200, needs: ["MANAGE_EXPRESSIONS"], body: () => ({ name: unique("e") }) },
	[`DELETE ${G}/emojis/{emoji_id}`]: { ok: 204, needs: ["MANAGE_EXPRESSIONS"], fresh: "emoji" },

	"GET /api/v1/admin/users": { entry: "login", ok: 200, needs: ["SERVER"] },
	"GET /api/v1/admin/security-events": { entry: "login", ok: 200, needs: ["SERVER"] },
};

function account() {
	const username = unique("new");
	return { username, email: `${username}@example.org`, password: goodPassword };
}
