/* Asking snug-worker for a picture: the question is the side in pixels, with the upload as a sealed memfd; the answer's
 * memfd holds the WebP file. */
#include "front/picture.h"

#include "base/log.h"
#include "base/pass.h"
#include "crypto/secret.h"
#include "domain/picture/picture.h"
#include "front/ask_worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum err read_webp(int memory, struct arena *arena, const char **text)
{
	struct buf *webp = buf_in_arena(arena);
	bool is_read = memory >= 0 && pass_memfd_read(memory, PICTURE_MAX_BYTES, webp);
	if (memory >= 0)
		(void)close(memory);
	if (!is_read)
		return ERR_INTERNAL;
	char *encoded = arena_alloc(arena, PICTURE_TEXT_MAX + 4);
	(void)base64url_encode(webp->p, webp->n, encoded);
	*text = encoded;
	return ERR_OK;
}

enum err picture_encode(struct request *request, struct str bytes, int side, const char **text)
{
	char question[16];
	int answer;
	if (bytes.n == 0)
		return ERR_BAD_PICTURE;
	if (bytes.n > PICTURE_UPLOAD_MAX_BYTES)
		return ERR_TOO_LARGE;
	request_read_end(request);
	(void)snprintf(question, sizeof(question), "%d", side);
	int upload = pass_memfd("snug-upload", bytes.p, bytes.n);
	if (upload < 0) {
		log_event(LOG_WARN, "picture_not_asked", log_text("error", strerror(errno)));
		return ERR_OVERLOADED;
	}
	enum err err = ask_worker(request->app, question, upload, &answer);
	(void)close(upload);
	return err == ERR_OK ? read_webp(answer, request->arena, text) : err;
}

enum err picture_from_data_uri(struct arena *arena, struct str uri, struct str *bytes)
{
	struct str head, base64;
	if (uri.n > (size_t)PICTURE_UPLOAD_MAX_BYTES / 3 * 4 + 128)
		return ERR_TOO_LARGE;
	if (!str_cut(uri, ',', &head, &base64) || head.n < 12 || memcmp(head.p, "data:", 5) != 0 ||
	    memcmp(head.p + head.n - 7, ";base64", 7) != 0)
		return ERR_BAD_PICTURE;
	char *decoded = arena_alloc(arena, base64.n / 4 * 3 + 3);
	size_t n;
	if (!base64_decode(base64.p, base64.n, (unsigned char *)decoded, &n))
		return ERR_BAD_PICTURE;
	*bytes = (struct str){decoded, n};
	return n <= PICTURE_UPLOAD_MAX_BYTES ? ERR_OK : ERR_TOO_LARGE;
}
