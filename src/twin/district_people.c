// People: who lives where, what they are called, and numbers that can be nobody's.
#include "twin/district_inner.h"

#include <assert.h>
#include <stdio.h>

enum { ADULT = 18, PAPERLESS_OF = 3000 };

// Common surnames with how many in a thousand bear them, roughly: general knowledge of China's census of names.
static const struct {
    const char *zh, *en;
    uint32_t share;
} surname[] = {
    {"王", "Wang", 75},  {"李", "Li", 73},   {"张", "Zhang", 68}, {"刘", "Liu", 54},  {"陈", "Chen", 48}, {"杨", "Yang", 33},
    {"黄", "Huang", 25}, {"赵", "Zhao", 24}, {"吴", "Wu", 22},    {"周", "Zhou", 21}, {"徐", "Xu", 16},   {"孙", "Sun", 15},
    {"马", "Ma", 15},    {"朱", "Zhu", 14},  {"胡", "Hu", 13},    {"郭", "Guo", 13},  {"何", "He", 13},   {"林", "Lin", 12},
    {"高", "Gao", 11},   {"罗", "Luo", 10},  {"郑", "Zheng", 10}, {"梁", "Liang", 9}, {"谢", "Xie", 8},   {"宋", "Song", 8},
    {"唐", "Tang", 7},   {"许", "Xu", 7},    {"韩", "Han", 7},    {"邓", "Deng", 6},  {"冯", "Feng", 6},  {"曹", "Cao", 6},
    {"彭", "Peng", 6},   {"曾", "Zeng", 6},  {"肖", "Xiao", 6},   {"田", "Tian", 5},  {"董", "Dong", 5},  {"潘", "Pan", 5},
    {"袁", "Yuan", 5},   {"蔡", "Cai", 5},   {"蒋", "Jiang", 5},  {"余", "Yu", 5},    {"于", "Yu", 5},    {"杜", "Du", 5},
    {"叶", "Ye", 4},     {"程", "Cheng", 4}, {"苏", "Su", 4},     {"魏", "Wei", 4},   {"吕", "Lü", 4},    {"丁", "Ding", 4},
    {"任", "Ren", 4},    {"沈", "Shen", 4},  {"姚", "Yao", 4},    {"卢", "Lu", 4},    {"姜", "Jiang", 4}, {"崔", "Cui", 4},
    {"欧阳", "Ouyang", 1}, {"司马", "Sima", 1}, {"上官", "Shangguan", 1},
};
// Syllables of given names; a name takes one or two of them.
static const struct {
    const char *zh, *en;
} given_either[] = {{"禾", "he"}, {"宁", "ning"}, {"安", "an"}, {"晓", "xiao"}, {"言", "yan"}, {"知", "zhi"}, {"远", "yuan"},
                    {"清", "qing"}, {"书", "shu"}, {"乐", "le"}, {"思", "si"}, {"景", "jing"}, {"云", "yun"}, {"春", "chun"},
                    {"秋", "qiu"}, {"文", "wen"}, {"一", "yi"}, {"新", "xin"}, {"平", "ping"}, {"青", "qing"}},
  given_male[] = {{"强", "qiang"}, {"军", "jun"}, {"伟", "wei"}, {"建", "jian"}, {"国", "guo"}, {"志", "zhi"}, {"勇", "yong"},
                  {"浩", "hao"}, {"宇", "yu"}, {"杰", "jie"}, {"涛", "tao"}, {"明", "ming"}, {"刚", "gang"}, {"峰", "feng"},
                  {"磊", "lei"}, {"鹏", "peng"}, {"海", "hai"}, {"林", "lin"}, {"泽", "ze"}, {"辰", "chen"}},
  given_female[] = {{"芳", "fang"}, {"娜", "na"}, {"敏", "min"}, {"静", "jing"}, {"丽", "li"}, {"艳", "yan"}, {"娟", "juan"},
                    {"霞", "xia"}, {"秀", "xiu"}, {"英", "ying"}, {"婷", "ting"}, {"玲", "ling"}, {"雪", "xue"}, {"琳", "lin"},
                    {"慧", "hui"}, {"梅", "mei"}, {"兰", "lan"}, {"月", "yue"}, {"萍", "ping"}, {"涵", "han"}};
enum {
    SURNAMES = sizeof surname / sizeof surname[0],
    GIVEN = sizeof given_either / sizeof given_either[0],
};

uint32_t district_surname_draw(struct rng *r)
{
    uint32_t sum = 0, i = 0;
    for (uint32_t k = 0; k < SURNAMES; k++) sum += surname[k].share;
    uint32_t at = rng_below(r, sum);
    while (at >= surname[i].share) at -= surname[i++].share;
    return i;
}

