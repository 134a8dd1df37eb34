/* Emoji to choose from: each once, without skin tones, in the groups and the order of keyboards (UTS #51), with the
 * words that people look for them by (CLDR, in English). The table is made when Snug is built: tools/emoji. */
#ifndef SNUG_TEXT_EMOJI_LIST_H
#define SNUG_TEXT_EMOJI_LIST_H

#include "base/str.h"

#include <stdbool.h>

/* Smileys, people, animals, food, travel, activities, objects, symbols, flags. */
enum { EMOJI_GROUP_COUNT = 9 };

/* Row by row: whether there is one with that number; its emoji, which lives for ever, and its group. */
bool emoji_list_at(size_t row, struct str *emoji, int *group);

/* Whether each word of query begins a word of the row's name or search words, in any case. No word is in every row. */
bool emoji_list_matches(size_t row, struct str query);

#endif
