#include "exchange/import_cell.h"

#include "base/record_read.h"
#include "exchange/line_message.h"

#include <assert.h>
#include <string.h>

enum { WORDS_WARNED_MAX = 2000 };

// ---- what a file is ----

bool import_is_entities(const struct str *cells, size_t count)
{
    static const char *const names[] = {
        "CaseData",    "Contact", "Person",           "Sample",       "PathogenTest",
        "Vaccination", "Event",   "EventParticipant", "Location",     "Hospitalization",
        "Symptoms",    "EpiData", "TravelEntry",      "Immunization", "PreviousHospitalization"};
    size_t known = 0, filled = 0;
    for (size_t i = 0; i < count; i++) {
        struct str cell = str_trim(cells[i]);
        filled += cell.n > 0;
        bool found = false;
        for (size_t k = 0; k < sizeof names / sizeof *names && !found; k++) found = str_eq_z(cell, names[k]);
        known += found;
    }
    return known > 1 && known * 2 > filled;
}

bool import_is_own_column(struct str header)
{
    return str_eq_z(header, "tongzhou_line") || str_eq_z(header, "tongzhou_problem");
}

// The first table of which one of the sets of headers is there whole.
static const struct {
    import_table table;
    const char *headers; // plain, parted by blanks: all of them
} import_signs[] = {
    {IMPORT_FACTS, "kind happened subject"},
    {IMPORT_GATHERINGS, "begins ends"},
    {IMPORT_GATHERINGS, "dateofevent"},
    {IMPORT_GATHERINGS, "eventcategory"},
    {IMPORT_PLACES, "kind parent"},
    {IMPORT_PLACES, "parentlocationid"},
    {IMPORT_PLACES, "epidcode name"},
    {IMPORT_LINKS, "sourceuuid targetuuid"},
    {IMPORT_LINKS, "from to"},
    {IMPORT_LINKS, "certaintylevel source"},
    {IMPORT_LINKS, "sourceperson targetperson"},
    {IMPORT_LABS, "datesampletaken personid"},
    {IMPORT_LABS, "sampletaken result"},
    {IMPORT_LABS, "personid result"},
    {IMPORT_LABS, "采样日期 结果"},
    {IMPORT_FOLLOWUPS, "dateoffollowup"},
    {IMPORT_FOLLOWUPS, "followupnumber"},
    {IMPORT_FOLLOWUPS, "contact day status"},
    {IMPORT_FOLLOWUPS, "随访日期"},
    {IMPORT_CONTACTS, "caseidexternalsystem"},
    {IMPORT_CONTACTS, "contactstatus"},
    {IMPORT_CONTACTS, "contactclassification"},
    {IMPORT_CONTACTS, "lastcontactdate"},
    {IMPORT_CONTACTS, "lastcontact"},
    {IMPORT_CONTACTS, "末次接触日期"},
    {IMPORT_CONTACTS, "followupfinalstatus"},
    {IMPORT_CASES, "dateofonset"},
    {IMPORT_CASES, "onset"},
    {IMPORT_CASES, "symptomsonsetdate"},
    {IMPORT_CASES, "classification"},
    {IMPORT_CASES, "caseclassification"},
    {IMPORT_CASES, "epidnumber"},
    {IMPORT_CASES, "caseorigin"},
    {IMPORT_CASES, "class reported"},
    {IMPORT_CASES, "发病日期"},
    {IMPORT_CASES, "病例分类"},
    {IMPORT_PEOPLE, "lastname"},
    {IMPORT_PEOPLE, "personlastname"},
    {IMPORT_PEOPLE, "nachname"},
    {IMPORT_PEOPLE, "name uid"},
    {IMPORT_PEOPLE, "姓名"},
};

static bool import_has_header(const struct str *headers, size_t count, struct str plain)
{
    char buffer[MAPPING_PLAIN_MAX];
    for (size_t i = 0; i < count; i++)
        if (str_eq((struct str){buffer, mapping_plain(headers[i], buffer)}, plain)) return true;
    return false;
}

import_table import_guess_table(const struct str *entities, const struct str *headers, size_t count)
{
    for (size_t i = 0; entities != NULL && i < count; i++) {
        struct str entity = str_trim(entities[i]);
        if (str_eq_z(entity, "CaseData")) return IMPORT_CASES;
        if (str_eq_z(entity, "Contact")) return IMPORT_CONTACTS;
        if (str_eq_z(entity, "EventParticipant") || str_eq_z(entity, "TravelEntry")) return IMPORT_PEOPLE;
    }
    for (size_t s = 0; s < sizeof import_signs / sizeof *import_signs; s++) {
        struct str rest = str_z(import_signs[s].headers), part;
        bool all = true;
        while (all && str_cut(&rest, ' ', &part)) all = import_has_header(headers, count, part);
        if (all) return import_signs[s].table;
    }
    return IMPORT_TABLE_COUNT;
}

