#include "page/routes.h"

#include "domain/block/block.h"
#include "domain/bot/bot.h"
#include "domain/channel/channel_member.h"
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/message/message.h"
#include "domain/pin/pin.h"
#include "domain/password/password.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/saved/saved.h"
#include "domain/read/read.h"
#include "domain/scheduled/scheduled.h"
#include "domain/session/session.h"
#include "domain/user/user_admin.h"
#include "front/account.h"
#include "front/account_end.h"
#include "front/bot_token.h"
#include "front/emoji_form.h"
#include "front/profile.h"
#include "front/protection.h"
#include "front/workspace.h"
#include "page/handlers.h"

#define REQUIRED .credential = ROUTE_REQUIRED
#define ADMIN REQUIRED, .flags = ROUTE_ADMIN
#define OPTIONAL .credential = ROUTE_OPTIONAL
#define IN_GUILD(bits) REQUIRED, .loads = ROUTE_GUILD, .permissions = (bits)
#define IN_CHANNEL(bits) REQUIRED, .loads = ROUTE_CHANNEL, .permissions = (bits)
#define CHANNEL "/channels/{guild}/{channel}"
#define MESSAGE CHANNEL "/messages/{message}"
#define DIRECT "/channels/@me/{channel}"
#define ROLE "/guilds/{guild}/roles/{role}"
#define MEMBER "/guilds/{guild}/members/{user}"

