// Signatures: who signs is the service's question; that two are two, and that the order would bind, is asked here -- of the
// core itself, on a copy of the enrolment, so that no rule stands twice.
#include "intake/intake_state.h"
#include "store/entry.h"

#include <string.h>

enum order_fault {
    ORDER_UNKNOWN,
    ORDER_NOBODY,
    ORDER_NOT_WAITING,
    ORDER_SAME,
    ORDER_OTHER,
    ORDER_PAST,
    ORDER_FAULT_COUNT
};

// clang-format off
static const struct message order_message[ORDER_FAULT_COUNT] = {
    [ORDER_UNKNOWN] = {"measure-unknown", PROBLEM_ERROR, LABEL("there is no such measure", "没有该措施"),
        LABEL("look at the list again", "请刷新列表后再试")},
    [ORDER_NOBODY] = {"signer-missing", PROBLEM_ERROR, LABEL("an order is signed by somebody", "指令须由具体人员签署"),
        LABEL("sign in", "请登录后签署")},
    [ORDER_NOT_WAITING] = {"order-not-waiting", PROBLEM_ERROR, LABEL("nothing waits for a signature here", "该措施没有待签的指令"),
        LABEL("look at the list again: it was signed, declined or is no longer needed", "请刷新列表：可能已签发、未获批准或不再需要")},
    [ORDER_SAME] = {"signer-same", PROBLEM_ERROR, LABEL("the same person cannot sign twice", "同一人不能签署两次"),
        LABEL("have another authorised person sign", "请由另一名有权人员签署")},
    [ORDER_OTHER] = {"signer-again", PROBLEM_ERROR, LABEL("who signed the first order cannot sign its extension", "首次签发人不得签署延长指令"),
        LABEL("have another authorised person sign", "请由另一名有权人员签署")},
    [ORDER_PAST] = {"order-past", PROBLEM_ERROR, LABEL("the order would end before it begins", "指令的截止时间早于签发时间"),
        LABEL("choose a later day, or decline", "请选择更晚的日期，或不予批准")},
};
// clang-format on

enum { ORDER_ROOM = 2048 }; // decisions of the days in between

struct order { // the measure and what it is in its edition
    struct measure_row m;
    const struct measure *measure;
    bool two, half; // needs two signatures; has the first
};

// `known`: as the draft found it, no other command came between; NULL.
static tong_code order_find(struct intake *in, const struct command *c, const struct measure_row *known, struct order *o,
                            struct intake_outcome *out, struct err *err)
{
    bool found = known != NULL && known->id == c->about && known->id != 0;
    if (found) o->m = *known;
    tong_code code = found ? TONG_OK : intake_find_measure(in, c->about, &found, &o->m, err);
    if (code != TONG_OK) return code;
    const struct protocol *p = found ? intake_protocol(in, o->m.edition) : NULL;
    if (p == NULL || (size_t)o->m.measure >= p->measure_count) {
        intake_refuse(out, TONG_E_NOT_FOUND, &order_message[ORDER_UNKNOWN], NULL, NULL, NULL);
        return TONG_OK;
    }
    o->measure = &p->measures[o->m.measure];
    o->two = o->measure->persons >= 2;
    o->half = o->two && o->m.first_signer != 0 && o->m.second_signer == 0;
    return TONG_OK;
}

