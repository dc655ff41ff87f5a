// imports.h -- imports over HTTP: a file is sent, tried, its mapping corrected, confirmed by somebody, followed, undone.
//
//   PUT  /api/v1/imports/{import}            the file; it is tried at once (a dry run), nothing is recorded
//   GET  /api/v1/imports/{import}            how far, and what became of its rows
//   GET  /api/v1/imports/{import}/faults     what is wrong, with line, column and remedy; .../faults.csv: the faulty rows
//   GET, PUT /api/v1/imports/{import}/mapping  as suggested; a changed one is tried at once
//   POST /api/v1/imports/{import}/confirm    record it; /cancel stop it, what was recorded stays; /undo take it all back
//
// The file itself is kept in memory or an unnamed file until its import is recorded or given up, an hour at most; a restart
// forgets what was not confirmed. The faulty rows of a recorded import are kept in the store for a month. An import that would put more than a few people under the protocol at once is confirmed by
// another account than the one that sent it. Whoever imports for a part of the places only records people who live there.
#ifndef TONG_SERVICE_IMPORTS_H
#define TONG_SERVICE_IMPORTS_H

#include "service/route.h"

extern const struct route_table imports_routes;

// PART_IMPORTS of service.h.
tong_code imports_open(struct service *s, void **state, struct err *err) TONG_MUST_USE;
void imports_close(void *state); // stops what runs and waits for it
// Somebody was erased: what waits to be confirmed may name them, so all files, faults and faulty rows at hand are let go,
// those of an import that is being recorded when it ends.
void imports_erased(struct service *s);

#endif
