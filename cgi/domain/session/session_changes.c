/* The number is raised from SQLite's hooks (sql_watch), so no op, no house-keeping and no query written later has to
 * think of it. */
#include "domain/session/session_changes.h"

#include "base/shared.h"
#include "sql/sql_writer.h"

#include <stdatomic.h>

enum { SESSION_CHANGES_VERSION = 1 };

struct session_changes_memory {
	_Atomic uint64_t number;
};

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock would live in one process alone");

/* All that session_find_live and session_find_by_digest look at (db/queries/session.sql). */
static const char *const tables[] = {"sessions", "users", NULL};

static void raise_number(void *context)
{
	struct session_changes_memory *memory = context;
	atomic_fetch_add(&memory->number, 1);
}

enum err session_changes_watch(struct sql *db, int fd)
{
	void *memory;
	TRY(shared_map(fd, SHARED_SESSION_CHANGES, SESSION_CHANGES_VERSION, sizeof(struct session_changes_memory),
		       &memory));
	raise_number(memory);
	sql_watch(db, tables, raise_number, memory);
	return ERR_OK;
}

void session_changes_open(struct session_changes *changes, int fd)
{
	*changes = (struct session_changes){.fd = fd};
}

/* Programs may start before the store has, so the memory is looked for until it is there. */
static void look_for(struct session_changes *changes)
{
	const void *memory;
	if (changes->fd < 0)
		return;
	if (shared_map_reader(changes->fd, SHARED_SESSION_CHANGES, SESSION_CHANGES_VERSION,
			      sizeof(struct session_changes_memory), &memory) != ERR_OK)
		changes->fd = -1; /* logged; each time it is read from the database then */
	else
		changes->memory = memory;
}

bool session_changes_read(struct session_changes *changes, uint64_t *number)
{
	if (changes->memory == NULL)
		look_for(changes);
	if (changes->memory == NULL)
		return false;
	*number = atomic_load(&changes->memory->number);
	return true;
}
