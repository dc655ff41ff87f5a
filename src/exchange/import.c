#include "exchange/import_inner.h"

#include "base/record_read.h"
#include "exchange/import_person.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct import_format_word import_format_words[IMPORT_FORMAT_COUNT] = {
    [IMPORT_OWN] = {"tongzhou", LABEL("Tongzhou", "同舟"), "", DATE_ORDER_DMY, false},
    [IMPORT_GODATA] = {"godata", LABEL("Go.Data", "Go.Data"), "godata", DATE_ORDER_AUTO, false},
    [IMPORT_SORMAS] = {"sormas", LABEL("SORMAS", "SORMAS"), "sormas", DATE_ORDER_AUTO, true},
    [IMPORT_SIMPLEREPORT] = {"simplereport", LABEL("SimpleReport", "SimpleReport"), "simplereport", DATE_ORDER_MDY,
                             false},
    [IMPORT_LIST] = {"list", LABEL("a list of one's own", "自有名单"), "list", DATE_ORDER_AUTO, false},
};
const struct record_word import_fate_words[IMPORT_FATE_COUNT] = {
    [IMPORT_OPEN] = {"open", LABEL("not yet decided", "未处理")},
    [IMPORT_SAME] = {"same", LABEL("there already", "已存在")},
    [IMPORT_TAKEN] = {"taken", LABEL("recorded", "已导入")},
    [IMPORT_FAULTY] = {"faulty", LABEL("faulty", "有误")},
};

int32_t import_format_find(struct str name)
{
    for (int32_t i = 0; i < IMPORT_FORMAT_COUNT; i++)
        if (str_eq_nocase(name, str_z(import_format_words[i].name))) return i;
    return -1;
}

// ---- one row ----

static bool describes(import_table table)
{
    return table == IMPORT_PEOPLE || table == IMPORT_CASES || table == IMPORT_CONTACTS;
}

static void row_places(const struct import_open *f, struct problem_at row_at, struct import_place_of *out)
{
    size_t count = 0;
    const struct csv_cell *cells = import_reader_cells(f->reader, &count);
    const struct import_binding *b = import_reader_binding(f->reader);
    out->row = row_at;
    for (int32_t d = 0; d < LINE_DATE_COUNT && f->table == IMPORT_CASES; d++) {
        int32_t c = f->date_column[d];
        out->date[d] = row_at;
        if (c < 0 || (size_t)c >= count) continue;
        out->date[d] = (struct problem_at){row_at.file, cells[c].line, cells[c].column, b->column[c].header.p};
    }
}

// Where the person of a case or contact lives: a place of ours when it is known, else part of the address.
static tong_code row_home(struct import_session *s, import_table table, struct import_row *row, struct err *err)
{
    struct str where = table == IMPORT_CASES      ? row->one_case.place
                       : table == IMPORT_CONTACTS ? row->contact.place
                                                  : (struct str){"", 0};
    unsigned char uid[UID_BYTES];
    char text[UID_TEXT];
    bool found = false;
    if (where.n == 0 || row->person.place.n > 0) return TONG_OK;
    tong_code code = import_known_refer(s->maker.known, IMPORT_A_PLACE, where, uid, &found, err);
    if (code != TONG_OK) return code;
    if (found) {
        uid_format(uid, text);
        row->person.place = (struct str){arena_copy(&s->half->arena, text, UID_TEXT - 1), UID_TEXT - 1};
    } else if (row->district.n == 0) {
        row->district = where;
    }
    return TONG_OK;
}

static bool row_remember(struct import_session *s, const struct import_row *row, import_table table,
                         const struct import_who *who)
{
    struct str outside = import_person_outside(row, table);
    struct str label = table == IMPORT_CASES      ? row->one_case.label
                       : table == IMPORT_CONTACTS ? row->contact.label
                                                  : (struct str){"", 0};
    struct import_known *k = s->maker.known;
    char text[UID_TEXT];
    uid_format(who->uid, text);
    bool good = import_known_put(k, IMPORT_A_PERSON, outside.n > 0 ? outside : str_z(text), false, who->uid);
    return good &&
           (label.n == 0 || str_eq(label, outside) || import_known_put(k, IMPORT_A_PERSON, label, true, who->uid));
}

