/* A request's life in snug-web and snug-api: what every step, handler and page works with. The steps are rows of one
 * fixed pipeline (front/pipeline.c): match, database, session, limit, entry, forms, csrf, load, upload, reason, decode,
 * handler;
 * then reply and log. FastCGI itself is front/fcgi.c; nothing here knows of it, so tests call front_answer with
 * parameters and a body of their own.
 *
 * Invariants after front_answer: no statement is busy, no read transaction is open, no descriptor has leaked. */
#ifndef SNUG_FRONT_FRONT_H
#define SNUG_FRONT_FRONT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "base/field.h"
#include "base/str.h"
#include "domain/file/file_url.h"
#include "domain/session/session.h"
#include "front/params.h"
#include "front/secrets.h"
#include "http/form.h"
#include "http/origin.h"
#include "http/s3.h"
#include "store/submit.h"

#include <stdbool.h>
#include <stdint.h>

struct cors;
struct file_upload;
struct limit_cells;
struct limit_rates;
struct request;
struct response;
struct route;
struct session_cache;
struct sql;
struct tmpl_set;

typedef enum err front_handler(struct request *request, struct response *response);
typedef void front_refusal(struct request *request, struct response *response, enum err why);

enum app_kind { APP_WEB, APP_API };

/* One process: made by main, lives until it ends. */
struct app {
	enum app_kind kind;
	bool is_password_pool; /* serves the routes that hash a password */
	struct config config;
	struct secrets secrets;
	struct origin public_origin; /* of public_url, as the browser shows it */
	const char *public_url;      /* without a slash at the end; URLs in replies start with it */
	struct s3 s3;                /* where files are that are not on this disk */
	const char *files_from;      /* the origin of those, which pages may show; NULL: there are none */
	struct file_urls urls;       /* what signs the addresses of files in replies of the API */
	bool is_https;               /* people reach us by https: cookies are Secure and named __Host-… */
	const char *static_path;     /* "/static/<version>", where pages find style and scripts */
	const struct route *routes;
	size_t route_count;
	front_refusal *error_page;       /* makes the page that tells a person of an error; NULL in snug-api */
	const struct cors *cors;         /* which other sites may call the API; NULL: none */
	struct limit_cells *limits;      /* NULL: nothing is limited */
	const struct limit_rates *rates; /* of them */
	struct tmpl_set *templates;      /* NULL in snug-api */
	struct sql *db;                  /* read-only; NULL until needed and after the database was unavailable */
	struct session_cache *sessions;  /* what this process has found lately; NULL: it looks each time */
	struct store_client store;
	int signals_fd; /* where snug-live takes signals (front/signal.h); 0 or less: nowhere */
	bool has_new_descriptors; /* a connection was opened or lost in this request: see front_answer's invariant */
	uint32_t instance, request_count; /* make the ids of requests: random for each process, and counted */
};

/* What the route's pattern named: {code} and {emoji} are text, all others are ids. */
struct request_path {
	int64_t guild_id, channel_id, message_id, user_id, target_id, role_id, token_id, session_id;
	int64_t scheduled_id; /* 0, as all of them: not in the pattern */
	int64_t emoji_id, answer_id;
	const char *code;
	const char *emoji; /* of a reaction: characters, or name:id */
};

/* How much is left of the limit that a reply tells of. */
struct request_rate {
	const char
	    *bucket; /* the same for all requests that share it, but for their channel; NULL: nothing was limited */
	const char *scope; /* of a 429: Discord's user, global or shared */
	int64_t limit, remaining, reset_after_ms;
};

/* A file that came with a page's form. Nothing of what it says of itself is to be believed. */
struct request_file {
	const char *field, *file_name;
	struct str bytes; /* in the body */
};

/* A body that is read while it is worked on: it may be longer than memory. */
struct body_source {
	size_t (*read)(struct body_source *source, char *out, size_t room); /* 0: the peer went away in the middle */
	void *context;
	size_t left; /* bytes that are still to be read; read counts it down */
};

