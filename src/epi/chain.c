#include "epi/chain.h"

#include <assert.h>
#include <string.h>

// How well a candidate fits, best first; see the rule in the header.
typedef enum chain_fit { FIT_EARLIER, FIT_UNKNOWN, FIT_SAME_DAY, FIT_LATER } chain_fit;

struct chain_work {
    const struct chain_input *in;
    struct chains *out;
    struct arena *arena, *scratch;
    int32_t *first, *link; // candidates of case i: link[first[i]] .. link[first[i + 1] - 1], indices of links
    int32_t *seen;         // for counting distinct neighbours: the last case that saw this one, + 1
    int32_t *order;        // cases so that an infector comes before those it infected
};

static civil_day chain_day(const struct chain_input *in, int32_t i)
{
    if (in->onset[i].d != CIVIL_DAY_NONE || in->reported == NULL) return in->onset[i];
    return in->reported[i];
}

static chain_fit chain_fit_of(const struct chain_input *in, int32_t from, int32_t to)
{
    civil_day a = chain_day(in, from), b = chain_day(in, to);
    if (a.d == CIVIL_DAY_NONE || b.d == CIVIL_DAY_NONE) return FIT_UNKNOWN;
    return a.d < b.d ? FIT_EARLIER : a.d == b.d ? FIT_SAME_DAY : FIT_LATER;
}

// Whether candidate `a` is to be preferred to `b` as the infector of `to`. Equal ones: no, the first named stays.
static bool chain_better(const struct chain_input *in, int32_t a, int32_t b, int32_t to)
{
    chain_fit fit_a = chain_fit_of(in, a, to), fit_b = chain_fit_of(in, b, to);
    if (fit_a != fit_b) return fit_a < fit_b;
    if (fit_a == FIT_EARLIER) return chain_day(in, a).d > chain_day(in, b).d;
    if (fit_a == FIT_LATER) return chain_day(in, a).d < chain_day(in, b).d;
    return false;
}

static void *chain_ints(struct chain_work *w, size_t n)
{
    return arena_array(w->scratch, n + 2, sizeof(int32_t));
}

// Group the links by one of their ends: counting sort, so that equal ends keep the order of the list.
static bool chain_group(struct chain_work *w, bool by_target, int32_t **first_out, int32_t **link_out)
{
    const struct chain_input *in = w->in;
    size_t cases = (size_t)in->case_count;
    int32_t *first = chain_ints(w, cases), *link = chain_ints(w, in->link_count), *next = chain_ints(w, cases);
    if (first == NULL || link == NULL || next == NULL) return false;
    for (size_t i = 0; i < in->link_count; i++) first[(by_target ? in->links[i].to : in->links[i].from) + 1]++;
    for (size_t i = 0; i < cases; i++) first[i + 1] += first[i];
    memcpy(next, first, cases * sizeof *next);
    for (size_t i = 0; i < in->link_count; i++)
        link[next[by_target ? in->links[i].to : in->links[i].from]++] = (int32_t)i;
    *first_out = first;
    *link_out = link;
    return true;
}

// Choose an infector for each case and count its distinct candidates; then the distinct infectees each is named for.
static bool chain_choose(struct chain_work *w)
{
    const struct chain_input *in = w->in;
    struct chains *out = w->out;
    int32_t *first_from = NULL, *link_from = NULL;
    w->seen = chain_ints(w, (size_t)in->case_count);
    if (w->seen == NULL || !chain_group(w, true, &w->first, &w->link) ||
        !chain_group(w, false, &first_from, &link_from))
        return false;
    for (int32_t i = 0; i < in->case_count; i++) {
        struct chain_case *c = &out->cases[i];
        *c = (struct chain_case){.infector = CHAIN_NONE, .root = i};
        for (int32_t k = w->first[i]; k < w->first[i + 1]; k++) {
            int32_t from = in->links[w->link[k]].from;
            if (from == i) {
                out->self_links++;
                continue;
            }
            if (w->seen[from] == i + 1) {
                out->repeated_links++;
                continue;
            }
            w->seen[from] = i + 1;
            c->candidates++;
            if (c->infector == CHAIN_NONE || chain_better(in, from, c->infector, i)) c->infector = from;
        }
        out->infectees_named += c->candidates > 0;
        out->ambiguous += c->candidates > 1;
    }
    memset(w->seen, 0, (size_t)in->case_count * sizeof *w->seen);
    for (int32_t i = 0; i < in->case_count; i++)
        for (int32_t k = first_from[i]; k < first_from[i + 1]; k++) {
            int32_t to = in->links[link_from[k]].to;
            if (to == i || w->seen[to] == i + 1) continue;
            w->seen[to] = i + 1;
            out->cases[i].named++;
        }
    return true;
}

