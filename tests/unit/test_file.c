/* Files without a database: names, types, places, and addresses that sign themselves. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "crypto/stream_hash.h"
#include "domain/file/file.h"
#include "domain/file/file_url.h"
#include "http/disposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct buf out;

static int open_all(void **state)
{
	(void)state;
	secret_open();
	arena_init(&arena);
	buf_init(&out);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	buf_free(&out);
	arena_free(&arena);
	return 0;
}

static void names_become_fit_to_be_kept(void **state)
{
	(void)state;
	static const struct {
		const char *sent, *kept;
	} rows[] = {
	    {"a.txt", "a.txt"},
	    {"", "file"},
	    {".", "file"},
	    {"..", "file"},
	    {"...", "file"},
	    {"/", "file"},
	    {"../../etc/passwd", "passwd"},
	    {"C:\\Users\\me\\a.txt", "a.txt"},
	    {"a/b\\c", "c"},
	    {".bashrc", "bashrc"},
	    {"a.txt. . ", "a.txt"},
	    {"  a b.txt ", "a b.txt"},
	    {"a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"},
	    {"a\r\nSet-Cookie: x", "a_Set-Cookie_ x"},
	    {"a\x7f", "a_"},
	    {"\xff\xfe.txt", "_.txt"},
	    {"a\xe2\x80\xaegnp.exe", "a_gnp.exe"}, /* U+202E turns what follows round */
	    {"a\xef\xbb\xbf.txt", "a_.txt"},
	    {"\xe2\x98\x83.txt", "\xe2\x98\x83.txt"},
	    {"con", "_con"},
	    {"CON.tar.gz", "_CON.tar.gz"},
	    {"com1.txt", "_com1.txt"},
	    {"lpt9", "_lpt9"},
	    {"aux ", "_aux"},
	    {"console", "console"},
	    {"com10", "com10"},
	    {"100%.txt", "100%.txt"},
	    {"it's #1 & more.txt", "it's #1 & more.txt"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(file_name_clean(&arena, rows[i].sent, strlen(rows[i].sent)), rows[i].kept);
	assert_string_equal(file_name_clean(&arena, "a\0b.txt", 7), "a_b.txt");
}

/* Names of every length around the limit, of characters of every length, with endings of every length. */
static void long_names_keep_their_ending_and_whole_characters(void **state)
{
	(void)state;
	static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x98\x83", "\xf0\x9f\x98\x80"};
	static const char *const endings[] = {"", ".c", ".tar", ".0123456789abcdef", ".0123456789abcdefg"};
	for (size_t c = 0; c < 4; c++)
		for (size_t e = 0; e < 5; e++)
			for (size_t count = 50; count < 270; count++) {
				buf_clear(&out);
				for (size_t i = 0; i < count; i++)
					buf_puts(&out, characters[c]);
				buf_puts(&out, endings[e]);
				const char *name = file_name_clean(&arena, out.p, out.n);
				size_t n = strlen(name), ending_n = strlen(endings[e]);
				assert_true(n <= FILE_NAME_MAX && utf8_is_valid(name, n));
				assert_true(out.n <= FILE_NAME_MAX ? strcmp(name, out.p) == 0 : n > FILE_NAME_MAX - 4);
				if (ending_n <= 17)
					assert_string_equal(name + n - ending_n, endings[e]);
			}
}

static void what_a_browser_would_run_is_not_shown(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		enum file_show show;
	} rows[] = {
	    {"image/png", FILE_PICTURE},
	    {"image/svg+xml", FILE_DOWNLOAD},
	    {"image/bmp", FILE_DOWNLOAD},
	    {"text/html", FILE_DOWNLOAD},
	    {"text/xml", FILE_DOWNLOAD},
	    {"text/css", FILE_DOWNLOAD},
	    {"text/javascript", FILE_DOWNLOAD},
	    {"application/javascript", FILE_DOWNLOAD},
	    {"application/xhtml+xml", FILE_DOWNLOAD},
	    {"text/plain", FILE_TEXT},
	    {"text/x-c", FILE_TEXT},
	    {"application/pdf", FILE_PDF},
	    {"video/mp4", FILE_VIDEO},
	    {"audio/ogg", FILE_AUDIO},
	    {"", FILE_DOWNLOAD},
	    {"image/png;x", FILE_DOWNLOAD},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(file_show_of(rows[i].type), rows[i].show);
}

