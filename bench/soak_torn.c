// The power fails: intake in this process, on a file layer that loses, tears and reorders whatever was not synced.
#include "bench_http.h"
#include "soak.h"

#include "intake/rebuild.h"
#include "service/demo_load.h"
#include "store/person.h"
#include "store/torn_vfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TORN_PATH = 1024, TORN_GROUP = 12, TORN_PEOPLE = 40, TORN_OPERATIONS = 900 };

struct torn_soak {
    struct torn *torn;
    char store[TORN_PATH];
    struct soak_log log;
    struct rng rng;
    int64_t people[TORN_PEOPLE];
    int64_t time; // of the next command
    struct soak_totals totals;
};

static void torn_file(const struct torn_soak *s, const char *behind, char out[TORN_PATH + 16])
{
    (void)snprintf(out, TORN_PATH + 16, "%.1000s%.15s", s->store, behind);
}

static bool torn_text(const char *name, struct arena *arena, struct str *out)
{
    char path[TORN_PATH];
    const char *folder = getenv("TONGZHOU_PROTOCOLS");
    (void)snprintf(path, sizeof path, "%s/%s.yaml", folder == NULL ? "protocols" : folder, name);
    FILE *f = fopen(path, "rb");
    char *text = f == NULL ? NULL : arena_alloc(arena, (size_t)1 << 20);
    if (text != NULL) *out = (struct str){text, fread(text, 1, (size_t)1 << 20, f)};
    if (f != NULL) (void)fclose(f);
    if (text == NULL) (void)fprintf(stderr, "soak: %s cannot be read\n", path);
    return text != NULL;
}

static struct command torn_command(struct torn_soak *s, command_kind kind)
{
    struct command c;
    memset(&c, 0, sizeof c);
    c.kind = kind;
    c.at = c.fact.happened = c.fact.known = c.fact.recorded = (utc_sec){s->time};
    c.until = c.fact.until = UTC_NONE;
    return c;
}

static bool torn_one(struct intake *in, const struct command *c, struct intake_outcome *out)
{
    struct err err = {0};
    *out = (struct intake_outcome){0};
    tong_code code = intake_take(in, c, 1, out, &err);
    if (code != TONG_OK || out->code != TONG_OK) (void)fprintf(stderr, "soak: a command of the beginning was refused: %s\n", err.text);
    return code == TONG_OK && out->code == TONG_OK;
}

// An edition in force and some people; nothing fails yet.
static bool torn_begin(struct torn_soak *s, struct intake *in)
{
    struct arena arena = {0};
    struct intake_outcome out;
    struct command c = torn_command(s, COMMAND_EDITION_PROPOSE);
    bool good = torn_text("covid19-cn-9", &arena, &c.text);
    c.account = 1;
    good = good && torn_one(in, &c, &out);
    for (int64_t signer = 2; signer <= 3 && good; signer++) {
        struct command sign = torn_command(s, COMMAND_EDITION_SIGN);
        sign.account = signer;
        sign.about = good ? out.made : 0;
        struct intake_outcome signed_out;
        good = torn_one(in, &sign, &signed_out);
    }
    for (int32_t i = 0; i < TORN_PEOPLE && good; i++) {
        struct person_record p = person_record_none();
        unsigned char random[UID_RANDOM] = {0}, uid[UID_BYTES];
        char text[UID_TEXT], name[32];
        random[0] = (unsigned char)i;
        uid_make((utc_sec){s->time}, i, random, uid);
        uid_format(uid, text);
        (void)snprintf(name, sizeof name, "测试%d", i);
        p.uid = str_z(text);
        p.name = str_z(name);
        struct command person = torn_command(s, COMMAND_PERSON);
        person.person = &p;
        good = torn_one(in, &person, &out);
        s->people[i] = out.subject;
    }
    arena_free(&arena);
    return good;
}

// Facts that begin courses, and those that go on with them.
static void torn_fact(struct torn_soak *s, struct command *c)
{
    static const event_word kinds[] = {EVENT_SEEN_WELL, EVENT_EXPOSED, EVENT_SAMPLED, EVENT_SYMPTOM, EVENT_SEEN_WELL, EVENT_NOT_SEEN};
    *c = torn_command(s, COMMAND_FACT);
    c->account = 4;
    c->fact.subject = s->people[rng_below(&s->rng, TORN_PEOPLE)];
    c->fact.kind = (uint8_t)kinds[rng_below(&s->rng, sizeof kinds / sizeof kinds[0])];
    struct soak_sent *sent = soak_send(&s->log, &s->rng);
    memcpy(c->uid, sent->uid, UID_BYTES);
    s->time += rng_below(&s->rng, 600);
}

// Groups until the power fails. True when it did.
static bool torn_work(struct torn_soak *s, struct intake *in)
{
    for (int32_t group = 0; group < 4000 && !torn_crashed(s->torn); group++) {
        struct command commands[TORN_GROUP];
        struct intake_outcome out[TORN_GROUP];
        struct err err = {0};
        size_t count = 1 + rng_below(&s->rng, TORN_GROUP), first = s->log.count;
        for (size_t i = 0; i < count; i++) torn_fact(s, &commands[i]);
        memset(out, 0, sizeof out);
        tong_code code = intake_take(in, commands, count, out, &err);
        for (size_t i = 0; i < count && code == TONG_OK; i++) s->log.sent[first + i].acknowledged = out[i].code == TONG_OK;
        if (code == TONG_OK && rng_below(&s->rng, 10) == 0) {
            s->time += 3600 * 6;
            (void)!intake_advance(in, (utc_sec){s->time}, &err);
        }
    }
    return torn_crashed(s->torn);
}

