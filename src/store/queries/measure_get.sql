-- in: $1 measure      out: its row
SELECT id, subject, enrolment, edition, measure, place, why, rule, how, stage, fact, proposed, ordered, started, ended, until,
    first_signer, second_signer, order_fact, site
FROM measure WHERE id = $1;
