/* What the apply functions of channels share: events to the right people, rows of members and overwrites, and what
 * follows when somebody begins or ceases to see a channel. Store only. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_CHANGE_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_CHANGE_H

#include "domain/audit/audit.h"
#include "domain/channel/channel.h"

/* Tells everybody who sees the channel. Of a direct message or group each person is told by themselves, because
 * recipients are the others. */
enum err channel_announce(struct apply *apply, const char *type, const struct channel *channel) MUST_USE;

/* Tells one person, if they still see the channel when they hear of it. */
enum err channel_announce_to(struct apply *apply, const char *type, const struct channel *channel,
			     int64_t user_id) MUST_USE;

/* CHANNEL_DELETE for one person who no longer sees the channel. It says nothing of what the channel is by now. */
enum err channel_vanish_for(struct apply *apply, const struct channel *channel, int64_t user_id) MUST_USE;

/* Puts somebody into the channel, or takes them out, with the event that those in it get; *is_changed is false when
 * that was so already. An owner who goes is followed by the longest-standing person. channel's owner_id is kept up to
 * date. Whoever goes leaves the channel's threads too, also those of a channel that they only looked at.
 */
enum err channel_member_put(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_changed) MUST_USE;
enum err channel_member_drop(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_changed) MUST_USE;

/* Tells those in it that somebody came or went: CHANNEL_MEMBER_ADD and …_REMOVE, of groups CHANNEL_RECIPIENT_…. */
enum err channel_member_announce(struct apply *apply, const struct channel *channel, int64_t user_id,
				 bool is_added) MUST_USE;

/* Takes somebody out of a group; when nobody is left it is deleted. */
enum err channel_group_leave(struct apply *apply, struct channel *channel, int64_t user_id) MUST_USE;

/* Makes user_id (0: nobody) the owner and tells everybody. */
enum err channel_owner_set(struct apply *apply, struct channel *channel, int64_t user_id) MUST_USE;

/* Writes an overwrite, or removes the target's, and keeps channel's list up to date. settle removes one that says
 * nothing. ERR_TOO_MANY. */
enum err channel_overwrite_set(struct apply *apply, struct channel *channel,
			       const struct perm_overwrite *overwrite) MUST_USE;
enum err channel_overwrite_remove(struct apply *apply, struct channel *channel, int64_t target_id) MUST_USE;
enum err channel_overwrite_settle(struct apply *apply, struct channel *channel,
				  const struct perm_overwrite *overwrite) MUST_USE;

/* The member's overwrite as it is; one that says nothing when there is none. */
struct perm_overwrite channel_overwrite_of_member(const struct channel *channel, int64_t user_id);

/* Lets VIEW_CHANNEL through for one member, or takes away what let them in, beside what else stands there. */
enum err channel_overwrite_let_in(struct apply *apply, struct channel *channel, int64_t user_id) MUST_USE;
enum err channel_overwrite_let_out(struct apply *apply, struct channel *channel, int64_t user_id) MUST_USE;

/* Whether somebody sees the channel of a workspace as it stands in memory; strangers to it see nothing. */
enum err channel_is_seen_by(struct apply *apply, const struct channel *channel, int64_t user_id,
			    bool *is_seen) MUST_USE;

/* Whether the user is banned from this channel. */
enum err channel_is_banned(struct apply *apply, int64_t channel_id, int64_t user_id, bool *is_banned) MUST_USE;

/* The members of the workspace who see a channel, by id. */
struct channel_viewers {
	int64_t *ids;
	size_t count;
};
enum err channel_viewers_list(struct apply *apply, const struct channel *channel, struct channel_viewers *out) MUST_USE;

/* After a change of overwrites: whoever sees it now and did not gets CHANNEL_CREATE, then all of them CHANNEL_UPDATE,
 * whoever ceased to see it is taken out and gets CHANNEL_DELETE. */
enum err channel_viewers_changed(struct apply *apply, struct channel *channel,
				 const struct channel_viewers *before) MUST_USE;

/* The same where one person's alone may have changed. */
enum err channel_viewer_changed(struct apply *apply, struct channel *channel, int64_t user_id,
				bool saw_before) MUST_USE;

/* Makes a channel of a workspace private or public: what @everyone's overwrite says of VIEW_CHANNEL. When it becomes
 * private, those who are in it and see it are let in by overwrites of their own. bits are the actor's in the channel;
 * the same is asked as for that overwrite alone. ERR_CHANNEL_TYPE; ERR_TOO_MANY. */
enum err channel_privacy_set(struct apply *apply, struct channel *channel, uint64_t bits, bool is_private) MUST_USE;

/* One line of the audit log about a channel of a workspace; changes and options may be NULL. Of others there is none.
 */
enum err channel_audit(struct apply *apply, const struct channel *channel, enum audit_action action, int64_t target_id,
		       struct audit_changes *changes) MUST_USE;

#endif
