// torn_vfs.h -- a file layer for SQLite that loses what was not synced, as a machine does when its power fails.
//
// A killed program loses nothing that it has written: the operating system still holds it. So no kill can show a missing
// fsync. Here every write stays in memory until the file is synced; at a "crash" it is decided, from a seed, for each sector
// of 512 bytes, how many of the writes since the last sync reached it: all, none or the first few; so writes are dropped,
// torn and put in another order. Locks and shared memory are the operating system's, which a crash frees.
//
// Made for tests and for the soak of the server: open it before any database. Safe from any thread.
#ifndef TONG_TESTS_TORN_VFS_H
#define TONG_TESTS_TORN_VFS_H

#include <stdbool.h>
#include <stdint.h>

struct torn;

// From now on databases are opened through it. NULL when memory is short.
struct torn *torn_open(uint64_t seed);
// All connections are closed. What is still pending is written.
void torn_close(struct torn *t);

// Crash at once, or after so many further writes, truncations, syncs and deletions: from then on every operation fails.
void torn_crash(struct torn *t);
void torn_crash_after(struct torn *t, int64_t operations);
bool torn_crashed(const struct torn *t);
// With `status` >= 0 a crash ends the process with it, once the disk is settled (for a server in a process of its own).
void torn_exit_on_crash(struct torn *t, int status);
// After a crash, when the connections are closed: decide what the disk holds, and live again.
void torn_settle(struct torn *t);

// SYNC_LIES: a disk that says it has synced and has not; what is lost then shows that the tests would notice.
typedef enum torn_fault { TORN_SOUND, TORN_FULL, TORN_READ_ONLY, TORN_SYNC_FAILS, TORN_SYNC_LIES } torn_fault;
// From the given number of further operations on, writes (or syncs) fail so, until it is TORN_SOUND again.
void torn_fail(struct torn *t, torn_fault fault, int64_t after);

struct torn_counts {
    int64_t operations, writes, syncs; // so far
    int64_t sectors, dropped;          // pending at the crashes; those of them that lost a write
};
struct torn_counts torn_count(const struct torn *t);

#endif
