// fact_record.h -- a fact as a row of a table of its own: how facts are exported and imported without loss.
//
// Words stand as words, people and facts as uids, instants in UTC. What the protocol itself gave (given_by), what only an
// authority may record (signatures, editions) and entries are not among them: the first follow again from the rest, the
// others are made where they are valid. docs/formats.md lists the columns.
#ifndef TONG_EXCHANGE_FACT_RECORD_H
#define TONG_EXCHANGE_FACT_RECORD_H

#include "base/problem.h"
#include "base/record.h"
#include "response/fact.h"
#include "store/uid.h"

struct fact_record {
    struct str uid, subject; // uids
    struct str kind;         // event word
    utc_sec happened, until, known;
    struct str link;     // uid of the other subject
    struct str replaces; // uid of the fact it corrects or withdraws
    struct str about;    // uid of a result's sample
    struct str word;     // exposure, specimen, attribute, class ... as the kind says
    struct str test, outcome, protection;
    int64_t value;
    struct str name;  // of a measure, task or pathway: "#" and its number, or the name itself
    struct str flags; // yes, no, pooled, open, day_only, of_contact, parted by blanks
    struct str note;
};
extern const struct record_kind fact_record_kind;

// May a list carry this kind of fact at all?
bool fact_record_kind_allowed(int32_t event);
// The list of words that `word` is from, for this kind; WORD_LIST_COUNT: it has none.
word_list fact_record_words(int32_t event);

// The fact of a record; uids are left to the caller. False with problems when a word is unknown or does not belong there.
bool fact_record_read(const struct fact_record *r, struct fact *out, struct problem_list *problems,
                      struct problem_at at);
// And back: everything but uids and note. Texts are in `arena` or constant.
void fact_record_make(const struct fact *f, struct arena *arena, struct fact_record *out);

#endif
