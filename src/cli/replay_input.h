// replay_input.h -- the files of an outbreak opened, read, and their faults told.
#ifndef TONG_CLI_REPLAY_INPUT_H
#define TONG_CLI_REPLAY_INPUT_H

#include "exchange/linelist.h"
#include "cli/replay_options.h"

// Reads the line list and what goes with it. `zone` is that of the protocol: days are meant in it unless the mapping
// says otherwise. Faults are added to `problems` and told on cli->err. CLI_DONE, CLI_FAULT or CLI_USAGE.
int replay_input_read(struct cli *cli, const struct replay_options *options, const struct zone *zone,
                      struct arena *arena, struct problem_list *problems, struct linelist *out);

// Which table a file is, by its first rows: LINE_TABLE_COUNT when that cannot be told (or the file not be read).
line_table replay_input_guess(const char *path, encoding wanted, const struct mapping *mapping);

#endif
