/* The values of single headers (Cookie, Content-Type, Authorization, Accept, Origin): the first byte of the input
 * chooses the parser. What is found lies inside the value, and an origin that is accepted comes back from its own text.
 */
#include "base/ensure.h"
#include "http/accept.h"
#include "http/authorization.h"
#include "http/cookie.h"
#include "http/media_type.h"
#include "http/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lies_inside(struct str value, struct str part)
{
	ensure(part.n == 0 || (part.p >= value.p && part.p + part.n <= value.p + value.n));
}

static void check_cookie(struct str value)
{
	struct str found;

	if (cookie_find(value, "s", &found))
		lies_inside(value, found);
	else
		ensure(found.n == 0);
}

static void check_media_type(struct str value)
{
	struct media_type type;

	if (media_type_parse(value, &type) == ERR_OK) {
		lies_inside(value, type.essence);
		lies_inside(value, type.charset);
		lies_inside(value, type.boundary);
		ensure(memchr(type.essence.p, '/', type.essence.n) != NULL);
	}
}

static void check_authorization(struct str value)
{
	struct str token;
	enum authorization_scheme scheme = authorization_parse(value, &token);

	lies_inside(value, token);
	ensure((token.n > 0) == (scheme == AUTHORIZATION_BEARER || scheme == AUTHORIZATION_BOT));
	ensure(token.n <= AUTHORIZATION_TOKEN_MAX);
}

static void check_accept(struct str value)
{
	struct str head, tail;

	/* Only the type itself, without a comma before it, can be the reason. */
	if (accept_names(value, "text/html"))
		ensure(value.n >= sizeof("text/html") - 1);
	else if (!str_cut(value, ',', &head, &tail) && !str_cut(value, ';', &head, &tail))
		ensure(!str_eq(value, STR("text/html")));
}

static void check_origin(struct str value)
{
	struct origin origin, again;
	char text[ORIGIN_HOST_MAX + 32];

	if (origin_parse(value, &origin) != ERR_OK)
		return;
	snprintf(text, sizeof(text), "%s://%s:%u", origin.is_https ? "https" : "http", origin.host,
		 (unsigned)origin.port);
	ensure(origin_parse_header(str_from(text), &again) == ERR_OK);
	ensure(origin_equal(&origin, &again));
	ensure(strpbrk(origin.host, "/?#@\\ ") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(struct str) = {check_cookie, check_media_type, check_authorization, check_accept,
						     check_origin};
	char *p;

	if (size == 0)
		return 0;
	p = ensure_malloc(size);
	memcpy(p, data + 1, size - 1);
	checks[data[0] % (sizeof(checks) / sizeof(checks[0]))]((struct str){p, size - 1});
	free(p);
	return 0;
}
