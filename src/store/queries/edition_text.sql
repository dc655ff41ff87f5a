-- in: $1 edition      out: its text
SELECT text FROM edition WHERE id = $1;
