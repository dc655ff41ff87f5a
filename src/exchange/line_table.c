#include "exchange/line_table.h"
#include "base/record_read.h"
#include "exchange/line_check.h"
#include "exchange/line_message.h"

#include <assert.h>
#include <string.h>

// Where the members that all row structs share lie in each of them.
static const struct line_shape {
    size_t id, line;
    size_t known, known_assumed; // 0 for cases, which have one for each date
    size_t begun[2];             // nothing is known before this: the first of these that is there
    size_t happened[2];          // for same_day: likewise
    bool unique;                 // no identifier may be used twice
} line_shapes[LINE_TABLE_COUNT] = {
#define SHAPE(s, id_member, first, last, once)                                                     \
    {                                                                                              \
        offsetof(s, id_member), offsetof(s, line), offsetof(s, known), offsetof(s, known_assumed), \
            {offsetof(s, first), offsetof(s, last)}, {offsetof(s, last), offsetof(s, first)}, once \
    }
    [LINE_TABLE_CASES] = {offsetof(struct line_case, id), offsetof(struct line_case, line), 0, 0, {0, 0}, {0, 0}, true},
    [LINE_TABLE_LINKS] = SHAPE(struct line_link, from, first_contact, last_contact, false),
    [LINE_TABLE_CONTACTS] = SHAPE(struct line_contact, id, first_contact, last_contact, true),
    [LINE_TABLE_FOLLOWUPS] = SHAPE(struct line_followup, contact, day, day, false),
    [LINE_TABLE_LABS] = SHAPE(struct line_lab, person, sampled, resulted, false),
    [LINE_TABLE_GATHERINGS] = SHAPE(struct line_gathering, id, day, day, true),
};

struct line_finish {
    struct line_stage *s;
    struct line_rows *out;
    struct map *ids;                               // identifier -> index of the row that has it
    struct date_time date[STAGE_SLOTS_MAX];        // of the row at hand
    int32_t slot_of_date[LINE_DATE_COUNT];         // cases: where each date stands
    int32_t reported, first_contact, last_contact; // fields, -1 where the table has none
    size_t link_cap;
};

static struct date_time line_get(const unsigned char *row, size_t offset)
{
    struct date_time t;
    memcpy(&t, row + offset, sizeof t);
    return t;
}

static void line_put(unsigned char *row, size_t offset, struct date_time t)
{
    memcpy(row + offset, &t, sizeof t);
}

static struct str line_id(const unsigned char *row, line_table table)
{
    struct str id;
    memcpy(&id, row + line_shapes[table].id, sizeof id);
    return id;
}

static struct problem_at line_at(const struct line_stage *s, const struct stage_row *r, int32_t slot)
{
    if (slot == STAGE_SLOT_NONE) return (struct problem_at){s->in->name, r->line, 0, NULL};
    const struct stage_date *d = &r->dates[slot];
    return (struct problem_at){s->in->name, r->line + d->lines_down, d->column, s->slots[slot].header};
}

// ---- dates ----

static void line_decide(struct line_stage *s)
{
    date_order wanted = s->in->order != DATE_ORDER_AUTO ? s->in->order : s->mapping.order;
    struct arena *a = s->in->problems->arena;
    for (int32_t i = 0; i < s->slot_count; i++) {
        struct stage_slot *slot = &s->slots[i];
        date_verdict verdict = date_column_decide(&slot->evidence, wanted, &slot->order);
        if (verdict == DATE_DECIDED) continue;
        s->fatal = true;
        if (verdict == DATE_NOBODY_KNOWS) {
            char text[DATE_RAW_TEXT];
            date_raw_format(slot->example, text);
            problem_add(s->in->problems,
                        (struct problem_at){s->in->name, slot->example_line, slot->example_column, slot->header},
                        &line_message[LINE_F_DATES_UNDECIDED], text, NULL, NULL, NULL);
        } else {
            problem_add(s->in->problems, (struct problem_at){s->in->name, slot->first_dmy, 0, slot->header},
                        &line_message[LINE_F_DATES_MIXED], arena_printf(a, "%lld", (long long)slot->first_dmy),
                        arena_printf(a, "%lld", (long long)slot->first_mdy), NULL, NULL);
        }
    }
}

