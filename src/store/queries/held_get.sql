-- in: id. out: the request
SELECT id, kind, state, account, at, people, about, body, decided, decided_by FROM held WHERE id = $1
