-- in: $1 subject, $2 kind of an exposure, $3 who caused it or 0, $4 kind of naming somebody      out: the word of how they met, and when that became known, the oldest
SELECT word, known FROM fact WHERE (subject = $1 AND kind = $2) OR (subject = $3 AND link = $1 AND kind = $4) ORDER BY id LIMIT 1;
