/* Forms: an accepted form has distinct names and clean text, and encoding its fields anew parses to the same form. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "http/form.h"
#include "http/percent.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(struct arena *arena, const struct form *form)
{
	struct form *again = arena_alloc(arena, sizeof(*again));
	struct buf text;

	buf_init(&text);
	for (size_t i = 0; i < form->count; i++) {
		buf_putc(&text, '&');
		percent_encode(&text, str_from(form->fields[i].name));
		buf_putc(&text, '=');
		percent_encode(&text, str_from(form->fields[i].value));
	}
	ensure(form_parse(arena, (struct str){text.p, text.n}, again) == ERR_OK);
	ensure(again->count == form->count);
	for (size_t i = 0; i < form->count; i++) {
		ensure(strcmp(again->fields[i].name, form->fields[i].name) == 0);
		ensure(strcmp(again->fields[i].value, form->fields[i].value) == 0);
	}
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct form *form;
	char *p = ensure_malloc(size + 1);

	memcpy(p, data, size);
	arena_init(&arena);
	form = arena_alloc(&arena, sizeof(*form));
	if (form_parse(&arena, (struct str){p, size}, form) == ERR_OK) {
		ensure(form->count <= FORM_FIELDS_MAX);
		for (size_t i = 0; i < form->count; i++) {
			ensure(form_find(form, form->fields[i].name) == form->fields[i].value);
			ensure(utf8_is_valid(form->fields[i].value, strlen(form->fields[i].value)));
		}
		check_round_trip(&arena, form);
	}
	arena_free(&arena);
	free(p);
	return 0;
}
