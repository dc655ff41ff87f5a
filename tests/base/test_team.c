// A team of threads: every piece once, whoever does it; members by number; over again.
#include "tap.h"

#include "base/team.h"

enum { PIECES = 5000, ROUNDS = 200 };

struct board {
    int32_t done[PIECES], by[TEAM_MEMBERS_MAX];
    bool foreign;
    int32_t members;
};

static void work(void *context, uint32_t piece, int32_t member)
{
    struct board *b = context;
    b->done[piece]++; // nobody else has this piece
    if (member < 0 || member >= b->members) b->foreign = true;
    else b->by[member]++;
}

static void test_members(int32_t members)
{
    static struct board b;
    struct team *team;
    struct err err = {0};
    b = (struct board){.members = members};
    if (!OK(team_open(members, &team, &err) == TONG_OK, "a team of %d (%s)", (int)members, err.text)) return;
    EQ_INT(team_members(team), members, "it has %d", (int)members);
    for (int i = 0; i < ROUNDS; i++) team_run(team, PIECES, work, &b);
    team_run(team, 0, work, &b);
    bool each = true;
    int32_t sum = 0;
    for (int i = 0; i < PIECES; i++) each = each && b.done[i] == ROUNDS;
    for (int i = 0; i < members; i++) sum += b.by[i];
    OK(each, "%d members: every piece once in every round", (int)members);
    EQ_INT(sum, PIECES * ROUNDS, "%d members did them all", (int)members);
    OK(!b.foreign, "members are numbered from 0");
    team_close(team);
}

int main(void)
{
    struct team *team;
    struct err err = {0};
    test_members(1);
    test_members(2);
    test_members(7);
    OK(team_open(0, &team, &err) == TONG_E_INVALID && !team, "nobody is no team");
    OK(team_open(65, &team, &err) == TONG_E_INVALID, "a crowd is none either");
    team_close(NULL);
    return tap_done();
}
