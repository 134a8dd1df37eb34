/* What the operations on blocks take. */
#include "domain/block/block.h"

const struct field block_create_fields[] = {{.name = "user_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct block_create_input, user_id)},
					    {0}};

const struct field block_delete_fields[] = {{.name = "user_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct block_delete_input, user_id)},
					    {0}};
