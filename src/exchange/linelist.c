#include "exchange/linelist.h"
#include "exchange/line_join.h"
#include "exchange/line_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- problems in the order of the files ----

struct linelist_key {
    int32_t table;
    int64_t line, column;
    size_t seq; // so that equals stay in the order they were found
    struct problem problem;
};

static int linelist_key_compare(const void *a, const void *b)
{
    const struct linelist_key *x = a, *y = b;
    if (x->table != y->table) return x->table < y->table ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

// A reader of the list goes through a file from top to bottom; faults are found column by column and table by table.
static void linelist_sort(const struct linelist_options *options, struct problem_list *problems, size_t from)
{
    size_t n = problems->count - from;
    struct arena scratch = {0};
    struct linelist_key *keys = arena_array(&scratch, n + 1, sizeof *keys);
    if (keys == NULL) return; // unsorted is as true
    for (size_t i = 0; i < n; i++) {
        const struct problem *p = &problems->items[from + i];
        keys[i] = (struct linelist_key){LINE_TABLE_COUNT, p->line, p->column, i, *p};
        for (int32_t t = LINE_TABLE_COUNT - 1; t >= 0; t--)
            if (options->file[t].name != NULL && strcmp(options->file[t].name, p->file) == 0) keys[i].table = t;
    }
    qsort(keys, n, sizeof *keys, linelist_key_compare);
    for (size_t i = 0; i < n; i++) problems->items[from + i] = keys[i].problem;
    arena_free(&scratch);
}

// ---- reading ----

struct linelist_reader {
    const struct linelist_options *options;
    struct arena *arena, *scratch;
    struct problem_list *problems;
    struct linelist list;
    struct line_input input[LINE_TABLE_COUNT];
    struct line_stage stage[LINE_TABLE_COUNT]; // kept until all are joined: who was left out
    struct line_rows rows[LINE_TABLE_COUNT];
    bool fatal, unknown_from;
};

static tong_code linelist_table(struct linelist_reader *r, line_table table, struct err *err)
{
    const struct linelist_options *o = r->options;
    const struct linelist_file *file = &o->file[table];
    struct line_input *in = &r->input[table];
    FILE *opened = NULL;
    struct bytes source;
    if (file->source == NULL) {
        opened = fopen(file->name, "rb");
        if (opened == NULL)
            return tong_fail(err, errno == ENOENT ? TONG_E_NOT_FOUND : TONG_E_IO, "%s: %s", file->name,
                             strerror(errno));
        source = bytes_of_file(opened);
    }
    struct mapping none;
    mapping_init(&none);
    const struct mapping *m = o->mapping == NULL ? &none : o->mapping;
    *in = (struct line_input){
        .table = table,
        .name = file->name,
        .source = file->source == NULL ? &source : file->source,
        .mapping = m->table[table],
        .encoding = o->encoding,
        .order = o->order,
        .dates_from = m->dates_from,
        .as_of = o->as_of,
        .zone = r->list.zone,
        .arena = r->arena,
        .problems = r->problems,
    };
    struct line_stage *s = &r->stage[table];
    tong_code code = stage_read(in, r->scratch, s, err);
    in->source = NULL; // may be on this stack
    if (opened != NULL) (void)fclose(opened);
    if (code == TONG_OK) code = line_table_finish(s, &r->rows[table], err);
    r->fatal = r->fatal || s->fatal;
    r->unknown_from = r->unknown_from || in->mapping.unknown_from;
    r->list.table[table] = r->rows[table].tally;
    return code;
}

// One array of links: the link file's, then those named in a column of the cases and of the contacts.
static tong_code linelist_links(struct linelist_reader *r, struct err *err)
{
    static const line_table others[] = {LINE_TABLE_CASES, LINE_TABLE_CONTACTS};
    const struct line_rows *links = &r->rows[LINE_TABLE_LINKS];
    size_t total = links->count;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) total += r->rows[others[i]].link_count;
    r->list.links = links->rows;
    r->list.link_count = total;
    if (total == links->count) return TONG_OK;
    struct line_link *all = arena_array(r->arena, total, sizeof *all);
    if (all == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the links");
    size_t n = links->count;
    if (n > 0) memcpy(all, links->rows, n * sizeof *all);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct line_rows *rows = &r->rows[others[i]];
        if (rows->link_count > 0) memcpy(all + n, rows->links, rows->link_count * sizeof *all);
        n += rows->link_count;
    }
    r->list.links = all;
    return TONG_OK;
}

