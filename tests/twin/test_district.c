// The invented district: a tree of places, people who can be nobody, and a response that follows its protocol.
#include "tap.h"

#include "../protocol/files.h"
#include "twin/district.h"

static struct reading protocol;
static const struct protocol *editions[1];
static struct rulebook book;

static struct district_options options_of(uint64_t seed, int32_t people, int32_t cases)
{
    struct district_options o = district_options_default();
    o.seed = seed;
    o.people = people;
    o.cases = cases;
    return o;
}

static struct district *make(const struct district_options *o)
{
    struct district *d = NULL;
    struct err err = {0};
    if (district_open(o, &book, &d, &err) != TONG_OK) {
        OK(false, "open: %s", err.text);
        exit(tap_done());
    }
    return d;
}

// ---- places ----

static void check_places(const struct district *d)
{
    int64_t count = district_place_count(d), households = 0, tops = 0;
    for (int64_t i = 1; i <= count; i++) {
        struct district_place p = district_place_at(d, i);
        CHECK(p.number == i && p.parent < i, "place %lld comes after its parent", (long long)i);
        CHECK(p.name[0] != 0 && p.name_en[0] != 0, "place %lld has names in both languages", (long long)i);
        CHECK(strchr(p.name, '%') == NULL && strchr(p.name_en, '%') == NULL, "place %lld: %s", (long long)i, p.name);
        if (p.parent == 0) tops++;
        if (strcmp(p.kind, "household") == 0) {
            households++;
            CHECK(strcmp(district_place_at(d, p.parent).kind, "stair_unit") == 0, "a household stands in a unit");
        }
        if (p.located)
            CHECK(p.latitude > 29.9 && p.latitude < 31 && p.longitude > 124.9 && p.longitude < 127, "place %lld at sea",
                  (long long)i);
    }
    EQ_INT(tops, 1, "one top");
    EQ_INT(households, district_outbreak(d)->town.households, "a place for each household");
    static const char *const chain[] = {"household", "stair_unit", "building", "grid", "estate", "community", "subdistrict", "district"};
    struct district_place at = district_place_at(d, district_person_at(d, 4321).place);
    for (size_t k = 0; k < sizeof chain / sizeof chain[0]; k++) {
        EQ_TEXT(at.kind, chain[k], "above a person's home");
        if (at.parent != 0) at = district_place_at(d, at.parent);
    }
}

// ---- people ----

static int order_of_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void check_people(const struct district *d)
{
    int64_t count = district_person_count(d), minors = 0, paperless = 0;
    char(*document)[24] = calloc((size_t)count, sizeof *document);
    for (int64_t i = 0; i < count; i++) {
        struct district_person p = district_person_at(d, i);
        double age = (double)(district_outbreak(d)->options.start.d - p.born.d) / 365.2425;
        CHECK(age > 0 && age < 106, "person %lld is %g years old", (long long)i, age);
        CHECK(p.phone[0] == 0 || strncmp(p.phone, "+999 ", 5) == 0, "telephone %s", p.phone);
        CHECK(p.document[0] == 0 || (strncmp(p.document, "00", 2) == 0 && strlen(p.document) == 18), "number %s", p.document);
        CHECK((p.name[0] == 0) == (p.description[0] != 0), "a name or a description");
        if (p.name[0] == 0) paperless++;
        if (p.guardian != 0) {
            minors++;
            struct district_person g = district_person_at(d, p.guardian - district_place_count(d) - 1);
            CHECK(g.place == p.place && g.guardian == 0, "a guardian is an adult of the same home");
            CHECK((double)(district_outbreak(d)->options.start.d - g.born.d) / 365.2425 >= 18, "a guardian is of age");
        }
        (void)snprintf(document[i], sizeof document[i], "%s", p.document);
    }
    qsort(document, (size_t)count, sizeof *document, order_of_text);
    int64_t same = 0;
    for (int64_t i = 1; i < count; i++)
        if (document[i][0] != 0 && strcmp(document[i], document[i - 1]) == 0) same++;
    OK(same < count / 5000 + 2, "identity numbers are hardly ever doubled: %lld", (long long)same);
    OK(minors > count / 10 && minors < count / 3, "minors: %lld of %lld", (long long)minors, (long long)count);
    OK(paperless > 0 && paperless < count / 500, "without papers: %lld", (long long)paperless);
    free(document);
}

static void check_accounts(const struct district *d)
{
    uint64_t protocol_roles = 0;
    bool administrator = false;
    int64_t count = district_account_count(d), same = 0;
    for (int64_t i = 0; i < count; i++) {
        struct district_account a = district_account_at(d, i), before = district_account_at(d, i == 0 ? 0 : i - 1);
        int32_t role = words_find(WORDS_ROLE, str_z(a.role));
        if (role >= 0) protocol_roles |= (uint64_t)1 << role;
        administrator = administrator || strcmp(a.role, "administrator") == 0;
        CHECK(a.place >= 1 && a.place <= district_place_count(d), "account %s has a place", a.login);
        if (i > 0 && strcmp(a.login, before.login) == 0) same++;
    }
    EQ_INT(same, 0, "logins differ");
    OK(administrator, "there is an administrator");
    for (size_t i = 0; i < protocol.p.task_count; i++)
        CHECK(protocol_roles >> protocol.p.tasks[i].by & 1, "somebody does %s", protocol.p.tasks[i].name);
    for (size_t i = 0; i < protocol.p.measure_count; i++)
        CHECK(protocol.p.measures[i].order_by == ROLE_WORD_COUNT || protocol_roles >> protocol.p.measures[i].order_by & 1,
              "somebody signs %s", protocol.p.measures[i].name);
}

