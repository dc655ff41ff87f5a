// check_context.h -- what the parts of the checker share, and its messages. For check*.c alone.
#ifndef TONG_PROTOCOL_CHECK_CONTEXT_H
#define TONG_PROTOCOL_CHECK_CONTEXT_H

#include "protocol/check.h"

struct checker {
    const struct protocol *p;
    struct problem_list *problems;
    struct arena scratch;
};

// name, slug, severity, text en, text zh, remedy en, remedy zh
#define CHECK_FAULTS(X)                                                                                                \
    X(no_end, "no-end", ERROR, "the protocol has neither an end nor a review date",                                    \
      "防控方案既没有截止日期，也没有复核日期", "write `review: DATE`, or `until: DATE` under `effective`",            \
      "请写 review: 日期，或在 effective 中写 until: 日期")                                                            \
    X(dates_reversed, "dates-reversed", ERROR, "the edition ends on {2}, not after it begins on {1}",                  \
      "方案的截止日期 {2} 不晚于生效日期 {1}", "correct `effective`", "请改正 effective")                              \
    X(review_past, "review-past", ERROR, "the review date {2} lies before the edition begins on {1}",                  \
      "复核日期 {2} 早于生效日期 {1}", "correct `review`", "请改正 review")                                            \
    X(no_ask, "no-anything-else", ERROR, "nobody is named to judge a positive that no rule matches",                   \
      "没有写明无匹配规则的阳性由谁研判", "write `anything_else: {ask: case_investigator}` under `on`",                \
      "请在 on 中写 anything_else: {ask: case_investigator}")                                                          \
    X(no_door, "no-door", ERROR, "no fact ever opens an enrolment", "没有任何事实会开始纳管",                          \
      "say under `on` which facts do, like `positive: {enrol: case}`", "请在 on 中写明，如 positive: {enrol: case}")   \
    X(source_unused, "source-unused", WARNING, "the source `{1}` is never used", "来源“{1}”从未被引用",                \
      "remove it, or name it where its figures stand", "请删去，或在引用其数字处注明")                                 \
    X(retention_short, "retention-short", ERROR, "`{1}` is kept for {2} d, less than the incubation of {3} d",         \
      "“{1}”只保存 {2} 天，短于最长潜伏期 {3} 天", "keep it at least as long as someone may still fall ill",           \
      "保存期不应短于仍可能发病的时间")                                                                                \
    X(result_shadowed, "result-unreached", WARNING, "this row is never reached: row {1} above takes all of it",        \
      "此行永远不会用到：上面的第 {1} 行已全部涵盖", "put the narrower row first", "请把条件更窄的行放在前面")         \
    X(class_shadowed, "class-unreached", WARNING, "no contact is ever in class `{1}`: `{2}` above takes them all",     \
      "没有密接会归入“{1}”：上面的“{2}”已全部涵盖", "put the narrower class first", "请把条件更窄的类别放在前面")      \
    X(class_subject, "class-subject", ERROR, "contacts are persons, and the pathway `{1}` is not for persons",         \
      "密接是人，而流程“{1}”不是针对人的", "name a pathway `of: person`", "请改用 of: person 的流程")                  \
    X(no_ladder, "no-ladder", ERROR, "the pathway walks the case ladder, and there is none",                           \
      "流程写了 ladder: yes，但没有病例分类", "write `case:`, or take `ladder: yes` away",                             \
      "请补写 case，或删去 ladder: yes")                                                                               \
    X(no_case_pathway, "no-ladder-pathway", ERROR, "the case ladder is walked in no pathway", "没有流程使用病例分类",  \
      "write `ladder: yes` in the case's pathway, or remove `case`", "请在病例流程中写 ladder: yes，或删去 case")      \
    X(pathway_unused, "pathway-unused", WARNING, "nothing ever leads to the pathway `{1}`",                            \
      "没有任何规则会进入流程“{1}”", "enrol somebody in it, or remove it", "请补写 enrol，或删去该流程")               \
    X(unreachable, "stage-unreachable", ERROR, "the stage `{1}` can never be reached", "阶段“{1}”永远无法进入",        \
      "lead to it with `next` or `go`, or remove it", "请用 next 或 go 指向该阶段，或删去")                            \
    X(no_way_out, "stage-without-exit", ERROR, "nothing ever leads out of the stage `{1}`",                            \
      "没有任何情形能离开阶段“{1}”",                                                                                   \
      "give it days and a `next`, a `release` for the pathway, or a reaction that goes on or ends",                    \
      "请写明期限和 next，或为流程写 release，或写能转出、结束的反应")                                                 \
    X(no_next, "stage-without-next", ERROR, "the days of the stage `{1}` run out and nothing follows",                 \
      "阶段“{1}”期满后没有去处", "write `next: STAGE` or `next: released`, or a reaction to `lapsed`",                 \
      "请写 next: 阶段 或 next: released，或写对 lapsed 的反应")                                                       \
    X(never_served, "release-never-served", ERROR,                                                                          \
      "stage `{1}` has no days, so `days_served` never holds in it", "阶段`{1}`没有规定天数，`days_served`在其中永不成立",   \
      "give the stage `for:` or `until:`, or release by something that happens",                                       \
      "请为该阶段写明`for:`或`until:`，或改用会发生的事件作为解除条件")                                                  \
    X(open_next, "stage-open-with-next", ERROR, "the stage `{1}` has a `next` and no end to come to it",               \
      "阶段“{1}”写了 next 却没有期限", "give it `for`, `until` or `lapses`, or lead on by a reaction",                 \
      "请写 for、until 或 lapses，或改用反应转出")                                                                     \
    X(branch_open, "branch-without-rest", ERROR,                                                                       \
      "when none of these conditions holds, nothing follows the stage `{1}`", "这些条件都不成立时，阶段“{1}”没有去处", \
      "end the list with an entry without `when`", "请在最后补一项不带 when 的")                                       \
    X(beyond_stage, "beyond-stage", ERROR, "`{1}` reaches to day {2}, and the stage has {3} days",                     \
      "“{1}”到第 {2} 天，而该阶段只有 {3} 天", "shorten it, or make the stage longer", "请缩短，或延长该阶段")         \
    X(days_at_most, "days-beyond-at-most", ERROR, "the stages restrict for {1} days, and `at_most` allows {2}",        \
      "各阶段限制合计 {1} 天，而 at_most 只允许 {2} 天", "raise `at_most`, or shorten a stage",                        \
      "请调高 at_most，或缩短阶段")                                                                                    \
    X(extend_at_most, "extension-beyond-at-most", ERROR,                                                               \
      "with all extensions the restrictions take {1} days, and `at_most` allows {2}",                                  \
      "全部延长后限制合计 {1} 天，而 at_most 只允许 {2} 天", "raise `at_most`, or extend fewer times or days",         \
      "请调高 at_most，或减少延长的次数、天数")                                                                        \
    X(followup_short, "follow-up-short", WARNING, "contacts are followed for {1} days, and the incubation is {2}",     \
      "密接随访 {1} 天，短于最长潜伏期 {2} 天", "is this meant? Someone may fall ill after the last day",              \
      "请确认是否如此：期满之后仍可能有人发病")                                                                        \
    X(task_lapse, "deadline-after-lapse", ERROR,                                                                       \
      "the task `{1}` may take {2} min, and the stage lapses after {3} min",                                           \
      "任务“{1}”时限为 {2} 分钟，而阶段在 {3} 分钟后失效",                                                             \
      "shorten the task's `within`, or let the stage last longer", "请缩短任务时限，或延长该阶段")                     \
    X(task_order, "deadlines-reversed", ERROR, "`{1}` must be done before `{2}`, and has the later deadline",          \
      "“{1}”应在“{2}”之前完成，时限却更晚", "correct one of the two `within`", "请改正两者之一的 within")              \
    X(missed_self, "missed-told-to-self", WARNING, "when `{1}` is missed, the one who missed it is told",              \
      "“{1}”逾期时只告知任务执行者本人", "name somebody else, like `commander`", "请改为告知其他人，如 commander")     \
    X(set_missing, "set-missing", ERROR, "the task `{1}` takes a set of samples and does not say of what",             \
      "任务“{1}”为成套采样，但没有写明标本", "write `set: [nasal, blood, ...]`", "请写 set: [nasal, blood, ……]")       \
    X(task_unused, "task-unused", WARNING, "the task `{1}` is never opened", "任务“{1}”从未下达",                      \
      "open it on entering a stage or in a reaction, or remove it", "请在阶段或反应中下达，或删去")                    \
    X(never_event, "reaction-never", WARNING, "`{1}` never happens here: {2}", "“{1}”在此处永远不会发生：{2}",         \
      "remove the reaction, or add what it waits for", "请删去该反应，或补上其前提")                                   \
    X(enrol_subject, "enrol-subject", ERROR, "`{1}` is a pathway for another kind of subject",                         \
      "“{1}”是针对另一类对象的流程", "a person goes on as a person; for a place write `zone`, for other people `who`", \
      "人只能进入针对人的流程；场所请用 zone，其他人请写 who")                                                         \
    X(zone_subject, "zone-subject", ERROR, "`{1}` is no pathway of places", "“{1}”不是针对场所的流程",                 \
      "name a pathway `of: place`", "请改用 of: place 的流程")                                                         \
    X(zone_unit, "zone-unit", ERROR, "the pathway `{1}` may not be drawn as `{2}`", "流程“{1}”不能以“{2}”为单位",      \
      "use one of its `unit`, or add it there", "请用其 unit 所列单位，或补上")                                        \
    X(at_most_missing, "no-at-most", ERROR, "`{1}` restricts, and the pathway says nowhere for how long at most",      \
      "“{1}”会限制人员，而流程没有写明最长期限", "write `at_most: 21 d (...)` in the pathway",                         \
      "请在流程中写 at_most: 21 d（来源）")                                                                            \
    X(measure_unused, "measure-unused", WARNING, "the measure `{1}` is never used", "措施“{1}”从未使用",               \
      "use it in a stage or reaction, or remove it", "请在阶段或反应中使用，或删去")                                   \
    X(no_authority, "measure-without-authority", ERROR, "nobody is named who may order `{1}`",                         \
      "没有写明谁有权签发“{1}”", "write `order_by: ROLE`, or `voluntary: yes` for a request",                          \
      "请写 order_by: 角色；若为自愿，请写 voluntary: yes")                                                            \
    X(no_basis, "measure-without-basis", ERROR, "`{1}` names no legal ground", "“{1}”没有写明法律依据",                \
      "write `basis: {en: ..., zh: ...}`", "请写 basis: {en: ……, zh: ……}")                                             \
    X(no_milder, "measure-without-milder", ERROR, "`{1}` does not say what milder measure it was preferred to",        \
      "“{1}”没有写明相对于哪项更轻的措施", "write `milder: MEASURE`, or `milder: none` with `because: {en:, zh:}`",    \
      "请写 milder: 措施；若没有更轻的，请写 milder: none 并用 because 说明理由")                                      \
    X(no_provision, "measure-without-provision", ERROR, "`{1}` confines people and provides them with nothing",        \
      "“{1}”限制人员外出，却没有写明保障", "write `provide: [food, medicine, care, contact]`",                         \
      "请写 provide: [food, medicine, care, contact]")                                                                 \
    X(provision_less, "measure-provision-incomplete", WARNING, "`{1}` confines people and does not provide `{2}`",     \
      "“{1}”限制人员外出，却没有保障“{2}”", "add it to `provide`", "请补写到 provide 中")                              \
    X(no_objection, "measure-without-objection", ERROR, "`{1}` does not say how one may object",                       \
      "“{1}”没有写明如何提出异议", "write `objection: {within: 24 h (...), to: appeals}`",                             \
      "请写 objection: {within: 24 h（来源）, to: appeals}")                                                           \
    X(objection_self, "objection-to-orderer", ERROR, "an objection to `{1}` goes to the one who ordered it",           \
      "对“{1}”的异议由签发者自己受理", "name a role outside the chain of order, like `appeals`",                       \
      "请改由签发链之外的角色受理，如 appeals")                                                                        \
    X(no_review, "measure-without-review", ERROR,                                                                      \
      "`{1}` binds in the stage `{2}`, which has no end, and is never looked at again",                                \
      "“{1}”用于没有期限的阶段“{2}”，却没有复核期限", "write `review: 7 d (...)` in the measure",                      \
      "请在措施中写 review: 7 d（来源）")                                                                              \
    X(one_signature, "one-signature", WARNING, "`{1}` restricts many people at once with one signature",               \
      "“{1}”一次限制许多人，只需一人签发", "ask for `persons: 2`", "建议写 persons: 2")                                \
    X(contradiction, "condition-never", ERROR, "`{1}` and `{2}` can never hold together",                              \
      "“{1}”与“{2}”永远不能同时成立", "remove one, or join them with `any`", "请删去其一，或改用 any")                 \
    X(never_sample, "release-never", ERROR, "`{1}` can never hold: this pathway takes {2} samples",                    \
      "“{1}”永远不能成立：此流程共安排 {2} 次采样", "schedule enough samples in a stage, or open a task that samples", \
      "请在阶段中安排足够的采样，或下达采样任务")                                                                      \
    X(never_meaning, "release-never", ERROR, "`{1}` can never hold: no row of `results` means {2}",                    \
      "“{1}”永远不能成立：results 中没有表示 {2} 的行", "add a row to `results`", "请在 results 中补写")               \
    X(never_round, "release-never", ERROR, "`{1}` can never hold: this pathway has no test round",                     \
      "“{1}”永远不能成立：此流程没有安排检测轮次", "add `round: {on: ...}` to a stage, or a task `do: test_round`",    \
      "请在阶段中写 round: {on: ……}，或下达 do: test_round 的任务")                                                    \
    X(never_linked, "release-never", ERROR, "`{1}` can never hold: nobody tells `own_contacts`",                       \
      "“{1}”永远不能成立：没有任何流程告知 own_contacts",                                                              \
      "write `tell: [own_contacts]` where the other person's result arrives",                                          \
      "请在对方的检测结果反应中写 tell: [own_contacts]")                                                               \
    X(never_late, "release-never", ERROR, "`{1}` comes after {2} days, and `at_most` ends it after {3}",               \
      "“{1}”要 {2} 天，而 at_most 在第 {3} 天即结束", "raise `at_most`, or ask for fewer days",                        \
      "请调高 at_most，或减少天数")                                                                                    \
    X(never_fact, "release-never", ERROR, "`{1}` asks about the fact at hand, and there is none when a stage ends",    \
      "“{1}”针对当前事实，而阶段结束时没有当前事实", "ask about the person instead", "请改用针对人员状态的条件")       \
    X(overlap, "editions-overlap", ERROR,                                                                              \
      "edition {1} and edition {2} of one protocol are in force together from {3}",                                    \
      "同一方案的第 {1} 版与第 {2} 版从 {3} 起同时有效", "end the earlier with `until` where the later begins",        \
      "请把前一版的 until 写为后一版的生效日期")                                                                       \
    X(change_from, "change-from", ERROR, "`{1}` is no stage of edition {2}", "“{1}”不是第 {2} 版的阶段",               \
      "correct it in `change: {stages: ...}`", "请在 change 的 stages 中改正")                                         \
    X(change_lost, "change-unmapped", ERROR, "nothing says where people in `{1}` of edition {2} go",                   \
      "没有写明第 {2} 版“{1}”中的人员转往何处", "add it to `change: {stages: ...}`; `ends` releases them",             \
      "请在 change 的 stages 中补写；解除请写 ends")

