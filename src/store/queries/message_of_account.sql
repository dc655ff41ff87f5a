-- in: account, id before which, how many. out: messages in the app
SELECT id, subject, account, channel, template, language, made, due, tries, state, delivered, fault, body FROM message WHERE account = $1 AND id < $2 AND channel = 0 ORDER BY id DESC LIMIT $3
