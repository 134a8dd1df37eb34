/* The window of the newest events: what it holds, what it lets go, what it forgets. */
#include "live/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void push(struct window *window, int64_t seq, const char *type, int64_t channel_id, int64_t message_id,
		 const char *payload)
{
	window_push(window, &(const struct event){.seq = seq,
						  .type = type,
						  .channel_id = channel_id,
						  .message_id = message_id,
						  .payload = payload,
						  .payload_n = strlen(payload)});
}

/* The invariants of the header, seen from outside. */
static void check_whole(const struct window *window)
{
	uint64_t number = window_find(window, window->after);
	int64_t seq = window->after;
	size_t bytes = 0, count = 0;
	for (const struct item *item; (item = window_at(window, number)) != NULL; number++) {
		assert_true(item->event.seq > seq);
		seq = item->event.seq;
		bytes += item->bytes;
		count++;
	}
	assert_int_equal(count, window->count);
	assert_int_equal(bytes, window->bytes);
	assert_true(count == 0 || seq == window->head);
	assert_true(count <= WINDOW_ITEMS_MAX);
	assert_true(bytes <= WINDOW_BYTES_MAX || count == 1);
}

static void it_holds_the_newest_and_knows_where_they_begin(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 1000);
	for (int64_t seq = 1001; seq < 1001 + 3 * WINDOW_ITEMS_MAX; seq++) {
		push(&window, seq, "T", 1, seq, "{}");
		check_whole(&window);
	}
	assert_int_equal(window.after, 1000 + 2 * WINDOW_ITEMS_MAX);
	for (int64_t cursor = window.after; cursor <= window.head; cursor++) {
		const struct item *item = window_at(&window, window_find(&window, cursor));
		if (cursor == window.head)
			assert_null(item);
		else
			assert_int_equal(item->event.seq, cursor + 1);
	}
	window_reset(&window, 5);
	assert_int_equal(window.count, 0);
	assert_int_equal(window.bytes, 0);
	assert_int_equal(window.head, 5);
}

static void holes_between_numbers_do_no_harm(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 10);
	for (int64_t seq = 20; seq <= 200; seq += 20)
		push(&window, seq, "T", 1, seq, "{}");
	for (int64_t cursor = 10; cursor < 200; cursor++)
		assert_int_equal(window_at(&window, window_find(&window, cursor))->event.seq, cursor / 20 * 20 + 20);
	assert_int_equal(window.after, 10); /* nothing stands between 10 and 20 */
	window_reset(&window, 0);
}

static void big_events_and_their_forms_push_the_oldest_out(void **state)
{
	struct window window;
	char *big = calloc(1, 100 * 1024);
	(void)state;
	memset(big, 'x', 100 * 1024 - 1);
	window_init(&window, 0);
	for (int64_t seq = 1; seq <= 50; seq++) {
		push(&window, seq, "T", 1, seq, big);
		check_whole(&window);
		struct item *item = window_at(&window, window_find(&window, seq - 1));
		window_set_form(&window, item, ITEM_SSE, chunk_make(big, 100 * 1024));
		window_set_form(&window, item, ITEM_PAGE, NULL);
		check_whole(&window);
		assert_int_equal(window_at(&window, window_find(&window, seq - 1))->event.seq, seq);
	}
	assert_true(window.count < 11 && window.count > 5);
	window_trim(&window, WINDOW_BYTES_IDLE);
	check_whole(&window);
	assert_int_equal(window.count, 1);
	window_reset(&window, 0);
	free(big);
}

static void a_form_lives_on_with_who_holds_it(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 0);
	push(&window, 1, "T", 1, 7, "{}");
	struct chunk *chunk = chunk_make("text", 4);
	window_set_form(&window, window_at(&window, window_find(&window, 0)), ITEM_SSE, chunk_hold(chunk));
	window_reset(&window, 1);
	assert_int_equal(chunk->holders, 1);
	assert_memory_equal(chunk->p, "text", 4);
	chunk_drop(chunk);
}

