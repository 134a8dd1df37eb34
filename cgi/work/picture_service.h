/* Encodes pictures, and looks at files, for snug-web and snug-api while they wait: front/ask_worker.c is the other
 * side. Few at once, each in a child; a short queue; who comes beyond it is told at once that there are too many. */
#ifndef SNUG_WORK_PICTURE_SERVICE_H
#define SNUG_WORK_PICTURE_SERVICE_H

#include "work/child.h"
#include "work/polls.h"

enum {
	PICTURE_AT_ONCE = 2,
	PICTURE_CALLERS_MAX = 24, /* served and waiting */
	PICTURE_LISTENERS = 2,
};

enum picture_caller_state { PICTURE_FREE, PICTURE_ASKING, PICTURE_QUEUED, PICTURE_SERVED };

struct picture_caller {
	enum picture_caller_state state;
	int fd;
	int upload;         /* sealed memfd, or a file; -1 until asked */
	char what[16];      /* a side, or PICTURE_LOOK */
	uint64_t number;    /* of its coming: the least is served first */
	int64_t give_up_ms; /* when ASKING or QUEUED ends by itself */
	struct child child;
};

struct picture_service {
	int listeners[PICTURE_LISTENERS]; /* not blocking */
	int program;                      /* snug-picture */
	struct picture_caller callers[PICTURE_CALLERS_MAX];
	uint64_t count; /* callers ever */
};

void picture_service_init(struct picture_service *service, int web_fd, int api_fd, int program);

/* Adds what it waits for; accepts, asks, serves and answers whatever is ready. is_ending: nobody new. */
void picture_service_wait(const struct picture_service *service, struct polls *polls, bool is_ending);
void picture_service_turn(struct picture_service *service, bool is_ending);

bool picture_service_is_idle(const struct picture_service *service);
void picture_service_close(struct picture_service *service); /* kills what is in hand */

#endif
