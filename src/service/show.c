#include "service/show.h"

#include "service/held.h"
#include "service/service.h"
#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

enum show_fault { SHOW_NO_PLACE, SHOW_NO_NAME, SHOW_FAULT_COUNT };
static const struct message show_message[SHOW_FAULT_COUNT] = {
    [SHOW_NO_PLACE] = {"place-unknown", PROBLEM_ERROR,
                       LABEL("there is no such place, or none you look after", "没有该场所，或不在您的管辖范围内"),
                       LABEL("choose a place from the tree of places", "请从场所树中选择")},
    [SHOW_NO_NAME] = {"name-unknown", PROBLEM_ERROR,
                      LABEL("no edition has a {2} \"{1}\"", "各版方案中都没有名为“{1}”的{2}"),
                      LABEL("use a name as the protocol writes it", "请使用方案中的名称")},
};

// ---- who may be seen ----

bool show_scopes(struct request *rq, right_word right, struct roll_query *q)
{
    int64_t *places = arena_array(rq->arena, ROLL_SCOPES_MAX, sizeof *places);
    bool everywhere = false;
    if (places == NULL) return false;
    q->arena = rq->arena;
    q->scope_count = actor_scopes(&rq->actor, right, rq->now, places, ROLL_SCOPES_MAX, &everywhere);
    q->scopes = places;
    return everywhere || q->scope_count > 0;
}

bool show_reaches(const struct request *rq, right_word right, int64_t subject)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool good = actor_reaches(&rq->actor, right, rq->now, roll, roll_place_of(roll, subject));
    roll_read_end(roll);
    return good;
}

record_class show_class(const struct request *rq, int64_t subject)
{
    struct roll *roll = rq->service->roll;
    if (subject != 0 && subject == rq->actor.person) return RECORD_IDENTITY;
    roll_read_begin(roll);
    record_class class = actor_class(&rq->actor, rq->now, roll, roll_place_of(roll, subject));
    roll_read_end(roll);
    return class;
}

static tong_code show_kind(struct request *rq, int64_t id, subject_kind *kind, bool *erased, struct err *err)
{
    int64_t flags = 0;
    tong_code code = db_ask(rq->db, sql_subject_get, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_subject_get)) {
        *kind = (subject_kind)db_int(rq->db, sql_subject_get, 0, 0);
        flags = db_int(rq->db, sql_subject_get, 3, 0);
    }
    *erased = *kind == SUBJECT_PERSON && (flags & PERSON_ERASED) != 0;
    return db_done(rq->db, sql_subject_get, err);
}

tong_code show_find(struct request *rq, const unsigned char uid[UID_BYTES], int64_t *id, subject_kind *kind,
                    struct err *err)
{
    const struct str bytes = {(const char *)uid, UID_BYTES};
    int64_t found = 0;
    bool erased = false;
    tong_code code = db_ask(rq->db, sql_subject_by_uid, &DB_B(bytes), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_subject_by_uid)) found = db_int(rq->db, sql_subject_by_uid, 0, 0);
    code = db_done(rq->db, sql_subject_by_uid, err);
    if (code == TONG_OK && found == 0) code = tong_fail(err, TONG_E_NOT_FOUND, "no subject of this uid");
    if (code == TONG_OK) code = show_kind(rq, found, kind, &erased, err);
    if (code == TONG_OK && erased) code = tong_fail(err, TONG_E_NOT_FOUND, "the person was erased");
    if (code == TONG_OK) *id = found;
    return code;
}

tong_code show_part(struct request *rq, subject_kind kind, right_word right, int64_t *id, struct err *err)
{
    subject_kind is = kind;
    int64_t found = 0;
    tong_code code = show_find(rq, rq->part_uid[0], &found, &is, err);
    if (code != TONG_OK) return code;
    if (is != kind || !show_reaches(rq, right, found)) return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    *id = found;
    if (kind == SUBJECT_PERSON) rq->looked_at = found;
    return TONG_OK;
}

bool show_place_parameter(struct request *rq, const char *name, int64_t *place, struct err *err)
{
    unsigned char uid[UID_BYTES];
    subject_kind kind = SUBJECT_PLACE;
    *place = 0;
    if (!request_parameter_uid(rq, name, uid)) return true;
    if (show_find(rq, uid, place, &kind, err) == TONG_OK && kind == SUBJECT_PLACE) return true;
    request_fault(rq, &show_message[SHOW_NO_PLACE], name, NULL, NULL, NULL, NULL);
    return false;
}

