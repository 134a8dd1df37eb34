/* Every op by everybody, sent straight to the store as if no program in front had looked: apply is the law.
 *
 * A table says of each op what it needs; what each kind of person is to get is computed from that. An op without a row
 * fails the test. That a refusal is one of permission and not of a slip in the input is proven by the owner, whose same
 * op succeeds; that it leaves no trace is checked by the fixture. */
#include "base/clock.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HASH "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"
#define THUMBS_UP "\xf0\x9f\x91\x8d"
#define PICTURE "UklGRgwAAABXRUJQVlA4IAAAAAA" /* the head of a WebP file: the store looks at no more */
#define MODERATING                                                                                                     \
	(PERM_KICK_MEMBERS | PERM_BAN_MEMBERS | PERM_MODERATE_MEMBERS | PERM_MANAGE_MESSAGES | PERM_MANAGE_NICKNAMES | \
	 PERM_VIEW_AUDIT_LOG | PERM_MANAGE_THREADS)

enum kind { NOBODY, STRANGER, OUTSIDER, MEMBER, MODERATOR, BOT, SUSPENDED, KICKED, BANNED, KIND_COUNT };

/* Who is where, with which rights; what the workspace's defaults and its Moderator role give is written out here. */
static const struct {
	const char *name;
	bool is_account, is_in_guild, is_in_room, is_bot;
	uint64_t rights;
} kinds[KIND_COUNT] = {
    [NOBODY] = {"nobody", false, false, false, false, 0},
    [STRANGER] = {"a stranger", true, false, false, false, 0},
    [OUTSIDER] = {"who is not in the room", true, true, false, false, PERM_EVERYONE_INITIAL},
    [MEMBER] = {"a member", true, true, true, false, PERM_EVERYONE_INITIAL},
    [MODERATOR] = {"a moderator", true, true, true, false, PERM_EVERYONE_INITIAL | MODERATING},
    [BOT] = {"a bot", true, true, true, true, PERM_EVERYONE_INITIAL},
    [SUSPENDED] = {"who is suspended", false, false, false, false, 0},
    [KICKED] = {"who was kicked", true, false, false, false, 0},
    [BANNED] = {"who is banned", true, false, false, false, 0},
};

enum scope {
	OPEN,    /* for anybody: logging in */
	INSIDE,  /* for programs of Snug alone: who sends it by another socket is refused */
	SELF,    /* about the sender */
	GUILD,   /* in the workspace */
	ROOM,    /* in the private channel */
	SERVER,  /* for who administers the server */
	BY_NAME, /* who knows the name of the thing may know that it is there: the code of an invite */
};

#define OWNER (UINT64_C(1) << 63) /* no right that anybody is given */

/* In the input ' is " and # begins what stands for something: see value_of. */
enum {
	PEOPLE = 1,   /* no bots */
	UNPROVEN = 2, /* the owner cannot do it as it stands here */
	SPOILS = 4,   /* what others need is not there any more when the owner has done it */
};

