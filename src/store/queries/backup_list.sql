-- in: nothing      out: folder, at
SELECT folder, at FROM backup ORDER BY folder;
