#include "exchange/import_known.h"

#include "base/map.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_TEXT = 1200, KNOWN_SOURCE = 64, KNOWN_AMBIGUOUS = -1 };

struct import_known {
    struct db *db;
    const struct vault *vault;
    char source[KNOWN_SOURCE];
    struct map *names;  // hash of sort and id -> index of uid, KNOWN_AMBIGUOUS
    struct map *people; // hash of a person's uid -> 1: described by this import
    unsigned char (*uids)[UID_BYTES];
    size_t uid_count, uid_cap;
    int64_t undone; // imports that were undone; -1 not yet asked
};

struct import_known *import_known_open(struct db *db, const struct vault *vault, const char *source)
{
    struct import_known *k = calloc(1, sizeof *k);
    if (k == NULL) return NULL;
    k->db = db;
    k->vault = vault;
    k->undone = -1;
    k->names = map_open();
    k->people = map_open();
    import_known_source(k, source);
    if (k->names != NULL && k->people != NULL) return k;
    import_known_close(k);
    return NULL;
}

void import_known_close(struct import_known *k)
{
    if (k == NULL) return;
    map_close(k->names);
    map_close(k->people);
    free(k->uids);
    free(k);
}

void import_known_source(struct import_known *k, const char *source)
{
    (void)snprintf(k->source, sizeof k->source, "%s", source);
}

// ---- uids ----

// Keyed where there is a vault, so that nobody can find a number by trying all of them.
static void known_hash(const struct import_known *k, struct str text, unsigned char out[UID_BYTES])
{
    if (k->vault != NULL) vault_hash(k->vault, "import", text, UID_BYTES, out);
    else (void)crypto_generichash(out, UID_BYTES, (const unsigned char *)text.p, text.n, NULL, 0);
}

// RFC 9562, version 8: the bits are ours.
static void known_mark(unsigned char uid[UID_BYTES])
{
    uid[6] = (unsigned char)((uid[6] & 0x0F) | 0x80);
    uid[8] = (unsigned char)((uid[8] & 0x3F) | 0x80);
}

void import_uid_of(const struct import_known *k, const char *kind, struct str id, unsigned char uid[UID_BYTES])
{
    char text[KNOWN_TEXT];
    int n = snprintf(text, sizeof text, "%s\n%s\n%.*s", k->source, kind, (int)(id.n > 1000 ? 1000 : id.n), id.p);
    assert(n > 0 && (size_t)n < sizeof text);
    known_hash(k, (struct str){text, (size_t)n}, uid);
    known_mark(uid);
}

// The first bytes are the subject's, so that the facts of one person lie side by side in the index of uids.
void import_uid_of_fact(const struct import_known *k, const unsigned char subject[UID_BYTES], const char *slot,
                        struct str extra, int32_t version, unsigned char uid[UID_BYTES])
{
    enum { SHARED = 6 };
    char text[KNOWN_TEXT];
    memcpy(text, subject, UID_BYTES);
    int n = snprintf(text + UID_BYTES, sizeof text - UID_BYTES, "%s\n%s\n%d\n%.*s", k->source, slot, (int)version,
                     (int)(extra.n > 1000 ? 1000 : extra.n), extra.p == NULL ? "" : extra.p);
    assert(n > 0 && (size_t)n < sizeof text - UID_BYTES);
    known_hash(k, (struct str){text, UID_BYTES + (size_t)n}, uid);
    memcpy(uid, subject, SHARED);
    known_mark(uid);
}

static int64_t known_key(const unsigned char *bytes)
{
    int64_t key;
    memcpy(&key, bytes, sizeof key);
    return key;
}

static int64_t known_name_key(const struct import_known *k, import_sort sort, struct str id)
{
    static const char *const kinds[] = {"who", "where", "gathering"};
    unsigned char hash[UID_BYTES];
    import_uid_of(k, kinds[sort], id, hash);
    return known_key(hash);
}

// ---- what the rows so far said ----

bool import_known_put(struct import_known *k, import_sort sort, struct str id, bool label,
                      const unsigned char uid[UID_BYTES])
{
    int64_t key = known_name_key(k, sort, id), at = 0;
    if (sort == IMPORT_A_PERSON && !map_put_number(k->people, known_key(uid), 1)) return false;
    if (map_get_number(k->names, key, &at)) {
        if (at == KNOWN_AMBIGUOUS || memcmp(k->uids[at], uid, UID_BYTES) == 0) return true;
        return map_put_number(k->names, key, label ? KNOWN_AMBIGUOUS : at);
    }
    if (k->uid_count == k->uid_cap) {
        size_t cap = k->uid_cap == 0 ? 1024 : k->uid_cap * 2;
        void *grown = realloc(k->uids, cap * sizeof *k->uids);
        if (grown == NULL) return false;
        k->uids = grown;
        k->uid_cap = cap;
    }
    memcpy(k->uids[k->uid_count], uid, UID_BYTES);
    return map_put_number(k->names, key, (int64_t)k->uid_count++);
}

