/* Snug's own templates: each is rendered in strict mode, so that a misspelt name is found; the HTML is well-formed,
 * quotes every attribute, and holds no script, no style and no handler; and text stays text, whatever it says. */
#include "base/buf.h"
#include "base/log.h"
#include "page/history.h"
#include "text/fragment.h"
#include "text/note.h"
#include "tmpl/tmpl.h"
#include "json/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Attributes and elements of HTML that the checks ask about. */
enum { DEPTH_MAX = 64, NAME_MAX_BYTES = 48, ATTRIBUTES_MAX = 24 };

static struct arena arena; /* of one render */

static const char benign[] = "Some text";
static const char hostile[] =
    "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)> {{csrf}} &amp;";

struct attribute {
	char name[NAME_MAX_BYTES];
	struct str value;
	bool has_value;
};

struct tag {
	char name[NAME_MAX_BYTES];
	bool is_closing;
	struct attribute attributes[ATTRIBUTES_MAX];
	size_t count;
};

/* A page as it is read: see check_tag for what is refused. */
struct markup {
	const char *what; /* the template, for messages */
	const char *p, *end;
	char open[DEPTH_MAX][NAME_MAX_BYTES];
	size_t depth;
	struct buf outline; /* names of elements and attributes in order: what text must not change */
	struct buf ids;     /* " one two ": each stands there once */
	size_t headings, titles;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static void read_name(struct markup *markup, char out[NAME_MAX_BYTES])
{
	size_t n = 0;
	while (markup->p < markup->end && is_name_byte(*markup->p)) {
		assert_true(n + 1 < NAME_MAX_BYTES);
		out[n++] = *markup->p++;
	}
	out[n] = '\0';
	if (n == 0)
		fail_msg("%s: a name is missing before: %.40s", markup->what, markup->p);
}

static void read_attribute(struct markup *markup, struct tag *tag)
{
	assert_true(tag->count < ATTRIBUTES_MAX);
	struct attribute *attribute = &tag->attributes[tag->count++];
	*attribute = (struct attribute){0};
	read_name(markup, attribute->name);
	if (*markup->p != '=')
		return;
	markup->p++;
	if (*markup->p != '"')
		fail_msg("%s: the value of %s is not in double quotes", markup->what, attribute->name);
	const char *from = ++markup->p;
	markup->p = memchr(from, '"', (size_t)(markup->end - from));
	assert_non_null(markup->p);
	attribute->has_value = true;
	attribute->value = (struct str){from, (size_t)(markup->p - from)};
	markup->p++;
}

static void read_tag(struct markup *markup, struct tag *tag)
{
	*tag = (struct tag){0};
	markup->p++;
	if (*markup->p == '/') {
		tag->is_closing = true;
		markup->p++;
	}
	read_name(markup, tag->name);
	while (*markup->p == ' ') {
		markup->p++;
		read_attribute(markup, tag);
	}
	if (*markup->p == '/')
		markup->p++; /* the shapes of an SVG */
	if (*markup->p != '>')
		fail_msg("%s: the tag <%s> ends in: %.40s", markup->what, tag->name, markup->p);
	markup->p++;
}

static const struct attribute *find_attribute(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++) {
		if (strcmp(tag->attributes[i].name, name) == 0)
			return &tag->attributes[i];
	}
	return NULL;
}

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static bool starts_with(struct str text, const char *start)
{
	return text.n >= strlen(start) && memcmp(text.p, start, strlen(start)) == 0;
}

static void check_attribute(struct markup *markup, const struct tag *tag, const struct attribute *attribute)
{
	static const char *const urls[] = {"href", "src", "action", "formaction", NULL};
	const char *name = attribute->name;

	if (strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0)
		fail_msg("%s: <%s> has the attribute %s", markup->what, tag->name, name);
	if (is_one_of(name, urls) && (!attribute->has_value || starts_with(attribute->value, "javascript:")))
		fail_msg("%s: <%s> leads nowhere, or runs", markup->what, tag->name);
	buf_printf(&markup->outline, " %s", name);
	if (strcmp(name, "id") != 0)
		return;
	char id[160];
	snprintf(id, sizeof(id), " %.*s ", (int)attribute->value.n, attribute->value.p);
	if (markup->ids.p && strstr(markup->ids.p, id))
		fail_msg("%s: the id%sstands there twice", markup->what, id);
	buf_puts(&markup->ids, id);
}

