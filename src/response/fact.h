// fact.h -- something that happened to one subject: a person, a group or a place.
//
// A fact has three times. Day counts and windows run from `happened`; deadlines, orders and blame from `known`; "as known
// on" filters by `recorded`. It is never changed: a later fact with `replaces` set corrects it, one of kind
// EVENT_RETRACTED withdraws it. Facts carry words (protocol/words.h) and names, never indexes of an edition, so that the
// same facts can be folded under another edition.
#ifndef TONG_RESPONSE_FACT_H
#define TONG_RESPONSE_FACT_H

#include "base/civil.h"
#include "protocol/words.h"

enum { FACT_YES = 1, FACT_NO = 2, FACT_POOLED = 4, FACT_OPEN = 8, FACT_DAY_ONLY = 16, FACT_OF_CONTACT = 32 };
enum { FACT_WORD_AGE = 0xFF, FACT_CHECK_DAYS = 0, FACT_MEASURE_DAYS = 1, FACT_SAMPLE_DAYS = 2 };

struct fact {
    int64_t id;       // unique among the facts of a response; breaks ties in order
    int64_t subject;  // to whom it happened
    int64_t link;     // the other one: who was met, whose result, which contact was named; 0 none
    int64_t replaces; // the fact it corrects or retracts; 0 none
    utc_sec happened; // or the earliest plausible instant, when the date is imprecise
    utc_sec until;    // end of an interval (an exposure), or the latest plausible instant; UTC_NONE when it has none
    utc_sec known;    // to those who must act on it
    utc_sec recorded; // in the system
    uint32_t name;    // protocol_name_id of a measure, task or pathway it speaks of; 0 none
    int32_t value;    // age in years, days, count, minutes of exposure, Ct or degrees Celsius times ten, as the kind says
    int32_t signer, second; // of an order: two different persons where the protocol asks for two; 0 none
    uint8_t kind;     // event_word: one of the facts people record, or EVENT_ENROLLED, EVENT_EDITION, EVENT_RETRACTED
    uint8_t word;     // exposure, specimen, attribute (or FACT_WORD_AGE), class or way word, or FACT_..._DAYS, as the kind says
    uint8_t test;     // test_word of a result
    uint8_t outcome;  // outcome_word of a result
    uint8_t protection; // protection_word of an exposure
    uint8_t flags;    // FACT_...: OPEN the exposure goes on; OF_CONTACT they met a contact and not a case
    uint8_t edition;  // EVENT_EDITION: index in the rulebook
    uint8_t spare;
};

// A visit: somebody was looked after, or a task was done or tried. Its `word` says how, and when they were seen its `value` is
// the temperature in tenths of a degree Celsius, 0 when none was measured. The numbers of the words are kept for good.
#define FACT_WAY_WORDS(X)                             \
    X(UNSAID, "unsaid", "not said", "未填写")         \
    X(FACE, "face", "face to face", "当面")           \
    X(PHONE, "phone", "by phone", "电话")             \
    X(SELF, "self", "by the person", "本人上报")
#define FACT_WAY_ENUM(id, name, en, zh) FACT_WAY_##id,
enum fact_way { FACT_WAY_WORDS(FACT_WAY_ENUM) FACT_WAY_COUNT };
// What a living person's thermometer can show (the limits of the clinical thermometer, ISO 80601-2-56).
enum { FACT_TEMPERATURE_LEAST = 340, FACT_TEMPERATURE_MOST = 430 };
bool fact_is_visit(event_word kind);
const struct word *fact_way_word(int32_t way); // NULL outside the list
// May the visit carry this temperature? 0 always.
bool fact_temperature_fits(event_word kind, int32_t x10);

// A contact is named (EVENT_CONTACT_NAMED): it happened when the case named them, `until` is the end of their meeting (the
// naming, when it still goes on) and `value` its minutes, so that the meeting began at until - value. Fills happened, known
// (when unset), until, value and FACT_OPEN.
void fact_set_contact(struct fact *f, utc_sec named, utc_sec met_from, utc_sec met_until, bool still_open);
utc_sec fact_contact_from(const struct fact *f); // when the meeting of a named contact began

// When a fact counts: an order binds from when it was known, never before (no order is back-dated); all else from when it
// happened.
utc_sec fact_counts_from(const struct fact *f);

// Total order of the fold: happened, then the kind's rank, then id.
int fact_compare(const struct fact *a, const struct fact *b);
// Rank of a kind among facts of the same instant: what ends comes after what begins, death last.
int32_t fact_rank(event_word kind);

// Prepare a history for folding, in place: drop what is recorded after `as_known` (UTC_NONE: nothing) or known after
// `now`, drop what was corrected or retracted, sort the rest. Returns how many are left. A correction of a correction
// replaces it; retracting a correction brings the corrected fact back.
size_t facts_prepare(struct fact *facts, size_t count, utc_sec now, utc_sec as_known);

#endif
