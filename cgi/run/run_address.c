#include "run/run_address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(const char *text, size_t n, long max, long *out)
{
	if (n == 0 || n > 5)
		return false;
	long value = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*out = value;
	return value <= max;
}

static bool parse_host(const char *host, uint16_t port, struct run_address *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->socket;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->socket;
	memset(out, 0, sizeof *out);
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (strcmp(host, "*") == 0)
		host = "[::]";
	size_t n = strlen(host);
	if (host[0] == '[' && host[n - 1] == ']') {
		char inner[INET6_ADDRSTRLEN];
		int length = snprintf(inner, sizeof inner, "%.*s", (int)(n - 2), host + 1);
		*v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
		out->size = sizeof *v6;
		return length < (int)sizeof inner && inet_pton(AF_INET6, inner, &v6->sin6_addr) == 1;
	}
	*v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	out->size = sizeof *v4;
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

enum err run_address_parse(const char *text, struct run_address *out)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	long port;
	if (!colon || colon == text || (size_t)(colon - text) >= sizeof host ||
	    !parse_number(colon + 1, strlen(colon + 1), 65535, &port))
		return ERR_BAD_REQUEST;
	(void)snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	return parse_host(host, (uint16_t)port, out) ? ERR_OK : ERR_BAD_REQUEST;
}

bool run_address_is_loopback(const struct run_address *address)
{
	if (address->socket.ss_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)&address->socket)->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&address->socket)->sin6_addr) != 0;
}

bool run_address_is_unspecified(const struct run_address *address)
{
	if (address->socket.ss_family == AF_INET)
		return ((const struct sockaddr_in *)&address->socket)->sin_addr.s_addr == 0;
	return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)&address->socket)->sin6_addr) != 0;
}

void run_address_format(const struct run_address *address, int without_port, char out[RUN_ADDRESS_TEXT_SIZE])
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address->socket;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address->socket;
	bool is_v6 = address->socket.ss_family == AF_INET6;
	char host[INET6_ADDRSTRLEN] = "";
	(void)inet_ntop(address->socket.ss_family, is_v6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr,
			host, sizeof host);
	int port = ntohs(is_v6 ? v6->sin6_port : v4->sin_port);
	int n = snprintf(out, RUN_ADDRESS_TEXT_SIZE, is_v6 ? "[%s]" : "%s", host);
	if (port != without_port)
		(void)snprintf(out + n, RUN_ADDRESS_TEXT_SIZE - (size_t)n, ":%d", port);
}

bool run_address_find_own(const struct run_address *address, struct run_address *out)
{
	struct ifaddrs *all;
	if (getifaddrs(&all) != 0)
		return false;
	bool is_found = false;
	for (const struct ifaddrs *i = all; i && !is_found; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_LOOPBACK) ||
		    !(i->ifa_flags & IFF_UP))
			continue;
		*out = *address;
		struct sockaddr_in own;
		memcpy(&own, i->ifa_addr, sizeof own);
		own.sin_port = address->socket.ss_family == AF_INET
				   ? ((const struct sockaddr_in *)&address->socket)->sin_port
				   : ((const struct sockaddr_in6 *)&address->socket)->sin6_port;
		memcpy(&out->socket, &own, sizeof own);
		out->size = sizeof own;
		is_found = true;
	}
	freeifaddrs(all);
	return is_found;
}

bool run_address_is_network(const char *text, size_t n)
{
	char copy[INET6_ADDRSTRLEN + 4];
	unsigned char address[16];
	if (n == 0 || n >= sizeof copy)
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (strlen(copy) != n)
		return false;
	char *slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	bool is_v4 = inet_pton(AF_INET, copy, address) == 1;
	if (!is_v4 && inet_pton(AF_INET6, copy, address) != 1)
		return false;
	long bits;
	return !slash || parse_number(slash + 1, strlen(slash + 1), is_v4 ? 32 : 128, &bits);
}
