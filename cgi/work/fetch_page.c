#include "work/fetch_page.h"

#include "base/clock.h"
#include "http/public_address.h"
#include "work/fetch_program.h"
#include "work/outside.h"

#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { URL_MAX = 2048, STATUS_OK = 200 };

/* One address of the way: where it leads, and to which sockets alone. */
struct target {
	const char *url, *host, *port; /* in the arena */
	struct addrinfo *addresses;    /* all of them good */
	bool is_allowed;               /* by configuration: on any port */
};

struct transfer {
	struct arena *arena;
	const char *allow;
	int64_t deadline_ms;
	const struct target *target;
	struct buf *body;
	size_t look_at; /* bytes: the next look whether the head has ended */
	bool is_page, is_whole;
};

/* Strings of libcurl's, copied. */
static const char *part_of(struct arena *arena, CURLU *parts, CURLUPart part, unsigned flags)
{
	char *text = NULL;
	if (curl_url_get(parts, part, &text, flags) != CURLUE_OK)
		return NULL;
	const char *copy = arena_strdup(arena, text);
	curl_free(text);
	return copy;
}

/* What may be asked, by its form alone. base is what a relative redirect is relative to, or NULL. */
static bool read_url(struct arena *arena, const char *base, const char *url, struct target *out)
{
	CURLU *parts = curl_url();
	*out = (struct target){.url = NULL};
	bool is_good = parts != NULL && (base == NULL || curl_url_set(parts, CURLUPART_URL, base, 0) == CURLUE_OK) &&
		       curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		       curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK;
	if (is_good) {
		const char *scheme = part_of(arena, parts, CURLUPART_SCHEME, 0);
		out->host = part_of(arena, parts, CURLUPART_HOST, 0);
		out->port = part_of(arena, parts, CURLUPART_PORT, CURLU_DEFAULT_PORT);
		out->url = part_of(arena, parts, CURLUPART_URL, 0);
		is_good = scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
			  out->host != NULL && out->host[0] != '\0' && out->port != NULL && out->url != NULL &&
			  strlen(out->url) <= URL_MAX && part_of(arena, parts, CURLUPART_USER, 0) == NULL &&
			  part_of(arena, parts, CURLUPART_PASSWORD, 0) == NULL &&
			  part_of(arena, parts, CURLUPART_ZONEID, 0) == NULL;
	}
	curl_url_cleanup(parts);
	return is_good;
}

/* Every address must be good, and not only the first: who mixes them means no good. */
static bool resolve(struct transfer *transfer, struct target *target)
{
	const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
	size_t n = strlen(target->host);
	const char *host = target->host;
	if (host[0] == '[' && host[n - 1] == ']')
		host = arena_strndup(transfer->arena, host + 1, n - 2);
	if (getaddrinfo(host, target->port, &wanted, &target->addresses) != 0)
		return false;
	bool is_good = target->addresses != NULL;
	target->is_allowed = is_good;
	for (const struct addrinfo *each = target->addresses; each != NULL; each = each->ai_next) {
		bool is_allowed = public_address_is_in(each->ai_addr, transfer->allow);
		is_good = is_good && (is_allowed || public_address_is(each->ai_addr));
		target->is_allowed = target->is_allowed && is_allowed;
	}
	bool is_usual = strcmp(target->port, "80") == 0 || strcmp(target->port, "443") == 0;
	return is_good && (is_usual || target->is_allowed);
}

static bool is_same(const struct sockaddr *a, const struct sockaddr *b)
{
	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET) {
		const struct sockaddr_in *left = (const void *)a, *right = (const void *)b;
		return left->sin_port == right->sin_port && left->sin_addr.s_addr == right->sin_addr.s_addr;
	}
	const struct sockaddr_in6 *left = (const void *)a, *right = (const void *)b;
	return a->sa_family == AF_INET6 && left->sin6_port == right->sin6_port &&
	       memcmp(&left->sin6_addr, &right->sin6_addr, sizeof(left->sin6_addr)) == 0;
}

