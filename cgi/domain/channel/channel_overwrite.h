/* Permission overwrites of one channel, set and taken one by one. Nobody touches a bit that they lack in the channel,
 * nor the overwrite of a role or member that does not stand strictly lower; @everyone's may be touched. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_OVERWRITE_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_OVERWRITE_H

#include "domain/channel/channel.h"

struct overwrite_put_input {
	struct field_set set;
	int64_t channel_id, target_id;
	int64_t type; /* enum perm_target */
	uint64_t allow, deny;
};
extern const struct field overwrite_put_fields[];
apply_function overwrite_put_apply; /* {} */

struct overwrite_delete_input {
	struct field_set set;
	int64_t channel_id, target_id;
};
extern const struct field overwrite_delete_fields[];
apply_function overwrite_delete_apply; /* {}; ERR_UNKNOWN_OVERWRITE */

#endif