// Turn the dates of a row into days. False when one is impossible; it is then reported.
static bool line_dates(struct line_finish *f, const struct stage_row *r)
{
    static const char *const orders[DATE_ORDER_COUNT] = {"", "dd/mm/yyyy", "mm/dd/yyyy"};
    struct line_stage *s = f->s;
    bool good = true;
    for (int32_t i = 0; i < s->slot_count; i++) {
        const struct stage_date *d = &r->dates[i];
        const struct stage_slot *slot = &s->slots[i];
        date_fault fault = date_finish(d->raw, &slot->evidence, slot->order, s->in->zone, &f->date[i]);
        if (fault == DATE_OK) continue;
        assert(fault == DATE_FAULT_IMPOSSIBLE || fault == DATE_FAULT_TIME); // the others were reported when staged
        char text[DATE_RAW_TEXT];
        date_raw_format(d->raw, text);
        const char *form = d->raw.form == DATE_TWO   ? orders[slot->order]
                           : d->raw.form == DATE_YMD ? "yyyy-mm-dd"
                                                     : "Excel";
        problem_add(s->in->problems, line_at(s, r, i),
                    &line_message[fault == DATE_FAULT_TIME ? LINE_F_DATE_TIME : LINE_F_DATE_IMPOSSIBLE], text, form,
                    NULL, NULL);
        good = false;
    }
    return good;
}

// Dates outside what can be: before the mapping's dates_from, or more than a year after the report (or `as_of`). Kept.
static void line_plausible(struct line_finish *f, const struct stage_row *r)
{
    enum { LATE_DAYS = 366 };
    struct line_stage *s = f->s;
    civil_day limit = s->in->as_of;
    int32_t slot = f->reported < 0 ? STAGE_SLOT_NONE : s->slot_of[f->reported];
    if (limit.d == CIVIL_DAY_NONE && slot != STAGE_SLOT_NONE) limit = f->date[slot].day;
    for (int32_t i = 0; i < s->slot_count; i++) {
        civil_day day = f->date[i].day;
        bool early = day.d < s->in->dates_from.d, late = limit.d != CIVIL_DAY_NONE && day.d > limit.d + LATE_DAYS;
        if (day.d == CIVIL_DAY_NONE || (!early && !late)) continue;
        char text[CIVIL_TEXT], bound[CIVIL_TEXT];
        civil_format(day, text);
        civil_format(early ? s->in->dates_from : limit, bound);
        problem_add(s->in->problems, line_at(s, r, i), &line_message[early ? LINE_F_DATE_EARLY : LINE_F_DATE_LATE],
                    text, bound, NULL, NULL);
    }
}

// ---- when it became known ----

static struct date_time line_known_columns(const struct line_finish *f, const int32_t slots[MAPPING_KNOWN_MAX])
{
    struct date_time latest = DATE_TIME_NONE;
    for (int32_t k = 0; k < MAPPING_KNOWN_MAX; k++)
        if (slots[k] != STAGE_SLOT_NONE) latest = line_later(latest, f->date[slots[k]]);
    return latest;
}

// Nothing is known before it happens: then the column is wrong about this row, and is told.
static struct date_time line_known_check(struct line_finish *f, const struct stage_row *r,
                                         const int32_t slots[MAPPING_KNOWN_MAX], const struct record_word *what,
                                         struct date_time happened, struct date_time known)
{
    if (!line_has(known) || !line_has(happened) || !line_before(known, happened)) return known;
    if (known.day.d == happened.day.d) return happened; // the same day, by the hour: not worth a word
    char one[CIVIL_TEXT], two[CIVIL_TEXT];
    civil_format(happened.day, one);
    civil_format(known.day, two);
    problem_add(f->s->in->problems, line_at(f->s, r, slots[0]), &line_message[LINE_F_KNOWN_BEFORE],
                what->label.text[LANG_EN], one, two, what->label.text[LANG_ZH]);
    return happened;
}

