// Facts as people record them, corrections and retractions among them; the outcome of a task.
#include "intake/intake_state.h"
#include "store/entry.h"

#include <stdio.h>
#include <string.h>

enum fact_fault {
    FACT_NO_EDITION,
    FACT_NO_SUBJECT,
    FACT_NO_LINK,
    FACT_KIND,
    FACT_WORD,
    FACT_FUTURE,
    FACT_PAST,
    FACT_BACKWARDS,
    FACT_NO_ROW,
    FACT_OTHER_SUBJECT,
    FACT_REPLACED,
    FACT_NOTHING_REPLACED,
    FACT_FIXED,
    FACT_NO_SAMPLE,
    FACT_NO_TASK,
    FACT_TASK_CLOSED,
    FACT_NEEDS_LINK,
    FACT_SELF,
    FACT_MERGED,
    FACT_TEMPERATURE,
    FACT_FAULT_COUNT
};

// clang-format off
static const struct message fact_message[FACT_FAULT_COUNT] = {
    [FACT_NO_EDITION] = {"no-edition", PROBLEM_ERROR, LABEL("no edition of a protocol is in force yet", "尚无生效的防控方案"),
        LABEL("propose an edition and have two persons sign it", "请先提出方案并由两人签发")},
    [FACT_NO_SUBJECT] = {"subject-unknown", PROBLEM_ERROR, LABEL("the person, place or gathering is not known here", "该人员、场所或聚集活动不存在"),
        LABEL("register it first, or look for it under another name", "请先登记，或换个名称查找")},
    [FACT_NO_LINK] = {"link-unknown", PROBLEM_ERROR, LABEL("the other person or place is not known here", "所关联的人员或场所不存在"),
        LABEL("register it first", "请先登记")},
    [FACT_KIND] = {"fact-kind", PROBLEM_ERROR, LABEL("this cannot be recorded in this way", "此类内容不能以这种方式登记"),
        LABEL("orders are signed, statuses follow by themselves; record what was seen or done", "指令须签发，状态由系统推定；请登记看到或做过的事")},
    [FACT_WORD] = {"fact-word", PROBLEM_ERROR, LABEL("\"{1}\" has no such value", "“{1}”没有这个取值"),
        LABEL("choose one of the list", "请从列表中选择")},
    [FACT_FUTURE] = {"fact-future", PROBLEM_ERROR, LABEL("it lies in the future", "时间晚于当前时间"),
        LABEL("check the date and the clock of the device", "请核对日期及设备时钟")},
    [FACT_PAST] = {"fact-past", PROBLEM_ERROR, LABEL("it lies more than a hundred years back", "时间早于一百年前"),
        LABEL("check the year", "请核对年份")},
    [FACT_BACKWARDS] = {"fact-backwards", PROBLEM_ERROR, LABEL("it ends before it begins", "结束时间早于开始时间"),
        LABEL("exchange the two times", "请调换两个时间")},
    [FACT_NO_ROW] = {"replaced-unknown", PROBLEM_ERROR, LABEL("the record to be changed is not known here", "要更正或撤回的记录不存在"),
        LABEL("load the page again", "请刷新页面后重试")},
    [FACT_OTHER_SUBJECT] = {"replaced-other", PROBLEM_ERROR, LABEL("the record to be changed is about somebody else", "要更正或撤回的记录属于其他对象"),
        LABEL("retract it there, and record it anew here", "请在原对象处撤回，再在此处登记")},
    [FACT_REPLACED] = {"replaced-already", PROBLEM_ERROR, LABEL("this record was corrected or retracted already", "该记录已被更正或撤回"),
        LABEL("load the page again and correct the newest", "请刷新页面，更正最新的一条")},
    [FACT_NOTHING_REPLACED] = {"replaces-nothing", PROBLEM_ERROR, LABEL("a retraction must say which record it takes back", "撤回须指明所撤回的记录"),
        LABEL("choose the record", "请选择要撤回的记录")},
    [FACT_FIXED] = {"replaced-fixed", PROBLEM_ERROR, LABEL("this record cannot be taken back in this way", "该记录不能以这种方式撤回"),
        LABEL("record what holds now instead", "请登记现在的情况")},
    [FACT_NO_SAMPLE] = {"sample-unknown", PROBLEM_ERROR, LABEL("the sample of this result is not known here", "该结果对应的样本不存在"),
        LABEL("record the sampling first, or leave the sample out", "请先登记采样，或不填样本")},
    [FACT_NO_TASK] = {"task-unknown", PROBLEM_ERROR, LABEL("the task is not known here", "该任务不存在"),
        LABEL("load the list again", "请刷新任务列表")},
    [FACT_TASK_CLOSED] = {"task-closed", PROBLEM_ERROR, LABEL("the task is closed already", "该任务已关闭"),
        LABEL("if something else was seen, record it with the person", "如有其他发现，请在人员处登记")},
    [FACT_NEEDS_LINK] = {"link-missing", PROBLEM_ERROR, LABEL("it must say who the other person was", "须指明对方是谁"),
        LABEL("choose or register the person", "请选择或登记对方")},
    [FACT_SELF] = {"link-self", PROBLEM_ERROR, LABEL("nobody is their own contact", "本人不能是自己的密接"),
        LABEL("choose the other person", "请选择对方")},
    [FACT_MERGED] = {"record-merged", PROBLEM_NOTE, LABEL("this record was merged into another: it was recorded there", "该记录已合并到另一条记录，内容已登记在保留的记录上"),
        LABEL("look at the record that was kept", "请查看保留的记录")},
    [FACT_TEMPERATURE] = {"temperature-impossible", PROBLEM_ERROR,
        LABEL("nobody has such a temperature, or nobody was seen", "体温不可能是该数值，或当时并未见到本人"),
        LABEL("in tenths of a degree Celsius, from 340 to 430, of somebody who was seen; 0 when it was not measured",
              "以十分之一摄氏度计，340 至 430，仅用于见到本人的随访；未测量填 0")},
};
// clang-format on

