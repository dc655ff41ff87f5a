#include "exchange/import_command.h"

#include "base/map.h"
#include "exchange/line_check.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SOURCES_MAX = 16 };

struct making {
    struct import_maker *m;
    import_table table;
    struct import_row *row;
    const struct import_who *who;
    const struct import_place_of *at;
    struct problem_list *problems;
    struct import_batch *batch;
    struct err *err;
    struct str note;               // goes with the first command of the row
    utc_sec earliest, first_known; // of the facts made so far
};

int64_t import_person_key(const unsigned char uid[UID_BYTES])
{
    int64_t key;
    memcpy(&key, uid + 6, sizeof key); // the middle: its first bytes are shared with what belongs to it
    return key;
}

static bool date_given(struct date_time t)
{
    return t.day.d != CIVIL_DAY_NONE;
}

static void making_blame(const struct making *k, import_fault fault, struct str one)
{
    const char *text =
        one.p == NULL ? NULL : arena_printf(k->problems->arena, "%.*s", (int)(one.n > 80 ? 80 : one.n), one.p);
    problem_add(k->problems, k->at->row, &import_message[fault], text, NULL, NULL, NULL);
}

// ---- one command ----

static struct command *batch_add(struct import_batch *b, struct err *err, tong_code *code)
{
    if (b->count == b->cap) {
        size_t cap = b->cap == 0 ? 256 : b->cap * 2;
        struct command *commands = arena_array(b->arena, cap, sizeof *commands);
        struct import_origin *origins = arena_array(b->arena, cap, sizeof *origins);
        if (commands == NULL || origins == NULL) {
            *code = tong_fail(err, TONG_E_NOMEM, "the commands of an import");
            return NULL;
        }
        if (b->count > 0) {
            memcpy(commands, b->commands, b->count * sizeof *commands);
            memcpy(origins, b->origins, b->count * sizeof *origins);
        }
        b->commands = commands;
        b->origins = origins;
        b->cap = cap;
    }
    struct command *c = &b->commands[b->count];
    memset(c, 0, sizeof *c);
    c->until = UTC_NONE;
    b->origins[b->count] = (struct import_origin){.row = b->row};
    b->count++;
    *code = TONG_OK;
    return c;
}

static struct command *making_add(struct making *k, command_kind kind, tong_code *code)
{
    struct command *c = batch_add(k->batch, k->err, code);
    if (c == NULL) return NULL;
    c->kind = kind;
    c->account = k->m->account;
    c->import = k->m->import;
    c->at = k->m->at;
    c->fact.happened = c->fact.until = c->fact.known = c->fact.recorded = UTC_NONE;
    if (k->note.n > 0) {
        c->note = (struct str){arena_copy(k->batch->arena, k->note.p, k->note.n), k->note.n};
        k->note.n = 0;
    }
    return c;
}

static tong_code making_fact(struct making *k, const unsigned char subject[UID_BYTES], const struct line_fact *f,
                             struct str extra, const unsigned char *link)
{
    tong_code code = TONG_OK;
    struct command *c = making_add(k, COMMAND_FACT, &code);
    if (c == NULL) return code;
    struct import_origin *o = &k->batch->origins[k->batch->count - 1];
    c->fact = f->fact;
    c->fact.recorded = UTC_NONE;
    memcpy(c->subject_uid, subject, UID_BYTES);
    if (link != NULL) memcpy(c->link_uid, link, UID_BYTES);
    memcpy(o->subject, subject, UID_BYTES);
    o->slot = f->slot;
    o->extra = (struct str){arena_copy(k->batch->arena, extra.p == NULL ? "" : extra.p, extra.n), extra.n};
    if (o->extra.p == NULL) return tong_fail(k->err, TONG_E_NOMEM, "the commands of an import");
    import_uid_of_fact(k->m->known, subject, f->slot, extra, 0, c->uid);
    if (k->earliest.s == INT64_MIN || f->fact.happened.s < k->earliest.s) k->earliest = f->fact.happened;
    if (k->first_known.s == INT64_MIN || f->fact.known.s < k->first_known.s) k->first_known = f->fact.known;
    return TONG_OK;
}

