#include "intake/desk.h"

// What an enrolment amounts to, as a text: compared before a merge and after parting again.
static void standing(const struct desk *d, int64_t person, char out[400])
{
    int64_t enrolments = DESK_NUMBER(
        d, "SELECT count(*) FROM enrolment WHERE subject = %lld AND final = 0 AND stage < 255", (long long)person);
    int64_t stage = DESK_NUMBER(
        d, "SELECT sum(pathway * 1000 + stage) FROM enrolment WHERE subject = %lld AND final = 0 AND stage < 255",
        (long long)person);
    int64_t tasks =
        DESK_NUMBER(d, "SELECT count(*) FROM task WHERE subject = %lld AND closed IS NULL", (long long)person);
    int64_t kinds =
        DESK_NUMBER(d, "SELECT sum(task * task) FROM task WHERE subject = %lld AND closed IS NULL", (long long)person);
    int64_t measures = DESK_NUMBER(d, "SELECT sum(measure + 1) FROM measure WHERE subject = %lld AND ended IS NULL",
                                   (long long)person);
    int64_t samples = DESK_NUMBER(d, "SELECT count(*) FROM sample WHERE subject = %lld", (long long)person);
    int64_t results = DESK_NUMBER(
        d, "SELECT count(*) FROM sample WHERE subject = %lld AND outcome IS NOT NULL AND received IS NOT NULL",
        (long long)person);
    (void)snprintf(out, 400, "enrolled %lld stage %lld tasks %lld (%lld) measures %lld samples %lld results %lld",
                   (long long)enrolments, (long long)stage, (long long)tasks, (long long)kinds, (long long)measures,
                   (long long)samples, (long long)results);
}

static int64_t sampled(struct desk *d, int64_t person, uint32_t n)
{
    struct command c = {
        .kind = COMMAND_FACT,
        .account = 1,
        .fact = {.kind = EVENT_SAMPLED, .subject = person, .word = SPECIMEN_OROPHARYNGEAL, .happened = d->now}};
    desk_uid(n, c.uid);
    int64_t sample = desk_take(d, c).fact;
    (void)DESK_DO(d, {.kind = COMMAND_RECEIVE, .account = 1, .about = sample});
    (void)DESK_DO(d, {.kind = COMMAND_FACT,
                      .account = 1,
                      .about = sample,
                      .note = STR("弱阳性复核"),
                      .fact = {.kind = EVENT_RESULT,
                               .subject = person,
                               .word = SPECIMEN_OROPHARYNGEAL,
                               .test = TEST_PCR,
                               .outcome = OUTCOME_NEGATIVE,
                               .happened = d->now}});
    return sample;
}

