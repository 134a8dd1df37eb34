/* What the operations on jobs take. */
#include "domain/fields.h"
#include "domain/job/job.h"

enum { LEASE_MIN = 20, LEASE_MAX = 64, KIND_MAX = 32 };

const struct field job_lease_fields[] = {{.name = "kind",
					  .type = FIELD_TEXT,
					  .flags = FIELD_REQUIRED,
					  .min = 1,
					  .max = KIND_MAX,
					  .offset = offsetof(struct job_lease_input, kind)},
					 {.name = "lease",
					  .type = FIELD_TEXT,
					  .flags = FIELD_REQUIRED | FIELD_SECRET,
					  .min = LEASE_MIN,
					  .max = LEASE_MAX,
					  .offset = offsetof(struct job_lease_input, lease)},
					 {.name = "limit",
					  .type = FIELD_INT,
					  .flags = FIELD_REQUIRED,
					  .min = 1,
					  .max = JOB_LEASE_AT_ONCE_MAX,
					  .offset = offsetof(struct job_lease_input, limit)},
					 {0}};

const struct field job_done_fields[] = {FIELD_REQUIRED_ID(job_done_input, id),
					{.name = "lease",
					 .type = FIELD_TEXT,
					 .flags = FIELD_REQUIRED | FIELD_SECRET,
					 .min = LEASE_MIN,
					 .max = LEASE_MAX,
					 .offset = offsetof(struct job_done_input, lease)},
					{0}};

const struct field job_fail_fields[] = {
    FIELD_REQUIRED_ID(job_fail_input, id),
    {.name = "lease",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .min = LEASE_MIN,
     .max = LEASE_MAX,
     .offset = offsetof(struct job_fail_input, lease)},
    {.name = "error",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = JOB_ERROR_MAX,
     .offset = offsetof(struct job_fail_input, error)},
    {.name = "is_final", .type = FIELD_FLAG, .offset = offsetof(struct job_fail_input, is_final)},
    {.name = "is_untouched", .type = FIELD_FLAG, .offset = offsetof(struct job_fail_input, is_untouched)},
    {0}};

const struct field job_retry_fields[] = {FIELD_REQUIRED_ID(job_retry_input, id), {0}};

const struct field job_drop_fields[] = {FIELD_REQUIRED_ID(job_drop_input, id), {0}};
