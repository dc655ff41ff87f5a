#include "exchange/export_record.h"

#define IDENTITY .class = RECORD_IDENTITY
#define PERSONAL .class = RECORD_PERSONAL
#define INTERNAL .class = RECORD_INTERNAL

// clang-format off
#define COURSE_WHO \
    RECORD_ID(struct course_record, id, INTERNAL, .label = LABEL("identifier", "标识")), \
    RECORD_TEXT(struct course_record, label, PERSONAL, .label = LABEL("number in the other system", "外部系统编号")), \
    RECORD_TEXT(struct course_record, name, IDENTITY, .label = LABEL("name", "姓名")), \
    RECORD_ID(struct course_record, sex, PERSONAL, .label = LABEL("sex", "性别")), \
    RECORD_DAY(struct course_record, born, PERSONAL, .label = LABEL("date of birth", "出生日期")), \
    RECORD_INTEGER(struct course_record, age, PERSONAL, .label = LABEL("age", "年龄")), \
    RECORD_ID(struct course_record, document_kind, IDENTITY, .label = LABEL("kind of document", "证件类型")), \
    RECORD_TEXT(struct course_record, document, IDENTITY, .label = LABEL("document number", "证件号码")), \
    RECORD_TEXT(struct course_record, phone, IDENTITY, .label = LABEL("telephone", "电话")), \
    RECORD_TEXT(struct course_record, address, PERSONAL, .label = LABEL("address", "现住址")), \
    RECORD_TEXT(struct course_record, place, PERSONAL, .label = LABEL("where they live", "现住场所")), \
    RECORD_TEXT(struct course_record, occupation, PERSONAL, .label = LABEL("occupation", "职业"))
#define COURSE_STATE \
    RECORD_ID(struct course_record, pathway, INTERNAL, .label = LABEL("pathway", "处置流程")), \
    RECORD_ID(struct course_record, stage, INTERNAL, .label = LABEL("stage", "阶段")), \
    RECORD_ID(struct course_record, final, INTERNAL, .label = LABEL("how it ended", "结束方式")), \
    RECORD_INSTANT(struct course_record, opened, INTERNAL, .label = LABEL("enrolled", "纳管时间")), \
    RECORD_INSTANT(struct course_record, ended, INTERNAL, .label = LABEL("ended", "结束时间")), \
    RECORD_DAY(struct course_record, order_until, INTERNAL, .label = LABEL("ordered until", "指令截止日"))
#define COURSE_DATE(member, en, zh) RECORD_DAY(struct course_record, member, PERSONAL, .label = LABEL(en, zh))

static const struct record_field course_case_fields[] = {
    COURSE_WHO,
    RECORD_ID(struct course_record, class, PERSONAL, .label = LABEL("classification", "病例分类")),
    COURSE_DATE(reported, "reported", "报告日期"),
    COURSE_DATE(onset, "onset", "发病日期"),
    COURSE_DATE(sampled, "first positive sample", "首次阳性采样日期"),
    COURSE_DATE(diagnosed, "diagnosed", "确诊日期"),
    COURSE_DATE(isolated, "isolated", "隔离日期"),
    COURSE_DATE(hospitalised, "admitted", "入院日期"),
    COURSE_DATE(hospitalised_end, "discharged", "出院日期"),
    RECORD_ID(struct course_record, outcome, PERSONAL, .label = LABEL("outcome", "转归")),
    COURSE_DATE(outcome_day, "outcome on", "转归日期"),
    COURSE_DATE(death, "died on", "死亡日期"),
    COURSE_STATE,
};
static const struct record_field course_contact_fields[] = {
    COURSE_WHO,
    COURSE_DATE(first_contact, "first contact", "首次接触日期"),
    COURSE_DATE(last_contact, "last contact", "末次接触日期"),
    COURSE_DATE(reported, "named on", "登记日期"),
    RECORD_ID(struct course_record, status, PERSONAL, .label = LABEL("status", "状态")),
    RECORD_TEXT(struct course_record, case_of, PERSONAL, .label = LABEL("whom they met", "密接来源")),
    RECORD_ID(struct course_record, kind, PERSONAL, .label = LABEL("how they met", "接触方式")),
    COURSE_STATE,
};
static const struct record_field sample_fields[] = {
    RECORD_ID(struct sample_record, uid, .label = LABEL("identifier", "标识")),
    RECORD_ID(struct sample_record, person, INTERNAL, .label = LABEL("person", "人员标识")),
    RECORD_ID(struct sample_record, specimen, INTERNAL, .label = LABEL("specimen", "标本类型")),
    RECORD_INSTANT(struct sample_record, taken, INTERNAL, .label = LABEL("taken", "采样时间")),
    RECORD_ID(struct sample_record, tube, INTERNAL, .label = LABEL("tube", "采样管")),
    RECORD_TEXT(struct sample_record, laboratory, INTERNAL, .label = LABEL("laboratory", "实验室")),
    RECORD_INSTANT(struct sample_record, received, INTERNAL, .label = LABEL("received", "接收时间")),
    RECORD_ID(struct sample_record, test, PERSONAL, .label = LABEL("test", "检测方法")),
    RECORD_ID(struct sample_record, outcome, PERSONAL, .label = LABEL("result", "检测结果")),
    RECORD_INSTANT(struct sample_record, resulted, INTERNAL, .label = LABEL("result on", "结果时间")),
    RECORD_REAL(struct sample_record, ct, PERSONAL, .label = LABEL("Ct value", "Ct 值")),
};
static const struct record_field task_fields[] = {
    RECORD_INTEGER(struct task_record, id, .label = LABEL("number", "编号")),
    RECORD_ID(struct task_record, subject, INTERNAL, .label = LABEL("subject", "对象标识")),
    RECORD_ID(struct task_record, task, .label = LABEL("task", "任务")),
    RECORD_ID(struct task_record, verb, .label = LABEL("what is asked", "任务类型")),
    RECORD_ID(struct task_record, role, .label = LABEL("by whom", "办理角色")),
    RECORD_INSTANT(struct task_record, opened, .label = LABEL("opened", "派发时间")),
    RECORD_INSTANT(struct task_record, deadline, .label = LABEL("deadline", "时限")),
    RECORD_INSTANT(struct task_record, closed, .label = LABEL("closed", "办结时间")),
    RECORD_ID(struct task_record, how, .label = LABEL("how", "办结方式")),
    RECORD_BOOLEAN(struct task_record, overdue, .label = LABEL("overdue", "已超时")),
};
// clang-format on

const struct record_kind course_case_kind = RECORD_KIND("case", struct course_record, course_case_fields);
const struct record_kind course_contact_kind = RECORD_KIND("contact", struct course_record, course_contact_fields);
const struct record_kind sample_record_kind = RECORD_KIND("sample", struct sample_record, sample_fields);
const struct record_kind task_record_kind = RECORD_KIND("task", struct task_record, task_fields);
