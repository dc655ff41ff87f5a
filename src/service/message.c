#include "service/message.h"

#include "service/page.h"
#include "service/route.h"
#include "service/service.h"

#include <string.h>

const struct record_word message_channels[MESSAGE_CHANNEL_COUNT] = {
    {"app", LABEL("in the app", "应用内")}, {"mail", LABEL("mail", "邮件")}, {"hook", LABEL("text message", "短信")}};
const struct record_word message_states[MESSAGE_STATE_COUNT] = {
    {"waiting", LABEL("waiting", "待发送")},
    {"delivered", LABEL("delivered", "已送达")},
    {"read", LABEL("read", "已读")},
    {"given_up", LABEL("given up", "发送失败")},
};

// What is sealed under the master key and has no fact is bound to a negative number: this one is divisible by four.
static int64_t message_about(int64_t id)
{
    return -4 * id - 4;
}

int64_t message_delay(int32_t tries)
{
    static const int64_t delay[MESSAGE_TRIES_MOST] = {60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 12 * 3600};
    return delay[tries < 1 ? 0 : tries > MESSAGE_TRIES_MOST ? MESSAGE_TRIES_MOST - 1 : tries - 1];
}

tong_code message_add(struct db *db, const struct vault *v, const struct message_row *m, struct err *err)
{
    struct arena arena = {0};
    int64_t id = 0;
    tong_code code = db_ask(db, sql_message_next, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_message_next)) id = db_int(db, sql_message_next, 0, 0);
    code = db_done(db, sql_message_next, err);
    char *plain = arena_printf(&arena, "%.*s\n%.*s", STR_ARG(m->subject), STR_ARG(m->text));
    struct str sealed = plain == NULL ? (struct str){NULL, 0}
                                      : vault_seal(v, m->person, message_about(id), str_z(plain), &arena);
    // A reader who was erased meanwhile has no key: there is nobody to be told.
    bool gone = sealed.p == NULL && m->person != 0 && !vault_has(v, m->person);
    if (code == TONG_OK && sealed.p == NULL && !gone) code = tong_fail(err, TONG_E_NOMEM, "no memory for a message");
    if (code == TONG_OK && !gone) {
        const struct db_value in[] = {
            DB_I(id), db_i_or_null(m->person, 0), db_i_or_null(m->account, 0), DB_I(m->channel),
            DB_T(str_z(template_name(m->name))), DB_I(m->language), DB_I(m->made.s), DB_I(m->due.s),
            DB_I(m->channel == MESSAGE_APP ? MESSAGE_DELIVERED : MESSAGE_WAITING), DB_B(sealed), db_i_or_null(m->about, 0)};
        code = db_run(db, sql_message_put, in, sizeof in / sizeof in[0], NULL, err);
    }
    arena_free(&arena);
    return code;
}

bool message_read(struct db *db, sql_id q, const struct vault *v, struct arena *arena, struct message_row *out)
{
    int32_t name = template_find(db_text(db, q, 4));
    *out = (struct message_row){
        .id = db_int(db, q, 0, 0),
        .person = db_int(db, q, 1, 0),
        .account = db_int(db, q, 2, 0),
        .channel = (message_channel)db_int(db, q, 3, 0),
        .name = name < 0 ? TEMPLATE_TOLD : (template_word)name,
        .language = db_int(db, q, 5, 0) == LANG_ZH ? LANG_ZH : LANG_EN,
        .made = {db_int(db, q, 6, 0)},
        .due = {db_int(db, q, 7, 0)},
        .tries = (int32_t)db_int(db, q, 8, 0),
        .state = (message_state)db_int(db, q, 9, 0),
        .delivered = {db_int(db, q, 10, UTC_NONE.s)},
    };
    struct str fault = db_text(db, q, 11), sealed = db_text(db, q, 12);
    if (fault.n > 0) out->fault = str_z(arena_copy(arena, fault.p, fault.n));
    struct str plain = sealed.n == 0 ? sealed : vault_unseal(v, out->person, message_about(out->id), sealed, arena);
    if (plain.p != NULL && str_cut(&plain, '\n', &out->subject)) out->text = plain;
    return out->text.n > 0;
}

static void message_out(struct request *rq, struct json_out *j, const struct message_row *m, bool own)
{
    json_out_object(j, NULL);
    json_out_int(j, "id", m->id);
    json_out_z(j, "template", template_name(m->name));
    json_out_z(j, "label", template_label(m->name)->text[rq->language]);
    json_out_instant(j, "made", m->made);
    if (own) {
        json_out_text(j, "text", m->text);
        json_out_bool(j, "read", m->state == MESSAGE_READ);
    } else {
        json_out_z(j, "channel", message_channels[m->channel < MESSAGE_CHANNEL_COUNT ? m->channel : 0].word);
        json_out_z(j, "state", message_states[m->state < MESSAGE_STATE_COUNT ? m->state : 0].word);
        json_out_int(j, "tries", m->tries);
        json_out_instant(j, "due", m->state == MESSAGE_WAITING ? m->due : UTC_NONE);
        json_out_instant(j, "delivered", m->delivered);
        if (m->fault.n == 0) json_out_null(j, "fault");
        else json_out_text(j, "fault", m->fault);
    }
    json_out_end(j);
}

