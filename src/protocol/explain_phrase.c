#include "protocol/explain_phrase.h"

#include <assert.h>
#include <string.h>

const char *phrase_label(struct prose *s, struct label label)
{
    const char *text = label.text[s->language];
    return text == NULL ? "" : text;
}

const char *phrase_quoted(struct prose *s, const char *text)
{
    return prose_say1(s, (struct label)LABEL("“{1}”", "“{1}”"), text);
}

// ---- time ----

static const char *const phrase_months[] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};

const char *phrase_date(struct prose *s, civil_day day)
{
    struct civil_date d = civil_to_date(day);
    if (s->language == LANG_ZH) return prose_text(s, "%d年%d月%d日", (int)d.year, (int)d.month, (int)d.day);
    return prose_text(s, "%d %s %d", (int)d.day, phrase_months[d.month - 1], (int)d.year);
}

const char *phrase_days(struct prose *s, int32_t days)
{
    if (s->language == LANG_ZH) return prose_text(s, "%d天", (int)days);
    return prose_text(s, "%d day%s", (int)days, days == 1 ? "" : "s");
}

const char *phrase_minutes(struct prose *s, int32_t minutes)
{
    enum { HOUR = 60, DAY = 24 * HOUR, WHOLE_DAYS_FROM = 3 * DAY };
    if (minutes % DAY == 0 && minutes >= WHOLE_DAYS_FROM) return phrase_days(s, minutes / DAY);
    bool hours = minutes % HOUR == 0 && minutes > 0;
    int n = (int)(hours ? minutes / HOUR : minutes);
    if (s->language == LANG_ZH) return prose_text(s, "%d%s", n, hours ? "小时" : "分钟");
    return prose_text(s, "%d %s%s", n, hours ? "hour" : "minute", n == 1 ? "" : "s");
}

const char *phrase_clock(struct prose *s, int32_t minute_of_day)
{
    return prose_text(s, "%02d:%02d", (int)(minute_of_day / 60), (int)(minute_of_day % 60));
}

const char *phrase_times(struct prose *s, int32_t n)
{
    if (s->language == LANG_ZH) return prose_text(s, "%d次", (int)n);
    if (n == 1 || n == 2) return n == 1 ? "once" : "twice";
    return prose_text(s, "%d times", (int)n);
}

const char *phrase_date_short(struct prose *s, civil_day day)
{
    struct civil_date d = civil_to_date(day);
    if (s->language == LANG_ZH) return prose_text(s, "%d月%d日", (int)d.month, (int)d.day);
    return prose_text(s, "%d %s", (int)d.day, phrase_months[d.month - 1]);
}

// ---- days ----

const char *phrase_day_range(struct prose *s, int32_t first, int32_t last)
{
    if (s->language == LANG_ZH)
        return first == last ? prose_text(s, "第%d天", (int)first)
                             : prose_text(s, "第%d天至第%d天", (int)first, (int)last);
    return first == last ? prose_text(s, "day %d", (int)first) : prose_text(s, "days %d to %d", (int)first, (int)last);
}

// The step of an evenly spaced list of at least four days, else 0.
static int32_t phrase_step(const int16_t *days, size_t count)
{
    if (count < 4) return 0;
    int32_t step = days[1] - days[0];
    for (size_t i = 2; i < count; i++)
        if (days[i] - days[i - 1] != step) return 0;
    return step;
}

const char *phrase_day_list(struct prose *s, const int16_t *days, size_t count)
{
    static const struct label spaced =
        LABEL("every {1} days from day {2} to day {3}", "第{2}天至第{3}天每{1}天一次（首次为第{2}天）");
    if (count == 0) return "";
    int32_t step = phrase_step(days, count);
    if (step > 1)
        return prose_say3(s, spaced, prose_number(s, step), prose_number(s, days[0]), prose_number(s, days[count - 1]));
    struct prose_list parts = {0};
    bool one = true;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end + 1 < count && days[end + 1] == days[end] + 1) end++;
        bool whole = i == 0 && end + 1 == count;
        bool range = end - i >= (whole ? 2 : 3); // "1, 2, 3, 5 and 7" is written out, as the protocols do
        one = one && count == 1;
        if (range) prose_add(&parts, prose_text(s, s->language == LANG_ZH ? "%d至%d" : "%d to %d", days[i], days[end]));
        else
            for (size_t k = i; k <= end; k++) prose_add(&parts, prose_number(s, days[k]));
        i = end + 1;
    }
    const char *list = prose_enumerate(s, &parts, s->language == LANG_ZH ? PROSE_COMMA : PROSE_AND);
    return prose_say2(s, (struct label)LABEL("day{2} {1}", "第{1}天"), list, one ? "" : "s");
}

// ---- words ----

