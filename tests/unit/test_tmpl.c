/* The template engine: own cases for every module of the Mustache specification that it must pass, the official cases
 * where they are at hand, strict mode, the named limits and the folder of templates. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "tmpl/tmpl.h"
#include "json/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena arena; /* of all tests: data and partials */

/* Partials of a test: an object of name to source, parsed when first asked for. */
struct fixture {
	const struct view *sources;
	struct tmpl *parsed[16];
	const char *names[16];
	size_t count;
};

static struct tmpl *find_partial(void *owner, const char *name)
{
	struct fixture *fixture = owner;
	for (size_t i = 0; i < fixture->count; i++) {
		if (strcmp(fixture->names[i], name) == 0)
			return fixture->parsed[i];
	}
	if (!view_find(fixture->sources, name))
		return NULL;
	struct str source = view_text(fixture->sources, name);
	assert_true(fixture->count < 16);
	struct tmpl *tmpl;
	assert_int_equal(tmpl_parse(name, source.p, source.n, &tmpl, NULL), ERR_OK);
	fixture->names[fixture->count] = name;
	fixture->parsed[fixture->count++] = tmpl;
	return tmpl;
}

/* Parses any JSON value, scalars too. */
static struct view *value_of(const char *json)
{
	struct view *value;
	if (view_parse(&arena, json, strlen(json), &value) != ERR_OK)
		fail_msg("bad JSON in the test: %s", json);
	return value;
}

static enum err render(struct str source, const struct view *data, const struct view *partials, enum tmpl_mode mode,
		       struct buf *out, struct tmpl_error *error)
{
	struct tmpl *tmpl;
	enum err e = tmpl_parse("test", source.p, source.n, &tmpl, error);
	if (e != ERR_OK)
		return e;
	struct fixture fixture = {.sources = partials};
	const struct tmpl_partials lookup = {find_partial, &fixture};
	e = tmpl_render_parsed(tmpl, &lookup, data, mode, out, error);
	for (size_t i = 0; i < fixture.count; i++)
		tmpl_free(fixture.parsed[i]);
	tmpl_free(tmpl);
	return e;
}

/* {"l":[true,true,…]} */
static struct view *list_of(size_t count)
{
	struct buf *json = buf_in_arena(&arena);
	buf_puts(json, "{\"l\":[");
	for (size_t i = 0; i < count; i++)
		buf_puts(json, i == 0 ? "true" : ",true");
	buf_puts(json, "]}");
	return value_of(json->p);
}

struct render_case {
	const char *what;
	const char *source;
	const char *data;
	const char *expected;
	const char *partials; /* NULL: none */
};

