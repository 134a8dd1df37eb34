/* What the rows of routes.c name. Each is one page or one form; contracts are those of front_handler and front_refusal.
 */
#ifndef SNUG_PAGE_HANDLERS_H
#define SNUG_PAGE_HANDLERS_H

#include "page/routes.h"

/* account_page.c */
front_handler page_setup_show, page_setup, page_signup_show, page_signup;
front_refusal page_setup_refused, page_signup_refused;

/* login_page.c */
front_handler page_login_show, page_login, page_login_code_show, page_login_code, page_logout;
front_refusal page_login_refused, page_login_code_refused;

enum { PAGE_LOGIN_CODE_MAX = 32 };

struct page_login_code_input {
	struct field_set set;
	const char *code;
};
extern const struct field page_login_code_fields[];

/* security_page.c */
front_handler page_security_show, page_password_change, page_session_end, page_sessions_end, page_token_create,
    page_token_end;
front_refusal page_security_refused;

/* factor_page.c */
front_handler page_factor_show, page_factor_begin, page_factor_confirm, page_factor_off, page_factor_codes;
front_refusal page_factor_refused;

/* reset_page.c */
front_handler page_reset_show, page_reset, page_reset_new_show, page_reset_new;
front_refusal page_reset_refused, page_reset_new_refused;

/* security_events_page.c */
front_handler page_security_events_show;

struct page_security_events_input {
	struct field_set set;
	const char *kind, *user;
	int64_t before;
};
extern const struct field page_security_events_fields[];

/* home_page.c */
front_handler page_home, page_guild;

/* channel_page.c */
front_handler page_channel_show, page_channel_sidebar;
front_refusal page_channel_refused;

/* channels_page.c */
front_handler page_channels_show, page_category_new, page_channel_move, page_channel_new_show, page_channel_new,
    page_channel_join, page_channel_leave;
front_refusal page_channels_refused, page_channel_new_refused;

/* channel_settings_page.c */
front_handler page_channel_settings_show, page_channel_update, page_channel_own_settings, page_channel_access,
    page_channel_archive, page_channel_delete_show, page_channel_delete;
front_refusal page_channel_settings_refused;

/* channel_members_page.c */
front_handler page_channel_members_show, page_channel_members_add, page_channel_member_remove, page_channel_member_role,
    page_channel_owner, page_channel_ban, page_channel_unban;
front_refusal page_channel_members_refused;

/* thread_page.c */
front_handler page_threads_show, page_thread_new, page_message_thread_show, page_message_thread, page_thread_follow,
    page_thread_unfollow;
front_refusal page_threads_refused, page_message_thread_refused;

/* thread_settings_page.c */
front_handler page_thread_show, page_thread_update, page_thread_archive, page_thread_add, page_thread_remove,
    page_thread_delete_show, page_thread_delete;
front_refusal page_thread_refused;

/* people_page.c */
front_handler page_people_show, page_people;
front_refusal page_people_refused;

/* message_page.c */
front_handler page_message_post, page_message_edit_show, page_message_edit, page_message_delete_show,
    page_message_delete, page_messages_show;
front_refusal page_message_edit_refused;

/* pins_page.c */
front_handler page_pins_show, page_message_pin, page_message_unpin;

/* message_history_page.c */
front_handler page_message_history;

/* messages_delete_page.c */
front_handler page_messages_delete_show, page_messages_delete;
front_refusal page_messages_delete_refused;

/* message_menu_page.c */
front_handler page_message_show, page_message_embeds;

/* forward_page.c */
front_handler page_message_forward_show, page_message_forward;
front_refusal page_message_forward_refused;

/* read_page.c */
front_handler page_read_ack, page_read_unread, page_read_ack_guild, page_read_receipts;

struct page_read_ack_input {
	struct field_set set;
	int64_t last_id; /* 0: all of it */
};
extern const struct field page_read_ack_fields[];

/* guild_page.c */
front_handler page_guild_new_show, page_guild_new, page_guild_settings_show, page_guild_settings;
front_refusal page_guild_new_refused, page_guild_settings_refused;

