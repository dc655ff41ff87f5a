#include "cli/examples_run.h"

#include <assert.h>
#include <string.h>

// ---- who is who ----

// What kind of subject the first fact about it makes it: the kind of the pathway that the fact opens.
static subject_kind example_kind_of(const struct protocol *p, const struct fact *f)
{
    for (uint8_t i = 0; i < p->pathway_count; i++) {
        struct enrolment blank = enrolment_new(0, 0, i, zone_day(&p->zone, f->happened));
        if (respond_opens(p, &blank, f)) return p->pathways[i].of;
    }
    return SUBJECT_PERSON;
}

static subject_kind example_person_kind(const struct protocol *p, const struct example *x)
{
    uint8_t of = x->of == NULL ? PROTOCOL_NONE : protocol_pathway(p, str_z(x->of));
    if (of != PROTOCOL_NONE) return p->pathways[of].of;
    for (size_t i = 0; i < x->fact_count; i++) {
        if (x->facts[i].who != NULL) continue;
        subject_kind kind = example_kind_of(p, &x->facts[i].fact);
        if (kind != SUBJECT_PERSON) return kind;
    }
    return SUBJECT_PERSON;
}

bool example_run_person(const struct example_run *run, const char *name, uint32_t *subject)
{
    if (name == NULL || strcmp(name, EXAMPLE_PERSON) == 0) {
        *subject = run->person;
        return true;
    }
    size_t count = caseload_subject_count(run->caseload);
    for (uint32_t i = 1; i <= count; i++) { // subjects are numbered from 1
        if (!str_eq_z(caseload_subject_name(run->caseload, i), name)) continue;
        *subject = i;
        return true;
    }
    return false;
}

static bool example_name_subjects(struct example_run *run, const struct protocol *p)
{
    const struct example *x = run->example;
    run->person = caseload_subject(run->caseload, STR(EXAMPLE_PERSON), example_person_kind(p, x));
    run->subjects = arena_array(run->arena, x->fact_count, sizeof *run->subjects);
    if (run->person == UINT32_MAX || run->subjects == NULL) return false;
    for (size_t i = 0; i < x->fact_count; i++) {
        run->subjects[i] = run->person;
        if (x->facts[i].who == NULL) continue;
        run->subjects[i] =
            caseload_subject(run->caseload, str_z(x->facts[i].who), example_kind_of(p, &x->facts[i].fact));
        if (run->subjects[i] == UINT32_MAX) return false;
    }
    return true;
}

// ---- telling the facts ----

