#include "twin/course.h"

struct course course_draw(const struct disease *d, const struct disease_tables *t, int32_t age, int32_t infected,
                          struct key *k)
{
    const struct disease_age *a = &d->age[age];
    struct course c = {infected, -1, -1, -1, -1, -1, -1, DISEASE_ASYMPTOMATIC};
    double shows = key_uniform(k), worse = key_uniform(k), worst = key_uniform(k);
    uint64_t first = key_u64(k), second = key_u64(k), third = key_u64(k), fourth = key_u64(k);
    if (shows < a->asymptomatic) {
        c.recovered = infected + spell_at(&t->asymptomatic_recovery, first);
        return c;
    }
    c.symptoms = infected + spell_at(&t->to_symptoms, first);
    c.class = shows < a->asymptomatic + a->mild ? DISEASE_MILD : DISEASE_SEVERE;
    if (c.class == DISEASE_MILD || worse >= a->hospitalised) {
        double home = a->hospitalised < 1 ? (worse - a->hospitalised) / (1 - a->hospitalised) : 1;
        if (c.class == DISEASE_SEVERE && home < a->fatality_at_home) c.dead = c.symptoms + spell_at(&t->home_death, second);
        else c.recovered = c.symptoms + spell_at(&t->recovery, second);
        return c;
    }
    c.hospital = c.symptoms + spell_at(&t->to_hospital, second);
    worse /= a->hospitalised; // uniform again
    if (worse >= a->critical) {
        c.recovered = c.hospital + spell_at(&t->hospital_recovery, third);
        return c;
    }
    worse /= a->critical;
    if (worse >= a->intensive) { // dies in the ward
        c.dead = c.hospital + spell_at(&t->to_critical, third);
        return c;
    }
    c.critical = c.hospital + spell_at(&t->to_critical, third);
    if (worst < a->fatality) {
        c.dead = c.critical + spell_at(&t->to_death, fourth);
        return c;
    }
    c.convalescent = c.critical + spell_at(&t->critical_recovery, fourth);
    c.recovered = c.convalescent + spell_at(&t->hospital_recovery, key_u64(k));
    return c;
}
