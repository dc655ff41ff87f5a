#include "exchange/mapping_fields.h"

#include <assert.h>
#include <string.h>

// ---- words of values, in plain form ----

static const struct mapping_word words_sex[] = {
    {"male", LINE_MALE},
    {"m", LINE_MALE},
    {"man", LINE_MALE},
    {"boy", LINE_MALE},
    {"男", LINE_MALE},
    {"男性", LINE_MALE},
    {"female", LINE_FEMALE},
    {"f", LINE_FEMALE},
    {"w", LINE_FEMALE},
    {"woman", LINE_FEMALE},
    {"girl", LINE_FEMALE},
    {"女", LINE_FEMALE},
    {"女性", LINE_FEMALE},
    {"other", LINE_SEX_OTHER},
    {"diverse", LINE_SEX_OTHER},
    {"其他", LINE_SEX_OTHER},
    {"unknown", LINE_SEX_UNKNOWN},
    {"unk", LINE_SEX_UNKNOWN},
    {"不详", LINE_SEX_UNKNOWN},
    {"未知", LINE_SEX_UNKNOWN},
    {NULL, 0},
};

static const struct mapping_word words_class[] = {
    {"confirmed", LINE_CONFIRMED},
    {"confirmedcase", LINE_CONFIRMED},
    {"laboratoryconfirmed", LINE_CONFIRMED},
    {"confirmedunknownsymptoms", LINE_CONFIRMED},
    {"确诊", LINE_CONFIRMED},
    {"确诊病例", LINE_CONFIRMED},
    {"实验室确诊", LINE_CONFIRMED},
    {"probable", LINE_PROBABLE},
    {"probablecase", LINE_PROBABLE},
    {"临床诊断", LINE_PROBABLE},
    {"临床诊断病例", LINE_PROBABLE},
    {"可能", LINE_PROBABLE},
    {"suspect", LINE_SUSPECTED},
    {"suspected", LINE_SUSPECTED},
    {"suspectedcase", LINE_SUSPECTED},
    {"possible", LINE_SUSPECTED},
    {"疑似", LINE_SUSPECTED},
    {"疑似病例", LINE_SUSPECTED},
    {"asymptomatic", LINE_ASYMPTOMATIC},
    {"confirmednosymptoms", LINE_ASYMPTOMATIC},
    {"无症状", LINE_ASYMPTOMATIC},
    {"无症状感染者", LINE_ASYMPTOMATIC},
    {"discarded", LINE_DISCARDED},
    {"notacase", LINE_DISCARDED},
    {"nocase", LINE_DISCARDED},
    {"notacasediscarded", LINE_DISCARDED},
    {"excluded", LINE_DISCARDED},
    {"排除", LINE_DISCARDED},
    {"已排除", LINE_DISCARDED},
    {"unknown", LINE_CLASS_UNKNOWN},
    {"notclassified", LINE_CLASS_UNKNOWN},
    {"未分类", LINE_CLASS_UNKNOWN},
    {NULL, 0},
};

static const struct mapping_word words_outcome[] = {
    {"died", LINE_DIED},
    {"dead", LINE_DIED},
    {"death", LINE_DIED},
    {"deceased", LINE_DIED},
    {"死亡", LINE_DIED},
    {"recovered", LINE_RECOVERED},
    {"recover", LINE_RECOVERED},
    {"cured", LINE_RECOVERED},
    {"治愈", LINE_RECOVERED},
    {"痊愈", LINE_RECOVERED},
    {"康复", LINE_RECOVERED},
    {"出院", LINE_RECOVERED},
    {"discharged", LINE_RECOVERED},
    {"alive", LINE_ALIVE},
    {"存活", LINE_ALIVE},
    {"在治", LINE_ALIVE},
    {"住院", LINE_ALIVE},
    {"treatment", LINE_ALIVE},
    {"nooutcome", LINE_OUTCOME_UNKNOWN},
    {"unknown", LINE_OUTCOME_UNKNOWN},
    {"不详", LINE_OUTCOME_UNKNOWN},
    {NULL, 0},
};