static void test_merge(const struct engine *e)
{
    struct desk d;
    char one_before[400], kept_before[400], one[400], kept[400];
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t a = desk_person(&d, 10), b = desk_person(&d, 11), c = desk_person(&d, 12);
    (void)desk_fact(&d, (struct fact){.kind = EVENT_EXPOSED,
                                      .subject = a,
                                      .word = EXPOSURE_HOUSEHOLD,
                                      .happened = {d.now.s - 43200},
                                      .until = {d.now.s - 40000}});
    int64_t wrong = desk_fact(&d, (struct fact){.kind = EVENT_ATTRIBUTE,
                                                .subject = a,
                                                .word = ATTRIBUTE_PREGNANT,
                                                .flags = FACT_YES,
                                                .happened = d.now})
                        .fact;
    (void)desk_retract(&d, a, wrong); // stays retracted, whatever comes
    int64_t sample = sampled(&d, a, 700);
    standing(&d, a, one_before);
    standing(&d, b, kept_before);
    OK(strstr(one_before, "enrolled 1") != NULL && strstr(kept_before, "enrolled 0") != NULL, "%s", one_before);
    DESK_NOT(&d, TONG_E_INVALID, "merge-same", {.kind = COMMAND_MERGE, .fact = {.subject = a, .link = a}});
    DESK_NOT(&d, TONG_E_NOT_FOUND, "subject-unknown", {.kind = COMMAND_MERGE, .fact = {.subject = a, .link = 4711}});
    struct command m = {
        .kind = COMMAND_MERGE, .account = 3, .fact = {.subject = a, .link = b}, .note = STR("同一身份证")};
    desk_uid(600, m.uid);
    struct intake_outcome merged = desk_take(&d, m), again = desk_take(&d, m);
    EQ_INT(merged.code, TONG_OK, "merged");
    OK(again.repeated && again.fact == merged.fact, "repeated: not twice");
    EQ_INT(
        DESK_NUMBER(&d, "SELECT merged_into FROM person WHERE id = %lld AND flags = %d", (long long)a, PERSON_MERGED),
        b, "the one points to the other");
    standing(&d, a, one);
    standing(&d, b, kept);
    EQ_TEXT(kept, one_before, "the other now is what the one was");
    OK(strstr(one, "enrolled 0") != NULL && strstr(one, "samples 0") != NULL, "and the one is nothing: %s", one);
    EQ_INT(DESK_NUMBER(&d, "SELECT count(*) FROM fact WHERE subject = %lld AND kind = %d AND word = %d", (long long)b,
                       EVENT_ATTRIBUTE, ATTRIBUTE_PREGNANT),
           0, "what was retracted is not copied");
    DESK_NOT(&d, TONG_E_CONFLICT, "merge-already", {.kind = COMMAND_MERGE, .fact = {.subject = a, .link = c}});
    DESK_NOT(&d, TONG_E_CONFLICT, "merge-target", {.kind = COMMAND_MERGE, .fact = {.subject = c, .link = a}});
    // Something is recorded about the one that was kept; then it turns out that they are two.
    (void)sampled(&d, b, 701);
    int64_t parted = desk_retract(&d, a, merged.fact).fact;
    standing(&d, a, one);
    standing(&d, b, kept);
    EQ_TEXT(one, one_before, "parted: the one is what it was");
    OK(strstr(kept, "enrolled 0") != NULL && strstr(kept, "samples 1 results 1") != NULL,
       "the other keeps what is its own: %s", kept);
    EQ_INT(DESK_NUMBER(&d, "SELECT flags FROM person WHERE id = %lld AND merged_into IS NULL", (long long)a), 0,
           "no longer merged");
    EQ_INT(DESK_NUMBER(&d, "SELECT id FROM sample WHERE subject = %lld", (long long)a), sample,
           "the sample has its number again");
    DESK_NOT(&d, TONG_E_CONFLICT, "replaced-already",
             {.kind = COMMAND_FACT,
              .fact = {.kind = EVENT_RETRACTED, .subject = a, .replaces = merged.fact, .happened = d.now}});
    // The same again, the other way round, twice.
    for (int turn = 0; turn < 2; turn++) {
        int64_t fact = DESK_DO(&d, {.kind = COMMAND_MERGE, .account = 3, .fact = {.subject = a, .link = b}}).fact;
        standing(&d, a, one);
        OK(strstr(one, "enrolled 0") != NULL, "merged again");
        (void)desk_retract(&d, a, fact);
        standing(&d, a, one);
        EQ_TEXT(one, one_before, "and parted again");
        standing(&d, b, kept);
        OK(strstr(kept, "enrolled 0") != NULL && strstr(kept, "samples 1 results 1") != NULL, "the other: %s", kept);
    }
    (void)parted;
    desk_verify(&d, "after merging and parting");
    desk_rebuild(&d, "after merging and parting");
    if (desk_reopen(&d)) {
        standing(&d, a, one);
        EQ_TEXT(one, one_before, "after a restart");
        desk_verify(&d, "after a restart");
        desk_rebuild(&d, "after a restart");
    }
    desk_close(&d);
}

