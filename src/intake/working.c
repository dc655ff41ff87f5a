// The store behind the caseload: what a subject's parts look like in the database, fetched when first needed.
#include "intake/intake_state.h"
#include "intake/pack.h"
#include "store/entry.h"

#include <assert.h>
#include <string.h>

// ---- subjects ----

static struct intake_subject *working_add(struct intake *in, struct intake_subject s)
{
    struct intake_subject *all = grow_array(&in->grown, in->subjects, in->subject_count, &in->subject_cap, sizeof *all);
    if (all == NULL) return NULL;
    in->subjects = all;
    if (!map_put_number(in->subject_at, s.id, (int64_t)in->subject_count)) return NULL;
    all[in->subject_count] = s;
    return &all[in->subject_count++];
}

struct intake_subject *intake_subject_get(struct intake *in, int64_t id, tong_code *code, struct err *err)
{
    int64_t at;
    *code = TONG_OK;
    bool known = map_get_number(in->subject_at, id, &at);
    if (known && !in->subjects[at].stale) return &in->subjects[at];
    struct intake_subject s = {.id = id, .place_kind = -1};
    *code = db_ask(in->db, sql_subject_get, &DB_I(id), 1, err);
    if (*code != TONG_OK) return NULL;
    if (db_next(in->db, sql_subject_get)) {
        s.there = true;
        s.kind = (uint8_t)db_int(in->db, sql_subject_get, 0, SUBJECT_PERSON);
        s.place = db_int(in->db, sql_subject_get, 1, 0);
        s.place_kind = (int32_t)db_int(in->db, sql_subject_get, 2, -1);
        s.erased = (db_int(in->db, sql_subject_get, 3, 0) & PERSON_ERASED) != 0;
        s.guardian = db_int(in->db, sql_subject_get, 4, 0);
        s.merged_into = db_int(in->db, sql_subject_get, 5, 0);
    }
    *code = db_done(in->db, sql_subject_get, err);
    if (*code != TONG_OK) return NULL;
    if (known) {
        in->subjects[at] = s;
        return &in->subjects[at];
    }
    struct intake_subject *kept = working_add(in, s);
    if (kept == NULL) *code = tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    return kept;
}

struct intake_subject *intake_subject_new(struct intake *in, int64_t id, subject_kind kind,
                                          const unsigned char uid[UID_BYTES])
{
    int64_t at;
    char *name = arena_copy(&in->kept, (const char *)uid, UID_BYTES);
    if (name == NULL || !map_put_text(in->subject_uid, (struct str){name, UID_BYTES}, id)) return NULL;
    struct intake_subject s = {.id = id, .kind = (uint8_t)kind, .place_kind = -1, .there = true};
    if (!map_get_number(in->subject_at, id, &at)) return working_add(in, s);
    in->subjects[at] = s;
    return &in->subjects[at];
}

void intake_subject_stale(struct intake *in, int64_t id)
{
    int64_t at;
    if (map_get_number(in->subject_at, id, &at)) in->subjects[at].stale = true;
}

uint32_t working_subject(struct intake *in, int64_t id)
{
    int64_t at;
    subject_kind kind = map_get_number(in->subject_at, id, &at) ? (subject_kind)in->subjects[at].kind : SUBJECT_PERSON;
    return caseload_subject_of(in->load, id, kind);
}

uint32_t working_enrolment(struct intake *in, uint32_t subject, int64_t number)
{
    uint32_t few[8], *all = few;
    size_t count = caseload_enrolments_of(in->load, subject, few, 8);
    if (count > 8) {
        all = arena_array(&in->arena, count, sizeof *all);
        if (all == NULL) return CASELOAD_NONE;
        count = caseload_enrolments_of(in->load, subject, all, count);
    }
    for (size_t i = 0; i < count; i++)
        if (caseload_stored(in->load, all[i]).number == number) return all[i];
    return CASELOAD_NONE;
}

// ---- parts ----

static struct str working_keep(struct intake *in, struct str s)
{
    return (struct str){s.n == 0 ? NULL : arena_copy(&in->kept, s.p, s.n), s.n};
}

static bool working_slots(struct caseload *c, uint32_t subject, uint32_t enrolment, int64_t number, struct str blob)
{
    struct unpacking u = unpack_begin(blob);
    struct caseload_task t;
    while (unpack_task(&u, &t)) {
        t.subject = subject;
        t.enrolment = enrolment;
        t.number += number * CASELOAD_TURNS;
        if (!caseload_hold_task(c, &t)) return false;
    }
    return !u.broken;
}

