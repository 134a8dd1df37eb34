/* The secrets: whatever is accepted has at least one key of each kind and text that ends. */
#include "base/ensure.h"
#include "front/secrets.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secrets secrets;
	char *p = ensure_malloc(size + 1);

	memcpy(p, data, size);
	if (secrets_parse(p, size, &secrets) == ERR_OK) {
		ensure(strlen(secrets.jwt.keys[0].kid) == JWT_KID_SIZE - 1);
		ensure(memchr(secrets.setup_code, '\0', sizeof(secrets.setup_code)) != NULL);
	}
	free(p);
	return 0;
}