// English needs its article; a role without a row here says itself.
static const char *const role_phrases[ROLE_WORD_COUNT] = {
    [ROLE_CASE_INVESTIGATOR] = "the case investigator",
    [ROLE_FOLLOW_UP_WORKER] = "the follow-up worker",
    [ROLE_SAMPLER] = "the sampler",
    [ROLE_COMMUNITY_WORKER] = "the community worker",
    [ROLE_GRID_TEAM] = "the grid team",
    [ROLE_HEALTH_CENTRE] = "the community health centre",
    [ROLE_LABORATORY] = "the laboratory",
    [ROLE_HOSPITAL] = "the hospital",
    [ROLE_CLINICIAN] = "a clinician",
    [ROLE_INFECTION_CONTROL] = "infection control",
    [ROLE_TRANSPORT] = "the transport team",
    [ROLE_QUARANTINE_SITE] = "the quarantine site",
    [ROLE_DISINFECTION_TEAM] = "the disinfection team",
    [ROLE_VACCINATION_TEAM] = "the vaccination team",
    [ROLE_BURIAL_TEAM] = "the burial team",
    [ROLE_VECTOR_TEAM] = "the vector control team",
    [ROLE_WATER_TEAM] = "the water and sanitation team",
    [ROLE_LOGISTICS] = "logistics",
    [ROLE_PSYCHOLOGIST] = "psychological support",
    [ROLE_POLICE] = "the police",
    [ROLE_SCHOOL] = "the school",
    [ROLE_EMPLOYER] = "the employer",
    [ROLE_COMMANDER] = "the duty commander",
    [ROLE_HEALTH_OFFICER] = "the public health officer",
    [ROLE_DISTRICT_COMMAND] = "the district command",
    [ROLE_CITY_COMMAND] = "the city command",
    [ROLE_PROVINCE_COMMAND] = "the province command",
    [ROLE_NATIONAL] = "the national authority",
    [ROLE_APPEALS] = "the appeals office",
    [ROLE_COURT] = "the court",
};

const char *phrase_role(struct prose *s, role_word role)
{
    static const struct label nobody = LABEL("nobody named", "（未指定）");
    if (role >= ROLE_WORD_COUNT) return prose_say0(s, nobody); // check.h reports it
    if (s->language == LANG_EN && role_phrases[role] != NULL) return role_phrases[role];
    return phrase_label(s, words_at(WORDS_ROLE, (int32_t)role)->label);
}

static const struct label place_phrases[PLACE_WORD_COUNT] = {
    [PLACE_HOME] = LABEL("at home", "居家"),
    [PLACE_QUARANTINE_SITE] = LABEL("at a quarantine site", "在集中隔离点"),
    [PLACE_HOSPITAL] = LABEL("in hospital", "在医院"),
    [PLACE_FANGCANG] = LABEL("in a shelter hospital", "在方舱医院"),
    [PLACE_TREATMENT_CENTRE] = LABEL("in a treatment centre", "在治疗中心"),
    [PLACE_WARD] = LABEL("on the ward", "在病区"),
    [PLACE_WHERE_THEY_ARE] = LABEL("where they are", "在原地"),
    [PLACE_WORKPLACE] = LABEL("at the workplace", "在工作场所"),
    [PLACE_SCHOOL] = LABEL("at school", "在学校"),
    [PLACE_CLASS] = LABEL("in the school class", "在班级"),
    [PLACE_CITY] = LABEL("in the city", "在本市"),
    [PLACE_DISTRICT] = LABEL("in the district", "在本区县"),
    [PLACE_SUBDISTRICT] = LABEL("in the subdistrict", "在本街道（乡镇）"),
    [PLACE_COMMUNITY] = LABEL("in the community", "在本社区"),
    [PLACE_ESTATE] = LABEL("in the estate", "在本小区"),
    [PLACE_VILLAGE] = LABEL("in the village", "在本自然村"),
    [PLACE_BUILDING] = LABEL("in the building", "在本楼栋"),
    [PLACE_STAIR_UNIT] = LABEL("in the stair unit", "在本单元"),
    [PLACE_FLOOR] = LABEL("on the floor", "在本楼层"),
    [PLACE_RING] = LABEL("within the ring", "在半径范围内"),
    [PLACE_VENUE] = LABEL("at the venue", "在该场所"),
};

const char *phrase_place(struct prose *s, place_word place)
{
    const char *text = place_phrases[place].text[s->language];
    return text != NULL ? text : phrase_label(s, words_at(WORDS_PLACE, (int32_t)place)->label);
}

static const struct label anchor_phrases[ANCHOR_WORD_COUNT] = {
    [ANCHOR_LAST_EXPOSURE] = LABEL("the last exposure", "末次暴露"),
    [ANCHOR_FIRST_EXPOSURE] = LABEL("the first exposure", "首次暴露"),
    [ANCHOR_ONSET] = LABEL("the onset of symptoms", "发病"),
    [ANCHOR_POSITIVE_SAMPLE] = LABEL("the first positive sample", "首次阳性采样"),
    [ANCHOR_ONSET_OR_SAMPLE] =
        LABEL("the onset of symptoms (or the positive sample, where there are none)", "发病（无症状者为阳性采样）"),
    [ANCHOR_LAST_CASE] = LABEL("the last case", "末例病例"),
    [ANCHOR_ENTRY] = LABEL("the day the pathway was opened", "进入本流程"),
    [ANCHOR_STAGE] = LABEL("the beginning of the stage", "本阶段开始"),
};

