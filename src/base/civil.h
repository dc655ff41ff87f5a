// civil.h -- instants, calendar days, and the zone that turns one into the other.
//
// A civil_day is a day of the jurisdiction's own calendar (proleptic Gregorian); a utc_sec is an instant. They are
// different struct types and only this module converts them, always with the zone as an argument. Day n of a course
// begins at 00:00 in the jurisdiction; day 0 is the anchor's date. Nothing here reads a clock.
#ifndef TONG_BASE_CIVIL_H
#define TONG_BASE_CIVIL_H

#include "base/err.h"
#include "base/str.h"

typedef struct {
    int64_t s;
} utc_sec; // seconds since 1970-01-01T00:00:00Z
typedef struct {
    int32_t d;
} civil_day; // days since 1970-01-01 in the place's own calendar

enum { CIVIL_DAY_NONE = INT32_MIN, CIVIL_DAY_MIN = -354285, CIVIL_DAY_MAX = 376199 }; // years 1000 to 2999
#define UTC_NONE ((utc_sec){INT64_MIN})

enum { ZONE_NAME_MAX = 48, ZONE_SHIFTS_MAX = 400 };

// Offsets of one time zone: offset_s[0] holds before at[0], offset_s[i + 1] from at[i] on.
struct zone {
    char name[ZONE_NAME_MAX];
    int32_t shift_count;
    int32_t offset_s[ZONE_SHIFTS_MAX + 1];
    int64_t at[ZONE_SHIFTS_MAX];
};

// ---- calendar ----
struct civil_date {
    int32_t year, month, day;
};
// False when there is no such day (2022-02-30) or it lies outside the years 1000 to 2999.
bool civil_from_date(struct civil_date date, civil_day *out);
struct civil_date civil_to_date(civil_day day);
int32_t civil_weekday(civil_day day); // 1 Monday .. 7 Sunday (ISO 8601)
struct civil_week {
    int32_t year, week;
};
struct civil_week civil_iso_week(civil_day day);
// "YYYY-MM-DD" exactly. For the other ways people write dates see exchange/dates.h.
bool civil_parse(struct str s, civil_day *out);
enum { CIVIL_TEXT = 11, UTC_TEXT = 32 };
void civil_format(civil_day day, char out[CIVIL_TEXT]);

// ---- zone ----
// By IANA name (read from the system's zoneinfo) or "UTC", "UTC+8", "UTC-03:30". NOT_FOUND, IO or INVALID.
tong_code zone_load(struct str name, struct zone *out, struct err *err) TONG_MUST_USE;
void zone_fixed(int32_t offset_s, const char *name, struct zone *out);
int32_t zone_offset(const struct zone *z, utc_sec at);
civil_day zone_day(const struct zone *z, utc_sec at);
// The instant at which a day begins: 00:00, or the first instant of the day where a clock change skips midnight.
utc_sec zone_midnight(const struct zone *z, civil_day day);
// The instant of a wall-clock time; a time that a clock change skips is moved forward, a doubled one is the earlier.
utc_sec zone_instant(const struct zone *z, civil_day day, int32_t second_of_day);
// "YYYY-MM-DD", "YYYY-MM-DD HH:MM[:SS]" or with T; a trailing Z or +hh:mm is obeyed, else the zone is used.
// *day_only says whether a time was given.
bool zone_parse(const struct zone *z, struct str s, utc_sec *out, bool *day_only);
void zone_format(const struct zone *z, utc_sec at, char out[UTC_TEXT]); // "YYYY-MM-DD HH:MM"

#endif
