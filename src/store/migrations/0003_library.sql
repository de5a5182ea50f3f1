CREATE TABLE columns (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    audience TEXT NOT NULL,             -- public, signed_in, network:<name>
    unit TEXT NOT NULL REFERENCES units (id),
    position INTEGER NOT NULL,
    on_front INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE rules (
    id TEXT PRIMARY KEY,
    column_id TEXT NOT NULL REFERENCES columns (id),
    rule TEXT NOT NULL,                 -- JSON of epg::Rule
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE assets (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    column_id TEXT NOT NULL REFERENCES columns (id),
    channel TEXT NOT NULL,              -- stays when the channel goes
    channel_title TEXT NOT NULL,
    rule TEXT,                          -- the rule that claimed it, if any
    event TEXT,                         -- the guide's event, if any
    start_at INTEGER NOT NULL,          -- the programme's times
    end_at INTEGER NOT NULL,
    cut_from INTEGER NOT NULL,          -- with padding; after the cut, outward to random access points
    cut_to INTEGER NOT NULL,
    state TEXT NOT NULL,                -- taping, queued, transcoding, ready, failed, cancelled
    error TEXT,
    playable INTEGER NOT NULL,
    poster INTEGER NOT NULL,
    thumbnails INTEGER NOT NULL,
    renditions TEXT NOT NULL,           -- JSON
    gaps TEXT NOT NULL,                 -- JSON
    created INTEGER NOT NULL
) STRICT;
-- The same programme goes to a column once.
CREATE UNIQUE INDEX assets_once ON assets (column_id, channel, event) WHERE event IS NOT NULL;
CREATE INDEX assets_column ON assets (column_id, start_at DESC, id DESC);
CREATE INDEX assets_state ON assets (state);
CREATE INDEX assets_start ON assets (start_at DESC, id DESC);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    task TEXT NOT NULL,                 -- JSON of base::work::Task
    state TEXT NOT NULL,                -- queued, running, done, failed, cancelled
    progress REAL NOT NULL,
    attempts INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    error TEXT,
    created INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER
) STRICT;
CREATE INDEX jobs_state ON jobs (state, not_before, created);
CREATE INDEX jobs_asset ON jobs (asset);
