#include "service/courier_inner.h"

#include "protocol/protocol.h"
#include "service/account.h"
#include "store/entry.h"
#include "store/payload.h"
#include "store/person.h"

#include <string.h>

enum { COURIER_MINOR_YEARS = 18 };

// ---- what a change tells ----

static const struct protocol *courier_protocol(const struct courier_batch *b, int64_t edition)
{
    struct rulebook book = service_book(b->service);
    return edition >= 0 && (size_t)edition < book.count ? book.editions[edition] : NULL;
}

static utc_sec courier_instant(struct db *db, sql_id q, int32_t column)
{
    return (utc_sec){db_int(db, q, column, UTC_NONE.s)};
}

// Columns of measure_get: 1 subject, 3 edition, 4 measure, 8 how, 11 proposed .. 15 until.
static tong_code courier_of_measure(struct courier_batch *b, int64_t id, struct telling *out, size_t *count, struct err *err)
{
    const sql_id q = sql_measure_get;
    struct db *db = b->db;
    tong_code code = db_ask(db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q)) {
        const struct protocol *p = courier_protocol(b, db_int(db, q, 3, -1));
        int64_t number = db_int(db, q, 4, -1), how = db_int(db, q, 8, HOW_NONE), subject = db_int(db, q, 1, 0);
        const struct measure *m = p != NULL && number >= 0 && (size_t)number < p->measure_count ? &p->measures[number] : NULL;
        utc_sec proposed = courier_instant(db, q, 11), ordered = courier_instant(db, q, 12);
        utc_sec started = courier_instant(db, q, 13), ended = courier_instant(db, q, 14);
        struct telling t = {.about = id, .role = -1, .subject = subject, .what = m == NULL ? NULL : &m->label,
                            .until = courier_instant(db, q, 15)};
        bool bound = ordered.s != UTC_NONE.s || started.s != UTC_NONE.s;
        if (m != NULL && ended.s != UTC_NONE.s && bound && how != HOW_DIED) {
            t.name = TEMPLATE_ENDED;
            t.person = subject;
            t.at = ended;
            out[(*count)++] = t;
        } else if (m != NULL && ended.s == UTC_NONE.s && ordered.s != UTC_NONE.s) {
            t.name = TEMPLATE_ORDERED;
            t.person = subject;
            t.at = ordered;
            out[(*count)++] = t;
        } else if (m != NULL && ended.s == UTC_NONE.s && !bound && m->order_by < ROLE_WORD_COUNT) {
            t.name = TEMPLATE_ORDER_WAITS;
            t.role = (int32_t)m->order_by;
            t.at = proposed;
            out[(*count)++] = t;
        }
    }
    return db_done(db, q, err);
}

// Columns of task_get: 1 subject, 3 edition, 4 task, 9 role, 10 how, 11 marks, 12 opened, 13 deadline, 16 closed, 18 assigned.
static tong_code courier_of_task(struct courier_batch *b, int64_t id, struct telling *out, size_t *count, struct err *err)
{
    const sql_id q = sql_task_get;
    struct db *db = b->db;
    tong_code code = db_ask(db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q) && courier_instant(db, q, 16).s == UTC_NONE.s) {
        const struct protocol *p = courier_protocol(b, db_int(db, q, 3, -1));
        int64_t number = db_int(db, q, 4, -1), assigned = db_int(db, q, 18, 0), marks = db_int(db, q, 11, 0);
        const struct task *task = p != NULL && number >= 0 && (size_t)number < p->task_count ? &p->tasks[number] : NULL;
        struct telling t = {.about = id, .role = -1, .subject = db_int(db, q, 1, 0), .what = task == NULL ? NULL : &task->label,
                            .until = courier_instant(db, q, 13), .at = UTC_NONE};
        if (task != NULL && assigned != 0) {
            t.name = (marks & 1) != 0 ? TEMPLATE_TASK_LATE : TEMPLATE_TASK_ASSIGNED;
            t.account = assigned;
            out[(*count)++] = t;
        }
        t.account = 0;
        t.name = TEMPLATE_TASK_LATE;
        t.role = task != NULL && task->has_missed && task->missed_tell < ROLE_WORD_COUNT ? (int32_t)task->missed_tell : -1;
        if (task != NULL && (marks & 2) != 0 && t.role >= 0) out[(*count)++] = t;
    }
    return db_done(db, q, err);
}