/* guild_end_page.c */
front_handler page_guild_transfer_show, page_guild_transfer, page_guild_delete_show, page_guild_delete,
    page_guild_leave_show, page_guild_leave;
front_refusal page_guild_transfer_refused, page_guild_delete_refused, page_guild_leave_refused;

struct page_guild_transfer_input {
	struct field_set set;
	const char *username;
};
extern const struct field page_guild_transfer_fields[];

/* invite_page.c */
front_handler page_invite_show, page_join, page_invite_accept;
front_refusal page_invite_refused;

/* invites_page.c */
front_handler page_invites_show, page_invites_create, page_invite_revoke;
front_refusal page_invites_refused;

/* profile_page.c */
front_handler page_profile_show, page_profile, page_email;
front_refusal page_profile_refused;

/* scheduled_page.c */
front_handler page_scheduled_list, page_schedule_show, page_schedule, page_scheduled_update, page_scheduled_delete;
front_refusal page_schedule_refused;

/* blocks_page.c */
front_handler page_blocks_show, page_block, page_unblock;

/* account_end_page.c */
front_handler page_export_show, page_export, page_account_delete_show, page_account_delete;
front_refusal page_account_delete_refused;

struct page_export_input {
	struct field_set set;
	int64_t after, part;
};
extern const struct field page_export_fields[];

/* admin_users_page.c */
front_handler page_admin_users_show, page_admin_user_show, page_admin_suspend, page_admin_restore, page_admin_set,
    page_admin_hand_over;
front_refusal page_admin_user_refused;

struct page_admin_users_input {
	struct field_set set;
	const char *query;
	bool is_suspended;
	int64_t after;
};
extern const struct field page_admin_users_fields[];

struct page_hand_over_input {
	struct field_set set;
	const char *to; /* a user name */
};
extern const struct field page_hand_over_fields[];

/* bots_page.c */
front_handler page_bots_show, page_bots_create, page_bot_show, page_bot_renew, page_bot_delete;
front_refusal page_bots_refused;

/* attachment_page.c */
front_handler page_attachment;

/* reaction_page.c */
front_handler page_react_show, page_reaction_add, page_reaction_remove, page_vote, page_vote_remove, page_poll_end,
    page_reactions_show, page_votes_show;
front_refusal page_reaction_refused;

/* poll_page.c */
front_handler page_poll_new_show, page_poll_new;
front_refusal page_poll_new_refused;

/* drafts_page.c */
front_handler page_draft_show, page_draft_save, page_drafts_show, page_draft_discard;
front_refusal page_draft_refused;

/* saved_page.c */
front_handler page_saved_show, page_save, page_unsave, page_saved_remove;

struct page_saved_input {
	struct field_set set;
	int64_t before;
};
extern const struct field page_saved_fields[];

/* emojis_page.c */
front_handler page_emojis_show, page_emoji_add, page_emoji_rename, page_emoji_delete;
front_refusal page_emojis_refused;

/* picture_page.c */
front_handler page_emoji, page_avatar, page_icon;

/* roles_page.c */
front_handler page_roles_show, page_role_create, page_role_move;
front_refusal page_roles_refused;

/* role_page.c */
front_handler page_role_show, page_role_save, page_role_delete, page_role_member_add, page_role_member_remove;
front_refusal page_role_refused;

/* members_page.c */
front_handler page_members_show;

/* member_page.c */
front_handler page_member_show, page_member_nickname, page_member_role_add, page_member_role_remove,
    page_member_timeout, page_member_kick, page_member_ban;
front_refusal page_member_refused;

/* bans_page.c */
front_handler page_bans_show, page_ban_lift;

/* audit_page.c */
front_handler page_audit_show;

/* search_page.c */
front_handler page_search_show;
front_refusal page_search_refused;

struct page_search_input {
	struct field_set set;
	const char *q;
	int64_t page; /* 0: the first */
};
extern const struct field page_search_fields[];

#endif
