// by_hand_inner.h -- what the files of by_hand share.
#ifndef TONG_BENCH_BY_HAND_INNER_H
#define TONG_BENCH_BY_HAND_INNER_H

#include "by_hand.h"

enum {
    FACILITY,
    HOME,
    SECOND_HOME,
    HIGH,
    HIGH_LONGER,
    MIDDLE,
    NOWHERE,
};
enum { QUARANTINE_FACILITY, QUARANTINE_HOME, MONITORING_HOME, STAY_HOME, STAY_IN_AREA, NO_MEASURE };
enum {
    ENDED = 1,
    PROPOSED = 2,
    ORDERED = 4,
    STARTED = 8,
    RENEWAL = 16,
    CAPPED = 32,
    DUTY = 64,
    CONTAMINATED = 128,
    LINKED_POSITIVE = 256,
    ROUND_NEGATIVE = 512,
    ILL = 1024,
    SPECIAL = 1 << 12, // then a bit per circumstance: pregnant, in need of care, unfit
};
enum { DAY_MINUTES = 1440, ZONE_MINUTES = 480, NOON = 720, STAGE_SLOTS = 7, NEVER_DAY = BY_HAND_NEVER };

// Slots of the pathways: three that belong to the stage, then from 8 on the named tasks.
enum { SLOT_SAMPLE, SLOT_NOON, SLOT_EVENING };
enum { SLOT_INFORM = 8, SLOT_TRANSFER = 9, SLOT_SERVE = 8, SLOT_LIST = 9 };

// One turn: a fact, or a midnight.
struct turn {
    const struct by_hand_numbers *n;
    struct by_hand *h;
    struct decisions *out;
    const struct fact *fact;
    int32_t minute, known_min, today;
    utc_sec at;
    bool over; // the day is closing
};
struct because {
    why_word why;
    uint16_t rule;
};

void hand_answer(struct turn *t, uint8_t slot, how_word how);
void hand_close_living(struct turn *t, struct because b);
void hand_close_task(struct turn *t, uint8_t slot, how_word how, struct because b);
int32_t hand_day_of(int64_t minute);
void hand_end(struct turn *t, final_word final, how_word how, struct because b);
void hand_end_measure(struct turn *t, how_word how, struct because b);
void hand_enter(struct turn *t, uint8_t stage, int32_t zero, struct because b);
int32_t hand_next_turn(const struct by_hand *h, int32_t today);
bool hand_no_new_case(const struct turn *t, int32_t days);
void hand_open_job(struct turn *t, uint8_t slot, struct because b);
void hand_order(struct turn *t);
void hand_restart(struct turn *t, struct because b);
struct decision *hand_say(struct turn *t, decision_kind kind, uint8_t what, struct because b);
void hand_try_release(struct turn *t);

#endif
