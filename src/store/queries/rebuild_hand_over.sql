-- scan
-- in: nothing      out: all rows, all columns
SELECT id, subject, sent, acknowledged, accepted, version
FROM hand_over ORDER BY id;
