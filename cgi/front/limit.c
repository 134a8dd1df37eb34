/* Rate limits: see limit.h. limit_take is a step of the pipeline; which limits there are is limit.def.
 *
 * A request takes from what holds for all routes together first. What a full bucket refuses has still taken from those:
 * who knocks on and on at one channel meets the general limit in the end. */
#include "front/limit.h"

#include "base/ensure.h"
#include "front/reply.h"
#include "front/route.h"

#include <arpa/inet.h>
#include <string.h>

enum limit_by {
	BY_EVERYBODY,
	BY_CALLER,
	BY_PERSON,
	BY_PERSON_IN_CHANNEL,
	BY_ADDRESS,
	BY_ACCOUNT,
	BY_ACCOUNT_AT_ADDRESS
};

static const struct row {
	const char *bucket;
	enum limit_by by;
	enum config_key key;   /* CONFIG_COUNT: it is fixed */
	struct gcra_rate rate; /* when it is */
	const char *scope;
} rows[] = {
#define LIMIT(name, bucket, by, scope) {bucket, BY_##by, CONFIG_LIMIT_##name, {0}, scope},
#define LIMIT_FIXED(name, bucket, by, takes, period_ms) {bucket, BY_##by, CONFIG_COUNT, {takes, period_ms}, "shared"},
#include "front/limit.def"
#undef LIMIT
#undef LIMIT_FIXED
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == LIMIT_COUNT, "one row a limit");

void limit_rates_read(const struct config *config, struct limit_rates *out)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		out->of[i] = rows[i].key == CONFIG_COUNT ? rows[i].rate : config_rate(config, rows[i].key);
}

static const struct gcra_rate *rate_of(const struct request *request, enum limit limit)
{
	return &request->app->rates->of[limit];
}

static bool limit_find(const char *bucket, enum limit *out)
{
	for (int i = LIMIT_WRITE + 1; i < LIMIT_GUESS; i++) {
		if (strcmp(rows[i].bucket, bucket) == 0) {
			*out = (enum limit)i;
			return true;
		}
	}
	return false;
}

bool limit_is_bucket(const char *name)
{
	enum limit found;

	return limit_find(name, &found);
}

static uint64_t add_text(const struct limit_cells *cells, uint64_t key, const char *text)
{
	return limit_cells_key(cells, key, text, strlen(text));
}

static uint64_t add_id(const struct limit_cells *cells, uint64_t key, int64_t id)
{
	return limit_cells_key(cells, key, &id, sizeof(id));
}

/* Of IPv6 the half that names a network: who has one has 2^64 addresses in it. */
static uint64_t add_address(const struct limit_cells *cells, uint64_t key, const char *address)
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, address, &six) != 1)
		return add_text(cells, key, address);
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		char four[INET_ADDRSTRLEN];

		ensure(inet_ntop(AF_INET, &six.s6_addr[12], four, sizeof(four)) != NULL);
		return add_text(cells, key, four);
	}
	return limit_cells_key(cells, key, six.s6_addr, 8);
}

/* Somebody who is logged in is known by that wherever they are; a visitor is an address. */
static uint64_t add_somebody(const struct request *request, uint64_t key, int64_t id)
{
	const struct limit_cells *cells = request->app->limits;

	if (id != 0)
		return add_id(cells, add_text(cells, key, "id"), id);
	return add_address(cells, add_text(cells, key, "address"), request->address);
}

static uint64_t key_in_channel(const struct request *request, enum limit limit, int64_t channel_id)
{
	const struct limit_cells *cells = request->app->limits;
	uint64_t key = add_text(cells, 0, rows[limit].bucket);

	return add_id(cells, add_somebody(request, key, request->caller.user_id), channel_id);
}

static uint64_t key_of(const struct request *request, enum limit limit, const char *account)
{
	const struct limit_cells *cells = request->app->limits;
	uint64_t key = add_text(cells, 0, rows[limit].bucket);

	switch (rows[limit].by) {
	case BY_EVERYBODY:
		return key;
	case BY_CALLER:
		return add_somebody(request, key, request->caller.session_id);
	case BY_PERSON:
		return add_somebody(request, key, request->caller.user_id);
	case BY_PERSON_IN_CHANNEL:
		return key_in_channel(request, limit, request->path.channel_id);
	case BY_ADDRESS:
		return add_address(cells, key, request->address);
	case BY_ACCOUNT:
		ensure(account != NULL);
		return add_text(cells, key, account);
	case BY_ACCOUNT_AT_ADDRESS:
		ensure(account != NULL);
		return add_address(cells, add_text(cells, key, account), request->address);
	}
	ensure(false);
	return 0;
}

