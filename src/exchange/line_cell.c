#include "exchange/line_cell.h"

#include <assert.h>
#include <string.h>

void line_blame(struct line_stage *s, line_fault fault, int64_t line, int64_t column, const char *path, const char *one,
                const char *two, const char *three)
{
    problem_add(s->in->problems, (struct problem_at){s->in->name, line, column, path}, &line_message[fault], one, two,
                three, NULL);
}

const char *line_shown(struct line_stage *s, struct str text)
{
    enum { SHOWN = 60 };
    size_t n = text.n <= SHOWN ? text.n : str_utf8_valid((struct str){text.p, SHOWN});
    const char *shown = arena_printf(s->in->problems->arena, "%.*s%s", (int)n, text.p, n < text.n ? "..." : "");
    return shown == NULL ? "" : shown;
}

// ---- one cell ----

// Ways of writing "nothing" that are no text anybody means: R's NA, a database's NULL, a dash.
static bool cell_is_empty(const struct line_stage *s, struct str text, bool id)
{
    enum { LONGEST = 6 };
    static const char *const usual[] = {"NA",  "N/A", "n/a", "NULL", "null", "None",
                                        "NaN", "-",   "--",  "?",    "不详", "无"};
    if (text.n == 0) return true;
    for (size_t i = 0; i < s->mapping.empty_count; i++)
        if (str_eq_z(text, s->mapping.empty[i])) return true;
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !id && text.n <= LONGEST; i++)
        if (str_eq_z(text, usual[i])) return true;
    return false;
}

static void cell_put(struct line_stage *s, unsigned char *row, const struct mapping_field *f, const void *value, size_t size)
{
    assert(f->offset + size <= line_kind[s->in->table].size);
    memcpy(row + f->offset, value, size);
}

static void cell_word(struct line_stage *s, unsigned char *row, int32_t field, struct str text, const struct csv_cell *cell)
{
    const struct mapping_field *f = &s->fields[field];
    int32_t value = 0;
    bool known = false;
    for (size_t i = 0; i < s->mapping.word_count[field] && !known; i++) {
        known = str_eq_nocase(text, str_z(s->mapping.words[field][i].text));
        if (known) value = s->mapping.words[field][i].value;
    }
    if (!known && !mapping_word_known(f, text, &value)) {
        // Once for each word: a column of thousands with one unknown word is one question, not thousands.
        struct arena *a = s->in->problems->arena;
        const char *key = arena_printf(a, "%d %.*s", (int)field, STR_ARG(text));
        int64_t seen = 0;
        if (key == NULL || map_get_text(s->words_warned, str_z(key), &seen)) return;
        if (!map_put_text(s->words_warned, str_z(key), cell->line)) return;
        const char *all = f->word_bytes == 1 ? "yes, no" : "";
        for (int32_t i = 0; i < f->canonical_count && all != NULL; i++)
            all = arena_printf(a, "%s%s%s", all, i == 0 ? "" : ", ", f->canonical[i].word);
        line_blame(s, LINE_F_WORD, cell->line, cell->column, s->mapping.header[field], line_shown(s, text), f->name,
                   all);
        return;
    }
    int8_t small = (int8_t)value;
    if (f->word_bytes == 1) cell_put(s, row, f, &small, sizeof small);
    else cell_put(s, row, f, &value, sizeof value);
}

// "46", "46.5", "46岁", "7 months": the number, rounded down, and whether it is in months. False when it is no number.
static bool cell_number(struct str text, int64_t *out, bool *months)
{
    static const struct {
        const char *word;
        bool months;
    } units[] = {
        {"", false},  {"years", false}, {"year", false}, {"yrs", false},   {"yr", false},   {"y", false},
        {"Y", false}, {"岁", false},    {"周岁", false}, {"months", true}, {"month", true}, {"m", true},
        {"M", true},  {"个月", true},   {"月", true},    {"月龄", true},
    };
    size_t n = 0;
    while (n < text.n && (strchr("+-.", text.p[n]) != NULL || (text.p[n] >= '0' && text.p[n] <= '9'))) n++;
    struct str rest = str_trim((struct str){text.p + n, text.n - n});
    bool unit = false;
    for (size_t i = 0; i < sizeof units / sizeof *units && !unit; i++) {
        unit = str_eq_z(rest, units[i].word);
        *months = unit && units[i].months;
    }
    double value = 0;
    if (!unit || !str_double((struct str){text.p, n}, &value) || value < -1e9 || value > 1e9) return false;
    *out = (int64_t)value - (value < 0 && value != (double)(int64_t)value ? 1 : 0);
    return true;
}

