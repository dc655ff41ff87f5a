// Command by command: what is refused leaves nothing, what is repeated is answered alike, a preview changes nothing, an order needs
// two, an edition comes and goes; and after all of it the chain holds and a rebuild finds the same.
#include "intake/erase.h"
#include "intake/intake_inner.h"
#include "intake/rebuild.h"
#include "store/chain.h"
#include "story.h"
#include "tap.h"

#include <sqlite3.h>
#include <unistd.h>

struct bed {
    char folder[40], where[80], scratch[80];
    struct story story; // for its protocols
    struct intake *in;
    struct arena arena;
    struct problem_list problems;
    utc_sec at;
    uint32_t uids;
    struct intake_outcome out;
    int64_t heard; // decisions a preview told
};

static void uid_make_up(unsigned char uid[UID_BYTES], uint8_t what, uint32_t number)
{
    memset(uid, 0, UID_BYTES);
    uid[0] = 1;
    uid[6] = 0x70;
    uid[8] = 0x80;
    uid[9] = what;
    for (int32_t i = 0; i < 4; i++) uid[15 - i] = (unsigned char)(number >> (8 * i));
}

static void bed_open(struct bed *b)
{
    struct err err = {0};
    const struct intake_options options = {.where = b->where};
    if (intake_open(&options, &b->in, &err) != TONG_OK) printf("Bail out! %s\n", err.text), exit(1);
}

// One number for everything the database holds about the response.
static uint64_t bed_digest(const struct bed *b)
{
    static const char *const tables[] = {"fact",      "chain", "person",  "place", "gathering", "edition",
                                         "enrolment", "task",  "measure", "link",  "sample",    "objection"};
    sqlite3 *db = NULL;
    uint64_t sum = 14695981039346656037u;
    (void)sqlite3_open_v2(b->where, &db, SQLITE_OPEN_READONLY, NULL);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[100];
        sqlite3_stmt *q;
        (void)snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", tables[i]);
        if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK) continue;
        while (sqlite3_step(q) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(q); c++) {
                const unsigned char *p = sqlite3_column_blob(q, c);
                for (int k = 0; k < sqlite3_column_bytes(q, c); k++) sum = (sum ^ p[k]) * 1099511628211u;
                sum = (sum ^ (uint64_t)(c + 1)) * 1099511628211u;
            }
        (void)sqlite3_finalize(q);
    }
    (void)sqlite3_close(db);
    return sum;
}

static int64_t bed_ask(const struct bed *b, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    int64_t n = -1;
    (void)sqlite3_open_v2(b->where, &db, SQLITE_OPEN_READONLY, NULL);
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
        n = sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
    (void)sqlite3_close(db);
    return n;
}

static tong_code bed_take(struct bed *b, struct command c)
{
    struct err err = {0};
    if (c.at.s == 0) c.at = b->at;
    b->problems = (struct problem_list){.arena = &b->arena};
    b->out = (struct intake_outcome){.problems = &b->problems};
    tong_code code = intake_take(b->in, &c, 1, &b->out, &err);
    if (code != TONG_OK) printf("# %s\n", err.text);
    return code == TONG_OK ? b->out.code : code;
}

static bool bed_problem(const struct bed *b, const char *slug)
{
    for (size_t i = 0; i < b->problems.count; i++)
        if (strcmp(b->problems.items[i].message->slug, slug) == 0) return true;
    problem_print_all(&b->problems, LANG_EN, stdout);
    return false;
}

// Refused for this reason, and nothing is left of it.
static void refused(struct bed *b, struct command c, tong_code code, const char *slug)
{
    uint64_t before = bed_digest(b);
    EQ_INT(bed_take(b, c), code, "refused: %s", slug);
    OK(bed_problem(b, slug), "and it says why: %s", slug);
    OK(bed_digest(b) == before, "nothing of it is left: %s", slug);
}

