-- in: $1 subject, $2 measure      out: id of the objection to it that is not decided
SELECT id FROM objection WHERE subject = $1 AND measure = $2 AND decided IS NULL;