static void cell_number_cell(struct line_stage *s, unsigned char *row, int32_t field, struct str text,
                             const struct csv_cell *cell)
{
    const struct mapping_field *f = &s->fields[field];
    const char *header = s->mapping.header[field];
    int32_t age = mapping_field_find(s->in->table, STR("age"));
    bool in_months = f->special == SPECIAL_AGE_MONTHS, months = false;
    int64_t value = 0, years = 0;
    if (!cell_number(text, &value, &months)) {
        line_blame(s, LINE_F_NUMBER, cell->line, cell->column, header, line_shown(s, text), NULL, NULL);
        return;
    }
    if (!in_months && field != age) {
        cell_put(s, row, f, &value, sizeof value);
        return;
    }
    in_months = in_months || months;
    if (value < 0 || value > (in_months ? LINE_AGE_MAX * 12 : LINE_AGE_MAX)) {
        const char *most = arena_printf(s->in->problems->arena, "%d", LINE_AGE_MAX);
        line_blame(s, LINE_F_AGE, cell->line, cell->column, header, line_shown(s, text), most, NULL);
        return;
    }
    if (in_months) value /= 12;
    memcpy(&years, row + s->fields[age].offset, sizeof years);
    if (field == age || years == RECORD_INTEGER_NONE) cell_put(s, row, &s->fields[age], &value, sizeof value);
}

static tong_code cell_text(struct line_stage *s, unsigned char *row, const struct mapping_field *f, struct str text,
                           struct err *err)
{
    text = record_csv_plain(text);
    struct str copy = {arena_copy(s->in->arena, text.p, text.n), text.n};
    if (copy.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
    cell_put(s, row, f, &copy, sizeof copy);
    return TONG_OK;
}

// ---- one row ----

static void cell_date_cell(struct line_stage *s, struct stage_row *r, int32_t slot, const struct csv_cell *cell)
{
    struct stage_slot *column = &s->slots[slot];
    struct str text = str_trim(cell->text);
    struct stage_date *d = &r->dates[slot];
    d->column = (int32_t)cell->column;
    d->lines_down = (int32_t)(cell->line - r->line);
    if (cell_is_empty(s, text, false)) return;
    d->raw = date_scan(text);
    if (d->raw.form == DATE_UNREADABLE || d->raw.form == DATE_SHORT_YEAR) {
        line_blame(s, d->raw.form == DATE_SHORT_YEAR ? LINE_F_DATE_SHORT_YEAR : LINE_F_DATE_UNREADABLE, cell->line,
                   cell->column, column->header, line_shown(s, text), NULL, NULL);
        r->bad = true;
        return;
    }
    struct date_column before = column->evidence;
    date_column_add(&column->evidence, d->raw);
    if (column->evidence.day_first > before.day_first && before.day_first == 0) column->first_dmy = cell->line;
    if (column->evidence.month_first > before.month_first && before.month_first == 0) column->first_mdy = cell->line;
    if (column->evidence.ambiguous > before.ambiguous && before.ambiguous == 0) {
        column->example = d->raw;
        column->example_line = cell->line;
        column->example_column = cell->column;
    }
}

// The text of a field in this row: its cell, or what the mapping says it always is. False: not mapped.
static bool cell_field_text(const struct line_stage *s, const struct csv_item *item, int32_t f, const struct csv_cell **cell,
                            struct str *text)
{
    static const struct csv_cell none;
    *cell = &none;
    if (s->mapping.always[f] != NULL) {
        *text = str_z(s->mapping.always[f]);
        return true;
    }
    if (s->column[f] < 0 || (size_t)s->column[f] >= item->count) return false;
    *cell = &item->cells[s->column[f]];
    *text = str_trim((*cell)->text);
    return true;
}

tong_code line_cell_fill(struct line_stage *s, const struct csv_item *item, struct stage_row *r, struct err *err)
{
    unsigned char *row = r->row;
    for (int32_t i = 0; i < s->slot_count; i++)
        if ((size_t)s->slots[i].column < item->count) cell_date_cell(s, r, i, &item->cells[s->slots[i].column]);
    tong_code code = TONG_OK;
    for (int32_t f = 0; f < s->field_count && code == TONG_OK; f++) {
        const struct mapping_field *field = &s->fields[f];
        const struct csv_cell *cell = NULL;
        struct str text;
        bool id = field->kind == FIELD_ID;
        if (id && s->mapping.numbered) {
            const char *number = arena_printf(s->in->arena, "%lld", (long long)s->tally.rows);
            if (number == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
            text = str_z(number);
            cell_put(s, row, field, &text, sizeof text);
            continue;
        }
        if (field->kind == FIELD_DATE || !cell_field_text(s, item, f, &cell, &text)) continue;
        if (cell_is_empty(s, text, id)) {
            if (!id) continue;
            line_blame(s, LINE_F_ID_EMPTY, cell->line, cell->column, s->mapping.header[f], field->name, NULL, NULL);
            r->bad = true;
        } else if (field->special == SPECIAL_LINK_FROM || field->special == SPECIAL_LINK_KIND) {
            struct str copy = {arena_copy(s->in->arena, text.p, text.n), text.n};
            if (copy.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
            if (field->special == SPECIAL_LINK_KIND) r->link_kind = copy;
            else r->link_from = copy, r->link_column = (int32_t)cell->column;
        } else if (field->kind == FIELD_WORD) {
            cell_word(s, row, f, text, cell);
        } else if (field->kind == FIELD_NUMBER) {
            cell_number_cell(s, row, f, text, cell);
        } else {
            code = cell_text(s, row, field, text, err);
        }
    }
    return code;
}
