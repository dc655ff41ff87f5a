// Duplicates: names that are the same in another form, the score's reasons, the index, and how many true pairs are found among
// generated people with known slips (recall), and how many of the pairs found are true (precision).
#include "tap.h"

#include "base/rng.h"
#include "exchange/duplicate.h"
#include "exchange/han.h"
#include "store/person.h"

#include <time.h>

static struct duplicate_who who(const char *name, const char *born, const char *phone, const char *document,
                                int32_t sex)
{
    struct person_record p = person_record_none();
    struct duplicate_who w;
    p.name = str_z(name);
    p.phone = str_z(phone);
    p.document = str_z(document);
    p.sex = sex;
    if (born[0] != 0 && !civil_parse(str_z(born), &p.born)) abort();
    duplicate_who_make(&p, &w);
    return w;
}

static void test_names(void)
{
    static const struct {
        const char *name, *written, *sound;
    } t[] = {
        {"王小明", "王 小明", "wang xiaoming"},
        {"欧阳丽", "欧阳 丽", "li ouyang"},
        {"歐陽麗", "欧阳 丽", "li ouyang"},
        {"張偉", "张 伟", "wei zhang"},
        {"Müller, Jürgen", "muller jurgen", "jurgen muller"},
        {"O'Brien Anne-Marie", "obrien annemarie", "annemarie obrien"},
        {"WANG Xiaoming", "wang xiaoming", "wang xiaoming"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct duplicate_who w = who(t[i].name, "", "", "", 0);
        EQ_TEXT(w.name, t[i].written, "%s as written", t[i].name);
        EQ_TEXT(w.sound, t[i].sound, "%s as it sounds", t[i].name);
    }
    EQ_TEXT(han_sound("钧"), "jun", "a reading");
    OK(han_sound("㐀") == NULL, "a rare character has none");
}

static void test_jaro(void)
{
    // Winkler 1990, and the usual worked examples
    NEAR(duplicate_jaro_winkler(STR("martha"), STR("marhta")), 0.9611, 0.0001, "martha");
    NEAR(duplicate_jaro_winkler(STR("dixon"), STR("dicksonx")), 0.8133, 0.0001, "dixon");
    NEAR(duplicate_jaro_winkler(STR("abc"), STR("xyz")), 0, 1e-12, "nothing alike");
    NEAR(duplicate_jaro_winkler(STR(""), STR("")), 1, 1e-12, "nothing at all");
}

static void test_score(void)
{
    static const struct {
        const char *row, *a[4], *b[4];
        bool probable;
        uint32_t reasons;
    } t[] = {
        {"the same",
         {"王小明", "1990-01-02", "13912345678", ""},
         {"王小明", "1990-01-02", "13912345678", ""},
         true,
         DUPLICATE_NAME | DUPLICATE_BORN | DUPLICATE_PHONE},
        {"traditional",
         {"張偉明", "1990-01-02", "", ""},
         {"张伟明", "1990-01-02", "", ""},
         true,
         DUPLICATE_NAME | DUPLICATE_BORN},
        {"by ear",
         {"张伟明", "1990-01-02", "", ""},
         {"章维铭", "1990-01-02", "", ""},
         true,
         DUPLICATE_NAME_SOUND | DUPLICATE_BORN},
        {"in letters",
         {"Zhang Weiming", "1990-01-02", "", ""},
         {"张伟明", "1990-01-02", "", ""},
         true,
         DUPLICATE_NAME_SOUND},
        {"day and month",
         {"Anna Schmidt", "1990-01-02", "", ""},
         {"Anna Schmidt", "1990-02-01", "", ""},
         true,
         DUPLICATE_BORN_SWAPPED},
        {"one digit",
         {"Anna Schmidt", "1990-01-02", "", ""},
         {"Anna Schmidt", "1991-01-02", "", ""},
         true,
         DUPLICATE_BORN_NEAR},
        {"order and a slip",
         {"Schmidt Anna", "1990-01-02", "", ""},
         {"Ana Schmidt", "1990-01-02", "", ""},
         true,
         DUPLICATE_NAME_NEAR},
        {"only a common name", {"王伟", "", "", ""}, {"王伟", "", "", ""}, false, DUPLICATE_NAME},
        {"a family on one telephone",
         {"王伟", "1960-05-05", "13912345678", ""},
         {"王芳", "1990-02-02", "13912345678", ""},
         false,
         DUPLICATE_PHONE},
        {"born on one day",
         {"Anna Schmidt", "1990-01-02", "", ""},
         {"Peter Meyer", "1990-01-02", "", ""},
         false,
         DUPLICATE_BORN},
        {"one document",
         {"Anna Schmidt", "1990-01-02", "", "X123"},
         {"Anna Meyer", "1990-01-02", "", "x 123"},
         true,
         DUPLICATE_DOCUMENT},
        {"two documents",
         {"李娜", "1990-01-02", "", "E111"},
         {"李娜", "1990-01-02", "", "E222"},
         false,
         DUPLICATE_DIFFERS},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct duplicate_who a = who(t[i].a[0], t[i].a[1], t[i].a[2], t[i].a[3], 0),
                             b = who(t[i].b[0], t[i].b[1], t[i].b[2], t[i].b[3], 0);
        uint32_t reasons = 0, back = 0;
        int32_t score = duplicate_score(&a, &b, &reasons);
        OK((score >= DUPLICATE_PROBABLE) == t[i].probable, "%s: %d", t[i].row, (int)score);
        OK((reasons & t[i].reasons) == t[i].reasons, "%s: reasons %x", t[i].row, (unsigned)reasons);
        OK(duplicate_score(&b, &a, &back) == score && back == reasons, "%s: either way round", t[i].row);
    }
}

// ---- generated people ----

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",   "周",  "吴", "徐",
                                       "孙", "胡", "朱", "高", "林", "何", "郭", "马",   "罗",  "梁", "宋",
                                       "郑", "谢", "韩", "唐", "冯", "于", "董", "萧",   "程",  "曹", "袁",
                                       "邓", "许", "傅", "沈", "曾", "彭", "吕", "欧阳", "司马"};
