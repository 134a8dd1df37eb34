/* Looking for an emoji goes through all of them: they are less than two thousand, and few people do it at a time. */
#include "text/emoji_list.h"

#include "text/emoji.h"

#include <stdint.h>

enum { WORDS_MAX = 127 };

struct row {
	uint8_t group;
	char text[EMOJI_TEXT_MAX + 1], words[WORDS_MAX + 1];
};

static const struct row rows[] = {
#include "emoji_list.inc"
};
enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

bool emoji_list_at(size_t row, struct str *emoji, int *group)
{
	if (row >= ROW_COUNT)
		return false;
	*emoji = str_from(rows[row].text);
	*group = rows[row].group;
	return true;
}

static bool is_in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The next word at or after *at, which is moved behind it; empty when there is none. */
static struct str next_word(struct str text, size_t *at)
{
	while (*at < text.n && !is_in_word(text.p[*at]))
		(*at)++;
	size_t from = *at;
	while (*at < text.n && is_in_word(text.p[*at]))
		(*at)++;
	return (struct str){text.p + from, *at - from};
}

static bool has_beginning(struct str text, struct str word)
{
	size_t at = 0;
	for (struct str each; (each = next_word(text, &at)).n > 0;) {
		if (each.n >= word.n && str_eq_nocase((struct str){each.p, word.n}, word))
			return true;
	}
	return false;
}

bool emoji_list_matches(size_t row, struct str query)
{
	struct str name, words;
	size_t at = 0;
	if (row >= ROW_COUNT)
		return false;
	name = emoji_name(str_from(rows[row].text));
	words = str_from(rows[row].words);
	for (struct str word; (word = next_word(query, &at)).n > 0;) {
		if (!has_beginning(name, word) && !has_beginning(words, word))
			return false;
	}
	return true;
}
