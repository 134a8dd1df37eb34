/* Guesses of passwords, set-up codes, invites and codes that come by mail: see limit.h. Called by front/account.c
 * around what costs time.
 *
 * What is decided here, and why. Five failures a minute for an address stop one guesser. Ten in ten minutes for an
 * account stop one who has many addresses, but must not lock out the person whose account it is, for as long as a
 * stranger likes. So when an account has had too many, an address from which nobody has failed at it for ten minutes
 * has one try all the same: a right password gets in, and a thousand addresses have a thousand tries in ten minutes and
 * not five thousand a minute. Who is logged in meets none of this, and where a page asks for the password once more it
 * counts apart from logins.
 *
 * Everything is taken before the password is looked at and given back when it was right, so tries at the same time
 * cannot slip through together. An account that does not exist counts like one that does. */
#include "front/limit.h"

static bool take(struct request *request, enum limit limit, const char *account, struct limit_guess *guess,
		 struct gcra *result)
{
	uint64_t key;

	if (!limit_take_one(request, limit, account, &key, result))
		return false;
	guess->taken[guess->count].limit = limit;
	guess->taken[guess->count++].key = key;
	return true;
}

static void give_back(struct request *request, struct limit_guess *guess)
{
	while (guess->count > 0) {
		guess->count--;
		limit_give_back(request, guess->taken[guess->count].limit, guess->taken[guess->count].key);
	}
}

enum err limit_guess_begin(struct request *request, const char *account, struct limit_guess *guess)
{
	struct gcra address, pair, all;
	bool is_first_here, is_allowed;

	guess->count = 0;
	if (request->app->limits == NULL)
		return ERR_OK;
	if (!take(request, LIMIT_GUESS, NULL, guess, &address))
		return limit_refuse(request, LIMIT_GUESS, &address);
	if (account == NULL)
		return ERR_OK;
	is_first_here = take(request, LIMIT_GUESS_PAIR, account, guess, &pair);
	is_allowed = take(request, LIMIT_GUESS_ACCOUNT, account, guess, &all);
	if (is_allowed || is_first_here)
		return ERR_OK;
	give_back(request, guess);
	return all.retry_after_ms < pair.retry_after_ms ? limit_refuse(request, LIMIT_GUESS_ACCOUNT, &all)
							: limit_refuse(request, LIMIT_GUESS_PAIR, &pair);
}

enum err limit_guess_code_begin(struct request *request, const char *account, bool is_recovery_code,
				struct limit_guess *guess)
{
	struct gcra result;

	guess->count = 0;
	if (request->app->limits == NULL)
		return ERR_OK;
	if (!take(request, LIMIT_GUESS, NULL, guess, &result))
		return limit_refuse(request, LIMIT_GUESS, &result);
	if (is_recovery_code || take(request, LIMIT_GUESS_CODE, account, guess, &result))
		return ERR_OK;
	give_back(request, guess);
	return limit_refuse(request, LIMIT_GUESS_CODE, &result);
}

static bool was_wrong(enum err e)
{
	return e == ERR_BAD_CREDENTIALS || e == ERR_WRONG_PASSWORD || e == ERR_BAD_TOTP || e == ERR_BAD_RESET_CODE ||
	       e == ERR_SETUP_CODE_REQUIRED || e == ERR_UNKNOWN_INVITE;
}

void limit_guess_end(struct request *request, struct limit_guess *guess, enum err e)
{
	if (!was_wrong(e))
		give_back(request, guess);
}
