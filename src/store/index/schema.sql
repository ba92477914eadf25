-- Derived from the chain, except for identities of clean messages. A change here raises SCHEMA in mod.rs.

-- One row: up to where the chain has been applied.
CREATE TABLE applied (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    next_seq INTEGER NOT NULL,
    prev TEXT NOT NULL,
    segment INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    -- The Merkle tree over the lines so far: size and subtree roots.
    tree TEXT NOT NULL
);

-- When the first record was made, milliseconds since 1970.
CREATE TABLE began (at INTEGER NOT NULL);

-- Each key-rotated record.
CREATE TABLE rotations (
    seq INTEGER PRIMARY KEY,
    public_key TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE watched (
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    start_uid INTEGER NOT NULL,
    next_uid INTEGER NOT NULL,
    -- Seconds since 1970, by our own clock.
    since INTEGER NOT NULL,
    PRIMARY KEY (account, mailbox)
) WITHOUT ROWID;

CREATE TABLE captures (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    canonical TEXT NOT NULL,
    internaldate TEXT NOT NULL,
    server_identity TEXT,
    moved_mailbox TEXT,
    moved_uidvalidity INTEGER,
    moved_uid INTEGER,
    released INTEGER NOT NULL DEFAULT 0,
    -- Seconds since 1970, by our own clock: taken in; released.
    at INTEGER NOT NULL,
    released_at INTEGER,
    -- Looked at again where it was moved to.
    refetched INTEGER NOT NULL DEFAULT 0,
    meta_sha256 TEXT NOT NULL,
    -- Its content is gone, or about to go.
    erased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, mailbox, uidvalidity, uid)
);
CREATE INDEX captures_sha256 ON captures (sha256);
CREATE INDEX captures_canonical ON captures (canonical);
CREATE INDEX captures_server ON captures (server_identity) WHERE server_identity IS NOT NULL;

CREATE INDEX captures_moved ON captures (account, moved_mailbox, moved_uidvalidity, moved_uid)
    WHERE moved_uid IS NOT NULL;
CREATE INDEX captures_refetch ON captures (account) WHERE refetched = 0 AND moved_uid IS NOT NULL;

-- Every move that was announced; open while outcome is NULL.
CREATE TABLE intents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    method TEXT NOT NULL,
    destination TEXT NOT NULL,
    destination_uidvalidity INTEGER NOT NULL,
    destination_uidnext INTEGER NOT NULL,
    copied INTEGER,
    outcome TEXT
);
CREATE INDEX intents_id ON intents (id);
CREATE INDEX intents_open ON intents (account) WHERE outcome IS NULL;

-- sha256 is NULL where only a scan-batch record is left of it.
CREATE TABLE clean (
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    sha256 TEXT,
    server_identity TEXT,
    batched INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, mailbox, uidvalidity, uid)
) WITHOUT ROWID;
CREATE INDEX clean_sha256 ON clean (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX clean_server ON clean (server_identity) WHERE server_identity IS NOT NULL;
CREATE INDEX clean_unbatched ON clean (account, mailbox) WHERE batched = 0;

-- Positions that are settled without a capture of their own: not judged, or released.
CREATE TABLE settled (
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('not-judged', 'released')),
    id TEXT,
    reason TEXT,
    PRIMARY KEY (account, mailbox, uidvalidity, uid)
) WITHOUT ROWID;

-- What the person asked to have moved back, when last: done once a move of that message was announced after it.
CREATE TABLE releases (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;

-- What was learned from a message; no row once that was taken back.
CREATE TABLE lessons (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    lesson TEXT NOT NULL CHECK (lesson IN ('wanted', 'unwanted')),
    sha256 TEXT NOT NULL
) WITHOUT ROWID;

-- Torn tails that the record speaks of.
CREATE TABLE recoveries (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;

-- Files that the record says are gone: done once they are.
CREATE TABLE erased (
    sha256 TEXT NOT NULL,
    id TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sha256, id)
);
CREATE INDEX erased_undone ON erased (done) WHERE done = 0;

-- Cases: which messages, and whether they are held.
CREATE TABLE cases (id TEXT PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE case_messages (case_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (id, case_id)) WITHOUT ROWID;

-- Every digest that was written, and the records that it covers.
CREATE TABLE digests (
    seq INTEGER PRIMARY KEY,
    date TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL,
    next INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);

-- Every message of our own that was announced; open while outcome is NULL.
CREATE TABLE appends (
    seq INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    outcome TEXT
);
CREATE INDEX appends_id ON appends (account, message_id);

-- Each witness record: a checkpoint stands where this machine cannot take it back.
CREATE TABLE witnesses (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL
);

-- Threats that cannot wait for the digest: which announced message told of them last, and by which other ways they were told.
CREATE TABLE urgent (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    category TEXT,
    append INTEGER,
    https INTEGER NOT NULL DEFAULT 0,
    desktop INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX urgent_append ON urgent (append);

-- The last record that a digest was told by another way.
CREATE TABLE told (way TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;

-- One row: when the service last put on record that it watched, milliseconds since 1970.
CREATE TABLE heard (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
