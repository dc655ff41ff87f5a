// replay_says.h -- what a reader must know to read a replay rightly: which edition, what was assumed, what nobody can
// tell.
//
// The same list heads the text and stands in the JSON document, in both languages.
#ifndef TONG_CLI_REPLAY_SAYS_H
#define TONG_CLI_REPLAY_SAYS_H

#include "cli/replay.h"

// Fills r->notes. `left_out`: rows that were not imported because they are faulty.
void replay_says(struct replay *r, int64_t left_out);

#endif