static bool fact_absent(utc_sec at)
{
    return at.s == 0 || at.s == INT64_MIN;
}

// Which kinds people record themselves: not what follows from a decision, not what has a command of its own.
static bool fact_recordable(uint8_t kind)
{
    if (kind >= EVENT_WORD_COUNT) return false;
    switch ((int)kind) {
    case EVENT_ORDERED:
    case EVENT_DECLINED:
    case EVENT_UPHELD:
    case EVENT_ENROLLED:
    case EVENT_EDITION: return false;
    case EVENT_RETRACTED: return true;
    default: return kind < EVENT_ENROLLED;
    }
}

// The words a kind of fact carries; the list's size, or 0 when it must be 0.
static bool fact_words(const struct fact *f)
{
    int32_t words = 1;
    switch ((int)f->kind) {
    case EVENT_EXPOSED:
    case EVENT_PARTED:
    case EVENT_CONTACT_NAMED: words = EXPOSURE_WORD_COUNT; break;
    case EVENT_SAMPLED:
    case EVENT_RESULT: words = SPECIMEN_WORD_COUNT; break;
    case EVENT_ATTRIBUTE:
        if (f->word == FACT_WORD_AGE) return f->value >= 0 && f->value <= 150;
        words = ATTRIBUTE_WORD_COUNT;
        break;
    case EVENT_CLASSIFIED: return f->word >= EVENT_SUSPECTED && f->word <= EVENT_DISCARDED;
    case EVENT_OVERRIDE: words = FACT_SAMPLE_DAYS + 1; break;
    case EVENT_SEEN_WELL:
    case EVENT_SEEN_ILL:
    case EVENT_NOT_SEEN:
    case EVENT_REFUSED:
    case EVENT_DONE:
    case EVENT_LOST:
    case EVENT_FOUND: words = FACT_WAY_COUNT; break;
    default:
        return f->test < TEST_WORD_COUNT && f->outcome < OUTCOME_WORD_COUNT && f->protection < PROTECTION_WORD_COUNT;
    }
    return f->word < words && f->test < TEST_WORD_COUNT && f->outcome < OUTCOME_WORD_COUNT &&
           f->protection < PROTECTION_WORD_COUNT;
}

