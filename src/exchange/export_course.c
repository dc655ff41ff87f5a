#include "exchange/export_course.h"

#include "store/person.h"

#include <assert.h>
#include <string.h>

enum { COURSE_FACTS_MAX = 2000 }; // of one person; what is more changes no date
// The statement asks for these by number, as its index does.
_Static_assert(EVENT_SYMPTOM == 3 && EVENT_WELL == 4 && EVENT_SAMPLED == 6 && EVENT_RESULT == 7 && EVENT_ISOLATED == 8 &&
                   EVENT_ADMITTED == 9 && EVENT_DISCHARGED == 10 && EVENT_CLASSIFIED == 11 && EVENT_DIED == 21 &&
                   EVENT_ATTRIBUTE == 32 && EVENT_RETRACTED == 53,
               "the kinds of queries/export_dates.sql and schema/0005-dates.sql");

bool export_is_case(const struct enrolment *state, const struct rulebook *book)
{
    bool known = book != NULL && state->edition < book->count && book->editions[state->edition] != NULL &&
                 state->pathway < book->editions[state->edition]->pathway_count;
    if (known) return book->editions[state->edition]->pathways[state->pathway].ladder;
    return enrolment_class(state) != EVENT_WORD_COUNT;
}

struct course_fact {
    int64_t id, replaces, value, happened, known;
    int32_t kind, word, outcome;
    bool gone;
};

// Those that hold: neither corrected nor taken back. A retraction that was itself taken back gives back what it took.
static size_t course_facts(struct db *db, int64_t subject, struct arena *arena, struct course_fact **facts,
                           struct err *err, tong_code *code)
{
    const sql_id q = sql_export_dates;
    struct course_fact *out = NULL;
    size_t n = 0, cap = 0;
    *code = db_ask(db, q, &DB_I(subject), 1, err);
    while (*code == TONG_OK && db_next(db, q)) {
        if (n == COURSE_FACTS_MAX) continue;
        struct course_fact *more = arena_grow(arena, out, n, &cap, sizeof *out);
        if (more == NULL) {
            *code = tong_fail(err, TONG_E_NOMEM, "an export");
            break;
        }
        out = more;
        out[n++] = (struct course_fact){
            .id = db_int(db, q, 0, 0),
            .replaces = db_int(db, q, 1, 0),
            .kind = (int32_t)db_int(db, q, 2, 0),
            .word = (int32_t)db_int(db, q, 3, 0),
            .outcome = (int32_t)db_int(db, q, 4, 0),
            .value = db_int(db, q, 5, 0),
            .happened = db_int(db, q, 6, INT64_MIN),
            .known = db_int(db, q, 7, INT64_MIN),
        };
    }
    tong_code done = db_done(db, q, *code == TONG_OK ? err : NULL);
    if (*code == TONG_OK) *code = done;
    for (size_t i = n; i-- > 0;) { // the newest first: what is gone takes nothing away
        if (out[i].replaces == 0 || out[i].gone) continue;
        for (size_t k = 0; k < i; k++) out[k].gone = out[k].gone || out[k].id == out[i].replaces;
    }
    *facts = out;
    return n;
}

static void course_first(const struct export_options *o, int64_t at, civil_day *day)
{
    if (at == INT64_MIN) return;
    civil_day d = zone_day(o->zone, (utc_sec){at});
    if (day->d == CIVIL_DAY_NONE || d.d < day->d) *day = d;
}

static void course_last(const struct export_options *o, int64_t at, civil_day *day)
{
    if (at == INT64_MIN) return;
    civil_day d = zone_day(o->zone, (utc_sec){at});
    if (day->d == CIVIL_DAY_NONE || d.d > day->d) *day = d;
}

static void course_dates(const struct export_options *o, const struct course_fact *facts, size_t count,
                         struct course_record *out)
{
    civil_day taken = {CIVIL_DAY_NONE}, well = {CIVIL_DAY_NONE};
    for (size_t i = 0; i < count; i++) {
        const struct course_fact *f = &facts[i];
        if (f->gone) continue;
        switch (f->kind) {
        case EVENT_SYMPTOM: course_first(o, f->happened, &out->onset); break;
        case EVENT_SAMPLED: course_first(o, f->happened, &taken); break;
        case EVENT_RESULT:
            if (f->outcome == OUTCOME_POSITIVE) course_first(o, f->happened, &out->sampled);
            break;
        case EVENT_CLASSIFIED:
            course_first(o, f->known, &out->reported);
            if (f->word != EVENT_SUSPECTED) course_first(o, f->happened, &out->diagnosed);
            break;
        case EVENT_ISOLATED: course_first(o, f->happened, &out->isolated); break;
        case EVENT_ADMITTED: course_first(o, f->happened, &out->hospitalised); break;
        case EVENT_DISCHARGED: course_last(o, f->happened, &out->hospitalised_end); break;
        case EVENT_WELL: course_last(o, f->happened, &well); break;
        case EVENT_DIED: course_first(o, f->happened, &out->death); break;
        case EVENT_ATTRIBUTE:
            if (f->word == FACT_WORD_AGE) out->age = f->value;
            break;
        default: break;
        }
    }
    if (out->sampled.d == CIVIL_DAY_NONE) out->sampled = taken;
    if (out->death.d != CIVIL_DAY_NONE) {
        out->outcome = STR("died");
        out->outcome_day = out->death;
    } else if (well.d != CIVIL_DAY_NONE) {
        out->outcome = STR("recovered");
        out->outcome_day = well;
    }
}

