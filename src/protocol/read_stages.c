#include "protocol/read_context.h"

#include <string.h>

enum { POOL_MOST = 100, A_DAY_MOST = 4, LAPSE_MOST = 60, MINUTES_A_DAY = 24 * 60 };

// ---- how long a stage lasts and what follows ----

static void read_end(struct reader *r, const struct yaml_node *n, struct stage *s)
{
    const struct yaml_node *days = yaml_get(n, "for"), *until = yaml_get(n, "until"), *lapses = yaml_get(n, "lapses");
    if ((days != NULL) + (until != NULL) + (lapses != NULL) > 1) read_fault_key(r, n, &read_fault_two_ends, NULL, NULL);
    if (days != NULL) {
        int16_t got = read_days(r, days, 1, PROTOCOL_STAGE_DAYS_MAX);
        s->end = STAGE_FOR;
        s->days = got == READ_BAD ? 1 : got;
    } else if (until != NULL) {
        int16_t got = read_day_after(r, until, &s->anchor);
        s->end = STAGE_UNTIL;
        s->days = got == READ_BAD ? 1 : got;
    } else if (lapses != NULL) {
        int32_t got = read_minutes(r, lapses, LAPSE_MOST);
        s->end = STAGE_LAPSES;
        s->lapse_minutes = got == READ_BAD ? 1 : got;
    }
}

static void read_next(struct reader *r, const struct yaml_node *next, struct stage *s)
{
    if (next == NULL) return;
    if (next->kind != YAML_TEXT) s->branch_count = read_branches(r, next, s->pathway, true, &s->branch_first);
    else if (yaml_text_is(next, "released")) {
        s->released_after = true;
        r->p.pathways[s->pathway].released_in_time = true;
    } else s->next = read_stage_name(r, next, s->pathway);
}

// ---- tasks of the stage's own: samples, rounds, checks ----

static bool read_same_task(const struct task *a, const struct task *b)
{
    return a->verb == b->verb && a->by == b->by && a->due_minute == b->due_minute && a->specimens == b->specimens &&
           a->pool == b->pool && strcmp(a->name, b->name) == 0 &&
           strcmp(a->record.text[LANG_EN], b->record.text[LANG_EN]) == 0 &&
           strcmp(a->record.text[LANG_ZH], b->record.text[LANG_ZH]) == 0;
}

// A stage has few kinds of daily tasks and many stages have the same, so equal ones are one entry of the table.
static uint8_t read_daily_task(struct reader *r, const struct yaml_node *n, const struct task *t)
{
    for (size_t i = r->named_tasks; i < r->p.task_count; i++)
        if (read_same_task(&r->p.tasks[i], t)) return (uint8_t)i;
    struct task *slot = read_push(r, n, r->p.tasks, &r->p.task_count, PROTOCOL_TASKS_MAX, sizeof *slot);
    if (slot == NULL) return PROTOCOL_NONE;
    *slot = *t;
    slot->origin = read_origin(r, n);
    return (uint8_t)(r->p.task_count - 1);
}

static uint8_t read_stage_slot(struct reader *r, const struct yaml_node *n, uint8_t stage, uint8_t task)
{
    for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++) {
        if (r->p.stage_task[stage][i] != PROTOCOL_NONE) continue;
        r->p.stage_task[stage][i] = task;
        return (uint8_t)i;
    }
    read_fault(r, n, &read_fault_slots_full, "8", NULL);
    return PROTOCOL_NONE;
}

static struct task read_daily_base(const char *name, struct label label, verb_word verb, role_word by)
{
    return (struct task){
        .name = name,
        .name_id = protocol_name_id(str_z(name)),
        .label = label,
        .verb = verb,
        .by = by,
        .due_minute = MINUTES_A_DAY,
        .daily = true,
        .pool = 1,
        .never_from = -1,
        .never_until = -1,
        .accept = LABEL("", ""),
        .record = LABEL("", ""),
    };
}

