#include "domain/search/search_resolve.h"

#include "base/id.h"
#include "domain/channel/channel.h"

#include <string.h>

enum { NAMESAKES_MAX = 8 };

struct resolver {
	struct sql *db;
	struct arena *arena;
	const struct search_access *access;
	struct search_resolved *out;
};

static void add(struct search_targets *targets, int64_t id, bool is_excluded)
{
	if (is_excluded && targets->none_count < SEARCH_TARGETS_MAX)
		targets->none[targets->none_count++] = id;
	else if (!is_excluded && targets->any_count < SEARCH_TARGETS_MAX)
		targets->any[targets->any_count++] = id;
}

static size_t known(const struct search_targets *targets)
{
	return targets->any_count + targets->none_count;
}

static void note_unknown(struct resolver *resolver, const char *filter, const struct search_name *name)
{
	if (name->is_excluded || resolver->out->unknown_filter != NULL)
		return;
	resolver->out->unknown_filter = filter;
	resolver->out->unknown_name = arena_strndup(resolver->arena, name->text.p, name->text.n);
}

static bool is_me(const struct search_name *name)
{
	return str_eq_nocase(name->text, STR("me"));
}

/* Adds what a query finds by a name: the name is its first parameter, where to look its second. */
static enum err add_named(struct resolver *resolver, enum query query, const struct search_name *name, int64_t where,
			  struct search_targets *targets)
{
	const char *text = arena_strndup(resolver->arena, name->text.p, name->text.n);
	struct sql_stmt *stmt;
	TRY(sql_start(resolver->db, query, SQL_ARGS(sql_text(text), sql_id(where), sql_int(NAMESAKES_MAX)), &stmt));
	while (sql_step(stmt))
		add(targets, sql_column_int(stmt, 0), name->is_excluded);
	return sql_finish(stmt);
}

static enum err add_person_by_username(struct resolver *resolver, const struct search_name *name,
				       struct search_targets *targets)
{
	const char *text = arena_strndup(resolver->arena, name->text.p, name->text.n);
	int64_t id;
	TRY(sql_find_int(resolver->db, QUERY_SEARCH_PERSON_BY_USERNAME,
			 SQL_ARGS(sql_text(text), sql_id(resolver->access->scope.guild_id)), &id));
	if (id != 0)
		add(targets, id, name->is_excluded);
	return ERR_OK;
}

/* A user name is one person's; other names may be those of several. */
static enum err add_people(struct resolver *resolver, const struct search_name *name, struct search_targets *targets)
{
	const struct search_scope *scope = &resolver->access->scope;
	size_t before = known(targets);
	int64_t id = name->id;
	if (is_me(name) && id == 0)
		id = scope->user_id;
	if (id != 0 || (name->text.n >= 15 && id_parse(name->text.p, name->text.n, &id))) {
		add(targets, id, name->is_excluded);
		return ERR_OK;
	}
	if (scope->guild_id == 0)
		return add_named(resolver, QUERY_SEARCH_PEOPLE_OF_CHANNEL, name, scope->channel_id, targets);
	TRY(add_person_by_username(resolver, name, targets));
	return known(targets) != before
		   ? ERR_OK
		   : add_named(resolver, QUERY_SEARCH_PEOPLE_BY_NAME, name, scope->guild_id, targets);
}

static enum err resolve_from(struct resolver *resolver, const struct search_name *name)
{
	struct search_targets *authors = &resolver->out->authors;
	size_t before = known(authors);
	TRY(add_people(resolver, name, authors));
	if (known(authors) == before)
		note_unknown(resolver, "from", name);
	authors->is_asked |= !name->is_excluded;
	return ERR_OK;
}

/* Whoever is mentioned is so by name, by a role of theirs, or with everybody. */
static enum err add_own_mentions(struct resolver *resolver, const struct search_name *name,
				 struct search_targets *targets)
{
	const struct search_scope *scope = &resolver->access->scope;
	struct sql_stmt *stmt;
	add(targets, scope->guild_id != 0 ? scope->guild_id : scope->channel_id, name->is_excluded);
	if (scope->guild_id == 0)
		return ERR_OK;
	TRY(sql_start(resolver->db, QUERY_SEARCH_ROLES_OF_MEMBER,
		      SQL_ARGS(sql_id(scope->guild_id), sql_id(scope->user_id)), &stmt));
	while (sql_step(stmt))
		add(targets, sql_column_int(stmt, 0), name->is_excluded);
	return sql_finish(stmt);
}

