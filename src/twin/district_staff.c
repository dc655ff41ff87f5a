// Staff: accounts of every role, each in charge of a place, and who of them does a piece of work.
#include "twin/district_inner.h"

#include <assert.h>
#include <stdio.h>

enum { NO_ROLE = ROLE_WORD_COUNT };
// How many of a role there are to each place of a level. Choices, with an eye to operations in one district: those who sign
// are several, since no one signs twice.
static const struct {
    int32_t role; // role_word; NO_ROLE: a role of accounts alone
    const char *name;
    district_level level;
    int32_t per;
    const char *zh;
} staff_row[] = {
    {NO_ROLE, "administrator", LEVEL_DISTRICT, 2, "系统管理员"},
    {NO_ROLE, "auditor", LEVEL_DISTRICT, 1, "审计员"},
    {NO_ROLE, "epidemiologist", LEVEL_DISTRICT, 2, "流行病学专家"},
    {NO_ROLE, "clerk", LEVEL_SUBDISTRICT, 1, "信息录入员"},
    {NO_ROLE, "gate", LEVEL_CHECKPOINT, 1, "卡口值守员"},
    {NO_ROLE, "nurse", LEVEL_HOSPITAL, 2, "护士"},
    {NO_ROLE, "resident", LEVEL_SUBDISTRICT, 2, "居民"},
    {NO_ROLE, "feed", LEVEL_DISTRICT, 1, "外部系统"},
    {ROLE_CASE_INVESTIGATOR, "", LEVEL_SUBDISTRICT, 3, "流调员"},
    {ROLE_FOLLOW_UP_WORKER, "", LEVEL_COMMUNITY, 1, "随访员"},
    {ROLE_SAMPLER, "", LEVEL_COMMUNITY, 1, "采样员"},
    {ROLE_COMMUNITY_WORKER, "", LEVEL_COMMUNITY, 2, "社区工作者"},
    {ROLE_GRID_TEAM, "", LEVEL_COMMUNITY, 1, "网格管控组"},
    {ROLE_HEALTH_CENTRE, "", LEVEL_SUBDISTRICT, 1, "社区卫生服务中心"},
    {ROLE_LABORATORY, "", LEVEL_DISTRICT, 2, "实验室"},
    {ROLE_HOSPITAL, "", LEVEL_DISTRICT, 1, "医院"},
    {ROLE_CLINICIAN, "", LEVEL_DISTRICT, 2, "临床医生"},
    {ROLE_INFECTION_CONTROL, "", LEVEL_DISTRICT, 1, "院感专员"},
    {ROLE_TRANSPORT, "", LEVEL_SUBDISTRICT, 1, "转运组"},
    {ROLE_QUARANTINE_SITE, "", LEVEL_DISTRICT, 4, "集中隔离点"},
    {ROLE_DISINFECTION_TEAM, "", LEVEL_SUBDISTRICT, 1, "消杀组"},
    {ROLE_VACCINATION_TEAM, "", LEVEL_DISTRICT, 1, "接种组"},
    {ROLE_BURIAL_TEAM, "", LEVEL_DISTRICT, 1, "殡葬处置组"},
    {ROLE_VECTOR_TEAM, "", LEVEL_DISTRICT, 1, "病媒控制组"},
    {ROLE_WATER_TEAM, "", LEVEL_DISTRICT, 1, "饮水卫生组"},
    {ROLE_LOGISTICS, "", LEVEL_DISTRICT, 2, "后勤保障组"},
    {ROLE_PSYCHOLOGIST, "", LEVEL_DISTRICT, 1, "心理支持"},
    {ROLE_POLICE, "", LEVEL_DISTRICT, 1, "公安"},
    {ROLE_SCHOOL, "", LEVEL_SUBDISTRICT, 1, "学校"},
    {ROLE_EMPLOYER, "", LEVEL_SUBDISTRICT, 1, "单位"},
    {ROLE_COMMANDER, "", LEVEL_DISTRICT, 4, "值班指挥员"},
    {ROLE_HEALTH_OFFICER, "", LEVEL_DISTRICT, 6, "公共卫生主管"},
    {ROLE_DISTRICT_COMMAND, "", LEVEL_DISTRICT, 6, "区级指挥部"},
    {ROLE_CITY_COMMAND, "", LEVEL_DISTRICT, 6, "市级指挥部"},
    {ROLE_PROVINCE_COMMAND, "", LEVEL_DISTRICT, 2, "省级指挥部"},
    {ROLE_NATIONAL, "", LEVEL_DISTRICT, 2, "国家主管部门"},
    {ROLE_APPEALS, "", LEVEL_DISTRICT, 2, "异议受理处"},
    {ROLE_COURT, "", LEVEL_DISTRICT, 1, "法院"},
};
enum { STAFF_ROWS = sizeof staff_row / sizeof staff_row[0] };
_Static_assert((int)STAFF_ROWS <= (int)DISTRICT_STAFF_MAX, "room for all roles");

