// epi_write.h -- the two ends of `tongzhou epi`: rows out of the store, results into files.
#ifndef TONG_CLI_EPI_WRITE_H
#define TONG_CLI_EPI_WRITE_H

#include "cli/epi.h"

// Prints the result and writes the files asked for. A cli_exit.
int epi_write(struct epi_run *run);
// Reads a list of the store into run->table.
tong_code epi_store(struct epi_run *run);

#endif
