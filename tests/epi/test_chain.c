// Transmission chains: the choice of one infector, generations, offspring, circles, and a random comparison with a plain
// quadratic implementation.
#include "epi/chain.h"
#include "tap.h"

#include <time.h>

enum { NONE = CIVIL_DAY_NONE };

static struct chains build(struct arena *a, int32_t n, const civil_day *onset, const civil_day *reported,
                           const struct chain_link *links, size_t link_count, struct chain_input *in)
{
    *in = (struct chain_input){
        .case_count = n, .onset = onset, .reported = reported, .links = links, .link_count = link_count};
    struct chains c = {0};
    struct err err;
    EQ_INT(chain_build(in, a, &c, &err), TONG_OK, "chains of %d cases and %zu links", (int)n, link_count);
    return c;
}

static void test_rule(struct arena *a)
{
    static const struct {
        const char *what;
        int32_t own, reported, candidate[3]; // days; candidates are cases 1 to 3
        int32_t chosen;
    } rows[] = {
        {"the latest earlier onset", 10, NONE, {3, 8, 5}, 2},
        {"an earlier one before one of the same day", 10, NONE, {10, 2, 10}, 2},
        {"an unknown onset before one of the same day", 10, NONE, {10, NONE, 12}, 2},
        {"the same day before a later one", 10, NONE, {12, 11, 10}, 3},
        {"of later ones the earliest", 10, NONE, {14, 12, 13}, 2},
        {"of equals the first named", 10, NONE, {7, 7, 7}, 1},
        {"the report stands in for an unknown onset", NONE, 10, {3, 8, 11}, 2},
        {"nothing known: the first named", NONE, NONE, {3, 8, 5}, 1},
    };
    static const struct chain_link links[] = {{1, 0}, {2, 0}, {3, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        civil_day onset[4] = {{rows[i].own}}, reported[4] = {{rows[i].reported}};
        for (int k = 0; k < 3; k++) {
            onset[k + 1] = (civil_day){rows[i].candidate[k]};
            reported[k + 1] = (civil_day){NONE};
        }
        struct chain_input in;
        struct chains c = build(a, 4, onset, reported, links, 3, &in);
        EQ_INT(c.cases[0].infector, rows[i].chosen, "%s", rows[i].what);
        EQ_INT(c.cases[0].candidates, 3, "three candidates are counted");
        EQ_INT(c.ambiguous, 1, "one case is ambiguous");
    }
}

// 0 -> 1 -> 3, 0 -> 2, 4 alone, 5 -> 6 said twice and 6 -> 6.
static void test_tree(struct arena *a)
{
    static const civil_day onset[] = {{0}, {5}, {4}, {9}, {3}, {1}, {6}};
    static const struct chain_link links[] = {{0, 1}, {1, 3}, {0, 2}, {5, 6}, {6, 6}, {5, 6}};
    struct chain_input in;
    struct chains c = build(a, 7, onset, NULL, links, 6, &in);
    EQ_INT(c.root_count, 3, "three chains");
    EQ_INT(c.roots[0], 0, "the first from case 0");
    EQ_INT(c.sizes[0], 4, "of four cases");
    EQ_INT(c.sizes[1], 1, "one case alone is a chain of one");
    EQ_INT(c.largest, 0, "the first is the largest");
    EQ_INT(c.cases[3].generation, 2, "the grandchild is of generation 2");
    EQ_INT(c.cases[3].root, 0, "and of case 0's chain");
    EQ_INT(c.generations, 2, "the deepest");
    EQ_INT(c.cases[0].offspring, 2, "two infected by case 0");
    EQ_INT(c.infectees, 4, "four have an infector");
    EQ_INT(c.self_links, 1, "a link to oneself is ignored");
    EQ_INT(c.repeated_links, 1, "and a repeated one");
    EQ_INT(c.cases[5].named, 1, "which names one infectee all the same");
    EQ_INT(c.out_of_order + c.same_day, 0, "all in order");
    EQ_INT(c.offspring_tally_count, 3, "offspring 0, 1 and 2 occur");
    EQ_INT(c.offspring_tally[0].count, 4, "four infected nobody");
    EQ_INT(c.size_tally[2].value, 4, "the largest chain in the tally");
    struct chain_children down;
    EQ_INT(chain_children(&c, &in, a, &down, NULL), TONG_OK, "children");
    EQ_INT(down.first[1] - down.first[0], 2, "case 0 has two");
    EQ_INT(down.child[down.first[0]], 2, "the earlier onset first");
    EQ_INT(down.child[down.first[0] + 1], 1, "then the later");
}

static void test_named(struct arena *a)
{
    static const civil_day onset[] = {{0}, {5}, {9}, {10}};
    static const struct chain_link links[] = {{0, 2}, {1, 2}, {0, 3}, {0, 1}};
    struct chain_input in;
    struct chains c = build(a, 4, onset, NULL, links, 4, &in);
    EQ_INT(c.cases[0].named, 3, "case 0 is named for three");
    EQ_INT(c.cases[0].offspring, 2, "the tree gives it two");
    EQ_INT(c.cases[2].infector, 1, "because case 1 fell ill later and before case 2");
}

static void test_cycles(struct arena *a)
{
    // 0 -> 1 -> 2 -> 0, all of unknown day but 1; 3 hangs on 2; 4 and 5 name each other on the same day.
    static const civil_day onset[] = {{NONE}, {7}, {NONE}, {20}, {3}, {3}};
    static const struct chain_link links[] = {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {4, 5}, {5, 4}};
    struct chain_input in;
    struct chains c = build(a, 6, onset, NULL, links, 6, &in);
    EQ_INT(c.cut_count, 2, "two circles are cut");
    EQ_INT(c.cut[0], 1, "the first at its earliest known case");
    EQ_INT(c.cut[1], 4, "the other, of one day, at the lowest index");
    EQ_INT(c.cases[1].infector, CHAIN_NONE, "which became an index case");
    EQ_INT(c.cases[3].generation, 2, "and the rest hangs on it");
    EQ_INT(c.cases[3].root, 1, "as one chain");
    EQ_INT(c.infectees, 4, "four have an infector");
    EQ_INT(c.infectees_named, 6, "six were named");
    EQ_INT(c.same_day, 1, "one link within a day is left");
}

static void test_refused(struct arena *a)
{
    static const civil_day onset[] = {{0}, {1}};
    static const struct chain_link bad[] = {{0, 1}, {0, 2}}, negative[] = {{-1, 0}};
    struct chains c = {.case_count = -5};
    struct err err;
    struct chain_input in = {.case_count = 2, .onset = onset, .links = bad, .link_count = 2};
    EQ_INT(chain_build(&in, a, &c, &err), TONG_E_INVALID, "a link to a case that is not there is refused");
    in.links = negative;
    in.link_count = 1;
    EQ_INT(chain_build(&in, a, &c, &err), TONG_E_INVALID, "and one from a negative index");
    EQ_INT(c.case_count, -5, "the output is untouched");
    in = (struct chain_input){.case_count = 0, .onset = onset};
    EQ_INT(chain_build(&in, a, &c, &err), TONG_OK, "no cases at all");
    EQ_INT(c.root_count, 0, "have no chains");
    EQ_INT(c.largest, CHAIN_NONE, "and no largest one");
}

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15ULL;
    uint64_t z = (*state ^ *state >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

// Properties that hold for any links: everybody has one root of generation 0, a generation is the infector's plus one,
// sizes add up to the number of cases, offspring to the number of infectees.
static void test_random(struct arena *a)
{
    uint64_t seed = 20260905, state = seed;
    (void)printf("# seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 300; round++) {
        enum { CASES = 40, LINKS = 90 };
        int32_t n = 1 + (int32_t)(next_random(&state) % CASES);
        size_t link_count = (size_t)(next_random(&state) % LINKS);
        civil_day onset[CASES];
        struct chain_link links[LINKS];
        for (int32_t i = 0; i < n; i++)
            onset[i].d = next_random(&state) % 5 == 0 ? NONE : (int32_t)(next_random(&state) % 12);
        for (size_t i = 0; i < link_count; i++)
            links[i] = (struct chain_link){(int32_t)(next_random(&state) % (uint64_t)n),
                                           (int32_t)(next_random(&state) % (uint64_t)n)};
        struct chain_input in = {.case_count = n, .onset = onset, .links = links, .link_count = link_count};
        struct chains c;
        if (!CHECK(chain_build(&in, a, &c, NULL) == TONG_OK, "round %d is built", round)) return;
        int64_t offspring = 0, sizes = 0, named = 0, pairs = 0;
        for (int32_t i = 0; i < n; i++) {
            const struct chain_case *p = &c.cases[i];
            offspring += p->offspring;
            named += p->named;
            pairs += p->candidates;
            CHECK(c.cases[p->root].infector == CHAIN_NONE, "round %d: the root of %d has an infector", round, (int)i);
            if (p->infector == CHAIN_NONE) {
                CHECK(p->generation == 0 && p->root == i, "round %d: index case %d", round, (int)i);
                continue;
            }
            CHECK(p->generation == c.cases[p->infector].generation + 1, "round %d: generation of %d", round, (int)i);
            CHECK(p->root == c.cases[p->infector].root, "round %d: root of %d", round, (int)i);
            bool linked = false;
            for (size_t k = 0; k < link_count; k++)
                linked = linked || (links[k].from == p->infector && links[k].to == i);
            CHECK(linked, "round %d: the infector of %d is a candidate", round, (int)i);
        }
        for (int32_t i = 0; i < c.root_count; i++) sizes += c.sizes[i];
        CHECK(sizes == n && offspring == c.infectees, "round %d: sums", round);
        CHECK(named == pairs, "round %d: distinct pairs counted from both ends", round);
        CHECK(c.infectees + c.root_count == n, "round %d: infectees and index cases", round);
    }
}

// 10,000 cases and 100,000 links are to take no noticeable time; a chain of 100,000 generations must not recurse.
static void test_size(struct arena *a)
{
    enum { CASES = 100000 };
    civil_day *onset = arena_array(a, CASES, sizeof *onset);
    struct chain_link *links = arena_array(a, CASES, sizeof *links);
    if (onset == NULL || links == NULL) abort();
    for (int32_t i = 0; i < CASES; i++) onset[i].d = i;
    for (int32_t i = 0; i + 1 < CASES; i++) links[i] = (struct chain_link){i, i + 1};
    clock_t before = clock();
    struct chain_input in;
    struct chains c = build(a, CASES, onset, NULL, links, CASES - 1, &in);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    EQ_INT(c.generations, CASES - 1, "one chain of 100,000 generations");
    (void)printf("# built in %.3f s of processor time\n", seconds);
}

int main(void)
{
    struct arena a = {0};
    test_rule(&a);
    test_tree(&a);
    test_named(&a);
    test_cycles(&a);
    test_refused(&a);
    test_random(&a);
    test_size(&a);
    arena_free(&a);
    return tap_done();
}
