// words.h -- the closed vocabulary of the protocol language.
//
// Conditions, events, places, specimens, roles and units are words from these lists, never code. Each word has the name
// that stands in a protocol file and a label in both languages for explanations and screens. Adding a word is a change of
// the language (tested and documented in docs/protocol-language.md); a new protocol is not.
#ifndef TONG_PROTOCOL_WORDS_H
#define TONG_PROTOCOL_WORDS_H

#include "base/lang.h"
#include "base/str.h"

// What can happen. The first group are facts people record; then what a result means under the protocol's own results
// table; then the steps of the case ladder; then what follows from several facts together; last the clock.
#define EVENT_WORDS(X)                                                                                             \
    X(EXPOSED, "exposed", "exposed", "暴露")                                                                       \
    X(PARTED, "parted", "parted from the source", "与传染源分开")                                                  \
    X(CONTACT_NAMED, "contact_named", "a contact is named", "申报密接")                                            \
    X(SYMPTOM, "symptom", "first symptom", "出现症状")                                                             \
    X(WELL, "well", "free of symptoms", "症状消失")                                                                \
    X(FEVER_GONE, "fever_gone", "fever gone", "退热")                                                              \
    X(SAMPLED, "sampled", "sample taken", "已采样")                                                                \
    X(RESULT, "result", "result", "检测结果")                                                                      \
    X(ISOLATED, "isolated", "effectively isolated", "已有效隔离")                                                  \
    X(ADMITTED, "admitted", "admitted to hospital", "入院")                                                        \
    X(DISCHARGED, "discharged", "discharged from hospital", "出院")                                                \
    X(CLASSIFIED, "classified", "classified by an authority", "机构判定")                                          \
    X(ORDERED, "ordered", "order signed", "指令已签发")                                                            \
    X(DECLINED, "declined", "order declined", "指令未获批准")                                                      \
    X(STARTED, "started", "measure begun", "措施开始执行")                                                         \
    X(SEEN_WELL, "seen_well", "seen, well", "随访:无异常")                                                         \
    X(SEEN_ILL, "seen_ill", "seen, ill", "随访:有症状")                                                            \
    X(NOT_SEEN, "not_seen", "visited but not seen", "随访:未见到")                                                 \
    X(NOT_ATTEMPTED, "not_attempted", "visit not attempted", "未随访")                                             \
    X(REFUSED, "refused", "refused", "拒绝")                                                                       \
    X(DONE, "done", "task done", "任务完成")                                                                       \
    X(DIED, "died", "died", "死亡")                                                                                \
    X(BURIED, "buried", "safely buried", "遗体已安全处置")                                                         \
    X(LOST, "lost", "lost to follow-up", "失访")                                                                   \
    X(FOUND, "found", "found again", "重新找到")                                                                   \
    X(HANDED_OVER, "handed_over", "hand-over sent", "已发出协查移交")                                              \
    X(ACCEPTED, "accepted", "hand-over accepted", "移交已被接收")                                                  \
    X(ARRIVED, "arrived", "arrived from elsewhere", "入境或抵达")                                                  \
    X(LEFT_ZONE, "left_zone", "left a zone", "离开防控区域")                                                       \
    X(VACCINATED, "vaccinated", "vaccinated", "接种疫苗")                                                          \
    X(IMMUNOGLOBULIN, "immunoglobulin", "immunoglobulin given", "注射免疫球蛋白")                                  \
    X(IMMUNITY, "immunity", "evidence on immunity", "免疫证据")                                                    \
    X(ATTRIBUTE, "attribute", "something known about the person", "人员情况")                                      \
    X(CARER_NAMED, "carer_named", "carer named", "已指定照护人")                                                   \
    X(GUARDIAN_NAMED, "guardian_named", "guardian named", "已指定监护人")                                          \
    X(OVERRIDE, "override", "days set for one person", "个别调整天数")                                             \
    X(CARE_OVERRIDE, "care_override", "care comes first", "就医优先放行")                                          \
    X(OBJECTED, "objected", "objection made", "提出异议")                                                          \
    X(UPHELD, "upheld", "objection upheld", "异议成立")                                                            \
    X(LESIONS_HEALED, "lesions_healed", "lesions healed", "皮损愈合")                                              \
    X(CLINICIAN_RELEASE, "clinician_release", "released by a clinician", "医生同意解除")                           \
    X(CALLED_POSITIVE, "called_positive", "antigen positive reported by phone", "电话报告抗原阳性")                \
    X(LINKED_NEGATIVE, "linked_negative", "linked person tested negative", "关联人员检测阴性")                     \
    X(LINKED_POSITIVE, "linked_positive", "linked person tested positive", "关联人员检测阳性")                     \
    X(NEW_CASE, "new_case", "a new case here", "本场所新增病例")                                                   \
    X(CASE_LEFT, "case_left", "the last case has left", "末例病例已转出")                                          \
    X(ROUND_NEGATIVE, "round_negative", "test round all negative", "本轮检测全部阴性")                             \
    X(ROUND_POSITIVE, "round_positive", "test round found a positive", "本轮检测发现阳性")                         \
    X(COUNT, "count", "counts reported", "上报人数")                                                               \
    X(SOURCE_FREE, "source_free", "source removed here", "本场所传染源已清除")                                     \
    X(SIGNAL, "signal", "a signal", "信号")                                                                        \
    X(ENROLLED, "enrolled", "enrolled by a decision", "依决定纳管")                                                \
    X(EDITION, "edition", "a new edition is in force", "新版本生效")                                               \
    X(RETRACTED, "retracted", "a record withdrawn", "记录撤回")                                                    \
    X(NEGATIVE, "negative", "negative", "阴性")                                                                    \
    X(POSITIVE, "positive", "positive", "阳性")                                                                    \
    X(SCREENING_POSITIVE, "screening_positive", "screening positive", "初筛阳性")                                  \
    X(POOL_POSITIVE, "pool_positive", "pool positive", "混管阳性")                                                 \
    X(INCONCLUSIVE, "inconclusive", "inconclusive", "可疑")                                                        \
    X(INVALID, "invalid", "invalid", "无效")                                                                       \
    X(CONTAMINATED, "contaminated", "contaminated surroundings", "环境污染")                                       \
    X(CLEAN, "clean", "clean surroundings", "环境阴性")                                                            \
    X(SUSPECTED, "suspected", "suspected case", "疑似病例")                                                        \
    X(PROBABLE, "probable", "probable case", "临床诊断病例")                                                       \
    X(CONFIRMED, "confirmed", "confirmed case", "确诊病例")                                                        \
    X(ASYMPTOMATIC, "asymptomatic", "asymptomatic infection", "无症状感染者")                                      \
    X(DISCARDED, "discarded", "discarded", "排除")                                                                 \
    X(ALL_NEGATIVE, "all_negative", "all samples negative", "全部样本阴性")                                        \
    X(LAPSED, "lapsed", "the time of the stage ran out", "阶段到时")                                               \
    X(DAY, "day", "a day passes", "日期推移")                                                                      \
    X(DEADLINE, "deadline", "a deadline passes", "时限已到")

