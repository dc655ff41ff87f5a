// replay_options.h -- the options of `tongzhou replay`.
#ifndef TONG_CLI_REPLAY_OPTIONS_H
#define TONG_CLI_REPLAY_OPTIONS_H

#include "cli/cli.h"
#include "exchange/mapping.h"

struct replay_options {
    struct str protocol, as_if, mapping, csv, json, encoding, dates; // NUL-terminated, empty when not given
    struct str file[LINE_TABLE_COUNT];                               // by option; the cases come as an operand
    struct str linelist, second;                                     // operands
    struct str into, login, second_login, place, source, ca;         // --into a running server (replay_into.h)
    double speed;                                                    // days of the outbreak a second; 0: at once
    civil_day until;
    int64_t width;
    bool keep_good_rows, quiet;
    enum encoding wanted_encoding; // of --encoding
    date_order wanted_order;       // of --dates
};

// Reads the command line. False: *exit says how to end. `--json` may stand without a file (then the document goes to
// the output and the text is left out): its value must end in .json or be joined with "=".
bool replay_options_read(struct cli *cli, int argc, char **argv, struct replay_options *out, int *exit);

#endif
