/* Embeds and flags of messages: what is taken, what is refused, and what an edit makes of them. */
#include "domain/message/message.h"
#include "domain/message/message_embeds.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

/* As ops_json, of any length. */
static json_t *input(const char *text)
{
	char *copy = arena_strdup(&ops.arena, text);
	json_t *json;

	for (char *at = copy; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	json = json_loads(copy, 0, NULL);
	assert_non_null(json);
	return json;
}

static enum err post(const char *members)
{
	return ops_run(&ops, &ops.ada, "message_create",
		       input(arena_printf(&ops.arena, "{'channel_id':'%lld',%s}", (long long)ops.general_id, members)));
}

static enum err edit(const struct person *who, int64_t id, const char *members)
{
	return ops_run(&ops, who, "message_update",
		       ops_json("{'channel_id':'%lld','message_id':'%lld',%s}", (long long)ops.general_id,
				(long long)id, members));
}

static const json_t *made(void)
{
	return json_object_get(ops.result, "message");
}

static const json_t *embed(size_t at)
{
	return json_array_get(json_object_get(made(), "embeds"), at);
}

static const char *long_text(size_t count)
{
	return ops_repeat(&ops, "x", count);
}

static const char *shown(void)
{
	return json_write(&ops.arena, embed(0)).p;
}

static void an_embed_is_kept_as_discord_knows_it(void **state)
{
	(void)state;
	assert_int_equal(
	    post("'embeds':[{'title':' A title ','description':'Words\\r\\nand "
		 "more','url':'https://example.org/a?b=c&d',"
		 "'timestamp':'2026-01-02T03:04:05Z','color':16711680,'footer':{'text':'F','icon_url':'http://a.b/c'},"
		 "'image':{'url':'attachment://picture.png','width':9},'thumbnail':{'url':'https://a.b/c'},"
		 "'author':{'name':'N','url':'https://a.b','icon_url':null},"
		 "'fields':[{'name':'n','value':'v','inline':true},{'name':'m','value':'w'}],"
		 "'type':'gifv','provider':{'name':'no'},'video':{'url':'https://no'},'unknown':[1]}]"),
	    ERR_OK);
	assert_string_equal(
	    shown(), "{\"type\":\"rich\",\"title\":\"A title\",\"description\":\"Words\\nand more\","
		     "\"url\":\"https://example.org/a?b=c&d\",\"timestamp\":\"2026-01-02T03:04:05.000000+00:00\","
		     "\"color\":16711680,\"footer\":{\"text\":\"F\",\"icon_url\":\"http://a.b/c\"},"
		     "\"image\":{\"url\":\"attachment://picture.png\"},\"thumbnail\":{\"url\":\"https://a.b/c\"},"
		     "\"author\":{\"name\":\"N\",\"url\":\"https://a.b\"},"
		     "\"fields\":[{\"name\":\"n\",\"value\":\"v\",\"inline\":true},{\"name\":\"m\",\"value\":\"w\"}]}");
	assert_string_equal(json_text(made(), "content"), "");
}

/* eris sends both, discord.js null for what there is not. */
static void embed_and_embeds_are_one_thing(void **state)
{
	(void)state;
	assert_int_equal(post("'embed':{'title':'one'}"), ERR_OK);
	assert_string_equal(json_text(embed(0), "title"), "one");
	assert_int_equal(post("'embed':{'title':'one'},'embeds':[{'title':'one'}]"), ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "embeds")), 1);
	assert_int_equal(post("'content':'x','embed':{},'embeds':null"), ERR_OK);
	assert_int_equal(post("'content':'x','embed':null,'embeds':[],'components':[],'tts':true,'stickers':null"),
			 ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "embeds")), 0);
}

struct refusal {
	const char *members; /* %s is 257, 1025, 2049 or 4097 characters */
	size_t length;
	const char *path[5], *code;
};