void import_make_version(const struct import_maker *m, struct import_batch *batch, size_t i, bool anew)
{
    struct command *c = &batch->commands[i];
    struct import_origin *o = &batch->origins[i];
    assert(o->slot != NULL);
    if (c->kind == COMMAND_FACT && !anew) memcpy(c->replaces_uid, c->uid, UID_BYTES);
    else memset(c->replaces_uid, 0, UID_BYTES);
    o->version++;
    import_uid_of_fact(m->known, o->subject, o->slot, o->extra, o->version, c->uid);
}

// A description is named by what it says: the same again is the same command.
static void making_described(struct import_maker *m, struct import_batch *batch, const unsigned char uid[UID_BYTES],
                             struct str payload)
{
    struct command *c = &batch->commands[batch->count - 1];
    struct import_origin *o = &batch->origins[batch->count - 1];
    memcpy(o->subject, uid, UID_BYTES);
    o->slot = "described";
    o->extra = payload;
    import_uid_of_fact(m->known, uid, o->slot, payload, 0, c->uid);
}

// ---- people ----

tong_code import_make_person(struct import_maker *m, const struct import_who *who, const struct person_record *said,
                             struct import_batch *batch, bool *changed, struct err *err)
{
    struct making k = {.m = m, .batch = batch, .err = err};
    struct person_record *record = arena_alloc(batch->arena, sizeof *record);
    char uid[UID_TEXT];
    *changed = true;
    if (record == NULL) return tong_fail(err, TONG_E_NOMEM, "a person");
    *record = *said;
    if (who->here) {
        *record = who->record;
        *changed = import_person_merge(record, said);
        if (!*changed) return TONG_OK;
    }
    uid_format(who->uid, uid);
    record->uid = (struct str){arena_copy(batch->arena, uid, UID_TEXT - 1), UID_TEXT - 1};
    for (size_t i = 0; i < person_record_kind.count; i++) { // the row's texts do not last as long as the batch
        const struct record_field *f = &person_record_kind.fields[i];
        if ((f->type != RECORD_TYPE_TEXT && f->type != RECORD_TYPE_ID) || record_absent(f, record)) continue;
        struct str text = record_get_text(f, record);
        struct str copy = {arena_copy(batch->arena, text.p, text.n), text.n};
        if (copy.p == NULL) return tong_fail(err, TONG_E_NOMEM, "a person");
        memcpy((char *)record + f->offset, &copy, sizeof copy);
    }
    tong_code code = TONG_OK;
    const char *digest = arena_printf(batch->arena, "%016llx", (unsigned long long)import_person_digest(record));
    struct command *c = digest == NULL ? NULL : making_add(&k, COMMAND_PERSON, &code);
    if (c == NULL) return code != TONG_OK ? code : tong_fail(err, TONG_E_NOMEM, "a person");
    c->person = record;
    making_described(m, batch, who->uid, str_z(digest));
    return TONG_OK;
}

// ---- what is known of a case or contact besides its dates ----

static tong_code making_attribute(struct making *k, attribute_word word, int8_t yes)
{
    if (yes == RECORD_BOOLEAN_NONE || k->earliest.s == INT64_MIN) return TONG_OK;
    struct line_fact f = line_fact_of_age(0, k->earliest, k->first_known);
    f.fact.word = (uint8_t)word;
    f.fact.value = 0;
    f.fact.flags = yes == 1 ? FACT_YES : FACT_NO;
    f.slot = words_at(WORDS_ATTRIBUTE, (int32_t)word)->name;
    return making_fact(k, k->who->uid, &f, (struct str){"", 0}, NULL);
}