static struct command fact_of(struct bed *b, uint32_t person, uint8_t kind)
{
    struct command c = {.kind = COMMAND_FACT, .account = 5, .at = b->at};
    c.fact = (struct fact){.kind = kind, .happened = {b->at.s - 3600}, .until = UTC_NONE};
    uid_make_up(c.subject_uid, 1, person);
    uid_make_up(c.uid, 3, ++b->uids);
    return c;
}

static struct command positive(struct bed *b, uint32_t person)
{
    struct command c = fact_of(b, person, EVENT_RESULT);
    c.fact.word = SPECIMEN_OROPHARYNGEAL;
    c.fact.test = TEST_PCR;
    c.fact.outcome = OUTCOME_POSITIVE;
    return c;
}

static int64_t person_new(struct bed *b, uint32_t number)
{
    struct person_record p = person_record_none();
    char uid[UID_TEXT], name[40];
    unsigned char raw[UID_BYTES];
    uid_make_up(raw, 1, number);
    uid_format(raw, uid);
    (void)snprintf(name, sizeof name, "Somebody %u", number);
    p.uid = str_z(uid);
    p.name = str_z(name);
    struct command c = {.kind = COMMAND_PERSON, .account = 5, .person = &p};
    uid_make_up(c.uid, 2, number);
    EQ_INT(bed_take(b, c), TONG_OK, "person %u is registered", number);
    return b->out.subject;
}

static struct command edition_command(struct bed *b, command_kind kind, int64_t edition, int64_t account)
{
    struct command c = {.kind = kind, .account = account, .about = edition, .at = b->at};
    uid_make_up(c.uid, 4, ++b->uids);
    return c;
}

// ---- the cases ----

static void editions_are_signed_by_two(struct bed *b)
{
    (void)person_new(b, 1);
    refused(b, positive(b, 1), TONG_E_CONFLICT, "no-edition");
    struct command c = edition_command(b, COMMAND_EDITION_PROPOSE, 0, 1);
    refused(b, c, TONG_E_INVALID, "edition-empty");
    c.text = STR("protocol: [");
    refused(b, c, TONG_E_INVALID, "edition-faulty");
    c.text = b->story.text[0];
    EQ_INT(bed_take(b, c), TONG_OK, "an edition is proposed");
    EQ_INT(b->out.made, 0, "the first");
    EQ_INT(bed_take(b, c), TONG_OK, "the same once more");
    OK(b->out.repeated && b->out.made == 0, "is the same edition");
    EQ_INT(intake_book(b->in)->count, 1, "there is one");
    refused(b, edition_command(b, COMMAND_EDITION_SIGN, 7, 1), TONG_E_NOT_FOUND, "edition-unknown");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 0, 1)), TONG_OK, "the first signs");
    refused(b, edition_command(b, COMMAND_EDITION_SIGN, 0, 1), TONG_E_CONFLICT, "signer-same");
    EQ_INT(intake_edition(b->in), -1, "one signature puts nothing in force");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 0, 2)), TONG_OK, "the second signs");
    EQ_INT(intake_edition(b->in), 0, "two do");
    refused(b, edition_command(b, COMMAND_EDITION_SIGN, 0, 3), TONG_E_CONFLICT, "edition-signed");
    refused(b, edition_command(b, COMMAND_EDITION_TAKE_BACK, 0, 3), TONG_E_CONFLICT, "edition-first");
}

