#include "exchange/line_record.h"

#include <assert.h>
#include <string.h>

const struct record_word line_sex_words[LINE_SEX_COUNT] = {
    [LINE_SEX_UNKNOWN] = {"unknown", LABEL("unknown", "不详")},
    [LINE_MALE] = {"male", LABEL("male", "男")},
    [LINE_FEMALE] = {"female", LABEL("female", "女")},
    [LINE_SEX_OTHER] = {"other", LABEL("other", "其他")},
};

const struct record_word line_class_words[LINE_CLASS_COUNT] = {
    [LINE_CLASS_UNKNOWN] = {"unknown", LABEL("unclassified", "未分类")},
    [LINE_SUSPECTED] = {"suspected", LABEL("suspected", "疑似")},
    [LINE_PROBABLE] = {"probable", LABEL("probable", "临床诊断")},
    [LINE_CONFIRMED] = {"confirmed", LABEL("confirmed", "确诊")},
    [LINE_ASYMPTOMATIC] = {"asymptomatic", LABEL("asymptomatic", "无症状")},
    [LINE_DISCARDED] = {"discarded", LABEL("discarded", "排除")},
};

const struct record_word line_outcome_words[LINE_OUTCOME_COUNT] = {
    [LINE_OUTCOME_UNKNOWN] = {"unknown", LABEL("unknown", "不详")},
    [LINE_ALIVE] = {"alive", LABEL("alive", "存活")},
    [LINE_RECOVERED] = {"recovered", LABEL("recovered", "治愈")},
    [LINE_DIED] = {"died", LABEL("died", "死亡")},
};

const struct record_word line_date_words[LINE_DATE_COUNT] = {
    [LINE_REPORTED] = {"reported", LABEL("reported", "报告")},
    [LINE_INFECTED] = {"infected", LABEL("infected", "感染")},
    [LINE_EXPOSURE_FIRST] = {"exposure_first", LABEL("first possible exposure", "最早可能暴露")},
    [LINE_EXPOSURE_LAST] = {"exposure_last", LABEL("last possible exposure", "最晚可能暴露")},
    [LINE_ONSET] = {"onset", LABEL("onset", "发病")},
    [LINE_SAMPLED] = {"sampled", LABEL("sampled", "采样")},
    [LINE_DIAGNOSED] = {"diagnosed", LABEL("diagnosed", "诊断")},
    [LINE_ISOLATED] = {"isolated", LABEL("isolated", "隔离")},
    [LINE_ISOLATED_END] = {"isolated_end", LABEL("end of isolation", "解除隔离")},
    [LINE_HOSPITALISED] = {"hospitalised", LABEL("admitted to hospital", "住院")},
    [LINE_HOSPITALISED_END] = {"hospitalised_end", LABEL("left hospital", "出院")},
    [LINE_OUTCOME_DAY] = {"outcome_day", LABEL("outcome", "转归")},
    [LINE_DEATH] = {"death", LABEL("death", "死亡")},
};

const struct record_word line_end_words[LINE_END_COUNT] = {
    [LINE_END_UNKNOWN] = {"unknown", LABEL("not on any list", "不在名单中")},
    [LINE_END_CASE] = {"case", LABEL("case", "病例")},
    [LINE_END_CONTACT] = {"contact", LABEL("contact", "密接")},
    [LINE_END_GATHERING] = {"gathering", LABEL("gathering", "聚集")},
};

const struct record_word line_contact_status_words[LINE_CONTACT_STATUS_COUNT] = {
    [LINE_CONTACT_UNKNOWN] = {"unknown", LABEL("unknown", "不详")},
    [LINE_CONTACT_UNDER_FOLLOWUP] = {"under_followup", LABEL("under follow-up", "随访中")},
    [LINE_CONTACT_COMPLETED] = {"completed", LABEL("follow-up completed", "随访期满")},
    [LINE_CONTACT_BECAME_CASE] = {"became_case", LABEL("became a case", "转为病例")},
    [LINE_CONTACT_LOST] = {"lost", LABEL("lost to follow-up", "失访")},
    [LINE_CONTACT_REFUSED] = {"refused", LABEL("refused", "拒绝")},
    [LINE_CONTACT_DIED] = {"died", LABEL("died", "死亡")},
};