static tong_code message_page(struct request *rq, struct reply *rp, bool own, struct err *err)
{
    const sql_id q = own ? sql_message_of_account : sql_message_list;
    bool given = false, more = false;
    struct cursor c = {0};
    if (!page_cursor(rq, &given, &c)) return TONG_E_INVALID;
    size_t limit = page_limit(rq), n = 0;
    int64_t before = given ? c.id : INT64_MAX;
    int32_t state = own ? -1 : request_parameter_word(rq, "state");
    const struct db_value of_account[] = {DB_I(rq->actor.account), DB_I(before), DB_I((int64_t)limit + 1)};
    const struct db_value of_all[] = {DB_I(before), DB_I(state), DB_I((int64_t)limit + 1)};
    tong_code code = db_ask(rq->db, q, own ? of_account : of_all, 3, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    struct cursor next = {.scope = page_scope(rq)};
    while (!more && db_next(rq->db, q)) {
        struct message_row m;
        more = n++ == limit;
        if (more) break;
        (void)message_read(rq->db, q, rq->service->vault, rq->arena, &m);
        next.id = m.id;
        message_out(rq, &j, &m, own);
    }
    code = db_done(rq->db, q, err);
    return code == TONG_OK ? page_close(&j, more ? &next : NULL, -1, err) : code;
}

static tong_code message_own_get(struct request *rq, struct reply *rp, struct err *err)
{
    return message_page(rq, rp, true, err);
}

// How messages fared, without whom they went to or what they said: for who runs the server.
static tong_code message_log_get(struct request *rq, struct reply *rp, struct err *err)
{
    return message_page(rq, rp, false, err);
}

struct message_read_job {
    int64_t message, account;
    utc_sec at;
    int64_t changed;
};

static tong_code message_read_run(struct db *db, void *payload, struct err *err)
{
    struct message_read_job *job = payload;
    const struct db_value in[] = {DB_I(job->at.s), DB_I(job->message), DB_I(job->account)};
    return db_run(db, sql_message_read, in, 3, &job->changed, err);
}

// Marking it twice is as good as once; another's message is not there, and nothing tells.
static tong_code message_read_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct message_read_job job = {.message = rq->part_number[0], .account = rq->actor.account, .at = rq->now};
    rp->status = 204;
    return writer_call(rq->service->writer, message_read_run, &job, err);
}

static const struct parameter message_parameters[] = {
    {.name = "state", .type = PARAMETER_WORD, .words = message_states, .word_count = MESSAGE_STATE_COUNT,
     .label = LABEL("how they fared", "发送状态")},
};
static const struct schema message_schemas[] = {
    {"message", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"template\":{\"type\":\"string\"},"
                "\"label\":{\"type\":\"string\"},\"made\":{\"type\":\"string\",\"format\":\"date-time\"},"
                "\"text\":{\"type\":\"string\"},\"read\":{\"type\":\"boolean\"}}}"},
    {"message_log", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"template\":{\"type\":\"string\"},"
                    "\"label\":{\"type\":\"string\"},\"made\":{\"type\":\"string\",\"format\":\"date-time\"},"
                    "\"channel\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},\"tries\":{\"type\":\"integer\"},"
                    "\"due\":{\"type\":[\"string\",\"null\"]},\"delivered\":{\"type\":[\"string\",\"null\"]},"
                    "\"fault\":{\"type\":[\"string\",\"null\"]}}}"},
};
static const struct route message_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/me/messages", .name = "me_messages", .right = RIGHT_SIGNED_IN,
     .handler = message_own_get, .schema_out = "message", .list = true,
     .label = LABEL("what one was told, the newest first", "本人收到的通知，最新在前")},
    {.method = HTTP_POST, .path = "/api/v1/me/messages/{message}/read", .name = "me_message_read",
     .right = RIGHT_SIGNED_IN, .handler = message_read_post, .part = {PARAMETER_INTEGER},
     .label = LABEL("mark a message as read", "将通知标为已读")},
    {.method = HTTP_GET, .path = "/api/v1/messages", .name = "message_log", .right = RIGHT_RUN,
     .handler = message_log_get, .schema_out = "message_log", ROUTE_PARAMETERS(message_parameters), .list = true,
     .label = LABEL("what was sent by mail and text message, and how it fared", "邮件与短信的发送记录")},
};
const struct route_table message_routes = {.rows = message_table, .count = sizeof message_table / sizeof message_table[0],
                                           .schemas = message_schemas,
                                           .schema_count = sizeof message_schemas / sizeof message_schemas[0]};