static tong_code making_vaccines(struct making *k)
{
    for (int32_t i = 0; i < k->row->vaccine_count; i++) {
        const struct import_vaccine *v = &k->row->vaccine[i];
        if (!date_given(v->day)) continue;
        utc_sec earliest = k->earliest, known = k->first_known;
        const struct line_fact f = {line_fact_make(k->m->facts.zone, EVENT_VACCINATED, v->day, v->day), "vaccine"};
        char day[CIVIL_TEXT];
        civil_format(v->day.day, day);
        struct str note = k->note;
        k->note = v->name;
        tong_code code = making_fact(k, k->who->uid, &f, str_z(day), NULL);
        k->note = note;
        k->earliest = earliest; // a vaccination years ago is no beginning of the illness
        k->first_known = known;
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

static tong_code making_besides(struct making *k, int64_t age)
{
    tong_code code = making_vaccines(k);
    if (code == TONG_OK && age != RECORD_INTEGER_NONE && k->earliest.s != INT64_MIN) {
        const struct line_fact f = line_fact_of_age(age, k->earliest, k->first_known);
        code = making_fact(k, k->who->uid, &f, (struct str){"", 0}, NULL);
    }
    if (code == TONG_OK) code = making_attribute(k, ATTRIBUTE_PREGNANT, k->row->pregnant);
    if (code == TONG_OK) code = making_attribute(k, ATTRIBUTE_HEALTH_WORKER, k->row->health_worker);
    return code;
}

// ---- samples ----

static tong_code making_lab(struct making *k, const unsigned char person[UID_BYTES], const struct line_lab *lab,
                            struct str number)
{
    struct line_fact f[LINE_FACTS_OF_LAB];
    char extra[160], day[CIVIL_TEXT] = "";
    size_t n = line_facts_of_lab(lab, &k->m->facts, f, &k->m->assumed);
    struct date_time taken = date_given(lab->sampled) ? lab->sampled : lab->resulted;
    if (n == 0) return TONG_OK;
    civil_format(taken.day, day);
    int wrote = snprintf(extra, sizeof extra, "%.*s|%s|%d|%d", (int)(number.n > 100 ? 100 : number.n),
                         number.p == NULL ? "" : number.p, number.n > 0 ? "" : day,
                         number.n > 0 ? 0 : (int)f[0].fact.word, n > 1 && number.n == 0 ? (int)f[1].fact.test : 0);
    struct str tag = {extra, wrote < 0 || (size_t)wrote >= sizeof extra ? sizeof extra - 1 : (size_t)wrote};
    unsigned char sample[UID_BYTES];
    import_uid_of_fact(k->m->known, person, f[0].slot, tag, 0, sample);
    for (size_t i = 0; i < n; i++) {
        tong_code code = making_fact(k, person, &f[i], tag, NULL);
        if (code != TONG_OK) return code;
        if (i == 1) memcpy(k->batch->commands[k->batch->count - 1].about_uid, sample, UID_BYTES);
    }
    return TONG_OK;
}

// The samples of a case's own columns. *positive: one of them was.
static tong_code making_samples(struct making *k, bool *positive)
{
    struct import_row *row = k->row;
    *positive = false;
    for (int32_t i = 0; i < row->sample_count; i++) {
        struct import_sample *s = &row->sample[i];
        if (s->again && i > 0) { // a further test of the sample before
            s->lab.sampled = row->sample[i - 1].lab.sampled;
            s->lab.specimen = row->sample[i - 1].lab.specimen;
            s->number = row->sample[i - 1].number;
        }
        if (!date_given(s->lab.resulted)) s->lab.resulted = date_given(s->tested) ? s->tested : s->lab.known;
        if (date_given(s->lab.resulted)) s->lab.known = s->lab.resulted;
        *positive = *positive || s->lab.result == LINE_POSITIVE;
        tong_code code = making_lab(k, k->who->uid, &s->lab, s->number);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

// ---- a case ----

static void case_stays(struct import_row *row)
{
    struct line_case *c = &row->one_case;
    for (int32_t i = 0; i < row->stay_count; i++) {
        const struct import_stay *s = &row->stay[i];
        char plain[MAPPING_PLAIN_MAX];
        size_t n = mapping_plain(s->type, plain);
        plain[n < sizeof plain ? n : sizeof plain - 1] = 0;
        bool isolation = strstr(plain, "isolation") != NULL && strstr(plain, "hospitalizationisolation") == NULL;
        line_date begins = isolation ? LINE_ISOLATED : LINE_HOSPITALISED,
                  ends = isolation ? LINE_ISOLATED_END : LINE_HOSPITALISED_END;
        if (!date_given(c->when[begins])) c->when[begins] = s->begins;
        if (!date_given(c->when[ends])) c->when[ends] = s->ends;
    }
    if (c->outcome == LINE_OUTCOME_UNKNOWN && str_eq_nocase(row->present_condition, STR("DEAD")))
        c->outcome = LINE_DIED;
}

static tong_code making_case(struct making *k)
{
    struct line_case *c = &k->row->one_case;
    struct line_fact facts[LINE_FACTS_OF_CASE];
    int64_t seen = 0;
    bool positive = false;
    case_stays(k->row);
    line_check_case(c, k->at->date, k->problems);
    line_known_assume(c);
    if (line_case_entry(c) == LINE_DATE_COUNT) {
        making_blame(k, IMPORT_F_CASE_UNDATED, (struct str){NULL, 0});
        return TONG_OK;
    }
    tong_code code = making_samples(k, &positive);
    bool tested = positive || map_get_number(k->m->tested, import_person_key(k->who->uid), &seen);
    size_t n = line_facts_of_case(c, tested, &k->m->facts, facts, &k->m->assumed);
    for (size_t i = 0; i < n && code == TONG_OK; i++)
        code = making_fact(k, k->who->uid, &facts[i], (struct str){"", 0}, NULL);
    if (code == TONG_OK) code = making_besides(k, c->age);
    if (code == TONG_OK && !map_put_number(k->m->ill, import_person_key(k->who->uid), 1))
        code = tong_fail(k->err, TONG_E_NOMEM, "the cases of an import");
    return code;
}

// ---- who met whom ----

// Is this person a case? In this import, or in the store.
static tong_code making_is_case(struct making *k, const unsigned char uid[UID_BYTES], bool *is)
{
    int64_t seen = 0;
    *is = map_get_number(k->m->ill, import_person_key(uid), &seen);
    if (*is || k->m->db == NULL) return TONG_OK;
    const struct db_value in[] = {DB_B(((struct str){(const char *)uid, UID_BYTES}))};
    tong_code code = db_ask(k->m->db, sql_import_case_by_uid, in, 1, k->err);
    if (code != TONG_OK) return code;
    *is = db_next(k->m->db, sql_import_case_by_uid);
    return db_done(k->m->db, sql_import_case_by_uid, k->err);
}

// One meeting: of a case that names `to`, or of `to` with somebody who is no case (`from` NULL: nobody in the list).
static tong_code making_meet(struct making *k, const unsigned char *from, const unsigned char to[UID_BYTES],
                             struct line_meeting m, struct str kind_text, bool at_gathering, struct str number)
{
    const struct line_case *infectee = k->table == IMPORT_CASES ? &k->row->one_case : NULL;
    bool dated = date_given(m.first) || date_given(m.last);
    if (!date_given(m.last)) m.last = m.first;
    if (!date_given(m.first)) m.first = m.last;
    if (!date_given(m.known)) m.known = m.last;
    if (!dated && (date_given(m.known) || infectee != NULL)) {
        k->m->assumed.meetings_placed++;
        line_meeting_place(NULL, infectee, &m);
        if (!date_given(m.known)) m.known = m.last;
    }
    if (!date_given(m.first) || !date_given(m.known)) {
        making_blame(k, IMPORT_F_MEETING_UNDATED, (struct str){NULL, 0});
        return TONG_OK;
    }
    if (m.known.day.d < m.last.day.d) m.known = m.last;
    exposure_word kind = line_meeting_kind(kind_text, at_gathering, &k->m->assumed);
    bool named = false;
    if (from != NULL) {
        tong_code code = making_is_case(k, from, &named);
        if (code != TONG_OK) return code;
    }
    if (!map_put_number(k->m->linked, import_person_key(to), 1))
        return tong_fail(k->err, TONG_E_NOMEM, "the links of an import");
    struct line_fact f =
        named ? line_fact_named(&m, kind, k->m->facts.zone) : line_fact_exposed(&m, kind, k->m->facts.zone);
    if (from != NULL && !named) f.fact.flags |= FACT_OF_CONTACT;
    char extra[200], other[UID_TEXT] = "", day[CIVIL_TEXT];
    const unsigned char *partner = named ? to : from;
    if (partner != NULL) uid_format(partner, other);
    civil_format(m.last.day, day);
    int n = snprintf(extra, sizeof extra, "%s|%.*s", other, (int)(number.n > 100 ? 100 : number.n),
                     number.n > 0 ? number.p : day);
    if (number.n == 0) n = snprintf(extra, sizeof extra, "%s|%s", other, dated ? day : "");
    struct str tag = {extra, n < 0 || (size_t)n >= sizeof extra ? 0 : (size_t)n};
    return making_fact(k, named ? from : to, &f, tag, named ? to : from);
}

// "A, B": each of the sources a cell names.
static bool next_source(struct str *rest, struct str *part)
{
    static const char *const separators[] = {",", ";", "、", "，", "；"};
    while (rest->n > 0) {
        size_t end = rest->n, skip = 0;
        for (size_t s = 0; s < sizeof separators / sizeof *separators; s++)
            for (size_t i = 0; i < end; i++)
                if (str_starts((struct str){rest->p + i, rest->n - i}, separators[s]))
                    end = i, skip = strlen(separators[s]);
        *part = str_trim((struct str){rest->p, end});
        *rest = (struct str){rest->p + end + skip, rest->n - end - skip};
        if (part->n > 0) return true;
    }
    return false;
}

static tong_code making_sources(struct making *k, struct line_meeting m, bool *any)
{
    struct str rest = k->row->link_from, part;
    *any = false;
    for (int32_t i = 0; i < SOURCES_MAX && next_source(&rest, &part); i++) {
        unsigned char from[UID_BYTES];
        bool found = false;
        *any = true;
        tong_code code = import_known_refer(k->m->known, IMPORT_A_PERSON, part, from, &found, k->err);
        if (code != TONG_OK) return code;
        if (found && memcmp(from, k->who->uid, UID_BYTES) == 0) continue; // nobody infects themselves
        if (!found) {
            making_blame(k, k->m->keep_unsourced ? IMPORT_F_SOURCE_UNKNOWN_KEPT : IMPORT_F_SOURCE_UNKNOWN, part);
            if (!k->m->keep_unsourced) continue;
            k->m->assumed.links_sourceless++;
        }
        code = making_meet(k, found ? from : NULL, k->who->uid, m, k->row->link_kind, false, (struct str){"", 0});
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

static tong_code making_contact(struct making *k, import_turn turn)
{
    struct line_contact *c = &k->row->contact;
    struct date_time known = date_given(c->known) ? c->known : c->reported;
    bool any = false;
    int64_t seen = 0;
    if (turn == IMPORT_WHO) { // when they became known stands in for the facts of the second turn
        struct line_fact end;
        if (date_given(known)) k->earliest = k->first_known = line_instant(k->m->facts.zone, known);
        tong_code code = making_besides(k, c->age);
        if (code == TONG_OK && line_fact_of_contact_end(c, &k->m->facts, &end, &k->m->assumed) > 0)
            code = making_fact(k, k->who->uid, &end, (struct str){"", 0}, NULL);
        return code;
    }
    const struct line_meeting m = {.first = c->first_contact, .last = c->last_contact, .known = known};
    tong_code code = making_sources(k, m, &any);
    if (code != TONG_OK || any || map_get_number(k->m->linked, import_person_key(k->who->uid), &seen)) return code;
    if (!date_given(m.last) && !date_given(known)) return TONG_OK;
    k->m->assumed.links_sourceless++;
    return making_meet(k, NULL, k->who->uid, m, k->row->link_kind, false, (struct str){"", 0});
}

static tong_code making_link(struct making *k)
{
    const struct line_link *l = &k->row->link;
    unsigned char from[UID_BYTES], to[UID_BYTES];
    bool has_from = false, has_to = false, gathering = false, to_gathering = false;
    tong_code code = import_known_refer(k->m->known, IMPORT_A_PERSON, l->from, from, &has_from, k->err);
    if (code == TONG_OK && !has_from)
        code = import_known_refer(k->m->known, IMPORT_A_GATHERING, l->from, from, &gathering, k->err);
    if (code == TONG_OK) code = import_known_refer(k->m->known, IMPORT_A_PERSON, l->to, to, &has_to, k->err);
    if (code == TONG_OK && !has_to)
        code = import_known_refer(k->m->known, IMPORT_A_GATHERING, l->to, to, &to_gathering, k->err);
    if (code != TONG_OK) return code;
    if (to_gathering) return TONG_OK; // a case was at a gathering: not yet an exposure
    if (!has_to) {
        making_blame(k, IMPORT_F_PERSON_UNKNOWN, l->to);
        return TONG_OK;
    }
    if (!has_from && !gathering) {
        making_blame(k, k->m->keep_unsourced ? IMPORT_F_SOURCE_UNKNOWN_KEPT : IMPORT_F_SOURCE_UNKNOWN, l->from);
        if (!k->m->keep_unsourced) return TONG_OK;
    }
    const struct line_meeting m = {.first = l->first_contact, .last = l->last_contact, .known = l->known};
    if (has_from && memcmp(from, to, UID_BYTES) == 0) return TONG_OK;
    if (gathering) { // which gathering it was stands in the note
        const char *note = arena_printf(k->batch->arena, "gathering: %.*s", STR_ARG(l->from));
        k->note = str_z(note);
    }
    return making_meet(k, has_from ? from : NULL, to, m, l->kind, gathering, k->row->number);
}

// ---- visits and results ----

static tong_code making_refers(struct making *k, struct str id, unsigned char uid[UID_BYTES], bool *found)
{
    tong_code code = import_known_refer(k->m->known, IMPORT_A_PERSON, id, uid, found, k->err);
    if (code == TONG_OK && !*found) making_blame(k, IMPORT_F_PERSON_UNKNOWN, id);
    return code;
}

static tong_code making_visit(struct making *k)
{
    unsigned char person[UID_BYTES];
    bool found = false;
    struct line_fact f;
    char day[CIVIL_TEXT] = "";
    struct line_followup *visit = &k->row->followup;
    tong_code code = making_refers(k, visit->contact, person, &found);
    if (code != TONG_OK || !found) return code;
    if (line_fact_of_followup(visit, &k->m->facts, &f, &k->m->assumed) == 0) return TONG_OK;
    if (visit->day.day.d != CIVIL_DAY_NONE) civil_format(visit->day.day, day);
    return making_fact(k, person, &f, k->row->number.n > 0 ? k->row->number : str_z(day), NULL);
}

static tong_code making_result(struct making *k)
{
    unsigned char person[UID_BYTES];
    bool found = false;
    tong_code code = making_refers(k, k->row->lab.person, person, &found);
    return code != TONG_OK || !found ? code : making_lab(k, person, &k->row->lab, k->row->number);
}

// ---- places and gatherings ----

static tong_code making_texts(struct making *k, const struct record_kind *kind, void *record)
{
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *f = &kind->fields[i];
        if ((f->type != RECORD_TYPE_TEXT && f->type != RECORD_TYPE_ID) || record_absent(f, record)) continue;
        struct str text = record_get_text(f, record);
        struct str copy = {arena_copy(k->batch->arena, text.p, text.n), text.n};
        if (copy.p == NULL) return tong_fail(k->err, TONG_E_NOMEM, "a record");
        memcpy((char *)record + f->offset, &copy, sizeof copy);
    }
    return TONG_OK;
}

static tong_code making_place(struct making *k)
{
    struct place_record *record = arena_alloc(k->batch->arena, sizeof *record);
    unsigned char uid[UID_BYTES];
    tong_code code = TONG_OK;
    if (record == NULL) return tong_fail(k->err, TONG_E_NOMEM, "a place");
    *record = k->row->place;
    code = making_texts(k, &place_record_kind, record);
    struct str payload =
        code == TONG_OK ? payload_make(&place_record_kind, record, k->batch->arena) : (struct str){NULL, 0};
    struct command *c = payload.p == NULL ? NULL : making_add(k, COMMAND_PLACE, &code);
    if (c == NULL) return code != TONG_OK ? code : tong_fail(k->err, TONG_E_NOMEM, "a place");
    c->place = record;
    bool good = uid_parse(record->uid, uid);
    assert(good);
    making_described(k->m, k->batch, uid, payload);
    return good ? TONG_OK : TONG_E_INVALID;
}

static tong_code making_gathering(struct making *k)
{
    struct gathering_record *record = arena_alloc(k->batch->arena, sizeof *record);
    unsigned char uid[UID_BYTES];
    tong_code code = TONG_OK;
    if (record == NULL) return tong_fail(k->err, TONG_E_NOMEM, "a gathering");
    *record = k->row->gathering;
    code = making_texts(k, &gathering_record_kind, record);
    struct str payload =
        code == TONG_OK ? payload_make(&gathering_record_kind, record, k->batch->arena) : (struct str){NULL, 0};
    struct command *c = payload.p == NULL ? NULL : making_add(k, COMMAND_GATHERING, &code);
    if (c == NULL) return code != TONG_OK ? code : tong_fail(k->err, TONG_E_NOMEM, "a gathering");
    c->gathering = record;
    bool good = uid_parse(record->uid, uid);
    assert(good);
    making_described(k->m, k->batch, uid, payload);
    return good ? TONG_OK : TONG_E_INVALID;
}

// ---- facts of our own ----

static bool making_uid(struct making *k, struct str text, unsigned char out[UID_BYTES])
{
    if (text.n == 0 || uid_parse(text, out)) return true;
    making_blame(k, IMPORT_F_UID, text);
    return false;
}

static tong_code making_own_fact(struct making *k)
{
    struct fact_record *r = &k->row->fact;
    unsigned char uid[UID_BYTES] = {0}, subject[UID_BYTES], link[UID_BYTES] = {0}, replaces[UID_BYTES] = {0},
                  about[UID_BYTES] = {0};
    struct line_fact f = {.slot = NULL};
    bool good = fact_record_read(r, &f.fact, k->problems, k->at->row);
    good = making_uid(k, r->uid, uid) && good;
    good = making_uid(k, r->subject, subject) && good;
    good = making_uid(k, r->link, link) && good;
    good = making_uid(k, r->replaces, replaces) && good;
    good = making_uid(k, r->about, about) && good;
    if (!good || k->problems->errors > 0) return TONG_OK;
    if (uid_is_none(uid)) { // a list made by hand: the fact is what it says
        char text[INSTANT_TEXT];
        json_instant_text(f.fact.happened, text);
        import_uid_of_fact(k->m->known, subject, "by hand", str_z(text), f.fact.kind, uid);
    }
    tong_code code = TONG_OK;
    if (k->note.n == 0) k->note = r->note;
    struct command *c = making_add(k, COMMAND_FACT, &code);
    if (c == NULL) return code;
    c->fact = f.fact;
    memcpy(c->uid, uid, UID_BYTES);
    memcpy(c->subject_uid, subject, UID_BYTES);
    memcpy(c->link_uid, link, UID_BYTES);
    memcpy(c->replaces_uid, replaces, UID_BYTES);
    memcpy(c->about_uid, about, UID_BYTES);
    return TONG_OK;
}

// ---- all of it ----

bool import_has_turn(import_table table, import_turn turn)
{
    if (turn == IMPORT_WHO) return true;
    return table == IMPORT_CASES || table == IMPORT_CONTACTS;
}

tong_code import_make(struct import_maker *m, import_table table, import_turn turn, struct import_row *row,
                      const struct import_who *who, const struct import_place_of *at, struct problem_list *problems,
                      struct import_batch *batch, struct err *err)
{
    // The note stands with the first fact of a case, with the meeting of a contact; of people it is part of their description.
    import_turn note_turn = table == IMPORT_PEOPLE     ? IMPORT_TURN_COUNT
                            : table == IMPORT_CONTACTS ? IMPORT_MET
                                                       : IMPORT_WHO;
    struct making k = {.m = m,
                       .table = table,
                       .row = row,
                       .who = who,
                       .at = at,
                       .problems = problems,
                       .batch = batch,
                       .err = err,
                       .note = turn == note_turn ? row->note : (struct str){"", 0},
                       .earliest = UTC_NONE,
                       .first_known = UTC_NONE};
    bool any = false, changed = false;
    tong_code code = TONG_OK;
    if (turn == IMPORT_WHO && (table == IMPORT_PEOPLE || table == IMPORT_CASES || table == IMPORT_CONTACTS)) {
        code = import_make_person(m, who, &row->person, batch, &changed, err);
    }
    if (code != TONG_OK) return code;
    switch (table) {
    case IMPORT_PLACES: return making_place(&k);
    case IMPORT_GATHERINGS: return making_gathering(&k);
    case IMPORT_PEOPLE: return making_vaccines(&k);
    case IMPORT_CASES:
        if (turn == IMPORT_WHO) return making_case(&k);
        line_known_assume(&row->one_case);
        return making_sources(
            &k, (struct line_meeting){DATE_TIME_NONE, DATE_TIME_NONE, row->one_case.known[LINE_REPORTED]}, &any);
    case IMPORT_CONTACTS: return making_contact(&k, turn);
    case IMPORT_LINKS: return making_link(&k);
    case IMPORT_FOLLOWUPS: return making_visit(&k);
    case IMPORT_LABS: return making_result(&k);
    case IMPORT_FACTS: return making_own_fact(&k);
    case IMPORT_TABLE_COUNT: break;
    }
    assert(false);
    return TONG_OK;
}
