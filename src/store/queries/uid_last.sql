-- in: nothing      out: the largest names of rows, people, places and gatherings
SELECT uid FROM (SELECT uid FROM fact WHERE uid IS NOT NULL ORDER BY uid DESC LIMIT 1) a
UNION ALL SELECT uid FROM (SELECT uid FROM person ORDER BY uid DESC LIMIT 1) b
UNION ALL SELECT uid FROM (SELECT uid FROM place ORDER BY uid DESC LIMIT 1) c
UNION ALL SELECT uid FROM (SELECT uid FROM gathering ORDER BY uid DESC LIMIT 1) d;