// ---- one cell ----

struct cell_in {
    struct import_reader *r;
    struct arena *arena;
    struct problem_list *problems;
    struct import_row *row;
    const struct csv_cell *cell;
    size_t column;
    const struct import_field *field;
};

const char *import_masked(struct str value, record_class class, struct arena *arena)
{
    enum { SHOWN = 60 };
    const char *out;
    if (class >= RECORD_PERSONAL) {
        size_t n = 0;
        while (n < value.n && (n == 0 || ((unsigned char)value.p[n] & 0xC0) == 0x80)) n++;
        out = value.n == 0 ? "" : arena_printf(arena, "%.*s***", (int)n, value.p);
    } else {
        size_t n = value.n <= SHOWN ? value.n : str_utf8_valid((struct str){value.p, SHOWN});
        out = arena_printf(arena, "%.*s%s", (int)n, value.p, n < value.n ? "..." : "");
    }
    return out == NULL ? "" : out;
}

static void cell_blame(const struct cell_in *in, const struct message *m, const char *one, const char *two,
                       const char *three)
{
    struct problem_at at = {in->r->options.source.name, in->cell->line, in->cell->column,
                            in->r->binding.column[in->column].header.p};
    problem_add(in->problems, at, m, one, two, three, NULL);
}

// Ways of writing "nothing" that are no text anybody means.
static bool cell_is_empty(const struct import_reader *r, struct str text, bool id)
{
    static const char *const usual[] = {"NA",
                                        "N/A",
                                        "n/a",
                                        "NULL",
                                        "null",
                                        "None",
                                        "NaN",
                                        "-",
                                        "--",
                                        "?",
                                        "不详",
                                        "无",
                                        "** Unknown / Not Given **",
                                        "** Unknown / not given **"};
    if (text.n == 0) return true;
    for (size_t i = 0; i < r->mapping->empty_count; i++)
        if (str_eq_z(text, r->mapping->empty[i])) return true;
    bool may =
        !id && (text.n <= 6 || text.p[0] == '*') && strchr("Nn-?*\xE4\xE6", text.p[0]) != NULL; // 不 and 无 begin so
    for (size_t i = 0; may && i < sizeof usual / sizeof *usual; i++)
        if (str_eq_z(text, usual[i])) return true;
    return false;
}

// Once for each word: a column of thousands with one unknown word is one question, not thousands.
static void cell_unknown_word(const struct cell_in *in, struct str text)
{
    struct import_reader *r = in->r;
    if (map_count(r->words_warned) >= WORDS_WARNED_MAX) return;
    const char *key = arena_printf(&r->warned_arena, "%zu %.*s", in->column, STR_ARG(text));
    int64_t seen = 0;
    if (key == NULL || map_get_text(r->words_warned, str_z(key), &seen)) return;
    if (!map_put_text(r->words_warned, str_z(key), in->cell->line)) return;
    const struct import_field *f = in->field;
    const char *all = f->type == IMPORT_YES ? "yes, no" : "";
    int32_t n = f->type == IMPORT_YES ? 0
                : f->line != NULL     ? f->line->canonical_count
                : f->record != NULL   ? f->record->word_count
                                      : 0;
    for (int32_t i = 0; i < n && all != NULL; i++)
        all = arena_printf(in->problems->arena, "%s%s%s", all, i == 0 ? "" : ", ",
                           f->line != NULL ? f->line->canonical[i].word : f->record->words[i].word);
    cell_blame(in, &line_message[LINE_F_WORD], import_masked(text, RECORD_INTERNAL, in->problems->arena), f->name, all);
}

static bool cell_word(const struct cell_in *in, struct str text, int32_t *value)
{
    const struct import_mapping *m = in->r->mapping;
    int32_t field = (int32_t)(in->field - in->r->fields.item);
    for (size_t i = 0; i < m->word_count; i++)
        if (m->words[i].field == field && str_eq_nocase(text, str_z(m->words[i].text))) {
            *value = m->words[i].value;
            return true;
        }
    return import_field_word(in->field, text, value);
}

// A whole number; a fraction behind it is cut off ("46.5" years).
static bool cell_number(struct str text, int64_t *out)
{
    double value;
    size_t n = 0;
    while (n < text.n && (memchr("+-.", text.p[n], 3) != NULL || (text.p[n] >= '0' && text.p[n] <= '9'))) n++;
    struct str rest = str_trim((struct str){text.p + n, text.n - n});
    bool unit = rest.n == 0 || str_eq_z(rest, "岁") || str_eq_z(rest, "周岁") || str_eq_nocase(rest, STR("years")) ||
                str_eq_nocase(rest, STR("y"));
    if (!unit || !str_double((struct str){text.p, n}, &value) || value < -1e9 || value > 1e9) return false;
    *out = (int64_t)value;
    return true;
}

