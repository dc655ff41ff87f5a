#include "exchange/line_words.h"

#include <string.h>

// A part of a text in plain form (lower case, without blanks and punctuation) and what it stands for. The first row
// whose part occurs decides, so that the special stands above the general: "nasopharyngeal" above "nasal".
struct line_part {
    const char *part;
    int32_t word;
};

static const struct line_part part_exposure[] = {
    {"indirect", EXPOSURE_ENVIRONMENT},
    {"fomite", EXPOSURE_ENVIRONMENT},
    {"surface", EXPOSURE_ENVIRONMENT},
    {"环境", EXPOSURE_ENVIRONMENT},
    {"物品", EXPOSURE_ENVIRONMENT},
    {"aerosol", EXPOSURE_AEROSOL},
    {"气溶胶", EXPOSURE_AEROSOL},
    {"household", EXPOSURE_HOUSEHOLD},
    {"family", EXPOSURE_HOUSEHOLD},
    {"samehome", EXPOSURE_HOUSEHOLD},
    {"livesin", EXPOSURE_HOUSEHOLD},
    {"同住", EXPOSURE_HOUSEHOLD},
    {"家庭", EXPOSURE_HOUSEHOLD},
    {"家人", EXPOSURE_HOUSEHOLD},
    {"funeral", EXPOSURE_FUNERAL},
    {"burial", EXPOSURE_FUNERAL},
    {"丧葬", EXPOSURE_FUNERAL},
    {"葬礼", EXPOSURE_FUNERAL},
    {"bodyfluid", EXPOSURE_BODY_FLUID},
    {"体液", EXPOSURE_BODY_FLUID},
    {"sexual", EXPOSURE_SEXUAL},
    {"性接触", EXPOSURE_SEXUAL},
    {"hospitalroom", EXPOSURE_WARD},
    {"ward", EXPOSURE_WARD},
    {"病房", EXPOSURE_WARD},
    {"emergencyroom", EXPOSURE_HEALTHCARE},
    {"hospital", EXPOSURE_HEALTHCARE},
    {"healthcare", EXPOSURE_HEALTHCARE},
    {"healthwork", EXPOSURE_HEALTHCARE},
    {"hcw", EXPOSURE_HEALTHCARE},
    {"nosocomial", EXPOSURE_HEALTHCARE},
    {"clinic", EXPOSURE_HEALTHCARE},
    {"医疗", EXPOSURE_HEALTHCARE},
    {"医院", EXPOSURE_HEALTHCARE},
    {"诊疗", EXPOSURE_HEALTHCARE},
    {"carer", EXPOSURE_CARE},
    {"directcare", EXPOSURE_CARE},
    {"照护", EXPOSURE_CARE},
    {"护理", EXPOSURE_CARE},
    {"meal", EXPOSURE_MEAL},
    {"dinner", EXPOSURE_MEAL},
    {"共餐", EXPOSURE_MEAL},
    {"聚餐", EXPOSURE_MEAL},
    {"同餐", EXPOSURE_MEAL},
    {"classroom", EXPOSURE_CLASSROOM},
    {"school", EXPOSURE_CLASSROOM},
    {"sameclass", EXPOSURE_CLASSROOM},
    {"班级", EXPOSURE_CLASSROOM},
    {"同班", EXPOSURE_CLASSROOM},
    {"学校", EXPOSURE_CLASSROOM},
    {"workplace", EXPOSURE_WORKPLACE},
    {"office", EXPOSURE_WORKPLACE},
    {"colleague", EXPOSURE_WORKPLACE},
    {"同事", EXPOSURE_WORKPLACE},
    {"办公", EXPOSURE_WORKPLACE},
    {"单位", EXPOSURE_WORKPLACE},
    {"transport", EXPOSURE_TRANSPORT},
    {"flight", EXPOSURE_TRANSPORT},
    {"train", EXPOSURE_TRANSPORT},
    {"交通工具", EXPOSURE_TRANSPORT},
    {"同车", EXPOSURE_TRANSPORT},
    {"同机", EXPOSURE_TRANSPORT},
    {"电梯", EXPOSURE_LIFT},
    {"nonphysical", EXPOSURE_AIRSPACE},
    {"facetoface", EXPOSURE_AIRSPACE},
    {"sameroom", EXPOSURE_AIRSPACE},
    {"同一空间", EXPOSURE_AIRSPACE},
    {"physicalcontact", EXPOSURE_SKIN},
    {"皮肤", EXPOSURE_SKIN},
    {"neighbour", EXPOSURE_NEARBY},
    {"neighbor", EXPOSURE_NEARBY},
    {"邻居", EXPOSURE_NEARBY},
    {"market", EXPOSURE_VENUE},
    {"gathering", EXPOSURE_VENUE},
    {"shop", EXPOSURE_VENUE},
    {"聚集", EXPOSURE_VENUE},
    {"密闭", EXPOSURE_VENUE},
    {"animal", EXPOSURE_ANIMAL},
    {"动物", EXPOSURE_ANIMAL},
    {"other", EXPOSURE_OTHER},
    {"其他", EXPOSURE_OTHER},
    {NULL, WORD_UNKNOWN},
};

