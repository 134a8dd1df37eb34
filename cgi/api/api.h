/* The handlers of the JSON API, by noun; which request reaches which is in routes.c. A change that is one op needs no
 * handler of its own: front_submit_and_reply sends it. */
#ifndef SNUG_API_API_H
#define SNUG_API_API_H

#include "front/front.h"

#include <stdint.h>

/* auth.c */
front_handler api_register, api_login, api_refresh, api_logout;

struct api_refresh_input {
	struct field_set set;
	const char *refresh_token;
};
extern const struct field api_refresh_fields[];

struct api_logout_input {
	struct field_set set;
	const char *refresh_token; /* NULL: the caller's own session ends */
};
extern const struct field api_logout_fields[];

/* users.c */
front_handler api_user_self, api_user_guilds, api_user, api_user_update, api_user_email;

struct api_user_guilds_input {
	struct field_set set;
	int64_t before, after, limit;
};
extern const struct field api_user_guilds_fields[];

/* account.c */
front_handler api_export, api_account_end, api_admin_user_list, api_admin_grant, api_admin_withdraw, api_hand_over;

struct api_export_input {
	struct field_set set;
	int64_t after;
};
extern const struct field api_export_fields[];

struct api_admin_user_list_input {
	struct field_set set;
	const char *query;
	bool is_suspended;
	int64_t after, limit;
};
extern const struct field api_admin_user_list_fields[];

/* bots.c */
front_handler api_bot_list, api_bot_create, api_bot_renew;

/* read.c */
front_handler api_unread, api_readers, api_settings;

struct api_unread_input {
	struct field_set set;
	int64_t after;
};
extern const struct field api_unread_fields[];

/* blocks.c */
front_handler api_block_list;

/* scheduled.c */
front_handler api_scheduled_list;

/* guilds.c */
front_handler api_guild_create, api_guild, api_guild_update, api_guild_channels;

struct api_guild_input {
	struct field_set set;
	bool with_counts;
};
extern const struct field api_guild_fields[];

/* roles.c */
front_handler api_role_list, api_role;

/* members.c */
front_handler api_member_list, api_member_search, api_member, api_member_self, api_member_nickname;

struct api_member_list_input {
	struct field_set set;
	int64_t after, limit;
};
extern const struct field api_member_list_fields[];

struct api_member_search_input {
	struct field_set set;
	const char *query;
	int64_t after, limit;
};
extern const struct field api_member_search_fields[];

/* bans.c */
front_handler api_ban_list, api_ban;

struct api_ban_list_input {
	struct field_set set;
	int64_t before, after, limit;
};
extern const struct field api_ban_list_fields[];

/* audit.c */
front_handler api_audit_list;

struct api_audit_list_input {
	struct field_set set;
	int64_t user_id, target_id, action_type, before, after, limit;
};
extern const struct field api_audit_list_fields[];

/* channels.c */
front_handler api_channel, api_channel_members, api_channel_member, api_channel_member_self, api_channel_bans,
    api_direct_list;

struct api_channel_members_input {
	struct field_set set;
	int64_t after, limit;
};
extern const struct field api_channel_members_fields[];

/* messages.c */
front_handler api_message_list, api_message, api_message_versions;

struct api_message_list_input {
	struct field_set set;
	int64_t before, after, around, limit;
};
extern const struct field api_message_list_fields[];

/* pins.c */
front_handler api_pin_list, api_pin_page;

struct api_pin_list_input {
	struct field_set set;
	const char *before; /* ISO 8601 */
	int64_t limit;
};
extern const struct field api_pin_list_fields[];

/* threads.c */
front_handler api_thread_active, api_thread_archived_public, api_thread_archived_private, api_thread_archived_own,
    api_thread_members, api_thread_member;

struct api_thread_list_input {
	struct field_set set;
	const char *before;
	int64_t limit;
};
extern const struct field api_thread_list_fields[];

struct api_thread_members_input {
	struct field_set set;
	int64_t after, limit;
	bool with_member;
};
extern const struct field api_thread_members_fields[];

/* reactions.c */
front_handler api_reaction_users, api_poll_voters;

struct api_reaction_users_input {
	struct field_set set;
	int64_t after, limit, type;
};
extern const struct field api_reaction_users_fields[];

/* emojis.c */
front_handler api_emoji_list, api_emoji, api_emoji_create;

/* drafts.c */
front_handler api_draft_list, api_draft;

/* saved.c */
front_handler api_saved_list;

struct api_saved_list_input {
	struct field_set set;
	int64_t before, limit;
};
extern const struct field api_saved_list_fields[];

/* invites.c */
front_handler api_invite, api_guild_invites, api_channel_invites;

/* sessions.c */
front_handler api_session_list;

/* protection.c */
front_handler api_password_change, api_password_reset, api_factor_begin, api_factor_confirm, api_factor_end,
    api_factor_renew_codes;

/* security_events.c */
front_handler api_security_event_list;

struct api_security_event_list_input {
	struct field_set set;
	const char *kind;
	int64_t user_id, before, limit;
};
extern const struct field api_security_event_list_fields[];

/* tokens.c */
front_handler api_token_list, api_token_create;

/* search.c */
front_handler api_search, api_search_messages, api_search_channel;

struct api_search_input {
	struct field_set set;
	const char *q, *content, *sort_by, *sort_order;
	int64_t min_id, max_id, limit, offset;
	bool pinned;
};
extern const struct field api_search_fields[];

/* health.c */
front_handler api_health_live, api_health_ready;

#endif
