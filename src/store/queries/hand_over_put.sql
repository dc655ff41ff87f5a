-- in: $1 id, $2 subject, $3 sent, $4 acknowledged, $5 accepted, $6 version
INSERT INTO hand_over (id, subject, sent, acknowledged, accepted, version) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET sent = excluded.sent, acknowledged = excluded.acknowledged, accepted = excluded.accepted, version = excluded.version;
