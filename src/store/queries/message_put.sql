-- in: id, subject, account, channel, template, language, made, due, state, body, about
INSERT INTO message (id, subject, account, channel, template, language, made, due, tries, state, delivered, fault, body, about) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, NULL, NULL, $10, $11)
