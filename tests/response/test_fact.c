// Facts: their order, what corrects and withdraws them, what was known when (response/fact.h).
#include "response/fixture.h"
#include "tap.h"

static struct fact made(int64_t id, event_word kind, int64_t happened)
{
    return (struct fact){.id = id,
                         .subject = 1,
                         .kind = (uint8_t)kind,
                         .happened = {happened},
                         .until = UTC_NONE,
                         .known = {happened},
                         .recorded = {happened}};
}

// ---- order ----

static void test_rank(void)
{
    // One instant: a change of edition before all, what is known about the person before what happens to them, what begins
    // before what follows from it, what ends last, death and burial after everything.
    static const event_word order[] = {
        EVENT_EDITION,    EVENT_ATTRIBUTE, EVENT_EXPOSED,    EVENT_PARTED,   EVENT_SYMPTOM,
        EVENT_SAMPLED,    EVENT_RESULT,    EVENT_CLASSIFIED, EVENT_ENROLLED, EVENT_SEEN_WELL,
        EVENT_DISCHARGED, EVENT_LOST,      EVENT_ACCEPTED,   EVENT_DIED,     EVENT_BURIED,
    };
    for (size_t i = 1; i < sizeof order / sizeof order[0]; i++) {
        struct fact a = made(9, order[i - 1], 1000), b = made(1, order[i], 1000);
        OK(fact_compare(&a, &b) < 0 && fact_compare(&b, &a) > 0, "at one instant %s comes before %s",
           words_at(WORDS_EVENT, (int32_t)order[i - 1])->name, words_at(WORDS_EVENT, (int32_t)order[i])->name);
    }
    static const event_word circumstances[] = {EVENT_ATTRIBUTE, EVENT_IMMUNITY, EVENT_VACCINATED, EVENT_IMMUNOGLOBULIN};
    for (size_t i = 0; i < sizeof circumstances / sizeof circumstances[0]; i++)
        OK(fact_rank(circumstances[i]) < fact_rank(EVENT_EXPOSED), "%s is known before the exposure of that minute",
           words_at(WORDS_EVENT, (int32_t)circumstances[i])->name);
    for (int32_t kind = 0; kind < EVENT_WORD_COUNT; kind++)
        CHECK(fact_rank((event_word)kind) <= fact_rank(EVENT_DIED) || kind == EVENT_BURIED,
              "only burial follows death: %d", kind);
}

static void test_compare(void)
{
    struct fact early = made(5, EVENT_DIED, 100), late = made(1, EVENT_EDITION, 101);
    OK(fact_compare(&early, &late) < 0 && fact_compare(&late, &early) > 0,
       "what happened first comes first, whatever it is");
    struct fact one = made(1, EVENT_RESULT, 100), two = made(2, EVENT_RESULT, 100);
    OK(fact_compare(&one, &two) < 0 && fact_compare(&two, &one) > 0, "like facts of one instant go by their number");
    EQ_INT(fact_compare(&one, &one), 0, "a fact equals itself");
    struct fact before = made(1, EVENT_RESULT, -500), zero = made(2, EVENT_RESULT, 0);
    OK(fact_compare(&before, &zero) < 0, "before 1970 is earlier");
}

// ---- visits ----

