-- scan
-- in: nothing      out: every hand-over
SELECT id, subject, sent, acknowledged, accepted FROM hand_over ORDER BY id;
