// figures_count.h -- what the files of figures share. Private to figures*.c.
#ifndef TONG_SERVICE_FIGURES_COUNT_H
#define TONG_SERVICE_FIGURES_COUNT_H

#include "service/service.h"
#include "service/show.h"

enum { FIGURES_DAYS = 120, FIGURES_RECENT_DAYS = 7, FIGURES_DELAY_DAYS = 14, FIGURES_GROWTH_DAYS = 14, FIGURES_ALARMS_MAX = 20 };

struct figures {
    struct request *rq;
    struct roll *roll;
    const int64_t *scopes;
    size_t scope_count;
    bool nothing;            // the right reaches nothing here: every count is 0
    civil_day today;
    int32_t now, midnight, midnight_next; // minutes
    uint64_t case_pathways[4], contact_pathways[4];
};

// A query over a list within the scope; filters are added with show_filter.
struct roll_query figures_query(const struct figures *f, roll_list list);
int64_t figures_count(const struct figures *f, const struct roll_query *q);
// Enrolments of cases that count (confirmed, asymptomatic, probable), or of contacts.
struct roll_query figures_cases(const struct figures *f);
struct roll_query figures_contacts(const struct figures *f);
int32_t figures_minute_of_day(const struct figures *f, civil_day day); // its midnight

// Every row that matches, in no order of interest, with all its columns; false when memory is short.
typedef bool figures_row(void *payload, int64_t id, const int32_t *columns);
bool figures_walk(const struct figures *f, struct roll_query *q, figures_row *row, void *payload);

// The five numbers, as the object "decide".
tong_code figures_decide(struct figures *f, struct json_out *j, struct err *err) TONG_MUST_USE;

#endif