static const struct line_part part_specimen[] = {
    {"nasopharyn", SPECIMEN_NASOPHARYNGEAL},
    {"鼻咽", SPECIMEN_NASOPHARYNGEAL},
    {"oropharyn", SPECIMEN_OROPHARYNGEAL},
    {"throat", SPECIMEN_OROPHARYNGEAL},
    {"口咽", SPECIMEN_OROPHARYNGEAL},
    {"咽拭", SPECIMEN_OROPHARYNGEAL},
    {"nasal", SPECIMEN_NASAL},
    {"nose", SPECIMEN_NASAL},
    {"鼻拭", SPECIMEN_NASAL},
    {"sputum", SPECIMEN_SPUTUM},
    {"bronch", SPECIMEN_SPUTUM},
    {"lowerrespiratory", SPECIMEN_SPUTUM},
    {"trachea", SPECIMEN_SPUTUM},
    {"痰", SPECIMEN_SPUTUM},
    {"肺泡", SPECIMEN_SPUTUM},
    {"serum", SPECIMEN_SERUM},
    {"血清", SPECIMEN_SERUM},
    {"blood", SPECIMEN_BLOOD},
    {"血", SPECIMEN_BLOOD},
    {"urine", SPECIMEN_URINE},
    {"尿", SPECIMEN_URINE},
    {"stool", SPECIMEN_STOOL},
    {"faec", SPECIMEN_STOOL},
    {"fecal", SPECIMEN_STOOL},
    {"rectal", SPECIMEN_STOOL},
    {"粪", SPECIMEN_STOOL},
    {"肛", SPECIMEN_STOOL},
    {"lesion", SPECIMEN_LESION},
    {"皮损", SPECIMEN_LESION},
    {"oralfluid", SPECIMEN_ORAL_FLUID},
    {"saliva", SPECIMEN_ORAL_FLUID},
    {"唾液", SPECIMEN_ORAL_FLUID},
    {"口腔液", SPECIMEN_ORAL_FLUID},
    {"environment", SPECIMEN_ENVIRONMENT},
    {"环境", SPECIMEN_ENVIRONMENT},
    {"swab", SPECIMEN_OROPHARYNGEAL},
    {NULL, WORD_UNKNOWN},
};

static const struct line_part part_test[] = {
    {"pcr", TEST_PCR},
    {"naat", TEST_PCR},
    {"核酸", TEST_PCR},
    {"antigen", TEST_ANTIGEN},
    {"抗原", TEST_ANTIGEN},
    {"antibody", TEST_ANTIBODY},
    {"igm", TEST_ANTIBODY},
    {"igg", TEST_ANTIBODY},
    {"serolog", TEST_ANTIBODY},
    {"elisa", TEST_ANTIBODY},
    {"抗体", TEST_ANTIBODY},
    {"culture", TEST_CULTURE},
    {"isolation", TEST_CULTURE},
    {"培养", TEST_CULTURE},
    {"sequenc", TEST_SEQUENCING},
    {"测序", TEST_SEQUENCING},
    {"microscop", TEST_MICROSCOPY},
    {"镜检", TEST_MICROSCOPY},
    {"imaging", TEST_IMAGING},
    {"影像", TEST_IMAGING},
    {"rapid", TEST_RAPID},
    {"rdt", TEST_RAPID},
    {"快速", TEST_RAPID},
    {NULL, WORD_UNKNOWN},
};

enum { LINE_PLAIN_MAX = 160 };

// Lower case, without blanks and ASCII punctuation; Go.Data's long tokens lose the words that all of them begin with.
static size_t line_plain(struct str text, char out[LINE_PLAIN_MAX])
{
    static const char token[] = "lngreferencedatacategory";
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < LINE_PLAIN_MAX - 1; i++) {
        char c = text.p[i];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (!upper && !lower && !digit && (unsigned char)c < 0x80) continue;
        out[n++] = upper ? (char)(c + ('a' - 'A')) : c;
    }
    out[n] = 0;
    size_t skip = sizeof token - 1;
    if (n <= skip || memcmp(out, token, skip) != 0) return n;
    memmove(out, out + skip, n - skip + 1);
    return n - skip;
}

static int32_t line_word_find(word_list list, const struct line_part *parts, struct str text)
{
    char plain[LINE_PLAIN_MAX];
    text = str_trim(text);
    int32_t word = words_find(list, text);
    if (word != WORD_UNKNOWN || line_plain(text, plain) == 0) return word;
    while (parts->part != NULL && strstr(plain, parts->part) == NULL) parts++;
    return parts->word;
}

int32_t line_word_exposure(struct str text)
{
    return line_word_find(WORDS_EXPOSURE, part_exposure, text);
}

int32_t line_word_specimen(struct str text)
{
    return line_word_find(WORDS_SPECIMEN, part_specimen, text);
}

int32_t line_word_test(struct str text)
{
    return line_word_find(WORDS_TEST, part_test, text);
}
