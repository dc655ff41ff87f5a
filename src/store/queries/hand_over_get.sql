-- in: $1 id      out: id, subject, sent, acknowledged, accepted, version
SELECT id, subject, sent, acknowledged, accepted, version FROM hand_over WHERE id = $1;
