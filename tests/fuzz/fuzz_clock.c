/* Times in ISO 8601: whatever is read as one is written as a time that is read as the same. */
#include "base/clock.h"
#include "base/ensure.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[128], written[CLOCK_ISO8601_SIZE];
	int64_t at_ms = -7, again = 0;

	if (size >= sizeof text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!clock_parse_iso8601(text, &at_ms)) {
		ensure(at_ms == -7);
		return 0;
	}
	clock_iso8601(at_ms, written);
	/* An offset may push a time over the ends of the years that there are words for. */
	if (clock_parse_iso8601(written, &again) && strncmp(written, "0000", 4) != 0 &&
	    strncmp(text, "9999-12-31", 10) != 0)
		ensure(again == at_ms);
	return 0;
}
