// serve_first.h -- what happens once, when a server is started on an empty store: its zone, its top place, the first
// edition, the first account.
#ifndef TONG_CLI_SERVE_FIRST_H
#define TONG_CLI_SERVE_FIRST_H

#include "cli/cli.h"
#include "service/service.h"

struct serve_first {
    const char *zone, *name; // NULL: as remembered, or UTC+8 and no name
    const char *protocol;    // file or shipped name; NULL: none
    const char *place;       // name of the top place; NULL: none is made
    const char *place_kind;  // NULL: city
};

// The zone and the name for service_open: what was given, else what the store remembers (it may not be there yet). The
// texts live in the arena. INVALID: no such zone, said on cli->err.
tong_code serve_remembered(struct cli *cli, const char *store, const struct serve_first *first, struct arena *arena,
                           struct zone *zone, const char **name) TONG_MUST_USE;
// Remembers them, makes the place and proposes the edition where there is none (two people sign it), opens the first
// account and prints its one-time password on cli->err, once. Faults are said there too.
tong_code serve_begin(struct cli *cli, struct service *s, const struct serve_first *first) TONG_MUST_USE;

#endif