// ---- what becomes known ----

struct heard {
    const struct district *d;
    int64_t last_known, last_id, count, kind[EVENT_WORD_COUNT], left, positives;
    uint64_t sum;
    role_word role;
};

static bool hear(void *payload, const struct district_fact *f)
{
    struct heard *h = payload;
    int64_t subjects = district_place_count(h->d) + district_person_count(h->d);
    CHECK(f->fact.known.s >= h->last_known, "in the order it became known");
    CHECK(f->fact.id > h->last_id, "numbers only grow");
    CHECK(f->fact.happened.s <= f->fact.known.s, "%s is known after it happened", words_at(WORDS_EVENT, f->fact.kind)->name);
    CHECK(f->fact.subject >= 1 && f->fact.subject <= subjects, "about somebody here");
    CHECK(f->fact.link >= 0 && f->fact.link <= subjects, "and somebody here");
    CHECK(f->account >= 0 && f->account <= district_account_count(h->d), "by somebody of the staff");
    if (f->fact.kind == EVENT_RESULT) CHECK(f->about > 0 && f->about < f->fact.id, "a result has its sample");
    if (f->fact.kind == EVENT_ORDERED) CHECK(f->fact.signer > 0 && f->fact.signer != f->fact.second, "two different people");
    if (f->fact.kind == EVENT_RESULT && f->fact.outcome == OUTCOME_POSITIVE) h->positives++;
    h->last_known = f->fact.known.s;
    h->last_id = f->fact.id;
    h->count++;
    h->kind[f->fact.kind]++;
    if (f->role == h->role) h->left++;
    h->sum = h->sum * 1099511628211u + (uint64_t)f->fact.subject * 31 + (uint64_t)f->fact.known.s + f->fact.kind;
    return true;
}

static struct heard run(struct district *d, int32_t pieces)
{
    struct heard h = {.d = d, .last_known = INT64_MIN, .role = ROLE_WORD_COUNT + 1};
    struct err err = {0};
    int64_t from = district_begin(d).s, end = district_end(d).s;
    for (int32_t i = 1; i <= pieces; i++) {
        tong_code code = district_run(d, (utc_sec){from + (end - from) * i / pieces}, hear, &h, &err);
        CHECK(code == TONG_OK, "run: %s", err.text);
    }
    return h;
}

static void check_course(void)
{
    struct district_options o = options_of(7, 20000, 120);
    struct district *a = make(&o), *b = make(&o);
    struct heard whole = run(a, 1), pieces = run(b, 97);
    OK(whole.sum == pieces.sum && whole.count == pieces.count, "the same in one go and in 97: %lld facts", (long long)whole.count);
    o.seed = 8;
    struct district *c = make(&o);
    struct heard other = run(c, 1);
    OK(other.sum != whole.sum, "another seed, another district");
    static const event_word all[] = {EVENT_SYMPTOM, EVENT_SAMPLED, EVENT_RESULT, EVENT_CONTACT_NAMED, EVENT_ORDERED, EVENT_STARTED,
                                     EVENT_SEEN_WELL, EVENT_NOT_SEEN, EVENT_DONE, EVENT_ISOLATED, EVENT_WELL, EVENT_LOST,
                                     EVENT_REFUSED, EVENT_ATTRIBUTE, EVENT_GUARDIAN_NAMED, EVENT_ARRIVED, EVENT_OBJECTED};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        CHECK(whole.kind[all[i]] > 0, "there are facts of the kind %s", words_at(WORDS_EVENT, (int32_t)all[i])->name);
    EQ_INT(whole.kind[EVENT_RESULT], whole.kind[EVENT_SAMPLED], "every sample is read");
    OK(whole.positives >= 100, "nearly all infections are found: %lld positive results of 120", (long long)whole.positives);

    const struct caseload *load = district_caseload(a);
    size_t tasks, open = 0, done = 0;
    const struct caseload_task *task = caseload_tasks(load, &tasks);
    for (size_t i = 0; i < tasks; i++) {
        if (task[i].open) open++;
        else if (task[i].how == HOW_DONE) done++;
    }
    OK(done * 10 > tasks * 9, "nine of ten tasks are done: %zu of %zu", done, tasks);
    OK(open < tasks / 50, "in the end hardly any is open: %zu", open);
    size_t still = 0, count = caseload_enrolment_count(load);
    for (uint32_t i = 0; i < count; i++) still += enrolment_is_open(caseload_enrolment(load, i)) ? 1 : 0;
    OK(still <= count / 100 + 3, "and hardly any enrolment: %zu of %zu", still, count);
    district_close(a);
    district_close(b);
    district_close(c);
}