static void types_are_taken_as_configured(void **state)
{
	(void)state;
	struct config config;
	const char *why;
	config_init(&config);
	assert_true(file_type_is_taken(&config, "anything/at-all"));
	ensure(config_set(&config, CONFIG_ALLOWED_TYPES, "image/*, text/plain", &why) == ERR_OK);
	assert_true(file_type_is_taken(&config, "image/png"));
	assert_true(file_type_is_taken(&config, "text/plain"));
	assert_false(file_type_is_taken(&config, "text/plainer"));
	assert_false(file_type_is_taken(&config, "imagex/png"));
	ensure(config_set(&config, CONFIG_REFUSED_TYPES, "image/gif", &why) == ERR_OK);
	assert_false(file_type_is_taken(&config, "image/gif"));
	config_free(&config);
}

static void hashes_and_tokens_are_nothing_else(void **state)
{
	(void)state;
	char path[FILE_PATH_SIZE];
	const char *hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	assert_true(file_hash_is_valid(hash));
	assert_true(file_token_is_valid(hash + 32));
	assert_false(file_hash_is_valid(NULL) || file_hash_is_valid("") || file_hash_is_valid(hash + 1));
	assert_false(file_hash_is_valid("../3456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"));
	assert_false(file_token_is_valid(hash) || file_token_is_valid("ABCDEF6789abcdef0123456789abcdef"));
	file_path(hash, path);
	assert_string_equal(path, "files/01/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void content_in_pieces_has_the_hash_of_the_whole(void **state)
{
	(void)state;
	char whole[STREAM_HASH_SIZE], pieces[STREAM_HASH_SIZE];
	struct stream_hash hash;
	char text[300];
	memset(text, 'x', sizeof(text));
	stream_hash_begin(&hash);
	stream_hash_add(&hash, text, sizeof(text));
	stream_hash_end(&hash, whole);
	stream_hash_begin(&hash);
	for (size_t i = 0; i < sizeof(text); i++)
		stream_hash_add(&hash, text + i, 1);
	stream_hash_end(&hash, pieces);
	assert_string_equal(whole, pieces);
	/* BLAKE2b-256 of nothing. */
	stream_hash_begin(&hash);
	stream_hash_end(&hash, whole);
	assert_string_equal(whole, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static const char *marked(const struct file_address *address)
{
	struct buf *text = buf_in_arena(&arena);
	struct jw jw;
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	file_url_write(&jw, "url", address);
	jw_int(&jw, "size", 1);
	jw_object_end(&jw);
	return text->p;
}

/* The value of a query's parameter in the text. */
static const char *parameter(const char *text, const char *name)
{
	const char *at = strstr(text, name) + strlen(name);
	return arena_strndup(&arena, at, strcspn(at, "&\"\x01"));
}

static void a_marker_becomes_a_path_or_an_address_that_is_good_by_itself(void **state)
{
	(void)state;
	struct secret root = {{1}};
	struct file_urls urls = {.public_url = "https://chat.example.org", .ttl_s = 86400};
	const struct file_address address = {.channel_id = 12, .attachment_id = 345, .name = "a \"b\".txt"};
	int64_t now_ms = INT64_C(1800000000000);
	file_url_key(&root, &urls.key);
	const char *text = marked(&address);
	assert_true(file_url_is_in(text, strlen(text)));
	buf_clear(&out);
	file_url_expand_plain(text, strlen(text), &out);
	assert_string_equal(out.p, "{\"url\":\"/attachments/12/345/a%20%22b%22.txt\",\"size\":1}");
	buf_clear(&out);
	file_url_expand(&urls, now_ms, text, strlen(text), &out);
	const char *ex = parameter(out.p, "ex="), *hm = parameter(out.p, "hm=");
	assert_non_null(strstr(out.p, "\"https://chat.example.org/attachments/12/345/a%20%22b%22.txt?ex="));
	assert_true(file_url_is_signed(&urls.key, &address, ex, hm, now_ms));
	assert_true(file_url_is_signed(&urls.key, &address, ex, hm, now_ms + INT64_C(20) * 3600 * 1000));
	assert_false(file_url_is_signed(&urls.key, &address, ex, hm, now_ms + INT64_C(24) * 3600 * 1000 + 1000));
	/* Of the same day it is the same text. */
	const char *first = arena_strdup(&arena, out.p);
	buf_clear(&out);
	file_url_expand(&urls, now_ms + 1000, text, strlen(text), &out);
	assert_string_equal(out.p, first);
}

static void an_address_signs_nothing_else(void **state)
{
	(void)state;
	struct secret root = {{1}}, other_root = {{2}}, other_key;
	struct file_urls urls = {.public_url = "", .ttl_s = 600};
	struct file_address address = {.channel_id = 12, .attachment_id = 345, .name = "a"};
	file_url_key(&root, &urls.key);
	file_url_key(&other_root, &other_key);
	const char *text = marked(&address);
	file_url_expand(&urls, 1000000, text, strlen(text), &out);
	const char *ex = parameter(out.p, "ex="), *hm = parameter(out.p, "hm=");
	assert_true(file_url_is_signed(&urls.key, &address, ex, hm, 1000000));
	assert_false(file_url_is_signed(&other_key, &address, ex, hm, 1000000));
	assert_false(file_url_is_signed(&root, &address, ex, hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, "fffffff", hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, "", hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, "ffffffffffffffffffffff", hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, "-1", hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, NULL, hm, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, ex, NULL, 1000000));
	assert_false(file_url_is_signed(&urls.key, &address, ex, "", 1000000));
	for (size_t i = 0; i < strlen(hm); i++) {
		char *wrong = arena_strdup(&arena, hm);
		wrong[i] = wrong[i] == '0' ? '1' : '0';
		assert_false(file_url_is_signed(&urls.key, &address, ex, wrong, 1000000));
	}
	address.attachment_id = 346;
	assert_false(file_url_is_signed(&urls.key, &address, ex, hm, 1000000));
	/* "1/2345" is not "12/345". */
	address = (struct file_address){.channel_id = 1, .attachment_id = 2345};
	assert_false(file_url_is_signed(&urls.key, &address, ex, hm, 1000000));
}

static void markers_that_are_none_of_ours_do_no_harm(void **state)
{
	(void)state;
	static const char *const texts[] = {"",
					    "\x01",
					    "a\x01",
					    "\x01\x01",
					    "\x01"
					    "1/2\x01",
					    "\x01x/y/z\x01",
					    "\x01"
					    "1/2/3\x01\x01"};
	struct file_urls urls = {.public_url = "https://a", .ttl_s = 1};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_clear(&out);
		file_url_expand(&urls, 0, texts[i], strlen(texts[i]), &out);
		file_url_expand_plain(texts[i], strlen(texts[i]), &out);
	}
}

static void dispositions_are_one_line_of_ascii(void **state)
{
	(void)state;
	assert_string_equal(disposition_write(&arena, "inline", "a.txt"), "inline; filename=\"a.txt\"");
	assert_string_equal(disposition_write(&arena, "attachment", "a\"b\\c%d"),
			    "attachment; filename=\"a_b_c_d\"; filename*=UTF-8''a%22b%5Cc%25d");
	assert_string_equal(disposition_write(&arena, "inline", "\xe2\x98\x83.txt"),
			    "inline; filename=\"_.txt\"; filename*=UTF-8''%E2%98%83.txt");
	assert_null(strpbrk(disposition_write(&arena, "inline", "a\r\nX: y"), "\r\n"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
	const struct CMUnitTest tests[] = {
	    TEST(names_become_fit_to_be_kept),
	    TEST(long_names_keep_their_ending_and_whole_characters),
	    TEST(what_a_browser_would_run_is_not_shown),
	    TEST(types_are_taken_as_configured),
	    TEST(hashes_and_tokens_are_nothing_else),
	    TEST(content_in_pieces_has_the_hash_of_the_whole),
	    TEST(a_marker_becomes_a_path_or_an_address_that_is_good_by_itself),
	    TEST(an_address_signs_nothing_else),
	    TEST(markers_that_are_none_of_ours_do_no_harm),
	    TEST(dispositions_are_one_line_of_ascii),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
