// erase.h -- `tongzhou erase`: erasing a person for good, with a report of what was destroyed and what was out of
// reach.
#ifndef TONG_CLI_ERASE_H
#define TONG_CLI_ERASE_H

#include "cli/cli.h"

int cli_erase(struct cli *cli, int argc, char **argv);

#endif
