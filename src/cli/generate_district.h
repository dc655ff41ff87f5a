// generate_district.h -- `tongzhou generate district`: an invented district written as the files this system imports.
//
// places.csv, people.csv and facts.csv are in its own format (docs/formats.md); accounts.csv has login, role and place of the
// staff; orders.csv what only an authority may record, for `bench` and for reading; README.txt says what all of it is.
#ifndef TONG_CLI_GENERATE_DISTRICT_H
#define TONG_CLI_GENERATE_DISTRICT_H

#include "cli/cli.h"

// A cli_handler; like cli_generate, all files are there afterwards or none is touched.
int cli_generate_district(struct cli *cli, int argc, char **argv);

#endif
