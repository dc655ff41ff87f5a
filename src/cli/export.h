// export.h -- `tongzhou export`: what a store holds, as files that can be imported again. The server may run meanwhile.
#ifndef TONG_CLI_EXPORT_H
#define TONG_CLI_EXPORT_H

#include "cli/cli.h"

// `export KIND FILE`, or `export all FOLDER`; "-" writes to the output.
int cli_export(struct cli *cli, int argc, char **argv);

#endif