// ---- what the store has ----

// A person's row as the statements import_person_by_... answer it: id, uid, version, identity.
static tong_code known_read(struct import_known *k, sql_id id, const struct db_value *in, size_t count,
                            struct arena *arena, unsigned char uid[UID_BYTES], struct person_record *record,
                            bool *found, struct err *err)
{
    *found = false;
    if (k->db == NULL) return TONG_OK;
    tong_code code = db_ask(k->db, id, in, count, err);
    if (code != TONG_OK) return code;
    if (db_next(k->db, id)) {
        int64_t person = db_int(k->db, id, 0, 0), version = db_int(k->db, id, 2, 0);
        struct str bytes = db_text(k->db, id, 1), sealed = db_text(k->db, id, 3);
        *found = bytes.n == UID_BYTES;
        if (*found) memcpy(uid, bytes.p, UID_BYTES);
        if (*found && record != NULL) {
            *record = person_record_none();
            struct str plain =
                k->vault == NULL ? (struct str){NULL, 0} : vault_unseal(k->vault, person, version, sealed, arena);
            if (plain.p != NULL) code = payload_read(&person_record_kind, plain, arena, record, err);
        }
    }
    tong_code done = db_done(k->db, id, code == TONG_OK ? err : NULL);
    return code != TONG_OK ? code : done;
}

static tong_code known_by_uid(struct import_known *k, unsigned char uid[UID_BYTES], struct arena *arena,
                              struct person_record *record, bool *found, struct err *err)
{
    unsigned char asked[UID_BYTES];
    memcpy(asked, uid, UID_BYTES);
    const struct db_value in[] = {DB_B(((struct str){(const char *)asked, UID_BYTES}))};
    return known_read(k, sql_import_person_by_uid, in, 1, arena, uid, record, found, err);
}

static tong_code known_by_outside(struct import_known *k, struct str id, struct arena *arena,
                                  unsigned char uid[UID_BYTES], struct person_record *record, bool *found,
                                  struct err *err)
{
    unsigned char hash[VAULT_LONG_HASH];
    *found = false;
    if (k->vault == NULL || k->source[0] == 0 || !outside_hash(k->vault, str_z(k->source), id, hash)) return TONG_OK;
    const struct db_value in[] = {DB_T(str_z(k->source)), DB_B(((struct str){(const char *)hash, sizeof hash}))};
    return known_read(k, sql_import_person_by_outside, in, 2, arena, uid, record, found, err);
}

static tong_code known_by_document(struct import_known *k, struct str document, struct arena *arena,
                                   unsigned char uid[UID_BYTES], struct person_record *record, bool *found,
                                   struct err *err)
{
    unsigned char hash[VAULT_HASH];
    *found = false;
    if (k->vault == NULL || document.n == 0 || !person_document_hash(k->vault, document, hash)) return TONG_OK;
    const struct db_value in[] = {DB_B(((struct str){(const char *)hash, sizeof hash}))};
    return known_read(k, sql_import_person_by_document, in, 1, arena, uid, record, found, err);
}

// What identifies a person without a number: whoever has the same of all these is the same.
static void known_by_content(const struct import_known *k, const struct person_record *p, unsigned char uid[UID_BYTES])
{
    char text[1000], born[CIVIL_TEXT] = "";
    if (p->born.d != CIVIL_DAY_NONE) civil_format(p->born, born);
    int n = snprintf(text, sizeof text, "%.*s|%d|%s|%lld|%.*s|%.*s|%.*s|%.*s", STR_ARG(p->name), (int)p->sex, born,
                     (long long)(p->born_year == RECORD_INTEGER_NONE ? 0 : p->born_year), STR_ARG(p->phone),
                     STR_ARG(p->document), STR_ARG(p->mail), STR_ARG(p->address));
    size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    import_uid_of(k, "person by what is said of them", (struct str){text, length}, uid);
}

