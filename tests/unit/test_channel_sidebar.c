/* What a person's own lists of channels show: sidebar, browsing, whom one may add, where one lands; and a channel that
 * becomes private or public. */
#include "base/clock.h"
#include "domain/channel/channel_browse.h"
#include "domain/channel/channel_sidebar.h"
#include "ops_fixture.h"
#include "json/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, cleo;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	cleo = ops_join(&ops, "cleo");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* Makes a channel by ada; more is further members of the input, in the manner of ops_json. */
static int64_t make(const char *name, const char *more)
{
	json_t *in = ops_json("{'guild_id':'%lld','name':'%s'%s}", (long long)ops.guild_id, name, more);
	assert_op(&ops, &ops.ada, "channel_create", in, ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static enum err on_channel(const struct person *who, const char *op, int64_t channel_id, const char *more)
{
	return ops_run(&ops, who, op, ops_json("{'channel_id':'%lld'%s}", (long long)channel_id, more));
}

static struct view *parsed(const struct buf *text)
{
	struct view *view;
	assert_int_equal(view_parse(&ops.arena, text->p, text->n, &view), ERR_OK);
	return view;
}

static void put_names(struct buf *out, const struct view *channels)
{
	for (const struct view *each = channels->first; each; each = each->next) {
		struct str name = view_text(each, "name");
		buf_printf(out, " %s%.*s%s", view_find(each, "private")->type == VIEW_TRUE ? "!" : "", (int)name.n,
			   name.p, view_find(each, "muted")->type == VIEW_TRUE ? "~" : "");
		const struct view *threads = view_find(each, "threads");
		if (threads != NULL && threads->first != NULL) {
			buf_puts(out, " (");
			put_names(out, threads);
			buf_puts(out, ")");
		}
	}
}

/* "-: general bikes; Projects: !vault; more: attic" as the user sees it: ! is private, ~ muted. */
static const char *sidebar_of(const struct person *who, int64_t current_id)
{
	const struct channel_sidebar whose = {who->id, current_id, clock_now_ms()};
	struct buf *text = buf_in_arena(&ops.arena), *out = buf_in_arena(&ops.arena);
	struct jw jw;

	jw_init(&jw, text);
	assert_int_equal(channel_sidebar_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, &whose), ERR_OK);
	const struct view *list = parsed(text);
	for (const struct view *group = view_find(list, "groups")->first; group; group = group->next) {
		struct str name = view_text(group, "name");
		buf_printf(out, "%.*s:", (int)name.n, name.p);
		put_names(out, view_find(group, "channels"));
		buf_puts(out, "; ");
	}
	buf_puts(out, "more:");
	put_names(out, view_find(list, "more"));
	return out->p;
}

static void test_the_sidebar_holds_what_one_is_in_by_category(void **state)
{
	(void)state;
	int64_t category = make("Projects", ",'type':4");
	int64_t bikes = make("bikes", "");
	(void)make("vault", arena_printf(&ops.arena, ",'private':true,'parent_id':'%lld'", (long long)category));
	assert_string_equal(sidebar_of(&ops.ada, 0), ": general bikes; Projects: !vault; more:");
	assert_string_equal(sidebar_of(&bob, 0), ": general; more: bikes");
	assert_op(&ops, &bob, "channel_join", ops_json("{'channel_id':'%lld'}", (long long)bikes), ERR_OK);
	assert_string_equal(sidebar_of(&bob, 0), ": general bikes; more:");
	assert_int_equal(on_channel(&bob, "channel_settings", bikes, ",'muted':true"), ERR_OK);
	assert_string_equal(sidebar_of(&bob, 0), ": general bikes~; more:");
	assert_string_equal(sidebar_of(&ops.ada, 0), ": general bikes; Projects: !vault; more:");
}

static int64_t start(const struct person *who, int64_t channel_id, const char *name, int type)
{
	json_t *in = ops_json("{'channel_id':'%lld','name':'%s','type':%d}", (long long)channel_id, name, type);
	assert_op(&ops, who, "thread_create", in, ERR_OK);
	return ops_result_id(&ops, "thread", "id");
}

static void test_threads_that_one_follows_stand_below_their_channel(void **state)
{
	(void)state;
	int64_t bikes = make("bikes", ""), open = start(&ops.ada, bikes, "tyres", 11);
	int64_t hidden = start(&ops.ada, ops.general_id, "secret", 12);
	assert_string_equal(sidebar_of(&ops.ada, 0), ": general ( !secret) bikes ( tyres); more:");
	assert_string_equal(sidebar_of(&bob, 0), ": general; more: bikes");
	assert_string_equal(sidebar_of(&bob, open), ": general; more: bikes ( tyres)"); /* the open one */
	assert_int_equal(on_channel(&bob, "thread_join", open, ""), ERR_OK);
	assert_string_equal(sidebar_of(&bob, 0), ": general; more: bikes ( tyres)");
	assert_int_equal(on_channel(&bob, "channel_settings", open, ",'muted':true"), ERR_OK);
	assert_string_equal(sidebar_of(&bob, 0), ": general; more: bikes ( tyres~)");
	assert_int_equal(on_channel(&ops.ada, "channel_update", open, ",'archived':true"), ERR_OK);
	assert_string_equal(sidebar_of(&bob, 0), ": general; more: bikes");
	assert_string_equal(sidebar_of(&bob, open), ": general; more: bikes ( tyres)");
	assert_int_equal(on_channel(&ops.ada, "channel_delete", hidden, ""), ERR_OK);
	assert_string_equal(sidebar_of(&ops.ada, 0), ": general bikes; more:");
}

static void test_a_channel_with_a_thread_that_one_follows_is_among_those_shown(void **state)
{
	(void)state;
	for (int i = 0; i < CHANNEL_SIDEBAR_MORE_MAX; i++)
		(void)make(arena_printf(&ops.arena, "c%d", i), "");
	int64_t last = make("last", ""), thread = start(&ops.ada, last, "talk", 11);
	assert_null(strstr(sidebar_of(&bob, 0), "last"));
	assert_int_equal(on_channel(&bob, "thread_join", thread, ""), ERR_OK);
	assert_non_null(strstr(sidebar_of(&bob, 0), " last ( talk)"));
}

static void test_archived_channels_are_shown_only_while_they_are_open(void **state)
{
	(void)state;
	int64_t bikes = make("bikes", "");
	assert_int_equal(on_channel(&ops.ada, "channel_update", bikes, ",'archived':true"), ERR_OK);
	assert_string_equal(sidebar_of(&ops.ada, 0), ": general; more:");
	assert_string_equal(sidebar_of(&ops.ada, bikes), ": general bikes; more:");
	assert_string_equal(sidebar_of(&bob, bikes), ": general; more: bikes");
}

static void test_of_many_channels_to_join_a_few_are_shown_and_always_the_open_one(void **state)
{
	(void)state;
	int64_t last = 0;
	for (int i = 0; i < CHANNEL_SIDEBAR_MORE_MAX + 3; i++)
		last = make(arena_printf(&ops.arena, "c%d", i), "");
	assert_null(strstr(sidebar_of(&bob, 0), arena_printf(&ops.arena, " c%d", CHANNEL_SIDEBAR_MORE_MAX)));
	assert_non_null(strstr(sidebar_of(&bob, 0), arena_printf(&ops.arena, " c%d", CHANNEL_SIDEBAR_MORE_MAX - 1)));
	assert_non_null(strstr(sidebar_of(&bob, last), arena_printf(&ops.arena, " c%d", CHANNEL_SIDEBAR_MORE_MAX + 2)));
}

/* How many direct messages and groups the user is shown. */
static size_t directs_of(const struct person *who, int64_t current_id)
{
	const struct channel_sidebar whose = {who->id, current_id, clock_now_ms()};
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;

	jw_init(&jw, text);
	assert_int_equal(channel_sidebar_direct_to_json(ops.engine.db, &ops.arena, &jw, NULL, &whose), ERR_OK);
	return view_count(parsed(text));
}

static void test_a_direct_message_that_was_closed_is_listed_while_it_is_open(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "direct_create", ops_json("{'recipient_id':'%lld'}", (long long)bob.id), ERR_OK);
	int64_t direct = ops_result_id(&ops, "channel", "id"), last;
	assert_int_equal(directs_of(&ops.ada, 0), 1);
	assert_int_equal(directs_of(&bob, 0), 0);
	assert_int_equal(directs_of(&bob, direct), 1);
	assert_int_equal(directs_of(&cleo, direct), 0);
	assert_int_equal(on_channel(&ops.ada, "channel_delete", direct, ""), ERR_OK);
	assert_int_equal(directs_of(&ops.ada, 0), 0);
	assert_int_equal(directs_of(&ops.ada, direct), 1);
	(void)ops_message(&ops, &ops.ada, direct, "hello");
	assert_int_equal(directs_of(&ops.ada, 0), 1);
	assert_int_equal(channel_last_direct(ops.engine.db, bob.id, &last), ERR_OK);
	assert_int_equal(last, direct);
}