static tong_code courier_of_objection(struct courier_batch *b, int64_t id, struct telling *t, struct err *err)
{
    const sql_id q = sql_objection_get;
    tong_code code = db_ask(b->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(b->db, q)) {
        t->until = courier_instant(b->db, q, 4);
        t->role = (int32_t)db_int(b->db, q, 5, -1);
    }
    return db_done(b->db, q, err);
}

// Columns of fact_get: 1 subject, 2 kind, 3 happened, 10 import, 17 signer.
static tong_code courier_of_fact(struct courier_batch *b, int64_t id, struct telling *out, size_t *count, struct err *err)
{
    const sql_id q = sql_fact_get;
    int64_t kind = -1, subject = 0;
    utc_sec at = UTC_NONE;
    tong_code code = db_ask(b->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(b->db, q)) {
        kind = db_int(b->db, q, 2, -1);
        subject = db_int(b->db, q, 1, 0);
        at = courier_instant(b->db, q, 4);
    }
    code = db_done(b->db, q, err);
    if (code != TONG_OK) return code;
    struct telling t = {.about = id, .role = -1, .subject = subject, .until = UTC_NONE, .at = at};
    bool tells = true;
    switch (kind) {
    case EVENT_RESULT:
        t.name = TEMPLATE_RESULT;
        t.person = subject;
        break;
    case EVENT_OBJECTED:
        t.name = TEMPLATE_OBJECTION_WAITS;
        code = courier_of_objection(b, id, &t, err);
        break;
    case EVENT_UPHELD:
    case ENTRY_DISMISSED:
        t.name = TEMPLATE_OBJECTION_DECIDED;
        t.person = subject;
        break;
    default:
        tells = false;
    }
    if (code == TONG_OK && tells) out[(*count)++] = t;
    return code;
}

// The protocol tells a role. Whoever is told for themselves is told to look at their page; those followed because of this
// person are told the same, not why now. What families, households and residents must hear is said by somebody, not by a
// message: those who serve the place are told.
static tong_code courier_of_told(struct courier_batch *b, int64_t role, int64_t subject, struct telling *out, size_t *count,
                                 struct err *err)
{
    const sql_id q = sql_link_from;
    struct telling t = {.name = TEMPLATE_TOLD, .role = -1, .subject = subject, .until = UTC_NONE, .at = UTC_NONE};
    bool theirs = role == ROLE_PERSON || role == ROLE_GUARDIAN, contacts = role == ROLE_OWN_CONTACTS;
    bool said = role == ROLE_FAMILY || role == ROLE_CARER || role == ROLE_HOUSEHOLD || role == ROLE_RESIDENTS;
    if (!contacts) {
        t.person = theirs ? subject : 0;
        if (!theirs) t.name = TEMPLATE_STAFF_TOLD;
        if (!theirs) t.role = said ? (int32_t)ROLE_COMMUNITY_WORKER : (int32_t)role;
        out[(*count)++] = t;
        return TONG_OK;
    }
    tong_code code = db_ask(b->db, q, &DB_I(subject), 1, err);
    if (code != TONG_OK) return code;
    while (*count < COURIER_TELLINGS && db_next(b->db, q)) {
        if (db_int(b->db, q, 4, 1) != 0) continue; // withdrawn
        t.person = t.subject = db_int(b->db, q, 0, 0);
        out[(*count)++] = t;
    }
    return db_done(b->db, q, err);
}

tong_code courier_of_change(struct courier_batch *b, const struct intake_change *c, struct telling *out, size_t *count,
                            struct err *err)
{
    *count = 0;
    if (c->kind == CHANGE_MEASURE) return courier_of_measure(b, c->id, out, count, err);
    if (c->kind == CHANGE_TASK) return courier_of_task(b, c->id, out, count, err);
    if (c->kind == CHANGE_FACT) return courier_of_fact(b, c->id, out, count, err);
    if (c->kind == CHANGE_TOLD) return courier_of_told(b, c->id, c->subject, out, count, err);
    return TONG_OK; // people, places, enrolments, editions: what follows from them for somebody comes as one of these
}

// ---- whom it reaches ----

struct courier_reader {
    int64_t person, account;
    lang language;
    bool mail, hook; // outside the app
    bool app;
};