static const struct render_case render_cases[] = {
    {"text is copied", "a\n b {x} }} c", "{}", "a\n b {x} }} c", NULL},
    {"a value is escaped", "<{{v}}>", "{\"v\":\"<a href='x'>&\\\"\"}", "<&lt;a href=&#39;x&#39;&gt;&amp;&quot;>", NULL},
    {"three braces are raw", "{{{v}}}", "{\"v\":\"<&>\"}", "<&>", NULL},
    {"an ampersand is raw", "{{& v }}", "{\"v\":\"<&>\"}", "<&>", NULL},
    {"numbers", "{{i}} {{r}} {{n}}", "{\"i\":9007199254740993,\"r\":1.21,\"n\":-0.5}", "9007199254740993 1.21 -0.5",
     NULL},
    {"a number is written as it came", "{{r}}", "{\"r\":0.1234567890123456789}", "0.1234567890123456789", NULL},
    {"true and false are words", "{{t}} {{f}}", "{\"t\":true,\"f\":false}", "true false", NULL},
    {"null and the unknown are empty", "({{n}}{{u}})", "{\"n\":null}", "()", NULL},
    {"an object has no text", "({{o}}{{l}})", "{\"o\":{\"a\":1},\"l\":[1]}", "()", NULL},
    {"dotted names", "{{a.b.c}}", "{\"a\":{\"b\":{\"c\":\"x\"}}}", "x", NULL},
    {"a dotted name does not fall back", "({{#a}}{{b.c}}{{/a}})", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"wrong\"}}", "()",
     NULL},
    {"a dotted name is no key with a dot", "({{a.b}})", "{\"a.b\":\"wrong\"}", "()", NULL},
    {"the implicit iterator", "{{.}}", "\"x\"", "x", NULL},
    {"a string with NUL", "{{v}}", "{\"v\":\"a\"}", "a", NULL},
    {"comments", "a{{! no }}b{{!\n no\n}}c", "{}", "abc", NULL},
    {"a comment alone takes its line", "a\n  {{! no }}  \nb\n", "{}", "a\nb\n", NULL},
    {"a comment of many lines takes them", "a\n{{!\nno\n}}\nb", "{}", "a\nb", NULL},
    {"a comment in a line leaves it", "a\n x {{! no }}\nb", "{}", "a\n x \nb", NULL},
    {"carriage returns", "a\r\n{{! no }}\r\nb", "{}", "a\r\nb", NULL},
    {"true opens a section", "{{#a}}x{{/a}}", "{\"a\":true}", "x", NULL},
    {"false, null and nothing do not", "({{#a}}x{{/a}}{{#b}}x{{/b}}{{#c}}x{{/c}})", "{\"a\":false,\"b\":null}", "()",
     NULL},
    {"empty list, empty text and zero do not", "({{#a}}x{{/a}}{{#b}}x{{/b}}{{#c}}x{{/c}}{{#d}}x{{/d}})",
     "{\"a\":[],\"b\":\"\",\"c\":0,\"d\":0.0}", "()", NULL},
    {"a list repeats", "{{#l}}<{{n}}>{{/l}}", "{\"l\":[{\"n\":1},{\"n\":2},{\"n\":3}]}", "<1><2><3>", NULL},
    {"lists in lists", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "{\"l\":[[1,2],[],[\"x\"]]}", "(12)()(x)", NULL},
    {"a list may be the root", "{{#.}}{{n}}{{/.}}", "[{\"n\":1},{\"n\":2}]", "12", NULL},
    {"an object is entered", "{{#o}}{{n}}{{out}}{{/o}}", "{\"o\":{\"n\":1},\"n\":9,\"out\":2}", "12", NULL},
    {"an empty object is true", "{{#o}}x{{/o}}", "{\"o\":{}}", "x", NULL},
    {"the same section twice inside itself", "{{#b}}1{{#b}}2{{/b}}3{{/b}}", "{\"b\":true}", "123", NULL},
    {"section tags alone take their lines", "a\n  {{#b}}\nx\n  {{/b}}\nc\n", "{\"b\":true}", "a\nx\nc\n", NULL},
    {"two tags in a line leave it", " {{#b}}x{{/b}}\n {{#b}}{{/b}}\n", "{\"b\":true}", " x\n \n", NULL},
    {"inverted", "{{^a}}x{{/a}}{{^b}}y{{/b}}{{^c}}z{{/c}}", "{\"a\":false,\"b\":[1],\"c\":[]}", "xz", NULL},
    {"inverted keeps the context", "{{#o}}{{^no}}{{n}}{{/no}}{{/o}}", "{\"o\":{\"n\":1}}", "1", NULL},
    {"partials", "[{{>p}}]", "{\"v\":\"x\"}", "[*x*]", "{\"p\":\"*{{v}}*\"}"},
    {"an unknown partial is empty", "[{{>p}}]", "{}", "[]", NULL},
    {"a partial may include itself", "{{>n}}", "{\"v\":1,\"l\":[{\"v\":2,\"l\":[]}]}", "1(2())",
     "{\"n\":\"{{v}}({{#l}}{{>n}}{{/l}})\"}"},
    {"a partial alone is indented, values are not", " {{>p}}\n/\n", "{\"v\":\"<\\n-\"}", " |\n <\n-\n |\n/\n",
     "{\"p\":\"|\\n{{{v}}}\\n|\\n\"}"},
    {"indentation adds up", "  {{>a}}\n", "{}", "  a\n    b\n    b\n  a\n",
     "{\"a\":\"a\\n  {{>b}}\\na\\n\",\"b\":\"b\\nb\\n\"}"},
    {"a section in an indented partial", " {{>p}}\n", "{\"l\":[1,2]}", " x\n 1\n 2\n",
     "{\"p\":\"x\\n{{#l}}\\n{{.}}\\n{{/l}}\\n\"}"},
    {"a section tag begins an indented line", " {{>p}}\n", "{\"l\":true}", " y z\n", "{\"p\":\"{{#l}}y{{/l}} z\\n\"}"},
    {"a partial in a line is not indented", " x {{>p}}\n", "{}", " x >\n>\n", "{\"p\":\">\\n>\"}"},
    {"delimiters change", "{{=<% %>=}}<%v%>{{v}}<%={{ }}=%>{{v}}", "{\"v\":1}", "1{{v}}1", NULL},
    {"a change of delimiters alone takes its line", "a\n  {{=@ @=}}  \nb@v@", "{\"v\":1}", "a\nb1", NULL},
    {"a partial starts with its own delimiters", "{{=| |=}}|>p||v|", "{\"v\":1}", "1|v|1", "{\"p\":\"{{v}}|v|\"}"},
    {"blanks in tags", "{{ v }}{{# v }}{{^ v }}{{/ v }}{{/ v }}{{{ v }}}{{> p }}", "{\"v\":1}", "11p", "{\"p\":\"p\"}"},
    {"a name may span lines", "{{\n v\n}}", "{\"v\":1}", "1", NULL},
};

