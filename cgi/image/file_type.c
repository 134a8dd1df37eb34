#include "image/file_type.h"

#include "image/image.h"

#include <magic.h>
#include <stdio.h>
#include <string.h>

/* Types are told by the beginning; a longer look costs time and finds no more. */
enum { LOOKED_AT_BYTES = 256 * 1024 };

static magic_t cookie; /* of this process, which looks at one file */

bool file_type_open(void)
{
	/* Nothing that unpacks what it finds, and no second opinions beside the type. */
	const int flags =
	    MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TOKENS;
	cookie = magic_open(flags);
	return cookie != NULL && magic_load(cookie, NULL) == 0;
}

/* Names that libmagic has for what browsers call otherwise. */
static const char *common_name(const char *type)
{
	static const struct {
		const char *name, *common;
	} rows[] = {
	    {"audio/x-wav", "audio/wav"},   {"audio/x-flac", "audio/flac"},   {"audio/x-m4a", "audio/mp4"},
	    {"audio/x-mp3", "audio/mpeg"},  {"application/ogg", "audio/ogg"}, {"video/x-m4v", "video/mp4"},
	    {"image/x-png", "image/png"},   {"application/csv", "text/csv"},  {"text/x-csv", "text/csv"},
	    {"text/x-html", "text/html"},   {"text/x-xml", "text/xml"},       {"inode/x-empty", "text/plain"},
	    {"image/svg", "image/svg+xml"}, {"text/x-svg", "image/svg+xml"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, type) == 0)
			return rows[i].common;
	}
	return type;
}

/* What is a picture to us is one that our decoders know by its first bytes: libmagic asks for less. */
static bool is_lie(struct str file, const char *type)
{
	static const char *const pictures[] = {[IMAGE_PNG] = "image/png",
					       [IMAGE_JPEG] = "image/jpeg",
					       [IMAGE_GIF] = "image/gif",
					       [IMAGE_WEBP] = "image/webp"};
	enum image_format format = image_format_of(file);
	for (int i = IMAGE_PNG; i <= IMAGE_WEBP; i++) {
		if (strcmp(pictures[i], type) == 0)
			return (int)format != i;
	}
	return false;
}

static bool is_name(const char *type)
{
	size_t n = strlen(type);
	return n > 0 && n < FILE_TYPE_SIZE && strchr(type, '/') != NULL &&
	       strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789/.+-_") == n;
}

void file_type_of(struct str file, char out[FILE_TYPE_SIZE])
{
	size_t n = file.n < LOOKED_AT_BYTES ? file.n : LOOKED_AT_BYTES;
	const char *found = magic_buffer(cookie, file.p, n);
	const char *type = found != NULL ? common_name(found) : "";
	if (!is_name(type) || is_lie(file, type))
		type = "application/octet-stream";
	(void)snprintf(out, FILE_TYPE_SIZE, "%.*s", FILE_TYPE_SIZE - 1, type);
}
