-- in: nothing      out: id, begins of the editions that have a day to begin, in their order
SELECT id, begins FROM edition WHERE begins IS NOT NULL AND state IN (3, 4) ORDER BY begins, id;
