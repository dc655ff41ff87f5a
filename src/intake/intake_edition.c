// Editions: proposed, signed by two, in force, taken back. The table is derived from their entries in the chain.
#include "intake/intake_state.h"

#include "base/sink.h"
#include "protocol/read.h"
#include "store/entry.h"
#include "store/payload.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A change of edition is told to all who are followed, so many in a transaction, and others may write in between. Whoever is told
// later is answered as for any fact that becomes known late.
enum { EDITION_BATCH = 500 };

enum edition_fault {
    EDITION_NO_TEXT,
    EDITION_FAULTY,
    EDITION_TOO_MANY,
    EDITION_UNKNOWN,
    EDITION_NOBODY,
    EDITION_SAME,
    EDITION_DONE,
    EDITION_NOT_TO_TAKE,
    EDITION_FIRST,
    EDITION_BACKWARDS,
    EDITION_OTHER_FAMILY,
    EDITION_FAULT_COUNT
};

// clang-format off
static const struct message edition_message[EDITION_FAULT_COUNT] = {
    [EDITION_NO_TEXT] = {"edition-empty", PROBLEM_ERROR, LABEL("there is no protocol in it", "没有方案内容"),
        LABEL("send the protocol's file", "请提交方案文件")},
    [EDITION_FAULTY] = {"edition-faulty", PROBLEM_ERROR, LABEL("the protocol has faults and cannot be used", "方案有错误，不能使用"),
        LABEL("correct the faults listed and propose it again", "请改正所列错误后重新提出")},
    [EDITION_TOO_MANY] = {"edition-many", PROBLEM_ERROR, LABEL("there are too many editions", "方案版本过多"),
        LABEL("begin a new database for a new outbreak", "新的疫情请使用新的数据库")},
    [EDITION_UNKNOWN] = {"edition-unknown", PROBLEM_ERROR, LABEL("there is no such edition", "没有该版本"),
        LABEL("look at the list again", "请刷新列表后再试")},
    [EDITION_NOBODY] = {"signer-missing", PROBLEM_ERROR, LABEL("an edition is signed by somebody", "方案须由具体人员签署"),
        LABEL("sign in", "请登录后签署")},
    [EDITION_SAME] = {"signer-same", PROBLEM_ERROR, LABEL("the same person cannot sign twice", "同一人不能签署两次"),
        LABEL("have another authorised person sign", "请由另一名有权人员签署")},
    [EDITION_DONE] = {"edition-signed", PROBLEM_ERROR, LABEL("this edition is signed already, over, or taken back", "该版本已签发、已停用或已撤回"),
        LABEL("propose it again if it is to hold", "如需重新生效，请再次提出")},
    [EDITION_NOT_TO_TAKE] = {"edition-over", PROBLEM_ERROR, LABEL("this edition is not in force and not about to be", "该版本未生效，也无待生效的安排"),
        LABEL("look at the list again", "请刷新列表后再试")},
    [EDITION_FIRST] = {"edition-first", PROBLEM_ERROR, LABEL("no edition was in force before this one", "在此之前没有生效的版本"),
        LABEL("propose and sign the edition that shall hold instead", "请提出并签发替代的版本")},
    [EDITION_BACKWARDS] = {"edition-backwards", PROBLEM_ERROR, LABEL("it would begin in the past", "生效时间早于当前时间"),
        LABEL("choose a later time, or leave it out: it then holds once it is signed", "请选择更晚的时间；不填则签发后立即生效")},
    [EDITION_OTHER_FAMILY] = {"edition-family", PROBLEM_ERROR, LABEL("it is of another protocol (\"{1}\") than the one in force (\"{2}\")", "它属于另一方案（“{1}”），与现行方案（“{2}”）不同"),
        LABEL("one response follows the editions of one protocol", "一次应对只能使用同一方案的各个版本")},
};
// clang-format on

// ---- reading texts ----

struct edition_reading {
    const struct intake *in;
    struct str name, text; // of the one being read
};

