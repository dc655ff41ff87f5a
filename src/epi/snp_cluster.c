#include "epi/snp_cluster.h"

#include <stdlib.h>

struct snp_root {
    int32_t root, size;
};

static int32_t snp_find(int32_t *up, int32_t i)
{
    while (up[i] != i) {
        up[i] = up[up[i]]; // halve the way for the next one
        i = up[i];
    }
    return i;
}

static int snp_larger(const void *a, const void *b)
{
    const struct snp_root *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->root < y->root ? -1 : x->root > y->root;
}

static bool snp_plausible(const civil_day *day, int32_t i, int32_t j, int32_t days_max)
{
    if (day == NULL) return true;
    if (day[i].d == CIVIL_DAY_NONE || day[j].d == CIVIL_DAY_NONE) return false;
    return abs(day[i].d - day[j].d) <= days_max;
}

// The lower index is always the root of its set, so a root is the first case of its cluster.
static size_t snp_join(const int32_t *distance, int32_t n, int32_t threshold, const civil_day *day, int32_t days_max,
                       int32_t *up)
{
    size_t links = 0;
    for (int32_t i = 0; i < n; i++) up[i] = i;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < i; j++) {
            int32_t d = distance[(int64_t)i * n + j];
            if (d < 0 || d > threshold) continue;
            links += snp_plausible(day, i, j, days_max);
            int32_t a = snp_find(up, i), b = snp_find(up, j);
            if (a < b) up[b] = a;
            else up[a] = b;
        }
    return links;
}

static void snp_links(const int32_t *distance, int32_t n, int32_t threshold, const civil_day *day, int32_t days_max,
                      struct snp_clusters *out)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < i; j++) {
            int32_t d = distance[(int64_t)i * n + j];
            if (d < 0 || d > threshold || !snp_plausible(day, i, j, days_max)) continue;
            bool first = day != NULL && day[i].d < day[j].d;
            out->link[out->links++] = (struct snp_link){first ? i : j, first ? j : i, d};
        }
}

tong_code snp_cluster(const int32_t *distance, int32_t n, int32_t threshold, const civil_day *day, int32_t days_max,
                      struct arena *arena, struct snp_clusters *out, struct err *err)
{
    if (n < 1 || n > SNP_CASES_MAX) return tong_fail(err, TONG_E_LIMIT, "%d cases", (int)n);
    if (threshold < 0 || days_max < 0)
        return tong_fail(err, TONG_E_INVALID, "a threshold of %d, %d days", (int)threshold, (int)days_max);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < i; j++)
            if (distance[(int64_t)i * n + j] != distance[(int64_t)j * n + i])
                return tong_fail(err, TONG_E_INVALID, "the distances of cases %d and %d differ", (int)i, (int)j);
    struct arena scratch = {0};
    struct snp_clusters made = {0};
    int32_t *up = arena_array(&scratch, (size_t)n, sizeof *up),
            *number = arena_array(&scratch, (size_t)n, sizeof *number);
    struct snp_root *root = arena_array(&scratch, (size_t)n, sizeof *root);
    made.cluster = arena_array(arena, (size_t)n, sizeof *made.cluster);
    made.size = arena_array(arena, (size_t)n, sizeof *made.size);
    size_t links = up == NULL ? 0 : snp_join(distance, n, threshold, day, days_max, up);
    made.link = arena_array(arena, links, sizeof *made.link);
    if (up == NULL || number == NULL || root == NULL || made.cluster == NULL || made.size == NULL ||
        made.link == NULL) {
        arena_free(&scratch);
        return tong_fail(err, TONG_E_NOMEM, "%d cases", (int)n);
    }
    for (int32_t i = 0; i < n; i++) root[i] = (struct snp_root){i, 0};
    for (int32_t i = 0; i < n; i++) root[snp_find(up, i)].size++;
    qsort(root, (size_t)n, sizeof *root, snp_larger);
    for (int32_t i = 0; i < n; i++) number[i] = SNP_ALONE;
    for (int32_t k = 0; k < n && root[k].size > 1; k++) {
        made.size[made.clusters] = root[k].size;
        number[root[k].root] = made.clusters++;
    }
    for (int32_t i = 0; i < n; i++) made.cluster[i] = number[snp_find(up, i)];
    snp_links(distance, n, threshold, day, days_max, &made);
    arena_free(&scratch);
    *out = made;
    return TONG_OK;
}