static enum err resolve_mention(struct resolver *resolver, const struct search_name *name)
{
	const struct search_scope *scope = &resolver->access->scope;
	struct search_targets *mentioned = &resolver->out->mentioned;
	size_t before = known(mentioned);
	mentioned->is_asked |= !name->is_excluded;
	if (name->id == 0 && (str_eq_nocase(name->text, STR("everyone")) || str_eq_nocase(name->text, STR("here")))) {
		add(mentioned, scope->guild_id != 0 ? scope->guild_id : scope->channel_id, name->is_excluded);
		return ERR_OK;
	}
	if (name->id == 0 && is_me(name))
		TRY(add_own_mentions(resolver, name, mentioned));
	TRY(add_people(resolver, name, mentioned));
	if (name->id == 0 && scope->guild_id != 0)
		TRY(add_named(resolver, QUERY_SEARCH_ROLES_BY_NAME, name, scope->guild_id, mentioned));
	if (known(mentioned) == before)
		note_unknown(resolver, "mentions", name);
	return ERR_OK;
}

/* A channel or thread as a row of the queries has it, if the user may read it. */
static void add_place(struct resolver *resolver, struct sql_stmt *stmt, bool is_excluded)
{
	int64_t id = sql_column_int(stmt, 0);
	int type = (int)sql_column_int(stmt, 1);
	bool is_thread = type == CHANNEL_TYPE_PUBLIC_THREAD || type == CHANNEL_TYPE_PRIVATE_THREAD;

	if (search_access_has(resolver->access, id, type, sql_column_int(stmt, 2)))
		add(is_thread ? &resolver->out->threads : &resolver->out->places, id, is_excluded);
}

static enum err add_places(struct resolver *resolver, enum query query, const struct sql_arg *args, bool is_excluded)
{
	struct sql_stmt *stmt;
	TRY(sql_start(resolver->db, query, args, &stmt));
	while (sql_step(stmt))
		add_place(resolver, stmt, is_excluded);
	return sql_finish(stmt);
}

static size_t known_places(const struct resolver *resolver)
{
	return known(&resolver->out->places) + known(&resolver->out->threads);
}

static enum err resolve_in(struct resolver *resolver, const struct search_name *name)
{
	static const enum query by_name[] = {QUERY_SEARCH_CHANNELS_BY_NAME, QUERY_SEARCH_THREADS_BY_NAME};
	struct sql_arg guild = sql_int(resolver->access->scope.guild_id);
	size_t before = known_places(resolver);
	int64_t id = name->id;
	resolver->out->places.is_asked |= !name->is_excluded;
	if (id != 0 || (name->text.n >= 15 && id_parse(name->text.p, name->text.n, &id)))
		TRY(add_places(resolver, QUERY_SEARCH_PLACE, SQL_ARGS(sql_id(id), guild), name->is_excluded));
	const char *text = arena_strndup(resolver->arena, name->text.p, name->text.n);
	for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]) && known_places(resolver) == before; i++)
		TRY(add_places(resolver, by_name[i], SQL_ARGS(sql_text(text), guild, sql_int(NAMESAKES_MAX)),
			       name->is_excluded));
	if (known_places(resolver) == before)
		note_unknown(resolver, "in", name);
	return ERR_OK;
}

static enum err each(struct resolver *resolver, const struct search_names *names,
		     enum err (*resolve)(struct resolver *, const struct search_name *))
{
	for (size_t i = 0; i < names->count; i++)
		TRY(resolve(resolver, &names->list[i]));
	return ERR_OK;
}

enum err search_resolve(struct sql *db, struct arena *arena, const struct search_access *access,
			const struct search_query *query, struct search_resolved *out)
{
	struct resolver resolver = {db, arena, access, out};
	*out = (struct search_resolved){0};
	TRY(each(&resolver, &query->from, resolve_from));
	TRY(each(&resolver, &query->mentions, resolve_mention));
	return each(&resolver, &query->in, resolve_in);
}