static void line_known_case(struct line_finish *f, const struct stage_row *r, struct line_case *c)
{
    struct line_stage *s = f->s;
    for (int32_t i = 0; i < s->field_count; i++) {
        size_t offset = s->fields[i].known_offset;
        if (offset == 0) continue;
        int32_t d = (int32_t)((offset - offsetof(struct line_case, known)) / sizeof(struct date_time));
        bool own = s->mapping.known[i].rule != KNOWN_DEFAULT;
        const struct mapping_known *rule = own ? &s->mapping.known[i] : &s->mapping.known_row;
        const int32_t *slots = s->known_slot[own ? i : MAPPING_FIELDS_MAX];
        if (!line_has(c->when[d]) || s->slot_of[i] == STAGE_SLOT_NONE) continue;
        if (rule->rule == KNOWN_SAME_DAY) c->known[d] = c->when[d];
        if (rule->rule != KNOWN_COLUMNS) continue;
        struct date_time known = line_known_columns(f, slots);
        // What happened after the day that the row as a whole was known on became known later: line_known_assume.
        if (!own && line_has(known) && line_before(known, c->when[d])) continue;
        c->known[d] = line_known_check(f, r, slots, &line_date_words[d], c->when[d], known);
    }
    // A date that was derived from the other is known with it.
    bool one_day = line_has(c->when[LINE_DEATH]) && c->when[LINE_DEATH].day.d == c->when[LINE_OUTCOME_DAY].day.d;
    if (one_day && !line_has(c->known[LINE_DEATH])) c->known[LINE_DEATH] = c->known[LINE_OUTCOME_DAY];
    if (one_day && !line_has(c->known[LINE_OUTCOME_DAY])) c->known[LINE_OUTCOME_DAY] = c->known[LINE_DEATH];
    line_known_assume(c);
}

// The first of two dates that is there.
static struct date_time line_either(const unsigned char *row, const size_t offset[2])
{
    struct date_time t = line_get(row, offset[0]);
    return line_has(t) ? t : line_get(row, offset[1]);
}

static void line_known_row(struct line_finish *f, const struct stage_row *r, unsigned char *row)
{
    struct line_stage *s = f->s;
    const struct line_shape *shape = &line_shapes[s->in->table];
    const struct mapping_known *rule = &s->mapping.known_row;
    struct date_time known = DATE_TIME_NONE;
    if (rule->rule == KNOWN_SAME_DAY) known = line_either(row, shape->happened);
    if (rule->rule == KNOWN_COLUMNS) {
        const int32_t *slots = s->known_slot[MAPPING_FIELDS_MAX];
        known = line_known_check(f, r, slots, &line_table_words[s->in->table], line_either(row, shape->begun),
                                 line_known_columns(f, slots));
    }
    line_put(row, shape->known, known);
    bool assumed = !line_has(known);
    memcpy(row + shape->known_assumed, &assumed, sizeof assumed);
}

// ---- one row ----

// A last contact before the first one, in a link or a contact: the first is set aside.
static void line_check_contact(struct line_finish *f, const struct stage_row *r, unsigned char *row)
{
    struct line_stage *s = f->s;
    int32_t first = f->first_contact, last = f->last_contact;
    if (first < 0 || last < 0) return;
    struct date_time one = line_get(row, s->fields[last].offset), two = line_get(row, s->fields[first].offset);
    if (!line_has(one) || !line_has(two) || !line_before(one, two)) return;
    char last_text[CIVIL_TEXT], first_text[CIVIL_TEXT];
    civil_format(one.day, last_text);
    civil_format(two.day, first_text);
    problem_add(s->in->problems, line_at(s, r, s->slot_of[last]), &line_message[LINE_F_CONTACT_REVERSED], last_text,
                first_text, NULL, NULL);
    line_put(row, s->fields[first].offset, DATE_TIME_NONE);
}