static void faults_leave_nothing(struct bed *b)
{
    struct command c = positive(b, 99);
    refused(b, c, TONG_E_NOT_FOUND, "subject-unknown");
    c = positive(b, 1);
    c.fact.happened.s = b->at.s + 7200;
    refused(b, c, TONG_E_INVALID, "fact-future");
    c.fact.happened.s = b->at.s - (int64_t)200 * 366 * 86400;
    refused(b, c, TONG_E_INVALID, "fact-past");
    c = positive(b, 1);
    c.fact.word = 250;
    refused(b, c, TONG_E_INVALID, "fact-word");
    c = fact_of(b, 1, EVENT_ORDERED);
    refused(b, c, TONG_E_INVALID, "fact-kind");
    c = fact_of(b, 1, EVENT_CONTACT_NAMED);
    refused(b, c, TONG_E_INVALID, "link-missing");
    uid_make_up(c.link_uid, 1, 1);
    refused(b, c, TONG_E_INVALID, "link-self");
    uid_make_up(c.link_uid, 1, 77);
    refused(b, c, TONG_E_NOT_FOUND, "link-unknown");
    c = fact_of(b, 1, EVENT_RETRACTED);
    refused(b, c, TONG_E_INVALID, "replaces-nothing");
    c.fact.replaces = 123456;
    refused(b, c, TONG_E_NOT_FOUND, "replaced-unknown");
    c = (struct command){.kind = COMMAND_DONE, .about = 4711, .fact.kind = EVENT_DONE};
    refused(b, c, TONG_E_NOT_FOUND, "task-unknown");
    c = (struct command){.kind = COMMAND_SIGN, .about = 4711, .account = 1};
    refused(b, c, TONG_E_NOT_FOUND, "measure-unknown");
}

static void hear(void *payload, int64_t subject, int64_t enrolment, const struct decision *d)
{
    struct bed *b = payload;
    (void)enrolment;
    (void)d;
    if (subject != 0) b->heard++;
}

static void previews_change_nothing(struct bed *b)
{
    struct err err = {0};
    struct command c = positive(b, 1);
    uint64_t before = bed_digest(b);
    b->problems = (struct problem_list){.arena = &b->arena};
    b->out = (struct intake_outcome){.problems = &b->problems};
    EQ_INT(intake_preview(b->in, &c, 1, &b->out, hear, b, &err), TONG_OK, "a preview");
    EQ_INT(b->out.code, TONG_OK, "it would be taken");
    OK(b->heard > 3, "and %lld decisions would follow", (long long)b->heard);
    OK(bed_digest(b) == before, "nothing has changed");
    struct person_record p = person_record_none();
    p.uid = STR("01000000-0000-7000-8000-00000000beef");
    p.name = STR("Nobody yet");
    const struct command who = {.kind = COMMAND_PERSON, .account = 5, .person = &p, .at = b->at};
    EQ_INT(intake_preview(b->in, &who, 1, &b->out, hear, b, &err), TONG_OK, "a preview of somebody new");
    OK(bed_digest(b) == before && vault_last(intake_vault(b->in)) == 1, "makes no key");
    int64_t rows = bed_ask(b, "SELECT count(*) FROM fact");
    EQ_INT(bed_take(b, c), TONG_OK, "then it is recorded");
    OK(bed_ask(b, "SELECT count(*) FROM fact") > rows &&
           bed_ask(b, "SELECT count(*) FROM measure WHERE subject = 1") == 1,
       "a fact, and a measure is proposed");
    EQ_INT(bed_ask(b, "SELECT count(*) FROM enrolment WHERE subject = 1"), 1, "on one enrolment");
}

static void repeating_is_safe(struct bed *b)
{
    struct command c = fact_of(b, 1, EVENT_SYMPTOM);
    c.note = STR("since the evening");
    EQ_INT(bed_take(b, c), TONG_OK, "a symptom");
    int64_t fact = b->out.fact;
    uint64_t before = bed_digest(b);
    b->at.s += 40;
    c.at = b->at;
    EQ_INT(bed_take(b, c), TONG_OK, "sent once more, later");
    OK(b->out.repeated && b->out.fact == fact && b->out.subject == 1, "is answered as the first time");
    OK(bed_digest(b) == before, "and nothing is doubled");
    c.note = STR("since the morning");
    refused(b, c, TONG_E_CONFLICT, "uid-taken");
    c.note = STR("since the evening");
    c.fact.happened.s -= 60;
    refused(b, c, TONG_E_CONFLICT, "uid-taken");
    intake_close(b->in);
    bed_open(b);
    c.fact.happened.s += 60;
    EQ_INT(bed_take(b, c), TONG_OK, "after a restart");
    OK(b->out.repeated && b->out.fact == fact, "it is still known");
    struct command both[2] = {fact_of(b, 1, EVENT_SEEN_WELL), {0}};
    both[1] = both[0];
    struct intake_outcome out[2] = {{0}, {0}};
    struct err err = {0};
    OK(intake_take(b->in, both, 2, out, &err) == TONG_OK && out[1].repeated && out[0].fact == out[1].fact,
       "twice in one group");
}