bool show_within(struct request *rq, struct roll_query *q, int64_t place)
{
    struct roll *roll = rq->service->roll;
    int64_t *scopes = arena_array(rq->arena, ROLL_SCOPES_MAX, sizeof *scopes);
    size_t count = 0;
    if (place == 0) return true;
    if (scopes == NULL) return false;
    roll_read_begin(roll);
    bool inside = q->scope_count == 0;
    for (size_t i = 0; i < q->scope_count && !inside; i++) {
        inside = roll_place_within(roll, place, q->scopes[i]);
        if (!inside && roll_place_within(roll, q->scopes[i], place)) scopes[count++] = q->scopes[i];
    }
    roll_read_end(roll);
    if (inside) {
        scopes[0] = place;
        count = 1;
    }
    q->scopes = scopes;
    q->scope_count = count;
    return count > 0;
}

static const char *show_z(struct arena *arena, struct str text)
{
    const char *copy = arena_copy(arena, text.p, text.n);
    return copy == NULL ? "" : copy;
}

// ---- people and places ----

void show_uid(struct json_out *j, const char *key, const unsigned char uid[UID_BYTES])
{
    char text[UID_TEXT];
    uid_format(uid, text);
    json_out_z(j, key, text);
}

static void show_uid_copy(struct str bytes, unsigned char out[UID_BYTES])
{
    memset(out, 0, UID_BYTES);
    if (bytes.n == UID_BYTES) memcpy(out, bytes.p, UID_BYTES);
}

tong_code show_person_read(struct request *rq, int64_t id, struct show_person *out, struct err *err)
{
    const sql_id q = sql_person_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    if (there) {
        *out = (struct show_person){.id = db_int(rq->db, q, 0, 0),
                                    .place = db_int(rq->db, q, 2, 0),
                                    .born = {(int32_t)db_int(rq->db, q, 3, CIVIL_DAY_NONE)},
                                    .sex = (int32_t)db_int(rq->db, q, 4, 0),
                                    .flags = (int32_t)db_int(rq->db, q, 5, 0),
                                    .guardian = db_int(rq->db, q, 6, 0),
                                    .merged_into = db_int(rq->db, q, 7, 0),
                                    .version = db_int(rq->db, q, 8, 0),
                                    .record = person_record_none()};
        show_uid_copy(db_text(rq->db, q, 1), out->uid);
        struct str sealed = db_text(rq->db, q, 9), plain = {NULL, 0};
        if (sealed.n > 0) plain = vault_unseal(rq->service->vault, id, out->version, sealed, rq->arena);
        if (plain.n > 0) code = payload_read(&person_record_kind, plain, rq->arena, &out->record, err);
    }
    tong_code done = db_done(rq->db, q, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    return there ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "no such person");
}

tong_code show_place(struct request *rq, struct json_out *j, const char *key, int64_t place, struct err *err)
{
    const sql_id q = sql_place_get;
    tong_code code = TONG_OK;
    if (place != 0) code = db_ask(rq->db, q, &DB_I(place), 1, err);
    if (code != TONG_OK) return code;
    if (place == 0 || !db_next(rq->db, q)) {
        json_out_null(j, key);
        return place == 0 ? TONG_OK : db_done(rq->db, q, err);
    }
    unsigned char uid[UID_BYTES];
    int32_t kind = (int32_t)db_int(rq->db, q, 3, PLACE_KIND_OUTSIDE);
    struct str name_en = db_text(rq->db, q, 5),
               name = rq->language == LANG_EN && name_en.n > 0 ? name_en : db_text(rq->db, q, 4);
    show_uid_copy(db_text(rq->db, q, 1), uid);
    json_out_object(j, key);
    show_uid(j, "uid", uid);
    json_out_text(j, "name", name);
    json_out_z(j, "kind", place_kind_at(kind >= 0 && kind < PLACE_KIND_COUNT ? kind : PLACE_KIND_OUTSIDE).name);
    json_out_end(j);
    return db_done(rq->db, q, err);
}

static const char *const show_sexes[] = {
    [PERSON_SEX_UNKNOWN] = "unknown", [PERSON_MALE] = "male", [PERSON_FEMALE] = "female", [PERSON_SEX_OTHER] = "other"};

