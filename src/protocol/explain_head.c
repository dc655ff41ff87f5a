#include "protocol/explain_head.h"

#include "protocol/explain_phrase.h"

#include <assert.h>
#include <string.h>

// ---- the head ----

const char *phrase_change(struct prose *s, change_policy change)
{
    static const struct label policy[] = {
        [CHANGE_FINISH] = LABEL("they finish under the edition they began with", "继续按原版本执行完毕"),
        [CHANGE_MOVE] = LABEL("they move to this edition at once", "立即转按本版本执行"),
        [CHANGE_MOVE_IF_MILDER] =
            LABEL("they move to this edition where it is milder for them, else they finish under the old one",
                  "本版本对其更宽松的，转按本版本执行；否则按原版本执行完毕"),
    };
    assert((size_t)change < sizeof policy / sizeof policy[0]);
    return prose_say0(s, policy[change]);
}

static void explain_force(struct prose *s)
{
    static const struct label until =
        LABEL("In force from {1} to {2}, both days included.", "自{1}起施行，至{2}止（首尾两日均含）。");
    static const struct label open = LABEL("In force from {1}.", "自{1}起施行。");
    static const struct label review = LABEL("To be looked at again by {1}.", "最迟于{1}复审。");
    const struct protocol *p = s->p;
    bool ends = p->until.d != CIVIL_DAY_NONE;
    const char *text = ends ? prose_say2(s, until, phrase_date(s, p->from), phrase_date(s, (civil_day){p->until.d - 1}))
                            : prose_say1(s, open, phrase_date(s, p->from));
    if (p->review.d != CIVIL_DAY_NONE)
        text = prose_join(s, text, (struct label)LABEL(" ", ""), prose_say1(s, review, phrase_date(s, p->review)));
    prose_paragraph(s, text);
}

static void explain_change(struct prose *s)
{
    static const struct label change =
        LABEL("People half-way when it comes into force: {1}. Nobody's restriction grows longer by "
              "the change.",
              "施行时已在处置流程中的人员：{1}。任何人的限制措施不因版本变更而延长。");
    static const struct label stage = LABEL("Stage {1} of before goes on as {2}", "原阶段{1}对应{2}");
    static const struct label ends =
        LABEL("Stage {1} of before ends: those in it are released", "原阶段{1}取消，其中人员予以解除");
    prose_paragraph(s, prose_say1(s, change, phrase_change(s, s->p->change)));
    for (size_t i = 0; i < s->p->rename_count; i++) {
        const struct stage_rename *r = &s->p->renames[i];
        const char *from = prose_text(s, "%s.%s", r->from_pathway, r->from_stage);
        const char *to = r->to_stage == NULL ? "" : prose_text(s, "%s.%s", r->to_pathway, r->to_stage);
        prose_item(s, 0, prose_sentence(s, prose_say2(s, to[0] == 0 ? ends : stage, from, to)));
    }
}

static void explain_disease(struct prose *s)
{
    static const struct label disease = LABEL("Disease: {1}{2}.", "疾病：{1}{2}。"),
                              code = LABEL(" (ICD-10 {1})", "（ICD-10：{1}）");
    static const struct label incubation = LABEL("Longest incubation: {1}{2}.", "最长潜伏期{1}{2}。");
    static const struct label episode =
        LABEL("A new positive within {1} counts as the same infection{2}.", "{1}内再次阳性视为同一次感染{2}。");
    const struct protocol *p = s->p;
    struct origin head = {.path = "disease"};
    struct prose_list parts = {0};
    if (p->disease == NULL || p->disease[0] == 0) return;
    bool coded = p->icd10 != NULL && p->icd10[0] != 0;
    prose_add(&parts, prose_say2(s, disease, p->disease, coded ? prose_say1(s, code, p->icd10) : ""));
    if (p->incubation_days > 0)
        prose_add(&parts,
                  prose_say2(s, incubation, phrase_days(s, p->incubation_days), phrase_cite(s, &head, "incubation")));
    if (p->episode_days > 0)
        prose_add(&parts, prose_say2(s, episode, phrase_days(s, p->episode_days), phrase_cite(s, &head, "episode")));
    prose_paragraph(s, prose_enumerate(s, &parts, PROSE_SENTENCE));
}

void explain_head(struct prose *s)
{
    static const struct label what = LABEL("Protocol {1}, edition {2}, for {3}; days begin at midnight in {4}.",
                                           "防控方案{1}，版本{2}，适用范围{3}；日期以{4}时区的0时为界。");
    const struct protocol *p = s->p;
    prose_heading(s, 1, phrase_label(s, p->name));
    prose_paragraph(s, prose_say4(s, what, p->family, p->edition, p->place, p->zone.name));
    explain_force(s);
    explain_change(s);
    explain_disease(s);
}

// ---- what holds everywhere ----

static void explain_retention(struct prose *s)
{
    static const struct label keep =
        LABEL("Kept after release: {1}; then erased.", "解除后的保存期限：{1}；期满删除。");
    static const struct label rows[] = {LABEL("where people were, {1}{2}", "到访轨迹{1}{2}"),
                                        LABEL("who named whom, {1}{2}", "密接身份信息{1}{2}"),
                                        LABEL("all other records, {1}{2}", "其他记录{1}{2}")};
    static const char *const keys[] = {"presence", "contact_identity", "facts"};
    const struct retention *r = &s->p->retention;
    const int32_t days[] = {r->presence_days, r->contact_identity_days, r->facts_days};
    struct origin at = {.path = "retention"};
    struct prose_list parts = {0};
    for (size_t i = 0; i < 3; i++)
        if (days[i] > 0)
            prose_add(&parts, prose_say2(s, rows[i], phrase_days(s, days[i]), phrase_cite(s, &at, keys[i])));
    if (parts.count > 0) prose_item(s, 0, prose_say1(s, keep, prose_enumerate(s, &parts, PROSE_COMMA)));
}

