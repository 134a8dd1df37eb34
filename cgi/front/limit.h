/* Rate limits: the pipeline's limit step, what replies tell of it, and guesses of passwords. Which there are:
 * limit.def. Where limits are off (app->limits is NULL) every function here does nothing. */
#ifndef SNUG_FRONT_LIMIT_H
#define SNUG_FRONT_LIMIT_H

#include "front/front.h"
#include "front/limit_cells.h"

enum limit {
#define LIMIT(name, bucket, by, scope) LIMIT_##name,
#define LIMIT_FIXED(name, bucket, by, takes, period_ms) LIMIT_##name,
#include "front/limit.def"
#undef LIMIT
#undef LIMIT_FIXED
	LIMIT_COUNT
};

/* How many in which time, of each. */
struct limit_rates {
	struct gcra_rate of[LIMIT_COUNT];
};

/* Reads limit_<name> of a configuration that was checked. */
void limit_rates_read(const struct config *config, struct limit_rates *out);

/* The step: takes from what holds for all requests and from the route's bucket. ERR_RATE_LIMITED with
 * request->retry_after_ms when one of them is empty. */
enum err limit_take(struct request *request) MUST_USE;

/* Takes one message of the person in another channel than that of the address: a message that stands there too, or
 * there alone. ERR_RATE_LIMITED. */
enum err limit_take_message_in(struct request *request, int64_t channel_id) MUST_USE;

/* Takes one upload of the person. ERR_RATE_LIMITED. */
enum err limit_take_upload(struct request *request) MUST_USE;

/* Adds the five X-RateLimit-… headers of the bucket that was taken from, or none when none was. Called after the reply
 * is made, since an error takes back the headers of the reply that it replaces. */
void limit_headers(struct request *request, struct response *response);

/* Whether a route may name it. */
bool limit_is_bucket(const char *name);

/* What an attempt has taken in advance. */
struct limit_guess {
	struct {
		enum limit limit;
		uint64_t key;
	} taken[3];
	int count;
};

/* Before a secret that people can guess is looked at. account names whose password it is, the same for whatever is
 * typed to mean one account; NULL for other secrets. ERR_RATE_LIMITED when there were too many wrong ones. On ERR_OK
 * call limit_guess_end. */
enum err limit_guess_begin(struct request *request, const char *account, struct limit_guess *guess) MUST_USE;

/* The same for a code of a second factor, once the password was right. A stranger never gets so far, so here the
 * account has a limit of its own that no address has a try beyond: but recovery codes, which nobody guesses, are only
 * limited by address, and the owner gets in with one whoever else tries. */
enum err limit_guess_code_begin(struct request *request, const char *account, bool is_recovery_code,
				struct limit_guess *guess) MUST_USE;

/* e is how the attempt ended: unless it says that the secret was wrong, what was taken is given back. */
void limit_guess_end(struct request *request, struct limit_guess *guess, enum err e);

/* One take for this request, for limit_guess.c; account is NULL where the limit needs none. What was taken, or refused,
 * is in *key and in *result. */
bool limit_take_one(struct request *request, enum limit limit, const char *account, uint64_t *key, struct gcra *result);

/* Puts back one take. */
void limit_give_back(struct request *request, enum limit limit, uint64_t key);

/* Refuses the request because of this limit, and lets the reply tell of it. Always ERR_RATE_LIMITED. */
enum err limit_refuse(struct request *request, enum limit limit, const struct gcra *gcra) MUST_USE;

#endif
