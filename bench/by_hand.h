// by_hand.h -- three pathways of covid19-cn-9 written out in C: close contact, contact of a contact, high-risk zone.
//
// What the response core is measured against: the same rules as a good programmer would write them into a program, with the
// days, tasks and deadlines as constants, and the same decisions with the same reasons. tests/response/test_by_hand.c holds
// the two together. Facts must come in order (no corrections, one edition, no days set for one person), and the zone is
// China's present one, eight hours ahead of UTC.
#ifndef TONG_BENCH_BY_HAND_H
#define TONG_BENCH_BY_HAND_H

#include "response/decision.h"
#include "response/fact.h"

typedef enum by_hand_kind { BY_HAND_CONTACT, BY_HAND_SECOND, BY_HAND_ZONE, BY_HAND_KINDS } by_hand_kind;

enum { BY_HAND_STAGES = 6, BY_HAND_MEASURES = 5, BY_HAND_SLOTS = 13 };

// Where the compiled protocol keeps what this code knows by name: only so that decisions can be compared number by number.
struct by_hand_numbers {
    uint8_t pathway[BY_HAND_KINDS], case_pathway;
    uint32_t pathway_name[BY_HAND_KINDS];
    uint8_t stage[BY_HAND_STAGES];
    uint8_t measure[BY_HAND_MEASURES], status[BY_HAND_MEASURES];
    uint32_t measure_name[BY_HAND_MEASURES];
    uint8_t stage_task[BY_HAND_STAGES][3];      // sample or round, first check, second check
    uint8_t task[BY_HAND_KINDS][BY_HAND_SLOTS]; // of the slots that belong to the pathway
    uint32_t stage_name[BY_HAND_STAGES][3], name[BY_HAND_KINDS][BY_HAND_SLOTS];
    uint16_t rule[BY_HAND_STAGES][EVENT_WORD_COUNT];
    uint16_t exception;
};

struct by_hand {
    uint32_t subject, open; // bit per slot
    int32_t last_min, next_min, stage_min;
    int32_t zero, first, last, negative; // civil days; BY_HAND_NEVER
    int32_t order_until, cap;
    uint32_t flags;
    uint16_t signer;
    uint8_t kind, stage, measure, extensions, sources, linked_negatives, final;
};
#define BY_HAND_NEVER INT32_MAX

// False when the protocol is not the one this was written for (a task, stage or rule is missing).
bool by_hand_bind(const struct protocol *p, struct by_hand_numbers *out);
struct by_hand by_hand_new(uint32_t subject, by_hand_kind kind);
bool by_hand_is_open(const struct by_hand *h);
// As respond_until, respond and respond_deadline.
void by_hand_until(const struct by_hand_numbers *n, struct by_hand *h, utc_sec now, struct decisions *out);
bool by_hand_fact(const struct by_hand_numbers *n, struct by_hand *h, const struct fact *f, struct decisions *out);
void by_hand_deadline(const struct by_hand_numbers *n, struct by_hand *h, uint8_t slot, utc_sec deadline,
                      struct decisions *out);

#endif
