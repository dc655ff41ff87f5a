-- in: subject, import, RETRACTED. out: 1 when somebody recorded something about them that is not of this import and was not taken back
SELECT 1 FROM fact AS f WHERE f.subject = $1 AND f.given_by IS NULL AND (f.import IS NULL OR f.import <> $2) AND f.uid IS NOT NULL AND f.kind <> $3
AND NOT EXISTS (SELECT 1 FROM fact AS r WHERE r.subject = f.subject AND r.replaces = f.id) LIMIT 1
