// Of a contact's row: whom they met, called as that one's own row calls them, and how.
#include "exchange/export_course.h"
#include "store/person.h"

#include <string.h>

static struct str source_text(struct arena *arena, struct str text)
{
    char *copy = text.n == 0 ? NULL : arena_copy(arena, text.p, text.n);
    return (struct str){copy == NULL ? "" : copy, copy == NULL ? 0 : text.n};
}

// Columns of person_get: 1 uid, 8 version, 9 identity.
static tong_code source_number(const struct export_options *o, int64_t source, struct arena *arena, struct str *out,
                               struct err *err)
{
    const sql_id q = sql_person_get;
    char text[UID_TEXT] = "";
    struct str number = {NULL, 0};
    tong_code code = db_ask(o->db, q, &DB_I(source), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(o->db, q)) {
        struct str uid = db_text(o->db, q, 1), sealed = db_text(o->db, q, 9), plain = {NULL, 0};
        if (uid.n == UID_BYTES) uid_format((const unsigned char *)uid.p, text);
        if (o->vault != NULL && sealed.n > 0) plain = vault_unseal(o->vault, source, db_int(o->db, q, 8, 0), sealed, arena);
        if (plain.p != NULL) number = payload_text(plain, "outside_id", arena);
    }
    code = db_done(o->db, q, err);
    *out = source_text(arena, number.n > 0 ? number : str_z(text));
    return code;
}

tong_code export_course_source(const struct export_options *o, int64_t subject, int64_t source, struct arena *arena,
                               struct course_record *out, struct err *err)
{
    const sql_id q = sql_export_source;
    const struct db_value in[] = {DB_I(subject), DB_I(EVENT_EXPOSED), DB_I(source), DB_I(EVENT_CONTACT_NAMED)};
    tong_code code = db_ask(o->db, q, in, 4, err);
    if (code != TONG_OK) return code;
    bool met = db_next(o->db, q);
    int64_t word = met ? db_int(o->db, q, 0, 0) : -1, known = met ? db_int(o->db, q, 1, INT64_MIN) : INT64_MIN;
    code = db_done(o->db, q, err);
    if (known != INT64_MIN) out->reported = zone_day(o->zone, (utc_sec){known}); // and not when we were told
    if (word >= 0 && word < EXPOSURE_WORD_COUNT) out->kind = str_z(words_at(WORDS_EXPOSURE, (int32_t)word)->name);
    if (code != TONG_OK || source == 0 || !o->sources) return code;
    return source_number(o, source, arena, &out->case_of, err);
}