static void corrections_are_made_once(struct bed *b)
{
    struct command first = fact_of(b, 1, EVENT_WELL), c = fact_of(b, 1, EVENT_WELL);
    EQ_INT(bed_take(b, first), TONG_OK, "well again");
    int64_t fact = b->out.fact;
    c.fact.replaces = fact;
    c.fact.happened.s -= 600;
    EQ_INT(bed_take(b, c), TONG_OK, "corrected");
    int64_t newer = b->out.fact;
    c = fact_of(b, 1, EVENT_RETRACTED);
    c.fact.replaces = fact;
    refused(b, c, TONG_E_CONFLICT, "replaced-already");
    c.fact.replaces = newer;
    EQ_INT(bed_take(b, c), TONG_OK, "the correction is retracted");
    int64_t retraction = b->out.fact;
    c = fact_of(b, 1, EVENT_RETRACTED);
    c.fact.replaces = fact;
    EQ_INT(bed_take(b, c), TONG_OK, "so that the first stands again and may be retracted itself");
    c = fact_of(b, 1, EVENT_RETRACTED);
    c.fact.replaces = retraction;
    EQ_INT(bed_take(b, c), TONG_OK, "a retraction may be taken back");
    (void)person_new(b, 2);
    c = fact_of(b, 2, EVENT_RETRACTED);
    c.fact.replaces = fact;
    refused(b, c, TONG_E_INVALID, "replaced-other");
    c = fact_of(b, 2, EVENT_RETRACTED);
    c.fact.replaces = bed_ask(b, "SELECT id FROM fact WHERE kind = 160 AND subject = 2");
    c.fact.subject = 2;
    OK(c.fact.replaces > 0, "a description is a row of the chain");
}

static struct command sign(struct bed *b, int64_t measure, int64_t account)
{
    struct command c = {.kind = COMMAND_SIGN, .about = measure, .account = account, .at = b->at};
    uid_make_up(c.uid, 3, ++b->uids);
    return c;
}

