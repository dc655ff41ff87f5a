#include "exchange/import_reader.h"

#include "exchange/import_cell.h"
#include "exchange/line_message.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void reader_blame(struct import_reader *r, const struct message *m, int64_t line, const char *one,
                         const char *two, const char *three)
{
    problem_add(r->options.problems, (struct problem_at){r->options.source.name, line, 0, NULL}, m, one, two, three,
                NULL);
}

// ---- opening ----

static void reader_shut(struct import_reader *r)
{
    csv_close(r->csv);
    encoding_close(r->stream);
    if (r->file != NULL) (void)fclose(r->file);
    r->csv = NULL;
    r->stream = NULL;
    r->file = NULL;
}

static tong_code reader_start(struct import_reader *r, struct err *err)
{
    const struct import_source *source = &r->options.source;
    reader_shut(r);
    if (source->path != NULL) {
        r->file = fopen(source->path, "rb");
        if (r->file == NULL)
            return tong_fail(err, errno == ENOENT ? TONG_E_NOT_FOUND : TONG_E_IO, "%s: %s", source->name,
                             strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        r->bytes = bytes_of_file(r->file);
    } else {
        r->bytes = bytes_of_memory(source->memory);
    }
    tong_code code = encoding_open(&r->bytes, r->mapping->encoding, &r->stream, &r->guess, err);
    if (code != TONG_OK) return code;
    return csv_open(r->stream, &r->guess, r->mapping->delimiter, &r->csv, err);
}

static bool reader_is_text(struct import_reader *r)
{
    static const line_fault faults[] = {
        [BINARY_XLSX] = LINE_F_XLSX,    [BINARY_XLS] = LINE_F_XLS,
        [BINARY_PDF] = LINE_F_PDF,      [BINARY_COMPRESSED] = LINE_F_COMPRESSED,
        [BINARY_OTHER] = LINE_F_BINARY,
    };
    if (r->guess.binary != BINARY_NOT) {
        reader_blame(r, &line_message[faults[r->guess.binary]], 0, NULL, NULL, NULL);
        return false;
    }
    if (r->guess.encoding == ENCODING_UTF16LE || r->guess.encoding == ENCODING_UTF16BE)
        reader_blame(r, &import_message[IMPORT_F_UTF16], 0, NULL, NULL, NULL);
    else if (r->guess.percent < 95 && !r->guess.ascii_only)
        reader_blame(r, &line_message[LINE_F_ENCODING_GUESSED], 0, encoding_name(r->guess.encoding),
                     arena_printf(r->options.problems->arena, "%d", (int)r->guess.percent), NULL);
    return true;
}

// ---- the header ----

static bool reader_passes(const struct csv_item *item)
{
    if (item->count > 0 && str_starts(item->cells[0].text, "##")) return true; // SORMAS's captions
    for (size_t i = 0; i < item->count; i++)
        if (str_trim(item->cells[i].text).n != 0) return false;
    return item->count > 0;
}

// The next row that is no caption and not blank.
static tong_code reader_row(struct import_reader *r, struct err *err)
{
    do {
        tong_code code = csv_next(r->csv, &r->item, err);
        if (code != TONG_OK) return code;
    } while (r->item.event != CSV_END && reader_passes(&r->item));
    return TONG_OK;
}

static struct str *reader_hold(struct import_reader *r, size_t *count)
{
    *count = r->item.count;
    struct str *texts = arena_array(&r->arena, *count + 1, sizeof *texts);
    for (size_t i = 0; texts != NULL && i < *count; i++) {
        struct str text = r->item.cells[i].text;
        texts[i] = (struct str){arena_copy(&r->arena, text.p, text.n), text.n};
        if (texts[i].p == NULL) return NULL;
    }
    return texts;
}

static const char *reader_list(struct import_reader *r)
{
    enum { SHOWN = 400 };
    struct arena *a = r->options.problems->arena;
    const char *all = "";
    for (size_t i = 0; i < r->header_count && all != NULL; i++) {
        if (strlen(all) > SHOWN) {
            all = arena_printf(a, "%s, ...", all);
            break;
        }
        struct str h = str_trim(r->headers[i]);
        size_t n = h.n > 60 ? str_utf8_valid((struct str){h.p, 60}) : h.n;
        all = arena_printf(a, "%s%s%.*s", all, i == 0 ? "" : ", ", (int)n, h.p);
    }
    return all == NULL ? "" : all;
}

// Read on to the header. Its cells end up in r->headers, those of SORMAS's row above it in r->entities.
static tong_code reader_header(struct import_reader *r, bool *good, struct err *err)
{
    *good = false;
    tong_code code = TONG_OK;
    do {
        code = r->mapping->header_row == 0 ? reader_row(r, err) : csv_next(r->csv, &r->item, err);
        if (code != TONG_OK) return code;
    } while (r->item.event != CSV_END && r->item.line < r->mapping->header_row);
    if (r->item.event == CSV_END) {
        reader_blame(r, &line_message[LINE_F_EMPTY], 0, NULL, NULL, NULL);
        return TONG_OK;
    }
    if (r->item.event == CSV_BAD_ROW) {
        csv_fault_add(&r->item.fault, r->options.source.name, r->guess.encoding, r->options.problems);
        reader_blame(r, &line_message[LINE_F_HEADER_BAD], r->item.line, NULL, NULL, NULL);
        return TONG_OK;
    }
    r->headers = reader_hold(r, &r->header_count);
    r->header_line = r->item.line;
    if (r->headers == NULL) return tong_fail(err, TONG_E_NOMEM, "the header of %s", r->options.source.name);
    *good = true;
    if (r->mapping->header_row != 0 || !import_is_entities(r->headers, r->header_count)) return TONG_OK;
    r->entities = r->headers;
    r->entity_count = r->header_count;
    code = reader_row(r, err);
    if (code != TONG_OK) return code;
    *good = r->item.event == CSV_ROW;
    if (!*good) {
        reader_blame(r, &line_message[LINE_F_HEADER_BAD], r->item.line, NULL, NULL, NULL);
        return TONG_OK;
    }
    r->headers = reader_hold(r, &r->header_count);
    r->header_line = r->item.line;
    if (r->headers == NULL) return tong_fail(err, TONG_E_NOMEM, "the header of %s", r->options.source.name);
    while (r->entity_count < r->header_count) { // a shorter row of entities says nothing about the rest
        r->entities = NULL;
        r->entity_count = r->header_count;
    }
    return TONG_OK;
}

static void reader_tell_columns(struct import_reader *r)
{
    struct arena *a = r->options.problems->arena;
    const char *unknown = "", *taken = "", *noted = "";
    for (size_t c = 0; c < r->binding.count; c++) {
        struct import_column *column = &r->binding.column[c];
        struct str h = column->header;
        if (h.n == 0 || import_is_own_column(h)) {
            column->use = IMPORT_IGNORE;
            continue;
        }
        if (column->use == IMPORT_UNKNOWN && r->mapping->keep_unknown) column->use = IMPORT_NOTE;
        const char **list = column->use == IMPORT_UNKNOWN ? &unknown
                            : column->use == IMPORT_NOTE  ? &noted
                            : column->suggested           ? &taken
                                                          : NULL;
        if (list == NULL || *list == NULL || strlen(*list) > 2000) continue;
        size_t n = h.n > 60 ? str_utf8_valid((struct str){h.p, 60}) : h.n;
        const char *sep = (*list)[0] == 0 ? "" : ", ";
        if (list == &taken)
            *list = arena_printf(a, "%s%s%.*s = %s", *list, sep, (int)n, h.p, r->fields.item[column->field].name);
        else *list = arena_printf(a, "%s%s%.*s", *list, sep, (int)n, h.p);
    }
    if (taken != NULL && taken[0] != 0)
        reader_blame(r, &line_message[LINE_F_COLUMNS_SUGGESTED], r->header_line, taken, NULL, NULL);
    if (unknown != NULL && unknown[0] != 0)
        reader_blame(r, &import_message[IMPORT_F_COLUMNS_UNKNOWN], r->header_line, unknown, NULL, NULL);
    if (noted != NULL && noted[0] != 0)
        reader_blame(r, &import_message[IMPORT_F_COLUMNS_NOTED], r->header_line, noted, NULL, NULL);
}

static tong_code reader_bind(struct import_reader *r, struct err *err)
{
    struct arena *a = r->options.problems->arena;
    import_table table = r->options.table != IMPORT_TABLE_COUNT ? r->options.table : r->mapping->table;
    if (table == IMPORT_TABLE_COUNT) table = import_guess_table(r->entities, r->headers, r->header_count);
    if (table == IMPORT_TABLE_COUNT) {
        reader_blame(r, &import_message[IMPORT_F_TABLE], r->header_line, NULL, NULL, NULL);
        return tong_fail(err, TONG_E_INVALID, "%s: not a table that is known", r->options.source.name);
    }
    if (r->header_count > IMPORT_COLUMNS_MAX) {
        reader_blame(r, &import_message[IMPORT_F_COLUMNS_MANY], r->header_line, arena_printf(a, "%zu", r->header_count),
                     arena_printf(a, "%d", IMPORT_COLUMNS_MAX), NULL);
        return tong_fail(err, TONG_E_INVALID, "%s has too many columns", r->options.source.name);
    }
    import_fields_build(table, &r->fields);
    tong_code code =
        import_bind(&r->fields, r->mapping, r->headers, r->entities, r->header_count, &r->arena, &r->binding, err);
    if (code != TONG_OK) return code;
    bool any = false;
    for (size_t c = 0; c < r->binding.count; c++) any = any || r->binding.column[c].use == IMPORT_FIELD;
    if (!any) {
        const struct label *label = &import_table_words[table].label;
        reader_blame(r, &import_message[IMPORT_F_TABLE_OTHER], r->header_line, label->text[LANG_EN],
                     label->text[LANG_ZH], reader_list(r));
        return tong_fail(err, TONG_E_INVALID, "%s has no column of this table", r->options.source.name);
    }
    for (size_t c = 0; c < r->binding.count; c++) { // a header that stands twice: the first is read, groups apart
        const struct import_column *one = &r->binding.column[c];
        if (one->use != IMPORT_UNKNOWN || one->header.n == 0) continue;
        for (size_t k = 0; k < c; k++)
            if (r->binding.column[k].use == IMPORT_FIELD && str_eq(r->binding.column[k].header, one->header)) {
                reader_blame(r, &line_message[LINE_F_COLUMN_TWICE], r->header_line,
                             arena_printf(a, "%.*s", STR_ARG(one->header)), NULL, NULL);
                break;
            }
    }
    reader_tell_columns(r);
    r->dates = arena_array(&r->arena, r->binding.count + 1, sizeof *r->dates);
    r->words_warned = map_open();
    if (r->dates == NULL || r->words_warned == NULL) return tong_fail(err, TONG_E_NOMEM, "the columns");
    return TONG_OK;
}

tong_code import_reader_open(const struct import_reader_options *o, struct import_reader **out, struct err *err)
{
    struct import_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return tong_fail(err, TONG_E_NOMEM, "to read %s", o->source.name);
    r->options = *o;
    r->none = import_mapping_none();
    import_row_clear(&r->empty);
    r->mapping = o->mapping == NULL ? &r->none : o->mapping;
    bool good = false;
    tong_code code = reader_start(r, err);
    if (code == TONG_OK && !reader_is_text(r)) code = tong_fail(err, TONG_E_INVALID, "%s is no text", o->source.name);
    if (code == TONG_OK) code = reader_header(r, &good, err);
    if (code == TONG_OK && !good) code = tong_fail(err, TONG_E_INVALID, "%s has no header", o->source.name);
    if (code == TONG_OK) code = reader_bind(r, err);
    if (code != TONG_OK) {
        import_reader_close(r);
        return code;
    }
    csv_expect(r->csv, r->header_count, r->mapping->fill_rows || o->fill_rows);
    *out = r;
    return TONG_OK;
}

void import_reader_close(struct import_reader *r)
{
    if (r == NULL) return;
    reader_shut(r);
    map_close(r->words_warned);
    arena_free(&r->warned_arena);
    arena_free(&r->arena);
    free(r);
}

tong_code import_reader_rewind(struct import_reader *r, struct err *err)
{
    tong_code code = reader_start(r, err);
    do {
        if (code == TONG_OK) code = csv_next(r->csv, &r->item, err);
    } while (code == TONG_OK && r->item.event != CSV_END && r->item.line < r->header_line);
    if (code == TONG_OK) csv_expect(r->csv, r->header_count, r->mapping->fill_rows || r->options.fill_rows);
    return code;
}

// ---- the order of dates ----

static tong_code reader_decide(struct import_reader *r, struct err *err)
{
    struct arena *a = r->options.problems->arena;
    date_order wanted = r->mapping->order != DATE_ORDER_AUTO ? r->mapping->order : r->options.order;
    bool dmy = false, mdy = false, good = true;
    for (size_t c = 0; c < r->binding.count; c++) {
        struct import_dates *d = &r->dates[c];
        d->verdict = date_column_decide(&d->evidence, wanted, &d->order);
        dmy = dmy || (d->verdict == DATE_DECIDED && d->evidence.day_first > 0);
        mdy = mdy || (d->verdict == DATE_DECIDED && d->evidence.month_first > 0);
    }
    for (size_t c = 0; c < r->binding.count; c++) {
        struct import_dates *d = &r->dates[c];
        const char *header = arena_printf(a, "%.*s", STR_ARG(r->binding.column[c].header));
        struct problem_at at = {r->options.source.name, d->example_line, 0, header};
        if (d->verdict == DATE_DECIDED) continue;
        if (d->verdict == DATE_NOBODY_KNOWS && dmy != mdy) { // one program wrote the whole file
            d->order = dmy ? DATE_ORDER_DMY : DATE_ORDER_MDY;
            problem_add(r->options.problems, at, &import_message[IMPORT_F_DATES_BY_OTHERS], header, dmy ? "dmy" : "mdy",
                        NULL, NULL);
            continue;
        }
        good = false;
        if (d->verdict == DATE_NOBODY_KNOWS) {
            char text[DATE_RAW_TEXT];
            date_raw_format(d->example, text);
            problem_add(r->options.problems, at, &line_message[LINE_F_DATES_UNDECIDED], text, NULL, NULL, NULL);
        } else {
            at.line = d->first_dmy;
            problem_add(r->options.problems, at, &line_message[LINE_F_DATES_MIXED],
                        arena_printf(a, "%lld", (long long)d->first_dmy),
                        arena_printf(a, "%lld", (long long)d->first_mdy), NULL, NULL);
        }
    }
    return good ? TONG_OK
                : tong_fail(err, TONG_E_INVALID, "%s: the order of its dates is not known", r->options.source.name);
}

tong_code import_reader_scan(struct import_reader *r, struct err *err)
{
    tong_code code = import_reader_rewind(r, err);
    r->rows = 0;
    while (code == TONG_OK) {
        code = reader_row(r, err);
        if (code != TONG_OK || r->item.event == CSV_END) break;
        r->rows++;
        if (r->item.event != CSV_ROW) continue;
        for (size_t c = 0; c < r->binding.count && c < r->item.count; c++) import_scan_date(r, c);
    }
    if (code != TONG_OK) return code;
    if (r->rows == 0) {
        reader_blame(r, &line_message[LINE_F_HEADER_ONLY], r->header_line, NULL, NULL, NULL);
        return tong_fail(err, TONG_E_INVALID, "%s has no rows", r->options.source.name);
    }
    code = reader_decide(r, err);
    return code == TONG_OK ? import_reader_rewind(r, err) : code;
}

tong_code import_reader_next(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                             struct import_row *row, import_event *event, struct err *err)
{
    tong_code code = reader_row(r, err);
    if (code != TONG_OK) return code;
    *event = IMPORT_END;
    if (r->item.event == CSV_END) return TONG_OK;
    size_t before = problems->errors;
    *row = r->empty;
    row->line = r->item.line;
    if (r->item.event == CSV_BAD_ROW)
        csv_fault_add(&r->item.fault, r->options.source.name, r->guess.encoding, problems);
    else code = import_cells_read(r, arena, problems, row, err);
    *event = problems->errors > before ? IMPORT_BAD_ROW : IMPORT_ROW;
    return code;
}

tong_code import_reader_again(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                              struct import_row *row, struct err *err)
{
    assert(r->item.event == CSV_ROW);
    *row = r->empty;
    row->line = r->item.line;
    return import_cells_read(r, arena, problems, row, err);
}

// ---- looking ----

import_table import_reader_table(const struct import_reader *r)
{
    return r->fields.table;
}

const struct import_fields *import_reader_fields(const struct import_reader *r)
{
    return &r->fields;
}

const struct import_binding *import_reader_binding(const struct import_reader *r)
{
    return &r->binding;
}

const struct import_mapping *import_reader_mapping(const struct import_reader *r)
{
    return r->mapping;
}

int64_t import_reader_rows(const struct import_reader *r)
{
    return r->rows;
}

int64_t import_reader_line(const struct import_reader *r)
{
    return r->item.line;
}

bool import_reader_has(const struct import_reader *r, const char *field)
{
    int32_t f = import_field_find(&r->fields, str_z(field));
    for (size_t c = 0; f != IMPORT_NO_FIELD && c < r->binding.count; c++)
        if (r->binding.column[c].use == IMPORT_FIELD && r->binding.column[c].field == f) return true;
    return false;
}

const struct csv_cell *import_reader_cells(const struct import_reader *r, size_t *count)
{
    bool apart = r->item.event == CSV_ROW || (r->item.event == CSV_BAD_ROW && r->item.fault.kind == CSV_FAULT_CELLS);
    *count = apart ? r->item.count : 0;
    return r->item.cells;
}

const struct str *import_reader_entities(const struct import_reader *r)
{
    return r->entities;
}

const struct encoding_guess *import_reader_encoding(const struct import_reader *r)
{
    return &r->guess;
}

char import_reader_delimiter(const struct import_reader *r)
{
    return csv_delimiter(r->csv);
}

struct problem_at import_reader_at(const struct import_reader *r, const char *field)
{
    struct problem_at at = {r->options.source.name, r->item.line, 0, NULL};
    int32_t f = field == NULL ? IMPORT_NO_FIELD : import_field_find(&r->fields, str_z(field));
    for (size_t c = 0; f != IMPORT_NO_FIELD && c < r->binding.count; c++) {
        const struct import_column *column = &r->binding.column[c];
        if (column->use != IMPORT_FIELD || column->field != f) continue;
        if (r->item.event == CSV_ROW && c < r->item.count)
            at.line = r->item.cells[c].line, at.column = r->item.cells[c].column;
        at.path = column->header.p; // ends in NUL: arena_copy
        return at;
    }
    return at;
}
