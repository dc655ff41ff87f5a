-- out: how many imports were undone, or are being
SELECT COUNT(*) FROM import WHERE undone IS NOT NULL
