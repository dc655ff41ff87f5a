// bench_response.c -- what the response core costs: ./dev bench response
//
// The protocol is the shipped 9th edition. People do their work: checks and samples are answered, results come, orders are
// signed and renewed; one in ten is left alone. Only the passing of the days is timed where days are counted, only the
// facts where facts are. Every figure is the median of RUNS runs; the decisions are written to a buffer and summed, so that
// nothing can be left out. Beside it the same rules written by hand (by_hand.h), which decide the same
// (tests/response/test_by_hand.c).
#include "by_hand.h"

#include "base/limits.h"
#include "protocol/read.h"
#include "response/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 7, PEOPLE = 60000, DAYS = 16, ROOM = 8192, DAY_S = 86400, HOUR_S = 3600, UTC_AHEAD = 8 };
static const civil_day base = {19174}; // 2022-07-01

struct bench {
    const struct protocol *p;
    const struct rulebook *book;
    struct by_hand_numbers numbers;
    struct enrolment *core;
    struct by_hand *hand;
    struct decision *buffer;
    uint64_t sum; // of decisions, so that none can be optimised away
    int64_t id;
};

struct figure_run { // one run of one measurement
    double seconds;
    int64_t units, decisions;
};

// Seconds of processor time of this program, which other work on the machine does not change much.
static double clock_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static utc_sec at(int32_t day, int32_t hour)
{
    return (utc_sec){(int64_t)(base.d + day) * DAY_S + (hour - UTC_AHEAD) * HOUR_S};
}

static by_hand_kind kind_of(uint32_t i)
{
    return i % 10 < 6 ? BY_HAND_CONTACT : i % 10 < 9 ? BY_HAND_SECOND : BY_HAND_ZONE;
}

static void take(struct bench *b, struct decisions *out, struct figure_run *run)
{
    if (out->count > 0) b->sum += (uint64_t)out->items[out->count - 1].at.s + out->items[0].what;
    run->decisions += (int64_t)out->count;
    out->count = 0;
}

// ---- the facts of a day, the same for both ----

enum { DAY_FACTS = 8 };

static struct fact fact_of(struct bench *b, uint32_t i, event_word kind, utc_sec when)
{
    return (struct fact){.id = ++b->id,
                         .subject = i,
                         .happened = when,
                         .until = UTC_NONE,
                         .known = when,
                         .recorded = when,
                         .kind = (uint8_t)kind};
}

static size_t order_facts(struct bench *b, uint32_t i, int32_t day, uint8_t measure, struct fact *out)
{
    out[0] = fact_of(b, i, EVENT_ORDERED, at(day, 8));
    out[0].name = b->numbers.measure_name[measure];
    out[0].signer = 2 * day + 1; // ever new people
    out[0].second = 2 * day + 2;
    out[1] = fact_of(b, i, EVENT_STARTED, at(day, 8));
    return 2;
}

static size_t opening_facts(struct bench *b, uint32_t i, struct fact *out)
{
    by_hand_kind kind = kind_of(i);
    out[0] = fact_of(b, i, kind == BY_HAND_ZONE ? EVENT_NEW_CASE : EVENT_EXPOSED, at(0, 7));
    out[0].word = EXPOSURE_HOUSEHOLD;
    out[0].flags = kind == BY_HAND_SECOND ? FACT_OF_CONTACT : 0;
    uint8_t measure = kind == BY_HAND_CONTACT ? 0 : kind == BY_HAND_SECOND ? 1 : 3;
    return 1 + order_facts(b, i, 0, measure, out + 1);
}

