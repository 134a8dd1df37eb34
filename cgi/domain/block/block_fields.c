/* What the operations on blocks take. */
#include "domain/block/block.h"
#include "domain/fields.h"

const struct field block_create_fields[] = {FIELD_REQUIRED_ID(block_create_input, user_id), {0}};

const struct field block_delete_fields[] = {FIELD_REQUIRED_ID(block_delete_input, user_id), {0}};
