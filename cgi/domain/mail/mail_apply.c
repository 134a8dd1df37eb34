/* A mail is a job whose payload says which, to whom and with what in it. */
#include "domain/job/job.h"
#include "domain/mail/mail.h"

enum err mail_add(struct apply *apply, enum mail_kind kind, const char *to, struct str data, int64_t expires_at_ms)
{
	if (!mail_is_on(apply->config))
		return ERR_OK;
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_text(&jw, "mail", mail_row(kind)->name);
	jw_text(&jw, "to", to);
	jw_int(&jw, "expires_at_ms", expires_at_ms);
	jw_raw(&jw, "data", data.p, data.n);
	jw_object_end(&jw);
	return job_add(apply, JOB_KIND_MAIL, (struct str){payload->p, payload->n}, apply->now_ms);
}