static int64_t first_of(const struct person *who)
{
	int64_t id;
	assert_int_equal(channel_first_to_open(ops.engine.db, &ops.arena, ops.guild_id, who->id, &id), ERR_OK);
	return id;
}

static void test_one_lands_in_a_channel_that_one_is_in(void **state)
{
	(void)state;
	int64_t attic = make("attic", ",'position':0"), bikes = make("bikes", "");
	ops_sql(&ops, "UPDATE channels SET position = -1 WHERE id = %lld", (long long)attic);
	assert_int_equal(first_of(&bob), ops.general_id);
	assert_op(&ops, &bob, "channel_leave", ops_json("{'channel_id':'%lld'}", (long long)ops.general_id), ERR_OK);
	assert_int_equal(first_of(&bob), attic);
	assert_int_equal(on_channel(&ops.ada, "channel_update", attic, ",'archived':true"), ERR_OK);
	assert_int_equal(first_of(&bob), ops.general_id);
	assert_op(&ops, &bob, "channel_join", ops_json("{'channel_id':'%lld'}", (long long)bikes), ERR_OK);
	assert_int_equal(first_of(&bob), bikes);
	struct person stranger = {.id = 1};
	int64_t id;
	assert_int_equal(channel_first_to_open(ops.engine.db, &ops.arena, ops.guild_id, stranger.id, &id),
			 ERR_UNKNOWN_GUILD);
}

