#include "core/storage/sqlite/queries.h"

#include <algorithm>
#include <iterator>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/storage/scan.h"

namespace brobygger::storage {
namespace {

constexpr char kFindState[] = "SELECT bytes FROM state WHERE kind=?1 AND key=?2";
constexpr char kFindStateTerms[] = "SELECT terms FROM state WHERE kind=?1 AND key=?2";
constexpr char kFindVersion[] =
    "SELECT bytes FROM version WHERE kind=?1 AND key=?2 AND revision<=?3 "
    "ORDER BY revision DESC LIMIT 1";
constexpr char kScanState[] =
    "SELECT key, bytes FROM state WHERE kind=?1 AND key>=?2 AND key<?3 ORDER BY key LIMIT ?4";
constexpr char kScanStateBackwards[] =
    "SELECT key, bytes FROM state WHERE kind=?1 AND key>=?2 AND key<?3 ORDER BY key DESC LIMIT ?4";
constexpr char kNextKey[] =
    "SELECT key FROM version WHERE kind=?1 AND key>=?2 AND key<?3 ORDER BY key LIMIT 1";
constexpr char kPreviousKey[] =
    "SELECT key FROM version WHERE kind=?1 AND key>=?2 AND key<?3 ORDER BY key DESC LIMIT 1";
constexpr char kScanTerms[] =
    "SELECT value, key FROM term WHERE idx=?1 AND (value,key)>=(?2,?3) AND (value,key)<(?4,?5) "
    "AND since<=?6 ORDER BY value, key LIMIT ?7";
constexpr char kScanTermsBackwards[] =
    "SELECT value, key FROM term WHERE idx=?1 AND (value,key)>=(?2,?3) AND (value,key)<(?4,?5) "
    "AND since<=?6 ORDER BY value DESC, key DESC LIMIT ?7";
constexpr char kScanPast[] =
    "SELECT value, key FROM past_term WHERE idx=?1 AND (value,key)>=(?2,?3) AND "
    "(value,key)<(?4,?5) AND until>?6 AND since<=?6 ORDER BY value, key LIMIT ?7";
constexpr char kScanPastBackwards[] =
    "SELECT value, key FROM past_term WHERE idx=?1 AND (value,key)>=(?2,?3) AND "
    "(value,key)<(?4,?5) AND until>?6 AND since<=?6 ORDER BY value DESC, key DESC LIMIT ?7";
constexpr char kListMoved[] = "SELECT moved_from, key FROM version WHERE seq>?1 AND moved_from<=?2";
constexpr char kListChanges[] =
    "SELECT v.revision, r.at, v.kind, v.key, v.created, v.bytes FROM version v "
    "JOIN revision r ON r.revision=v.revision WHERE v.seq>?1 AND v.seq<=?2 ORDER BY v.seq";
constexpr char kListVersions[] =
    "SELECT v.revision, r.at, r.actor, v.bytes FROM version v "
    "JOIN revision r ON r.revision=v.revision "
    "WHERE v.kind=?1 AND v.key=?2 AND v.revision<?3 ORDER BY v.revision DESC LIMIT ?4";
constexpr char kNewestCommit[] =
    "SELECT revision, at, last_seq FROM revision ORDER BY revision DESC LIMIT 1";
constexpr char kFindCommit[] = "SELECT revision, at, last_seq FROM revision WHERE revision=?1";

base::Instant InstantOf(std::int64_t micros) {
  return base::Instant(std::chrono::microseconds(micros));
}

absl::Status Damaged() {
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "a stored record cannot be read; restore the registry from a backup");
}

// Index and length: see PackTerms().
constexpr size_t kTermHead = 5;

// None if the term that begins at `at` is cut short.
std::optional<size_t> PackedValueSize(const std::string& packed, size_t at) {
  if (packed.size() - at < kTermHead) return std::nullopt;
  size_t size = 0;
  for (size_t byte = 0; byte < 4; ++byte) {
    size |= static_cast<size_t>(static_cast<unsigned char>(packed[at + 1 + byte])) << (8 * byte);
  }
  if (packed.size() - at - kTermHead < size) return std::nullopt;
  return size;
}

}  // namespace

// Each term is its index, the length of its value in four bytes (lowest first),
// and the value; but a place in kAssociationByUpdate is the record's own revision,
// so its value is left out.
std::string PackTerms(const std::vector<IndexTerm>& terms) {
  std::string packed;
  for (const IndexTerm& term : terms) {
    const std::string& value =
        term.index == Index::kAssociationByUpdate ? std::string() : term.value;
    packed += static_cast<char>(term.index);
    for (int shift = 0; shift < 32; shift += 8) {
      packed += static_cast<char>((value.size() >> shift) & 0xFF);
    }
    packed += value;
  }
  return packed;
}

