/* What the children share that speak to servers out there: snug-mail, snug-s3, snug-fetch. */
#ifndef SNUG_WORK_OUTSIDE_H
#define SNUG_WORK_OUTSIDE_H

#include "base/arena.h"
#include "json/json.h"

#include <curl/curl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads the question: a JSON object, which stdin is as memory without a name. */
bool outside_question(struct arena *arena, size_t max_bytes, json_t **question);

/* From now on this process opens what resolvers, TLS libraries and iconv read and nothing else; the data folder is not
 * among it. more is one file beside that, or NULL. */
bool outside_confine(const char *more);

/* What CURLOPT_RESOLVE takes, so that libcurl asks nobody where a host is; the caller frees it. NULL out of memory. */
struct curl_slist *outside_pin(struct arena *arena, const char *host, const char *port,
			       const struct addrinfo *addresses);

/* Resolves the host of an address, for which libcurl would start a thread. *pinned stays NULL where the host is an
 * address itself. False where the name leads nowhere. */
bool outside_resolve(struct arena *arena, const char *url, struct curl_slist **pinned);

#endif
