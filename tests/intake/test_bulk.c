// Much at once: groups of commands as lists and loads bring them, and places with very many cases.
#include "tap.h"

#include "intake/desk.h"

#include <time.h>

enum { GROUP_MAX = 4000, PER_CASE = 5, DAY_S = 86400 };

struct group { // commands that go together, and what they borrow
    struct command c[GROUP_MAX];
    struct intake_outcome out[GROUP_MAX];
    struct person_record person[GROUP_MAX / PER_CASE];
    size_t count, people;
};

static struct command *group_add(struct group *g, command_kind kind, utc_sec at)
{
    struct command *c = &g->c[g->count++];
    *c = (struct command){.kind = kind, .account = 1, .at = at, .until = UTC_NONE};
    c->fact.until = UTC_NONE;
    return c;
}

static void group_person(struct group *g, struct desk *d, uint32_t n, uint32_t place)
{
    struct person_record *p = &g->person[g->people++];
    *p = desk_person_record(d, n);
    if (place != 0) p->place = desk_uid_text(d, place);
    struct command *c = group_add(g, COMMAND_PERSON, d->now);
    c->person = p;
    desk_uid(0x10000000 + n, c->uid);
}

static struct command *group_fact(struct group *g, utc_sec at, uint32_t person, uint32_t uid, struct fact f)
{
    struct command *c = group_add(g, COMMAND_FACT, at);
    c->fact = f;
    c->fact.until = UTC_NONE;
    desk_uid(person, c->subject_uid);
    desk_uid(uid, c->uid);
    return c;
}

// A person with a first symptom and a positive result, `ago` seconds before.
static void group_case(struct group *g, struct desk *d, uint32_t n, uint32_t place, int64_t ago)
{
    group_person(g, d, n, place);
    (void)group_fact(g, d->now, n, 0x20000000 + n, (struct fact){.kind = EVENT_SYMPTOM, .happened = {d->now.s - ago}});
    (void)group_fact(g, d->now, n, 0x30000000 + n,
                     (struct fact){.kind = EVENT_RESULT,
                                   .happened = {d->now.s - ago + DAY_S},
                                   .word = SPECIMEN_OROPHARYNGEAL,
                                   .test = TEST_PCR,
                                   .outcome = OUTCOME_POSITIVE});
    (void)group_fact(g, d->now, n, 0x40000000 + n,
                     (struct fact){.kind = EVENT_CLASSIFIED, .happened = {d->now.s - ago + DAY_S + 1800}, .word = EVENT_CONFIRMED});
    (void)group_fact(g, d->now, n, 0x50000000 + n,
                     (struct fact){.kind = EVENT_ISOLATED, .happened = {d->now.s - ago + DAY_S + 3600}});
}

