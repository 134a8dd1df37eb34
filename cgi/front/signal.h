/* Signals: what snug-web and snug-api tell snug-live at once and nobody keeps. One JSON object a message on the socket
 * that snug run hands down (SNUG_FD_SIGNALS): {"kind":"typing","channel_id","user_id","at_ms"}. It names things and
 * says nothing of them: what others are told, snug-live reads itself when it delivers. A signal may be lost, and none
 * waits for anybody: where nobody takes them it is dropped. */
#ifndef SNUG_FRONT_SIGNAL_H
#define SNUG_FRONT_SIGNAL_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNAL_BYTES_MAX = 256 };

enum signal_kind { SIGNAL_TYPING };

struct signal {
	enum signal_kind kind;
	int64_t channel_id, user_id;
	int64_t at_ms; /* when it was given */
};

/* Sends it without waiting. False when it was dropped: the socket is full, or there is none (fd is 0 or less). */
bool signal_send(int fd, const struct signal *signal);

/* The signal that a message is. ERR_BAD_JSON when it is none. */
enum err signal_parse(struct arena *arena, const char *text, size_t n, struct signal *out) MUST_USE;

#endif
