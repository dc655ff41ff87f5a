-- scan
-- in: nothing      out: account and instant of everything people recorded themselves, without imports
SELECT account, recorded FROM fact WHERE account IS NOT NULL AND import IS NULL ORDER BY id;
