// dates.h -- dates as people write them.
//
// Read: 2020-06-28, 2020/6/28, 2020.6.28, 20200628, 28/06/2020, 06/28/2020, 28.06.2020, 28-06-2020, 2020年6月28日,
// each with a time after a blank or T if there is one (14:05, 14:05:09.603, 2:05 PM; Z or +08:00 behind it), and Excel's
// serial numbers of five digits (44010 is 2020-06-28, 44010.5 its noon; the days from 1927 to 2173). Years have four
// digits: a shorter one is refused, because nobody can know its century.
//
// Whether 03/04/2020 is April or March cannot be seen in one value. A column is therefore read twice: date_scan takes
// each value apart and date_column_add collects what it shows; at the end of the file date_column_decide says day-first
// or month-first if any value had a number above 12 in it, and otherwise that nobody can know, which the user must
// answer. Then date_finish turns each value into a day.
#ifndef TONG_EXCHANGE_DATES_H
#define TONG_EXCHANGE_DATES_H

#include "base/civil.h"
#include "base/lang.h"

typedef enum date_order {
    DATE_ORDER_AUTO, // decided by the column's values
    DATE_ORDER_DMY,
    DATE_ORDER_MDY,
    DATE_ORDER_COUNT
} date_order;

// A day, and the instant where a time was given.
struct date_time {
    utc_sec at;    // UTC_NONE when only the day is known
    civil_day day; // in the zone of the file; CIVIL_DAY_NONE when there is no date
};
#define DATE_TIME_NONE ((struct date_time){{INT64_MIN}, {CIVIL_DAY_NONE}})

// One value taken apart, before its order is known.
typedef enum date_form {
    DATE_EMPTY,
    DATE_YMD,    // year first, by any separator or none, or with 年月日: nothing to decide
    DATE_TWO,    // two numbers and a year: the column decides which is the day
    DATE_SERIAL, // Excel
    DATE_SHORT_YEAR,
    DATE_UNREADABLE
} date_form;

struct date_raw {
    uint8_t form;      // date_form
    char separator;    // as written, for messages
    bool timed, zoned; // a time was given; with an offset or Z
    int16_t year;
    uint8_t first, second; // month, day; in DATE_TWO as written
    int32_t second_of_day; // valid when timed; -1: no such time
    int32_t offset_s;      // valid when zoned
    int32_t serial;        // valid in DATE_SERIAL
};

// Take a value apart. White space around it is ignored; nothing but white space is DATE_EMPTY.
struct date_raw date_scan(struct str text);

// What the values of one column have shown so far. Zero-initialised.
struct date_column {
    int64_t day_first, month_first; // values that can only be read so: 28/06, 06/28
    int64_t ambiguous;              // both numbers 12 or less, and different
    int64_t with_time;              // values with a time other than 00:00
};
void date_column_add(struct date_column *column, struct date_raw raw);

typedef enum date_verdict {
    DATE_DECIDED,
    DATE_NOBODY_KNOWS, // ambiguous values, and nothing in the column tells
    DATE_CONTRADICTS   // some values are day-first, others month-first
} date_verdict;
// The order of the column. `wanted` other than AUTO is obeyed and always DATE_DECIDED. Where nothing has to be decided the
// order is DMY, without meaning.
date_verdict date_column_decide(const struct date_column *column, date_order wanted, date_order *out);

typedef enum date_fault {
    DATE_OK,
    DATE_FAULT_UNREADABLE,
    DATE_FAULT_SHORT_YEAR,
    DATE_FAULT_IMPOSSIBLE, // no such day: 2022-02-30, 31/04/2022
    DATE_FAULT_TIME,       // no such time: 25:10
    DATE_FAULT_COUNT
} date_fault;
// The day (and instant) of a value, its column's order being known. A time with an offset decides the day in `zone`. But
// where no value of the column has a time other than 00:00, they are plain days: that is how R, Go.Data and Excel
// write a date (2020-06-28T00:00:00.000Z). DATE_EMPTY gives DATE_TIME_NONE and DATE_OK; on a fault *out is
// DATE_TIME_NONE.
date_fault date_finish(struct date_raw raw, const struct date_column *column, date_order order, const struct zone *zone,
                       struct date_time *out);
// The day of a serial number of Excel's 1900 system, 1 to 2958465. False for 60, the 29 February 1900 that never was
// (Lotus 1-2-3 took 1900 for a leap year and Excel kept it; days 1 to 59 are one off from the rest).
bool date_of_serial(int32_t serial, civil_day *out);

// The value roughly as it was written, for messages.
enum { DATE_RAW_TEXT = 40 };
void date_raw_format(struct date_raw raw, char out[DATE_RAW_TEXT]);
// "dmy" or "mdy".
bool date_order_parse(struct str text, date_order *out);

#endif
