#include "core/sync/follow.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/status_macros.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/outbound.h"
#include "core/sync/subject.h"

namespace brobygger::sync {
namespace {

using storage::Kind;

constexpr int kChangesAtOnce = 1000;

absl::StatusOr<v1::StreamState> StateOf(const storage::Snapshot& snapshot,
                                        const StreamKey& stream) {
  BB_ASSIGN_OR_RETURN(auto state,
                      Load<v1::StreamState>(snapshot, Kind::kStreamState, stream.prefix()));
  return state ? *std::move(state) : v1::StreamState();
}

absl::Status Mark(storage::Store& store,
                  const StreamKey& stream,
                  const std::set<std::string>& dirty,
                  storage::Revision followed) {
  return store
      .Write("sync",
             [&](storage::Transaction& transaction) -> absl::Status {
               for (const std::string& id : dirty) {
                 BB_RETURN_IF_ERROR(MarkDirty(transaction, stream, id));
               }
               if (followed == 0) return absl::OkStatus();
               BB_ASSIGN_OR_RETURN(v1::StreamState state, StateOf(transaction, stream));
               state.set_followed_revision(followed);
               return transaction.Put(Kind::kStreamState, stream.prefix(),
                                      state.SerializeAsString());
             })
      .status();
}

// Every association that has, or is to get, a record in the stream.
absl::Status MarkAll(storage::Store& store, const v1::Connection& connection) {
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  std::set<std::string> dirty;
  const auto mark = [&](const std::string& id) -> absl::Status {
    dirty.insert(id);
    if (dirty.size() < static_cast<std::size_t>(kChangesAtOnce)) return absl::OkStatus();
    BB_RETURN_IF_ERROR(Mark(store, stream, dirty, 0));
    dirty.clear();
    return absl::OkStatus();
  };
  if (connection.creates()) {
    BB_RETURN_IF_ERROR(
        ForEach(*latest, Kind::kAssociation, "",
                [&](const std::string& id, const std::string& /*bytes*/) { return mark(id); }));
  } else {
    BB_RETURN_IF_ERROR(ForEach(*latest, Kind::kLink, stream.prefix(),
                               [&](const std::string& /*key*/, const std::string& bytes) {
                                 v1::Link link;
                                 link.ParseFromString(bytes);
                                 return mark(link.association_id());
                               }));
  }
  return Mark(store, stream, dirty, latest->revision() + 1);
}

// The association that the source must hear of: none if a sync with it made the change;
// the other one if it was merged into that.
absl::StatusOr<std::string> NewsOf(const storage::Snapshot& snapshot,
                                   const v1::Connection& connection,
                                   const storage::Change& change) {
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto records, LiveRecordsOf(stream, snapshot, change.key));
  for (const std::string& external_id : records) {
    BB_ASSIGN_OR_RETURN(const auto link,
                        Load<v1::Link>(snapshot, Kind::kLink, stream.For(external_id)));
    const bool behind =
        link && (link->agreed_revision() < change.revision || !link->bases().empty());
    if (behind) return change.key;
  }
  if (!records.empty() || change.bytes == nullptr) return std::string();
  registry::v1::Association association;
  association.ParseFromString(*change.bytes);
  const std::string& into = association.merged_into_association_id();
  if (!into.empty()) return into;
  return connection.creates() ? change.key : std::string();
}

}  // namespace

// A state of `n + 1` says that everything up to revision n is marked: 0 is "nothing yet"
// also in an empty registry.
absl::Status FollowRegistry(storage::Store& store, const v1::Connection& connection) {
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  if (!mapping.writes()) return absl::OkStatus();
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(const v1::StreamState state, StateOf(*latest, stream));
  if (state.followed_revision() == 0) return MarkAll(store, connection);
  storage::Revision followed = state.followed_revision() - 1;
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto changes, store.ChangesAfter(followed, kChangesAtOnce));
    if (changes.empty()) return absl::OkStatus();
    // What became of each last: one that was edited and then merged away is news of another.
    std::map<std::string, const storage::Change*> newest;
    for (const storage::Change& change : changes) {
      followed = change.revision;
      if (change.kind == Kind::kAssociation) newest[change.key] = &change;
    }
    std::set<std::string> dirty;
    for (const auto& [id, change] : newest) {
      BB_ASSIGN_OR_RETURN(const std::string news, NewsOf(*latest, connection, *change));
      if (!news.empty()) dirty.insert(news);
    }
    BB_RETURN_IF_ERROR(Mark(store, stream, dirty, followed + 1));
  }
}

absl::StatusOr<bool> IsDue(const storage::Snapshot& snapshot,
                           const StreamKey& stream,
                           const std::string& association_id,
                           const std::string& mark,
                           base::Instant now) {
  v1::DirtyMark read;
  read.ParseFromString(mark);
  if (read.has_not_before_time() && base::ToInstant(read.not_before_time()) > now) return false;
  const std::string key = stream.For(association_id);
  BB_ASSIGN_OR_RETURN(const storage::Bytes open, snapshot.Find(Kind::kOperation, key));
  if (open != nullptr) return false;
  BB_ASSIGN_OR_RETURN(const auto letter, Load<v1::DeadLetter>(snapshot, Kind::kDeadLetter, key));
  if (!letter) return true;
  BB_ASSIGN_OR_RETURN(const auto association, registry::FindAssociation(snapshot, association_id));
  return association && registry::RevisionOfEtag(association->etag()) > letter->base_revision();
}

absl::StatusOr<bool> AnyDue(const storage::Snapshot& snapshot,
                            const StreamKey& stream,
                            base::Instant now) {
  bool any = false;
  const auto look = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    if (any) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(any, IsDue(snapshot, stream, ExternalIdOf(stream, key), bytes, now));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kDirty, stream.prefix(), look));
  return any;
}

absl::StatusOr<std::uint64_t> SumOfTimedAndDue(const storage::Snapshot& snapshot,
                                               const StreamKey& stream,
                                               base::Instant now) {
  std::uint64_t sum = 0;
  const auto look = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    v1::DirtyMark mark;
    mark.ParseFromString(bytes);
    if (!mark.has_not_before_time()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const bool due,
                        IsDue(snapshot, stream, ExternalIdOf(stream, key), bytes, now));
    if (due) sum += std::hash<std::string>()(key + '\0' + bytes);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kDirty, stream.prefix(), look));
  return sum;
}

}  // namespace brobygger::sync
