// Every row of every file of the reference outputs, each to the class its README states.
//
// The table names every file of the folder: with its walker, or with the reason why it is not met. A file in the folder
// that the table does not name is a failure.
#include "reference.h"
#include "tap.h"

#include <dirent.h>

static const struct {
    const char *file;
    ref_walker walk;    // NULL: not walked here, for the reason given
    size_t rows_unmet;  // rows the walker is known to name as not met
    const char *reason; // of those, or of the file
} files[] = {
    {"attack_rates", ref_attack_rates, 0, ""},
    {"binomial_ci", ref_binomial_ci, 0, ""},
    {"poisson_ci", ref_poisson_ci, 0, ""},
    {"two_by_two", ref_two_by_two, 0, ""},
    {"mantel_haenszel", ref_mantel_haenszel, 0, ""},
    {"mantel_haenszel_tables", ref_mantel_haenszel_tables, 0, ""},
    {"diagnostic_test_accuracy", ref_diagnostic, 0, ""},
    {"prevalence_rogan_gladen", ref_rogan_gladen, 0, ""},
    {"epiestim_discr_si", ref_discr_si, 0, ""},
    {"epiestim_overall_infectivity", ref_infectivity, 0, ""},
    {"epiestim_R_parametric", ref_epiestim, 0, ""},
    {"epiestim_R_nonparametric", ref_epiestim, 0, ""},
    {"epiestim_input_mers_korea_2015", ref_korea_input, 0, ""},
    {"epiestim_wallinga_teunis", ref_wallinga_teunis, 0, ""},
    {"epiestim_uncertain_si_mean_of_5_seeds", ref_uncertain_si, 100,
     "the limits of the serial interval used for SARS2003 are not recorded"},
    {"sim_renewal_epiestim", ref_sim_renewal, 0, ""},
    {"sim_renewal_si", ref_sim_renewal_si, 0, ""},
    {"sim_renewal_coverage", ref_sim_coverage, 0, ""},
    {"branching_extinction", ref_extinction, 0, ""},
    {"branching_chain_size_pmf", ref_chain_size, 0, ""},
    {"superspreading_80_20", ref_shares, 0, ""},
    {"offspring_negbin", ref_offspring, 0, ""},
    {"offspring_counts", ref_offspring_counts, 0, ""},
    {"final_size", ref_final_size, 0, ""},
    {"sir_trajectory_beta1.5_gamma0.5", ref_sir_course, 0, ""},
    {"R_from_r_wallinga_lipsitch", ref_r_from_growth, 0, ""},
    {"pooled_hierarchical", ref_pooled, 0, ""},
    {"pooled_array", ref_pooled, 0, ""},
    {"pooled_array_mc_check", ref_pooled_mc, 0, ""},
    {"pooled_dorfman_optimum", ref_dorfman_optimum, 0, ""},
    {"pooled_dorfman1943_table1", ref_dorfman_optimum, 0, ""},
    {"pooled_informative_dorfman", ref_pooled_informative, 0, ""},
    {"pooled_informative_risks", ref_pooled_risks, 0, ""},
    {"growth_rates", ref_growth, 0, ""},
    {"growth_input", ref_growth_input, 0, ""},
    {"growth_incidence_fit_ebola_sim", ref_growth_incidence, 0, ""},
    {"R0pkg_Germany1918", ref_germany, 0, ""},
    {"R0pkg_Germany1918_SB", ref_germany_sb, 0, ""},
    {"R0pkg_Germany1918_TD", ref_germany_td, 0, ""},
    {"R0pkg_Germany1918_input", ref_germany_input, 0, ""},
    {"R0pkg_generation_time_gamma_3_1.5", ref_germany_generation, 0, ""},
    {"serial_interval_summary", ref_serial_summary, 0, ""},
    {"delay_fits", ref_delay_fits, 0, ""},
    {"incubation_intervals_mers_korea_2015", ref_intervals, 0, ""},
    {"incubation_intervals_singapore", ref_intervals, 0, ""},
    {"incubation_intervals_tianjin", ref_intervals, 0, ""},
    {"sim_right_truncation_fits", ref_truncation, 0, ""},
    {"cfr_realtime_ebola_sim", ref_fatality, 0, ""},
    {"cfr_onset_to_death_gamma", ref_fatality_delay, 0, ""},
    {"sir_fit_boarding_school", ref_sir_fit, 0, ""},
    {"pooled_prevalence_ci", ref_pooled_ci, 0, ""},
    {"pooled_prevalence_unequal", ref_pooled_unequal, 0, ""},
    {"ears_canonical_C1_C2_C3", NULL, 0, "walked by test_surveillance"},
    {"surveillance_earsC", NULL, 0, "walked by test_surveillance"},
    {"surveillance_cusum", NULL, 0, "walked by test_surveillance"},
    {"surveillance_farrington", NULL, 0, "walked by test_surveillance"},
    {"surveillance_farringtonFlexible", NULL, 0, "walked by test_surveillance"},
    {"surveillance_other_algorithms", NULL, 0, "walked by test_surveillance"},
    {"scores_crps_logs", NULL, 0, "walked by test_scores"},
    {"scores_crps_sample", NULL, 0, "walked by test_scores"},
    {"scores_eurohub_by_model", NULL, 0, "walked by test_scores"},
    {"scores_eurohub_log_scale_by_model", NULL, 0, "walked by test_scores"},
    {"scores_eurohub_pairwise_relative_wis", NULL, 0, "walked by test_scores"},
    {"scores_eurohub_per_forecast", NULL, 0, "walked by test_scores"},
    {"scores_sample_input", NULL, 0, "walked by test_scores"},
    {"scores_wis_micro", NULL, 0, "walked by test_scores"},
    {"sim_nowcast_reverse_hazard", NULL, 0, "walked by test_nowcast"},
    {"surveillance_nowcast_husO104Hosp", NULL, 0, "walked by test_nowcast"},
    {"husO104Hosp_delay_counts", NULL, 0, "walked by test_nowcast"},
    {"husO104Hosp_reporting_triangle_2011-06-02", NULL, 0, "walked by test_nowcast"},
    {"epiestim_si_from_data_MockRotavirus", NULL, 0,
     "the serial interval's posterior by Markov chain is not implemented"},
    {"tianjin_icc_intervals", ref_clusters, 0, ""},
    {"epilps_R", NULL, 0, "P-splines with Laplace approximation are not implemented"},
    {"epinow2_stored_fit", NULL, 0,
     "a joint fit by Markov chain: R walked by test_reports against deconvolution, infections and reports not met"},
    {"epinow2_stored_fit_delays", NULL, 0, "parameters of the former, read by test_reports"},
    {"epinow2_stored_fit_generation_time_pmf", NULL, 0, "parameters of the former, read by test_reports"},
    {"outbreaker2_fake_outbreak_ancestries", NULL, 0, "walked by test_transmission_tree"},
    {"outbreaker2_fake_outbreak_summary", NULL, 0, "walked by test_transmission_tree"},
    {"sim_reporting_delay_pmf", NULL, 0, "what a simulation was made with, no result"},
    {"sim_reporting_lambda", NULL, 0, "what a simulation was made with, no result"},
    {"r_timings", NULL, 0, "times, for the benchmarks"},
    {"surveillance_nowcast_seconds", NULL, 0, "times, for the benchmarks"},
    {"timing_series_1000_days", NULL, 0, "input of the benchmarks"},
};
enum { FILES = sizeof files / sizeof *files };

