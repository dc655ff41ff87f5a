// generate_files.h -- the folder that `tongzhou generate` writes: all of its files, or none touched.
//
// Files are written under other names beside their places, down to the disk, and renamed at the end; whatever goes wrong
// before leaves what was there. What goes wrong is said on cli->err, with what to do about it.
#ifndef TONG_CLI_GENERATE_FILES_H
#define TONG_CLI_GENERATE_FILES_H

#include "base/sink.h"
#include "cli/cli.h"

enum { GENERATE_PATH_MAX = 4096, GENERATE_NAME_MAX = 64, GENERATE_FILES_MAX = 16 };

typedef void generate_writer(void *payload, int32_t file, struct sink *out);
struct generate_set {
    const char *const *names;
    int32_t count;      // at most GENERATE_FILES_MAX
    uint32_t unwanted;  // bit i: names[i] is not written, and an older one is taken away
    generate_writer *write; // called once for each, in order
    void *payload;
};

const char *generate_text(const struct cli *cli, struct label label);
// What the system said, in the user's language where it is one of the usual things, and what to do about it.
const char *generate_reason(const struct cli *cli, int number);
// The folder as a path without a slash at its end; false when there is none, which was said.
bool generate_out(const struct cli *cli, struct str out, char folder[GENERATE_PATH_MAX]);
// Makes the folder and looks whether anything is in the way; false when it is, which was said.
bool generate_clear(const struct cli *cli, const char *folder, const struct generate_set *set, bool force);
bool generate_write(const struct cli *cli, const char *folder, const struct generate_set *set);

#endif
