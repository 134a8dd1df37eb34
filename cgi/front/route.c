/* Finding the row of a request: see route.h. The rows of a table are looked at one after the other; what differs is
 * told apart by the first segments, and ids are parsed last. */
#include "front/route.h"

#include "base/id.h"
#include "http/path.h"

#include <stddef.h>
#include <string.h>

/* What may stand in braces, and where it goes. Text when text is true, else an id. */
static const struct placeholder {
	const char *name;
	size_t offset;
	bool is_text;
} placeholders[] = {
    {"{guild}", offsetof(struct request_path, guild_id), false},
    {"{channel}", offsetof(struct request_path, channel_id), false},
    {"{message}", offsetof(struct request_path, message_id), false},
    {"{user}", offsetof(struct request_path, user_id), false},
    {"{target}", offsetof(struct request_path, target_id), false},
    {"{role}", offsetof(struct request_path, role_id), false},
    {"{token}", offsetof(struct request_path, token_id), false},
    {"{scheduled}", offsetof(struct request_path, scheduled_id), false},
    {"{session}", offsetof(struct request_path, session_id), false},
    {"{emoji_id}", offsetof(struct request_path, emoji_id), false},
    {"{answer}", offsetof(struct request_path, answer_id), false},
    {"{code}", offsetof(struct request_path, code), true},
    {"{emoji}", offsetof(struct request_path, emoji), true},
};

static const struct placeholder *placeholder_find(struct str segment)
{
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
		if (str_eq_text(segment, placeholders[i].name))
			return &placeholders[i];
	}
	return NULL;
}

static bool placeholder_fill(struct str pattern, struct str segment, struct request_path *params)
{
	const struct placeholder *placeholder = placeholder_find(pattern);

	if (placeholder == NULL)
		return false;
	if (!placeholder->is_text)
		return id_parse(segment.p, segment.n, (int64_t *)(void *)((char *)params + placeholder->offset));
	*(const char **)(void *)((char *)params + placeholder->offset) = segment.p;
	return true;
}

/* Whether the literal segments are those of the path. Nearly every row ends here, so nothing is measured or copied. */
static bool literals_match(const char *pattern, const struct path *path)
{
	const char *at = pattern + 1;

	for (size_t i = 0; i < path->count; i++) {
		struct str segment = path->segments[i];

		if (*at == '{')
			at += strcspn(at, "/");
		else if (strncmp(at, segment.p, segment.n) == 0)
			at += segment.n;
		else
			return false;
		if (*at == '\0')
			return i + 1 == path->count;
		if (*at != '/')
			return false;
		at++;
	}
	return *at == '\0';
}

static bool pattern_matches(const char *pattern, const struct path *path, struct request_path *params)
{
	struct str rest, segment, after;

	if (!literals_match(pattern, path))
		return false;
	rest = str_from(pattern + 1);
	memset(params, 0, sizeof(*params));
	for (size_t i = 0; i < path->count; i++) {
		str_cut(rest, '/', &segment, &after);
		rest = after;
		if (segment.n > 0 && segment.p[0] == '{' && !placeholder_fill(segment, path->segments[i], params))
			return false;
	}
	return true;
}

/* Discord's libraries ask for version 9 or 10 of the API, or for none, which is how the addresses of webhooks are
 * written; all have the same handlers. What begins with another version gets ours before it, and matches nothing. */
static void version_unify(struct path *path)
{
	struct str *version = &path->segments[1];

	if (path->count < 2 || !str_eq(path->segments[0], STR("api")) || str_eq(*version, STR("v1")))
		return;
	if (!str_eq(*version, STR("v9")) && !str_eq(*version, STR("v10"))) {
		if (path->count == PATH_SEGMENTS_MAX)
			return; /* no row is that long */
		memmove(version + 1, version, (path->count - 1) * sizeof(*version));
		path->count++;
	}
	*version = STR("v1");
}

static bool method_matches(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static void allow_add(struct buf *allow, const char *method)
{
	if (allow->n > 0)
		buf_puts(allow, ", ");
	buf_puts(allow, method);
	if (strcmp(method, "GET") == 0)
		buf_puts(allow, ", HEAD");
}

enum err route_find(const struct app *app, struct arena *arena, const char *method, struct str path,
		    const struct route **out, struct request_path *params, const char **allow)
{
	struct buf *allowed = buf_in_arena(arena);
	struct path split;

	*out = NULL;
	*allow = NULL;
	TRY(path_split(arena, path, &split));
	version_unify(&split);
	for (size_t i = 0; i < app->route_count; i++) {
		const struct route *route = &app->routes[i];

		if (method_matches(route, method) && pattern_matches(route->pattern, &split, params)) {
			*out = route;
			return ERR_OK;
		}
	}
	for (size_t i = 0; i < app->route_count; i++) {
		if (pattern_matches(app->routes[i].pattern, &split, params))
			allow_add(allowed, app->routes[i].method);
	}
	memset(params, 0, sizeof(*params));
	if (allowed->n == 0)
		return ERR_NOT_FOUND;
	*allow = allowed->p;
	return ERR_METHOD_NOT_ALLOWED;
}
