/* Addresses of any bytes and lists of networks of any text. The first 16 bytes are the address; what has IPv4 inside in
 * one of the known ways is never public, whatever that is, and IPv4 is public in its own form alone. */
#include "base/ensure.h"
#include "http/public_address.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

static bool is_public(const unsigned char address[16])
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	memcpy(&six.sin6_addr, address, 16);
	return public_address_is((const struct sockaddr *)&six);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	static const unsigned char prefixes[][12] = {
	    {0},                                        /* compatible */
	    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, /* mapped */
	    {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, /* translated */
	    {0, 0x64, 0xff, 0x9b},                      /* NAT64 */
	};
	struct sockaddr_in four = {.sin_family = AF_INET};
	unsigned char address[16] = {0};
	memcpy(address, bytes, n < sizeof(address) ? n : sizeof(address));
	bool is_six_public = is_public(address);
	ensure(!is_six_public || (address[0] & 0xe0) == 0x20);
	memcpy(&four.sin_addr, address, 4);
	bool is_four_public = public_address_is((const struct sockaddr *)&four);
	ensure(!is_four_public || (address[0] != 127 && address[0] != 10 && address[0] != 0 && address[0] < 224));
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		unsigned char carrying[16];
		memcpy(carrying, prefixes[i], 12);
		memcpy(carrying + 12, address, 4);
		ensure(!is_public(carrying));
	}
	unsigned char six_to_four[16] = {0x20, 0x02, address[0], address[1], address[2], address[3]};
	ensure(!is_public(six_to_four));
	if (n > sizeof(address)) {
		char *networks = malloc(n - sizeof(address) + 1);
		ensure(networks != NULL);
		memcpy(networks, bytes + sizeof(address), n - sizeof(address));
		networks[n - sizeof(address)] = '\0';
		(void)public_address_is_in((const struct sockaddr *)&four, networks);
		free(networks);
	}
	return 0;
}
