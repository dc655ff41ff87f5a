-- in: id before which, state or -1, how many. out: the log of what was sent outside
SELECT id, subject, account, channel, template, language, made, due, tries, state, delivered, fault, body FROM message WHERE id < $1 AND channel <> 0 AND (state = $2 OR $2 < 0) ORDER BY id DESC LIMIT $3
