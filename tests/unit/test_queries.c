/* Every named query of db/queries, prepared on a migrated database. The one test that speaks to SQLite itself. */
#include "ops_fixture.h"
#include "sql/sql_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_database(void **state)
{
	(void)state;
	ops_open(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static sqlite3_stmt *prepare(const char *text)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(ops.engine.db->connection, text, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(ops.engine.db->connection));
	return stmt;
}

/* The lines of a query's plan, one after the other. */
static const char *plan_of(const struct query_row *row)
{
	sqlite3_stmt *stmt = prepare(arena_printf(&ops.arena, "EXPLAIN QUERY PLAN %s", row->text));
	const char *plan = "";

	while (sqlite3_step(stmt) == SQLITE_ROW)
		plan = arena_printf(&ops.arena, "%s%s\n", plan, (const char *)sqlite3_column_text(stmt, 3));
	(void)sqlite3_finalize(stmt);
	return plan;
}

/* Walks that cost nothing worth a reason: rows that the query itself made ready in a bounded number, and one constant
 * row. */
static bool is_free_of_charge(const char *line)
{
	return strncmp(line, "SCAN (subquery", 14) == 0 || strncmp(line, "SCAN CONSTANT ROW", 17) == 0;
}

static bool has_scan(const char *plan)
{
	for (const char *line = plan; *line != '\0'; line = strchr(line, '\n') + 1) {
		if (strncmp(line, "SCAN ", 5) == 0 && !is_free_of_charge(line))
			return true;
	}
	return false;
}

static void every_query_is_one_statement_that_can_be_prepared(void **state)
{
	(void)state;
	assert_true(QUERY_COUNT > 80);
	for (int i = 0; i < QUERY_COUNT; i++) {
		const struct query_row *row = sql_query_row((enum query)i);
		const char *rest = NULL;
		sqlite3_stmt *stmt = NULL;

		int result = sqlite3_prepare_v2(ops.engine.db->connection, row->text, -1, &stmt, &rest);
		if (result != SQLITE_OK)
			fail_msg("%s: %s", row->name, sqlite3_errmsg(ops.engine.db->connection));
		assert_non_null(stmt);
		if (*rest != '\0')
			fail_msg("%s: more than one statement: %s", row->name, rest);
		(void)sqlite3_finalize(stmt);
	}
}

/* Bound by position, so that a query cannot skip one: a parameter without a use would shift all that follow. */
static void parameters_are_numbered_without_holes(void **state)
{
	(void)state;
	for (int i = 0; i < QUERY_COUNT; i++) {
		const struct query_row *row = sql_query_row((enum query)i);
		sqlite3_stmt *stmt = prepare(row->text);

		for (int at = 1; at <= sqlite3_bind_parameter_count(stmt); at++) {
			char name[16];
			(void)snprintf(name, sizeof name, "?%d", at);
			if (sqlite3_bind_parameter_index(stmt, name) != at)
				fail_msg("%s does not use %s", row->name, name);
		}
		(void)sqlite3_finalize(stmt);
	}
}

static void no_query_scans_a_table_without_saying_why(void **state)
{
	int bad = 0;

	(void)state;
	for (int i = 0; i < QUERY_COUNT; i++) {
		const struct query_row *row = sql_query_row((enum query)i);
		const char *plan = plan_of(row);

		if (has_scan(plan) && row->scan == NULL) {
			print_error("%s scans:\n%s", row->name, plan);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

static void no_reason_is_given_for_a_scan_that_is_none(void **state)
{
	(void)state;
	for (int i = 0; i < QUERY_COUNT; i++) {
		const struct query_row *row = sql_query_row((enum query)i);

		if (row->scan != NULL && !has_scan(plan_of(row)))
			fail_msg("%s does not scan", row->name);
	}
}

/* Sorting takes time that grows with the channel, the workspace or the log; these must come out of an index in order.
 */
static void what_is_listed_comes_out_of_an_index_in_order(void **state)
{
	static const enum query lists[] = {
	    QUERY_MESSAGE_LIST_LATEST,
	    QUERY_MESSAGE_LIST_BEFORE,
	    QUERY_MESSAGE_LIST_AFTER,
	    QUERY_EVENT_LIST_AFTER,
	    QUERY_EVENT_PRUNE,
	    QUERY_CHANNEL_LIST,
	    QUERY_INVITE_LIST,
	    QUERY_GUILD_LIST_OF_USER,
	    QUERY_ROLE_LIST,
	    QUERY_SESSION_LIST_TOKENS,
	    QUERY_CHANNEL_PURGE_BOUND,
	    QUERY_SECURITY_EVENT_LIST,
	    QUERY_SECURITY_EVENT_LIST_OF_KIND,
	    QUERY_SECURITY_EVENT_LIST_OF_USER,
	};

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct query_row *row = sql_query_row(lists[i]);
		const char *plan = plan_of(row);

		if (strstr(plan, "TEMP B-TREE") != NULL)
			fail_msg("%s sorts:\n%s", row->name, plan);
	}
}

/* Whether a query deletes rows of the table. */
static bool is_deleted_from(const char *table)
{
	const char *start = arena_printf(&ops.arena, "DELETE FROM %s ", table);

	for (int i = 0; i < QUERY_COUNT; i++) {
		if (strncmp(sql_query_row((enum query)i)->text, start, strlen(start)) == 0)
			return true;
	}
	return false;
}

/* SQLite looks for the children of each row that goes: by index, or the writer stands still. */
static void the_children_of_what_is_deleted_are_found_by_index(void **state)
{
	sqlite3_stmt *keys =
	    prepare("SELECT k.\"table\", t.name, k.\"from\" "
		    "FROM sqlite_schema t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table' AND k.seq = 0");
	int count = 0, bad = 0;

	(void)state;
	while (sqlite3_step(keys) == SQLITE_ROW) {
		const struct query_row child = {
		    .text = arena_printf(&ops.arena, "SELECT 1 FROM %s WHERE %s = ?1",
					 (const char *)sqlite3_column_text(keys, 1),
					 (const char *)sqlite3_column_text(keys, 2)),
		};

		if (!is_deleted_from((const char *)sqlite3_column_text(keys, 0)))
			continue;
		count++;
		if (has_scan(plan_of(&child))) {
			print_error("%s\n", child.text);
			bad++;
		}
	}
	(void)sqlite3_finalize(keys);
	assert_true(count >= 2);
	assert_int_equal(bad, 0);
}

/* Readers keep what they read of a session while neither of these tables has changed
 * (domain/session/session_changes.c): a query that looked at another one would make them miss a revocation. */
static void sessions_are_found_by_sessions_and_users_alone(void **state)
{
	static const enum query queries[] = {QUERY_SESSION_FIND_LIVE, QUERY_SESSION_FIND_BY_DIGEST};

	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
		sqlite3_stmt *program =
		    prepare(arena_printf(&ops.arena, "EXPLAIN %s", sql_query_row(queries[i])->text));
		int count = 0;

		while (sqlite3_step(program) == SQLITE_ROW) {
			if (strcmp((const char *)sqlite3_column_text(program, 1), "OpenRead") != 0)
				continue;
			const char *table = ops_text(&ops, "SELECT tbl_name FROM sqlite_schema WHERE rootpage = %d",
						     sqlite3_column_int(program, 3));
			if (strcmp(table, "sessions") != 0 && strcmp(table, "users") != 0)
				fail_msg("%s reads %s", sql_query_row(queries[i])->name, table);
			count++;
		}
		(void)sqlite3_finalize(program);
		assert_true(count >= 2);
	}
}

static void every_table_is_strict(void **state)
{
	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pragma_table_list "
				       "WHERE schema = 'main' AND type = 'table' AND NOT strict "
				       "AND name NOT LIKE 'sqlite_%%'"),
			 0);
}