// Contacts as imports call them.
static struct str course_status(const struct enrolment *e, bool open)
{
    static const char *const words[FINAL_WORD_COUNT] = {
        [FINAL_COMPLETED] = "completed", [FINAL_BECAME_CASE] = "became_case",
        [FINAL_LOST] = "lost",           [FINAL_REFUSED] = "refused",
        [FINAL_DIED] = "died",
    };
    if (open) return STR("under_followup");
    final_word final = enrolment_final(e);
    return str_z(final < FINAL_WORD_COUNT && words[final] != NULL ? words[final] : "unknown");
}

static void course_names(const struct export_options *o, const struct enrolment *e, struct course_record *out)
{
    event_word class = enrolment_class(e);
    if (class != EVENT_WORD_COUNT) out->class = str_z(words_at(WORDS_EVENT, (int32_t) class)->name);
    out->final = str_z(words_at(WORDS_FINAL, (int32_t)enrolment_final(e))->name);
    if (o->book == NULL || e->edition >= o->book->count || o->book->editions[e->edition] == NULL) return;
    const struct protocol *p = o->book->editions[e->edition];
    if (e->pathway >= p->pathway_count) return;
    const struct pathway *way = &p->pathways[e->pathway];
    out->pathway = str_z(way->name);
    if (e->stage < p->stage_count) out->stage = str_z(p->stages[e->stage].name);
}

tong_code export_course(const struct export_options *o, sql_id q, const struct enrolment *state, bool as_case,
                        struct arena *arena, struct course_record *out, struct err *err)
{
    int64_t subject = db_int(o->db, q, 1, 0), version = db_int(o->db, q, 6, 0);
    struct str uid = db_text(o->db, q, 5), place = db_text(o->db, q, 8);
    struct person_record person = person_record_none();
    char text[UID_TEXT] = "";
    tong_code code = TONG_OK;
    record_clear(as_case ? &course_case_kind : &course_contact_kind, out);
    out->born.d = out->reported.d = out->infected.d = out->onset.d = out->sampled.d = out->diagnosed.d =
        out->isolated.d = CIVIL_DAY_NONE;
    out->hospitalised.d = out->hospitalised_end.d = out->outcome_day.d = out->death.d = CIVIL_DAY_NONE;
    out->first_contact.d = out->last_contact.d = out->order_until.d = CIVIL_DAY_NONE;
    struct str sealed = db_text(o->db, q, 7);
    struct str plain = o->vault == NULL || sealed.n == 0 ? (struct str){NULL, 0}
                                                         : vault_unseal(o->vault, subject, version, sealed, arena);
    if (plain.p != NULL) code = payload_read(&person_record_kind, plain, arena, &person, err);
    if (code != TONG_OK) return code;
    if (uid.n == UID_BYTES) uid_format((const unsigned char *)uid.p, text);
    out->id = (struct str){arena_copy(arena, text, strlen(text)), strlen(text)};
    out->place = (struct str){arena_copy(arena, place.p == NULL ? "" : place.p, place.n), place.n};
    out->label = person.outside_id;
    out->name = person.name;
    out->sex = person.sex <= 0               ? (struct str){"", 0}
               : person.sex == PERSON_MALE   ? STR("male")
               : person.sex == PERSON_FEMALE ? STR("female")
                                             : STR("other");
    out->born = person.born;
    out->document_kind = person.document_kind;
    out->document = person.document;
    out->phone = person.phone;
    out->address = person.address;
    out->occupation = person.occupation;
    out->opened.s = db_int(o->db, q, 2, INT64_MIN);
    out->ended.s = db_int(o->db, q, 3, INT64_MIN);
    course_names(o, state, out);
    if (out->id.p == NULL || out->place.p == NULL) return tong_fail(err, TONG_E_NOMEM, "an export");
    if (!as_case) {
        out->first_contact = enrolment_day(state, state->first_exposure);
        out->last_contact = enrolment_day(state, state->last_exposure);
        if (out->opened.s != INT64_MIN) out->reported = zone_day(o->zone, out->opened);
        out->status = course_status(state, out->ended.s == INT64_MIN);
        return TONG_OK;
    }
    struct course_fact *facts = NULL;
    size_t count = course_facts(o->db, subject, arena, &facts, err, &code);
    if (code == TONG_OK) course_dates(o, facts, count, out);
    return code;
}
