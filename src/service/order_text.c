#include "service/order_text.h"

#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"

#include <string.h>

const struct record_word order_languages[ORDER_LANGUAGES] = {
    {"en", LABEL("English", "英文")}, {"zh", LABEL("Chinese", "中文")}, {"both", LABEL("both", "中英文")}};

typedef enum order_row {
    ORDER_NUMBER, ORDER_BY, ORDER_TO, ORDER_BORN, ORDER_GUARDIAN, ORDER_ADDRESS, ORDER_WHAT, ORDER_WHERE, ORDER_BASIS, ORDER_EDITION, ORDER_REASON,
    ORDER_FROM, ORDER_UNTIL, ORDER_REVIEW, ORDER_MILDER, ORDER_PROVIDED, ORDER_CARE, ORDER_OBJECT, ORDER_SIGNED, ORDER_ROWS
} order_row;
static const struct label order_rows[ORDER_ROWS] = {
    [ORDER_NUMBER] = LABEL("Number", "编号"),
    [ORDER_BY] = LABEL("Issued by", "签发机构"),
    [ORDER_TO] = LABEL("To", "当事人"),
    [ORDER_BORN] = LABEL("Date of birth", "出生日期"),
    [ORDER_GUARDIAN] = LABEL("Guardian", "监护人"),
    [ORDER_ADDRESS] = LABEL("Address", "住址"),
    [ORDER_WHAT] = LABEL("Measure", "措施"),
    [ORDER_WHERE] = LABEL("Where", "执行地点"),
    [ORDER_BASIS] = LABEL("Legal basis", "法律依据"),
    [ORDER_EDITION] = LABEL("Under", "依据方案"),
    [ORDER_REASON] = LABEL("Reason", "理由"),
    [ORDER_FROM] = LABEL("From", "开始时间"),
    [ORDER_UNTIL] = LABEL("Until", "截止时间"),
    [ORDER_REVIEW] = LABEL("Review", "复核"),
    [ORDER_MILDER] = LABEL("Why nothing milder", "未采取更轻措施的理由"),
    [ORDER_PROVIDED] = LABEL("You are entitled to", "您应获得的保障"),
    [ORDER_CARE] = LABEL("Medical care", "就医"),
    [ORDER_OBJECT] = LABEL("Objection", "异议"),
    [ORDER_SIGNED] = LABEL("Signed", "签署"),
};

typedef enum order_says {
    SAYS_ORDER, SAYS_REQUEST, SAYS_UNSIGNED, SAYS_ENDED, SAYS_ALL, SAYS_HIDDEN, SAYS_REVIEW, SAYS_NO_END, SAYS_MILDER, SAYS_CARE,
    SAYS_OBJECT, SAYS_VOLUNTARY, SAYS_REASON, SAYS_COUNT
} order_says;
static const struct label order_sentences[SAYS_COUNT] = {
    [SAYS_ORDER] = LABEL("Order", "防控措施指令书"),
    [SAYS_REQUEST] = LABEL("Request", "防控措施告知书"),
    [SAYS_UNSIGNED] = LABEL("This order is not signed. It binds nobody.", "本指令尚未签发，不具约束力。"),
    [SAYS_ENDED] = LABEL("This order ended on %s.", "本指令已于 %s 终止。"),
    [SAYS_ALL] = LABEL("all who live at %s", "%s全体住户"),
    [SAYS_HIDDEN] = LABEL("(whom it is about is not shown to you)", "（您无权查看当事人身份）"),
    [SAYS_REVIEW] = LABEL("Looked at again after %d days at the latest; without a fresh order it ends.", "最迟 %d 天后复核；未续签即自动终止。"),
    [SAYS_NO_END] = LABEL("until the conditions of release are met", "至符合解除条件时止"),
    [SAYS_MILDER] = LABEL("A milder step (%s) was weighed and does not suffice here.", "已考虑更轻的措施（%s），在此情形下不足以防止传播。"),
    [SAYS_CARE] = LABEL("Medical care comes first: in an emergency nobody may keep you from it.", "就医优先：遇有急症，任何人不得阻拦您就医。"),
    [SAYS_OBJECT] = LABEL("You, your guardian or somebody you name may object at any time, in words or in writing, to the %s. "
                          "It is decided within %s. Whoever signed this order does not decide about it.",
                          "您本人、监护人或您委托的人可随时以口头或书面形式向%s提出异议，受理机构须在 %s内作出决定。签发本指令的人员不参与裁决。"),
    [SAYS_REASON] = LABEL("Followed as: %s; stage: %s. Rule: %s", "按“%s”管理，处于“%s”阶段。所依规则：%s"),
    [SAYS_VOLUNTARY] = LABEL("This is a request and binds nobody: you may decline.", "本告知为自愿性质，不具约束力，您可以不接受。"),
};