// A new person against all others. Whoever is found is told; both are kept.
static tong_code row_twins(struct import_session *s, const struct import_row *row, const struct import_who *who,
                           struct problem_list *problems, struct problem_at at, struct err *err)
{
    struct duplicate_index *d = s->o->duplicates;
    struct duplicate_who mine;
    struct duplicate_match best;
    if (d == NULL || who->here || who->seen) return TONG_OK;
    duplicate_who_make(&row->person, &mine);
    if (duplicate_index_find(d, &mine, DUPLICATE_PROBABLE, &best, 1) > 0) {
        char en[240], zh[240], number[16];
        struct import_pair pair = {.a = best.id > 0 ? best.id : 0, .score = best.score, .reasons = best.reasons};
        if (best.id < 0) memcpy(pair.a_uid, s->twin_uids[-best.id - 1], UID_BYTES);
        memcpy(pair.b_uid, who->uid, UID_BYTES);
        (void)duplicate_reasons_text(best.reasons, LANG_EN, en, sizeof en);
        (void)duplicate_reasons_text(best.reasons, LANG_ZH, zh, sizeof zh);
        (void)snprintf(number, sizeof number, "%d", (int)best.score);
        problem_add(problems, at, &import_message[IMPORT_F_DUPLICATE], number, en, zh, NULL);
        s->tally->duplicates++;
        struct import_half *h = s->half;
        struct import_pair *pairs = arena_grow(&h->arena, h->pairs, h->pair_count, &h->pair_cap, sizeof *pairs);
        if (pairs == NULL) return tong_fail(err, TONG_E_NOMEM, "the index of duplicates");
        h->pairs = pairs;
        pairs[h->pair_count++] = pair;
    }
    if ((size_t)s->twins == s->twin_cap) {
        size_t cap = s->twin_cap == 0 ? 1024 : s->twin_cap * 2;
        void *grown = realloc(s->twin_uids, cap * sizeof *s->twin_uids);
        if (grown == NULL) return tong_fail(err, TONG_E_NOMEM, "the index of duplicates");
        s->twin_uids = grown;
        s->twin_cap = cap;
    }
    memcpy(s->twin_uids[s->twins++], who->uid, UID_BYTES);
    return duplicate_index_add(d, &mine, -s->twins) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the index of duplicates");
}

// Whose row it is. A person who stood in an earlier row is described again only when this one says something else; then the
// store must have them first.
static tong_code row_who(struct import_session *s, struct import_open *f, struct import_row *row,
                         struct import_who *who, bool *again, struct problem_list *problems, struct problem_at at,
                         struct err *err)
{
    struct str outside = import_person_outside(row, f->table);
    int64_t line = 0, digest = 0;
    unsigned char uid[UID_BYTES];
    *again = false;
    if (s->maker.source[0] == 0 && row->person.uid.n == 0 && uid_parse(outside, uid)) row->person.uid = outside;
    tong_code code = import_known_person(s->maker.known, &row->person, outside, &s->half->arena, who, err);
    if (code != TONG_OK) return code;
    int64_t key = import_person_key(who->uid);
    if (f->table == IMPORT_CASES && outside.n > 0) {
        if (map_get_number(s->lines, key, &line)) {
            const char *shown = import_masked(outside, RECORD_PERSONAL, problems->arena);
            problem_add(problems, at, &import_message[IMPORT_F_ID_TWICE], shown,
                        arena_printf(problems->arena, "%lld", (long long)line), NULL, NULL);
            return TONG_OK;
        }
        if (!map_put_number(s->lines, key, row->line)) return tong_fail(err, TONG_E_NOMEM, "the cases of an import");
    }
    int64_t now = (int64_t)import_person_digest(&row->person);
    bool known = map_get_number(s->digests, key, &digest);
    if (!map_put_number(s->digests, key, now)) return tong_fail(err, TONG_E_NOMEM, "the people of an import");
    *again = who->seen && (!known || digest != now);
    if (who->seen && !*again) { // the same once more
        who->here = true;
        who->record = row->person;
    }
    return TONG_OK;
}

static tong_code row_cells(struct import_session *s, struct import_open *f, struct import_pending *p, struct err *err)
{
    size_t count = 0;
    const struct csv_cell *cells = import_reader_cells(f->reader, &count);
    if (!s->o->keep_cells || count == 0) return TONG_OK;
    p->cells = arena_array(&s->half->arena, count, sizeof *p->cells);
    if (p->cells == NULL) return tong_fail(err, TONG_E_NOMEM, "a row");
    p->cell_count = count;
    for (size_t i = 0; i < count; i++) {
        p->cells[i] = (struct str){arena_copy(&s->half->arena, cells[i].text.p, cells[i].text.n), cells[i].text.n};
        if (p->cells[i].p == NULL) return tong_fail(err, TONG_E_NOMEM, "a row");
    }
    return TONG_OK;
}

