-- in: id before which, account or 0, what or "", about or 0, from, to, how many. out: rows with the account's login
SELECT u.id, u.at, u.account, a.login, u.what, u.about, u.detail FROM audit u LEFT JOIN account a ON a.id = u.account WHERE u.id < $1 AND (u.account = $2 OR $2 = 0) AND (u.what = $3 OR $3 = '') AND (u.about = $4 OR $4 = 0) AND u.at >= $5 AND u.at < $6 ORDER BY u.id DESC LIMIT $7
