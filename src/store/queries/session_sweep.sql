-- in: now, seen before which they have gone idle
DELETE FROM session WHERE ends <= $1 OR seen <= $2