static void test_file(size_t i, struct arena *a)
{
    struct ref r = {.arena = a, .file = files[i].file};
    const char *path = arena_printf(a, "reference/analytics/%s.csv", files[i].file);
    if (path == NULL || !ref_read(a, path, &r.table)) {
        tap_skip("%s: not in the shared folder", files[i].file);
        return;
    }
    files[i].walk(&r);
    (void)printf("# %s: %zu rows, %zu numbers compared, worst of the passing %.1e, %zu rows not met%s%s\n", r.file,
                 r.table.rows, r.numbers, r.worst, r.unmet, r.unmet > 0 ? ": " : "",
                 r.unmet > 0 ? files[i].reason : "");
    OK(r.wrong == 0 && r.numbers > 0, "%s: %zu numbers of %zu rows", r.file, r.numbers, r.table.rows);
    EQ_INT(r.unmet, files[i].rows_unmet, "%s: rows not met are those the table names", r.file);
    arena_free(a);
}

static bool named(const char *file)
{
    size_t n = strlen(file);
    for (size_t i = 0; i < FILES; i++)
        if (n == strlen(files[i].file) + 4 && strncmp(file, files[i].file, n - 4) == 0) return true;
    return false;
}

// Whether every table of the folder stands in ours.
static void test_complete(void)
{
    char path[512];
    if (tap_shared("reference/analytics/README.md", path, sizeof path) == NULL) return;
    path[strlen(path) - strlen("README.md")] = 0;
    DIR *folder = opendir(path);
    if (!OK(folder != NULL, "the folder opens")) return;
    size_t unnamed = 0;
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        size_t n = strlen(e->d_name);
        if (n > 4 && strcmp(e->d_name + n - 4, ".csv") == 0 && !named(e->d_name)) {
            (void)printf("# %s is not in the table\n", e->d_name);
            unnamed++;
        }
    }
    (void)closedir(folder);
    EQ_INT(unnamed, 0, "the table names every file of the folder");
}

int main(int argc, char **argv)
{
    struct arena a = {0};
    char path[512];
    if (tap_shared("reference/analytics/README.md", path, sizeof path) == NULL) {
        tap_skip("the reference outputs are not beside the checkout");
        return tap_done();
    }
    for (size_t i = 0; i < FILES; i++) {
        if (argc > 1 && strcmp(argv[1], files[i].file) != 0) continue;
        if (files[i].walk == NULL) (void)printf("# %s: not walked here: %s\n", files[i].file, files[i].reason);
        else test_file(i, &a);
    }
    if (argc == 1) test_complete();
    arena_free(&a);
    return tap_done();
}