const struct record_word line_followup_words[LINE_FOLLOWUP_STATUS_COUNT] = {
    [LINE_FOLLOWUP_UNKNOWN] = {"unknown", LABEL("nothing recorded", "无记录")},
    [LINE_SEEN_WELL] = {"seen_well", LABEL("seen well", "见到，无症状")},
    [LINE_SEEN_ILL] = {"seen_ill", LABEL("seen ill", "见到，有症状")},
    [LINE_NOT_SEEN] = {"not_seen", LABEL("not seen", "未见到")},
    [LINE_NOT_ATTEMPTED] = {"not_attempted", LABEL("not attempted", "未随访")},
    [LINE_REFUSED] = {"refused", LABEL("refused", "拒绝")},
};

const struct record_word line_result_words[LINE_RESULT_COUNT] = {
    [LINE_RESULT_UNKNOWN] = {"unknown", LABEL("no result", "无结果")},
    [LINE_POSITIVE] = {"positive", LABEL("positive", "阳性")},
    [LINE_NEGATIVE] = {"negative", LABEL("negative", "阴性")},
    [LINE_INCONCLUSIVE] = {"inconclusive", LABEL("inconclusive", "不确定")},
};

const struct record_word line_table_words[LINE_TABLE_COUNT] = {
    [LINE_TABLE_CASES] = {"cases", LABEL("cases", "病例")},
    [LINE_TABLE_LINKS] = {"links", LABEL("links", "传播关系")},
    [LINE_TABLE_CONTACTS] = {"contacts", LABEL("contacts", "密接")},
    [LINE_TABLE_FOLLOWUPS] = {"followups", LABEL("follow-ups", "随访")},
    [LINE_TABLE_LABS] = {"labs", LABEL("laboratory results", "检测结果")},
    [LINE_TABLE_GATHERINGS] = {"gatherings", LABEL("gatherings", "聚集活动")},
};

// ---- record tables ----

#define LINE_DAY(s, m, field, ...)                                                                                    \
    {                                                                                                                 \
        .name = (field), .type = RECORD_TYPE_DAY, .class = RECORD_PERSONAL, .offset = RECORD_AT(s, m.day, civil_day), \
        .least = CIVIL_DAY_MIN, .most = CIVIL_DAY_MAX, __VA_ARGS__                                                    \
    }
#define LINE_CASE_DAY(index, field, en, zh)                                 \
    LINE_DAY(struct line_case, when[index], field, .label = LABEL(en, zh)), \
        LINE_DAY(struct line_case, known[index], field "_known", .label = LABEL(en ": known", zh "（获知）"))
#define LINE_KNOWN(s) LINE_DAY(s, known, "known", .label = LABEL("known", "获知日期"))
#define LINE_NUMBER(s) RECORD_INTEGER(s, line, .label = LABEL("line", "行"))

static const struct record_field line_case_fields[] = {
    RECORD_TEXT(struct line_case, id, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("case", "病例编号")),
    RECORD_TEXT(struct line_case, label, .class = RECORD_PERSONAL, .label = LABEL("label", "显示编号")),
    RECORD_TEXT(struct line_case, place, .class = RECORD_PERSONAL, .label = LABEL("place", "地点")),
    RECORD_ENUM(struct line_case, sex, line_sex_words, .class = RECORD_PERSONAL, .label = LABEL("sex", "性别")),
    RECORD_INTEGER(struct line_case, age, .least = 0, .most = LINE_AGE_MAX, .class = RECORD_PERSONAL,
                   .label = LABEL("age", "年龄")),
    RECORD_ENUM(struct line_case, class, line_class_words, .class = RECORD_PERSONAL,
                .label = LABEL("class", "病例分类")),
    RECORD_ENUM(struct line_case, outcome, line_outcome_words, .class = RECORD_PERSONAL,
                .label = LABEL("outcome", "转归")),
    RECORD_INTEGER(struct line_case, generation, .least = 0, .most = 100000, .label = LABEL("generation", "代次")),
    LINE_CASE_DAY(LINE_REPORTED, "reported", "reported", "报告日期"),
    LINE_CASE_DAY(LINE_INFECTED, "infected", "infected", "感染日期"),
    LINE_CASE_DAY(LINE_EXPOSURE_FIRST, "exposure_first", "first possible exposure", "最早可能暴露日期"),
    LINE_CASE_DAY(LINE_EXPOSURE_LAST, "exposure_last", "last possible exposure", "最晚可能暴露日期"),
    LINE_CASE_DAY(LINE_ONSET, "onset", "onset", "发病日期"),
    RECORD_BOOLEAN(struct line_case, onset_approximate, .class = RECORD_PERSONAL,
                   .label = LABEL("onset approximate", "发病日期为估计")),
    LINE_CASE_DAY(LINE_SAMPLED, "sampled", "sampled", "采样日期"),
    LINE_CASE_DAY(LINE_DIAGNOSED, "diagnosed", "diagnosed", "诊断日期"),
    LINE_CASE_DAY(LINE_ISOLATED, "isolated", "isolated", "隔离日期"),
    LINE_CASE_DAY(LINE_ISOLATED_END, "isolated_end", "end of isolation", "解除隔离日期"),
    LINE_CASE_DAY(LINE_HOSPITALISED, "hospitalised", "admitted to hospital", "住院日期"),
    LINE_CASE_DAY(LINE_HOSPITALISED_END, "hospitalised_end", "left hospital", "出院日期"),
    LINE_CASE_DAY(LINE_OUTCOME_DAY, "outcome_day", "outcome", "转归日期"),
    LINE_CASE_DAY(LINE_DEATH, "death", "death", "死亡日期"),
    LINE_NUMBER(struct line_case),
};

