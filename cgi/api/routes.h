/* Every endpoint of the JSON API, as rows. */
#ifndef SNUG_API_ROUTES_H
#define SNUG_API_ROUTES_H

#include "front/route.h"

extern const struct route api_routes[];
extern const size_t api_route_count;

#endif