// A contact's quarantine: two persons in this edition.
static void orders_need_two(struct bed *b)
{
    int64_t contact = person_new(b, 3);
    struct command c = fact_of(b, 1, EVENT_CONTACT_NAMED);
    c.fact.word = EXPOSURE_HOUSEHOLD;
    uid_make_up(c.link_uid, 1, 3);
    fact_set_contact(&c.fact, b->at, (utc_sec){b->at.s - 86400}, (utc_sec){b->at.s - 80000}, false);
    EQ_INT(bed_take(b, c), TONG_OK, "a contact is named");
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT id FROM measure WHERE subject = %lld AND ended IS NULL",
                   (long long)contact);
    int64_t measure = bed_ask(b, sql);
    OK(measure > 0, "a measure is proposed for the contact");
    EQ_INT(bed_ask(b, "SELECT count(*) FROM fact WHERE subject = 3 AND given_by = 1"), 1,
           "the fact says whose enrolment gave it");
    EQ_INT(bed_ask(b, "SELECT source FROM enrolment WHERE subject = 3"), 1, "and the enrolment who caused it");
    const struct protocol *p = intake_protocol(b->in, 0);
    (void)snprintf(sql, sizeof sql, "SELECT measure FROM measure WHERE id = %lld", (long long)measure);
    int64_t persons = p->measures[bed_ask(b, sql)].persons;
    refused(b, sign(b, measure, 0), TONG_E_INVALID, "signer-missing");
    struct command first = sign(b, measure, 11);
    EQ_INT(bed_take(b, first), TONG_OK, "the first signs");
    if (persons >= 2) {
        EQ_INT(bed_ask(b, "SELECT count(*) FROM measure WHERE ordered IS NOT NULL AND subject = 3"), 0,
               "which orders nothing yet");
        EQ_INT(bed_take(b, first), TONG_OK, "sent again");
        OK(b->out.repeated, "it is the same signature");
        refused(b, sign(b, measure, 11), TONG_E_CONFLICT, "signer-same");
        EQ_INT(bed_take(b, sign(b, measure, 12)), TONG_OK, "another signs");
        EQ_INT(bed_ask(b, "SELECT first_signer * 100 + second_signer FROM measure WHERE subject = 3"), 1112,
               "both are named");
        EQ_INT(bed_ask(b, "SELECT signer * 100 + second FROM fact WHERE subject = 3 AND kind = 12"), 1112,
               "in the order too");
        OK(bed_take(b, first) == TONG_OK && b->out.repeated, "the first signature is still answered alike");
    }
    OK(bed_ask(
           b, "SELECT count(*) FROM measure WHERE ordered IS NOT NULL AND order_fact IS NOT NULL AND subject = 3") == 1,
       "it is ordered");
    refused(b, sign(b, measure, 13), TONG_E_CONFLICT, "order-not-waiting");
    (void)person_new(b, 4);
    EQ_INT(bed_take(b, positive(b, 4)), TONG_OK, "another case");
    measure = bed_ask(b, "SELECT id FROM measure WHERE subject = 4 AND ended IS NULL");
    struct command no = {.kind = COMMAND_DECLINE, .about = measure, .account = 11};
    EQ_INT(bed_take(b, no), TONG_OK, "declined");
    EQ_INT(bed_ask(b, "SELECT how FROM measure WHERE subject = 4 ORDER BY id LIMIT 1"), HOW_DECLINED, "and so it ends");
    refused(b, no, TONG_E_CONFLICT, "order-not-waiting");
}

static void tasks_are_answered(struct bed *b)
{
    const struct protocol *p = intake_protocol(b->in, 0);
    int64_t task = 0;
    for (uint8_t t = 0; t < p->task_count && task <= 0; t++) {
        char sql[200];
        (void)snprintf(sql, sizeof sql, "SELECT id FROM task WHERE subject = 4 AND closed IS NULL AND task = %d", t);
        if (!p->tasks[t].daily && p->tasks[t].verb != VERB_ASK) task = bed_ask(b, sql);
    }
    struct command c = {
        .kind = COMMAND_DONE, .about = task, .account = 9, .fact.kind = EVENT_DONE, .note = STR("all asked")};
    uid_make_up(c.uid, 3, ++b->uids);
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM task WHERE id = %lld AND closed IS NOT NULL AND how = 1 AND closed_by > 0",
                   (long long)task);
    EQ_INT(bed_take(b, c), TONG_OK, "a task is done");
    EQ_INT(bed_ask(b, sql), 1, "and closed by that fact");
    OK(bed_take(b, c) == TONG_OK && b->out.repeated && b->out.made == task, "sent again it is the same");
    uid_make_up(c.uid, 3, ++b->uids);
    refused(b, c, TONG_E_CONFLICT, "task-closed");
    // What no rule matches is asked of a person, and closed when judged.
    (void)person_new(b, 5);
    EQ_INT(bed_take(b, fact_of(b, 5, EVENT_SIGNAL)), TONG_OK, "a signal that no rule matches");
    task = bed_ask(b, "SELECT id FROM task WHERE subject = 5 AND enrolment IS NULL AND closed IS NULL");
    OK(task > 0, "somebody is asked");
    intake_close(b->in);
    bed_open(b);
    c = (struct command){.kind = COMMAND_DONE, .about = task, .account = 9, .fact.kind = EVENT_DONE};
    EQ_INT(bed_take(b, c), TONG_OK, "and answers");
    EQ_INT(bed_ask(b, "SELECT count(*) FROM task WHERE subject = 5 AND closed IS NULL"), 0, "then nothing is open");
}