// Everything about one row up to its commands. *wait: a place whose parent has not been met yet.
static tong_code row_make(struct import_session *s, size_t file, import_turn turn, struct import_row *row,
                          struct import_pending *p, bool *wait, bool *flush_first, struct err *err)
{
    struct import_open *f = &s->open[file];
    struct import_place_of at;
    struct import_who who = {.here = false};
    struct problem_list *problems = &p->problems;
    tong_code code = TONG_OK;
    bool ready = true;
    *wait = *flush_first = false;
    row_places(f, import_reader_at(f->reader, NULL), &at);
    if (describes(f->table)) {
        const struct import_person_options how = {f->table, s->maker.source, s->o->today};
        code = row_home(s, f->table, row, err);
        if (code == TONG_OK) code = import_person_finish(row, &how, &s->half->arena, problems, at.row, err);
        if (code != TONG_OK || problems->errors > 0) return code;
        if (turn == IMPORT_WHO) {
            const struct record_reading reading = {s->o->zone, &s->half->arena, problems, at.row};
            struct str uid = row->person.uid;
            if (uid.n == 0)
                row->person.uid = STR("00000000-0000-8000-8000-000000000001"); // given below: no fault of the row
            bool good = record_check(&person_record_kind, &row->person, &reading);
            row->person.uid = uid;
            good = person_check(&row->person, s->o->today, problems, at.row) && good;
            if (!good) return TONG_OK;
            code = row_who(s, f, row, &who, flush_first, problems, at.row, err);
            if (code != TONG_OK || problems->errors > 0 || *flush_first) return code;
        } else {
            code = import_known_person(s->maker.known, &row->person, import_person_outside(row, f->table), &s->half->arena,
                                       &who, err);
            if (code != TONG_OK) return code;
        }
    } else if (f->table == IMPORT_PLACES) {
        code = import_place_finish(s, row, problems, at.row, &ready, err);
        *wait = !ready;
    } else if (f->table == IMPORT_GATHERINGS) {
        code = import_gathering_finish(s, row, problems, at.row, err);
    } else if (row->deleted == 1) {
        problem_add(problems, at.row, &import_message[IMPORT_F_DELETED], NULL, NULL, NULL, NULL);
    }
    if (code != TONG_OK || problems->errors > 0 || !ready) return code;
    p->first = s->half->batch.count;
    s->half->batch.row = s->half->pending_count;
    code = import_make(&s->maker, f->table, turn, row, &who, &at, problems, &s->half->batch, err);
    if (code != TONG_OK) return code;
    p->count = s->half->batch.count - p->first;
    p->may_be_there = s->o->db != NULL && (who.here || !describes(f->table) || turn == IMPORT_MET);
    if (problems->errors > 0) s->half->batch.count = p->first, p->count = 0;
    if (problems->errors > 0 || !describes(f->table) || turn != IMPORT_WHO) {
        if (problems->errors == 0 && p->count == 0 && turn == IMPORT_WHO && !describes(f->table))
            problem_add(problems, at.row, &import_message[IMPORT_F_NOTHING_SAID], NULL, NULL, NULL, NULL);
        return TONG_OK;
    }
    if (!row_remember(s, row, f->table, &who)) return tong_fail(err, TONG_E_NOMEM, "the people of an import");
    if (who.here && !who.seen) s->tally->people_found++;
    if (!who.here && !who.seen) s->tally->people_new++;
    return row_twins(s, row, &who, problems, at.row, err);
}

