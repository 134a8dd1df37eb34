/* Addresses of objects in an S3-compatible service: https://ENDPOINT/BUCKET/KEY, and the same signed in its query, so
 * that whoever has it may read the object for a while (AWS Signature Version 4, "Authenticating Requests: Using Query
 * Parameters"). Requests of our own are signed by libcurl (work/s3_program.c). */
#ifndef SNUG_HTTP_S3_H
#define SNUG_HTTP_S3_H

#include "base/arena.h"
#include "base/config.h"

#include <stdbool.h>
#include <stdint.h>

enum { S3_READ_S = 60 /* how long an address is good that downloads are sent to */ };

struct s3 {
	const char *endpoint; /* without a slash at its end; "" when files stay on this disk */
	const char *bucket, *region, *access_key, *secret_key;
	const char *public_url; /* where everybody reads the bucket; "" for signed addresses */
};

/* All but the secret key, from a configuration that was checked; borrows. */
void s3_read(const struct config *config, struct s3 *out);

bool s3_is_on(const struct s3 *s3);

/* The object's address for requests of our own. key is of [A-Za-z0-9/._-]. In the arena, as all here. */
const char *s3_url(struct arena *arena, const struct s3 *s3, const char *key);

/* How the service is to serve it. */
struct s3_reply {
	const char *type, *disposition;
};

/* The address that a download is sent to: good for S3_READ_S, or in the bucket that everybody reads. */
const char *s3_read_url(struct arena *arena, const struct s3 *s3, const char *key, const struct s3_reply *reply,
			int64_t now_ms);

/* The origin of those addresses, for pages that show what is there. */
const char *s3_read_origin(struct arena *arena, const struct s3 *s3);

#endif
