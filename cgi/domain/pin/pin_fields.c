#include "domain/fields.h"
#include "domain/pin/pin.h"

const struct field pin_create_fields[] = {
    FIELD_REQUIRED_ID(pin_create_input, channel_id), FIELD_REQUIRED_ID(pin_create_input, message_id), {0}};

const struct field pin_delete_fields[] = {
    FIELD_REQUIRED_ID(pin_delete_input, channel_id), FIELD_REQUIRED_ID(pin_delete_input, message_id), {0}};
