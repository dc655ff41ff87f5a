// explained.h -- protocols for the tests of explanations, pictures and comparisons: the documentation's example with
// something in it replaced, and the protocols that are shipped.
#ifndef TONG_TESTS_EXPLAINED_H
#define TONG_TESTS_EXPLAINED_H

#include "files.h"

#include <dirent.h>

struct replaced {
    const char *find, *put; // find NULL: nothing
};

// The example with each text replaced where it first stands; NULL when a text is not in it.
FILES_UNUSED static char *explained_text(struct arena *arena, const struct replaced *list, size_t count)
{
    char *text = files_doc_block("docs/protocol-language.md", 0, arena);
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (list[i].find == NULL) continue;
        char *at = strstr(text, list[i].find);
        if (at == NULL) return NULL;
        text = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, list[i].put, at + strlen(list[i].find));
    }
    return text;
}

FILES_UNUSED static bool explained_read(struct reading *reading, const struct replaced *list, size_t count)
{
    struct arena arena = {0};
    char *text = explained_text(&arena, list, count);
    if (text != NULL) files_read_text(reading, text);
    else *reading = (struct reading){.code = TONG_E_NOT_FOUND};
    bool good = text != NULL && reading->code == TONG_OK;
    for (size_t i = 0; !good && i < reading->problems.count; i++) {
        struct arena scratch = {0};
        const char *said = problem_text(&reading->problems.items[i], LANG_EN, &scratch);
        (void)printf("# %s: %s\n", reading->problems.items[i].message->slug, said == NULL ? "" : said);
        arena_free(&scratch);
    }
    arena_free(&arena);
    return good;
}

enum { EXPLAINED_FILES_MAX = 64 };
struct shipped {
    char path[EXPLAINED_FILES_MAX][1024];
    size_t count;
};

// Every protocol of the project, and the test's own with one of everything.
FILES_UNUSED static void explained_shipped(struct shipped *out)
{
    char folder[512];
    out->count = 0;
    (void)tap_source("tests/protocol/full.yaml", out->path[out->count++], sizeof out->path[0]);
    DIR *d = opendir(tap_source("protocols", folder, sizeof folder));
    for (struct dirent *e; d != NULL && out->count < EXPLAINED_FILES_MAX && (e = readdir(d)) != NULL;) {
        size_t n = strlen(e->d_name);
        if (n < 6 || strcmp(e->d_name + n - 5, ".yaml") != 0 || strstr(e->d_name, ".tests.") != NULL) continue;
        (void)snprintf(out->path[out->count++], sizeof out->path[0], "%s/%s", folder, e->d_name);
    }
    if (d != NULL) (void)closedir(d);
}

FILES_UNUSED static bool explained_read_file(struct reading *reading, const char *path)
{
    struct protocol_source source = {files_open_disk, NULL};
    files_read(reading, path, &source);
    return reading->code == TONG_OK;
}

#endif
