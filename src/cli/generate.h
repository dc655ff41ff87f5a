// generate.h -- `tongzhou generate outbreak`: an invented outbreak written as the files of a response.
#ifndef TONG_CLI_GENERATE_H
#define TONG_CLI_GENERATE_H

#include "cli/cli.h"

// A cli_handler. Either all files are there afterwards or, whatever goes wrong while they are written, none is touched:
// they are written under other names beside their places and renamed at the end.
int cli_generate(struct cli *cli, int argc, char **argv);

#endif