void district_hire(struct district *d)
{
    for (int i = 0; i < STAFF_ROWS; i++) {
        int32_t count = d->run[staff_row[i].level].count * staff_row[i].per;
        d->staff[i] = (struct district_staff){d->accounts + 1, count};
        d->accounts += count;
    }
}

int64_t district_account_count(const struct district *d)
{
    return d->accounts;
}

struct district_account district_account_at(const struct district *d, int64_t i)
{
    assert(i >= 0 && i < d->accounts);
    int row = 0;
    while (i + 1 >= d->staff[row].first + d->staff[row].count) row++;
    int32_t nth = (int32_t)(i + 1 - d->staff[row].first), unit = nth / staff_row[row].per;
    struct district_account out = {
        .role = staff_row[row].role == NO_ROLE ? staff_row[row].name : words_at(WORDS_ROLE, staff_row[row].role)->name,
        .place = d->run[staff_row[row].level].first + unit,
    };
    struct rng r = district_stream(d, (uint32_t)i, DISTRICT_DRAW_STAFF_NAME);
    char zh[DISTRICT_TEXT], en[DISTRICT_TEXT];
    bool resident = str_eq_z(str_z(out.role), "resident");
    if (resident) { // an adult, and their own record
        uint32_t person = rng_below(&r, (uint32_t)d->outbreak.town.persons);
        person = town_household(&d->outbreak.town, person).first;
        struct district_person p = district_person_at(d, person);
        out.person = p.number;
        out.place = p.place;
        (void)snprintf(zh, sizeof zh, "%s", p.name[0] == 0 ? "未登记" : p.name);
    } else {
        district_name_draw(&r, (int32_t)(1 + rng_below(&r, 2)), district_surname_draw(&r), zh, en);
    }
    struct district_place place = district_place_at(d, out.place);
    (void)snprintf(out.name, sizeof out.name, "%.60s(%s)", zh, staff_row[row].zh);
    if (staff_row[row].level == LEVEL_DISTRICT)
        (void)snprintf(out.login, sizeof out.login, "%.40s.%d", out.role, nth % staff_row[row].per + 1);
    else if (resident)
        (void)snprintf(out.login, sizeof out.login, "%.40s.%d", out.role, nth + 1);
    else
        (void)snprintf(out.login, sizeof out.login, "%.40s.%.20s.%d", out.role, place.code, nth % staff_row[row].per + 1);
    for (char *c = out.login; *c != 0; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    return out;
}

int64_t district_who(const struct district *d, role_word role, int64_t place, uint32_t pick)
{
    for (int i = 0; i < STAFF_ROWS; i++) {
        if (staff_row[i].role != (int32_t)role) continue;
        int32_t per = staff_row[i].per;
        int64_t in_charge = place == 0 ? 0 : district_above(d, place, staff_row[i].level);
        if (in_charge == 0) return d->staff[i].first + pick % (uint32_t)d->staff[i].count;
        int64_t unit = in_charge - d->run[staff_row[i].level].first;
        return d->staff[i].first + unit * per + pick % (uint32_t)per;
    }
    return 0;
}