static const struct mapping_word words_yes[] = {
    {"true", 1}, {"yes", 1}, {"y", 1}, {"1", 1},  {"是", 1}, {"false", 0},
    {"no", 0},   {"n", 0},   {"0", 0}, {"否", 0}, {NULL, 0},
};

static const struct mapping_word words_contact_status[] = {
    {"underfollowup", LINE_CONTACT_UNDER_FOLLOWUP},
    {"followup", LINE_CONTACT_UNDER_FOLLOWUP},
    {"active", LINE_CONTACT_UNDER_FOLLOWUP},
    {"随访中", LINE_CONTACT_UNDER_FOLLOWUP},
    {"医学观察中", LINE_CONTACT_UNDER_FOLLOWUP},
    {"隔离中", LINE_CONTACT_UNDER_FOLLOWUP},
    {"followupcompleted", LINE_CONTACT_COMPLETED},
    {"completed", LINE_CONTACT_COMPLETED},
    {"已解除", LINE_CONTACT_COMPLETED},
    {"解除医学观察", LINE_CONTACT_COMPLETED},
    {"解除隔离", LINE_CONTACT_COMPLETED},
    {"becamecase", LINE_CONTACT_BECAME_CASE},
    {"converted", LINE_CONTACT_BECAME_CASE},
    {"转为病例", LINE_CONTACT_BECAME_CASE},
    {"转阳", LINE_CONTACT_BECAME_CASE},
    {"losttofollowup", LINE_CONTACT_LOST},
    {"lost", LINE_CONTACT_LOST},
    {"失访", LINE_CONTACT_LOST},
    {"refused", LINE_CONTACT_REFUSED},
    {"拒绝", LINE_CONTACT_REFUSED},
    {"died", LINE_CONTACT_DIED},
    {"死亡", LINE_CONTACT_DIED},
    {"unknown", LINE_CONTACT_UNKNOWN},
    {"notunderfollowup", LINE_CONTACT_UNKNOWN},
    {"nofollowup", LINE_CONTACT_UNKNOWN},
    {"dropped", LINE_CONTACT_UNKNOWN},
    {"canceled", LINE_CONTACT_UNKNOWN},
    {"cancelled", LINE_CONTACT_UNKNOWN},
    {NULL, 0},
};

// Go.Data's NOT_PERFORMED is what a generated follow-up says until somebody records something: nothing is known.
static const struct mapping_word words_followup[] = {
    {"seenok", LINE_SEEN_WELL},
    {"seenwell", LINE_SEEN_WELL},
    {"见到无症状", LINE_SEEN_WELL},
    {"正常", LINE_SEEN_WELL},
    {"无异常", LINE_SEEN_WELL},
    {"seennotok", LINE_SEEN_ILL},
    {"seenill", LINE_SEEN_ILL},
    {"见到有症状", LINE_SEEN_ILL},
    {"异常", LINE_SEEN_ILL},
    {"有症状", LINE_SEEN_ILL},
    {"missed", LINE_NOT_SEEN},
    {"notseen", LINE_NOT_SEEN},
    {"unavailable", LINE_NOT_SEEN},
    {"未见到", LINE_NOT_SEEN},
    {"notattempted", LINE_NOT_ATTEMPTED},
    {"未随访", LINE_NOT_ATTEMPTED},
    {"refused", LINE_REFUSED},
    {"uncooperative", LINE_REFUSED},
    {"拒绝", LINE_REFUSED},
    {"notperformed", LINE_FOLLOWUP_UNKNOWN},
    {"unknown", LINE_FOLLOWUP_UNKNOWN},
    {NULL, 0},
};