// No identifier twice; the first row that uses it stays. A contact of several cases, though, stands on as many rows: one
// for each case. These are one person, whose dates are taken together.
static void line_merge(struct line_contact *c, const struct line_contact *again)
{
    bool first = line_has(again->first_contact) &&
                 (!line_has(c->first_contact) || line_before(again->first_contact, c->first_contact));
    if (first) c->first_contact = again->first_contact;
    if (!line_has(c->reported)) c->reported = again->reported;
    c->last_contact = line_later(c->last_contact, again->last_contact);
    c->followup_last = line_later(c->followup_last, again->followup_last);
    c->became_case = line_later(c->became_case, again->became_case);
    if (line_has(again->known) && (!line_has(c->known) || line_before(again->known, c->known))) c->known = again->known;
    if (again->status != LINE_CONTACT_UNKNOWN) c->status = again->status;
    c->known_assumed = c->known_assumed && again->known_assumed;
}

typedef enum line_fate { LINE_FATE_KEPT, LINE_FATE_MERGED, LINE_FATE_LEFT_OUT } line_fate;

static tong_code line_check_id(struct line_finish *f, const struct stage_row *r, const unsigned char *row,
                               line_fate *fate, struct err *err)
{
    struct line_stage *s = f->s;
    line_table table = s->in->table;
    struct str id = line_id(row, table);
    int64_t index = 0, line = 0;
    if (!map_get_text(f->ids, id, &index)) {
        bool put = map_put_text(f->ids, id, (int64_t)f->out->count);
        return put ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
    }
    unsigned char *earlier = (unsigned char *)f->out->rows + (size_t)index * line_kind[table].size;
    if (table == LINE_TABLE_CONTACTS && r->link_from.n > 0) {
        struct line_contact one, again;
        memcpy(&one, earlier, sizeof one);
        memcpy(&again, row, sizeof again);
        line_merge(&one, &again);
        memcpy(earlier, &one, sizeof one);
        *fate = LINE_FATE_MERGED;
        return TONG_OK;
    }
    struct arena *a = s->in->problems->arena;
    memcpy(&line, earlier + line_shapes[table].line, sizeof line);
    problem_add(s->in->problems, (struct problem_at){s->in->name, r->line, 0, s->mapping.header[0]},
                &line_message[LINE_F_ID_TWICE], arena_copy(a, id.p, id.n), arena_printf(a, "%lld", (long long)line),
                NULL, NULL);
    *fate = LINE_FATE_LEFT_OUT;
    return TONG_OK;
}

