-- The schema. Written for SQLite (STRICT) and turned word by word into PostgreSQL's types: INTEGER is BIGINT there, BLOB is
-- BYTEA, TEXT stays; STRICT and WITHOUT ROWID fall away.
--
-- What is recorded stands in `fact`, in one chain, and is never changed but by an erasure. `person`, `place`, `enrolment`,
-- `task`, `measure`, `link`, `sample`, `objection`, `hand_over` and `edition` are derived from it: `tongzhou rebuild` makes
-- them again. What is left over (accounts, grants, sessions, messages, imports, looks) is about the users of the system.
--
-- Numbers are given by the one writer, dense and increasing. People, places and gatherings share the numbers of subjects. What
-- follows from facts is numbered by them, so that a rebuild gives the same numbers: an enrolment is the fact that opened it * 64
-- + pathway, a task or a measure its enrolment * 16384 + its turn there, a link the fact given.
-- A uid is 16 bytes made by whoever recorded it (UUID version 7, so that they are ordered by time). Instants are seconds
-- since 1970 UTC, days are days since 1970 in the jurisdiction's calendar. Words are numbers of protocol/words.h, whose
-- meaning is kept in `word`: a program that knows them otherwise refuses the file.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE word (list INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (list, number)) STRICT;

-- ---- what happened ----

CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    kind INTEGER NOT NULL,          -- event_word; from ENTRY_FIRST on entry_kind (store/entry.h)
    happened INTEGER NOT NULL,
    known INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    until INTEGER,
    uid BLOB,                       -- NULL: the system recorded it itself
    account INTEGER,                -- who recorded it; NULL: the system
    given_by INTEGER,               -- the subject whose enrolment gave it; NULL: somebody recorded it
    import INTEGER,
    link INTEGER,                   -- the other subject
    replaces INTEGER,               -- the fact it corrects or retracts
    about INTEGER,                  -- a result: the SAMPLED fact; done, refused ...: the task
    name INTEGER,
    value INTEGER,
    signer INTEGER,
    second INTEGER,
    word INTEGER,
    test INTEGER,
    outcome INTEGER,
    protection INTEGER,
    flags INTEGER,
    edition INTEGER,
    payload BLOB,                   -- JSON, encrypted under the subject's key (a place's is not encrypted)
    commitment BLOB NOT NULL        -- 32 bytes, see store/chain.h
) STRICT;
CREATE INDEX fact_subject ON fact (subject);
CREATE UNIQUE INDEX fact_uid ON fact (uid) WHERE uid IS NOT NULL;
CREATE INDEX fact_import ON fact (import) WHERE import IS NOT NULL;

CREATE TABLE chain (               -- one row a transaction
    last_fact INTEGER PRIMARY KEY, -- the last fact it covers
    head BLOB NOT NULL,            -- 32 bytes
    at INTEGER NOT NULL,
    minute INTEGER NOT NULL,       -- up to where time had passed before its facts: enrolments due in an earlier minute, and in
    enrolment INTEGER NOT NULL     -- this one up to this number (a rebuild lets it pass likewise)
) STRICT;

-- ---- who and where ----

CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE,
    parent INTEGER,                -- NULL: the top of the tree
    kind INTEGER NOT NULL,         -- place_kind (store/place.h)
    name TEXT NOT NULL,
    name_en TEXT,
    code TEXT,                     -- as people number it: an official code, a door number
    latitude REAL,
    longitude REAL,
    shape TEXT,                    -- GeoJSON geometry
    capacity INTEGER,              -- beds, rooms or desks
    closed INTEGER,                -- instant from which it is no longer used
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE,
    place INTEGER,                 -- where they live: the nearest place known
    born INTEGER,                  -- civil day; the middle of the year when only that is known
    sex INTEGER NOT NULL,          -- person_sex
    flags INTEGER NOT NULL,        -- person_flag (store/person.h)
    guardian INTEGER,              -- person
    merged_into INTEGER,           -- person
    phone_hash BLOB,               -- 8 bytes, keyed
    document_hash BLOB,            -- 8 bytes, keyed
    version INTEGER NOT NULL,      -- the last fact that described them
    identity BLOB                  -- JSON, encrypted under the person's key; NULL once erased
) STRICT;
CREATE INDEX person_place ON person (place) WHERE place IS NOT NULL;
CREATE INDEX person_phone ON person (phone_hash) WHERE phone_hash IS NOT NULL;
CREATE INDEX person_document ON person (document_hash) WHERE document_hash IS NOT NULL;

CREATE TABLE gathering (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE,
    place INTEGER,
    name TEXT NOT NULL,
    begins INTEGER,
    ends INTEGER,
    version INTEGER NOT NULL
) STRICT;

-- ---- what follows from it ----

