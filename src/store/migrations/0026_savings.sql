-- Who attended meetings that are over: what the savings are reckoned from. Counted when they are first asked for after a meeting's end, and anew where it was opened again.

CREATE TABLE meeting_counts (
    meeting TEXT PRIMARY KEY REFERENCES meetings (id) ON DELETE CASCADE,
    ended INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meeting_heads (
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    venue TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT,                          -- where it belonged; null: a guest
    people INTEGER NOT NULL,
    counted TEXT NOT NULL CHECK (counted IN ('typed', 'reply', 'one')),
    PRIMARY KEY (meeting, venue)
) STRICT, WITHOUT ROWID;
