-- Who there is and what they may do: units, sites, people, grants, sessions, tokens; and the audit log.

-- The tree of regions, bodies and departments. It has exactly one root, `root`, which is always there.
CREATE TABLE units (
    id TEXT PRIMARY KEY,
    parent TEXT REFERENCES units (id),
    kind TEXT NOT NULL CHECK (kind IN ('region', 'body', 'department')),
    level TEXT NOT NULL,
    title TEXT NOT NULL,
    position INTEGER NOT NULL,
    created INTEGER NOT NULL,
    CHECK ((parent IS NULL) = (id = 'root'))
) STRICT;
-- Titles are unique below one parent: so a path of titles names a unit.
CREATE UNIQUE INDEX units_title ON units (parent, title);
INSERT INTO units VALUES ('root', NULL, 'region', '', '本单位', 0, 0);

CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (id),
    title TEXT NOT NULL,
    capacity_kbps INTEGER,
    media_share_percent INTEGER NOT NULL CHECK (media_share_percent BETWEEN 1 AND 100),
    highest_rung TEXT,
    created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sites_title ON sites (unit, title);

-- `name` is the sign-in name, in lower case. Without a password hash a person cannot sign in.
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (id),
    disabled INTEGER NOT NULL,
    password_hash TEXT,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX people_unit ON people (unit);

CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (id),
    created INTEGER NOT NULL,
    UNIQUE (person, role, unit)
) STRICT;
CREATE INDEX grants_unit ON grants (unit);

-- Of a session and of an API token only the SHA-256 of the secret is kept.
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    last_used INTEGER
) STRICT;
CREATE INDEX tokens_person ON tokens (person);
CREATE TABLE token_roles (
    token TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    PRIMARY KEY (token, role, unit)
) STRICT;
CREATE INDEX token_roles_unit ON token_roles (unit);

-- Failed sign-ins by the SHA-256 of the name that was typed: names that nobody has are counted like those of people,
-- and a password typed into the wrong field is not kept.
CREATE TABLE sign_in_failures (
    name_hash BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last INTEGER NOT NULL,
    locked_until INTEGER
) STRICT;

-- Append-only: who changed what. Names are copied, so that an entry outlives the person.
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('person', 'token', 'server', 'anonymous')),
    person TEXT,
    person_name TEXT,
    token TEXT,
    address TEXT,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    unit TEXT,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX audit_person ON audit (person, sequence);
CREATE INDEX audit_object ON audit (object, sequence);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit log is append-only');
END;