// The order in which the facts become known; those of the same moment as they are written. A correction or withdrawal
// carries a larger number than what it speaks of, wherever it is written.
static uint32_t *example_order(struct example_run *run)
{
    const struct example *x = run->example;
    uint32_t *order = arena_array(run->arena, x->fact_count, sizeof *order);
    if (order == NULL) return NULL;
    for (uint32_t i = 0; i < x->fact_count; i++) {
        uint32_t at = i;
        while (at > 0 && x->facts[order[at - 1]].fact.known.s > x->facts[i].fact.known.s) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return order;
}

static int64_t example_fact_id(const struct example *x, const int64_t *ids, const char *name)
{
    for (size_t i = 0; i < x->fact_count; i++)
        if (x->facts[i].id != NULL && strcmp(x->facts[i].id, name) == 0) return ids[i];
    return 0;
}

// Someone the example speaks of was met: is it as a case, or as a contact?
static bool example_is_contact(const struct example_run *run, uint32_t subject)
{
    enum { MOST = 16 };
    uint32_t enrolments[MOST];
    size_t count = caseload_enrolments_of(run->caseload, subject, enrolments, MOST);
    bool contact = false;
    for (size_t i = 0; i < count && i < MOST; i++) {
        const struct enrolment *e = caseload_enrolment(run->caseload, enrolments[i]);
        if (!enrolment_is_open(e) && !enrolment_has_ended(e)) continue;
        if (run->book.editions[e->edition]->pathways[e->pathway].ladder) return false;
        contact = true;
    }
    return contact;
}

static tong_code example_tell(struct example_run *run, size_t i, const int64_t *ids, struct err *err)
{
    const struct example_fact *given = &run->example->facts[i];
    struct fact f = given->fact;
    f.id = ids[i];
    f.subject = run->subjects[i];
    if (given->refers != NULL) f.replaces = example_fact_id(run->example, ids, given->refers);
    uint32_t other;
    if (given->other != NULL) {
        if (!example_run_person(run, given->other, &other)) {
            other = caseload_subject(run->caseload, str_z(given->other), SUBJECT_PERSON);
            if (other == UINT32_MAX) return tong_fail(err, TONG_E_NOMEM, "a person of the example");
        }
        f.link = other;
        if (f.kind == EVENT_EXPOSED && example_is_contact(run, other)) f.flags |= FACT_OF_CONTACT;
    }
    return caseload_record(run->caseload, &f, err);
}

static tong_code example_tell_all(struct example_run *run, utc_sec end, struct err *err)
{
    const struct example *x = run->example;
    uint32_t *order = example_order(run);
    int64_t *ids = arena_array(run->arena, x->fact_count, sizeof *ids);
    if (order == NULL || ids == NULL) return tong_fail(err, TONG_E_NOMEM, "the facts of an example");
    for (size_t i = 0; i < x->fact_count; i++) ids[order[i]] = caseload_fact_id(run->caseload);
    size_t edition = 0;
    for (size_t i = 0; i <= x->fact_count; i++) {
        utc_sec known = i < x->fact_count ? x->facts[order[i]].fact.known : end;
        if (known.s > end.s) known = end;
        for (; edition < x->edition_count; edition++) {
            utc_sec at = zone_midnight(&run->book.editions[0]->zone, x->editions[edition].in_force);
            if (at.s > known.s) break;
            tong_code code = caseload_edition(run->caseload, (uint8_t)(edition + 1), at, err);
            if (code != TONG_OK) return code;
        }
        if (i == x->fact_count || x->facts[order[i]].fact.known.s > end.s) break;
        tong_code code = example_tell(run, order[i], ids, err);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

// ---- the whole run ----

static utc_sec example_end(const struct protocol *p, const struct example *x)
{
    if (x->until.d != CIVIL_DAY_NONE) return (utc_sec){zone_midnight(&p->zone, (civil_day){x->until.d + 1}).s - 1};
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < x->fact_count; i++)
        if (x->facts[i].fact.known.s < first) first = x->facts[i].fact.known.s;
    civil_day day = zone_day(&p->zone, (utc_sec){first});
    return (utc_sec){zone_midnight(&p->zone, (civil_day){day.d + EXAMPLE_DAYS_MAX}).s - 1};
}

static tong_code example_live(struct example_run *run, struct err *err)
{
    const utc_sec end = example_end(run->book.editions[0], run->example);
    tong_code code = example_tell_all(run, end, err);
    utc_sec next;
    while (code == TONG_OK && caseload_next(run->caseload, &next) && next.s <= end.s)
        code = caseload_advance(run->caseload, next, err);
    if (code == TONG_OK && run->example->until.d != CIVIL_DAY_NONE) code = caseload_advance(run->caseload, end, err);
    if (code == TONG_OK && run->failed.code != TONG_OK) {
        if (err != NULL) *err = run->failed;
        code = run->failed.code;
    }
    return code;
}

tong_code example_run(const struct protocol *p, const struct example *example, struct arena *arena,
                      struct example_run *out, struct err *err)
{
    enum { BYTES_MAX = 256 << 20 };
    assert(example->fact_count > 0 && example->edition_count <= EXAMPLE_EDITIONS_MAX);
    *out = (struct example_run){.example = example, .arena = arena};
    out->editions[0] = p;
    for (size_t i = 0; i < example->edition_count; i++) out->editions[i + 1] = example->editions[i].protocol;
    out->book = (struct rulebook){out->editions, example->edition_count + 1};
    const struct caseload_options options = {
        .sign_orders = !example->nothing_signed, .bytes_max = BYTES_MAX, .listener = example_assume, .payload = out};
    tong_code code = caseload_open(&out->book, 0, &options, &out->caseload, err);
    if (code != TONG_OK) return code;
    if (!example_name_subjects(out, p)) return tong_fail(err, TONG_E_NOMEM, "the persons of an example");
    return example_live(out, err);
}

void example_run_close(struct example_run *run)
{
    caseload_close(run->caseload);
    run->caseload = NULL;
}
