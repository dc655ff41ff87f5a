#include "service/alike.h"

#include "base/record_read.h"
#include "exchange/duplicate.h"
#include "service/service.h"
#include "service/show.h"
#include "store/roll_row.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALIKE_NAMED = 60,    // of one name
    ALIKE_NUMBERED = 32, // of one telephone or document
    ALIKE_MOST = ALIKE_NAMED + 2 * ALIKE_NUMBERED,
    ALIKE_SHOWN = 8,
    // A name alone is enough to be shown here: somebody looks, and decides. (An import asks for DUPLICATE_PROBABLE.)
    ALIKE_LEAST = 150,
};

struct alike_found {
    int64_t id[ALIKE_MOST];
    size_t count;
};
struct alike_scored {
    int64_t id;
    int32_t score;
    uint32_t reasons;
};

static void alike_add(struct alike_found *found, int64_t id)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->id[i] == id) return;
    if (found->count < ALIKE_MOST) found->id[found->count++] = id;
}

static tong_code alike_numbered(struct request *rq, sql_id q, const unsigned char *hash, struct alike_found *found,
                                struct err *err)
{
    const struct str bytes = {(const char *)hash, VAULT_HASH};
    tong_code code = db_ask(rq->db, q, &DB_B(bytes), 1, err);
    for (size_t i = 0; code == TONG_OK && i < ALIKE_NUMBERED && db_next(rq->db, q); i++)
        alike_add(found, db_int(rq->db, q, 0, 0));
    return code == TONG_OK ? db_done(rq->db, q, err) : code;
}

static tong_code alike_named(struct request *rq, struct str name, struct alike_found *found, struct err *err)
{
    struct roll *roll = rq->service->roll;
    struct roll_query q = {.list = ROLL_PEOPLE, .sort = ROLL_BY_MATCH, .name = name, .limit = ALIKE_NAMED, .arena = rq->arena};
    struct roll_row rows[ALIKE_NAMED];
    struct roll_page page = {.rows = rows, .total = -1};
    if (name.n == 0 || !show_scopes(rq, RIGHT_PERSON_FIND, &q)) return TONG_OK;
    roll_read_begin(roll);
    bool good = roll_ask(roll, &q, &page);
    roll_read_end(roll);
    for (size_t i = 0; good && i < page.count; i++) alike_add(found, rows[i].id);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "people alike");
}

static tong_code alike_find(struct request *rq, const struct person_record *p, struct alike_found *found, struct err *err)
{
    unsigned char hash[VAULT_HASH];
    tong_code code = TONG_OK;
    if (p->document.n > 0 && person_document_hash(rq->service->vault, p->document, hash))
        code = alike_numbered(rq, sql_person_by_document, hash, found, err);
    if (code == TONG_OK && p->phone.n > 0 && person_phone_hash(rq->service->vault, p->phone, hash))
        code = alike_numbered(rq, sql_person_by_phone, hash, found, err);
    return code == TONG_OK ? alike_named(rq, str_trim(p->name), found, err) : code;
}

static int alike_better(const void *a, const void *b)
{
    const struct alike_scored *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static tong_code alike_score(struct request *rq, const struct person_record *p, const struct alike_found *found,
                             struct alike_scored *out, size_t *count, struct err *err)
{
    struct duplicate_who who, other;
    unsigned char self[UID_BYTES];
    bool named = uid_parse(p->uid, self);
    duplicate_who_make(p, &who);
    *count = 0;
    for (size_t i = 0; i < found->count; i++) {
        struct show_person known;
        uint32_t reasons = 0;
        if (!show_reaches(rq, RIGHT_PERSON_FIND, found->id[i])) continue;
        tong_code code = show_person_read(rq, found->id[i], &known, err);
        if (code == TONG_E_NOT_FOUND) continue;
        if (code != TONG_OK) return code;
        if (known.merged_into != 0 || (named && memcmp(known.uid, self, UID_BYTES) == 0)) continue;
        duplicate_who_make(&known.record, &other);
        int32_t score = duplicate_score(&who, &other, &reasons);
        bool same = (reasons & (DUPLICATE_NAME | DUPLICATE_PHONE | DUPLICATE_DOCUMENT)) != 0;
        if (score >= ALIKE_LEAST || same) out[(*count)++] = (struct alike_scored){found->id[i], score, reasons};
    }
    qsort(out, *count, sizeof *out, alike_better);
    return TONG_OK;
}

static tong_code alike_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct alike_found *found = arena_alloc(rq->arena, sizeof *found);
    struct alike_scored *scored = arena_array(rq->arena, ALIKE_MOST, sizeof *scored);
    size_t count = 0;
    if (found == NULL || scored == NULL) return tong_fail(err, TONG_E_NOMEM, "people alike");
    found->count = 0;
    tong_code code = alike_find(rq, rq->row, found, err);
    if (code == TONG_OK) code = alike_score(rq, rq->row, found, scored, &count, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    for (size_t i = 0; i < count && i < ALIKE_SHOWN && code == TONG_OK; i++) {
        json_out_object(&j, NULL);
        json_out_int(&j, "score", scored[i].score);
        json_out_bool(&j, "probable", scored[i].score >= DUPLICATE_PROBABLE);
        json_out_array(&j, "reasons");
        for (int32_t bit = 0; bit < DUPLICATE_REASON_COUNT; bit++)
            if (scored[i].reasons >> bit & 1) json_out_z(&j, NULL, duplicate_reason_label(bit)->text[rq->language]);
        json_out_end(&j);
        code = show_subject(rq, &j, "person", scored[i].id, err);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "people alike");
}

static const struct schema alike_schemas[] = {
    {"alike", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
              "\"score\":{\"type\":\"integer\"},\"probable\":{\"type\":\"boolean\"},\"reasons\":{\"type\":\"array\",\"items\":{"
              "\"type\":\"string\"}},\"person\":{\"type\":\"object\"}}}}}}"},
};
static const struct route alike_rows[] = {
    {.method = HTTP_POST,
     .path = "/api/v1/people/alike",
     .name = "people_alike",
     .right = RIGHT_PERSON_FIND,
     .handler = alike_post,
     .body = BODY_RECORD,
     .record = &person_record_kind,
     .schema_out = "alike",
     .label = LABEL("who is known already and might be meant", "可能已登记的同一人")},
};
const struct route_table alike_routes = {.rows = alike_rows,
                                         .count = sizeof alike_rows / sizeof alike_rows[0],
                                         .schemas = alike_schemas,
                                         .schema_count = sizeof alike_schemas / sizeof alike_schemas[0]};