static tong_code show_of_person(struct request *rq, struct json_out *j, const char *key, int64_t id, struct err *err)
{
    struct show_person p;
    tong_code code = show_person_read(rq, id, &p, err);
    if (code != TONG_OK) return code;
    record_class class = show_class(rq, id);
    const struct str name = p.record.name.n > 0 ? p.record.name : p.record.description;
    json_out_object(j, key);
    json_out_z(j, "kind", "person");
    show_uid(j, "uid", p.uid);
    if (class >= RECORD_IDENTITY) json_out_text(j, "name", name);
    else json_out_null(j, "name");
    json_out_z(j, "sex",
               class >= RECORD_PERSONAL && p.sex >= 0 && p.sex <= PERSON_SEX_OTHER ? show_sexes[p.sex] : NULL);
    show_day(j, "born", class >= RECORD_PERSONAL ? roll_day(p.born) : ROLL_NONE);
    code = show_place(rq, j, "place", class >= RECORD_INTERNAL ? p.place : 0, err);
    if (p.flags & PERSON_PROVISIONAL) json_out_bool(j, "provisional", true);
    if (p.flags & PERSON_DIED) json_out_bool(j, "died", true);
    json_out_end(j);
    return code;
}

static tong_code show_of_gathering(struct request *rq, struct json_out *j, const char *key, int64_t id, struct err *err)
{
    const sql_id q = sql_gathering_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    int64_t place = 0;
    unsigned char uid[UID_BYTES] = {0};
    const char *name = "";
    if (db_next(rq->db, q)) {
        struct str text = db_text(rq->db, q, 3);
        name = arena_copy(rq->arena, text.p, text.n);
        show_uid_copy(db_text(rq->db, q, 1), uid);
        place = db_int(rq->db, q, 2, 0);
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    json_out_object(j, key);
    json_out_z(j, "kind", "gathering");
    show_uid(j, "uid", uid);
    json_out_z(j, "name", name);
    code = show_place(rq, j, "place", place, err);
    json_out_end(j);
    return code;
}

// A place as what something is about: its name stands where that of a person stands.
static tong_code show_of_place(struct request *rq, struct json_out *j, const char *key, int64_t id, struct err *err)
{
    const sql_id q = sql_place_get;
    unsigned char uid[UID_BYTES] = {0};
    const char *name = "";
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, q)) {
        struct str en = db_text(rq->db, q, 5), text = rq->language == LANG_EN && en.n > 0 ? en : db_text(rq->db, q, 4);
        name = show_z(rq->arena, text);
        show_uid_copy(db_text(rq->db, q, 1), uid);
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    json_out_object(j, key);
    json_out_z(j, "kind", "place");
    show_uid(j, "uid", uid);
    json_out_z(j, "name", name);
    code = show_place(rq, j, "place", id, err);
    json_out_end(j);
    return code;
}

tong_code show_subject(struct request *rq, struct json_out *j, const char *key, int64_t subject, struct err *err)
{
    subject_kind kind = SUBJECT_PERSON;
    bool erased = false;
    if (subject == 0) {
        json_out_null(j, key);
        return TONG_OK;
    }
    tong_code code = show_kind(rq, subject, &kind, &erased, err);
    if (code != TONG_OK) return code;
    if (kind == SUBJECT_PERSON) return show_of_person(rq, j, key, subject, err);
    if (kind == SUBJECT_GROUP) return show_of_gathering(rq, j, key, subject, err);
    return show_of_place(rq, j, key, subject, err);
}

// ---- words ----

void show_named(struct json_out *j, const char *key, const char *name, const struct label *label, lang language)
{
    json_out_object(j, key);
    json_out_z(j, "word", name);
    json_out_z(j, "label", label->text[language]);
    json_out_end(j);
}

void show_words_at(struct json_out *j, const char *key, const struct word *word, lang language)
{
    show_named(j, key, word->name, &word->label, language);
}

void show_word(struct json_out *j, const char *key, word_list list, int32_t word, lang language)
{
    if (word < 0 || word >= words_count(list)) json_out_null(j, key);
    else show_words_at(j, key, words_at(list, word), language);
}

void show_role(struct json_out *j, const char *key, int32_t role, lang language)
{
    const struct record_word *w = role_word_at(role);
    if (w != NULL) show_named(j, key, w->word, &w->label, language);
    else show_word(j, key, WORDS_ROLE, role, language); // of the people themselves: no account has it
}

void show_minute(struct json_out *j, const char *key, int32_t minute)
{
    json_out_instant(j, key, roll_instant(minute));
}

void show_day(struct json_out *j, const char *key, int32_t day)
{
    json_out_day(j, key, (civil_day){day == ROLL_NONE ? CIVIL_DAY_NONE : day});
}

// ---- lists ----

civil_day show_today(const struct request *rq)
{
    return zone_day(&rq->service->options.zone, rq->now);
}

void show_filter(struct roll_query *q, int column, roll_compare compare, int32_t value)
{
    assert(q->filter_count < ROLL_FILTERS_MAX);
    q->filter[q->filter_count++] =
        (struct roll_filter){.column = (uint8_t)column, .compare = (uint8_t)compare, .value = value};
}

