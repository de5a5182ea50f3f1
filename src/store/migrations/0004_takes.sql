-- Programmes that rules have claimed: remembered as long as a tape may have them, also when their asset is gone.
CREATE TABLE takes (
    id TEXT PRIMARY KEY,                -- of the asset
    rule TEXT,
    column_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    event TEXT NOT NULL,
    title TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    first_start INTEGER NOT NULL,
    cut_from INTEGER NOT NULL,
    cut_to INTEGER NOT NULL,
    state TEXT NOT NULL                 -- open, closed, refused
) STRICT;
CREATE INDEX takes_end ON takes (end_at);