static const struct record_field line_link_fields[] = {
    RECORD_TEXT(struct line_link, from, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("from", "传染来源")),
    RECORD_TEXT(struct line_link, to, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("to", "被接触者")),
    RECORD_ENUM(struct line_link, from_end, line_end_words, .label = LABEL("source is a", "来源类型")),
    RECORD_ENUM(struct line_link, to_end, line_end_words, .label = LABEL("target is a", "对象类型")),
    RECORD_TEXT(struct line_link, kind, .class = RECORD_PERSONAL, .label = LABEL("exposure", "暴露方式")),
    LINE_DAY(struct line_link, first_contact, "first_contact", .label = LABEL("first contact", "首次接触日期")),
    LINE_DAY(struct line_link, last_contact, "last_contact", .label = LABEL("last contact", "末次接触日期")),
    LINE_KNOWN(struct line_link),
    LINE_NUMBER(struct line_link),
};

static const struct record_field line_contact_fields[] = {
    RECORD_TEXT(struct line_contact, id, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("contact", "密接编号")),
    RECORD_TEXT(struct line_contact, label, .class = RECORD_PERSONAL, .label = LABEL("label", "显示编号")),
    RECORD_TEXT(struct line_contact, place, .class = RECORD_PERSONAL, .label = LABEL("place", "地点")),
    RECORD_ENUM(struct line_contact, sex, line_sex_words, .class = RECORD_PERSONAL, .label = LABEL("sex", "性别")),
    RECORD_INTEGER(struct line_contact, age, .least = 0, .most = LINE_AGE_MAX, .class = RECORD_PERSONAL,
                   .label = LABEL("age", "年龄")),
    RECORD_ENUM(struct line_contact, status, line_contact_status_words, .class = RECORD_PERSONAL,
                .label = LABEL("status", "状态")),
    LINE_DAY(struct line_contact, first_contact, "first_contact", .label = LABEL("first contact", "首次接触日期")),
    LINE_DAY(struct line_contact, last_contact, "last_contact", .label = LABEL("last contact", "末次接触日期")),
    LINE_DAY(struct line_contact, reported, "reported", .label = LABEL("reported", "报告日期")),
    LINE_DAY(struct line_contact, followup_first, "followup_first", .label = LABEL("follow-up begins", "随访开始")),
    LINE_DAY(struct line_contact, followup_last, "followup_last", .label = LABEL("follow-up ends", "随访结束")),
    LINE_DAY(struct line_contact, became_case, "became_case", .label = LABEL("became a case", "转为病例日期")),
    LINE_KNOWN(struct line_contact),
    LINE_NUMBER(struct line_contact),
};

static const struct record_field line_followup_fields[] = {
    RECORD_TEXT(struct line_followup, contact, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("contact", "密接编号")),
    LINE_DAY(struct line_followup, day, "day", .required = true, .label = LABEL("day", "随访日期")),
    RECORD_ENUM(struct line_followup, status, line_followup_words, .class = RECORD_PERSONAL,
                .label = LABEL("status", "随访结果")),
    LINE_KNOWN(struct line_followup),
    LINE_NUMBER(struct line_followup),
};

