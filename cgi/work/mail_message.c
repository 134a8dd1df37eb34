#include "work/mail_message.h"

#include "base/id.h"
#include "domain/mail/mail.h"
#include "http/origin.h"
#include "text/mime.h"
#include "json/view.h"

#include <stdio.h>
#include <string.h>

static enum err fail(const char **why, const char *text)
{
	*why = text;
	return ERR_BAD_REQUEST;
}

/* The host of public_url as a domain; an address in brackets is none. */
static const char *domain_of(const struct origin *origin)
{
	return origin->host[0] == '[' ? "localhost" : origin->host;
}

static enum err render(struct arena *arena, struct tmpl_set *templates, enum mail_kind kind, const char *version,
		       const struct view *data, struct str *out)
{
	struct buf *buf = buf_in_arena(arena);
	TRY(tmpl_render(templates, arena_printf(arena, "mail/%s_%s", mail_row(kind)->name, version), data, TMPL_LENIENT,
			buf));
	*out = (struct str){buf->p, buf->n};
	return ERR_OK;
}

static const char *text_copy(struct arena *arena, const struct view *object, const char *name)
{
	struct str text = view_text(object, name);
	return arena_strndup(arena, text.p, text.n);
}

enum err mail_message_make(struct arena *arena, struct tmpl_set *templates, const struct config *config, int64_t job_id,
			   const char *payload, struct mail_message *out, const char **why)
{
	struct view *root;
	struct origin origin;
	const char *public_url = config_text(config, CONFIG_PUBLIC_URL);
	const char *set_from = config_text(config, CONFIG_MAIL_FROM);
	*why = NULL;
	if (view_parse(arena, payload, strlen(payload), &root) != ERR_OK)
		return fail(why, "the job's payload is malformed");
	enum mail_kind kind = mail_kind_from_name(text_copy(arena, root, "mail"));
	struct view *data = view_find(root, "data");
	if (kind == MAIL_COUNT || !view_is_object(data))
		return fail(why, "no such mail is known");
	if (origin_parse(str_from(public_url), &origin) != ERR_OK)
		return fail(why, "public_url is malformed");
	view_put_text(arena, data, "server_url", str_from(public_url));
	view_put_text(arena, data, "server_name", str_from(origin.host));
	view_put_text(arena, data, "subject", str_from(mail_row(kind)->subject));

	char id[ID_TEXT_SIZE];
	id_format(job_id, id);
	struct mime_mail mail = {
	    .from_name = "Snug",
	    .from = set_from[0] != '\0' ? set_from : arena_printf(arena, "snug@%s", domain_of(&origin)),
	    .to = text_copy(arena, root, "to"),
	    .subject = mail_row(kind)->subject,
	    .id = arena_printf(arena, "snug%s", id),
	    .domain = domain_of(&origin),
	    .sent_at_ms = id_created_at_ms(job_id),
	};
	if (render(arena, templates, kind, "text", data, &mail.text) != ERR_OK ||
	    render(arena, templates, kind, "html", data, &mail.html) != ERR_OK)
		return fail(why, "its template cannot be rendered");
	*out = (struct mail_message){mail.from, mail.to, buf_in_arena(arena), view_int(root, "expires_at_ms")};
	if (mime_write(&mail, out->content) != ERR_OK)
		return fail(why, "its sender or recipient is no address that mail servers take");
	return ERR_OK;
}
