// Several measures on one person: which hold, which code, who decides, who may be put together (response/standing.h).
#include "response/fixture.h"
#include "response/standing.h"
#include "tap.h"

static const char *const text =
    "status: {green: {en: green, zh: 绿}, yellow: {en: yellow, zh: 黄}, red: {en: red, zh: 红}}\n"
    "%s"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: entry\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  watch: {name: {en: watch, zh: 监测}, kind: advice, voluntary: yes, status: green}\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1, milder: watch, "
    "status: yellow}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "at_home, status: red}\n"
    "  exclusion: {name: {en: no school, zh: 停课}, kind: exclusion, order_by: health_officer, persons: 1}\n";

enum { WATCH, AT_HOME, FACILITY, EXCLUSION };
enum { THIS, NEXT, OTHER }; // an edition, the next of the same family, another disease

static struct standing made(const struct fixture *x, int32_t edition, int32_t measure, int32_t place)
{
    return (struct standing){x->list[edition], (uint8_t)measure, place < 0 ? PROTOCOL_NONE : (uint8_t)place};
}

static void test_holds(const struct fixture *x)
{
    static const struct {
        struct {
            int32_t edition, measure;
        } of[4];
        size_t count;
        const char *holds, *what;
    } rows[] = {
        {{{THIS, AT_HOME}}, 1, "1", "one alone holds"},
        {{{THIS, AT_HOME}, {THIS, FACILITY}}, 2, "01", "of two that are ordered the stricter"},
        {{{THIS, FACILITY}, {THIS, WATCH}}, 2, "10", "over all that are milder, the next but one too"},
        {{{THIS, WATCH}, {THIS, FACILITY}, {THIS, AT_HOME}}, 3, "010", "whatever their order"},
        {{{THIS, AT_HOME}, {THIS, EXCLUSION}}, 2, "11", "where neither is milder both hold"},
        {{{THIS, AT_HOME}, {THIS, AT_HOME}}, 2, "10", "the same again holds once"},
        {{{THIS, AT_HOME}, {NEXT, FACILITY}}, 2, "01", "editions of one family are compared by name"},
        {{{THIS, FACILITY}, {NEXT, FACILITY}}, 2, "10", "the same of two editions holds once"},
        {{{THIS, AT_HOME}, {OTHER, FACILITY}}, 2, "11", "two diseases cannot be compared"},
        {{{THIS, AT_HOME}, {OTHER, AT_HOME}}, 2, "11", "not even by measures of one name"},
        {{{THIS, WATCH}, {THIS, AT_HOME}, {THIS, FACILITY}, {OTHER, WATCH}},
         4,
         "0011",
         "of several the strictest, and the other's"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct standing all[4];
        bool holds[4];
        char got[5] = "";
        for (size_t k = 0; k < rows[i].count; k++) all[k] = made(x, rows[i].of[k].edition, rows[i].of[k].measure, -1);
        size_t n = standing_holds(all, rows[i].count, holds), counted = 0;
        for (size_t k = 0; k < rows[i].count; k++) {
            got[k] = holds[k] ? '1' : '0';
            counted += holds[k];
        }
        EQ_TEXT(got, rows[i].holds, "%s", rows[i].what);
        EQ_INT(n, counted, "%s: so many", rows[i].what);
    }
    EQ_INT(standing_holds(NULL, 0, NULL), 0, "of none none holds");
}

static void test_conflict(const struct fixture *x)
{
    static const struct {
        int32_t edition_a, measure_a, place_a, edition_b, measure_b, place_b;
        bool conflict;
        const char *what;
    } rows[] = {
        {THIS, FACILITY, PLACE_QUARANTINE_SITE, OTHER, AT_HOME, PLACE_HOME, true,
         "two diseases, two places: a person decides"},
        {THIS, FACILITY, PLACE_HOME, OTHER, AT_HOME, PLACE_HOME, false, "two diseases, one place"},
        {THIS, FACILITY, PLACE_QUARANTINE_SITE, OTHER, AT_HOME, -1, false, "one of them needs no place"},
        {THIS, FACILITY, PLACE_QUARANTINE_SITE, THIS, AT_HOME, PLACE_HOME, false, "the stricter of one order decides"},
        {THIS, AT_HOME, PLACE_HOME, THIS, FACILITY, PLACE_QUARANTINE_SITE, false, "from whichever side"},
        {THIS, AT_HOME, PLACE_HOME, NEXT, AT_HOME, PLACE_HOSPITAL, false, "the same measure of two editions"},
        {THIS, AT_HOME, PLACE_HOME, OTHER, WATCH, PLACE_HOSPITAL, false, "advice binds nobody"},
        {THIS, AT_HOME, PLACE_HOME, THIS, EXCLUSION, PLACE_WARD, true, "one disease, two that cannot be compared"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct standing all[3] = {made(x, THIS, WATCH, -1),
                                  made(x, rows[i].edition_a, rows[i].measure_a, rows[i].place_a),
                                  made(x, rows[i].edition_b, rows[i].measure_b, rows[i].place_b)};
        size_t a = 9, b = 9;
        OK(standing_conflict(all, 3, &a, &b) == rows[i].conflict, "%s", rows[i].what);
        OK(rows[i].conflict ? a == 1 && b == 2 : a == 9 && b == 9, "%s: %s", rows[i].what,
           rows[i].conflict ? "these two" : "none are named");
    }
}

static void test_status(const struct fixture *x)
{
    struct standing all[] = {made(x, THIS, WATCH, -1), made(x, THIS, FACILITY, -1), made(x, THIS, AT_HOME, -1),
                             made(x, THIS, EXCLUSION, -1), made(x, OTHER, WATCH, -1)};
    EQ_INT(standing_status(x->list[THIS], all, 5), 2, "the strictest code of all in force");
    EQ_INT(standing_status(x->list[THIS], all, 1), 0, "of one its own");
    EQ_INT(standing_status(x->list[OTHER], all, 5), 0, "each protocol has its codes");
    EQ_INT(standing_status(x->list[THIS], &all[3], 1), PROTOCOL_NONE, "a measure without a code gives none");
    EQ_INT(standing_status(x->list[THIS], all, 0), PROTOCOL_NONE, "nor do no measures");
}

static void test_placed(void)
{
    static const event_word steps[] = {EVENT_WORD_COUNT, EVENT_SUSPECTED,    EVENT_PROBABLE,
                                       EVENT_CONFIRMED,  EVENT_ASYMPTOMATIC, EVENT_DISCARDED};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            bool proven = (steps[i] == EVENT_CONFIRMED || steps[i] == EVENT_ASYMPTOMATIC) &&
                          (steps[k] == EVENT_CONFIRMED || steps[k] == EVENT_ASYMPTOMATIC);
            bool free = (steps[i] == EVENT_WORD_COUNT || steps[i] == EVENT_DISCARDED) &&
                        (steps[k] == EVENT_WORD_COUNT || steps[k] == EVENT_DISCARDED);
            bool may = steps[i] == steps[k] || proven || free;
            struct placed a = {"measles", steps[i]}, b = {"measles", steps[k]}, c = {"ebola", steps[k]};
            CHECK(placed_together(a, b) == may, "steps %zu and %zu", i, k);
            CHECK(!placed_together(a, c), "never one disease with another");
        }
    const struct placed suspected = {"ebola", EVENT_SUSPECTED}, confirmed = {"ebola", EVENT_CONFIRMED};
    OK(!placed_together(suspected, confirmed) && !placed_together(confirmed, suspected),
       "never suspected with confirmed");
}

int main(void)
{
    struct fixture x;
    struct arena arena = {0};
    fixture_open(&x, arena_printf(&arena, text, ""));
    fixture_add(&x, arena_printf(&arena, text, "edition: \"2\"\n"));
    fixture_add(&x, arena_printf(&arena, text, "protocol: otheritis\n"));
    test_holds(&x);
    test_conflict(&x);
    test_status(&x);
    test_placed();
    fixture_close(&x);
    arena_free(&arena);
    return tap_done();
}
