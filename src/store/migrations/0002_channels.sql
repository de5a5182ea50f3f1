CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    source_kind TEXT NOT NULL,          -- udp, rtp, file
    address TEXT NOT NULL,              -- group:port, address:port, or a path
    interface TEXT,
    service INTEGER,
    charset TEXT,
    keep_hours INTEGER,
    keep_bytes INTEGER,
    enabled INTEGER NOT NULL,
    audience TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (id),
    created INTEGER NOT NULL
) STRICT;

-- The weekly timetable that is typed in where a source has no guide.
CREATE TABLE slots (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    slot TEXT NOT NULL                  -- JSON of epg::Slot
) STRICT;
CREATE INDEX slots_channel ON slots (channel);

-- The guide as received (EIT), kept as long as its programmes may still be on a tape.
CREATE TABLE programmes (
    channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    programme TEXT NOT NULL,            -- JSON of epg::Programme
    PRIMARY KEY (channel, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX programmes_time ON programmes (channel, start_at);
