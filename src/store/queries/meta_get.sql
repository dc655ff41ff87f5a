-- in: $1 key      out: value
SELECT value FROM meta WHERE key = $1;
