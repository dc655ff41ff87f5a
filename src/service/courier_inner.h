// courier_inner.h -- between courier.c (queue, thread, delivery) and courier_tell.c (whom it reaches).
#ifndef TONG_SERVICE_COURIER_INNER_H
#define TONG_SERVICE_COURIER_INNER_H

#include "service/courier.h"
#include "service/service.h"

struct courier_item { // of the queue
    bool change;      // else a telling
    struct intake_change changed;
    struct telling telling;
};

enum { COURIER_BATCH_MAX = 1024, COURIER_ROOM = 6 * COURIER_READERS_MOST }; // ROOM: what one item may need
// Messages made of some items, to be written in one transaction.
struct courier_batch {
    struct service *service;
    struct db *db; // a reader
    struct arena *arena;
    bool mail, hook; // channels that are there
    const char *link;
    utc_sec now;
    struct message_row message[COURIER_BATCH_MAX];
    size_t count;
};

// What a change tells; *count may be 0. At most COURIER_TELLINGS.
enum { COURIER_TELLINGS = 50 };
tong_code courier_of_change(struct courier_batch *b, const struct intake_change *c, struct telling *out, size_t *count,
                            struct err *err) TONG_MUST_USE;
// Adds the messages of a telling, as many as there is room for.
tong_code courier_address(struct courier_batch *b, const struct telling *t, struct err *err) TONG_MUST_USE;
// Where a message outside goes: the account's contact, or the person's telephone or mail. Empty: nowhere any more.
tong_code courier_to(struct courier_batch *b, const struct message_row *m, struct str *out, struct err *err) TONG_MUST_USE;

#endif
