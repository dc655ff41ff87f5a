// import_file.h -- the faulty rows of an import, kept as a file to be repaired: rows of `import_file`.
//
// What stands in it are people's data that were not recorded. So it is sealed under the master key, kept for a month, and
// taken away when somebody is erased whom it names.
#ifndef TONG_STORE_IMPORT_FILE_H
#define TONG_STORE_IMPORT_FILE_H

#include "base/civil.h"
#include "base/sink.h"
#include "store/db.h"
#include "store/vault.h"

enum { IMPORT_FILE_PART = 256 << 10, IMPORT_FILE_PARTS_MAX = 256, IMPORT_FILE_KEPT_S = 30 * 86400 };

// Keep a text, instead of what was kept of this import; in a transaction. LIMIT: it is longer than
// IMPORT_FILE_PART * IMPORT_FILE_PARTS_MAX bytes, nothing is kept.
tong_code import_file_put(struct db *db, const struct vault *v, int64_t import, struct str text,
                          struct err *err) TONG_MUST_USE;
// The text into `out`. NOT_FOUND: none is kept, or it cannot be opened.
tong_code import_file_get(struct db *db, const struct vault *v, int64_t import, struct sink *out,
                          struct err *err) TONG_MUST_USE;
// Take away the files in which one of the texts stands; *count (added to): how many. In a transaction.
tong_code import_file_erase(struct db *db, const struct vault *v, const struct str *texts, size_t text_count,
                            int64_t *count, struct err *err) TONG_MUST_USE;
// Those of imports that ended more than IMPORT_FILE_KEPT_S before `now`.
tong_code import_file_sweep(struct db *db, utc_sec now, struct err *err) TONG_MUST_USE;

#endif
