// replay_list.h -- exchange/linelist.h for files that also know the protocol.
//
// The importer's line_stage.h, which linelist.h brings along, has a `struct stage` of its own; protocol.h has
// another. Here the importer's goes by another name.
#ifndef TONG_CLI_REPLAY_LIST_H
#define TONG_CLI_REPLAY_LIST_H

#define stage line_stage
#include "exchange/linelist.h"
#undef stage

#endif
