#include "intake/records.h"

#include "base/record_read.h"
#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

enum people_fault {
    PEOPLE_NO_RECORD,
    PEOPLE_ERASED,
    PEOPLE_NO_PLACE,
    PEOPLE_NO_GUARDIAN,
    PEOPLE_OUTSIDE,
    PEOPLE_NOT_A_PERSON,
    PEOPLE_FAULT_COUNT
};

static const struct message people_message[PEOPLE_FAULT_COUNT] = {
    [PEOPLE_NO_RECORD] = {"person-record-missing", PROBLEM_ERROR, LABEL("no person is described", "没有填写人员信息"),
                          LABEL("send the record with its identifier", "请提交带标识的人员信息")},
    [PEOPLE_ERASED] = {"person-erased", PROBLEM_ERROR, LABEL("this person was erased", "该人员信息已清除"),
                       LABEL("if they are met again, register them under a new identifier",
                             "如再次登记此人，请使用新的标识")},
    [PEOPLE_NO_PLACE] = {"person-place-unknown", PROBLEM_ERROR,
                         LABEL("the place where they live is not known here", "现住场所不存在"),
                         LABEL("describe the place first, or leave it empty and write the address",
                               "请先登记该场所，或留空并填写现住址")},
    [PEOPLE_NO_GUARDIAN] = {"person-guardian-unknown", PROBLEM_ERROR,
                            LABEL("the guardian is not registered", "监护人尚未登记"),
                            LABEL("register the guardian first, or give name and telephone",
                                  "请先登记监护人，或填写其姓名和电话")},
    [PEOPLE_OUTSIDE] = {"person-outside-taken", PROBLEM_ERROR,
                        LABEL("this number of the outside system belongs to another record here",
                              "该外部系统编号已属于本系统的另一条记录"),
                        LABEL("look at that record; if both are one person, merge them",
                              "请核对该记录；如为同一人请合并")},
    [PEOPLE_NOT_A_PERSON] = {"subject-not-person", PROBLEM_ERROR,
                             LABEL("this identifier belongs to something that is no person", "该标识不属于人员"),
                             LABEL("use an identifier of its own for each", "每条记录请使用各自的标识")},
};

// The calendar day of the place that is furthest ahead: who was born today is never born in the future.
static civil_day people_today(const struct intake *in)
{
    enum { AHEAD_S = 14 * 3600, DAY_S = 86400 };
    int64_t s = intake_at(in).s + AHEAD_S;
    return (civil_day){(int32_t)(s >= 0 ? s / DAY_S : -((DAY_S - 1 - s) / DAY_S))};
}

// ---- describing somebody ----

// A subject named by uid in a record: 0 when the text is empty; refused when it is not there or of another kind.
static tong_code people_named(struct intake *in, struct str text, subject_kind want, enum people_fault fault,
                              int64_t *id, struct intake_outcome *out, struct err *err)
{
    unsigned char uid[UID_BYTES] = {0};
    subject_kind kind = want;
    *id = 0;
    if (text.n == 0 || !uid_parse(text, uid)) return TONG_OK; // what is no uid is reported by person_check
    tong_code code = intake_find_subject(in, 0, uid, id, &kind, NULL, err);
    if (code != TONG_OK) return code;
    if (*id == 0 || kind != want) intake_refuse(out, TONG_E_NOT_FOUND, &people_message[fault], NULL, NULL, NULL);
    return TONG_OK;
}

// Errors are refused, warnings handed on.
static bool people_good(struct intake *in, const struct person_record *p, struct intake_outcome *out)
{
    struct problem_list unseen = {.arena = intake_arena(in)};
    struct problem_list *problems = out->problems != NULL ? out->problems : &unseen;
    const struct record_reading reading = {
        .arena = intake_arena(in), .problems = problems, .at = {.file = "", .path = ""}};
    bool good = record_check(&person_record_kind, p, &reading);
    good = person_check(p, people_today(in), problems, reading.at) && good;
    if (!good) out->code = TONG_E_INVALID;
    return good;
}

