// disease.h -- a disease as the twin knows it: states, times, who is how likely to be hit how hard, how infectious when.
//
// The course has the states of Hinch et al., "OpenABM-Covid19", PLoS Comput Biol 17 (2021): latent and presymptomatic,
// symptomatic (mild or severe), asymptomatic, in hospital, critical, recovering there, recovered, dead. All parameters
// are data (share/disease/*.yaml; twin/disease_read.h), each with its source; nothing here is about one disease.
#ifndef TONG_TWIN_DISEASE_H
#define TONG_TWIN_DISEASE_H

#include "twin/spell.h"

enum {
    DISEASE_AGES = 9,      // decades of age, the last open: 0-9, 10-19, ... 80 and older
    DISEASE_VARIANTS = 2,
    DISEASE_INFECTIOUS_DAYS = 64,
};

typedef enum disease_class { // how an infection shows
    DISEASE_ASYMPTOMATIC,
    DISEASE_MILD,
    DISEASE_SEVERE,
    DISEASE_CLASSES
} disease_class;

// Who meets whom: people of a household, standing contacts (class, workplace, club), chance contacts.
typedef enum disease_layer {
    LAYER_HOUSEHOLD,
    LAYER_STANDING,
    LAYER_CHANCE,
    LAYER_COUNT,
    LAYER_OUTSIDE = LAYER_COUNT, // imported, or infected at the start
} disease_layer;

typedef enum disease_clock {
    CLOCK_INFECTION, // infectiousness runs from the infection: spread before symptoms
    CLOCK_ONSET,     // from the onset of symptoms; those who never have any count from when they would have
} disease_clock;

struct disease_age { // of one decade of age; shares of 0 .. 1
    double susceptibility;                  // relative
    double asymptomatic, mild;              // of the infected; the rest is severe
    double hospitalised;                    // of the severe
    double critical;                        // of the hospitalised
    double intensive;                       // of the critical: reach intensive care; the others die in the ward
    double fatality;                        // of those in intensive care
    double fatality_at_home;                // of the severe who are not taken into hospital
};

struct disease {
    // Expected infections by a severe case of multiplier 1 among its mean contacts, all susceptible and each contact
    // weak: the sum of its hazards.
    double rate;
    double multiplier_sd;                   // of the infectiousness between people: gamma, mean 1; 0: all alike
    double infectiousness[DISEASE_CLASSES]; // relative
    double layer_factor[LAYER_COUNT];       // weight of a contact-day
    disease_clock clock;
    struct spell_shape infectious;          // the time of infecting: on day t the part F(t) - F(t - 1)
    struct disease_age age[DISEASE_AGES];
    struct spell_shape to_symptoms, asymptomatic_recovery, recovery, to_hospital, to_critical, to_death, home_death;
    struct spell_shape hospital_recovery, critical_recovery;
    double cross_immunity;                  // 0 .. 1: of a past infection against the other variant
    double immunity_days;                   // 0: for good; else protected so long and exponentially waning after
    double variant_rate[DISEASE_VARIANTS];  // relative infectiousness of the variants; the first is usually 1
};

// What an engine reads: the spells as tables, the weights as cumulative sums.
struct disease_tables {
    struct spell to_symptoms, asymptomatic_recovery, recovery, to_hospital, to_critical, to_death, home_death;
    struct spell hospital_recovery, critical_recovery;
    int32_t infectious_days;                            // the last day with weight
    double weight[DISEASE_INFECTIOUS_DAYS + 1];         // of day t = 1, 2, ...
    double weight_upto[DISEASE_INFECTIOUS_DAYS + 1];    // sum of the days 1 .. t; the last is 1
    struct spell infecting;                             // the same as a spell, without an end
    double susceptibility_max;
};

void disease_tabulate(const struct disease *d, struct disease_tables *out);

// A plain SIR for theory: one class, everybody equally susceptible; infectious geometric with mean `days`.
struct disease disease_plain(double rate, struct spell_shape infectious);

#endif
