/* Every page, as rows. */
#ifndef SNUG_PAGE_ROUTES_H
#define SNUG_PAGE_ROUTES_H

#include "front/route.h"

extern const struct route page_routes[];
extern const size_t page_route_count;

/* The page that tells a person of an error. */
front_refusal page_error;

#endif
