// Any text as dates, a line each, as one column: what is read lies in the calendar and, written plainly, reads back the same.
#include "exchange/dates.h"
#include "fuzz.h"

#include <assert.h>

enum { FUZZ_LINES = 64 };

static void fuzz_date_good(struct date_raw raw, struct date_time t, date_fault fault)
{
    char text[DATE_RAW_TEXT], day_text[CIVIL_TEXT];
    date_raw_format(raw, text);
    assert(fault >= DATE_OK);
    assert(fault < DATE_FAULT_COUNT);
    if (fault != DATE_OK || raw.form == DATE_EMPTY) {
        assert(t.day.d == CIVIL_DAY_NONE);
        assert(t.at.s == INT64_MIN);
        return;
    }
    assert(t.day.d >= CIVIL_DAY_MIN - 1); // a zone may move a time at the edge of the calendar by a day
    assert(t.day.d <= CIVIL_DAY_MAX + 1);
    if (t.day.d < CIVIL_DAY_MIN || t.day.d > CIVIL_DAY_MAX) return;
    civil_format(t.day, day_text);
    struct date_column column = {0};
    struct date_time again;
    struct date_raw plain = date_scan(str_z(day_text));
    assert(plain.form == DATE_YMD);
    assert(date_finish(plain, &column, DATE_ORDER_DMY, NULL, &again) == DATE_OK);
    assert(again.day.d == t.day.d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zone zone;
    zone_fixed(8 * 3600, "UTC+8", &zone);
    struct date_raw raw[FUZZ_LINES];
    struct date_column column = {0};
    struct str rest = {(const char *)data, size}, line;
    size_t n = 0;
    if (size == 0) return 0;
    while (n < FUZZ_LINES && str_cut(&rest, '\n', &line)) {
        raw[n] = date_scan(line);
        date_column_add(&column, raw[n++]);
    }
    date_order order = DATE_ORDER_AUTO;
    date_verdict verdict = date_column_decide(&column, DATE_ORDER_AUTO, &order);
    assert(verdict == DATE_DECIDED || column.day_first + column.month_first + column.ambiguous > 0);
    assert(order == DATE_ORDER_DMY || order == DATE_ORDER_MDY);
    for (size_t i = 0; i < n; i++) {
        struct date_time t;
        date_fault fault = date_finish(raw[i], &column, order, &zone, &t);
        fuzz_date_good(raw[i], t, fault);
        // What a decided column takes for one order has no value that only the other could read.
        if (verdict == DATE_DECIDED && raw[i].form == DATE_TWO && raw[i].first <= 12 && raw[i].second > 12)
            assert(order == DATE_ORDER_MDY);
    }
    date_order parsed;
    (void)date_order_parse((struct str){(const char *)data, size}, &parsed);
    return 0;
}