static void torn_verify(struct torn_soak *s)
{
    char keys[TORN_PATH + 16], scratch[TORN_PATH + 16];
    struct soak_found found;
    struct vault *v = NULL;
    struct err err = {0};
    torn_file(s, ".vault", keys);
    torn_file(s, ".scratch", scratch);
    if (soak_look(s->store, &s->log, &found)) soak_add(&s->totals, &found);
    else s->totals.failed++;
    struct chain_report chain = {0};
    tong_code code = vault_open(keys, false, &v, &err);
    if (code == TONG_OK) code = chain_verify_at(s->store, v, 1, &chain, &err);
    vault_close(v);
    if (code != TONG_OK || chain.bad > 0) s->totals.chain_bad++;
    struct rebuild_report rebuilt = {0};
    const struct rebuild_options options = {.where = s->store, .scratch = scratch};
    (void)unlink(scratch);
    if (code == TONG_OK) code = rebuild_check(&options, &rebuilt, &err);
    if (code != TONG_OK || rebuilt.differences > 0) {
        if (s->totals.rebuild_bad++ == 0) {
            struct arena arena = {0};
            const char *text = rebuilt.differences > 0 ? rebuild_text(&rebuilt.shown[0], LANG_EN, &arena) : err.text;
            (void)fprintf(stderr, "soak: rebuild: %s\n", text == NULL ? "" : text);
            arena_free(&arena);
        }
    }
}

static struct intake *torn_open_intake(struct torn_soak *s)
{
    struct intake *in = NULL;
    struct err err = {0};
    const struct intake_options options = {.where = s->store};
    if (intake_open(&options, &in, &err) != TONG_OK) {
        (void)fprintf(stderr, "soak: the store does not open: %s\n", err.text);
        s->totals.failed++;
        return NULL;
    }
    return in;
}

static void torn_run(struct torn_soak *s, bool check)
{
    struct intake *in = torn_open_intake(s);
    if (in == NULL) return;
    torn_crash_after(s->torn, 1 + rng_below(&s->rng, TORN_OPERATIONS));
    if (!torn_work(s, in)) torn_crash(s->torn);
    intake_close(in);
    torn_settle(s->torn);
    s->totals.runs++;
    if (check) torn_verify(s);
}

// A disk that refuses: the group fails as a whole, and the next one is taken once the disk is well again.
static bool torn_refuse(struct torn_soak *s, torn_fault fault, const char *name)
{
    struct intake *in = torn_open_intake(s);
    if (in == NULL) return false;
    struct err err = {0};
    struct command c;
    struct intake_outcome out = {0};
    int32_t refused = 0;
    torn_fail(s->torn, fault, 0);
    // What the log of the database has room for already it still takes; then no more. Long notes use the room up.
    static char note[3900];
    memset(note, 'n', sizeof note);
    for (int32_t i = 0; i < 600 && refused < 20; i++) {
        torn_fact(s, &c);
        c.note = (struct str){note, sizeof note};
        out = (struct intake_outcome){0};
        tong_code code = intake_take(in, &c, 1, &out, &err);
        bool good = code == TONG_OK && out.code == TONG_OK;
        refused += good ? 0 : 1;
        s->log.sent[s->log.count - 1].acknowledged = good;
    }
    torn_fail(s->torn, TORN_SOUND, 0);
    int32_t taken = 0;
    for (int32_t i = 0; i < 20; i++) {
        torn_fact(s, &c);
        out = (struct intake_outcome){0};
        if (intake_take(in, &c, 1, &out, &err) != TONG_OK || out.code != TONG_OK) continue;
        taken++;
        s->log.sent[s->log.count - 1].acknowledged = true;
    }
    intake_close(in);
    torn_verify(s);
    (void)printf("%s: %d facts refused, then %d of 20 taken by the same writer: %s\n", name, refused, taken,
                 refused == 20 && taken == 20 ? "good" : "NOT GOOD");
    return refused == 20 && taken == 20;
}

bool soak_torn(const char *folder, int32_t runs)
{
    static struct torn_soak soak;
    struct torn_soak *s = &soak;
    double begun = http_now();
    *s = (struct torn_soak){.rng = rng_stream((uint64_t)time(NULL), 0, 0, 0, 2), .time = 1656633600};
    s->torn = torn_open(rng_u64(&s->rng));
    if (s->torn == NULL) return false;
    (void)mkdir(folder, 0777);
    (void)snprintf(s->store, sizeof s->store, "%.900s/torn-%ld.db", folder, (long)getpid());
    struct intake *in = torn_open_intake(s);
    bool good = in != NULL && torn_begin(s, in);
    intake_close(in);
    s->log.before = soak_last_fact(s->store);
    for (int32_t i = 0; i < runs && good && s->totals.failed == 0; i++) torn_run(s, true);
    good = good && torn_refuse(s, TORN_FULL, "disk full");
    good = good && torn_refuse(s, TORN_READ_ONLY, "read-only disk");
    s->totals.sent = (int64_t)s->log.count;
    struct torn_counts counts = torn_count(s->torn);
    soak_print("power cuts", &s->totals, http_now() - begun);
    (void)printf("  (%lld sectors were pending at the cuts, %lld of them lost a write)\n", (long long)counts.sectors, (long long)counts.dropped);
    torn_close(s->torn);
    static const char *const behind[] = {"", "-wal", "-shm", "-writer", ".vault", ".scratch"};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0] && good && soak_good(&s->totals); i++) {
        char path[TORN_PATH + 16];
        torn_file(s, behind[i], path);
        (void)unlink(path);
    }
    free(s->log.sent);
    return good && soak_good(&s->totals);
}