// How someone was exposed.
#define EXPOSURE_WORDS(X)                                                                                          \
    X(HOUSEHOLD, "household", "same household", "同住")                                                            \
    X(CARE, "care", "direct care", "直接照护")                                                                     \
    X(AEROSOL, "aerosol", "aerosol procedure in the same room", "产生气溶胶操作")                                  \
    X(WARD, "ward", "same ward or bay", "同病房")                                                                  \
    X(HEALTHCARE, "healthcare", "health-care contact", "医疗接触")                                                 \
    X(WORKPLACE, "workplace", "same office", "同办公室")                                                           \
    X(CLASSROOM, "classroom", "same class", "同班级")                                                              \
    X(MEAL, "meal", "shared meal", "共餐")                                                                         \
    X(VENUE, "venue", "closed venue", "密闭场所")                                                                  \
    X(LIFT, "lift", "same lift", "同乘电梯")                                                                       \
    X(TRANSPORT, "transport", "same transport, near", "同乘交通工具(近距离)")                                      \
    X(AIRSPACE, "airspace", "same air space", "共处同一空间")                                                      \
    X(SEXUAL, "sexual", "sexual contact", "性接触")                                                                \
    X(SKIN, "skin", "skin contact", "皮肤接触")                                                                    \
    X(BODY_FLUID, "body_fluid", "body fluids", "体液接触")                                                         \
    X(FUNERAL, "funeral", "funeral or body handling", "丧葬接触")                                                  \
    X(LAUNDRY, "laundry", "laundry or bedding", "衣物被褥接触")                                                    \
    X(BREASTFEEDING, "breastfeeding", "breast-feeding", "母乳喂养")                                                \
    X(ENVIRONMENT, "environment", "contaminated surroundings", "污染环境")                                         \
    X(ANIMAL, "animal", "animal", "动物")                                                                          \
    X(WATER, "water", "water or food", "水或食物")                                                                 \
    X(NEARBY, "nearby", "same place, further away", "同场所非近距离")                                              \
    X(OTHER, "other", "other, judged by the investigator", "其他(流调判定)")

