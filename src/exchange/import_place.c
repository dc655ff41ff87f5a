// Places and gatherings of an import: what they are, and what they lie in.
#include "base/record_read.h"
#include "exchange/import_inner.h"

#include <assert.h>
#include <string.h>

static void place_blame(struct problem_list *problems, struct problem_at at, import_fault fault, struct str what)
{
    problem_add(problems, at, &import_message[fault],
                arena_printf(problems->arena, "%.*s", (int)(what.n > 80 ? 80 : what.n), what.p), NULL, NULL, NULL);
}

// Go.Data's administrative levels, from the country down; SORMAS's lists say by their columns what they are lists of.
static int32_t place_kind_of(const struct import_session *s, const struct import_row *row)
{
    static const place_kind levels[] = {PLACE_KIND_NATION,      PLACE_KIND_PROVINCE,  PLACE_KIND_DISTRICT,
                                        PLACE_KIND_SUBDISTRICT, PLACE_KIND_COMMUNITY, PLACE_KIND_VILLAGE};
    struct str level = row->level;
    int64_t number = -1;
    for (size_t i = 0; i < level.n && number < 0; i++) // "2", "LNG_..._ADMIN_LEVEL_2"
        if (i + 1 == level.n && level.p[i] >= '0' && level.p[i] <= '9') number = level.p[i] - '0';
    if (number >= 0)
        return (size_t)number < sizeof levels / sizeof *levels ? (int32_t)levels[number] : PLACE_KIND_VILLAGE;
    if (s->o->format != IMPORT_SORMAS) return RECORD_ENUM_NONE;
    return row->district.n > 0 ? PLACE_KIND_COMMUNITY : row->region.n > 0 ? PLACE_KIND_DISTRICT : PLACE_KIND_PROVINCE;
}

tong_code import_place_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                              struct problem_at at, bool *ready, struct err *err)
{
    struct place_record *p = &row->place;
    char text[UID_TEXT];
    unsigned char uid[UID_BYTES], parent[UID_BYTES];
    struct str above = p->parent.n > 0             ? p->parent
                       : row->outside_parent.n > 0 ? row->outside_parent
                       : row->district.n > 0       ? row->district
                                                   : row->region;
    struct str id = p->uid.n > 0 ? p->uid : row->outside.n > 0 ? row->outside : p->name;
    bool found = false;
    *ready = true;
    if (above.n > 0) {
        tong_code code = import_known_refer(s->maker.known, IMPORT_A_PLACE, above, parent, &found, err);
        if (code != TONG_OK) return code;
        *ready = found;
        if (!found) return TONG_OK;
        uid_format(parent, text);
        p->parent = (struct str){arena_copy(&s->half->arena, text, UID_TEXT - 1), UID_TEXT - 1};
    }
    if (p->uid.n > 0) {
        if (!uid_parse(p->uid, uid)) place_blame(problems, at, IMPORT_F_UID, p->uid);
    } else {
        import_uid_of(s->maker.known, "place", id, uid);
        uid_format(uid, text);
        p->uid = (struct str){arena_copy(&s->half->arena, text, UID_TEXT - 1), UID_TEXT - 1};
    }
    if (p->kind == RECORD_ENUM_NONE) p->kind = place_kind_of(s, row);
    if (p->kind == RECORD_ENUM_NONE) place_blame(problems, at, IMPORT_F_PLACE_KIND, p->name);
    if (p->code.n == 0 && row->outside.n > 0 && row->outside.n <= 60) p->code = row->outside;
    const struct record_reading reading = {s->o->zone, &s->half->arena, problems, at};
    if (p->uid.p == NULL) return tong_fail(err, TONG_E_NOMEM, "a place");
    if (p->kind == RECORD_ENUM_NONE || !record_check(&place_record_kind, p, &reading) || problems->errors > 0)
        return TONG_OK;
    bool kept = import_known_put(s->maker.known, IMPORT_A_PLACE, id, false, uid) &&
                import_known_put(s->maker.known, IMPORT_A_PLACE, p->name, true, uid);
    return kept ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the places of an import");
}

tong_code import_gathering_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                                  struct problem_at at, struct err *err)
{
    struct gathering_record *g = &row->gathering;
    char text[UID_TEXT];
    unsigned char uid[UID_BYTES], place[UID_BYTES];
    struct str id = g->uid.n > 0 ? g->uid : row->outside.n > 0 ? row->outside : g->name;
    struct str where = g->place.n > 0 ? g->place : row->community;
    bool found = false;
    if (where.n > 0) {
        tong_code code = import_known_refer(s->maker.known, IMPORT_A_PLACE, where, place, &found, err);
        if (code != TONG_OK) return code;
        if (!found) place_blame(problems, at, IMPORT_F_PLACE_UNKNOWN, where);
        uid_format(place, text);
        g->place = found ? (struct str){arena_copy(&s->half->arena, text, UID_TEXT - 1), UID_TEXT - 1} : (struct str){"", 0};
    }
    if (g->uid.n > 0) {
        if (!uid_parse(g->uid, uid)) place_blame(problems, at, IMPORT_F_UID, g->uid);
    } else {
        import_uid_of(s->maker.known, "gathering", id, uid);
        uid_format(uid, text);
        g->uid = (struct str){arena_copy(&s->half->arena, text, UID_TEXT - 1), UID_TEXT - 1};
    }
    if (g->begins.s == INT64_MIN && row->gathering_line.day.day.d != CIVIL_DAY_NONE)
        g->begins = line_instant(s->o->zone, row->gathering_line.day);
    const struct record_reading reading = {s->o->zone, &s->half->arena, problems, at};
    if (!record_check(&gathering_record_kind, g, &reading) || problems->errors > 0) return TONG_OK;
    return import_known_put(s->maker.known, IMPORT_A_GATHERING, id, false, uid)
               ? TONG_OK
               : tong_fail(err, TONG_E_NOMEM, "the gatherings of an import");
}
