-- in: now, asked before when. Those waiting that long lapse
UPDATE held SET state = 3, decided = $1, body = NULL WHERE state = 0 AND at < $2