static const struct record_field line_lab_fields[] = {
    RECORD_TEXT(struct line_lab, person, .required = true, .most = LINE_ID_MAX, .class = RECORD_PERSONAL,
                .label = LABEL("person", "人员编号")),
    LINE_DAY(struct line_lab, sampled, "sampled", .label = LABEL("sampled", "采样日期")),
    LINE_DAY(struct line_lab, resulted, "resulted", .label = LABEL("result given", "报告结果日期")),
    RECORD_ENUM(struct line_lab, result, line_result_words, .class = RECORD_PERSONAL, .label = LABEL("result", "结果")),
    RECORD_TEXT(struct line_lab, specimen, .class = RECORD_PERSONAL, .label = LABEL("specimen", "标本类型")),
    RECORD_TEXT(struct line_lab, test, .class = RECORD_PERSONAL, .label = LABEL("test", "检测方法")),
    LINE_KNOWN(struct line_lab),
    LINE_NUMBER(struct line_lab),
};

static const struct record_field line_gathering_fields[] = {
    RECORD_TEXT(struct line_gathering, id, .required = true, .most = LINE_ID_MAX,
                .label = LABEL("gathering", "聚集编号")),
    RECORD_TEXT(struct line_gathering, name, .class = RECORD_INTERNAL, .label = LABEL("name", "名称")),
    LINE_DAY(struct line_gathering, day, "day", .label = LABEL("day", "日期")),
    LINE_KNOWN(struct line_gathering),
    LINE_NUMBER(struct line_gathering),
};

const struct record_kind line_kind[LINE_TABLE_COUNT] = {
    [LINE_TABLE_CASES] = RECORD_KIND("line_case", struct line_case, line_case_fields),
    [LINE_TABLE_LINKS] = RECORD_KIND("line_link", struct line_link, line_link_fields),
    [LINE_TABLE_CONTACTS] = RECORD_KIND("line_contact", struct line_contact, line_contact_fields),
    [LINE_TABLE_FOLLOWUPS] = RECORD_KIND("line_followup", struct line_followup, line_followup_fields),
    [LINE_TABLE_LABS] = RECORD_KIND("line_lab", struct line_lab, line_lab_fields),
    [LINE_TABLE_GATHERINGS] = RECORD_KIND("line_gathering", struct line_gathering, line_gathering_fields),
};

void line_clear(line_table table, void *row)
{
    assert(table >= 0 && table < LINE_TABLE_COUNT);
    memset(row, 0, line_kind[table].size);
    switch (table) {
    case LINE_TABLE_CASES: {
        struct line_case *c = row;
        for (int32_t d = 0; d < LINE_DATE_COUNT; d++) c->when[d] = c->known[d] = DATE_TIME_NONE;
        c->age = c->generation = RECORD_INTEGER_NONE;
        c->onset_approximate = RECORD_BOOLEAN_NONE;
        c->contact = LINE_NONE;
        return;
    }
    case LINE_TABLE_LINKS: {
        struct line_link *l = row;
        l->first_contact = l->last_contact = l->known = DATE_TIME_NONE;
        l->from_index = l->to_index = LINE_NONE;
        return;
    }
    case LINE_TABLE_CONTACTS: {
        struct line_contact *c = row;
        c->first_contact = c->last_contact = c->reported = DATE_TIME_NONE;
        c->followup_first = c->followup_last = c->became_case = c->known = DATE_TIME_NONE;
        c->age = RECORD_INTEGER_NONE;
        c->case_index = LINE_NONE;
        return;
    }
    case LINE_TABLE_FOLLOWUPS: {
        struct line_followup *f = row;
        f->day = f->known = DATE_TIME_NONE;
        f->contact_index = f->case_index = LINE_NONE;
        return;
    }
    case LINE_TABLE_LABS: {
        struct line_lab *l = row;
        l->sampled = l->resulted = l->known = DATE_TIME_NONE;
        l->case_index = l->contact_index = LINE_NONE;
        return;
    }
    case LINE_TABLE_GATHERINGS: {
        struct line_gathering *g = row;
        g->day = g->known = DATE_TIME_NONE;
        return;
    }
    case LINE_TABLE_COUNT: break;
    }
    assert(table < LINE_TABLE_COUNT);
}
