/* Multipart forms: every body is fed whole, in two pieces cut at every place, and one byte at a time, and has to read
 * the same each time. */
#include "base/arena.h"
#include "base/buf.h"
#include "http/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What was read, as text: "[name|file|type]data" for each part, "." for the end and "!" for what is malformed. */
static void describe(struct multipart *multipart, struct str piece, struct buf *out)
{
	enum multipart_event event;

	while ((event = multipart_next(multipart, &piece)) != MULTIPART_NEEDS_MORE) {
		switch (event) {
		case MULTIPART_PART:
			buf_printf(out, "[%s|%s|%s]", multipart->part.name,
				   multipart->part.file_name ? multipart->part.file_name : "-",
				   multipart->part.content_type);
			break;
		case MULTIPART_DATA:
			assert_true(multipart->data.n > 0);
			buf_put(out, multipart->data.p, multipart->data.n);
			break;
		case MULTIPART_PART_END:
			buf_putc(out, ';');
			break;
		case MULTIPART_END:
			buf_putc(out, '.');
			break;
		case MULTIPART_MALFORMED:
			buf_putc(out, '!');
			return;
		case MULTIPART_NEEDS_MORE:
			break;
		}
	}
}

/* Feeds the body in pieces that end at each of the cuts. */
static void read_cut(const char *boundary, struct str body, size_t first, size_t size, struct buf *out)
{
	struct multipart multipart;

	buf_clear(out);
	assert_true(multipart_init(&multipart, str_from(boundary)));
	for (size_t at = 0, n; at < body.n; at += n) {
		n = at == 0 && first > 0 ? first : size;
		n = n < body.n - at ? n : body.n - at;
		describe(&multipart, (struct str){body.p + at, n}, out);
		if (out->n > 0 && out->p[out->n - 1] == '!')
			break;
	}
	if (!multipart_is_done(&multipart) && !(out->n > 0 && out->p[out->n - 1] == '!'))
		buf_puts(out, "?");
	buf_putc(out, '\0');
}

static void assert_reads(const char *boundary, struct str body, const char *expected)
{
	struct buf out;

	buf_init(&out);
	read_cut(boundary, body, 0, body.n, &out);
	assert_string_equal(out.p, expected);
	read_cut(boundary, body, 0, 1, &out);
	assert_string_equal(out.p, expected);
	for (size_t cut = 1; cut < body.n; cut++) {
		read_cut(boundary, body, cut, body.n, &out);
		assert_string_equal(out.p, expected);
	}
	buf_free(&out);
}

#define NAMED(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"

