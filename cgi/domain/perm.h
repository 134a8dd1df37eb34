/* Who may do what: the only place that knows. Bits and arithmetic are Discord's (developer documentation,
 * "Permissions"): base = @everyone | roles; the owner and ADMINISTRATOR have all; then the channel's overwrites for
 * @everyone, for roles (all denies, then all allows), for the member; (p & ~deny) | allow. Without VIEW_CHANNEL nothing
 * else is left. */
#ifndef SNUG_DOMAIN_PERM_H
#define SNUG_DOMAIN_PERM_H

#include "base/arena.h"
#include "base/err.h"
#include "sql/sql.h"

#include <stdbool.h>
#include <stdint.h>

struct channel;

/* How many roles a workspace may have, @everyone among them. */
enum { ROLES_MAX = 250 };

#define PERM(bit) (UINT64_C(1) << (bit))
#define PERM_CREATE_INVITE PERM(0)
#define PERM_KICK_MEMBERS PERM(1)
#define PERM_BAN_MEMBERS PERM(2)
#define PERM_ADMINISTRATOR PERM(3)
#define PERM_MANAGE_CHANNELS PERM(4)
#define PERM_MANAGE_GUILD PERM(5)
#define PERM_ADD_REACTIONS PERM(6)
#define PERM_VIEW_AUDIT_LOG PERM(7)
#define PERM_PRIORITY_SPEAKER PERM(8)
#define PERM_STREAM PERM(9)
#define PERM_VIEW_CHANNEL PERM(10)
#define PERM_SEND_MESSAGES PERM(11)
#define PERM_SEND_TTS PERM(12)
#define PERM_MANAGE_MESSAGES PERM(13)
#define PERM_EMBED_LINKS PERM(14)
#define PERM_ATTACH_FILES PERM(15)
#define PERM_READ_HISTORY PERM(16)
#define PERM_MENTION_EVERYONE PERM(17)
#define PERM_EXTERNAL_EMOJIS PERM(18)
#define PERM_CONNECT PERM(20)
#define PERM_SPEAK PERM(21)
#define PERM_MUTE_MEMBERS PERM(22)
#define PERM_DEAFEN_MEMBERS PERM(23)
#define PERM_MOVE_MEMBERS PERM(24)
#define PERM_USE_VAD PERM(25)
#define PERM_CHANGE_NICKNAME PERM(26)
#define PERM_MANAGE_NICKNAMES PERM(27)
#define PERM_MANAGE_ROLES PERM(28)
#define PERM_MANAGE_WEBHOOKS PERM(29)
#define PERM_MANAGE_EXPRESSIONS PERM(30)
#define PERM_USE_COMMANDS PERM(31)
#define PERM_MANAGE_THREADS PERM(34)
#define PERM_CREATE_PUBLIC_THREADS PERM(35)
#define PERM_CREATE_PRIVATE_THREADS PERM(36)
#define PERM_SEND_IN_THREADS PERM(38)
#define PERM_MODERATE_MEMBERS PERM(40)
#define PERM_CREATE_EXPRESSIONS PERM(43)
#define PERM_SEND_VOICE_MESSAGES PERM(46)
#define PERM_SEND_POLLS PERM(49)
#define PERM_PIN_MESSAGES PERM(51)
#define PERM_BYPASS_SLOW_MODE PERM(52)
#define PERM_ALL ((UINT64_C(1) << 53) - 1)

/* What is left of a member's permissions during a time-out. */
#define PERM_TIMED_OUT (PERM_VIEW_CHANNEL | PERM_READ_HISTORY)

/* What everyone in a direct message or group may do there: it has no overwrites. */
#define PERM_DIRECT                                                                                                    \
	(PERM_VIEW_CHANNEL | PERM_SEND_MESSAGES | PERM_READ_HISTORY | PERM_ADD_REACTIONS | PERM_EMBED_LINKS |          \
	 PERM_ATTACH_FILES | PERM_EXTERNAL_EMOJIS | PERM_MENTION_EVERYONE | PERM_CONNECT | PERM_SPEAK | PERM_STREAM |  \
	 PERM_USE_VAD | PERM_SEND_VOICE_MESSAGES | PERM_SEND_POLLS | PERM_PIN_MESSAGES)

/* What Moderators and Admins of one channel are given there, as overwrites of their own, and what its owner may there
 * beside what they have. Discord knows no owner of a channel: a library that computes permissions sees less. Inviting
 * is not among it: an invite to a channel lets strangers into the whole workspace. */
#define PERM_CHANNEL_MODERATOR                                                                                         \
	(PERM_KICK_MEMBERS | PERM_BAN_MEMBERS | PERM_MANAGE_MESSAGES | PERM_PIN_MESSAGES | PERM_MANAGE_THREADS)
#define PERM_CHANNEL_ADMIN (PERM_CHANNEL_MODERATOR | PERM_MANAGE_CHANNELS | PERM_MANAGE_ROLES)
#define PERM_CHANNEL_OWNER PERM_CHANNEL_ADMIN
#define PERM_GROUP_OWNER (PERM_MANAGE_CHANNELS | PERM_KICK_MEMBERS)