/* A field without a name of its own is mute to a screen reader. */
static void check_field(struct markup *markup, const struct tag *tag, const char *html)
{
	static const char *const fields[] = {"input", "select", "textarea", NULL};
	const struct attribute *type = find_attribute(tag, "type"), *id = find_attribute(tag, "id");
	char label[160];

	if (!is_one_of(tag->name, fields) || (type && str_eq_text(type->value, "hidden")))
		return;
	if (find_attribute(tag, "aria-label"))
		return;
	for (size_t i = 0; i < markup->depth; i++) {
		if (strcmp(markup->open[i], "label") == 0)
			return;
	}
	if (!id)
		fail_msg("%s: a field has neither a label nor an id: %.120s", markup->what, markup->p - 60);
	snprintf(label, sizeof(label), " for=\"%.*s\"", (int)id->value.n, id->value.p);
	if (!strstr(html, label))
		fail_msg("%s: the field %.*s has no label", markup->what, (int)id->value.n, id->value.p);
}

static void check_script(struct markup *markup, const struct tag *tag)
{
	if (strcmp(tag->name, "style") == 0)
		fail_msg("%s: has a <style>", markup->what);
	if (strcmp(tag->name, "script") != 0)
		return;
	const struct attribute *source = find_attribute(tag, "src"), *type = find_attribute(tag, "type");
	assert_true(source && starts_with(source->value, "/static/v1/js/"));
	assert_true(type && str_eq_text(type->value, "module"));
	if (!starts_with((struct str){markup->p, (size_t)(markup->end - markup->p)}, "</script>"))
		fail_msg("%s: a script stands in the page", markup->what);
}

static void check_nesting(struct markup *markup, const struct tag *tag)
{
	static const char *const voids[] = {"meta", "link",   "input", "br",     "hr", "img",
					    "path", "circle", "rect",  "use",    "source", NULL};

	if (is_one_of(tag->name, voids))
		return;
	if (!tag->is_closing) {
		assert_true(markup->depth < DEPTH_MAX);
		memcpy(markup->open[markup->depth++], tag->name, NAME_MAX_BYTES);
	} else if (markup->depth == 0 || strcmp(markup->open[--markup->depth], tag->name) != 0) {
		fail_msg("%s: </%s> closes what is not open", markup->what, tag->name);
	}
}

static void check_tag(struct markup *markup, const struct tag *tag, const char *html)
{
	buf_printf(&markup->outline, "\n%s%s", tag->is_closing ? "/" : "", tag->name);
	for (size_t i = 0; i < tag->count; i++)
		check_attribute(markup, tag, &tag->attributes[i]);
	check_nesting(markup, tag);
	if (tag->is_closing)
		return;
	check_script(markup, tag);
	check_field(markup, tag, html);
	markup->headings += strcmp(tag->name, "h1") == 0;
	markup->titles += strcmp(tag->name, "title") == 0;
}

/* Reads a whole render; the outline is the caller's to free. */
static void read_markup(const char *what, const struct buf *html, struct markup *markup)
{
	static const char doctype[] = "<!doctype html>";

	*markup = (struct markup){.what = what, .p = html->p, .end = html->p + html->n};
	bool is_page = starts_with((struct str){html->p, html->n}, doctype);
	if (is_page)
		markup->p += strlen(doctype);
	while ((markup->p = memchr(markup->p, '<', (size_t)(markup->end - markup->p)))) {
		struct tag tag;
		read_tag(markup, &tag);
		check_tag(markup, &tag, html->p);
	}
	assert_int_equal(markup->depth, 0);
	assert_int_equal(markup->titles, is_page ? 1 : 0);
	assert_true(markup->headings == 1 || (!is_page && markup->headings == 0));
	if (is_page && !strstr(html->p, "<html lang=\"en\" dir=\"ltr\">"))
		fail_msg("%s: the page does not say its language", what);
	buf_free(&markup->ids);
}

