// Any bytes as a time zone file, and what must hold of a zone that was read.
#include "base/zoneinfo.h"
#include "fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zone z;
    struct err err;
    if (zoneinfo_parse(data, size, "any", &z, &err) != TONG_OK) return 0;
    assert(z.shift_count >= 0 && z.shift_count <= ZONE_SHIFTS_MAX);
    for (int32_t i = 0; i < z.shift_count; i++) {
        assert(z.offset_s[i] != z.offset_s[i + 1]);
        assert(i == 0 || z.at[i] > z.at[i - 1]);
        assert(zone_offset(&z, (utc_sec){z.at[i]}) == z.offset_s[i + 1]);
    }
    for (int32_t d = 18000; d < 18400; d += 13) {
        utc_sec start = zone_midnight(&z, (civil_day){d});
        (void)zone_instant(&z, zone_day(&z, start), 43200);
    }
    return 0;
}
