// replay.c -- runs a fuzz target over the files of its corpus, for compilers without libFuzzer and for every test run.
//
// Each file is given whole, and then cut short at 32 places, since a reader's worst day is a truncated file.
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 1 << 20, CUTS = 32 };

static size_t replay_read(const char *folder, const char *name, uint8_t *into)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 0;
    size_t n = fread(into, 1, INPUT_BYTES_MAX, f);
    (void)fclose(f);
    return n;
}

// From a block of its exact size, so that a read past the end is seen by AddressSanitizer.
static void replay_one(const uint8_t *data, size_t n)
{
    uint8_t *exact = malloc(n == 0 ? 1 : n);
    if (exact == NULL) return;
    memcpy(exact, data, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    int run = 0;
    if (folder == NULL || data == NULL) {
        (void)printf("not ok 1 - cannot read the corpus\n1..1\n");
        free(data);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        size_t n = replay_read(argv[1], entry->d_name, data);
        replay_one(data, n);
        for (size_t cut = 0; cut < CUTS; cut++) replay_one(data, n * cut / CUTS);
        (void)printf("ok %d - %s\n", ++run, entry->d_name);
        (void)fflush(stdout);
    }
    (void)closedir(folder);
    free(data);
    if (run == 0) (void)printf("not ok %d - the corpus is empty\n", ++run);
    (void)printf("1..%d\n", run);
    return 0;
}
