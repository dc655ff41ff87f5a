// book.h -- the editions of a store, for commands that read it beside a running server: names of pathways, stages, tasks.
#ifndef TONG_CLI_BOOK_H
#define TONG_CLI_BOOK_H

#include "base/civil.h"
#include "response/respond.h"
#include "store/db.h"

struct cli_book;
// All editions in their order. INVALID: one of them cannot be read by this program.
tong_code cli_book_open(struct db *db, struct cli_book **out, struct err *err) TONG_MUST_USE;
void cli_book_close(struct cli_book *b); // NULL is allowed
const struct rulebook *cli_book_rules(const struct cli_book *b);
// The zone of the response, as `serve` remembered it; false when none was.
bool cli_book_zone(struct db *db, struct zone *out);

#endif