const char *phrase_anchor(struct prose *s, anchor_word anchor)
{
    const char *text = anchor_phrases[anchor].text[s->language];
    return text != NULL ? text : phrase_label(s, words_at(WORDS_ANCHOR, (int32_t)anchor)->label);
}

const char *phrase_anchor_short(struct prose *s, anchor_word anchor)
{
    static const struct label either = LABEL("onset or the positive sample", "发病或阳性采样");
    static const struct label onset = LABEL("onset", "发病");
    if (anchor == ANCHOR_ONSET_OR_SAMPLE) return prose_say0(s, either);
    return anchor == ANCHOR_ONSET ? prose_say0(s, onset) : phrase_anchor(s, anchor);
}

const char *phrase_final(struct prose *s, final_word final)
{
    static const struct label ends = LABEL("this pathway ends ({1})", "本流程结束（{1}）");
    return prose_say1(s, ends, phrase_label(s, words_at(WORDS_FINAL, (int32_t) final)->label));
}

const char *phrase_set(struct prose *s, word_list list, uint64_t set, prose_link link)
{
    struct prose_list parts = {0};
    for (int32_t i = 0; i < words_count(list) && i < 64; i++)
        if ((set >> i & 1u) != 0) prose_add(&parts, phrase_label(s, words_at(list, i)->label));
    return prose_enumerate(s, &parts, link);
}

// ---- things of the protocol ----

static bool phrase_labelled(struct prose *s, struct label label)
{
    return label.text[s->language] != NULL && label.text[s->language][0] != 0;
}

const char *phrase_pathway(struct prose *s, uint8_t pathway)
{
    assert(pathway < s->p->pathway_count);
    const struct pathway *w = &s->p->pathways[pathway];
    if (s->names != NULL) return s->names->pathway[pathway];
    return phrase_quoted(s, phrase_labelled(s, w->label) ? phrase_label(s, w->label) : w->name);
}

const char *phrase_stage(struct prose *s, uint8_t stage)
{
    assert(stage < s->p->stage_count);
    const struct stage *g = &s->p->stages[stage];
    if (s->names != NULL) return s->names->stage[stage];
    return phrase_quoted(s, phrase_labelled(s, g->label) ? phrase_label(s, g->label) : g->name);
}

const char *phrase_measure(struct prose *s, uint8_t measure)
{
    assert(measure < s->p->measure_count);
    const struct measure *m = &s->p->measures[measure];
    if (s->names != NULL) return s->names->measure[measure];
    return phrase_quoted(s, phrase_labelled(s, m->label) ? phrase_label(s, m->label) : m->name);
}

const char *phrase_task(struct prose *s, const struct task *task)
{
    if (s->names != NULL) return task->name;
    if (phrase_labelled(s, task->label)) return phrase_label(s, task->label);
    return phrase_label(s, words_at(WORDS_VERB, (int32_t)task->verb)->label);
}

// Is the figure at or below `base`.`key`, and, when `leaf` is given, its last word `leaf`?
static bool cite_fits(const char *path, const char *base, const char *key, const char *leaf)
{
    size_t b = strlen(base), k = strlen(key);
    if (strncmp(path, base, b) != 0) return false;
    const char *tail = path + b;
    if (k > 0) {
        if (tail[0] != '.' || strncmp(tail + 1, key, k) != 0) return false;
        tail += 1 + k;
    }
    if (tail[0] != 0 && tail[0] != '.' && tail[0] != '[') return false;
    const char *last = strrchr(path, '.');
    size_t n = strlen(leaf);
    return n == 0 || (last != NULL && strncmp(last + 1, leaf, n) == 0 && (last[1 + n] == 0 || last[1 + n] == '['));
}

const char *phrase_cite(struct prose *s, const struct origin *origin, const char *key)
{
    return phrase_cite_leaf(s, origin, key, "");
}

const char *phrase_cite_leaf(struct prose *s, const struct origin *origin, const char *key, const char *leaf)
{
    uint64_t sources = 0;
    if (!s->cited || origin->path == NULL) return "";
    for (size_t i = 0; i < s->p->figure_count; i++) {
        const char *path = s->p->figures[i].origin.path;
        if (path != NULL && cite_fits(path, origin->path, key, leaf)) sources |= s->p->figures[i].sources;
    }
    struct prose_list keys = {0};
    for (size_t i = 0; i < s->p->source_count && i < PROTOCOL_SOURCES_MAX; i++)
        if ((sources >> i & 1u) != 0) prose_add(&keys, s->p->sources[i].key);
    if (keys.count == 0) return "";
    struct prose plain = {.language = LANG_EN};
    const char *joined = prose_enumerate(&plain, &keys, PROSE_COMMA);
    const char *out = prose_text(s, " [%s]", joined);
    arena_free(&plain.arena);
    return out;
}