/* What @everyone of a new workspace may do. */
#define PERM_EVERYONE_INITIAL                                                                                          \
	(PERM_CREATE_INVITE | PERM_ADD_REACTIONS | PERM_VIEW_CHANNEL | PERM_SEND_MESSAGES | PERM_EMBED_LINKS |         \
	 PERM_ATTACH_FILES | PERM_READ_HISTORY | PERM_EXTERNAL_EMOJIS | PERM_CONNECT | PERM_SPEAK | PERM_USE_VAD |     \
	 PERM_CHANGE_NICKNAME | PERM_CREATE_PUBLIC_THREADS | PERM_CREATE_PRIVATE_THREADS | PERM_SEND_IN_THREADS |      \
	 PERM_SEND_POLLS | PERM_SEND_VOICE_MESSAGES)

enum perm_target { PERM_TARGET_ROLE = 0, PERM_TARGET_MEMBER = 1 };

struct perm_overwrite {
	int64_t target_id;
	enum perm_target target;
	uint64_t allow, deny; /* allow & deny == 0 */
};

/* Everything the arithmetic needs of one member, without a database. */
struct perm_member {
	int64_t user_id, guild_id;
	bool is_owner;
	bool is_timed_out;         /* left with looking on, unless owner or ADMINISTRATOR */
	uint64_t everyone_bits;    /* of the @everyone role */
	const int64_t *role_ids;   /* without @everyone */
	const uint64_t *role_bits; /* parallel to role_ids */
	size_t role_count;
};

/* The member's permissions in the whole workspace. */
uint64_t perm_base(const struct perm_member *member);

/* The member's permissions in a channel with these overwrites; 0 when it may not view the channel. */
uint64_t perm_in_channel(const struct perm_member *member, const struct perm_overwrite *overwrites, size_t count);

/* What is left in a thread of the bits that somebody has in its channel: SEND_IN_THREADS says there whether they may
 * write, and in a locked one only who manages threads writes or reacts. */
uint64_t perm_in_thread(uint64_t bits, bool is_locked);

/* Whether bits contains every bit of needed. */
bool perm_has(uint64_t bits, uint64_t needed);

/* How high somebody or a role stands: the owner above all, then by position; of two in one position the older role is
 * higher. Whoever has no role stands where @everyone does. */
struct perm_rank {
	bool is_owner;
	int64_t position;
	int64_t role_id;
};

/* Whether a stands strictly above b. */
bool perm_is_above(const struct perm_rank *a, const struct perm_rank *b);

/* Reads ranks. ERR_UNKNOWN_MEMBER, ERR_UNKNOWN_ROLE. */
enum err perm_rank_of_member(struct sql *db, int64_t guild_id, int64_t user_id, struct perm_rank *out) MUST_USE;
enum err perm_rank_of_role(struct sql *db, int64_t guild_id, int64_t role_id, struct perm_rank *out) MUST_USE;

/* ERR_MISSING_PERMISSIONS unless the actor has every bit of needed in the guild and stands strictly above the target;
 * nobody stands above the owner. ERR_UNKNOWN_GUILD when the actor is no member. */
enum err perm_require_above_member(struct sql *db, struct arena *arena, int64_t guild_id, int64_t actor_id,
				   int64_t target_id, uint64_t needed) MUST_USE;
enum err perm_require_above_role(struct sql *db, struct arena *arena, int64_t guild_id, int64_t actor_id,
				 int64_t role_id, uint64_t needed) MUST_USE;

/* Loads what the arithmetic needs. ERR_UNKNOWN_GUILD when the user is no member (or the guild is gone). */
enum err perm_load_member(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			  struct perm_member *out) MUST_USE;

/* The user's permissions in the guild; ERR_UNKNOWN_GUILD when not a member: what you may not see does not exist. */
enum err perm_of_guild(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, uint64_t *bits) MUST_USE;

/* The user's permissions in the channel: by the arithmetic, and its owner's beside; in direct messages and groups those
 * of whoever is in it; in a thread those in its channel, a private one being seen by who is in it or manages threads
 * there alone. ERR_UNKNOWN_CHANNEL when it is gone or not to be seen. */
enum err perm_of_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id,
			 uint64_t *bits) MUST_USE;

/* The same with the channel as it was read, for who needs both. */
enum err perm_open_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id,
			   struct channel *channel, uint64_t *bits) MUST_USE;

/* The same in a channel that was read already: 0 when it is not to be seen. */
enum err perm_of_read_channel(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id,
			      uint64_t *bits) MUST_USE;

/* The same of a member in a channel of their workspace, both read already with all they have; no thread. */
uint64_t perm_of_member_in(const struct perm_member *member, const struct channel *channel);

/* As above, and ERR_MISSING_PERMISSIONS when a bit of needed is missing. */
enum err perm_require_guild(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			    uint64_t needed) MUST_USE;
enum err perm_require_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id,
			      uint64_t needed) MUST_USE;

/* Whether the user may see an event that belongs to this channel: as perm_of_channel, but a deleted channel counts as
 * it stood (its CHANNEL_DELETE reaches those who saw it). *visible is false for strangers; the error is the database's.
 */
enum err perm_sees_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id, bool *visible,
			   bool *is_deleted) MUST_USE;

#endif
