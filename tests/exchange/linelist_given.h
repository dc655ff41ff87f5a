// linelist_given.h -- line lists given as texts, and what was told about them as one line.
#ifndef TONG_TESTS_LINELIST_GIVEN_H
#define TONG_TESTS_LINELIST_GIVEN_H

#include "exchange/linelist.h"
#include "tap.h"

#define T(literal)                     \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

struct result {
    struct arena arena;
    struct problem_list problems;
    struct linelist list;
    struct err err;
    tong_code code;
};

struct given {
    struct str text[LINE_TABLE_COUNT]; // p NULL: not given
    const char *mapping;               // YAML, NULL: none
    struct linelist_options options;
};

TAP_UNUSED static void result_read(struct result *r, const struct given *g)
{
    *r = (struct result){.problems = {.arena = &r->arena}, .list = {.case_count = 77}};
    struct linelist_options o = g->options;
    struct bytes source[LINE_TABLE_COUNT];
    struct mapping m;
    if (o.as_of.d == 0) o.as_of.d = CIVIL_DAY_NONE;
    if (g->mapping != NULL) {
        tong_code code = mapping_read(str_z(g->mapping), "mapping", &r->arena, &r->problems, &m, &r->err);
        if (code != TONG_OK) problem_print_all(&r->problems, LANG_EN, stdout);
        if (code != TONG_OK) abort();
        o.mapping = &m;
    }
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        if (g->text[t].p == NULL) continue;
        source[t] = bytes_of_memory(g->text[t]);
        o.file[t] = (struct linelist_file){line_table_words[t].word, &source[t]};
    }
    r->code = linelist_read(&o, &r->arena, &r->problems, &r->list, &r->err);
}

// All problems but the notes on columns, as slug@file:line:column with the file's first two letters.
TAP_UNUSED static const char *result_shown(const struct result *r, char out[2000])
{
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < r->problems.count && n < 1900; i++) {
        const struct problem *p = &r->problems.items[i];
        if (strcmp(p->message->slug, "columns-suggested") == 0) continue;
        n += (size_t)snprintf(out + n, 2000 - n, "%s%s@%.2s:%lld:%lld", n == 0 ? "" : " ", p->message->slug, p->file,
                              (long long)p->line, (long long)p->column);
    }
    return out;
}

#endif
