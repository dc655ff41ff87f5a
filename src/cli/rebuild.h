// rebuild.h -- `tongzhou rebuild`: every derived table made again from the facts, and compared.
#ifndef TONG_CLI_REBUILD_H
#define TONG_CLI_REBUILD_H

#include "cli/cli.h"

int cli_rebuild(struct cli *cli, int argc, char **argv);

#endif
