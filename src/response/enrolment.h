// enrolment.h -- one subject's progress along one pathway, in 64 bytes.
//
// It is a cache: fold.h computes it from the facts at any time. Minutes are UTC minutes since 1970 (int32 reaches the
// year 6053); days are civil days of the jurisdiction, kept as offsets from a base day (int16 reaches 89 years either way).
#ifndef TONG_RESPONSE_ENROLMENT_H
#define TONG_RESPONSE_ENROLMENT_H

#include "protocol/protocol.h"

enum {
    ENROLMENT_DAY_NONE = INT16_MIN,
    ENROLMENT_AGE_UNKNOWN = 0xFF,
    ENROLMENT_OVERRIDE_NONE = 0xFF,
    ENROLMENT_BASE_UNIT = 128, // days
    ENROLMENT_STEP = 7,         // of `step`: the class
    ENROLMENT_BY_AUTHORITY = 8, // of `step`: an authority has said so
};
#define ENROLMENT_NEVER INT32_MAX // next_min when nothing is due any more

// Circumstances come first, in the order of ATTRIBUTE_WORDS, so that bit a is attribute a.
enum enrolment_flag {
    FLAG_SYMPTOMATIC = 1u << 12,
    FLAG_POSITIVE = 1u << 13,       // has had a positive that counts
    FLAG_RENEWAL = 1u << 14,        // in force, and a fresh order to go on with it waits for a signature
    FLAG_MOVED = 1u << 15,          // by a change of edition: the stage ends by `cap` at the latest
    FLAG_LINKED_POSITIVE = 1u << 16,
    FLAG_LESIONS_HEALED = 1u << 17,
    FLAG_CLINICIAN_RELEASE = 1u << 18,
    FLAG_CONTAMINATED = 1u << 19,
    FLAG_CARER = 1u << 20,
    FLAG_GUARDIAN = 1u << 21,
    FLAG_ISOLATED = 1u << 22,
    FLAG_ENDED = 1u << 23,
    FLAG_CAPPED = 1u << 24,         // at_most is used up: no further restriction is proposed
    FLAG_PROPOSED = 1u << 25,       // the measure waits for a signature
    FLAG_ORDERED = 1u << 26,        // the measure is signed and in force
    FLAG_STARTED = 1u << 27,        // and was begun
    FLAG_SOURCE_FREE = 1u << 28,
    FLAG_ROUND_NEGATIVE = 1u << 29,
    FLAG_DUTY_TODAY = 1u << 30,     // something was scheduled today
};

struct enrolment {
    uint32_t subject;    // the caller's number
    int32_t last_min;    // up to here it has answered
    int32_t stage_min;   // the fact that led into the stage became known
    int32_t next_min;    // nothing is due before; ENROLMENT_NEVER
    int32_t counted_min; // sample time of the last negative that counted
    uint32_t flags;
    uint32_t open;       // bit per slot: a task is open
    int16_t base;        // the offsets below count from day base * ENROLMENT_BASE_UNIT
    int16_t first_exposure, last_exposure; // of places: first and last case
    int16_t onset_hour;      // local, in hours from the base day (3.7 years; later ones count as then); 23 o'clock when only
                             // the day is known
    int16_t positive_sample;
    int16_t stage_zero;      // day zero of the stage
    int16_t isolated;        // the day the window closed: effective isolation, burial ...
    int16_t order_until;     // last day the signed order covers
    int16_t cap;             // last day of any restriction: at_most from the first order, or less after a change of edition
    int16_t negative_day;    // last day a negative sample was taken
    int16_t well_hour;       // symptoms or fever gone, likewise
    uint16_t signer;         // mark of who signed the first order; two people in 65,535 share one, and then a third must sign
    uint8_t edition, pathway, stage, measure;
    uint8_t step;         // low 3 bits: ladder step + 1; then ENROLMENT_BY_AUTHORITY; high 4 bits: final_word
    uint8_t negatives;    // low 4 bits: counted in a row; high 4 bits: of linked persons
    uint8_t extensions;   // low 4 bits: extensions; high 4 bits: sources still open (15 and more alike)
    uint8_t age;
    uint8_t measure_days, check_days, sample_days; // set for this person; ENROLMENT_OVERRIDE_NONE
    uint8_t answered;     // pathways with a linked set: bits of those whose results are negative; all others: how many
                          // days later than `onset_hour` it may have been, so that a release comes at the latest plausible date
};
_Static_assert(sizeof(struct enrolment) <= 64, "an enrolment costs at most 64 bytes");

#endif
