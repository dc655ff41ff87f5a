// bench_intake.c -- what the one writer takes: ./dev bench intake
//
// Case rows as an import brings them (a new person, their home, three facts, the enrolment, tasks and the measure that follow),
// a day's follow-ups, and single commands one after the other, each durable before the next. SQLite on the disk of the
// working directory; no list in memory (a roll costs some microseconds a row more).
#include "intake/intake.h"
#include "store/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 20000, GROUP = 1000, SINGLE = 300, PER_ROW = 4 };
static const double goal_rows = 8000, goal_follow_ups = 10000;

static double clock_s(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double now_s(void)
{
    return clock_s(CLOCK_MONOTONIC);
}

struct took { // since when; both clocks, for a busy machine
    double wall, processor;
};

static struct took took_begin(void)
{
    return (struct took){now_s(), clock_s(CLOCK_PROCESS_CPUTIME_ID)};
}

struct texts { // of one person
    struct person_record record;
    char uid[UID_TEXT], name[40], phone[20];
};

struct bench {
    struct intake *in;
    struct command *commands;
    struct intake_outcome *out;
    struct texts *texts;
    utc_sec at;
    uint32_t number; // of uids
};

static void uid_of(unsigned char uid[UID_BYTES], uint8_t what, uint32_t number)
{
    memset(uid, 0, UID_BYTES);
    uid[0] = 1;
    uid[6] = 0x70;
    uid[8] = 0x80;
    uid[9] = what;
    for (int32_t i = 0; i < 4; i++) uid[15 - i] = (unsigned char)(number >> (8 * i));
}

static bool failed(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "%s: %s\n", what, err->text);
    return false;
}

static bool take(struct bench *b, size_t count)
{
    struct err err = {0};
    for (size_t i = 0; i < count; i++) b->out[i] = (struct intake_outcome){0};
    if (intake_take(b->in, b->commands, count, b->out, &err) != TONG_OK) return failed("taking", &err);
    for (size_t i = 0; i < count; i++)
        if (b->out[i].code != TONG_OK) {
            (void)snprintf(err.text, sizeof err.text, "command %zu of kind %d: %s", i, (int)b->commands[i].kind,
                           err_slug(b->out[i].code));
            return failed("refused", &err);
        }
    return true;
}

static bool editions(struct bench *b, const char *folder)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/covid19-cn-9.yaml", folder);
    FILE *f = fopen(path, "rb");
    char *text = malloc(1 << 20);
    size_t n = f == NULL || text == NULL ? 0 : fread(text, 1, 1 << 20, f);
    if (f != NULL) (void)fclose(f);
    b->commands[0] = (struct command){.kind = COMMAND_EDITION_PROPOSE, .account = 1, .at = b->at, .text = {text, n}};
    for (int64_t k = 1; k <= 2; k++)
        b->commands[k] = (struct command){.kind = COMMAND_EDITION_SIGN, .account = k, .at = b->at, .about = 0};
    bool good = take(b, 3);
    free(text);
    return good;
}

static struct command fact_of(const struct bench *b, uint32_t person, uint8_t kind, int64_t before)
{
    struct command c = {.kind = COMMAND_FACT, .account = 1, .at = b->at};
    c.fact = (struct fact){.kind = kind, .happened = {b->at.s - before}, .known = b->at, .until = UTC_NONE};
    uid_of(c.subject_uid, 1, person);
    return c;
}

// A case row: who, first symptom, positive result, isolated.
static void row(struct bench *b, size_t i, uint32_t person)
{
    struct texts *t = &b->texts[i];
    struct command *c = &b->commands[i * PER_ROW];
    unsigned char uid[UID_BYTES];
    uid_of(uid, 1, person);
    uid_format(uid, t->uid);
    (void)snprintf(t->name, sizeof t->name, "Person %u", person);
    (void)snprintf(t->phone, sizeof t->phone, "139%08u", person);
    t->record = person_record_none();
    t->record.uid = str_z(t->uid);
    t->record.name = str_z(t->name);
    t->record.phone = str_z(t->phone);
    t->record.born.d = 3650 + (int32_t)(person % 15000);
    c[0] = (struct command){.kind = COMMAND_PERSON, .account = 1, .at = b->at, .person = &t->record};
    c[1] = fact_of(b, person, EVENT_SYMPTOM, 2 * 86400);
    c[2] = fact_of(b, person, EVENT_RESULT, 86400);
    c[2].fact.word = SPECIMEN_OROPHARYNGEAL;
    c[2].fact.test = TEST_PCR;
    c[2].fact.outcome = OUTCOME_POSITIVE;
    c[3] = fact_of(b, person, EVENT_ISOLATED, 3600);
    for (size_t k = 0; k < PER_ROW; k++) uid_of(c[k].uid, 2, b->number++);
}