/* clang-format off */
const struct route page_routes[] = {
	{"GET", "/", page_home, OPTIONAL},

	{"GET", "/setup", page_setup_show, OPTIONAL},
	{"POST", "/setup", page_setup, OPTIONAL, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(account_register), .refused = page_setup_refused},
	{"GET", "/signup", page_signup_show, OPTIONAL, .bucket = "invite_preview"},
	{"POST", "/signup", page_signup, OPTIONAL, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(account_register), .refused = page_signup_refused},
	{"GET", "/login", page_login_show, OPTIONAL},
	{"POST", "/login", page_login, OPTIONAL, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(account_login), .refused = page_login_refused},
	{"GET", "/login/code", page_login_code_show, OPTIONAL},
	{"POST", "/login/code", page_login_code, OPTIONAL, .bucket = "auth", ROUTE_INPUT(page_login_code),
	 .refused = page_login_code_refused},
	{"POST", "/logout", page_logout, OPTIONAL},
	{"GET", "/reset", page_reset_show, OPTIONAL},
	{"POST", "/reset", page_reset, OPTIONAL, .bucket = "reset", ROUTE_INPUT(password_reset_ask), .refused = page_reset_refused},
	{"GET", "/reset/new", page_reset_new_show, OPTIONAL},
	{"POST", "/reset/new", page_reset_new, OPTIONAL, .bucket = "auth", .flags = ROUTE_PASSWORD, ROUTE_INPUT(protection_reset),
	 .refused = page_reset_new_refused},

	{"GET", "/join", page_join, OPTIONAL, .bucket = "invite_preview"},
	{"GET", "/invite/{code}", page_invite_show, OPTIONAL, .bucket = "invite_preview"},
	{"POST", "/invite/{code}", page_invite_accept, REQUIRED, ROUTE_INPUT(invite_accept), .refused = page_invite_refused},

	{"GET", CHANNEL, page_channel_show, IN_CHANNEL(0)},
	{"GET", CHANNEL "/sidebar", page_channel_sidebar, IN_CHANNEL(0)},
	{"GET", CHANNEL "/messages", page_messages_show, IN_CHANNEL(0)},
	{"POST", CHANNEL "/messages", page_message_post, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message", .flags = ROUTE_FILES,
	 ROUTE_INPUT(message_create), .refused = page_channel_refused},
	{"GET", MESSAGE, page_message_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", MESSAGE "/forward", page_message_forward_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/forward", page_message_forward, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message",
	 .refused = page_message_forward_refused},
	{"GET", MESSAGE "/edit", page_message_edit_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/edit", page_message_edit, IN_CHANNEL(0), .bucket = "message_edit",
	 ROUTE_INPUT(message_update), .refused = page_message_edit_refused},
	{"GET", CHANNEL "/messages/delete", page_messages_delete_show, IN_CHANNEL(PERM_READ_HISTORY | PERM_MANAGE_MESSAGES)},
	{"POST", CHANNEL "/messages/delete", page_messages_delete, IN_CHANNEL(PERM_MANAGE_MESSAGES),
	 .refused = page_messages_delete_refused},
	{"GET", MESSAGE "/history", page_message_history, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", CHANNEL "/pins", page_pins_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/pin", page_message_pin, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(pin_create)},
	{"POST", MESSAGE "/unpin", page_message_unpin, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(pin_delete)},
	{"GET", MESSAGE "/delete", page_message_delete_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/delete", page_message_delete, IN_CHANNEL(0), ROUTE_INPUT(message_delete)},

	{"POST", MESSAGE "/unread", page_read_unread, IN_CHANNEL(0), .bucket = "ack"},
	{"POST", CHANNEL "/ack", page_read_ack, IN_CHANNEL(0), .bucket = "ack", ROUTE_INPUT(page_read_ack)},
	{"POST", "/guilds/{guild}/ack", page_read_ack_guild, IN_GUILD(0), .bucket = "ack", ROUTE_INPUT(read_ack_guild)},

	{"GET", MESSAGE "/react", page_react_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", MESSAGE "/reactions", page_reactions_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/reactions", page_reaction_add, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(reaction_add),
	 .refused = page_reaction_refused},
	{"POST", MESSAGE "/reactions/remove", page_reaction_remove, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction",
	 ROUTE_INPUT(reaction_remove)},
	{"GET", MESSAGE "/votes", page_votes_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/votes", page_vote, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(poll_vote)},
	{"POST", MESSAGE "/votes/remove", page_vote_remove, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(poll_vote)},
	{"POST", MESSAGE "/poll/end", page_poll_end, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(poll_expire)},
	{"POST", MESSAGE "/save", page_save, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(saved_add)},
	{"POST", MESSAGE "/unsave", page_unsave, IN_CHANNEL(0), ROUTE_INPUT(saved_remove)},
	{"GET", CHANNEL "/poll", page_poll_new_show, IN_CHANNEL(PERM_SEND_MESSAGES | PERM_SEND_POLLS)},
	{"POST", CHANNEL "/poll", page_poll_new, IN_CHANNEL(PERM_SEND_MESSAGES | PERM_SEND_POLLS), .bucket = "message",
	 .refused = page_poll_new_refused},

	{"POST", CHANNEL "/move", page_channel_move, IN_CHANNEL(PERM_MANAGE_CHANNELS), .bucket = "reorder"},
	{"POST", CHANNEL "/join", page_channel_join, IN_CHANNEL(0), ROUTE_INPUT(channel_join)},
	{"POST", CHANNEL "/leave", page_channel_leave, IN_CHANNEL(0), ROUTE_INPUT(channel_leave),
	 .refused = page_channel_settings_refused},
	{"GET", CHANNEL "/settings", page_channel_settings_show, IN_CHANNEL(0)},
	{"POST", CHANNEL "/settings", page_channel_update, IN_CHANNEL(PERM_MANAGE_CHANNELS), .bucket = "reorder", .refused = page_channel_settings_refused},
	{"POST", CHANNEL "/settings/own", page_channel_own_settings, IN_CHANNEL(0), .refused = page_channel_settings_refused},
	{"POST", CHANNEL "/settings/access", page_channel_access, IN_CHANNEL(PERM_MANAGE_CHANNELS), .refused = page_channel_settings_refused},
	{"POST", CHANNEL "/settings/archive", page_channel_archive, IN_CHANNEL(PERM_MANAGE_CHANNELS), .refused = page_channel_settings_refused},
	{"GET", CHANNEL "/delete", page_channel_delete_show, IN_CHANNEL(PERM_MANAGE_CHANNELS)},
	{"POST", CHANNEL "/delete", page_channel_delete, IN_CHANNEL(PERM_MANAGE_CHANNELS), ROUTE_INPUT(channel_delete)},
	{"GET", CHANNEL "/members", page_channel_members_show, IN_CHANNEL(0)},
	{"POST", CHANNEL "/members", page_channel_members_add, IN_CHANNEL(PERM_CREATE_INVITE), .refused = page_channel_members_refused},
	{"POST", CHANNEL "/members/{user}/remove", page_channel_member_remove, IN_CHANNEL(PERM_KICK_MEMBERS),
	 ROUTE_INPUT(channel_member_remove), .refused = page_channel_members_refused},
	{"POST", CHANNEL "/members/{user}/role", page_channel_member_role, IN_CHANNEL(PERM_MANAGE_ROLES),
	 ROUTE_INPUT(channel_member_role), .refused = page_channel_members_refused},
	{"POST", CHANNEL "/members/{user}/ban", page_channel_ban, IN_CHANNEL(PERM_BAN_MEMBERS),
	 ROUTE_INPUT(channel_ban_create), .refused = page_channel_members_refused},
	{"POST", CHANNEL "/members/{user}/unban", page_channel_unban, IN_CHANNEL(PERM_BAN_MEMBERS),
	 ROUTE_INPUT(channel_ban_delete), .refused = page_channel_members_refused},
	{"POST", CHANNEL "/owner", page_channel_owner, IN_CHANNEL(0), ROUTE_INPUT(channel_owner), .refused = page_channel_members_refused},

	{"GET", DIRECT, page_channel_show, IN_CHANNEL(0)},
	{"GET", DIRECT "/sidebar", page_channel_sidebar, IN_CHANNEL(0)},
	{"GET", DIRECT "/messages", page_messages_show, IN_CHANNEL(0)},
	{"POST", DIRECT "/messages", page_message_post, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message", .flags = ROUTE_FILES,
	 ROUTE_INPUT(message_create), .refused = page_channel_refused},
	{"GET", DIRECT "/messages/{message}", page_message_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", DIRECT "/messages/{message}/forward", page_message_forward_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/forward", page_message_forward, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message",
	 .refused = page_message_forward_refused},
	{"GET", DIRECT "/messages/{message}/edit", page_message_edit_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/edit", page_message_edit, IN_CHANNEL(0), .bucket = "message_edit",
	 ROUTE_INPUT(message_update), .refused = page_message_edit_refused},
	{"GET", DIRECT "/messages/{message}/history", page_message_history, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", DIRECT "/pins", page_pins_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/pin", page_message_pin, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(pin_create)},
	{"POST", DIRECT "/messages/{message}/unpin", page_message_unpin, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(pin_delete)},
	{"GET", DIRECT "/messages/{message}/delete", page_message_delete_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/delete", page_message_delete, IN_CHANNEL(0), ROUTE_INPUT(message_delete)},
	{"POST", DIRECT "/messages/{message}/unread", page_read_unread, IN_CHANNEL(0), .bucket = "ack"},
	{"POST", DIRECT "/ack", page_read_ack, IN_CHANNEL(0), .bucket = "ack", ROUTE_INPUT(page_read_ack)},
	{"GET", DIRECT "/messages/{message}" "/react", page_react_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", DIRECT "/messages/{message}" "/reactions", page_reactions_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}" "/reactions", page_reaction_add, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(reaction_add),
	 .refused = page_reaction_refused},
	{"POST", DIRECT "/messages/{message}" "/reactions/remove", page_reaction_remove, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction",
	 ROUTE_INPUT(reaction_remove)},
	{"GET", DIRECT "/messages/{message}" "/votes", page_votes_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}" "/votes", page_vote, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(poll_vote)},
	{"POST", DIRECT "/messages/{message}" "/votes/remove", page_vote_remove, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ROUTE_INPUT(poll_vote)},
	{"POST", DIRECT "/messages/{message}" "/poll/end", page_poll_end, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(poll_expire)},
	{"POST", DIRECT "/messages/{message}" "/save", page_save, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(saved_add)},
	{"POST", DIRECT "/messages/{message}" "/unsave", page_unsave, IN_CHANNEL(0), ROUTE_INPUT(saved_remove)},
	{"GET", DIRECT "/poll", page_poll_new_show, IN_CHANNEL(PERM_SEND_MESSAGES | PERM_SEND_POLLS)},
	{"POST", DIRECT "/poll", page_poll_new, IN_CHANNEL(PERM_SEND_MESSAGES | PERM_SEND_POLLS), .bucket = "message",
	 .refused = page_poll_new_refused},
	{"POST", DIRECT "/leave", page_channel_leave, IN_CHANNEL(0), ROUTE_INPUT(channel_leave),
	 .refused = page_channel_settings_refused},
	{"GET", DIRECT "/settings", page_channel_settings_show, IN_CHANNEL(0)},
	{"POST", DIRECT "/settings", page_channel_update, IN_CHANNEL(0), .bucket = "reorder", .refused = page_channel_settings_refused},
	{"POST", DIRECT "/settings/own", page_channel_own_settings, IN_CHANNEL(0), .refused = page_channel_settings_refused},
	{"POST", DIRECT "/delete", page_channel_delete, IN_CHANNEL(0), ROUTE_INPUT(channel_delete)},
	{"GET", DIRECT "/members", page_channel_members_show, IN_CHANNEL(0)},
	{"POST", DIRECT "/members", page_channel_members_add, IN_CHANNEL(0), .refused = page_channel_members_refused},
	{"POST", DIRECT "/members/{user}/remove", page_channel_member_remove, IN_CHANNEL(0),
	 ROUTE_INPUT(channel_member_remove), .refused = page_channel_members_refused},
	{"POST", DIRECT "/owner", page_channel_owner, IN_CHANNEL(0), ROUTE_INPUT(channel_owner), .refused = page_channel_members_refused},

	{"GET", CHANNEL "/schedule", page_schedule_show, IN_CHANNEL(PERM_SEND_MESSAGES)},
	{"POST", CHANNEL "/schedule", page_schedule, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message", .refused = page_schedule_refused},
	{"GET", DIRECT "/schedule", page_schedule_show, IN_CHANNEL(PERM_SEND_MESSAGES)},
	{"POST", DIRECT "/schedule", page_schedule, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message", .refused = page_schedule_refused},
	{"GET", "/account/scheduled", page_scheduled_list, REQUIRED},
	{"GET", "/account/scheduled/{scheduled}", page_schedule_show, REQUIRED},
	{"POST", "/account/scheduled/{scheduled}", page_schedule, REQUIRED, .refused = page_schedule_refused},
	{"POST", "/account/scheduled/{scheduled}/delete", page_scheduled_delete, REQUIRED, ROUTE_INPUT(scheduled_delete)},

	{"GET", "/attachments/{channel}/{target}/{code}", page_attachment, OPTIONAL},
	{"GET", "/emojis/{code}", page_emoji, .credential = ROUTE_PUBLIC},
	{"GET", "/avatars/{user}/{code}", page_avatar, .credential = ROUTE_PUBLIC},
	{"GET", "/icons/{guild}/{code}", page_icon, .credential = ROUTE_PUBLIC},

	{"GET", "/account", page_profile_show, REQUIRED},
	{"POST", "/account", page_profile, REQUIRED, .bucket = "profile", .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(profile_update), .refused = page_profile_refused},
	{"POST", "/account/reading", page_read_receipts, REQUIRED, .bucket = "profile"},
	{"POST", "/account/email", page_email, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(profile_email), .refused = page_profile_refused},
	{"GET", "/account/security", page_security_show, REQUIRED},
	{"POST", "/account/security/password", page_password_change, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(protection_password), .refused = page_security_refused},
	{"POST", "/account/security/sessions/end", page_sessions_end, REQUIRED, ROUTE_INPUT(session_end_everywhere),
	 .refused = page_security_refused},
	{"POST", "/account/security/sessions/{session}/end", page_session_end, REQUIRED, ROUTE_INPUT(session_revoke),
	 .refused = page_security_refused},
	{"POST", "/account/security/tokens", page_token_create, REQUIRED, ROUTE_INPUT(account_token),
	 .refused = page_security_refused},
	{"POST", "/account/security/tokens/{token}/end", page_token_end, REQUIRED, ROUTE_INPUT(token_revoke),
	 .refused = page_security_refused},
	{"GET", "/account/security/factor", page_factor_show, REQUIRED},
	{"POST", "/account/security/factor", page_factor_begin, REQUIRED},
	{"POST", "/account/security/factor/confirm", page_factor_confirm, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(protection_factor), .refused = page_factor_refused},
	{"POST", "/account/security/factor/off", page_factor_off, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(protection_factor), .refused = page_factor_refused},
	{"POST", "/account/security/factor/codes", page_factor_codes, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(protection_factor), .refused = page_factor_refused},

	{"GET", "/guilds/new", page_guild_new_show, REQUIRED},
	{"POST", "/guilds/new", page_guild_new, REQUIRED, .bucket = "workspace", .flags = ROUTE_PICTURE, ROUTE_INPUT(workspace_create),
	 .refused = page_guild_new_refused},
	{"GET", "/account/blocks", page_blocks_show, REQUIRED},
	{"POST", "/account/blocks/{user}", page_block, REQUIRED, ROUTE_INPUT(block_create)},
	{"POST", "/account/blocks/{user}/lift", page_unblock, REQUIRED, ROUTE_INPUT(block_delete)},
	{"GET", "/account/export", page_export_show, REQUIRED},
	{"GET", "/account/export/download", page_export, REQUIRED, .bucket = "export", ROUTE_INPUT(page_export)},
	{"GET", "/account/delete", page_account_delete_show, REQUIRED},
	{"POST", "/account/delete", page_account_delete, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(account_end), .refused = page_account_delete_refused},

	{"GET", "/admin/users", page_admin_users_show, ADMIN, ROUTE_INPUT(page_admin_users)},
	{"GET", "/admin/users/{user}", page_admin_user_show, ADMIN},
	{"POST", "/admin/users/{user}/suspend", page_admin_suspend, ADMIN, ROUTE_INPUT(user_suspend), .refused = page_admin_user_refused},
	{"POST", "/admin/users/{user}/restore", page_admin_restore, ADMIN, ROUTE_INPUT(user_restore), .refused = page_admin_user_refused},
	{"POST", "/admin/users/{user}/admin", page_admin_set, ADMIN, ROUTE_INPUT(user_admin), .refused = page_admin_user_refused},
	{"POST", "/admin/users/{user}/handover", page_admin_hand_over, ADMIN, ROUTE_INPUT(page_hand_over),
	 .refused = page_admin_user_refused},

	{"GET", "/guilds/{guild}", page_guild, IN_GUILD(0)},
	{"GET", "/guilds/{guild}/settings", page_guild_settings_show, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/guilds/{guild}/settings", page_guild_settings, IN_GUILD(PERM_MANAGE_GUILD), .bucket = "workspace",
	 .flags = ROUTE_PICTURE, ROUTE_INPUT(workspace_update), .refused = page_guild_settings_refused},
	{"GET", "/guilds/{guild}/transfer", page_guild_transfer_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/transfer", page_guild_transfer, IN_GUILD(0), ROUTE_INPUT(page_guild_transfer),
	 .refused = page_guild_transfer_refused},
	{"GET", "/guilds/{guild}/delete", page_guild_delete_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/delete", page_guild_delete, IN_GUILD(0), ROUTE_INPUT(guild_delete),
	 .refused = page_guild_delete_refused},
	{"GET", "/guilds/{guild}/leave", page_guild_leave_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/leave", page_guild_leave, IN_GUILD(0), ROUTE_INPUT(guild_leave),
	 .refused = page_guild_leave_refused},
	{"GET", "/guilds/{guild}/people", page_people_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/people", page_people, IN_GUILD(0), .refused = page_people_refused},
	{"GET", "/guilds/{guild}/channels", page_channels_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/channels", page_category_new, IN_GUILD(PERM_MANAGE_CHANNELS),
	 .refused = page_channels_refused},
	{"GET", "/guilds/{guild}/channels/new", page_channel_new_show, IN_GUILD(PERM_MANAGE_CHANNELS)},
	{"POST", "/guilds/{guild}/channels/new", page_channel_new, IN_GUILD(PERM_MANAGE_CHANNELS),
	 .refused = page_channel_new_refused},
	{"GET", "/guilds/{guild}/roles", page_roles_show, IN_GUILD(PERM_MANAGE_ROLES)},
	{"POST", "/guilds/{guild}/roles", page_role_create, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_roles_refused},
	{"GET", ROLE, page_role_show, IN_GUILD(PERM_MANAGE_ROLES)},
	{"POST", ROLE, page_role_save, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_role_refused},
	{"POST", ROLE "/move", page_role_move, IN_GUILD(PERM_MANAGE_ROLES), .bucket = "reorder", .refused = page_roles_refused},
	{"POST", ROLE "/delete", page_role_delete, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_role_refused},
	{"POST", ROLE "/members", page_role_member_add, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_role_refused},
	{"POST", ROLE "/members/{user}/remove", page_role_member_remove, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_role_refused},
	{"GET", "/guilds/{guild}/members", page_members_show, IN_GUILD(0)},
	{"GET", MEMBER, page_member_show, IN_GUILD(0)},
	{"POST", MEMBER "/nick", page_member_nickname, IN_GUILD(0), .refused = page_member_refused},
	{"POST", MEMBER "/roles", page_member_role_add, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_member_refused},
	{"POST", MEMBER "/roles/{role}/remove", page_member_role_remove, IN_GUILD(PERM_MANAGE_ROLES), .refused = page_member_refused},
	{"POST", MEMBER "/timeout", page_member_timeout, IN_GUILD(PERM_MODERATE_MEMBERS), .refused = page_member_refused},
	{"POST", MEMBER "/kick", page_member_kick, IN_GUILD(PERM_KICK_MEMBERS), .refused = page_member_refused},
	{"POST", MEMBER "/ban", page_member_ban, IN_GUILD(PERM_BAN_MEMBERS), .refused = page_member_refused},
	{"GET", "/guilds/{guild}/bans", page_bans_show, IN_GUILD(PERM_BAN_MEMBERS)},
	{"POST", "/guilds/{guild}/bans/{user}/lift", page_ban_lift, IN_GUILD(PERM_BAN_MEMBERS)},
	{"GET", "/guilds/{guild}/audit", page_audit_show, IN_GUILD(PERM_VIEW_AUDIT_LOG)},

	{"GET", "/guilds/{guild}/invites", page_invites_show, IN_GUILD(PERM_CREATE_INVITE)},
	{"POST", "/guilds/{guild}/invites", page_invites_create, IN_GUILD(PERM_CREATE_INVITE),
	 ROUTE_INPUT(invite_create), .refused = page_invites_refused},
	{"POST", "/guilds/{guild}/invites/{code}/revoke", page_invite_revoke, IN_GUILD(0), ROUTE_INPUT(invite_delete),
	 .refused = page_invites_refused},

	{"GET", "/guilds/{guild}/emojis", page_emojis_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/emojis", page_emoji_add, IN_GUILD(0), .bucket = "profile", .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(emoji_form), .refused = page_emojis_refused},
	{"POST", "/guilds/{guild}/emojis/{emoji_id}/rename", page_emoji_rename, IN_GUILD(0), ROUTE_INPUT(emoji_update),
	 .refused = page_emojis_refused},
	{"POST", "/guilds/{guild}/emojis/{emoji_id}/delete", page_emoji_delete, IN_GUILD(0), ROUTE_INPUT(emoji_delete),
	 .refused = page_emojis_refused},
	{"GET", "/saved", page_saved_show, REQUIRED, ROUTE_INPUT(page_saved)},
	{"POST", "/saved/{channel}/{message}/remove", page_saved_remove, REQUIRED, ROUTE_INPUT(saved_remove)},

	{"GET", "/guilds/{guild}/bots", page_bots_show, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/guilds/{guild}/bots", page_bots_create, IN_GUILD(PERM_MANAGE_GUILD),
	 ROUTE_INPUT(bot_create_form), .refused = page_bots_refused},
	{"GET", "/guilds/{guild}/bots/{user}", page_bot_show, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/guilds/{guild}/bots/{user}/token", page_bot_renew, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/guilds/{guild}/bots/{user}/delete", page_bot_delete, IN_GUILD(PERM_MANAGE_GUILD), ROUTE_INPUT(bot_delete)},
	{"GET", "/admin/security", page_security_events_show, REQUIRED, ROUTE_INPUT(page_security_events)},
};
/* clang-format on */

const size_t page_route_count = sizeof(page_routes) / sizeof(page_routes[0]);