// `extends:` names a file: an edition proposed before, of that name.
static tong_code edition_open_file(void *payload, const char *path, struct arena *arena, struct str *out,
                                   struct err *err)
{
    const struct edition_reading *r = payload;
    const char *base = strrchr(path, '/');
    struct str name = str_z(base == NULL ? path : base + 1), found = {NULL, 0};
    if (name.n > 5 && str_eq_z((struct str){name.p + name.n - 5, 5}, ".yaml")) name.n -= 5;
    if (str_eq(name, r->name)) found = r->text;
    for (size_t i = r->in->editions.count; found.p == NULL && i-- > 0;)
        if (str_eq(r->in->edition[i].name, name)) found = r->in->edition[i].text;
    if (found.p == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "no edition \"%.*s\" was proposed", STR_ARG(name));
    out->p = arena_copy(arena, found.p, found.n);
    out->n = found.n;
    return out->p == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for a protocol") : TONG_OK;
}

static tong_code edition_read_as(const struct intake *in, struct str name, struct str text, struct protocol *p,
                                 struct problem_list *problems, struct err *err)
{
    char path[120];
    struct edition_reading r = {in, name, text};
    const struct protocol_source source = {edition_open_file, &r};
    (void)snprintf(path, sizeof path, "%.*s.yaml", (int)(name.n > 100 ? 100 : name.n), name.p);
    r.name.n = name.n > 100 ? 100 : name.n;
    return protocol_read(path, &source, p, problems, err);
}

static struct str edition_kept(struct str s)
{
    char *p = malloc(s.n + 1);
    if (p == NULL) return (struct str){NULL, 0};
    memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return (struct str){p, s.n};
}

static void edition_free(struct intake_edition *e)
{
    protocol_free(e->protocol);
    free(e->protocol);
    free((char *)(uintptr_t)e->name.p);
    free((char *)(uintptr_t)e->text.p);
    *e = (struct intake_edition){0};
}

// Room for edition `i`, compiled from its text; what lay there before (a proposal that was rolled back) goes.
static tong_code edition_hold(struct intake *in, size_t i, struct str name, struct str text, struct err *err)
{
    struct intake_edition *e = &in->edition[i];
    if (e->protocol != NULL && str_eq(e->name, name) && str_eq(e->text, text)) return TONG_OK;
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_edition fresh = {
        .protocol = calloc(1, sizeof(struct protocol)), .name = edition_kept(name), .text = edition_kept(text)};
    bool room = fresh.protocol != NULL && fresh.name.p != NULL && fresh.text.p != NULL;
    tong_code code = room ? edition_read_as(in, name, text, fresh.protocol, &problems, err)
                          : tong_fail(err, TONG_E_NOMEM, "no memory for a protocol");
    arena_free(&arena);
    if (code != TONG_OK) {
        if (fresh.protocol != NULL) *fresh.protocol = (struct protocol){0};
        edition_free(&fresh);
        return code;
    }
    edition_free(e);
    *e = fresh;
    in->protocols[i] = e->protocol;
    return TONG_OK;
}

static void editions_count(struct intake *in, size_t count)
{
    static const struct protocol nothing; // so that a caseload may be open before there is an edition
    if (count == 0) in->protocols[0] = &nothing;
    in->editions = (struct rulebook){in->protocols, count};
    in->book = (struct rulebook){in->protocols, count == 0 ? 1 : count};
    if (in->roll == NULL) return;
    roll_write_begin(in->roll);
    (void)roll_book_put(in->roll, &in->editions); // short of memory the lists cannot be told either
    roll_write_end(in->roll);
}

// ---- the table ----

static tong_code edition_write(struct intake *in, size_t i, struct err *err)
{
    const struct intake_edition *e = &in->edition[i];
    const struct db_value v[] = {
        DB_I((int64_t)i),
        DB_T(e->name),
        DB_T(e->text),
        DB_I(e->state),
        DB_I(e->proposed.s),
        db_i_or_null(e->proposed_by, 0),
        db_i_or_null(e->first_signer, 0),
        db_i_or_null(e->second_signer, 0),
        db_i_or_null(e->begins.s, INT64_MIN),
        db_i_or_null(e->ended.s, INT64_MIN),
        DB_I(e->version),
    };
    tong_code code = db_run(in->db, sql_edition_put, v, sizeof v / sizeof v[0], NULL, err);
    if (code == TONG_OK) intake_tell_change(in, CHANGE_EDITION, (int64_t)i, 0);
    return code;
}