/* Puts the text wherever the sample says TEXT; with is_flipped every flag is turned round. */
static json_t *fill(const json_t *sample, const char *text, bool is_flipped)
{
	const char *key;
	json_t *value, *copy;

	switch (json_typeof(sample)) {
	case JSON_STRING:
		return strcmp(json_string_value(sample), "TEXT") == 0 ? json_string(text)
								      : json_string(json_string_value(sample));
	case JSON_TRUE:
	case JSON_FALSE:
		return json_boolean(json_is_true(sample) != is_flipped);
	case JSON_ARRAY:
		copy = json_array();
		for (size_t i = 0; i < json_array_size(sample); i++)
			json_array_append_new(copy, fill(json_array_get(sample, i), text, is_flipped));
		return copy;
	case JSON_OBJECT:
		copy = json_object();
		/* jansson's iteration takes a pointer that may change what it points to; this one does not. */
		for (void *at = json_object_iter((json_t *)(uintptr_t)sample); at;
		     at = json_object_iter_next((json_t *)(uintptr_t)sample, at)) {
			key = json_object_iter_key(at);
			value = json_object_iter_value(at);
			json_object_set_new(copy, key, fill(value, text, is_flipped));
		}
		return copy;
	case JSON_INTEGER:
	case JSON_REAL:
	case JSON_NULL:
		break;
	}
	return json_deep_copy(sample);
}

static void ready_each(struct view *list, void (*ready)(struct arena *, struct view *))
{
	for (struct view *item = list ? list->first : NULL; item; item = item->next)
		ready(&arena, item);
}

static void ready_invite(struct arena *where, struct view *invite)
{
	fragment_person(where, invite, "inviter", view_find(invite, "inviter"));
	fragment_moment(where, invite, "expires", view_text(invite, "expires_at"));
}

static void ready_pin(struct arena *where, struct view *pin)
{
	fragment_message(where, view_find(pin, "message"));
	fragment_moment(where, pin, "moment", view_text(pin, "pinned_at"));
}

static void ready_version(struct arena *where, struct view *version)
{
	fragment_moment(where, version, "since", view_text(version, "timestamp"));
	fragment_message(where, version);
}

static void ready_thread(struct arena *where, struct view *thread)
{
	fragment_thread(where, thread);
	view_put_flag(where, thread, "is_private", true);
	view_put_flag(where, thread, "is_followed", true);
}

static void ready_saved(struct arena *where, struct view *saved)
{
	fragment_message(where, view_find(saved, "message"));
	fragment_moment(where, saved, "moment", view_text(saved, "saved_at"));
}

static void ready_response(struct arena *where, struct view *response)
{
	fragment_emoji(where, view_find(response, "emoji"));
}

static void ready_event(const char *name, struct view *payload)
{
	/* Fragments of several types. */
	static const struct {
		const char *name, *type;
	} named[] = {{"live/message_reaction", "MESSAGE_REACTION_ADD"}, {"live/poll_vote", "MESSAGE_POLL_VOTE_REMOVE"}};
	char type[48] = "";
	const char *found;

	if (strcmp(name, "live/note") == 0) {
		note_ready(&arena, "MESSAGE_CREATE", payload);
		return;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(name, named[i].name) != 0)
			continue;
		assert_true(fragment_event(&arena, named[i].type, payload, &found));
		assert_string_equal(found, name);
		return;
	}
	if (strcmp(name, "live/change") == 0) {
		assert_true(fragment_event(&arena, "CHANNEL_MEMBER_ADD", payload, &found));
		assert_string_equal(found, name);
		return;
	}
	for (size_t i = 0; name[5 + i]; i++)
		type[i] = (char)(name[5 + i] >= 'a' && name[5 + i] <= 'z' ? name[5 + i] - 'a' + 'A' : name[5 + i]);
	assert_true(fragment_event(&arena, type, payload, &found));
	assert_string_equal(found, name);
}