/* What clients tell buckets by: of a row that has none it is the row itself, though all of those take from the same two
 * limits; else a client would send all its requests one after the other. */
static const char *bucket_of(struct request *request)
{
	static const struct keyed_hash_key fixed = {{0}};
	const struct route *route = request->route;
	const char *name = route->bucket;

	if (name == NULL)
		name = arena_printf(request->arena, "%s %s", route->method, route->pattern);
	return arena_printf(request->arena, "%016llx", (unsigned long long)keyed_hash(&fixed, name, strlen(name)));
}

static void tell(struct request *request, enum limit limit, const struct gcra *gcra)
{
	request->rate = (struct request_rate){.bucket = bucket_of(request),
					      .scope = rows[limit].scope,
					      .limit = rate_of(request, limit)->limit,
					      .remaining = gcra->remaining,
					      .reset_after_ms = gcra->reset_after_ms};
}

bool limit_take_one(struct request *request, enum limit limit, const char *account, uint64_t *key, struct gcra *result)
{
	*key = key_of(request, limit, account);
	*result = limit_cells_take(request->app->limits, *key, rate_of(request, limit));
	return result->is_allowed;
}

void limit_give_back(struct request *request, enum limit limit, uint64_t key)
{
	limit_cells_give_back(request->app->limits, key, rate_of(request, limit));
}

enum err limit_refuse(struct request *request, enum limit limit, const struct gcra *gcra)
{
	tell(request, limit, gcra);
	request->retry_after_ms = gcra->retry_after_ms;
	return ERR_RATE_LIMITED;
}

static enum err take(struct request *request, enum limit limit)
{
	struct gcra result;
	uint64_t key;

	if (!limit_take_one(request, limit, NULL, &key, &result))
		return limit_refuse(request, limit, &result);
	tell(request, limit, &result);
	return ERR_OK;
}

/* Who has many sessions and tokens is one person all the same; it is told only where that limit is the one that
 * refuses. */
static enum err take_write(struct request *request)
{
	struct gcra result;
	uint64_t key;

	if (!limit_take_one(request, LIMIT_WRITE_PERSON, NULL, &key, &result))
		return limit_refuse(request, LIMIT_WRITE_PERSON, &result);
	return take(request, LIMIT_WRITE);
}

enum err limit_take(struct request *request)
{
	const struct route *route = request->route;
	enum limit limit;

	if (request->app->limits == NULL || (route->flags & ROUTE_UNLIMITED))
		return ERR_OK;
	TRY(take(request, LIMIT_ALL));
	if (strcmp(route->method, "GET") != 0)
		TRY(take_write(request));
	if (route->bucket == NULL)
		return ERR_OK;
	ensure(limit_find(route->bucket, &limit));
	return take(request, limit);
}

enum err limit_take_message_in(struct request *request, int64_t channel_id)
{
	struct gcra result;

	if (request->app->limits == NULL)
		return ERR_OK;
	result = limit_cells_take(request->app->limits, key_in_channel(request, LIMIT_MESSAGE, channel_id),
				  rate_of(request, LIMIT_MESSAGE));
	return result.is_allowed ? ERR_OK : limit_refuse(request, LIMIT_MESSAGE, &result);
}

enum err limit_take_upload(struct request *request)
{
	struct gcra result;
	uint64_t key;

	if (request->app->limits == NULL || limit_take_one(request, LIMIT_UPLOAD, NULL, &key, &result))
		return ERR_OK;
	return limit_refuse(request, LIMIT_UPLOAD, &result);
}

/* Seconds, with milliseconds as the fraction. */
static const char *seconds(struct request *request, int64_t ms)
{
	return arena_printf(request->arena, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
}

static const char *number(struct request *request, int64_t n)
{
	return arena_printf(request->arena, "%lld", (long long)n);
}

/* Discord's libraries want all five or none. */
void limit_headers(struct request *request, struct response *response)
{
	const struct request_rate *rate = &request->rate;

	if (rate->bucket == NULL)
		return;
	reply_header(response, "X-RateLimit-Limit", number(request, rate->limit));
	reply_header(response, "X-RateLimit-Remaining", number(request, rate->remaining));
	reply_header(response, "X-RateLimit-Reset", seconds(request, request->now_ms + rate->reset_after_ms));
	reply_header(response, "X-RateLimit-Reset-After", seconds(request, rate->reset_after_ms));
	reply_header(response, "X-RateLimit-Bucket", rate->bucket);
}