// A row that describes somebody again, differently: what waits is taken first, so that the store has them, and what the row
// says is laid upon that.
static tong_code row_again(struct import_session *s, size_t file, struct import_row *row, struct import_pending *p,
                           struct err *err)
{
    struct import_open *f = &s->open[file];
    const struct import_person_options how = {f->table, s->maker.source, s->o->today};
    struct import_place_of at;
    struct import_who who = {.here = false};
    tong_code code = import_flush_all(s, err);
    if (code != TONG_OK) return code;
    p->problems = (struct problem_list){.arena = &s->half->arena}; // the flush took the old texts away
    code = row_cells(s, f, p, err);
    if (code == TONG_OK) code = import_reader_again(f->reader, &s->half->arena, &p->problems, row, err);
    if (code == TONG_OK) code = row_home(s, f->table, row, err);
    row_places(f, import_reader_at(f->reader, NULL), &at);
    if (code == TONG_OK) code = import_person_finish(row, &how, &s->half->arena, &p->problems, at.row, err);
    if (code == TONG_OK)
        code = import_known_person(s->maker.known, &row->person, import_person_outside(row, f->table), &s->half->arena, &who,
                                   err);
    if (code == TONG_OK && s->o->take != NULL) code = import_known_again(s->maker.known, &s->half->arena, &who, err);
    if (code != TONG_OK) return code;
    p->first = s->half->batch.count;
    s->half->batch.row = s->half->pending_count;
    code = import_make(&s->maker, f->table, IMPORT_WHO, row, &who, &at, &p->problems, &s->half->batch, err);
    p->count = s->half->batch.count - p->first;
    p->may_be_there = s->o->db != NULL;
    if (p->problems.errors > 0) s->half->batch.count = p->first, p->count = 0;
    return code;
}

static tong_code row_one(struct import_session *s, size_t file, import_turn turn, int64_t index, struct import_row *row,
                         import_event event, struct import_pending *p, bool *wait, struct err *err)
{
    struct import_open *f = &s->open[file];
    bool flush_first = false;
    p->file = file;
    p->index = index;
    p->line = import_reader_line(f->reader);
    *wait = false;
    tong_code code = row_cells(s, f, p, err);
    if (code == TONG_OK && event == IMPORT_ROW) code = row_make(s, file, turn, row, p, wait, &flush_first, err);
    if (code != TONG_OK || *wait) return code;
    if (flush_first) {
        code = row_again(s, file, row, p, err);
        if (code != TONG_OK) return code;
    }
    if (event == IMPORT_BAD_ROW || p->problems.errors > 0) {
        if (f->fate[index] == IMPORT_TAKEN)
            problem_add(&p->problems, import_reader_at(f->reader, NULL), &import_message[IMPORT_F_WHO_ONLY], NULL, NULL,
                        NULL, NULL);
        import_settle(s, p, IMPORT_FAULTY);
        return TONG_OK;
    }
    s->half->pending[s->half->pending_count++] = *p;
    return TONG_OK;
}

// ---- files ----

static tong_code file_turn(struct import_session *s, size_t file, import_turn turn, bool *waiting, struct err *err)
{
    struct import_open *f = &s->open[file];
    struct import_row *row = malloc(sizeof *row);
    tong_code code = row == NULL ? tong_fail(err, TONG_E_NOMEM, "a row") : import_reader_rewind(f->reader, err);
    *waiting = false;
    for (int64_t index = 0; code == TONG_OK && index < f->rows && !s->stopped; index++) {
        import_event event = IMPORT_END;
        struct import_pending p = {.problems = {.arena = &s->half->arena}};
        bool wait = false;
        code = import_reader_next(f->reader, &s->half->arena, &p.problems, row, &event, err);
        if (code != TONG_OK || event == IMPORT_END) break;
        bool done = turn == IMPORT_MET ? f->fate[index] == IMPORT_FAULTY : f->fate[index] != IMPORT_OPEN;
        if (done) continue;
        code = import_look(s, err);
        if (code == TONG_OK) code = row_one(s, file, turn, index, row, event, &p, &wait, err);
        if (code != TONG_OK) break;
        *waiting = *waiting || wait;
        if (!wait) s->tally->done++;
        if (s->half->pending_count == IMPORT_BATCH_ROWS || s->half->batch.count >= IMPORT_BATCH_COMMANDS)
            code = import_flush(s, err);
        if (s->half->pending_count == 0) import_half_begin(s);
    }
    free(row);
    return code == TONG_OK ? import_flush_all(s, err) : code;
}

