-- The number plan: segments of numbers, owned by units and divided among them, and the numbers given out of them.
-- Numbers are kept as their digits: `0613` is not `613`.
CREATE TABLE number_segments (
    id TEXT PRIMARY KEY,
    parent TEXT REFERENCES number_segments (id),
    unit TEXT NOT NULL REFERENCES units (id),
    title TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    -- Ranges that are kept back, separated by commas.
    reserved TEXT NOT NULL,
    cooling_days INTEGER NOT NULL CHECK (cooling_days BETWEEN 0 AND 3650),
    created INTEGER NOT NULL,
    CHECK (length(first) = length(last) AND first <= last)
) STRICT;
CREATE INDEX number_segments_parent ON number_segments (parent);
CREATE INDEX number_segments_unit ON number_segments (unit);

-- A number that answers, or rests after it did. Which segment it is of follows from its digits.
CREATE TABLE numbers (
    number TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('site', 'person', 'meeting')),
    holder TEXT NOT NULL,
    -- Of a meeting: what the directory shows. Sites and people have theirs.
    unit TEXT,
    title TEXT,
    -- The number that replaced this one, which still answers.
    alias_of TEXT,
    given INTEGER NOT NULL,
    -- Answers until then; null: until it is freed.
    ends INTEGER,
    -- Not given to another until then.
    rests_until INTEGER,
    CHECK ((unit IS NULL) = (kind <> 'meeting') AND (title IS NULL) = (kind <> 'meeting'))
) STRICT;
CREATE INDEX numbers_holder ON numbers (kind, holder);