static void time_passes(struct bed *b)
{
    struct err err = {0};
    int64_t overdue = bed_ask(b, "SELECT count(*) FROM task WHERE marks <> 0");
    b->at.s += 3 * 86400;
    EQ_INT(intake_advance(b->in, b->at, &err), TONG_OK, "three days pass");
    OK(bed_ask(b, "SELECT count(*) FROM task WHERE marks <> 0") > overdue, "what was not done is overdue");
    EQ_INT(intake_now(b->in).s, b->at.s, "it is then");
    uint64_t before = bed_digest(b);
    EQ_INT(intake_advance(b->in, b->at, &err), TONG_OK, "no time passes");
    OK(bed_digest(b) == before, "nothing changes");
}

// What was known before the response began is taken as it was: a quarantine half served ends when it would have.
static void a_response_begins_in_the_middle(struct bed *b)
{
    (void)person_new(b, 6);
    struct command c = fact_of(b, 6, EVENT_EXPOSED);
    c.fact.word = EXPOSURE_HOUSEHOLD;
    c.fact.happened.s = b->at.s - 4 * 86400;
    c.fact.until.s = b->at.s - 4 * 86400 + 600;
    c.fact.known.s = b->at.s - 4 * 86400 + 3600;
    EQ_INT(bed_take(b, c), TONG_OK, "an exposure known four days ago");
    OK(bed_ask(b, "SELECT known < recorded FROM fact WHERE subject = 6 AND kind = 0") == 1,
       "is recorded as known then");
    OK(bed_ask(b, "SELECT opened FROM enrolment WHERE subject = 6") == c.fact.known.s, "the enrolment began then");
}

static void editions_come_and_go(struct bed *b)
{
    struct command c = edition_command(b, COMMAND_EDITION_PROPOSE, 0, 1);
    c.text = b->story.text[1];
    EQ_INT(bed_take(b, c), TONG_OK, "the next edition, which extends the first");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 1, 1)), TONG_OK, "signed");
    int64_t told = bed_ask(
        b, "SELECT count(*) FROM fact WHERE kind = (SELECT number FROM word WHERE list = 0 AND name = 'edition')");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 1, 2)), TONG_OK, "by two");
    EQ_INT(intake_edition(b->in), 1, "it is in force at once");
    int64_t open = bed_ask(b, "SELECT count(DISTINCT subject) FROM enrolment WHERE final = 0 AND stage <> 255");
    int64_t now = bed_ask(
        b, "SELECT count(*) FROM fact WHERE kind = (SELECT number FROM word WHERE list = 0 AND name = 'edition')");
    OK(now > told && now - told >= open, "everybody with an open enrolment was told: %lld", (long long)(now - told));
    EQ_INT(bed_ask(b, "SELECT state FROM edition WHERE id = 0"), EDITION_OVER, "the first is over");
    (void)person_new(b, 7);
    EQ_INT(bed_take(b, positive(b, 7)), TONG_OK, "a case under the new one");
    EQ_INT(bed_ask(b, "SELECT first_edition FROM enrolment WHERE subject = 7"), 1, "begins under it");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_TAKE_BACK, 1, 3)), TONG_OK, "it is taken back");
    EQ_INT(intake_edition(b->in), 0, "the first holds again");
    EQ_INT(bed_ask(b, "SELECT state * 10 + (SELECT state FROM edition WHERE id = 1) FROM edition WHERE id = 0"),
           EDITION_IN_FORCE * 10 + EDITION_TAKEN_BACK, "and the table says so");
    refused(b, edition_command(b, COMMAND_EDITION_TAKE_BACK, 1, 3), TONG_E_CONFLICT, "edition-over");
    intake_close(b->in);
    bed_open(b);
    EQ_INT(intake_edition(b->in), 0, "after a restart too");
    // One that begins later.
    b->at.s += 60;
    c = edition_command(b, COMMAND_EDITION_PROPOSE, 0, 1);
    c.text = b->story.text[2];
    c.until.s = b->at.s + 86400;
    EQ_INT(bed_take(b, c), TONG_OK, "one for tomorrow");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 2, 1)), TONG_OK, "signed");
    EQ_INT(bed_take(b, edition_command(b, COMMAND_EDITION_SIGN, 2, 2)), TONG_OK, "by two");
    EQ_INT(intake_edition(b->in), 0, "does not hold today");
    struct err err = {0};
    b->at.s += 2 * 86400;
    EQ_INT(intake_advance(b->in, b->at, &err), TONG_OK, "two days later");
    EQ_INT(intake_edition(b->in), 2, "it does");
}

