#include "http/s3.h"

#include "base/buf.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "http/percent.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char algorithm[] = "AWS4-HMAC-SHA256";

void s3_read(const struct config *config, struct s3 *out)
{
	*out = (struct s3){
	    .endpoint = config_text(config, CONFIG_S3_ENDPOINT),
	    .bucket = config_text(config, CONFIG_S3_BUCKET),
	    .region = config_text(config, CONFIG_S3_REGION),
	    .access_key = config_text(config, CONFIG_S3_ACCESS_KEY),
	    .secret_key = "",
	    .public_url = config_text(config, CONFIG_FILES_PUBLIC_URL),
	};
}

bool s3_is_on(const struct s3 *s3)
{
	return s3->endpoint != NULL && s3->endpoint[0] != '\0';
}

const char *s3_url(struct arena *arena, const struct s3 *s3, const char *key)
{
	return arena_printf(arena, "%s/%s/%s", s3->endpoint, s3->bucket, key);
}

/* "https://host:port/path" without the scheme: the host as the Host header has it. */
static struct str host_of(const char *url)
{
	const char *host = strstr(url, "://");
	host = host != NULL ? host + 3 : url;
	return (struct str){host, strcspn(host, "/")};
}

const char *s3_read_origin(struct arena *arena, const struct s3 *s3)
{
	const char *url = s3->public_url[0] != '\0' ? s3->public_url : s3->endpoint;
	struct str host = host_of(url);
	return arena_printf(arena, "%.*s", (int)(host.p + host.n - url), url);
}

/* HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), "s3"), "aws4_request"). */
static void derive_key(const struct s3 *s3, const char *date, unsigned char out[SHA256_BYTES])
{
	char first[160];
	int n = snprintf(first, sizeof(first), "AWS4%s", s3->secret_key);
	hmac_sha256(first, (size_t)n < sizeof(first) ? (size_t)n : sizeof(first) - 1, date, strlen(date), out);
	hmac_sha256(out, SHA256_BYTES, s3->region, strlen(s3->region), out);
	hmac_sha256(out, SHA256_BYTES, "s3", 2, out);
	hmac_sha256(out, SHA256_BYTES, "aws4_request", 12, out);
	secret_wipe(first, sizeof(first));
}

struct moment {
	char date[16], time[32]; /* "20261231", "20261231T235959Z" */
};

static void moment_of(int64_t now_ms, struct moment *out)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm utc;
	(void)gmtime_r(&seconds, &utc);
	(void)strftime(out->date, sizeof(out->date), "%Y%m%d", &utc);
	(void)strftime(out->time, sizeof(out->time), "%Y%m%dT%H%M%SZ", &utc);
}

static void put_parameter(struct buf *query, const char *name, const char *value)
{
	buf_puts(query, query->n > 0 ? "&" : "");
	buf_puts(query, name);
	buf_putc(query, '=');
	percent_encode(query, str_from(value));
}

/* Its parameters in the order of their names, as the signature has them. */
static struct buf *query_of(struct arena *arena, const struct s3 *s3, const struct s3_reply *reply,
			    const struct moment *moment, const char *scope)
{
	struct buf *query = buf_in_arena(arena);
	put_parameter(query, "X-Amz-Algorithm", algorithm);
	put_parameter(query, "X-Amz-Credential", arena_printf(arena, "%s/%s", s3->access_key, scope));
	put_parameter(query, "X-Amz-Date", moment->time);
	put_parameter(query, "X-Amz-Expires", arena_printf(arena, "%d", S3_READ_S));
	put_parameter(query, "X-Amz-SignedHeaders", "host");
	if (reply != NULL) {
		put_parameter(query, "response-content-disposition", reply->disposition);
		put_parameter(query, "response-content-type", reply->type);
	}
	return query;
}

const char *s3_read_url(struct arena *arena, const struct s3 *s3, const char *key, const struct s3_reply *reply,
			int64_t now_ms)
{
	struct moment moment;
	unsigned char signature[SHA256_BYTES];
	char hashed[SHA256_HEX_SIZE], hex[SHA256_HEX_SIZE];
	if (s3->public_url[0] != '\0')
		return arena_printf(arena, "%s/%s", s3->public_url, key);
	const char *url = s3_url(arena, s3, key);
	struct str host = host_of(url);
	moment_of(now_ms, &moment);
	const char *scope = arena_printf(arena, "%s/%s/s3/aws4_request", moment.date, s3->region);
	struct buf *query = query_of(arena, s3, reply, &moment, scope);
	const char *canonical = arena_printf(arena, "GET\n%s\n%s\nhost:%.*s\n\nhost\nUNSIGNED-PAYLOAD", host.p + host.n,
					     query->p, (int)host.n, host.p);
	sha256_hex(canonical, strlen(canonical), hashed);
	const char *to_sign = arena_printf(arena, "%s\n%s\n%s\n%s", algorithm, moment.time, scope, hashed);
	derive_key(s3, moment.date, signature);
	hmac_sha256(signature, sizeof(signature), to_sign, strlen(to_sign), signature);
	sha256_to_hex(signature, hex);
	return arena_printf(arena, "%s?%s&X-Amz-Signature=%s", url, query->p, hex);
}
