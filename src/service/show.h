// show.h -- what the resources about people and places share: who may be seen where; subjects, places and words as JSON;
// commands on their way to the writer.
//
// Words stand as {"word": "confirmed", "label": "确诊病例"}, the label in the language of the request. A person stands as
// {"kind": "person", "uid", "name", "sex", "born", "place"}, with null for what the asker's class may not see.
#ifndef TONG_SERVICE_SHOW_H
#define TONG_SERVICE_SHOW_H

#include "intake/intake.h"
#include "service/http.h"
#include "store/person.h"

// ---- who may be seen ----

// The scopes of a right as those of a query. False: it reaches nothing at all.
bool show_scopes(struct request *rq, right_word right, struct roll_query *q);
bool show_reaches(const struct request *rq, right_word right, int64_t subject); // takes the roll's lock
record_class show_class(const struct request *rq, int64_t subject);             // IDENTITY for one's own record
// The subject of a uid; NOT_FOUND when there is none.
tong_code show_find(struct request *rq, const unsigned char uid[UID_BYTES], int64_t *id, subject_kind *kind,
                    struct err *err) TONG_MUST_USE;
// The subject of the path's first part, of this kind and in reach of the right; NOT_FOUND otherwise. *id is then what
// request.looked_at should be.
tong_code show_part(struct request *rq, subject_kind kind, right_word right, int64_t *id,
                    struct err *err) TONG_MUST_USE;
// The number of a place given as parameter; false with a problem when there is none. 0 when the parameter is absent.
bool show_place_parameter(struct request *rq, const char *name, int64_t *place, struct err *err);
// Add a place parameter to the scopes of a query: it must lie within them or around them.
bool show_within(struct request *rq, struct roll_query *q, int64_t place);

// ---- people ----

struct show_person {
    int64_t id, place, guardian, merged_into, version;
    unsigned char uid[UID_BYTES];
    civil_day born;
    int32_t sex, flags;
    struct person_record record; // absent values when the key is gone; texts in the request's arena
};
// NOT_FOUND when there is no such row.
tong_code show_person_read(struct request *rq, int64_t id, struct show_person *out, struct err *err) TONG_MUST_USE;
tong_code show_subject(struct request *rq, struct json_out *j, const char *key, int64_t subject,
                       struct err *err) TONG_MUST_USE;
tong_code show_place(struct request *rq, struct json_out *j, const char *key, int64_t place,
                     struct err *err) TONG_MUST_USE;
void show_uid(struct json_out *j, const char *key, const unsigned char uid[UID_BYTES]);

// ---- words ----

void show_word(struct json_out *j, const char *key, word_list list, int32_t word,
               lang language); // null when not of the list
void show_words_at(struct json_out *j, const char *key, const struct word *word, lang language);
void show_named(struct json_out *j, const char *key, const char *name, const struct label *label, lang language);
void show_role(struct json_out *j, const char *key, int32_t role, lang language);
void show_minute(struct json_out *j, const char *key, int32_t minute); // of the roll: ROLL_NONE is null
void show_day(struct json_out *j, const char *key, int32_t day);

// ---- lists ----

civil_day show_today(const struct request *rq);
void show_filter(struct roll_query *q, int column, roll_compare compare, int32_t value);
// FROM and TO of two day parameters on a column of minutes, or of days; the end day is included.
void show_days(const struct request *rq, struct roll_query *q, int column, const char *from, const char *to,
               bool minutes);
// ONE_OF the numbers (below 256) that the names of a parameter, parted by commas, have; a problem when one is unknown. A name
// without a dot means every stage of that name.
bool show_numbers(struct request *rq, struct roll_query *q, int column, const char *parameter, roll_names kind);
// The ETag of a list: what it holds, what was asked, and by whom.
void show_etag(const struct request *rq, struct reply *rp, roll_list list);

// The ETag of one record: its version, and what else the reply shows. A write compares the version alone.
void show_version_etag(struct reply *rp, int64_t version); // the reply's body is complete
// OK when there is no If-Match or it names this version; else 412 is answered and CONFLICT given.
tong_code show_if_match(struct request *rq, struct reply *rp, int64_t version);

// ---- writing ----

// Fills account, at and, from the idempotency field when it is a uid, the command's own uid.
struct command show_command(const struct request *rq, command_kind kind);
// Through held_take (facts that restrict many wait for a second person). *held: the reply is made. Otherwise the code of the
// first command that was refused, its problems in the request.
tong_code show_take(struct request *rq, struct reply *rp, const struct command *commands, size_t count,
                    struct intake_outcome *out, bool *held, struct err *err) TONG_MUST_USE;

#endif
