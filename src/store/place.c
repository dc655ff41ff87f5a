#include "store/place.h"

#include "protocol/words.h"

#include <assert.h>
#include <string.h>

struct place_row {
    const char *name, *word;
    struct label label;
};

#define PLACE_KIND_ROW(id, name, word, en, zh) {(name), (word), LABEL((en), (zh))},
static const struct place_row place_rows[] = {PLACE_KINDS(PLACE_KIND_ROW)};
_Static_assert(sizeof place_rows / sizeof place_rows[0] == PLACE_KIND_COUNT, "a row a kind");

struct place_kind_word place_kind_at(int32_t kind)
{
    assert(kind >= 0 && kind < PLACE_KIND_COUNT);
    const struct place_row *r = &place_rows[kind];
    int32_t word = r->word[0] == 0 ? -1 : words_find(WORDS_PLACE, str_z(r->word));
    assert(r->word[0] == 0 || word >= 0);
    return (struct place_kind_word){r->name, word, r->label};
}

int32_t place_kind_find(struct str name)
{
    for (int32_t k = 0; k < PLACE_KIND_COUNT; k++)
        if (str_eq_z(name, place_rows[k].name)) return k;
    return -1;
}

// Several kinds may stand for one word (a market, a mall: a venue); the one that is called so comes first.
int32_t place_kind_of_word(int32_t word)
{
    if (word < 0 || word >= PLACE_WORD_COUNT) return -1;
    struct str name = str_z(words_at(WORDS_PLACE, word)->name);
    int32_t same = place_kind_find(name);
    if (same >= 0 && place_rows[same].word[0] != 0) return same;
    for (int32_t k = 0; k < PLACE_KIND_COUNT; k++)
        if (str_eq_z(name, place_rows[k].word)) return k;
    return -1;
}
