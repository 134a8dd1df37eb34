#include "base/id.h"

#include "base/ensure.h"

#include <stdio.h>

enum { LOW_BITS = 22, TIME_BITS = 41 };

int64_t id_next(struct id_source *source, int64_t now_ms)
{
	/* With a clock that was never set ids just count up. */
	int64_t since_epoch_ms = now_ms < ID_EPOCH_MS ? 0 : now_ms - ID_EPOCH_MS;
	int64_t id;

	if (since_epoch_ms >= INT64_C(1) << TIME_BITS)
		since_epoch_ms = (INT64_C(1) << TIME_BITS) - 1;
	id = since_epoch_ms << LOW_BITS;
	if (id <= source->last) {
		ensure(source->last < INT64_MAX);
		id = source->last + 1;
	}
	source->last = id;
	return id;
}

int64_t id_created_at_ms(int64_t id)
{
	return (id >> LOW_BITS) + ID_EPOCH_MS;
}

int64_t id_first_at(int64_t at_ms)
{
	if (at_ms <= ID_EPOCH_MS)
		return 1;
	int64_t since_ms = at_ms - ID_EPOCH_MS;
	return since_ms > INT64_MAX >> LOW_BITS ? INT64_MAX : since_ms << LOW_BITS;
}

bool id_parse(const char *p, size_t n, int64_t *out)
{
	int64_t id = 0;

	if (n == 0 || n > 19 || p[0] == '0')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		if (__builtin_mul_overflow(id, 10, &id) || __builtin_add_overflow(id, p[i] - '0', &id))
			return false;
	}
	*out = id;
	return true;
}

void id_format(int64_t id, char out[ID_TEXT_SIZE])
{
	snprintf(out, ID_TEXT_SIZE, "%lld", (long long)id);
}
