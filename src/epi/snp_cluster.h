// snp_cluster.h -- which genomes belong together: single linkage by distance, and the links that dates allow.
//
// Two cases are in one cluster when a chain of pairs at most `threshold` SNPs apart joins them (single linkage: J. C.
// Gower & G. Ross 1969, J R Stat Soc C 18:54; for outbreaks J. Stimson et al. 2019, Mol Biol Evol 36:587). A threshold
// is a choice: show it. Of a cluster's pairs those within the threshold whose days lie at most days_max apart are
// plausible links, the earlier one first. Quick (union and find, R. Tarjan 1975). Pure.
#ifndef TONG_EPI_SNP_CLUSTER_H
#define TONG_EPI_SNP_CLUSTER_H

#include "base/arena.h"
#include "base/civil.h"

enum { SNP_CASES_MAX = 20000, SNP_ALONE = -1 };

struct snp_link {
    int32_t from, to, distance; // from: seen first, or the lower index on one day
};

struct snp_clusters {
    int32_t *cluster;      // of each case, numbered by size, largest first (equal: lowest case first); SNP_ALONE
    int32_t *size;         // of each cluster
    int32_t clusters;      // of two cases and more
    struct snp_link *link; // plausible links; NULL days: all pairs within the threshold
    size_t links;
};

// distance: n * n, symmetric, -1 unknown. day: NULL, or one a case (CIVIL_DAY_NONE: no plausible link). TONG_E_INVALID:
// not symmetric, threshold below 0; TONG_E_LIMIT; TONG_E_NOMEM.
tong_code snp_cluster(const int32_t *distance, int32_t n, int32_t threshold, const civil_day *day, int32_t days_max,
                      struct arena *arena, struct snp_clusters *out, struct err *err) TONG_MUST_USE;

#endif