absl::StatusOr<std::vector<IndexTerm>> UnpackTerms(const std::string& packed, Revision revision) {
  std::vector<IndexTerm> terms;
  for (size_t at = 0; at < packed.size();) {
    const auto size = PackedValueSize(packed, at);
    if (!size.has_value()) return Damaged();
    const auto index = static_cast<Index>(packed[at]);
    terms.push_back(index == Index::kAssociationByUpdate
                        ? UpdateTerm(revision)
                        : IndexTerm{index, packed.substr(at + kTermHead, *size)});
    at += kTermHead + *size;
  }
  return terms;
}

bool HasUpdateTerm(const std::string& packed) {
  for (size_t at = 0; at < packed.size();) {
    if (static_cast<Index>(packed[at]) == Index::kAssociationByUpdate) return true;
    const auto size = PackedValueSize(packed, at);
    if (!size.has_value()) return false;
    at += kTermHead + *size;
  }
  return false;
}

absl::StatusOr<Bytes> FindState(Connection& connection, Kind kind, const std::string& key) {
  Statement find = connection.Use(kFindState);
  BB_ASSIGN_OR_RETURN(const bool row, find.Bind(kind, key).Step());
  return row ? find.ToBytes(0) : nullptr;
}

absl::StatusOr<Bytes> FindVersion(Connection& connection,
                                  Kind kind,
                                  const std::string& key,
                                  Revision at) {
  Statement find = connection.Use(kFindVersion);
  BB_ASSIGN_OR_RETURN(const bool row, find.Bind(kind, key, at).Step());
  return row ? find.ToBytes(0) : nullptr;
}

absl::StatusOr<std::optional<std::vector<IndexTerm>>> FindTerms(Connection& connection,
                                                                Kind kind,
                                                                const std::string& key) {
  Statement find = connection.Use(kFindStateTerms);
  BB_ASSIGN_OR_RETURN(const bool row, find.Bind(kind, key).Step());
  if (!row) return std::nullopt;
  return UnpackTerms(find.Text(0), 0);
}

absl::StatusOr<std::vector<Entry>> ScanState(Connection& connection,
                                             Kind kind,
                                             const KeyRange& range) {
  std::vector<Entry> page;
  if (range.limit <= 0) return page;
  const KeyBounds bounds = ToBounds(range);
  Statement scan = connection.Use(range.backwards ? kScanStateBackwards : kScanState);
  scan.Bind(kind, bounds.lower, bounds.upper, range.limit);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, scan.Step());
    if (!row) return page;
    page.push_back({scan.Text(0), scan.ToBytes(1)});
  }
}

namespace {

// The next key the scan meets, or none.
absl::StatusOr<std::optional<std::string>> NextKey(Connection& connection,
                                                   Kind kind,
                                                   const KeyBounds& bounds,
                                                   bool backwards) {
  Statement next = connection.Use(backwards ? kPreviousKey : kNextKey);
  BB_ASSIGN_OR_RETURN(const bool row, next.Bind(kind, bounds.lower, bounds.upper).Step());
  return row ? std::optional(next.Text(0)) : std::nullopt;
}

}  // namespace

// Jumps from key to key in the index of versions, so that a record with a long
// history costs no more than one with none.
absl::StatusOr<std::vector<Entry>> ScanVersions(
    Connection& connection,
    Kind kind,
    const KeyRange& range,
    absl::FunctionRef<absl::StatusOr<Bytes>(const std::string&)> find) {
  const ReadScope scope(connection);
  BB_RETURN_IF_ERROR(scope.status());
  std::vector<Entry> page;
  KeyBounds bounds = ToBounds(range);
  while (std::ssize(page) < range.limit) {
    BB_ASSIGN_OR_RETURN(auto key, NextKey(connection, kind, bounds, range.backwards));
    if (!key.has_value()) break;
    BB_ASSIGN_OR_RETURN(Bytes bytes, find(*key));
    if (range.backwards) {
      bounds.upper = *key;
    } else {
      bounds.lower = JustAfter(*key);
    }
    if (bytes != nullptr) page.push_back({*std::move(key), std::move(bytes)});
  }
  return page;
}

namespace {

absl::Status AddPlaces(Statement scan,
                       const IndexRange& range,
                       Index index,
                       Revision at,
                       std::vector<IndexEntry>& found) {
  const IndexBounds bounds = ToBounds(range);
  const std::optional<std::string> upper_value =
      bounds.upper.has_value() ? std::optional(bounds.upper->value) : std::nullopt;
  const std::string upper_key = bounds.upper.has_value() ? bounds.upper->key : "";
  scan.Bind(index, bounds.lower.value, bounds.lower.key, upper_value, upper_key, at, range.limit);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, scan.Step());
    if (!row) return absl::OkStatus();
    found.push_back({scan.Text(0), scan.Text(1)});
  }
}

}  // namespace

