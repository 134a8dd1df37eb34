/* Names, types and places of files: what needs no database. */
#include "base/utf8.h"
#include "domain/file/file.h"

#include <stdio.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

void file_path(const char *hash, char out[FILE_PATH_SIZE])
{
	(void)snprintf(out, FILE_PATH_SIZE, "files/%.2s/%s", hash, hash);
}

void file_thumbnail_path(const char *hash, char out[FILE_PATH_SIZE])
{
	(void)snprintf(out, FILE_PATH_SIZE, "files/%.2s/%s.webp", hash, hash);
}

void file_incoming_path(const char *token, char out[FILE_PATH_SIZE])
{
	(void)snprintf(out, FILE_PATH_SIZE, "files/incoming/%s", token);
}

bool file_hash_is_valid(const char *hash)
{
	return hash != NULL && strlen(hash) == FILE_HASH_SIZE - 1 && strspn(hash, digits) == FILE_HASH_SIZE - 1;
}

bool file_token_is_valid(const char *token)
{
	return token != NULL && strlen(token) == FILE_TOKEN_SIZE - 1 && strspn(token, digits) == FILE_TOKEN_SIZE - 1;
}

/* The last component, whichever system wrote the path. */
static struct str without_folders(struct str name)
{
	for (size_t i = name.n; i > 0; i--) {
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
			return (struct str){name.p + i, name.n - i};
	}
	return name;
}

/* What some disk takes in no name. */
static bool is_unfit(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f || strchr("<>:\"|?*", c) != NULL;
}

/* Copies it with '_' for what is unfit, malformed, or reorders and hides text: a file is not to look like another. */
static struct buf *made_plain(struct arena *arena, struct str name)
{
	struct buf *out = buf_in_arena(arena);
	while (name.n > 0) {
		uint32_t code_point;
		size_t n = utf8_decode(name.p, name.n, &code_point);
		bool is_fit = n > 0 && !(n == 1 && is_unfit(name.p[0])) && !utf8_has_control(name.p, n, false);
		if (is_fit)
			buf_put(out, name.p, n);
		else if (out->n == 0 || out->p[out->n - 1] != '_')
			buf_putc(out, '_');
		n = n > 0 ? n : 1;
		name = (struct str){name.p + n, name.n - n};
	}
	return out;
}

/* Names that mean a device on Windows, whatever ending they have. */
static bool is_device(struct str name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul", "com", "lpt"};
	struct str stem, ending;
	(void)str_cut(name, '.', &stem, &ending);
	stem = str_trim(stem);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		bool has_number = i >= 4;
		if (stem.n == (has_number ? 4u : 3u) &&
		    str_eq_nocase((struct str){stem.p, 3}, (struct str){devices[i], 3}) &&
		    (!has_number || (stem.p[3] >= '0' && stem.p[3] <= '9')))
			return true;
	}
	return false;
}

/* Dots and blanks at its ends go, however they take turns: ".." is a folder, ".profile" is hidden, and Windows drops
 * those behind. */
static struct str trimmed(struct str name)
{
	for (size_t before = name.n + 1; name.n < before;) {
		before = name.n;
		utf8_trim(&name.p, &name.n);
		while (name.n > 0 && name.p[0] == '.')
			name = (struct str){name.p + 1, name.n - 1};
		while (name.n > 0 && name.p[name.n - 1] == '.')
			name.n--;
	}
	return name;
}

/* Where the ending begins that is kept when a name is cut: at its last dot, if little stands behind it. */
static size_t ending_of(struct str name)
{
	enum { ENDING_MAX = 16 };
	for (size_t i = name.n; i > 0 && name.n - i <= ENDING_MAX; i--) {
		if (name.p[i - 1] == '.')
			return i - 1;
	}
	return name.n;
}

static struct str cut(struct arena *arena, struct str name, size_t max)
{
	size_t ending = ending_of(name), ending_n = name.n - ending, keep = max - ending_n;
	if (name.n <= max)
		return name;
	while (keep > 0 && ((unsigned char)name.p[keep] & 0xc0) == 0x80)
		keep--; /* not inside of a code point */
	return trimmed(str_from(arena_printf(arena, "%.*s%.*s", (int)keep, name.p, (int)ending_n, name.p + ending)));
}

const char *file_name_clean(struct arena *arena, const char *name, size_t n)
{
	struct buf *plain = made_plain(arena, without_folders((struct str){name, n}));
	struct str shown = trimmed((struct str){plain->n > 0 ? plain->p : "", plain->n});
	if (shown.n == 0)
		return "file";
	if (!is_device(shown)) {
		shown = cut(arena, shown, FILE_NAME_MAX);
		return arena_strndup(arena, shown.p, shown.n);
	}
	shown = cut(arena, shown, FILE_NAME_MAX - 1);
	return arena_printf(arena, "_%.*s", (int)shown.n, shown.p);
}

int64_t file_max_bytes(const struct config *config)
{
	return config_int(config, CONFIG_FILE_MAX_MB) * 1024 * 1024;
}

int64_t file_body_max_bytes(const struct config *config)
{
	enum { TEXTS_BYTES = 1024 * 1024 }; /* more than the texts beside the files may have */
	return file_max_bytes(config) * FILES_PER_MESSAGE_MAX + TEXTS_BYTES;
}

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

enum file_show file_show_of(const char *type)
{
	static const struct {
		const char *type;
		enum file_show show;
	} rows[] = {
	    {"image/png", FILE_PICTURE},     {"image/jpeg", FILE_PICTURE},        {"image/gif", FILE_PICTURE},
	    {"image/webp", FILE_PICTURE},    {"video/mp4", FILE_VIDEO},           {"video/webm", FILE_VIDEO},
	    {"audio/mpeg", FILE_AUDIO},      {"audio/ogg", FILE_AUDIO},           {"audio/wav", FILE_AUDIO},
	    {"audio/flac", FILE_AUDIO},      {"audio/mp4", FILE_AUDIO},           {"audio/webm", FILE_AUDIO},
	    {"application/pdf", FILE_PDF},   {"text/plain", FILE_TEXT},           {"text/csv", FILE_TEXT},
	    {"application/json", FILE_TEXT}, {"application/x-ndjson", FILE_TEXT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) == 0)
			return rows[i].show;
	}
	/* Source code; what a browser would take for a page has names without the "x-". */
	return begins_with(type, "text/x-") ? FILE_TEXT : FILE_DOWNLOAD;
}

/* One entry of a list of types: a type, or all of a kind as "image/ *" without the blank. */
static bool matches(struct str pattern, const char *type)
{
	if (pattern.n > 2 && memcmp(pattern.p + pattern.n - 2, "/*", 2) == 0)
		return strncmp(type, pattern.p, pattern.n - 1) == 0;
	return str_eq_text(pattern, type);
}

static bool is_listed(const char *list, const char *type)
{
	struct str one, rest = str_from(list);
	bool is_more = rest.n > 0;
	while (is_more) {
		is_more = str_cut(rest, ',', &one, &rest);
		if (matches(str_trim(one), type))
			return true;
	}
	return false;
}

bool file_type_is_taken(const struct config *config, const char *type)
{
	const char *allowed = config_text(config, CONFIG_ALLOWED_TYPES);
	return (allowed[0] == '\0' || is_listed(allowed, type)) &&
	       !is_listed(config_text(config, CONFIG_REFUSED_TYPES), type);
}
