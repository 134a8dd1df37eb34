/* From the JSON view of a thing to the data of its template: the few values that a template without logic cannot
 * compute (initials, the time of day, whether something was edited). snug-web does this for pages and snug-live for
 * what it sends to open pages, so that both render the same. Nothing is added that differs by viewer but as false, for
 * the page to set. What is added lies in the arena or in the view itself. */
#ifndef SNUG_TEXT_FRAGMENT_H
#define SNUG_TEXT_FRAGMENT_H

#include "text/markdown.h"
#include "json/view.h"

#include <stdbool.h>

/* How many colours an avatar without a picture may have: the classes tint-0 and on in the style sheet. */
enum { FRAGMENT_TINTS = 8 };

/* Readies the payload of an event for its template and names that ("live/message_create"). False when open pages
 * hear nothing of this type. */
bool fragment_event(struct arena *arena, const char *type, struct view *payload, const char **name);

/* Whether an event of this type may change what surrounds a conversation: sidebar, head, whether one may write. Pages
 * hear of those of every channel and workspace of their reader. */
bool fragment_is_change(const char *type);

/* Readies a message for part/message and the parts of that: author_name, author_initials, author_tint, date_text,
 * time_text, is_edited, is_reply, has_attachments, has_embeds, has_reactions; to the message that a reply answers its
 * author_name and snippet; and what may be left out of a view as null. is_mine and is_continued become false. The page
 * that shows it names place: the workspace's id, or @me; before, if it can, and with it known_channels, the channels
 * that its reader sees. In fragment_message.c.
 *
 * A message that would make its page too large is shown without its embeds and files, and is_heavy says so; the page of
 * that message alone shows it whole. */
void fragment_message(struct arena *arena, struct view *message);
void fragment_message_whole(struct arena *arena, struct view *message);

/* The difference between the two, in fragment_weight.c: whether a message is too large, by its views before it is readied
 * and by its HTML after, and taking out of it what makes it so. */
bool fragment_is_heavy(const struct view *message);
void fragment_lighten(struct arena *arena, struct view *message);

/* Readies a message as the one that is answered: author_name, … and snippet, the beginning of its text in one line. */
void fragment_parent(struct arena *arena, struct view *message);

/* Readies the embeds of a message, or of the copy that a forward is: has_embeds, and to each what part/message_embeds
 * asks for. names are those of the message. */
void fragment_embeds(struct arena *arena, struct view *message, const struct markdown_names *names);

/* Readies the files of a message, or of the copy that a forward is: has_attachments, and to each what
 * part/message_attachments asks for (is_picture and the other kinds, box_width, size_text, ending, …). */
void fragment_attachments(struct arena *arena, struct view *message);

/* Readies the reactions of a message: has_reactions, and to each what part/reaction asks for. */
void fragment_reactions(struct arena *arena, struct view *message);

/* Readies the poll of a message for part/message_poll: asked, total, is_final, ends, and to each answer its text,
 * count, percent and is_chosen; null when there is none. */
void fragment_poll(struct arena *arena, struct view *message);

/* Readies the events of reactions and votes, which tell of one change, for the fragments of their names. */
void fragment_reaction_added(struct arena *arena, struct view *payload);
void fragment_reaction_removed(struct arena *arena, struct view *payload);
void fragment_vote_added(struct arena *arena, struct view *payload);
void fragment_vote_removed(struct arena *arena, struct view *payload);

/* Readies a thread's view for part/message_thread: is_one and is_many, and last, when somebody last wrote in
 * it. In fragment_thread.c, as the events of threads. */
void fragment_thread(struct arena *arena, struct view *thread);
void fragment_thread_event(struct arena *arena, struct view *payload);
void fragment_thread_change(struct arena *arena, struct view *payload);

/* Readies an emoji's view for part/emoji, and adds key: how a form names it. */
void fragment_emoji(struct arena *arena, struct view *emoji);

/* Adds NAME_name, NAME_initials, NAME_tint and NAME_picture of a user view (NULL: of nobody) to an object. The initials
 * are those of the first and the last word of the name that is shown; the picture is its address or null. */
void fragment_person(struct arena *arena, struct view *object, const char *name, const struct view *user);

/* The same into the user's own view, as part/avatar wants it: name, initials, tint, picture. */
void fragment_user(struct arena *arena, struct view *user);

/* Adds initials, tint and picture of a workspace to its own view: part/avatar. */
void fragment_guild(struct arena *arena, struct view *guild);

/* Adds member key: what part/date writes out, of a time "2026-01-02T…" in UTC; its member at is that time, iso its
 * day. */
void fragment_date(struct arena *arena, struct view *object, const char *key, struct str timestamp);

/* The same for part/moment, which says the time of day beside; null when there is no time. */
void fragment_moment(struct arena *arena, struct view *object, const char *key, struct str timestamp);

#endif
