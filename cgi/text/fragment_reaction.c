/* What the parts of a message that people answer need beyond their views: reactions and polls. See fragment.h. */
#include "text/emoji.h"
#include "text/fragment.h"

/* Adds to an emoji's view what part/emoji asks for: is_custom, and label, how it is called in words. available is what
 * a view leaves out. */
static void ready_emoji(struct arena *arena, struct view *emoji)
{
	struct str name = view_text(emoji, "name"), label = name;
	bool is_custom = view_id(emoji, "id") != 0;
	const struct view *available = view_find(emoji, "available");

	if (is_custom)
		label = str_from(arena_printf(arena, ":%.*s:", (int)name.n, name.p));
	else if (emoji_name(name).n > 0)
		label = emoji_name(name);
	view_put_flag(arena, emoji, "is_custom", is_custom);
	view_put_flag(arena, emoji, "is_deleted", available != NULL && available->type == VIEW_FALSE);
	view_put_text(arena, emoji, "label", label);
}

/* How a form names it: the characters, or name:id. */
static struct str key_of(struct arena *arena, const struct view *emoji)
{
	struct str name = view_text(emoji, "name");
	int64_t id = view_id(emoji, "id");

	if (id == 0)
		return name;
	return str_from(arena_printf(arena, "%.*s:%lld", (int)name.n, name.p, (long long)id));
}

static void ready_reaction(struct arena *arena, struct view *reaction)
{
	struct view *emoji = view_find(reaction, "emoji");

	ready_emoji(arena, emoji);
	view_put_text(arena, reaction, "key", key_of(arena, emoji));
}

void fragment_reactions(struct arena *arena, struct view *message)
{
	struct view *reactions = view_find(message, "reactions");
	bool is_list = reactions != NULL && reactions->type == VIEW_LIST;

	view_put_flag(arena, message, "has_reactions", is_list && reactions->first != NULL);
	for (struct view *each = is_list ? reactions->first : NULL; each != NULL; each = each->next)
		ready_reaction(arena, each);
}

/* The event of one kind becomes a message with this one reaction, so that the part of a message renders both. Its type
 * alone says whether somebody's came or went. */
static void ready_event(struct arena *arena, struct view *payload, bool is_added)
{
	struct view *emoji = view_find(payload, "emoji");

	view_put(arena, payload, "id", view_find(payload, "message_id"));
	view_put(arena, payload, "user_id", view_find(payload, "user_id")); /* null where it is absent */
	view_put(arena, payload, "count", view_find(payload, "count"));
	view_put_flag(arena, payload, "is_added", is_added);
	view_put_null(arena, payload, "key");
	struct view *list = view_put_list(arena, payload, "reactions");
	if (!view_is_object(emoji))
		return;
	struct view *reaction = view_new_object(arena);
	ready_emoji(arena, emoji);
	view_put_text(arena, payload, "key", key_of(arena, emoji));
	view_put(arena, reaction, "emoji", emoji);
	view_put(arena, reaction, "key", view_find(payload, "key"));
	view_put(arena, reaction, "count", view_find(payload, "count"));
	view_put_flag(arena, reaction, "me", false);
	view_append(list, reaction);
}

void fragment_reaction_added(struct arena *arena, struct view *payload)
{
	ready_event(arena, payload, true);
}

void fragment_reaction_removed(struct arena *arena, struct view *payload)
{
	ready_event(arena, payload, false);
}

void fragment_vote_added(struct arena *arena, struct view *payload)
{
	view_put(arena, payload, "id", view_find(payload, "message_id"));
	view_put_flag(arena, payload, "is_added", true);
}

void fragment_vote_removed(struct arena *arena, struct view *payload)
{
	view_put(arena, payload, "id", view_find(payload, "message_id"));
	view_put_flag(arena, payload, "is_added", false);
}

/* What of all votes an answer has, rounded. */
static int64_t percent_of(int64_t count, int64_t total)
{
	return total > 0 ? (count * 100 + total / 2) / total : 0;
}

static const struct view *result_of(const struct view *results, int64_t answer_id)
{
	const struct view *counts = view_find(results, "answer_counts");

	for (const struct view *each = counts != NULL ? counts->first : NULL; each != NULL; each = each->next) {
		if (view_int(each, "id") == answer_id)
			return each;
	}
	return NULL;
}

static int64_t total_of(const struct view *results)
{
	const struct view *counts = view_find(results, "answer_counts");
	int64_t total = 0;

	for (const struct view *each = counts != NULL ? counts->first : NULL; each != NULL; each = each->next)
		total += view_int(each, "count");
	return total;
}

static void ready_answer(struct arena *arena, struct view *answer, const struct view *results, int64_t total)
{
	struct view *media = view_find(answer, "poll_media"), *emoji = view_find(media, "emoji");
	const struct view *result = result_of(results, view_int(answer, "answer_id"));
	const struct view *is_chosen = view_find(result, "me_voted");
	int64_t count = view_int(result, "count");

	view_put(arena, answer, "text", view_find(media, "text"));
	if (view_is_object(emoji))
		ready_emoji(arena, emoji);
	view_put(arena, answer, "emoji", emoji);
	view_put_int(arena, answer, "count", count);
	view_put_int(arena, answer, "percent", percent_of(count, total));
	view_put_flag(arena, answer, "is_chosen", is_chosen != NULL && is_chosen->type == VIEW_TRUE);
}

void fragment_poll(struct arena *arena, struct view *message)
{
	struct view *poll = view_find(message, "poll");
	const struct view *results = view_find(poll, "results"), *is_final = view_find(results, "is_finalized");
	struct view *answers = view_find(poll, "answers");
	int64_t total = total_of(results);

	if (!view_is_object(poll)) {
		view_put_null(arena, message, "poll");
		return;
	}
	view_put(arena, poll, "asked", view_find(view_find(poll, "question"), "text"));
	view_put_int(arena, poll, "total", total);
	view_put_flag(arena, poll, "is_final", is_final != NULL && is_final->type == VIEW_TRUE);
	fragment_moment(arena, poll, "ends", view_text(poll, "expiry"));
	for (struct view *each = answers != NULL ? answers->first : NULL; each != NULL; each = each->next)
		ready_answer(arena, each, results, total);
}

void fragment_emoji(struct arena *arena, struct view *emoji)
{
	ready_emoji(arena, emoji);
	view_put_text(arena, emoji, "key", key_of(arena, emoji));
}
