// protocol.h -- `tongzhou protocol check | explain | test | diff | words`.
#ifndef TONG_CLI_PROTOCOL_H
#define TONG_CLI_PROTOCOL_H

#include "cli/cli.h"

int cli_protocol(struct cli *cli, int argc, char **argv);

#endif
