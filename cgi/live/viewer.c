/* The memory of permissions. Answers are kept as pointers to two marks, because a map holds pointers. */
#include "live/viewer.h"

#include "base/ensure.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

static char yes, no; /* only their addresses mean something */

void viewers_init(struct viewers *viewers, const struct viewer_source *source)
{
	id_map_init(&viewers->by_user);
	id_map_init(&viewers->threads);
	viewers->source = *source;
}

void viewers_free(struct viewers *viewers)
{
	ensure(viewers->by_user.count == 0);
	id_map_free(&viewers->by_user);
	id_map_free(&viewers->threads);
}

struct viewer *viewers_find(const struct viewers *viewers, int64_t user_id)
{
	return id_map_find(&viewers->by_user, user_id);
}

struct viewer *viewers_hold(struct viewers *viewers, int64_t user_id)
{
	struct viewer *viewer = viewers_find(viewers, user_id);
	if (viewer == NULL) {
		viewer = ensure_calloc(1, sizeof(*viewer));
		viewer->user_id = user_id;
		list_init(&viewer->subscribers);
		id_map_init(&viewer->answers);
		(void)id_map_insert(&viewers->by_user, user_id, viewer);
	}
	viewer->holders++;
	return viewer;
}

void viewers_drop(struct viewers *viewers, struct viewer *viewer)
{
	ensure(viewer->holders > 0);
	if (--viewer->holders > 0)
		return;
	(void)id_map_remove(&viewers->by_user, viewer->user_id);
	id_map_free(&viewer->answers);
	free(viewer);
}

static void forget(struct viewer *viewer)
{
	id_map_free(&viewer->answers);
	id_map_init(&viewer->answers);
}

static void remember(struct viewer *viewer, int64_t id, bool answer)
{
	if (viewer->answers.count >= VIEWER_ANSWERS_MAX)
		forget(viewer);
	(void)id_map_insert(&viewer->answers, id, answer ? &yes : &no);
}

/* Remembers whose thread the channel is, if it is one, before any answer about it is. */
static enum err know(struct viewers *viewers, int64_t channel_id)
{
	int64_t parent_id;
	if (id_map_find(&viewers->threads, channel_id) != NULL)
		return ERR_OK;
	TRY(viewers->source.thread_parent(viewers->source.owner, channel_id, &parent_id));
	if (parent_id == 0)
		return ERR_OK;
	if (viewers->threads.count >= VIEWERS_THREADS_MAX)
		viewers_forget_all(viewers);
	(void)id_map_insert(&viewers->threads, channel_id, (void *)(intptr_t)parent_id);
	return ERR_OK;
}

enum err viewers_see_channel(struct viewers *viewers, struct viewer *viewer, int64_t channel_id, bool *sees)
{
	const struct viewer_source *source = &viewers->source;
	const char *known = id_map_find(&viewer->answers, channel_id);
	*sees = known == &yes;
	if (known != NULL)
		return ERR_OK;
	TRY(know(viewers, channel_id));
	TRY(source->sees_channel(source->owner, channel_id, viewer->user_id, sees));
	remember(viewer, channel_id, *sees);
	return ERR_OK;
}

enum err viewers_read_history(struct viewers *viewers, struct viewer *viewer, int64_t channel_id, bool *reads)
{
	const struct viewer_source *source = &viewers->source;
	const char *known = id_map_find(&viewer->answers, -channel_id);
	*reads = known == &yes;
	if (known != NULL)
		return ERR_OK;
	TRY(know(viewers, channel_id));
	TRY(source->reads_history(source->owner, channel_id, viewer->user_id, reads));
	remember(viewer, -channel_id, *reads);
	return ERR_OK;
}

static enum err is_member(const struct viewers *viewers, struct viewer *viewer, int64_t guild_id, bool *answer)
{
	const struct viewer_source *source = &viewers->source;
	const char *known = id_map_find(&viewer->answers, guild_id);
	*answer = known == &yes;
	if (known != NULL)
		return ERR_OK;
	TRY(source->is_member(source->owner, guild_id, viewer->user_id, answer));
	remember(viewer, guild_id, *answer);
	return ERR_OK;
}

/* Whether the event is addressed to the account at all. */
static enum err is_addressed(struct viewers *viewers, struct viewer *viewer, const struct event *event, bool *sees)
{
	*sees = false;
	if (event->type[0] == '_')
		return ERR_OK;
	if (event->channel_id != 0 && event->user_id != 0 && event->user_id != viewer->user_id)
		return ERR_OK;
	if (event->channel_id != 0)
		return viewers_see_channel(viewers, viewer, event->channel_id, sees);
	if (event->guild_id != 0)
		return is_member(viewers, viewer, event->guild_id, sees);
	*sees = event->user_id != 0 && event->user_id == viewer->user_id;
	return ERR_OK;
}

/* Events for managers are rare, so what these may do is asked each time and not remembered. */
enum err viewers_see(struct viewers *viewers, struct viewer *viewer, const struct event *event, bool *sees)
{
	uint64_t needed = event_needs(event->type);
	TRY(is_addressed(viewers, viewer, event, sees));
	if (!*sees || needed == 0)
		return ERR_OK;
	return viewers->source.may(viewers->source.owner, event, viewer->user_id, needed, sees);
}

void viewers_forget_all(struct viewers *viewers)
{
	struct id_map_walk walk = {0};
	while (id_map_next(&viewers->by_user, &walk))
		forget(walk.value);
	id_map_free(&viewers->threads);
	id_map_init(&viewers->threads);
}

static void forget_user(struct viewers *viewers, int64_t user_id)
{
	struct viewer *viewer = viewers_find(viewers, user_id);
	if (viewer != NULL)
		forget(viewer);
}

static void forget_one(struct viewers *viewers, int64_t channel_id)
{
	struct id_map_walk walk = {0};
	while (id_map_next(&viewers->by_user, &walk)) {
		struct viewer *viewer = walk.value;
		(void)id_map_remove(&viewer->answers, channel_id);
		(void)id_map_remove(&viewer->answers, -channel_id);
	}
}

/* With the threads in it. */
static void forget_channel(struct viewers *viewers, int64_t channel_id)
{
	struct id_map_walk walk = {0};
	forget_one(viewers, channel_id);
	while (id_map_next(&viewers->threads, &walk)) {
		if ((intptr_t)walk.value == channel_id)
			forget_one(viewers, walk.id);
	}
}

/* The member that a GUILD_MEMBER_… event speaks of; 0 when it does not say. */
static int64_t member_of(const struct event *event)
{
	if (event->user_id != 0)
		return event->user_id;
	struct arena arena;
	json_t *payload;
	int64_t user_id = 0;
	arena_init(&arena);
	if (json_parse_own(&arena, event->payload, event->payload_n, &payload) == ERR_OK)
		user_id = json_id(json_object_get(payload, "user"), "id");
	arena_free(&arena);
	return user_id;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

void viewers_learn(struct viewers *viewers, const struct event *event)
{
	if (starts_with(event->type, "MESSAGE_") || starts_with(event->type, "DRAFT_") || event->type[0] == '_' ||
	    event_needs(event->type) != 0)
		return;
	int64_t user_id = event->guild_id == 0 || event->channel_id != 0 ? event->user_id : 0;
	if (starts_with(event->type, "GUILD_MEMBER_"))
		user_id = member_of(event);
	if (user_id != 0)
		forget_user(viewers, user_id);
	else if (event->channel_id != 0)
		forget_channel(viewers, event->channel_id);
	else
		viewers_forget_all(viewers);
}
