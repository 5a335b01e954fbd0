#include "core/storage/listening_store.h"

#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/storage/store_around.h"

namespace brobygger::storage {
namespace {

struct HeardChange {
  Kind kind;
  std::string key;
  Bytes before;
  Bytes after;
};
using Changes = std::vector<HeardChange>;

// Remembers what one body changes.
class HeardTransaction final : public Transaction {
 public:
  HeardTransaction(Transaction& inner, const Listener& listener, Changes& changes)
      : inner_(inner), listener_(listener), changes_(changes) {}

  Revision revision() const override { return inner_.revision(); }
  base::Instant now() const override { return inner_.now(); }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override {
    return inner_.Find(kind, key);
  }
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override {
    return inner_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override {
    return inner_.ScanIndex(index, range);
  }
  absl::Status Put(Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<IndexTerm> terms) override {
    if (!listener_.Hears(kind)) return inner_.Put(kind, key, std::move(bytes), std::move(terms));
    BB_ASSIGN_OR_RETURN(Bytes before, inner_.Find(kind, key));
    auto after = std::make_shared<const std::string>(bytes);
    BB_RETURN_IF_ERROR(inner_.Put(kind, key, std::move(bytes), std::move(terms)));
    changes_.push_back({kind, key, std::move(before), std::move(after)});
    return absl::OkStatus();
  }
  absl::Status Remove(Kind kind, const std::string& key) override {
    if (!listener_.Hears(kind)) return inner_.Remove(kind, key);
    BB_ASSIGN_OR_RETURN(Bytes before, inner_.Find(kind, key));
    BB_RETURN_IF_ERROR(inner_.Remove(kind, key));
    changes_.push_back({kind, key, std::move(before), nullptr});
    return absl::OkStatus();
  }

 private:
  Transaction& inner_;
  const Listener& listener_;
  Changes& changes_;
};

class ListeningStore final : public StoreAround {
 public:
  ListeningStore(std::unique_ptr<Store> inner, Listener& listener)
      : StoreAround(std::move(inner)), listener_(listener) {}

  void Submit(std::string actor, Body body, Done done) override {
    auto changes = std::make_shared<Changes>();
    inner().Submit(
        std::move(actor),
        [this, changes, body = std::move(body)](Transaction& transaction) {
          HeardTransaction heard(transaction, listener_, *changes);
          return body(heard);
        },
        [this, changes, done = std::move(done)](absl::StatusOr<Revision> revision) {
          if (revision.ok()) Tell(*changes);
          done(std::move(revision));
        });
  }

 private:
  void Tell(const Changes& changes) {
    for (const auto& change : changes) {
      listener_.Heard(change.kind, change.key, change.before, change.after);
    }
  }

  Listener& listener_;
};

}  // namespace

std::unique_ptr<Store> MakeListeningStore(std::unique_ptr<Store> inner, Listener& listener) {
  return std::make_unique<ListeningStore>(std::move(inner), listener);
}

}  // namespace brobygger::storage
