-- The shared boards of meetings: strokes as they were drawn, so that who comes late, or a server that is started anew, has the whole.

CREATE TABLE boards (
    meeting TEXT PRIMARY KEY REFERENCES meetings (id) ON DELETE CASCADE,
    version INTEGER NOT NULL DEFAULT 0, -- grows with every change
    page INTEGER NOT NULL DEFAULT 0,    -- which all screens show
    pages INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE board_strokes (
    sequence INTEGER PRIMARY KEY,       -- in the order in which they were drawn
    meeting TEXT NOT NULL REFERENCES boards (meeting) ON DELETE CASCADE,
    id TEXT NOT NULL,
    venue TEXT NOT NULL,                -- who drew it, or 'desk'
    page INTEGER NOT NULL,
    points INTEGER NOT NULL,
    stroke TEXT NOT NULL,               -- JSON
    UNIQUE (meeting, id)
) STRICT;
CREATE INDEX board_strokes_page ON board_strokes (meeting, page);
