#include "domain/search/search_tags.h"

#include "base/ensure.h"

#include <stddef.h>

const char *search_has_name(enum search_has bit)
{
	static const char *const names[SEARCH_HAS_COUNT] = {"link", "embed", "file",    "image",  "video", "sound",
							    "poll", "pin",   "forward", "thread", "reply", "mention"};
	for (unsigned i = 0; i < SEARCH_HAS_COUNT; i++) {
		if ((unsigned)bit == 1u << i)
			return names[i];
	}
	ensure(names[0] == NULL);
	return "";
}
