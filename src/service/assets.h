// assets.h -- the files of the web app, held in memory and served with their types, tags and compressed forms.
//
// A file NAME.br or NAME.gz beside NAME is what a browser gets that takes it. A path without a dot in its last segment
// is a page of the app, which routes it itself: index.html. Without a folder one plain page says what runs here.
#ifndef TONG_SERVICE_ASSETS_H
#define TONG_SERVICE_ASSETS_H

#include "service/http.h"

enum { ASSETS_MAX = 4000, ASSET_DEPTH_MAX = 8 };
#define ASSETS_BYTES_MAX ((size_t)64 << 20)

struct assets;
struct assets *assets_open(const char *folder); // NULL when memory is short; a folder that is not there is none
void assets_close(struct assets *a);
size_t assets_count(const struct assets *a);
// A GET whose path is no route.
void assets_answer(const struct assets *a, struct request *rq, struct reply *rp);

#endif
