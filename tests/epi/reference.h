// reference.h -- the walk over the reference outputs: reading the files, comparing, counting.
//
// Each file of the folder has a line in the table of test_reference.c and a walker in one of reference_*.c, which looks
// at every row. A row that is not met is told to ref_unmet with the reason; it is never passed over in silence.
#ifndef TONG_TESTS_REFERENCE_H
#define TONG_TESTS_REFERENCE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ref_table {
    const char *name;
    char **header, **cell; // cell[row * columns + column]
    size_t columns, rows;
};

struct ref {
    struct arena *arena;
    const char *file;
    struct ref_table table; // of that file
    size_t at;              // the row being looked at
    size_t numbers;         // numbers compared
    size_t unmet;           // rows named with a reason
    size_t wrong;           // numbers that differ
    double worst;           // largest relative difference among the rest
};

typedef void (*ref_walker)(struct ref *r);

// A file below the shared folder ("reference/analytics/x.csv", "data/x.csv"); false when it is not there.
bool ref_read(struct arena *arena, const char *path, struct ref_table *out);
void ref_data(struct ref *r, const char *name, struct ref_table *out);      // from data/; must be there
void ref_analytics(struct ref *r, const char *name, struct ref_table *out); // from reference/analytics/; likewise
const char *ref_text_in(const struct ref_table *t, size_t row, const char *column);
double ref_real_in(const struct ref_table *t, size_t row, const char *column); // NAN when empty or NA
bool ref_has(const struct ref_table *t, const char *column);

// Of the current row.
const char *ref_text(const struct ref *r, const char *column);
double ref_real(const struct ref *r, const char *column);
int64_t ref_int(const struct ref *r, const char *column);
bool ref_is(const struct ref *r, const char *column, const char *text);

// Compare with a column of the current row: |got - want| <= relative * |want| + tiny. An empty cell expects NAN.
void ref_match(struct ref *r, const char *column, double got, double relative);
void ref_match_abs(struct ref *r, const char *column, double got, double absolute);
void ref_value(struct ref *r, const char *what, double got, double want, double relative, double absolute);
void ref_good(struct ref *r, tong_code code);      // the function under test must have succeeded
void ref_unmet(struct ref *r, const char *reason); // NULL: the reason stands in the table

// Numbers out of "1;2;3"; how many.
size_t ref_list(const char *text, double *out, size_t most);
// A whole column as doubles, in the test's arena.
double *ref_column(struct ref *r, const struct ref_table *t, const char *column);

#define REF_EACH_ROW(r) for ((r)->at = 0; (r)->at < (r)->table.rows; (r)->at++)
// reference_describe.c
void ref_binomial_ci(struct ref *r);
void ref_poisson_ci(struct ref *r);
void ref_attack_rates(struct ref *r);
void ref_rogan_gladen(struct ref *r);
// reference_tables.c
void ref_two_by_two(struct ref *r);
void ref_mantel_haenszel(struct ref *r);
void ref_mantel_haenszel_tables(struct ref *r);
void ref_diagnostic(struct ref *r);
// reference_rt.c
void ref_discr_si(struct ref *r);
void ref_infectivity(struct ref *r);
void ref_epiestim(struct ref *r);
void ref_korea_input(struct ref *r);
void ref_wallinga_teunis(struct ref *r);
void ref_uncertain_si(struct ref *r);
void ref_sim_renewal(struct ref *r);
void ref_sim_renewal_si(struct ref *r);
void ref_sim_coverage(struct ref *r);
// reference_chains.c
void ref_extinction(struct ref *r);
void ref_chain_size(struct ref *r);
void ref_shares(struct ref *r);
void ref_offspring(struct ref *r);
void ref_offspring_counts(struct ref *r);
void ref_final_size(struct ref *r);
void ref_sir_course(struct ref *r);
void ref_r_from_growth(struct ref *r);
void ref_pooled(struct ref *r);
void ref_pooled_mc(struct ref *r);
void ref_dorfman_optimum(struct ref *r);
void ref_pooled_informative(struct ref *r);
void ref_pooled_risks(struct ref *r);
// reference_growth.c
void ref_growth(struct ref *r);
void ref_growth_input(struct ref *r);
void ref_growth_incidence(struct ref *r);
void ref_germany(struct ref *r);
void ref_germany_sb(struct ref *r);
void ref_germany_td(struct ref *r);
void ref_germany_input(struct ref *r);
void ref_germany_generation(struct ref *r);
// reference_delays.c
void ref_serial_summary(struct ref *r);
void ref_delay_fits(struct ref *r);
void ref_clusters(struct ref *r);
void ref_intervals(struct ref *r);
void ref_truncation(struct ref *r);
void ref_fatality(struct ref *r);
void ref_fatality_delay(struct ref *r);
void ref_sir_fit(struct ref *r);
void ref_pooled_ci(struct ref *r);
void ref_pooled_unequal(struct ref *r);

#endif