CREATE TABLE edition (
    id INTEGER PRIMARY KEY,        -- its index in the rulebook, from 0
    name TEXT NOT NULL,            -- "covid19-cn-9"
    text TEXT NOT NULL,            -- the file, as proposed
    state INTEGER NOT NULL,        -- edition_state (store/entry.h)
    proposed INTEGER NOT NULL,
    proposed_by INTEGER,
    first_signer INTEGER,
    second_signer INTEGER,
    begins INTEGER,                -- in force from
    ended INTEGER,                 -- another took its place, or it was taken back
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    pathway INTEGER NOT NULL,      -- index in the edition
    stage INTEGER NOT NULL,        -- index in the edition; 255 none
    class INTEGER NOT NULL,        -- event_word of the case ladder; 255 none
    final INTEGER NOT NULL,        -- final_word; 0 while open
    source INTEGER,                -- the subject who caused it
    opened INTEGER NOT NULL,
    ended INTEGER,
    next_min INTEGER NOT NULL,     -- when something is due next (a day passes, a task's time is up), minutes since 1970
    version INTEGER NOT NULL,      -- the last fact it answered
    turns INTEGER NOT NULL,        -- tasks and measures numbered so far
    since INTEGER NOT NULL,
    began INTEGER NOT NULL,        -- when it was recorded that it had; editions in force before are none of its own
    first_edition INTEGER NOT NULL,
    first_pathway INTEGER NOT NULL,
    state BLOB NOT NULL,           -- struct enrolment, its subject 0 (layout: meta `layout`)
    slots BLOB,                    -- the tasks of its slots, packed (intake/pack.h)
    issued BLOB                    -- decisions that still stand, packed
) STRICT;
CREATE INDEX enrolment_subject ON enrolment (subject);
CREATE INDEX enrolment_due ON enrolment (next_min) WHERE next_min < 2147483647;

CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    enrolment INTEGER,             -- NULL: no rule matched, a person judges
    edition INTEGER NOT NULL,
    task INTEGER NOT NULL,         -- index in the edition
    slot INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    why INTEGER NOT NULL,          -- why_word
    rule INTEGER NOT NULL,
    role INTEGER NOT NULL,         -- role_word who does it
    how INTEGER NOT NULL,          -- how_word; 0 while open
    marks INTEGER NOT NULL,        -- 1 overdue, 2 escalated
    opened INTEGER NOT NULL,
    deadline INTEGER,
    n INTEGER,                     -- civil day of a scheduled one
    fact INTEGER,                  -- that caused it
    closed INTEGER,
    closed_by INTEGER,             -- the fact
    assigned INTEGER,              -- account
    place INTEGER                  -- where, when it is not where the subject lives
) STRICT;
CREATE INDEX task_asked ON task (subject) WHERE enrolment IS NULL AND closed IS NULL;

CREATE TABLE measure (
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    enrolment INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    measure INTEGER NOT NULL,      -- index in the edition
    place INTEGER NOT NULL,        -- place_word; 255 none
    site INTEGER,                  -- the place itself, once chosen
    why INTEGER NOT NULL,
    rule INTEGER NOT NULL,
    how INTEGER NOT NULL,          -- how_word; 0 while it lasts
    stage INTEGER NOT NULL,
    fact INTEGER,                  -- that caused it
    proposed INTEGER,
    ordered INTEGER,
    started INTEGER,
    ended INTEGER,
    until INTEGER,
    first_signer INTEGER,          -- accounts
    second_signer INTEGER,
    order_fact INTEGER             -- the ORDERED fact
) STRICT;
CREATE INDEX measure_subject ON measure (subject);

CREATE TABLE link (                -- an enrolment caused by another; a meeting named
    id INTEGER PRIMARY KEY,
    from_subject INTEGER NOT NULL,
    to_subject INTEGER NOT NULL,
    enrolment INTEGER NOT NULL,    -- that answered
    fact INTEGER NOT NULL,         -- on from_subject
    opened_by INTEGER NOT NULL,    -- the fact given to to_subject
    withdrawn INTEGER NOT NULL
) STRICT;
CREATE INDEX link_from ON link (from_subject);
CREATE INDEX link_to ON link (to_subject);