// What is recorded about a record that was merged away goes to the one that was kept, and says so; and a third person's naming that
// is taken back takes back what the merge copied of it.
static void test_merged_away(const struct engine *e)
{
    struct desk d;
    char kept[400], one[400];
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t ill = desk_person(&d, 20), a = desk_person(&d, 21), b = desk_person(&d, 22);
    (void)desk_fact(&d, (struct fact){.kind = EVENT_SYMPTOM, .subject = ill, .happened = {d.now.s - 2 * 86400}});
    (void)desk_fact(&d, (struct fact){.kind = EVENT_RESULT, .subject = ill, .happened = {d.now.s - 86400}, .word = SPECIMEN_OROPHARYNGEAL,
                                      .test = TEST_PCR, .outcome = OUTCOME_POSITIVE});
    struct fact named = {.kind = EVENT_CONTACT_NAMED, .subject = ill, .link = a, .word = EXPOSURE_HOUSEHOLD};
    fact_set_contact(&named, d.now, (utc_sec){d.now.s - 90000}, (utc_sec){d.now.s - 80000}, false);
    (void)desk_fact(&d, named);
    standing(&d, a, one);
    OK(strstr(one, "enrolled 1") != NULL, "a contact: %s", one);
    struct command seen = {.kind = COMMAND_FACT, .account = 1, .fact = {.kind = EVENT_SEEN_WELL, .subject = a, .happened = d.now}};
    desk_uid(800, seen.uid);
    EQ_INT(desk_take(&d, seen).code, TONG_OK, "seen well before the merge");
    (void)DESK_DO(&d, {.kind = COMMAND_MERGE, .account = 3, .fact = {.subject = a, .link = b}});
    struct intake_outcome again = desk_take(&d, seen);
    OK(again.repeated && again.subject == a, "what came before is answered as it was, when it is sent again");
    struct command late = {.kind = COMMAND_FACT, .account = 1, .fact = {.kind = EVENT_SEEN_WELL, .subject = a, .happened = d.now}};
    desk_uid(801, late.uid);
    struct intake_outcome taken = desk_take(&d, late);
    OK(taken.code == TONG_OK && taken.subject == b && desk_says(&d, "record-merged"), "recorded on the record that was kept, which is said");
    EQ_INT(DESK_NUMBER(&d, "SELECT subject FROM fact WHERE id = %lld", (long long)taken.fact), b, "it stands there");
    again = desk_take(&d, late);
    OK(again.repeated && again.fact == taken.fact, "and is not doubled");
    named.link = a;
    named.subject = ill;
    EQ_INT(DESK_NUMBER(&d, "SELECT link FROM fact WHERE id = %lld", (long long)desk_fact(&d, named).fact), b, "nor is anybody named there");
    standing(&d, b, kept);
    OK(strstr(kept, "enrolled 1") != NULL, "the kept one is followed: %s", kept);
    desk_rebuild(&d, "about a record that was merged away");
    desk_close(&d);
}

static void test_withdrawn_naming(const struct engine *e)
{
    struct desk d;
    char kept[400], one[400];
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t ill = desk_person(&d, 20), a = desk_person(&d, 21), b = desk_person(&d, 22), c = desk_person(&d, 23);
    (void)desk_fact(&d, (struct fact){.kind = EVENT_SYMPTOM, .subject = ill, .happened = {d.now.s - 2 * 86400}});
    (void)desk_fact(&d, (struct fact){.kind = EVENT_RESULT, .subject = ill, .happened = {d.now.s - 86400}, .word = SPECIMEN_OROPHARYNGEAL,
                                      .test = TEST_PCR, .outcome = OUTCOME_POSITIVE});
    struct fact named = {.kind = EVENT_CONTACT_NAMED, .subject = ill, .link = a, .word = EXPOSURE_HOUSEHOLD};
    fact_set_contact(&named, d.now, (utc_sec){d.now.s - 90000}, (utc_sec){d.now.s - 80000}, false);
    int64_t naming = desk_fact(&d, named).fact;
    (void)DESK_DO(&d, {.kind = COMMAND_MERGE, .account = 3, .fact = {.subject = a, .link = b}});
    int64_t merge = DESK_DO(&d, {.kind = COMMAND_MERGE, .account = 3, .fact = {.subject = b, .link = c}}).fact;
    standing(&d, c, kept);
    OK(strstr(kept, "enrolled 1") != NULL, "merged twice, the kept one is the contact: %s", kept);
    (void)desk_retract(&d, ill, naming);
    standing(&d, c, kept);
    OK(strstr(kept, "enrolled 0") != NULL, "the naming is taken back: nobody is a contact any more: %s", kept);
    (void)desk_retract(&d, b, merge);
    standing(&d, b, one);
    OK(strstr(one, "enrolled 0") != NULL, "nor when the records are parted: %s", one);
    desk_verify(&d, "after a naming was withdrawn");
    desk_rebuild(&d, "after a naming was withdrawn");
    desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "merge", test_merge);
    engine_each(&engines, "a record merged away", test_merged_away);
    engine_each(&engines, "a naming taken back", test_withdrawn_naming);
    engines_close(&engines);
    return tap_done();
}