static tong_code courier_add(struct courier_batch *b, const struct telling *t, const struct courier_reader *r,
                             message_channel channel, struct err *err)
{
    if (b->count == COURIER_BATCH_MAX) return TONG_OK;
    struct template_values values = {.what = t->what, .until = t->until, .number = t->number, .link = b->link};
    char *subject = template_subject(t->name, r->language, b->arena);
    char *text = template_text(t->name, r->language, &values, &b->service->options.zone, b->arena);
    if (subject == NULL || text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a message");
    b->message[b->count++] = (struct message_row){
        .person = r->person, .account = r->account, .channel = channel, .name = t->name, .language = r->language,
        .made = b->now, .due = b->now, .subject = str_z(subject), .text = str_z(text), .about = t->about};
    return TONG_OK;
}

static tong_code courier_reach(struct courier_batch *b, const struct telling *t, const struct courier_reader *r, struct err *err)
{
    tong_code code = TONG_OK;
    if (r->app) code = courier_add(b, t, r, MESSAGE_APP, err);
    if (code == TONG_OK && r->mail && b->mail) code = courier_add(b, t, r, MESSAGE_MAIL, err);
    if (code == TONG_OK && r->hook && b->hook) code = courier_add(b, t, r, MESSAGE_HOOK, err);
    return code;
}

static bool courier_is_mail(struct str address)
{
    return address.n > 0 && memchr(address.p, '@', address.n) != NULL;
}

static tong_code courier_reach_account(struct courier_batch *b, const struct telling *t, const struct account *a, struct err *err)
{
    struct str contact = account_contact(a, b->service->vault, b->arena);
    struct courier_reader r = {.person = t->person == a->person ? a->person : 0, .account = a->id, .language = a->language, .app = true};
    r.mail = courier_is_mail(contact);
    r.hook = contact.n > 0 && !r.mail;
    if (a->closed.s != UTC_NONE.s) return TONG_OK;
    return courier_reach(b, t, &r, err);
}

// A person's row: how old, whose ward, and the JSON of what is said about them. Columns of person_get.
struct courier_person {
    int64_t guardian;
    civil_day born;
    struct str payload;
    bool there;
};

static tong_code courier_person_get(struct courier_batch *b, int64_t person, struct courier_person *out, struct err *err)
{
    const sql_id q = sql_person_get;
    *out = (struct courier_person){.born = {CIVIL_DAY_NONE}};
    tong_code code = db_ask(b->db, q, &DB_I(person), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(b->db, q)) {
        out->there = true;
        out->born.d = (int32_t)db_int(b->db, q, 3, CIVIL_DAY_NONE);
        out->guardian = db_int(b->db, q, 6, 0);
        out->payload = vault_unseal(b->service->vault, person, db_int(b->db, q, 8, 0), db_text(b->db, q, 9), b->arena);
    }
    return db_done(b->db, q, err);
}

static struct str courier_person_to(struct courier_batch *b, const struct courier_person *p, bool mail)
{
    struct str to = payload_text(p->payload, mail ? "mail" : "phone", b->arena);
    if (to.n == 0 && !mail) to = payload_text(p->payload, "guardian_phone", b->arena);
    return str_trim(to);
}

static bool courier_is_minor(const struct courier_batch *b, civil_day born)
{
    if (born.d == CIVIL_DAY_NONE) return false;
    struct civil_date birth = civil_to_date(born), today = civil_to_date(zone_day(&b->service->options.zone, b->now));
    int32_t years = today.year - birth.year;
    if (today.month < birth.month || (today.month == birth.month && today.day < birth.day)) years--;
    return years < COURIER_MINOR_YEARS;
}

static tong_code courier_reach_person(struct courier_batch *b, const struct telling *t, int64_t person, bool and_guardian,
                                      struct err *err)
{
    struct account a;
    struct courier_person p;
    tong_code code = courier_person_get(b, person, &p, err);
    if (code != TONG_OK || !p.there) return code;
    struct telling own = *t;
    own.person = person;
    code = account_by_person(b->db, b->service->vault, person, b->arena, &a, NULL);
    if (code == TONG_OK) {
        code = courier_reach_account(b, &own, &a, err);
    } else if (code == TONG_E_NOT_FOUND) {
        struct str mail = courier_person_to(b, &p, true), phone = courier_person_to(b, &p, false);
        struct courier_reader r = {.person = person, .language = b->service->options.language, .hook = phone.n > 0};
        r.mail = courier_is_mail(mail) && !(r.hook && b->hook); // one way is enough
        code = courier_reach(b, &own, &r, err);
    } else {
        return tong_fail(err, code, "accounts cannot be read");
    }
    if (code != TONG_OK || !and_guardian || p.guardian == 0 || !courier_is_minor(b, p.born)) return code;
    struct telling guardian = {.name = TEMPLATE_TOLD, .about = t->about, .role = -1, .until = UTC_NONE, .at = t->at};
    return courier_reach_person(b, &guardian, p.guardian, false, err);
}

// An account that has not looked at the last message of this kind yet needs no second one within a quarter of an hour.
static tong_code courier_lately(struct courier_batch *b, const struct telling *t, int64_t account, bool *lately, struct err *err)
{
    const struct db_value in[] = {DB_I(account), DB_T(str_z(template_name(t->name))), DB_I(b->now.s - COURIER_LATELY_S)};
    *lately = false;
    for (size_t i = 0; i < b->count; i++)
        *lately = *lately || (b->message[i].account == account && b->message[i].name == t->name);
    if (*lately) return TONG_OK;
    tong_code code = db_ask(b->db, sql_message_lately, in, 3, err);
    if (code != TONG_OK) return code;
    *lately = db_next(b->db, sql_message_lately);
    return db_done(b->db, sql_message_lately, err);
}

static tong_code courier_reach_role(struct courier_batch *b, const struct telling *t, struct err *err)
{
    enum { HOLDERS = 1000 };
    struct roll *roll = b->service->roll;
    struct grant_row *rows = arena_array(b->arena, HOLDERS, sizeof rows[0]);
    size_t count = 0, reached = 0;
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for grants");
    tong_code code = grant_holders(b->db, t->role, b->now, rows, HOLDERS, &count, err);
    int64_t last = 0;
    for (size_t i = 0; code == TONG_OK && i < count && reached < COURIER_READERS_MOST; i++) {
        struct account a;
        bool lately = false;
        if (rows[i].account == last) continue; // sorted by account
        roll_read_begin(roll);
        int64_t place = t->subject == 0 ? 0 : roll_place_of(roll, t->subject);
        bool there = rows[i].grant.place == 0 || (place != 0 && roll_place_within(roll, place, rows[i].grant.place));
        roll_read_end(roll);
        if (!there) continue;
        last = rows[i].account;
        code = courier_lately(b, t, last, &lately, err);
        if (code != TONG_OK || lately) continue;
        code = account_get(b->db, b->service->vault, last, b->arena, &a, err);
        if (code == TONG_OK) code = courier_reach_account(b, t, &a, err);
        reached++;
    }
    return code;
}

static tong_code courier_told(struct courier_batch *b, const struct telling *t, bool *told, struct err *err)
{
    const struct db_value in[] = {DB_I(t->about), DB_T(str_z(template_name(t->name)))};
    *told = false;
    for (size_t i = 0; i < b->count; i++)
        *told = *told || (t->about != 0 && b->message[i].about == t->about && b->message[i].name == t->name);
    if (t->about == 0 || *told) return TONG_OK;
    tong_code code = db_ask(b->db, sql_message_told, in, 2, err);
    if (code != TONG_OK) return code;
    *told = db_next(b->db, sql_message_told);
    return db_done(b->db, sql_message_told, err);
}

tong_code courier_address(struct courier_batch *b, const struct telling *t, struct err *err)
{
    bool told = false;
    struct account a;
    if (t->at.s != UTC_NONE.s && t->at.s < b->now.s - COURIER_NEWS_S) return TONG_OK; // no news
    tong_code code = courier_told(b, t, &told, err);
    if (code != TONG_OK || told) return code;
    if (t->person != 0) return courier_reach_person(b, t, t->person, true, err);
    if (t->role >= 0) return courier_reach_role(b, t, err);
    if (t->account == 0) return TONG_OK;
    code = account_get(b->db, b->service->vault, t->account, b->arena, &a, err);
    if (code == TONG_E_NOT_FOUND) return TONG_OK;
    return code == TONG_OK ? courier_reach_account(b, t, &a, err) : code;
}

tong_code courier_to(struct courier_batch *b, const struct message_row *m, struct str *out, struct err *err)
{
    struct account a;
    struct courier_person p;
    tong_code code = TONG_OK;
    *out = (struct str){NULL, 0};
    if (m->account != 0) {
        code = account_get(b->db, b->service->vault, m->account, b->arena, &a, err);
        if (code == TONG_OK && a.closed.s == UTC_NONE.s) *out = account_contact(&a, b->service->vault, b->arena);
        if (courier_is_mail(*out) != (m->channel == MESSAGE_MAIL)) *out = (struct str){NULL, 0}; // changed since
        return code == TONG_E_NOT_FOUND ? TONG_OK : code;
    }
    code = courier_person_get(b, m->person, &p, err);
    if (code == TONG_OK) *out = courier_person_to(b, &p, m->channel == MESSAGE_MAIL);
    return code;
}
