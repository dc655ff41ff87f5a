// The response inside a simulated epidemic: the same protocol file, finite staff, people who comply or do not; and the
// limits it puts on the spread.
#include "tap.h"

#include "../protocol/files.h"
#include "twin/drill.h"

enum { PERSONS = 4000, DAYS = 35, SEEDS = 12 };

static struct reading protocol;
static const struct protocol *editions[1];
static struct rulebook book;
static struct population town;
static struct disease disease;

static void must(tong_code code, const struct err *err)
{
    if (code == TONG_OK) return;
    printf("Bail out! %s\n", err->text);
    exit(1);
}

static void make_world(void)
{
    static const struct household_kind kinds[] = {
        {{0, 0, 0, 1, 0, 0, 0, 0, 0}, 2}, {{0, 0, 1, 1, 0, 0, 0, 0, 0}, 3}, {{1, 0, 0, 2, 0, 0, 0, 0, 0}, 3},
        {{0, 2, 0, 0, 2, 0, 0, 0, 0}, 3}, {{0, 0, 0, 0, 0, 1, 1, 0, 0}, 2}, {{0, 0, 0, 0, 0, 0, 0, 1, 1}, 1},
    };
    struct population_plan plan = {.persons = PERSONS, .kind = kinds, .kinds = sizeof kinds / sizeof *kinds, .standing_share = 0.5};
    struct err err = {0};
    plan.circle[0] = (struct circle_plan){16, 0.1, 3, 0.1, 0x7C};
    plan.circle[1] = (struct circle_plan){12, 0.1, 0x7C, 0, 0};
    plan.circles = 2;
    for (int a = 0; a < DISEASE_AGES; a++) plan.chance_mean[a] = plan.chance_sd[a] = 3;
    must(population_make(&plan, 4, &town, &err), &err);
    disease = disease_plain(3.0, (struct spell_shape){SPELL_GAMMA, 5.5, 2.14});
    disease.multiplier_sd = 1;
    disease.layer_factor[LAYER_HOUSEHOLD] = 2;
    for (int a = 0; a < DISEASE_AGES; a++) {
        disease.age[a] = (struct disease_age){.susceptibility = 1, .asymptomatic = 0.3, .mild = 0.5, .hospitalised = 0.3,
                                              .critical = 0.2, .intensive = 0.8, .fatality = 0.5};
    }
    disease.to_symptoms = (struct spell_shape){SPELL_GAMMA, 5, 2};
    disease.recovery = disease.asymptomatic_recovery = (struct spell_shape){SPELL_GAMMA, 12, 4};
    disease.to_hospital = (struct spell_shape){SPELL_FIXED, 5, 0};
    disease.to_critical = (struct spell_shape){SPELL_GAMMA, 2, 2};
    disease.to_death = disease.home_death = (struct spell_shape){SPELL_GAMMA, 10, 5};
    disease.hospital_recovery = disease.critical_recovery = (struct spell_shape){SPELL_GAMMA, 9, 5};
}

static struct drill_options options_of(uint64_t seed)
{
    return (struct drill_options){.seed = seed, .start = {19174} /* 2022-07-01 */, .days = DAYS, .threads = 1,
                                  .seeds = SEEDS, .behaviour = drill_behaviour_default()};
}

struct outcome {
    int64_t infected, positives, samples, named, done, left, confined, dead;
    uint64_t print; // of who was infected by whom when
};

static struct outcome run(const struct drill_options *o)
{
    struct drill *d;
    struct err err = {0};
    struct outcome out = {0};
    must(drill_open(&disease, &town, &book, o, &d, &err), &err);
    for (int32_t day = 1; day <= o->days; day++) {
        must(drill_step(d, &err), &err);
        const struct drill_day *today = drill_day_of(d, day);
        out.infected += today->infected;
        out.positives += today->positives;
        out.samples += today->samples;
        out.named += today->named;
        out.done += today->tasks_done;
        out.left = today->tasks_left;
        out.confined += today->confined;
    }
    for (uint32_t i = 0; i < PERSONS; i++) {
        const struct infection *f = spread_infection(drill_spread(d), i);
        out.print = out.print * 0x100000001B3ULL ^ ((uint64_t)(uint16_t)f->day << 32 | (f->day >= 0 ? f->source : 0));
    }
    for (int a = 0; a < DISEASE_AGES; a++) out.dead += spread_count(drill_spread(d), STATE_DEAD, a, o->days);
    drill_close(d);
    return out;
}

