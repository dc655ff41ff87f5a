// editions_read.h -- one edition of the path, for the files of editions.
#ifndef TONG_SERVICE_EDITIONS_READ_H
#define TONG_SERVICE_EDITIONS_READ_H

#include "protocol/protocol.h"
#include "service/http.h"

struct editions_row {
    int64_t id, proposed_by, first_signer, second_signer, version;
    int32_t state;
    utc_sec proposed, begins, ended;
    const struct protocol *p; // NULL: it could not be read (never, unless the program is older than the database)
};

// The edition by its number, or by its name (the newest one of it); NOT_FOUND.
tong_code editions_find(struct request *rq, struct str name, struct editions_row *out, struct err *err) TONG_MUST_USE;
// The edition of the path.
tong_code editions_named(struct request *rq, struct editions_row *out, struct err *err) TONG_MUST_USE;

#endif