static const char *const given[] = {"伟",   "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",   "军",   "洋",
                                    "勇",   "艳",   "杰",   "娟",   "涛",   "明",   "超",   "霞",   "平",   "刚",
                                    "桂英", "秀兰", "玉兰", "建华", "志强", "文",   "建国", "海燕", "晓明", "雪梅",
                                    "国强", "春梅", "红",   "云",   "飞",   "佳琪", "子涵", "浩然", "欣怡", "宇轩",
                                    "梓萱", "雨桐", "俊杰", "思远", "家豪", "美玲", "淑珍", "鹏",   "斌",   "波"};
static const char *const first[] = {"Anna",    "Peter", "Maria",  "John",  "Fatima", "Mohamed", "Aminata",
                                    "Ibrahim", "Grace", "Samuel", "Elena", "Ivan",   "Lucia",   "Diego",
                                    "Hannah",  "Jonas", "Chloe",  "Lucas", "Amara",  "Kofi"};
static const char *const last[] = {"Schmidt",   "Meyer",   "Johnson", "Kamara", "Sesay",  "Conteh",  "Garcia",
                                   "Fernandez", "Petrov",  "Novak",   "Okafor", "Mensah", "Diallo",  "Traore",
                                   "Rossi",     "Bianchi", "Dubois",  "Martin", "Larsen", "Virtanen"};
// traditional for simplified, and characters that sound alike
static const char *const swaps[][2] = {
    {"张", "張"}, {"刘", "劉"}, {"陈", "陳"}, {"伟", "偉"}, {"丽", "麗"}, {"杰", "傑"}, {"晓", "曉"},
    {"华", "華"}, {"国", "國"}, {"马", "馬"}, {"罗", "羅"}, {"谢", "謝"}, {"韩", "韓"}, {"娜", "那"},
    {"静", "靖"}, {"明", "铭"}, {"强", "墙"}, {"涛", "滔"}, {"佳", "嘉"}, {"梅", "玫"}, {"志", "智"},
    {"敏", "闵"}, {"军", "钧"}, {"洋", "阳"}, {"玲", "铃"}, {"飞", "非"}};

struct made {
    char name[60], phone[16];
    civil_day born;
    int32_t sex;
};

static uint32_t draw(struct rng *r, uint32_t below)
{
    return rng_below(r, below);
}

static void make(struct rng *r, struct made *m)
{
    bool han = draw(r, 3) > 0;
    if (han)
        (void)snprintf(m->name, sizeof m->name, "%s%s%s", surnames[draw(r, sizeof surnames / sizeof *surnames)],
                       given[draw(r, sizeof given / sizeof *given)], draw(r, 2) == 0 ? given[draw(r, 20)] : "");
    else
        (void)snprintf(m->name, sizeof m->name, "%s %s%s%s", first[draw(r, 20)], last[draw(r, 20)], "-",
                       last[draw(r, 20)]);
    m->born.d = (int32_t)draw(r, 29000) - 10000;
    m->sex = 1 + (int32_t)draw(r, 2);
    if (draw(r, 10) < 7) (void)snprintf(m->phone, sizeof m->phone, "139%08d", (int)draw(r, 100000000));
    else m->phone[0] = 0;
}

