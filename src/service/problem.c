#include "service/problem.h"

#include "base/json.h"
#include "service/service.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct fault_row {
    int32_t status;
    struct message message;
};

static const struct fault_row faults[HTTP_FAULT_COUNT] = {
    [HTTP_FAULT_TARGET] = {400,
                           {"address-malformed", PROBLEM_ERROR, LABEL("the address is malformed", "请求地址格式有误"),
                            LABEL("it is percent-encoded UTF-8 of at most 8,192 bytes",
                                  "地址应为百分号编码的 UTF-8，长度不超过 8192 字节")}},
    [HTTP_FAULT_NOT_FOUND] = {404,
                              {"not-found", PROBLEM_ERROR, LABEL("there is nothing here", "没有找到所请求的内容"),
                               LABEL("it does not exist, or lies outside your area of responsibility",
                                     "该内容不存在，或不在您的管辖范围内")}},
    [HTTP_FAULT_METHOD] = {405,
                           {"method-not-allowed", PROBLEM_ERROR, LABEL("{1} is not possible here", "此处不支持 {1}"),
                            LABEL("possible: {2}", "可用的方法：{2}")}},
    [HTTP_FAULT_FOREIGN] = {403,
                            {"request-from-elsewhere", PROBLEM_ERROR,
                             LABEL("the request came from another site", "请求来自其他网站，已拒绝"),
                             LABEL("go to this system's own pages; programs send the field Origin",
                                   "请在本系统页面内操作；程序调用时请带上 Origin 字段")}},
    [HTTP_FAULT_SIGN_IN] = {401,
                            {"sign-in-needed", PROBLEM_ERROR, LABEL("you are not signed in", "您尚未登录或登录已过期"),
                             LABEL("sign in, then try again: nothing you typed was recorded yet",
                                   "请登录后重试；刚才填写的内容尚未保存")}},
    [HTTP_FAULT_OTHER_ACCOUNT] = {409,
                                  {"other-account", PROBLEM_ERROR,
                                   LABEL("somebody else has signed in on this device", "此设备上已有其他人登录"),
                                   LABEL("nothing was recorded: it is kept for whoever wrote it until they sign in again",
                                         "尚未保存任何内容，将保留在本机，待填写人重新登录后提交")}},
    [HTTP_FAULT_RIGHT] = {403,
                          {"right-missing", PROBLEM_ERROR,
                           LABEL("your account may not do this: {1}", "您的账号没有此项权限：{2}"),
                           LABEL("ask your administrator for a role that has it",
                                 "如需办理，请联系管理员授予相应角色")}},
    [HTTP_FAULT_MUST_CHANGE] = {403,
                                {"password-must-change", PROBLEM_ERROR,
                                 LABEL("choose a password of your own first", "请先设置您自己的密码"),
                                 LABEL("the one you were given serves only to sign in once",
                                       "初始密码仅供首次登录使用")}},
    [HTTP_FAULT_SECOND_FACTOR] = {403,
                                  {"second-factor-needed", PROBLEM_ERROR,
                                   LABEL("your role needs a second factor", "您的角色需要二次验证"),
                                   LABEL("set it up or enter its code", "请先完成二次验证的设置或输入验证码")}},
    [HTTP_FAULT_PARAMETERS] = {400,
                               {"parameters-wrong", PROBLEM_ERROR, LABEL("the query is wrong", "查询参数有误"),
                                LABEL("correct what is listed under errors", "请按 errors 中所列逐项改正")}},
    [HTTP_FAULT_TYPE] = {415,
                         {"media-type", PROBLEM_ERROR, LABEL("the body is not of type {1}", "请求内容的类型应为 {1}"),
                          LABEL("send it with Content-Type: {1}", "请以 Content-Type: {1} 发送")}},
    [HTTP_FAULT_JSON] = {400,
                         {"json-malformed", PROBLEM_ERROR,
                          LABEL("the body is not valid JSON, at line {1}", "请求内容不是有效的 JSON，见第 {1} 行"),
                          LABEL("UTF-8, no key twice in an object, at most 16 levels deep",
                                "须为 UTF-8，同一对象内键名不得重复，嵌套不超过 16 层")}},
    [HTTP_FAULT_BODY_LARGE] = {413,
                               {"body-too-large", PROBLEM_ERROR,
                                LABEL("more was sent than is taken here", "发送的内容超出大小限制"),
                                LABEL("at most {1} bytes: send it in parts", "最多 {1} 字节，请分批发送")}},
    [HTTP_FAULT_BODY_EMPTY] = {400,
                               {"body-missing", PROBLEM_ERROR, LABEL("the body is missing", "缺少请求内容"),
                                LABEL("send what is to be recorded", "请发送需要登记的内容")}},
    [HTTP_FAULT_INPUT] = {422,
                          {"input-wrong", PROBLEM_ERROR, LABEL("this cannot be recorded yet", "内容有误，暂未保存"),
                           LABEL("correct what is listed under errors; nothing was recorded",
                                 "请按 errors 中所列逐项改正；尚未保存任何内容")}},
    [HTTP_FAULT_CONFLICT] = {409,
                             {"conflict", PROBLEM_ERROR,
                              LABEL("this contradicts what is already recorded", "与已登记的内容冲突"),
                              LABEL("look at what is there, then decide", "请先查看已有内容再决定")}},
    [HTTP_FAULT_VERSION] = {412,
                            {"changed-meanwhile", PROBLEM_ERROR,
                             LABEL("somebody changed it meanwhile", "内容已被他人修改"),
                             LABEL("read it again, then send your change once more", "请重新读取后再提交您的修改")}},
    [HTTP_FAULT_LIMIT] = {413,
                          {"limit-reached", PROBLEM_ERROR,
                           LABEL("this is more than can be done at once", "一次处理的数量过多"),
                           LABEL("do it in smaller parts", "请分批办理")}},
    [HTTP_FAULT_BUSY] = {503,
                         {"try-again", PROBLEM_ERROR, LABEL("this could not be done just now", "系统暂时无法处理"),
                          LABEL("nothing was recorded: try again in a moment", "尚未保存任何内容，请稍后重试")}},
    [HTTP_FAULT_MEMORY] = {503,
                           {"no-memory", PROBLEM_ERROR, LABEL("there is not enough memory", "系统内存不足"),
                            LABEL("nothing was recorded: try again, with less at once",
                                  "尚未保存任何内容，请减少数量后重试")}},
    [HTTP_FAULT_OURS] = {500,
                         {"fault-of-ours", PROBLEM_ERROR, LABEL("the system made a mistake", "系统发生错误"),
                          LABEL("tell your administrator the number of this request", "请将本次请求编号告知管理员")}},
    [HTTP_FAULT_SLOW] = {408,
                         {"too-slow", PROBLEM_ERROR, LABEL("the request did not arrive in time", "请求接收超时"),
                          LABEL("try again on a better connection", "请在网络较好时重试")}},
};

