#include "exchange/line_stage.h"
#include "exchange/line_cell.h"
#include "exchange/mapping_suggest.h"

#include <assert.h>
#include <string.h>

// ---- header and columns ----

// The headers as a list, shortened, for "the columns are".
static const char *stage_header_list(struct line_stage *s)
{
    enum { SHOWN = 400 };
    struct arena *a = s->in->problems->arena;
    const char *all = "";
    for (size_t i = 0; i < s->header_count && all != NULL && strlen(all) < SHOWN; i++)
        all = arena_printf(a, "%s%s%s", all, i == 0 ? "" : ", ", line_shown(s, s->headers[i]));
    if (all != NULL && strlen(all) >= SHOWN) all = arena_printf(a, "%s, ...", all);
    return all == NULL ? "" : all;
}

static bool stage_is_caption(const struct csv_item *item)
{
    return item->count > 0 && str_starts(item->cells[0].text, "##"); // SORMAS writes these around its header
}

static bool stage_is_blank(const struct csv_item *item)
{
    for (size_t i = 0; i < item->count; i++)
        if (str_trim(item->cells[i].text).n != 0) return false;
    return true;
}

// The next row that is no caption and not blank. A bad row comes through.
static tong_code stage_next(struct csv *csv, struct csv_item *item, struct err *err)
{
    for (;;) {
        tong_code code = csv_next(csv, item, err);
        if (code != TONG_OK || item->event != CSV_ROW) return code;
        if (!stage_is_caption(item) && !stage_is_blank(item)) return TONG_OK;
    }
}

