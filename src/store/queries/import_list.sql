-- in: number below which, how many. out: as import_by_uid, the newest first
SELECT id, uid, account, format, name, state, started, ended, rows, taken, same, faulty, undone FROM import WHERE id < $1 ORDER BY id DESC LIMIT $2
