#include "page/routes.h"

#include "domain/channel/channel_member.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "front/account.h"
#include "front/profile.h"
#include "front/workspace.h"
#include "page/handlers.h"

#define REQUIRED .credential = ROUTE_REQUIRED
#define OPTIONAL .credential = ROUTE_OPTIONAL
#define IN_GUILD(bits) REQUIRED, .loads = ROUTE_GUILD, .permissions = (bits)
#define IN_CHANNEL(bits) REQUIRED, .loads = ROUTE_CHANNEL, .permissions = (bits)
#define CHANNEL "/channels/{guild}/{channel}"
#define MESSAGE CHANNEL "/messages/{message}"
#define DIRECT "/channels/@me/{channel}"

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
	{"POST", "/logout", page_logout, OPTIONAL},

	{"GET", "/join", page_join, OPTIONAL, .bucket = "invite_preview"},
	{"GET", "/invite/{code}", page_invite_show, OPTIONAL, .bucket = "invite_preview"},
	{"POST", "/invite/{code}", page_invite_accept, REQUIRED, ROUTE_INPUT(invite_accept), .refused = page_invite_refused},

	{"GET", CHANNEL, page_channel_show, IN_CHANNEL(0)},
	{"GET", CHANNEL "/sidebar", page_channel_sidebar, IN_CHANNEL(0)},
	{"GET", CHANNEL "/messages", page_messages_show, IN_CHANNEL(0)},
	{"POST", CHANNEL "/messages", page_message_post, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message",
	 ROUTE_INPUT(message_create), .refused = page_channel_refused},
	{"GET", MESSAGE "/edit", page_message_edit_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/edit", page_message_edit, IN_CHANNEL(0), .bucket = "message_edit",
	 ROUTE_INPUT(message_update), .refused = page_message_edit_refused},
	{"GET", MESSAGE "/delete", page_message_delete_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", MESSAGE "/delete", page_message_delete, IN_CHANNEL(0), ROUTE_INPUT(message_delete)},

	{"POST", CHANNEL "/move", page_channel_move, IN_CHANNEL(PERM_MANAGE_CHANNELS)},
	{"POST", CHANNEL "/join", page_channel_join, IN_CHANNEL(0), ROUTE_INPUT(channel_join)},
	{"POST", CHANNEL "/leave", page_channel_leave, IN_CHANNEL(0), ROUTE_INPUT(channel_leave)},

	{"GET", DIRECT, page_channel_show, IN_CHANNEL(0)},
	{"GET", DIRECT "/sidebar", page_channel_sidebar, IN_CHANNEL(0)},
	{"GET", DIRECT "/messages", page_messages_show, IN_CHANNEL(0)},
	{"POST", DIRECT "/messages", page_message_post, IN_CHANNEL(PERM_SEND_MESSAGES), .bucket = "message",
	 ROUTE_INPUT(message_create), .refused = page_channel_refused},
	{"GET", DIRECT "/messages/{message}/edit", page_message_edit_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/edit", page_message_edit, IN_CHANNEL(0), .bucket = "message_edit",
	 ROUTE_INPUT(message_update), .refused = page_message_edit_refused},
	{"GET", DIRECT "/messages/{message}/delete", page_message_delete_show, IN_CHANNEL(PERM_READ_HISTORY)},
	{"POST", DIRECT "/messages/{message}/delete", page_message_delete, IN_CHANNEL(0), ROUTE_INPUT(message_delete)},
	{"POST", DIRECT "/leave", page_channel_leave, IN_CHANNEL(0), ROUTE_INPUT(channel_leave)},

	{"GET", "/avatars/{user}/{code}", page_avatar, .credential = ROUTE_PUBLIC},
	{"GET", "/icons/{guild}/{code}", page_icon, .credential = ROUTE_PUBLIC},

	{"GET", "/account", page_profile_show, REQUIRED},
	{"POST", "/account", page_profile, REQUIRED, .bucket = "profile", .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(profile_update), .refused = page_profile_refused},
	{"POST", "/account/email", page_email, REQUIRED, .bucket = "auth", .flags = ROUTE_PASSWORD,
	 ROUTE_INPUT(profile_email), .refused = page_profile_refused},

	{"GET", "/guilds/new", page_guild_new_show, REQUIRED},
	{"POST", "/guilds/new", page_guild_new, REQUIRED, .flags = ROUTE_PICTURE, ROUTE_INPUT(workspace_create),
	 .refused = page_guild_new_refused},
	{"GET", "/guilds/{guild}", page_guild, IN_GUILD(0)},
	{"GET", "/guilds/{guild}/settings", page_guild_settings_show, IN_GUILD(PERM_MANAGE_GUILD)},
	{"POST", "/guilds/{guild}/settings", page_guild_settings, IN_GUILD(PERM_MANAGE_GUILD), .flags = ROUTE_PICTURE,
	 ROUTE_INPUT(workspace_update), .refused = page_guild_settings_refused},
	{"GET", "/guilds/{guild}/transfer", page_guild_transfer_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/transfer", page_guild_transfer, IN_GUILD(0), ROUTE_INPUT(page_guild_transfer),
	 .refused = page_guild_transfer_refused},
	{"GET", "/guilds/{guild}/delete", page_guild_delete_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/delete", page_guild_delete, IN_GUILD(0), ROUTE_INPUT(guild_delete),
	 .refused = page_guild_delete_refused},
	{"GET", "/guilds/{guild}/leave", page_guild_leave_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/leave", page_guild_leave, IN_GUILD(0), ROUTE_INPUT(guild_leave),
	 .refused = page_guild_leave_refused},
	{"GET", "/guilds/{guild}/channels", page_channels_show, IN_GUILD(0)},
	{"POST", "/guilds/{guild}/channels", page_category_new, IN_GUILD(PERM_MANAGE_CHANNELS),
	 .refused = page_channels_refused},
	{"GET", "/guilds/{guild}/channels/new", page_channel_new_show, IN_GUILD(PERM_MANAGE_CHANNELS)},
	{"POST", "/guilds/{guild}/channels/new", page_channel_new, IN_GUILD(PERM_MANAGE_CHANNELS),
	 .refused = page_channel_new_refused},
	{"GET", "/guilds/{guild}/invites", page_invites_show, IN_GUILD(PERM_CREATE_INVITE)},
	{"POST", "/guilds/{guild}/invites", page_invites_create, IN_GUILD(PERM_CREATE_INVITE),
	 ROUTE_INPUT(invite_create), .refused = page_invites_refused},
	{"POST", "/guilds/{guild}/invites/{code}/revoke", page_invite_revoke, IN_GUILD(0), ROUTE_INPUT(invite_delete),
	 .refused = page_invites_refused},
};
/* clang-format on */

const size_t page_route_count = sizeof(page_routes) / sizeof(page_routes[0]);
