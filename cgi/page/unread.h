/* What is unread, on the page of a room: beside the names in the sidebar, in the title, and where in the conversation
 * it begins. The script of the page goes on counting from here (static/js/unread.js), so all of it is read in the
 * page's one transaction, together with the seq behind which events count. */
#ifndef SNUG_PAGE_UNREAD_H
#define SNUG_PAGE_UNREAD_H

#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "page/page.h"

/* Writes unread, of which unread_ready makes what templates show. */
enum err unread_write(struct page *page, const struct channel *channel) MUST_USE;

/* Adds to each place of the sidebar unread, mentions, badge (what is shown beside its name, or null) and is_joined; and
 * to data: badge_total, what the title counts; unread_state {seq, targets, blocked} for the script; unread_bar {count,
 * is_one, is_far}, what stands above a conversation of which something is unread, or null; is_joined; is_unread_kept,
 * whether the script is to leave it unread. */
void unread_ready(struct request *request, struct view *data);

/* Where a room that is opened by ?unread begins: around the first unread message, where that is not on the latest page.
 */
enum err unread_asked(struct request *request, int64_t channel_id, struct message_page *asked) MUST_USE;

/* Marks the first unread message with is_first_unread, where it is among those of the page. */
void unread_ready_messages(struct arena *arena, struct view *data, struct view *messages);

#endif
