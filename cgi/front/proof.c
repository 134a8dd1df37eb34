/* Asking for a password once more: see proof.h. */
#include "front/proof.h"

#include "crypto/password.h"
#include "domain/user/user.h"
#include "front/limit.h"

enum err proof_of_password(struct request *request, const char *typed, const char **hash)
{
	struct user_credentials credentials;
	struct limit_guess guess;
	struct user user;
	enum err e;

	*hash = NULL;
	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	TRY(user_find_credentials(request->db, request->arena, user.username, &credentials));
	request_read_end(request);
	TRY(limit_guess_begin(request, arena_printf(request->arena, "self/%lld", (long long)user.id), &guess));
	e = password_matches(credentials.password_hash, typed) ? ERR_OK : ERR_WRONG_PASSWORD;
	limit_guess_end(request, &guess, e);
	*hash = credentials.password_hash;
	return e;
}
