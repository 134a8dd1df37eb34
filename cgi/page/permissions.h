/* Permissions as people see them: rows with a box each, by group, in the order of the editor. What each is called and
 * what it means stands in templates/part/permission_name and permission_hint, under the row's key. */
#ifndef SNUG_PAGE_PERMISSIONS_H
#define SNUG_PAGE_PERMISSIONS_H

#include "http/form.h"
#include "json/jw.h"

#include <stdint.h>

/* Adds a list of groups {is, permissions: [{key, is, has, may}]}: has says what is given, may what whoever asks can
 * change. Of is, which names what the object is for its words, one member is true. */
void permissions_write(struct jw *jw, const char *key, uint64_t has, uint64_t may);

/* Adds a list of {is} of the bits that are set and have a row. */
void permissions_write_names(struct jw *jw, const char *key, uint64_t bits);

/* What the boxes of a form say: now, of what was there when the form was shown, less what was unticked, with what was
 * ticked. So two people who change different boxes at a time undo nothing of each other. */
uint64_t permissions_read(const struct form *form, uint64_t now, uint64_t shown, uint64_t may);

#endif
