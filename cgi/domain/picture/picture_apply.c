/* Changes of pictures. */
#include "crypto/secret.h"
#include "domain/picture/picture.h"

#include <string.h>

/* The front has had it encoded; here it is only made sure that nothing else is ever served as a picture. */
static bool is_webp(const unsigned char *bytes, size_t n)
{
	return n > 16 && n <= PICTURE_MAX_BYTES && memcmp(bytes, "RIFF", 4) == 0 &&
	       memcmp(bytes + 8, "WEBPVP8", 7) == 0;
}

enum err picture_put(struct apply *apply, const char *text, char hash[CONTENT_HASH_SIZE])
{
	size_t text_n = strlen(text), n;
	if (text_n > PICTURE_TEXT_MAX)
		return ERR_BAD_PICTURE;
	unsigned char *bytes = arena_alloc(apply->arena, text_n * 3 / 4 + 1);
	if (!base64url_decode(text, text_n, bytes, &n) || !is_webp(bytes, n))
		return ERR_BAD_PICTURE;
	content_hash(bytes, n, hash);
	return sql_run(apply->db, QUERY_PICTURE_INSERT, SQL_ARGS(sql_text(hash), sql_blob(bytes, n)), NULL);
}

enum err picture_release(struct apply *apply, const char *hash)
{
	if (hash == NULL)
		return ERR_OK;
	return sql_run(apply->db, QUERY_PICTURE_DELETE_UNUSED, SQL_ARGS(sql_text(hash)), NULL);
}
