-- Meetings as they are booked: venues, the chair's desk, series, groups of venues; notices, and the mail that goes out.

-- Where notices go by mail.
ALTER TABLE people ADD COLUMN email TEXT;

CREATE TABLE series (
    id TEXT PRIMARY KEY,
    repeat TEXT NOT NULL,               -- JSON of meeting::Repeat
    created INTEGER NOT NULL
) STRICT;

-- One row per occurrence. Titles and names are copied, so that a meeting outlives those it names.
CREATE TABLE meetings (
    id TEXT PRIMARY KEY,
    series TEXT REFERENCES series (id),
    unit TEXT NOT NULL,                 -- stays when the unit goes
    title TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('lecture', 'discussion', 'training', 'emergency')),
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL CHECK (ends > starts),
    chair TEXT NOT NULL,                -- a person
    chair_name TEXT NOT NULL,
    agenda TEXT NOT NULL,               -- JSON
    papers TEXT NOT NULL,               -- JSON
    column_id TEXT,                     -- where the recording goes
    audience TEXT NOT NULL,             -- who may watch: public, signed_in, network:<name>
    walk_in INTEGER NOT NULL,           -- whoever is signed in may join without being invited
    notice TEXT NOT NULL,               -- shown in the waiting room
    picture TEXT NOT NULL,              -- what a receiver gets, and its lines are reserved for
    copy_kbps INTEGER NOT NULL,         -- the same with sound, in kb/s
    state TEXT NOT NULL CHECK (state IN ('booked', 'open', 'closed', 'cancelled')),
    taken_by TEXT REFERENCES meetings (id),
    revision INTEGER NOT NULL,          -- SEQUENCE of the calendar's entry
    booked_by TEXT,                     -- a person
    booked_by_name TEXT NOT NULL,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    conduct TEXT                        -- JSON of the conduct's state
) STRICT;
CREATE INDEX meetings_time ON meetings (ends, starts);
CREATE INDEX meetings_unit ON meetings (unit, starts);
CREATE INDEX meetings_series ON meetings (series, starts);

CREATE TABLE meeting_venues (
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    venue TEXT NOT NULL,                -- site:<id>, person:<id>
    title TEXT NOT NULL,
    unit TEXT NOT NULL,                 -- whose it is; stays when the unit goes
    role TEXT NOT NULL CHECK (role IN ('main', 'branch')),
    position INTEGER NOT NULL,
    invited INTEGER NOT NULL,           -- who booked has no say over it: it is held only once accepted
    reply TEXT NOT NULL CHECK (reply IN ('pending', 'accepted', 'declined')),
    headcount INTEGER,
    remark TEXT NOT NULL,
    replied_by TEXT,
    replied_at INTEGER,
    PRIMARY KEY (meeting, venue)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_venues_venue ON meeting_venues (venue);

CREATE TABLE meeting_desk (
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    duty TEXT NOT NULL CHECK (duty IN ('clerk', 'secretary')),
    acts_for TEXT NOT NULL,             -- a person: the chair, or a leader who takes part
    PRIMARY KEY (meeting, person, acts_for)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_desk_person ON meeting_desk (person);

CREATE TABLE venue_groups (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    venues TEXT NOT NULL,               -- JSON list of venue ids
    created INTEGER NOT NULL,
    UNIQUE (unit, title)
) STRICT;

-- To a person, or to a unit (then one of its chairs reads it for all).
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    person TEXT REFERENCES people (id) ON DELETE CASCADE,
    unit TEXT REFERENCES units (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('invited', 'changed', 'cancelled', 'taken')),
    meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER,
    CHECK ((person IS NULL) <> (unit IS NULL))
) STRICT;
CREATE INDEX notices_person ON notices (person, id);
CREATE INDEX notices_unit ON notices (unit, id);

-- Mail that is to be sent; kept a while after it was, or after it was given up.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    calendar TEXT,                      -- iCalendar
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    error TEXT,
    created INTEGER NOT NULL,
    finished INTEGER
) STRICT;
CREATE INDEX outbox_state ON outbox (state, not_before);
