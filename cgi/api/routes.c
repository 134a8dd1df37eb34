/* Every endpoint of the JSON API. Shapes are those of Discord's public API documentation where it has the noun. */
#include "api/routes.h"

#include "api/api.h"
#include "domain/ban/ban.h"
#include "domain/block/block.h"
#include "domain/bot/bot.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member.h"
#include "domain/channel/channel_overwrite.h"
#include "domain/draft/draft.h"
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/password/password.h"
#include "domain/perm.h"
#include "domain/pin/pin.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/read/read.h"
#include "domain/role/role.h"
#include "domain/saved/saved.h"
#include "domain/scheduled/scheduled.h"
#include "domain/session/session.h"
#include "domain/thread/thread.h"
#include "domain/user/user_admin.h"
#include "front/account.h"
#include "front/account_end.h"
#include "front/bot_token.h"
#include "front/emoji_form.h"
#include "front/profile.h"
#include "front/protection.h"
#include "front/typing.h"
#include "front/workspace.h"

/* A row that is one op: what it takes is what the op takes, and its reply a member of the op's result. */
#define ONE_OP(name, member, status)                                                                                   \
	.handler = front_submit_and_reply, .op = OP_##name, .reply_member = (member), .reply_status = (status),        \
	ROUTE_INPUT(name)
#define PUBLIC .credential = ROUTE_PUBLIC
#define REQUIRED .credential = ROUTE_REQUIRED
#define PERSON REQUIRED, .flags = ROUTE_PERSON
#define LOGIN(more) REQUIRED, .flags = ROUTE_PERSON | ROUTE_LOGIN | (more)
#define IN_GUILD(bits) REQUIRED, .loads = ROUTE_GUILD, .permissions = (bits)
#define IN_CHANNEL(bits) REQUIRED, .loads = ROUTE_CHANNEL, .permissions = (bits)

#define FOLLOWERS "/api/v1/channels/{channel}/thread-members"
#define REACTIONS "/api/v1/channels/{channel}/messages/{message}/reactions"
#define POLL "/api/v1/channels/{channel}/polls/{message}"

