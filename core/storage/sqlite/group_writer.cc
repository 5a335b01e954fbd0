#include "core/storage/sqlite/group_writer.h"

#include <limits>

#include "core/base/status_macros.h"
#include "core/storage/scan.h"

namespace brobygger::storage {
namespace {

constexpr char kInsertVersion[] =
    "INSERT INTO version (seq, revision, kind, key, created, terms, bytes, moved_from) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
constexpr char kInsertState[] = "INSERT INTO state (kind, key, terms, bytes) VALUES (?1,?2,?3,?4)";
constexpr char kUpdateState[] = "UPDATE state SET terms=?3, bytes=?4 WHERE kind=?1 AND key=?2";
constexpr char kDeleteState[] = "DELETE FROM state WHERE kind=?1 AND key=?2";
constexpr char kInsertTerm[] = "INSERT INTO term (idx, value, key, since) VALUES (?1,?2,?3,?4)";
// Two statements: RETURNING would make a table in memory for each row it tells.
constexpr char kFindSince[] = "SELECT since FROM term WHERE idx=?1 AND value=?2 AND key=?3";
constexpr char kDeleteTerm[] = "DELETE FROM term WHERE idx=?1 AND value=?2 AND key=?3";
constexpr char kInsertPast[] =
    "INSERT INTO past_term (idx, until, value, key, since) VALUES (?1,?2,?3,?4,?5)";
constexpr char kInsertRevision[] =
    "INSERT INTO revision (revision, at, actor, last_seq) VALUES (?1,?2,?3,?4)";

}  // namespace

absl::Status GroupWriter::Load() {
  BB_ASSIGN_OR_RETURN(committed_, NewestCommit(*connection_));
  last_ = committed_;
  return absl::OkStatus();
}

absl::Status GroupWriter::Begin() { return connection_->Use("BEGIN IMMEDIATE").Run(); }

absl::Status GroupWriter::Add(const WriteSet& writes, const std::string& actor) {
  const Revision revision = writes.revision();
  for (const auto& [id, record] : writes.records()) {
    if (IsVersioned(id.first)) {
      BB_RETURN_IF_ERROR(AddVersion(id, record, revision));
    } else {
      BB_RETURN_IF_ERROR(AddState(id, record));
    }
  }
  BB_RETURN_IF_ERROR(MovePlaces(writes));
  BB_RETURN_IF_ERROR(connection_->Use(kInsertRevision)
                         .Bind(revision, std::int64_t{writes.now().time_since_epoch().count()},
                               actor, last_.last_seq)
                         .Run());
  last_.revision = revision;
  last_.time = writes.now();
  return absl::OkStatus();
}

absl::Status GroupWriter::AddVersion(const WriteSet::RecordId& id,
                                     const WriteSet::Record& record,
                                     Revision revision) {
  std::string terms = PackTerms(record.terms);
  const auto before = NewestOf(id.first, id.second);
  std::optional<Revision> moved_from;
  if (before.has_value() && HasUpdateTerm(before->terms)) moved_from = before->newest.revision;
  const std::int64_t seq = last_.last_seq + 1;
  BB_RETURN_IF_ERROR(connection_->Use(kInsertVersion)
                         .Bind(seq, revision, id.first, id.second, record.existed ? 0 : 1,
                               Blob{terms}, record.bytes, moved_from)
                         .Run());
  last_.last_seq = seq;
  unpublished_.insert_or_assign(id,
                                NewestRecords::Record{{revision, record.bytes}, std::move(terms)});
  return absl::OkStatus();
}

absl::Status GroupWriter::AddState(const WriteSet::RecordId& id, const WriteSet::Record& record) {
  if (record.bytes == nullptr) {
    return connection_->Use(kDeleteState).Bind(id.first, id.second).Run();
  }
  const std::string terms = PackTerms(record.terms);
  return connection_->Use(record.existed ? kUpdateState : kInsertState)
      .Bind(id.first, id.second, Blob{terms}, record.bytes)
      .Run();
}

absl::Status GroupWriter::MovePlaces(const WriteSet& writes) {
  for (const auto& [place, kind] : writes.removed()) {
    if (place.index == Index::kAssociationByUpdate) continue;
    std::int64_t since = 0;
    {
      Statement find = connection_->Use(kFindSince);
      BB_ASSIGN_OR_RETURN(const bool row, find.Bind(place.index, place.value, place.key).Step());
      if (!row) return ToStatus(nullptr, SQLITE_CORRUPT);
      since = find.Int(0);
    }
    BB_RETURN_IF_ERROR(
        connection_->Use(kDeleteTerm).Bind(place.index, place.value, place.key).Run());
    if (!IsVersioned(kind)) continue;
    database_->indexes().Moves(place.index, writes.revision());
    BB_RETURN_IF_ERROR(connection_->Use(kInsertPast)
                           .Bind(place.index, writes.revision(), place.value, place.key, since)
                           .Run());
  }
  for (const auto& [place, kind] : writes.added()) {
    if (place.index == Index::kAssociationByUpdate) continue;
    database_->indexes().Places(place.index, place.value);
    const Revision since = IsVersioned(kind) ? writes.revision() : 0;
    BB_RETURN_IF_ERROR(
        connection_->Use(kInsertTerm).Bind(place.index, place.value, place.key, since).Run());
  }
  return absl::OkStatus();
}

absl::Status GroupWriter::Commit() {
  BB_RETURN_IF_ERROR(connection_->Use("COMMIT").Run());
  // The order matters: see database.h.
  for (auto& [id, record] : unpublished_) {
    database_->SetNewest(id.first, id.second, std::move(record));
  }
  unpublished_.clear();
  committed_ = last_;
  database_->Publish(committed_.revision);
  return absl::OkStatus();
}

void GroupWriter::Rollback() {
  unpublished_.clear();
  last_ = committed_;
  if (sqlite3_get_autocommit(connection_->raw()) != 0) return;
  // The group has failed already; that error is the one its writers get.
  connection_->Use("ROLLBACK").Run().IgnoreError();
}

absl::StatusOr<Bytes> GroupWriter::Find(Kind kind, const std::string& key) const {
  if (!IsVersioned(kind)) return FindState(*connection_, kind, key);
  const auto own = unpublished_.find({kind, key});
  if (own != unpublished_.end()) return own->second.newest.bytes;
  const auto newest = database_->newest().Find(kind, key);
  return newest.has_value() ? newest->bytes : nullptr;
}

absl::StatusOr<std::vector<Entry>> GroupWriter::Scan(Kind kind, const KeyRange& range) const {
  if (!IsVersioned(kind)) return ScanState(*connection_, kind, range);
  return ScanVersions(*connection_, kind, range,
                      [&](const std::string& key) { return Find(kind, key); });
}

absl::StatusOr<std::vector<IndexEntry>> GroupWriter::ScanIndex(Index index,
                                                               const IndexRange& range) const {
  if (index == Index::kAssociationByUpdate) return ScanUpdates(range);
  return ScanTerms(*connection_, database_->indexes(), index, range, last_.revision);
}

// What is committed, with what the group has moved laid over.
absl::StatusOr<std::vector<IndexEntry>> GroupWriter::ScanUpdates(const IndexRange& range) const {
  IndexRange wider = range;
  wider.limit += static_cast<int>(unpublished_.size());
  BB_ASSIGN_OR_RETURN(auto places,
                      database_->ScanUpdates(*connection_, wider, committed_.revision));
  std::erase_if(places, [this](const IndexEntry& place) {
    return unpublished_.contains({Kind::kAssociation, place.key});
  });
  const IndexBounds bounds = ToBounds(range);
  std::vector<IndexEntry> own;
  for (const auto& [id, record] : unpublished_) {
    if (!HasUpdateTerm(record.terms)) continue;
    IndexEntry place{UpdateTerm(record.newest.revision).value, id.second};
    if (bounds.Contains(place)) own.push_back(std::move(place));
  }
  return MergePlaces(std::move(places), std::move(own), range);
}

std::optional<NewestRecords::Record> GroupWriter::NewestOf(Kind kind,
                                                           const std::string& key) const {
  const auto own = unpublished_.find({kind, key});
  if (own != unpublished_.end()) return own->second;
  return database_->newest().FindWithTerms(kind, key);
}

absl::StatusOr<std::optional<std::vector<IndexTerm>>> GroupWriter::TermsOf(
    Kind kind, const std::string& key) const {
  if (!IsVersioned(kind)) return FindTerms(*connection_, kind, key);
  const auto record = NewestOf(kind, key);
  if (!record.has_value() || record->newest.bytes == nullptr) return std::nullopt;
  return UnpackTerms(record->terms, record->newest.revision);
}

}  // namespace brobygger::storage