// A year of birth with two digits: whoever is alive was born in the one century that is not in the future, unless both are
// possible.
static bool cell_short_year(const struct cell_in *in, struct date_raw *raw)
{
    int32_t this_year = civil_to_date(in->r->options.today).year;
    if (in->field->type != IMPORT_DAY || raw->year < 0 || raw->year > 99) return false;
    if (raw->year + this_year / 100 * 100 <= this_year) return false;
    raw->year = (int16_t)(raw->year + (this_year / 100 - 1) * 100);
    raw->form = DATE_TWO;
    return true;
}

static bool cell_is_date(const struct import_field *f)
{
    return f->type == IMPORT_DATE || f->type == IMPORT_DAY;
}

void import_scan_date(struct import_reader *r, size_t column)
{
    const struct import_column *c = &r->binding.column[column];
    if (c->use != IMPORT_FIELD || !cell_is_date(&r->fields.item[c->field])) return;
    const struct csv_cell *cell = &r->item.cells[column];
    struct str text = str_trim(cell->text);
    if (cell_is_empty(r, text, false)) return;
    struct date_raw raw = date_scan(text);
    const struct cell_in in = {.r = r, .cell = cell, .column = column, .field = &r->fields.item[c->field]};
    if (raw.form == DATE_SHORT_YEAR && !cell_short_year(&in, &raw)) return;
    if (raw.form == DATE_UNREADABLE) return;
    struct import_dates *d = &r->dates[column];
    struct date_column before = d->evidence;
    date_column_add(&d->evidence, raw);
    if (d->evidence.day_first > before.day_first && before.day_first == 0) d->first_dmy = cell->line;
    if (d->evidence.month_first > before.month_first && before.month_first == 0) d->first_mdy = cell->line;
    if (d->evidence.ambiguous > before.ambiguous && before.ambiguous == 0) {
        d->example = raw;
        d->example_line = cell->line;
    }
}

static void cell_date(const struct cell_in *in, struct str text, void *into)
{
    static const char *const orders[DATE_ORDER_COUNT] = {"", "dd/mm/yyyy", "mm/dd/yyyy"};
    const struct import_dates *d = &in->r->dates[in->column];
    struct date_raw raw = date_scan(text);
    struct date_time t;
    const char *shown = import_masked(text, in->field->class, in->problems->arena);
    if (raw.form == DATE_SHORT_YEAR && !cell_short_year(in, &raw)) {
        bool birth = in->field->type == IMPORT_DAY;
        cell_blame(in, birth ? &import_message[IMPORT_F_BIRTH_CENTURY] : &line_message[LINE_F_DATE_SHORT_YEAR], shown,
                   NULL, NULL);
        return;
    }
    date_fault fault = date_finish(raw, &d->evidence, d->order, in->r->options.zone, &t);
    if (fault == DATE_FAULT_UNREADABLE) {
        cell_blame(in, &line_message[LINE_F_DATE_UNREADABLE], shown, NULL, NULL);
    } else if (fault != DATE_OK) {
        const char *form = raw.form == DATE_TWO ? orders[d->order] : raw.form == DATE_YMD ? "yyyy-mm-dd" : "Excel";
        cell_blame(in, &line_message[fault == DATE_FAULT_TIME ? LINE_F_DATE_TIME : LINE_F_DATE_IMPOSSIBLE], shown, form,
                   NULL);
    } else if (in->field->type == IMPORT_DAY) {
        memcpy(into, &t.day, sizeof t.day);
    } else {
        memcpy(into, &t, sizeof t);
    }
}

static tong_code cell_text(const struct cell_in *in, struct str text, void *into, struct err *err)
{
    text = record_csv_plain(text);
    struct str copy = {arena_copy(in->arena, text.p, text.n), text.n};
    if (copy.p == NULL) return tong_fail(err, TONG_E_NOMEM, "a row");
    memcpy(into, &copy, sizeof copy);
    return TONG_OK;
}

