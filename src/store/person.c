#include "store/person.h"

#include <assert.h>
#include <string.h>

// ---- the tables ----

static const struct record_word sex_words[] = {
    {"unknown", LABEL("unknown", "未说明")},
    {"male", LABEL("male", "男")},
    {"female", LABEL("female", "女")},
    {"other", LABEL("other", "其他")},
};

enum { NAME_MOST = 120, ADDRESS_MOST = 400, UID_MOST = UID_TEXT - 1 };
#define PERSON struct person_record
#define PLACE struct place_record
#define GATHERING struct gathering_record
#define UID_LONG .least = UID_MOST, .most = UID_MOST
#define PERSONAL .class = RECORD_PERSONAL
#define IDENTITY .class = RECORD_IDENTITY
#define INTERNAL .class = RECORD_INTERNAL

// clang-format off
static const struct record_field person_fields[] = {
    RECORD_ID(PERSON, uid, .required = true, UID_LONG, INTERNAL, .label = LABEL("identifier", "标识")),
    RECORD_TEXT(PERSON, name, .most = NAME_MOST, IDENTITY, .label = LABEL("name", "姓名")),
    RECORD_TEXT(PERSON, name_latin, .most = NAME_MOST, IDENTITY, .label = LABEL("name in Latin letters", "姓名(拉丁字母)")),
    RECORD_TEXT(PERSON, called, .most = NAME_MOST, IDENTITY, .label = LABEL("also called", "别名或曾用名")),
    RECORD_ENUM(PERSON, sex, sex_words, PERSONAL, .label = LABEL("sex", "性别")),
    RECORD_DAY(PERSON, born, PERSONAL, .label = LABEL("date of birth", "出生日期")),
    RECORD_INTEGER(PERSON, born_year, .least = 1850, .most = 2999, PERSONAL, .label = LABEL("year of birth", "出生年份")),
    RECORD_ID(PERSON, document_kind, .most = 40, IDENTITY, .label = LABEL("kind of document", "证件类型")),
    RECORD_TEXT(PERSON, document, .most = 60, IDENTITY, .label = LABEL("document number", "证件号码")),
    RECORD_TEXT(PERSON, phone, .most = 40, IDENTITY, .label = LABEL("telephone", "电话")),
    RECORD_TEXT(PERSON, phone_2, .most = 40, IDENTITY, .label = LABEL("second telephone", "备用电话")),
    RECORD_ID(PERSON, mail, .most = 254, IDENTITY, .label = LABEL("e-mail", "电子邮箱")),
    RECORD_ID(PERSON, place, UID_LONG, PERSONAL, .label = LABEL("where they live", "现住场所")),
    RECORD_TEXT(PERSON, address, .most = ADDRESS_MOST, PERSONAL, .label = LABEL("address", "现住址")),
    RECORD_TEXT(PERSON, registered_address, .most = ADDRESS_MOST, PERSONAL, .label = LABEL("registered address", "户籍地址")),
    RECORD_TEXT(PERSON, occupation, .most = NAME_MOST, PERSONAL, .label = LABEL("occupation", "职业")),
    RECORD_TEXT(PERSON, employer, .most = ADDRESS_MOST, PERSONAL, .label = LABEL("employer or school", "工作单位或学校")),
    RECORD_TEXT(PERSON, nationality, .most = 60, PERSONAL, .label = LABEL("nationality", "国籍")),
    RECORD_ID(PERSON, language, .most = 35, INTERNAL, .label = LABEL("language spoken", "使用语言")),
    RECORD_ID(PERSON, guardian, UID_LONG, PERSONAL, .label = LABEL("guardian", "监护人")),
    RECORD_TEXT(PERSON, guardian_name, .most = NAME_MOST, IDENTITY, .label = LABEL("guardian's name", "监护人姓名")),
    RECORD_TEXT(PERSON, guardian_phone, .most = 40, IDENTITY, .label = LABEL("guardian's telephone", "监护人电话")),
    RECORD_TEXT(PERSON, emergency_name, .most = NAME_MOST, IDENTITY, .label = LABEL("emergency contact", "紧急联系人")),
    RECORD_TEXT(PERSON, emergency_phone, .most = 40, IDENTITY, .label = LABEL("emergency telephone", "紧急联系电话")),
    RECORD_BOOLEAN(PERSON, provisional, INTERNAL, .label = LABEL("no papers yet", "暂无证件")),
    RECORD_TEXT(PERSON, description, .most = 1000, IDENTITY, .label = LABEL("description", "特征描述")),
    RECORD_ID(PERSON, outside_source, .most = 60, INTERNAL, .label = LABEL("outside system", "外部系统")),
    RECORD_TEXT(PERSON, outside_id, .most = 120, PERSONAL, .label = LABEL("number in the outside system", "外部系统编号")),
};

