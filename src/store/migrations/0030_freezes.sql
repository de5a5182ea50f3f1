-- How long pictures stood still on the venue's own screen, by what it told: nothing where a browser does not count it.
ALTER TABLE meeting_quality ADD COLUMN frozen_seconds INTEGER NOT NULL DEFAULT 0;
