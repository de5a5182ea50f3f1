-- Guests who come into a meeting by a link, without an account. Of a link and of a seat only the SHA-256 of the secret is kept.

CREATE TABLE guest_links (
    id TEXT PRIMARY KEY,
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    title TEXT NOT NULL,                -- whom it is for
    hash BLOB NOT NULL UNIQUE,
    most INTEGER NOT NULL CHECK (most > 0),
    walks_in INTEGER NOT NULL,          -- who comes by it is let in with the venues; else the chair lets them in
    expires INTEGER,                    -- null: with the meeting
    made_by TEXT,                       -- a person
    made_by_name TEXT NOT NULL,
    created INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
CREATE INDEX guest_links_meeting ON guest_links (meeting);

CREATE TABLE guests (
    venue TEXT PRIMARY KEY,             -- guest:<ulid>
    link TEXT NOT NULL REFERENCES guest_links (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guests_link ON guests (link);
