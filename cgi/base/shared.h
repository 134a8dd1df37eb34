/* Memory that several programs share and that outlives each of them: snug run makes a memfd a purpose and hands it
 * down. A header says what lies in it; a map whose header does not fit is made empty. What lies in it are atomics,
 * never a lock that a dead process could keep; whoever reads it checks what it reads, since any holder may have written
 * it. */
#ifndef SNUG_BASE_SHARED_H
#define SNUG_BASE_SHARED_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum shared_kind { SHARED_LIMITS = 1, SHARED_METRICS = 2, SHARED_SESSIONS = 3, SHARED_SESSION_CHANGES = 4 };

enum { SHARED_BYTES_MAX = 64 * 1024 * 1024 };

/* Makes an empty memfd that can grow and never shrink (a shrinking file would kill whoever has it mapped). It closes on
 * exec. -1 with errno on failure. */
int shared_create(const char *name);

/* Maps size bytes of content, aligned to 64 bytes and zeroed when nothing was there or the header is of another kind,
 * version or size. kind is an enum shared_kind; version changes with the layout of the content. The mapping stays until
 * the process ends. Errors: ERR_INTERNAL (the descriptor cannot be mapped; logged). */
enum err shared_map(int fd, uint32_t kind, uint32_t version, size_t size, void **out) MUST_USE;

/* For programs that are to read the memory and never to write it: another descriptor of it, open for reading only, that
 * closes on exec. From then on nobody opens it for writing anew; descriptors that are open already stay as they are. So
 * who has this one alone cannot write, be it by write, by a mapping or by opening it again, unless it is the same user
 * as who made it, whom nothing stops. -1 with errno on failure. */
int shared_open_reader(int fd);

/* Maps what somebody mapped by shared_map, with the same kind, version and size, to be read only. *out is NULL as long
 * as it is not there or is another: then there is nothing to rely on, and it may be tried again later. Errors: as
 * shared_map. */
enum err shared_map_reader(int fd, uint32_t kind, uint32_t version, size_t size, const void **out) MUST_USE;

#endif