/* What the pages and snug-live add to views before they render them. */
static void ready(const char *name, struct view *data)
{
	static const char *const messages[] = {"message", "blank_message"};
	static const char *const threads[] = {"active", "archived", "archived_private"};
	struct view *starter = view_find(view_find(data, "thread_room"), "starter");
	struct view *guild = view_find(data, "guild"), *invite_guild = view_find(view_find(data, "invite"), "guild");

	if (strncmp(name, "live/", 5) == 0) {
		ready_event(name, data);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		if (view_find(data, messages[i]))
			fragment_message(&arena, view_find(data, messages[i]));
	}
	if (view_find(data, "blank_message"))
		fragment_parent(&arena, view_find(data, "blank_message"));
	if (view_find(data, "messages"))
		history_ready(&arena, view_find(data, "messages"), 9);
	if (invite_guild)
		fragment_guild(&arena, invite_guild);
	if (guild)
		fragment_guild(&arena, guild);
	if (view_is_object(view_find(data, "user")))
		fragment_person(&arena, data, "user", view_find(data, "user"));
	ready_each(view_find(data, "other_guilds"), fragment_guild);
	ready_each(view_find(data, "invites"), ready_invite);
	ready_each(view_find(data, "pins"), ready_pin);
	for (size_t i = 0; i < 3; i++)
		ready_each(view_find(view_find(data, threads[i]), "threads"), ready_thread);
	if (view_is_object(starter))
		fragment_message(&arena, starter);
	ready_each(view_find(data, "versions"), ready_version);
	ready_each(view_find(data, "items"), ready_saved);
	ready_each(view_find(data, "emojis"), fragment_emoji);
	ready_each(view_find(data, "custom"), fragment_emoji);
	ready_each(view_find(data, "choices"), fragment_emoji);
	ready_each(view_find(data, "responses"), ready_response);
}

struct fixture {
	struct tmpl_set *set;
	json_t *samples;
};

/* A copy of the sample, with what most pages have (the sample named "_shared") where it says nothing of its own. */
static json_t *whole_sample(const struct fixture *fixture, const char *name)
{
	json_t *sample = json_copy(json_object_get(fixture->samples, name));

	if (strncmp(name, "page/", 5) == 0)
		json_object_update_missing(sample, json_object_get(fixture->samples, "_shared"));
	return sample;
}

static void render(struct fixture *fixture, const char *name, const char *text, bool is_flipped, struct markup *markup)
{
	json_t *sample = whole_sample(fixture, name);
	json_t *filled = fill(sample, text, is_flipped);
	char *json = json_dumps(filled, JSON_COMPACT);
	struct view *data;
	struct buf html;

	assert_int_equal(view_parse(&arena, json, strlen(json), &data), ERR_OK);
	ready(name, data);
	buf_init(&html);
	if (tmpl_render(fixture->set, name, data, TMPL_STRICT, &html) != ERR_OK) {
		const struct tmpl_error *error = tmpl_set_error(fixture->set);
		fail_msg("%s: %s, line %d, {{%s}}: %s", name, error->name, error->line, error->tag, error->why);
	}
	read_markup(name, &html, markup);
	if (strstr(html.p, hostile))
		fail_msg("%s: text came through as it was", name);
	buf_free(&html);
	json_decref(filled);
	json_decref(sample);
	free(json);
	arena_reset(&arena);
}