static const struct mapping_word words_result[] = {
    {"positive", LINE_POSITIVE},         {"pos", LINE_POSITIVE},
    {"detected", LINE_POSITIVE},         {"阳性", LINE_POSITIVE},
    {"negative", LINE_NEGATIVE},         {"neg", LINE_NEGATIVE},
    {"notdetected", LINE_NEGATIVE},      {"阴性", LINE_NEGATIVE},
    {"inconclusive", LINE_INCONCLUSIVE}, {"indeterminate", LINE_INCONCLUSIVE},
    {"可疑", LINE_INCONCLUSIVE},         {"单靶标阳性", LINE_INCONCLUSIVE},
    {"pending", LINE_RESULT_UNKNOWN},    {"notdone", LINE_RESULT_UNKNOWN},
    {"unknown", LINE_RESULT_UNKNOWN},    {NULL, 0},
};

// ---- fields ----

#define HEADERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define F_TEXT(s, m, ...)                                                                                      \
    {                                                                                                          \
        .name = #m, .kind = FIELD_TEXT, .offset = RECORD_AT(s, m, struct str), .headers = HEADERS(__VA_ARGS__) \
    }
#define F_ID(s, m, ...)                                                                        \
    {                                                                                          \
        .name = #m, .kind = FIELD_ID, .required = true, .offset = RECORD_AT(s, m, struct str), \
        .headers = HEADERS(__VA_ARGS__)                                                        \
    }
#define F_NUMBER(s, m, ...)                                                                                   \
    {                                                                                                         \
        .name = #m, .kind = FIELD_NUMBER, .offset = RECORD_AT(s, m, int64_t), .headers = HEADERS(__VA_ARGS__) \
    }
#define F_WORD(s, m, table, own, ...)                                                                          \
    {                                                                                                          \
        .name = #m, .kind = FIELD_WORD, .word_bytes = 4, .offset = RECORD_AT(s, m, int32_t), .words = (table), \
        .canonical = (own), .canonical_count = (int32_t)(sizeof(own) / sizeof(own)[0]),                        \
        .headers = HEADERS(__VA_ARGS__)                                                                        \
    }
#define F_DATE(s, m, ...)                                                                                            \
    {                                                                                                                \
        .name = #m, .kind = FIELD_DATE, .offset = RECORD_AT(s, m, struct date_time), .headers = HEADERS(__VA_ARGS__) \
    }
#define F_CASE_DATE(field, index, ...)                                                                               \
    {                                                                                                                \
        .name = (field), .kind = FIELD_DATE, .offset = RECORD_AT(struct line_case, when[index], struct date_time),   \
        .known_offset = RECORD_AT(struct line_case, known[index], struct date_time), .headers = HEADERS(__VA_ARGS__) \
    }
#define F_SPECIAL(field, what, how, ...)                                                   \
    {                                                                                      \
        .name = (field), .kind = (how), .special = (what), .headers = HEADERS(__VA_ARGS__) \
    }

