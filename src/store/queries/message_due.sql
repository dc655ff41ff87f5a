-- in: now, how many. out: messages to be sent, the longest due first
SELECT id, subject, account, channel, template, language, made, due, tries, state, delivered, fault, body FROM message WHERE state = 0 AND due <= $1 ORDER BY due, id LIMIT $2
