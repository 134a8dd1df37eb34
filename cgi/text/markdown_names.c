#include "text/markdown_names.h"

#include "base/id.h"

#include <string.h>

/* Lists are in no order, and ids are texts: comparing those is what takes least. */
static const struct view *find(const struct view *list, int64_t id)
{
	char text[ID_TEXT_SIZE];
	if (list == NULL || list->type != VIEW_LIST)
		return NULL;
	id_format(id, text);
	for (const struct view *each = list->first; each != NULL; each = each->next) {
		if (str_eq_text(view_text(each, "id"), text))
			return each;
	}
	return NULL;
}

static struct str name_of_user(const struct view *user)
{
	struct str nick = view_text(view_find(user, "member"), "nick"), name = view_text(user, "global_name");
	return nick.n > 0 ? nick : name.n > 0 ? name : view_text(user, "username");
}

static struct str name_of_person(const struct markdown_names *names, int64_t id)
{
	struct str name = name_of_user(find(names->users, id));
	return name.n > 0 ? name : view_text(find(names->others, id), "name");
}

static struct str with_sign(struct arena *arena, char sign, struct str name)
{
	char *shown = arena_alloc(arena, name.n + 1);
	shown[0] = sign;
	memcpy(shown + 1, name.p, name.n);
	return (struct str){shown, name.n + 1};
}

struct str markdown_name(struct arena *arena, const struct markdown_names *names, const struct token *token,
			 struct str form, int *named)
{
	struct str name = {"", 0};
	bool is_channel = token->kind == TOKEN_CHANNEL;
	if (names != NULL && (*named)++ < MARKDOWN_NAMED_MAX) {
		if (token->kind == TOKEN_USER)
			name = name_of_person(names, token->id);
		else
			name = view_text(find(is_channel ? names->channels : names->roles, token->id), "name");
	}
	if (name.n == 0)
		return is_channel ? STR("#…") : form;
	return with_sign(arena, is_channel ? '#' : '@', name);
}

bool markdown_is_of_reader(const struct markdown_names *names, int64_t id)
{
	char text[ID_TEXT_SIZE];
	struct str rest = names != NULL ? names->reader : STR("");
	id_format(id, text);
	while (rest.n > 0) {
		const char *blank = memchr(rest.p, ' ', rest.n);
		size_t n = blank != NULL ? (size_t)(blank - rest.p) : rest.n;
		if (str_eq_text((struct str){rest.p, n}, text))
			return true;
		n += blank != NULL;
		rest = (struct str){rest.p + n, rest.n - n};
	}
	return false;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t markdown_everyone(const struct markdown_names *names, struct str text, const char *p)
{
	static const struct str words[] = {{"@everyone", 9}, {"@here", 5}};
	size_t rest = (size_t)(text.p + text.n - p);
	if (names == NULL || !names->is_for_everyone || (p > text.p && is_word_byte(p[-1])))
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = words[i].n;
		if (rest >= n && memcmp(p, words[i].p, n) == 0 && (rest == n || !is_word_byte(p[n])))
			return n;
	}
	return 0;
}