static void read_sample(struct reader *r, const struct yaml_node *n, uint8_t stage, bool round)
{
    static const struct label sample = LABEL("sample", "采样"), a_round = LABEL("test round", "一轮检测");
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "on specimen pool by for");
    struct task t = round ? read_daily_base("round", a_round, VERB_TEST_ROUND, ROLE_HEALTH_CENTRE)
                          : read_daily_base("sample", sample, VERB_SAMPLE, ROLE_SAMPLER);
    t.specimens = (uint32_t)read_words(r, yaml_get(n, "specimen"), WORDS_SPECIMEN);
    int32_t pool = read_count(r, yaml_get(n, "pool"), 1, POOL_MOST), by = read_word(r, yaml_get(n, "by"), WORDS_ROLE);
    if (pool != READ_BAD) t.pool = (uint8_t)pool;
    if (by != WORD_UNKNOWN) t.by = (role_word)by;
    int16_t days = read_days(r, yaml_get(n, "for"), 1, PROTOCOL_STAGE_DAYS_MAX);
    if (days != READ_BAD) r->p.stages[stage].sample_days = days;
    const struct yaml_node *on = read_need(r, n, "on");
    struct read_duty duty = {.most = days == READ_BAD ? 0 : days};
    if (on == NULL || !read_day_list(r, on, &duty.days)) return;
    uint8_t task = read_daily_task(r, n, &t);
    duty.slot = task == PROTOCOL_NONE ? PROTOCOL_NONE : read_stage_slot(r, n, stage, task);
    if (duty.slot == PROTOCOL_NONE) return;
    r->p.stages[stage].sample_slots |= (uint32_t)1 << duty.slot;
    r->duty[stage][duty.slot] = duty;
}

static void read_check(struct reader *r, const struct yaml_node *n, uint8_t stage)
{
    static const struct label check = LABEL("daily check", "健康监测");
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "a_day record by for");
    struct task t = read_daily_base("check", check, VERB_CHECK, ROLE_FOLLOW_UP_WORKER);
    const struct yaml_node *a_day = yaml_get(n, "a_day"), *record = yaml_get(n, "record");
    int32_t times = a_day == NULL ? 1 : read_count(r, a_day, 1, A_DAY_MOST),
            by = read_word(r, yaml_get(n, "by"), WORDS_ROLE);
    int16_t days = read_days(r, yaml_get(n, "for"), 1, PROTOCOL_STAGE_DAYS_MAX);
    if (by != WORD_UNKNOWN) t.by = (role_word)by;
    if (record != NULL) (void)read_record(r, record, &t.record);
    if (days != READ_BAD) r->p.stages[stage].check_days = days;
    for (int32_t i = 1; i <= times; i++) {
        t.due_minute = (int16_t)(MINUTES_A_DAY * i / times); // evenly over the day
        uint8_t task = read_daily_task(r, n, &t);
        uint8_t slot = task == PROTOCOL_NONE ? PROTOCOL_NONE : read_stage_slot(r, n, stage, task);
        if (slot == PROTOCOL_NONE) return;
        struct read_duty duty = {.slot = slot, .most = days == READ_BAD ? 0 : days, .days = {.every = 1, .from = 1}};
        r->p.stages[stage].check_slots |= (uint32_t)1 << slot;
        r->duty[stage][slot] = duty;
    }
}

// ---- entering ----

static void read_entry(struct reader *r, const struct yaml_node *n, struct stage *s)
{
    s->entry_first = (uint16_t)r->p.action_count;
    const struct yaml_node *tasks = yaml_get(n, "tasks"), *tell = yaml_get(n, "tell");
    for (const struct yaml_node *t = yaml_each(tasks); t != NULL; t = yaml_each_next(tasks, t)) {
        uint8_t task = read_task_name(r, t);
        uint8_t slot = task == PROTOCOL_NONE ? PROTOCOL_NONE : read_slot(r, t, s->pathway, task);
        if (slot != PROTOCOL_NONE) read_action(r, t, ACTION_TASK, slot, 0);
    }
    for (const struct yaml_node *t = yaml_each(tell); t != NULL; t = yaml_each_next(tell, t)) {
        int32_t role = read_word(r, t, WORDS_ROLE);
        if (role != WORD_UNKNOWN) read_action(r, t, ACTION_TELL, (uint8_t)role, 0);
    }
    s->entry_count = (uint16_t)(r->p.action_count - s->entry_first);
}

