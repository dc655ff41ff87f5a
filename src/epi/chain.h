// chain.h -- who infected whom: one infector for each case, generations, offspring, chains.
//
// Links from contact tracing name candidates; some cases have several. The tree keeps one for each, by this rule:
//
//   1. a candidate whose day is known and before the case's own day: of these the LATEST;
//   2. otherwise a candidate whose day, or the case's own, is unknown;
//   3. otherwise one that fell ill on the same day;
//   4. otherwise (all fell ill later) the earliest of them; such links are counted in out_of_order.
//   Equal ones: the link that stands first in the list.
//
// A case's day is its onset, or its report where the onset is not known. The latest earlier onset is chosen because the
// tree then never needs a longer serial interval than the links demand; it is a convention, not an inference, and the
// candidates that lost are counted. Published offspring counts (MERS Korea 2015: 38, 26, 21) count every link, so both
// figures are given: `named` counts the infectees any link names, `offspring` those the tree gives to a case.
//
// Linear in cases + links (children: n log n). Nothing here knows identifiers: cases are indices from 0.
#ifndef TONG_EPI_CHAIN_H
#define TONG_EPI_CHAIN_H

#include "base/arena.h"
#include "base/civil.h"

enum { CHAIN_NONE = -1, CHAIN_CASES_MAX = 100 * 1000 * 1000 };

struct chain_link {
    int32_t from, to; // indices of cases
};

struct chain_input {
    int32_t case_count;
    const civil_day *onset;    // one for each case, CIVIL_DAY_NONE when unknown
    const civil_day *reported; // used where the onset is unknown; may be NULL
    const struct chain_link *links;
    size_t link_count;
};

struct chain_case {
    int32_t infector;   // CHAIN_NONE: an index case of its chain
    int32_t root;       // the index case of its chain; itself when it is one
    int32_t generation; // 0 for index cases
    int32_t offspring;  // infected by this case in the tree
    int32_t named;      // distinct cases that any link names as infected by this one
    int32_t candidates; // distinct infectors that any link names for this one
};

struct chain_tally {
    int32_t value; // a number of offspring, a generation, a chain's size
    int32_t count; // how many cases, or chains, have it
};

struct chains {
    struct chain_case *cases; // case_count of them
    int32_t case_count;
    int32_t *roots; // index cases in order of their index; chain i is that of roots[i]
    int32_t *sizes; // cases in chain i, its index case included
    int32_t root_count;
    int32_t largest;                    // index into roots; CHAIN_NONE when there are no cases
    int32_t infectees;                  // cases that have an infector in the tree
    int32_t infectees_named;            // cases that any link names as infected: more only where a cycle was cut
    int32_t ambiguous;                  // of these, with more than one candidate
    int32_t generations;                // the deepest
    int64_t self_links, repeated_links; // ignored
    int64_t out_of_order;               // chosen links whose infector fell ill after the infectee
    int64_t same_day;
    int32_t *cut; // cases whose infector was struck out to break a cycle
    int32_t cut_count;
    struct chain_tally *offspring_tally, *named_tally, *generation_tally, *size_tally; // by value, counts above 0
    size_t offspring_tally_count, named_tally_count, generation_tally_count, size_tally_count;
};

// Build the trees. Where the chosen links form a cycle, the earliest case in it (the lowest index of equals) loses its
// infector and becomes an index case; it is listed in `cut`. TONG_E_INVALID: a link's index is not a case. TONG_E_LIMIT.
// TONG_E_NOMEM.
tong_code chain_build(const struct chain_input *in, struct arena *arena, struct chains *out,
                      struct err *err) TONG_MUST_USE;

// The children of every case in the tree, in order of their day (unknown last), so that chains can be drawn.
struct chain_children {
    int32_t *first; // case_count + 1: children of i are child[first[i]] .. child[first[i + 1] - 1]
    int32_t *child;
};
tong_code chain_children(const struct chains *chains, const struct chain_input *in, struct arena *arena,
                         struct chain_children *out, struct err *err) TONG_MUST_USE;

#endif