tong_code editions_read(struct intake *in, struct err *err)
{
    const sql_id q = sql_edition_all;
    size_t count = 0;
    in->in_force = -1;
    tong_code code = db_ask(in->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (code == TONG_OK && db_next(in->db, q)) {
        if (count == INTAKE_EDITIONS) code = tong_fail(err, TONG_E_LIMIT, "too many editions");
        in->editions.count = count; // what it extends stands before it
        if (code == TONG_OK) code = edition_hold(in, count, db_text(in->db, q, 1), db_text(in->db, q, 2), err);
        if (code != TONG_OK) break;
        struct intake_edition *e = &in->edition[count];
        e->state = (int32_t)db_int(in->db, q, 3, 0);
        e->proposed.s = db_int(in->db, q, 4, 0);
        e->proposed_by = db_int(in->db, q, 5, 0);
        e->first_signer = db_int(in->db, q, 6, 0);
        e->second_signer = db_int(in->db, q, 7, 0);
        e->begins.s = db_int(in->db, q, 8, INT64_MIN);
        e->ended.s = db_int(in->db, q, 9, INT64_MIN);
        e->version = db_int(in->db, q, 10, 0);
        if (e->state == EDITION_IN_FORCE) in->in_force = (int32_t)count;
        count++;
    }
    tong_code done = db_done(in->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    editions_count(in, count);
    return TONG_OK;
}

void editions_close(struct intake *in)
{
    for (size_t i = 0; i < INTAKE_EDITIONS; i++) edition_free(&in->edition[i]);
}

// ---- proposing ----

static struct str edition_payload(struct intake *in, struct str name, struct str text)
{
    struct sink sink = {0};
    struct json_out j = json_out_to(&sink);
    json_out_object(&j, NULL);
    json_out_text(&j, "name", name);
    json_out_text(&j, "text", text);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct str kept = str_trim(sink_kept(&sink));
    struct str out = {good ? arena_copy(&in->arena, kept.p, kept.n) : NULL, kept.n};
    sink_close(&sink);
    return out;
}

static tong_code propose_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                               struct err *err)
{
    struct problem_list unseen = {.arena = &in->arena};
    struct problem_list *problems = out->problems != NULL ? out->problems : &unseen;
    struct protocol p = {0};
    if (c->text.n == 0) intake_refuse(out, TONG_E_INVALID, &edition_message[EDITION_NO_TEXT], NULL, NULL, NULL);
    if (in->editions.count >= INTAKE_EDITIONS)
        intake_refuse(out, TONG_E_LIMIT, &edition_message[EDITION_TOO_MANY], NULL, NULL, NULL);
    if (out->code != TONG_OK) return TONG_OK;
    tong_code code = edition_read_as(in, STR("proposed"), c->text, &p, problems, err);
    if (code == TONG_E_INVALID || code == TONG_E_NOT_FOUND) {
        intake_refuse(out, TONG_E_INVALID, &edition_message[EDITION_FAULTY], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (code != TONG_OK) return code;
    char *name = arena_printf(&in->arena, "%s-%s", p.family, p.edition);
    const char *family = in->in_force < 0 ? p.family : in->protocols[in->in_force]->family;
    if (strcmp(family, p.family) != 0)
        intake_refuse(out, TONG_E_INVALID, &edition_message[EDITION_OTHER_FAMILY],
                      arena_copy(&in->arena, p.family, strlen(p.family)), family, NULL);
    protocol_free(&p);
    d->made = d->before != NULL ? d->before->about : (int64_t)in->editions.count;
    d->kind = SUBJECT_PLACE;
    d->row.fact.kind = ENTRY_EDITION_PROPOSED;
    d->row.fact.until = c->until.s == 0 ? UTC_NONE : c->until;
    d->row.about = d->made;
    d->row.payload = name == NULL ? (struct str){NULL, 0} : edition_payload(in, str_z(name), c->text);
    return d->row.payload.p == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for a protocol") : TONG_OK;
}

static tong_code propose_may(struct intake *in, const struct command *c, const struct draft *d,
                             struct intake_outcome *out, struct err *err)
{
    (void)c;
    (void)err;
    if (d->row.fact.until.s != INT64_MIN && d->row.fact.until.s < in->at.s)
        intake_refuse(out, TONG_E_INVALID, &edition_message[EDITION_BACKWARDS], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_edition_propose = {propose_draft, propose_may};

static tong_code proposed_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    size_t i = in->editions.count;
    struct str name = payload_text(row->payload, "name", &in->arena),
               text = payload_text(row->payload, "text", &in->arena);
    if (row->about != (int64_t)i || i >= INTAKE_EDITIONS || name.p == NULL || text.p == NULL)
        return tong_fail(err, TONG_E_INVALID, "edition %lld cannot be read from the chain", (long long)row->about);
    tong_code code = edition_hold(in, i, name, text, err);
    if (code != TONG_OK) return code;
    struct intake_edition *e = &in->edition[i];
    e->state = EDITION_PROPOSED;
    e->proposed = row->fact.recorded;
    e->proposed_by = row->account;
    e->first_signer = e->second_signer = 0;
    e->begins = row->fact.until;
    e->ended = UTC_NONE;
    e->version = row->fact.id;
    editions_count(in, i + 1);
    return edition_write(in, i, err);
}

// ---- signing, taking back ----

static bool edition_named(const struct intake *in, const struct command *c, struct draft *d, uint8_t kind,
                          struct intake_outcome *out)
{
    d->kind = SUBJECT_PLACE;
    d->made = d->row.about = c->about;
    d->row.fact.kind = kind;
    bool there = c->about >= 0 && (size_t)c->about < in->editions.count;
    if (!there) intake_refuse(out, TONG_E_NOT_FOUND, &edition_message[EDITION_UNKNOWN], NULL, NULL, NULL);
    return there;
}

static tong_code edition_sign_draft(struct intake *in, const struct command *c, struct draft *d,
                                    struct intake_outcome *out, struct err *err)
{
    (void)err;
    (void)edition_named(in, c, d, ENTRY_EDITION_SIGNED, out);
    d->row.fact.signer = (int32_t)c->account;
    return TONG_OK;
}

static tong_code edition_sign_may(struct intake *in, const struct command *c, const struct draft *d,
                                  struct intake_outcome *out, struct err *err)
{
    const struct intake_edition *e = &in->edition[d->row.about];
    (void)err;
    enum edition_fault fault = EDITION_FAULT_COUNT;
    if (c->account <= 0 || c->account > INT32_MAX) fault = EDITION_NOBODY;
    else if (e->state != EDITION_PROPOSED && e->state != EDITION_HALF) fault = EDITION_DONE;
    else if (e->state == EDITION_HALF && e->first_signer == c->account) fault = EDITION_SAME;
    if (fault != EDITION_FAULT_COUNT) intake_refuse(out, TONG_E_CONFLICT, &edition_message[fault], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_edition_sign = {edition_sign_draft, edition_sign_may};

static tong_code signed_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    assert(row->about >= 0 && (size_t)row->about < in->editions.count);
    struct intake_edition *e = &in->edition[row->about];
    e->version = row->fact.id;
    if (e->state == EDITION_PROPOSED) {
        e->state = EDITION_HALF;
        e->first_signer = row->account;
    } else {
        e->state = EDITION_SIGNED;
        e->second_signer = row->account;
        if (e->begins.s < row->fact.recorded.s) e->begins = row->fact.recorded;
    }
    return edition_write(in, (size_t)row->about, err);
}

// The one that was in force before: of those over, the last.
static int32_t edition_before(const struct intake *in)
{
    int32_t found = -1;
    for (size_t i = 0; i < in->editions.count; i++) {
        const struct intake_edition *e = &in->edition[i];
        if (e->state == EDITION_OVER && (found < 0 || e->ended.s >= in->edition[found].ended.s)) found = (int32_t)i;
    }
    return found;
}

static tong_code take_back_draft(struct intake *in, const struct command *c, struct draft *d,
                                 struct intake_outcome *out, struct err *err)
{
    (void)err;
    (void)edition_named(in, c, d, ENTRY_EDITION_TAKEN_BACK, out);
    return TONG_OK;
}

static tong_code take_back_may(struct intake *in, const struct command *c, const struct draft *d,
                               struct intake_outcome *out, struct err *err)
{
    const struct intake_edition *e = &in->edition[d->row.about];
    (void)c;
    (void)err;
    if (e->state == EDITION_OVER || e->state == EDITION_TAKEN_BACK)
        intake_refuse(out, TONG_E_CONFLICT, &edition_message[EDITION_NOT_TO_TAKE], NULL, NULL, NULL);
    else if (e->state == EDITION_IN_FORCE && edition_before(in) < 0)
        intake_refuse(out, TONG_E_CONFLICT, &edition_message[EDITION_FIRST], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_edition_take_back = {take_back_draft, take_back_may};

// What was in force before is signed already: it begins again at once.
static tong_code taken_back_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    assert(row->about >= 0 && (size_t)row->about < in->editions.count);
    struct intake_edition *e = &in->edition[row->about];
    int32_t before = e->state == EDITION_IN_FORCE ? edition_before(in) : -1;
    e->version = row->fact.id;
    e->state = EDITION_TAKEN_BACK;
    e->ended = row->fact.recorded;
    tong_code code = edition_write(in, (size_t)row->about, err);
    if (code != TONG_OK || before < 0) return code;
    struct intake_edition *b = &in->edition[before];
    b->state = EDITION_SIGNED;
    b->begins = row->fact.recorded;
    b->ended = UTC_NONE;
    b->version = row->fact.id;
    return edition_write(in, (size_t)before, err);
}

// ---- coming into force ----

bool editions_waiting(const struct intake *in, utc_sec at, int32_t *edition)
{
    *edition = -1;
    for (size_t i = 0; i < in->editions.count && in->moving < 0; i++) { // one after the other
        const struct intake_edition *e = &in->edition[i];
        if (e->state != EDITION_SIGNED || e->begins.s > at.s) continue;
        if (*edition < 0 || e->begins.s < in->edition[*edition].begins.s) *edition = (int32_t)i;
    }
    return *edition >= 0;
}

tong_code edition_enter(struct intake *in, int32_t edition, struct err *err)
{
    struct intake_edition *e = &in->edition[edition];
    tong_code code = TONG_OK;
    if (in->in_force >= 0 && in->in_force != edition && in->edition[in->in_force].state == EDITION_IN_FORCE) {
        struct intake_edition *was = &in->edition[in->in_force];
        was->state = EDITION_OVER;
        was->ended = e->begins;
        code = edition_write(in, (size_t)in->in_force, err);
    }
    e->state = EDITION_IN_FORCE;
    in->in_force = edition;
    caseload_set_edition(in->load, (uint8_t)edition);
    return code == TONG_OK ? edition_write(in, (size_t)edition, err) : code;
}

static tong_code edition_tell(struct intake *in, int32_t edition, int64_t id, struct err *err)
{
    uint32_t subject = working_subject(in, id), few[8], *all = few;
    if (subject == CASELOAD_NONE) return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    if (!caseload_need(in->load, subject, CASELOAD_ENROLMENTS))
        return working_fault(in, tong_fail(err, TONG_E_LIMIT, "no memory left for the working set"), err);
    size_t count = caseload_enrolments_of(in->load, subject, few, 8);
    if (count > 8) {
        all = arena_array(&in->arena, count, sizeof *all);
        if (all == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
        count = caseload_enrolments_of(in->load, subject, all, count);
    }
    bool open = false;
    for (size_t i = 0; i < count; i++) { // what was opened while others were told began under the new one
        const struct enrolment *e = caseload_enrolment(in->load, all[i]);
        open = open || (enrolment_is_open(e) && e->edition != edition);
    }
    if (!open) return TONG_OK;
    struct fact_row row = {
        .fact = {.subject = id,
                 .kind = EVENT_EDITION,
                 .edition = (uint8_t)edition,
                 .until = UTC_NONE,
                 .happened = in->edition[edition].begins,
                 .known = in->edition[edition].begins},
    };
    return flush_record(in, &row, err);
}

static tong_code edition_mark(struct intake *in, int32_t edition, int64_t subject, struct err *err)
{
    char text[64] = "";
    if (edition >= 0) (void)snprintf(text, sizeof text, "%d %lld", edition, (long long)subject);
    in->moving = edition;
    in->moved = subject;
    return intake_meta_put(in, "edition_moves", text, err);
}

// One transaction: the next subjects, in the order of their numbers.
static tong_code edition_batch(struct intake *in, int32_t edition, bool *more, struct err *err)
{
    enum { BATCH = EDITION_BATCH };
    const sql_id q = sql_enrolment_open_subjects;
    const struct db_value v[] = {DB_I(in->moved), DB_I(BATCH)};
    int64_t *subjects = arena_array(&in->arena, BATCH, sizeof *subjects);
    size_t count = 0;
    if (subjects == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for subjects");
    tong_code code = db_ask(in->db, q, v, 2, err);
    if (code != TONG_OK) return code;
    while (count < BATCH && db_next(in->db, q)) subjects[count++] = db_int(in->db, q, 0, 0);
    code = db_done(in->db, q, err);
    for (size_t i = 0; i < count && code == TONG_OK; i++) code = edition_tell(in, edition, subjects[i], err);
    if (code != TONG_OK) return code;
    *more = count == BATCH;
    return edition_mark(in, *more ? edition : -1, *more ? subjects[count - 1] : 0, err);
}

// The edition begins: time passes up to there, and its row says so. Nobody is told yet.
static tong_code edition_begin(struct intake *in, int32_t edition, struct err *err)
{
    bool left = true;
    utc_sec begins = in->edition[edition].begins;
    tong_code code = TONG_OK;
    while (left && code == TONG_OK) { // an edition that begins at midnight closes the day itself
        left = advance_is_due(in, (utc_sec){begins.s - 1}, &code, err);
        if (!left || code != TONG_OK) break;
        code = group_begin(in, err);
        if (code != TONG_OK) return code;
        code = advance_due(in, (begins.s - 1) / 60, INTAKE_BATCH, &left, err);
        if (code == TONG_OK) code = group_commit(in, err);
        else group_abandon(in);
    }
    return code;
}

tong_code edition_change(struct intake *in, int32_t edition, int32_t slices, struct err *err)
{
    bool first = in->moving < 0, more = true;
    utc_sec begins = in->edition[edition].begins;
    tong_code code = first ? edition_begin(in, edition, err) : TONG_OK;
    for (int32_t slice = 0; more && slice < slices && code == TONG_OK; slice++) {
        code = group_begin(in, err);
        if (code != TONG_OK) return code;
        if (begins.s > in->at.s) in->at = begins;
        caseload_set_now(in->load, in->at);
        if (first) code = edition_enter(in, edition, err);
        if (code == TONG_OK) code = edition_batch(in, edition, &more, err);
        if (code == TONG_OK) code = group_commit(in, err);
        else group_abandon(in);
        first = false;
    }
    return code;
}

tong_code editions_read_move(struct intake *in, struct err *err)
{
    struct str text, part;
    int64_t v[2] = {-1, 0};
    tong_code code = intake_meta_get(in, "edition_moves", &text, err);
    for (int32_t i = 0; code == TONG_OK && i < 2 && text.n > 0 && str_cut(&text, ' ', &part); i++)
        if (!str_int(part, &v[i])) return tong_fail(err, TONG_E_INVALID, "the change of edition cannot be read");
    in->moving = (int32_t)v[0];
    in->moved = v[1];
    return code;
}

const struct deriver intake_edition_derivers[] = {
    {ENTRY_EDITION_PROPOSED, proposed_take, NULL},
    {ENTRY_EDITION_SIGNED, signed_take, NULL},
    {ENTRY_EDITION_TAKEN_BACK, taken_back_take, NULL},
    {ENTRY_ORDER_FIRST, order_first_take, order_first_undo},
    {-1, NULL, NULL},
};
