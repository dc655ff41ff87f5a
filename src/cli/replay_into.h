// replay_into.h -- `tongzhou replay LINELIST --into SERVER`: the outbreak of a line list recorded in a running server.
//
// The list is read as replay reads it, with the edition that is in force on the server. Its people and facts are recorded in
// the order in which they became known, day by day, as somebody with an account there would have recorded them. Identifiers
// are made of the list's own, so the same command may be repeated: what is there already is known again. What the server
// holds for a second person is confirmed by the second account, when one is named; otherwise the command stops there and
// says so. Names are not in a line list: people are called by the list's name and their number in it.
//
// While no server runs, `tongzhou import` records the same list into the store.
#ifndef TONG_CLI_REPLAY_INTO_H
#define TONG_CLI_REPLAY_INTO_H

#include "base/arena.h"
#include "cli/replay_options.h"

// A cli_exit: CLI_FAULT when anything was refused.
int replay_into(struct cli *cli, const struct replay_options *options, struct arena *arena);

#endif