static const struct {
	const char *what, *body, *expected;
} bodies[] = {
    {"one field", "--b\r\n" NAMED("a") "\r\nx\r\n--b--\r\n", "[a|-|]x;."},
    {"two fields and a file",
     "--b\r\n" NAMED("a") "\r\n1\r\n--b\r\n" NAMED(
	 "c") "\r\n2\r\n--b\r\nContent-Disposition: form-data; name=f; "
	      "filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--",
     "[a|-|]1;[c|-|]2;[f|p.png|image/png]PNG;."},
    {"nothing behind the last delimiter", "--b\r\n" NAMED("a") "\r\nx\r\n--b--", "[a|-|]x;."},
    {"CRLF before the first delimiter", "\r\n--b\r\n" NAMED("a") "\r\nx\r\n--b--", "[a|-|]x;."},
    {"a preamble and an epilogue", "for old\r\nreaders --b\r\n--b\r\n" NAMED("a") "\r\nx\r\n--b--\r\n--b\r\nmore",
     "[a|-|]x;."},
    {"blanks behind a delimiter", "--b \t\r\n" NAMED("a") "\r\nx\r\n--b--", "[a|-|]x;."},
    {"an empty body", "--b\r\n" NAMED("a") "\r\n\r\n--b--", "[a|-|];."},
    {"no body at all", "--b\r\n" NAMED("a") "\r\n--b--", "[a|-|];."},
    {"no parts", "--b--\r\n", "."},
    {"what looks like a delimiter", "--b\r\n" NAMED("a") "\r\n--x\r\n-\r\n--\r\n\r\r\n--a\r\n --b\r\n--\r\n--b--",
     "[a|-|]--x\r\n-\r\n--\r\n\r\r\n--a\r\n --b\r\n--;."},
    {"a body that begins as a delimiter does", "--b\r\n" NAMED("a") "\r\n-\r\n--b--", "[a|-|]-;."},
    {"CR before the delimiter", "--b\r\n" NAMED("a") "\r\nx\r\r\n--b--", "[a|-|]x\r;."},
    {"line ends at the end", "--b\r\n" NAMED("a") "\r\n\r\n\r\n\r\n--b--", "[a|-|]\r\n\r\n;."},
    {"LF is data", "--b\r\n" NAMED("a") "\r\nx\n--b\n\r\n--b--", "[a|-|]x\n--b\n;."},
    {"names in any case", "--b\r\ncontent-disposition: FORM-DATA; NAME=a; FileName=f\r\nX-Other: y\r\n\r\nx\r\n--b--",
     "[a|f|]x;."},
    {"no file was chosen", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--",
     "[f||];."},
    {"quoted characters", "--b\r\nContent-Disposition: form-data; name=\"a\\\"b\\\\c\\d\"\r\n\r\n\r\n--b--",
     "[a\"b\\c\\d|-|];."},
    {"a semicolon in quotes",
     "--b\r\nContent-Disposition: form-data; name=\"a;b=c\" ; filename=\"d; e\"\r\n\r\n\r\n--b--", "[a;b=c|d; e|];."},
    {"a path",
     "--b\r\nContent-Disposition: form-data; name=f; filename=\"C:\\fakepath\\../etc/p.png\"\r\n\r\n\r\n--b--",
     "[f|p.png|];."},
    {"an extended name wins",
     "--b\r\nContent-Disposition: form-data; name=f; filename=\"e.txt\"; "
     "filename*=UTF-8''%e2%82%ac%20rates%2Fx.txt\r\n\r\n\r\n--b--",
     "[f|x.txt|];."},
    {"an extended name",
     "--b\r\nContent-Disposition: form-data; name=f; filename*=utf-8'en'%C3%A9.txt\r\n\r\n\r\n--b--",
     "[f|\xc3\xa9.txt|];."},
    {"names in UTF-8", "--b\r\nContent-Disposition: form-data; name=f; filename=\"\xc3\xa9\"\r\n\r\n\r\n--b--",
     "[f|\xc3\xa9|];."},
    {"a harmless encoding", "--b\r\nContent-Transfer-Encoding: Binary\r\n" NAMED("a") "\r\nx\r\n--b--", "[a|-|]x;."},

    {"cut off in a body", "--b\r\n" NAMED("a") "\r\nx", "[a|-|]x?"},
    {"cut off in a delimiter", "--b\r\n" NAMED("a") "\r\nx\r\n--", "[a|-|]x?"},
    {"cut off in headers", "--b\r\n" NAMED("a"), "?"},
    {"no last delimiter", "--b\r\n" NAMED("a") "\r\nx\r\n--b\r\n", "[a|-|]x;?"},
    {"another boundary", "--c\r\n" NAMED("a") "\r\nx\r\n--c--", "?"},
    {"a longer line than the delimiter", "--bc\r\n" NAMED("a") "\r\nx\r\n--b--", "!"},
    {"one dash", "--b-\r\n", "!"},
    {"blanks before the dashes", "--b --\r\n", "!"},
    {"CR without LF behind a delimiter", "--b\rx", "!"},
    {"LF behind a delimiter", "--b\n" NAMED("a") "\nx\n--b--", "!"},
    {"no headers", "--b\r\n\r\nx\r\n--b--", "!"},
    {"no disposition", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", "!"},
    {"another disposition", "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--", "!"},
    {"no name", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "!"},
    {"an empty name", "--b\r\n" NAMED("") "\r\nx\r\n--b--", "!"},
    {"two names", "--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--b--", "!"},
    {"two dispositions", "--b\r\n" NAMED("a") NAMED("a") "\r\nx\r\n--b--", "!"},
    {"two file names", "--b\r\nContent-Disposition: form-data; name=a; filename=b; filename=c\r\n\r\nx\r\n--b--", "!"},
    {"an open quote", "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--", "!"},
    {"text behind a quote", "--b\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\nx\r\n--b--", "!"},
    {"a header without a colon", "--b\r\n" NAMED("a") "Nothing\r\n\r\nx\r\n--b--", "!"},
    {"a header that goes on", "--b\r\n" NAMED("a") " more: x\r\n\r\nx\r\n--b--", "!"},
    {"a blank before the colon", "--b\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--b--", "!"},
    {"a tab in a header", "--b\r\n" NAMED("a\tb") "\r\nx\r\n--b--", "!"},
    {"LF in a header", "--b\r\n" NAMED("a\nb") "\r\nx\r\n--b--", "!"},
    {"a name that is no UTF-8", "--b\r\n" NAMED("\xff") "\r\nx\r\n--b--", "!"},
    {"an encoded name that is none", "--b\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''%ff\r\n\r\n",
     "!"},
    {"an encoded NUL", "--b\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''a%00b\r\n\r\n", "!"},
    {"an encoded line end", "--b\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''a%0d%0ab\r\n\r\n", "!"},
    {"half an encoding", "--b\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''a%e\r\n\r\n", "!"},
    {"another character set", "--b\r\nContent-Disposition: form-data; name=a; filename*=iso-8859-1''a\r\n\r\n", "!"},
    {"an encoding to be undone", "--b\r\nContent-Transfer-Encoding: base64\r\n" NAMED("a") "\r\nx\r\n--b--", "!"},
};

static void bodies_read_the_same_however_they_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		print_message("%s\n", bodies[i].what);
		assert_reads("b", str_from(bodies[i].body), bodies[i].expected);
	}
}

