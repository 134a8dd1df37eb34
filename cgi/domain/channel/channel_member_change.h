/* What adding and removing people share. Store only. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_MEMBER_CHANGE_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_MEMBER_CHANGE_H

#include "domain/channel/channel_change.h"
#include "domain/channel/channel_check.h"
#include "domain/channel/channel_member.h"

/* Whom an op is about: the one it names, or a list. Of one alone the error is the reply's; of a list each is noted. */
struct channel_member_targets {
	struct channel_people people;
	bool is_list;
};

enum err channel_member_targets_decode(struct apply *apply, int64_t user_id, const json_t *users,
				       struct channel_member_targets *out) MUST_USE;

/* Passes on, or notes in the list of refusals, what is wrong with one of them. */
enum err channel_member_refuse(struct apply *apply, const struct channel_member_targets *targets, int64_t user_id,
			       enum err err) MUST_USE;

/* Whether the user is in the channel. */
enum err channel_member_is_in(struct apply *apply, int64_t channel_id, int64_t user_id, bool *is_in) MUST_USE;

/* Takes people out of a channel of a workspace: membership, and what let them in by name. Tells them, and once all the
 * others. */
enum err channel_member_take_out(struct apply *apply, struct channel *channel,
				 const struct channel_people *people) MUST_USE;

/* Whether these may be put into the group, and puts them there. ERR_TOO_MANY. */
enum err channel_group_check(struct apply *apply, int64_t home_guild_id, int64_t user_id) MUST_USE;
enum err channel_group_add(struct apply *apply, struct channel *channel,
			   const struct channel_member_targets *targets) MUST_USE;

#endif
