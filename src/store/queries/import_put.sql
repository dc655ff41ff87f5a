-- in: id, uid, account, format, name, state, started
INSERT INTO import (id, uid, account, format, name, state, started, ended, rows, taken, same, faulty, undone)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, 0, 0, 0, NULL)
