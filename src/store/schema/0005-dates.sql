-- The dates of a course (onset, diagnosis, isolation ...) of many people at once, without a look at each fact: an export of
-- all cases reads nothing else of them. The kinds are numbers of event_word: symptom, well, sampled, result, isolated, admitted,
-- discharged, classified, died, attribute, retracted.
CREATE INDEX fact_dates ON fact (subject, id, kind, word, outcome, value, happened, known, replaces)
    WHERE kind IN (3, 4, 6, 7, 8, 9, 10, 11, 21, 32, 53);
-- The places at the top, of which there are few, without a look at each place.
CREATE INDEX place_top ON place (id) WHERE parent IS NULL;
