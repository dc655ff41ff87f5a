-- in: import. out: how many faults are kept
SELECT COUNT(*) FROM import_fault WHERE import = $1
