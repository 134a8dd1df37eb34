/* Which addresses are on the public internet: what a server asks only on behalf of strangers may be nowhere else. Bytes
 * in, no descriptors; fuzzed and unit-tested by their ranges. */
#ifndef SNUG_HTTP_PUBLIC_ADDRESS_H
#define SNUG_HTTP_PUBLIC_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether it is a unicast address that the internet routes, by IANA's registries of special-purpose addresses: not
 * private, loopback, link-local, shared (CGNAT), documentation, benchmarking, multicast or reserved; and none that
 * carries an IPv4 address inside, mapped, by 6to4, Teredo, NAT64 or ISATAP, whatever that is. Anything but IPv4 and
 * IPv6 is not. */
bool public_address_is(const struct sockaddr *address);

/* Whether it is in one of the networks of a list such as "127.0.0.1/32, ::1". What is malformed in it holds nothing. */
bool public_address_is_in(const struct sockaddr *address, const char *networks);

#endif