static size_t day_facts(struct bench *b, uint32_t i, int32_t day, struct fact *out)
{
    by_hand_kind kind = kind_of(i);
    size_t n = 0;
    if (i % 97 % 10 == 0) return 0; // left alone
    if (kind == BY_HAND_ZONE) {
        n += order_facts(b, i, day, day < 8 ? 3 : 4, out);
        out[n++] = fact_of(b, i, EVENT_ROUND_NEGATIVE, at(day, 20));
        return n;
    }
    if (day == 1 && kind == BY_HAND_SECOND) {
        out[n++] = fact_of(b, i, EVENT_LINKED_NEGATIVE, at(day, 1));
        out[n++] = fact_of(b, i, EVENT_LINKED_NEGATIVE, at(day, 2));
    }
    if (day == 8) n += order_facts(b, i, day, kind == BY_HAND_CONTACT ? 2 : 1, out + n);
    out[n++] = fact_of(b, i, EVENT_SAMPLED, at(day, 9));
    out[n] = fact_of(b, i, EVENT_RESULT, at(day, 9));
    out[n++].outcome = OUTCOME_NEGATIVE;
    out[n++] = fact_of(b, i, EVENT_SEEN_WELL, at(day, 10));
    out[n++] = fact_of(b, i, EVENT_SEEN_WELL, at(day, 18));
    return n;
}

// ---- every day of everybody ----

static void core_tell(struct bench *b, uint32_t i, const struct fact *facts, size_t n, struct figure_run *run)
{
    struct decisions out = {b->buffer, 0, ROOM};
    for (size_t k = 0; k < n; k++) (void)respond(b->book, &b->core[i], &facts[k], &out);
    take(b, &out, run);
}

static void hand_tell(struct bench *b, uint32_t i, const struct fact *facts, size_t n, struct figure_run *run)
{
    struct decisions out = {b->buffer, 0, ROOM};
    for (size_t k = 0; k < n; k++) (void)by_hand_fact(&b->numbers, &b->hand[i], &facts[k], &out);
    take(b, &out, run);
}

static void open_all(struct bench *b, bool hand)
{
    struct figure_run ignored = {0, 0, 0};
    struct fact facts[DAY_FACTS];
    for (uint32_t i = 0; i < PEOPLE; i++) {
        size_t n = opening_facts(b, i, facts);
        if (hand) b->hand[i] = by_hand_new(i, kind_of(i));
        else b->core[i] = enrolment_new(i, 0, b->numbers.pathway[kind_of(i)], base);
        if (hand) hand_tell(b, i, facts, n, &ignored);
        else core_tell(b, i, facts, n, &ignored);
    }
}

static struct figure_run run_days(struct bench *b, bool hand)
{
    struct figure_run run = {0, 0, 0}, ignored = {0, 0, 0};
    struct decisions out = {b->buffer, 0, ROOM};
    struct fact facts[DAY_FACTS];
    open_all(b, hand);
    for (int32_t day = 1; day <= DAYS; day++) {
        double begin = clock_now();
        for (uint32_t i = 0; i < PEOPLE; i++) {
            if (hand ? !by_hand_is_open(&b->hand[i]) : !enrolment_is_open(&b->core[i])) continue;
            if (hand) by_hand_until(&b->numbers, &b->hand[i], at(day, 0), &out);
            else respond_until(b->book, &b->core[i], at(day, 0), &out);
            take(b, &out, &run);
            run.units++;
        }
        run.seconds += clock_now() - begin;
        for (uint32_t i = 0; i < PEOPLE; i++) {
            if (hand ? !by_hand_is_open(&b->hand[i]) : !enrolment_is_open(&b->core[i])) continue;
            size_t n = day_facts(b, i, day, facts);
            if (hand) hand_tell(b, i, facts, n, &ignored);
            else core_tell(b, i, facts, n, &ignored);
        }
    }
    return run;
}

static struct figure_run run_core_days(struct bench *b)
{
    return run_days(b, false);
}

static struct figure_run run_hand_days(struct bench *b)
{
    return run_days(b, true);
}

// ---- idle days: contacts who are only advised, from one thing due to the next ----

static struct figure_run run_idle(struct bench *b)
{
    struct figure_run run = {0, 0, 0};
    struct decisions out = {b->buffer, 0, ROOM};
    uint8_t pathway = protocol_pathway(b->p, STR("general"));
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct fact met = fact_of(b, i, EVENT_EXPOSED, at(0, 7));
        met.name = b->p->pathways[pathway].name_id;
        b->core[i] = enrolment_new(i, 0, pathway, base);
        core_tell(b, i, &met, 1, &run);
    }
    run.decisions = 0;
    double begin = clock_now();
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct enrolment *e = &b->core[i];
        while (enrolment_is_open(e) && e->next_min != ENROLMENT_NEVER) {
            respond_until(b->book, e, (utc_sec){(int64_t)e->next_min * 60}, &out);
            take(b, &out, &run);
        }
        run.units += ((int64_t)e->last_min * 60 - at(0, 0).s) / DAY_S;
    }
    run.seconds = clock_now() - begin;
    return run;
}