static const char *browsed_by(const struct person *who)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;

	jw_init(&jw, text);
	assert_int_equal(channel_browse_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, who->id), ERR_OK);
	return text->p;
}

static void test_browsing_shows_what_may_be_seen_and_how_many_are_there(void **state)
{
	(void)state;
	int64_t vault = make("vault", ",'private':true");
	int64_t category = make("Projects", ",'type':4");
	(void)make("bikes", arena_printf(&ops.arena, ",'topic':'Two wheels','parent_id':'%lld'", (long long)category));
	const char *seen = browsed_by(&bob);
	assert_null(strstr(seen, "vault"));
	assert_non_null(strstr(seen, "\"topic\":\"Two wheels\",\"private\":false,\"archived\":false,\"joined\":false,"
				     "\"people\":1"));
	assert_non_null(strstr(seen, "\"name\":\"general\""));
	assert_non_null(strstr(seen, "\"joined\":true,\"people\":3"));
	assert_op(&ops, &ops.ada, "channel_member_add",
		  ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)vault, (long long)bob.id), ERR_OK);
	assert_non_null(strstr(browsed_by(&bob), "vault"));
}

/* The user names of those who could be added. */
static const char *candidates(int64_t channel_id, const char *query)
{
	const struct channel_candidates which = {ops.guild_id, channel_id, ops.ada.id, query};
	struct buf *text = buf_in_arena(&ops.arena), *out = buf_in_arena(&ops.arena);
	struct jw jw;

	jw_init(&jw, text);
	assert_int_equal(channel_candidates_to_json(ops.engine.db, &ops.arena, &jw, NULL, &which), ERR_OK);
	for (const struct view *each = parsed(text)->first; each; each = each->next)
		buf_printf(out, " %.*s", (int)view_text(each, "username").n, view_text(each, "username").p);
	return out->n > 0 ? out->p : "";
}

