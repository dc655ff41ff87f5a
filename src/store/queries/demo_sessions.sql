-- in: $1 now, $2 end      every open session was just used, and ends later: a demo's clock runs fast
UPDATE session SET seen = $1, ends = $2 WHERE seen < $1;
