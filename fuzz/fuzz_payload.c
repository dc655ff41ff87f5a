// Any bytes as a payload: what jansson reads as a flat object is read alike; a record read from it and written again is
// the same; and the forms in which names and numbers are compared are forms of themselves.
#include "fuzz.h"
#include "store/person.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

static void fuzz_against_jansson(struct str text, struct arena *arena)
{
    json_error_t error;
    json_t *object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    bool flat = json_is_object(object);
    for (void *i = json_object_iter(object); i != NULL && flat; i = json_object_iter_next(object, i)) {
        json_t *v = json_object_iter_value(i);
        // Names of ours have no escapes; a double that is too large is no number of ours.
        flat = !json_is_object(v) && !json_is_array(v) && strpbrk(json_object_iter_key(i), "\"\\") == NULL;
        for (const char *c = json_object_iter_key(i); *c != 0; c++)
            flat = flat && (unsigned char)*c >= ' ' && *c != 0x7F;
    }
    struct payload_cursor c = payload_walk(text);
    struct payload_value v;
    size_t count = 0;
    while (payload_next(&c, &v)) {
        count++;
        struct str plain = v.type == PAYLOAD_TEXT ? payload_plain(v.raw, arena) : (struct str){NULL, 0};
        if (!flat || memchr(v.name.p, '\\', v.name.n) != NULL) continue;
        char *name = arena_copy(arena, v.name.p, v.name.n);
        assert(name != NULL);
        const json_t *other = json_object_get(object, name);
        if (other == NULL) continue;
        if (v.type == PAYLOAD_TEXT) {
            assert(json_is_string(other));
            assert(plain.p != NULL && plain.n == json_string_length(other));
            assert(memcmp(plain.p, json_string_value(other), plain.n) == 0);
        }
        assert(json_is_number(other) == (v.type == PAYLOAD_NUMBER));
        assert(json_is_null(other) == (v.type == PAYLOAD_NULL));
    }
    if (flat && !c.broken) assert(count == json_object_size(object));
    json_decref(object);
}

static void fuzz_record(struct str text, struct arena *arena)
{
    struct person_record p, again;
    struct problem_list problems = {.arena = arena};
    if (payload_read(&person_record_kind, text, arena, &p, NULL) != TONG_OK) return;
    struct str made = payload_make(&person_record_kind, &p, arena);
    assert(made.p != NULL);
    assert(payload_read(&person_record_kind, made, arena, &again, NULL) == TONG_OK);
    struct str twice = payload_make(&person_record_kind, &again, arena);
    assert(str_eq(made, twice));
    (void)person_check(&p, (civil_day){19000}, &problems, (struct problem_at){.file = ""});
    (void)person_names(&p, arena);
}

static void fuzz_forms(struct str text, struct arena *arena)
{
    char phone[PHONE_TEXT], phone_again[PHONE_TEXT], document[DOCUMENT_TEXT], document_again[DOCUMENT_TEXT];
    struct id_card card;
    if (phone_normalise(text, phone)) {
        assert(phone_normalise(str_z(phone), phone_again));
        assert(strcmp(phone, phone_again) == 0);
    }
    if (memchr(text.p, 0, text.n) == NULL && document_normalise(text, document)) {
        assert(document_normalise(str_z(document), document_again));
        assert(strcmp(document, document_again) == 0);
        (void)id_card_read(str_z(document), &card);
    }
    struct str folded = name_fold(text, arena);
    if (folded.n == 0) return;
    struct str twice = name_fold(folded, arena);
    assert(str_eq(folded, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 64 * 1024) return 0;
    struct arena arena = {0};
    struct str text = {(const char *)data, size};
    fuzz_against_jansson(text, &arena);
    fuzz_record(text, &arena);
    fuzz_forms(text, &arena);
    unsigned char uid[UID_BYTES];
    char written[UID_TEXT];
    if (uid_parse(text, uid)) {
        uid_format(uid, written);
        assert(str_eq_nocase(str_z(written), text));
    }
    arena_free(&arena);
    return 0;
}
