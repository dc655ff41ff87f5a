// vault.h -- the keys: one for the response, one for each person, in a file of their own beside the database.
//
// A person's key is 32 random bytes in slot `person` of a flat file; from it come the key that encrypts what is said
// about them and the salt of their commitments. Erasing a person overwrites the slot: from then on every copy of their
// texts, in the database, its log and its backups, is noise. That is why the vault is never part of a database backup:
// `backup` copies it into a folder of its own, and an erasure reaches the copies it knows of.
//
// The first slot holds the master key: it seals what belongs to the system (second factors, addresses of accounts) and
// keys the hashes by which telephone and identity numbers are found. Reads may come from any thread; one thread writes.
//
// The file: a page of 4096 bytes (magic, version, 16 random bytes that name this vault and its copies), then 32 bytes a
// slot. An empty slot is all zero, an erased one all 0xFF: an erased number never gets a key again. Overwriting reaches
// the bytes of the file; on storage that writes elsewhere instead (snapshots, flash, copy on write) the old bytes live
// until it is reused.
#ifndef TONG_STORE_VAULT_H
#define TONG_STORE_VAULT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { VAULT_KEY = 32, VAULT_OVERHEAD = 40, VAULT_HASH = 8, VAULT_LONG_HASH = 16 };
struct vault;

#define VAULT_COPY_NAME "tongzhou.vault" // of a copy in a folder
#define VAULT_PEOPLE_MAX ((int64_t)1 << 28)

// For writing, with the file locked. CONFLICT: another process has it; INVALID: not a vault; NOT_FOUND: not there and
// not to be made; IO.
tong_code vault_open(const char *file, bool create, struct vault **out, struct err *err) TONG_MUST_USE;
// For reading only, also while another process writes: nothing may be added or erased.
tong_code vault_open_read(const char *file, struct vault **out, struct err *err) TONG_MUST_USE;
void vault_close(struct vault *v);             // NULL is allowed
const char *vault_file(const struct vault *v); // its path, as given

// A key for a new person (from 1); one that is there is kept, so that it may be repeated. Durable only after
// vault_sync, which intake calls before it commits. CONFLICT: they were erased; LIMIT: the disk is full, or the number
// too large.
tong_code vault_add(struct vault *v, int64_t person, struct err *err) TONG_MUST_USE;
tong_code vault_sync(struct vault *v, struct err *err) TONG_MUST_USE;
bool vault_has(const struct vault *v, int64_t person); // false once erased
bool vault_erased(const struct vault *v, int64_t person);
int64_t vault_last(const struct vault *v); // no slot behind this number is in use
// Overwrite the slot, here and in the copies (VAULT_COPY_NAME) lying in `folders`; durable on return. Folders that
// cannot be reached are named in *missed (may be NULL), in `arena`, one a line. May be repeated. INVALID: the master
// key.
tong_code vault_erase(struct vault *v, int64_t person, const struct str *folders, size_t count, struct arena *arena,
                      struct str *missed, struct err *err) TONG_MUST_USE;
// A copy into a new file (CONFLICT: it exists). Take it after the database's copy, so that no key is missing in it, and
// let the place be known to erasures before. Whoever is erased meanwhile is erased in the copy too.
tong_code vault_copy(const struct vault *v, const char *file, struct err *err) TONG_MUST_USE;

// XChaCha20-Poly1305 under the person's key (0: the master key) with a fresh nonce; `about` is bound to it and must be
// the same when it is opened (a fact's number; what has no fact takes a number of its own that is negative). The result
// is VAULT_OVERHEAD bytes longer. {NULL, 0} when there is no key or no memory.
struct str vault_seal(const struct vault *v, int64_t person, int64_t about, struct str plain, struct arena *arena);
// {NULL, 0} when the key is gone or the bytes were changed.
struct str vault_unseal(const struct vault *v, int64_t person, int64_t about, struct str sealed, struct arena *arena);

// Keyed hash (BLAKE2b) of a text that must be found without being stored: `purpose` keeps kinds apart ("phone").
void vault_hash(const struct vault *v, const char *purpose, struct str text, size_t bytes, unsigned char *out);
// The salt of a person's commitments; false when erased.
bool vault_salt(const struct vault *v, int64_t person, unsigned char out[VAULT_KEY]);
void vault_random(void *out, size_t n);

#endif