// How many were taken; what was refused is said.
static size_t group_take(struct group *g, struct desk *d)
{
    size_t good = 0;
    d->problems = (struct problem_list){.arena = &d->arena};
    for (size_t i = 0; i < g->count; i++) g->out[i] = (struct intake_outcome){.problems = &d->problems};
    tong_code code = intake_take(d->in, g->c, g->count, g->out, &d->err);
    if (code != TONG_OK) (void)printf("# intake: %s\n", d->err.text);
    for (size_t i = 0; i < g->count && code == TONG_OK; i++) good += g->out[i].code == TONG_OK;
    if (good != g->count && d->problems.count > 0)
        (void)printf("# %s %s\n", d->problems.items[0].message->slug,
                     d->problems.items[0].arg[0] == NULL ? "" : d->problems.items[0].arg[0]);
    g->count = g->people = 0;
    return good;
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// One uid given twice in the group that makes the person: the same is not doubled, another is refused, the rest is taken.
static void test_uid_twice(const struct engine *e)
{
    struct desk d;
    struct group *g = calloc(1, sizeof *g);
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    const struct fact well = {.kind = EVENT_SEEN_WELL, .happened = {d.now.s - 60}}, ill = {.kind = EVENT_SEEN_ILL, .happened = {d.now.s - 60}};
    group_person(g, &d, 1, 0);
    (void)group_fact(g, d.now, 1, 0x20000001, well);
    (void)group_fact(g, d.now, 1, 0x20000001, well);
    (void)group_fact(g, d.now, 1, 0x20000001, ill);
    (void)group_fact(g, d.now, 1, 0x20000002, ill);
    EQ_INT((int64_t)group_take(g, &d), 4, "all but one are taken");
    OK(g->out[2].repeated && g->out[2].fact == g->out[1].fact, "the same once more is the same");
    EQ_INT(g->out[3].code, TONG_E_CONFLICT, "something else under the uid");
    OK(desk_says(&d, "uid-taken"), "is refused, and it is said why");
    EQ_INT(desk_number(&d, "SELECT count(*) FROM fact WHERE kind IN (7, 8, 9, 20)"),
           desk_number(&d, "SELECT count(DISTINCT uid) FROM fact WHERE kind IN (7, 8, 9, 20)"), "nothing is doubled");
    desk_rebuild(&d, "with a uid given twice");
    desk_verify(&d, "with a uid given twice");
    desk_close(&d);
    free(g);
}

// Days of work in one call: time passes between its commands as if each had come in its time, in few transactions.
static void test_time_within(const struct engine *e)
{
    enum { PEOPLE = 12, HOURS = 60 };
    int64_t facts[2], tasks[2], sum[2], heads[2];
    for (int32_t turn = 0; turn < 2; turn++) { // together, and one by one
        struct engine own = *e;
        struct desk d = {.e = &own, .now = {1660000000}};
        char where[ENGINE_PATH];
        struct group *g = calloc(1, sizeof *g);
        (void)snprintf(where, sizeof where, "%s/turn%d.db", e->folder, (int)turn);
        (void)snprintf(d.vault, sizeof d.vault, "%s/turn%d.vault", e->folder, (int)turn);
        own.where = where;
        const struct intake_options options = {.where = where, .vault = d.vault};
        if (!OK(intake_open(&options, &d.in, &d.err) == TONG_OK, "opened") || !desk_edition(&d, "covid19-cn-9")) return;
        for (uint32_t n = 0; n < PEOPLE; n++) group_case(g, &d, 1000 + n, 0, 2 * DAY_S);
        for (uint32_t hour = 1; hour <= HOURS; hour++) {
            const utc_sec at = {d.now.s + hour * 3600};
            struct fact f = {.kind = hour % 9 == 0 ? EVENT_SEEN_ILL : EVENT_SEEN_WELL, .happened = {at.s - 60}};
            (void)group_fact(g, at, 1000 + hour % PEOPLE, 0x60000000 + hour, f);
        }
        int64_t before = desk_number(&d, "SELECT count(*) FROM chain");
        size_t count = g->count, good = 0;
        if (turn == 0) {
            good = group_take(g, &d);
        } else {
            struct command *all = g->c;
            for (size_t i = 0; i < count; i++) {
                struct intake_outcome out = {0};
                good += intake_take(d.in, &all[i], 1, &out, &d.err) == TONG_OK && out.code == TONG_OK;
            }
        }
        EQ_INT((int64_t)good, (int64_t)count, "all are taken");
        facts[turn] = desk_number(&d, "SELECT count(*) FROM fact");
        tasks[turn] = desk_number(&d, "SELECT count(*) FROM task");
        sum[turn] = desk_number(&d, "SELECT sum((id % 1000003) * (how + 1) + COALESCE(closed, 0) % 1000003) FROM task");
        heads[turn] = desk_number(&d, "SELECT count(*) FROM chain") - before;
        desk_rebuild(&d, turn == 0 ? "days in one call" : "one by one");
        desk_verify(&d, turn == 0 ? "days in one call" : "one by one");
        desk_close(&d);
        free(g);
    }
    EQ_INT(facts[0], facts[1], "the same facts");
    EQ_INT(tasks[0], tasks[1], "as many tasks");
    EQ_INT(sum[0], sum[1], "with the same ends");
    OK(heads[0] > 3 && heads[0] < heads[1], "time passed within: %d steps, not %d", (int)heads[0], (int)heads[1]);
}

static void test_one_place(const struct engine *e)
{
    struct desk d;
    struct group *g = calloc(1, sizeof *g);
    uint32_t many = getenv("BULK_CASES") == NULL ? 300 : (uint32_t)strtoul(getenv("BULK_CASES"), NULL, 10);
    const int64_t apart = many > 300 ? 1 : 300; // so that no day passes: that costs something for each of them
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    (void)desk_place(&d, 100, 0, PLACE_KIND_CITY);
    (void)desk_place(&d, 101, 100, PLACE_KIND_DISTRICT);
    double begun = seconds();
    uint32_t since = 0;
    for (uint32_t n = 0; n < many; n++) {
        d.now.s += apart;
        group_case(g, &d, 1000 + n, 101, 20 * DAY_S);
        if (g->count + PER_CASE <= 1000 && n + 1 < many) continue;
        size_t count = g->count;
        EQ_INT((int64_t)group_take(g, &d), (int64_t)count, "taken, up to %u", n);
        if ((n + 1) % (many / 10) < 250) (void)printf("# %u: %.0f us each\n", n + 1, (seconds() - begun) / (n + 1 - since) * 1e6);
        since = n + 1;
        begun = seconds();
    }
    (void)printf("# enrolments %d, of places %d, with class %d, links %d, facts %d, tasks of the place %d, asked %d\n",
                 (int)desk_number(&d, "SELECT count(*) FROM enrolment"),
                 (int)desk_number(&d, "SELECT count(*) FROM enrolment JOIN place ON place.id = subject"),
                 (int)desk_number(&d, "SELECT count(*) FROM enrolment WHERE class <> 255"),
                 (int)desk_number(&d, "SELECT count(*) FROM link"), (int)desk_number(&d, "SELECT count(*) FROM fact"),
                 (int)desk_number(&d, "SELECT count(*) FROM task JOIN place ON place.id = subject"),
                 (int)desk_number(&d, "SELECT count(*) FROM task WHERE enrolment IS NULL"));
    if (many <= 1000) desk_rebuild(&d, "with many cases in one place");
    desk_close(&d);
    free(g);
}

// People who live in a district itself, in a house of it, or nobody knows where; facts late, corrected, taken back. The
// working set is forgotten after every group, so that everything is fetched again.
static void test_anywhere(const struct engine *e)
{
    struct desk d = {.e = e, .now = {1660000000}};
    struct group *g = calloc(1, sizeof *g);
    uint32_t seed = getenv("BULK_SEED") == NULL ? 1 : (uint32_t)strtoul(getenv("BULK_SEED"), NULL, 10), uid = 0x60000000;
    (void)snprintf(d.vault, sizeof d.vault, "%s/t.db.vault", e->folder);
    const struct intake_options options = {.where = e->where, .vault = d.vault, .bytes_max = getenv("BULK_BYTES") == NULL ? 1 : 0};
    if (!OK(intake_open(&options, &d.in, &d.err) == TONG_OK, "opened") || !desk_edition(&d, "covid19-cn-9")) return;
    (void)desk_place(&d, 100, 0, PLACE_KIND_CITY);
    (void)desk_place(&d, 101, 100, PLACE_KIND_DISTRICT);
    (void)desk_place(&d, 102, 101, PLACE_KIND_COMMUNITY);
    static const uint32_t homes[] = {101, 102, 0, 100};
    static const uint8_t kinds[] = {EVENT_SYMPTOM, EVENT_RESULT, EVENT_CLASSIFIED, EVENT_SEEN_ILL, EVENT_ISOLATED, EVENT_DONE, EVENT_RETRACTED,
                                    EVENT_RETRACTED, EVENT_DISCHARGED, EVENT_CONTACT_NAMED};
    static const uint8_t classes[] = {EVENT_SUSPECTED, EVENT_CONFIRMED, EVENT_ASYMPTOMATIC, EVENT_DISCARDED};
    enum { PEOPLE = 40, ROUNDS = 1500 };
    uint32_t last[PEOPLE][8] = {{0}};
    for (uint32_t n = 0; n < PEOPLE; n++) group_person(g, &d, 1000 + n, homes[n % 4]);
    (void)group_take(g, &d);
    int32_t conflicts = 0;
    for (int32_t round = 0; round < ROUNDS; round++) {
        seed = seed * 1664525u + 1013904223u;
        uint32_t r = seed >> 8, who = r % PEOPLE, k = r / 64 % 8;
        struct fact f = {.kind = kinds[r / 7 % 10], .happened = {d.now.s - (int64_t)(r / 3 % 30) * DAY_S}};
        if (f.kind == EVENT_RESULT) {
            f.word = SPECIMEN_OROPHARYNGEAL;
            f.test = TEST_PCR;
            f.outcome = r / 5 % 3 == 0 ? OUTCOME_NEGATIVE : OUTCOME_POSITIVE;
        }
        if (f.kind == EVENT_CLASSIFIED) f.word = classes[r / 11 % 4];
        struct command *c = group_fact(g, d.now, 1000 + who, ++uid, f);
        if (f.kind == EVENT_CONTACT_NAMED) {
            desk_uid(1000 + (who + 1 + r / 13 % 5) % PEOPLE, c->link_uid);
            c->fact.until = f.happened;
        }
        if (f.kind == EVENT_RETRACTED) {
            c->fact.happened = d.now;
            desk_uid(last[who][k], c->replaces_uid);
        } else {
            last[who][k] = uid;
        }
        if (g->count < 20) continue;
        size_t count = g->count;
        (void)group_take(g, &d);
        for (size_t i = 0; i < count; i++) {
            if (g->out[i].code == TONG_OK || g->out[i].code == TONG_E_NOT_FOUND) continue;
            bool own = desk_says(&d, "not-taken");
            conflicts += own;
            for (size_t p = 0; p < d.problems.count && own; p++)
                if (strcmp(d.problems.items[p].message->slug, "not-taken") == 0)
                    (void)printf("# kind %d: %s\n", (int)g->c[i].fact.kind, d.problems.items[p].arg[0]);
        }
        d.now.s += 3600 * (r % 40);
        if (!OK(intake_advance(d.in, d.now, &d.err) == TONG_OK, "time passes: %s", d.err.text)) break;
    }
    EQ_INT(conflicts, 0, "nothing contradicts what is stored");
    desk_rebuild(&d, "wherever they live");
    desk_verify(&d, "wherever they live");
    desk_close(&d);
    free(g);
}

static double wall(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define EDITIONS_TOLD "SELECT count(*) FROM fact WHERE kind = 52"
_Static_assert(EVENT_EDITION == 52, "the statement names it by number");

// A new edition while very many are followed: others write between the slices, and a server that dies goes on where it was.
static void test_edition_in_slices(const struct engine *e)
{
    struct desk d;
    struct group *g = calloc(1, sizeof *g);
    uint32_t many = getenv("BULK_OPEN") == NULL ? 3200 : (uint32_t)strtoul(getenv("BULK_OPEN"), NULL, 10);
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    for (uint32_t n = 0; n < many; n++) {
        group_case(g, &d, 1000 + n, 0, 5 * DAY_S);
        if (g->count + PER_CASE > GROUP_MAX || n + 1 == many) (void)group_take(g, &d);
    }
    int64_t open = desk_number(&d, "SELECT count(DISTINCT subject) FROM enrolment WHERE ended IS NULL AND stage <> 255");
    OK(open >= (int64_t)many, "%d are followed", (int)open);
    (void)desk_edition(&d, "covid19-cn-20");
    int64_t told = desk_number(&d, EDITIONS_TOLD);
    OK(told > 0 && told < (int64_t)many, "it is in force, and %d of them are told", (int)told);
    double begun = wall();
    struct fact f = {.kind = EVENT_SEEN_ILL, .happened = {d.now.s - 60}};
    f.subject = desk_number(&d, "SELECT max(id) FROM person"); // the last to be told
    (void)desk_fact(&d, f);
    (void)printf("# another waited %.3f s\n", wall() - begun);
    int64_t now = desk_number(&d, EDITIONS_TOLD);
    OK(now > told && now < (int64_t)many, "another writes meanwhile: %d are told", (int)now);
    f.subject = desk_person(&d, 900);
    f.kind = EVENT_SYMPTOM;
    (void)desk_fact(&d, f);
    (void)desk_fact(&d, (struct fact){.kind = EVENT_RESULT, .subject = f.subject, .happened = d.now, .word = SPECIMEN_OROPHARYNGEAL,
                                      .test = TEST_PCR, .outcome = OUTCOME_POSITIVE});
    if (!desk_reopen(&d)) return;
    OK(desk_number(&d, EDITIONS_TOLD) < (int64_t)many + 1, "it stopped in between");
    begun = wall();
    for (int32_t i = 0; i < 10 + (int32_t)many / 1000; i++) {
        d.now.s += 1;
        CHECK(intake_advance(d.in, d.now, &d.err) == TONG_OK, "it goes on: %s", d.err.text);
    }
    (void)printf("# the rest took %.1f s\n", wall() - begun);
    EQ_INT(desk_number(&d, EDITIONS_TOLD), open, "all who were followed are told, each once");
    EQ_INT(desk_number(&d, "SELECT count(*) FROM enrolment WHERE ended IS NULL AND stage <> 255 AND edition = 0"), 0,
           "nobody is followed under the old one");
    if (many <= 5000) desk_rebuild(&d, "after a change of edition");
    desk_verify(&d, "after a change of edition");
    desk_close(&d);
    free(g);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "a uid twice", test_uid_twice);
    engine_sqlite("time within a group", test_time_within);
    engine_sqlite("many cases in one place", test_one_place);
    engine_sqlite("wherever they live", test_anywhere);
    engine_sqlite("a new edition for many", test_edition_in_slices);
    engines_close(&engines);
    return tap_done();
}
