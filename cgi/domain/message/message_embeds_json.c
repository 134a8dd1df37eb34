/* Embeds as they are shown: "attachment://NAME" stands in the database, and becomes the address of the message's file
 * of that name each time it is read, so that a forward's embeds show the forward's own files. */
#include "base/str.h"
#include "domain/file/file.h"
#include "domain/message/message_embeds.h"
#include "domain/message/message_json.h"

#include <string.h>

/* As a member's value begins; in a longer text the quote has a backslash before it. */
static const char scheme[] = ":\"attachment://";
enum { SCHEME_N = sizeof(scheme) - 1 };

/* Appends the address of that file, or what stood there: quoted is it, from quote to quote. */
static enum err put_address(struct sql *db, struct buf *out, int64_t message_id, struct str quoted)
{
	char name[EMBED_URL_MAX + 1];
	struct file_address address = {.name = name};
	struct sql_stmt *stmt;
	struct jw jw;
	size_t n = quoted.n - SCHEME_N; /* the colon, which it lacks, is as long as the second quote */
	if (n >= sizeof(name)) {
		buf_put(out, quoted.p, quoted.n);
		return ERR_OK;
	}
	memcpy(name, quoted.p + SCHEME_N - 1, n);
	name[n] = '\0';
	TRY(sql_start(db, QUERY_MESSAGE_FIND_ATTACHMENT, SQL_ARGS(sql_id(message_id), sql_text(name)), &stmt));
	if (sql_step(stmt)) {
		address.attachment_id = sql_column_int(stmt, 0);
		address.channel_id = sql_column_int(stmt, 1);
		jw_init(&jw, out);
		file_url_write(&jw, NULL, &address);
	} else {
		buf_put(out, quoted.p, quoted.n);
	}
	return sql_finish(stmt);
}

static enum err put_embed(struct sql *db, struct buf *out, int64_t message_id, struct str embed)
{
	const char *at = embed.p, *end = embed.p + embed.n, *found, *closing;
	while ((found = memmem(at, (size_t)(end - at), scheme, SCHEME_N)) != NULL &&
	       (closing = memchr(found + SCHEME_N, '"', (size_t)(end - found) - SCHEME_N)) != NULL) {
		buf_put(out, at, (size_t)(found + 1 - at));
		TRY(put_address(db, out, message_id, (struct str){found + 1, (size_t)(closing - found)}));
		at = closing + 1;
	}
	buf_put(out, at, (size_t)(end - at));
	return ERR_OK;
}

static enum err write_embed(struct sql *db, struct jw *jw, int64_t message_id, struct str embed)
{
	struct buf out;
	if (memmem(embed.p, embed.n, scheme, SCHEME_N) == NULL) {
		jw_raw(jw, NULL, embed.p, embed.n);
		return ERR_OK;
	}
	buf_init(&out);
	enum err e = put_embed(db, &out, message_id, embed);
	if (e == ERR_OK)
		jw_raw(jw, NULL, out.p, out.n);
	buf_free(&out);
	return e;
}

enum err message_embeds_to_json(struct sql *db, struct jw *jw, const struct message_beside *of)
{
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	jw_array(jw, "embeds");
	if ((of->parts & MESSAGE_HAS_EMBEDS) && !(of->flags & MESSAGE_FLAG_SUPPRESS_EMBEDS)) {
		TRY(sql_start(db, QUERY_MESSAGE_LIST_EMBEDS, SQL_ARGS(sql_id(of->message_id)), &stmt));
		while (e == ERR_OK && sql_step(stmt)) {
			size_t n;
			const char *embed = sql_column_borrow(stmt, 0, &n);
			e = write_embed(db, jw, of->message_id, (struct str){embed, n});
		}
		enum err end = sql_finish(stmt);
		e = end != ERR_OK ? end : e;
	}
	jw_array_end(jw);
	return e;
}
