-- in: $1 person, $2 instant
UPDATE account SET login = 'erased-' || CAST(id AS TEXT), name = '', person = NULL, contact = NULL, password = '', totp = NULL, sealed = 1, closed = $2, version = version + 1
WHERE person = $1;
