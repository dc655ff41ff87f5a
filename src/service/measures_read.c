#include "service/measures_read.h"

#include "response/respond.h"
#include "service/account.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"
#include "store/roll_row.h"

#include <string.h>

static const struct word measures_states[ROLL_MEASURE_STATE_COUNT] = {
    [ROLL_MEASURE_IS_PROPOSED] = {"proposed", LABEL("waits for a signature", "待签发")},
    [ROLL_MEASURE_IS_HALF_SIGNED] = {"half_signed", LABEL("waits for the second signature", "待第二人签发")},
    [ROLL_MEASURE_IS_ORDERED] = {"ordered", LABEL("ordered, not yet begun", "已签发，待执行")},
    [ROLL_MEASURE_IS_IN_FORCE] = {"in_force", LABEL("in force", "执行中")},
    [ROLL_MEASURE_IS_ENDED] = {"ended", LABEL("ended", "已结束")},
    [ROLL_MEASURE_IS_DROPPED] = {"dropped", LABEL("dropped before anyone signed", "未签发即取消")},
};

const struct word *measures_state(roll_measure_state state)
{
    return &measures_states[state];
}

// The state is the roll's: what a list shows under a filter and what a detail says cannot differ.
static roll_measure_state measures_state_of(struct request *rq, const struct measures_row *m)
{
    struct roll *roll = rq->service->roll;
    const struct rulebook book = service_book(rq->service);
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct roll_measure row = {.subject = m->subject, .site = m->site, .first_signer = m->first_signer,
                                     .edition = (uint8_t)m->edition, .measure = m->why.what, .proposed = m->proposed,
                                     .ordered = m->ordered, .started = m->started, .ended = m->ended, .until = m->until};
    roll_read_begin(roll);
    roll_row_measure(roll, &book, &row, columns);
    roll_read_end(roll);
    return (roll_measure_state)columns[ROLL_MEASURE_STATE];
}

static tong_code measures_renewal(struct request *rq, struct measures_row *m, struct err *err)
{
    const sql_id q = sql_enrolment_row;
    struct enrolment e = {0};
    if (m->state != ROLL_MEASURE_IS_IN_FORCE && m->state != ROLL_MEASURE_IS_ORDERED) return TONG_OK;
    tong_code code = db_ask(rq->db, q, &DB_I(m->enrolment), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, q)) {
        struct str state = db_text(rq->db, q, 6);
        if (state.n == sizeof e) memcpy(&e, state.p, sizeof e);
    }
    code = db_done(rq->db, q, err);
    const struct rulebook book = service_book(rq->service);
    const struct protocol *p = e.edition < book.count ? book.editions[e.edition] : NULL;
    bool same = p != NULL && e.measure < p->measure_count && p->measures[e.measure].name_id == m->measure->name_id;
    m->renewal = same && (e.flags & FLAG_RENEWAL) != 0;
    return code;
}

// A hash of what stands in the row: an If-Match then tells that what was read is what is signed.
static int64_t measures_version(const struct measures_row *m)
{
    const int64_t row[] = {m->id, m->site, m->first_signer, m->second_signer, m->how, m->proposed.s, m->ordered.s, m->started.s,
                           m->ended.s, m->until.s, m->renewal, (int64_t)m->edition};
    return (int64_t)(str_hash((struct str){(const char *)row, sizeof row}) >> 11);
}

tong_code measures_read(struct request *rq, int64_t id, struct measures_row *out, struct err *err)
{
    const sql_id q = sql_measure_get;
    const struct rulebook book = service_book(rq->service);
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    int64_t edition = -1, measure = -1;
    if (db_next(rq->db, q)) {
        edition = db_int(rq->db, q, 3, -1);
        measure = db_int(rq->db, q, 4, -1);
        *out = (struct measures_row){
            .id = id, .subject = db_int(rq->db, q, 1, 0), .enrolment = db_int(rq->db, q, 2, 0),
            .place = (int32_t)db_int(rq->db, q, 5, PROTOCOL_NONE), .how = (int32_t)db_int(rq->db, q, 8, 0),
            .why = {.kind = DECISION_MEASURE_PROPOSED, .why = (uint8_t)db_int(rq->db, q, 6, WHY_ANYTHING_ELSE),
                    .rule = (uint16_t)db_int(rq->db, q, 7, 0), .stage = (uint8_t)db_int(rq->db, q, 9, PROTOCOL_NONE),
                    .edition = (uint8_t)edition, .what = (uint8_t)measure},
            .proposed = {db_int(rq->db, q, 11, UTC_NONE.s)}, .ordered = {db_int(rq->db, q, 12, UTC_NONE.s)},
            .started = {db_int(rq->db, q, 13, UTC_NONE.s)}, .ended = {db_int(rq->db, q, 14, UTC_NONE.s)},
            .until = {db_int(rq->db, q, 15, UTC_NONE.s)}, .first_signer = db_int(rq->db, q, 16, 0),
            .second_signer = db_int(rq->db, q, 17, 0), .site = db_int(rq->db, q, 19, 0)};
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    bool good = edition >= 0 && (size_t)edition < book.count && measure >= 0 && (size_t)measure < book.editions[edition]->measure_count;
    if (!good) return tong_fail(err, TONG_E_NOT_FOUND, "no such measure");
    out->edition = (size_t)edition;
    out->protocol = book.editions[edition];
    out->measure = &out->protocol->measures[measure];
    out->state = measures_state_of(rq, out);
    code = measures_renewal(rq, out, err);
    out->version = measures_version(out);
    return code;
}

// As a case: by the pathway of the stage that asked for it; where none did, of the enrolment.
static bool measures_of_case(const struct roll *roll, const struct measures_row *m)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    if (m->why.stage < m->protocol->stage_count)
        return m->protocol->pathways[m->protocol->stages[m->why.stage].pathway].ladder;
    return roll_get(roll, ROLL_ENROLMENTS, m->enrolment, columns) &&
           (roll_pathway_is(roll, columns[ROLL_ENROLMENT_PATHWAY]) & ROLL_IS_CASE) != 0;
}

