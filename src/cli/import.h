// import.h -- `tongzhou import`: files of another system, or of ours, into a store whose server does not run.
#ifndef TONG_CLI_IMPORT_H
#define TONG_CLI_IMPORT_H

#include "cli/cli.h"

// `import FORMAT PATH...`, or a folder of Go.Data's. CLI_FAULT when a row was faulty or nothing could be read.
int cli_import(struct cli *cli, int argc, char **argv);

#endif
