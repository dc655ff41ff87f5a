-- scan
-- in: nothing      out: all rows, all columns
SELECT id, subject, enrolment, edition, measure, place, site, why, rule, how, stage, fact, proposed, ordered, started, ended,
    until, first_signer, second_signer, order_fact
FROM measure ORDER BY id;