#define PLACE_KIND_RECORD(id, name, word, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word place_kind_words[] = {PLACE_KINDS(PLACE_KIND_RECORD)};

static const struct record_field place_fields[] = {
    RECORD_ID(PLACE, uid, .required = true, UID_LONG, .label = LABEL("identifier", "标识")),
    RECORD_ID(PLACE, parent, UID_LONG, .label = LABEL("part of", "上级场所")),
    RECORD_ENUM(PLACE, kind, place_kind_words, .required = true, .label = LABEL("kind", "类型")),
    RECORD_TEXT(PLACE, name, .required = true, .most = NAME_MOST, .label = LABEL("name", "名称")),
    RECORD_TEXT(PLACE, name_en, .most = NAME_MOST, .label = LABEL("name in English", "英文名称")),
    RECORD_TEXT(PLACE, code, .most = 60, .label = LABEL("code", "编码")),
    RECORD_REAL(PLACE, latitude, .least_real = -90, .most_real = 90, .label = LABEL("latitude", "纬度")),
    RECORD_REAL(PLACE, longitude, .least_real = -180, .most_real = 180, .label = LABEL("longitude", "经度")),
    RECORD_TEXT(PLACE, shape, .most = 1000000, .label = LABEL("shape (GeoJSON)", "边界(GeoJSON)")),
    RECORD_INTEGER(PLACE, capacity, .least = 0, .most = 10000000, INTERNAL, .label = LABEL("capacity", "容量")),
    RECORD_BOOLEAN(PLACE, closed, .label = LABEL("closed", "已停用")),
};

static const struct record_field gathering_fields[] = {
    RECORD_ID(GATHERING, uid, .required = true, UID_LONG, INTERNAL, .label = LABEL("identifier", "标识")),
    RECORD_TEXT(GATHERING, name, .required = true, .most = NAME_MOST, INTERNAL, .label = LABEL("name", "名称")),
    RECORD_ID(GATHERING, place, UID_LONG, INTERNAL, .label = LABEL("place", "场所")),
    RECORD_INSTANT(GATHERING, begins, INTERNAL, .label = LABEL("begins", "开始时间")),
    RECORD_INSTANT(GATHERING, ends, INTERNAL, .label = LABEL("ends", "结束时间")),
};

const struct record_kind person_record_kind = RECORD_KIND("person", struct person_record, person_fields);
const struct record_kind place_record_kind = RECORD_KIND("place", struct place_record, place_fields);
const struct record_kind gathering_record_kind = RECORD_KIND("gathering", struct gathering_record, gathering_fields);
// clang-format on

struct person_record person_record_none(void)
{
    struct person_record p;
    record_clear(&person_record_kind, &p);
    return p;
}

struct place_record place_record_none(void)
{
    struct place_record p;
    record_clear(&place_record_kind, &p);
    return p;
}

struct gathering_record gathering_record_none(void)
{
    struct gathering_record g;
    record_clear(&gathering_record_kind, &g);
    return g;
}

// ---- what contradicts itself ----

