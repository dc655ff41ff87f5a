-- in: held, subject
INSERT INTO held_subject (held, subject) VALUES ($1, $2)
