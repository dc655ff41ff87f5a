#include "protocol/explain.h"

#include "protocol/explain_case.h"
#include "protocol/explain_head.h"
#include "protocol/explain_measure.h"
#include "protocol/explain_pathway.h"

#include <assert.h>

void protocol_explain(const struct protocol *p, const struct explain_options *options, struct sink *out)
{
    struct prose s = prose_open(p, options->language, options->columns, out);
    struct timetable timetable;
    s.cited = true;
    timetable_find(p, &timetable);
    explain_head(&s);
    const char *under = NULL;
    if (options->pathway != PROTOCOL_NONE) {
        assert(options->pathway < p->pathway_count);
        explain_pathway(&s, &timetable, options->pathway);
        under = p->pathways[options->pathway].origin.path;
    } else {
        explain_results(&s);
        explain_ladder(&s);
        explain_contacts(&s);
        explain_door(&s);
        for (uint8_t i = 0; i < p->pathway_count; i++) explain_pathway(&s, &timetable, i);
        explain_tasks(&s);
        explain_measures(&s);
        explain_always(&s);
    }
    explain_sources(&s, under);
    (void)prose_close(&s); // a shortage of memory has marked the sink
}
