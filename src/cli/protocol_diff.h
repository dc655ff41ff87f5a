// protocol_diff.h -- `tongzhou protocol diff A B`: what changed between two editions, and who would be affected.
#ifndef TONG_CLI_PROTOCOL_DIFF_H
#define TONG_CLI_PROTOCOL_DIFF_H

#include "cli/cli.h"

int cli_protocol_diff(struct cli *cli, int argc, char **argv);

#endif