static void test_visit(void)
{
    static const struct {
        event_word kind;
        int32_t x10;
        bool visit, fits;
    } row[] = {
        {EVENT_SEEN_WELL, 368, true, true},  {EVENT_SEEN_ILL, 391, true, true},  {EVENT_SEEN_WELL, 0, true, true},
        {EVENT_SEEN_WELL, 340, true, true},  {EVENT_SEEN_WELL, 339, true, false}, {EVENT_SEEN_ILL, 430, true, true},
        {EVENT_SEEN_ILL, 431, true, false},  {EVENT_SEEN_WELL, -1, true, false}, {EVENT_NOT_SEEN, 368, true, false},
        {EVENT_NOT_SEEN, 0, true, true},     {EVENT_REFUSED, 368, true, false},  {EVENT_NOT_ATTEMPTED, 0, false, true},
        {EVENT_SAMPLED, 0, false, true},     {EVENT_RESULT, 368, false, false},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        OK(fact_is_visit(row[i].kind) == row[i].visit && fact_temperature_fits(row[i].kind, row[i].x10) == row[i].fits,
           "%s with %d tenths of a degree", words_at(WORDS_EVENT, (int32_t)row[i].kind)->name, row[i].x10);
    // The numbers stand in stores: they never change.
    static const char *const ways[] = {"unsaid", "face", "phone", "self"};
    for (int32_t i = 0; i < FACT_WAY_COUNT; i++) OK(strcmp(fact_way_word(i)->name, ways[i]) == 0, "way %d", (int)i);
    OK(fact_way_word(-1) == NULL && fact_way_word(FACT_WAY_COUNT) == NULL, "outside the list there is none");
}

// ---- named contacts ----

static void test_contact(void)
{
    const utc_sec named = {100000}, from = {40000}, until = {47200};
    struct fact f = made(1, EVENT_CONTACT_NAMED, 0);
    f.known = UTC_NONE;
    fact_set_contact(&f, named, from, until, false);
    EQ_INT(f.happened.s, named.s, "naming a contact happens when the case names them");
    EQ_INT(f.known.s, named.s, "and is known then, where nothing else is said");
    EQ_INT(f.until.s, until.s, "until is the end of the meeting");
    EQ_INT(f.value, 120, "value is the minutes of the meeting");
    EQ_INT(fact_contact_from(&f).s, from.s, "the meeting began at until - value");
    OK(!(f.flags & FACT_OPEN), "a meeting that has ended is not open");

    f = made(2, EVENT_CONTACT_NAMED, 0);
    f.known = (utc_sec){200000};
    fact_set_contact(&f, named, from, until, true);
    EQ_INT(f.known.s, 200000, "known later than named stays");
    EQ_INT(f.until.s, named.s, "a meeting that goes on reaches to the naming");
    EQ_INT(f.value, 1000, "and counts its minutes to there");
    OK(f.flags & FACT_OPEN, "it is open");
    EQ_INT(fact_contact_from(&f).s, from.s, "it began when they met");

    f = made(3, EVENT_CONTACT_NAMED, 0);
    f.known = (utc_sec){50};
    fact_set_contact(&f, named, from, UTC_NONE, false);
    EQ_INT(f.known.s, named.s, "nobody knows a contact before it is named");
    EQ_INT(f.until.s, from.s, "a meeting without an end was a moment");
    EQ_INT(f.value, 0, "of no minutes");
    EQ_INT(fact_contact_from(&f).s, from.s, "when it was");

    f = made(4, EVENT_CONTACT_NAMED, 0);
    fact_set_contact(&f, named, until, from, false);
    EQ_INT(f.value, 0, "an end before the beginning is no negative time");
    f = made(5, EVENT_CONTACT_NAMED, 0);
    fact_set_contact(&f, named, (utc_sec){-INT64_C(200000000000)}, until, false);
    EQ_INT(f.value, INT32_MAX, "minutes stop at what they can hold");
    f = made(6, EVENT_CONTACT_NAMED, 90000);
    f.value = 10;
    EQ_INT(fact_contact_from(&f).s, 89400, "without `until` the meeting is counted back from the naming");
}

// ---- what is known, what is out ----

enum { A = 1, B, C, D };

// Fact `id` on day `id`, replacing another.
static struct fact replacing(int64_t id, int64_t replaces, event_word kind)
{
    struct fact f = made(id, kind, id * 1000);
    f.replaces = replaces;
    return f;
}

static const char *prepared(struct fact *facts, size_t count, int64_t now, int64_t as_known)
{
    static char text[200];
    size_t n = 0;
    text[0] = 0;
    size_t left = facts_prepare(facts, count, (utc_sec){now}, as_known == 0 ? UTC_NONE : (utc_sec){as_known});
    for (size_t i = 0; i < left; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%lld", i > 0 ? " " : "", (long long)facts[i].id);
    return text;
}

static void test_known(void)
{
    struct fact facts[] = {made(A, EVENT_SYMPTOM, 1000), made(B, EVENT_SYMPTOM, 2000), made(C, EVENT_SYMPTOM, 3000)};
    facts[0].known.s = 5000;
    facts[0].recorded.s = 9000;
    struct fact f[3];
#define AGAIN memcpy(f, facts, sizeof f)
    AGAIN, EQ_TEXT(prepared(f, 3, 4999, 0), "2 3", "what is not known yet is not there");
    AGAIN, EQ_TEXT(prepared(f, 3, 5000, 0), "1 2 3", "known at this very instant is known; order is by what happened");
    AGAIN, EQ_TEXT(prepared(f, 3, 9000, 8999), "2 3", "as known before it was recorded, it is not there");
    AGAIN, EQ_TEXT(prepared(f, 3, 9000, 9000), "1 2 3", "recorded at that instant, it is");
    AGAIN, EQ_TEXT(prepared(f, 3, 2999, 0), "2", "nobody knows what has not happened yet");
    EQ_TEXT(prepared(f, 0, 9000, 0), "", "no facts are no facts");
#undef AGAIN
}

static void test_replaced(void)
{
    static const struct {
        const char *what, *left;
        struct {
            int64_t id, replaces;
            event_word kind;
        } facts[4];
        size_t count;
    } rows[] = {
        {"a correction takes the place of what it corrects", "2", {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_SYMPTOM}}, 2},
        {"a retraction leaves nothing, itself included", "", {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_RETRACTED}}, 2},
        {"a correction of a correction replaces both",
         "3",
         {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_SYMPTOM}, {C, B, EVENT_SYMPTOM}},
         3},
        {"retracting a correction brings the first back",
         "1",
         {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_SYMPTOM}, {C, B, EVENT_RETRACTED}},
         3},
        {"retracting a retraction brings it back",
         "1",
         {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_RETRACTED}, {C, B, EVENT_RETRACTED}},
         3},
        {"and retracting that one takes it away again",
         "",
         {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_RETRACTED}, {C, B, EVENT_RETRACTED}, {D, C, EVENT_RETRACTED}},
         4},
        {"others stay",
         "1 4",
         {{A, 0, EVENT_SYMPTOM}, {B, 0, EVENT_SYMPTOM}, {C, B, EVENT_RETRACTED}, {D, 0, EVENT_SYMPTOM}},
         4},
        {"nothing is replaced by what was there before it", "1 2", {{A, B, EVENT_SYMPTOM}, {B, 0, EVENT_SYMPTOM}}, 2},
        {"a retraction of what nobody knows of does nothing",
         "1",
         {{A, 0, EVENT_SYMPTOM}, {B, 77, EVENT_RETRACTED}},
         2},
        {"two corrections of one thing both stand",
         "2 3",
         {{A, 0, EVENT_SYMPTOM}, {B, A, EVENT_SYMPTOM}, {C, A, EVENT_WELL}},
         3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fact facts[4];
        // In both orders of arrival.
        for (size_t k = 0; k < rows[i].count; k++)
            facts[k] = replacing(rows[i].facts[k].id, rows[i].facts[k].replaces, rows[i].facts[k].kind);
        EQ_TEXT(prepared(facts, rows[i].count, 100000, 0), rows[i].left, "%s", rows[i].what);
        for (size_t k = 0; k < rows[i].count; k++)
            facts[rows[i].count - 1 - k] =
                replacing(rows[i].facts[k].id, rows[i].facts[k].replaces, rows[i].facts[k].kind);
        EQ_TEXT(prepared(facts, rows[i].count, 100000, 0), rows[i].left, "%s, in whatever order they arrived",
                rows[i].what);
    }
}