// ---- one of two forms ----

struct order_out {
    struct sink *out;
    bool html;
    lang language;
};

static void order_escaped(struct order_out *o, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        if (!o->html) sink_char(o->out, *c);
        else if (*c == '&') sink_text(o->out, "&amp;");
        else if (*c == '<') sink_text(o->out, "&lt;");
        else if (*c == '>') sink_text(o->out, "&gt;");
        else if (*c == '"') sink_text(o->out, "&quot;");
        else sink_char(o->out, *c);
    }
}

static void order_line(struct order_out *o, const char *before, const char *text, const char *after)
{
    if (o->html) sink_text(o->out, before);
    order_escaped(o, text);
    sink_text(o->out, o->html ? after : "\n");
}

static void order_put(struct order_out *o, order_row row, const char *text)
{
    if (text == NULL || text[0] == 0) return;
    if (o->html) sink_text(o->out, "<dt>");
    order_escaped(o, order_rows[row].text[o->language]);
    sink_text(o->out, o->html ? "</dt><dd>" : o->language == LANG_ZH ? "：" : ": ");
    order_line(o, "", text, "</dd>\n");
}

// ---- what stands in it ----

struct order {
    struct request *rq;
    const struct measures_row *m;
    const char *name, *born, *guardian, *address, *site, *signer[2]; // "" where there is none, or the reader may not see it
    bool place;                                           // it is about a place
};

static const char *order_copy(struct request *rq, struct str text)
{
    const char *copy = text.n == 0 ? NULL : arena_copy(rq->arena, text.p, text.n);
    return copy == NULL ? "" : copy;
}

static tong_code order_place_name(struct request *rq, int64_t place, const char **out, struct err *err)
{
    const sql_id q = sql_place_get;
    *out = "";
    if (place == 0) return TONG_OK;
    tong_code code = db_ask(rq->db, q, &DB_I(place), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, q)) *out = order_copy(rq, db_text(rq->db, q, 4));
    return db_done(rq->db, q, err);
}

// By their own record, else as they were written down with the child.
static tong_code order_guardian(struct order *o, const struct show_person *p, struct err *err)
{
    struct show_person guardian;
    struct str name = p->record.guardian_name, phone = p->record.guardian_phone;
    tong_code code = TONG_OK;
    if (p->guardian != 0 && show_class(o->rq, p->guardian) >= RECORD_IDENTITY) {
        code = show_person_read(o->rq, p->guardian, &guardian, err);
        if (code == TONG_OK) name = guardian.record.name;
        if (code == TONG_OK) phone = guardian.record.phone;
    }
    const char *text = arena_printf(o->rq->arena, "%.*s%s%.*s", STR_ARG(name), name.n > 0 && phone.n > 0 ? "  " : "", STR_ARG(phone));
    o->guardian = text == NULL || name.n == 0 ? "" : text;
    return code == TONG_E_NOT_FOUND ? TONG_OK : code;
}

static tong_code order_read(struct order *o, struct err *err)
{
    struct request *rq = o->rq;
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    o->place = roll_place_kind(roll, o->m->subject) >= 0;
    roll_read_end(roll);
    tong_code code = order_place_name(rq, o->m->site, &o->site, err);
    if (code == TONG_OK && o->place) code = order_place_name(rq, o->m->subject, &o->name, err);
    if (code == TONG_OK && !o->place && show_class(rq, o->m->subject) >= RECORD_IDENTITY) {
        struct show_person p;
        char born[CIVIL_TEXT] = "";
        code = show_person_read(rq, o->m->subject, &p, err);
        if (code == TONG_E_NOT_FOUND) return TONG_OK; // a gathering
        if (code != TONG_OK) return code;
        if (p.born.d != CIVIL_DAY_NONE && !(p.flags & PERSON_YEAR_ONLY)) civil_format(p.born, born);
        o->name = order_copy(rq, p.record.name.n > 0 ? p.record.name : p.record.description);
        o->born = order_copy(rq, str_z(born));
        o->address = order_copy(rq, p.record.address);
        code = order_guardian(o, &p, err);
        if (code != TONG_OK) return code;
        if (o->address[0] == 0) code = order_place_name(rq, p.place, &o->address, err);
    }
    if (code == TONG_OK) code = measures_signer(rq, o->m->first_signer, &o->signer[0], err);
    if (code == TONG_OK) code = measures_signer(rq, o->m->second_signer, &o->signer[1], err);
    return code;
}

