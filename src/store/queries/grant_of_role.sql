-- in: role, now. out: grants of the role in force, of accounts that are open
SELECT g.id, g.account, g.role, g.place, g.begins, g.ends, g.given_by, g.taken_by FROM grant_row g JOIN account a ON a.id = g.account WHERE g.role = $1 AND g.begins <= $2 AND (g.ends IS NULL OR g.ends > $2) AND a.closed IS NULL ORDER BY g.account, g.id
