// outbreak_options.h -- what an invented outbreak is made of: every figure a field, with a default and its source.
//
// outbreak_options_for() fills all figures for one disease from a table that names, for each, where it comes from:
// author and year when it was published; "general knowledge" when it is commonly quoted but was not looked up;
// "choice" when it is only a choice of this generator. outbreak_parameter_at() walks that table, for a README and for
// tests. The presets are "like" a disease: good for demonstrations, tests and measurements, not for forecasts.
//
// All times are local wall-clock times of one place without clock changes. Gamma delays are given by mean and standard
// deviation in days; a standard deviation of 0 makes the delay fixed.
#ifndef TONG_TWIN_OUTBREAK_OPTIONS_H
#define TONG_TWIN_OUTBREAK_OPTIONS_H

#include "base/civil.h"
#include "base/err.h"
#include "base/lang.h"

typedef enum outbreak_disease {
    OUTBREAK_COVID,
    OUTBREAK_MERS,
    OUTBREAK_EBOLA,
    OUTBREAK_MEASLES,
    OUTBREAK_DISEASE_COUNT
} outbreak_disease;

// Where an infection happened or a contact took place. The first seven are drawn by weight; a funeral follows a death,
// and an imported case was infected outside the place.
typedef enum outbreak_kind {
    OUTBREAK_HOUSEHOLD,
    OUTBREAK_WORKPLACE,
    OUTBREAK_SCHOOL,
    OUTBREAK_TRANSPORT,
    OUTBREAK_MEAL,
    OUTBREAK_NEIGHBOUR,
    OUTBREAK_HEALTHCARE,
    OUTBREAK_FUNERAL,
    OUTBREAK_IMPORTED,
    OUTBREAK_KIND_COUNT
} outbreak_kind;
enum { OUTBREAK_KIND_DRAWN = OUTBREAK_FUNERAL };

enum {
    OUTBREAK_CASES_MAX = 200000,
    OUTBREAK_CONTACTS_MAX = 10000000,
    OUTBREAK_YEAR_MIN = 1900, // of the start
    OUTBREAK_YEAR_MAX = 2800,
};

struct outbreak_delay {
    double mean_days, sd_days; // of a gamma distribution
};

struct outbreak_options {
    // ---- the run ----
    outbreak_disease disease;
    uint64_t seed;      // the same seed and figures give the same outbreak, to the last byte, on any machine
    uint32_t replicate; // another outbreak of the same seed
    int32_t cases;      // exactly so many infections, the first ones in time
    civil_day start;    // the day of the first infection

    // ---- people ----
    double persons_per_case;    // size of the town; at least OUTBREAK_PERSONS_MIN people in any event
    double contacts_per_case;   // 0, or 1 and more: in all round(cases * this) contacts are named
    double contacts_dispersion; // shape of the gamma by which cases differ in their number of contacts

    // ---- transmission ----
    double r_mean;       // mean number of infections one case would cause if nobody were isolated
    double dispersion_k; // of the negative binomial offspring distribution (Lloyd-Smith et al. 2005)
    struct outbreak_delay
        interval;               // from the infection of the infector to that of the infectee: the generation interval
    double interval_from_onset; // 1: the interval runs from the infector's onset instead, and nobody infects before it
    double kind_weight[OUTBREAK_KIND_DRAWN];
    double isolation_effect; // share of the infections after isolation, or by a guarded burial, that do not happen
    double burial_days;      // from death to burial, while a body that nobody guards may infect
    double control_day;      // days after the start from which r_after holds; negative: see control_share
    double control_share;    // ... from when this share of the cases is infected; 1: no control
    double r_after;          // the same once control measures hold
    double index_cases;      // imported in the first days
    double import_gap_days;  // mean wait for the next importation when all chains have died out

    // ---- illness ----
    double incubation_median_days, incubation_sdlog; // lognormal
    double asymptomatic_share;
    double death_share_under_60, death_share_from_60; // of the symptomatic
    struct outbreak_delay onset_to_death, onset_to_recovery;

    // ---- finding the cases ----
    struct outbreak_delay onset_to_sample;
    struct outbreak_delay infection_to_screening; // an asymptomatic case nobody has traced
    struct outbreak_delay sample_to_result, result_to_report, result_to_isolation;
    double isolated_share;     // the others stay at home to the end
    double probable_share;     // of the symptomatic: never sampled, a case by its links
    double missed_first_share; // a first sample that was negative, a day before
    double detectable_days;    // from infection, before which a sample is negative
    double test_before_onset;  // 1: traced contacts are sampled while well; 0: only once they are ill

    // ---- tracing ----
    double window_days; // before onset (or the sample of a case without symptoms) from which contacts are sought
    double named_share; // of the infected contacts inside the window that the case names
    struct outbreak_delay report_to_named, named_to_sample;
    double follow_days;               // after the last contact
    double lost_share, refused_share; // of the contacts
    double missed_visit_share;        // of the daily follow-ups: not seen or not attempted
};

enum { OUTBREAK_PERSONS_MIN = 4000 };

// All figures of a disease; cases 200, seed 1, start 2022-07-01.
void outbreak_options_for(outbreak_disease disease, struct outbreak_options *out);
// INVALID when a figure lies outside its limits, LIMIT when cases or contacts are too many; *err names the field.
tong_code outbreak_options_check(const struct outbreak_options *options, struct err *err) TONG_MUST_USE;

struct outbreak_parameter {
    const char *name; // the field's name; "generation.mean_days" for a part
    struct label label;
    double value;       // in the options given
    double preset;      // of that disease
    const char *source; // of the preset
};
// The i-th figure; false when there is none.
bool outbreak_parameter_at(const struct outbreak_options *options, size_t i, struct outbreak_parameter *out);

const char *outbreak_disease_name(outbreak_disease disease); // "covid": the word of the command line
struct label outbreak_disease_label(outbreak_disease disease);
const char *outbreak_kind_name(outbreak_kind kind); // "household": the word in the files

#endif