static void the_writer_syncs_every_commit_and_leaves_checkpoints_to_the_store(void **state)
{
	(void)state;
	assert_string_equal(ops_text(&ops, "PRAGMA journal_mode"), "wal");
	assert_int_equal(ops_int(&ops, "PRAGMA synchronous"), 2);
	assert_int_equal(ops_int(&ops, "PRAGMA foreign_keys"), 1);
	assert_int_equal(ops_int(&ops, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(ops_int(&ops, "PRAGMA secure_delete"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_query_is_one_statement_that_can_be_prepared),
	    cmocka_unit_test(parameters_are_numbered_without_holes),
	    cmocka_unit_test(no_query_scans_a_table_without_saying_why),
	    cmocka_unit_test(no_reason_is_given_for_a_scan_that_is_none),
	    cmocka_unit_test(what_is_listed_comes_out_of_an_index_in_order),
	    cmocka_unit_test(the_children_of_what_is_deleted_are_found_by_index),
	    cmocka_unit_test(sessions_are_found_by_sessions_and_users_alone),
	    cmocka_unit_test(every_table_is_strict),
	    cmocka_unit_test(the_writer_syncs_every_commit_and_leaves_checkpoints_to_the_store),
	};

	return cmocka_run_group_tests(tests, open_database, close_database);
}
