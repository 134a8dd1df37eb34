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

/* channel_new_page.c */
front_handler page_channel_new_show, page_channel_new;
front_refusal page_channel_new_refused;

/* message_page.c */
front_handler page_message_post, page_message_edit_show, page_message_edit, page_message_delete_show,
    page_message_delete, page_messages_show;
front_refusal page_message_edit_refused;

/* invite_page.c */
front_handler page_invite_show, page_invite_accept, page_invites_show, page_invites_create;
front_refusal page_invites_refused;

#endif