static tong_code order_draft(struct intake *in, const struct command *c, struct draft *d, struct order *o,
                             struct intake_outcome *out, struct err *err)
{
    tong_code code = order_find(in, c, NULL, o, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    d->measure = o->m;
    const struct intake_subject *s = intake_subject_get(in, o->m.subject, &code, err);
    if (s == NULL) return code;
    d->kind = (subject_kind)s->kind;
    d->made = o->m.id;
    d->row.about = o->m.id;
    d->row.fact.subject = o->m.subject;
    d->row.fact.name = o->measure->name_id;
    d->row.fact.until = c->until.s == 0 ? UTC_NONE : c->until;
    d->row.payload = intake_note(in, c, NULL);
    return TONG_OK;
}

static tong_code sign_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                            struct err *err)
{
    struct order o;
    tong_code code = order_draft(in, c, d, &o, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    struct fact *f = &d->row.fact;
    if (d->before != NULL) { // signed before under this uid: by the same?
        f->kind = d->before->account == c->account ? d->before->fact.kind : (uint8_t)ENTRY_END;
        f->signer = d->before->fact.signer;
        f->second = d->before->fact.second;
        return TONG_OK;
    }
    if (o.two && !o.half) {
        f->kind = ENTRY_ORDER_FIRST;
        return TONG_OK;
    }
    f->kind = EVENT_ORDERED;
    f->signer = (int32_t)(o.half ? o.m.first_signer : c->account);
    f->second = (int32_t)(o.half ? c->account : 0);
    return TONG_OK;
}

// Room for what the core would answer: the same for all that is tried out in a group.
static struct decisions order_room(struct intake *in)
{
    if (in->room == NULL) in->room = arena_array(&in->arena, ORDER_ROOM, sizeof *in->room);
    return (struct decisions){in->room, 0, ORDER_ROOM};
}

// The enrolment that the measure belongs to, as it stands now; false when nothing of it waits for a signature.
static tong_code order_waits(struct intake *in, const struct order *o, struct enrolment *e, bool *waits,
                             struct err *err)
{
    uint32_t subject = working_subject(in, o->m.subject), enrolment = CASELOAD_NONE;
    *waits = false;
    struct decisions unheard = order_room(in);
    if (subject == CASELOAD_NONE || unheard.items == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    if (!caseload_need(in->load, subject, CASELOAD_ENROLMENTS))
        return working_fault(in, tong_fail(err, TONG_E_LIMIT, "no memory left for the working set"), err);
    enrolment = working_enrolment(in, subject, o->m.enrolment);
    if (enrolment == CASELOAD_NONE) return TONG_OK;
    *e = *caseload_enrolment(in->load, enrolment);
    respond_until(&in->book, e, in->at, &unheard);
    const struct protocol *p = in->book.editions[e->edition];
    bool same = e->measure != PROTOCOL_NONE && p->measures[e->measure].name_id == o->measure->name_id;
    *waits = same && o->m.ended.s == INT64_MIN && (e->flags & (FLAG_PROPOSED | FLAG_RENEWAL)) != 0;
    return TONG_OK;
}

static bool order_binds(struct intake *in, struct enrolment e, const struct draft *d, int32_t signer, int32_t second)
{
    struct decisions out = order_room(in);
    if (out.items == NULL) return true; // the core will say so itself
    struct fact f = d->row.fact;
    f.kind = EVENT_ORDERED;
    f.signer = signer;
    f.second = second;
    f.happened = f.known = f.recorded = in->at;
    if (respond(&in->book, &e, &f, &out) == RESPOND_LATE) return true;
    for (size_t i = 0; i < out.count; i++)
        if (out.items[i].kind == DECISION_MEASURE_ORDERED && out.items[i].fact == f.id) return true;
    return false;
}

static tong_code sign_may(struct intake *in, const struct command *c, const struct draft *d, struct intake_outcome *out,
                          struct err *err)
{
    struct order o;
    struct enrolment e;
    bool waits;
    tong_code code = order_find(in, c, &d->measure, &o, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    code = order_waits(in, &o, &e, &waits, err);
    if (code != TONG_OK) return code;
    const int32_t account = (int32_t)c->account, other = account == 1 ? 2 : 1;
    enum order_fault fault = ORDER_FAULT_COUNT;
    if (c->account <= 0 || c->account > INT32_MAX) fault = ORDER_NOBODY;
    else if (!waits) fault = ORDER_NOT_WAITING;
    else if (o.half && o.m.first_signer == c->account) fault = ORDER_SAME;
    else if (d->row.fact.until.s != INT64_MIN && d->row.fact.until.s < in->at.s) fault = ORDER_PAST;
    else if (d->row.fact.kind == ENTRY_ORDER_FIRST && !order_binds(in, e, d, account, other)) fault = ORDER_OTHER;
    else if (d->row.fact.kind == EVENT_ORDERED && !order_binds(in, e, d, d->row.fact.signer, d->row.fact.second))
        fault = ORDER_OTHER;
    if (fault != ORDER_FAULT_COUNT)
        intake_refuse(out, fault == ORDER_PAST || fault == ORDER_NOBODY ? TONG_E_INVALID : TONG_E_CONFLICT,
                      &order_message[fault], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_sign = {sign_draft, sign_may};

static tong_code decline_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                               struct err *err)
{
    struct order o;
    d->row.fact.kind = EVENT_DECLINED;
    return order_draft(in, c, d, &o, out, err);
}

static tong_code decline_may(struct intake *in, const struct command *c, const struct draft *d,
                             struct intake_outcome *out, struct err *err)
{
    struct order o;
    struct enrolment e;
    bool waits;
    tong_code code = order_find(in, c, &d->measure, &o, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    code = order_waits(in, &o, &e, &waits, err);
    if (code == TONG_OK && !waits)
        intake_refuse(out, TONG_E_CONFLICT, &order_message[ORDER_NOT_WAITING], NULL, NULL, NULL);
    return code;
}

const struct command_handler handler_decline = {decline_draft, decline_may};

// ---- the first of two signatures ----

tong_code order_first_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    return intake_set_signers(in, row->about, row->account, 0, err);
}

// The first signature is taken back: who signed the order that is in force, if any.
tong_code order_first_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct measure_row m;
    struct fact_row order;
    bool found, ordered = false;
    (void)by;
    tong_code code = intake_find_measure(in, was->about, &found, &m, err);
    if (code != TONG_OK || !found || m.first_signer != was->account || m.second_signer != 0) return code;
    if (m.order_fact != 0) code = intake_find_row(in, m.order_fact, none, &ordered, &order, err);
    if (code != TONG_OK) return code;
    return intake_set_signers(in, m.id, ordered ? order.fact.signer : 0, ordered ? order.fact.second : 0, err);
}
