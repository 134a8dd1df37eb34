/* Both ends of the socket of signals: see signal.h. */
#include "front/signal.h"

#include "base/buf.h"
#include "base/field.h"
#include "json/field_decode.h"
#include "json/jw.h"
#include "json/view.h"

#include <string.h>
#include <sys/socket.h>

struct signal_input {
	struct field_set set;
	const char *kind;
	int64_t channel_id, user_id, at_ms;
};

static const struct field signal_fields[] = {
    {.name = "kind",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .max = 16,
     .offset = offsetof(struct signal_input, kind)},
    {.name = "channel_id",
     .type = FIELD_ID,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct signal_input, channel_id)},
    {.name = "user_id", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct signal_input, user_id)},
    {.name = "at_ms",
     .type = FIELD_INT,
     .flags = FIELD_REQUIRED,
     .min = 1,
     .max = INT64_MAX,
     .offset = offsetof(struct signal_input, at_ms)},
    {0}};

static const char *const kinds[] = {[SIGNAL_TYPING] = "typing"};

bool signal_send(int fd, const struct signal *signal)
{
	struct buf text;
	struct jw jw;

	if (fd <= 0)
		return false;
	buf_init(&text);
	jw_init(&jw, &text);
	jw_object(&jw, NULL);
	jw_text(&jw, "kind", kinds[signal->kind]);
	jw_id(&jw, "channel_id", signal->channel_id);
	jw_id(&jw, "user_id", signal->user_id);
	jw_int(&jw, "at_ms", signal->at_ms);
	jw_object_end(&jw);
	bool is_sent = send(fd, text.p, text.n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)text.n;
	buf_free(&text);
	return is_sent;
}

static enum err kind_find(const char *name, enum signal_kind *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i], name) == 0) {
			*kind = (enum signal_kind)i;
			return ERR_OK;
		}
	}
	return ERR_BAD_JSON;
}

enum err signal_parse(struct arena *arena, const char *text, size_t n, struct signal *out)
{
	struct signal_input input;
	struct field_errors errors;
	struct view *view;

	if (n > SIGNAL_BYTES_MAX || view_parse_peer(arena, text, n, &view) != ERR_OK ||
	    field_decode(arena, signal_fields, view, false, &input, &errors) != ERR_OK)
		return ERR_BAD_JSON;
	*out = (struct signal){.channel_id = input.channel_id, .user_id = input.user_id, .at_ms = input.at_ms};
	return kind_find(input.kind, &out->kind);
}
