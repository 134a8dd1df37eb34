/* What the files that read threads share: the columns of db/queries/thread.sql. */
#ifndef SNUG_DOMAIN_THREAD_THREAD_ROW_H
#define SNUG_DOMAIN_THREAD_THREAD_ROW_H

#include "domain/thread/thread.h"

enum { THREAD_COLUMN_NAME = 5 };

/* The row that stmt stands on, without its name, which lies elsewhere than in the row. */
struct thread thread_from_row(struct sql_stmt *stmt);

struct thread_list {
	struct thread *list; /* in the arena */
	size_t count, room;
};

/* Reads what a query gives, room of it at most. */
enum err thread_list_read(struct sql *db, struct arena *arena, enum query query, const struct sql_arg *args,
			  struct thread_list *out) MUST_USE;

/* Writes a thread's members into an object that is open; name is text of n bytes. */
void thread_members_to_json(struct jw *jw, const struct thread *thread, const char *name, size_t name_n);

/* {id, user_id, join_timestamp, flags}; with user_id 0 it is left out, as where Discord sends it to that person. */
void thread_membership_to_json(struct jw *jw, const char *key, int64_t thread_id, int64_t user_id,
			       int64_t joined_at_ms);

/* When somebody came into the thread; 0 when they are not in it. */
enum err thread_joined_at(struct sql *db, int64_t thread_id, int64_t user_id, int64_t *joined_at_ms) MUST_USE;

#endif
