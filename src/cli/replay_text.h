// replay_text.h -- a replay as text a person reads on a terminal: the summary first, then the curve, the days, the
// chains.
#ifndef TONG_CLI_REPLAY_TEXT_H
#define TONG_CLI_REPLAY_TEXT_H

#include "cli/replay.h"
#include "cli/replay_table.h"

// Everything, in order. NOMEM, IO when the stream refuses.
tong_code replay_text(const struct replay *r, const struct replay_style *style, struct sink *out,
                      struct err *err) TONG_MUST_USE;

// ---- its parts ----
void replay_text_head(const struct replay *r, const struct replay_style *style, struct sink *out);
void replay_text_summary(const struct replay *r, const struct replay_style *style, struct sink *out);
tong_code replay_text_curves(const struct replay *r, const struct replay_style *style, struct sink *out,
                             struct err *err) TONG_MUST_USE;
// One line a day; runs of days without a case, a death or a contact are one line.
void replay_text_days(const struct replay *r, const struct replay_style *style, struct sink *out);
// Who infected whom, as trees: the largest first, cut where they would fill the screen (replay_tree.c).
tong_code replay_text_chains(const struct replay *r, const struct replay_style *style, struct sink *out,
                             struct err *err) TONG_MUST_USE;
// Who is under which measure at the end, and until when.
tong_code replay_text_under(const struct replay *r, const struct replay_style *style, struct sink *out,
                            struct err *err) TONG_MUST_USE;

#endif
