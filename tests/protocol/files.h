// files.h -- protocol files for tests: in memory, or those of the project on disk.
#ifndef TONG_TESTS_PROTOCOL_FILES_H
#define TONG_TESTS_PROTOCOL_FILES_H

#include "base/limits.h"
#include "protocol/read.h"
#include "tap.h"

#define FILES_UNUSED __attribute__((unused))

struct file_in_memory {
    const char *name;
    const char *text;
    size_t n; // 0: up to the NUL
};

// Payload: an array of struct file_in_memory ended by a NULL name.
FILES_UNUSED static tong_code files_open_memory(void *payload, const char *path, struct arena *arena, struct str *out,
                                                struct err *err)
{
    (void)arena;
    for (const struct file_in_memory *f = payload; f->name != NULL; f++) {
        if (strcmp(f->name, path) != 0) continue;
        *out = (struct str){f->text, f->n == 0 ? strlen(f->text) : f->n};
        return TONG_OK;
    }
    return tong_fail(err, TONG_E_NOT_FOUND, "there is no file %s", path);
}

FILES_UNUSED static tong_code files_open_disk(void *payload, const char *path, struct arena *arena, struct str *out,
                                              struct err *err)
{
    (void)payload;
    FILE *f = fopen(path, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "there is no file %s", path);
    char *text = arena_alloc(arena, (size_t)LIMIT_PROTOCOL_BYTES + 1);
    size_t n = text == NULL ? 0 : fread(text, 1, (size_t)LIMIT_PROTOCOL_BYTES + 1, f);
    (void)fclose(f);
    if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for %s", path);
    *out = (struct str){text, n};
    return TONG_OK;
}

struct reading { // one reading with all it leaves behind
    struct arena arena;
    struct problem_list problems;
    struct protocol p; // when code is OK
    tong_code code;
};

// `reading` must stay where it is: the problems point into it.
FILES_UNUSED static void files_read(struct reading *reading, const char *path, const struct protocol_source *source)
{
    struct err err;
    *reading = (struct reading){0};
    reading->problems.arena = &reading->arena;
    reading->code = protocol_read(path, source, &reading->p, &reading->problems, &err);
}

FILES_UNUSED static void files_read_text(struct reading *reading, const char *text)
{
    struct file_in_memory files[] = {{"test.yaml", text, 0}, {NULL, NULL, 0}};
    struct protocol_source source = {files_open_memory, files};
    files_read(reading, "test.yaml", &source);
}

FILES_UNUSED static void files_close(struct reading *reading)
{
    if (reading->code == TONG_OK) protocol_free(&reading->p);
    arena_free(&reading->arena);
    *reading = (struct reading){0};
}

FILES_UNUSED static const struct problem *files_problem(const struct reading *reading, const char *slug)
{
    for (size_t i = 0; i < reading->problems.count; i++)
        if (strcmp(reading->problems.items[i].message->slug, slug) == 0) return &reading->problems.items[i];
    return NULL;
}

// The nth block of YAML in a page of documentation, from 0; NULL when there is none.
FILES_UNUSED static char *files_doc_block(const char *page, int32_t nth, struct arena *arena)
{
    char path[1024];
    struct str text;
    struct err err;
    if (files_open_disk(NULL, tap_source(page, path, sizeof path), arena, &text, &err) != TONG_OK) return NULL;
    const char *at = arena_copy(arena, text.p, text.n);
    for (int32_t i = 0; at != NULL; i++) {
        at = strstr(at, "\n```yaml\n");
        if (at == NULL) return NULL;
        at += strlen("\n```yaml\n");
        const char *end = strstr(at, "\n```\n");
        if (end == NULL) return NULL;
        if (i == nth) return arena_copy(arena, at, (size_t)(end - at) + 1);
        at = end;
    }
    return NULL;
}

#endif
