#include "protocol/words.h"
#include "store/db_inner.h"
#include "store/entry.h"
#include "store/place.h"

#include <assert.h>

// The lists of the protocol language keep their numbers (word_list); those of the store begin at 100.
enum { LIST_ENTRY = 100, LIST_PLACE_KIND = 101, LIST_COUNT = WORD_LIST_COUNT + 2 };

#define ENTRY_NAME(id, name, en, zh) name,
#define PLACE_KIND_NAME(id, name, word, en, zh) name,
static const char *const entry_names[] = {ENTRY_WORDS(ENTRY_NAME)};
static const char *const place_kind_names[] = {PLACE_KINDS(PLACE_KIND_NAME)};
enum { ENTRY_COUNT = sizeof entry_names / sizeof entry_names[0] };
_Static_assert(ENTRY_FIRST + ENTRY_COUNT == ENTRY_END, "entries are numbered without a gap");
_Static_assert(sizeof place_kind_names / sizeof place_kind_names[0] == PLACE_KIND_COUNT, "a name for each kind");

static const char *protocol_name(int32_t list, int32_t number)
{
    return words_at((word_list)list, number)->name;
}

static const char *entry_name(int32_t list, int32_t number)
{
    (void)list;
    return entry_names[number - ENTRY_FIRST];
}

static const char *place_kind_name(int32_t list, int32_t number)
{
    (void)list;
    return place_kind_names[number];
}

int32_t db_word_list_count(void)
{
    return LIST_COUNT;
}

struct db_word_list db_word_list_at(int32_t index)
{
    assert(index >= 0 && index < db_word_list_count());
    if (index < WORD_LIST_COUNT) return (struct db_word_list){index, 0, words_count((word_list)index), protocol_name};
    if (index == WORD_LIST_COUNT) return (struct db_word_list){LIST_ENTRY, ENTRY_FIRST, ENTRY_COUNT, entry_name};
    return (struct db_word_list){LIST_PLACE_KIND, 0, PLACE_KIND_COUNT, place_kind_name};
}

static int32_t index_of(int64_t list)
{
    for (int32_t i = 0; i < db_word_list_count(); i++)
        if (db_word_list_at(i).list == list) return i;
    return -1;
}

// A row of `word` against this program. seen[i] counts the words of list i met so far: they come in order, without a gap.
static tong_code word_compare(int64_t list, int64_t number, struct str name, int32_t *seen, struct err *err)
{
    int32_t i = index_of(list);
    if (i < 0)
        return tong_fail(err, TONG_E_INVALID,
                         "the database knows list %lld of words, this program does not: it is newer", (long long)list);
    struct db_word_list known = db_word_list_at(i);
    if (number >= known.first + known.count)
        return tong_fail(err, TONG_E_INVALID,
                         "the database knows the word \"%.*s\" (list %d, number %lld): it is newer than "
                         "this program",
                         STR_ARG(name), known.list, (long long)number);
    if (number != known.first + seen[i])
        return tong_fail(err, TONG_E_INVALID, "list %d of the words has a gap before number %lld", known.list,
                         (long long)number);
    const char *ours = known.name(known.list, (int32_t)number);
    if (!str_eq_z(name, ours))
        return tong_fail(err, TONG_E_INVALID,
                         "number %lld of list %d means \"%.*s\" in the database and \"%s\" in this program: "
                         "they do not go together",
                         (long long)number, known.list, STR_ARG(name), ours);
    seen[i]++;
    return TONG_OK;
}

static tong_code words_compare(struct db *db, int32_t *seen, struct err *err)
{
    const struct db_value from[] = {DB_I(0)};
    tong_code code = db_ask(db, sql_word_all, from, 1, err);
    if (code != TONG_OK) return code;
    while (code == TONG_OK && db_next(db, sql_word_all))
        code = word_compare(db_int(db, sql_word_all, 0, -1), db_int(db, sql_word_all, 1, -1),
                            db_text(db, sql_word_all, 2), seen, err);
    tong_code ended = db_done(db, sql_word_all, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? ended : code;
}

static tong_code words_append(struct db *db, const int32_t *seen, struct err *err)
{
    tong_code code = db_begin(db, err);
    if (code != TONG_OK) return code;
    for (int32_t i = 0; i < db_word_list_count(); i++) {
        struct db_word_list l = db_word_list_at(i);
        for (int32_t n = l.first + seen[i]; code == TONG_OK && n < l.first + l.count; n++) {
            const struct db_value in[] = {DB_I(l.list), DB_I(n), DB_T(str_z(l.name(l.list, n)))};
            code = db_run(db, sql_word_put, in, 3, NULL, err);
        }
    }
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

// A reader may know more words than the database: it will not meet them. A writer writes them down before it uses them.
tong_code db_words_settle(struct db *db, struct err *err)
{
    int32_t seen[LIST_COUNT] = {0};
    tong_code code = words_compare(db, seen, err);
    if (code != TONG_OK || db->mode == DB_READ) return code;
    bool complete = true;
    for (int32_t i = 0; i < db_word_list_count(); i++) complete = complete && seen[i] == db_word_list_at(i).count;
    return complete ? TONG_OK : words_append(db, seen, err);
}
