// held_row.h -- rows of `held`, between held.c, which keeps them, and held_routes.c, which shows and carries them out.
#ifndef TONG_SERVICE_HELD_ROW_H
#define TONG_SERVICE_HELD_ROW_H

#include "service/held.h"

struct held_row {
    int64_t id;
    held_kind kind;
    held_state state;
    int64_t account;
    utc_sec at;
    int64_t people, about;
    utc_sec decided; // UTC_NONE: not yet
    int64_t decided_by;
};

// The newest first, with a number below `before`.
tong_code held_rows(struct db *db, int64_t before, bool waiting, struct held_row *out, size_t room, size_t *count,
                    struct err *err) TONG_MUST_USE;
// *plain: the request as JSON {"method", "target", "type", "body"}; {NULL, 0} once it was decided.
tong_code held_get(struct db *db, const struct vault *v, int64_t id, struct arena *arena, struct held_row *out,
                   struct str *plain, struct err *err) TONG_MUST_USE;
// Is it about people (and no account)? Who confirms it must reach all of them.
bool held_of_people(held_kind kind);
tong_code held_subjects(struct db *db, int64_t id, int64_t *out, size_t room, size_t *count, struct err *err) TONG_MUST_USE;

#endif