// Every case has at most one infector, so a walk towards infectors either ends or runs into a circle. Each case is walked
// once: `state` is the number of the walk that reached it.
static bool chain_cut_cycles(struct chain_work *w)
{
    const struct chain_input *in = w->in;
    struct chains *out = w->out;
    int32_t *state = chain_ints(w, (size_t)in->case_count);
    out->cut = arena_array(w->arena, (size_t)in->case_count / 2 + 1, sizeof *out->cut);
    if (state == NULL || out->cut == NULL) return false;
    for (int32_t i = 0; i < in->case_count; i++) {
        int32_t at = i;
        while (at != CHAIN_NONE && state[at] == 0) {
            state[at] = i + 1;
            at = out->cases[at].infector;
        }
        if (at == CHAIN_NONE || state[at] != i + 1) continue;
        int32_t earliest = at; // of the circle through `at`; cases of unknown day are not early
        for (int32_t k = out->cases[at].infector; k != at; k = out->cases[k].infector) {
            int32_t a = chain_day(in, k).d, b = chain_day(in, earliest).d;
            if (a == CIVIL_DAY_NONE) a = INT32_MAX;
            if (b == CIVIL_DAY_NONE) b = INT32_MAX;
            if (a < b || (a == b && k < earliest)) earliest = k;
        }
        out->cases[earliest].infector = CHAIN_NONE;
        out->cut[out->cut_count++] = earliest;
    }
    return true;
}

// Generations and roots in the order of a walk from the index cases down, without recursion.
static bool chain_descend(struct chain_work *w)
{
    const struct chain_input *in = w->in;
    struct chains *out = w->out;
    struct chain_children down = {NULL, NULL};
    w->order = chain_ints(w, (size_t)in->case_count);
    if (w->order == NULL || chain_children(out, in, w->scratch, &down, NULL) != TONG_OK) return false;
    assert(down.first != NULL);
    int32_t n = 0;
    for (int32_t i = 0; i < in->case_count; i++) {
        if (out->cases[i].infector == CHAIN_NONE) w->order[n++] = i;
    }
    out->root_count = n;
    out->roots = arena_array(w->arena, (size_t)n + 1, sizeof *out->roots);
    out->sizes = arena_array(w->arena, (size_t)n + 1, sizeof *out->sizes);
    int32_t *chain_of = chain_ints(w, (size_t)in->case_count);
    if (out->roots == NULL || out->sizes == NULL || chain_of == NULL) return false;
    for (int32_t i = 0; i < n; i++) {
        out->roots[i] = w->order[i];
        chain_of[w->order[i]] = i;
    }
    for (int32_t done = 0; done < n; done++) {
        int32_t at = w->order[done];
        out->sizes[chain_of[at]]++;
        for (int32_t k = down.first[at]; k < down.first[at + 1]; k++) {
            int32_t child = down.child[k];
            out->cases[child].generation = out->cases[at].generation + 1;
            out->cases[child].root = out->cases[at].root;
            chain_of[child] = chain_of[at];
            w->order[n++] = child;
        }
        out->cases[at].offspring = down.first[at + 1] - down.first[at];
    }
    assert(n == in->case_count); // no circle is left, so everybody hangs on some root
    return true;
}

static void chain_sum(struct chain_work *w)
{
    const struct chain_input *in = w->in;
    struct chains *out = w->out;
    for (int32_t i = 0; i < in->case_count; i++) {
        const struct chain_case *c = &out->cases[i];
        if (c->generation > out->generations) out->generations = c->generation;
        if (c->infector == CHAIN_NONE) continue;
        out->infectees++;
        chain_fit fit = chain_fit_of(in, c->infector, i);
        out->same_day += fit == FIT_SAME_DAY;
        out->out_of_order += fit == FIT_LATER;
    }
    out->largest = CHAIN_NONE;
    for (int32_t i = 0; i < out->root_count; i++)
        if (out->largest == CHAIN_NONE || out->sizes[i] > out->sizes[out->largest]) out->largest = i;
}

typedef int32_t (*chain_value)(const struct chains *c, int32_t i);
static int32_t chain_value_offspring(const struct chains *c, int32_t i)
{
    return c->cases[i].offspring;
}
static int32_t chain_value_named(const struct chains *c, int32_t i)
{
    return c->cases[i].named;
}
static int32_t chain_value_generation(const struct chains *c, int32_t i)
{
    return c->cases[i].generation;
}
static int32_t chain_value_size(const struct chains *c, int32_t i)
{
    return c->sizes[i];
}