static const struct mapping_field fields_cases[] = {
    F_ID(struct line_case, id, "uuid", "uid", "id", "caseid", "casenumber", "caseno", "case", "index", "externalid",
         "epidnumber", "病例编号", "病例id", "编号", "卡片编号", "序号"),
    F_TEXT(struct line_case, label, "visualid", "caseid", "epidnumber", "caselabel", "卡片id", "显示编号"),
    F_TEXT(struct line_case, place, "place", "locationid", "admin2name", "district", "responsibledistrict", "chiefdom",
           "province", "hospital", "lochosp", "healthfacility", "addresseslocationid", "地区", "区县", "社区", "医院",
           "地点"),
    F_WORD(struct line_case, sex, words_sex, line_sex_words, "sex", "gender", "personsex", "性别"),
    F_NUMBER(struct line_case, age, "ageyears", "age", "personapproximateage", "approximateage", "年龄", "年龄岁"),
    F_SPECIAL("age_months", SPECIAL_AGE_MONTHS, FIELD_NUMBER, "agemonths", "月龄"),
    F_WORD(struct line_case, class, words_class, line_class_words, "classification", "caseclassification", "caseclass",
           "class", "status", "casestatus", "病例分类", "分类", "诊断分类", "诊断类型"),
    F_WORD(struct line_case, outcome, words_outcome, line_outcome_words, "outcome", "outcomeid", "转归", "结局"),
    F_NUMBER(struct line_case, generation, "generation", "代次", "代际"),
    F_CASE_DATE("reported", LINE_REPORTED, "dateofreporting", "reportdate", "datereport", "dtreport", "dateofreport",
                "reported", "reportedat", "reportdatetime", "datereported", "报告日期", "报告时间", "报告卡录入时间"),
    F_CASE_DATE("infected", LINE_INFECTED, "dateofinfection", "infected", "dateinfection", "感染日期"),
    F_CASE_DATE("exposure_first", LINE_EXPOSURE_FIRST, "dtstartexp", "startsource", "exposurefirst", "exposurestart",
                "firstexposure", "最早暴露日期", "首次暴露日期"),
    F_CASE_DATE("exposure_last", LINE_EXPOSURE_LAST, "dtendexp", "endsource", "exposurelast", "exposureend",
                "lastexposure", "最晚暴露日期", "末次暴露日期"),
    F_CASE_DATE("onset", LINE_ONSET, "dateofonset", "onset", "onsetdate", "dateonset", "dtonset", "symptomonset",
                "symptomsonsetdate", "dateonsetsymptoms", "dateofprodrome", "发病日期", "发病时间", "症状出现日期"),
    F_CASE_DATE("sampled", LINE_SAMPLED, "dateofsample", "sampled", "sampledat", "datesampletaken", "sampledate",
                "sampledatetime", "采样日期", "采样时间"),
    F_CASE_DATE("diagnosed", LINE_DIAGNOSED, "dtdiag", "confirmdate", "resultat", "dateconfirmation",
                "dateofconfirmation", "diagnosed", "dateofdiagnosis", "diagnosisdate", "classificationdate", "确诊日期",
                "确诊时间", "诊断日期", "诊断时间"),
    F_CASE_DATE("isolated", LINE_ISOLATED, "isolationstartdate", "isolated", "datequarantine", "dateofisolation",
                "isolationdate", "隔离日期", "隔离时间"),
    F_CASE_DATE("isolated_end", LINE_ISOLATED_END, "isolationenddate", "isolatedend", "解除隔离日期"),
    F_CASE_DATE("hospitalised", LINE_HOSPITALISED, "dateofhospitalisation", "hospitalizationstartdate", "hospitalised",
                "datehospital", "dateofhospitalization", "dateofadmission", "admissiondate",
                "hospitalizationadmissiondate", "入院日期", "住院日期", "入院时间"),
    F_CASE_DATE("hospitalised_end", LINE_HOSPITALISED_END, "hospitalizationenddate", "hospitalisedend", "datedischarge",
                "dateofdischarge", "dischargedate", "hospitalizationdischargedate", "出院日期", "出院时间"),
    F_CASE_DATE("outcome_day", LINE_OUTCOME_DAY, "dateofoutcome", "outcomedate", "outcomeday", "转归日期", "结局日期"),
    F_CASE_DATE("death", LINE_DEATH, "dateofdeath", "dtdeath", "deathdate", "persondeathdate", "death", "datedeath",
                "死亡日期", "死亡时间"),
    {.name = "onset_approximate",
     .kind = FIELD_WORD,
     .word_bytes = 1,
     .words = words_yes,
     .offset = RECORD_AT(struct line_case, onset_approximate, int8_t),
     .headers = HEADERS("dateofonsetapproximate", "isdateofonsetapproximate")},
    F_SPECIAL("infector", SPECIAL_LINK_FROM, FIELD_TEXT, "infector", "infectorid", "trueinfector", "infectedby",
              "传染源", "传染源编号", "感染来源编号"),
    F_SPECIAL("infector_kind", SPECIAL_LINK_KIND, FIELD_TEXT, "infectorkind", "exposurekind"),
};

