-- in: $1 source, $2 hash      out: subject
SELECT subject FROM outside_id WHERE source = $1 AND hash = $2;
