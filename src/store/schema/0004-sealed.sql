-- Who an account belongs to is nobody's business who reads a copy of the database: `login` is a keyed hash of it, by which it is
-- found, and `name` holds login and name, sealed under the key of the person (a resident's own), else the master key. Rows that
-- are older are sealed when the server starts.
ALTER TABLE account ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;

-- The faulty rows of an import as a file, to be repaired and imported alone: in pieces, sealed under the master key. They go when
-- somebody is erased whom they name, and after a month.
CREATE TABLE import_file (
    import INTEGER NOT NULL,
    n INTEGER NOT NULL,
    part BLOB NOT NULL,
    PRIMARY KEY (import, n)
) STRICT;
