/* The ticket between the two steps of a login: who showed the right password a moment ago, and owes the code of a
 * second factor. It is a cookie for five minutes, HMAC(key, account, time, stored hash), so it opens nothing by itself,
 * cannot be made by anybody else, and is worth nothing once the password has changed. It stands in no address and no
 * page. */
#ifndef SNUG_FRONT_TICKET_H
#define SNUG_FRONT_TICKET_H

#include "front/front.h"

enum { TICKET_MAX_AGE_S = 5 * 60 };

/* Gives the visitor a ticket. password_hash is the stored one. */
void ticket_give(struct request *request, struct response *response, int64_t user_id, const char *password_hash);

/* The account of the ticket that the request brings, and its stored hash now, in the arena. ERR_UNAUTHORIZED when there
 * is no ticket or it is not valid any more. */
enum err ticket_find(struct request *request, int64_t *user_id, const char **password_hash) MUST_USE;

void ticket_take_away(struct request *request, struct response *response);

/* The pieces, over text: "<account>.<until when, in seconds>.<MAC>". */
enum { TICKET_SIZE = 96 };
void ticket_seal(const struct secret *key, int64_t user_id, int64_t until_s, const char *password_hash,
		 char out[TICKET_SIZE]);
bool ticket_read(struct str ticket, int64_t *user_id, int64_t *until_s);

#endif