const struct message *problem_message(http_fault fault)
{
    return &faults[fault].message;
}
int32_t problem_status(http_fault fault)
{
    return faults[fault].status;
}

// {4} is the limit in the messages of fields (base/record_read.h) and parameters.
static const char *problem_limit(const struct problem *p)
{
    bool field = strncmp(p->message->slug, "field-", 6) == 0 || strncmp(p->message->slug, "parameter-", 10) == 0;
    return field && p->arg[3] != NULL && p->arg[3][0] != 0 ? p->arg[3] : NULL;
}

static void problem_errors(struct request *rq, struct json_out *j)
{
    static const char *const severities[] = {"error", "warning", "note"};
    const struct problem_list *list = &rq->problems;
    json_out_array(j, "errors");
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *p = &list->items[i];
        json_out_object(j, NULL);
        json_out_z(j, "slug", p->message->slug);
        json_out_z(j, "severity", severities[p->message->severity]);
        json_out_z(j, "field", p->path == NULL ? "" : p->path);
        json_out_z(j, "text", problem_text(p, rq->language, rq->arena));
        json_out_z(j, "limit", problem_limit(p));
        struct problem remedy = *p;
        struct message turned = *p->message;
        turned.text = turned.remedy;
        remedy.message = &turned;
        json_out_z(j, "remedy", problem_text(&remedy, rq->language, rq->arena));
        if (p->line > 0) json_out_int(j, "line", p->line);
        if (p->column > 0) json_out_int(j, "column", p->column);
        json_out_end(j);
    }
    json_out_end(j);
    if (list->dropped > 0) json_out_int(j, "more_errors", (int64_t)list->dropped);
}