static const char *order_minutes(struct arena *arena, int32_t minutes, lang language)
{
    static const struct label units[] = {LABEL("%d minutes", "%d 分钟"), LABEL("%d hours", "%d 小时"), LABEL("%d days", "%d 天")};
    enum { HOUR = 60, DAY = 1440 };
    int32_t unit = minutes % DAY == 0 && minutes > DAY ? DAY : minutes % HOUR == 0 ? HOUR : 1;
    const struct label *label = &units[unit == DAY ? 2 : unit == HOUR ? 1 : 0];
    return arena_printf(arena, language == LANG_ZH ? label->text[LANG_ZH] : label->text[LANG_EN], (int)(minutes / unit));
}

static const char *order_instant(const struct order *o, utc_sec at)
{
    char text[UTC_TEXT] = "";
    if (at.s != UTC_NONE.s) zone_format(&o->rq->service->options.zone, at, text);
    return order_copy(o->rq, str_z(text));
}

// An end that is the first moment of a day is said as the day before, whole: nobody reads midnight right.
static const char *order_end(const struct order *o, lang language)
{
    const struct zone *zone = &o->rq->service->options.zone;
    utc_sec until = o->m->until;
    if (until.s == UTC_NONE.s) return order_sentences[SAYS_NO_END].text[language];
    civil_day day = zone_day(zone, until);
    char text[CIVIL_TEXT];
    if (zone_midnight(zone, day).s != until.s) return order_instant(o, until);
    civil_format((civil_day){day.d - 1}, text);
    return arena_printf(o->rq->arena, "%s 24:00", text);
}

static void order_provided(const struct order *o, struct order_out *out)
{
    struct sink s = {0};
    for (int32_t i = 0; i < words_count(WORDS_PROVISION); i++) {
        if ((o->m->measure->provide >> i & 1U) == 0) continue;
        if (s.n > 0) sink_text(&s, out->language == LANG_ZH ? "、" : "; ");
        sink_text(&s, words_at(WORDS_PROVISION, i)->label.text[out->language]);
    }
    order_put(out, ORDER_PROVIDED, order_copy(o->rq, sink_kept(&s)));
    if (s.failed) out->out->failed = true;
    sink_close(&s);
}

static void order_rights(const struct order *o, struct order_out *out)
{
    const struct measure *rule = o->m->measure;
    const struct protocol *p = o->m->protocol;
    struct arena *arena = o->rq->arena;
    lang l = out->language;
    if (rule->milder < p->measure_count)
        order_put(out, ORDER_MILDER, arena_printf(arena, order_sentences[SAYS_MILDER].text[l], p->measures[rule->milder].label.text[l]));
    else order_put(out, ORDER_MILDER, rule->milder_reason.text[l]);
    order_provided(o, out);
    if (p->overrides.care) order_put(out, ORDER_CARE, order_sentences[SAYS_CARE].text[l]);
    if (rule->objection_to < ROLE_WORD_COUNT) {
        const char *to = words_at(WORDS_ROLE, (int32_t)rule->objection_to)->label.text[l];
        order_put(out, ORDER_OBJECT, arena_printf(arena, order_sentences[SAYS_OBJECT].text[l], to, order_minutes(arena, rule->objection_minutes, l)));
    }
}

static void order_signed(const struct order *o, struct order_out *out)
{
    if (o->m->ordered.s == UTC_NONE.s) return;
    const char *and = o->signer[0][0] != 0 && o->signer[1][0] != 0 ? (out->language == LANG_ZH ? "、" : ", ") : "";
    order_put(out, ORDER_SIGNED, arena_printf(o->rq->arena, "%s%s%s  %s", o->signer[0], and, o->signer[1], order_instant(o, o->m->ordered)));
}

static const char *order_to(const struct order *o, lang l)
{
    if (o->place) return arena_printf(o->rq->arena, order_sentences[SAYS_ALL].text[l], o->name);
    return o->name[0] == 0 ? order_sentences[SAYS_HIDDEN].text[l] : o->name;
}

static const char *order_where(const struct order *o, lang l)
{
    const char *word = o->m->place == PROTOCOL_NONE ? "" : words_at(WORDS_PLACE, o->m->place)->label.text[l];
    if (o->site[0] == 0) return word;
    return arena_printf(o->rq->arena, l == LANG_ZH ? "%s（%s）" : "%s (%s)", o->site, word);
}

// As what, and how far along; then the rule of the protocol. Whom they met is not said.
static const char *order_reason(const struct order *o, lang l)
{
    const struct protocol *p = o->m->protocol;
    const char *rule = story_why(p, &o->m->why, l, o->rq->arena);
    if (rule == NULL || o->m->why.stage >= p->stage_count) return rule;
    const struct stage *s = &p->stages[o->m->why.stage];
    return arena_printf(o->rq->arena, order_sentences[SAYS_REASON].text[l], p->pathways[s->pathway].label.text[l], s->label.text[l], rule);
}

