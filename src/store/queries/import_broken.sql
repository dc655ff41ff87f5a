-- in: state when they ran, state now, instant. Imports that were running when the server stopped.
UPDATE import SET state = $2, ended = $3 WHERE state = $1
