-- in: $1 subject      out: their measures that have not ended, the oldest first
SELECT id, subject, enrolment, edition, measure, place, why, rule, how, stage, fact, proposed, ordered, started, ended, until,
    first_signer, second_signer, order_fact, site
FROM measure WHERE subject = $1 AND ended IS NULL ORDER BY id;