// Nobody complies with anything: the response sees everything and changes nothing, to the bit.
static void test_idle(void)
{
    struct drill_options o = options_of(3);
    for (int k = 0; k < MEASURE_KIND_WORD_COUNT; k++) o.behaviour.complies[k] = 0;
    struct outcome seen = run(&o);
    struct spread *s;
    struct err err = {0};
    struct spread_options plain = {.seed = 3, .days = DAYS, .threads = 1};
    must(spread_open(&disease, &town, &plain, &s, &err), &err);
    (void)spread_import(s, SEEDS, 0);
    while (spread_day(s) < DAYS) must(spread_step(s, &err), &err);
    uint64_t print = 0;
    for (uint32_t i = 0; i < PERSONS; i++) {
        const struct infection *f = spread_infection(s, i);
        print = print * 0x100000001B3ULL ^ ((uint64_t)(uint16_t)f->day << 32 | (f->day >= 0 ? f->source : 0));
    }
    spread_close(s);
    OK(seen.print == print, "without compliance the epidemic is the one without a response");
    OK(seen.infected > PERSONS / 2, "which is a large one (%ld)", (long)seen.infected);
    OK(seen.positives > 30 && seen.samples > seen.positives && seen.named > seen.positives, "it was seen all the same");
    EQ_INT(seen.confined, 0, "nobody kept to anything");
}

static void test_works(void)
{
    struct drill_options o = options_of(3), half = o, none = o;
    for (int k = 0; k < MEASURE_KIND_WORD_COUNT; k++) half.behaviour.complies[k] = 0.4, none.behaviour.complies[k] = 0;
    struct outcome all = run(&o), some = run(&half), no = run(&none), again = run(&o);
    OK(all.infected < some.infected && some.infected < no.infected, "the more comply, the fewer are infected: %ld, %ld, %ld",
       (long)all.infected, (long)some.infected, (long)no.infected);
    OK(all.infected < no.infected / 3, "the protocol holds the outbreak down");
    OK(all.dead <= no.dead, "and saves lives (%ld, %ld)", (long)all.dead, (long)no.dead);
    OK(all.print == again.print, "the same options, the same drill");
    o.threads = 3;
    struct outcome threads = run(&o);
    OK(threads.print == all.print && threads.done == all.done, "the same for any number of threads");
    OK(all.confined > 0, "at the price of %ld person-days", (long)all.confined);
}

static void test_staff(void)
{
    struct drill_options o = options_of(5);
    o.seeds = 80; // so many that the staff of the place could not cope
    struct drill_options few = o;
    for (int r = 0; r < ROLE_WORD_COUNT; r++) few.behaviour.per_day[r] = 2;
    struct outcome all = run(&o), slow = run(&few);
    OK(slow.left > all.left, "with two a role and day work piles up: %ld against %ld", (long)slow.left, (long)all.left);
    OK(slow.infected > all.infected, "and the outbreak grows: %ld against %ld", (long)slow.infected, (long)all.infected);
    OK(slow.done <= 2 * ROLE_WORD_COUNT * DAYS, "nobody does more than they can");
}

static void test_detection(void)
{
    struct drill_options o = options_of(7), blind = o;
    blind.behaviour.sensitivity = 0;
    blind.behaviour.specificity = 1;
    struct outcome seeing = run(&o), seen = run(&blind);
    EQ_INT(seen.positives, 0, "a blind test finds nobody");
    EQ_INT(seen.named, 0, "so nobody names contacts");
    OK(seen.infected > seeing.infected, "and the outbreak goes on: %ld against %ld", (long)seen.infected, (long)seeing.infected);
}

