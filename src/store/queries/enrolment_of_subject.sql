-- in: $1 subject      out: their enrolments, the oldest first
SELECT id, source, opened, ended, version, turns, since, began, first_edition, first_pathway, state, slots, issued,
    next_min
FROM enrolment WHERE subject = $1 ORDER BY id;