static const struct mapping_field fields_links[] = {
    F_ID(struct line_link, from, "sourceuuid", "from", "infector", "infectorid", "source", "sourceid", "sourcecaseuuid",
         "sourcevisualid", "sourcecase", "caseidexternalsystem", "传染源", "传染源编号", "指示病例", "来源病例",
         "关联病例编号", "病例编号"),
    F_ID(struct line_link, to, "targetuuid", "to", "infectee", "infecteeid", "target", "targetid", "caseid",
         "contactid", "targetvisualid", "续发病例", "密切接触者编号", "密接编号", "接触者编号", "编号"),
    F_TEXT(struct line_link, kind, "kind", "exposuretype", "exposure", "exposuretypeid", "contextofexposure", "source",
           "relation", "socialrelationshiptypeid", "接触方式", "暴露方式", "关系", "与病例关系"),
    F_DATE(struct line_link, first_contact, "dateoffirstcontact", "firstcontact", "firstcontactdate", "首次接触日期"),
    F_DATE(struct line_link, last_contact, "dateoflastcontact", "lastcontact", "lastcontactdate", "contactdate",
           "末次接触日期", "最后接触日期", "末次接触时间"),
};

static const struct mapping_field fields_contacts[] = {
    F_ID(struct line_contact, id, "uuid", "uid", "personuuid", "contactid", "id", "密接编号", "密切接触者编号",
         "接触者编号", "编号", "序号"),
    F_TEXT(struct line_contact, label, "visualid", "contactid", "contactlabel", "显示编号"),
    F_TEXT(struct line_contact, place, "place", "locationid", "admin2name", "district", "addresseslocationid", "地区",
           "区县", "社区", "地点"),
    F_WORD(struct line_contact, sex, words_sex, line_sex_words, "sex", "gender", "personsex", "性别"),
    F_NUMBER(struct line_contact, age, "ageyears", "age", "personapproximateage", "年龄", "年龄岁"),
    F_SPECIAL("age_months", SPECIAL_AGE_MONTHS, FIELD_NUMBER, "agemonths", "月龄"),
    F_WORD(struct line_contact, status, words_contact_status, line_contact_status_words, "contactstatus",
           "followupstatus", "status", "状态", "医学观察状态", "随访状态"),
    F_DATE(struct line_contact, first_contact, "dateoffirstcontact", "firstcontact", "firstcontactdate",
           "首次接触日期"),
    F_DATE(struct line_contact, last_contact, "dateoflastcontact", "lastcontact", "lastcontactdate", "末次接触日期",
           "最后接触日期", "末次接触时间"),
    F_DATE(struct line_contact, reported, "dateofreporting", "namedat", "reportdatetime", "reported", "reportdate",
           "报告日期", "登记日期"),
    F_DATE(struct line_contact, followup_first, "dateoffollowupstart", "followupstartdate", "followupfirst",
           "开始观察日期", "随访开始日期"),
    F_DATE(struct line_contact, followup_last, "dateoffollowupend", "followupenddate", "followuntil", "followupuntil",
           "followuplast", "解除观察日期", "随访结束日期"),
    F_DATE(struct line_contact, became_case, "datebecomecase", "becamecase", "转为病例日期"),
    F_SPECIAL("case_of", SPECIAL_LINK_FROM, FIELD_TEXT, "caseof", "caseidexternalsystem", "sourcecaseuuid",
              "sourcecase", "indexcase", "caseid", "病例编号", "指示病例", "关联病例", "关联病例编号", "密接来源"),
    F_SPECIAL("kind", SPECIAL_LINK_KIND, FIELD_TEXT, "kind", "exposuretype", "contactproximity", "relationtocase",
              "relation", "接触方式", "与病例关系", "关系"),
};

static const struct mapping_field fields_followups[] = {
    F_ID(struct line_followup, contact, "contactuuid", "contact", "contactid", "personid", "person", "contactvisualid",
         "密接编号", "密切接触者编号", "接触者编号", "编号"),
    F_DATE(struct line_followup, day, "dateoffollowup", "day", "date", "followupdate", "随访日期", "日期", "观察日期"),
    F_WORD(struct line_followup, status, words_followup, line_followup_words, "followupstatus", "statusid", "status",
           "随访结果", "随访状态", "结果"),
};

