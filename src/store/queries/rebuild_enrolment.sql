-- scan
-- in: nothing      out: all rows, all columns
SELECT id, subject, edition, pathway, stage, class, final, source, opened, ended, next_min, version, turns, since, began,
    first_edition, first_pathway, state, slots, issued
FROM enrolment ORDER BY id;