// Places may stand in any order: as often as it brings one nearer, what waits for its parent is tried again.
static tong_code file_places(struct import_session *s, size_t file, struct err *err)
{
    struct import_open *f = &s->open[file];
    bool waiting = true;
    for (int64_t before = -1; waiting && before != s->tally->done && !s->stopped;) {
        before = s->tally->done;
        tong_code code = file_turn(s, file, IMPORT_WHO, &waiting, err);
        if (code != TONG_OK) return code;
    }
    if (!waiting || s->stopped) return TONG_OK;
    struct import_row *row = malloc(sizeof *row);
    tong_code code = row == NULL ? tong_fail(err, TONG_E_NOMEM, "a row") : import_reader_rewind(f->reader, err);
    for (int64_t index = 0; code == TONG_OK && index < f->rows; index++) { // what is left lies nowhere
        import_event event = IMPORT_END;
        struct import_pending p = {.file = file, .index = index, .problems = {.arena = &s->half->arena}};
        code = import_reader_next(f->reader, &s->half->arena, &p.problems, row, &event, err);
        if (code != TONG_OK || event == IMPORT_END) break;
        if (f->fate[index] == IMPORT_OPEN) {
            struct str above = row->place.parent.n > 0     ? row->place.parent
                               : row->outside_parent.n > 0 ? row->outside_parent
                               : row->district.n > 0       ? row->district
                                                           : row->region;
            p.line = import_reader_line(f->reader);
            code = row_cells(s, f, &p, err);
            problem_add(&p.problems, import_reader_at(f->reader, "outside_parent"),
                        &import_message[IMPORT_F_PLACE_PARENT], import_masked(above, RECORD_PUBLIC, &s->half->arena), NULL,
                        NULL, NULL);
            import_settle(s, &p, IMPORT_FAULTY);
            s->tally->done++;
        }
        arena_reset(&s->half->arena);
    }
    free(row);
    return code;
}

// Who has a positive result in a file of results: their case then needs none made up.
static tong_code file_tested(struct import_session *s, size_t file, struct err *err)
{
    struct import_open *f = &s->open[file];
    struct import_row *row = malloc(sizeof *row);
    tong_code code = row == NULL ? tong_fail(err, TONG_E_NOMEM, "a row") : import_reader_rewind(f->reader, err);
    while (code == TONG_OK) {
        import_event event = IMPORT_END;
        unsigned char uid[UID_BYTES];
        struct problem_list unheard = {.arena = &s->half->arena}; // told when the file's turn comes
        code = import_reader_next(f->reader, &s->half->arena, &unheard, row, &event, err);
        if (code != TONG_OK || event == IMPORT_END) break;
        if (event == IMPORT_ROW && row->lab.result == LINE_POSITIVE && row->lab.person.n > 0) {
            import_uid_of(s->maker.known, "person", row->lab.person, uid);
            if (!map_put_number(s->maker.tested, import_person_key(uid), 1))
                code = tong_fail(err, TONG_E_NOMEM, "the results");
        }
        arena_reset(&s->half->arena);
    }
    free(row);
    return code;
}

static tong_code file_open(struct import_session *s, size_t file, struct err *err)
{
    const struct import_file *given = &s->o->file[file];
    struct import_open *f = &s->open[file];
    bool zoned = given->mapping != NULL && given->mapping->zone[0] != 0;
    if (zoned) {
        tong_code found = zone_load(str_z(given->mapping->zone), &f->zone, err);
        if (found != TONG_OK) return found;
    }
    const struct import_reader_options how = {
        .source = given->source,
        .table = given->table,
        .mapping = given->mapping,
        .order = import_format_words[s->o->format].order,
        .fill_rows = import_format_words[s->o->format].fill_rows,
        .zone = zoned ? &f->zone : s->o->zone,
        .today = s->o->today,
        .problems = s->o->problems,
    };
    tong_code code = import_reader_open(&how, &f->reader, err);
    if (code == TONG_OK) code = import_reader_scan(f->reader, err);
    if (code != TONG_OK) return code;
    f->table = import_reader_table(f->reader);
    f->rows = import_reader_rows(f->reader);
    f->fate = calloc((size_t)f->rows + 1, 1);
    if (f->fate == NULL) return tong_fail(err, TONG_E_NOMEM, "the rows of %s", given->source.name);
    const struct import_binding *b = import_reader_binding(f->reader);
    for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
        f->date_column[d] = -1;
        int32_t field = import_field_find(import_reader_fields(f->reader), str_z(line_date_words[d].word));
        for (size_t c = 0; c < b->count && field != IMPORT_NO_FIELD; c++)
            if (b->column[c].use == IMPORT_FIELD && b->column[c].field == field && f->date_column[d] < 0)
                f->date_column[d] = (int32_t)c;
    }
    if (import_reader_mapping(f->reader)->keep_unsourced) s->maker.keep_unsourced = true;
    s->tally->total += f->rows * (1 + import_has_turn(f->table, IMPORT_MET));
    return TONG_OK;
}

// ---- all of it ----