#define SPECIMEN_WORDS(X)                                                                                          \
    X(OROPHARYNGEAL, "oropharyngeal", "throat swab", "咽拭子")                                                     \
    X(NASOPHARYNGEAL, "nasopharyngeal", "nasopharyngeal swab", "鼻咽拭子")                                         \
    X(NASAL, "nasal", "nasal swab", "鼻拭子")                                                                      \
    X(SPUTUM, "sputum", "sputum or lower airway", "痰或下呼吸道标本")                                              \
    X(BLOOD, "blood", "blood", "血液")                                                                             \
    X(SERUM, "serum", "serum", "血清")                                                                             \
    X(URINE, "urine", "urine", "尿液")                                                                             \
    X(STOOL, "stool", "stool or rectal swab", "粪便或肛拭子")                                                      \
    X(LESION, "lesion", "lesion", "皮损标本")                                                                      \
    X(ORAL_FLUID, "oral_fluid", "oral fluid", "口腔液")                                                            \
    X(ENVIRONMENT, "environment", "surface or object", "环境或物品")                                               \
    X(WATER, "water", "water", "水样")                                                                             \
    X(VECTOR, "vector", "vector or larvae", "媒介或幼虫")                                                          \
    X(SELF_KIT, "self_kit", "self-test kit", "自测试剂")

#define TEST_WORDS(X)                                                                                              \
    X(PCR, "pcr", "PCR", "核酸")                                                                                   \
    X(ANTIGEN, "antigen", "antigen", "抗原")                                                                       \
    X(ANTIBODY, "antibody", "antibody", "抗体")                                                                    \
    X(CULTURE, "culture", "culture", "培养")                                                                       \
    X(SEQUENCING, "sequencing", "sequencing", "测序")                                                              \
    X(MICROSCOPY, "microscopy", "microscopy", "镜检")                                                              \
    X(IMAGING, "imaging", "imaging", "影像")                                                                       \
    X(RAPID, "rapid", "rapid test", "快速检测")

#define OUTCOME_WORDS(X)                                                                                           \
    X(POSITIVE, "positive", "positive", "阳性")                                                                    \
    X(NEGATIVE, "negative", "negative", "阴性")                                                                    \
    X(INCONCLUSIVE, "inconclusive", "inconclusive", "可疑")                                                        \
    X(INVALID, "invalid", "invalid", "无效")