static void a_deleted_message_leaves_only_its_number(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 0);
	push(&window, 1, "MESSAGE_CREATE", 9, 70, "{\"content\":\"secret\"}");
	push(&window, 2, "MESSAGE_CREATE", 9, 71, "{\"content\":\"kept\"}");
	push(&window, 3, "MESSAGE_UPDATE", 9, 70, "{\"content\":\"secret too\"}");
	struct item *first = window_at(&window, window_find(&window, 0));
	window_set_form(&window, first, ITEM_SSE, chunk_make("secret", 6));
	window_scrub_message(&window, 70);
	push(&window, 4, "MESSAGE_DELETE", 9, 70, "{\"id\":\"70\"}");
	window_scrub_message(&window, 70);
	check_whole(&window);
	static const char *const types[] = {"_SCRUBBED", "MESSAGE_CREATE", "_SCRUBBED", "MESSAGE_DELETE"};
	for (int64_t seq = 1; seq <= 4; seq++) {
		const struct item *item = window_at(&window, window_find(&window, seq - 1));
		assert_string_equal(item->event.type, types[seq - 1]);
		assert_null(strstr(item->event.payload, "secret"));
		assert_null(item->forms[ITEM_SSE]);
		assert_false(item->is_encoded[ITEM_SSE]);
	}
	assert_null(memmem(first + 1, first->bytes - sizeof(*first), "secret", 6)); /* nor does its memory hold it */
	window_reset(&window, 0);
}

/* What was encoded of an answer shows what it answers. */
static void answers_forget_what_they_showed_of_a_deleted_message(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 0);
	push(&window, 1, "MESSAGE_CREATE", 9, 71,
	     "{\"referenced_message\":\x02"
	     "9/70\x02}");
	push(&window, 2, "MESSAGE_CREATE", 9, 72,
	     "{\"referenced_message\":\x02"
	     "9/7\x02}");
	push(&window, 3, "MESSAGE_CREATE", 9, 73, "{\"content\":\"9/70\"}");
	for (int64_t seq = 1; seq <= 3; seq++) {
		struct item *item = window_at(&window, window_find(&window, seq - 1));
		assert_int_equal(item->is_answer, seq < 3);
		window_set_form(&window, item, ITEM_SSE, chunk_make("secret", 6));
	}
	window_scrub_message(&window, 70);
	check_whole(&window);
	for (int64_t seq = 1; seq <= 3; seq++) {
		const struct item *item = window_at(&window, window_find(&window, seq - 1));
		assert_string_equal(item->event.type, "MESSAGE_CREATE");
		assert_int_equal(item->is_encoded[ITEM_SSE], seq > 1);
		assert_int_equal(item->forms[ITEM_SSE] != NULL, seq > 1);
	}
	window_reset(&window, 0);
}

static void a_deleted_channel_takes_its_messages_along(void **state)
{
	struct window window;
	(void)state;
	window_init(&window, 0);
	push(&window, 1, "MESSAGE_CREATE", 9, 70, "{}");
	push(&window, 2, "MESSAGE_CREATE", 8, 71, "{}");
	push(&window, 3, "CHANNEL_UPDATE", 9, 0, "{}");
	window_scrub_channel(&window, 9);
	assert_string_equal(window_at(&window, 0)->event.type, "_SCRUBBED");
	assert_string_equal(window_at(&window, 1)->event.type, "MESSAGE_CREATE");
	assert_string_equal(window_at(&window, 2)->event.type, "CHANNEL_UPDATE");
	window_reset(&window, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_holds_the_newest_and_knows_where_they_begin),
	    cmocka_unit_test(holes_between_numbers_do_no_harm),
	    cmocka_unit_test(big_events_and_their_forms_push_the_oldest_out),
	    cmocka_unit_test(a_form_lives_on_with_who_holds_it),
	    cmocka_unit_test(a_deleted_message_leaves_only_its_number),
	    cmocka_unit_test(answers_forget_what_they_showed_of_a_deleted_message),
	    cmocka_unit_test(a_deleted_channel_takes_its_messages_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
