/* The tables hold arrays and no pointers, so that they are shared by all programs and need no work when one starts.
 * Invariant: both are in the order of their bytes, and so what begins alike stands together. */
#include "text/emoji.h"

#include <stdint.h>
#include <string.h>

struct spelling {
	char text[EMOJI_TEXT_MAX + 1];
	uint8_t n;
	uint16_t whole, name; /* rows of spellings and of names */
};

struct name {
	char text[EMOJI_NAME_MAX + 1];
	uint16_t spelling;
};

static const struct spelling spellings[] = {
#include "emoji.inc"
};
static const struct name names[] = {
#include "emoji_names.inc"
};
enum {
	SPELLING_COUNT = sizeof(spellings) / sizeof(spellings[0]),
	NAME_COUNT = sizeof(names) / sizeof(names[0]),
};
_Static_assert(SPELLING_COUNT <= UINT16_MAX && NAME_COUNT <= UINT16_MAX, "rows have numbers of 16 bits");

/* The first row from low on, below high, whose byte at place is not less than byte (or is greater, with past). Those
 * rows agree in all bytes before that place; one that ends there has a 0. */
static size_t bound(size_t low, size_t high, size_t place, unsigned char byte, bool past)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		unsigned char there = (unsigned char)spellings[middle].text[place];
		if (there < byte || (past && there == byte))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Narrows the rows down byte by byte; most texts leave none after the first or second. */
static const struct spelling *longest(struct str text)
{
	const struct spelling *found = NULL;
	size_t low = 0, high = SPELLING_COUNT;
	for (size_t i = 0; i < text.n && i < EMOJI_TEXT_MAX; i++) {
		unsigned char byte = (unsigned char)text.p[i];
		low = bound(low, high, i, byte, false);
		high = bound(low, high, i, byte, true);
		if (byte == 0 || low == high)
			break;
		if (spellings[low].n == i + 1)
			found = &spellings[low];
	}
	return found;
}

static struct str text_of(const struct spelling *spelling)
{
	return (struct str){spelling->text, spelling->n};
}

size_t emoji_match(struct str text, struct str *whole)
{
	const struct spelling *found = longest(text);
	if (found == NULL)
		return 0;
	if (whole != NULL)
		*whole = text_of(&spellings[found->whole]);
	return found->n;
}

bool emoji_is_known(struct str text)
{
	return text.n > 0 && emoji_match(text, NULL) == text.n;
}

struct str emoji_whole(struct str text)
{
	struct str whole;
	return text.n > 0 && emoji_match(text, &whole) == text.n ? whole : STR("");
}

struct str emoji_name(struct str text)
{
	const struct spelling *found = longest(text);
	return found != NULL && found->n == text.n ? str_from(names[found->name].text) : STR("");
}

struct str emoji_by_name(struct str name)
{
	size_t low = 0, high = NAME_COUNT;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *there = names[middle].text;
		size_t n = strlen(there);
		int order = memcmp(there, name.p, n < name.n ? n : name.n);
		if (order == 0 && n == name.n)
			return text_of(&spellings[names[middle].spelling]);
		if (order < 0 || (order == 0 && n < name.n))
			low = middle + 1;
		else
			high = middle;
	}
	return STR("");
}