bool measures_hidden(const struct request *rq, const struct measures_row *m)
{
    struct roll *roll = rq->service->roll;
    if (rq->actor.person != 0 && rq->actor.person == m->subject) return false;
    roll_read_begin(roll);
    bool hidden = actor_serves_contacts(&rq->actor, rq->now, roll, roll_place_of(roll, m->subject)) && measures_of_case(roll, m);
    roll_read_end(roll);
    return hidden;
}

tong_code measures_part(struct request *rq, right_word right, struct measures_row *out, struct err *err)
{
    tong_code code = measures_read(rq, rq->part_number[0], out, err);
    if (code != TONG_OK) return code;
    if (!show_reaches(rq, right, out->subject) || measures_hidden(rq, out))
        return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool place = roll_place_kind(roll, out->subject) >= 0;
    roll_read_end(roll);
    if (!place) rq->looked_at = out->subject;
    return TONG_OK;
}

bool measures_waits(const struct measures_row *m)
{
    bool wants = m->measure->order_by != ROLE_WORD_COUNT || measure_restricts(m->measure);
    return (wants && m->state <= ROLL_MEASURE_IS_HALF_SIGNED) || m->renewal;
}

bool measures_may_sign(const struct request *rq, const struct measures_row *m)
{
    struct roll *roll = rq->service->roll;
    if (!measures_waits(m)) return false;
    bool half = m->measure->persons >= 2 && m->first_signer != 0 && m->second_signer == 0;
    if (half && m->first_signer == rq->actor.account) return false;
    roll_read_begin(roll);
    bool may = actor_signs(&rq->actor, m->measure->order_by, rq->now, roll, roll_place_of(roll, m->subject));
    roll_read_end(roll);
    return may;
}

const char *measures_why(const struct measures_row *m, lang language, struct arena *arena)
{
    const struct protocol *p = m->protocol;
    const char *why = story_why(p, &m->why, language, arena), *whole = why;
    if (m->why.stage < p->stage_count) { // followed as what, and how far: the rule alone means little to who is bound by it
        const struct stage *s = &p->stages[m->why.stage];
        const char *as = p->pathways[s->pathway].label.text[language], *stage = s->label.text[language];
        whole = arena_printf(arena, language == LANG_ZH ? "%s，%s：%s" : "%s, %s: %s", as, stage, why == NULL ? "" : why);
    }
    return whole == NULL ? "" : whole;
}

tong_code measures_signer(struct request *rq, int64_t account, const char **name, struct err *err)
{
    struct account a;
    *name = "";
    if (account == 0) return TONG_OK;
    tong_code code = account_get(rq->db, rq->service->vault, account, rq->arena, &a, err);
    if (code == TONG_E_NOT_FOUND) return TONG_OK;
    const char *copy = code == TONG_OK ? arena_copy(rq->arena, a.name.p, a.name.n) : NULL;
    if (copy != NULL) *name = copy;
    return code;
}

tong_code measures_head(struct request *rq, struct json_out *j, const struct measures_row *m, struct err *err)
{
    const struct measure *rule = m->measure;
    const struct word *state = measures_state(m->state);
    json_out_int(j, "measure", m->id);
    show_named(j, "what", rule->name, &rule->label, rq->language);
    show_word(j, "kind", WORDS_MEASURE_KIND, (int32_t)rule->kind, rq->language);
    show_words_at(j, "state", state, rq->language);
    json_out_bool(j, "renewal", m->renewal);
    json_out_bool(j, "restricts", measure_restricts(rule));
    show_word(j, "where", WORDS_PLACE, m->place == PROTOCOL_NONE ? -1 : m->place, rq->language);
    json_out_instant(j, "proposed", m->proposed);
    json_out_instant(j, "ordered", m->ordered);
    json_out_instant(j, "started", m->started);
    json_out_instant(j, "ended", m->ended);
    json_out_instant(j, "until", m->until);
    show_word(j, "order_by", WORDS_ROLE, rule->order_by < ROLE_WORD_COUNT ? (int32_t)rule->order_by : -1, rq->language);
    json_out_int(j, "persons", rule->persons);
    json_out_int(j, "signed", (m->first_signer != 0) + (m->second_signer != 0));
    json_out_bool(j, "may_sign", measures_may_sign(rq, m));
    tong_code code = show_place(rq, j, "site", m->site, err);
    return code == TONG_OK ? show_subject(rq, j, "subject", m->subject, err) : code;
}
