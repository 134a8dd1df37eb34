/* What snug-live takes from front programs (front/signal.h): whatever the bytes, it is an error or a signal that is
 * sent again as it came. */
#include "base/ensure.h"
#include "front/signal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(struct arena *arena, const struct signal *signal)
{
	int ends[2];
	char text[SIGNAL_BYTES_MAX + 1];
	struct signal again;
	ensure(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	ensure(signal_send(ends[0], signal));
	ssize_t n = recv(ends[1], text, sizeof(text), 0);
	ensure(n > 0 && signal_parse(arena, text, (size_t)n, &again) == ERR_OK);
	ensure(again.kind == signal->kind && again.channel_id == signal->channel_id);
	ensure(again.user_id == signal->user_id && again.at_ms == signal->at_ms);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct signal signal;
	char *p = ensure_malloc(size + 1);

	memcpy(p, data, size);
	arena_init(&arena);
	enum err err = signal_parse(&arena, p, size, &signal);
	ensure(err == ERR_OK || err == ERR_BAD_JSON);
	if (err == ERR_OK) {
		ensure(size <= SIGNAL_BYTES_MAX && signal.channel_id > 0 && signal.user_id > 0 && signal.at_ms > 0);
		check_round_trip(&arena, &signal);
	}
	arena_free(&arena);
	free(p);
	return 0;
}
