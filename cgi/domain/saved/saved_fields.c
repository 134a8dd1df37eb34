/* What the operations on saved messages take. */
#include "domain/fields.h"
#include "domain/saved/saved.h"

const struct field saved_add_fields[] = {
    FIELD_REQUIRED_ID(saved_add_input, channel_id), FIELD_REQUIRED_ID(saved_add_input, message_id), {0}};

const struct field saved_remove_fields[] = {
    FIELD_REQUIRED_ID(saved_remove_input, channel_id), FIELD_REQUIRED_ID(saved_remove_input, message_id), {0}};