/* The last word on where a connection goes, whatever libcurl made of the name. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct transfer *transfer = context;
	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	for (const struct addrinfo *each = transfer->target->addresses; each != NULL; each = each->ai_next) {
		if (is_same(each->ai_addr, &address->addr))
			return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	}
	return CURL_SOCKET_BAD;
}

static bool is_html(const char *content_type)
{
	static const char *const types[] = {"text/html", "application/xhtml+xml"};
	struct str type, ignored;
	if (content_type == NULL)
		return false;
	(void)str_cut(str_from(content_type), ';', &type, &ignored);
	type = str_trim(type);
	return str_eq_nocase(type, str_from(types[0])) || str_eq_nocase(type, str_from(types[1]));
}

/* A short count ends the transfer. The head is looked for at lengths that grow by a quarter, so that all looks together
 * cost a few times one. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t n = size * count;
	if (!transfer->is_page)
		return 0;
	if (transfer->body->n + n > FETCH_PAGE_MAX_BYTES)
		return 0;
	buf_put(transfer->body, bytes, n);
	if (transfer->body->n < transfer->look_at)
		return n;
	transfer->look_at = transfer->body->n + transfer->body->n / 4 + 4096;
	transfer->is_whole = page_head_is_whole((struct str){transfer->body->p, transfer->body->n});
	return transfer->is_whole ? 0 : n;
}

/* At the end of the headers, whether there will be a page. */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
	CURL *curl = context;
	struct transfer *transfer = NULL;
	char *type = NULL;
	long status = 0;
	(void)line;
	if (size * count <= 2 && curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&transfer) == CURLE_OK &&
	    transfer != NULL && curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
	    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK)
		transfer->is_page = status == STATUS_OK && is_html(type);
	return size * count;
}

/* A setting that libcurl refuses would be left out silently: then nothing is asked. */
static bool set_up(CURL *curl, struct transfer *transfer, struct curl_slist *pinned, struct curl_slist *headers)
{
	long left_ms = (long)(transfer->deadline_ms - clock_monotonic_ms());
	return left_ms > 0 && pinned != NULL && headers != NULL &&
	       curl_easy_setopt(curl, CURLOPT_URL, transfer->target->url) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_RESOLVE, pinned) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "Snug/1 (link preview)") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, curl) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left_ms) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

/* What one request came to. *location is where it sends on, in the arena, or NULL. */
static bool ask(struct transfer *transfer, struct fetched_page *out, const char **location)
{
	CURL *curl = curl_easy_init();
	const struct target *target = transfer->target;
	struct curl_slist *pinned = outside_pin(transfer->arena, target->host, target->port, target->addresses);
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: text/html");
	bool is_got = false;
	char *type = NULL, *next = NULL;
	long status = 0;
	*location = NULL;
	buf_clear(transfer->body);
	transfer->look_at = 0;
	transfer->is_page = transfer->is_whole = false;
	if (curl != NULL && set_up(curl, transfer, pinned, headers)) {
		CURLcode code = curl_easy_perform(curl);
		bool is_cut = code == CURLE_WRITE_ERROR && transfer->is_whole;
		(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
		(void)curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next);
		if (status >= 300 && status < 400 && next != NULL)
			*location = arena_strdup(transfer->arena, next);
		else
			is_got = (code == CURLE_OK || is_cut) && transfer->is_page && transfer->body->n > 0;
		page_head_type_charset(str_from(type), out->charset);
	}
	curl_easy_cleanup(curl);
	curl_slist_free_all(pinned);
	curl_slist_free_all(headers);
	return is_got;
}

bool fetch_page(struct arena *arena, const char *url, const char *allow, struct fetched_page *out)
{
	struct transfer transfer = {.arena = arena,
				    .allow = allow,
				    .deadline_ms = clock_monotonic_ms() + FETCH_ALL_MS,
				    .body = buf_in_arena(arena)};
	const char *base = NULL, *location = url;
	bool is_got = false;
	*out = (struct fetched_page){.html = transfer.body};
	for (int i = 0; i <= FETCH_REDIRECTS_MAX && location != NULL; i++) {
		struct target target;
		if (!read_url(arena, base, location, &target))
			return false;
		bool is_good = resolve(&transfer, &target);
		transfer.target = &target;
		base = target.url;
		location = NULL;
		if (is_good)
			is_got = ask(&transfer, out, &location);
		if (target.addresses != NULL)
			freeaddrinfo(target.addresses);
		if (!is_good)
			return false;
	}
	out->url = base;
	return location == NULL && is_got;
}