// How many have each value; no value exceeds the number of cases.
static bool chain_tally_up(struct chain_work *w, int32_t n, chain_value value, struct chain_tally **out, size_t *count)
{
    int32_t *how_many = chain_ints(w, (size_t)w->in->case_count);
    if (how_many == NULL) return false;
    size_t values = 0;
    for (int32_t i = 0; i < n; i++) values += how_many[value(w->out, i)]++ == 0;
    struct chain_tally *tally = arena_array(w->arena, values + 1, sizeof *tally);
    if (tally == NULL) return false;
    size_t k = 0;
    for (int32_t v = 0; v <= w->in->case_count; v++)
        if (how_many[v] > 0) tally[k++] = (struct chain_tally){v, how_many[v]};
    assert(k == values);
    *out = tally;
    *count = values;
    return true;
}

tong_code chain_build(const struct chain_input *in, struct arena *arena, struct chains *out, struct err *err)
{
    assert(in->case_count >= 0);
    if (in->case_count > CHAIN_CASES_MAX || in->link_count > INT32_MAX - 2)
        return tong_fail(err, TONG_E_LIMIT, "%d cases, %zu links", (int)in->case_count, in->link_count);
    for (size_t i = 0; i < in->link_count; i++) {
        struct chain_link l = in->links[i];
        if (l.from < 0 || l.from >= in->case_count || l.to < 0 || l.to >= in->case_count)
            return tong_fail(err, TONG_E_INVALID, "link %zu is not between two cases", i);
    }
    struct arena scratch = {0};
    struct chains made = {.case_count = in->case_count};
    struct chain_work w = {.in = in, .out = &made, .arena = arena, .scratch = &scratch};
    made.cases = arena_array(arena, (size_t)in->case_count + 1, sizeof *made.cases);
    bool done = made.cases != NULL && chain_choose(&w) && chain_cut_cycles(&w) && chain_descend(&w);
    if (done) chain_sum(&w);
    done =
        done &&
        chain_tally_up(&w, in->case_count, chain_value_offspring, &made.offspring_tally, &made.offspring_tally_count) &&
        chain_tally_up(&w, in->case_count, chain_value_named, &made.named_tally, &made.named_tally_count) &&
        chain_tally_up(&w, in->case_count, chain_value_generation, &made.generation_tally,
                       &made.generation_tally_count) &&
        chain_tally_up(&w, made.root_count, chain_value_size, &made.size_tally, &made.size_tally_count);
    arena_free(&scratch);
    if (!done) return tong_fail(err, TONG_E_NOMEM, "no memory for the chains of %d cases", (int)in->case_count);
    *out = made;
    return TONG_OK;
}

// ---- children ----

// Cases in order of their day, unknown last, equals by index: a counting sort over days would need their span, so this is
// a merge sort, bottom up.
static void chain_sort(const struct chain_input *in, int32_t *cases, int32_t *spare, int32_t n)
{
    for (int32_t width = 1; width<n; width = width> n / 2 ? n : width * 2) {
        for (int32_t left = 0; left < n; left += 2 * width) {
            int32_t middle = left + width < n ? left + width : n, right = middle + width < n ? middle + width : n;
            int32_t a = left, b = middle;
            for (int32_t k = left; k < right; k++) {
                int32_t day_a = a < middle ? chain_day(in, cases[a]).d : INT32_MAX;
                int32_t day_b = b < right ? chain_day(in, cases[b]).d : INT32_MAX;
                if (day_a == CIVIL_DAY_NONE) day_a = INT32_MAX;
                if (day_b == CIVIL_DAY_NONE) day_b = INT32_MAX;
                bool take_a = a < middle && (b >= right || day_a <= day_b);
                spare[k] = take_a ? cases[a++] : cases[b++];
            }
        }
        memcpy(cases, spare, (size_t)n * sizeof *cases);
    }
}

tong_code chain_children(const struct chains *chains, const struct chain_input *in, struct arena *arena,
                         struct chain_children *out, struct err *err)
{
    size_t n = (size_t)chains->case_count;
    struct arena scratch = {0};
    int32_t *first = arena_array(arena, n + 2, sizeof *first), *child = arena_array(arena, n + 1, sizeof *child);
    int32_t *sorted = arena_array(&scratch, n + 1, sizeof *sorted),
            *spare = arena_array(&scratch, n + 1, sizeof *spare);
    if (first == NULL || child == NULL || sorted == NULL || spare == NULL) {
        arena_free(&scratch);
        return tong_fail(err, TONG_E_NOMEM, "no memory for the children of %zu cases", n);
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = (int32_t)i;
        if (chains->cases[i].infector != CHAIN_NONE) first[chains->cases[i].infector + 1]++;
    }
    for (size_t i = 0; i < n; i++) first[i + 1] += first[i];
    chain_sort(in, sorted, spare, (int32_t)n);
    memcpy(spare, first, n * sizeof *spare);
    for (size_t i = 0; i < n; i++) {
        int32_t infector = chains->cases[sorted[i]].infector;
        if (infector != CHAIN_NONE) child[spare[infector]++] = sorted[i];
    }
    arena_free(&scratch);
    *out = (struct chain_children){.first = first, .child = child};
    return TONG_OK;
}
