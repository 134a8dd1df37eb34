/* What message_preview takes. */
#include "domain/fields.h"
#include "domain/preview/preview.h"

const struct field message_preview_fields[] = {FIELD_REQUIRED_ID(message_preview_input, message_id),
					       {.name = "edited_at_ms",
						.type = FIELD_INT,
						.max = INT64_MAX,
						.offset = offsetof(struct message_preview_input, edited_at_ms)},
					       {.name = "previews",
						.type = FIELD_JSON,
						.flags = FIELD_REQUIRED,
						.offset = offsetof(struct message_preview_input, previews)},
					       {0}};
