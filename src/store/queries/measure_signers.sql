-- in: $1 measure, $2 first account or NULL, $3 second account or NULL
UPDATE measure SET first_signer = $2, second_signer = $3 WHERE id = $1;