static char *problem_fill(struct request *rq, const struct label *text, const char *arg1, const char *arg2)
{
    struct message m = {.slug = "", .text = *text};
    struct problem p = {.message = &m, .path = "", .arg = {arg1 == NULL ? "" : arg1, arg2 == NULL ? "" : arg2, "", ""}};
    return problem_text(&p, rq->language, rq->arena);
}

static void problem_write(struct request *rq, struct reply *rp, int32_t status, const struct message *message,
                          const char *arg1, const char *arg2)
{
    char instance[64], type[96];
    rp->body.n = 0; // whatever the handler had begun
    rp->fixed = (struct str){0};
    rp->etag[0] = 0;
    rp->cache = NULL;
    rp->status = status;
    rp->type = "application/problem+json";
    (void)snprintf(type, sizeof type, "/api/v1/problems#%s", message->slug);
    (void)snprintf(instance, sizeof instance, "urn:tongzhou:request:%016" PRIx64, rq->id);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "type", type);
    json_out_z(&j, "title", problem_fill(rq, &message->text, arg1, arg2));
    json_out_int(&j, "status", status);
    json_out_z(&j, "detail", problem_fill(rq, &message->remedy, arg1, arg2));
    json_out_z(&j, "instance", instance);
    json_out_z(&j, "slug", message->slug);
    problem_errors(rq, &j);
    json_out_end(&j);
    (void)json_out_finish(&j);
    reply_header(rp, "Content-Language", rq->language == LANG_ZH ? STR("zh-CN") : STR("en"));
    if (status == 503) reply_header(rp, "Retry-After", STR("1"));
}

void problem_reply(struct request *rq, struct reply *rp, http_fault fault, const char *arg1, const char *arg2)
{
    problem_write(rq, rp, faults[fault].status, &faults[fault].message, arg1, arg2);
}

tong_code reply_problem(struct request *rq, struct reply *rp, int32_t status, const struct message *message,
                        const char *field, const char *arg1, const char *arg2)
{
    if (field != NULL) request_fault(rq, message, field, arg1, arg2, NULL, NULL);
    problem_write(rq, rp, status, message, arg1, arg2);
    return TONG_OK;
}

void problem_of_code(struct request *rq, struct reply *rp, tong_code code)
{
    switch (code) {
    case TONG_OK: return;
    case TONG_E_NOT_FOUND: problem_reply(rq, rp, HTTP_FAULT_NOT_FOUND, NULL, NULL); return;
    case TONG_E_INVALID: problem_reply(rq, rp, HTTP_FAULT_INPUT, NULL, NULL); return;
    case TONG_E_CONFLICT: problem_reply(rq, rp, HTTP_FAULT_CONFLICT, NULL, NULL); return;
    case TONG_E_LIMIT: problem_reply(rq, rp, HTTP_FAULT_LIMIT, NULL, NULL); return;
    case TONG_E_IO: problem_reply(rq, rp, HTTP_FAULT_BUSY, NULL, NULL); return;
    case TONG_E_NOMEM: problem_reply(rq, rp, HTTP_FAULT_MEMORY, NULL, NULL); return;
    case TONG_CODE_COUNT: break;
    }
    problem_reply(rq, rp, HTTP_FAULT_OURS, NULL, NULL);
}
