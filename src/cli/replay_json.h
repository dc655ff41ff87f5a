// replay_json.h -- a replay as one JSON document; docs/replay.schema.json describes it.
#ifndef TONG_CLI_REPLAY_JSON_H
#define TONG_CLI_REPLAY_JSON_H

#include "cli/replay.h"

// Names in it are those of the protocol files; texts for people stand in both languages. Instants are UTC. False when
// not all of it was written.
bool replay_json(const struct replay *r, struct sink *out);
// The same shape for a list that could not be run: totals, days and the rest are missing, `problems` says why.
bool replay_json_refused(const struct problem_list *problems, struct sink *out);

#endif
