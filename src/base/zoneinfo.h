// zoneinfo.h -- the system's time zone files (TZif, RFC 8536) turned into the shifts of a struct zone.
//
// Versions 1 to 4. The rule for the years after the file's last shift (its POSIX TZ footer) is written out up to the
// year 2100. Shifts that change no offset are left out. When more remain than a zone holds, those before 1970 go first,
// the earliest first, then the latest. Files that count leap seconds ("right/...") are refused: our instants do not.
#ifndef TONG_BASE_ZONEINFO_H
#define TONG_BASE_ZONEINFO_H

#include "base/civil.h"

enum { ZONEINFO_BYTES_MAX = 64 * 1024, ZONEINFO_LAST_YEAR = 2100 };

// By IANA name, which may not lead out of the folder: NOT_FOUND, IO, INVALID.
tong_code zoneinfo_load(const char *name, struct zone *out, struct err *err) TONG_MUST_USE;
// The same from bytes in memory; any bytes may be given. INVALID.
tong_code zoneinfo_parse(const unsigned char *bytes, size_t n, const char *name, struct zone *out,
                         struct err *err) TONG_MUST_USE;

#endif
