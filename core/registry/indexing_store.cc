#include "core/registry/indexing_store.h"

#include <string>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/registry/settle.h"
#include "core/storage/store_around.h"

namespace brobygger::registry {
namespace {

using storage::Bytes;
using storage::Kind;
using storage::Revision;
using storage::Transaction;

// A record the identity was told of, and what it was before.
struct Heard {
  Kind kind;
  std::string key;
  Bytes before;
};
using HeardList = std::vector<Heard>;

// Passes everything on, and tells the identity.
class HeardTransaction final : public Transaction {
 public:
  HeardTransaction(Transaction& inner, Identity& identity, HeardList& heard)
      : inner_(inner), identity_(identity), heard_(heard) {}

  Revision revision() const override { return inner_.revision(); }
  base::Instant now() const override { return inner_.now(); }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override {
    return inner_.Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(Kind kind,
                                                   const storage::KeyRange& range) const override {
    return inner_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    return inner_.ScanIndex(index, range);
  }
  absl::Status Put(Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<storage::IndexTerm> terms) override {
    if (!Identity::Hears(kind)) {
      return inner_.Put(kind, key, std::move(bytes), std::move(terms));
    }
    BB_ASSIGN_OR_RETURN(Bytes before, inner_.Find(kind, key));
    BB_RETURN_IF_ERROR(inner_.Put(kind, key, std::move(bytes), std::move(terms)));
    return Hear(kind, key, std::move(before));
  }
  absl::Status Remove(Kind kind, const std::string& key) override {
    if (!Identity::Hears(kind)) return inner_.Remove(kind, key);
    BB_ASSIGN_OR_RETURN(Bytes before, inner_.Find(kind, key));
    BB_RETURN_IF_ERROR(inner_.Remove(kind, key));
    return Hear(kind, key, std::move(before));
  }

 private:
  absl::Status Hear(Kind kind, const std::string& key, Bytes before) {
    BB_ASSIGN_OR_RETURN(const Bytes after, inner_.Find(kind, key));
    heard_.push_back({kind, key, std::move(before)});
    identity_.Tell(kind, key, after);
    return absl::OkStatus();
  }

  Transaction& inner_;
  Identity& identity_;
  HeardList& heard_;
};

class IndexingStore final : public storage::StoreAround {
 public:
  IndexingStore(std::unique_ptr<storage::Store> inner, Identity& identity)
      : StoreAround(std::move(inner)), identity_(identity) {}

  void Submit(std::string actor, Body body, Done done) override {
    auto heard = std::make_shared<HeardList>();
    inner().Submit(
        std::move(actor),
        [this, heard, body = std::move(body)](Transaction& transaction) {
          // Else it could miss a write, or a write what it knows.
          identity_.AwaitLoaded();
          HeardTransaction told(transaction, identity_, *heard);
          absl::Status status = body(told);
          if (!status.ok()) TakeBack(*heard);
          return status;
        },
        [this, heard, done = std::move(done)](absl::StatusOr<Revision> revision) {
          if (revision.ok()) {
            SettleWhatChanged(*heard);
          } else {
            ReadAgain(*heard);
          }
          done(std::move(revision));
        });
  }

 private:
  // The body failed: what it said was never so. Also while the rest of its commit
  // group goes on.
  void TakeBack(HeardList& heard) {
    for (auto one = heard.rbegin(); one != heard.rend(); ++one) {
      identity_.Tell(one->kind, one->key, one->before);
    }
    heard.clear();
  }

  // The body went well, but the commit failed, and with it every body of its
  // group: only what is on the disk is so.
  void ReadAgain(const HeardList& heard) {
    if (heard.empty()) return;
    const auto latest = inner().Latest();
    for (const Heard& one : heard) {
      const auto bytes = latest.ok() ? (*latest)->Find(one.kind, one.key) : latest.status();
      if (!bytes.ok()) base::LogError("identity_not_read_again", {});
      identity_.Tell(one.kind, one.key, bytes.ok() ? *bytes : one.before);
    }
  }

  void SettleWhatChanged(const HeardList& heard) {
    std::vector<std::string> changed;
    for (const Heard& one : heard) {
      // A question about a new association has just been asked.
      const bool before = one.kind == Kind::kAssociation && one.before != nullptr;
      if (before && !identity_.DoubtsAbout(one.key).empty()) changed.push_back(one.key);
    }
    if (changed.empty()) return;
    Submit(
        kHubActor,
        [this, changed](Transaction& transaction) {
          return SettleQuestions(transaction, identity_, changed);
        },
        [](const absl::StatusOr<Revision>& done) {
          if (!done.ok()) base::LogWarning("questions_not_settled", {});
        });
  }

  Identity& identity_;
};

}  // namespace

std::unique_ptr<storage::Store> MakeIndexingStore(std::unique_ptr<storage::Store> inner,
                                                  Identity& identity) {
  return std::make_unique<IndexingStore>(std::move(inner), identity);
}

}  // namespace brobygger::registry
