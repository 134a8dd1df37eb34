/* Security events: who may report which, how many are kept, and how they are listed. */
#include "domain/security_event/security_event.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err report(const char *kind, int64_t user_id, const char *detail)
{
	return ops_run(&ops, NULL, "security_event_report",
		       json_pack("{s:s, s:I, s:s?}", "kind", kind, "user_id", (json_int_t)user_id, "detail", detail));
}

static void a_front_reports_what_it_alone_sees_and_nothing_else(void **state)
{
	static const char *const fine[] = {"login_failed", "cross_site_post_refused"};

	(void)state;
	for (unsigned i = 0; i < SECURITY_KIND_COUNT; i++) {
		const char *name = security_kind_name((enum security_kind)i);
		bool is_fine = strcmp(name, fine[0]) == 0 || strcmp(name, fine[1]) == 0;
		assert_int_equal(report(name, ops.ada.id, NULL), is_fine ? ERR_OK : ERR_INVALID_FORM);
		assert_int_equal(security_kind_from_name(name), i);
	}
	assert_int_equal(report("nonsense", ops.ada.id, NULL), ERR_INVALID_FORM);
	assert_int_equal(security_kind_from_name(NULL), SECURITY_KIND_COUNT);
	static const char live[] = "{\"op\":\"security_event_report\",\"in\":{\"kind\":\"login_failed\"}}";
	assert_int_equal(ops_run_text(&ops, OP_ROLE_LIVE, live, sizeof live - 1), ERR_MISSING_PERMISSIONS);
}

static void of_each_kind_the_newest_are_kept(void **state)
{
	(void)state;
	assert_int_equal(report("cross_site_post_refused", ops.ada.id, "/login"), ERR_OK);
	ops.is_quick = true;
	for (int i = 0; i < SECURITY_EVENTS_KEEP + 20; i++)
		assert_int_equal(report("login_failed", ops.ada.id, i < 20 ? "old" : "new"), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'login_failed'"),
			 SECURITY_EVENTS_KEEP);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE detail = 'old'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'cross_site_post_refused'"),
			 1);
}

static json_t *list(const struct security_event_filter *filter)
{
	struct buf text;
	struct jw jw;

	buf_init(&text);
	jw_init(&jw, &text);
	assert_int_equal(security_event_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, filter), ERR_OK);
	json_t *found = json_loads(text.p, 0, NULL);
	assert_non_null(found);
	buf_free(&text);
	return found;
}

static void they_are_listed_newest_first_by_kind_by_account_and_page_by_page(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(report("login_failed", ops.ada.id, NULL), ERR_OK);
		assert_int_equal(report("login_failed", bob.id, NULL), ERR_OK);
		assert_int_equal(report("cross_site_post_refused", bob.id, NULL), ERR_OK);
	}
	json_t *all = list(&(struct security_event_filter){0});
	assert_int_equal(json_array_size(all), 15);
	for (size_t i = 1; i < 15; i++)
		assert_true(json_id(json_array_get(all, i), "id") < json_id(json_array_get(all, i - 1), "id"));
	json_t *kind = list(&(struct security_event_filter){.kind = "login_failed"});
	json_t *account = list(&(struct security_event_filter){.user_id = bob.id});
	json_t *both = list(&(struct security_event_filter){.kind = "login_failed", .user_id = bob.id});
	json_t *page =
	    list(&(struct security_event_filter){.before = json_id(json_array_get(all, 3), "id"), .limit = 2});
	assert_int_equal(json_array_size(kind), 10);
	assert_int_equal(json_array_size(account), 10);
	assert_int_equal(json_array_size(both), 5);
	assert_int_equal(json_array_size(page), 2);
	assert_int_equal(json_id(json_array_get(page, 0), "id"), json_id(json_array_get(all, 4), "id"));
	assert_string_equal(json_text(json_object_get(json_array_get(both, 0), "user"), "username"), "bob");
	json_decref(all);
	json_decref(kind);
	json_decref(account);
	json_decref(both);
	json_decref(page);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	const struct CMUnitTest tests[] = {
	    TEST(a_front_reports_what_it_alone_sees_and_nothing_else),
	    TEST(of_each_kind_the_newest_are_kept),
	    TEST(they_are_listed_newest_first_by_kind_by_account_and_page_by_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
