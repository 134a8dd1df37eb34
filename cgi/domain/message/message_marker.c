#include "domain/message/message_marker.h"

#include "base/id.h"
#include "base/str.h"
#include "domain/message/message_json.h"

#include <string.h>

void message_marker_write(struct jw *jw, int64_t channel_id, int64_t message_id)
{
	char text[2 * ID_TEXT_SIZE + 3], id[ID_TEXT_SIZE];
	size_t n = 0;
	text[n++] = MESSAGE_MARKER;
	id_format(channel_id, id);
	memcpy(text + n, id, strlen(id));
	n += strlen(id);
	text[n++] = '/';
	id_format(message_id, id);
	memcpy(text + n, id, strlen(id));
	n += strlen(id);
	text[n++] = MESSAGE_MARKER;
	jw_raw(jw, "referenced_message", text, n);
}

/* What stands between the two bytes of a marker. */
static bool parse(const char *p, size_t n, struct message_at *out)
{
	const char *slash = memchr(p, '/', n);
	*out = (struct message_at){0};
	return slash != NULL && id_parse(p, (size_t)(slash - p), &out->channel_id) &&
	       id_parse(slash + 1, n - (size_t)(slash - p) - 1, &out->message_id);
}

static enum err write_one(struct sql *db, const char *p, size_t n, bool reads_history, struct buf *out)
{
	struct message_at at;
	struct jw jw;
	jw_init(&jw, out);
	if (reads_history && parse(p, n, &at))
		return message_referenced_to_json(db, &jw, NULL, at);
	jw_null(&jw, NULL);
	return ERR_OK;
}

bool message_marker_is_in(const char *payload, size_t n)
{
	return n > 0 && memchr(payload, MESSAGE_MARKER, n) != NULL;
}

/* The next marker of the text from p to end: *inner is what stands between its two bytes. False when there is none. */
static bool next_marker(const char *p, const char *end, struct str *inner)
{
	const char *opening = p < end ? memchr(p, MESSAGE_MARKER, (size_t)(end - p)) : NULL;
	const char *closing = opening != NULL ? memchr(opening + 1, MESSAGE_MARKER, (size_t)(end - opening) - 1) : NULL;
	if (closing == NULL)
		return false;
	*inner = (struct str){opening + 1, (size_t)(closing - opening) - 1};
	return true;
}

bool message_marker_names(const char *payload, size_t n, int64_t message_id)
{
	struct message_at at;
	struct str inner;
	for (const char *p = payload; next_marker(p, payload + n, &inner); p = inner.p + inner.n + 1) {
		if (parse(inner.p, inner.n, &at) && at.message_id == message_id)
			return true;
	}
	return false;
}

enum err message_marker_expand(struct sql *db, const char *payload, size_t n, bool reads_history, struct buf *out)
{
	const char *end = payload + n;
	struct str inner;
	while (next_marker(payload, end, &inner)) {
		buf_put(out, payload, (size_t)(inner.p - 1 - payload));
		TRY(write_one(db, inner.p, inner.n, reads_history, out));
		payload = inner.p + inner.n + 1;
	}
	buf_put(out, payload, (size_t)(end - payload));
	return ERR_OK;
}