static const struct refusal refusals[] = {
    {"'embeds':[{'title':'%s'}]", 257, {"embeds", "0", "title"}, "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'title':'a'},{'description':'%s'}]", 4097, {"embeds", "1", "description"}, "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'footer':{'text':'%s'}}]", 2049, {"embeds", "0", "footer", "text"}, "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'author':{'name':'%s'}}]", 257, {"embeds", "0", "author", "name"}, "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'fields':[{'name':'%s','value':'v'}]}]",
     257,
     {"embeds", "0", "fields", "0", "name"},
     "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'fields':[{'name':'n','value':'%s'}]}]",
     1025,
     {"embeds", "0", "fields", "0", "value"},
     "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'fields':[{'name':'n'}]}]", 0, {"embeds", "0", "fields", "0", "value"}, "BASE_TYPE_REQUIRED"},
    {"'embeds':[{'fields':[{'name':' ','value':'v'}]}]",
     0,
     {"embeds", "0", "fields", "0", "name"},
     "BASE_TYPE_REQUIRED"},
    {"'embeds':[{}]", 0, {"embeds", "0", "description"}, "BASE_TYPE_REQUIRED"},
    {"'embeds':[{'color':5}]", 0, {"embeds", "0", "description"}, "BASE_TYPE_REQUIRED"},
    {"'embeds':{'title':'a'}", 0, {"embeds"}, "LIST_TYPE_CONVERT"},
    {"'embeds':['a']", 0, {"embeds", "0"}, "DICT_TYPE_CONVERT"},
    {"'embed':'a'", 0, {NULL}, NULL},
    {"'embeds':[{'title':7}]", 0, {"embeds", "0", "title"}, "STRING_TYPE_CONVERT"},
    {"'embeds':[{'title':'a\\u0007b'}]", 0, {"embeds", "0", "title"}, "STRING_TYPE_CONTROL"},
    {"'embeds':[{'title':'a','color':-1}]", 0, {"embeds", "0", "color"}, "NUMBER_TYPE_COERCE"},
    {"'embeds':[{'title':'a','color':16777216}]", 0, {"embeds", "0", "color"}, "NUMBER_TYPE_COERCE"},
    {"'embeds':[{'title':'a','color':'red'}]", 0, {"embeds", "0", "color"}, "NUMBER_TYPE_COERCE"},
    {"'embeds':[{'title':'a','timestamp':'yesterday'}]", 0, {"embeds", "0", "timestamp"}, "DATE_TYPE_CONVERT"},
    {"'embeds':[{'title':'a','url':'javascript:alert(1)'}]", 0, {"embeds", "0", "url"}, "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'title':'a','url':'attachment://a.png'}]", 0, {"embeds", "0", "url"}, "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'title':'a','url':'https://a b'}]", 0, {"embeds", "0", "url"}, "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'title':'a','url':'https://'}]", 0, {"embeds", "0", "url"}, "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'title':'a','url':7}]", 0, {"embeds", "0", "url"}, "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'title':'a','url':'https://%s'}]", 2049, {"embeds", "0", "url"}, "BASE_TYPE_MAX_LENGTH"},
    {"'embeds':[{'image':{'url':'data:image/png;base64,AA'}}]",
     0,
     {"embeds", "0", "image", "url"},
     "URL_TYPE_INVALID_URL"},
    {"'embeds':[{'image':'https://a.b'}]", 0, {"embeds", "0", "image"}, "DICT_TYPE_CONVERT"},
    {"'embeds':[{'fields':{}}]", 0, {"embeds", "0", "fields"}, "LIST_TYPE_CONVERT"},
    {"'embeds':[{'fields':[7]}]", 0, {"embeds", "0", "fields", "0"}, "DICT_TYPE_CONVERT"},
    {"'embeds':[{'fields':[{'name':'n','value':'v','inline':'yes'}]}]",
     0,
     {"embeds", "0", "fields", "0", "inline"},
     "BOOLEAN_TYPE_CONVERT"},
};

static const char *with_text(const char *members, size_t length)
{
	const char *at = strstr(members, "%s");

	return at == NULL
		   ? members
		   : arena_printf(&ops.arena, "%.*s%s%s", (int)(at - members), members, long_text(length), at + 2);
}