static tong_code person_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                              struct err *err)
{
    if (c->person == NULL) {
        intake_refuse(out, TONG_E_INVALID, &people_message[PEOPLE_NO_RECORD], NULL, NULL, NULL);
        return TONG_OK;
    }
    struct person_record p = *c->person;
    int64_t place = 0, guardian = 0, person = 0;
    subject_kind kind = SUBJECT_PERSON;
    if (!person_normalise(&p, intake_arena(in))) return tong_fail(err, TONG_E_NOMEM, "no memory for a person");
    if (!people_good(in, &p, out)) return TONG_OK;
    tong_code code = people_named(in, p.place, SUBJECT_PLACE, PEOPLE_NO_PLACE, &place, out, err);
    if (code == TONG_OK && out->code == TONG_OK)
        code = people_named(in, p.guardian, SUBJECT_PERSON, PEOPLE_NO_GUARDIAN, &guardian, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    (void)uid_parse(p.uid, d->subject_uid);
    code = intake_find_subject(in, 0, d->subject_uid, &person, &kind, NULL, err);
    if (code != TONG_OK) return code;
    if (person != 0 && kind != SUBJECT_PERSON) {
        intake_refuse(out, TONG_E_CONFLICT, &people_message[PEOPLE_NOT_A_PERSON], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->new_subject = person == 0;
    d->kind = SUBJECT_PERSON;
    d->row = records_row(ENTRY_PERSON, person != 0 ? person : intake_next_subject(in), c);
    d->row.fact.link = guardian;
    d->row.about = place;
    d->row.payload = payload_make(&person_record_kind, &p, intake_arena(in));
    if (d->row.payload.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a person");
    return TONG_OK;
}

static tong_code person_may(struct intake *in, const struct command *c, const struct draft *d,
                            struct intake_outcome *out, struct err *err)
{
    unsigned char hash[VAULT_LONG_HASH];
    tong_code code = TONG_OK;
    // An erased person keeps an empty row, so that a phone that comes late does not bring them back.
    if (d->new_subject) {
        int64_t erased = 0;
        code = records_number(in, sql_person_by_uid, &DB_B(((struct str){(const char *)d->subject_uid, UID_BYTES})), 1,
                              0, &erased, err);
        if (code != TONG_OK) return code;
        if (erased != 0) intake_refuse(out, TONG_E_CONFLICT, &people_message[PEOPLE_ERASED], NULL, NULL, NULL);
        if (erased != 0) return TONG_OK;
    }
    struct str id = str_trim(c->person->outside_id);
    if (outside_hash(intake_vault(in), c->person->outside_source, id, hash)) {
        int64_t other = 0;
        const struct db_value key[] = {DB_T(c->person->outside_source),
                                       DB_B(((struct str){(const char *)hash, sizeof hash}))};
        code = records_number(in, sql_outside_get, key, 2, 0, &other, err);
        if (code != TONG_OK) return code;
        if (other != 0 && other != d->row.fact.subject)
            intake_refuse(out, TONG_E_CONFLICT, &people_message[PEOPLE_OUTSIDE], NULL, NULL, NULL);
    }
    return TONG_OK;
}

const struct command_handler handler_person = {person_draft, person_may};

// ---- the row of a person ----

static struct db_value people_blob(bool there, const unsigned char *bytes, size_t n)
{
    return there ? DB_B(((struct str){(const char *)bytes, n})) : DB_N;
}

struct people_row { // of the table
    bool there;
    int64_t version, merged_into;
    struct roll_person listed;
};

static tong_code people_now(struct intake *in, int64_t person, struct people_row *out, struct err *err)
{
    struct db *db = intake_db(in);
    *out = (struct people_row){.there = false};
    tong_code code = db_ask(db, sql_person_get, &DB_I(person), 1, err);
    if (code != TONG_OK) return code;
    out->there = db_next(db, sql_person_get);
    if (out->there) {
        out->version = db_int(db, sql_person_get, 8, 0);
        out->merged_into = db_int(db, sql_person_get, 7, 0);
        out->listed = (struct roll_person){.id = person,
                                           .version = out->version,
                                           .born = {(int32_t)db_int(db, sql_person_get, 3, CIVIL_DAY_NONE)},
                                           .sex = (int32_t)db_int(db, sql_person_get, 4, 0),
                                           .flags = (int32_t)db_int(db, sql_person_get, 5, 0)};
    }
    return db_done(db, sql_person_get, err);
}

static void people_listed(struct intake *in, const struct roll_person *row)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    roll_row_person(row, columns);
    intake_tell_row(in, ROLL_PEOPLE, row->id, columns, ROLL_PERSON_COLUMN_COUNT);
    intake_tell_change(in, CHANGE_PERSON, row->id, row->id);
}

// What the lists hold of a person, as the table has them now.
static tong_code people_tell(struct intake *in, int64_t person, struct err *err)
{
    struct people_row now;
    tong_code code = people_now(in, person, &now, err);
    if (code == TONG_OK && now.there) people_listed(in, &now.listed);
    return code;
}

static tong_code people_outside(struct intake *in, const struct person_record *p, int64_t person, struct err *err)
{
    unsigned char hash[VAULT_LONG_HASH];
    if (!outside_hash(intake_vault(in), p->outside_source, p->outside_id, hash)) return TONG_OK;
    const struct db_value values[] = {DB_T(p->outside_source), people_blob(true, hash, sizeof hash), DB_I(person)};
    return db_run(intake_db(in), sql_outside_put, values, 3, NULL, err);
}

// `was`: the row that a newer description takes the place of. What is no description's (person_put.sql) stays with it.
static tong_code people_put(struct intake *in, const struct fact_row *row, const struct people_row *was, struct err *err)
{
    enum { NOT_DESCRIBED = PERSON_STAFF | PERSON_MERGED | PERSON_DIED };
    struct person_record p;
    struct arena *arena = intake_arena(in);
    unsigned char uid[UID_BYTES], phone[VAULT_HASH], document[VAULT_HASH];
    bool year_only;
    tong_code code = payload_read(&person_record_kind, row->payload, arena, &p, err);
    if (code != TONG_OK) return code;
    if (!uid_parse(p.uid, uid)) return tong_fail(err, TONG_E_INVALID, "the description of a person has no identifier");
    civil_day born = person_born(&p, &year_only);
    int64_t id = row->fact.subject;
    bool phoned = person_phone_hash(intake_vault(in), p.phone, phone);
    int64_t guardian = row->fact.link != 0 && vault_erased(intake_vault(in), row->fact.link) ? 0 : row->fact.link;
    bool documented = person_document_hash(intake_vault(in), p.document, document);
    const struct db_value values[] = {DB_I(id),
                                      people_blob(true, uid, sizeof uid),
                                      db_i_or_null(row->about, 0),
                                      db_i_or_null(born.d, CIVIL_DAY_NONE),
                                      DB_I(p.sex == RECORD_ENUM_NONE ? PERSON_SEX_UNKNOWN : p.sex),
                                      DB_I(person_flags(&p)),
                                      db_i_or_null(guardian, 0),
                                      people_blob(phoned, phone, sizeof phone),
                                      people_blob(documented, document, sizeof document),
                                      DB_I(row->fact.id)};
    code = db_run(intake_db(in), sql_person_put, values, sizeof values / sizeof values[0], NULL, err);
    if (code == TONG_OK) code = people_outside(in, &p, id, err);
    if (code != TONG_OK) return code;
    const struct roll_person listed = {.id = id,
                                       .version = row->fact.id,
                                       .born = born,
                                       .sex = p.sex == RECORD_ENUM_NONE ? PERSON_SEX_UNKNOWN : p.sex,
                                       .flags = person_flags(&p) | (was->listed.flags & NOT_DESCRIBED)};
    intake_person_changed(in, id, row->about, guardian);
    intake_tell_subject(in, id, row->about);
    intake_tell_name(in, id, person_names(&p, arena));
    people_listed(in, &listed);
    return TONG_OK;
}

// An older description that is true again does not displace a newer one.
tong_code person_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    struct people_row was = {.there = false};
    tong_code code = intake_is_made_now(in, row->fact.subject) ? TONG_OK : people_now(in, row->fact.subject, &was, err);
    return code != TONG_OK || was.version > row->fact.id ? code : people_put(in, row, &was, err);
}

tong_code person_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {was->fact.subject, 0, was->fact.id, {ENTRY_PERSON, -1, -1}};
    int64_t id = 0;
    bool found = false;
    struct fact_row row;
    struct people_row now = {.there = false};
    (void)by;
    tong_code code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &row, err);
    if (code == TONG_OK && found) code = people_now(in, was->fact.subject, &now, err);
    if (code != TONG_OK) return code;
    if (found) return people_put(in, &row, &now, err);
    code = db_run(intake_db(in), sql_person_drop, &DB_I(was->fact.subject), 1, NULL, err);
    if (code == TONG_OK) code = db_run(intake_db(in), sql_outside_drop, &DB_I(was->fact.subject), 1, NULL, err);
    intake_home_changed(in, was->fact.subject, 0);
    intake_tell_subject(in, was->fact.subject, 0);
    intake_tell_name(in, was->fact.subject, (struct str){NULL, 0});
    intake_tell_drop(in, ROLL_PEOPLE, was->fact.subject);
    return code;
}

