// Time passes: what is due, in the order of (minute, enrolment), whatever lies in the working set.
#include "intake/intake_state.h"

enum { ADVANCE_ASKED = 500 };

struct advance_row {
    int64_t minute, enrolment, subject;
};

static tong_code advance_ask(struct intake *in, int64_t minute, struct advance_row rows[ADVANCE_ASKED], size_t *count,
                             struct err *err)
{
    const sql_id q = sql_enrolment_due;
    const struct db_value v[] = {DB_I(minute), DB_I(ADVANCE_ASKED)};
    *count = 0;
    tong_code code = db_ask(in->db, q, v, 2, err);
    if (code != TONG_OK) return code;
    while (*count < ADVANCE_ASKED && db_next(in->db, q))
        rows[(*count)++] =
            (struct advance_row){db_int(in->db, q, 0, 0), db_int(in->db, q, 1, 0), db_int(in->db, q, 2, 0)};
    return db_done(in->db, q, err);
}

static tong_code advance_one(struct intake *in, const struct advance_row *row, struct err *err)
{
    const utc_sec at = {row->minute * 60};
    caseload_set_now(in->load, at);
    uint32_t subject = working_subject(in, row->subject);
    if (subject == CASELOAD_NONE) return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    tong_code code = working_fault(in, caseload_pass(in->load, subject, at, err), err);
    if (code == TONG_OK) code = flush_taken(in, NULL, err);
    if (code != TONG_OK) return code;
    uint32_t enrolment = working_enrolment(in, subject, row->enrolment);
    if (enrolment == CASELOAD_NONE || caseload_due(in->load, enrolment) <= row->minute)
        return tong_fail(err, TONG_E_INVALID, "time does not pass for enrolment %lld: rebuild",
                         (long long)row->enrolment);
    in->cursor = (struct intake_cursor){row->minute, row->enrolment};
    return TONG_OK;
}

// What is due up to `until`, at most `most` of them.
static tong_code advance_until(struct intake *in, struct intake_cursor until, size_t most, bool *left, struct err *err)
{
    struct advance_row rows[ADVANCE_ASKED];
    size_t done = 0;
    for (;;) {
        size_t count;
        tong_code code = flush_state(in, err);
        if (code == TONG_OK) code = advance_ask(in, until.minute, rows, &count, err);
        if (code != TONG_OK) return code;
        // Those of one minute: what they lead to may be due before the next.
        for (size_t i = 0; i < count && rows[i].minute == rows[0].minute; i++) {
            bool behind = rows[i].minute == until.minute && rows[i].enrolment > until.enrolment;
            *left = done == most;
            if (behind || *left) return flush_state(in, err);
            code = advance_one(in, &rows[i], err);
            if (code != TONG_OK) return code;
            done++;
        }
        if (count == 0) break;
    }
    *left = false;
    in->cursor = until;
    return TONG_OK;
}

tong_code advance_due(struct intake *in, int64_t minute, size_t most, bool *left, struct err *err)
{
    return advance_until(in, (struct intake_cursor){minute, INT64_MAX}, most, left, err);
}

tong_code advance_to(struct intake *in, struct intake_cursor until, struct err *err)
{
    bool left;
    tong_code code = advance_until(in, until, SIZE_MAX, &left, err);
    if (code == TONG_OK) in->cursor = until;
    return code;
}

bool advance_is_due(struct intake *in, utc_sec at, tong_code *code, struct err *err)
{
    const sql_id q = sql_enrolment_due;
    const struct db_value v[] = {DB_I(at.s / 60), DB_I(1)};
    *code = db_ask(in->db, q, v, 2, err);
    if (*code != TONG_OK) return false;
    bool due = db_next(in->db, q);
    *code = db_done(in->db, q, err);
    return due && *code == TONG_OK;
}