enum person_fault {
    FAULT_UID,
    FAULT_NAME,
    FAULT_DESCRIPTION,
    FAULT_FUTURE,
    FAULT_OLD,
    FAULT_YEAR,
    FAULT_CARD_LENGTH,
    FAULT_CARD_CHARACTERS,
    FAULT_CARD_DATE,
    FAULT_CARD_CHECK,
    FAULT_CARD_BORN,
    FAULT_CARD_SEX,
    FAULT_DOCUMENT_KIND,
    FAULT_PHONE,
    FAULT_PHONE_AREA,
    FAULT_MAIL,
    FAULT_MINOR,
    FAULT_OWN_GUARDIAN,
    FAULT_OUTSIDE,
    FAULT_COUNT
};

// {1} and {2} are the field's label in English and Chinese, {3} what should stand there. No message repeats a value:
// these fields are personal.
static const struct message person_message[FAULT_COUNT] = {
    [FAULT_UID] = {"uid-malformed", PROBLEM_ERROR, LABEL("{1} is no identifier", "{2}不是有效的标识"),
                   LABEL("36 characters like 01890a5d-ac96-774b-bcce-b302099a8057",
                         "应为 36 个字符，形如 01890a5d-ac96-774b-bcce-b302099a8057")},
    [FAULT_NAME] = {"name-missing", PROBLEM_ERROR, LABEL("the name is missing", "缺少姓名"),
                    LABEL("fill it in, or mark the person as without papers and describe them",
                          "请填写姓名；身份不明者请勾选“暂无证件”并填写特征描述")},
    [FAULT_DESCRIPTION] = {"description-missing", PROBLEM_WARNING,
                           LABEL("a person without papers is not described", "暂无证件人员缺少特征描述"),
                           LABEL("write by what they can be recognised", "请写明可供辨认的特征")},
    [FAULT_FUTURE] = {"born-later", PROBLEM_ERROR, LABEL("the date of birth lies in the future", "出生日期晚于今天"),
                      LABEL("correct it; the unborn are not registered", "请更正；未出生者不登记")},
    [FAULT_OLD] = {"born-long-ago", PROBLEM_WARNING,
                   LABEL("the person would be more than 120 years old", "按出生日期计算年龄超过 120 岁"),
                   LABEL("look at the year again", "请核对年份")},
    [FAULT_YEAR] = {"born-year-differs", PROBLEM_ERROR,
                    LABEL("date and year of birth contradict each other", "出生日期与出生年份不一致"),
                    LABEL("leave out the year, or correct one of them", "请删去年份，或更正其中一项")},
    [FAULT_CARD_LENGTH] = {"id-card-length", PROBLEM_WARNING,
                           LABEL("an identity number has 18 characters", "居民身份证号码应为 18 位"),
                           LABEL("compare it with the card; for another document choose its kind",
                                 "请与证件核对；如为其他证件请改选证件类型")},
    [FAULT_CARD_CHARACTERS] = {"id-card-characters", PROBLEM_WARNING,
                               LABEL("an identity number consists of digits; only the last may be X",
                                     "居民身份证号码只含数字，仅末位可为 X"),
                               LABEL("compare it with the card", "请与证件核对")},
    [FAULT_CARD_DATE] = {"id-card-date", PROBLEM_WARNING,
                         LABEL("the date inside the identity number does not exist", "身份证号码中的出生日期不存在"),
                         LABEL("compare digits 7 to 14 with the card", "请核对第 7 至 14 位")},
    [FAULT_CARD_CHECK] = {"id-card-check", PROBLEM_WARNING,
                          LABEL("the identity number's check character is wrong: a digit was mistyped",
                                "身份证号码校验位不符，可能有一位输错"),
                          LABEL("compare it with the card; if it is written so, leave it",
                                "请与证件核对；证件上确实如此则保留")},
    [FAULT_CARD_BORN] = {"id-card-born", PROBLEM_WARNING,
                         LABEL("the date of birth differs from that in the identity number",
                               "出生日期与身份证号码不一致"),
                         LABEL("in the number it is {3}: correct what is wrong",
                               "号码中的日期为 {3}，请更正有误的一项")},
    [FAULT_CARD_SEX] = {"id-card-sex", PROBLEM_WARNING,
                        LABEL("the sex differs from that in the identity number", "性别与身份证号码不一致"),
                        LABEL("correct what is wrong; if both are right, leave it",
                              "请更正有误的一项；如均无误可保留")},
    [FAULT_DOCUMENT_KIND] = {"document-kind-missing", PROBLEM_WARNING,
                             LABEL("it is not said what kind of document the number is of", "未注明证件类型"),
                             LABEL("choose: identity card, passport, permit, other",
                                   "请选择：居民身份证、护照、通行证、其他")},
    [FAULT_PHONE] =
        {"phone-malformed", PROBLEM_WARNING, LABEL("{1} is no telephone number", "{2}不是有效的电话号码"),
         LABEL("write digits, abroad with + and country code: it is kept, but nobody can be found or called by it",
               "请只写数字，境外号码加“+国家代码”；现已保留，但无法据此查找或联系")},
    [FAULT_PHONE_AREA] = {"phone-without-area", PROBLEM_WARNING, LABEL("{1} has no area code", "{2}缺少区号"),
                          LABEL("put it in front, as in 010-12345678", "请加上区号，如 010-12345678")},
    [FAULT_MAIL] = {"mail-malformed", PROBLEM_WARNING,
                    LABEL("the e-mail address cannot be right", "电子邮箱格式不正确"),
                    LABEL("it looks like name@example.org", "格式形如 name@example.org")},
    [FAULT_MINOR] = {"guardian-missing", PROBLEM_WARNING, LABEL("a minor has no guardian", "未成年人未登记监护人"),
                     LABEL("name one: without a named guardian a minor is neither moved nor placed",
                           "请登记监护人：未指定监护人的未成年人不得转运或安置")},
    [FAULT_OWN_GUARDIAN] = {"guardian-self", PROBLEM_ERROR, LABEL("nobody is their own guardian", "监护人不能是本人"),
                            LABEL("choose another person", "请选择其他人")},
    [FAULT_OUTSIDE] = {"outside-half", PROBLEM_ERROR,
                       LABEL("outside system and number go together", "外部系统与其编号须同时填写"),
                       LABEL("fill in both or neither", "请同时填写或同时留空")},
};

