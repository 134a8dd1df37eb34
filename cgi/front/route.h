/* Routes as rows: each carries everything that has to hold before its handler runs.
 *
 *   {"POST", "/channels/{guild}/{channel}/messages", message_post, .credential = ROUTE_REQUIRED, .loads =
 * ROUTE_CHANNEL, .permissions = PERM_SEND_MESSAGES, .bucket = "message", ROUTE_INPUT(message_create)},
 *
 * A pattern's segments are literal or one of {guild} {channel} {message} {user} {target} {role} {token} {code} (struct
 * request_path). A segment of the path is compared after percent-decoding, so that %40me is @me. An id that is no
 * snowflake matches nothing: 404. Of several rows that match, the first wins, so "/users/@me" stands before
 * "/users/{user}". HEAD is answered by the row for GET. In patterns /api/v1 stands for /api/v9, /api/v10 and /api too.
 */
#ifndef SNUG_FRONT_ROUTE_H
#define SNUG_FRONT_ROUTE_H

#include "front/front.h"

enum route_credential {
	ROUTE_PUBLIC,   /* who is asking is not even looked up */
	ROUTE_OPTIONAL, /* looked up; nobody is fine */
	ROUTE_REQUIRED, /* nobody is a 401, in snug-web a redirect to /login */
};

enum route_loads {
	ROUTE_NOTHING,
	ROUTE_GUILD,   /* {guild}: the caller is a member with the row's permissions, else 404 or 403 */
	ROUTE_CHANNEL, /* {channel}: the caller may view it and has the row's permissions; if {guild} is there, it is
			  its */
};

enum route_flag {
	ROUTE_PASSWORD = 1,    /* hashes a password: only the password pool serves it */
	ROUTE_NO_DATABASE = 2, /* answers without the database */
	ROUTE_UNLIMITED = 4,   /* has no rate limit at all: for those who watch over the server */
	ROUTE_PERSON = 8,      /* for people alone: a bot gets a 403 */
	ROUTE_BODY = 16,       /* a DELETE whose body is read: that of others counts for nothing */
	ROUTE_LIST = 32,       /* the body is an array: it becomes the member `items` of the input */
	ROUTE_PICTURE = 64,    /* the body may hold a picture: a form with a file, or long JSON (front/upload.h) */
	ROUTE_FILES = 512,     /* a multipart body may bring files that hang on a message (front/file_upload.h) */
	ROUTE_ADMIN = 256,     /* for those who administer the server as a whole */
	ROUTE_REPEATS = 1024, /* a name may stand in the query several times: the handler reads request->query itself */
	ROUTE_LOGIN =
	    128, /* for who has logged in: a personal token is not enough (with ROUTE_PERSON no bot's either) */
	/* One op and nothing else, sent so often that the store's word is enough: the permissions of the row are not
	 * looked up before it. */
	ROUTE_STORE_DECIDES = 2048,
};

struct route {
	const char *method;
	const char *pattern;
	front_handler *handler;
	enum route_credential credential;
	enum route_loads loads;
	uint64_t permissions;
	const char *bucket; /* rate limit, of front/limit.def; NULL: only what holds for all requests */
	unsigned flags;
	/* What the body (of GET: the query) is decoded into. Members of the path are added to it under the names
	 * guild_id, channel_id, message_id, user_id, target_id, role_id, token_id, session_id, scheduled_id, emoji_id,
	 * answer_id, code and emoji, whatever the body says of them. */
	const struct field *fields; /* NULL: the body is not read */
	size_t input_bytes;
	/* Re-shows a refused form, in snug-web, instead of the error page; request->errors, op_errors and form tell
	 * what to show. It is called after decode or the handler failed and has the status of the error already in the
	 * response. */
	front_refusal *refused;
	/* For front_submit_and_reply: the op, and which member of its result is the reply (NULL: 204 without a body).
	 */
	enum op op;
	const char *reply_member;
	int reply_status;
};

#define ROUTE_INPUT(name) .fields = name##_fields, .input_bytes = sizeof(struct name##_input)

/* A handler for rows that are one op: sends it and answers with reply_member and reply_status. */
front_handler front_submit_and_reply;

/* Splits and decodes a path, then finds its row. path is as sent, percent-encoded, without a query. Errors:
 * ERR_NOT_FOUND; ERR_METHOD_NOT_ALLOWED with *allow (in the arena) listing what is; ERR_BAD_REQUEST for malformed
 * percent-encoding, NUL or other control characters, and invalid UTF-8. */
enum err route_find(const struct app *app, struct arena *arena, const char *method, struct str path,
		    const struct route **out, struct request_path *params, const char **allow) MUST_USE;

#endif
