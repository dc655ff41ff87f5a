// sheet_tree.h -- outbreaker2's outbreak of 30 cases, for the test and the benchmark.
#ifndef TONG_TESTS_SHEET_TREE_H
#define TONG_TESTS_SHEET_TREE_H

#include "epi/transmission_tree.h"
#include "tap.h"

#include "sheet.h"

enum { FAKE_CASES = 30, FAKE_SITES = 10000 };

struct fake_outbreak {
    int32_t seen[FAKE_CASES], truth[FAKE_CASES], snp[FAKE_CASES * FAKE_CASES]; // truth -1: from outside
    struct chain_link contact[64];
    size_t contacts;
    double generation[5];
};

TAP_UNUSED static bool fake_read(struct fake_outbreak *f)
{
    struct sheet s;
    *f = (struct fake_outbreak){0};
    if (!sheet_read("data/outbreaker2_fake_outbreak_cases.csv", &s)) return false;
    for (size_t i = 0; i < s.rows && i < FAKE_CASES; i++) {
        f->seen[i] = (int32_t)sheet_int(&s, i, "sample_day");
        f->truth[i] = (int32_t)sheet_int(&s, i, "true_infector") - 1;
    }
    sheet_free(&s);
    if (!sheet_read("data/outbreaker2_fake_outbreak_snp_distances.csv", &s)) return false;
    for (size_t i = 0; i < s.rows; i++) {
        int64_t a = sheet_int(&s, i, "a") - 1, b = sheet_int(&s, i, "b") - 1;
        f->snp[a * FAKE_CASES + b] = f->snp[b * FAKE_CASES + a] = (int32_t)sheet_int(&s, i, "snp_distance");
    }
    sheet_free(&s);
    if (!sheet_read("data/outbreaker2_fake_outbreak_contacts.csv", &s)) return false;
    for (size_t i = 0; i < s.rows && i < 64; i++)
        f->contact[f->contacts++] =
            (struct chain_link){(int32_t)sheet_int(&s, i, "from") - 1, (int32_t)sheet_int(&s, i, "to") - 1};
    sheet_free(&s);
    if (!sheet_read("data/outbreaker2_fake_outbreak_generation_time.csv", &s)) return false;
    for (size_t i = 0; i < s.rows && i < 4; i++) f->generation[sheet_int(&s, i, "k")] = sheet_real(&s, i, "w");
    sheet_free(&s);
    return true;
}

// As outbreaker2 was called: the sampling days, whose delay from infection is distributed as the generation time.
TAP_UNUSED static struct tree_input fake_input(const struct fake_outbreak *f, bool genomes, bool contacts)
{
    struct tree_input in = {.cases = FAKE_CASES,
                            .seen = f->seen,
                            .delay = f->generation,
                            .delay_days = 5,
                            .generation = f->generation,
                            .generation_days = 5,
                            .sites = FAKE_SITES};
    if (genomes) in.snp = f->snp;
    if (contacts) {
        in.contacts = f->contact;
        in.contact_count = f->contacts;
    }
    return in;
}

// How many infectors are right, and the mean posterior probability of the truth.
TAP_UNUSED static int fake_right(const struct fake_outbreak *f, const struct tree *t, double *truth)
{
    int right = 0;
    *truth = 0;
    for (int32_t i = 0; i < FAKE_CASES; i++) {
        right += t->cases[i].infector == f->truth[i];
        *truth += t->posterior[i * FAKE_CASES + (f->truth[i] < 0 ? i : f->truth[i])] / FAKE_CASES;
    }
    return right;
}

#endif
