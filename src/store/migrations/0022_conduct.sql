-- What happened in meetings.

-- When venues were in: a row per stay.
CREATE TABLE attendance (
    meeting TEXT NOT NULL,
    venue TEXT NOT NULL,
    title TEXT NOT NULL,                -- as it was then
    came INTEGER NOT NULL,
    went INTEGER,                       -- null: still in
    PRIMARY KEY (meeting, venue, came)
) STRICT, WITHOUT ROWID;

-- What was done, in order: the minutes are drafted from it.
CREATE TABLE meeting_log (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,                -- a venue, or 'desk'
    command TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX meeting_log_meeting ON meeting_log (meeting, sequence);
