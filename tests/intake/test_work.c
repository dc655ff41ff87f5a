// Samples, sites, objections, assignments, hand-overs: what is recorded about what follows from facts.
#include "intake/desk.h"

static int64_t exposed(struct desk *d, int64_t person)
{
    return desk_fact(d, (struct fact){.kind = EVENT_EXPOSED,
                                      .subject = person,
                                      .word = EXPOSURE_HOUSEHOLD,
                                      .happened = {d->now.s - 43200},
                                      .until = {d->now.s - 40000}})
        .fact;
}

static int64_t measure_of(const struct desk *d, int64_t person)
{
    return DESK_NUMBER(d, "SELECT id FROM measure WHERE subject = %lld AND ended IS NULL ORDER BY id DESC",
                       (long long)person);
}

static void test_samples(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t laboratory = desk_place(&d, 1, 0, PLACE_KIND_LABORATORY), a = desk_person(&d, 10), b = desk_person(&d, 11);
    int64_t sample[2], person[2] = {a, b};
    for (uint32_t i = 0; i < 2; i++) { // two people in one tube
        struct command c = {.kind = COMMAND_FACT,
                            .account = 1,
                            .fact = {.kind = EVENT_SAMPLED,
                                     .subject = person[i],
                                     .word = SPECIMEN_OROPHARYNGEAL,
                                     .flags = FACT_POOLED,
                                     .happened = d.now}};
        desk_uid(700 + i, c.uid);
        desk_uid(799, c.about_uid);
        struct intake_outcome out = desk_take(&d, c);
        EQ_INT(out.code, TONG_OK, "sampled");
        sample[i] = out.fact;
    }
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM sample WHERE tube = (SELECT tube FROM sample WHERE id = %lld)",
                       (long long)sample[0]),
           2, "one tube holds both");
    EQ_INT(DESK_NUMBER(&d, "SELECT specimen FROM sample WHERE id = %lld", (long long)sample[1]), SPECIMEN_OROPHARYNGEAL,
           "what it is");
    // In the laboratory: named by its label.
    struct command c = {.kind = COMMAND_RECEIVE, .account = 3, .fact.link = laboratory};
    desk_uid(700, c.about_uid);
    EQ_INT(desk_take(&d, c).code, TONG_OK, "received");
    EQ_INT(DESK_NUMBER(&d, "SELECT laboratory FROM sample WHERE id = %lld", (long long)sample[0]), laboratory,
           "where it is");
    OK(DESK_NUMBER(&d, "SELECT received FROM sample WHERE id = %lld", (long long)sample[0]) > 0, "since when");
    desk_uid(888, c.about_uid);
    memset(c.uid, 0, UID_BYTES);
    EQ_INT(desk_take(&d, c).code, TONG_E_NOT_FOUND, "no such label");
    DESK_NOT(&d, TONG_E_INVALID, "received-before-taken",
             {.kind = COMMAND_RECEIVE, .about = sample[1], .fact.happened = {d.now.s - 864000}});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "laboratory-unknown", {.kind = COMMAND_RECEIVE, .about = sample[1], .fact.link = a});
    // Results: the first, a correction of it, taken back, given again.
    struct fact positive = {.kind = EVENT_RESULT,
                            .subject = a,
                            .word = SPECIMEN_OROPHARYNGEAL,
                            .test = TEST_PCR,
                            .outcome = OUTCOME_POSITIVE,
                            .value = 285,
                            .happened = d.now};
    int64_t result = DESK_DO(&d, {.kind = COMMAND_FACT, .account = 3, .about = sample[0], .fact = positive}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT outcome FROM sample WHERE id = %lld", (long long)sample[0]), OUTCOME_POSITIVE,
           "positive");
    EQ_INT(DESK_NUMBER(&d, "SELECT ct_x10 FROM sample WHERE id = %lld", (long long)sample[0]), 285, "its Ct");
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM sample WHERE id = %lld AND result_fact IS NOT NULL",
                       (long long)sample[1]),
           0, "the other one waits");
    struct fact corrected = positive;
    corrected.outcome = OUTCOME_NEGATIVE;
    corrected.value = 0;
    corrected.replaces = result;
    int64_t correction = DESK_DO(&d, {.kind = COMMAND_FACT, .account = 3, .about = sample[0], .fact = corrected}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT outcome FROM sample WHERE id = %lld", (long long)sample[0]), OUTCOME_NEGATIVE,
           "corrected");
    int64_t taken_back = desk_retract(&d, a, correction).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT outcome FROM sample WHERE id = %lld", (long long)sample[0]), OUTCOME_POSITIVE,
           "the correction taken back");
    (void)desk_retract(&d, a, taken_back);
    EQ_INT(DESK_NUMBER(&d, "SELECT outcome FROM sample WHERE id = %lld", (long long)sample[0]), OUTCOME_NEGATIVE,
           "and given again");
    EQ_INT(DESK_NUMBER(&d, "SELECT result_fact FROM sample WHERE id = %lld", (long long)sample[0]), correction,
           "by this fact");
    // The sample itself taken back, and back again: with what is known about it.
    int64_t gone = desk_retract(&d, a, sample[0]).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM sample WHERE id = %lld", (long long)sample[0]), 0,
           "the sample never was");
    (void)desk_retract(&d, a, gone);
    EQ_INT(DESK_NUMBER(&d, "SELECT outcome FROM sample WHERE id = %lld AND received IS NOT NULL", (long long)sample[0]),
           OUTCOME_NEGATIVE, "it was");
    desk_verify(&d, "after samples");
    desk_rebuild(&d, "after samples");
    desk_close(&d);
}

