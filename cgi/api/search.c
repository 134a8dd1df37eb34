/* Search. Discord's parameters and its reply. `content` has the grammar of domain/search/search_query.h; beside it
 * there is `q`, in which a - turns round what it stands before, as on the page. */
#include "domain/search/search.h"

#include "api/api.h"
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/member/member.h"
#include "domain/search/search_query.h"
#include "domain/search/search_tags.h"
#include "front/reply.h"

#include <string.h>

enum { FOUND_OF_EACH = 10 };

const struct field api_search_fields[] = {
    {.name = "q",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = SEARCH_QUERY_MAX,
     .offset = offsetof(struct api_search_input, q)},
    {.name = "content",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = SEARCH_QUERY_MAX,
     .offset = offsetof(struct api_search_input, content)},
    {.name = "min_id", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_search_input, min_id)},
    {.name = "max_id", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_search_input, max_id)},
    {.name = "pinned", .type = FIELD_FLAG, .offset = offsetof(struct api_search_input, pinned)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = SEARCH_PAGE_MAX,
     .offset = offsetof(struct api_search_input, limit)},
    {.name = "offset",
     .type = FIELD_INT,
     .max = SEARCH_OFFSET_MAX,
     .offset = offsetof(struct api_search_input, offset)},
    {.name = "sort_by", .type = FIELD_TEXT, .max = 32, .offset = offsetof(struct api_search_input, sort_by)},
    {.name = "sort_order", .type = FIELD_TEXT, .max = 32, .offset = offsetof(struct api_search_input, sort_order)},
    {0}};

/* What may be given more than once: then any of these is meant, of `has` all. */
static const struct {
	const char *name;
	bool is_id;
} lists[] = {{"author_id", true}, {"channel_id", true}, {"mentions", true}, {"has", false}};

enum { LISTS_COUNT = sizeof(lists) / sizeof(lists[0]) };