static void test_whom_one_may_add_is_who_is_not_in_it_nor_banned(void **state)
{
	(void)state;
	int64_t vault = make("vault", ",'private':true");
	assert_string_equal(candidates(0, NULL), " bob cleo");
	assert_string_equal(candidates(vault, ""), " bob cleo");
	assert_string_equal(candidates(vault, "EO"), " cleo");
	assert_string_equal(candidates(vault, "%"), "");
	assert_string_equal(candidates(vault, "_"), "");
	assert_string_equal(candidates(vault, "!"), "");
	assert_op(&ops, &ops.ada, "channel_member_add",
		  ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)vault, (long long)bob.id), ERR_OK);
	assert_string_equal(candidates(vault, NULL), " cleo");
	assert_op(&ops, &ops.ada, "channel_ban_create",
		  ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)vault, (long long)cleo.id), ERR_OK);
	assert_string_equal(candidates(vault, NULL), "");
}

static bool sees(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	return perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits) == ERR_OK;
}

static void test_who_is_in_a_channel_stays_when_it_becomes_private(void **state)
{
	(void)state;
	int64_t bikes = make("bikes", "");
	assert_op(&ops, &bob, "channel_join", ops_json("{'channel_id':'%lld'}", (long long)bikes), ERR_OK);
	assert_true(sees(&cleo, bikes));
	assert_int_equal(on_channel(&bob, "channel_update", bikes, ",'private':true"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(on_channel(&ops.ada, "channel_update", bikes, ",'private':true"), ERR_OK);
	assert_true(sees(&ops.ada, bikes) && sees(&bob, bikes));
	assert_false(sees(&cleo, bikes));
	assert_int_equal(on_channel(&ops.ada, "channel_update", bikes, ",'private':true"), ERR_OK);
	assert_int_equal(on_channel(&ops.ada, "channel_update", bikes, ",'private':false"), ERR_OK);
	assert_true(sees(&cleo, bikes));
	int64_t category = make("Projects", ",'type':4");
	assert_int_equal(on_channel(&ops.ada, "channel_update", category, ",'private':true"), ERR_CHANNEL_TYPE);
}

/* Whoever owns a channel without any role in the workspace keeps it when it becomes private. */
static void test_the_owner_of_a_channel_makes_it_private_and_stays(void **state)
{
	(void)state;
	int64_t bikes = make("bikes", "");
	assert_op(&ops, &bob, "channel_join", ops_json("{'channel_id':'%lld'}", (long long)bikes), ERR_OK);
	assert_op(&ops, &ops.ada, "channel_owner",
		  ops_json("{'channel_id':'%lld','user_id':'%lld'}", (long long)bikes, (long long)bob.id), ERR_OK);
	assert_int_equal(on_channel(&bob, "channel_update", bikes, ",'private':true"), ERR_OK);
	assert_true(sees(&bob, bikes) && sees(&ops.ada, bikes));
	assert_false(sees(&cleo, bikes));
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld", (long long)bikes), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_sidebar_holds_what_one_is_in_by_category, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_threads_that_one_follows_stand_below_their_channel, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_a_channel_with_a_thread_that_one_follows_is_among_those_shown,
					    open_set_up, close_database),
	    cmocka_unit_test_setup_teardown(test_archived_channels_are_shown_only_while_they_are_open, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_of_many_channels_to_join_a_few_are_shown_and_always_the_open_one,
					    open_set_up, close_database),
	    cmocka_unit_test_setup_teardown(test_a_direct_message_that_was_closed_is_listed_while_it_is_open,
					    open_set_up, close_database),
	    cmocka_unit_test_setup_teardown(test_one_lands_in_a_channel_that_one_is_in, open_set_up, close_database),
	    cmocka_unit_test_setup_teardown(test_browsing_shows_what_may_be_seen_and_how_many_are_there, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_whom_one_may_add_is_who_is_not_in_it_nor_banned, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_who_is_in_a_channel_stays_when_it_becomes_private, open_set_up,
					    close_database),
	    cmocka_unit_test_setup_teardown(test_the_owner_of_a_channel_makes_it_private_and_stays, open_set_up,
					    close_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
