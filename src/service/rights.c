#include "service/rights.h"

#include "store/roll.h"

_Static_assert((int)RIGHT_WORD_COUNT <= 64, "the rights of a role are one word of bits");

#define R(right) ((uint64_t)1 << RIGHT_##right)

// What goes together. Nobody is given a right for convenience: a role has what its work cannot be done without.
#define EVERYBODY (R(OPEN) | R(SIGNED_IN) | R(OWN) | R(PROTOCOL_SEE)) // the rules are public
#define TASKS (R(TASK_SEE) | R(TASK_DO) | R(PLACE_SEE))               // a day's work: what, where, done
#define AT_THE_DOOR (TASKS | R(PERSON_IDENTITY))                      // who knocks must know at whose door
#define CARE (AT_THE_DOOR | R(PERSON_FIND) | R(PERSON_SEE) | R(FACT_RECORD) | R(ORDER_SEE) | R(OBJECT))
#define OUTBREAK (R(CASE_SEE) | R(CONTACT_SEE) | R(SOURCE_SEE) | R(FIGURES_SEE))
#define COMMAND                                                                                                     \
    (TASKS | OUTBREAK | R(PERSON_FIND) | R(PERSON_SEE) | R(PERSON_IDENTITY) | R(TASK_ASSIGN) | R(ORDER_SEE) |      \
     R(ORDER_SIGN) | R(SITE_WRITE) | R(OBJECTION_SEE) | R(HAND_OVER) | R(SAMPLE_SEE) | R(EXPORT) | R(PROTOCOL_SIGN) | \
     R(CONFIRM))
#define DECIDERS (TASKS | R(PERSON_SEE) | R(PERSON_IDENTITY) | R(ORDER_SEE) | R(OBJECTION_SEE) | R(OBJECTION_DECIDE))
// With one of these a stolen password does harm to many: the role needs a second factor.
#define STRONG                                                                                                      \
    (R(SOURCE_SEE) | R(ORDER_SIGN) | R(PROTOCOL_SIGN) | R(OBJECTION_DECIDE) | R(EXPORT) | R(ERASE) | R(MERGE) |     \
     R(CONFIRM) | R(ACCOUNT_WRITE) | R(AUDIT_SEE) | R(RUN))

struct role_row {
    int32_t role;
    uint64_t rights; // beside EVERYBODY
    struct label reason;
};

