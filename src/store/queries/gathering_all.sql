-- scan
-- in: nothing      out: every gathering, the newest first: id, uid, place, name, begins, ends, version
SELECT id, uid, place, name, begins, ends, version FROM gathering ORDER BY id DESC;
