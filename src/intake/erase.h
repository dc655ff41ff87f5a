// erase.h -- erasing a person: the key and the salt, every row that was derived, every text that names them.
//
// First the keys are destroyed, in the vault and in the copies it knows of: from then on all that was said about the
// person, in the database, its log, its backups and the exports of its log, is noise. Then, in one transaction, the
// person's rows of the chain are blanked (number, subject, commitment and the time of recording stay, so that the chain
// still verifies), what was derived from them is deleted, and an entry says that they were erased, when and by whom. An
// empty row of `person` keeps the number and the identifier, so that a phone that comes late cannot bring them back.
// Last the database is scrubbed.
//
// Erasing may be repeated: what an interruption left undone is done then. Records merged into the person are erased
// with them.
#ifndef TONG_INTAKE_ERASE_H
#define TONG_INTAKE_ERASE_H

#include "intake/intake.h"

struct erase_report {
    int64_t people;  // records: the person's own, and those merged with it
    int64_t facts;   // rows of the chain blanked
    int64_t derived; // enrolments, tasks, measures, links, samples, objections, hand-overs deleted
    int64_t messages, looks, duplicates, outside_ids, import_faults, accounts, held;
    int64_t copies;    // of the vault in which the key was destroyed too
    struct str missed; // folders of copies that could not be reached, one a line; in the arena given
    bool scrubbed;     // false: a reader held old pages; erase_scrub later
    char scrub_fault[240];
};

// By the writer's thread, between groups. `account` 0: the command line. NOT_FOUND: there is no such person; IO, LIMIT:
// then the keys may be destroyed and the rows not yet: repeat it.
tong_code erase_person(struct intake *in, int64_t person, int64_t account, utc_sec at, struct arena *arena,
                       struct erase_report *out, struct err *err) TONG_MUST_USE;
// The number of a person by uid, erased ones included; 0: there is none.
tong_code erase_find(struct db *db, const unsigned char uid[UID_BYTES], int64_t *person, struct err *err) TONG_MUST_USE;
// People whose key is destroyed but whose rows are not blanked: an older backup was restored, or an erasure
// interrupted. All of them are erased again. *count: how many.
tong_code erase_again(struct intake *in, utc_sec at, struct arena *arena, int64_t *count,
                      struct err *err) TONG_MUST_USE;
// Overwrite what the database keeps of deleted rows; CONFLICT: a reader still needs it.
tong_code erase_scrub(struct intake *in, struct err *err) TONG_MUST_USE;

struct db *erase_db(struct intake *in); // the writer's connection, for erase_find

// Where copies of the vault lie: rows of `backup`, and the lines of the file beside the vault to which a backup of a
// running server adds its folder (it may not write into the database). Written down before the copy is made.
tong_code erase_note_copy(const char *vault, const char *folder, struct err *err) TONG_MUST_USE;

#endif