static void fact_times(const struct intake *in, const struct fact *f, struct intake_outcome *out)
{
    enum { CLOCKS_APART = 300 };
    const int64_t century = (int64_t)100 * 366 * 86400;
    int64_t latest = in->at.s + CLOCKS_APART;
    bool future =
        (!fact_absent(f->happened) && f->happened.s > latest) || (!fact_absent(f->known) && f->known.s > latest);
    if (future) intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_FUTURE], NULL, NULL, NULL);
    if (!fact_absent(f->happened) && f->happened.s < in->at.s - century)
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_PAST], NULL, NULL, NULL);
    bool backwards = f->kind != EVENT_CONTACT_NAMED && f->until.s != INT64_MIN && !fact_absent(f->happened) &&
                     f->until.s < f->happened.s;
    if (backwards) intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_BACKWARDS], NULL, NULL, NULL);
}

// What is known of somebody whose record was merged away belongs to the record that was kept. What takes something back, or was
// recorded before the merge and is sent again, stays where it stood.
static tong_code fact_kept(struct intake *in, const struct command *c, int64_t was, int64_t *id, struct intake_outcome *out,
                           struct err *err)
{
    int64_t named = *id;
    if (named == 0 || named == was || c->fact.replaces != 0 || !uid_is_none(c->replaces_uid)) return TONG_OK;
    tong_code code = intake_find_kept(in, id, err);
    if (code == TONG_OK && *id != named && out->problems != NULL)
        problem_add(out->problems, (struct problem_at){.path = ""}, &fact_message[FACT_MERGED], NULL, NULL, NULL, NULL);
    return code;
}

static tong_code fact_subjects(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                               struct err *err)
{
    struct fact *f = &d->row.fact;
    int64_t id;
    tong_code code = intake_find_subject(in, f->subject, c->subject_uid, &id, &d->kind, NULL, err);
    if (code == TONG_OK) code = fact_kept(in, c, d->before == NULL ? 0 : d->before->fact.subject, &id, out, err);
    if (code != TONG_OK) return code;
    if (id == 0) intake_refuse(out, TONG_E_NOT_FOUND, &fact_message[FACT_NO_SUBJECT], NULL, NULL, NULL);
    f->subject = id;
    bool named = f->link != 0 || !uid_is_none(c->link_uid);
    if (f->kind == EVENT_CONTACT_NAMED && !named)
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_NEEDS_LINK], NULL, NULL, NULL);
    if (!named) return TONG_OK;
    code = intake_find_subject(in, f->link, c->link_uid, &id, NULL, NULL, err);
    if (code == TONG_OK) code = fact_kept(in, c, d->before == NULL ? 0 : d->before->fact.link, &id, out, err);
    if (code != TONG_OK) return code;
    if (id == 0) intake_refuse(out, TONG_E_NOT_FOUND, &fact_message[FACT_NO_LINK], NULL, NULL, NULL);
    if (id != 0 && id == f->subject && f->kind == EVENT_CONTACT_NAMED)
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_SELF], NULL, NULL, NULL);
    f->link = id;
    return TONG_OK;
}