static tong_code cell_read(const struct cell_in *in, struct str text, int32_t element, struct err *err)
{
    void *into = import_field_at(in->row, in->field, element);
    int64_t number = 0;
    int32_t word = 0;
    double real = 0;
    utc_sec at;
    bool day_only = false;
    const char *shown = "";
    switch (in->field->type) {
    case IMPORT_TEXT:
    case IMPORT_ID: return cell_text(in, text, into, err);
    case IMPORT_WORD:
        if (cell_word(in, text, &word)) memcpy(into, &word, sizeof word);
        else cell_unknown_word(in, text);
        return TONG_OK;
    case IMPORT_YES:
        if (cell_word(in, text, &word)) memcpy(into, &(int8_t){(int8_t)word}, sizeof(int8_t));
        else cell_unknown_word(in, text);
        return TONG_OK;
    case IMPORT_NUMBER:
        shown = import_masked(text, in->field->class, in->problems->arena);
        if (cell_number(text, &number)) memcpy(into, &number, sizeof number);
        else cell_blame(in, &line_message[LINE_F_NUMBER], shown, NULL, NULL);
        return TONG_OK;
    case IMPORT_REAL:
        shown = import_masked(text, in->field->class, in->problems->arena);
        if (str_double(text, &real)) memcpy(into, &real, sizeof real);
        else cell_blame(in, &line_message[LINE_F_NUMBER], shown, NULL, NULL);
        return TONG_OK;
    case IMPORT_INSTANT:
        shown = import_masked(text, in->field->class, in->problems->arena);
        if (zone_parse(in->r->options.zone, text, &at, &day_only)) memcpy(into, &at, sizeof at);
        else cell_blame(in, &line_message[LINE_F_DATE_UNREADABLE], shown, NULL, NULL);
        return TONG_OK;
    case IMPORT_DATE:
    case IMPORT_DAY: cell_date(in, text, into); return TONG_OK;
    }
    return TONG_OK;
}

// ---- one row ----

static tong_code cells_note(const struct cell_in *in, struct str header, struct str text, struct err *err)
{
    struct str *note = &in->row->note;
    const char *more = arena_printf(in->arena, "%.*s%s%.*s: %.*s", STR_ARG(*note), note->n == 0 ? "" : "; ",
                                    STR_ARG(header), STR_ARG(text));
    if (more == NULL) return tong_fail(err, TONG_E_NOMEM, "a row");
    *note = str_z(more);
    return TONG_OK;
}

tong_code import_cells_read(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                            struct import_row *row, struct err *err)
{
    int32_t *counts[IMPORT_GROUP_COUNT] = {NULL, &row->sample_count, &row->vaccine_count, &row->stay_count};
    struct cell_in in = {.r = r, .arena = arena, .problems = problems, .row = row};
    for (size_t c = 0; c < r->binding.count && c < r->item.count; c++) {
        const struct import_column *column = &r->binding.column[c];
        if (column->use != IMPORT_FIELD && column->use != IMPORT_NOTE) continue;
        in.cell = &r->item.cells[c];
        in.column = c;
        in.field = column->use == IMPORT_FIELD ? &r->fields.item[column->field] : NULL;
        struct str text = str_trim(in.cell->text);
        if (cell_is_empty(r, text, in.field != NULL && in.field->type == IMPORT_ID)) continue;
        tong_code code = column->use == IMPORT_NOTE ? cells_note(&in, column->header, record_csv_plain(text), err)
                                                    : cell_read(&in, text, column->element, err);
        if (code != TONG_OK) return code;
        if (in.field == NULL || in.field->group == IMPORT_ALONE) continue;
        int32_t *count = counts[in.field->group];
        if (column->element >= *count) *count = column->element + 1;
    }
    for (int32_t i = 0; i < row->sample_count; i++) row->sample[i].again = r->binding.again[i];
    return TONG_OK;
}

void import_row_clear(struct import_row *row)
{
    memset(row, 0, sizeof *row);
    line_clear(LINE_TABLE_CASES, &row->one_case);
    line_clear(LINE_TABLE_CONTACTS, &row->contact);
    line_clear(LINE_TABLE_LINKS, &row->link);
    line_clear(LINE_TABLE_FOLLOWUPS, &row->followup);
    line_clear(LINE_TABLE_LABS, &row->lab);
    line_clear(LINE_TABLE_GATHERINGS, &row->gathering_line);
    record_clear(&person_record_kind, &row->person);
    record_clear(&place_record_kind, &row->place);
    record_clear(&gathering_record_kind, &row->gathering);
    record_clear(&fact_record_kind, &row->fact);
    row->born_day = row->born_month = row->age_amount = RECORD_INTEGER_NONE;
    row->pregnant = row->health_worker = row->admitted = row->deleted = RECORD_BOOLEAN_NONE;
    for (size_t i = 0; i < IMPORT_SAMPLES_MAX; i++) {
        line_clear(LINE_TABLE_LABS, &row->sample[i].lab);
        row->sample[i].tested = DATE_TIME_NONE;
    }
    for (size_t i = 0; i < IMPORT_VACCINES_MAX; i++) row->vaccine[i].day = DATE_TIME_NONE;
    for (size_t i = 0; i < IMPORT_STAYS_MAX; i++) row->stay[i].begins = row->stay[i].ends = DATE_TIME_NONE;
}
