/* What followers ask for: the input is a query string, a newline, and a Last-Event-ID. What is accepted is within
 * bounds, and asking for the same in the plainest words gives the same. */
#include "base/ensure.h"
#include "live/live_query.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_types(const char *types)
{
	size_t n = strlen(types);
	ensure(n >= 3 && n <= LIVE_QUERY_TYPES_BYTES_MAX && types[0] == ',' && types[n - 1] == ',');
	for (const char *at = types + 1; *at != '\0';) {
		char name[LIVE_QUERY_TYPES_BYTES_MAX];
		size_t length = strcspn(at, ",");
		(void)snprintf(name, sizeof(name), "%.*s", (int)length, at);
		ensure(length > 0 && live_query_names_type(types, name));
		at += length + 1;
	}
	ensure(!live_query_names_type(types, "NO_SUCH-TYPE"));
}

static void check_round_trip(struct arena *arena, const struct live_query *query)
{
	struct live_query again;
	struct field_errors errors = {0};
	const char *text = arena_printf(arena, "timeout=%lld", (long long)query->timeout_ms / 1000);
	if (query->channel_id != 0)
		text = arena_printf(arena, "%s&channel=%lld", text, (long long)query->channel_id);
	if (query->types != NULL)
		text = arena_printf(arena, "%s&types=%.*s", text, (int)strlen(query->types) - 2, query->types + 1);
	const char *after = query->has_after ? arena_printf(arena, "%lld", (long long)query->after) : "";
	ensure(live_query_parse(arena, str_from(text), str_from(after), &again, &errors) == ERR_OK);
	ensure(again.has_after == query->has_after && again.after == query->after);
	ensure(again.timeout_ms == query->timeout_ms && again.channel_id == query->channel_id);
	ensure((again.types == NULL) == (query->types == NULL));
	ensure(query->types == NULL || strcmp(again.types, query->types) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct live_query query;
	struct field_errors errors = {0};
	char *p = ensure_malloc(size + 1);
	struct str query_text, last_event_id;

	memcpy(p, data, size);
	arena_init(&arena);
	(void)str_cut((struct str){p, size}, '\n', &query_text, &last_event_id);
	enum err err = live_query_parse(&arena, query_text, last_event_id, &query, &errors);
	ensure(err == ERR_OK || err == ERR_INVALID_FORM || err == ERR_BAD_REQUEST);
	ensure((err == ERR_INVALID_FORM) == (errors.count > 0));
	if (err == ERR_OK) {
		ensure(query.after >= 0 && query.after <= LIVE_QUERY_CURSOR_MAX);
		ensure(query.timeout_ms >= 0 && query.timeout_ms <= LIVE_QUERY_TIMEOUT_MAX_S * 1000);
		ensure(query.channel_id >= 0);
		if (query.types != NULL)
			check_types(query.types);
		check_round_trip(&arena, &query);
	}
	arena_free(&arena);
	free(p);
	return 0;
}
