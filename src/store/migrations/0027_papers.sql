-- Files of meetings. Their bytes lie beside the database, by their hash: the same file in a whole series is kept once.
CREATE TABLE papers (
    id TEXT PRIMARY KEY,
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,            -- as it came, for who saves it
    media_type TEXT NOT NULL,           -- by its content
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL,                 -- SHA-256, hexadecimal
    point INTEGER,                      -- of the agenda, from 0
    position INTEGER NOT NULL,
    venue TEXT,                         -- that brought it into the room
    uploaded_by TEXT,                   -- a person
    uploaded_by_name TEXT NOT NULL,
    created INTEGER NOT NULL,
    distributed INTEGER                 -- null: only who steers, and who brought it, see it
) STRICT;
CREATE INDEX papers_meeting ON papers (meeting, position);
CREATE INDEX papers_hash ON papers (hash);

-- Which venue opened a paper first when.
CREATE TABLE paper_openings (
    paper TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    venue TEXT NOT NULL,
    title TEXT NOT NULL,                -- as it was then
    name TEXT NOT NULL,                 -- of the person; empty for a guest
    at INTEGER NOT NULL,
    PRIMARY KEY (paper, venue)
) STRICT, WITHOUT ROWID;
