/* Mail jobs made into mail: each template renders in strict mode, the same job gives the same bytes, and a payload that
 * is of no use says so. */
#include "domain/mail/mail.h"
#include "work/mail_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define JOB_ID INT64_C(1573606608498327552)

static struct arena arena;
static struct config config;
static struct tmpl_set *templates;

static int open_all(void **state)
{
	const char *why;
	(void)state;
	arena_init(&arena);
	config_init(&config);
	if (config_set(&config, CONFIG_PUBLIC_URL, "https://chat.example.org:8443", &why) != ERR_OK ||
	    tmpl_set_open("templates", &templates) != ERR_OK)
		return -1;
	tmpl_set_be_strict(templates);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	tmpl_set_close(templates);
	config_free(&config);
	arena_free(&arena);
	return 0;
}

/* What mail.def says that each is given. */
static const char *const samples[MAIL_COUNT] = {
    [MAIL_password_reset] = "{\"name\":\"Ada <b> {{code}}\",\"code\":\"abcd-efgh\",\"minutes\":30}",
    [MAIL_password_changed] = "{\"name\":\"Ada <b> {{code}}\",\"at\":\"2026-01-02 03:04 UTC\"}",
    [MAIL_email_changed] = "{\"name\":\"Ada <b> {{code}}\",\"at\":\"2026-01-02 03:04 UTC\"}",
};

static const char *payload_of(enum mail_kind kind, const char *to)
{
	return arena_printf(&arena, "{\"mail\":\"%s\",\"to\":\"%s\",\"expires_at_ms\":77,\"data\":%s}",
			    mail_row(kind)->name, to, samples[kind]);
}

static enum err make(const char *payload, struct mail_message *out)
{
	const char *why;
	enum err err = mail_message_make(&arena, templates, &config, JOB_ID, payload, out, &why);
	assert_int_equal(err == ERR_OK, why == NULL);
	return err;
}

static void every_mail_renders_strictly_in_both_versions(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MAIL_COUNT; i++) {
		struct mail_message mail;
		assert_non_null(samples[i]);
		if (make(payload_of((enum mail_kind)i, "ada@example.org"), &mail) != ERR_OK)
			fail_msg("%s: %s", mail_row((enum mail_kind)i)->name, tmpl_set_error(templates)->tag);
		assert_string_equal(mail.to, "ada@example.org");
		assert_string_equal(mail.from, "snug@chat.example.org");
		assert_int_equal(mail.expires_at_ms, 77);
		assert_non_null(strstr(mail.content->p, "Message-ID: <snug1573606608498327552@chat.example.org>\r\n"));
		assert_non_null(strstr(mail.content->p, "Hello Ada <b> {{code}},"));
		assert_non_null(strstr(mail.content->p, "Ada &lt;b&gt; {{code}}"));
		for (const char *p = mail.content->p; *p != '\0'; p++)
			assert_true((*p >= ' ' && *p <= '~') || *p == '\r' || *p == '\n' || *p == '\t');
	}
}

/* A worker that died may have sent it already: the second one has to be known as the same. */
static void the_same_job_gives_the_same_bytes(void **state)
{
	struct mail_message first, second;
	(void)state;
	assert_int_equal(make(payload_of(MAIL_password_reset, "ada@example.org"), &first), ERR_OK);
	assert_int_equal(make(payload_of(MAIL_password_reset, "ada@example.org"), &second), ERR_OK);
	assert_string_equal(first.content->p, second.content->p);
}

static void the_sender_is_who_the_configuration_says(void **state)
{
	struct mail_message mail;
	const char *why;
	(void)state;
	assert_int_equal(config_set(&config, CONFIG_MAIL_FROM, "chat@example.net", &why), ERR_OK);
	assert_int_equal(make(payload_of(MAIL_password_reset, "ada@example.org"), &mail), ERR_OK);
	assert_string_equal(mail.from, "chat@example.net");
	assert_non_null(strstr(mail.content->p, "\r\nFrom: Snug <chat@example.net>\r\n"));
}

static void what_is_no_mail_is_refused(void **state)
{
	struct mail_message mail;
	static const char *const payloads[] = {
	    "",
	    "{",
	    "[]",
	    "{}",
	    "{\"mail\":\"password_reset\",\"to\":\"ada@example.org\"}",
	    "{\"mail\":\"password_reset\",\"to\":\"ada@example.org\",\"data\":[]}",
	    "{\"mail\":\"nothing\",\"to\":\"ada@example.org\",\"data\":{}}",
	    "{\"mail\":\"../page/login\",\"to\":\"ada@example.org\",\"data\":{}}",
	    "{\"mail\":\"password_reset\",\"to\":\"ada@example.org\",\"data\":{}}", /* strict: names are missing */
	};
	(void)state;
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++)
		if (make(payloads[i], &mail) == ERR_OK)
			fail_msg("%s passes", payloads[i]);
	assert_int_equal(make(payload_of(MAIL_password_reset, "ada@example.org\\r\\nBcc: eve@example.org"), &mail),
			 ERR_BAD_REQUEST);
	assert_int_equal(make(payload_of(MAIL_password_reset, "<eve@example.org>"), &mail), ERR_BAD_REQUEST);
	assert_int_equal(make(payload_of(MAIL_password_reset, ""), &mail), ERR_BAD_REQUEST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
	static const struct CMUnitTest tests[] = {
	    TEST(every_mail_renders_strictly_in_both_versions),
	    TEST(the_same_job_gives_the_same_bytes),
	    TEST(the_sender_is_who_the_configuration_says),
	    TEST(what_is_no_mail_is_refused),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