static void each_part_has_discords_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *at = &refusals[i];
		enum err e = post(with_text(at->members, at->length));
		const json_t *found = ops.errors;

		if (at->code == NULL) {
			assert_true(e != ERR_OK);
			continue;
		}
		if (e != ERR_INVALID_FORM)
			fail_msg("%s: %s", at->members, err_info(e)->name);
		for (size_t step = 0; step < 5 && at->path[step] != NULL; step++)
			found = json_object_get(found, at->path[step]);
		found = json_array_get(json_object_get(found, "_errors"), 0);
		if (found == NULL || strcmp(json_text(found, "code"), at->code) != 0)
			fail_msg("%s: %s", at->members, json_write(&ops.arena, ops.errors).p);
	}
}

static void a_message_has_ten_embeds_of_6000_characters(void **state)
{
	const char *big = arena_printf(&ops.arena, "{'description':'%s'}", long_text(3000));

	(void)state;
	assert_int_equal(post("'embeds':[{'title':'1'},{'title':'2'},{'title':'3'},{'title':'4'},{'title':'5'},"
			      "{'title':'6'},{'title':'7'},{'title':'8'},{'title':'9'},{'title':'10'}]"),
			 ERR_OK);
	assert_int_equal(post("'embeds':[{'title':'1'},{'title':'2'},{'title':'3'},{'title':'4'},{'title':'5'},"
			      "{'title':'6'},{'title':'7'},{'title':'8'},{'title':'9'},{'title':'10'},{'title':'11'}]"),
			 ERR_INVALID_FORM);
	assert_int_equal(post(arena_printf(&ops.arena, "'embeds':[%s,%s]", big, big)), ERR_OK);
	assert_int_equal(post(arena_printf(&ops.arena, "'embeds':[%s,%s,{'title':'1'}]", big, big)), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "embeds"), "MAX_EMBED_SIZE_EXCEEDED");
}

static void embeds_need_the_permission(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	json_t *in =
	    ops_json("{'channel_id':'%lld','content':'x','embeds':[{'title':'T'}]}", (long long)ops.general_id);
	int64_t id = ops_message(&ops, &bob, ops.general_id, "words");

	(void)state;
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld", (long long)PERM_EMBED_LINKS,
		(long long)ops.guild_id);
	assert_int_equal(ops_run(&ops, &bob, "message_create", in), ERR_MISSING_PERMISSIONS);
	assert_int_equal(edit(&bob, id, "'embeds':[{'title':'T'}]"), ERR_MISSING_PERMISSIONS);
}

static void an_edit_replaces_embeds_and_clears_them(void **state)
{
	int64_t id;

	(void)state;
	assert_int_equal(post("'content':'x','embeds':[{'title':'1'},{'title':'2'}]"), ERR_OK);
	id = json_id(made(), "id");
	assert_int_equal(edit(&ops.ada, id, "'content':'y'"), ERR_OK);
	assert_string_equal(json_text(embed(1), "title"), "2");
	assert_int_equal(edit(&ops.ada, id, "'embeds':[{'title':'3'}]"), ERR_OK);
	assert_string_equal(json_text(embed(0), "title"), "3");
	assert_null(embed(1));
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(edit(&ops.ada, id, "'embeds':[{'title':'3'}]"), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(edit(&ops.ada, id, "'embeds':null"), ERR_OK);
	assert_null(embed(0));
	assert_int_equal(ops_int(&ops, "SELECT parts FROM messages WHERE id = %lld", (long long)id), 0);
	assert_int_equal(edit(&ops.ada, id, "'embeds':[{'title':'4'}],'content':null"), ERR_OK);
	assert_string_equal(json_text(made(), "content"), "");
	assert_int_equal(edit(&ops.ada, id, "'embeds':[]"), ERR_EMPTY_MESSAGE);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_embeds WHERE message_id = %lld", (long long)id),
			 1);
}

