/* snug-fetch: what one page on the internet says of itself, for a preview. The question on stdin is a JSON object with
 * url (http or https) and allow (networks that are asked although they are not public); the answer on stdout is
 * {"url","title","description","site"}, where what the page does not say is left out. Its exit status is a
 * child_verdict: CHILD_DONE, or CHILD_REFUSED when there is no preview to be had.
 *
 * A message's link is a stranger's wish that this server ask something somewhere. So: names are resolved here, once;
 * every address must be public (http/public_address.h); the connection goes to one of just those, which is checked
 * again when its socket is made, so that a name that answers differently the second time (re-binding) gains nothing;
 * redirects are followed by hand, each as a new address; http and https on their own ports, without a name and
 * password; HTML only; so many bytes and seconds in all. The page is read for its head when the network is no longer
 * within reach (work/confine.h). */
#ifndef SNUG_WORK_FETCH_PROGRAM_H
#define SNUG_WORK_FETCH_PROGRAM_H

enum {
	FETCH_QUESTION_MAX_BYTES = 16 * 1024,
	FETCH_ANSWER_MAX_BYTES = 64 * 1024,
	FETCH_PAGE_MAX_BYTES = 5 * 1024 * 1024,
	FETCH_REDIRECTS_MAX = 3,
	FETCH_ALL_MS = 5000,
	FETCH_WALL_MS = 6000,
};

int fetch_program(void);

#endif