static void all_of_it_is_rebuilt(struct bed *b, const char *when)
{
    struct rebuild_report r;
    struct chain_report chain;
    struct err err = {0};
    OK(chain_verify(intake_db(b->in), intake_vault(b->in), &chain, &err) == TONG_OK && chain.bad == 0,
       "%s the chain holds", when);
    intake_close(b->in);
    b->in = NULL;
    const struct rebuild_options o = {.where = b->where, .scratch = b->scratch};
    tong_code code = rebuild_check(&o, &r, &err);
    if (!EQ_INT(code, TONG_OK, "%s it is rebuilt", when)) printf("# %s\n", err.text);
    EQ_INT(r.differences, 0, "%s %lld rows are equal, %lld of %lld facts given again", when, (long long)r.rows,
           (long long)r.given, (long long)r.facts);
    for (int64_t i = 0; i < r.differences && i < 10; i++)
        printf("# %s\n", rebuild_text(&r.shown[i], LANG_EN, &b->arena));
    bed_open(b);
}

static void erasing(struct bed *b)
{
    struct erase_report r = {0};
    struct err err = {0};
    int64_t tasks = bed_ask(b, "SELECT count(*) FROM task WHERE subject = 1");
    OK(tasks > 0, "the case has tasks");
    b->at.s += 60;
    tong_code code = erase_person(b->in, 1, 3, b->at, &b->arena, &r, &err);
    if (!EQ_INT(code, TONG_OK, "the case, who named somebody, is erased")) printf("# %s\n", err.text);
    EQ_INT(bed_ask(b, "SELECT count(*) FROM task WHERE subject = 1"), 0, "nothing is left of the tasks");
    refused(b, positive(b, 1), TONG_E_NOT_FOUND, "subject-unknown");
    EQ_INT(bed_take(b, fact_of(b, 3, EVENT_SEEN_WELL)), TONG_OK, "the contact is still followed");
    b->at.s += 86400;
    EQ_INT(intake_advance(b->in, b->at, &err), TONG_OK, "and time passes");
}

int main(void)
{
    static struct bed b = {.folder = "test_commands.XXXXXX"};
    static const char *const ends[] = {"", "-wal", "-shm", ".vault", ".writer", "-journal"};
    if (mkdtemp(b.folder) == NULL) return 1;
    (void)snprintf(b.where, sizeof b.where, "%s/d.db", b.folder);
    (void)snprintf(b.scratch, sizeof b.scratch, "%s/scratch.db", b.folder);
    story_make(&b.story, 2, 2, 1);
    b.at.s = 1656633600 + 9 * 3600;
    bed_open(&b);
    editions_are_signed_by_two(&b);
    faults_leave_nothing(&b);
    previews_change_nothing(&b);
    repeating_is_safe(&b);
    corrections_are_made_once(&b);
    orders_need_two(&b);
    tasks_are_answered(&b);
    all_of_it_is_rebuilt(&b, "before any change of edition");
    time_passes(&b);
    a_response_begins_in_the_middle(&b);
    editions_come_and_go(&b);
    all_of_it_is_rebuilt(&b, "after all of that");
    erasing(&b);
    all_of_it_is_rebuilt(&b, "after an erasure");
    intake_close(b.in);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[120];
        (void)snprintf(path, sizeof path, "%s%s", b.where, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(b.folder);
    story_close(&b.story);
    arena_free(&b.arena);
    return tap_done();
}