#define ROLE_WORDS(X)                                                                                              \
    X(CASE_INVESTIGATOR, "case_investigator", "case investigator", "流调员")                                       \
    X(FOLLOW_UP_WORKER, "follow_up_worker", "follow-up worker", "随访员")                                          \
    X(SAMPLER, "sampler", "sampler", "采样员")                                                                     \
    X(COMMUNITY_WORKER, "community_worker", "community worker", "社区工作者")                                      \
    X(GRID_TEAM, "grid_team", "grid team", "网格管控组")                                                           \
    X(HEALTH_CENTRE, "health_centre", "community health centre", "社区卫生服务中心")                               \
    X(LABORATORY, "laboratory", "laboratory", "实验室")                                                            \
    X(HOSPITAL, "hospital", "hospital", "医院")                                                                    \
    X(CLINICIAN, "clinician", "clinician", "临床医生")                                                             \
    X(INFECTION_CONTROL, "infection_control", "infection control", "院感专员")                                     \
    X(TRANSPORT, "transport", "transport team", "转运组")                                                          \
    X(QUARANTINE_SITE, "quarantine_site", "quarantine site", "集中隔离点")                                         \
    X(DISINFECTION_TEAM, "disinfection_team", "disinfection team", "消杀组")                                       \
    X(VACCINATION_TEAM, "vaccination_team", "vaccination team", "接种组")                                          \
    X(BURIAL_TEAM, "burial_team", "burial team", "殡葬处置组")                                                     \
    X(VECTOR_TEAM, "vector_team", "vector control team", "病媒控制组")                                             \
    X(WATER_TEAM, "water_team", "water and sanitation team", "饮水卫生组")                                         \
    X(LOGISTICS, "logistics", "logistics", "后勤保障组")                                                           \
    X(PSYCHOLOGIST, "psychologist", "psychological support", "心理支持")                                           \
    X(POLICE, "police", "police", "公安")                                                                          \
    X(SCHOOL, "school", "school", "学校")                                                                          \
    X(EMPLOYER, "employer", "employer", "单位")                                                                    \
    X(COMMANDER, "commander", "duty commander", "值班指挥员")                                                      \
    X(HEALTH_OFFICER, "health_officer", "public health officer", "公共卫生主管")                                   \
    X(DISTRICT_COMMAND, "district_command", "district command", "区级指挥部")                                      \
    X(CITY_COMMAND, "city_command", "city command", "市级指挥部")                                                  \
    X(PROVINCE_COMMAND, "province_command", "province command", "省级指挥部")                                      \
    X(NATIONAL, "national", "national authority", "国家主管部门")                                                  \
    X(APPEALS, "appeals", "appeals office", "异议受理处")                                                          \
    X(COURT, "court", "court", "法院")                                                                             \
    X(PERSON, "person", "the person", "本人")                                                                      \
    X(FAMILY, "family", "the family", "家属")                                                                      \
    X(CARER, "carer", "the carer", "照护人")                                                                       \
    X(GUARDIAN, "guardian", "the guardian", "监护人")                                                              \
    X(HOUSEHOLD, "household", "the household", "同住人")                                                           \
    X(OWN_CONTACTS, "own_contacts", "those followed because of this person", "因其纳管的人员")                     \
    X(RESIDENTS, "residents", "the residents", "居民")

// Where a stage is spent, and the units a zone may be drawn as.
#define PLACE_WORDS(X)                                                                                             \
    X(HOME, "home", "at home", "居家")                                                                             \
    X(QUARANTINE_SITE, "quarantine_site", "quarantine site", "集中隔离点")                                         \
    X(HOSPITAL, "hospital", "hospital", "医院")                                                                    \
    X(FANGCANG, "fangcang", "shelter hospital", "方舱医院")                                                        \
    X(TREATMENT_CENTRE, "treatment_centre", "treatment centre", "治疗中心")                                        \
    X(WARD, "ward", "ward", "病区")                                                                                \
    X(WHERE_THEY_ARE, "where_they_are", "where they are", "原地")                                                  \
    X(WORKPLACE, "workplace", "workplace", "工作场所")                                                             \
    X(SCHOOL, "school", "school", "学校")                                                                          \
    X(CLASS, "class", "school class", "班级")                                                                      \
    X(CITY, "city", "city", "市")                                                                                  \
    X(DISTRICT, "district", "district", "区县")                                                                    \
    X(SUBDISTRICT, "subdistrict", "subdistrict", "街道(乡镇)")                                                     \
    X(COMMUNITY, "community", "community", "社区")                                                                 \
    X(ESTATE, "estate", "estate", "小区")                                                                          \
    X(VILLAGE, "village", "village", "自然村")                                                                     \
    X(BUILDING, "building", "building", "楼栋")                                                                    \
    X(STAIR_UNIT, "stair_unit", "stair unit", "单元")                                                              \
    X(FLOOR, "floor", "floor", "楼层")                                                                             \
    X(RING, "ring", "ring by metres", "半径范围")                                                                  \
    X(VENUE, "venue", "venue", "场所")

