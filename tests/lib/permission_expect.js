// What a cell of the matrix of permissions is expected to be: computed from who somebody is, what a row needs (permission_table.js)
// and what it is about. Nothing here has been learned from what the server says.

const everyone = ["CREATE_INVITE", "VIEW_CHANNEL", "SEND_MESSAGES", "READ_HISTORY", "CHANGE_NICKNAME", "CREATE_PUBLIC_THREADS", "CREATE_PRIVATE_THREADS", "SEND_IN_THREADS"];
const moderating = ["KICK_MEMBERS", "BAN_MEMBERS", "MODERATE_MEMBERS", "MANAGE_MESSAGES", "MANAGE_NICKNAMES", "VIEW_AUDIT_LOG", "MANAGE_THREADS"];
const all = [...everyone, ...moderating, "MANAGE_CHANNELS", "MANAGE_GUILD", "MANAGE_ROLES", "MANAGE_EXPRESSIONS", "ADMINISTRATOR"];

/** guild, room and direct (a direct message of the owner and the member): rights there; null where somebody is not, or does not see it. */
export const identities = {
	anonymous: { isNobody: true },
	stranger: { guild: null, room: null, direct: null },
	outsider: { guild: everyone, room: null, direct: null },
	member: { guild: everyone, room: everyone, direct: everyone },
	moderator: { guild: [...everyone, ...moderating], room: [...everyone, ...moderating], direct: null },
	admin: { guild: all, room: all, direct: null },
	owner: { guild: [...all, "OWNER", "SERVER"], room: [...all, "OWNER"], direct: everyone, server: ["SERVER"] },
	bot: { guild: everyone, room: everyone, direct: null, isBot: true },
	suspended: { isNobody: true },
	kicked: { guild: null, room: null, direct: null },
	banned: { guild: null, room: null, direct: null },
};

const scopeOf = (pattern, row) => {
	if (row.rightsIn) return row.rightsIn;
	if (pattern.includes("@me/{channel}")) return "direct";
	return pattern.includes("{channel}") ? "room" : pattern.includes("{guild}") ? "guild" : "server";
};
const nestedOf = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !["guild", "channel"].includes(name));

/** What a cell upon something is: places and things of which kind. null: it says nothing that another does not. */
export const resources = {
	existing: { place: "shared", thing: "shared" },
	"another's place": { place: "foreign", thing: "foreign" },
	"a deleted place": { place: "deleted", thing: "deleted" },
	"another's thing": { place: "shared", thing: "foreign" },
	"a deleted thing": { place: "shared", thing: "deleted" },
};

/**
 * The statuses that a cell may have, from the row, who it is, and upon what. null: this cell is somebody's own, or no cell.
 * nobody is what those get who have no valid credential.
 */
export function expected(pattern, row, kind, resource, nobody = 401) {
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
		if (who.isNobody) return [nobody];
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
		if (thing === "deleted" && row.deleted) return [row.deleted];
		return row.gone === null ? null : [row.gone ?? 404];
	}
	if (exception) return [exception.status];
	return isAllowed ? [row.ok] : [403];
}

export const fill = (pattern, ids) => pattern.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name]);