static bool is_list(const char *name)
{
	for (size_t i = 0; i < LISTS_COUNT; i++) {
		if (strcmp(lists[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A parameter that stands there twice and is no list has no one meaning. */
static enum err check_repeats(const struct form *query)
{
	for (size_t i = 0; i < query->count; i++) {
		if (!is_list(query->fields[i].name) &&
		    form_find(query, query->fields[i].name) != query->fields[i].value)
			return ERR_BAD_REQUEST;
	}
	return ERR_OK;
}

static enum err refuse(struct request *request, const char *field, const char *why)
{
	field_errors_add(&request->errors, field, "BASE_TYPE_CHOICES", why);
	return ERR_INVALID_FORM;
}

static enum err add_id(struct request *request, struct search_names *names, const char *field, const char *value)
{
	int64_t id;

	if (!id_parse(value, strlen(value), &id))
		return refuse(request, field, "Must be a snowflake.");
	if (names->count == SEARCH_NAMES_MAX)
		return refuse(request, field, "May be given 16 times at most.");
	names->list[names->count++] = (struct search_name){.text = str_from(value), .id = id};
	return ERR_OK;
}

static enum err add_has(struct request *request, struct search_query *query, const char *value)
{
	bool is_excluded = value[0] == '-';
	unsigned bit = search_has_of(str_from(value + is_excluded));

	if (bit == 0)
		return refuse(request, "has", "Must be file, image, video, sound, link, embed, poll, pin or snapshot.");
	if (is_excluded)
		query->has_not |= bit;
	else
		query->has |= bit;
	return ERR_OK;
}

static enum err read_lists(struct request *request, struct search_query *query)
{
	struct search_names *const names[LISTS_COUNT] = {&query->from, &query->in, &query->mentions, NULL};

	for (size_t i = 0; i < request->query.count; i++) {
		const struct form_field *field = &request->query.fields[i];
		for (size_t k = 0; k < LISTS_COUNT; k++) {
			if (strcmp(lists[k].name, field->name) != 0)
				continue;
			TRY(lists[k].is_id ? add_id(request, names[k], field->name, field->value)
					   : add_has(request, query, field->value));
		}
	}
	return ERR_OK;
}

/* Discord's bounds are exclusive. */
static void read_bounds(const struct api_search_input *input, struct search_query *query)
{
	if (input->min_id >= query->min_id && input->min_id > 0)
		query->min_id = input->min_id < INT64_MAX ? input->min_id + 1 : INT64_MAX;
	if (input->max_id > 0 && input->max_id <= query->max_id)
		query->max_id = input->max_id - 1;
}

static enum err read_query(struct request *request, struct search_query *query)
{
	const struct api_search_input *input = request->input;

	TRY(check_repeats(&request->query));
	TRY(read_lists(request, query));
	if (input->q != NULL)
		search_query_parse(query, str_from(input->q), request->now_ms);
	if (input->content != NULL)
		search_query_parse_content(query, str_from(input->content), request->now_ms);
	read_bounds(input, query);
	if (field_is_given(api_search_fields, &input->set, "pinned"))
		*(input->pinned ? &query->has : &query->has_not) |= SEARCH_HAS_PIN;
	return ERR_OK;
}

/* Relevance is not known here: what is newest counts most. */
static enum err read_page(struct request *request, struct search_page *page)
{
	const struct api_search_input *input = request->input;

	*page = (struct search_page){.offset = input->offset,
				     .limit = input->limit != 0 ? (int)input->limit : SEARCH_PAGE_MAX};
	if (input->sort_by != NULL && strcmp(input->sort_by, "timestamp") != 0 &&
	    strcmp(input->sort_by, "relevance") != 0)
		return refuse(request, "sort_by", "Must be timestamp or relevance.");
	if (input->sort_order == NULL || strcmp(input->sort_order, "desc") == 0)
		return ERR_OK;
	page->is_oldest_first = strcmp(input->sort_order, "asc") == 0;
	return page->is_oldest_first ? ERR_OK : refuse(request, "sort_order", "Must be asc or desc.");
}

static enum err reply_found(struct request *request, struct response *response, const struct search_scope *scope,
			    struct search_query *query)
{
	struct search_result *result = arena_alloc(request->arena, sizeof(*result));
	struct search_page page;
	struct jw jw;

	TRY(read_query(request, query));
	TRY(read_page(request, &page));
	TRY(search_find(request->db, request->arena, scope, query, &page, result));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(search_result_to_json(request->db, request->arena, &jw, query, result, scope->user_id));
	jw_object_end(&jw);
	return ERR_OK;
}

enum err api_search_messages(struct request *request, struct response *response)
{
	const struct search_scope scope = {request->path.guild_id, 0, request->caller.user_id};
	struct search_query *query = arena_alloc(request->arena, sizeof(*query));

	search_query_init(query);
	return reply_found(request, response, &scope, query);
}

/* A direct message or group is where is searched; a channel or thread of a workspace is a part of that. */
enum err api_search_channel(struct request *request, struct response *response)
{
	struct search_query *query = arena_alloc(request->arena, sizeof(*query));
	struct channel channel;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	const struct search_scope scope = {channel.guild_id, channel.id, request->caller.user_id};
	search_query_init(query);
	if (channel.guild_id != 0)
		query->in.list[query->in.count++] = (struct search_name){.text = STR(""), .id = channel.id};
	return reply_found(request, response, &scope, query);
}

enum err api_search(struct request *request, struct response *response)
{
	const struct api_search_input *input = request->input;
	const struct search_scope scope = {request->path.guild_id, 0, request->caller.user_id};
	const struct member_page people = {.limit = FOUND_OF_EACH, .query = input->q};
	struct search_query *query = arena_alloc(request->arena, sizeof(*query));
	struct search_result *result = arena_alloc(request->arena, sizeof(*result));
	struct search_page page;
	struct jw jw;

	if (input->q == NULL || input->q[0] == '\0')
		return refuse(request, "q", "Must say what to look for.");
	search_query_init(query);
	TRY(read_query(request, query));
	TRY(read_page(request, &page));
	TRY(search_find(request->db, request->arena, &scope, query, &page, result));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(member_list_to_json(request->db, request->arena, &jw, "people", scope.guild_id, &people));
	TRY(search_channels_to_json(request->db, request->arena, &jw, "channels", &scope, input->q, FOUND_OF_EACH));
	TRY(search_result_to_json(request->db, request->arena, &jw, query, result, scope.user_id));
	jw_object_end(&jw);
	return ERR_OK;
}