// One link, or several separated by commas or semicolons, from a column such as "infector" or "case of".
static tong_code line_special_links(struct line_finish *f, const struct stage_row *r, const unsigned char *row,
                                    struct err *err)
{
    static const char *const separators[] = {",", ";", "、", "，", "；"};
    struct line_stage *s = f->s;
    struct str rest = r->link_from;
    if (rest.n == 0) return TONG_OK;
    struct line_link pattern;
    line_clear(LINE_TABLE_LINKS, &pattern);
    pattern.to = line_id(row, s->in->table);
    pattern.kind = r->link_kind;
    pattern.line = r->line;
    pattern.table = s->in->table;
    pattern.known_assumed = true;
    if (s->in->table == LINE_TABLE_CONTACTS) {
        struct line_contact c;
        memcpy(&c, row, sizeof c);
        pattern.first_contact = c.first_contact;
        pattern.last_contact = c.last_contact;
        pattern.known = c.known;
        pattern.known_assumed = c.known_assumed;
    }
    while (rest.n > 0) {
        size_t end = rest.n, skip = 0;
        for (size_t k = 0; k < sizeof separators / sizeof *separators; k++)
            for (size_t i = 0; i < end; i++)
                if (str_starts((struct str){rest.p + i, rest.n - i}, separators[k]))
                    end = i, skip = strlen(separators[k]);
        struct str part = str_trim((struct str){rest.p, end});
        rest = end + skip >= rest.n ? (struct str){rest.p, 0} : (struct str){rest.p + end + skip, rest.n - end - skip};
        if (part.n == 0) continue;
        struct line_link *links =
            arena_grow(s->in->arena, f->out->links, f->out->link_count, &f->link_cap, sizeof *links);
        if (links == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the links of %s", s->in->name);
        struct line_link *l = &links[f->out->link_count++];
        *l = pattern;
        l->from = part;
        f->out->links = links;
    }
    return TONG_OK;
}

static void line_row_case(struct line_finish *f, const struct stage_row *r, unsigned char *row)
{
    struct line_case c;
    struct problem_at at[LINE_DATE_COUNT];
    memcpy(&c, row, sizeof c);
    for (int32_t d = 0; d < LINE_DATE_COUNT; d++) at[d] = line_at(f->s, r, f->slot_of_date[d]);
    line_check_case(&c, at, f->s->in->problems);
    line_known_case(f, r, &c);
    memcpy(row, &c, sizeof c);
}

static tong_code line_row(struct line_finish *f, const struct stage_row *r, unsigned char *row, line_fate *fate,
                          struct err *err)
{
    struct line_stage *s = f->s;
    line_table table = s->in->table;
    *fate = LINE_FATE_LEFT_OUT;
    if (!line_dates(f, r)) return TONG_OK;
    line_plausible(f, r);
    memcpy(row + line_shapes[table].line, &r->line, sizeof r->line);
    for (int32_t i = 0; i < s->field_count; i++)
        if (s->slot_of[i] != STAGE_SLOT_NONE) line_put(row, s->fields[i].offset, f->date[s->slot_of[i]]);
    struct record_reading reading = {s->in->zone, s->in->arena, s->in->problems, {s->in->name, r->line, 0, NULL}};
    if (!record_check(&line_kind[table], row, &reading)) return TONG_OK;
    *fate = LINE_FATE_KEPT;
    if (table != LINE_TABLE_CASES) {
        line_check_contact(f, r, row);
        line_known_row(f, r, row);
    }
    if (line_shapes[table].unique) {
        tong_code code = line_check_id(f, r, row, fate, err);
        if (code != TONG_OK || *fate == LINE_FATE_LEFT_OUT) return code;
    }
    if (table == LINE_TABLE_CASES) line_row_case(f, r, row);
    if (table == LINE_TABLE_LINKS) memcpy(row + offsetof(struct line_link, table), &table, sizeof table);
    return line_special_links(f, r, row, err);
}

static tong_code line_rows(struct line_finish *f, struct err *err)
{
    struct line_stage *s = f->s;
    size_t size = line_kind[s->in->table].size;
    unsigned char *rows = arena_array(s->in->arena, s->row_count, size);
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
    f->out->rows = rows;
    f->reported = mapping_field_find(s->in->table, STR("reported"));
    f->first_contact = mapping_field_find(s->in->table, STR("first_contact"));
    f->last_contact = mapping_field_find(s->in->table, STR("last_contact"));
    for (int32_t d = 0; d < LINE_DATE_COUNT && s->in->table == LINE_TABLE_CASES; d++)
        f->slot_of_date[d] = s->slot_of[mapping_field_find(LINE_TABLE_CASES, str_z(line_date_words[d].word))];
    for (const struct stage_row *r = s->first; r != NULL; r = r->next) {
        unsigned char *row = rows + f->out->count * size;
        line_fate fate = LINE_FATE_LEFT_OUT;
        memcpy(row, r->row, size);
        tong_code code = line_row(f, r, row, &fate, err);
        if (code != TONG_OK) return code;
        if (fate == LINE_FATE_KEPT) f->out->count++;
        if (fate != LINE_FATE_LEFT_OUT) continue;
        s->tally.left_out++;
        struct str id = line_id(row, s->in->table);
        if (id.n > 0 && !map_put_text(s->left_out, id, r->line))
            return tong_fail(err, TONG_E_NOMEM, "no memory for the rows of %s", s->in->name);
    }
    return TONG_OK;
}

tong_code line_table_finish(struct line_stage *s, struct line_rows *out, struct err *err)
{
    *out = (struct line_rows){.known = s->mapping.known_row.rule};
    if (!s->fatal) line_decide(s);
    tong_code code = TONG_OK;
    if (!s->fatal) {
        struct line_finish f = {.s = s, .out = out, .ids = map_open()};
        code = f.ids == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory to read %s", s->in->name) : line_rows(&f, err);
        map_close(f.ids);
    }
    out->tally = s->tally;
    return code;
}
