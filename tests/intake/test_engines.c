// The same response on SQLite and on PostgreSQL: taken, its chain verified, rebuilt and found equal.
#include "intake/rebuild.h"
#include "store/chain.h"
#include "store/engines.h"
#include "story.h"

static struct story story;

static void lives_and_is_rebuilt(const struct engine *e)
{
    char vault[120], scratch[120];
    (void)snprintf(vault, sizeof vault, "%s/vault", e->folder);
    (void)snprintf(scratch, sizeof scratch, "%s/scratch.db", e->folder);
    struct story_run run = {.story = &story, .where = e->where, .vault = vault, .group = 50, .reopen = 100};
    OK(story_live(&run), "%s: a response is taken", e->name);
    EQ_INT(run.refused, 0, "%s: nothing was refused", e->name);
    struct err err = {0};
    struct intake *in = NULL;
    const struct intake_options options = {.where = e->where, .vault = vault};
    struct chain_report chain = {0};
    tong_code code = intake_open(&options, &in, &err);
    if (code == TONG_OK) code = chain_verify(intake_db(in), intake_vault(in), &chain, &err);
    OK(code == TONG_OK && chain.bad == 0 && chain.facts > 100, "%s: the chain holds over %lld facts", e->name,
       (long long)chain.facts);
    intake_close(in);
    struct rebuild_report r = {0};
    const struct rebuild_options o = {.where = e->where, .vault = vault, .scratch = scratch};
    code = rebuild_check(&o, &r, &err);
    EQ_INT(code, TONG_OK, "%s: it is rebuilt %s", e->name, err.text);
    EQ_INT(r.differences, 0, "%s: %lld rows are equal", e->name, (long long)r.rows);
    struct arena arena = {0};
    for (int64_t i = 0; i < r.differences && i < 8; i++) printf("# %s\n", rebuild_text(&r.shown[i], LANG_EN, &arena));
    arena_free(&arena);
}

int main(void)
{
    struct engines engines;
    story_make(&story, 4, 3, 9);
    engines_open(&engines);
    engine_each(&engines, "a response", lives_and_is_rebuilt);
    engines_close(&engines);
    story_close(&story);
    return tap_done();
}