// What a task asks for.
#define VERB_WORDS(X)                                                                                              \
    X(INTERVIEW, "interview", "interview", "流调询问")                                                             \
    X(VISIT_SITE, "visit_site", "go to the site", "到达现场")                                                      \
    X(INVESTIGATE, "investigate", "case investigation report", "完成流调报告")                                     \
    X(LIST_CONTACTS, "list_contacts", "list contacts", "排查密接")                                                 \
    X(FIND_SOURCE, "find_source", "look for the source", "溯源调查")                                               \
    X(REPORT, "report", "report the case", "网络直报")                                                             \
    X(SAMPLE, "sample", "take a sample", "采样")                                                                   \
    X(SAMPLE_SET, "sample_set", "take a set of samples", "成套采样")                                               \
    X(TEST_AGAIN, "test_again", "repeat the test", "复核检测")                                                     \
    X(CHECK, "check", "daily check", "健康监测")                                                                   \
    X(TRANSFER, "transfer", "transfer", "转运")                                                                    \
    X(ISOLATE, "isolate", "isolate", "隔离安置")                                                                   \
    X(CONTROL, "control", "control the place", "临时管控")                                                         \
    X(DISINFECT, "disinfect", "disinfect", "终末消毒")                                                             \
    X(TEST_ROUND, "test_round", "test round", "组织一轮检测")                                                      \
    X(VACCINATE, "vaccinate", "vaccinate", "接种")                                                                 \
    X(GIVE, "give", "give prophylaxis", "预防用药")                                                                \
    X(ASSESS, "assess", "assess", "评估")                                                                          \
    X(DECIDE, "decide", "decide", "决定")                                                                          \
    X(INFORM, "inform", "inform and explain", "告知说明")                                                          \
    X(SUPPORT, "support", "support", "服务保障")                                                                   \
    X(PERSUADE, "persuade", "talk with the person", "沟通劝导")                                                    \
    X(SEARCH, "search", "active search", "主动搜索")                                                               \
    X(TRACE_AGAIN, "trace_again", "find the person", "寻找失访人员")                                               \
    X(HAND_OVER, "hand_over", "hand over", "协查移交")                                                             \
    X(BURY, "bury", "safe and dignified burial", "安全体面安葬")                                                   \
    X(CONTROL_VECTOR, "control_vector", "vector control", "病媒控制")                                              \
    X(TREAT_WATER, "treat_water", "make water safe", "饮水消毒")                                                   \
    X(REVIEW, "review", "review", "复核")                                                                          \
    X(AFTER_ACTION, "after_action", "after-action record", "事后总结")                                             \
    X(ASK, "ask", "judge what it means", "人工研判")

#define MEASURE_KIND_WORDS(X)                                                                                      \
    X(ADVICE, "advice", "advice", "提示")                                                                          \
    X(HOLD, "hold", "short hold", "临时原地等待")                                                                  \
    X(MONITORING, "monitoring", "monitoring", "健康监测")                                                          \
    X(EXCLUSION, "exclusion", "exclusion from work or school", "暂停上班上学")                                     \
    X(QUARANTINE, "quarantine", "quarantine", "隔离医学观察")                                                      \
    X(ISOLATION, "isolation", "isolation", "隔离治疗")                                                             \
    X(ZONE, "zone", "restriction on a place", "区域管控")                                                          \
    X(CLOSURE, "closure", "closure", "关闭")

#define PROVISION_WORDS(X)                                                                                         \
    X(FOOD, "food", "food and water", "饮食")                                                                      \
    X(MEDICINE, "medicine", "medicine", "药品")                                                                    \
    X(CARE, "care", "medical care", "医疗")                                                                        \
    X(CONTACT, "contact", "a named contact day and night", "专人24小时联系")                                       \
    X(INCOME, "income", "pay or compensation", "工资或补偿")                                                       \
    X(LODGING, "lodging", "lodging", "住宿")                                                                       \
    X(COUNSEL, "counsel", "psychological support", "心理支持")                                                     \
    X(SCHOOLING, "schooling", "schooling", "学业支持")                                                             \
    X(TRANSPORT, "transport", "transport", "交通")

