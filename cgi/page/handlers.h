/* What the rows of routes.c name. Each is one page or one form; contracts are those of front_handler and front_refusal.
 */
#ifndef SNUG_PAGE_HANDLERS_H
#define SNUG_PAGE_HANDLERS_H

#include "page/routes.h"

/* account_page.c */
front_handler page_setup_show, page_setup, page_signup_show, page_signup, page_login_show, page_login, page_logout;
front_refusal page_setup_refused, page_signup_refused, page_login_refused;

/* home_page.c */
front_handler page_home, page_guild;

/* channel_page.c */
front_handler page_channel_show, page_channel_sidebar;
front_refusal page_channel_refused;

/* channels_page.c */
front_handler page_channels_show, page_category_new, page_channel_move, page_channel_new_show, page_channel_new,
    page_channel_join, page_channel_leave;
front_refusal page_channels_refused, page_channel_new_refused;

/* message_page.c */
front_handler page_message_post, page_message_edit_show, page_message_edit, page_message_delete_show,
    page_message_delete, page_messages_show;
front_refusal page_message_edit_refused;

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

/* picture_page.c */
front_handler page_avatar, page_icon;

#endif
