/* From the JSON view of a thing to the data of its template: the few values that a template without logic cannot
 * compute (initials, the time of day, whether something was edited). snug-web does this for pages and snug-live for
 * what it sends to open pages, so that both render the same. Nothing is added that differs by viewer but as false, for
 * the page to set. */
#ifndef SNUG_TEXT_FRAGMENT_H
#define SNUG_TEXT_FRAGMENT_H

#include "json/json.h"

#include <stdbool.h>

/* How many colours an avatar without a picture may have: the classes tint-0 and on in the style sheet. */
enum { FRAGMENT_TINTS = 8 };

/* Readies the payload of an event for its template and names that ("live/message_create"). False when open pages
 * hear nothing of this type. */
bool fragment_event(const char *type, json_t *payload, const char **name);

/* Readies a message for part/message: author_name, author_initials, author_tint, time_text, is_edited, and what may be
 * left out of a view as null. is_mine and is_continued become false. The page that shows it names guild_id. */
void fragment_message(json_t *message);

/* Readies a channel for part/channel: is_text; is_current becomes false. */
void fragment_channel(json_t *channel);

/* Adds NAME_name, NAME_initials and NAME_tint of a user view to an object. The initials are those of the first and the
 * last word of the name that is shown. */
void fragment_person(json_t *object, const char *prefix, const json_t *user);

/* Adds initials and tint of a workspace to its own view. */
void fragment_guild(json_t *guild);

/* Adds member key: what part/date writes out, of a time "2026-01-02T…" in UTC. */
void fragment_date(json_t *object, const char *key, const char *timestamp);

#endif
