/* Addresses as people write them: where to listen, and which proxies to trust. */
#ifndef SNUG_RUN_ADDRESS_H
#define SNUG_RUN_ADDRESS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { RUN_ADDRESS_TEXT_SIZE = 80 };

struct run_address {
	struct sockaddr_storage socket;
	socklen_t size;
};

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:80" (all addresses). ERR_BAD_REQUEST without a word. */
enum err run_address_parse(const char *text, struct run_address *out) MUST_USE;

bool run_address_is_loopback(const struct run_address *address);
bool run_address_is_unspecified(const struct run_address *address); /* 0.0.0.0 or [::] */

/* "127.0.0.1:8080" or "[::1]:8080"; the port is left out when it is without_port. */
void run_address_format(const struct run_address *address, int without_port, char out[RUN_ADDRESS_TEXT_SIZE]);

/* An address of this machine that others may reach, with the port of address: for a link when that is unspecified.
 * False when there is none but loopback. */
bool run_address_find_own(const struct run_address *address, struct run_address *out);

/* Whether text is an IP address or a network such as 10.0.0.0/8, without any other character. */
bool run_address_is_network(const char *text, size_t n);

#endif
