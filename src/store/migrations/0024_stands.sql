-- Computers that stand ready in a venue: paired once, they act as that venue and nothing else.

CREATE TABLE stands (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,          -- SHA-256 of the secret in its cookie
    paired_by TEXT,                     -- a person
    paired_by_name TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER,
    address TEXT,
    runs TEXT NOT NULL                  -- as it says of itself
) STRICT;
CREATE INDEX stands_site ON stands (site);

-- How the computers of a venue answer; without a row: when_called.
CREATE TABLE standing (
    site TEXT PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
    answers TEXT NOT NULL CHECK (answers IN ('by_hand', 'when_called', 'at_start'))
) STRICT, WITHOUT ROWID;