// Two syllables in four of five names; the first is for anybody, the second tells the sex in half of them.
void district_name_draw(struct rng *r, int32_t sex, uint32_t family, char zh[DISTRICT_TEXT], char en[DISTRICT_TEXT])
{
    assert(family < SURNAMES);
    uint32_t a = rng_below(r, GIVEN), b = rng_below(r, GIVEN);
    bool single = rng_below(r, 5) == 0, marked = rng_below(r, 4) != 0;
    const char *zh_b = !marked ? given_either[b].zh : sex == 1 ? given_male[b].zh : given_female[b].zh;
    const char *en_b = !marked ? given_either[b].en : sex == 1 ? given_male[b].en : given_female[b].en;
    const char *zh_a = single ? "" : given_either[a].zh, *en_a = single ? "" : given_either[a].en;
    (void)snprintf(zh, DISTRICT_TEXT, "%s%s%s", surname[family].zh, zh_a, zh_b);
    (void)snprintf(en, DISTRICT_TEXT, "%s %s%s", surname[family].en, en_a, en_b);
    for (char *c = en; *c != 0; c++) // the given name's first letter
        if (c > en && c[-1] == ' ' && *c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
}

int32_t district_age(const struct district *d, uint32_t person)
{
    return d->outbreak.town.age[person];
}

int64_t district_guardian(const struct district *d, uint32_t person)
{
    uint32_t first = town_household(&d->outbreak.town, person).first; // always an adult (twin/town.c)
    return district_age(d, person) < ADULT && first != person ? d->places + 1 + first : 0;
}

// A household's surname: the first's for most; the second often brought their own.
static uint32_t people_surname(const struct district *d, uint32_t person)
{
    uint32_t first = town_household(&d->outbreak.town, person).first;
    bool own = person == first + 1 && district_age(d, person) >= ADULT;
    struct rng r = district_stream(d, own ? person : first, DISTRICT_DRAW_HOME);
    return district_surname_draw(&r);
}

// Eighteen characters as GB 11643 has them, check character included, but with a region beginning with 00.
static void people_document(struct rng *r, struct civil_date born, int32_t sex, char out[24])
{
    static const int32_t weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    uint32_t serial = rng_below(r, 499) * 2 + (sex == 1 ? 1 : 0); // odd for men
    int32_t sum = 0;
    (void)snprintf(out, 24, "00%04u%04d%02d%02d%03u", rng_below(r, 10000), born.year, born.month, born.day, serial);
    for (int i = 0; i < 17; i++) sum += (out[i] - '0') * weight[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = 0;
}

static void people_occupation(const struct district *d, uint32_t person, struct district_person *out)
{
    uint32_t circle = d->outbreak.town.circle_of[person];
    int32_t age = district_age(d, person);
    const char *is = age < 6 ? "学龄前儿童" : age < ADULT ? "学生" : age >= 60 ? "退休" : "职工";
    if (circle != TOWN_NO_CIRCLE) {
        bool work = circle < (uint32_t)d->work_circles;
        int64_t number = work ? d->run[LEVEL_WORKPLACE].first + circle
                              : d->run[LEVEL_CLASS].first + (circle - (uint32_t)d->work_circles);
        struct district_place at = district_place_at(d, work ? number : district_parent(d, number));
        (void)snprintf(out->employer, sizeof out->employer, "%s", at.name);
    } else if (age >= 20 && age < 60) {
        is = "自由职业";
    }
    (void)snprintf(out->occupation, sizeof out->occupation, "%s", is);
}

int64_t district_person_count(const struct district *d)
{
    return d->outbreak.town.persons;
}

struct district_person district_person_at(const struct district *d, int64_t i)
{
    assert(i >= 0 && i < d->outbreak.town.persons);
    uint32_t person = (uint32_t)i;
    struct rng r = district_stream(d, person, DISTRICT_DRAW_PERSON);
    int32_t sex = d->outbreak.town.sex[person], age = district_age(d, person);
    struct district_person out = {
        .number = d->places + 1 + i,
        .place = district_home(d, person),
        .guardian = district_guardian(d, person),
        .sex = sex,
        .born = {d->options.start.d - (int32_t)((double)age * 365.2425) - 1 - (int32_t)rng_below(&r, 365)},
    };
    uint32_t phone = rng_u32(&r);
    bool paperless = age >= ADULT && rng_below(&r, PAPERLESS_OF) == 0;
    if (paperless) {
        (void)snprintf(out.description, sizeof out.description, "%s，约%d岁，未带证件", sex == 1 ? "男" : "女",
                       (age + 5) / 10 * 10);
        return out;
    }
    district_name_draw(&r, sex, people_surname(d, person), out.name, out.name_latin);
    people_document(&r, civil_to_date(out.born), sex, out.document);
    // +999, then a number of its own for each: no two people share one unless they are of one household and one is a child
    if (age >= 12) (void)snprintf(out.phone, sizeof out.phone, "+999 %03u %07u", phone % 900 + 100, person % 10000000);
    people_occupation(d, person, &out);
    return out;
}
