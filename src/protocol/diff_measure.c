#include "protocol/diff_parts.h"
#include "protocol/explain_measure.h"
#include "protocol/explain_phrase.h"

#include <string.h>

// ---- measures ----

static const char *measure_called(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_label(s, ((const struct measure *)what)->label);
}

static const char *measure_kind(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_label(s, words_at(WORDS_MEASURE_KIND, (int32_t)((const struct measure *)what)->kind)->label);
}

static const char *measure_signed(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_measure_order(s, what);
}

static const char *measure_reason(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_measure_ground(s, what);
}

static const char *measure_rights(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_measure_rights(s, what);
}

static const char *measure_code(struct prose *s, const struct timetable *c, const void *what)
{
    const struct measure *m = what;
    (void)c;
    return m->status < s->p->status_count ? phrase_status(s, m->status) : "";
}

static void diff_one_measure(struct differ *d, const struct measure *a, const struct measure *b)
{
    static const struct {
        struct label what;
        diff_phrase *phrase;
    } rows[] = {
        {LABEL("what it is called", "名称"), measure_called},
        {LABEL("its kind", "种类"), measure_kind},
        {LABEL("who orders it", "签发"), measure_signed},
        {LABEL("its ground", "依据"), measure_reason},
        {LABEL("what the person may count on", "保障与救济"), measure_rights},
        {LABEL("status code", "状态码"), measure_code},
    };
    static const struct label about = LABEL("measure {1}, {2}", "措施{1}，{2}");
    struct prose *s = &d->b.shown;
    const char *name = phrase_measure(s, (uint8_t)(b - d->b.p->measures));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        diff_thing(d, DIFF_MEASURES, prose_say2(s, about, name, prose_say0(s, rows[i].what)), rows[i].phrase, a, b);
}

static const char *measure_codes(struct prose *s, const struct timetable *c, const void *what)
{
    const struct protocol *p = what;
    struct prose_list parts = {0};
    (void)c;
    for (uint8_t i = 0; i < p->status_count; i++) prose_add(&parts, phrase_status(s, i));
    return prose_enumerate(s, &parts, PROSE_COMMA);
}

static const char *measure_care(struct prose *s, const struct timetable *c, const void *what)
{
    const struct protocol *p = what;
    struct prose_list parts = {0};
    (void)c;
    for (int32_t i = 0; p->overrides.care && i < ROLE_WORD_COUNT; i++)
        if ((p->overrides.roles >> i & 1u) != 0) prose_add(&parts, phrase_role(s, (role_word)i));
    return prose_enumerate(s, &parts, PROSE_OR);
}

// ---- tasks ----

static const char *task_called(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_label(s, ((const struct task *)what)->label);
}

static const char *task_rest(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_task_full(s, what);
}

static const struct task *task_find(const struct protocol *p, const char *name)
{
    uint8_t i = protocol_task(p, str_z(name));
    return i == PROTOCOL_NONE || p->tasks[i].daily ? NULL : &p->tasks[i];
}

// Only the limit changed: said as a number; otherwise all of it is said.
static void diff_task(struct differ *d, const struct task *a, const struct task *b)
{
    static const struct label about = LABEL("task “{1}”", "任务“{1}”"),
                              limit = LABEL("task “{1}”, time limit", "任务“{1}”时限");
    static const struct label called = LABEL("what the task {1} is called", "任务{1}的名称");
    struct prose *s = &d->b.shown;
    struct task same = *a;
    same.within_minutes = b->within_minutes;
    const char *name = phrase_task(s, b);
    bool only = strcmp(task_rest(&d->a.compared, NULL, &same), task_rest(&d->b.compared, NULL, b)) == 0;
    if (only && a->within_minutes > 0 && b->within_minutes > 0)
        diff_number(d, DIFF_TASKS, prose_say1(s, limit, name), a->within_minutes, b->within_minutes, phrase_minutes);
    else diff_thing(d, DIFF_TASKS, prose_say1(s, about, name), task_rest, a, b);
    diff_thing(d, DIFF_TASKS, prose_say1(s, called, b->name), task_called, a, b);
}

static void diff_tasks(struct differ *d)
{
    static const struct label about = LABEL("task “{1}”", "任务“{1}”");
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    for (size_t i = 0; i < a->task_count; i++) {
        const struct task *was = &a->tasks[i], *is = was->daily ? NULL : task_find(b, was->name);
        if (was->daily || i == a->ask_task) continue; // told with its stage, or with what opens pathways
        if (is != NULL) diff_task(d, was, is);
        else diff_thing(d, DIFF_TASKS, prose_say1(s, about, phrase_task(&d->a.shown, was)), task_rest, was, NULL);
    }
    for (size_t i = 0; i < b->task_count; i++)
        if (!b->tasks[i].daily && i != b->ask_task && task_find(a, b->tasks[i].name) == NULL)
            diff_thing(d, DIFF_TASKS, prose_say1(s, about, phrase_task(s, &b->tasks[i])), task_rest, NULL,
                       &b->tasks[i]);
}

void diff_measures(struct differ *d)
{
    static const struct label gone = LABEL("The measure {1} is no longer there.", "取消措施{1}。");
    static const struct label fresh = LABEL("There is a new measure: {1}", "新增措施：{1}");
    static const struct label codes = LABEL("the status codes", "状态码"),
                              care = LABEL("who may let a person through to care", "可放行就医的人员");
    static const struct label kept[] = {LABEL("where people were is kept", "到访轨迹保存期限"),
                                        LABEL("who named whom is kept", "密接身份信息保存期限"),
                                        LABEL("all other records are kept", "其他记录保存期限")};
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    for (uint8_t i = 0; i < a->measure_count; i++) {
        uint8_t to = protocol_measure(b, str_z(a->measures[i].name));
        if (to == PROTOCOL_NONE) diff_say(d, DIFF_MEASURES, prose_say1(s, gone, phrase_measure(&d->a.shown, i)));
        else diff_one_measure(d, &a->measures[i], &b->measures[to]);
    }
    for (uint8_t i = 0; i < b->measure_count; i++)
        if (protocol_measure(a, str_z(b->measures[i].name)) == PROTOCOL_NONE)
            diff_say(d, DIFF_MEASURES, prose_say1(s, fresh, phrase_measure_full(s, i)));
    diff_thing(d, DIFF_MEASURES, prose_say0(s, codes), measure_codes, a, b);
    diff_thing(d, DIFF_MEASURES, prose_say0(s, care), measure_care, a, b);
    const int32_t was[] = {a->retention.presence_days, a->retention.contact_identity_days, a->retention.facts_days};
    const int32_t is[] = {b->retention.presence_days, b->retention.contact_identity_days, b->retention.facts_days};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        diff_number(d, DIFF_MEASURES, prose_say0(s, kept[i]), was[i], is[i], phrase_days);
    diff_tasks(d);
}