// ---- facts ----

static struct figure_run run_facts(struct bench *b)
{
    struct figure_run run = {0, 0, 0};
    static struct fact facts[PEOPLE][DAY_FACTS];
    static uint8_t counts[PEOPLE];
    open_all(b, false);
    for (int32_t day = 1; day <= DAYS; day++) {
        for (uint32_t i = 0; i < PEOPLE; i++)
            counts[i] = enrolment_is_open(&b->core[i]) ? (uint8_t)day_facts(b, i, day, facts[i]) : 0;
        double begin = clock_now(); // the days that pass in between belong to it
        for (uint32_t i = 0; i < PEOPLE; i++) {
            core_tell(b, i, facts[i], counts[i], &run);
            run.units += counts[i];
        }
        run.seconds += clock_now() - begin;
    }
    return run;
}

// One close contact's history up to a day, as it would be kept: in the order in which it became known.
static size_t history(struct bench *b, uint32_t i, int32_t days, struct fact *out)
{
    size_t n = opening_facts(b, i, out);
    for (int32_t day = 1; day <= days; day++) n += day_facts(b, i, day, out + n);
    return n;
}

// A result of the morning's sample becomes known in the evening: the whole history is folded again, and what is owed is
// what is desired now less what was said so far. Units: late facts, or with `each` the facts that were folded for them.
static struct figure_run run_late(struct bench *b, bool each)
{
    enum { LATE_PEOPLE = 2000, LATE_DAY = 7, FACTS = 128 };
    struct figure_run run = {0, 0, 0};
    struct fact facts[FACTS], prepared[FACTS];
    struct arena arena = {0};
    for (uint32_t i = 10; run.units < (each ? LATE_PEOPLE * FACTS / 4 : LATE_PEOPLE); i += 10) { // close contacts
        struct decisions issued = {NULL, 0, 0}, desired = {NULL, 0, 0};
        struct enrolment e = enrolment_new(i, 0, b->numbers.pathway[BY_HAND_CONTACT], base);
        size_t n = history(b, i, LATE_DAY, facts);
        if (n < 10) continue; // left alone
        utc_sec now = at(LATE_DAY, 20);
        memcpy(prepared, facts, n * sizeof *facts);
        size_t known = facts_prepare(prepared, n, now, UTC_NONE);
        if (fold(b->book, prepared, known, now, &e, &issued, &arena, NULL) != TONG_OK) exit(1);
        struct fact result = fact_of(b, i, EVENT_RESULT, at(LATE_DAY, 9));
        result.outcome = OUTCOME_NEGATIVE;
        result.known = now;
        facts[n++] = result;
        struct decisions owed = {b->buffer, 0, ROOM};
        double begin = clock_now();
        memcpy(prepared, facts, n * sizeof *facts);
        known = facts_prepare(prepared, n, now, UTC_NONE);
        if (fold(b->book, prepared, known, now, &e, &desired, &arena, NULL) != TONG_OK) exit(1);
        fold_owed(b->book, &e, &desired, &issued, now, result.id, &owed);
        run.seconds += clock_now() - begin;
        take(b, &owed, &run);
        run.units += each ? (int64_t)known : 1;
        arena_free(&arena);
    }
    return run;
}

static struct figure_run run_late_facts(struct bench *b)
{
    return run_late(b, false);
}

static struct figure_run run_refolded(struct bench *b)
{
    return run_late(b, true);
}

// ---- printing ----

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

// Median of units a second; *decisions of decisions a unit.
static double median(struct bench *b, struct figure_run (*measure)(struct bench *), double *decisions)
{
    double rate[RUNS];
    (void)measure(b); // once to warm up
    for (int i = 0; i < RUNS; i++) {
        struct figure_run run = measure(b);
        rate[i] = (double)run.units / run.seconds;
        *decisions = (double)run.decisions / (double)run.units;
    }
    qsort(rate, RUNS, sizeof rate[0], compare_doubles);
    return rate[RUNS / 2];
}