// One of the slips of registration.
static const char *slip(struct rng *r, struct made *m)
{
    bool han = han_is(m->name, strlen(m->name));
    switch (draw(r, 7)) {
    case 0: { // another character: traditional, or as it sounds
        for (size_t i = 0; han && i < sizeof swaps / sizeof *swaps; i++) {
            char *at = strstr(m->name, swaps[i][0]);
            if (at == NULL) continue;
            memcpy(at, swaps[i][1], 3);
            return "character";
        }
        return "none";
    }
    case 1: { // day and month
        struct civil_date d = civil_to_date(m->born);
        struct civil_date s = {d.year, d.day, d.month};
        return civil_from_date(s, &m->born) ? "day and month" : "none";
    }
    case 2: { // one digit of the year
        struct civil_date d = civil_to_date(m->born);
        d.year += draw(r, 2) == 0 ? 1 : 10;
        return civil_from_date(d, &m->born) ? "year" : "none";
    }
    case 3: { // family name first, or last
        char *blank = strchr(m->name, ' ');
        if (blank == NULL) return "none";
        char copy[2 * sizeof m->name];
        *blank = 0;
        (void)snprintf(copy, sizeof copy, "%s %s", blank + 1, m->name);
        memcpy(m->name, copy, sizeof m->name);
        m->name[sizeof m->name - 1] = 0;
        return "order";
    }
    case 4: // a letter too few
        if (!han && strlen(m->name) > 6) memmove(m->name + 3, m->name + 4, strlen(m->name + 4) + 1);
        return han ? "none" : "letter";
    case 5: m->phone[0] = 0; return "no telephone";
    default: return "none";
    }
}

static struct duplicate_who who_made(const struct made *m)
{
    struct person_record p = person_record_none();
    struct duplicate_who w;
    p.name = str_z(m->name);
    p.phone = str_z(m->phone);
    p.born = m->born;
    p.sex = m->sex;
    duplicate_who_make(&p, &w);
    return w;
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_many(void)
{
    enum { PEOPLE = 60000, EVERY = 20 };
    struct rng r = rng_stream(20220301, 0, 0, 0, 0);
    struct duplicate_index *d = duplicate_index_open();
    int64_t truth = 0, found = 0, wrong = 0;
    double begun = seconds();
    for (int64_t i = 1; i <= PEOPLE; i++) {
        struct made m;
        make(&r, &m);
        struct duplicate_who w = who_made(&m);
        struct duplicate_match best[4];
        size_t n = duplicate_index_find(d, &w, DUPLICATE_PROBABLE, best, 4);
        wrong += (int64_t)n; // everybody is somebody else
        if (!duplicate_index_add(d, &w, i)) abort();
        if (i % EVERY != 0) continue;
        (void)slip(&r, &m);
        w = who_made(&m);
        n = duplicate_index_find(d, &w, DUPLICATE_PROBABLE, best, 4);
        truth++;
        bool hit = false;
        for (size_t k = 0; k < n; k++) {
            if (best[k].id == i) hit = true;
            else wrong++;
        }
        found += hit;
    }
    double took = seconds() - begun;
    double recall = (double)found / (double)truth, precision = (double)found / (double)(found + wrong);
    printf("# %d people, %lld with a second record: recall %.3f, precision %.3f; %.1f us a person, %.1f MB\n", PEOPLE,
           (long long)truth, recall, precision, took / (PEOPLE + (double)truth) * 1e6,
           (double)duplicate_index_bytes(d) / 1e6);
    OK(recall > 0.95, "recall %.3f", recall);
    OK(precision > 0.95, "precision %.3f", precision);
    EQ_INT(duplicate_index_count(d), PEOPLE, "all are in the index");
    duplicate_index_close(d);
}

static void test_words(void)
{
    char text[200];
    (void)duplicate_reasons_text(DUPLICATE_NAME | DUPLICATE_PHONE, LANG_ZH, text, sizeof text);
    EQ_TEXT(text, "姓名相同，电话相同", "reasons in Chinese");
    (void)duplicate_reasons_text(DUPLICATE_BORN_SWAPPED, LANG_EN, text, sizeof text);
    EQ_TEXT(text, "date of birth with day and month swapped", "and in English");
    size_t n = duplicate_reasons_text(DUPLICATE_NAME | DUPLICATE_PHONE, LANG_EN, text, 12);
    EQ_TEXT(text, "same name", "a short room holds what fits whole");
    EQ_INT(n, 9, "and its length is told");
}

int main(void)
{
    test_names();
    test_jaro();
    test_score();
    test_many();
    test_words();
    return tap_done();
}