struct person_checking {
    struct problem_list *problems;
    struct problem_at at;
};

static const struct record_field *person_field(const char *name)
{
    for (size_t i = 0; i < person_record_kind.count; i++)
        if (strcmp(person_fields[i].name, name) == 0) return &person_fields[i];
    assert(false);
    return NULL;
}

static void person_says(const struct person_checking *c, enum person_fault fault, const char *field, const char *value)
{
    struct problem_at at = c->at;
    const struct record_field *f = person_field(field);
    if (at.path == NULL || at.path[0] == 0) at.path = field;
    problem_add(c->problems, at, &person_message[fault], f->label.text[LANG_EN], f->label.text[LANG_ZH], value, NULL);
}

static void person_check_uid(const struct person_checking *c, const char *field, struct str text)
{
    unsigned char uid[UID_BYTES];
    if (text.n > 0 && !uid_parse(text, uid)) person_says(c, FAULT_UID, field, NULL);
}

static void person_check_phone(const struct person_checking *c, const char *field, struct str phone)
{
    char text[PHONE_TEXT];
    if (phone.n == 0) return;
    if (!phone_normalise(phone, text)) person_says(c, FAULT_PHONE, field, NULL);
    else if (strlen(text) <= 8 && text[0] != '+') person_says(c, FAULT_PHONE_AREA, field, NULL);
}

static bool person_has_card(const struct person_record *p)
{
    return str_eq_z(p->document_kind, "id_card") && p->document.n > 0;
}