static const struct mapping_field fields_labs[] = {
    F_ID(struct line_lab, person, "personid", "person", "personuuid", "caseid", "id", "人员编号", "病例编号", "编号"),
    F_DATE(struct line_lab, sampled, "datesampletaken", "sampled", "sampledat", "sampledate", "sampledatetime",
           "采样日期", "采样时间"),
    F_DATE(struct line_lab, resulted, "dateofresult", "resulted", "resultat", "resultdate", "testdatetime", "结果日期",
           "报告结果日期", "检测日期"),
    F_WORD(struct line_lab, result, words_result, line_result_words, "result", "pathogentestresult", "testresult",
           "结果", "检测结果"),
    F_TEXT(struct line_lab, specimen, "sampletype", "specimen", "samplematerial", "标本类型", "样本类型"),
    F_TEXT(struct line_lab, test, "testtype", "test", "检测方法", "检测项目"),
};

static const struct mapping_field fields_gatherings[] = {
    F_ID(struct line_gathering, id, "uuid", "uid", "id", "eventid", "gatheringid", "编号"),
    F_TEXT(struct line_gathering, name, "eventname", "name", "eventtitle", "名称"),
    F_DATE(struct line_gathering, day, "dateofevent", "day", "date", "startdate", "日期", "聚集日期"),
};

#define FIELDS(table)                                        \
    {                                                        \
        (table), (int32_t)(sizeof(table) / sizeof(table)[0]) \
    }
static const struct {
    const struct mapping_field *fields;
    int32_t count;
} field_tables[LINE_TABLE_COUNT] = {
    [LINE_TABLE_CASES] = FIELDS(fields_cases),       [LINE_TABLE_LINKS] = FIELDS(fields_links),
    [LINE_TABLE_CONTACTS] = FIELDS(fields_contacts), [LINE_TABLE_FOLLOWUPS] = FIELDS(fields_followups),
    [LINE_TABLE_LABS] = FIELDS(fields_labs),         [LINE_TABLE_GATHERINGS] = FIELDS(fields_gatherings),
};

const struct mapping_field *mapping_fields(line_table table, int32_t *count)
{
    assert(table >= 0 && table < LINE_TABLE_COUNT);
    *count = field_tables[table].count;
    return field_tables[table].fields;
}

int32_t mapping_field_find(line_table table, struct str name)
{
    int32_t count = 0;
    const struct mapping_field *fields = mapping_fields(table, &count);
    for (int32_t i = 0; i < count; i++)
        if (str_eq_z(name, fields[i].name)) return i;
    return -1;
}

size_t mapping_plain(struct str text, char out[MAPPING_PLAIN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < MAPPING_PLAIN_MAX; i++) {
        char c = text.p[i];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (!upper && !lower && !digit && (unsigned char)c < 0x80) continue;
        out[n++] = upper ? (char)(c + ('a' - 'A')) : c;
    }
    return n;
}

static bool mapping_ends(struct str text, struct str end)
{
    return text.n >= end.n && memcmp(text.p + text.n - end.n, end.p, end.n) == 0;
}

bool mapping_word_known(const struct mapping_field *field, struct str text, int32_t *value)
{
    char buffer[MAPPING_PLAIN_MAX];
    struct str plain = {buffer, mapping_plain(text, buffer)};
    bool godata = str_starts(plain, "lngreferencedata");
    size_t best = 0;
    for (const struct mapping_word *w = field->words; w != NULL && w->text != NULL; w++) {
        struct str word = str_z(w->text);
        // Go.Data's tokens end in the value: of "male" and "female" the longer match is meant.
        bool fits = godata ? word.n > 1 && word.n > best && mapping_ends(plain, word) : str_eq(plain, word);
        if (!fits) continue;
        best = word.n;
        *value = w->value;
    }
    return best > 0;
}