static tong_code working_enrolments(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    const sql_id q = sql_enrolment_of_subject;
    int64_t key = caseload_key(c, subject);
    bool good = true;
    tong_code code = db_ask(in->db, q, &DB_I(key), 1, err);
    while (code == TONG_OK && good && db_next(in->db, q)) {
        struct caseload_stored_enrolment s = {
            .number = db_int(in->db, q, 0, 0),
            .subject = subject,
            .source = db_int(in->db, q, 1, 0),
            .known = db_int(in->db, q, 2, 0),
            .ended = db_int(in->db, q, 3, 0),
            .version = db_int(in->db, q, 4, 0),
            .turns = (uint16_t)db_int(in->db, q, 5, 0),
            .since = db_int(in->db, q, 6, 0),
            .opened = db_int(in->db, q, 7, 0),
            .first_edition = (uint8_t)db_int(in->db, q, 8, 0),
            .first_pathway = (uint8_t)db_int(in->db, q, 9, 0),
            .due = (int32_t)db_int(in->db, q, 13, 0),
        };
        struct str state = db_text(in->db, q, 10);
        good = state.n == sizeof s.e;
        if (!good) break;
        memcpy(&s.e, state.p, sizeof s.e);
        uint32_t i = caseload_hold_enrolment(c, &s);
        struct str issued = working_keep(in, db_text(in->db, q, 12));
        good = i != CASELOAD_NONE && working_slots(c, subject, i, s.number, db_text(in->db, q, 11)) &&
               (issued.n == 0 || issued.p != NULL);
        if (good) caseload_packed(c, i, issued);
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return good
               ? TONG_OK
               : tong_fail(err, TONG_E_INVALID, "an enrolment of subject %lld cannot be read: rebuild", (long long)key);
}

static tong_code working_measures(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    const sql_id q = sql_measure_live;
    bool good = true;
    tong_code code = db_ask(in->db, q, &DB_I(caseload_key(c, subject)), 1, err);
    while (code == TONG_OK && good && db_next(in->db, q)) {
        struct caseload_measure m = {
            .subject = subject,
            .enrolment = working_enrolment(in, subject, db_int(in->db, q, 2, 0)),
            .number = db_int(in->db, q, 0, 0),
            .edition = (uint8_t)db_int(in->db, q, 3, 0),
            .measure = (uint8_t)db_int(in->db, q, 4, 0),
            .place = (uint8_t)db_int(in->db, q, 5, 0),
            .why = (uint8_t)db_int(in->db, q, 6, 0),
            .rule = (uint16_t)db_int(in->db, q, 7, 0),
            .how = (uint8_t)db_int(in->db, q, 8, 0),
            .stage = (uint8_t)db_int(in->db, q, 9, 0),
            .fact = db_int(in->db, q, 10, 0),
            .proposed = {db_int(in->db, q, 11, INT64_MIN)},
            .ordered = {db_int(in->db, q, 12, INT64_MIN)},
            .started = {db_int(in->db, q, 13, INT64_MIN)},
            .ended = {db_int(in->db, q, 14, INT64_MIN)},
            .until = {db_int(in->db, q, 15, INT64_MIN)},
            .order = db_int(in->db, q, 18, 0),
        };
        if (m.enrolment != CASELOAD_NONE) good = caseload_hold_measure(c, &m);
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return good ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "no memory left for the working set");
}

static tong_code working_links(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    const sql_id q = sql_link_from;
    bool good = true;
    tong_code code = db_ask(in->db, q, &DB_I(caseload_key(c, subject)), 1, err);
    while (code == TONG_OK && good && db_next(in->db, q)) {
        struct caseload_link l = {
            .from = subject,
            .to = working_subject(in, db_int(in->db, q, 0, 0)),
            .by_enrolment = working_enrolment(in, subject, db_int(in->db, q, 1, 0)),
            .fact = db_int(in->db, q, 2, 0),
            .opened_by = db_int(in->db, q, 3, 0),
            .withdrawn = db_int(in->db, q, 4, 0) != 0,
        };
        good = l.to != CASELOAD_NONE && caseload_hold_link(c, &l);
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return good ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "no memory left for the working set");
}

static tong_code working_facts(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    const sql_id q = sql_fact_of_subject;
    bool good = true;
    tong_code code = db_ask(in->db, q, &DB_I(caseload_key(c, subject)), 1, err);
    while (code == TONG_OK && good && db_next(in->db, q)) {
        struct chain_stored s;
        chain_stored_read(in->db, q, &s);
        if (s.row.fact.kind >= ENTRY_FIRST) continue;
        s.row.fact.subject = subject;
        if (s.row.fact.link != 0) s.row.fact.link = working_subject(in, s.row.fact.link);
        good = s.row.fact.link != CASELOAD_NONE && caseload_hold_fact(c, &s.row.fact);
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return good ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "no memory left for the working set");
}

static tong_code working_asked(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    const sql_id q = sql_task_asked;
    bool good = true;
    tong_code code = db_ask(in->db, q, &DB_I(caseload_key(c, subject)), 1, err);
    while (code == TONG_OK && good && db_next(in->db, q)) {
        int64_t marks = db_int(in->db, q, 11, 0);
        struct caseload_task t = {
            .subject = subject,
            .enrolment = CASELOAD_NONE,
            .number = db_int(in->db, q, 0, 0),
            .edition = (uint8_t)db_int(in->db, q, 3, 0),
            .task = (uint8_t)db_int(in->db, q, 4, 0),
            .slot = PROTOCOL_NONE,
            .stage = PROTOCOL_NONE,
            .open = true,
            .overdue = (marks & 1) != 0,
            .escalated = (marks & 2) != 0,
            .why = (uint8_t)db_int(in->db, q, 7, 0),
            .rule = (uint16_t)db_int(in->db, q, 8, 0),
            .role = (uint8_t)db_int(in->db, q, 9, 0),
            .opened = {db_int(in->db, q, 12, 0)},
            .deadline = {db_int(in->db, q, 13, INT64_MIN)},
            .fact = db_int(in->db, q, 15, 0),
            .closed = UTC_NONE,
        };
        good = caseload_hold_task(c, &t);
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return good ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "no memory left for the working set");
}

static tong_code working_who(struct intake *in, struct caseload *c, uint32_t subject, struct err *err)
{
    tong_code code;
    const struct intake_subject *s = intake_subject_get(in, caseload_key(c, subject), &code, err);
    if (s == NULL) return code;
    caseload_is(c, subject, (subject_kind)s->kind);
    if (!s->there || s->erased) caseload_is_gone(c, subject);
    return TONG_OK;
}

static bool working_keep_fault(struct intake *in, tong_code code, const struct err *fault)
{
    if (code == TONG_OK) return true;
    if (in->fault_code == TONG_OK) {
        in->fault_code = code;
        in->fault = *fault;
    }
    return false;
}

static bool working_fetch(void *payload, struct caseload *c, uint32_t subject, caseload_part part)
{
    struct intake *in = payload;
    struct err err = {0};
    tong_code code = TONG_OK;
    switch (part) {
    case CASELOAD_ENROLMENTS:
        code = working_who(in, c, subject, &err);
        if (code == TONG_OK) code = working_enrolments(in, c, subject, &err);
        break;
    case CASELOAD_MEASURES:
        if (!caseload_need(c, subject, CASELOAD_ENROLMENTS)) return false;
        code = working_measures(in, c, subject, &err);
        break;
    case CASELOAD_LINKS:
        if (!caseload_need(c, subject, CASELOAD_ENROLMENTS)) return false;
        code = working_links(in, c, subject, &err);
        break;
    case CASELOAD_FACTS: code = working_facts(in, c, subject, &err); break;
    case CASELOAD_ASKED: code = working_asked(in, c, subject, &err); break;
    case CASELOAD_ALL: assert(false); break;
    }
    return working_keep_fault(in, code, &err);
}

static bool working_issued(void *payload, struct caseload *c, uint32_t enrolment)
{
    struct intake *in = payload;
    bool unpacked;
    struct unpacking u = unpack_begin(caseload_packed_of(c, enrolment, &unpacked));
    struct decision d, *all = NULL;
    size_t count = 0, cap = 0;
    while (unpack_decision(&u, &d)) {
        struct decision *more = arena_grow(&in->arena, all, count, &cap, sizeof *all);
        if (more == NULL) return false;
        all = more;
        if (d.other != 0) d.other = working_subject(in, d.other);
        all[count++] = d;
    }
    if (u.broken) {
        struct err err = {0};
        tong_code code = tong_fail(&err, TONG_E_INVALID, "the decisions of an enrolment cannot be read: rebuild");
        return working_keep_fault(in, code, &err);
    }
    return count == 0 || caseload_hold_issued(c, enrolment, all, count);
}

// ---- who is meant ----

// The carer named last and not withdrawn since.
static int64_t working_carer(struct caseload *c, uint32_t subject)
{
    int64_t carer = 0, fact = 0;
    if (!caseload_need(c, subject, CASELOAD_FACTS)) return 0;
    for (const struct fact *f = caseload_first_fact(c, subject); f != NULL; f = caseload_next_fact(c, f->id)) {
        if (f->kind == EVENT_CARER_NAMED && f->link != 0) {
            carer = caseload_key(c, (uint32_t)f->link);
            fact = f->id;
        }
        if (f->replaces == fact && fact != 0 && f->kind != EVENT_CARER_NAMED) carer = fact = 0;
    }
    return carer;
}

static tong_code working_household(struct intake *in, int64_t self, int64_t home, uint32_t *out, size_t room,
                                   size_t *count, struct err *err)
{
    const struct db_value key[] = {DB_I(home), DB_I((int64_t)room + 1)};
    tong_code code = home == 0 ? TONG_OK : db_ask(in->db, sql_person_of_place, key, 2, err);
    if (home == 0 || code != TONG_OK) return code;
    while (*count < room && db_next(in->db, sql_person_of_place)) {
        int64_t id = db_int(in->db, sql_person_of_place, 0, 0);
        uint32_t i = id == self ? CASELOAD_NONE : working_subject(in, id);
        if (i != CASELOAD_NONE) out[(*count)++] = i;
    }
    return db_done(in->db, sql_person_of_place, err);
}

// The unit a zone is drawn as, from where they live upwards; where the tree has no such level, the nearest that it has: no
// case is left without its place.
static tong_code working_unit(struct intake *in, const struct intake_subject *s, int32_t word, int64_t *out,
                              struct err *err)
{
    int64_t from = s->kind == SUBJECT_PLACE ? s->id : s->place;
    int32_t kind = place_kind_of_word(word);
    *out = 0;
    if (from == 0) return TONG_OK;
    tong_code code = kind < 0 ? TONG_OK : intake_place_up(in, from, kind, out, err);
    if (code != TONG_OK || *out != 0) return code;
    for (int32_t k = kind + 1; kind >= 0 && k <= PLACE_KIND_HOUSEHOLD && *out == 0 && code == TONG_OK; k++)
        code = intake_place_up(in, from, k, out, err);
    if (*out == 0) *out = from;
    return code;
}

static bool working_beside(void *payload, struct caseload *c, uint32_t subject, const struct decision *d, uint32_t *out,
                           size_t room, size_t *count)
{
    struct intake *in = payload;
    struct err err = {0};
    tong_code code;
    int64_t self = caseload_key(c, subject), other = 0;
    const struct intake_subject *found = intake_subject_get(in, self, &code, &err);
    *count = 0;
    if (found == NULL) return working_keep_fault(in, code, &err);
    const struct intake_subject s = *found; // the array may move
    if (d->place != PROTOCOL_NONE) {
        code = working_unit(in, &s, d->place, &other, &err);
    } else if (d->role == ROLE_HOUSEHOLD || d->role == ROLE_FAMILY) {
        code = working_household(in, self, s.place, out, room, count, &err);
    } else {
        if (d->role == ROLE_CARER) other = working_carer(c, subject);
        if (other == 0) other = s.guardian; // a child's carer, unless somebody else is named
    }
    if (code != TONG_OK) return working_keep_fault(in, code, &err);
    if (other == 0 || other == self) return true;
    uint32_t i = working_subject(in, other);
    if (i == CASELOAD_NONE) return false;
    out[(*count)++] = i;
    return true;
}

// ---- opening ----

static void working_listen(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment,
                           const struct decision *d)
{
    struct intake *in = payload;
    if (d->kind == DECISION_TOLD && d->at.s + INTAKE_NEWS_S >= in->at.s)
        intake_tell_change(in, CHANGE_TOLD, d->what, caseload_key(c, subject));
    if (in->listener == NULL) return;
    struct decision told = *d;
    if (told.other != 0) told.other = caseload_key(c, (uint32_t)told.other);
    int64_t number = enrolment == CASELOAD_NONE ? 0 : caseload_stored(c, enrolment).number;
    in->listener(in->listener_payload, caseload_key(c, subject), number, &told);
}

tong_code working_open(struct intake *in, struct err *err)
{
    enum { SUBJECTS_MIB = 64 };
    in->store.fetch = working_fetch;
    in->store.issued = working_issued;
    in->store.beside = working_beside;
    in->store.payload = in;
    in->subject_at = map_open();
    in->subject_uid = map_open();
    in->grown.bytes_max = (size_t)SUBJECTS_MIB << 20;
    if (in->subject_at == NULL || in->subject_uid == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for the working set");
    const struct caseload_options options = {
        .store = &in->store,
        .listener = working_listen,
        .payload = in,
        .bytes_max = 0, // it is reset between groups; one group needs what it needs
    };
    return caseload_open(&in->book, 0, &options, &in->load, err);
}

tong_code working_reset(struct intake *in, struct err *err)
{
    struct map **maps[] = {&in->subject_at, &in->subject_uid};
    for (size_t i = 0; i < 2; i++) {
        if (map_count(*maps[i]) == 0) continue;
        struct map *fresh = map_open();
        if (fresh == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the working set");
        map_close(*maps[i]);
        *maps[i] = fresh;
    }
    in->subject_count = 0;
    arena_reset(&in->kept);
    in->fault_code = TONG_OK;
    tong_code code = caseload_reset(in->load, err);
    if (code == TONG_OK) caseload_set_now(in->load, in->reached);
    return code;
}

tong_code working_fault(struct intake *in, tong_code code, struct err *err)
{
    if (in->fault_code == TONG_OK) return code;
    if (err != NULL) *err = in->fault;
    return in->fault_code;
}
