-- in: $1 subject
-- Which line of a list was the person is not known: the faulty rows of the lists they came with go.
DELETE FROM import_file WHERE import IN (SELECT DISTINCT import FROM fact WHERE subject = $1 AND import IS NOT NULL);