static const struct row {
	const char *op;
	enum scope scope;
	uint64_t needs;
	const char *input;
	unsigned flags;
} rows[] = {
    {"user_register", OPEN, 0, NULL, 0},
    {"session_create", OPEN, 0, NULL, 0},
    {"session_refresh", OPEN, 0, NULL, 0},
    {"session_end", OPEN, 0, NULL, 0},
    {"password_reset_ask", OPEN, 0, NULL, 0},
    {"password_reset", OPEN, 0, NULL, 0},
    {"security_event_report", OPEN, 0, NULL, 0},

    {"backup", INSIDE, 0, "{}", 0},
    {"user_password", INSIDE, 0, "{'login':'ada','password_hash':'" HASH "'}", 0},
    {"user_remove", INSIDE, 0, "{'user_id':'#pawn'}", 0},
    {"job_lease", INSIDE, 0, "{'kind':'mail','lease':'#digest','limit':1}", 0},
    {"job_done", INSIDE, 0, "{'id':'1','lease':'#digest'}", 0},
    {"job_fail", INSIDE, 0, "{'id':'1','lease':'#digest'}", 0},
    {"job_retry", INSIDE, 0, "{'id':'1'}", 0},
    {"job_drop", INSIDE, 0, "{'id':'1'}", 0},
    {"message_preview", INSIDE, 0, "{'message_id':'#message','previews':[]}", 0},
    {"file_picture", INSIDE, 0, "{'hash':'" HASH "','width':1,'height':1}", 0},
    {"file_stored", INSIDE, 0, "{'hash':'" HASH "','object':'x'}", 0},

    {"user_update", SELF, 0, "{'display_name':'Somebody'}", 0},
    {"user_email", SELF, 0, "{'email':'new@example.org','password_hash':'" HASH "'}", PEOPLE},
    {"user_delete", SELF, 0, "{'password_hash':'" HASH "'}", PEOPLE | UNPROVEN},
    {"password_change", SELF, 0, "{'current_hash':'" HASH "','password_hash':'" HASH "x'}", PEOPLE | SPOILS},
    {"session_revoke", SELF, 0, "{'session_id':'#session'}", PEOPLE | UNPROVEN},
    {"session_end_everywhere", SELF, 0, "{'keep_current':true}", PEOPLE | SPOILS},
    {"session_touch", SELF, 0, "{}", 0},
    {"factor_begin", SELF, 0, "{}", PEOPLE},
    {"factor_confirm", SELF, 0, "{'password_hash':'" HASH "','code':'000000'}", PEOPLE | UNPROVEN},
    {"factor_end", SELF, 0, "{'password_hash':'" HASH "','code':'000000'}", PEOPLE | UNPROVEN},
    {"factor_renew_codes", SELF, 0, "{'password_hash':'" HASH "','code':'000000'}", PEOPLE | UNPROVEN},
    {"token_create", SELF, 0, "{'name':'script','digest':'#digest'}", PEOPLE},
    {"token_revoke", SELF, 0, "{'token_id':'#session'}", PEOPLE | UNPROVEN},
    {"block_create", SELF, 0, "{'user_id':'#pawn'}", PEOPLE},
    {"block_delete", SELF, 0, "{'user_id':'#pawn'}", PEOPLE},
    {"scheduled_update", SELF, 0, "{'scheduled_id':'#session','content':'x'}", PEOPLE | UNPROVEN},
    {"scheduled_delete", SELF, 0, "{'scheduled_id':'#session'}", PEOPLE | UNPROVEN},
    {"read_receipts", SELF, 0, "{'read_receipts':false}", PEOPLE},
    {"guild_create", SELF, 0, "{'name':'Another'}", PEOPLE},
    {"direct_create", SELF, 0, "{'recipient_id':'#pawn'}", 0},

    {"user_suspend", SERVER, 0, "{'user_id':'#pawn'}", SPOILS},
    {"user_restore", SERVER, 0, "{'user_id':'#suspended'}", SPOILS},
    {"user_admin", SERVER, 0, "{'user_id':'#pawn','is_admin':true}", SPOILS},
    {"user_hand_over", SERVER, 0, "{'user_id':'#suspended','to':'#pawn'}", SPOILS},

    {"guild_update", GUILD, PERM_MANAGE_GUILD, "{'guild_id':'#guild','name':'Renamed'}", SPOILS},
    {"guild_update", GUILD, OWNER, "{'guild_id':'#guild','owner_id':'#pawn'}", SPOILS},
    {"guild_delete", GUILD, OWNER, "{'guild_id':'#guild','name':'Engine Room'}", SPOILS},
    {"guild_leave", GUILD, 0, "{'guild_id':'#guild'}", UNPROVEN},
    {"invite_create", GUILD, PERM_CREATE_INVITE, "{'guild_id':'#guild'}", 0},
    {"invite_create", ROOM, PERM_CREATE_INVITE, "{'channel_id':'#room'}", 0},
    {"invite_delete", BY_NAME, PERM_MANAGE_GUILD, "{'code':'#invite'}", SPOILS},
    {"invite_accept", SELF, 0, "{'code':'#invite'}", PEOPLE},
    {"bot_create", GUILD, PERM_MANAGE_GUILD, "{'guild_id':'#guild','username':'another','digest':'#digest'}", PEOPLE},
    {"bot_renew", GUILD, PERM_MANAGE_GUILD, "{'guild_id':'#guild','user_id':'#bot','digest':'#digest'}", PEOPLE},
    {"bot_delete", GUILD, PERM_MANAGE_GUILD, "{'guild_id':'#guild','user_id':'#bot'}", PEOPLE | SPOILS},

    {"channel_create", GUILD, PERM_MANAGE_CHANNELS, "{'guild_id':'#guild','name':'new'}", 0},
    {"channel_update", ROOM, PERM_MANAGE_CHANNELS, "{'channel_id':'#room','topic':'topic'}", 0},
    {"channel_update", ROOM, PERM_MANAGE_CHANNELS, "{'channel_id':'#room','archived':true}", SPOILS},
    {"channel_update", ROOM, PERM_MANAGE_ROLES, "{'channel_id':'#room','private':false}", SPOILS},
    {"channel_delete", ROOM, PERM_MANAGE_CHANNELS, "{'channel_id':'#room'}", SPOILS},
    {"channel_order", GUILD, PERM_MANAGE_CHANNELS, "{'guild_id':'#guild','items':[{'id':'#general','position':1}]}", 0},
    {"overwrite_put", ROOM, PERM_MANAGE_ROLES,
     "{'channel_id':'#room','target_id':'#pawn','type':1,'allow':'0','deny':'2048'}", 0},
    {"overwrite_delete", ROOM, PERM_MANAGE_ROLES, "{'channel_id':'#room','target_id':'#guild'}", SPOILS},
    {"channel_join", ROOM, 0, "{'channel_id':'#room'}", 0},
    {"channel_leave", ROOM, 0, "{'channel_id':'#room'}", SPOILS},
    {"channel_settings", ROOM, 0, "{'channel_id':'#room','muted':true}", 0},
    {"channel_member_add", ROOM, PERM_CREATE_INVITE, "{'channel_id':'#room','user_id':'#outsider'}", 0},
    {"channel_member_remove", ROOM, PERM_KICK_MEMBERS, "{'channel_id':'#room','user_id':'#pawn'}", SPOILS},
    {"channel_member_role", ROOM, PERM_MANAGE_ROLES, "{'channel_id':'#room','user_id':'#pawn','role':'admin'}", 0},
    {"channel_owner", ROOM, OWNER, "{'channel_id':'#room','user_id':'#pawn'}", SPOILS},
    {"channel_ban_create", ROOM, PERM_BAN_MEMBERS, "{'channel_id':'#room','user_id':'#pawn'}", SPOILS},
    {"channel_ban_delete", ROOM, PERM_BAN_MEMBERS, "{'channel_id':'#room','user_id':'#shut_out'}", SPOILS},

    {"member_update", GUILD, PERM_MANAGE_NICKNAMES, "{'guild_id':'#guild','user_id':'#pawn','nick':'x'}", 0},
    {"member_update", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','user_id':'#pawn','roles':['#role']}", 0},
    {"member_update", GUILD, PERM_MODERATE_MEMBERS,
     "{'guild_id':'#guild','user_id':'#pawn','communication_disabled_until':null}", 0},
    {"member_nickname", GUILD, PERM_CHANGE_NICKNAME, "{'guild_id':'#guild','nick':'x'}", 0},
    {"member_role_add", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','user_id':'#pawn','role_id':'#role'}", 0},
    {"member_role_remove", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','user_id':'#pawn','role_id':'#role'}", 0},
    {"member_kick", GUILD, PERM_KICK_MEMBERS, "{'guild_id':'#guild','user_id':'#pawn'}", SPOILS},
    {"ban_create", GUILD, PERM_BAN_MEMBERS, "{'guild_id':'#guild','user_id':'#pawn'}", SPOILS},
    {"ban_delete", GUILD, PERM_BAN_MEMBERS, "{'guild_id':'#guild','user_id':'#banned'}", SPOILS},
    {"read_ack", ROOM, 0, "{'channel_id':'#room','message_id':'#message'}", PEOPLE},
    {"read_unread", ROOM, 0, "{'channel_id':'#room','message_id':'#message'}", PEOPLE},
    {"read_ack_channel", ROOM, 0, "{'channel_id':'#room'}", PEOPLE},
    {"read_ack_guild", GUILD, 0, "{'guild_id':'#guild'}", PEOPLE},
    {"role_create", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','name':'new'}", 0},
    {"role_update", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','role_id':'#role','name':'renamed'}", 0},
    {"role_move", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','items':[{'id':'#role','position':1}]}", 0},
    {"role_delete", GUILD, PERM_MANAGE_ROLES, "{'guild_id':'#guild','role_id':'#role'}", SPOILS},

    {"reaction_add", ROOM, PERM_READ_HISTORY | PERM_ADD_REACTIONS,
     "{'channel_id':'#room','message_id':'#message','emoji':'" THUMBS_UP "'}", 0},
    {"reaction_remove", ROOM, PERM_READ_HISTORY,
     "{'channel_id':'#room','message_id':'#message','emoji':'" THUMBS_UP "'}", 0},
    {"reaction_remove", ROOM, PERM_MANAGE_MESSAGES,
     "{'channel_id':'#room','message_id':'#message','emoji':'" THUMBS_UP "','user_id':'#pawn'}", 0},
    {"reaction_remove_emoji", ROOM, PERM_MANAGE_MESSAGES,
     "{'channel_id':'#room','message_id':'#message','emoji':'" THUMBS_UP "'}", 0},
    {"reaction_remove_all", ROOM, PERM_MANAGE_MESSAGES, "{'channel_id':'#room','message_id':'#message'}", 0},
    {"poll_vote", ROOM, PERM_READ_HISTORY, "{'channel_id':'#room','message_id':'#poll','answer_ids':[1]}", PEOPLE},
    {"poll_expire", ROOM, OWNER, "{'channel_id':'#room','message_id':'#poll'}", SPOILS},
    {"draft_set", ROOM, 0, "{'channel_id':'#room','content':'x'}", PEOPLE},
    {"draft_delete", SELF, 0, "{'channel_id':'#room'}", PEOPLE},
    {"saved_add", ROOM, PERM_READ_HISTORY, "{'channel_id':'#room','message_id':'#message'}", PEOPLE},
    {"saved_remove", SELF, 0, "{'channel_id':'#room','message_id':'#message'}", PEOPLE},
    {"emoji_create", GUILD, PERM_MANAGE_EXPRESSIONS, "{'guild_id':'#guild','name':'another','picture':'" PICTURE "'}",
     SPOILS},
    {"emoji_update", GUILD, PERM_MANAGE_EXPRESSIONS, "{'guild_id':'#guild','emoji_id':'#emoji','name':'renamed'}", 0},
    {"emoji_delete", GUILD, PERM_MANAGE_EXPRESSIONS, "{'guild_id':'#guild','emoji_id':'#emoji'}", SPOILS},
    {"scheduled_create", ROOM, PERM_SEND_MESSAGES, "{'channel_id':'#room','content':'x','send_at':'#later'}", PEOPLE},
    {"message_create", ROOM, PERM_SEND_MESSAGES, "{'channel_id':'#room','content':'x'}", 0},
    {"message_update", ROOM, OWNER, "{'channel_id':'#room','message_id':'#message','content':'x'}", 0},
    {"message_delete", ROOM, PERM_MANAGE_MESSAGES, "{'channel_id':'#room','message_id':'#message'}", SPOILS},
    {"message_bulk_delete", ROOM, PERM_MANAGE_MESSAGES, "{'channel_id':'#room','messages':['#message','#room']}",
     SPOILS},
    {"thread_create", ROOM, PERM_CREATE_PUBLIC_THREADS | PERM_READ_HISTORY,
     "{'channel_id':'#room','message_id':'#message','name':'x'}", SPOILS},
    {"thread_create", ROOM, PERM_CREATE_PUBLIC_THREADS | PERM_SEND_MESSAGES,
     "{'channel_id':'#room','type':11,'name':'x'}", 0},
    {"thread_create", ROOM, PERM_CREATE_PRIVATE_THREADS, "{'channel_id':'#room','name':'x'}", 0},
    {"thread_join", ROOM, 0, "{'channel_id':'#thread'}", 0},
    {"thread_leave", ROOM, 0, "{'channel_id':'#thread'}", SPOILS},
    {"thread_member_add", ROOM, PERM_SEND_IN_THREADS, "{'channel_id':'#thread','user_id':'#pawn'}", 0},
    {"thread_member_remove", ROOM, PERM_MANAGE_THREADS, "{'channel_id':'#thread','user_id':'#pawn'}", SPOILS},
    {"channel_update", ROOM, PERM_MANAGE_THREADS, "{'channel_id':'#thread','name':'renamed'}", 0},
    {"channel_update", ROOM, PERM_MANAGE_THREADS, "{'channel_id':'#thread','locked':true}", SPOILS},
    {"channel_delete", ROOM, PERM_MANAGE_THREADS, "{'channel_id':'#thread'}", SPOILS},
    {"message_create", ROOM, PERM_SEND_IN_THREADS, "{'channel_id':'#thread','content':'x'}", 0},
    {"pin_create", ROOM, PERM_MANAGE_MESSAGES, "{'channel_id':'#room','message_id':'#message'}", SPOILS},
    {"pin_delete", ROOM, PERM_MANAGE_MESSAGES, "{'channel_id':'#room','message_id':'#message'}", 0},
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

/* One workspace with somebody of each kind. */
struct world {
	struct ops ops;
	struct person people[KIND_COUNT];
	int64_t pawn_id, shut_out_id, room_id, thread_id, role_id, message_id, poll_id, emoji_id;
	const char *invite;
};

static void must(struct world *world, const struct person *who, const char *op, json_t *in)
{
	enum err e = ops_run(&world->ops, who, op, in);

	if (e != ERR_OK)
		fail_msg("%s, while the world is made: %s", op, err_info(e)->name);
}

static struct person bot_make(struct world *world)
{
	struct ops *ops = &world->ops;
	struct person bot = {.role = OP_ROLE_API};

	must(world, &ops->ada, "bot_create",
	     ops_json("{'guild_id':'%lld','username':'robot','digest':'%s'}", (long long)ops->guild_id,
		      ops_digest(ops)));
	bot.id = ops_result_id(ops, "user", "id");
	bot.session_id = ops_int(ops, "SELECT id FROM sessions WHERE user_id = %lld", (long long)bot.id);
	return bot;
}

static void room_make(struct world *world, const int64_t *ids, size_t count)
{
	struct ops *ops = &world->ops;
	json_t *in =
	    ops_json("{'guild_id':'%lld','name':'room','private':true,'members':[]}", (long long)ops->guild_id);

	for (size_t i = 0; i < count; i++) {
		const char *id = arena_printf(&ops->arena, "%lld", (long long)ids[i]);

		assert_int_equal(json_array_append_new(json_object_get(in, "members"), json_string(id)), 0);
	}
	must(world, &ops->ada, "channel_create", in);
	world->room_id = ops_result_id(ops, "channel", "id");
	world->message_id = ops_message(ops, &ops->ada, world->room_id, "in the room");
	must(world, &ops->ada, "message_create",
	     ops_json("{'channel_id':'%lld','poll':{'question':{'text':'?'},'answers':[{'poll_media':{'text':'!'}}]}}",
		      (long long)world->room_id));
	world->poll_id = ops_result_id(ops, "message", "id");
	must(world, &ops->ada, "emoji_create",
	     ops_json("{'guild_id':'%lld','name':'emoji','picture':'" PICTURE "'}", (long long)ops->guild_id));
	world->emoji_id = ops_result_id(ops, "emoji", "id");
}

static void world_make(struct world *world)
{
	struct ops *ops = &world->ops;
	struct person *people = world->people;
	struct person cli = {.role = OP_ROLE_CLI};

	memset(world, 0, sizeof(*world));
	ops_setup(ops);
	for (enum kind kind = STRANGER; kind < KIND_COUNT; kind++)
		people[kind] =
		    kind == BOT ? bot_make(world) : ops_join(ops, arena_printf(&ops->arena, "person%d", (int)kind));
	people[NOBODY].role = OP_ROLE_API;
	world->pawn_id = ops_join(ops, "pawn").id;
	world->shut_out_id = ops_join(ops, "shut_out").id;
	must(world, &people[STRANGER], "guild_leave", ops_json("{'guild_id':'%lld'}", (long long)ops->guild_id));
	must(world, &people[STRANGER], "guild_create", ops_json("{'name':'Elsewhere'}"));
	must(world, &ops->ada, "member_role_add",
	     ops_json("{'guild_id':'%lld','user_id':'%lld','role_id':'%lld'}", (long long)ops->guild_id,
		      (long long)people[MODERATOR].id,
		      (long long)ops_int(ops, "SELECT id FROM roles WHERE name = 'Moderator' AND guild_id = %lld",
					 (long long)ops->guild_id)));
	const int64_t inside[] = {people[MEMBER].id, people[MODERATOR].id, people[BOT].id, people[SUSPENDED].id,
				  people[KICKED].id, people[BANNED].id,    world->pawn_id, world->shut_out_id};
	room_make(world, inside, sizeof(inside) / sizeof(inside[0]));
	must(world, &ops->ada, "role_create", ops_json("{'guild_id':'%lld','name':'role'}", (long long)ops->guild_id));
	world->role_id = ops_result_id(ops, "role", "id");
	must(world, &ops->ada, "channel_ban_create",
	     ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)world->room_id,
		      (long long)world->shut_out_id));
	must(world, &ops->ada, "member_kick",
	     ops_json("{'guild_id':'%lld','user_id':'%lld'}", (long long)ops->guild_id, (long long)people[KICKED].id));
	must(world, &ops->ada, "ban_create",
	     ops_json("{'guild_id':'%lld','user_id':'%lld'}", (long long)ops->guild_id, (long long)people[BANNED].id));
	must(world, &cli, "user_suspend", ops_json("{'user_id':'%lld'}", (long long)people[SUSPENDED].id));
	must(world, &ops->ada, "thread_create",
	     ops_json("{'channel_id':'%lld','type':11,'name':'thread'}", (long long)world->room_id));
	world->thread_id = ops_result_id(ops, "thread", "id");
	must(
	    world, &ops->ada, "thread_member_add",
	    ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)world->thread_id, (long long)world->pawn_id));
	world->invite = arena_strdup(&ops->arena, ops_invite(ops, &ops->ada, 0));
}

static const char *id_text(struct world *world, int64_t id)
{
	return arena_printf(&world->ops.arena, "%lld", (long long)id);
}

static const char *value_of(struct world *world, const char *name)
{
	const struct {
		const char *name;
		int64_t id;
	} ids[] = {
	    {"guild", world->ops.guild_id},
	    {"general", world->ops.general_id},
	    {"room", world->room_id},
	    {"thread", world->thread_id},
	    {"role", world->role_id},
	    {"message", world->message_id},
	    {"poll", world->poll_id},
	    {"emoji", world->emoji_id},
	    {"pawn", world->pawn_id},
	    {"shut_out", world->shut_out_id},
	    {"bot", world->people[BOT].id},
	    {"outsider", world->people[OUTSIDER].id},
	    {"suspended", world->people[SUSPENDED].id},
	    {"banned", world->people[BANNED].id},
	    {"session", 1234567890123456789},
	};

	if (strcmp(name, "digest") == 0)
		return ops_digest(&world->ops);
	if (strcmp(name, "invite") == 0)
		return world->invite;
	if (strcmp(name, "later") == 0) {
		char *text = arena_alloc(&world->ops.arena, CLOCK_ISO8601_SIZE);
		clock_iso8601(clock_now_ms() + 3600 * 1000, text);
		return text;
	}
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (strcmp(name, ids[i].name) == 0)
			return id_text(world, ids[i].id);
	}
	fail_msg("#%s stands for nothing", name);
	return "";
}

static json_t *input_of(struct world *world, const char *pattern)
{
	struct buf *text = buf_in_arena(&world->ops.arena);

	while (*pattern != '\0') {
		char name[32];
		size_t n = strspn(pattern + 1, "abcdefghijklmnopqrstuvwxyz_");

		if (*pattern != '#') {
			buf_putc(text, *pattern++);
			continue;
		}
		assert_true(n < sizeof(name));
		memcpy(name, pattern + 1, n);
		name[n] = '\0';
		buf_puts(text, value_of(world, name));
		pattern += n + 1;
	}
	return ops_json("%s", text->p);
}

/* The status that somebody's op has to end with; 0: it is for them, or not this table's to say. */
static int expected(const struct row *row, enum kind kind)
{
	bool has_rights = (kinds[kind].rights & row->needs) == row->needs;

	if (row->scope == OPEN)
		return 0;
	if (row->scope == INSIDE)
		return 403;
	if (!kinds[kind].is_account)
		return 401;
	if ((row->flags & PEOPLE) && kinds[kind].is_bot)
		return 403;
	if (row->scope == SERVER)
		return 403;
	if (row->scope == GUILD && !kinds[kind].is_in_guild)
		return 404;
	if (row->scope == ROOM && !kinds[kind].is_in_room)
		return 404;
	return has_rights ? 0 : 403;
}

/* ERR_BAD_REQUEST is what a socket says of an op that is none of its business. */
static bool is_refused(const struct row *row, int status, int wanted)
{
	if (row->scope == INSIDE)
		return status >= 400 && status < 500;
	if (row->scope == SERVER)
		return status == 401 || status == 403;
	return status == wanted;
}

static void try_others(struct world *world, const struct row *row)
{
	for (enum kind kind = NOBODY; kind < KIND_COUNT; kind++) {
		int wanted = expected(row, kind), status;

		if (wanted == 0)
			continue;
		status =
		    err_info(ops_run(&world->ops, &world->people[kind], row->op, input_of(world, row->input)))->status;
		if (!is_refused(row, status, wanted))
			fail_msg("%s %s by %s: %d, not %d", row->op, row->input, kinds[kind].name, status, wanted);
	}
}

static void try_owner(struct world *world, const struct row *row)
{
	enum err e = ops_run(&world->ops, &world->ops.ada, row->op, input_of(world, row->input));

	if (e != ERR_OK)
		fail_msg("%s %s by the owner: %s", row->op, row->input, err_info(e)->name);
}

static void every_op_has_a_row(void **state)
{
	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		bool is_there = false;

		for (size_t i = 0; i < ROW_COUNT; i++)
			is_there |= strcmp(rows[i].op, op_name((enum op)op)) == 0;
		if (!is_there)
			fail_msg("nobody has said who may send %s", op_name((enum op)op));
	}
}

static void each_op_is_refused_to_whom_it_is_not_for(void **state)
{
	static struct world world;

	(void)state;
	world_make(&world);
	for (size_t i = 0; i < ROW_COUNT; i++)
		try_others(&world, &rows[i]);
	ops_close(&world.ops);
}

static void the_owner_does_each_of_them(void **state)
{
	static struct world world;

	(void)state;
	world_make(&world);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].scope == OPEN || rows[i].scope == INSIDE || (rows[i].flags & UNPROVEN))
			continue;
		try_owner(&world, &rows[i]);
		if (rows[i].flags & SPOILS) {
			ops_close(&world.ops);
			world_make(&world);
		}
	}
	ops_close(&world.ops);
}

static void who_is_banned_comes_in_by_no_invite(void **state)
{
	static struct world world;

	(void)state;
	world_make(&world);
	assert_op(&world.ops, &world.people[BANNED], "invite_accept", input_of(&world, "{'code':'#invite'}"),
		  ERR_BANNED);
	assert_op(&world.ops, &world.people[KICKED], "invite_accept", input_of(&world, "{'code':'#invite'}"), ERR_OK);
	ops_close(&world.ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_op_has_a_row),
	    cmocka_unit_test(each_op_is_refused_to_whom_it_is_not_for),
	    cmocka_unit_test(the_owner_does_each_of_them),
	    cmocka_unit_test(who_is_banned_comes_in_by_no_invite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
