// account_out.h -- accounts, grants and rights as JSON: for /me and for /accounts.
#ifndef TONG_SERVICE_ACCOUNT_OUT_H
#define TONG_SERVICE_ACCOUNT_OUT_H

#include "service/account.h"
#include "service/http.h"

// Into an object that is open: number, login, name, language, second factor, dates; not the contact.
void account_out(struct request *rq, struct json_out *j, const struct account *a);
// "grants": those of the account, the newest first, with `past` also those that are over.
tong_code account_grants_out(struct request *rq, struct json_out *j, int64_t account, bool past, struct err *err) TONG_MUST_USE;
// "rights": the words of what the asker may do now, somewhere.
void account_rights_out(struct request *rq, struct json_out *j);
// Empty, a mail address, or a telephone number: nothing that could break out of a line.
bool account_contact_fits(struct str contact);
// A place by its uid as written: 0 when there is none, or the text is no uid.
tong_code account_place(struct db *db, struct str uid, int64_t *out, struct err *err) TONG_MUST_USE;

#endif