static void test_sites(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    struct place_record p = desk_place_record(&d, 1, 0, PLACE_KIND_QUARANTINE_SITE);
    int64_t site = DESK_DO(&d, {.kind = COMMAND_PLACE, .place = &p}).subject;
    p = desk_place_record(&d, 2, 1, PLACE_KIND_ROOM);
    p.capacity = 1;
    int64_t room = DESK_DO(&d, {.kind = COMMAND_PLACE, .place = &p}).subject,
            market = desk_place(&d, 3, 0, PLACE_KIND_MARKET);
    int64_t person = desk_person(&d, 10), second = desk_person(&d, 11);
    (void)exposed(&d, person);
    (void)exposed(&d, second);
    int64_t measure = measure_of(&d, person);
    OK(measure > 0, "quarantine at a site is proposed");
    DESK_NOT(&d, TONG_E_NOT_FOUND, "measure-unknown", {.kind = COMMAND_SITE, .about = 77, .fact.link = site});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "site-unknown", {.kind = COMMAND_SITE, .about = measure, .fact.link = person});
    DESK_NOT(&d, TONG_E_INVALID, "site-kind", {.kind = COMMAND_SITE, .about = measure, .fact.link = market});
    int64_t first = DESK_DO(&d, {.kind = COMMAND_SITE, .account = 1, .about = measure, .fact.link = site}).fact;
    int64_t chosen = DESK_DO(&d, {.kind = COMMAND_SITE, .account = 1, .about = measure, .fact.link = room}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT site FROM measure WHERE id = %lld", (long long)measure), room, "a room of the site");
    DESK_NOT(&d, TONG_E_CONFLICT, "site-full",
             {.kind = COMMAND_SITE, .about = measure_of(&d, second), .fact.link = room});
    (void)desk_retract(&d, person, chosen);
    EQ_INT(DESK_NUMBER(&d, "SELECT site FROM measure WHERE id = %lld", (long long)measure), site,
           "back to the choice before");
    (void)desk_retract(&d, person, first);
    EQ_INT(DESK_NUMBER(&d, "SELECT site FROM measure WHERE id = %lld", (long long)measure), INT64_MIN, "and to none");
    (void)DESK_DO(&d, {.kind = COMMAND_SITE, .account = 1, .about = measure_of(&d, second), .fact.link = room});
    p.closed = 1;
    (void)DESK_DO(&d, {.kind = COMMAND_PLACE, .place = &p});
    DESK_NOT(&d, TONG_E_CONFLICT, "site-closed", {.kind = COMMAND_SITE, .about = measure, .fact.link = room});
    // A minor: not without a named guardian, whoever chooses the place.
    struct person_record q = desk_person_record(&d, 12);
    (void)civil_parse(STR("2006-08-30"), &q.born);
    int64_t minor = DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &q}).subject;
    (void)exposed(&d, minor);
    int64_t measure_of_minor = measure_of(&d, minor);
    OK(measure_of_minor > 0, "a measure is proposed");
    DESK_NOT(&d, TONG_E_CONFLICT, "site-minor-unguarded",
             {.kind = COMMAND_SITE, .about = measure_of_minor, .fact.link = site});
    q.guardian = desk_uid_text(&d, 10);
    (void)DESK_DO(&d, {.kind = COMMAND_PERSON, .account = 1, .person = &q});
    (void)DESK_DO(&d, {.kind = COMMAND_SITE, .account = 1, .about = measure_of_minor, .fact.link = site});
    EQ_INT(DESK_NUMBER(&d, "SELECT site FROM measure WHERE id = %lld", (long long)measure_of_minor), site,
           "with a guardian");
    desk_verify(&d, "after sites");
    desk_rebuild(&d, "after sites");
    desk_close(&d);
}

