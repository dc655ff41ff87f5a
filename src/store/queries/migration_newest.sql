-- out: the version of the schema; NULL when there is none
SELECT max(version) FROM migration;
