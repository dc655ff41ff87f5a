#include "service/template.h"

#include "base/sink.h"

#include <string.h>

static const struct label template_subjects = LABEL("Tongzhou: please look", "同舟：请查看通知");

static const struct label template_texts[TEMPLATE_WORD_COUNT] = {
    [TEMPLATE_ORDERED] = LABEL("An order concerns you: {what}, until {until}. Its reason, who signed it, what you are entitled to and how "
                               "to object stand on your page: {link}",
                               "您收到一项指令：{what}，截止 {until}。理由、签发人、应得保障及提出异议的方式，请见您的页面：{link}"),
    [TEMPLATE_ENDED] = LABEL("{what} has ended; you are not bound by it any more. {link}", "{what}已解除，您不再受其限制。{link}"),
    [TEMPLATE_RESULT] = LABEL("A result of yours is there. Only you see it: {link}", "您的检测结果已出，仅您本人可见：{link}"),
    [TEMPLATE_TOLD] = LABEL("There is news for you on your page: {link}", "您的页面有新的告知内容：{link}"),
    [TEMPLATE_OBJECTION_DECIDED] = LABEL("Your objection was decided. The decision and its reason: {link}",
                                         "您的异议已作出裁决，结果与理由请见：{link}"),
    [TEMPLATE_TASK_ASSIGNED] = LABEL("A task is yours: {what}, by {until}. {link}", "您有一项任务：{what}，请于 {until} 前完成。{link}"),
    [TEMPLATE_TASK_LATE] = LABEL("Overdue: {what}, due {until}. {link}", "任务逾期：{what}，时限 {until}。{link}"),
    [TEMPLATE_ORDER_WAITS] = LABEL("Proposals wait for your signature ({what} and perhaps others). {link}",
                                   "有措施等待您签发（{what}等）。{link}"),
    [TEMPLATE_OBJECTION_WAITS] = LABEL("An objection waits for your decision, by {until}. {link}", "有异议等待您裁决，时限 {until}。{link}"),
    [TEMPLATE_STAFF_TOLD] = LABEL("The protocol wants you to know of something in your area. {link}",
                                  "按防控方案，您的辖区有需要您知晓的事项。{link}"),
    [TEMPLATE_HELD_WAITS] = LABEL("A request concerning {number} people waits for a second person. {link}",
                                  "有一项涉及 {number} 人的申请等待第二人确认。{link}"),
    [TEMPLATE_PASSWORD_RESET] = LABEL("An administrator gave your account a new one-time password. If you did not ask for it, tell the "
                                      "auditor. {link}",
                                      "管理员已为您的账号重置一次性密码。如非您本人要求，请告知审计员。{link}"),
};

#define TEMPLATE_ROW(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct {
    const char *name;
    struct label label;
} template_words[] = {TEMPLATE_WORDS(TEMPLATE_ROW)};

const char *template_name(template_word t)
{
    return template_words[t].name;
}

const struct label *template_label(template_word t)
{
    return &template_words[t].label;
}

int32_t template_find(struct str name)
{
    for (int32_t t = 0; t < (int32_t)TEMPLATE_WORD_COUNT; t++)
        if (str_eq_z(name, template_words[t].name)) return t;
    return -1;
}

char *template_subject(template_word t, lang language, struct arena *arena)
{
    const char *text = template_subjects.text[language];
    (void)t; // the same for all: a subject line is read over somebody's shoulder
    return arena_copy(arena, text, strlen(text));
}

typedef enum template_slot { SLOT_WHAT, SLOT_UNTIL, SLOT_NUMBER, SLOT_LINK, SLOT_COUNT } template_slot;
static const char *const template_slots[SLOT_COUNT] = {"{what}", "{until}", "{number}", "{link}"};

// Which placeholder begins here; SLOT_COUNT: none.
static template_slot template_slot_at(const char *p)
{
    for (int s = 0; s < SLOT_COUNT; s++)
        if (strncmp(p, template_slots[s], strlen(template_slots[s])) == 0) return (template_slot)s;
    return SLOT_COUNT;
}

static void template_fill(struct sink *out, template_slot slot, lang language, const struct template_values *v,
                          const struct zone *zone)
{
    char at[UTC_TEXT] = "-";
    switch (slot) {
    case SLOT_WHAT:
        sink_text(out, v->what == NULL ? "-" : v->what->text[language]);
        break;
    case SLOT_UNTIL:
        if (v->until.s != UTC_NONE.s) zone_format(zone, v->until, at);
        sink_text(out, at);
        break;
    case SLOT_NUMBER:
        sink_printf(out, "%lld", (long long)v->number);
        break;
    case SLOT_LINK:
        sink_text(out, v->link == NULL ? "" : v->link);
        break;
    case SLOT_COUNT:
        break;
    }
}

char *template_text(template_word t, lang language, const struct template_values *v, const struct zone *zone,
                    struct arena *arena)
{
    struct sink s = {0};
    for (const char *p = template_texts[t].text[language]; *p != 0;) {
        template_slot slot = *p == '{' ? template_slot_at(p) : SLOT_COUNT;
        if (slot == SLOT_COUNT) {
            sink_char(&s, *p++);
            continue;
        }
        template_fill(&s, slot, language, v, zone);
        p += strlen(template_slots[slot]);
    }
    // Where no address of the pages is known, nothing is pointed at.
    struct str kept = str_trim(sink_kept(&s));
    const char *wide = "：", *end = "";
    size_t n = strlen(wide);
    if (kept.n > n && memcmp(kept.p + kept.n - n, wide, n) == 0) {
        kept.n -= n;
        end = "。";
    } else if (kept.n > 0 && kept.p[kept.n - 1] == ':') {
        kept.n--;
        end = ".";
    }
    char *out = sink_good(&s) ? arena_printf(arena, "%.*s%s", STR_ARG(kept), end) : NULL;
    sink_close(&s);
    return out;
}

bool template_is_sound(template_word t)
{
    uint32_t used[LANG_COUNT] = {0};
    bool sound = true;
    for (int l = 0; l < LANG_COUNT; l++)
        for (const char *p = template_texts[t].text[l]; *p != 0; p++) {
            template_slot slot = *p == '{' ? template_slot_at(p) : SLOT_COUNT;
            sound = sound && (*p != '{' || slot != SLOT_COUNT);
            if (slot != SLOT_COUNT) used[l] |= 1U << slot;
        }
    return sound && used[LANG_EN] == used[LANG_ZH];
}