std::vector<IndexEntry> MergePlaces(std::vector<IndexEntry> page,
                                    std::vector<IndexEntry> more,
                                    const IndexRange& range) {
  page.insert(page.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
  std::sort(page.begin(), page.end(), [&range](const IndexEntry& left, const IndexEntry& right) {
    return range.backwards ? right < left : left < right;
  });
  page.erase(std::unique(page.begin(), page.end()), page.end());
  if (std::ssize(page) > range.limit) page.resize(static_cast<size_t>(range.limit));
  return page;
}

absl::StatusOr<std::vector<IndexEntry>> ScanTerms(Connection& connection,
                                                  const IndexMemory& indexes,
                                                  Index index,
                                                  const IndexRange& range,
                                                  Revision at) {
  std::vector<IndexEntry> page;
  if (range.limit <= 0) return page;
  const char* const terms = range.backwards ? kScanTermsBackwards : kScanTerms;
  BB_RETURN_IF_ERROR(AddPlaces(connection.Use(terms), range, index, at, page));
  if (!indexes.MovedSince(index, at)) return page;
  page.clear();
  std::vector<IndexEntry> past;
  // Both tables at one moment, or a place that moves between them could be missed.
  const ReadScope scope(connection);
  BB_RETURN_IF_ERROR(scope.status());
  BB_RETURN_IF_ERROR(AddPlaces(connection.Use(terms), range, index, at, page));
  BB_RETURN_IF_ERROR(AddPlaces(connection.Use(range.backwards ? kScanPastBackwards : kScanPast),
                               range, index, at, past));
  return MergePlaces(std::move(page), std::move(past), range);
}

absl::StatusOr<std::vector<IndexEntry>> ListMovedSince(Connection& connection, Revision at) {
  std::vector<IndexEntry> moved;
  BB_ASSIGN_OR_RETURN(const CommitInfo commit, FindCommit(connection, at));
  Statement list = connection.Use(kListMoved);
  list.Bind(commit.last_seq, at);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, list.Step());
    if (!row) return moved;
    moved.push_back({UpdateTerm(static_cast<Revision>(list.Int(0))).value, list.Text(1)});
  }
}

absl::StatusOr<std::vector<Change>> ListChanges(Connection& connection,
                                                Revision after,
                                                Revision last,
                                                int limit) {
  std::vector<Change> page;
  if (after >= last) return page;
  BB_ASSIGN_OR_RETURN(const CommitInfo from, FindCommit(connection, after));
  BB_ASSIGN_OR_RETURN(const CommitInfo to, FindCommit(connection, last));
  Statement list = connection.Use(kListChanges);
  list.Bind(from.last_seq, to.last_seq);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, list.Step());
    if (!row) return page;
    const auto revision = static_cast<Revision>(list.Int(0));
    if (std::ssize(page) >= limit && (page.empty() || page.back().revision != revision)) {
      return page;
    }
    page.push_back({revision, InstantOf(list.Int(1)), static_cast<Kind>(list.Int(2)), list.Text(3),
                    list.Int(4) != 0, list.ToBytes(5)});
  }
}

absl::StatusOr<std::vector<Version>> ListVersions(Connection& connection,
                                                  Kind kind,
                                                  const std::string& key,
                                                  const VersionRange& range) {
  std::vector<Version> page;
  if (range.limit <= 0 || !IsVersioned(kind)) return page;
  Statement list = connection.Use(kListVersions);
  list.Bind(kind, key, range.before, range.limit);
  while (true) {
    BB_ASSIGN_OR_RETURN(const bool row, list.Step());
    if (!row) return page;
    page.push_back({static_cast<Revision>(list.Int(0)), InstantOf(list.Int(1)), list.Text(2),
                    list.ToBytes(3)});
  }
}

absl::StatusOr<CommitInfo> NewestCommit(Connection& connection) {
  Statement newest = connection.Use(kNewestCommit);
  BB_ASSIGN_OR_RETURN(const bool row, newest.Step());
  if (!row) return CommitInfo{};
  return CommitInfo{static_cast<Revision>(newest.Int(0)), InstantOf(newest.Int(1)), newest.Int(2)};
}

absl::StatusOr<CommitInfo> FindCommit(Connection& connection, Revision revision) {
  if (revision == 0) return CommitInfo{};
  Statement find = connection.Use(kFindCommit);
  BB_ASSIGN_OR_RETURN(const bool row, find.Bind(revision).Step());
  if (!row) return Damaged();
  return CommitInfo{revision, InstantOf(find.Int(1)), find.Int(2)};
}

}  // namespace brobygger::storage
