#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/index_memory.h"
#include "core/storage/store.h"

// Reading the tables through one connection.
namespace brobygger::storage {

// The terms of a record as one column holds them.
std::string PackTerms(const std::vector<IndexTerm>& terms);
// The terms of a record that `revision` wrote. STORAGE_CORRUPT if `packed` is not
// what PackTerms() made.
absl::StatusOr<std::vector<IndexTerm>> UnpackTerms(const std::string& packed, Revision revision);
// Whether there is a place in kAssociationByUpdate among them.
bool HasUpdateTerm(const std::string& packed);

absl::StatusOr<Bytes> FindState(Connection& connection, Kind kind, const std::string& key);
// The newest version at or before `at`, or null.
absl::StatusOr<Bytes> FindVersion(Connection& connection,
                                  Kind kind,
                                  const std::string& key,
                                  Revision at);

// Of working state. None if there is no such record.
absl::StatusOr<std::optional<std::vector<IndexTerm>>> FindTerms(Connection& connection,
                                                                Kind kind,
                                                                const std::string& key);

absl::StatusOr<std::vector<Entry>> ScanState(Connection& connection,
                                             Kind kind,
                                             const KeyRange& range);
// Records of a versioned kind for which `find` answers, by key.
absl::StatusOr<std::vector<Entry>> ScanVersions(
    Connection& connection,
    Kind kind,
    const KeyRange& range,
    absl::FunctionRef<absl::StatusOr<Bytes>(const std::string&)> find);

// Places in an index that stood at revision `at`.
absl::StatusOr<std::vector<IndexEntry>> ScanTerms(Connection& connection,
                                                  const IndexMemory& indexes,
                                                  Index index,
                                                  const IndexRange& range,
                                                  Revision at);

// Places in kAssociationByUpdate that stood at `at`, and have gone since. Costs as
// much as there are changes since then.
absl::StatusOr<std::vector<IndexEntry>> ListMovedSince(Connection& connection, Revision at);
// The places of both in the order of the scan, each once, up to its limit.
std::vector<IndexEntry> MergePlaces(std::vector<IndexEntry> page,
                                    std::vector<IndexEntry> more,
                                    const IndexRange& range);

// Changes of revisions past `after` up to and with `last`, never half a revision.
absl::StatusOr<std::vector<Change>> ListChanges(Connection& connection,
                                                Revision after,
                                                Revision last,
                                                int limit);
struct VersionRange {
  Revision before;
  int limit;
};
absl::StatusOr<std::vector<Version>> ListVersions(Connection& connection,
                                                  Kind kind,
                                                  const std::string& key,
                                                  const VersionRange& range);

struct CommitInfo {
  Revision revision = 0;
  base::Instant time = base::Instant::min();
  std::int64_t last_seq = 0;
};
// The newest commit; revision 0 if there is none.
absl::StatusOr<CommitInfo> NewestCommit(Connection& connection);
absl::StatusOr<CommitInfo> FindCommit(Connection& connection, Revision revision);

}  // namespace brobygger::storage