static void person_check_card(const struct person_checking *c, const struct person_record *p)
{
    static const enum person_fault fault[] = {[ID_CARD_LENGTH] = FAULT_CARD_LENGTH,
                                              [ID_CARD_CHARACTERS] = FAULT_CARD_CHARACTERS,
                                              [ID_CARD_DATE] = FAULT_CARD_DATE,
                                              [ID_CARD_CHECK] = FAULT_CARD_CHECK};
    char number[DOCUMENT_TEXT], day[CIVIL_TEXT];
    struct id_card card;
    if (!person_has_card(p) || !document_normalise(p->document, number)) return;
    id_card_fault found = id_card_read(str_z(number), &card);
    if (found != ID_CARD_GOOD) person_says(c, fault[found], "document", NULL);
    if (card.born.d != CIVIL_DAY_NONE && p->born.d != CIVIL_DAY_NONE && card.born.d != p->born.d) {
        civil_format(card.born, day);
        person_says(c, FAULT_CARD_BORN, "born", day);
    }
    bool sexed = (p->sex == PERSON_MALE || p->sex == PERSON_FEMALE) && card.sex != PERSON_SEX_UNKNOWN;
    if (sexed && card.sex != p->sex) person_says(c, FAULT_CARD_SEX, "sex", NULL);
}

static int32_t person_age(civil_day born, civil_day today)
{
    struct civil_date b = civil_to_date(born), t = civil_to_date(today);
    bool before = t.month < b.month || (t.month == b.month && t.day < b.day);
    return t.year - b.year - (before ? 1 : 0);
}

static void person_check_born(const struct person_checking *c, const struct person_record *p, civil_day today)
{
    enum { ADULT = 18, OLDEST = 120 };
    bool year_only;
    civil_day born = person_born(p, &year_only);
    if (born.d == CIVIL_DAY_NONE) return;
    int32_t year = civil_to_date(born).year;
    const char *field = p->born.d == CIVIL_DAY_NONE ? "born_year" : "born";
    bool later = year_only ? year > civil_to_date(today).year : born.d > today.d;
    if (later) person_says(c, FAULT_FUTURE, field, NULL);
    if (person_age(born, today) > OLDEST) person_says(c, FAULT_OLD, field, NULL);
    if (p->born.d != CIVIL_DAY_NONE && p->born_year != RECORD_INTEGER_NONE && p->born_year != year)
        person_says(c, FAULT_YEAR, "born_year", NULL);
    bool guarded = p->guardian.n > 0 || p->guardian_name.n > 0;
    if (!later && person_age(born, today) < ADULT && !guarded) person_says(c, FAULT_MINOR, "guardian", NULL);
}

static bool person_mail_good(struct str mail)
{
    const char *at = memchr(mail.p, '@', mail.n);
    if (at == NULL || at == mail.p) return false;
    struct str host = {at + 1, mail.n - (size_t)(at + 1 - mail.p)};
    if (host.n < 3 || memchr(host.p, '@', host.n) != NULL) return false;
    return memchr(host.p, '.', host.n) != NULL && host.p[0] != '.' && host.p[host.n - 1] != '.';
}

