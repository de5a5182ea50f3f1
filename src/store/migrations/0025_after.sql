-- What is left of a meeting: how its lines were, and its minutes as the clerk keeps them.

-- Whom to phone where a site's line is poor.
ALTER TABLE sites ADD COLUMN contact_name TEXT;
ALTER TABLE sites ADD COLUMN contact_phone TEXT;

-- A row per venue and minute in which it was in. Shares are in thousandths.
CREATE TABLE meeting_quality (
    meeting TEXT NOT NULL,
    venue TEXT NOT NULL,
    minute INTEGER NOT NULL,            -- its beginning
    seconds INTEGER NOT NULL,           -- that were seen of it
    up_kbps INTEGER NOT NULL,
    down_kbps INTEGER NOT NULL,
    least_kbps INTEGER NOT NULL,        -- the least that the line to it was estimated to carry
    up_loss INTEGER NOT NULL,
    down_loss INTEGER NOT NULL,
    worst_loss INTEGER NOT NULL,
    rtt_ms INTEGER NOT NULL,
    worst_rtt_ms INTEGER NOT NULL,
    paused_seconds INTEGER NOT NULL,    -- a picture gave way to the line
    thin_seconds INTEGER NOT NULL,      -- below 100 kb/s
    away_seconds INTEGER NOT NULL,      -- its signalling was broken
    comebacks INTEGER NOT NULL,         -- it came in anew
    PRIMARY KEY (meeting, venue, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_quality_minute ON meeting_quality (minute);

-- Every version of a meeting's minutes, the drafts from the log included.
CREATE TABLE meeting_minutes (
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_from_log INTEGER NOT NULL,
    person TEXT,                        -- who wrote it; null: a program
    person_name TEXT NOT NULL,
    PRIMARY KEY (meeting, version)
) STRICT;
