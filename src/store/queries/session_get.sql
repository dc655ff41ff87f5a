-- in: hash of the token. out: the session with what its account says
SELECT s.account, s.created, s.seen, s.ends, s.second_factor, a.person, a.must_change, a.language, a.closed FROM session s JOIN account a ON a.id = s.account WHERE s.token = $1