static void test_each_module_renders_as_specified(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(render_cases) / sizeof(render_cases[0]); i++) {
		const struct render_case *c = &render_cases[i];
		struct view *data = value_of(c->data);
		struct view *partials = value_of(c->partials ? c->partials : "{}");
		struct buf out;
		buf_init(&out);
		struct tmpl_error error = {0};
		enum err e = render(str_from(c->source), data, partials, TMPL_LENIENT, &out, &error);
		if (e != ERR_OK)
			fail_msg("%s: %s", c->what, error.why);
		if (strcmp(out.p ? out.p : "", c->expected) != 0)
			fail_msg("%s: got <%s>, want <%s>", c->what, out.p ? out.p : "", c->expected);
		buf_free(&out);
	}
}

static const struct {
	const char *source;
	enum err e;
	int line;
	const char *why;
} bad_sources[] = {
    {"{{", ERR_BAD_REQUEST, 1, "the tag is not closed"},
    {"a\n{{v", ERR_BAD_REQUEST, 2, "the tag is not closed"},
    {"{{{v}}", ERR_BAD_REQUEST, 1, "the tag is not closed"},
    {"{{=a b}}", ERR_BAD_REQUEST, 1, "the tag is not closed"},
    {"{{}}", ERR_BAD_REQUEST, 1, "the tag has no name"},
    {"{{# }}", ERR_BAD_REQUEST, 1, "the tag has no name"},
    {"\n\n{{#a}}\n", ERR_BAD_REQUEST, 3, "the section is not closed"},
    {"{{/a}}", ERR_BAD_REQUEST, 1, "a section is closed that was never opened"},
    {"{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}", ERR_BAD_REQUEST, 3, "another section is open than the one closed here"},
    {"{{#a.b}}{{/a.c}}", ERR_BAD_REQUEST, 1, "another section is open than the one closed here"},
    {"{{a b}}", ERR_BAD_REQUEST, 1, "the name holds a blank or a control character"},
    {"{{a..b}}", ERR_BAD_REQUEST, 1, "the name has an empty part"},
    {"{{.a}}", ERR_BAD_REQUEST, 1, "the name has an empty part"},
    {"{{a.}}", ERR_BAD_REQUEST, 1, "the name has an empty part"},
    {"{{\xff}}", ERR_BAD_REQUEST, 1, "the name is not UTF-8"},
    {"{{a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a}}", ERR_TOO_LARGE, 1, "the name has too many parts"},
    {"{{=a=}}", ERR_BAD_REQUEST, 1, "delimiters are two short words without '='"},
    {"{{=a b c=}}", ERR_BAD_REQUEST, 1, "delimiters are two words"},
    {"{{=aaaaaaaaa b=}}", ERR_BAD_REQUEST, 1, "delimiters are two short words without '='"},
};

static void test_bad_syntax_names_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_sources) / sizeof(bad_sources[0]); i++) {
		struct tmpl *tmpl;
		struct tmpl_error error = {0};
		const char *source = bad_sources[i].source;
		enum err e = tmpl_parse("bad", source, strlen(source), &tmpl, &error);
		if (e != bad_sources[i].e || error.line != bad_sources[i].line ||
		    strcmp(error.why, bad_sources[i].why) != 0)
			fail_msg("%s: %s in line %d: %s", source, err_info(e)->name, error.line, error.why);
		assert_null(tmpl);
		assert_string_equal(error.name, "bad");
	}
}