#define CHECK_FAULT_DECLARE(name, slug, severity, en, zh, remedy_en, remedy_zh) \
    extern const struct message check_fault_##name;
CHECK_FAULTS(CHECK_FAULT_DECLARE)

void check_fault(struct checker *c, const struct origin *at, const struct message *m, const char *arg1,
                 const char *arg2, const char *arg3);
const char *check_number(struct checker *c, int64_t n);
// The origin of the figure at `path` + `key`, else `at` itself.
struct origin check_figure(struct checker *c, const struct origin *at, const char *key);

// Was it written in another file that this edition extends? What an edition inherits and does not use is no slip.
bool check_inherited(const struct checker *c, const struct origin *at);

// Tables the parts ask each other for.
bool check_entry_verb(const struct protocol *p, uint8_t pathway,
                      verb_word verb); // does any task of the pathway ask for it?
bool check_tells(const struct protocol *p, role_word role);
bool check_means(const struct protocol *p, event_word means);
// A rule of the pathway (NONE: the top level) that may be taken in the stage (NONE: any), on the event (EVENT_WORD_COUNT:
// any), with an action of the kind?
bool check_has_rule(const struct protocol *p, uint8_t pathway, uint8_t stage, event_word event, action_kind kind);
bool check_restricts(const struct protocol *p, uint8_t measure);

void check_head(struct checker *c);
void check_stages(struct checker *c);
void check_days(struct checker *c);
void check_conditions(struct checker *c);
void check_rules(struct checker *c);
void check_measures(struct checker *c);

#endif