// How an enrolment ends.
#define FINAL_WORDS(X)                                                                                             \
    X(NONE, "none", "still open", "进行中")                                                                        \
    X(COMPLETED, "completed", "completed", "期满解除")                                                             \
    X(BECAME_CASE, "became_case", "became a case", "转为病例")                                                     \
    X(RECOVERED, "recovered", "recovered", "治愈")                                                                 \
    X(DISCARDED, "discarded", "discarded", "排除")                                                                 \
    X(DIED, "died", "died", "死亡")                                                                                \
    X(LOST, "lost", "lost to follow-up", "失访")                                                                   \
    X(REFUSED, "refused", "refused", "拒绝")                                                                       \
    X(HANDED_OVER, "handed_over", "handed over", "已移交")                                                         \
    X(MOVED, "moved", "moved to another pathway", "转入其他流程")                                                  \
    X(WITHDRAWN, "withdrawn", "the reason for it was withdrawn", "依据撤销")

// From what a day is counted.
#define ANCHOR_WORDS(X)                                                                                            \
    X(LAST_EXPOSURE, "last_exposure", "the last exposure", "末次暴露")                                             \
    X(FIRST_EXPOSURE, "first_exposure", "the first exposure", "首次暴露")                                          \
    X(ONSET, "onset", "onset", "发病")                                                                             \
    X(POSITIVE_SAMPLE, "positive_sample", "the first positive sample", "首次阳性采样")                             \
    X(ONSET_OR_SAMPLE, "onset_or_sample", "onset, or the positive sample where there is none", "发病(无症状者为阳性采样)") \
    X(LAST_CASE, "last_case", "the last case", "末例病例")                                                         \
    X(ENTRY, "entry", "the fact that opened the enrolment", "纳管起点")                                            \
    X(STAGE, "stage", "the beginning of the stage", "阶段开始")

// Personal circumstances that a condition may ask for.
#define ATTRIBUTE_WORDS(X)                                                                                         \
    X(PREGNANT, "pregnant", "pregnant", "孕妇")                                                                    \
    X(NEEDS_CARER, "needs_carer", "needs a carer", "需要照护")                                                     \
    X(UNFIT, "unfit", "seriously ill or unfit", "重病或不宜")                                                      \
    X(HEALTH_WORKER, "health_worker", "health worker", "医务人员")                                                 \
    X(IMMUNE, "immune", "immune", "有免疫力")                                                                      \
    X(NOT_IMMUNE, "not_immune", "not immune", "无免疫力")                                                          \
    X(VACCINATED, "vaccinated", "vaccinated since the exposure", "暴露后已接种")                                   \
    X(IMMUNOGLOBULIN, "immunoglobulin", "given immunoglobulin", "已用免疫球蛋白")                                  \
    X(FOOD_HANDLER, "food_handler", "food handler", "餐饮从业者")                                                  \
    X(HOUSEHOLD_FIT, "household_fit", "home fit for it", "具备居家条件")                                           \
    X(CHOOSES_SITE, "chooses_site", "chooses the quarantine site", "自愿集中隔离")                                 \
    X(BREASTFED, "breastfed", "breast-fed", "哺乳")

#define PROTECTION_WORDS(X)                                                                                        \
    X(NONE, "none", "no protection", "无防护")                                                                     \
    X(PARTIAL, "partial", "partial protection", "防护不足")                                                        \
    X(FULL, "full", "full protection", "有效防护")

#define CONFIDENCE_WORDS(X)                                                                                        \
    X(PAGE, "page", "published page", "公开页面")                                                                  \
    X(HIGH, "high", "general knowledge, high confidence", "常识(高)")                                              \
    X(MEDIUM, "medium", "general knowledge, medium confidence", "常识(中)")                                        \
    X(LOW, "low", "general knowledge, low confidence", "常识(低)")                                                 \
    X(DERIVED, "derived", "derived by arithmetic", "推算")                                                         \
    X(ACCOUNT, "account", "field account", "现场记述")                                                             \
    X(DESIGN, "design", "a safeguard of the system, not a published figure", "系统保障值(非公开数字)")