struct request {
	struct app *app;
	struct arena *arena; /* reset after the reply */
	struct sql *db;      /* the app's reader; NULL only where the route has ROUTE_NO_DATABASE */
	const struct params *params;
	const char *id;                /* also in the reply as X-Request-Id */
	int64_t now_ms, started_at_ms; /* wall clock; monotonic */
	const char *method;
	const char *uri;           /* path and query as sent, valid ASCII: for links back to this page */
	const struct route *route; /* NULL when none matched */
	struct request_path path;
	struct form query;        /* decoded query string */
	struct form form;         /* the decoded body of a form: to fill a refused form in again */
	struct request_file file; /* the file of a form; field NULL: there is none */
	struct str body;          /* as sent */
	struct body_source
	    *source; /* instead of body, where the body is read in pieces (front/file_upload.h); else NULL */
	struct file_upload *uploads; /* upload_count files that came with the request, in the arena */
	int upload_count;
	const void *input; /* the struct that route->fields describes; NULL when the row has none or decoding failed */
	struct session session;     /* id 0: nobody is logged in */
	struct op_caller caller;    /* the same, as store_submit wants it */
	uint64_t permissions;       /* in path.channel_id, else in path.guild_id, when the route loads one */
	const char *address;        /* the client's, "" when unknown */
	const char *device;         /* User-Agent, valid UTF-8 of at most REQUEST_DEVICE_MAX bytes */
	struct field_errors errors; /* why decode, or the handler, refuses with ERR_INVALID_FORM */
	struct str op_errors;       /* the same from the store, as JSON text */
	int64_t retry_after_ms;     /* of ERR_RATE_LIMITED */
	struct request_rate rate;
	const char *allow;      /* of ERR_METHOD_NOT_ALLOWED: the methods that are */
	const char *csrf_token; /* of this reply's forms, once csrf_token has made it */
	const char *unsent;     /* what was typed, once unsent_text has looked for it */
	bool is_reading;        /* a read transaction is open */
	bool is_head;
	bool has_bad_credential; /* a token was shown that is not valid */
	bool is_refusable;       /* the route's own form is shown again when it fails from here on */
};

enum {
	REQUEST_DEVICE_MAX = 255,
	REQUEST_ID_SIZE = 17,
	RESPONSE_HEADERS_MAX = 24,
	FRONT_BODY_MAX = 256 * 1024,
	FRONT_PICTURE_BODY_MAX = 12 * 1024 * 1024, /* where ROUTE_PICTURE stands: 8 MB as base64, and a little more */
};

struct response_header {
	const char *name;
	const char *value; /* in the arena; no CR or LF */
};

struct response {
	int status;               /* 200 until something says otherwise */
	const char *content_type; /* NULL: no body */
	struct buf *body;         /* borrowed */
	struct response_header headers[RESPONSE_HEADERS_MAX];
	size_t header_count;
	unsigned header_scopes; /* of http/headers.h; set by the pipeline */
	const char *files_from; /* as the app's; set by the pipeline */
};

/* A request as it arrived. */
struct front_arrival {
	const struct params *params;
	struct str body;
	struct body_source *source; /* NULL: body is all of it */
	enum err error; /* what was wrong already, such as ERR_TOO_LARGE for the body; ERR_OK when nothing was */
};

/* Runs the pipeline. The arrival and response->body, which is empty, are borrowed; the rest of the response is in the
 * arena. Whatever happens, it is a whole reply. */
void front_answer(struct app *app, struct arena *arena, const struct front_arrival *arrival, struct response *response);

/* Sends an op whose input is the request's own (route->fields and input). Ends the read transaction first. On error
 * the details are in request->op_errors and retry_after_ms, where the reply finds them. */
enum err front_submit(struct request *request, enum op op, struct op_reply *reply) MUST_USE;

/* The same with an input that the caller wrote: the JSON text of an object. */
enum err front_submit_text(struct request *request, enum op op, const struct buf *input,
			   struct op_reply *reply) MUST_USE;

/* Ends the read transaction before something slow, such as hashing a password. Later queries see a later state. */
void request_read_end(struct request *request);

/* A request header by its FastCGI name ("HTTP_ORIGIN"); empty when absent. */
struct str request_param(const struct request *request, const char *name);

#endif