/* clang-format off */
const struct route api_routes[] = {
	{"GET", "/health/live", api_health_live, PUBLIC, .flags = ROUTE_NO_DATABASE | ROUTE_UNLIMITED},
	{"GET", "/health/ready", api_health_ready, PUBLIC, .flags = ROUTE_UNLIMITED},

	{"POST", "/api/v1/auth/register", api_register, .bucket = "auth", .flags = ROUTE_PASSWORD, ROUTE_INPUT(account_register)},
	{"POST", "/api/v1/auth/login", api_login, .bucket = "auth", .flags = ROUTE_PASSWORD, ROUTE_INPUT(account_login)},
	{"POST", "/api/v1/auth/refresh", api_refresh, ROUTE_INPUT(api_refresh)},
	{"POST", "/api/v1/auth/logout", api_logout, ROUTE_INPUT(api_logout)},
	{"POST", "/api/v1/auth/reset", .bucket = "reset", ONE_OP(password_reset_ask, NULL, 204)},
	{"POST", "/api/v1/auth/reset/confirm", api_password_reset, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(protection_reset)},

	{"GET", "/api/v1/users/@me", api_user_self, REQUIRED},
	{"PATCH", "/api/v1/users/@me", api_user_update, REQUIRED, .bucket = "profile", .flags = ROUTE_PICTURE, ROUTE_INPUT(profile_update)},
	{"PUT", "/api/v1/users/@me/email", api_user_email, REQUIRED, .bucket = "auth", .flags = ROUTE_PERSON | ROUTE_PASSWORD,
	 ROUTE_INPUT(profile_email)},
	{"GET", "/api/v1/users/@me/guilds", api_user_guilds, REQUIRED, ROUTE_INPUT(api_user_guilds)},
	{"GET", "/api/v1/users/@me/channels", api_direct_list, REQUIRED},
	{"POST", "/api/v1/users/@me/channels", REQUIRED, ONE_OP(direct_create, "channel", 200)},
	{"GET", "/api/v1/users/@me/sessions", api_session_list, LOGIN(0)},
	{"DELETE", "/api/v1/users/@me/sessions", LOGIN(ROUTE_BODY), ONE_OP(session_end_everywhere, NULL, 204)},
	{"DELETE", "/api/v1/users/@me/sessions/{session}", LOGIN(0), ONE_OP(session_revoke, NULL, 204)},
	{"GET", "/api/v1/users/@me/tokens", api_token_list, LOGIN(0)},
	{"POST", "/api/v1/users/@me/tokens", api_token_create, LOGIN(0), ROUTE_INPUT(account_token)},
	{"DELETE", "/api/v1/users/@me/tokens/{token}", LOGIN(0), ONE_OP(token_revoke, NULL, 204)},
	{"PUT", "/api/v1/users/@me/password", api_password_change, LOGIN(ROUTE_PASSWORD), .bucket = "auth",
	 ROUTE_INPUT(protection_password)},
	{"POST", "/api/v1/users/@me/totp", api_factor_begin, LOGIN(0)},
	{"PUT", "/api/v1/users/@me/totp", api_factor_confirm, LOGIN(ROUTE_PASSWORD), .bucket = "auth",
	 ROUTE_INPUT(protection_factor)},
	{"DELETE", "/api/v1/users/@me/totp", api_factor_end, LOGIN(ROUTE_PASSWORD | ROUTE_BODY), .bucket = "auth",
	 ROUTE_INPUT(protection_factor)},
	{"POST", "/api/v1/users/@me/totp/recovery-codes", api_factor_renew_codes, LOGIN(ROUTE_PASSWORD), .bucket = "auth",
	 ROUTE_INPUT(protection_factor)},

	{"GET", "/api/v1/users/@me/unread", api_unread, PERSON, ROUTE_INPUT(api_unread)},
	{"GET", "/api/v1/users/@me/settings", api_settings, PERSON},
	{"PATCH", "/api/v1/users/@me/settings", PERSON, .bucket = "profile", ONE_OP(read_receipts, "settings", 200)},
	{"GET", "/api/v1/users/@me/blocks", api_block_list, PERSON},
	{"PUT", "/api/v1/users/@me/blocks/{user}", PERSON, ONE_OP(block_create, NULL, 204)},
	{"DELETE", "/api/v1/users/@me/blocks/{user}", PERSON, ONE_OP(block_delete, NULL, 204)},

	{"GET", "/api/v1/users/@me/scheduled-messages", api_scheduled_list, PERSON},
	{"PATCH", "/api/v1/users/@me/scheduled-messages/{scheduled}", PERSON, ONE_OP(scheduled_update, "scheduled", 200)},
	{"DELETE", "/api/v1/users/@me/scheduled-messages/{scheduled}", PERSON, ONE_OP(scheduled_delete, NULL, 204)},

	{"GET", "/api/v1/users/@me/drafts", api_draft_list, PERSON},
	{"GET", "/api/v1/channels/{channel}/draft", api_draft, IN_CHANNEL(0), .flags = ROUTE_PERSON},
	{"PUT", "/api/v1/channels/{channel}/draft", IN_CHANNEL(0), .bucket = "draft", .flags = ROUTE_PERSON, ONE_OP(draft_set, "draft", 200)},
	{"DELETE", "/api/v1/channels/{channel}/draft", PERSON, .bucket = "draft", ONE_OP(draft_delete, NULL, 204)},

	{"GET", "/api/v1/users/@me/export", api_export, LOGIN(0), .bucket = "export", ROUTE_INPUT(api_export)},
	{"DELETE", "/api/v1/users/@me", api_account_end, LOGIN(ROUTE_PASSWORD | ROUTE_BODY), .bucket = "auth", ROUTE_INPUT(account_end)},

	{"GET", "/api/v1/users/{user}", api_user, REQUIRED},
	{"PUT", "/api/v1/users/{user}/suspension", LOGIN(ROUTE_ADMIN), ONE_OP(user_suspend, NULL, 204)},
	{"DELETE", "/api/v1/users/{user}/suspension", LOGIN(ROUTE_ADMIN), ONE_OP(user_restore, NULL, 204)},
	{"POST", "/api/v1/users/{user}/handover", api_hand_over, LOGIN(ROUTE_ADMIN), ROUTE_INPUT(user_hand_over)},
	{"PUT", "/api/v1/users/{user}/admin", api_admin_grant, LOGIN(ROUTE_ADMIN)},
	{"DELETE", "/api/v1/users/{user}/admin", api_admin_withdraw, LOGIN(ROUTE_ADMIN)},
	{"GET", "/api/v1/admin/users", api_admin_user_list, LOGIN(ROUTE_ADMIN), ROUTE_INPUT(api_admin_user_list)},

	{"POST", "/api/v1/guilds", api_guild_create, REQUIRED, .bucket = "workspace", .flags = ROUTE_PERSON | ROUTE_PICTURE, ROUTE_INPUT(workspace_create)},
	{"GET", "/api/v1/guilds/{guild}", api_guild, IN_GUILD(0), ROUTE_INPUT(api_guild)},
	{"PATCH", "/api/v1/guilds/{guild}", api_guild_update, IN_GUILD(PERM_MANAGE_GUILD), .bucket = "workspace", .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(workspace_update)},
	{"DELETE", "/api/v1/guilds/{guild}", IN_GUILD(0), .flags = ROUTE_BODY, ONE_OP(guild_delete, NULL, 204)},
	{"DELETE", "/api/v1/users/@me/guilds/{guild}", IN_GUILD(0), ONE_OP(guild_leave, NULL, 204)},
	{"GET", "/api/v1/guilds/{guild}/channels", api_guild_channels, IN_GUILD(0)},
	{"POST", "/api/v1/guilds/{guild}/channels", IN_GUILD(PERM_MANAGE_CHANNELS), ONE_OP(channel_create, "channel", 201)},
	{"PATCH", "/api/v1/guilds/{guild}/channels", IN_GUILD(PERM_MANAGE_CHANNELS), .bucket = "reorder", .flags = ROUTE_LIST, ONE_OP(channel_order, NULL, 204)},
	{"GET", "/api/v1/guilds/{guild}/search", api_search, IN_GUILD(0), .bucket = "search", .flags = ROUTE_REPEATS, ROUTE_INPUT(api_search)},
	{"GET", "/api/v1/guilds/{guild}/messages/search", api_search_messages, IN_GUILD(0), .bucket = "search", .flags = ROUTE_REPEATS,
	 ROUTE_INPUT(api_search)},
	{"GET", "/api/v1/guilds/{guild}/invites", api_guild_invites, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/api/v1/guilds/{guild}/invites", IN_GUILD(PERM_CREATE_INVITE), ONE_OP(invite_create, "invite", 200)},

	{"GET", "/api/v1/users/@me/guilds/{guild}/member", api_member_self, IN_GUILD(0)},
	{"GET", "/api/v1/guilds/{guild}/members", api_member_list, IN_GUILD(0), ROUTE_INPUT(api_member_list)},
	{"GET", "/api/v1/guilds/{guild}/members/search", api_member_search, IN_GUILD(0), ROUTE_INPUT(api_member_search)},
	{"PATCH", "/api/v1/guilds/{guild}/members/@me", IN_GUILD(0), .bucket = "profile", ONE_OP(member_nickname, "member", 200)},
	{"PATCH", "/api/v1/guilds/{guild}/members/@me/nick", api_member_nickname, IN_GUILD(0), .bucket = "profile", ROUTE_INPUT(member_nickname)},
	{"GET", "/api/v1/guilds/{guild}/members/{user}", api_member, IN_GUILD(0)},
	{"PATCH", "/api/v1/guilds/{guild}/members/{user}", IN_GUILD(0), ONE_OP(member_update, "member", 200)},
	{"DELETE", "/api/v1/guilds/{guild}/members/{user}", IN_GUILD(PERM_KICK_MEMBERS), ONE_OP(member_kick, NULL, 204)},
	{"PUT", "/api/v1/guilds/{guild}/members/{user}/roles/{role}", IN_GUILD(PERM_MANAGE_ROLES), ONE_OP(member_role_add, NULL, 204)},
	{"DELETE", "/api/v1/guilds/{guild}/members/{user}/roles/{role}", IN_GUILD(PERM_MANAGE_ROLES),
	 ONE_OP(member_role_remove, NULL, 204)},

	{"GET", "/api/v1/guilds/{guild}/bans", api_ban_list, IN_GUILD(PERM_BAN_MEMBERS), ROUTE_INPUT(api_ban_list)},
	{"GET", "/api/v1/guilds/{guild}/bans/{user}", api_ban, IN_GUILD(PERM_BAN_MEMBERS)},
	{"PUT", "/api/v1/guilds/{guild}/bans/{user}", IN_GUILD(PERM_BAN_MEMBERS), ONE_OP(ban_create, NULL, 204)},
	{"DELETE", "/api/v1/guilds/{guild}/bans/{user}", IN_GUILD(PERM_BAN_MEMBERS), ONE_OP(ban_delete, NULL, 204)},

	{"GET", "/api/v1/guilds/{guild}/audit-logs", api_audit_list, IN_GUILD(PERM_VIEW_AUDIT_LOG), ROUTE_INPUT(api_audit_list)},

	{"GET", "/api/v1/guilds/{guild}/roles", api_role_list, IN_GUILD(0)},
	{"POST", "/api/v1/guilds/{guild}/roles", IN_GUILD(PERM_MANAGE_ROLES), ONE_OP(role_create, "role", 200)},
	{"PATCH", "/api/v1/guilds/{guild}/roles", IN_GUILD(PERM_MANAGE_ROLES), .bucket = "reorder", .flags = ROUTE_LIST, ONE_OP(role_move, "roles", 200)},
	{"GET", "/api/v1/guilds/{guild}/roles/{role}", api_role, IN_GUILD(0)},
	{"PATCH", "/api/v1/guilds/{guild}/roles/{role}", IN_GUILD(PERM_MANAGE_ROLES), ONE_OP(role_update, "role", 200)},
	{"DELETE", "/api/v1/guilds/{guild}/roles/{role}", IN_GUILD(PERM_MANAGE_ROLES), ONE_OP(role_delete, NULL, 204)},

	{"GET", "/api/v1/guilds/{guild}/emojis", api_emoji_list, IN_GUILD(0)},
	{"POST", "/api/v1/guilds/{guild}/emojis", api_emoji_create, IN_GUILD(0), .bucket = "profile", .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(emoji_form)},
	{"GET", "/api/v1/guilds/{guild}/emojis/{emoji_id}", api_emoji, IN_GUILD(0)},
	{"PATCH", "/api/v1/guilds/{guild}/emojis/{emoji_id}", IN_GUILD(0), ONE_OP(emoji_update, "emoji", 200)},
	{"DELETE", "/api/v1/guilds/{guild}/emojis/{emoji_id}", IN_GUILD(0), ONE_OP(emoji_delete, NULL, 204)},

	{"GET", "/api/v1/guilds/{guild}/bots", api_bot_list, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/api/v1/guilds/{guild}/bots", api_bot_create, IN_GUILD(PERM_MANAGE_GUILD), .flags = ROUTE_PERSON, ROUTE_INPUT(bot_create_form)},
	{"POST", "/api/v1/guilds/{guild}/bots/{user}/token", api_bot_renew, IN_GUILD(PERM_MANAGE_GUILD), .flags = ROUTE_PERSON},
	{"DELETE", "/api/v1/guilds/{guild}/bots/{user}", IN_GUILD(PERM_MANAGE_GUILD), .flags = ROUTE_PERSON, ONE_OP(bot_delete, NULL, 204)},

	{"GET", "/api/v1/invites/{code}", api_invite, PUBLIC, .bucket = "invite_preview"},
	{"POST", "/api/v1/invites/{code}", PERSON, ONE_OP(invite_accept, "invite", 200)},
	{"DELETE", "/api/v1/invites/{code}", REQUIRED, ONE_OP(invite_delete, "invite", 200)},

	{"GET", "/api/v1/channels/{channel}", api_channel, IN_CHANNEL(0)},
	{"PATCH", "/api/v1/channels/{channel}", IN_CHANNEL(0), .bucket = "reorder", ONE_OP(channel_update, "channel", 200)},
	{"DELETE", "/api/v1/channels/{channel}", IN_CHANNEL(0), ONE_OP(channel_delete, "channel", 200)},
	{"PUT", "/api/v1/channels/{channel}/permissions/{target}", IN_CHANNEL(PERM_MANAGE_ROLES), ONE_OP(overwrite_put, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/permissions/{target}", IN_CHANNEL(PERM_MANAGE_ROLES), ONE_OP(overwrite_delete, NULL, 204)},
	{"PUT", "/api/v1/channels/{channel}/owner", IN_CHANNEL(0), ONE_OP(channel_owner, "channel", 200)},
	{"GET", "/api/v1/channels/{channel}/members", api_channel_members, IN_CHANNEL(0), ROUTE_INPUT(api_channel_members)},
	{"POST", "/api/v1/channels/{channel}/members", IN_CHANNEL(0), .bucket = "membership", ONE_OP(channel_member_add, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/members", IN_CHANNEL(PERM_KICK_MEMBERS), .flags = ROUTE_BODY,
	 ONE_OP(channel_member_remove, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/members/@me", api_channel_member_self, IN_CHANNEL(0)},
	{"PUT", "/api/v1/channels/{channel}/members/@me", IN_CHANNEL(0), .bucket = "membership", ONE_OP(channel_join, NULL, 204)},
	{"PATCH", "/api/v1/channels/{channel}/members/@me", IN_CHANNEL(0), ONE_OP(channel_settings, "settings", 200)},
	{"DELETE", "/api/v1/channels/{channel}/members/@me", IN_CHANNEL(0), .bucket = "membership", ONE_OP(channel_leave, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/members/{user}", api_channel_member, IN_CHANNEL(0)},
	{"PUT", "/api/v1/channels/{channel}/members/{user}", IN_CHANNEL(0), .bucket = "membership", ONE_OP(channel_member_add, NULL, 204)},
	{"PATCH", "/api/v1/channels/{channel}/members/{user}", IN_CHANNEL(PERM_MANAGE_ROLES), ONE_OP(channel_member_role, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/members/{user}", IN_CHANNEL(0), ONE_OP(channel_member_remove, NULL, 204)},
	{"PUT", "/api/v1/channels/{channel}/recipients/{user}", IN_CHANNEL(0), .bucket = "membership", ONE_OP(channel_member_add, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/recipients/{user}", IN_CHANNEL(0), ONE_OP(channel_member_remove, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/bans", api_channel_bans, IN_CHANNEL(PERM_BAN_MEMBERS)},
	{"PUT", "/api/v1/channels/{channel}/bans/{user}", IN_CHANNEL(PERM_BAN_MEMBERS), ONE_OP(channel_ban_create, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/bans/{user}", IN_CHANNEL(PERM_BAN_MEMBERS), ONE_OP(channel_ban_delete, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/invites", api_channel_invites, IN_CHANNEL(PERM_MANAGE_CHANNELS)},
	{"POST", "/api/v1/channels/{channel}/invites", IN_CHANNEL(PERM_CREATE_INVITE), ONE_OP(invite_create, "invite", 200)},

	{"GET", "/api/v1/channels/{channel}/messages", api_message_list, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(api_message_list)},
	{"POST", "/api/v1/channels/{channel}/messages", IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message",
	 .flags = ROUTE_FILES | ROUTE_STORE_DECIDES, ONE_OP(message_create, "message", 200)},
	{"POST", "/api/v1/channels/{channel}/typing", typing_start, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "typing"},
	{"POST", "/api/v1/guilds/{guild}/ack", IN_GUILD(0), .bucket = "ack", .flags = ROUTE_PERSON, ONE_OP(read_ack_guild, NULL, 204)},
	{"POST", "/api/v1/channels/{channel}/ack", IN_CHANNEL(0), .bucket = "ack", .flags = ROUTE_PERSON,
	 ONE_OP(read_ack_channel, "read_state", 200)},
	{"POST", "/api/v1/channels/{channel}/messages/{message}/ack", IN_CHANNEL(0), .bucket = "ack", .flags = ROUTE_PERSON,
	 ONE_OP(read_ack, "read_state", 200)},
	{"POST", "/api/v1/channels/{channel}/messages/{message}/unread", IN_CHANNEL(0), .bucket = "ack", .flags = ROUTE_PERSON,
	 ONE_OP(read_unread, "read_state", 200)},
	{"GET", "/api/v1/channels/{channel}/messages/{message}/readers", api_readers, IN_CHANNEL(PERM_READ_HISTORY),
	 .flags = ROUTE_PERSON},
	{"POST", "/api/v1/channels/{channel}/messages/bulk-delete", IN_CHANNEL(PERM_MANAGE_MESSAGES),
	 ONE_OP(message_bulk_delete, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/messages/pins", api_pin_page, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(api_pin_list)},
	{"PUT", "/api/v1/channels/{channel}/messages/pins/{message}", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message_edit",
	 ONE_OP(pin_create, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/messages/pins/{message}", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message_edit",
	 ONE_OP(pin_delete, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/pins", api_pin_list, IN_CHANNEL(PERM_READ_HISTORY)},
	{"PUT", "/api/v1/channels/{channel}/pins/{message}", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message_edit", ONE_OP(pin_create, NULL, 204)},
	{"DELETE", "/api/v1/channels/{channel}/pins/{message}", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "message_edit", ONE_OP(pin_delete, NULL, 204)},
	{"GET", "/api/v1/channels/{channel}/messages/{message}/versions", api_message_versions, IN_CHANNEL(PERM_READ_HISTORY)},
	{"GET", "/api/v1/channels/{channel}/messages/search", api_search_channel, IN_CHANNEL(PERM_READ_HISTORY), .bucket = "search",
	 .flags = ROUTE_REPEATS, ROUTE_INPUT(api_search)},
	{"GET", "/api/v1/channels/{channel}/messages/{message}", api_message, IN_CHANNEL(PERM_READ_HISTORY)},
	{"PATCH", "/api/v1/channels/{channel}/messages/{message}", IN_CHANNEL(0), .bucket = "message_edit",
	 .flags = ROUTE_FILES, ONE_OP(message_update, "message", 200)},
	{"DELETE", "/api/v1/channels/{channel}/messages/{message}", IN_CHANNEL(0), ONE_OP(message_delete, NULL, 204)},

	{"POST", "/api/v1/channels/{channel}/scheduled-messages", IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message",
	 .flags = ROUTE_PERSON | ROUTE_FILES, ONE_OP(scheduled_create, "scheduled", 201)},

	{"PUT", REACTIONS "/{emoji}/@me", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ONE_OP(reaction_add, NULL, 204)},
	{"DELETE", REACTIONS "/{emoji}/@me", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ONE_OP(reaction_remove, NULL, 204)},
	{"DELETE", REACTIONS "/{emoji}/{user}", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", ONE_OP(reaction_remove, NULL, 204)},
	{"GET", REACTIONS "/{emoji}", api_reaction_users, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(api_reaction_users)},
	{"DELETE", REACTIONS "/{emoji}", IN_CHANNEL(PERM_READ_HISTORY | PERM_MANAGE_MESSAGES), .bucket = "reaction",
	 ONE_OP(reaction_remove_emoji, NULL, 204)},
	{"DELETE", REACTIONS, IN_CHANNEL(PERM_READ_HISTORY | PERM_MANAGE_MESSAGES), .bucket = "reaction",
	 ONE_OP(reaction_remove_all, NULL, 204)},

	{"PUT", POLL "/answers/@me", IN_CHANNEL(PERM_READ_HISTORY), .bucket = "reaction", .flags = ROUTE_PERSON,
	 ONE_OP(poll_vote, NULL, 204)},
	{"GET", POLL "/answers/{answer}", api_poll_voters, IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(api_reaction_users)},
	{"POST", POLL "/expire", IN_CHANNEL(PERM_READ_HISTORY), ONE_OP(poll_expire, "message", 200)},

	{"POST", "/api/v1/channels/{channel}/messages/{message}/threads", IN_CHANNEL(PERM_CREATE_PUBLIC_THREADS | PERM_READ_HISTORY),
	 .bucket = "thread", ONE_OP(thread_create, "thread", 201)},
	{"POST", "/api/v1/channels/{channel}/threads", IN_CHANNEL(0), .bucket = "thread", ONE_OP(thread_create, "thread", 201)},
	{"GET", "/api/v1/guilds/{guild}/threads/active", api_thread_active, IN_GUILD(0)},
	{"GET", "/api/v1/channels/{channel}/threads/archived/public", api_thread_archived_public, IN_CHANNEL(PERM_READ_HISTORY),
	 ROUTE_INPUT(api_thread_list)},
	{"GET", "/api/v1/channels/{channel}/threads/archived/private", api_thread_archived_private,
	 IN_CHANNEL(PERM_READ_HISTORY | PERM_MANAGE_THREADS), ROUTE_INPUT(api_thread_list)},
	{"GET", "/api/v1/channels/{channel}/users/@me/threads/archived/private", api_thread_archived_own,
	 IN_CHANNEL(PERM_READ_HISTORY), ROUTE_INPUT(api_thread_list)},
	{"GET", FOLLOWERS, api_thread_members, IN_CHANNEL(0), ROUTE_INPUT(api_thread_members)},
	{"GET", FOLLOWERS "/@me", api_thread_member, IN_CHANNEL(0), ROUTE_INPUT(api_thread_members)},
	{"PUT", FOLLOWERS "/@me", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_join, NULL, 204)},
	{"POST", FOLLOWERS "/@me", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_join, NULL, 204)},
	{"DELETE", FOLLOWERS "/@me", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_leave, NULL, 204)},
	{"GET", FOLLOWERS "/{user}", api_thread_member, IN_CHANNEL(0), ROUTE_INPUT(api_thread_members)},
	{"PUT", FOLLOWERS "/{user}", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_member_add, NULL, 204)},
	{"POST", FOLLOWERS "/{user}", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_member_add, NULL, 204)},
	{"DELETE", FOLLOWERS "/{user}", IN_CHANNEL(0), .bucket = "membership", ONE_OP(thread_member_remove, NULL, 204)},

	{"GET", "/api/v1/users/@me/saved", api_saved_list, PERSON, ROUTE_INPUT(api_saved_list)},
	{"PUT", "/api/v1/users/@me/saved/{channel}/{message}", PERSON, ONE_OP(saved_add, NULL, 204)},
	{"DELETE", "/api/v1/users/@me/saved/{channel}/{message}", PERSON, ONE_OP(saved_remove, NULL, 204)},

	{"GET", "/api/v1/admin/security-events", api_security_event_list, LOGIN(0), ROUTE_INPUT(api_security_event_list)},
};
/* clang-format on */

const size_t api_route_count = sizeof(api_routes) / sizeof(api_routes[0]);
