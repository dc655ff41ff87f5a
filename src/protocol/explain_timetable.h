// explain_timetable.h -- on which days of a pathway a stage falls, and what is due on which of them.
#ifndef TONG_PROTOCOL_EXPLAIN_TIMETABLE_H
#define TONG_PROTOCOL_EXPLAIN_TIMETABLE_H

#include "protocol/protocol.h"

enum { TIMETABLE_UNKNOWN = -1 };

// How each stage is reached. A stage whose day zero is always the same number of days after the pathway's has it in
// `zero`; others (behind a stage that only an event ends, or reached over ways of different length) have TIMETABLE_UNKNOWN.
struct timetable {
    int16_t zero[PROTOCOL_STAGES_MAX];
    bool in_time[PROTOCOL_STAGES_MAX];  // a stage before it leads here, or it is a first stage
    bool by_event[PROTOCOL_STAGES_MAX]; // a reaction leads here, or to a stage before it
};
void timetable_find(const struct protocol *p, struct timetable *out);

// The stages one goes through when nothing happens: the default first stage and what follows in time.
size_t timetable_main(const struct protocol *p, uint8_t pathway, uint8_t *out, size_t room);
// The stages that may be the first.
size_t timetable_starts(const struct protocol *p, uint8_t pathway, uint8_t *out, size_t room);
// Days from the pathway's day zero to the stage's last day, or TIMETABLE_UNKNOWN.
int32_t timetable_last_day(const struct protocol *p, const struct timetable *c, uint8_t stage);

// What is due on given days of a stage: the same sample or check several times a day is one duty.
enum { TIMETABLE_DUTIES_MAX = 16 };
struct duty {
    const struct task *task;
    uint8_t a_day;
    bool every_day; // as long as the stage lasts, or for the first `most` days of it
    int16_t most;   // 0: no limit of its own
    bool goes_on;   // the days go on like this until something ends the stage
    size_t count;
    int16_t days[PROTOCOL_STAGE_DAYS_MAX]; // of the stage, rising
};
size_t timetable_duties(const struct protocol *p, uint8_t stage, struct duty out[TIMETABLE_DUTIES_MAX]);

#endif
