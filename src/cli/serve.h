// serve.h -- `tongzhou serve`: the server, from its options to its clean end.
#ifndef TONG_CLI_SERVE_H
#define TONG_CLI_SERVE_H

#include "cli/cli.h"

// Runs until SIGTERM or SIGINT. CLI_FAULT when the store, the address or the certificate is no good.
int cli_serve(struct cli *cli, int argc, char **argv);

#endif
