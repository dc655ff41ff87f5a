-- in: $1 subject, $2 kind of what is erased
-- The entry that says so itself has the uid of the person and stays.
UPDATE fact SET kind = $2, happened = recorded, known = recorded, until = NULL, uid = NULL, account = NULL, given_by = NULL,
    import = NULL, link = NULL, replaces = NULL, about = NULL, name = NULL, value = NULL, signer = NULL, second = NULL, word = NULL,
    test = NULL, outcome = NULL, protection = NULL, flags = NULL, edition = NULL, payload = NULL
WHERE subject = $1 AND kind <> $2;
