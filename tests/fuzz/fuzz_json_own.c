/* The quick reader against jansson: whatever it accepts jansson accepts too, with an equal value. Only UTF-8 is given to it,
 * since that is its callers' promise. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "json/json_own.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	if (!utf8_is_valid(text, size))
		return 0;
	json_t *quick = json_own_read(text, size);
	json_error_t error;
	json_t *sure = size > 0 ? json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error) : NULL;
	ensure(quick == NULL || (sure != NULL && json_equal(quick, sure)));
	json_decref(quick);
	json_decref(sure);
	return 0;
}