static void test_text_stays_text_in_every_template(void **state)
{
	struct fixture *fixture = *state;
	const char *name;
	json_t *ignored;

	json_object_foreach(fixture->samples, name, ignored)
	{
		for (int flipped = 0; name[0] != '_' && flipped <= 1; flipped++) {
			struct markup calm, attacked;
			render(fixture, name, benign, flipped == 1, &calm);
			render(fixture, name, hostile, flipped == 1, &attacked);
			assert_string_equal(calm.outline.p ? calm.outline.p : "",
					    attacked.outline.p ? attacked.outline.p : "");
			buf_free(&calm.outline);
			buf_free(&attacked.outline);
		}
	}
}

/* Partials are rendered through the pages that include them. */
static void check_folder(const struct fixture *fixture, const char *folder)
{
	char path[64], name[320];
	size_t count = 0;

	snprintf(path, sizeof(path), "templates/%s", folder);
	DIR *directory = opendir(path);
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));) {
		const char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".mustache") != 0)
			continue;
		snprintf(name, sizeof(name), "%s/%.*s", folder, (int)(dot - entry->d_name), entry->d_name);
		if (!json_object_get(fixture->samples, name))
			fail_msg("%s has no sample in test_templates.json", name);
		count++;
	}
	closedir(directory);
	assert_true(count > 0);
}

static void test_every_template_has_a_sample(void **state)
{
	check_folder(*state, "page");
	check_folder(*state, "live");
}

/* What is written as it is: in part/message_text what text/markdown.c made, and in mails that are text. */
static bool may_be_raw(const char *path)
{
	return strcmp(path, "templates/part/message_text.mustache") == 0 ||
	       (strncmp(path, "templates/mail/", strlen("templates/mail/")) == 0 && strstr(path, "text.mustache"));
}

static void check_escapes(const char *folder)
{
	char path[640];
	DIR *directory = opendir(folder);
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] == '.')
			continue;
		if (!strchr(entry->d_name, '.')) {
			check_escapes(path);
			continue;
		}
		if (!strstr(entry->d_name, ".mustache"))
			continue;
		FILE *file = fopen(path, "r");
		char line[4096];
		assert_non_null(file);
		while (fgets(line, sizeof(line), file)) {
			if (!may_be_raw(path) && (strstr(line, "{{{") || strstr(line, "{{&") || strstr(line, "{{=")))
				fail_msg("%s writes something as it is: %s", path, line);
		}
		fclose(file);
	}
	closedir(directory);
}

static void test_all_but_the_text_of_messages_is_escaped(void **state)
{
	(void)state;
	check_escapes("templates");
}

/* The test of the test: what the reader must refuse, it refuses, as the outline shows. */
static void test_markup_in_text_would_be_seen(void **state)
{
	(void)state;
	struct buf calm, attacked;
	struct markup first, second;
	buf_init(&calm);
	buf_init(&attacked);
	buf_puts(&calm, "<p title=\"x\">text</p>");
	buf_puts(&attacked, "<p title=\"x\"><b>text</b></p>");
	read_markup("calm", &calm, &first);
	read_markup("attacked", &attacked, &second);
	assert_string_not_equal(first.outline.p, second.outline.p);
	buf_free(&first.outline);
	buf_free(&second.outline);
	buf_free(&calm);
	buf_free(&attacked);
}

static int open_fixture(void **state)
{
	static struct fixture fixture;
	json_error_t error;

	log_open("test_templates", LOG_ERROR);
	fixture.samples = json_load_file("tests/unit/test_templates.json", JSON_REJECT_DUPLICATES, &error);
	if (!fixture.samples) {
		print_error("test_templates.json:%d: %s\n", error.line, error.text);
		return 1;
	}
	*state = &fixture;
	return tmpl_set_open("templates", &fixture.set) == ERR_OK ? 0 : 1;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	tmpl_set_close(fixture->set);
	json_decref(fixture->samples);
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_template_has_a_sample),
	    cmocka_unit_test(test_text_stays_text_in_every_template),
	    cmocka_unit_test(test_all_but_the_text_of_messages_is_escaped),
	    cmocka_unit_test(test_markup_in_text_would_be_seen),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