static bool import(struct bench *b, uint32_t first, uint32_t rows)
{
    for (uint32_t at = 0; at < rows; at += GROUP) {
        for (uint32_t i = 0; i < GROUP; i++) row(b, i, first + at + i);
        if (!take(b, GROUP * PER_ROW)) return false;
    }
    return true;
}

static bool follow_ups(struct bench *b, uint32_t first, uint32_t count)
{
    for (uint32_t at = 0; at < count; at += GROUP) {
        for (uint32_t i = 0; i < GROUP; i++) {
            b->commands[i] = fact_of(b, first + at + i, EVENT_SEEN_WELL, 60);
            uid_of(b->commands[i].uid, 2, b->number++);
        }
        if (!take(b, GROUP)) return false;
    }
    return true;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool singles(struct bench *b, uint32_t first)
{
    double ms[SINGLE];
    for (uint32_t i = 0; i < SINGLE; i++) {
        b->commands[0] = fact_of(b, first + i * 7, EVENT_SEEN_WELL, 30);
        uid_of(b->commands[0].uid, 2, b->number++);
        double began = now_s();
        if (!take(b, 1)) return false;
        ms[i] = (now_s() - began) * 1e3;
    }
    qsort(ms, SINGLE, sizeof ms[0], by_size);
    printf("  one command, durable                 p50 %.2f ms, p99 %.2f ms\n", ms[SINGLE / 2], ms[SINGLE * 99 / 100]);
    return true;
}

static bool told(const char *what, double count, struct took from, double goal)
{
    double wall = now_s() - from.wall, processor = clock_s(CLOCK_PROCESS_CPUTIME_ID) - from.processor;
    bool reached = count / wall >= goal;
    printf("  %-30s %8.0f a second (%.0f us each, %.0f of the processor)", what, count / wall, wall / count * 1e6,
           processor / count * 1e6);
    if (goal > 0) printf("   goal %.0f: %s", goal, reached ? "reached" : "MISSED");
    printf("\n");
    return reached;
}

static bool run(struct bench *b, const char *protocols, bool *reached)
{
    if (!editions(b, protocols)) return false;
    struct took began = took_begin();
    if (!import(b, 1, ROWS)) return false;
    *reached = told("case rows imported", ROWS, began, goal_rows) && *reached;
    b->at.s += 86400;
    began = took_begin();
    struct err err = {0};
    if (intake_advance(b->in, b->at, &err) != TONG_OK) return failed("advancing", &err);
    (void)told("a day passes, enrolments", ROWS, began, 0);
    began = took_begin();
    if (!follow_ups(b, 1, ROWS)) return false;
    *reached = told("follow-ups", ROWS, began, goal_follow_ups) && *reached;
    b->at.s += 60;
    return singles(b, 1);
}

int main(void)
{
    char folder[] = "bench_intake.XXXXXX", where[80], path[120];
    const char *given = getenv("TONGZHOU_PROTOCOLS");
    static const char *const ends[] = {"", "-wal", "-shm", ".vault", ".writer"};
    if (mkdtemp(folder) == NULL) return 1;
    (void)snprintf(where, sizeof where, "%s/d.db", folder);
    struct bench b = {.at = {1656633600}};
    b.commands = calloc((size_t)GROUP * PER_ROW, sizeof *b.commands);
    b.out = calloc((size_t)GROUP * PER_ROW, sizeof *b.out);
    b.texts = calloc(GROUP, sizeof *b.texts);
    struct err err = {0};
    const struct intake_options options = {.where = where};
    bool good = b.commands != NULL && b.out != NULL && b.texts != NULL, reached = true;
    if (good && intake_open(&options, &b.in, &err) != TONG_OK) good = failed("opening", &err);
    printf("intake: %d case rows in groups of %d, one writer thread\n", ROWS, GROUP);
    good = good && run(&b, given == NULL ? "protocols" : given, &reached);
    intake_close(b.in);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", where, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
    free(b.commands);
    free(b.out);
    free(b.texts);
    return good && reached ? 0 : 1;
}
