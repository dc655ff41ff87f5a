-- in: id before which, 1: only those that wait, how many. out: requests, the newest first
SELECT id, kind, state, account, at, people, about, body, decided, decided_by FROM held WHERE id < $1 AND (state = 0 OR $2 = 0) ORDER BY id DESC LIMIT $3
