/* What changes of channels are checked for, and lists of people as clients send them. Store only. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_CHECK_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_CHECK_H

#include "domain/channel/channel.h"
#include "domain/member/member.h"

/* ERR_CHANNEL_NAME_TAKEN when another live channel of the workspace and kind has the name. */
enum err channel_check_name(struct apply *apply, const struct channel *channel, const char *name) MUST_USE;

/* Whether parent_id (0: none) is a category of the channel's workspace that the actor may view: of another the answer
 * would tell that it is there. ERR_INVALID_FORM. */
enum err channel_check_parent(struct apply *apply, const struct channel *channel, int64_t parent_id) MUST_USE;

/* Several people, each once, in the order they were named. */
struct channel_people {
	int64_t *ids;
	size_t count;
};

/* Reads a list of ids (NULL: nobody). ERR_INVALID_FORM, also for more than CHANNEL_MEMBERS_AT_ONCE_MAX. */
enum err channel_people_decode(struct apply *apply, const char *field, const json_t *list,
			       struct channel_people *out) MUST_USE;

/* Of one person in a list: notes why they are refused, if they are, and goes on. Only errors that are not theirs are
 * passed on. */
enum err channel_people_note(struct apply *apply, const char *field, int64_t user_id, enum err err) MUST_USE;

/* ERR_INVALID_FORM when anybody was refused. */
enum err channel_people_verdict(const struct apply *apply) MUST_USE;

#endif