bool person_check(const struct person_record *p, civil_day today, struct problem_list *problems, struct problem_at at)
{
    const struct person_checking c = {problems, at};
    size_t before = problems->errors;
    person_check_uid(&c, "uid", p->uid);
    person_check_uid(&c, "place", p->place);
    person_check_uid(&c, "guardian", p->guardian);
    if (p->guardian.n > 0 && str_eq_nocase(p->guardian, p->uid)) person_says(&c, FAULT_OWN_GUARDIAN, "guardian", NULL);
    if (p->name.n == 0 && p->provisional != 1) person_says(&c, FAULT_NAME, "name", NULL);
    if (p->provisional == 1 && p->description.n == 0) person_says(&c, FAULT_DESCRIPTION, "description", NULL);
    if (p->document.n > 0 && p->document_kind.n == 0) person_says(&c, FAULT_DOCUMENT_KIND, "document_kind", NULL);
    person_check_card(&c, p);
    person_check_born(&c, p, today);
    person_check_phone(&c, "phone", p->phone);
    person_check_phone(&c, "phone_2", p->phone_2);
    person_check_phone(&c, "guardian_phone", p->guardian_phone);
    person_check_phone(&c, "emergency_phone", p->emergency_phone);
    if (p->mail.n > 0 && !person_mail_good(p->mail)) person_says(&c, FAULT_MAIL, "mail", NULL);
    if ((p->outside_source.n > 0) != (p->outside_id.n > 0)) person_says(&c, FAULT_OUTSIDE, "outside_id", NULL);
    return problems->errors == before;
}

// ---- what follows from a record ----

bool person_normalise(struct person_record *p, struct arena *arena)
{
    char number[DOCUMENT_TEXT];
    struct id_card card;
    for (size_t i = 0; i < person_record_kind.count; i++) {
        const struct record_field *f = &person_fields[i];
        if (f->type != RECORD_TYPE_TEXT || record_absent(f, p)) continue;
        struct str s = record_get_text(f, p);
        if (str_utf8_valid(s) != s.n) continue; // reported by the table of fields
        s = name_compose(s, arena);
        if (s.p == NULL) return false;
        memcpy((char *)p + f->offset, &s, sizeof s);
    }
    bool unnamed = p->document.n > 0 && p->document_kind.n == 0 && document_normalise(p->document, number);
    if (unnamed && strlen(number) == 18 && id_card_read(str_z(number), &card) == ID_CARD_GOOD)
        p->document_kind = STR("id_card");
    return true;
}

civil_day person_born(const struct person_record *p, bool *year_only)
{
    char number[DOCUMENT_TEXT];
    struct id_card card = {.born = {CIVIL_DAY_NONE}};
    civil_day born = p->born;
    *year_only = false;
    bool carded = born.d == CIVIL_DAY_NONE && person_has_card(p) && document_normalise(p->document, number);
    if (carded && id_card_read(str_z(number), &card) == ID_CARD_GOOD) born = card.born;
    if (born.d == CIVIL_DAY_NONE && p->born_year >= 1000 && p->born_year <= 2999) {
        *year_only = civil_from_date((struct civil_date){(int32_t)p->born_year, 7, 1}, &born);
    }
    return born;
}

int32_t person_flags(const struct person_record *p)
{
    bool year_only;
    (void)person_born(p, &year_only);
    return (p->provisional == 1 ? PERSON_PROVISIONAL : 0) | (year_only ? PERSON_YEAR_ONLY : 0);
}

static struct str names_join(const struct str *names, size_t count, struct arena *arena)
{
    struct str out = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        struct str folded = name_fold(names[i], arena);
        if (folded.n == 0) continue;
        char *more = out.n == 0 ? arena_copy(arena, folded.p, folded.n)
                                : arena_printf(arena, "%.*s\n%.*s", STR_ARG(out), STR_ARG(folded));
        if (more == NULL) return (struct str){NULL, 0};
        out = str_z(more);
    }
    return out;
}

struct str person_names(const struct person_record *p, struct arena *arena)
{
    const struct str names[] = {p->name, p->name_latin, p->called};
    return names_join(names, sizeof names / sizeof names[0], arena);
}

struct str person_names_of_payload(struct str payload, struct arena *arena)
{
    static const char *const fields[] = {"name", "name_latin", "called"};
    struct str names[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct payload_cursor c = payload_walk(payload);
    struct payload_value v;
    while (payload_next(&c, &v))
        for (size_t i = 0; i < 3; i++)
            if (v.type == PAYLOAD_TEXT && str_eq_z(v.name, fields[i])) names[i] = payload_plain(v.raw, arena);
    return names_join(names, 3, arena);
}