void explain_always(struct prose *s)
{
    static const struct label title = LABEL("What always holds", "始终适用的规则");
    static const struct label rows[] = {
        LABEL("Death closes every task and measure.", "死亡的，一切任务和措施随即终止。"),
        LABEL("A hand-over stays the sender's until the receiver has accepted it.",
              "移交在对方确认接收之前，责任仍在移出方。"),
        LABEL("A record that is withdrawn takes back what it caused; other reasons for it stand.",
              "记录撤回后，由其引起的处置随之撤销，其他依据不受影响。"),
        LABEL("An objection that is upheld ends the measure.", "异议成立的，措施随即终止。"),
        LABEL("Nobody released is silently confined again: that is a new proposal.",
              "已解除的人员不得直接恢复限制，须重新报批。"),
    };
    static const struct label care =
        LABEL("{1} may let a person through to medical care at any time; it is reviewed afterwards.",
              "{1}可随时放行人员就医，事后复核。");
    prose_heading(s, 2, prose_say0(s, title));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) prose_item(s, 0, prose_say0(s, rows[i]));
    if (s->p->overrides.care && s->p->overrides.roles != 0) {
        struct prose_list roles = {0};
        for (int32_t i = 0; i < ROLE_WORD_COUNT; i++)
            if ((s->p->overrides.roles >> i & 1u) != 0) prose_add(&roles, phrase_role(s, (role_word)i));
        prose_item(s, 0, prose_sentence(s, prose_say1(s, care, prose_enumerate(s, &roles, PROSE_OR))));
    }
    explain_retention(s);
}

// ---- sources ----

const char *phrase_confidence(struct prose *s, confidence_word confidence)
{
    return phrase_label(s, words_at(WORDS_CONFIDENCE, (int32_t)confidence)->label);
}

static bool figure_under(const struct figure *f, const char *under)
{
    if (under == NULL) return true;
    size_t n = strlen(under);
    const char *path = f->origin.path == NULL ? "" : f->origin.path;
    return strncmp(path, under, n) == 0 && (path[n] == 0 || path[n] == '.' || path[n] == '[');
}

// "139 figures. Published page: 56; general knowledge, high confidence: 1; ...": each by the best of its sources.
static const char *sources_summary(struct prose *s, const char *under)
{
    static const struct label total = LABEL("{1} figures. {2}.", "共{1}个数值：{2}。"),
                              part = LABEL("{2}: {1}", "{2}{1}个");
    static const struct label one = LABEL("{1} figure. {2}.", "共{1}个数值：{2}。");
    size_t by[CONFIDENCE_WORD_COUNT] = {0}, count = 0;
    for (size_t i = 0; i < s->p->figure_count; i++) {
        int32_t best = CONFIDENCE_WORD_COUNT;
        if (!figure_under(&s->p->figures[i], under)) continue;
        count++;
        for (size_t k = 0; k < s->p->source_count && k < PROTOCOL_SOURCES_MAX; k++)
            if ((s->p->figures[i].sources >> k & 1u) != 0 && (int32_t)s->p->sources[k].confidence < best)
                best = (int32_t)s->p->sources[k].confidence;
        if (best < CONFIDENCE_WORD_COUNT) by[best]++;
    }
    struct prose_list parts = {0};
    for (int32_t i = 0; i < CONFIDENCE_WORD_COUNT; i++)
        if (by[i] > 0)
            prose_add(&parts,
                      prose_say2(s, part, prose_number(s, (int64_t)by[i]), phrase_confidence(s, (confidence_word)i)));
    return prose_say2(s, count == 1 ? one : total, prose_number(s, (int64_t)count),
                      prose_capital(s, prose_enumerate(s, &parts, PROSE_COMMA)));
}

static const char *figure_keys(struct prose *s, const struct figure *f)
{
    const char *text = "";
    for (size_t k = 0; k < s->p->source_count && k < PROTOCOL_SOURCES_MAX; k++)
        if ((f->sources >> k & 1u) != 0)
            text = prose_join(s, text, (struct label)LABEL(", ", ", "), s->p->sources[k].key);
    return text;
}

void explain_sources(struct prose *s, const char *under)
{
    static const struct label title = LABEL("Sources", "来源"), figures = LABEL("Every figure", "全部数值");
    static const struct label row = LABEL("{1}: {2} ({3}).", "{1}：{2}（{3}）。");
    uint64_t used = 0;
    for (size_t i = 0; i < s->p->figure_count; i++)
        if (figure_under(&s->p->figures[i], under)) used |= s->p->figures[i].sources;
    prose_heading(s, 2, prose_say0(s, title));
    for (size_t i = 0; i < s->p->source_count; i++) {
        const struct source *c = &s->p->sources[i];
        if (under != NULL && (used >> i & 1u) == 0) continue;
        prose_item(s, 0, prose_say3(s, row, c->key, phrase_label(s, c->title), phrase_confidence(s, c->confidence)));
    }
    if (used == 0) return;
    prose_heading(s, 2, prose_say0(s, figures));
    prose_paragraph(s, sources_summary(s, under));
    for (size_t i = 0; i < s->p->figure_count; i++) {
        const struct figure *f = &s->p->figures[i];
        if (!figure_under(f, under)) continue;
        prose_item(
            s, 0,
            prose_text(s, "%s: %s [%s]", f->origin.path == NULL ? "" : f->origin.path, f->text, figure_keys(s, f)));
    }
}
