/* Names of files and addresses: a name that is kept is always fit to be, and stays as it is when it is cleaned again;
 * an address in any text is expanded to something without a marker, and no text signs anything. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "domain/file/file.h"
#include "domain/file/file_url.h"
#include "http/disposition.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct arena *arena, const char *p, size_t n)
{
	const char *name = file_name_clean(arena, p, n);
	size_t name_n = strlen(name);
	ensure(name_n > 0 && name_n <= FILE_NAME_MAX && utf8_is_valid(name, name_n));
	ensure(!utf8_has_control(name, name_n, false) && strpbrk(name, "/\\:*?\"<>|") == NULL);
	ensure(name[0] != '.' && name[name_n - 1] != '.');
	ensure(strcmp(file_name_clean(arena, name, name_n), name) == 0);
	for (const char *c = disposition_write(arena, "inline", name); *c != '\0'; c++)
		ensure(*c >= ' ' && *c <= '~');
}

static void check_addresses(struct arena *arena, const char *p, size_t n)
{
	static const struct secret key = {{7}};
	const struct file_urls urls = {.public_url = "https://a", .key = key, .ttl_s = 60};
	const struct file_address address = {.channel_id = 1, .attachment_id = 2, .name = "a"};
	struct buf *plain = buf_in_arena(arena), *expanded = buf_in_arena(arena);
	char *text = arena_strndup(arena, p, n);
	size_t markers = 0;
	for (size_t i = 0; i < n; i++)
		markers += p[i] == FILE_URL_MARKER;
	file_url_expand_plain(p, n, plain);
	file_url_expand(&urls, 1000, p, n, expanded);
	/* A lone one stays where it is. */
	ensure(file_url_is_in(plain->p, plain->n) == (markers % 2 == 1));
	ensure(file_url_is_in(expanded->p, expanded->n) == (markers % 2 == 1));
	ensure(!file_url_is_signed(&key, &address, text, "0000", 1000));
	ensure(!file_url_is_signed(&key, &address, "ffff", text, 1000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	secret_open();
	arena_init(&arena);
	if (size <= 64 * 1024) {
		check_name(&arena, (const char *)data, size);
		check_addresses(&arena, (const char *)data, size);
	}
	arena_free(&arena);
	return 0;
}
