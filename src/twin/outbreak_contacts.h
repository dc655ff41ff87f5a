// outbreak_contacts.h -- what happens to the contacts of an invented outbreak: daily visits, samples.
//
// Computed when asked for, not stored: an outbreak of 10,000 cases has a million visits.
#ifndef TONG_TWIN_OUTBREAK_CONTACTS_H
#define TONG_TWIN_OUTBREAK_CONTACTS_H

#include "twin/outbreak.h"

typedef enum outbreak_visit_status {
    OUTBREAK_SEEN_WELL,
    OUTBREAK_SEEN_ILL,
    OUTBREAK_NOT_SEEN,
    OUTBREAK_NOT_ATTEMPTED,
    OUTBREAK_VISIT_REFUSED,
    OUTBREAK_VISIT_STATUS_COUNT
} outbreak_visit_status;

struct outbreak_visit {
    int64_t minute;
    outbreak_visit_status status;
};
// The n-th visit, 0 <= n < contact.visits.
struct outbreak_visit outbreak_visit_at(const struct outbreak *outbreak, int32_t contact, int32_t n);

struct outbreak_sample {
    uint32_t person;
    int64_t sampled_min, result_min;
    bool positive;
    int32_t ct_tenths; // of a positive PCR: threshold cycle times ten
};
enum { OUTBREAK_SAMPLES_MAX = 4 };
// In order of time; how many. A case: a first negative now and then, its positive, and two negatives a day apart before
// recovery. A contact, where contacts are sampled while well: negatives on the first and on the last day of follow-up,
// as long as it is not a case that a sample could already show.
int32_t outbreak_case_samples(const struct outbreak *outbreak, int32_t index,
                              struct outbreak_sample out[OUTBREAK_SAMPLES_MAX]);
int32_t outbreak_contact_samples(const struct outbreak *outbreak, int32_t contact,
                                 struct outbreak_sample out[OUTBREAK_SAMPLES_MAX]);

#endif