tong_code import_known_person(struct import_known *k, const struct person_record *p, struct str outside,
                              struct arena *arena, struct import_who *out, struct err *err)
{
    *out = (struct import_who){0};
    int64_t at = 0;
    bool own = p->uid.n > 0;
    if (own) {
        if (!uid_parse(p->uid, out->uid)) return tong_fail(err, TONG_E_INVALID, "a uid that was not checked");
    } else if (outside.n > 0) {
        if (map_get_number(k->names, known_name_key(k, IMPORT_A_PERSON, outside), &at) && at != KNOWN_AMBIGUOUS) {
            memcpy(out->uid, k->uids[at], UID_BYTES);
            out->seen = true;
            return TONG_OK;
        }
        import_uid_of(k, "person", outside, out->uid);
    } else {
        known_by_content(k, p, out->uid);
    }
    if (map_get_number(k->people, known_key(out->uid), &at)) {
        out->seen = true;
        return TONG_OK;
    }
    tong_code code = known_by_uid(k, out->uid, arena, &out->record, &out->here, err);
    if (code == TONG_OK && !out->here && !own && outside.n > 0)
        code = known_by_outside(k, outside, arena, out->uid, &out->record, &out->here, err);
    if (code == TONG_OK && !out->here && !own)
        code = known_by_document(k, p->document, arena, out->uid, &out->record, &out->here, err);
    return code;
}

tong_code import_known_again(struct import_known *k, struct arena *arena, struct import_who *who, struct err *err)
{
    return known_by_uid(k, who->uid, arena, &who->record, &who->here, err);
}

static tong_code known_is(struct import_known *k, sql_id id, const unsigned char uid[UID_BYTES], bool *found,
                          struct err *err)
{
    const struct db_value in[] = {DB_B(((struct str){(const char *)uid, UID_BYTES}))};
    *found = false;
    if (k->db == NULL) return TONG_OK;
    tong_code code = db_ask(k->db, id, in, 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(k->db, id);
    return db_done(k->db, id, err);
}

tong_code import_known_refer(struct import_known *k, import_sort sort, struct str id, unsigned char uid[UID_BYTES],
                             bool *found, struct err *err)
{
    static const char *const kinds[] = {"person", "place", "gathering"};
    static const sql_id asks[] = {sql_import_person_by_uid, sql_import_place_by_uid, sql_import_gathering_by_uid};
    int64_t at = 0;
    *found = false;
    if (id.n == 0) return TONG_OK;
    if (map_get_number(k->names, known_name_key(k, sort, id), &at)) {
        *found = at != KNOWN_AMBIGUOUS;
        if (*found) memcpy(uid, k->uids[at], UID_BYTES);
        return TONG_OK;
    }
    import_uid_of(k, kinds[sort], id, uid);
    tong_code code = known_is(k, asks[sort], uid, found, err);
    if (code == TONG_OK && !*found && sort == IMPORT_A_PERSON)
        code = known_by_outside(k, id, NULL, uid, NULL, found, err);
    if (code == TONG_OK && !*found && uid_parse(id, uid)) code = known_is(k, asks[sort], uid, found, err);
    return code;
}

void import_uid_of_undo(int64_t import, int64_t fact, unsigned char uid[UID_BYTES])
{
    const int64_t what[2] = {import, fact};
    (void)crypto_generichash(uid, UID_BYTES, (const unsigned char *)what, sizeof what,
                             (const unsigned char *)"tongzhou undo 16", 16);
    known_mark(uid);
}

static tong_code known_numbers(struct import_known *k, sql_id q, const struct db_value *in, size_t count,
                               int64_t out[2], int32_t columns, bool *found, struct err *err)
{
    tong_code code = db_ask(k->db, q, in, count, err);
    if (code != TONG_OK) return code;
    *found = db_next(k->db, q);
    for (int32_t i = 0; i < columns && *found; i++) out[i] = db_int(k->db, q, i, 0);
    return db_done(k->db, q, err);
}

tong_code import_known_undone(struct import_known *k, const unsigned char uid[UID_BYTES], bool *undone, struct err *err)
{
    const struct db_value in[] = {DB_B(((struct str){(const char *)uid, UID_BYTES}))};
    int64_t number[2] = {0};
    bool found = false;
    *undone = false;
    if (k->db == NULL) return TONG_OK;
    tong_code code = TONG_OK;
    if (k->undone < 0) {
        code = known_numbers(k, sql_import_undone_count, NULL, 0, number, 1, &found, err);
        if (code != TONG_OK) return code;
        k->undone = number[0];
    }
    if (k->undone == 0) return TONG_OK;
    code = known_numbers(k, sql_import_fact_origin, in, 1, number, 2, &found, err);
    if (code != TONG_OK || !found || number[1] == 0) return code;
    unsigned char undo[UID_BYTES];
    import_uid_of_undo(number[1], number[0], undo);
    return known_is(k, sql_import_fact_by_uid, undo, undone, err);
}

tong_code import_known_fact(struct import_known *k, const unsigned char uid[UID_BYTES], bool *found, struct err *err)
{
    bool undone = false;
    tong_code code = known_is(k, sql_import_fact_by_uid, uid, found, err);
    if (code == TONG_OK && *found) code = import_known_undone(k, uid, &undone, err);
    *found = *found && !undone;
    return code;
}
