#include "service/account_out.h"

#include "store/person.h"

#include <string.h>

static const char *const account_lang_word[LANG_COUNT] = {"en", "zh"};

void account_out(struct request *rq, struct json_out *j, const struct account *a)
{
    (void)rq;
    json_out_int(j, "id", a->id);
    json_out_text(j, "login", a->login);
    json_out_text(j, "name", a->name);
    json_out_z(j, "language", account_lang_word[a->language]);
    json_out_bool(j, "resident", a->person != 0);
    json_out_bool(j, "must_change", a->must_change);
    json_out_bool(j, "second_factor", account_has_second_factor(a));
    json_out_instant(j, "created", a->created);
    json_out_instant(j, "closed", a->closed);
    json_out_int(j, "version", a->version);
}

static tong_code account_place_out(struct request *rq, struct json_out *j, int64_t place, struct err *err)
{
    char uid[UID_TEXT] = "";
    struct str name = {NULL, 0};
    if (place == 0) {
        json_out_null(j, "place");
        json_out_null(j, "place_name");
        return TONG_OK;
    }
    tong_code code = db_ask(rq->db, sql_grant_place, &DB_I(place), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_grant_place)) {
        struct str bytes = db_text(rq->db, sql_grant_place, 0), zh = db_text(rq->db, sql_grant_place, 1);
        struct str en = db_text(rq->db, sql_grant_place, 2);
        if (bytes.n == 16) uid_format((const unsigned char *)bytes.p, uid);
        name = rq->language == LANG_EN && en.n > 0 ? en : zh;
    }
    json_out_z(j, "place", uid);
    json_out_text(j, "place_name", name);
    return db_done(rq->db, sql_grant_place, err);
}

tong_code account_grants_out(struct request *rq, struct json_out *j, int64_t account, bool past, struct err *err)
{
    enum { ROWS = 256 };
    struct grant_row *rows = arena_array(rq->arena, ROWS, sizeof rows[0]);
    size_t count = 0;
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for grants");
    tong_code code = grant_list(rq->db, account, rows, ROWS, &count, err);
    json_out_array(j, "grants");
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        const struct grant *g = &rows[i].grant;
        bool over = g->ends.s != UTC_NONE.s && g->ends.s <= rq->now.s;
        if (over && !past) continue;
        const struct record_word *role = role_word_at(g->role);
        json_out_object(j, NULL);
        json_out_int(j, "id", rows[i].id);
        json_out_z(j, "role", role == NULL ? NULL : role->word);
        json_out_z(j, "role_name", role == NULL ? NULL : role->label.text[rq->language]);
        code = account_place_out(rq, j, g->place, err);
        json_out_instant(j, "from", g->begins);
        json_out_instant(j, "until", g->ends);
        json_out_bool(j, "in_force", !over && g->begins.s <= rq->now.s);
        json_out_bool(j, "needs_second_factor", role_needs_second_factor(g->role));
        json_out_end(j);
    }
    json_out_end(j);
    return code;
}

void account_rights_out(struct request *rq, struct json_out *j)
{
    json_out_array(j, "rights");
    for (int r = RIGHT_NONE + 1; r < RIGHT_WORD_COUNT; r++)
        if (actor_may(&rq->actor, (right_word)r, rq->now)) json_out_z(j, NULL, right_at((right_word)r)->word);
    json_out_end(j);
}

tong_code account_place(struct db *db, struct str uid, int64_t *out, struct err *err)
{
    unsigned char bytes[16];
    *out = 0;
    if (!uid_parse(uid, bytes)) return TONG_OK;
    tong_code code = db_ask(db, sql_grant_place_uid, &DB_B(((struct str){(const char *)bytes, sizeof bytes})), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_grant_place_uid)) *out = db_int(db, sql_grant_place_uid, 0, 0);
    return db_done(db, sql_grant_place_uid, err);
}