static void test_strict_mode_refuses_what_is_unknown(void **state)
{
	(void)state;
	static const struct {
		const char *source, *data;
		enum err e;
		const char *tag;
	} cases[] = {
	    {"{{a}}", "{\"a\":null}", ERR_OK, ""},
	    {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":false}", ERR_OK, ""},
	    {"{{a}}", "{}", ERR_NOT_FOUND, "a"},
	    {"\n{{#a}}{{/a}}", "{}", ERR_NOT_FOUND, "a"},
	    {"{{^a}}{{/a}}", "{}", ERR_NOT_FOUND, "a"},
	    {"{{a.b.c}}", "{\"a\":{\"b\":{}}}", ERR_NOT_FOUND, "a.b.c"},
	    {"{{>gone}}", "{}", ERR_NOT_FOUND, "gone"},
	    {"{{a}}", "{\"a\":{}}", ERR_BAD_REQUEST, "a"},
	    {"{{#no}}{{unknown}}{{/no}}", "{\"no\":false}", ERR_OK, ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct view *data = value_of(cases[i].data);
		struct buf out;
		buf_init(&out);
		buf_puts(&out, "before");
		struct tmpl_error error = {0};
		enum err e = render(str_from(cases[i].source), data, NULL, TMPL_STRICT, &out, &error);
		if (e != cases[i].e || strcmp(error.tag, cases[i].tag) != 0)
			fail_msg("%s: %s, tag %s", cases[i].source, err_info(e)->name, error.tag);
		if (e != ERR_OK)
			assert_string_equal(out.p, "before");
		buf_free(&out);
	}
}

static void test_a_hostile_recursive_partial_ends_in_an_error(void **state)
{
	(void)state;
	static const char *const partials[] = {
	    "{\"p\":\"{{>p}}\"}",                         /* deep */
	    "{\"p\":\"x{{>p}}{{>p}}{{>p}}\"}",            /* wide: stopped by depth at each leaf, at once */
	    "{\"p\":\"{{#.}}{{#.}}{{>p}}{{/.}}{{/.}}\"}", /* through sections */
	    "{\"p\":\" {{>p}}\\n\"}",                     /* with growing indentation */
	};
	for (size_t i = 0; i < sizeof(partials) / sizeof(partials[0]); i++) {
		struct view *sources = value_of(partials[i]), *data = value_of("{\"a\":1}");
		struct buf out;
		buf_init(&out);
		struct tmpl_error error = {0};
		assert_int_equal(render(STR("{{>p}}"), data, sources, TMPL_LENIENT, &out, &error), ERR_TOO_LARGE);
		assert_string_equal(error.why, "partials are nested too deeply");
		assert_string_equal(error.name, "p");
		assert_int_equal(out.n, 0);
		buf_free(&out);
	}
}

static void test_depth_of_sections_is_limited(void **state)
{
	(void)state;
	for (int depth = TMPL_SECTION_DEPTH_MAX; depth <= TMPL_SECTION_DEPTH_MAX + 1; depth++) {
		struct buf source;
		buf_init(&source);
		for (int i = 0; i < depth; i++)
			buf_puts(&source, "{{#a}}");
		for (int i = 0; i < depth; i++)
			buf_puts(&source, "{{/a}}");
		struct tmpl *tmpl;
		enum err e = tmpl_parse("deep", source.p, source.n, &tmpl, NULL);
		assert_int_equal(e, depth <= TMPL_SECTION_DEPTH_MAX ? ERR_OK : ERR_TOO_LARGE);
		tmpl_free(tmpl);
		buf_free(&source);
	}
}

static void test_contexts_across_partials_are_limited(void **state)
{
	(void)state;
	struct buf partial;
	buf_init(&partial);
	for (int i = 0; i < TMPL_SECTION_DEPTH_MAX; i++)
		buf_puts(&partial, "{{#a}}");
	buf_puts(&partial, "{{>p}}");
	for (int i = 0; i < TMPL_SECTION_DEPTH_MAX; i++)
		buf_puts(&partial, "{{/a}}");
	struct view *sources = value_of("{}"), *data = value_of("{\"a\":true}");
	view_put_text(&arena, sources, "p", (struct str){partial.p, partial.n});
	struct buf out;
	buf_init(&out);
	struct tmpl_error error = {0};
	assert_int_equal(render(STR("{{>p}}"), data, sources, TMPL_LENIENT, &out, &error), ERR_TOO_LARGE);
	assert_string_equal(error.why, "too many sections are open at one time");
	buf_free(&out);
	buf_free(&partial);
}

static void test_loops_inside_loops_end_at_the_limit_of_steps(void **state)
{
	(void)state;
	const struct view *data = list_of(1000);
	const char *source = "{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}";
	struct buf out;
	buf_init(&out);
	struct tmpl_error error = {0};
	assert_int_equal(render(str_from(source), data, NULL, TMPL_LENIENT, &out, &error), ERR_TOO_LARGE);
	assert_string_equal(error.why, "the template takes too many steps");
	buf_free(&out);
}

static void test_sizes_are_limited(void **state)
{
	(void)state;
	struct tmpl *tmpl;
	struct tmpl_error error = {0};
	char *source = calloc(1, TMPL_SIZE_MAX + 2);
	assert_non_null(source);
	memset(source, 'a', TMPL_SIZE_MAX + 1);
	assert_int_equal(tmpl_parse("big", source, TMPL_SIZE_MAX + 1, &tmpl, &error), ERR_TOO_LARGE);
	assert_int_equal(tmpl_parse("big", source, TMPL_SIZE_MAX, &tmpl, &error), ERR_OK);
	tmpl_free(tmpl);

	memcpy(source, "{{", 2);
	memcpy(source + 2 + TMPL_NAME_MAX, "}}", 2);
	assert_int_equal(tmpl_parse("name", source, TMPL_NAME_MAX + 4, &tmpl, &error), ERR_OK);
	tmpl_free(tmpl);
	memset(source + 2, 'a', TMPL_NAME_MAX + 1);
	memcpy(source + 3 + TMPL_NAME_MAX, "}}", 2);
	assert_int_equal(tmpl_parse("name", source, TMPL_NAME_MAX + 5, &tmpl, &error), ERR_TOO_LARGE);

	/* 256 KiB of text forty times is more than the output may be. */
	const char *open = "{{#l}}", *close = "{{/l}}";
	memset(source, 'a', TMPL_SIZE_MAX);
	memcpy(source, open, strlen(open));
	memcpy(source + TMPL_SIZE_MAX - strlen(close), close, strlen(close));
	const struct view *data = list_of(40);
	struct buf out;
	buf_init(&out);
	assert_int_equal(render((struct str){source, TMPL_SIZE_MAX}, data, NULL, TMPL_LENIENT, &out, &error),
			 ERR_TOO_LARGE);
	assert_string_equal(error.why, "the output is too large");
	assert_int_equal(out.n, 0);
	buf_free(&out);
	free(source);
}

static void test_any_bytes_pass_through_text(void **state)
{
	(void)state;
	static const char source[] = "\0\xff{{!\0}}\n\0{{v}}";
	struct view *data = value_of("{}");
	view_put_text(&arena, data, "v", (struct str){"x\0<", 3});
	struct buf out;
	buf_init(&out);
	assert_int_equal(render((struct str){source, sizeof(source) - 1}, data, NULL, TMPL_STRICT, &out, NULL), ERR_OK);
	assert_int_equal(out.n, 4 + 6);
	assert_memory_equal(out.p, "\0\xff\n\0x\0&lt;", 10);
	buf_free(&out);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_a_set_reads_its_folder_once(void **state)
{
	(void)state;
	char folder[] = "/tmp/snug-test-tmpl-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char below[64];
	snprintf(below, sizeof(below), "%s/page", folder);
	assert_int_equal(mkdir(below, 0700), 0);
	write_file(folder, "page/one.mustache", "<{{>page/two}}>");
	write_file(folder, "page/two.mustache", "{{v}}");
	write_file(folder, "bad.mustache", "\n{{#a}}");
	write_file(folder, "loop.mustache", "{{>loop}}");

	struct tmpl_set *set;
	assert_int_equal(tmpl_set_open("/nonexistent/folder", &set), ERR_NOT_FOUND);
	assert_int_equal(tmpl_set_open(folder, &set), ERR_OK);
	struct view *data = value_of("{\"v\":\"x\"}");
	struct buf out;
	buf_init(&out);
	assert_int_equal(tmpl_render(set, "page/one", data, TMPL_STRICT, &out), ERR_OK);
	assert_string_equal(out.p, "<x>");
	write_file(folder, "page/two.mustache", "changed");
	assert_int_equal(tmpl_render(set, "page/one", data, TMPL_STRICT, &out), ERR_OK);
	assert_string_equal(out.p, "<x><x>");

	assert_int_equal(tmpl_render(set, "page/none", data, TMPL_STRICT, &out), ERR_INTERNAL);
	assert_int_equal(tmpl_render(set, "bad", data, TMPL_LENIENT, &out), ERR_INTERNAL);
	assert_string_equal(tmpl_set_error(set)->name, "bad");
	assert_int_equal(tmpl_set_error(set)->line, 2);
	assert_int_equal(tmpl_render(set, "loop", data, TMPL_LENIENT, &out), ERR_TOO_LARGE);
	assert_null(tmpl_set_find(set, "../page/one"));
	assert_null(tmpl_set_find(set, "page/../page/one"));
	assert_null(tmpl_set_find(set, "/etc/passwd"));
	assert_null(tmpl_set_find(set, "page//one"));
	assert_null(tmpl_set_find(set, "page"));
	assert_null(tmpl_set_find(set, ""));
	assert_string_equal(out.p, "<x><x>");

	buf_free(&out);
	tmpl_set_close(set);
	static const char *const files[] = {"page/one.mustache", "page/two.mustache", "bad.mustache", "loop.mustache"};
	for (size_t i = 0; i < 4; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be read", path);
	buf_init(out);
	size_t got;
	do {
		buf_reserve(out, 65536);
		got = fread(out->p + out->n, 1, 65536, file);
		out->n += got;
		out->p[out->n] = '\0';
	} while (got > 0);
	assert_int_equal(fclose(file), 0);
}

static size_t run_module(const char *folder, const char *module)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/%s.json", folder, module);
	struct buf text;
	read_file(path, &text);
	const struct view *tests = view_find(value_of(text.p), "tests");
	for (const struct view *test = tests->first; test; test = test->next) {
		struct str expected = view_text(test, "expected");
		struct buf out;
		buf_init(&out);
		enum err e = render(view_text(test, "template"), view_find(test, "data"), view_find(test, "partials"),
				    TMPL_LENIENT, &out, NULL);
		if (e != ERR_OK || out.n != expected.n || memcmp(out.p ? out.p : "", expected.p, expected.n) != 0) {
			struct str name = view_text(test, "name");
			fail_msg("%s, \"%.*s\": got <%s>", module, (int)name.n, name.p, out.p ? out.p : "");
		}
		buf_free(&out);
	}
	buf_free(&text);
	return view_count(tests);
}

static void test_the_official_specification_passes(void **state)
{
	(void)state;
	static const char *const modules[] = {"comments", "delimiters", "interpolation",
					      "inverted", "partials",   "sections"};
	const char *folder = getenv("SNUG_MUSTACHE_SPEC");
	if (!folder)
		folder = "../shared/mustache-spec";
	if (access(folder, R_OK) != 0) {
		print_message("skipped: no folder %s; name one in SNUG_MUSTACHE_SPEC\n", folder);
		skip();
	}
	size_t count = 0;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		count += run_module(folder, modules[i]);
	assert_true(count > 0);
}

int main(void)
{
	log_open("test_tmpl", LOG_ERROR + 1);
	arena_init(&arena);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_module_renders_as_specified),
	    cmocka_unit_test(test_bad_syntax_names_its_line),
	    cmocka_unit_test(test_strict_mode_refuses_what_is_unknown),
	    cmocka_unit_test(test_a_hostile_recursive_partial_ends_in_an_error),
	    cmocka_unit_test(test_depth_of_sections_is_limited),
	    cmocka_unit_test(test_contexts_across_partials_are_limited),
	    cmocka_unit_test(test_loops_inside_loops_end_at_the_limit_of_steps),
	    cmocka_unit_test(test_sizes_are_limited),
	    cmocka_unit_test(test_any_bytes_pass_through_text),
	    cmocka_unit_test(test_a_set_reads_its_folder_once),
	    cmocka_unit_test(test_the_official_specification_passes),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
