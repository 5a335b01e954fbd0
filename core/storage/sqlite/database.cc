#include "core/storage/sqlite/database.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/storage/scan.h"
#include "core/storage/sqlite/queries.h"

namespace brobygger::storage {
namespace {

// The index of versions alone answers which row of each record is the newest.
constexpr char kNewestRows[] = "SELECT seq, max(revision) FROM version GROUP BY kind, key";
constexpr char kRow[] = "SELECT kind, key, revision, bytes, terms FROM version WHERE seq=?1";

// More idle connections than this are closed: a burst of readers must not keep
// their page caches for ever.
constexpr size_t kIdleConnections = 6;

}  // namespace

absl::Status Database::Load(Connection& connection) {
  std::vector<std::int64_t> rows;
  Statement newest_rows = connection.Use(kNewestRows);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, newest_rows.Step());
    if (!row) break;
    rows.push_back(newest_rows.Int(0));
  }
  // In the order of the file, which is several times faster than by key.
  std::sort(rows.begin(), rows.end());
  for (const std::int64_t seq : rows) {
    Statement fetch = connection.Use(kRow);
    BB_RETURN_IF_ERROR(fetch.Bind(seq).Step().status());
    const auto kind = static_cast<Kind>(fetch.Int(0));
    if (!IsVersioned(kind)) return ToStatus(nullptr, SQLITE_CORRUPT);
    SetNewest(kind, fetch.Text(1),
              {{static_cast<Revision>(fetch.Int(2)), fetch.ToBytes(3)}, fetch.Text(4)});
  }
  BB_RETURN_IF_ERROR(indexes_.Load(connection));
  BB_ASSIGN_OR_RETURN(const CommitInfo commit, NewestCommit(connection));
  Publish(commit.revision);
  return absl::OkStatus();
}

void Database::SetNewest(Kind kind, const std::string& key, NewestRecords::Record record) {
  const Revision revision = record.newest.revision;
  const auto before = newest_.FindWithTerms(kind, key);
  const bool had_place = before.has_value() && HasUpdateTerm(before->terms);
  const bool has_place = HasUpdateTerm(record.terms);
  newest_.Set(kind, key, std::move(record));
  if (!had_place && !has_place) return;
  updates_.Move(key, had_place ? before->newest.revision : 0, has_place ? revision : 0, revision);
}

absl::StatusOr<std::vector<IndexEntry>> Database::ScanUpdates(Connection& connection,
                                                              const IndexRange& range,
                                                              Revision at) const {
  if (range.limit <= 0) return std::vector<IndexEntry>();
  UpdateOrder::Page page = updates_.Scan(range, at);
  if (!page.moved) return std::move(page.places);
  BB_ASSIGN_OR_RETURN(auto moved, ListMovedSince(connection, at));
  const IndexBounds bounds = ToBounds(range);
  std::erase_if(moved, [&](const IndexEntry& place) { return !bounds.Contains(place); });
  return MergePlaces(std::move(page.places), std::move(moved), range);
}

absl::StatusOr<Bytes> Database::Find(Kind kind, const std::string& key, Revision at) const {
  if (IsVersioned(kind)) {
    const auto newest = newest_.Find(kind, key);
    if (!newest.has_value()) return nullptr;
    if (newest->revision <= at) return newest->bytes;
  }
  BB_ASSIGN_OR_RETURN(const Reader reader, Read());
  if (!IsVersioned(kind)) return FindState(*reader, kind, key);
  return FindVersion(*reader, kind, key, at);
}

absl::StatusOr<Database::Reader> Database::Read() const {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return Reader(*this, std::move(connection));
    }
  }
  BB_ASSIGN_OR_RETURN(auto connection, Connection::Open(settings_));
  BB_RETURN_IF_ERROR(connection->Execute("PRAGMA query_only=ON"));
  return Reader(*this, std::move(connection));
}

Database::Reader::~Reader() {
  if (connection_ == nullptr) return;
  absl::MutexLock lock(&database_->mutex_);
  if (database_->idle_.size() < kIdleConnections) {
    database_->idle_.push_back(std::move(connection_));
  }
}

}  // namespace brobygger::storage
