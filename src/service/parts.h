// parts.h -- what resources keep between requests (throttles, running imports, a queue of messages), opened with the
// service.
#ifndef TONG_SERVICE_PARTS_H
#define TONG_SERVICE_PARTS_H

#include "service/service.h"

// Each part is opened when store, roll and writer stand, and closed while they still do.
tong_code parts_open(struct service *s, struct err *err) TONG_MUST_USE;
void parts_close(struct service *s);

#endif
