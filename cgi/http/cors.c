/* Cross-origin resource sharing: see cors.h. */
#include "http/cors.h"

#include <string.h>

/* What a script may set besides what it always may. */
static const char request_headers[] = "Authorization, Content-Type, Last-Event-ID, X-Audit-Log-Reason, "
				      "X-RateLimit-Precision";

/* What a script may read besides what it always may. */
static const char response_headers[] =
    "Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Reset-After, "
    "X-RateLimit-Bucket, X-RateLimit-Scope, X-RateLimit-Global, X-Request-Id";

static const char max_age_s[] = "7200"; /* the longest that all browsers keep a preflight for */

static const char *add(struct cors *cors, struct str one)
{
	size_t i = cors->count;

	if (i == CORS_ORIGINS_MAX)
		return "is one more than there can be";
	if (origin_parse_header(one, &cors->allowed[i].origin) != ERR_OK)
		return "is not of the form https://app.example.org";
	origin_format(&cors->allowed[i].origin, cors->allowed[i].text);
	cors->count++;
	return NULL;
}

enum err cors_parse(const char *list, struct cors *out, struct str *bad, const char **why)
{
	struct str rest = str_trim(str_from(list));
	bool is_more = rest.n > 0;

	memset(out, 0, sizeof(*out));
	*bad = rest;
	*why = NULL;
	if (str_eq_text(rest, "*")) {
		out->is_any = true;
		return ERR_OK;
	}
	while (is_more) {
		is_more = str_cut(rest, ',', bad, &rest);
		*bad = str_trim(*bad);
		*why = str_eq_text(*bad, "*") ? "is for any origin, and so stands alone" : add(out, *bad);
		if (*why != NULL)
			return ERR_INVALID_FORM;
	}
	return ERR_OK;
}

const char *cors_find(const struct cors *cors, struct str text)
{
	struct origin origin;

	if (cors->is_any)
		return "*";
	if (text.n == 0 || origin_parse_header(text, &origin) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < cors->count; i++) {
		if (origin_equal(&origin, &cors->allowed[i].origin))
			return cors->allowed[i].text;
	}
	return NULL;
}

static size_t put(struct cors_header *out, size_t n, const char *name, const char *value)
{
	out[n] = (struct cors_header){name, value};
	return n + 1;
}

/* Who may read the reply. With a list it is another one for each origin, and a cache has to know. */
static size_t put_allowed(const struct cors *cors, struct str origin, struct cors_header *out, bool *is_allowed)
{
	const char *allowed = cors_find(cors, origin);
	size_t n = 0;

	*is_allowed = allowed != NULL;
	if (cors->count > 0)
		n = put(out, n, "Vary", "Origin");
	if (!*is_allowed)
		return n;
	n = put(out, n, "Access-Control-Allow-Origin", allowed);
	return cors->is_any ? n : put(out, n, "Access-Control-Allow-Credentials", "true");
}

size_t cors_headers(const struct cors *cors, struct str origin, struct cors_header out[CORS_HEADERS_MAX])
{
	bool is_allowed;
	size_t n = put_allowed(cors, origin, out, &is_allowed);

	return is_allowed ? put(out, n, "Access-Control-Expose-Headers", response_headers) : n;
}

size_t cors_preflight_headers(const struct cors *cors, struct str origin, const char *methods,
			      struct cors_header out[CORS_HEADERS_MAX])
{
	bool is_allowed;
	size_t n = put_allowed(cors, origin, out, &is_allowed);

	if (!is_allowed)
		return n;
	n = put(out, n, "Access-Control-Allow-Methods", methods);
	n = put(out, n, "Access-Control-Allow-Headers", request_headers);
	return put(out, n, "Access-Control-Max-Age", max_age_s);
}
