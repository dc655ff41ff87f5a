-- in: subject. An erasure: requests naming them are not carried out any more
UPDATE held SET state = 3, body = NULL WHERE state = 0 AND id IN (SELECT held FROM held_subject WHERE subject = $1)