void read_stage(struct reader *r, uint8_t stage)
{
    const struct yaml_node *n = r->stage_node[stage];
    struct stage *s = &r->p.stages[stage];
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "name at for until lapses measure measure_for sample check round tasks tell next on alone");
    const struct yaml_node *name = yaml_get(n, "name"), *measure = yaml_get(n, "measure");
    const struct yaml_node *sample = yaml_get(n, "sample"), *round = yaml_get(n, "round"),
                           *check = yaml_get(n, "check");
    int32_t place = read_word(r, yaml_get(n, "at"), WORDS_PLACE);
    s->has_place = place != WORD_UNKNOWN;
    if (s->has_place) {
        s->place = (place_word)place;
        s->label = words_at(WORDS_PLACE, place)->label;
    } else if (name == NULL) {
        (void)read_need(r, n, "name");
    }
    if (name != NULL) (void)read_label(r, name, &s->label);
    read_end(r, n, s);
    if (measure != NULL && !yaml_text_is(measure, "none")) s->measure = read_measure_name(r, measure);
    int16_t days = read_days(r, yaml_get(n, "measure_for"), 1, PROTOCOL_STAGE_DAYS_MAX);
    s->measure_days = days == READ_BAD ? 0 : days;
    s->exclusive = read_yes(r, yaml_get(n, "alone"));
    for (const struct yaml_node *e = yaml_each(sample); e != NULL; e = yaml_each_next(sample, e))
        read_sample(r, e, stage, false);
    for (const struct yaml_node *e = yaml_each(round); e != NULL; e = yaml_each_next(round, e))
        read_sample(r, e, stage, true);
    for (const struct yaml_node *e = yaml_each(check); e != NULL; e = yaml_each_next(check, e)) read_check(r, e, stage);
    read_entry(r, n, s);
    read_next(r, yaml_get(n, "next"), s);
}

// ---- the schedule: which slots are due on which day of the stage ----

static bool read_duty_on(const struct read_duty *d, int32_t day)
{
    if (d->most > 0 && day > d->most) return false;
    if (d->days.every > 0) return day >= d->days.from && (day - d->days.from) % d->days.every == 0;
    return d->days.on[day];
}

// Days written down with a sample that lie beyond the stage are kept: check.h reports them.
static int32_t read_schedule_last(const struct reader *r, const struct stage *s, uint8_t stage)
{
    int32_t at_most = r->p.pathways[s->pathway].at_most_days;
    int32_t last = at_most > 0 ? at_most : PROTOCOL_STAGE_DAYS_MAX;
    if (s->end == STAGE_FOR) last = s->days;
    if (s->end == STAGE_LAPSES) last = (s->lapse_minutes + MINUTES_A_DAY - 1) / MINUTES_A_DAY;
    for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++) {
        if (r->p.stage_task[stage][i] == PROTOCOL_NONE) continue;
        const struct read_duty *d = &r->duty[stage][i];
        if (d->days.last > last) last = d->days.last;
        if (d->most > last) last = d->most;
    }
    return last > PROTOCOL_STAGE_DAYS_MAX ? PROTOCOL_STAGE_DAYS_MAX : last;
}

void read_schedule(struct reader *r, uint8_t stage)
{
    struct stage *s = &r->p.stages[stage];
    int32_t last = read_schedule_last(r, s, stage);
    bool any = false;
    s->schedule_first = (uint16_t)r->p.schedule_at_count;
    for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++) {
        const struct read_duty *d = &r->duty[stage][i];
        if (r->p.stage_task[stage][i] == PROTOCOL_NONE) continue;
        any = true;
        if (d->days.every == 1 && d->days.from <= 1) s->daily_slots |= (uint32_t)1 << i;
    }
    if (!any) last = 0;
    size_t need_at = (size_t)last + 2, need = ((size_t)last + 1) * PROTOCOL_STAGE_SLOTS;
    if (r->p.schedule_at_count + need_at > READ_SCHEDULE_AT_MAX || r->p.schedule_count + need > READ_SCHEDULE_MAX) {
        read_fault_key(r, r->stage_node[stage], &read_fault_days_full, NULL, NULL);
        return;
    }
    for (int32_t day = 0; day <= last; day++) {
        r->p.schedule_at[r->p.schedule_at_count++] = (uint16_t)r->p.schedule_count;
        for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++)
            if (r->p.stage_task[stage][i] != PROTOCOL_NONE && read_duty_on(&r->duty[stage][i], day))
                r->p.schedule[r->p.schedule_count++] = (uint8_t)i;
    }
    r->p.schedule_at[r->p.schedule_at_count++] = (uint16_t)r->p.schedule_count;
    s->schedule_days = (uint16_t)last;
}
