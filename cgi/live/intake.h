/* Takes new events from the log into the window, in order and each once: what they change is learned first (permission,
 * ended sessions, deleted messages), then everybody is woken. */
#ifndef SNUG_LIVE_INTAKE_H
#define SNUG_LIVE_INTAKE_H

#include <stdbool.h>

struct live;

struct intake {
	bool is_rung; /* there may be events beyond the window's head */
};

/* Something was committed, or may have been. */
void intake_ring(struct live *live);

/* There is a fresh database connection: reads on, or starts again where the log is now another one. */
void intake_resume(void *live);

/* Reads one page when it was rung. Returns whether there is more to read. */
bool intake_turn(struct live *live);

#endif
