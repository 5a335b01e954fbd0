#include "core/scope/scoped_store.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace brobygger::scope {

using storage::Bytes;
using storage::Change;
using storage::Kind;
using storage::Revision;
using storage::Snapshot;
using storage::Version;

namespace {

// What is left of a record as it was. The same rule as for a snapshot of the past: an association
// is seen as it is now, and as it was then.
absl::StatusOr<Bytes> ToldOfThePast(const access::Caller& caller,
                                    Sieve& now,
                                    Kind kind,
                                    const std::string& key,
                                    const Bytes& bytes) {
  if (kind != Kind::kAssociation) return now.Told(kind, key, bytes);
  BB_ASSIGN_OR_RETURN(const access::Sight sight, now.judge().SightOfAssociation(key));
  if (sight == access::Sight::kNothing) return Bytes();
  BB_ASSIGN_OR_RETURN(const Bytes told, now.Told(kind, key, bytes));
  if (told == nullptr || sight == access::Sight::kWhole) return told;
  return PublicBytes(caller, told);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> ScopedStore::Latest() const {
  BB_ASSIGN_OR_RETURN(auto latest, whole_.Latest());
  return Seen(caller_, std::move(latest));
}

absl::StatusOr<std::shared_ptr<const Snapshot>> ScopedStore::At(Revision revision) const {
  if (all_) return whole_.At(revision);
  BB_ASSIGN_OR_RETURN(auto latest, whole_.Latest());
  if (latest->revision() == revision) return Seen(caller_, std::move(latest));
  BB_ASSIGN_OR_RETURN(auto then, whole_.At(revision));
  return std::make_shared<const ScopedSnapshot>(caller_, std::move(then), std::move(latest));
}

void ScopedStore::Submit(std::string actor, Body body, Done done) {
  whole_.Submit(
      std::move(actor),
      [caller = &caller_, body = std::move(body)](storage::Transaction& transaction) {
        ScopedTransaction scoped(*caller, transaction);
        return body(scoped);
      },
      std::move(done));
}

absl::StatusOr<std::vector<Version>> ScopedStore::VersionsOf(Kind kind,
                                                             const std::string& key,
                                                             Revision before,
                                                             int limit) const {
  if (all_) return whole_.VersionsOf(kind, key, before, limit);
  BB_ASSIGN_OR_RETURN(const auto latest, whole_.Latest());
  Sieve now(caller_, *latest, *latest);
  std::vector<Version> told;
  while (true) {
    BB_ASSIGN_OR_RETURN(auto versions, whole_.VersionsOf(kind, key, before, limit));
    for (Version& version : versions) {
      before = version.revision;
      BB_ASSIGN_OR_RETURN(Bytes bytes, ToldOfThePast(caller_, now, kind, key, version.bytes));
      if (bytes == nullptr) continue;
      // Who in another municipality wrote it is theirs to know.
      if (bytes != version.bytes) version.actor.clear();
      version.bytes = std::move(bytes);
      told.push_back(std::move(version));
      if (told.size() == static_cast<std::size_t>(limit)) return told;
    }
    if (versions.size() < static_cast<std::size_t>(limit)) return told;
  }
}

absl::StatusOr<bool> ScopedStore::WasSeenBefore(const Change& change) const {
  if (change.created) return false;
  BB_ASSIGN_OR_RETURN(const auto versions,
                      whole_.VersionsOf(change.kind, change.key, change.revision, 1));
  if (versions.empty() || versions.front().bytes == nullptr) return false;
  BB_ASSIGN_OR_RETURN(const auto then, whole_.At(versions.front().revision));
  Sieve sieve(caller_, *then, *then);
  BB_ASSIGN_OR_RETURN(const Bytes told,
                      sieve.Told(change.kind, change.key, versions.front().bytes));
  return told != nullptr;
}

// Whether the caller hears of the change, of which it then holds no more than they may see.
absl::StatusOr<bool> ScopedStore::Keep(Sieve& now, Change& change) const {
  if (change.bytes != nullptr) {
    BB_ASSIGN_OR_RETURN(Bytes told,
                        ToldOfThePast(caller_, now, change.kind, change.key, change.bytes));
    change.bytes = std::move(told);
    if (change.bytes != nullptr) return true;
  }
  return WasSeenBefore(change);
}

absl::StatusOr<std::vector<Change>> ScopedStore::ChangesAfter(Revision after, int limit) const {
  if (all_) return whole_.ChangesAfter(after, limit);
  BB_ASSIGN_OR_RETURN(const auto latest, whole_.Latest());
  Sieve now(caller_, *latest, *latest);
  while (true) {
    BB_ASSIGN_OR_RETURN(auto changes, whole_.ChangesAfter(after, limit));
    if (changes.empty()) return changes;
    after = changes.back().revision;
    std::vector<Change> told;
    for (Change& change : changes) {
      BB_ASSIGN_OR_RETURN(const bool keep, Keep(now, change));
      if (keep) told.push_back(std::move(change));
    }
    if (!told.empty()) return told;
  }
}

void Stores::Submit(const access::Caller& caller, Body body, storage::Store::Done done) const {
  whole_.Submit(
      caller.actor,
      [&caller, body = std::move(body)](storage::Transaction& transaction) {
        ScopedTransaction scoped(caller, transaction);
        return body(scoped);
      },
      std::move(done));
}

absl::StatusOr<storage::Store*> Stores::Whole(const access::MethodAccess& access) const {
  if (access.scope() != access::v1::SCOPE_CALLER) return &whole_;
  return absl::InternalError("a method whose records are its caller's asked for everybody's");
}

}  // namespace brobygger::scope
