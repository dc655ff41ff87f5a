// read_fault.h -- the messages of the protocol reader. For read*.c alone.
#ifndef TONG_PROTOCOL_READ_FAULT_H
#define TONG_PROTOCOL_READ_FAULT_H

#include "base/problem.h"
#include "protocol/words.h"

// name, slug, text en, text zh, remedy en, remedy zh. {1} is what was written unless the text says otherwise.
#define READ_FAULTS(X)                                                                                                 \
    X(not_map, "mapping-wanted", "here a mapping of keys is wanted", "此处应为“键: 值”形式的映射",                     \
      "write `key: value` lines below it, or {key: value} after it", "请在下方写“键: 值”，或写成花括号形式")           \
    X(not_text, "text-wanted", "here a single text is wanted", "此处应为一段文字",                                     \
      "write one word or text, no list and no mapping", "请只写一个词或一段文字，不要写列表或映射")                    \
    X(key_unknown, "key-unknown", "there is no key `{1}` here", "此处没有“{1}”这个键",                                 \
      "the keys that may stand here: {2}", "此处可用的键：{2}")                                                        \
    X(key_near, "key-unknown", "there is no key `{1}` here", "此处没有“{1}”这个键", "did you mean `{2}`?",             \
      "是否应为“{2}”？")                                                                                               \
    X(key_missing, "key-missing", "`{1}` is missing", "缺少“{1}”", "add `{1}: ...` here", "请在此处补上“{1}: ……”")     \
    X(key_anew, "key-anew", "an edition that extends another must give `{1}` anew",                                    \
      "扩展其他版本时，“{1}”必须重新填写", "add `{1}: ...` to this file", "请在本文件中补上“{1}: ……”")                 \
    X(name_bad, "name-bad", "`{1}` cannot be a name", "“{1}”不能用作名称",                                             \
      "use letters, digits, _ and -, at most 64 bytes", "名称只用字母、数字、下划线和连字符，最长 64 字节")            \
    X(name_reserved, "name-reserved", "`{1}` has a meaning of its own and cannot be a name here",                      \
      "“{1}”有固定含义，不能在此处用作名称", "choose another name", "请另取名称")                                      \
    X(name_collides, "name-collides", "the names `{1}` and `{2}` have the same number inside the program",             \
      "名称“{1}”和“{2}”在程序内部的编号相同", "choose another name for one of them", "请给其中一个另取名称")           \
    X(label_bad, "label-wanted", "a label in both languages is wanted here", "此处应写中英两种文字",                   \
      "write {en: ..., zh: ...}, neither of them empty", "请写成 {en: ……, zh: ……}，两种文字都不能空")                  \
    X(record_unknown, "record-unknown", "`{1}` is nothing that can be recorded", "“{1}”不在可记录项目之列",            \
      "use {2}, or a label {en: ..., zh: ...}", "请用 {2}，或写成 {en: ……, zh: ……}")                                   \
    X(yes_no, "yes-or-no", "`{1}` is neither yes nor no", "“{1}”既不是 yes 也不是 no", "write yes or no",              \
      "请写 yes 或 no")                                                                                                \
    X(day_bad, "day-bad", "`{1}` is no day of the calendar", "“{1}”不是有效日期",                                      \
      "write it as 2022-06-28; mind the length of the month", "请写成 2022-06-28 的形式，并核对当月天数")              \
    X(pathway_unknown, "pathway-unknown", "there is no pathway `{1}`", "没有名为“{1}”的流程", "the pathways are: {2}", \
      "已有的流程：{2}")                                                                                               \
    X(pathway_near, "pathway-unknown", "there is no pathway `{1}`", "没有名为“{1}”的流程", "did you mean `{2}`?",      \
      "是否应为“{2}”？")                                                                                               \
    X(stage_unknown, "stage-unknown", "this pathway has no stage `{1}`", "此流程没有名为“{1}”的阶段",                  \
      "its stages are: {2}", "此流程的阶段：{2}")                                                                      \
    X(stage_near, "stage-unknown", "this pathway has no stage `{1}`", "此流程没有名为“{1}”的阶段",                     \
      "did you mean `{2}`?", "是否应为“{2}”？")                                                                        \
    X(measure_unknown, "measure-unknown", "there is no measure `{1}`", "没有名为“{1}”的措施",                          \
      "describe it under `measures`; there are: {2}", "请在 measures 中写明该措施；已有：{2}")                         \
    X(measure_near, "measure-unknown", "there is no measure `{1}`", "没有名为“{1}”的措施", "did you mean `{2}`?",      \
      "是否应为“{2}”？")                                                                                               \
    X(task_unknown, "task-unknown", "there is no task `{1}`", "没有名为“{1}”的任务",                                   \
      "describe it under `tasks`; there are: {2}", "请在 tasks 中写明该任务；已有：{2}")                               \
    X(task_near, "task-unknown", "there is no task `{1}`", "没有名为“{1}”的任务", "did you mean `{2}`?",               \
      "是否应为“{2}”？")                                                                                               \
    X(status_unknown, "status-unknown", "there is no status code `{1}`", "没有名为“{1}”的健康码状态",                  \
      "name it under `status`; there are: {2}", "请在 status 中写明；已有：{2}")                                       \
    X(source_unknown, "source-unknown", "there is no source `{1}`", "没有名为“{1}”的来源",                             \
      "add it under `sources`; there are: {2}", "请在 sources 中补上；已有：{2}")                                      \
    X(source_near, "source-unknown", "there is no source `{1}`", "没有名为“{1}”的来源", "did you mean `{2}`?",         \
      "是否应为“{2}”？")                                                                                               \
    X(source_missing, "figure-without-source", "the figure `{1}` names no source", "数字“{1}”没有注明来源",            \
      "write the source after it, as in `{1} (P1)`, or `source: P1` in the mapping around it",                         \
      "请在数字后注明来源，如“{1} (P1)”，或在所属映射中写 source: P1")                                                 \
    X(bracket_open, "bracket-open", "the bracket in `{1}` is never closed", "“{1}”中的括号没有闭合",                   \
      "close it: `7 d (P1)`", "请补上右括号，如“7 d (P1)”")                                                            \
    X(duration_bad, "duration-bad", "`{1}` is no duration", "“{1}”不是时长",                                           \
      "write a whole number and a unit: 30 min, 24 h, 7 d, 2 w", "请写整数加单位：30 min、24 h、7 d、2 w")             \
    X(duration_days, "duration-days", "`{1}` is no number of whole days", "“{1}”不是整天数",                           \
      "write days or weeks here: 7 d, 2 w", "此处请写天或周：7 d、2 w")                                                \
    X(range, "figure-range", "`{1}` lies outside what is allowed here: {2}", "“{1}”超出此处允许的范围：{2}",           \
      "correct the figure or its unit", "请改正数字或单位")                                                            \
    X(count_bad, "number-bad", "`{1}` is no whole number", "“{1}”不是整数", "write a whole number", "请写整数")        \
    X(times_bad, "times-bad", "`{1}` does not say how many times", "“{1}”没有写明次数", "write `2 times`",             \
      "请写成“2 times”")                                                                                               \
    X(decimal_bad, "decimal-bad", "`{1}` is no number with at most one decimal", "“{1}”不是最多一位小数的数",          \
      "write it like 35 or 33.5", "请写成 35 或 33.5 的形式")                                                          \
    X(before_bad, "before-bad", "`{1}` does not say how many days before {2}", "“{1}”没有写明 {2} 之前的天数",         \
      "write `2 d before {2}`", "请写成“2 d before {2}”")                                                              \
    X(after_bad, "after-bad", "`{1}` does not say which day after what", "“{1}”没有写明从何时起算的第几天",            \
      "write `{2}`", "请写成“{2}”")                                                                                    \
    X(days_bad, "days-bad", "`{1}` is no list of days", "“{1}”不是日期列表",                                           \
      "write `[1, 2, 3, 5, 7]`, `1 2 3 5 7 (P1)`, `every 2 d (P1)` or `every 2 d from 1 (P1)`",                        \
      "请写成“[1, 2, 3, 5, 7]”“1 2 3 5 7 (P1)”“every 2 d (P1)”或“every 2 d from 1 (P1)”")                              \
    X(clock_bad, "clock-bad", "`{1}` is no time of the day", "“{1}”不是一天中的时刻", "write `[02:00, 05:00]`",        \
      "请写成“[02:00, 05:00]”")                                                                                        \
    X(condition_deep, "condition-deep", "the conditions are nested too deeply", "条件嵌套层数过多",                    \
      "at most eight levels of any, all and not", "any、all、not 最多嵌套八层")                                        \
    X(condition_empty, "condition-empty", "there is no condition here", "此处没有写条件",                              \
      "write at least one, or leave the key out", "请至少写一个条件，或删去该键")                                      \
    X(condition_value, "condition-value", "the condition `{1}` takes a value", "条件“{1}”需要写值",                    \
      "write it as `{2}`", "请写成“{2}”")                                                                              \
    X(condition_bare, "condition-bare", "the condition `{1}` takes no value but yes or no",                            \
      "条件“{1}”不带值（只可写 yes 或 no）", "write `{1}` alone", "请只写“{1}”")                                       \
    X(condition_unknown, "condition-unknown", "there is no condition `{1}`", "没有“{1}”这个条件",                      \
      "`tongzhou protocol words` lists them all", "可用 tongzhou protocol words 查看全部条件")                         \
    X(condition_near, "condition-unknown", "there is no condition `{1}`", "没有“{1}”这个条件", "did you mean `{2}`?",  \
      "是否应为“{2}”？")                                                                                               \
    X(forbidden_ethnicity, "condition-forbidden",                                                                      \
      "`{1}`: nothing in a protocol may depend on a person's ethnicity or origin",                                     \
      "“{1}”：防控方案不得以人员的民族、种族或籍贯为条件", "remove it; decide by exposure and illness alone",          \
      "请删去；只能依据暴露和病情作出判断")                                                                            \
    X(forbidden_faith, "condition-forbidden", "`{1}`: nothing in a protocol may depend on a person's faith",           \
      "“{1}”：防控方案不得以人员的宗教信仰为条件", "remove it; decide by exposure and illness alone",                  \
      "请删去；只能依据暴露和病情作出判断")                                                                            \
    X(forbidden_petition, "condition-forbidden",                                                                       \
      "`{1}`: nothing in a protocol may depend on a person's petitions or complaints",                                 \
      "“{1}”：防控方案不得以人员的上访、信访或投诉为条件", "remove it; decide by exposure and illness alone",          \
      "请删去；只能依据暴露和病情作出判断")                                                                            \
    X(forbidden_finances, "condition-forbidden", "`{1}`: nothing in a protocol may depend on a person's finances",     \
      "“{1}”：防控方案不得以人员的收入、债务、存款等财务状况为条件",                                                   \
      "remove it; decide by exposure and illness alone", "请删去；只能依据暴露和病情作出判断")                         \
    X(event_reserved, "event-reserved", "nothing can react to `{1}`", "不能对“{1}”作出反应",                           \
      "react to what it means: a result's meaning, a step of the ladder, lapsed",                                      \
      "请改为对其含义作出反应：检测结果的含义、病例分类的步骤，或 lapsed")                                             \
    X(ladder_step, "ladder-step", "`{1}` is no step of the case ladder", "“{1}”不是病例分类的步骤",                    \
      "the steps are suspected, probable, confirmed, asymptomatic, discarded",                                         \
      "可用的步骤：suspected、probable、confirmed、asymptomatic、discarded")                                           \
    X(means_bad, "means-bad", "a result cannot mean `{1}`", "检测结果不能表示“{1}”",                                   \
      "it may mean negative, positive, screening_positive, pool_positive, inconclusive, invalid, "                     \
      "contaminated, clean",                                                                                           \
      "可用的含义：negative、positive、screening_positive、pool_positive、inconclusive、invalid、"         \
      "contaminated、clean")                                                                                           \
    X(closes_bad, "closes-bad", "`{1}` cannot close the window", "“{1}”不能作为追踪期的终点",                          \
      "use something people record: isolated, admitted, buried, died",                                                 \
      "请用可记录的事件：isolated、admitted、buried、died")                                                            \
    X(choice, "choice-bad", "`{1}` is not possible here", "此处不能写“{1}”", "write one of: {2}", "可用：{2}")         \
    X(zone_bad, "zone-unknown", "there is no time zone `{1}`", "没有名为“{1}”的时区",                                  \
      "write an IANA name (Asia/Shanghai) or UTC+8", "请写 IANA 名称（如 Asia/Shanghai）或 UTC+8")                     \
    X(extends_bad, "extends-bad", "`{1}` is no name of a file in the same folder", "“{1}”不是同一文件夹中的文件名",    \
      "write the name alone, like covid19-cn-9.yaml", "请只写文件名，如 covid19-cn-9.yaml")                            \
    X(extends_missing, "extends-missing", "the file `{1}` that this one extends cannot be read",                       \
      "本文件所扩展的“{1}”无法读取", "put it into the same folder, or correct the name",                               \
      "请把该文件放在同一文件夹，或改正文件名")                                                                        \
    X(extends_cycle, "extends-cycle", "`{1}` extends itself, by way of others or directly",                            \
      "“{1}”直接或间接扩展了自身", "remove one of the `extends`", "请删去其中一处 extends")                            \
    X(too_many, "too-many", "there are too many of these; at most {1} are possible", "此类条目过多；最多 {1} 个",      \
      "split the protocol, or join what is alike", "请拆分防控方案，或合并相同的条目")                                 \
    X(slots_full, "slots-full", "this pathway has more than {1} different tasks", "此流程的任务超过 {1} 种",           \
      "split the pathway, or join tasks", "请拆分流程或合并任务")                                                      \
    X(days_full, "days-full", "the stages together have too many scheduled days", "各阶段安排的天数合计过多",          \
      "give open stages an end, or the pathway an `at_most`", "请给没有期限的阶段写明期限，或给流程写 at_most")        \
    X(two_ends, "stage-two-ends", "a stage has one of `for`, `until` and `lapses`, not two of them",                   \
      "一个阶段只能写 for、until、lapses 中的一个", "keep the one that is meant", "请保留其中一个")                    \
    X(both_leave, "actions-contradict", "`{1}` and `{2}` cannot both be done", "“{1}”和“{2}”不能同时执行",             \
      "keep one of them", "请保留其中一个")                                                                            \
    X(no_action, "action-none", "this reaction does nothing", "此反应没有任何动作",                                    \
      "say what is done: go, end, tasks, measure, tell, enrol, zone, undo or restart",                                 \
      "请写明动作：go、end、tasks、measure、tell、enrol、zone、undo 或 restart")                                       \
    X(door_action, "door-action", "`{1}` needs an enrolment and cannot stand at the top level",                        \
      "“{1}”需要已有纳管记录，不能写在顶层", "enrol first, and write it under a stage or `on` of that pathway",        \
      "请先纳管，再写到相应流程的阶段或 on 中")                                                                        \
    X(milder_cycle, "milder-cycle", "`{1}` would be milder than itself", "“{1}”会比自身更轻",                          \
      "follow the chain of `milder` and cut it where it is wrong", "请沿 milder 逐级核对并改正")                       \
    X(unit_missing, "unit-missing", "which unit the zone is drawn as is not said", "没有写明防控区域的单位",           \
      "write `unit: building` here, or `unit:` in the pathway", "请在此处写 unit: building，或在流程中写 unit")        \
    X(first_when, "branch-after-all", "what follows an entry without `when` is never reached",                         \
      "没有 when 的一项之后的内容永远不会用到", "put it last", "请把它放到最后")                                       \
    X(change_to, "change-to", "`{1}` does not name a pathway and a stage", "“{1}”没有写明流程和阶段",                  \
      "write `pathway.stage`, or `ends` on the right-hand side", "请写成“流程.阶段”；右侧也可写 ends")

#define READ_FAULT_DECLARE(name, slug, en, zh, remedy_en, remedy_zh) extern const struct message read_fault_##name;
READ_FAULTS(READ_FAULT_DECLARE)

// "`{1}` is no role", by list; with {2} the nearest word, or without one.
const struct message *read_fault_of_word(word_list list, bool near);

#endif
