-- One row a commit. The numbers have no gaps; `at` (microseconds since 1970, UTC) never falls.
CREATE TABLE revision (
  revision INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  last_seq INTEGER NOT NULL -- of the versions up to and with this commit
);

-- Every version of every versioned record, only ever added to: read by seq it is the list of changes.
CREATE TABLE version (
  seq INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  created INTEGER NOT NULL,
  terms BLOB NOT NULL,
  bytes BLOB -- NULL: taken away
);
CREATE UNIQUE INDEX version_by_key ON version (kind, key, revision);

-- Working state: the newest value only. A rowid table with an index and not WITHOUT ROWID, because a record of
-- 1 kB would put every row of the latter on an overflow page.
CREATE TABLE state (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  terms BLOB NOT NULL,
  bytes BLOB NOT NULL
);
CREATE UNIQUE INDEX state_by_key ON state (kind, key);

-- Places in indexes as they are now. `since` is the revision that made the place; 0 for working state.
CREATE TABLE term (
  idx INTEGER NOT NULL,
  value TEXT NOT NULL,
  key TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (idx, value, key)
) WITHOUT ROWID;

-- Places that were: from revision `since`, and no more from revision `until`. `until` leads, so that a snapshot a
-- little behind the newest revision reads only the few places that went since then.
CREATE TABLE past_term (
  idx INTEGER NOT NULL,
  until INTEGER NOT NULL,
  value TEXT NOT NULL,
  key TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (idx, until, value, key)
) WITHOUT ROWID;