// `most`: the goal is an upper bound.
static bool print_goal(const char *what, double measured, double goal, const char *unit, bool most)
{
    bool reached = most ? measured <= goal : measured >= goal;
    (void)printf("%-58s %8.2f / %5.2f %-7s = %5.2f  %s\n", what, measured, goal, unit, measured / goal,
                 reached ? "reached" : "MISSED");
    return reached;
}

static void print_figure(const char *what, double measured, const char *unit)
{
    (void)printf("%-58s %8.2f         %s\n", what, measured, unit);
}

static bool report(struct bench *b)
{
    double decisions = 0, by_hand = 0, unused = 0;
    (void)printf("one core, seconds of processor time, medians of %d runs; measured / goal = ratio\n", RUNS);
    double days = median(b, run_core_days, &decisions) / 1e6;
    double hand = median(b, run_hand_days, &by_hand) / 1e6;
    bool reached = print_goal("enrolment-days a second, every day evaluated", days, 5, "M/s", false);
    print_figure("  the same written by hand", hand, "M/s");
    reached = print_goal("  times slower than by hand", hand / days, 3, "", true) && reached;
    print_figure("  decisions a day", decisions, "");
    if (decisions < by_hand || decisions > by_hand) {
        (void)printf("by hand decides %g a day: the two do not do the same\n", by_hand);
        reached = false;
    }
    reached = print_goal("enrolment-days a second, idle days skipped", median(b, run_idle, &unused) / 1e6, 30, "M/s",
                         false) &&
              reached;
    reached =
        print_goal("facts a second, in order (days included)", median(b, run_facts, &unused) / 1e6, 1, "M/s", false) &&
        reached;
    reached = print_goal("facts a second, folded again for a late result", median(b, run_refolded, &unused) / 1e6, 1,
                         "M/s", false) &&
              reached;
    print_figure("  late results a second, on day 7 of a close contact", median(b, run_late_facts, &unused) / 1e6,
                 "M/s");
    reached = print_goal("bytes of an enrolment", (double)sizeof(struct enrolment), 64, "", true) && reached;
    return reached;
}

static tong_code open_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    (void)payload;
    FILE *f = fopen(path, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "there is no file %s", path);
    char *text = arena_alloc(arena, (size_t)LIMIT_PROTOCOL_BYTES);
    size_t n = text == NULL ? 0 : fread(text, 1, (size_t)LIMIT_PROTOCOL_BYTES, f);
    (void)fclose(f);
    if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for %s", path);
    *out = (struct str){text, n};
    return TONG_OK;
}

int main(void)
{
    const char *folder = getenv("TONGZHOU_PROTOCOLS");
    char path[1024];
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct protocol_source source = {open_file, NULL};
    struct protocol p;
    struct err err = {0};
    (void)snprintf(path, sizeof path, "%s/covid19-cn-9.yaml", folder == NULL || folder[0] == 0 ? "protocols" : folder);
    if (protocol_read(path, &source, &p, &problems, &err) != TONG_OK) {
        problem_print_all(&problems, LANG_EN, stderr);
        (void)fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    const struct protocol *editions[] = {&p};
    const struct rulebook book = {editions, 1};
    struct bench b = {.p = &p, .book = &book};
    b.core = malloc(PEOPLE * sizeof *b.core);
    b.hand = malloc(PEOPLE * sizeof *b.hand);
    b.buffer = malloc(ROOM * sizeof *b.buffer);
    bool ready = b.core != NULL && b.hand != NULL && b.buffer != NULL && by_hand_bind(&p, &b.numbers);
    bool reached = ready && report(&b);
    if (!ready) (void)fprintf(stderr, "the protocol is not the one that was written by hand, or memory is short\n");
    free(b.core);
    free(b.hand);
    free(b.buffer);
    protocol_free(&p);
    arena_free(&arena);
    return reached ? 0 : 1;
}
