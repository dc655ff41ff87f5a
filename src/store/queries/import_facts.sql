-- in: import, number below which, how many. out: id, subject, kind, the newest first
SELECT id, subject, kind FROM fact WHERE import = $1 AND id < $2 ORDER BY id DESC LIMIT $3