static void order_write(const struct order *o, struct order_out *out)
{
    const struct measures_row *m = o->m;
    const struct measure *rule = m->measure;
    struct arena *arena = o->rq->arena;
    lang l = out->language;
    bool asks = rule->voluntary, bound = m->ordered.s != UTC_NONE.s;
    if (out->html) sink_printf(out->out, "<article lang=\"%s\">\n", l == LANG_ZH ? "zh-CN" : "en");
    order_line(out, "<h1>", arena_printf(arena, l == LANG_ZH ? "%s：%s" : "%s: %s", order_sentences[asks ? SAYS_REQUEST : SAYS_ORDER].text[l], rule->label.text[l]), "</h1>\n");
    if (asks) order_line(out, "<p><strong>", order_sentences[SAYS_VOLUNTARY].text[l], "</strong></p>\n");
    else if (!bound) order_line(out, "<p><strong>", order_sentences[SAYS_UNSIGNED].text[l], "</strong></p>\n");
    if (m->ended.s != UTC_NONE.s && bound)
        order_line(out, "<p><strong>", arena_printf(arena, order_sentences[SAYS_ENDED].text[l], order_instant(o, m->ended)), "</strong></p>\n");
    if (out->html) sink_text(out->out, "<dl>\n");
    order_put(out, ORDER_NUMBER, arena_printf(arena, "%lld", (long long)m->id));
    if (rule->order_by < ROLE_WORD_COUNT) order_put(out, ORDER_BY, words_at(WORDS_ROLE, (int32_t)rule->order_by)->label.text[l]);
    order_put(out, ORDER_TO, order_to(o, l));
    order_put(out, ORDER_BORN, o->born);
    order_put(out, ORDER_GUARDIAN, o->guardian);
    order_put(out, ORDER_ADDRESS, o->address);
    order_put(out, ORDER_WHAT, arena_printf(arena, l == LANG_ZH ? "%s（%s）" : "%s (%s)", rule->label.text[l],
                                            words_at(WORDS_MEASURE_KIND, (int32_t)rule->kind)->label.text[l]));
    order_put(out, ORDER_WHERE, order_where(o, l));
    order_put(out, ORDER_BASIS, rule->basis.text[l]);
    order_put(out, ORDER_EDITION, m->protocol->name.text[l]);
    order_put(out, ORDER_REASON, order_reason(o, l));
    order_put(out, ORDER_FROM, order_instant(o, m->started.s != UTC_NONE.s ? m->started : m->ordered));
    order_put(out, ORDER_UNTIL, order_end(o, l));
    if (rule->review_days > 0) order_put(out, ORDER_REVIEW, arena_printf(arena, order_sentences[SAYS_REVIEW].text[l], (int)rule->review_days));
    order_rights(o, out);
    order_signed(o, out);
    sink_text(out->out, out->html ? "</dl>\n</article>\n" : "\n");
}

// Plain text only where it is asked for and HTML is not.
static bool order_wants_plain(const struct request *rq)
{
    char accept[200];
    (void)snprintf(accept, sizeof accept, "%.*s", (int)(rq->accept.n < 190 ? rq->accept.n : 190), rq->accept.n == 0 ? "" : rq->accept.p);
    return strstr(accept, "text/plain") != NULL && strstr(accept, "text/html") == NULL;
}

tong_code order_text_reply(struct request *rq, struct reply *rp, const struct measures_row *m, int32_t languages, struct err *err)
{
    struct order o = {.rq = rq, .m = m, .name = "", .born = "", .guardian = "", .address = "", .site = "", .signer = {"", ""}};
    tong_code code = order_read(&o, err);
    if (code != TONG_OK) return code;
    struct order_out out = {.out = &rp->body, .html = !order_wants_plain(rq), .language = rq->language};
    bool en = languages == 0 || languages == 2 || (languages < 0 && rq->language == LANG_EN);
    bool zh = languages == 1 || languages == 2 || (languages < 0 && rq->language == LANG_ZH);
    if (out.html) {
        sink_printf(out.out, "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\"><title>", zh ? "zh-CN" : "en");
        order_escaped(&out, m->measure->label.text[zh ? LANG_ZH : LANG_EN]);
        sink_text(out.out, "</title></head>\n<body>\n");
    }
    out.language = LANG_ZH;
    if (zh) order_write(&o, &out);
    out.language = LANG_EN;
    if (en) order_write(&o, &out);
    if (out.html) sink_text(out.out, "</body>\n</html>\n");
    rp->type = out.html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    return sink_good(out.out) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "order");
}