static void test_objections(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t person = desk_person(&d, 10);
    (void)exposed(&d, person);
    int64_t measure = measure_of(&d, person);
    (void)DESK_DO(&d, {.kind = COMMAND_SIGN, .account = 1, .about = measure});
    (void)DESK_DO(&d, {.kind = COMMAND_SIGN, .account = 2, .about = measure});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "measure-unknown", {.kind = COMMAND_OBJECT, .about = 77});
    struct command c = {.kind = COMMAND_OBJECT, .account = 9, .about = measure, .note = STR("上周已经阳过")};
    desk_uid(600, c.uid);
    struct intake_outcome made = desk_take(&d, c), again = desk_take(&d, c);
    EQ_INT(made.code, TONG_OK, "objected");
    OK(again.repeated && again.fact == made.fact, "repeated");
    EQ_INT(DESK_NUMBER(&d, "SELECT deadline - made FROM objection WHERE id = %lld", (long long)made.fact), 24 * 3600,
           "its clock is the protocol's");
    EQ_INT(DESK_NUMBER(&d, "SELECT role FROM objection WHERE id = %lld", (long long)made.fact), ROLE_APPEALS,
           "and so is who decides");
    DESK_NOT(&d, TONG_E_CONFLICT, "objection-waiting", {.kind = COMMAND_OBJECT, .account = 9, .about = measure});
    DESK_NOT(&d, TONG_E_CONFLICT, "objection-own-order",
             {.kind = COMMAND_DECIDE, .account = 2, .about = made.fact, .upheld = true});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "objection-unknown", {.kind = COMMAND_DECIDE, .account = 4, .about = 77});
    int64_t dismissed = DESK_DO(&d, {.kind = COMMAND_DECIDE, .account = 4, .about = made.fact, .upheld = false}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT upheld FROM objection WHERE id = %lld AND decided_by = 4", (long long)made.fact), 0,
           "dismissed");
    EQ_INT(DESK_NUMBER(&d, "SELECT ended FROM measure WHERE id = %lld", (long long)measure), INT64_MIN,
           "the measure goes on");
    DESK_NOT(&d, TONG_E_CONFLICT, "objection-decided",
             {.kind = COMMAND_DECIDE, .account = 4, .about = made.fact, .upheld = true});
    (void)desk_retract(&d, person, dismissed);
    EQ_INT(DESK_NUMBER(&d, "SELECT decided FROM objection WHERE id = %lld", (long long)made.fact), INT64_MIN,
           "the decision taken back: it waits again");
    int64_t upheld = DESK_DO(&d, {.kind = COMMAND_DECIDE, .account = 4, .about = made.fact, .upheld = true}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT decided_fact FROM objection WHERE id = %lld AND upheld = 1", (long long)made.fact),
           upheld, "upheld");
    OK(DESK_NUMBER(&d, "SELECT ended FROM measure WHERE id = %lld", (long long)measure) > 0, "and the measure is over");
    DESK_NOT(&d, TONG_E_CONFLICT, "measure-over", {.kind = COMMAND_OBJECT, .account = 9, .about = measure});
    desk_verify(&d, "after objections");
    desk_rebuild(&d, "after objections");
    desk_close(&d);
}

static void test_assigning(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    OK(engine_run(e, "INSERT INTO account (id, login, name, password, must_change, totp_used, failed, language, "
                     "created, version) VALUES (5, 'a', '', '', 0, 0, 0, 1, 0, 1)") &&
           engine_run(e, "INSERT INTO account (id, login, name, password, must_change, totp_used, failed, language, "
                         "created, closed, version) VALUES (6, 'b', '', '', 0, 0, 0, 1, 0, 1, 1)"),
       "two accounts, one closed");
    int64_t person = desk_person(&d, 10);
    (void)exposed(&d, person);
    int64_t task =
        DESK_NUMBER(&d, "SELECT id FROM task WHERE subject = %lld AND closed IS NULL ORDER BY id", (long long)person);
    OK(task > 0, "there is something to do");
    DESK_NOT(&d, TONG_E_NOT_FOUND, "task-unknown",
             {.kind = COMMAND_ASSIGN, .account = 1, .about = 77, .account_about = 5});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "account-unknown",
             {.kind = COMMAND_ASSIGN, .account = 1, .about = task, .account_about = 6});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "account-unknown",
             {.kind = COMMAND_ASSIGN, .account = 1, .about = task, .account_about = 4711});
    int64_t given = DESK_DO(&d, {.kind = COMMAND_ASSIGN, .account = 1, .about = task, .account_about = 5}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT assigned FROM task WHERE id = %lld", (long long)task), 5, "given");
    int64_t taken = DESK_DO(&d, {.kind = COMMAND_ASSIGN, .account = 1, .about = task}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT assigned FROM task WHERE id = %lld", (long long)task), INT64_MIN,
           "to nobody any more");
    (void)desk_retract(&d, person, taken);
    EQ_INT(DESK_NUMBER(&d, "SELECT assigned FROM task WHERE id = %lld", (long long)task), 5, "that was a mistake");
    (void)desk_retract(&d, person, given);
    EQ_INT(DESK_NUMBER(&d, "SELECT assigned FROM task WHERE id = %lld", (long long)task), INT64_MIN,
           "and so was the other");
    (void)DESK_DO(&d, {.kind = COMMAND_DONE, .account = 5, .about = task, .fact = {.kind = EVENT_DONE}});
    DESK_NOT(&d, TONG_E_CONFLICT, "task-closed",
             {.kind = COMMAND_ASSIGN, .account = 1, .about = task, .account_about = 5});
    desk_verify(&d, "after assignments");
    desk_rebuild(&d, "after assignments");
    desk_close(&d);
}

