// demo_twins.h -- some people of the demonstration are on record twice, for the page of duplicates.
#ifndef TONG_SERVICE_DEMO_TWINS_H
#define TONG_SERVICE_DEMO_TWINS_H

#include "service/service.h"
#include "twin/district.h"

// After all people of the district: their numbers stay.
tong_code demo_twins(struct service *s, const struct district *d, struct err *err) TONG_MUST_USE;

#endif