CREATE TABLE sample (
    id INTEGER PRIMARY KEY,        -- the SAMPLED fact
    uid BLOB NOT NULL UNIQUE,
    subject INTEGER NOT NULL,
    specimen INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    tube BLOB,                     -- uid, shared by the samples of a pool
    laboratory INTEGER,            -- place
    received INTEGER,
    resulted INTEGER,
    test INTEGER,
    outcome INTEGER,
    ct_x10 INTEGER,
    result_fact INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX sample_subject ON sample (subject);
CREATE INDEX sample_tube ON sample (tube) WHERE tube IS NOT NULL;

CREATE TABLE objection (
    id INTEGER PRIMARY KEY,        -- the OBJECTED fact
    subject INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    made INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    role INTEGER NOT NULL,         -- role_word who decides
    decided INTEGER,
    upheld INTEGER,
    decided_by INTEGER,
    decided_fact INTEGER
) STRICT;

CREATE TABLE hand_over (
    id INTEGER PRIMARY KEY,        -- the HANDED_OVER fact
    subject INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    acknowledged INTEGER,
    accepted INTEGER,
    version INTEGER NOT NULL
) STRICT;

-- ---- the users of the system ----

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    person INTEGER,                -- a resident's own
    contact TEXT,                  -- mail address or telephone for messages; sealed under the master key
    password TEXT NOT NULL,        -- Argon2id
    must_change INTEGER NOT NULL,
    totp BLOB,                     -- sealed under the master key; NULL: no second factor yet
    totp_used INTEGER NOT NULL,    -- the last time step accepted, so that none is used twice
    failed INTEGER NOT NULL,
    locked_until INTEGER,
    language INTEGER NOT NULL,
    created INTEGER NOT NULL,
    closed INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE grant_row (           -- a right: role, place subtree, from, until
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    role INTEGER NOT NULL,         -- account_role (service/rights.h)
    place INTEGER,                 -- NULL: everywhere
    begins INTEGER NOT NULL,
    ends INTEGER,
    given_by INTEGER,
    taken_by INTEGER
) STRICT;
CREATE INDEX grant_account ON grant_row (account);

CREATE TABLE session (
    token BLOB PRIMARY KEY,        -- BLAKE2b of what the cookie holds
    account INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    second_factor INTEGER NOT NULL,
    device TEXT
) STRICT;
CREATE INDEX session_account ON session (account);

CREATE TABLE look (                -- somebody looked at a person's record
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    account INTEGER NOT NULL,
    at INTEGER NOT NULL,
    what INTEGER NOT NULL          -- route number by name in `word`-like table of the service
) STRICT;
CREATE INDEX look_subject ON look (subject);

CREATE TABLE audit (               -- what accounts did that is not a fact about a subject
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account INTEGER,
    what TEXT NOT NULL,            -- "grant_given", "sign_in_failed", "import_undone"
    about INTEGER,
    detail TEXT                    -- JSON, without personal data
) STRICT;

CREATE TABLE message (             -- told to somebody outside the screens
    id INTEGER PRIMARY KEY,
    subject INTEGER,
    account INTEGER,
    channel INTEGER NOT NULL,      -- message_channel: app, mail, web hook
    template TEXT NOT NULL,
    language INTEGER NOT NULL,
    made INTEGER NOT NULL,
    due INTEGER NOT NULL,          -- next try
    tries INTEGER NOT NULL,
    state INTEGER NOT NULL,        -- message_state: waiting, delivered, read, given up
    delivered INTEGER,
    fault TEXT,                    -- what the last try said
    body BLOB                      -- encrypted under the subject's key
) STRICT;
CREATE INDEX message_due ON message (due) WHERE state = 0;
CREATE INDEX message_subject ON message (subject) WHERE subject IS NOT NULL;

CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE,
    account INTEGER,
    format TEXT NOT NULL,
    name TEXT NOT NULL,            -- of the file, as the user named it
    state INTEGER NOT NULL,        -- import_state
    started INTEGER NOT NULL,
    ended INTEGER,
    rows INTEGER NOT NULL,         -- read so far
    taken INTEGER NOT NULL,        -- recorded
    same INTEGER NOT NULL,         -- already there, unchanged
    faulty INTEGER NOT NULL,
    undone INTEGER                 -- instant
) STRICT;

CREATE TABLE import_fault (
    import INTEGER NOT NULL,
    n INTEGER NOT NULL,
    line INTEGER NOT NULL,
    field TEXT NOT NULL,
    slug TEXT NOT NULL,
    arguments TEXT NOT NULL,       -- JSON array
    severity INTEGER NOT NULL,
    PRIMARY KEY (import, n)
) STRICT;

CREATE TABLE mapping (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    account INTEGER,
    saved INTEGER NOT NULL,
    text TEXT NOT NULL             -- YAML, as in mappings/
) STRICT;

CREATE TABLE outside_id (          -- the number another system gave to a subject, so that an import finds it again
    source TEXT NOT NULL,          -- "godata", "sormas", the name of a mapping
    hash BLOB NOT NULL,            -- 16 bytes, keyed: the number itself is in the person's identity
    subject INTEGER NOT NULL,
    PRIMARY KEY (source, hash)
) STRICT;
CREATE INDEX outside_subject ON outside_id (subject);

CREATE TABLE duplicate (           -- two records that may be one person
    id INTEGER PRIMARY KEY,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    score INTEGER NOT NULL,        -- of 1000
    reasons INTEGER NOT NULL,      -- duplicate_reason bits
    found INTEGER NOT NULL,
    decided INTEGER,
    same INTEGER,                  -- 1 merged, 0 two people
    decided_by INTEGER,
    UNIQUE (a, b)
) STRICT;

CREATE TABLE backup (              -- where copies of the vault lie, so that an erasure reaches them
    folder TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
