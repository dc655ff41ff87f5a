// course.h -- pure questions about where an enrolment stands in its days.
//
// Days are int32 civil days here; ENROLMENT_DAY_NONE offsets become COURSE_NEVER, which is later than any day.
#ifndef TONG_RESPONSE_COURSE_H
#define TONG_RESPONSE_COURSE_H

#include "response/respond.h"

enum { COURSE_NEVER = INT32_MAX };

static inline int32_t course_base(const struct enrolment *e)
{
    return e->base * ENROLMENT_BASE_UNIT;
}
// The civil day of an offset, COURSE_NEVER for none.
static inline int32_t course_day(const struct enrolment *e, int16_t offset)
{
    return offset == ENROLMENT_DAY_NONE ? COURSE_NEVER : course_base(e) + offset;
}
// The offset of a civil day; days out of reach (89 years) are kept at the edge.
static inline int16_t course_offset(const struct enrolment *e, int32_t day)
{
    if (day == COURSE_NEVER) return ENROLMENT_DAY_NONE;
    int32_t d = day - course_base(e);
    return (int16_t)(d > INT16_MAX ? INT16_MAX : d < INT16_MIN + 1 ? INT16_MIN + 1 : d);
}
// The civil day of an offset in hours.
static inline int32_t course_hour_day(const struct enrolment *e, int16_t hour)
{
    enum { DAY_HOURS = 24 };
    return course_base(e) + (hour >= 0 ? hour / DAY_HOURS : -((-hour + DAY_HOURS - 1) / DAY_HOURS));
}
// The (earliest plausible) day of onset.
static inline int32_t course_onset_day(const struct enrolment *e)
{
    return e->onset_hour == ENROLMENT_DAY_NONE ? COURSE_NEVER : course_hour_day(e, e->onset_hour);
}
// Sources of exposure that still go on.
static inline int32_t course_open_sources(const struct enrolment *e)
{
    return e->extensions >> 4;
}
static inline int32_t course_extensions(const struct enrolment *e)
{
    return e->extensions & 15;
}
enum { COURSE_DAY_SECONDS = 86400 };
// Local midnight that begins a day, as a UTC minute. Most days lie after the zone's last change of offset: no search then.
static inline int32_t course_midnight(const struct protocol *p, int32_t day)
{
    const struct zone *z = &p->zone;
    int64_t utc = (int64_t)day * COURSE_DAY_SECONDS;
    int32_t last = z->shift_count;
    if (last == 0 || utc - 2 * COURSE_DAY_SECONDS > z->at[last - 1]) return (int32_t)((utc - z->offset_s[last]) / 60);
    return (int32_t)(zone_midnight(z, (civil_day){day}).s / 60);
}
static inline int32_t course_day_of(const struct protocol *p, utc_sec at)
{
    const struct zone *z = &p->zone;
    int32_t last = z->shift_count;
    int32_t offset = last == 0 || at.s >= z->at[last - 1] ? z->offset_s[last] : zone_offset(z, at);
    int64_t local = at.s + offset;
    int64_t day = local / COURSE_DAY_SECONDS;
    return (int32_t)(local % COURSE_DAY_SECONDS < 0 ? day - 1 : day);
}
static inline int32_t course_day_of_minute(const struct protocol *p, int32_t minute)
{
    return course_day_of(p, (utc_sec){(int64_t)minute * 60});
}
// Is day zero still moving because a source is still there?
static inline bool course_is_open(const struct protocol *p, const struct enrolment *e)
{
    return course_open_sources(e) > 0 && p->pathways[e->pathway].day_zero == ANCHOR_LAST_EXPOSURE;
}
// The stage's day number of a civil day; 0 while day zero still moves.
static inline int32_t course_stage_day(const struct protocol *p, const struct enrolment *e, int32_t day)
{
    if (e->stage_zero == ENROLMENT_DAY_NONE || course_is_open(p, e)) return 0;
    return day - course_day(e, e->stage_zero);
}

// The day an anchor stands on (the latest plausible, where the date is imprecise), COURSE_NEVER when it is not known.
int32_t course_anchor(const struct protocol *p, const struct enrolment *e, anchor_word anchor);
// The last day of the stage; COURSE_NEVER when only an event ends it or an exposure is still open.
int32_t course_stage_end(const struct protocol *p, const struct enrolment *e);
// The last day on which the stage's measure, checks or samples are due; never later than the stage's end.
int32_t course_measure_end(const struct protocol *p, const struct enrolment *e);
int32_t course_check_end(const struct protocol *p, const struct enrolment *e);
int32_t course_sample_end(const struct protocol *p, const struct enrolment *e);
// May the enrolment be released from this stage?
bool course_is_last(const struct protocol *p, const struct enrolment *e);
// The last day of an order signed on `day` for the measure: the measure's days, the review, at_most, whichever is first.
int32_t course_order_end(const struct protocol *p, const struct enrolment *e, uint8_t measure, int32_t day);
// The last day of the whole course from here, following `next`; COURSE_NEVER when it cannot be told.
int32_t course_total_end(const struct protocol *p, const struct enrolment *e);
// The UTC minute at which something is next due after the day `today`, ENROLMENT_NEVER for nothing.
int32_t course_next(const struct protocol *p, const struct enrolment *e, int32_t today);

#endif
