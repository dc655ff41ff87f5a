// situation_inner.h -- what the files of the situation report share: the rows as they were read.
#ifndef TONG_EXCHANGE_SITUATION_INNER_H
#define TONG_EXCHANGE_SITUATION_INNER_H

#include "epi/timely.h"
#include "exchange/situation.h"

struct situation_area {
    int64_t id, parent;
    int32_t kind;
    struct str name;
};
struct situation_home {
    int64_t person, place;
};
struct situation_course {
    int64_t subject;
    struct str place;
    bool is_case;
    civil_day onset, reported, sampled, diagnosed, isolated, death, outcome;
    utc_sec opened, ended; // UTC_NONE
    struct str status;     // of a contact
    bool known_contact;    // a case that was listed as a contact before
};
struct situation_visit {
    int64_t subject;
    bool seen;
    utc_sec at;
};
struct situation_measure {
    int64_t subject;
    struct str place;
    utc_sec from, to;
};
struct situation_task {
    struct str role;
    utc_sec opened, deadline, closed;
    bool done;
};
struct situation {
    const struct situation_options *o;
    struct arena *arena;
    civil_day today;
    struct situation_area *area; // every place, by id
    size_t areas;
    struct situation_home *home; // by person
    size_t homes;
    struct situation_course *course; // cases and contacts: one a person and kind, the earliest
    size_t courses, cases, contacts;
    struct situation_visit *visit; // sorted by subject and time
    size_t visits;
    struct situation_measure *measure;
    size_t measures;
    struct situation_task *task;
    size_t tasks;
    int64_t *entry_who; // accounts
    double *entry_at;   // minutes
    size_t entries;
};
tong_code situation_load(const struct situation_options *o, struct arena *arena, struct situation *out,
                         struct err *err) TONG_MUST_USE;
// Minutes since 1970; TIMELY_NONE for no instant. A day's is its noon: half a day off at most either way.
int64_t situation_minute(utc_sec at);
int64_t situation_noon(const struct situation *s, civil_day day);
tong_code situation_say_response(const struct situation *s, struct result *r, struct err *err) TONG_MUST_USE;
tong_code situation_say_cases(const struct situation *s, struct result *r, struct err *err) TONG_MUST_USE;
// Daily counts of cases by a date, of all or of one place; from `first`, `days` of them.
typedef enum situation_date { SITUATION_ONSET, SITUATION_REPORT } situation_date;
double *situation_daily(const struct situation *s, situation_date which, civil_day first, size_t days);
civil_day situation_date_of(const struct situation_course *c, situation_date which);

extern const char situation_of_courses[], situation_of_visits[], situation_of_measures[], situation_of_tasks[],
    situation_of_entries[]; // the statements, as `source` of tables

#endif