// Limits by themselves: nobody is infected across a layer either end is kept from, and chance contacts are made up for.
static void test_limits(void)
{
    struct spread *s;
    struct err err = {0};
    struct spread_options o = {.seed = 11, .days = DAYS, .threads = 2, .limits = true};
    must(spread_open(&disease, &town, &o, &s, &err), &err);
    (void)spread_import(s, 100, 0);
    uint8_t *kept = calloc(PERSONS, 1);
    if (!kept) abort();
    int64_t crossed = 0, fresh = 0, limited = 0;
    bool sorted = true, dated = true;
    for (int32_t day = 1; day <= DAYS; day++) {
        for (uint32_t i = 0; i < PERSONS; i++) {
            struct key k = key_stream(99, day / 5, i, KEY_OTHER);
            kept[i] = key_uniform(&k) < 0.3 ? (uint8_t)(1 + key_below(&k, 7)) : 0;
            spread_limit(s, i, kept[i]);
            limited += spread_limits(s, i) != 0;
        }
        must(spread_step(s, &err), &err);
        size_t count;
        const uint32_t *now = spread_new(s, &count);
        for (size_t i = 0; i < count; i++) {
            const struct infection *f = spread_infection(s, now[i]);
            crossed += (kept[now[i]] >> f->layer & 1) || (kept[f->source] >> f->layer & 1);
            sorted = sorted && (i == 0 || now[i] > now[i - 1]);
            dated = dated && f->day == day;
        }
        fresh += (int64_t)count;
    }
    OK(fresh > 300, "there was something to see: %ld infections, %ld limited person-days", (long)fresh, (long)limited);
    EQ_INT(crossed, 0, "no infection across a limit");
    OK(sorted && dated, "who was infected today is told in order");
    free(kept);
    spread_close(s);
}

// A meeting is one from either side, and keeping somebody in leaves the others as many chance contacts as they had.
static void test_met(void)
{
    struct spread *s;
    struct err err = {0};
    struct spread_options o = {.seed = 12, .days = DAYS, .threads = 1, .limits = true};
    must(spread_open(&disease, &town, &o, &s, &err), &err);
    uint32_t met[512], back[512];
    uint8_t layer[512], layers[512];
    double before = 0, after = 0, standing = 0, all = 0;
    bool both = true;
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t who = i * 37 % PERSONS;
        size_t n = spread_met(s, who, 4, 7, met, layer, 512);
        for (size_t k = 0; k < n; k++) {
            size_t m = spread_met(s, met[k], 4, (uint8_t)(1 << layer[k]), back, layers, 512), found = 0;
            for (size_t j = 0; j < m; j++) found += back[j] == who;
            both = both && found > 0;
            before += layer[k] == LAYER_CHANCE;
            standing += layer[k] == LAYER_STANDING;
        }
        all += town.resident[who + 1].standing - town.resident[who].standing;
    }
    OK(both, "who is met meets back");
    NEAR(standing / all, 0.5, 0.03, "half of the standing contacts on a day");
    for (uint32_t i = 0; i < PERSONS; i++) spread_limit(s, i, i % 2 ? 1 << LAYER_CHANCE : 0);
    must(spread_step(s, &err), &err);
    bool out = true;
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t who = i * 37 % PERSONS;
        size_t n = spread_met(s, who, 1, 1 << LAYER_CHANCE, met, layer, 512);
        for (size_t k = 0; k < n; k++) out = out && met[k] % 2 == 0;
        if (who % 2 == 1) out = out && n == 0;
        else after += (double)n;
    }
    OK(out, "those kept in meet nobody");
    NEAR(after * 2 / before, 0.95, 0.13, "the others meet nearly as many as before");
    spread_close(s);
}

int main(void)
{
    char path[4096];
    const struct protocol_source source = {files_open_disk, NULL};
    (void)snprintf(path, sizeof path, "%s/covid19-cn-9.yaml", getenv("TONGZHOU_PROTOCOLS") != NULL ? getenv("TONGZHOU_PROTOCOLS") : "protocols");
    files_read(&protocol, path, &source);
    if (!OK(protocol.code == TONG_OK, "%s is read", path)) return tap_done();
    editions[0] = &protocol.p;
    book = (struct rulebook){editions, 1};
    make_world();
    test_limits();
    test_met();
    test_idle();
    test_works();
    test_staff();
    test_detection();
    population_free(&town);
    files_close(&protocol);
    return tap_done();
}
