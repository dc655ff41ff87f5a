-- in: a whole row
INSERT INTO hand_over (id, subject, sent, acknowledged, accepted, version)
VALUES ($1, $2, $3, $4, $5, $6);