static tong_code session_turns(struct import_session *s, struct err *err)
{
    static const struct {
        import_table table;
        import_turn turn;
    } order[] = {
        {IMPORT_PLACES, IMPORT_WHO}, {IMPORT_PEOPLE, IMPORT_WHO},   {IMPORT_GATHERINGS, IMPORT_WHO},
        {IMPORT_CASES, IMPORT_WHO},  {IMPORT_CONTACTS, IMPORT_WHO}, {IMPORT_LINKS, IMPORT_WHO},
        {IMPORT_CASES, IMPORT_MET},  {IMPORT_CONTACTS, IMPORT_MET}, {IMPORT_FOLLOWUPS, IMPORT_WHO},
        {IMPORT_LABS, IMPORT_WHO},   {IMPORT_FACTS, IMPORT_WHO},
    };
    tong_code code = TONG_OK;
    bool waiting = false;
    for (size_t f = 0; f < s->o->file_count && code == TONG_OK; f++)
        if (s->open[f].table == IMPORT_LABS) code = file_tested(s, f, err);
    for (size_t i = 0; i < sizeof order / sizeof *order && code == TONG_OK; i++) {
        for (size_t f = 0; f < s->o->file_count && code == TONG_OK && !s->stopped; f++) {
            if (s->open[f].table != order[i].table) continue;
            bool idle = order[i].turn == IMPORT_MET && order[i].table == IMPORT_CASES &&
                        !import_reader_has(s->open[f].reader, "infector");
            if (idle) s->tally->done += s->open[f].rows;
            else if (order[i].table == IMPORT_PLACES) code = file_places(s, f, err);
            else code = file_turn(s, f, order[i].turn, &waiting, err);
        }
    }
    if (code == TONG_OK && s->stopped) code = tong_fail(err, TONG_E_CONFLICT, "stopped");
    return code;
}

tong_code import_run(const struct import_options *o, struct import_tally *tally, struct err *err)
{
    assert(o->file_count <= IMPORT_FILES_MAX);
    const char *source = o->source != NULL ? o->source : import_format_words[o->format].source;
    for (size_t f = 0; f < o->file_count && o->source == NULL; f++) // a mapping may name another system
        if (o->file[f].mapping != NULL && o->file[f].mapping->source[0] != 0) source = o->file[f].mapping->source;
    struct import_session *s = calloc(1, sizeof *s);
    *tally = (struct import_tally){0};
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "an import");
    s->o = o;
    s->tally = tally;
    s->half = &s->halves[0];
    import_half_begin(s);
    s->snapshots = o->db != NULL && !db_in_transaction(o->db);
    s->lines = map_open();
    s->digests = map_open();
    s->maker = (struct import_maker){
        .known = import_known_open(o->db, o->vault, source),
        .source = source,
        .facts = {.zone = o->zone, .specimen = o->specimen, .test = o->test, .unclassed_suspected = true},
        .today = o->today,
        .at = o->now,
        .account = o->account,
        .import = o->import,
        .ill = map_open(),
        .tested = map_open(),
        .linked = map_open(),
        .db = o->db,
    };
    tong_code code = TONG_OK;
    if (s->lines == NULL || s->digests == NULL || s->maker.known == NULL || s->maker.ill == NULL ||
        s->maker.tested == NULL || s->maker.linked == NULL)
        code = tong_fail(err, TONG_E_NOMEM, "an import");
    tong_code first = TONG_OK;
    for (size_t f = 0; f < o->file_count && code == TONG_OK; f++) { // all files are looked at before any is recorded
        tong_code one = file_open(s, f, first == TONG_OK ? err : NULL);
        if (one != TONG_OK && one != TONG_E_INVALID) code = one;
        if (one != TONG_OK && first == TONG_OK) first = one;
    }
    if (code == TONG_OK) code = first;
    if (code == TONG_OK) code = session_turns(s, err);
    import_look_end(s);
    import_half_wait(s);
    for (size_t f = 0; f < o->file_count; f++) {
        import_reader_close(s->open[f].reader);
        free(s->open[f].fate);
    }
    import_known_close(s->maker.known);
    map_close(s->lines);
    map_close(s->digests);
    map_close(s->maker.ill);
    map_close(s->maker.tested);
    map_close(s->maker.linked);
    free(s->twin_uids);
    for (size_t i = 0; i < 2; i++) arena_free(&s->halves[i].arena);
    free(s);
    return code;
}