static void a_nul_is_data_and_nothing_else(void **state)
{
	static const char body[] = "--b\r\n" NAMED("a") "\r\n\0x\0\r\n--b--";
	static const char head[] = "--b\r\nX-Y: \0\r\n" NAMED("a") "\r\nx\r\n--b--";
	struct multipart multipart;
	struct str piece = {body, sizeof(body) - 1};

	(void)state;
	assert_true(multipart_init(&multipart, STR("b")));
	assert_int_equal(multipart_next(&multipart, &piece), MULTIPART_PART);
	assert_int_equal(multipart_next(&multipart, &piece), MULTIPART_DATA);
	assert_int_equal(multipart.data.n, 3);
	assert_memory_equal(multipart.data.p, "\0x\0", 3);
	assert_reads("b", (struct str){head, sizeof(head) - 1}, "!");
}

static void boundaries_are_those_of_rfc_2046(void **state)
{
	char longest[MULTIPART_BOUNDARY_MAX + 2];
	struct multipart multipart;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_true(multipart_init(&multipart, (struct str){longest, MULTIPART_BOUNDARY_MAX}));
	assert_false(multipart_init(&multipart, (struct str){longest, MULTIPART_BOUNDARY_MAX + 1}));
	assert_true(multipart_init(&multipart, STR("a b'()+_,-./:=?")));
	assert_false(multipart_init(&multipart, STR("")));
	assert_false(multipart_init(&multipart, STR("a ")));
	assert_false(multipart_init(&multipart, STR("a\r")));
	assert_false(multipart_init(&multipart, STR("a\"")));
	assert_reads("--", STR("----\r\n" NAMED("a") "\r\n--\r\n------"), "[a|-|]--;.");
}

static void long_headers_and_many_parts_end_it(void **state)
{
	struct buf body, expected;

	(void)state;
	buf_init(&body);
	buf_init(&expected);
	buf_puts(&body, "--b\r\nX-Long: ");
	for (int i = 0; i < MULTIPART_HEAD_MAX; i++)
		buf_putc(&body, 'x');
	buf_puts(&body, "\r\n" NAMED("a") "\r\nx\r\n--b--");
	read_cut("b", (struct str){body.p, body.n}, 0, body.n, &expected);
	assert_string_equal(expected.p, "!");

	for (int extra = 0; extra < 2; extra++) {
		buf_clear(&body);
		for (int i = 0; i < MULTIPART_PARTS_MAX + extra; i++)
			buf_puts(&body, "--b\r\n" NAMED("a") "\r\n\r\n");
		buf_puts(&body, "--b--");
		read_cut("b", (struct str){body.p, body.n}, 0, body.n, &expected);
		assert_int_equal(expected.p[expected.n - 2], extra == 0 ? '.' : '!');
	}
	buf_free(&body);
	buf_free(&expected);
}

static void names_have_their_limits(void **state)
{
	struct buf body, out;
	static const struct {
		const char *before;
		int length;
		const char *after;
		char last;
	} cases[] = {
	    {"name=", MULTIPART_NAME_MAX, "", '.'},
	    {"name=", MULTIPART_NAME_MAX + 1, "", '!'},
	    {"name=a; filename=", MULTIPART_FILE_NAME_MAX, "", '.'},
	    {"name=a; filename=", MULTIPART_FILE_NAME_MAX + 1, "", '!'},
	    {"name=a; filename=/", MULTIPART_FILE_NAME_MAX + 1, "/y", '.'},
	};

	(void)state;
	buf_init(&body);
	buf_init(&out);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&body);
		buf_printf(&body, "--b\r\nContent-Disposition: form-data; %s", cases[i].before);
		for (int n = 0; n < cases[i].length; n++)
			buf_putc(&body, 'x');
		buf_printf(&body, "%s\r\n\r\n\r\n--b--", cases[i].after);
		read_cut("b", (struct str){body.p, body.n}, 0, body.n, &out);
		assert_int_equal(out.p[out.n - 2], cases[i].last);
	}
	buf_free(&body);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bodies_read_the_same_however_they_are_cut),
	    cmocka_unit_test(a_nul_is_data_and_nothing_else),
	    cmocka_unit_test(boundaries_are_those_of_rfc_2046),
	    cmocka_unit_test(long_headers_and_many_parts_end_it),
	    cmocka_unit_test(names_have_their_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
