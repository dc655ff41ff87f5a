// serve_demo.h -- `tongzhou serve --demo`: a fresh store with an invented district, in which an outbreak goes on.
#ifndef TONG_CLI_SERVE_DEMO_H
#define TONG_CLI_SERVE_DEMO_H

#include "cli/cli.h"
#include "service/demo.h"

struct serve_demo_given { // options of the command line
    int64_t people, cases, seed;
    double speed;
    struct str leave; // word of a role; empty: none
    struct str real, real_at, mapping; // Go.Data's folder or a list; the day it is looked at; the list's mapping
};
#define SERVE_DEMO_GIVEN {.people = 100000, .seed = 1, .speed = 3600}

struct serve_demo {
    bool own;                    // the folder is ours, and goes when we go
    char folder[CLI_PATH_MAX], store[CLI_PATH_MAX];
    struct protocol protocol;
    struct demo_options options;
    struct import_mapping mapping; // of a real outbreak's list
    struct arena arena;
};

// Reads the options and the protocol (`protocol` empty: covid19-cn-9), and finds a place for the store (`store` empty: a folder
// in TMPDIR). A store that is there already is refused: INVALID, said on cli->err.
tong_code serve_demo_prepare(struct cli *cli, const struct serve_demo_given *given, struct str store, struct str protocol,
                             struct serve_demo *out) TONG_MUST_USE;
// Fills the store and says how to enter. Faults are said on cli->err.
tong_code serve_demo_begin(struct cli *cli, struct service *s, const struct serve_demo *demo) TONG_MUST_USE;
// After service_close.
void serve_demo_end(struct serve_demo *demo);

#endif
