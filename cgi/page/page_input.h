/* The input of an op that a form's handler writes itself, because it has a list, or a choice that is no value of its
 * own:
 *
 *   page_input_begin(&input, request);            // the ids of the address are in it
 *   page_input_text(&input, "name");
 *   TRY(page_input_submit(&input, OP_channel_create, &reply));
 *
 * What the form leaves out is left out; what is wrong with a value the op says. */
#ifndef SNUG_PAGE_PAGE_INPUT_H
#define SNUG_PAGE_PAGE_INPUT_H

#include "front/front.h"
#include "json/jw.h"

struct page_input {
	struct request *request;
	struct buf *text;
	struct jw jw; /* an object is open: members may be written beside those below */
};

void page_input_begin(struct page_input *input, struct request *request);

/* The field of that name: as it was typed; as a number; as an id, null where nothing is chosen. */
void page_input_text(struct page_input *input, const char *name);
void page_input_number(struct page_input *input, const char *name);
void page_input_id(struct page_input *input, const char *name);

/* A box: true when it is ticked, false when not. */
void page_input_flag(struct page_input *input, const char *name);

/* A list of boxes whose names are the prefix and an id: an array of the ids that are ticked. */
void page_input_ids(struct page_input *input, const char *name, const char *prefix);

/* The same ids as they are, FORM_FIELDS_MAX at most; returns how many. */
size_t page_form_ids(const struct request *request, const char *prefix, int64_t ids[FORM_FIELDS_MAX]);

/* Closes the object and sends it. See front_submit_text. */
enum err page_input_submit(struct page_input *input, enum op op, struct op_reply *reply) MUST_USE;

#endif
