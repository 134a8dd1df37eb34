/* Who has read a message: a part of its own page. */
#ifndef SNUG_PAGE_READERS_H
#define SNUG_PAGE_READERS_H

#include "page/page.h"

/* Writes readers {count, count_is_exact, users}, null where that is not shown: it is switched off, by the server or by
 * this person, or the person is not in the channel, which is what *is_joined says. */
enum err page_readers_write(struct page *page, bool *is_joined) MUST_USE;

/* Readies readers for part/readers: is_named, is_one, and each of its users. */
void page_readers_ready(struct arena *arena, struct view *data);

#endif
