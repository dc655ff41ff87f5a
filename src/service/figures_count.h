// figures_count.h -- what the files of figures share. Private to figures*.c.
#ifndef TONG_SERVICE_FIGURES_COUNT_H
#define TONG_SERVICE_FIGURES_COUNT_H

#include "service/service.h"
#include "service/show.h"

// The windows; FIGURES_GROWTH_CASES and FIGURES_UNSIGNED_HOURS may be given in the request. All of them, with where they come
// from, are part of the reply ("counted"), so that a number is never shown without its rule.
enum {
    FIGURES_DAYS = 120,
    FIGURES_RECENT_DAYS = 7,
    FIGURES_DELAY_DAYS = 14,
    FIGURES_GROWTH_DAYS = 14,
    FIGURES_GROWTH_CASES = 20,    // a week: below them no rate is given
    FIGURES_UNSIGNED_HOURS = 12,  // a proposal that has waited longer is counted as late
    FIGURES_ALARMS_MAX = 20,
    FIGURES_ALARM_HOURS = 24,     // an alarm that is over stays in sight for so long
};

struct figures {
    struct request *rq;
    struct roll *roll;
    const int64_t *scopes;
    size_t scope_count;
    bool nothing;            // the right reaches nothing here: every count is 0
    civil_day today;
    int32_t now, midnight, midnight_next; // minutes
    uint64_t case_pathways[4], contact_pathways[4];
    uint64_t classes[4]; // of cases that are counted
    int32_t growth_cases, unsigned_hours;
};

// A query over a list within the scope; filters are added with show_filter.
struct roll_query figures_query(const struct figures *f, roll_list list);
int64_t figures_count(const struct figures *f, const struct roll_query *q);
// Enrolments of cases of the classes that are counted, or of contacts.
struct roll_query figures_cases(const struct figures *f);
struct roll_query figures_contacts(const struct figures *f);
int32_t figures_minute_of_day(const struct figures *f, civil_day day); // its midnight

// Every row that matches, in no order of interest, with all its columns; false when memory is short.
typedef bool figures_row(void *payload, int64_t id, const int32_t *columns);
bool figures_walk(const struct figures *f, struct roll_query *q, figures_row *row, void *payload);

// The rules by which is counted, as the array "counted".
void figures_counted(const struct figures *f, struct json_out *j);
// Alarms that run, and those of the last day, as the array "alarms": each with its clock and its steps.
tong_code figures_alarms(const struct figures *f, struct json_out *j, struct err *err) TONG_MUST_USE;

// The five numbers, as the object "decide".
tong_code figures_decide(struct figures *f, struct json_out *j, struct err *err) TONG_MUST_USE;

#endif
