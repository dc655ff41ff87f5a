-- What waits for a second person, and the names of the routes by which somebody looked.

CREATE TABLE held (                -- a request that one account may not carry out alone
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,         -- held_kind (service/held.h)
    state INTEGER NOT NULL,        -- held_state: waiting, confirmed, refused, lapsed
    account INTEGER NOT NULL,      -- who asked
    at INTEGER NOT NULL,
    people INTEGER NOT NULL,       -- whom it would restrict; 0: it is about an account
    about INTEGER,                 -- the account it is about
    body BLOB,                     -- the request, sealed under the master key; NULL once decided
    decided INTEGER,
    decided_by INTEGER
) STRICT;
CREATE INDEX held_waiting ON held (id) WHERE state = 0;

CREATE TABLE held_subject (        -- whom it would restrict: the scope of who may confirm, and what an erasure clears
    held INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    PRIMARY KEY (held, subject)
) STRICT;
CREATE INDEX held_subject_subject ON held_subject (subject);

CREATE TABLE look_route (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT; -- look.what

ALTER TABLE message ADD COLUMN about INTEGER; -- the measure, task, fact ... that it tells of: told once
CREATE INDEX message_about ON message (about) WHERE about IS NOT NULL;
CREATE INDEX message_account ON message (account) WHERE account IS NOT NULL;
CREATE INDEX grant_role ON grant_row (role);
CREATE INDEX account_person ON account (person) WHERE person IS NOT NULL;