// A row copied into the scratch arena, because the next one will overwrite it.
static tong_code stage_hold(const struct csv_item *item, struct arena *scratch, struct csv_item *out, struct err *err)
{
    struct csv_cell *cells = arena_array(scratch, item->count, sizeof *cells);
    if (cells == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the header");
    for (size_t i = 0; i < item->count; i++) {
        cells[i] = item->cells[i];
        cells[i].text.p = arena_copy(scratch, item->cells[i].text.p, item->cells[i].text.n);
        if (cells[i].text.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the header");
    }
    *out = *item;
    out->cells = cells;
    return TONG_OK;
}

static int32_t stage_recognised(struct line_stage *s, const struct csv_item *row, struct arena *scratch)
{
    struct str *texts = arena_array(scratch, row->count, sizeof *texts);
    if (texts == NULL) return 0;
    for (size_t i = 0; i < row->count; i++) texts[i] = row->cells[i].text;
    return mapping_recognise(s->in->table, &s->mapping, texts, row->count);
}

// Find the header: on the line the mapping says, else the first, unless the second names fields and the first does not (SORMAS
// puts a row of entity names above). *second is then a data row already read, or has event CSV_END.
static tong_code stage_header(struct line_stage *s, struct csv *csv, struct arena *scratch, struct csv_item *header,
                              struct csv_item *second, struct err *err)
{
    struct csv_item item = {.event = CSV_END};
    *second = item;
    tong_code code = TONG_OK;
    do { // a mapping counts lines as people do, captions and blank ones included
        code = s->mapping.header_row == 0 ? stage_next(csv, &item, err) : csv_next(csv, &item, err);
        if (code != TONG_OK) return code;
    } while (item.event != CSV_END && item.line < s->mapping.header_row);
    if (item.event == CSV_ROW) code = stage_hold(&item, scratch, header, err);
    else *header = item;
    if (code != TONG_OK || item.event != CSV_ROW || s->mapping.header_row != 0) return code;
    if (stage_recognised(s, header, scratch) > 0) return TONG_OK;
    code = stage_next(csv, &item, err);
    if (code != TONG_OK || item.event == CSV_END) return code;
    if (item.event == CSV_BAD_ROW) {
        csv_fault_add(&item.fault, s->in->name, s->tally.encoding.encoding, s->in->problems);
        s->tally.rows++;
        s->tally.left_out++;
        return TONG_OK;
    }
    code = stage_hold(&item, scratch, second, err);
    if (code == TONG_OK && stage_recognised(s, second, scratch) > 0) {
        *header = *second;
        second->event = CSV_END;
    }
    return code;
}

static void stage_column_missing(struct line_stage *s, int64_t line, const char *wanted, const char *what)
{
    size_t best = 4;
    struct str near = {NULL, 0};
    for (size_t i = 0; i < s->header_count; i++) {
        size_t d = str_distance(str_z(wanted), s->headers[i], 3);
        if (d >= best) continue;
        best = d;
        near = s->headers[i];
    }
    bool found = near.p != NULL && near.n > 0;
    line_blame(s, found ? LINE_F_COLUMN_MISSING_NEAR : LINE_F_COLUMN_MISSING, line, 0, wanted, wanted, what,
               found ? line_shown(s, near) : stage_header_list(s));
    s->fatal = true;
}

// The slot of a column of dates, made when it is new.
static int32_t stage_slot(struct line_stage *s, int32_t column, int32_t field, const char *header)
{
    for (int32_t i = 0; i < s->slot_count; i++) {
        if (s->slots[i].column != column) continue;
        if (s->slots[i].field == STAGE_SLOT_NONE) s->slots[i].field = field;
        return i;
    }
    assert(s->slot_count < STAGE_SLOTS_MAX);
    s->slots[s->slot_count] = (struct stage_slot){.column = column, .field = field, .header = header};
    return s->slot_count++;
}

static void stage_bind_known(struct line_stage *s, int64_t line, const struct mapping_known *known, const char *what,
                             int32_t *slots)
{
    for (int32_t k = 0; k < MAPPING_KNOWN_MAX; k++) slots[k] = STAGE_SLOT_NONE;
    for (int32_t k = 0; k < known->count; k++) {
        int32_t column = mapping_column(s->headers, s->header_count, str_z(known->column[k]));
        if (column < 0) stage_column_missing(s, line, known->column[k], what);
        else if (s->slot_count < STAGE_SLOTS_MAX) slots[k] = stage_slot(s, column, STAGE_SLOT_NONE, known->column[k]);
    }
}

static void stage_tell_suggestions(struct line_stage *s, int64_t line)
{
    struct arena *a = s->in->problems->arena;
    const char *all = "";
    for (int32_t f = 0; f < s->field_count && all != NULL; f++)
        if (s->mapping.suggested[f])
            all = arena_printf(a, "%s%s%s = %s", all, all[0] == 0 ? "" : ", ", s->fields[f].name, s->mapping.header[f]);
    if (all != NULL && all[0] != 0) line_blame(s, LINE_F_COLUMNS_SUGGESTED, line, 0, NULL, all, NULL, NULL);
}

static tong_code stage_bind(struct line_stage *s, const struct csv_item *header, struct arena *scratch, struct err *err)
{
    s->headers = arena_array(scratch, header->count, sizeof *s->headers);
    if (s->headers == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the header");
    s->header_count = header->count;
    for (size_t i = 0; i < header->count; i++) s->headers[i] = str_trim(header->cells[i].text);
    tong_code code = mapping_suggest(s->in->table, s->headers, s->header_count, s->in->arena, &s->mapping, err);
    if (code != TONG_OK) return code;
    for (int32_t f = 0; f < s->field_count; f++) {
        s->column[f] = -1;
        s->slot_of[f] = STAGE_SLOT_NONE;
        const char *wanted = s->mapping.header[f];
        if (wanted != NULL) s->column[f] = mapping_column(s->headers, s->header_count, str_z(wanted));
        bool numbered = s->fields[f].kind == FIELD_ID && s->mapping.numbered;
        if (wanted != NULL && s->column[f] < 0) stage_column_missing(s, header->line, wanted, s->fields[f].name);
        if (wanted == NULL && s->fields[f].required && !numbered) {
            line_blame(s, LINE_F_COLUMN_REQUIRED, header->line, 0, NULL, s->fields[f].name, stage_header_list(s), NULL);
            s->fatal = true;
        }
        if (s->column[f] < 0) continue;
        for (size_t i = (size_t)s->column[f] + 1; i < s->header_count; i++)
            if (s->headers[i].n > 0 && str_eq(s->headers[i], s->headers[s->column[f]]))
                line_blame(s, LINE_F_COLUMN_TWICE, header->cells[i].line, header->cells[i].column, wanted,
                           line_shown(s, s->headers[i]), NULL, NULL);
        if (s->fields[f].kind == FIELD_DATE) s->slot_of[f] = stage_slot(s, s->column[f], f, wanted);
    }
    for (int32_t f = 0; f < s->field_count; f++)
        stage_bind_known(s, header->line, &s->mapping.known[f], s->fields[f].name, s->known_slot[f]);
    stage_bind_known(s, header->line, &s->mapping.known_row, "known", s->known_slot[MAPPING_FIELDS_MAX]);
    stage_tell_suggestions(s, header->line);
    return TONG_OK;
}

// ---- rows ----

// Remember who was on a row that is left out, so that what refers to it can be told from what refers to nobody.
static void stage_leave_out(struct line_stage *s, const struct csv_item *item)
{
    s->tally.left_out++;
    int32_t id = s->column[0];
    if (id < 0 || (size_t)id >= item->count) return;
    struct str text = str_trim(item->cells[id].text);
    const char *copy = arena_copy(s->in->arena, text.p, text.n);
    if (copy != NULL && text.n > 0 && !map_put_text(s->left_out, (struct str){copy, text.n}, item->line)) return;
}

static tong_code stage_row(struct line_stage *s, const struct csv_item *item, struct arena *scratch, struct err *err)
{
    if (s->row_count == LINELIST_ROWS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "%s has more than %d rows", s->in->name, LINELIST_ROWS_MAX);
    struct stage_row *r = arena_alloc(scratch, sizeof *r);
    if (r != NULL) {
        r->line = item->line;
        r->row = arena_alloc(scratch, line_kind[s->in->table].size);
        r->dates = arena_array(scratch, (size_t)s->slot_count, sizeof *r->dates);
    }
    if (r == NULL || r->row == NULL || r->dates == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
    line_clear(s->in->table, r->row);
    tong_code code = line_cell_fill(s, item, r, err);
    if (code != TONG_OK) return code;
    if (r->bad) {
        stage_leave_out(s, item);
        return TONG_OK;
    }
    if (s->last == NULL) s->first = r;
    else s->last->next = r;
    s->last = r;
    s->row_count++;
    return TONG_OK;
}

static tong_code stage_rows(struct line_stage *s, struct csv *csv, struct csv_item *second, struct arena *scratch,
                            struct err *err)
{
    bool held = second->event == CSV_ROW;
    bool fits = second->count == s->header_count || (s->mapping.fill_rows && second->count < s->header_count);
    if (held && !fits) { // it was read before the width was known
        size_t blamed = second->count > s->header_count ? s->header_count : second->count - 1;
        second->fault = (struct csv_fault){.kind = CSV_FAULT_CELLS,
                                           .line = second->cells[blamed].line,
                                           .column = second->cells[blamed].column,
                                           .byte = -1,
                                           .want = (int64_t)s->header_count,
                                           .got = (int64_t)second->count};
        second->event = CSV_BAD_ROW;
    }
    for (;;) {
        struct csv_item item = *second;
        tong_code code = TONG_OK;
        if (!held) code = stage_next(csv, &item, err);
        held = false;
        if (code != TONG_OK || item.event == CSV_END) return code;
        if (item.event == CSV_BAD_ROW && (stage_is_caption(&item) || (item.count > 0 && stage_is_blank(&item))))
            continue;
        s->tally.rows++;
        if (item.event == CSV_BAD_ROW) {
            csv_fault_add(&item.fault, s->in->name, s->tally.encoding.encoding, s->in->problems);
            stage_leave_out(s, &item);
            continue;
        }
        code = stage_row(s, &item, scratch, err);
        if (code != TONG_OK) return code;
    }
}

// ---- one file ----

static bool stage_is_text(struct line_stage *s)
{
    static const line_fault faults[] = {
        [BINARY_XLSX] = LINE_F_XLSX,    [BINARY_XLS] = LINE_F_XLS,
        [BINARY_PDF] = LINE_F_PDF,      [BINARY_COMPRESSED] = LINE_F_COMPRESSED,
        [BINARY_OTHER] = LINE_F_BINARY,
    };
    const struct encoding_guess *g = &s->tally.encoding;
    if (g->binary != BINARY_NOT) {
        line_blame(s, faults[g->binary], 0, 0, NULL, NULL, NULL, NULL);
        s->fatal = true;
        return false;
    }
    if (g->percent < 95 && !g->ascii_only) {
        const char *percent = arena_printf(s->in->problems->arena, "%d", (int)g->percent);
        line_blame(s, LINE_F_ENCODING_GUESSED, 0, 0, NULL, encoding_name(g->encoding), percent, NULL);
    }
    return true;
}

static tong_code stage_csv(struct line_stage *s, struct csv *csv, struct arena *scratch, struct err *err)
{
    struct csv_item header = {.event = CSV_END}, second = header;
    tong_code code = stage_header(s, csv, scratch, &header, &second, err);
    if (code != TONG_OK) return code;
    s->tally.delimiter = csv_delimiter(csv);
    if (header.event != CSV_ROW) {
        if (header.event == CSV_BAD_ROW)
            csv_fault_add(&header.fault, s->in->name, s->tally.encoding.encoding, s->in->problems);
        if (header.event == CSV_END) line_blame(s, LINE_F_EMPTY, 0, 0, NULL, NULL, NULL, NULL);
        else line_blame(s, LINE_F_HEADER_BAD, header.fault.line, header.fault.column, NULL, NULL, NULL, NULL);
        s->fatal = true;
        return TONG_OK;
    }
    code = stage_bind(s, &header, scratch, err);
    if (code != TONG_OK || s->fatal) return code;
    csv_expect(csv, s->header_count, s->mapping.fill_rows);
    code = stage_rows(s, csv, &second, scratch, err);
    if (code == TONG_OK && s->tally.rows == 0) {
        bool cases = s->in->table == LINE_TABLE_CASES;
        line_blame(s, cases ? LINE_F_HEADER_ONLY_CASES : LINE_F_HEADER_ONLY, header.line, 0, NULL, NULL, NULL, NULL);
        s->fatal = cases;
    }
    return code;
}

tong_code stage_read(const struct line_input *in, struct arena *scratch, struct line_stage *s, struct err *err)
{
    *s = (struct line_stage){.in = in, .mapping = in->mapping, .tally.file = in->name};
    s->fields = mapping_fields(in->table, &s->field_count);
    assert(s->fields[0].kind == FIELD_ID); // stage_leave_out counts on it
    s->left_out = map_open();
    s->words_warned = map_open();
    if (s->left_out == NULL || s->words_warned == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", in->name);
    encoding wanted = in->encoding != ENCODING_AUTO ? in->encoding : s->mapping.encoding;
    struct encoding_stream *stream = NULL;
    struct csv *csv = NULL;
    tong_code code = encoding_open(in->source, wanted, &stream, &s->tally.encoding, err);
    if (code == TONG_OK && stage_is_text(s)) {
        code = csv_open(stream, &s->tally.encoding, s->mapping.delimiter, &csv, err);
        if (code == TONG_OK) code = stage_csv(s, csv, scratch, err);
    }
    csv_close(csv);
    encoding_close(stream);
    return code;
}

void stage_close(struct line_stage *s)
{
    map_close(s->left_out);
    map_close(s->words_warned);
}
