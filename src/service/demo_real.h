// demo_real.h -- a demonstration of a real outbreak: lists of people who were there (or of a training exercise), imported at a
// day after the last of them, in a store in which every role has an account.
#ifndef TONG_SERVICE_DEMO_REAL_H
#define TONG_SERVICE_DEMO_REAL_H

#include "exchange/import.h"
#include "service/service.h"

enum { DEMO_REAL_ACCOUNTS = 160 };
struct demo_real_options {
    utc_sec at; // the moment the service stands in; 0 there is no real outbreak
    import_format format;
    struct import_file file[IMPORT_FILES_MAX];
    size_t file_count;
};

struct demo_staff {
    char login[64];
    const char *role;
};
// Two of each role, but residents. Returns how many.
size_t demo_real_staff(struct demo_staff staff[DEMO_REAL_ACCOUNTS]);

// Put the protocol in force (`texts`: its file, after those it extends), proposed by `proposer` and signed by `signers`, then
// import the lists as `importer`.
struct demo_real_who {
    int64_t proposer, signers[2], importer;
};
tong_code demo_real_fill(struct service *s, const struct demo_real_options *o, const struct str *texts, size_t text_count,
                         const struct demo_real_who *who, struct import_tally *out, struct err *err) TONG_MUST_USE;

#endif