static tong_code linelist_join(struct linelist_reader *r, struct err *err)
{
    struct linelist *l = &r->list;
    l->cases = r->rows[LINE_TABLE_CASES].rows;
    l->case_count = r->rows[LINE_TABLE_CASES].count;
    l->contacts = r->rows[LINE_TABLE_CONTACTS].rows;
    l->contact_count = r->rows[LINE_TABLE_CONTACTS].count;
    l->followups = r->rows[LINE_TABLE_FOLLOWUPS].rows;
    l->followup_count = r->rows[LINE_TABLE_FOLLOWUPS].count;
    l->labs = r->rows[LINE_TABLE_LABS].rows;
    l->lab_count = r->rows[LINE_TABLE_LABS].count;
    l->gatherings = r->rows[LINE_TABLE_GATHERINGS].rows;
    l->gathering_count = r->rows[LINE_TABLE_GATHERINGS].count;
    tong_code code = linelist_links(r, err);
    if (code != TONG_OK) return code;
    struct line_join join = {.list = l, .arena = r->arena, .problems = r->problems, .unknown_from = r->unknown_from};
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        join.file[t] = r->options->file[t].name;
        join.left_out[t] = r->stage[t].left_out;
        join.known[t] = r->rows[t].known;
    }
    join.contacts_given = join.file[LINE_TABLE_CONTACTS] != NULL;
    return line_join(&join, err);
}

tong_code linelist_read(const struct linelist_options *options, struct arena *arena, struct problem_list *problems,
                        struct linelist *out, struct err *err)
{
    if (options->file[LINE_TABLE_CASES].name == NULL)
        return tong_fail(err, TONG_E_INVALID, "a file of cases is needed");
    struct arena scratch = {0};
    size_t errors_before = problems->errors, problems_before = problems->count;
    struct linelist_reader *r = arena_alloc(&scratch, sizeof *r);
    struct zone *zone = arena_alloc(arena, sizeof *zone);
    tong_code code = TONG_OK;
    if (r == NULL || zone == NULL) {
        code = tong_fail(err, TONG_E_NOMEM, "no memory for a line list");
        goto out;
    }
    *r = (struct linelist_reader){.options = options, .arena = arena, .scratch = &scratch, .problems = problems};
    bool named = options->mapping != NULL && options->mapping->zone[0] != 0;
    code = zone_load(str_z(named ? options->mapping->zone : "UTC"), zone, err);
    r->list.zone = zone;
    for (int32_t t = 0; t < LINE_TABLE_COUNT && code == TONG_OK; t++)
        if (options->file[t].name != NULL) code = linelist_table(r, (line_table)t, err);
    if (code == TONG_OK && !r->fatal) code = linelist_join(r, err);
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) stage_close(&r->stage[t]);
    linelist_sort(options, problems, problems_before);
    bool errors = problems->errors != errors_before;
    if (code == TONG_OK && (r->fatal || (errors && !options->keep_good_rows)))
        code = tong_fail(err, TONG_E_INVALID, "the line list has errors");
    if (code == TONG_OK) *out = r->list;
out:
    arena_free(&scratch);
    return code;
}

int32_t linelist_find_case(const struct linelist *list, struct str id)
{
    for (size_t i = 0; i < list->case_count; i++)
        if (str_eq(list->cases[i].id, id)) return (int32_t)i;
    return LINE_NONE;
}