#define WORD_ENUM_EVENT(id, name, en, zh) EVENT_##id,
#define WORD_ENUM_EXPOSURE(id, name, en, zh) EXPOSURE_##id,
#define WORD_ENUM_SPECIMEN(id, name, en, zh) SPECIMEN_##id,
#define WORD_ENUM_TEST(id, name, en, zh) TEST_##id,
#define WORD_ENUM_OUTCOME(id, name, en, zh) OUTCOME_##id,
#define WORD_ENUM_ROLE(id, name, en, zh) ROLE_##id,
#define WORD_ENUM_PLACE(id, name, en, zh) PLACE_##id,
#define WORD_ENUM_VERB(id, name, en, zh) VERB_##id,
#define WORD_ENUM_KIND(id, name, en, zh) MEASURE_KIND_##id,
#define WORD_ENUM_PROVISION(id, name, en, zh) PROVISION_##id,
#define WORD_ENUM_FINAL(id, name, en, zh) FINAL_##id,
#define WORD_ENUM_ANCHOR(id, name, en, zh) ANCHOR_##id,
#define WORD_ENUM_ATTRIBUTE(id, name, en, zh) ATTRIBUTE_##id,
#define WORD_ENUM_PROTECTION(id, name, en, zh) PROTECTION_##id,
#define WORD_ENUM_CONFIDENCE(id, name, en, zh) CONFIDENCE_##id,

typedef enum event_word { EVENT_WORDS(WORD_ENUM_EVENT) EVENT_WORD_COUNT } event_word;
typedef enum exposure_word { EXPOSURE_WORDS(WORD_ENUM_EXPOSURE) EXPOSURE_WORD_COUNT } exposure_word;
typedef enum specimen_word { SPECIMEN_WORDS(WORD_ENUM_SPECIMEN) SPECIMEN_WORD_COUNT } specimen_word;
typedef enum test_word { TEST_WORDS(WORD_ENUM_TEST) TEST_WORD_COUNT } test_word;
typedef enum outcome_word { OUTCOME_WORDS(WORD_ENUM_OUTCOME) OUTCOME_WORD_COUNT } outcome_word;
typedef enum role_word { ROLE_WORDS(WORD_ENUM_ROLE) ROLE_WORD_COUNT } role_word;
typedef enum place_word { PLACE_WORDS(WORD_ENUM_PLACE) PLACE_WORD_COUNT } place_word;
typedef enum verb_word { VERB_WORDS(WORD_ENUM_VERB) VERB_WORD_COUNT } verb_word;
typedef enum measure_kind_word { MEASURE_KIND_WORDS(WORD_ENUM_KIND) MEASURE_KIND_WORD_COUNT } measure_kind_word;
typedef enum provision_word { PROVISION_WORDS(WORD_ENUM_PROVISION) PROVISION_WORD_COUNT } provision_word;
typedef enum final_word { FINAL_WORDS(WORD_ENUM_FINAL) FINAL_WORD_COUNT } final_word;
typedef enum anchor_word { ANCHOR_WORDS(WORD_ENUM_ANCHOR) ANCHOR_WORD_COUNT } anchor_word;
typedef enum attribute_word { ATTRIBUTE_WORDS(WORD_ENUM_ATTRIBUTE) ATTRIBUTE_WORD_COUNT } attribute_word;
typedef enum protection_word { PROTECTION_WORDS(WORD_ENUM_PROTECTION) PROTECTION_WORD_COUNT } protection_word;
typedef enum confidence_word { CONFIDENCE_WORDS(WORD_ENUM_CONFIDENCE) CONFIDENCE_WORD_COUNT } confidence_word;

// The lists by number, for readers and explanations.
typedef enum word_list {
    WORDS_EVENT,
    WORDS_EXPOSURE,
    WORDS_SPECIMEN,
    WORDS_TEST,
    WORDS_OUTCOME,
    WORDS_ROLE,
    WORDS_PLACE,
    WORDS_VERB,
    WORDS_MEASURE_KIND,
    WORDS_PROVISION,
    WORDS_FINAL,
    WORDS_ANCHOR,
    WORDS_ATTRIBUTE,
    WORDS_PROTECTION,
    WORDS_CONFIDENCE,
    WORD_LIST_COUNT
} word_list;

struct word {
    const char *name;
    struct label label;
};

enum { WORD_UNKNOWN = -1 };

int32_t words_count(word_list list);
// `index` must be inside the list.
const struct word *words_at(word_list list, int32_t index);
// Number of the word, or WORD_UNKNOWN.
int32_t words_find(word_list list, struct str name);
// The nearest word within two slips of the pen, or NULL: for "did you mean".
const char *words_near(word_list list, struct str name);
// What kind of list it is, for messages: "role", "角色".
const struct label *words_list_label(word_list list);

#endif