static void flags_that_are_the_servers_are_not_taken(void **state)
{
	(void)state;
	assert_int_equal(post("'content':'x','flags':4100"), ERR_OK);
	assert_int_equal(json_int(made(), "flags"), MESSAGE_FLAG_SUPPRESS_EMBEDS | MESSAGE_FLAG_SUPPRESS_NOTIFICATIONS);
	assert_int_equal(post("'content':'x','flags':32867"), ERR_OK);
	assert_int_equal(json_int(made(), "flags"), 0);
	assert_int_equal(post("'content':'x','flags':null"), ERR_OK);
	assert_int_equal(post("'content':'x','flags':-1"), ERR_INVALID_FORM);
}

/* Hiding embeds is no edit, and moderators may. */
static void embeds_are_hidden_and_shown_again(void **state)
{
	struct person mod = ops_join(&ops, "mod"), eve = ops_join(&ops, "eve");
	int64_t id;

	(void)state;
	ops_grant(&ops, &mod, PERM_MANAGE_MESSAGES);
	assert_int_equal(post("'content':'x','embeds':[{'title':'1'}]"), ERR_OK);
	id = json_id(made(), "id");
	assert_int_equal(edit(&eve, id, "'flags':4"), ERR_NOT_AUTHOR);
	assert_int_equal(edit(&mod, id, "'flags':4,'content':'my words'"), ERR_NOT_AUTHOR);
	assert_int_equal(edit(&mod, id, "'content':null"), ERR_NOT_AUTHOR);
	assert_int_equal(edit(&mod, id, "'flags':4"), ERR_OK);
	assert_null(embed(0));
	assert_true(json_is_null(json_object_get(made(), "edited_timestamp")));
	assert_int_equal(edit(&ops.ada, id, "'flags':0"), ERR_OK);
	assert_string_equal(json_text(embed(0), "title"), "1");
	assert_true(json_is_null(json_object_get(made(), "edited_timestamp")));
	assert_int_equal(edit(&ops.ada, id, "'flags':4096"), ERR_OK);
	assert_int_equal(json_int(made(), "flags"), 0);
}

/* Addresses of backslashes, which JSON doubles: each part has its limit, but with all of them the message is larger
 * than an event may be, and an edit can add to it. */
static void what_no_event_could_hold_is_refused(void **state)
{
	const char *address = arena_printf(&ops.arena, "https://x/%s", ops_repeat(&ops, "\\\\", EMBED_URL_MAX - 10));
	struct buf *list = buf_in_arena(&ops.arena);

	(void)state;
	for (int i = 0; i < MESSAGE_EMBEDS_MAX; i++)
		buf_printf(list,
			   "%s{'title':'x','url':'%s','footer':{'text':'x','icon_url':'%s'},'image':{'url':'%s'},"
			   "'thumbnail':{'url':'%s'},'author':{'name':'x','url':'%s','icon_url':'%s'}}",
			   i > 0 ? "," : "", address, address, address, address, address, address);
	const char *members = arena_printf(&ops.arena, "'embeds':[%s]", list->p);
	assert_int_equal(post(members), ERR_TOO_LARGE);
	assert_int_equal(post("'content':'x'"), ERR_OK);
	assert_op(&ops, &ops.ada, "message_update",
		  input(arena_printf(&ops.arena, "{'channel_id':'%lld','message_id':'%lld',%s}",
				     (long long)ops.general_id, (long long)json_id(made(), "id"), members)),
		  ERR_TOO_LARGE);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_embed_is_kept_as_discord_knows_it),
	    SET_UP(embed_and_embeds_are_one_thing),
	    SET_UP(each_part_has_discords_limit),
	    SET_UP(a_message_has_ten_embeds_of_6000_characters),
	    SET_UP(embeds_need_the_permission),
	    SET_UP(an_edit_replaces_embeds_and_clears_them),
	    SET_UP(flags_that_are_the_servers_are_not_taken),
	    SET_UP(embeds_are_hidden_and_shown_again),
	    SET_UP(what_no_event_could_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
