-- in: $1 minute, $2 at most      out: enrolments for which something is due by then: next_min, id, subject
-- (the bound by minute stands first: SQLite searches the index by the first one it meets)
SELECT next_min, id, subject FROM enrolment WHERE next_min <= $1 AND next_min < 2147483647 ORDER BY next_min, id LIMIT $2;
