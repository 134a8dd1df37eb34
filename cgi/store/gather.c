#include "store/gather.h"

enum { FLUSH_IS_CHEAP_US = 1000, WAIT_MAX_US = 4000 };

void gather_note(struct gather *gather, const struct group *group)
{
	gather->count = group->count;
	for (int i = 0; i < group->count; i++)
		gather->fds[i] = group->items[i].fd;
}

void gather_forget(struct gather *gather, int fd)
{
	for (int i = 0; i < gather->count; i++) {
		if (gather->fds[i] == fd) {
			gather->fds[i] = gather->fds[--gather->count];
			return;
		}
	}
}

int64_t gather_wait_us(const struct gather *gather, const struct group *group)
{
	if (gather->count == 0 || group->count == 0 || group->count == GROUP_MAX || group->flush_us < FLUSH_IS_CHEAP_US)
		return 0;
	return group->flush_us / 2 < WAIT_MAX_US ? group->flush_us / 2 : WAIT_MAX_US;
}