// What it corrects or takes back: about the same subject, and nothing that is made otherwise.
static tong_code fact_replaces(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                               struct err *err)
{
    struct fact *f = &d->row.fact;
    struct fact_row was;
    bool found;
    if (f->replaces == 0 && uid_is_none(c->replaces_uid)) {
        if (f->kind == EVENT_RETRACTED)
            intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_NOTHING_REPLACED], NULL, NULL, NULL);
        return TONG_OK;
    }
    tong_code code = intake_find_row(in, f->replaces, c->replaces_uid, &found, &was, err);
    if (code != TONG_OK) return code;
    if (!found) {
        intake_refuse(out, TONG_E_NOT_FOUND, &fact_message[FACT_NO_ROW], NULL, NULL, NULL);
        return TONG_OK;
    }
    f->replaces = was.fact.id;
    bool entry = was.fact.kind >= ENTRY_FIRST, undone = entry && in->deriver[was.fact.kind].undo != NULL;
    bool taken_back = f->kind == EVENT_RETRACTED;
    bool edition = was.fact.kind == EVENT_EDITION ||
                   (was.fact.kind >= ENTRY_EDITION_PROPOSED && was.fact.kind <= ENTRY_EDITION_TAKEN_BACK);
    bool fixed = edition || (entry && !(taken_back && undone)) || was.fact.kind == ENTRY_ERASED;
    if (was.fact.subject != f->subject)
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_OTHER_SUBJECT], NULL, NULL, NULL);
    else if (fixed) intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_FIXED], NULL, NULL, NULL);
    return TONG_OK;
}

static tong_code fact_about(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                            struct err *err)
{
    struct fact_row sample;
    bool found;
    d->row.about = c->about;
    if (d->row.fact.kind != EVENT_RESULT || (c->about == 0 && uid_is_none(c->about_uid))) return TONG_OK;
    tong_code code = intake_find_row(in, c->about, c->about_uid, &found, &sample, err);
    if (code != TONG_OK) return code;
    bool good = found && sample.fact.kind == EVENT_SAMPLED && sample.fact.subject == d->row.fact.subject;
    if (!good) intake_refuse(out, TONG_E_NOT_FOUND, &fact_message[FACT_NO_SAMPLE], NULL, NULL, NULL);
    d->row.about = good ? sample.fact.id : 0;
    return TONG_OK;
}

static tong_code fact_fill(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                           struct err *err)
{
    struct fact *f = &d->row.fact;
    f->id = 0;
    f->signer = f->second = 0;
    f->edition = f->spare = 0;
    if (fact_absent(f->until)) f->until = UTC_NONE;
    if (!fact_recordable(f->kind)) {
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_KIND], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (fact_is_visit((event_word)f->kind) && !fact_temperature_fits((event_word)f->kind, f->value))
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_TEMPERATURE], NULL, NULL, NULL);
    if (!fact_words(f))
        intake_refuse(out, TONG_E_INVALID, &fact_message[FACT_WORD], words_at(WORDS_EVENT, f->kind)->name, NULL, NULL);
    fact_times(in, f, out);
    tong_code code = fact_subjects(in, c, d, out, err);
    if (code == TONG_OK && out->code == TONG_OK) code = fact_replaces(in, c, d, out, err);
    if (code == TONG_OK && out->code == TONG_OK) code = fact_about(in, c, d, out, err);
    char tube[UID_TEXT];
    bool pooled = f->kind == EVENT_SAMPLED && !uid_is_none(c->about_uid);
    if (pooled) uid_format(c->about_uid, tube);
    d->row.payload = intake_note(in, c, pooled ? tube : NULL);
    return code;
}

static tong_code fact_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                            struct err *err)
{
    d->row.fact = c->fact;
    return fact_fill(in, c, d, out, err);
}