static void check_left(void)
{
    struct district_options o = options_of(3, 8000, 40);
    struct district *d = make(&o);
    district_leave(d, ROLE_DISTRICT_COMMAND);
    struct heard h = {.d = d, .last_known = INT64_MIN, .role = ROLE_DISTRICT_COMMAND};
    struct err err = {0};
    tong_code code = district_run(d, district_today(d), hear, &h, &err);
    OK(code == TONG_OK && h.count > 0, "a district without its command: %s", err.text);
    EQ_INT(h.left, 0, "what is left to the visitor nobody else does");
    // The visitor signs what waits: the staff carry it out.
    size_t measures;
    const struct caseload_measure *m = caseload_measures(district_caseload(d), &measures);
    int64_t waiting = -1;
    for (size_t i = 0; i < measures && waiting < 0; i++) {
        const struct measure *what = &protocol.p.measures[m[i].measure];
        struct str name = caseload_subject_name(district_caseload(d), m[i].subject);
        int64_t person;
        if (m[i].ordered.s == INT64_MIN && m[i].ended.s == INT64_MIN && what->order_by == ROLE_DISTRICT_COMMAND &&
            name.p[0] == 'p' && str_int((struct str){name.p + 1, name.n - 1}, &person))
            waiting = (int64_t)i;
        if (waiting < 0) continue;
        struct fact f = {.subject = district_place_count(d) + 1 + person,
                         .happened = district_today(d),
                         .until = UTC_NONE,
                         .known = district_today(d),
                         .recorded = district_today(d),
                         .name = what->name_id,
                         .signer = 1,
                         .second = 2,
                         .kind = EVENT_ORDERED};
        OK(district_heard(d, &f, &err) == TONG_OK, "the visitor signs: %s", err.text);
    }
    if (OK(waiting >= 0, "an order waits for the visitor")) {
        m = caseload_measures(district_caseload(d), &measures);
        OK(m[waiting].ordered.s != INT64_MIN, "and is in force once signed");
    }
    district_close(d);
}

static void check_refused(void)
{
    struct district *d = NULL;
    struct err err = {0};
    struct district_options o = options_of(1, 100, 10);
    EQ_INT(district_open(&o, &book, &d, &err), TONG_E_LIMIT, "too few people");
    o = options_of(1, 10000, 9000);
    EQ_INT(district_open(&o, &book, &d, &err), TONG_E_LIMIT, "too many cases");
    o = options_of(1, 10000, 50);
    o.contacts = 20;
    EQ_INT(district_open(&o, &book, &d, &err), TONG_E_LIMIT, "fewer contacts than cases");
    o.contacts = 0;
    o.general_share = 2;
    EQ_INT(district_open(&o, &book, &d, &err), TONG_E_INVALID, "a share above 1");
    OK(d == NULL, "nothing was made");
}

static void check_facts(void)
{
    struct district_options o = options_of(5, 20000, 150);
    struct district *d = make(&o);
    struct heard all = run(d, 1);
    int64_t fixed = district_person_count(d) + district_place_count(d);
    district_close(d);
    o.facts = fixed + all.count * 8 / 10;
    d = make(&o);
    struct heard some = run(d, 1);
    OK((double)some.count > 0.9 * (double)(o.facts - fixed) && (double)some.count < 1.1 * (double)(o.facts - fixed),
       "about as many facts as asked for: %lld of %lld", (long long)some.count, (long long)(o.facts - fixed));
    district_close(d);
}

int main(void)
{
    char path[4096];
    const struct protocol_source source = {files_open_disk, NULL};
    (void)snprintf(path, sizeof path, "%s/covid19-cn-9.yaml", getenv("TONGZHOU_PROTOCOLS") != NULL ? getenv("TONGZHOU_PROTOCOLS") : "protocols");
    files_read(&protocol, path, &source);
    if (!OK(protocol.code == TONG_OK, "the 9th edition is read")) return tap_done();
    editions[0] = &protocol.p;
    book = (struct rulebook){editions, 1};
    struct district_options o = options_of(1, 20000, 60);
    struct district *d = make(&o);
    check_places(d);
    check_people(d);
    check_accounts(d);
    OK(district_today(d).s > district_begin(d).s && district_today(d).s < district_end(d).s, "today lies within");
    unsigned char x[DISTRICT_UID], y[DISTRICT_UID];
    district_uid(d, DISTRICT_SUBJECT, 77, x);
    district_uid(d, DISTRICT_FACT, 77, y);
    OK(memcmp(x, y, sizeof x) != 0 && x[6] >> 4 == 7 && x[8] >> 6 == 2, "identifiers differ by what they name, version 7");
    district_close(d);
    check_refused();
    check_course();
    check_left();
    check_facts();
    protocol_free(&protocol.p);
    arena_free(&protocol.arena);
    return tap_done();
}
