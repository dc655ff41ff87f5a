-- in: ended before when. Files of imports that ended long ago
DELETE FROM import_file WHERE import IN (SELECT id FROM import WHERE coalesce(ended, started) < $1)