// ---- death, and records that are one person's ----

static tong_code people_flag(struct intake *in, int64_t person, int32_t off, int32_t on, int64_t merged_into,
                             struct err *err)
{
    const struct db_value values[] = {DB_I(person), DB_I(~(int64_t)off), DB_I(on), db_i_or_null(merged_into, 0)};
    tong_code code = db_run(intake_db(in), sql_person_flag, values, 4, NULL, err);
    return code == TONG_OK ? people_tell(in, person, err) : code;
}

static tong_code people_merged_into(struct intake *in, int64_t person, int64_t *into, struct err *err)
{
    struct people_row now;
    tong_code code = people_now(in, person, &now, err);
    *into = now.merged_into;
    return code;
}

tong_code person_died_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    int64_t into = 0;
    tong_code code = people_merged_into(in, row->fact.subject, &into, err);
    return code == TONG_OK ? people_flag(in, row->fact.subject, 0, PERSON_DIED, into, err) : code;
}

tong_code person_died_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    const struct standing s = {was->fact.subject, 0, was->fact.id, {EVENT_DIED, -1, -1}};
    int64_t other = 0, into = 0;
    (void)by;
    tong_code code = records_standing(in, &s, &other, err);
    if (code == TONG_OK) code = people_merged_into(in, was->fact.subject, &into, err);
    if (code != TONG_OK || other != 0) return code;
    return people_flag(in, was->fact.subject, PERSON_DIED, 0, into, err);
}

