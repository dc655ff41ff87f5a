-- in: $1 place, $2 at most      out: who lives there
SELECT id FROM person WHERE place = $1 AND merged_into IS NULL ORDER BY id LIMIT $2;