void show_days(const struct request *rq, struct roll_query *q, int column, const char *from, const char *to,
               bool minutes)
{
    const struct zone *zone = &rq->service->options.zone;
    civil_day first = request_parameter_day(rq, from), last = request_parameter_day(rq, to);
    if (first.d != CIVIL_DAY_NONE)
        show_filter(q, column, ROLL_FROM, minutes ? roll_minute(zone_midnight(zone, first)) : first.d);
    if (last.d != CIVIL_DAY_NONE)
        show_filter(q, column, ROLL_TO,
                    minutes ? roll_minute(zone_midnight(zone, (civil_day){last.d + 1})) - 1 : last.d);
}

// A stage's number has the name "pathway.stage".
static bool show_names_fit(struct str name, struct str asked)
{
    if (str_eq(name, asked)) return true;
    return name.n > asked.n && name.p[name.n - asked.n - 1] == '.' &&
           str_eq((struct str){name.p + name.n - asked.n, asked.n}, asked);
}

bool show_numbers(struct request *rq, struct roll_query *q, int column, const char *parameter, roll_names kind)
{
    static const struct label kinds[ROLL_NAMES_COUNT] = {LABEL("pathway", "处置流程"), LABEL("stage", "阶段"),
                                                         LABEL("measure", "措施"), LABEL("task", "任务"),
                                                         LABEL("status code", "状态码")};
    struct str rest = request_parameter(rq, parameter), part;
    struct roll *roll = rq->service->roll;
    struct roll_filter f = {.column = (uint8_t)column, .compare = ROLL_ONE_OF};
    if (rest.p == NULL) return true;
    bool good = true;
    roll_read_begin(roll);
    while (good && str_cut(&rest, ',', &part)) {
        size_t count = roll_number_count(roll, kind), fit = 0;
        for (size_t i = 0; i < count && i < 256; i++) {
            if (!show_names_fit(roll_number_name(roll, kind, (int32_t)i), part)) continue;
            f.set[i / 64] |= (uint64_t)1 << (i % 64);
            fit++;
        }
        good = fit > 0;
    }
    roll_read_end(roll);
    if (good) {
        assert(q->filter_count < ROLL_FILTERS_MAX);
        q->filter[q->filter_count++] = f;
        return true;
    }
    const char *given = arena_copy(rq->arena, part.p, part.n);
    request_fault(rq, &show_message[SHOW_NO_NAME], parameter, given, kinds[kind].text[rq->language], NULL, NULL);
    return false;
}

void show_etag(const struct request *rq, struct reply *rp, roll_list list)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    uint64_t version = roll_version(roll, list);
    roll_read_end(roll);
    uint64_t who = str_hash((struct str){(const char *)&rq->actor, sizeof rq->actor}), what = str_hash(rq->target);
    (void)snprintf(rp->etag, sizeof rp->etag, "%llx-%llx", (unsigned long long)version,
                   (unsigned long long)(who ^ (what * 31) ^ (uint64_t)rq->language));
}

void show_version_etag(struct reply *rp, int64_t version)
{
    (void)snprintf(rp->etag, sizeof rp->etag, "v%lld-%llx", (long long)version,
                   (unsigned long long)str_hash(sink_kept(&rp->body)));
}

tong_code show_if_match(struct request *rq, struct reply *rp, int64_t version)
{
    char etag[40], begins[40];
    (void)snprintf(etag, sizeof etag, "v%lld", (long long)version);
    (void)snprintf(begins, sizeof begins, "\"v%lld-", (long long)version);
    if (rq->if_match.n == 0 || strstr(show_z(rq->arena, rq->if_match), begins) != NULL) return TONG_OK;
    return request_if_match(rq, rp, etag);
}

// ---- writing ----

struct command show_command(const struct request *rq, command_kind kind)
{
    struct command c = {.kind = kind, .account = rq->actor.account, .at = rq->now, .until = UTC_NONE};
    c.fact.happened = c.fact.known = c.fact.recorded = rq->now;
    c.fact.until = UTC_NONE;
    if (!uid_parse(rq->idempotency, c.uid)) memset(c.uid, 0, sizeof c.uid);
    return c;
}

tong_code show_take(struct request *rq, struct reply *rp, const struct command *commands, size_t count,
                    struct intake_outcome *out, bool *held, struct err *err)
{
    *held = false;
    for (size_t i = 0; i < count; i++) out[i] = (struct intake_outcome){.problems = &rq->problems};
    tong_code code = held_take(rq, rp, commands, count, out, held, err);
    for (size_t i = 0; i < count && code == TONG_OK && !*held; i++)
        if (out[i].code != TONG_OK) code = tong_fail(err, out[i].code, "refused");
    return code;
}