static void test_correction_known_later(void)
{
    struct fact facts[2] = {made(A, EVENT_SYMPTOM, 1000), replacing(B, A, EVENT_SYMPTOM)}, f[2];
    facts[1].happened.s = 500;
    facts[1].known.s = facts[1].recorded.s = 8000;
    memcpy(f, facts, sizeof f);
    EQ_TEXT(prepared(f, 2, 7999, 0), "1", "until a correction is known, what it corrects stands");
    memcpy(f, facts, sizeof f);
    EQ_TEXT(prepared(f, 2, 8000, 0), "2", "from then on the correction does");
    memcpy(f, facts, sizeof f);
    EQ_TEXT(prepared(f, 2, 9000, 7000), "1", "as known before the correction was recorded, the first stands");
}

static void test_long_chain(void)
{
    enum { LINKS = 60 };
    struct fact facts[LINKS];
    for (int64_t i = 0; i < LINKS; i++) facts[i] = replacing(i + 1, i, EVENT_SYMPTOM);
    facts[0].replaces = 0;
    EQ_TEXT(prepared(facts, LINKS, 1000000, 0), "60", "of a long chain of corrections the last stands");
}

int main(void)
{
    test_rank();
    test_compare();
    test_visit();
    test_contact();
    test_known();
    test_replaced();
    test_correction_known_later();
    test_long_chain();
    return tap_done();
}
