// json.h -- writes JSON (RFC 8259) as it goes, without building a tree. Reading is jansson's part.
//
// Every value takes the key it stands under: a text inside an object, NULL inside an array and at the top. Keys and
// texts are escaped; bytes that are not UTF-8 become U+FFFD; a number that is not finite is written as null. Writing
// a key where none belongs, or leaving something open, is a bug of ours and asserted.
//
//     json_out_object(&j, NULL);
//     json_out_int(&j, "cases", 162);
//     json_out_array(&j, "days");  ...  json_out_end(&j);
//     json_out_end(&j);
#ifndef TONG_BASE_JSON_H
#define TONG_BASE_JSON_H

#include "base/civil.h"
#include "base/sink.h"

enum { JSON_DEPTH_MAX = 32 };

struct json_out {
    struct sink *sink;
    int32_t depth;
    bool begun[JSON_DEPTH_MAX + 1]; // at this depth a value was written
    bool array[JSON_DEPTH_MAX + 1]; // this depth is inside an array
};

struct json_out json_out_to(struct sink *sink);
void json_out_object(struct json_out *j, const char *key);
void json_out_array(struct json_out *j, const char *key);
void json_out_end(struct json_out *j); // closes the innermost object or array
void json_out_text(struct json_out *j, const char *key, struct str value);
void json_out_z(struct json_out *j, const char *key, const char *value); // NULL is null
void json_out_int(struct json_out *j, const char *key, int64_t value);
void json_out_real(struct json_out *j, const char *key, double value);
void json_out_bool(struct json_out *j, const char *key, bool value);
void json_out_null(struct json_out *j, const char *key);
void json_out_day(struct json_out *j, const char *key, civil_day day);  // "2022-06-28"; CIVIL_DAY_NONE is null
void json_out_instant(struct json_out *j, const char *key, utc_sec at); // "2022-06-28T07:41:00Z"; UTC_NONE is null
// Asserts that all is closed, ends the document with a line break and says whether all of it was written.
bool json_out_finish(struct json_out *j);

// The text of an instant as written here.
enum { INSTANT_TEXT = 24 };
void json_instant_text(utc_sec at, char out[INSTANT_TEXT]);

#endif
