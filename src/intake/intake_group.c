// One transaction: begin, command after command, commit.
#include "intake/intake_state.h"
#include "store/entry.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum group_fault { GROUP_UID_TAKEN, GROUP_FAULT_COUNT };
static const struct message group_message[GROUP_FAULT_COUNT] = {
    [GROUP_UID_TAKEN] = {"uid-taken", PROBLEM_ERROR,
                         LABEL("something else was recorded before under this identifier",
                               "该标识此前已用于登记其他内容"),
                         LABEL("give every record an identifier of its own; to change a record, correct it",
                               "每条记录须使用各自的标识；如需修改，请登记更正")},
};

const struct command_handler *intake_handler(command_kind kind)
{
    static const struct command_handler *const handlers[COMMAND_KIND_COUNT] = {
        [COMMAND_FACT] = &handler_fact,
        [COMMAND_PERSON] = &handler_person,
        [COMMAND_PLACE] = &handler_place,
        [COMMAND_GATHERING] = &handler_gathering,
        [COMMAND_SIGN] = &handler_sign,
        [COMMAND_DECLINE] = &handler_decline,
        [COMMAND_SITE] = &handler_site,
        [COMMAND_OBJECT] = &handler_object,
        [COMMAND_DECIDE] = &handler_decide,
        [COMMAND_ASSIGN] = &handler_assign,
        [COMMAND_DONE] = &handler_done,
        [COMMAND_RECEIVE] = &handler_receive,
        [COMMAND_HAND_OVER] = &handler_hand_over,
        [COMMAND_MERGE] = &handler_merge,
        [COMMAND_EDITION_PROPOSE] = &handler_edition_propose,
        [COMMAND_EDITION_SIGN] = &handler_edition_sign,
        [COMMAND_EDITION_TAKE_BACK] = &handler_edition_take_back,
    };
    assert(kind < COMMAND_KIND_COUNT);
    return handlers[kind];
}

// ---- the transaction ----

tong_code group_begin(struct intake *in, struct err *err)
{
    tong_code code = db_begin(in->db, err);
    if (code != TONG_OK) return code;
    arena_reset(&in->arena);
    in->room = NULL;
    told_forget(in);
    in->rows = 0;
    in->keys_made = in->salted = in->assigned = false;
    if (in->stale) {
        code = working_reset(in, err);
        if (code == TONG_OK) code = intake_read_state(in, err);
    }
    in->subjects_before = in->last_subject;
    if (code == TONG_OK) in->stale = false;
    else group_abandon(in);
    return code;
}

void group_abandon(struct intake *in)
{
    db_rollback(in->db);
    told_forget(in);
    in->stale = true;
}

static tong_code group_time(struct intake *in, struct err *err)
{
    char text[100];
    (void)snprintf(text, sizeof text, "%lld %lld %lld %lld", (long long)in->at.s, (long long)in->now.s,
                   (long long)in->cursor.minute, (long long)in->cursor.enrolment);
    return intake_meta_put(in, "now", text, err);
}

// A stretch of commands during which no time passed: what is behind it in the chain is lived through again by a rebuild
// after as much time as had passed before it.
tong_code group_step(struct intake *in, struct err *err)
{
    tong_code code = flush_state(in, err);
    if (caseload_now(in->load).s > in->at.s) in->at = caseload_now(in->load);
    if (code != TONG_OK || in->rows == 0) return code;
    const struct db_value v[] = {DB_I(in->last_row), DB_B(((struct str){(const char *)in->head, CHAIN_HASH})),
                                 DB_I(in->at.s), DB_I(in->cursor.minute), DB_I(in->cursor.enrolment)};
    in->rows = 0;
    return db_run(in->db, sql_chain_put, v, 5, NULL, err);
}

tong_code group_commit(struct intake *in, struct err *err)
{
    enum { BYTES = 64 << 20 };
    tong_code code = group_step(in, err);
    if (code == TONG_OK) code = group_time(in, err);
    if (code == TONG_OK && in->keys_made) code = vault_sync(in->vault, err);
    if (code == TONG_OK) code = db_commit(in->db, err);
    if (code != TONG_OK) {
        group_abandon(in);
        return code;
    }
    in->reached = in->at;
    told_publish(in);
    size_t most = in->options.bytes_max == 0 ? BYTES : in->options.bytes_max;
    if (caseload_bytes(in->load) + in->kept.bytes + in->grown.bytes > most && working_reset(in, NULL) != TONG_OK)
        in->stale = true;
    return TONG_OK;
}

// ---- one command ----

static bool group_same_instant(utc_sec given, utc_sec stored)
{
    return given.s == 0 || given.s == INT64_MIN || given.s == stored.s;
}

