-- in: uid. out: id, uid, account, format, name, state, started, ended, rows, taken, same, faulty, undone
SELECT id, uid, account, format, name, state, started, ended, rows, taken, same, faulty, undone FROM import WHERE uid = $1
