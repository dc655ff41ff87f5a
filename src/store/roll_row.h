// roll_row.h -- how a row of a table becomes a row of the roll: the one place, for loading and for intake.
//
// Each writes the columns of one list, for roll_put. They read of the roll only its editions (roll_book_put), so the writer
// may call them before it commits, without the lock. Instants that are not there are UTC_NONE, numbers 0.
#ifndef TONG_STORE_ROLL_ROW_H
#define TONG_STORE_ROLL_ROW_H

#include "store/roll.h"

enum { ROLL_MARK_OVERDUE = 1, ROLL_MARK_ESCALATED = 2 }; // task.marks

struct roll_person {
    int64_t id, version;
    civil_day born; // CIVIL_DAY_NONE unknown
    int32_t sex, flags;
};
struct roll_enrolment {
    int64_t subject, source;
    utc_sec opened, ended;
    const struct enrolment *state;
};
struct roll_task {
    int64_t subject, assigned, place;
    uint8_t edition, task;
    int32_t role, how, marks;
    utc_sec opened, deadline, closed;
};
struct roll_measure {
    int64_t subject, site, first_signer;
    uint8_t edition, measure;
    utc_sec proposed, ordered, started, ended, until;
};
struct roll_sample {
    int64_t subject, laboratory;
    int32_t specimen, test, outcome; // test, outcome -1: no result yet
    utc_sec taken, received, resulted;
};
struct roll_objection {
    int64_t subject;
    int32_t role;
    int32_t upheld; // -1 undecided
    utc_sec made, deadline, decided;
};
struct roll_hand_over {
    int64_t subject;
    utc_sec sent, acknowledged, accepted;
};

void roll_row_person(const struct roll_person *row, int32_t *columns);
void roll_row_enrolment(const struct roll *r, const struct rulebook *book, const struct roll_enrolment *row,
                        int32_t *columns);
void roll_row_task(const struct roll *r, const struct rulebook *book, const struct roll_task *row, int32_t *columns);
void roll_row_measure(const struct roll *r, const struct rulebook *book, const struct roll_measure *row,
                      int32_t *columns);
void roll_row_sample(const struct roll_sample *row, int32_t *columns);
void roll_row_objection(const struct roll_objection *row, int32_t *columns);
void roll_row_hand_over(const struct roll_hand_over *row, int32_t *columns);

// The minute of an instant, ROLL_NONE for UTC_NONE.
static inline int32_t roll_minute(utc_sec at)
{
    if (at.s == INT64_MIN) return ROLL_NONE;
    int64_t m = at.s >= 0 ? at.s / 60 : -((59 - at.s) / 60);
    return m > INT32_MAX ? INT32_MAX : (int32_t)m;
}
static inline utc_sec roll_instant(int32_t minute)
{
    return minute == ROLL_NONE ? UTC_NONE : (utc_sec){(int64_t)minute * 60};
}
static inline int32_t roll_day(civil_day day)
{
    return day.d == CIVIL_DAY_NONE ? ROLL_NONE : day.d;
}

#endif