static void test_hand_over(const struct engine *e)
{
    struct desk d;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t person = desk_person(&d, 10);
    (void)exposed(&d, person);
    DESK_NOT(&d, TONG_E_NOT_FOUND, "subject-unknown",
             {.kind = COMMAND_HAND_OVER, .fact = {.kind = EVENT_HANDED_OVER, .subject = 4711}});
    DESK_NOT(&d, TONG_E_INVALID, "hand-over-step",
             {.kind = COMMAND_HAND_OVER, .fact = {.kind = EVENT_DIED, .subject = person}});
    int64_t sent = DESK_DO(&d, {.kind = COMMAND_HAND_OVER,
                                .account = 1,
                                .fact = {.kind = EVENT_HANDED_OVER, .subject = person},
                                .note = STR("转南山区")})
                       .fact;
    DESK_NOT(&d, TONG_E_CONFLICT, "hand-over-waiting",
             {.kind = COMMAND_HAND_OVER, .fact = {.kind = EVENT_HANDED_OVER, .subject = person}});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "hand-over-unknown",
             {.kind = COMMAND_HAND_OVER, .about = 77, .fact = {.kind = ENTRY_ACKNOWLEDGED}});
    (void)DESK_DO(&d, {.kind = COMMAND_HAND_OVER, .account = 1, .about = sent, .fact = {.kind = ENTRY_ACKNOWLEDGED}});
    OK(DESK_NUMBER(&d, "SELECT acknowledged FROM hand_over WHERE id = %lld AND accepted IS NULL", (long long)sent) > 0,
       "acknowledged");
    DESK_NOT(&d, TONG_E_CONFLICT, "hand-over-done",
             {.kind = COMMAND_HAND_OVER, .about = sent, .fact = {.kind = ENTRY_ACKNOWLEDGED}});
    EQ_INT(DESK_NUMBER(&d, "SELECT final FROM enrolment WHERE subject = %lld", (long long)person), 0,
           "followed here until it is accepted");
    int64_t accepted =
        DESK_DO(&d, {.kind = COMMAND_HAND_OVER, .account = 1, .about = sent, .fact = {.kind = EVENT_ACCEPTED}}).fact;
    EQ_INT(DESK_NUMBER(&d, "SELECT final FROM enrolment WHERE subject = %lld", (long long)person), FINAL_HANDED_OVER,
           "and no longer");
    DESK_NOT(&d, TONG_E_CONFLICT, "hand-over-done",
             {.kind = COMMAND_HAND_OVER, .about = sent, .fact = {.kind = EVENT_ACCEPTED}});
    (void)desk_retract(&d, person, accepted);
    EQ_INT(DESK_NUMBER(&d, "SELECT accepted FROM hand_over WHERE id = %lld", (long long)sent), INT64_MIN,
           "it was not accepted after all");
    (void)desk_retract(&d, person, sent);
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM hand_over WHERE subject = %lld", (long long)person), 0, "nor sent");
    (void)desk_fact(&d, (struct fact){.kind = EVENT_DIED, .subject = person, .happened = d.now});
    OK((DESK_NUMBER(&d, "SELECT flags FROM person WHERE id = %lld", (long long)person) & PERSON_DIED) != 0, "died");
    desk_verify(&d, "after a hand-over");
    desk_rebuild(&d, "after a hand-over");
    desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "samples", test_samples);
    engine_each(&engines, "sites", test_sites);
    engine_each(&engines, "objections", test_objections);
    engine_each(&engines, "assigning", test_assigning);
    engine_each(&engines, "hand-over", test_hand_over);
    engines_close(&engines);
    return tap_done();
}