// Has somebody corrected or retracted it already, and does that stand?
static tong_code fact_is_replaced(struct intake *in, int64_t subject, int64_t id, bool *replaced, struct err *err)
{
    struct fact *facts = NULL;
    size_t count = 0, cap = 0;
    *replaced = false;
    tong_code code = db_ask(in->db, sql_fact_replacing, &DB_I(subject), 1, err);
    while (code == TONG_OK && db_next(in->db, sql_fact_replacing)) {
        struct fact *more = arena_grow(&in->arena, facts, count, &cap, sizeof *facts);
        if (more == NULL) code = tong_fail(err, TONG_E_NOMEM, "no memory for the corrections of a subject");
        if (more == NULL) break;
        facts = more;
        facts[count++] = (struct fact){
            .id = db_int(in->db, sql_fact_replacing, 0, 0),
            .kind = (uint8_t)db_int(in->db, sql_fact_replacing, 1, 0),
            .replaces = db_int(in->db, sql_fact_replacing, 2, 0),
        };
    }
    tong_code done = db_done(in->db, sql_fact_replacing, code == TONG_OK ? err : NULL);
    if (code != TONG_OK || done != TONG_OK) return code != TONG_OK ? code : done;
    struct fact *all = arena_array(&in->arena, count + 1, sizeof *all);
    if (all == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the corrections of a subject");
    all[0] = (struct fact){.id = id, .kind = EVENT_DONE};
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = facts[i];
        if (facts[i].id == id) all[0].replaces = facts[i].replaces;
        if (facts[i].id == id && facts[i].kind == EVENT_RETRACTED) all[0].kind = EVENT_RETRACTED;
    }
    // A retraction is never among what is left: does another take it back?
    for (size_t i = 1; i <= count; i++)
        *replaced = *replaced || (all[i].replaces == id && all[0].kind == EVENT_RETRACTED);
    if (all[0].kind == EVENT_RETRACTED) return TONG_OK;
    size_t left = facts_prepare(all, count + 1, (utc_sec){INT64_MAX}, UTC_NONE);
    *replaced = true;
    for (size_t i = 0; i < left; i++) *replaced = *replaced && all[i].id != id;
    return TONG_OK;
}

static tong_code fact_may(struct intake *in, const struct command *c, const struct draft *d, struct intake_outcome *out,
                          struct err *err)
{
    bool replaced = false;
    (void)c;
    if (in->in_force < 0) intake_refuse(out, TONG_E_CONFLICT, &fact_message[FACT_NO_EDITION], NULL, NULL, NULL);
    if (out->code != TONG_OK || d->row.fact.replaces == 0) return TONG_OK;
    tong_code code = fact_is_replaced(in, d->row.fact.subject, d->row.fact.replaces, &replaced, err);
    if (code == TONG_OK && replaced)
        intake_refuse(out, TONG_E_CONFLICT, &fact_message[FACT_REPLACED], NULL, NULL, NULL);
    return code;
}

const struct command_handler handler_fact = {fact_draft, fact_may};

// ---- the outcome of a task ----

static tong_code done_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                            struct err *err)
{
    struct task_row t;
    bool found;
    tong_code code = flush_state(in, err);
    if (code == TONG_OK) code = intake_find_task(in, c->about, &found, &t, err);
    if (code != TONG_OK) return code;
    const struct protocol *p = found ? intake_protocol(in, t.edition) : NULL;
    if (p == NULL) {
        intake_refuse(out, TONG_E_NOT_FOUND, &fact_message[FACT_NO_TASK], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->row.fact = c->fact;
    d->row.fact.subject = t.subject;
    bool names = c->fact.kind == EVENT_DONE || c->fact.kind == EVENT_REFUSED; // of which task
    if (names) d->row.fact.name = p->tasks[t.task].name_id;
    d->made = t.id;
    code = fact_fill(in, c, d, out, err);
    d->row.about = t.id;
    return code;
}

static tong_code done_may(struct intake *in, const struct command *c, const struct draft *d, struct intake_outcome *out,
                          struct err *err)
{
    struct task_row t;
    bool found;
    tong_code code = intake_find_task(in, c->about, &found, &t, err);
    if (code != TONG_OK) return code;
    // What was seen at the door is worth recording, though another was there first.
    if (t.closed.s != INT64_MIN && c->fact.kind == EVENT_DONE)
        intake_refuse(out, TONG_E_CONFLICT, &fact_message[FACT_TASK_CLOSED], NULL, NULL, NULL);
    return out->code == TONG_OK ? fact_may(in, c, d, out, err) : TONG_OK;
}

const struct command_handler handler_done = {done_draft, done_may};