// One line a role. Those of the protocol first, in its order, then those of accounts.
static const struct role_row role_rows[] = {
    {ROLE_CASE_INVESTIGATOR,
     CARE | OUTBREAK | R(PERSON_WRITE) | R(PLACE_WRITE) | R(FACT_CORRECT) | R(SAMPLE_SEE) | R(SAMPLE_WRITE) |
         R(HAND_OVER) | R(MERGE) | R(CONFIRM),
     LABEL("finds who met whom: the one field role that sees sources", "负责查明传播关系，是一线唯一可见传染来源的岗位")},
    {ROLE_FOLLOW_UP_WORKER, CARE | R(CONTACT_SEE),
     LABEL("serves contacts, and so must not know of which case", "服务密接者，因此不得知晓其传染来源")},
    {ROLE_SAMPLER, AT_THE_DOOR | R(PERSON_FIND) | R(PERSON_WRITE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("checks papers and takes samples; no course", "核对证件并采样，不看处置经过")},
    {ROLE_COMMUNITY_WORKER, CARE | R(PERSON_WRITE) | R(CONTACT_SEE) | R(PLACE_WRITE),
     LABEL("serves those at home and registers who lives where", "服务居家人员，登记住户与场所")},
    {ROLE_GRID_TEAM, AT_THE_DOOR | R(PERSON_FIND) | R(PERSON_WRITE) | R(PLACE_WRITE),
     LABEL("goes from household to household: who lives there, not who is ill", "逐户走访：登记住户，不看病情")},
    {ROLE_HEALTH_CENTRE, CARE | R(PERSON_WRITE) | R(CONTACT_SEE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("looks after contacts, takes samples", "管理密接者健康并采样")},
    {ROLE_LABORATORY, TASKS | R(SAMPLE_SEE) | R(SAMPLE_WRITE) | R(RESULT_WRITE),
     LABEL("knows samples by their code; names are none of its business", "只凭编号处理样本，不见姓名")},
    {ROLE_HOSPITAL, CARE | R(CASE_SEE) | R(PERSON_WRITE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("treats cases; who infected them does not change the treatment", "救治病例，无需知晓传染来源")},
    {ROLE_CLINICIAN, CARE | R(CASE_SEE) | R(PERSON_WRITE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("treats cases, releases by judgement", "救治病例，临床判断解除")},
    {ROLE_INFECTION_CONTROL, CARE | OUTBREAK | R(SAMPLE_SEE),
     LABEL("breaks chains inside a hospital, so sees them", "阻断院内传播链，需见传播关系")},
    {ROLE_TRANSPORT, AT_THE_DOOR, LABEL("must find the person to be fetched, no more", "只需找到被转运者")},
    {ROLE_QUARANTINE_SITE, CARE | R(SITE_WRITE) | R(CONTACT_SEE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("houses contacts: rooms, checks, samples", "安置密接者：房间、监测、采样")},
    {ROLE_DISINFECTION_TEAM, TASKS, LABEL("treats places, not people", "只处理场所")},
    {ROLE_VACCINATION_TEAM, AT_THE_DOOR | R(PERSON_FIND) | R(FACT_RECORD),
     LABEL("checks papers, records the dose", "核对证件，登记接种")},
    {ROLE_BURIAL_TEAM, AT_THE_DOOR, LABEL("must know whom the family mourns", "需知逝者与家属")},
    {ROLE_VECTOR_TEAM, TASKS, LABEL("treats places, not people", "只处理场所")},
    {ROLE_WATER_TEAM, TASKS, LABEL("treats places, not people", "只处理场所")},
    {ROLE_LOGISTICS, AT_THE_DOOR, LABEL("delivers to a door", "送货上门")},
    {ROLE_PSYCHOLOGIST, AT_THE_DOOR | R(PERSON_SEE) | R(FACT_RECORD) | R(OBJECT),
     LABEL("talks with one person about what happened to them", "与当事人面谈")},
    {ROLE_POLICE, AT_THE_DOOR | R(ORDER_SEE),
     LABEL("helps where asked by a task; sees that an order is real, no medical course", "按任务协助，可核验指令，不看病情")},
    {ROLE_SCHOOL, TASKS, LABEL("learns from a task who stays away; sees no list, no reason", "经任务得知何人停课，不见名单与缘由")},
    {ROLE_EMPLOYER, TASKS, LABEL("learns from a task who stays away; sees no list, no reason", "经任务得知何人停工，不见名单与缘由")},
    {ROLE_COMMANDER, COMMAND, LABEL("signs where the protocol says so, gives out the work", "依方案签发，调度任务")},
    {ROLE_HEALTH_OFFICER,
     COMMAND | CARE | R(PERSON_WRITE) | R(PLACE_WRITE) | R(FACT_CORRECT) | R(MERGE) | R(IMPORT) | R(ERASE) |
         R(SAMPLE_WRITE),
     LABEL("answers for the records: corrects, merges, erases", "对记录负责：更正、合并、清除")},
    {ROLE_DISTRICT_COMMAND, COMMAND, LABEL("as the commander, for what a district signs", "区级签发")},
    {ROLE_CITY_COMMAND, COMMAND, LABEL("as the commander, for what a city signs", "市级签发")},
    {ROLE_PROVINCE_COMMAND, COMMAND, LABEL("as the commander, for what a province signs", "省级签发")},
    {ROLE_NATIONAL, COMMAND, LABEL("as the commander, for what the nation signs", "国家级签发")},
    {ROLE_APPEALS, DECIDERS, LABEL("decides objections, has no part in orders", "裁决异议，不参与签发")},
    {ROLE_COURT, DECIDERS, LABEL("decides objections, has no part in orders", "裁决异议，不参与签发")},

    {ACCOUNT_ROLE_ADMINISTRATOR, R(ACCOUNT_WRITE) | R(CONFIRM) | R(RUN) | R(PLACE_SEE),
     LABEL("gives rights within a place, so sees places; sees no people", "按场所授权，可见场所，不见人员")},
    {ACCOUNT_ROLE_AUDITOR,
     R(AUDIT_SEE) | R(PLACE_SEE) | R(TASK_SEE) | R(ORDER_SEE) | R(OBJECTION_SEE) | R(FIGURES_SEE),
     LABEL("sees what was done and by whom; changes nothing, sees no names", "查看何人做了何事，不改动，不见姓名")},
    {ACCOUNT_ROLE_EPIDEMIOLOGIST, OUTBREAK | R(PLACE_SEE) | R(PERSON_FIND) | R(PERSON_SEE) | R(SAMPLE_SEE) | R(EXPORT),
     LABEL("studies courses and chains without names", "研究病程与传播链，不见姓名")},
    {ACCOUNT_ROLE_CLERK,
     R(PLACE_SEE) | R(PLACE_WRITE) | R(PERSON_FIND) | R(PERSON_IDENTITY) | R(PERSON_WRITE) | R(FACT_RECORD) |
         R(SAMPLE_SEE) | R(SAMPLE_WRITE) | R(IMPORT) | R(OBJECT),
     LABEL("registers people, samples and lists", "登记人员、样本，导入名单")},
    {ACCOUNT_ROLE_GATE, TASKS, LABEL("a gate asks for a status, not for a record", "卡口只看状态，不看档案")},
    {ACCOUNT_ROLE_NURSE, CARE | R(CASE_SEE) | R(SAMPLE_SEE) | R(SAMPLE_WRITE),
     LABEL("nurses the people of a ward", "护理病区人员")},
    {ACCOUNT_ROLE_RESIDENT, 0, LABEL("their own record, which needs no grant", "仅本人记录")},
    {ACCOUNT_ROLE_FEED, R(PERSON_WRITE) | R(FACT_RECORD) | R(SAMPLE_WRITE) | R(RESULT_WRITE) | R(IMPORT),
     LABEL("writes what its system knows and reads nothing", "只写入，不读取")},
};
enum { ROLE_ROWS = sizeof role_rows / sizeof role_rows[0] };

#define ROLE_RECORD_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word protocol_roles[] = {ROLE_WORDS(ROLE_RECORD_WORD)};
static const struct record_word account_roles[] = {ACCOUNT_ROLES(ROLE_RECORD_WORD)};
static const struct record_word rights_none = {"none", LABEL("nobody", "无")};
static const struct record_word rights[] = {RIGHT_WORDS(ROLE_RECORD_WORD)};
_Static_assert(sizeof protocol_roles / sizeof protocol_roles[0] == ROLE_WORD_COUNT, "every word of the protocol");
_Static_assert(sizeof rights / sizeof rights[0] == RIGHT_WORD_COUNT - 1, "all but NONE");

static const struct role_row *role_row_of(int32_t role)
{
    for (size_t i = 0; i < ROLE_ROWS; i++)
        if (role_rows[i].role == role) return &role_rows[i];
    return NULL;
}

bool role_has(int32_t role, right_word right)
{
    const struct role_row *row = role_row_of(role);
    if (row == NULL || right <= RIGHT_NONE || right >= RIGHT_WORD_COUNT) return false;
    return ((row->rights | EVERYBODY) >> right & 1) != 0;
}

bool role_grantable(int32_t role)
{
    return role_row_of(role) != NULL;
}

bool role_needs_second_factor(int32_t role)
{
    const struct role_row *row = role_row_of(role);
    return row != NULL && (row->rights & STRONG) != 0;
}

// Rights of the left column and rights of the right one never meet in one account.
static const struct {
    uint64_t one, other;
} rights_apart[] = {
    {R(OBJECTION_DECIDE), R(ORDER_SIGN)},
    {R(ACCOUNT_WRITE), R(PERSON_IDENTITY) | R(PERSON_SEE) | R(ORDER_SIGN) | R(FACT_RECORD) | R(OBJECTION_DECIDE)},
    {R(AUDIT_SEE), R(ACCOUNT_WRITE) | R(FACT_RECORD) | R(ORDER_SIGN) | R(TASK_DO) | R(OBJECTION_DECIDE) | R(EXPORT)},
};

bool roles_conflict(int32_t a, int32_t b)
{
    const struct role_row *one = role_row_of(a), *other = role_row_of(b);
    bool conflict = false;
    for (size_t i = 0; one != NULL && other != NULL && i < sizeof rights_apart / sizeof rights_apart[0]; i++)
        conflict = conflict || ((one->rights & rights_apart[i].one) != 0 && (other->rights & rights_apart[i].other) != 0) ||
                   ((other->rights & rights_apart[i].one) != 0 && (one->rights & rights_apart[i].other) != 0);
    return conflict;
}

int32_t role_at(size_t i)
{
    return i < ROLE_ROWS ? role_rows[i].role : -1;
}

const struct label *role_reason(int32_t role)
{
    const struct role_row *row = role_row_of(role);
    return row == NULL ? NULL : &row->reason;
}

const struct record_word *role_word_at(int32_t role)
{
    if (role >= 0 && role < (int32_t)ROLE_WORD_COUNT) return &protocol_roles[role];
    if (role >= ACCOUNT_ROLE_FIRST && role < ACCOUNT_ROLE_END) return &account_roles[role - ACCOUNT_ROLE_FIRST];
    return NULL;
}

int32_t role_find(struct str name)
{
    for (size_t i = 0; i < ROLE_ROWS; i++)
        if (str_eq_z(name, role_word_at(role_rows[i].role)->word)) return role_rows[i].role;
    return -1;
}

const struct record_word *right_at(right_word right)
{
    if (right <= RIGHT_NONE || right >= RIGHT_WORD_COUNT) return &rights_none;
    return &rights[right - 1];
}

// Does this grant count now? Written once; every question below goes through it.
static bool rights_grant_counts(const struct actor *a, const struct grant *g, utc_sec now)
{
    if (a->account == 0 || a->must_change) return false;
    if (now.s < g->begins.s || (g->ends.s != UTC_NONE.s && now.s >= g->ends.s)) return false;
    return a->second_factor || !role_needs_second_factor(g->role);
}

static bool rights_grant_carries(const struct actor *a, const struct grant *g, right_word right, utc_sec now)
{
    return rights_grant_counts(a, g, now) && role_has(g->role, right);
}

// The rights that need no grant: *decided tells whether `right` is one of them.
static bool rights_without_grant(const struct actor *a, right_word right, bool *decided)
{
    *decided = right == RIGHT_OPEN || right == RIGHT_SIGNED_IN || right == RIGHT_OWN;
    if (right == RIGHT_OPEN) return true;
    if (right == RIGHT_SIGNED_IN) return a->account != 0;
    return right == RIGHT_OWN && a->account != 0 && a->person != 0 && !a->must_change;
}

bool actor_may(const struct actor *a, right_word right, utc_sec now)
{
    bool decided = false;
    bool may = rights_without_grant(a, right, &decided);
    for (size_t i = 0; !decided && !may && i < a->grant_count; i++)
        may = rights_grant_carries(a, &a->grant[i], right, now);
    return may;
}

size_t actor_scopes(const struct actor *a, right_word right, utc_sec now, int64_t *places, size_t room, bool *everywhere)
{
    size_t count = 0;
    *everywhere = false;
    for (size_t i = 0; i < a->grant_count; i++) {
        const struct grant *g = &a->grant[i];
        if (!rights_grant_carries(a, g, right, now)) continue;
        if (g->place == 0) {
            *everywhere = true;
            return 0;
        }
        bool known = false;
        for (size_t k = 0; k < count; k++) known = known || places[k] == g->place;
        if (!known && count < room) places[count++] = g->place;
    }
    return count;
}

static bool rights_grant_reaches(const struct grant *g, const struct roll *roll, int64_t place)
{
    return g->place == 0 || (place != 0 && roll_place_within(roll, place, g->place));
}

bool actor_reaches(const struct actor *a, right_word right, utc_sec now, const struct roll *roll, int64_t place)
{
    bool decided = false;
    bool may = rights_without_grant(a, right, &decided);
    for (size_t i = 0; !decided && !may && i < a->grant_count; i++)
        may = rights_grant_carries(a, &a->grant[i], right, now) && rights_grant_reaches(&a->grant[i], roll, place);
    return may;
}

bool actor_serves_contacts(const struct actor *a, utc_sec now, const struct roll *roll, int64_t place)
{
    return actor_reaches(a, RIGHT_CONTACT_SEE, now, roll, place) && !actor_reaches(a, RIGHT_CASE_SEE, now, roll, place);
}

bool actor_is(const struct actor *a, int32_t role, utc_sec now, const struct roll *roll, int64_t place)
{
    bool is = false;
    for (size_t i = 0; !is && i < a->grant_count; i++) {
        const struct grant *g = &a->grant[i];
        is = g->role == role && rights_grant_counts(a, g, now) && rights_grant_reaches(g, roll, place);
    }
    return is;
}

bool actor_signs(const struct actor *a, role_word order_by, utc_sec now, const struct roll *roll, int64_t place)
{
    if (order_by >= ROLE_WORD_COUNT) return actor_reaches(a, RIGHT_ORDER_SIGN, now, roll, place);
    return role_has((int32_t)order_by, RIGHT_ORDER_SIGN) && actor_is(a, (int32_t)order_by, now, roll, place);
}

bool actor_decides(const struct actor *a, role_word objection_to, utc_sec now, const struct roll *roll, int64_t place)
{
    if (objection_to >= ROLE_WORD_COUNT) return actor_reaches(a, RIGHT_OBJECTION_DECIDE, now, roll, place);
    return role_has((int32_t)objection_to, RIGHT_OBJECTION_DECIDE) && actor_is(a, (int32_t)objection_to, now, roll, place);
}

record_class actor_class(const struct actor *a, utc_sec now, const struct roll *roll, int64_t place)
{
    if (actor_reaches(a, RIGHT_PERSON_IDENTITY, now, roll, place)) return RECORD_IDENTITY;
    if (actor_reaches(a, RIGHT_PERSON_SEE, now, roll, place)) return RECORD_PERSONAL;
    if (actor_reaches(a, RIGHT_PERSON_FIND, now, roll, place)) return RECORD_INTERNAL;
    return RECORD_PUBLIC;
}

bool actor_needs_second_factor(const struct actor *a, utc_sec now)
{
    if (a->second_factor) return false;
    struct actor with = *a; // the same account, had it given one
    with.second_factor = true;
    with.must_change = false;
    for (size_t i = 0; i < a->grant_count; i++)
        if (role_needs_second_factor(a->grant[i].role) && rights_grant_counts(&with, &a->grant[i], now)) return true;
    return false;
}
