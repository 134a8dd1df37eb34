/* Sessions of the pages: what logging in, signing up and setting up have in common. */
#ifndef SNUG_PAGE_LOGIN_H
#define SNUG_PAGE_LOGIN_H

#include "front/account.h"

/* Sets the cookie of a session that was just opened, and ends the one that the request came with. */
void page_session_begin(struct request *request, struct response *response, const struct account_session *session);

#endif
