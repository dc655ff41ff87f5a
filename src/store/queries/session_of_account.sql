-- in: account. out: its sessions
SELECT token, created, seen, ends, second_factor, device FROM session WHERE account = $1 ORDER BY seen DESC, created DESC
