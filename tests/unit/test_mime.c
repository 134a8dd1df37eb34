/* Mail as bytes: no value can end a header or a part, lines are short and ASCII, and what went in can be read out. */
#include "base/ensure.h"
#include "text/mime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static int open_buffer(void **state)
{
	(void)state;
	buf_init(&out);
	buf_puts(&out, "");
	return 0;
}

static int close_buffer(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

static const struct mime_mail plain = {
    .from_name = "Snug",
    .from = "snug@example.org",
    .to = "ada@example.org",
    .subject = "Hello",
    .id = "snug42",
    .domain = "chat.example.org",
    .sent_at_ms = INT64_C(1767323045678),
    .text = {"Text\n", 5},
    .html = {"<p>Text</p>\n", 12},
};

static void a_mail_is_what_rfc_5322_and_2046_say(void **state)
{
	(void)state;
	assert_int_equal(mime_write(&plain, &out), ERR_OK);
	assert_string_equal(out.p, "Date: Fri, 2 Jan 2026 03:04:05 +0000\r\n"
				   "From: Snug <snug@example.org>\r\n"
				   "To: <ada@example.org>\r\n"
				   "Subject: Hello\r\n"
				   "Message-ID: <snug42@chat.example.org>\r\n"
				   "MIME-Version: 1.0\r\n"
				   "Auto-Submitted: auto-generated\r\n"
				   "Content-Type: multipart/alternative; boundary=\"=_snug42\"\r\n"
				   "\r\n"
				   "--=_snug42\r\n"
				   "Content-Type: text/plain; charset=utf-8\r\n"
				   "Content-Transfer-Encoding: quoted-printable\r\n"
				   "\r\n"
				   "Text\r\n"
				   "\r\n"
				   "--=_snug42\r\n"
				   "Content-Type: text/html; charset=utf-8\r\n"
				   "Content-Transfer-Encoding: quoted-printable\r\n"
				   "\r\n"
				   "<p>Text</p>\r\n"
				   "\r\n"
				   "--=_snug42--\r\n");
}

static void only_addresses_that_servers_take_as_they_stand_are_addresses(void **state)
{
	static const char *const good[] = {"a@b", "ada.lovelace+chat@mail.example.org", "x_y-z'!#$%&*/=?^`{|}~@1.2"};
	static const char *const bad[] = {
	    "",     "a",       "@b",           "a@",      "a@b@c",      "a b@c",  "a\r\nBcc: x@y", "a@b\n",  "<a@b>",
	    "a@b>", "\"a\"@b", "a@[1.2]",      "a@b,c@d", "a@-b",       ".a@b",   "a.@b",          "a..b@c", "a@b..c",
	    "a@.b", "a@b.",    "ad\xc3\xa4@b", "a@b\tc",  "a@\xc3\xa4", "a(x)@b", "a;b@c",         "a\\b@c"};
	char longest[400];
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(mime_is_address(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mime_is_address(bad[i]))
			fail_msg("\"%s\" passes", bad[i]);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + 64, "@", 1);
	longest[254] = 0;
	assert_true(mime_is_address(longest));
	longest[254] = 'a';
	longest[255] = 0;
	assert_false(mime_is_address(longest));
	memcpy(longest, "a@", 2);
	memset(longest + 2, 'a', 63);
	memcpy(longest + 64, "a@b", 4);
	assert_false(mime_is_address(longest));
}

static void what_is_no_address_sends_nothing(void **state)
{
	struct mime_mail mail = plain;
	(void)state;
	mail.to = "ada@example.org>\r\nBcc: <eve@example.org";
	assert_int_equal(mime_write(&mail, &out), ERR_BAD_REQUEST);
	mail = plain;
	mail.from = "snug";
	assert_int_equal(mime_write(&mail, &out), ERR_BAD_REQUEST);
	mail = plain;
	mail.id = "snug\r\nBcc: x";
	assert_int_equal(mime_write(&mail, &out), ERR_BAD_REQUEST);
	mail = plain;
	mail.domain = "a>b";
	assert_int_equal(mime_write(&mail, &out), ERR_BAD_REQUEST);
	assert_int_equal(out.n, 0);
}

static void a_subject_and_a_name_cannot_end_their_line(void **state)
{
	struct mime_mail mail = plain;
	(void)state;
	mail.subject = "Hi\r\nBcc: eve@example.org\r\n\r\n<script>";
	mail.from_name = "S\nnug\" <eve@example.org>, \"";
	assert_int_equal(mime_write(&mail, &out), ERR_OK);
	assert_null(strstr(out.p, "\nBcc"));
	assert_null(strstr(out.p, "eve@"));
	assert_non_null(strstr(out.p, "Subject: =?UTF-8?B?SGkNCkJjYzog"));
}

static void headers_are_ascii_or_encoded_words_that_cut_no_character(void **state)
{
	(void)state;
	mime_header_text("Plain words.", &out);
	assert_string_equal(out.p, "Plain words.");
	buf_clear(&out);
	mime_header_text("\xc3\x84rger", &out);
	assert_string_equal(out.p, "=?UTF-8?B?w4RyZ2Vy?=");
	buf_clear(&out);
	mime_header_text("=?UTF-8?B?dHJpY2s=?=", &out);
	assert_string_equal(out.p, "=?UTF-8?B?PT9VVEYtOD9CP2RISnBZMnM9Pz0=?=");
	buf_clear(&out);
	/* 44 bytes and then a character of two: it goes into the second word whole. */
	mime_header_text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4", &out);
	assert_string_equal(out.p, "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n"
				   " =?UTF-8?B?w6Q=?=");
	buf_clear(&out);
	/* Bytes that are no UTF-8 end too. */
	mime_header_text(
	    "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"
	    "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
	    &out);
	assert_true(out.n > 0);
}

static void quoted(const char *text, const char *expected)
{
	buf_clear(&out);
	mime_quoted_printable((struct str){text, strlen(text)}, &out);
	assert_string_equal(out.p, expected);
}

static void quoted_printable_is_what_rfc_2045_says(void **state)
{
	(void)state;
	quoted("a=b\n", "a=3Db\r\n");
	quoted("\xe2\x82\xac", "=E2=82=AC\r\n");
	quoted("end \nend\t\n", "end=20\r\nend=09\r\n");
	quoted("a\rb\n", "a=0Db\r\n");
	quoted(".\n..\nFrom here\n", "=2E\r\n=2E.\r\n=46rom here\r\n");
	quoted("two\n\nlines", "two\r\n\r\nlines\r\n");
}

static int hex(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Whatever it is: short lines, ASCII, no bare CR or LF, no boundary, no lone dot; and decoding gives it back. */
static void every_text_survives_in_short_lines(void **state)
{
	(void)state;
	uint64_t random = 1;
	for (int round = 0; round < 2000; round++) {
		char text[600], back[600];
		size_t n = 0, back_n = 0, column = 0;
		random = random * 6364136223846793005u + 1442695040888963407u;
		n = (size_t)(random >> 33) % sizeof(text);
		for (size_t i = 0; i < n; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			text[i] = round % 2 == 0 ? (char)(random >> 56) : " .=_F\nab"[random >> 61];
		}
		buf_clear(&out);
		mime_quoted_printable((struct str){text, n}, &out);
		assert_null(memmem(out.p, out.n, "=_", 2));
		assert_null(memmem(out.p, out.n, "\n.", 2));
		for (size_t i = 0; i < out.n; i++) {
			unsigned char c = (unsigned char)out.p[i];
			assert_true((c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
			assert_true((c == '\r') == (i + 1 < out.n && out.p[i + 1] == '\n'));
			column = c == '\r' || c == '\n' ? 0 : column + 1;
			assert_true(column <= MIME_LINE_MAX);
			if (c == '=' && out.p[i + 1] == '\r') {
				i += 2;
				column = 0;
			} else if (c == '=') {
				back[back_n++] = (char)(hex(out.p[i + 1]) << 4 | hex(out.p[i + 2]));
				i += 2;
				column += 2;
			} else if (c != '\r') {
				if (back_n < sizeof(back))
					back[back_n++] = (char)c;
			}
		}
		/* A last line that had no end has one now. */
		assert_true(back_n == n || (back_n == n + 1 && n > 0 && text[n - 1] != '\n'));
		assert_memory_equal(back, text, n);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_buffer, close_buffer)
	static const struct CMUnitTest tests[] = {
	    TEST(a_mail_is_what_rfc_5322_and_2046_say),
	    cmocka_unit_test(only_addresses_that_servers_take_as_they_stand_are_addresses),
	    TEST(what_is_no_address_sends_nothing),
	    TEST(a_subject_and_a_name_cannot_end_their_line),
	    TEST(headers_are_ascii_or_encoded_words_that_cut_no_character),
	    TEST(quoted_printable_is_what_rfc_2045_says),
	    TEST(every_text_survives_in_short_lines),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