tong_code merged_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    return people_flag(in, row->fact.subject, 0, PERSON_MERGED, row->fact.link, err);
}

tong_code merged_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    return people_flag(in, was->fact.subject, PERSON_MERGED, 0, 0, err);
}

// ---- what the core learns from a description ----

static int32_t people_age(civil_day born, civil_day today)
{
    struct civil_date b = civil_to_date(born), t = civil_to_date(today);
    int32_t age = t.year - b.year - (t.month < b.month || (t.month == b.month && t.day < b.day) ? 1 : 0);
    return age < 0 ? 0 : age;
}

// A child is a child from the beginning: who is registered as a contact met the case before that, and rules for the young count
// from then on. So the age of a minor holds from some weeks before they were registered (never from before the birth).
static utc_sec people_age_from(civil_day born, int32_t age, utc_sec registered)
{
    enum { DAY = 86400, BACK_DAYS = 60, MINOR_YEARS = 18 };
    utc_sec birth = {(int64_t)born.d * DAY}, from = {registered.s - (int64_t)BACK_DAYS * DAY};
    if (age >= MINOR_YEARS) return registered;
    if (from.s < birth.s) from = birth;
    return from.s < registered.s ? from : registered;
}

static tong_code people_give(struct intake *in, const struct fact_row *row, event_word kind, struct fact f,
                             struct err *err)
{
    int64_t id = 0;
    struct fact_row given = {.fact = f, .account = row->account, .import = row->import};
    given.fact.kind = (uint8_t)kind;
    given.fact.subject = row->fact.subject;
    given.fact.happened = f.happened.s != 0 ? f.happened : row->fact.happened;
    given.fact.known = row->fact.known;
    given.fact.until = UTC_NONE;
    return intake_give_row(in, &given, &id, err);
}

// The core asks for age and for a named guardian (a child is neither moved nor placed without one). Nobody types them a
// second time: they are told to it when a description first says them, or says them otherwise.
tong_code person_follow(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct person_record now, before = person_record_none();
    const struct standing s = {row->fact.subject, 0, row->fact.id, {ENTRY_PERSON, -1, -1}};
    int64_t id = 0;
    bool found = false, year_only;
    struct fact_row older;
    (void)c;
    tong_code code = payload_read(&person_record_kind, row->payload, intake_arena(in), &now, err);
    if (code == TONG_OK && !intake_is_made_now(in, row->fact.subject)) code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &older, err);
    if (code == TONG_OK && found && older.payload.n > 0)
        code = payload_read(&person_record_kind, older.payload, intake_arena(in), &before, err);
    if (code != TONG_OK) return code;
    civil_day born = person_born(&now, &year_only), was_born = person_born(&before, &year_only);
    if (born.d != CIVIL_DAY_NONE && born.d != was_born.d) {
        int32_t age = people_age(born, people_today(in));
        const struct fact f = {
            .word = FACT_WORD_AGE, .value = age, .happened = people_age_from(born, age, row->fact.happened)};
        code = people_give(in, row, EVENT_ATTRIBUTE, f, err);
    }
    bool guarded = now.guardian.n > 0 || (now.guardian_name.n > 0 && now.guardian_phone.n > 0);
    bool was_guarded = before.guardian.n > 0 || (before.guardian_name.n > 0 && before.guardian_phone.n > 0);
    if (code == TONG_OK && guarded && !was_guarded)
        code = people_give(in, row, EVENT_GUARDIAN_NAMED, (struct fact){0}, err);
    return code;
}
