-- in: subject, id before which, how many. out: looks with who and by which route
SELECT l.id, l.account, a.name, l.at, r.name, a.person FROM look l LEFT JOIN account a ON a.id = l.account LEFT JOIN look_route r ON r.id = l.what WHERE l.subject = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3
