-- The order of the last changes (index 6) can be told from the versions: a place goes when a later version of the record
-- takes it away. So each version says whose place it took, and the places need no rows of their own.
ALTER TABLE version ADD COLUMN moved_from INTEGER; -- revision; NULL: the record had no place before
UPDATE version SET moved_from = (
  SELECT max(earlier.revision) FROM version AS earlier
  WHERE earlier.kind = version.kind AND earlier.key = version.key AND earlier.revision < version.revision
) WHERE kind = 1 AND created = 0;
DELETE FROM term WHERE idx = 6;
DELETE FROM past_term WHERE idx = 6;