// Is the row what the command would record? What intake fills in itself is not compared.
static bool group_same(const struct fact_row *draft, const struct fact_row *row)
{
    const struct fact *a = &draft->fact, *b = &row->fact;
    return a->kind == b->kind && a->subject == b->subject && group_same_instant(a->happened, b->happened) &&
           group_same_instant(a->known, b->known) && a->until.s == b->until.s && a->link == b->link &&
           a->replaces == b->replaces && draft->about == row->about && a->name == b->name && a->value == b->value &&
           a->signer == b->signer && a->second == b->second && a->word == b->word && a->test == b->test &&
           a->outcome == b->outcome && a->protection == b->protection && a->flags == b->flags &&
           str_eq(draft->payload, row->payload);
}

static tong_code group_subject(struct intake *in, const struct draft *d, struct err *err)
{
    int64_t id = d->row.fact.subject;
    assert(id == in->last_subject + 1);
    if (d->kind == SUBJECT_PERSON && !in->preview && !in->rebuilding) {
        tong_code code = vault_add(in->vault, id, err);
        if (code != TONG_OK) return code;
        in->keys_made = true;
    }
    in->last_subject = in->fresh = id;
    intake_seen_uid(in, d->subject_uid);
    uint32_t i = intake_subject_new(in, id, d->kind, d->subject_uid) == NULL ? CASELOAD_NONE : working_subject(in, id);
    if (i == CASELOAD_NONE) return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    caseload_is_new(in->load, i);
    return TONG_OK;
}

static tong_code group_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err)
{
    for (const struct follower *f = intake_record_followers; f->follow != NULL; f++) {
        if (f->kind != c->kind) continue;
        tong_code code = f->follow(in, c, row, err);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

tong_code intake_give_row(struct intake *in, const struct fact_row *row, int64_t *id, struct err *err)
{
    struct fact_row given = *row;
    if (given.fact.happened.s == 0 || given.fact.happened.s == INT64_MIN) given.fact.happened = in->at;
    if (given.fact.known.s == 0 || given.fact.known.s == INT64_MIN) given.fact.known = in->at;
    tong_code code = flush_record(in, &given, err);
    *id = given.fact.id;
    return code;
}

static void group_repeated(const struct fact_row *before, const struct draft *d, struct intake_outcome *out)
{
    out->repeated = true;
    out->subject = before->fact.subject;
    out->fact = before->fact.id;
    out->made = d->made;
}

// Can something stand under the command's uid? Nothing that was recorded earlier speaks of somebody whom this very transaction
// made. (A client that gives one uid twice breaks the uniqueness in the table: the group is then taken one by one, and there
// the uid is looked for.)
static bool group_may_be_there(const struct intake *in, const struct command *c)
{
    int64_t subject;
    if (uid_is_none(c->uid)) return false;
    if (c->kind != COMMAND_FACT || c->fact.subject != 0 || in->preview) return true;
    bool made = map_get_text(in->subject_uid, (struct str){(const char *)c->subject_uid, UID_BYTES}, &subject);
    return !made || subject <= in->subjects_before;
}

tong_code group_command(struct intake *in, const struct command *c, struct intake_outcome *out, struct err *err)
{
    struct problem_list *problems = out->problems;
    *out = (struct intake_outcome){.problems = problems};
    if (c->at.s > in->at.s) in->at = c->at;
    if (caseload_now(in->load).s > in->at.s) in->at = caseload_now(in->load);
    caseload_set_now(in->load, in->at);
    in->fresh = 0;
    const struct command_handler *handler = intake_handler(c->kind);
    struct draft d = {.row.fact.until = UTC_NONE, .row.fact.known = UTC_NONE};
    struct fact_row before;
    bool found = false;
    tong_code code = group_may_be_there(in, c) ? intake_find_row(in, 0, c->uid, &found, &before, err) : TONG_OK;
    if (code != TONG_OK) return code;
    if (found) d.before = &before;
    code = handler->draft(in, c, &d, out, err);
    if (code != TONG_OK) return code;
    if (found && out->code == TONG_OK && group_same(&d.row, &before)) {
        group_repeated(&before, &d, out);
        return TONG_OK;
    }
    if (found) {
        if (out->code == TONG_OK)
            intake_refuse(out, TONG_E_CONFLICT, &group_message[GROUP_UID_TAKEN], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (out->code == TONG_OK && handler->check != NULL) code = handler->check(in, c, &d, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    if (d.new_subject) code = group_subject(in, &d, err);
    if (code != TONG_OK) return code;
    memcpy(d.row.uid, c->uid, UID_BYTES);
    intake_seen_uid(in, c->uid);
    d.row.account = c->account;
    d.row.import = c->import;
    if (d.row.fact.happened.s == 0 || d.row.fact.happened.s == INT64_MIN) d.row.fact.happened = in->at;
    if (d.row.fact.known.s == 0 || d.row.fact.known.s == INT64_MIN) d.row.fact.known = in->at;
    code = flush_record(in, &d.row, err);
    if (code == TONG_OK) code = group_follow(in, c, &d.row, err);
    out->subject = d.row.fact.subject;
    out->fact = d.row.fact.id;
    out->made = d.made;
    return code;
}
