/* What an open page is sent of an event: its fragment, or that there is one to be fetched. */
#include "live/page.h"
#include "live_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

/* A message whose text has that many characters, as no op would let it be. */
static const char *sent_of_text(size_t n, struct buf *out)
{
	static const char head[] =
	    "{\"id\":\"7\",\"channel_id\":\"5\",\"guild_id\":\"3\",\"type\":0,\"author\":"
	    "{\"id\":\"9\",\"username\":\"ann\"},\"timestamp\":\"2026-01-02T03:04:05.000000+00:00\","
	    "\"content\":\"";
	struct buf *payload = buf_in_arena(&rig.ops.arena);
	buf_puts(payload, head);
	for (size_t i = 0; i < n; i++)
		buf_putc(payload, 'x');
	buf_puts(payload, "\"}");
	const struct event event = {.seq = 42,
				    .type = "MESSAGE_CREATE",
				    .guild_id = 3,
				    .channel_id = 5,
				    .message_id = 7,
				    .payload = payload->p,
				    .payload_n = payload->n};
	buf_init(out);
	assert_true(page_transport.encode(rig.live, ITEM_PAGE, &event, out));
	buf_putc(out, '\0');
	return out->p;
}

static void a_message_is_a_fragment_and_a_note(void **state)
{
	struct buf out;
	const char *sent = sent_of_text(100, &out);
	(void)state;
	assert_non_null(strstr(sent, "event: MESSAGE_CREATE\n"));
	assert_non_null(strstr(sent, "id=\"m-7\""));
	assert_non_null(strstr(sent, "event: NOTE\n"));
	assert_null(strstr(sent, "event: gap\n"));
	buf_free(&out);
}

static void a_fragment_that_is_too_large_is_a_gap(void **state)
{
	struct buf out;
	const char *sent = sent_of_text(300 * 1024, &out);
	(void)state;
	assert_non_null(strstr(sent, "event: gap\ndata: {\"after\":41,\"next\":42}\nid: 42\n\n"));
	assert_null(strstr(sent, "event: MESSAGE_CREATE\n"));
	assert_true(out.n < 1024);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_message_is_a_fragment_and_a_note, open_rig, close_rig),
	    cmocka_unit_test_setup_teardown(a_fragment_that_is_too_large_is_a_gap, open_rig, close_rig),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
