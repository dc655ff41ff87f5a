-- in: $1 place      out: how many measures in force are spent there
SELECT count(*) FROM measure WHERE site = $1 AND ended IS NULL;
