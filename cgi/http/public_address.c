/* IANA IPv4 and IPv6 Special-Purpose Address Registries; of IPv6 only 2000::/3 is global unicast at all. */
#include "http/public_address.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { V4_BYTES = 4, V6_BYTES = 16 };

struct network {
	unsigned char bytes[V6_BYTES];
	unsigned bits;
};

static bool is_in(const unsigned char *address, const struct network *network)
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	if (memcmp(address, network->bytes, whole) != 0)
		return false;
	unsigned char mask = (unsigned char)(0xff00u >> rest);
	return rest == 0 || (address[whole] & mask) == (network->bytes[whole] & mask);
}

static bool is_in_any(const unsigned char *address, const struct network *networks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_in(address, &networks[i]))
			return true;
	}
	return false;
}

static bool is_public_v4(const unsigned char *address)
{
	static const struct network special[] = {
	    {{0}, 8},             /* this network */
	    {{10}, 8},            /* private */
	    {{100, 64}, 10},      /* shared: CGNAT */
	    {{127}, 8},           /* loopback */
	    {{169, 254}, 16},     /* link-local, with the metadata services of clouds */
	    {{172, 16}, 12},      /* private */
	    {{192, 0, 0}, 24},    /* protocol assignments */
	    {{192, 0, 2}, 24},    /* documentation */
	    {{192, 31, 196}, 24}, /* AS112 */
	    {{192, 52, 193}, 24}, /* AMT */
	    {{192, 88, 99}, 24},  /* 6to4 relays */
	    {{192, 168}, 16},     /* private */
	    {{192, 175, 48}, 24}, /* AS112 */
	    {{198, 18}, 15},      /* benchmarking */
	    {{198, 51, 100}, 24}, /* documentation */
	    {{203, 0, 113}, 24},  /* documentation */
	    {{224}, 4},           /* multicast */
	    {{240}, 4},           /* reserved, and broadcast */
	};
	return !is_in_any(address, special, sizeof(special) / sizeof(special[0]));
}

/* The last 64 bits of ISATAP (RFC 5214) hold an IPv4 address behind 0000:5efe or 0200:5efe. */
static bool is_isatap(const unsigned char *address)
{
	return (address[8] & 0xfd) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == 0xfe;
}

static bool is_public_v6(const unsigned char *address)
{
	static const struct network global = {{0x20}, 3};
	static const struct network special[] = {
	    {{0x20, 0x01, 0x00}, 23},             /* protocol assignments: Teredo, ORCHID, benchmarking … */
	    {{0x20, 0x01, 0x0d, 0xb8}, 32},       /* documentation */
	    {{0x20, 0x02}, 16},                   /* 6to4 */
	    {{0x26, 0x20, 0, 0x4f, 0x80, 0}, 48}, /* AS112 */
	    {{0x3f, 0xfe}, 16},                   /* 6bone, given back */
	    {{0x3f, 0xff, 0x00}, 20},             /* documentation */
	};
	return is_in(address, &global) && !is_in_any(address, special, sizeof(special) / sizeof(special[0])) &&
	       !is_isatap(address);
}

static const unsigned char *bytes_of(const struct sockaddr *address, size_t *n)
{
	if (address->sa_family == AF_INET) {
		*n = V4_BYTES;
		return (const unsigned char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
	}
	if (address->sa_family == AF_INET6) {
		*n = V6_BYTES;
		return (const unsigned char *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	}
	return NULL;
}

bool public_address_is(const struct sockaddr *address)
{
	size_t n;
	const unsigned char *bytes = bytes_of(address, &n);
	if (bytes == NULL)
		return false;
	return n == V4_BYTES ? is_public_v4(bytes) : is_public_v6(bytes);
}

/* "10.0.0.0/8", or one address. */
static bool parse_network(struct str text, size_t n, struct network *out)
{
	char host[INET6_ADDRSTRLEN];
	struct str address, bits;
	char *end = NULL;
	*out = (struct network){.bits = (unsigned)(8 * n)};
	bool has_bits = str_cut(text, '/', &address, &bits);
	if (address.n >= sizeof(host))
		return false;
	memcpy(host, address.p, address.n);
	host[address.n] = '\0';
	if (inet_pton(n == V4_BYTES ? AF_INET : AF_INET6, host, out->bytes) != 1)
		return false;
	if (!has_bits)
		return true;
	if (bits.n == 0 || bits.n > 3 || bits.p[0] < '0' || bits.p[0] > '9')
		return false;
	char digits[4] = "";
	memcpy(digits, bits.p, bits.n);
	long value = strtol(digits, &end, 10);
	out->bits = (unsigned)value;
	return *end == '\0' && value >= 0 && value <= (long)(8 * n);
}

bool public_address_is_in(const struct sockaddr *address, const char *networks)
{
	size_t n;
	const unsigned char *bytes = bytes_of(address, &n);
	struct str rest = str_from(networks), one;
	bool is_more = bytes != NULL;
	while (is_more) {
		struct network network;
		is_more = str_cut(rest, ',', &one, &rest);
		if (parse_network(str_trim(one), n, &network) && is_in(bytes, &network))
			return true;
	}
	return false;
}
