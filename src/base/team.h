// team.h -- a few threads that do a list of pieces of work together.
//
// The pieces are numbered; whoever is free takes the next one. team_run returns when all are done, and the caller works
// too, so a team of 1 is a plain loop. What a piece does must not depend on who does it or when: then the result is the
// same for any number of threads.
#ifndef TONG_BASE_TEAM_H
#define TONG_BASE_TEAM_H

#include "base/err.h"

enum { TEAM_MEMBERS_MAX = 64 };

struct team;

// 1 .. TEAM_MEMBERS_MAX members, the caller among them. TONG_E_INVALID, TONG_E_NOMEM, TONG_E_IO: no thread to be had.
tong_code team_open(int32_t members, struct team **out, struct err *err) TONG_MUST_USE;
void team_close(struct team *team); // NULL is allowed
int32_t team_members(const struct team *team);

// Calls work(context, piece, member) once for each piece 0 .. pieces - 1; member is 0 .. members - 1, and no two threads
// have the same one at a time. Not to be called from within work.
void team_run(struct team *team, uint32_t pieces, void (*work)(void *context, uint32_t piece, int32_t member),
              void *context);

#endif
