// measures_read.h -- one measure as its row and its edition tell it, for whoever shows, signs, prints or objects to it.
#ifndef TONG_SERVICE_MEASURES_READ_H
#define TONG_SERVICE_MEASURES_READ_H

#include "intake/intake.h"
#include "response/decision.h"
#include "service/http.h"

struct measures_row {
    int64_t id, subject, enrolment, site, first_signer, second_signer;
    size_t edition;
    int32_t place, how;             // place_word, PROTOCOL_NONE none; how_word
    const struct protocol *protocol;
    const struct measure *measure;
    struct decision why;            // of the proposal, for decision_why
    utc_sec proposed, ordered, started, ended, until;
    roll_measure_state state;
    bool renewal;                   // in force, and a fresh order to go on with it waits for a signature
    int64_t version;                // changes with every column above
};

// NOT_FOUND when there is no such measure.
tong_code measures_read(struct request *rq, int64_t id, struct measures_row *out, struct err *err) TONG_MUST_USE;
// The measure of the path's first part, in reach of the right; NOT_FOUND otherwise. The request then looks at its person.
tong_code measures_part(struct request *rq, right_word right, struct measures_row *out, struct err *err) TONG_MUST_USE;
// Does it wait for a signature, and may the asker give it? Whoever signed first may not sign again.
// Must it not be shown to who asks (actor_serves_contacts)?
bool measures_hidden(const struct request *rq, const struct measures_row *m);
bool measures_waits(const struct measures_row *m);
bool measures_may_sign(const struct request *rq, const struct measures_row *m);
// What lists and details begin with, into the open object.
tong_code measures_head(struct request *rq, struct json_out *j, const struct measures_row *m, struct err *err) TONG_MUST_USE;
const struct word *measures_state(roll_measure_state state);
// Why it was proposed, in a sentence that never names the case.
const char *measures_why(const struct measures_row *m, lang language, struct arena *arena);
// The name an account goes by; "" when there is none.
tong_code measures_signer(struct request *rq, int64_t account, const char **name, struct err *err) TONG_MUST_USE;

#endif
