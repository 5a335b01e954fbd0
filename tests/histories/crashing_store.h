#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/status_macros.h"
#include "core/conformance/mortal_store.h"
#include "tests/support/counted_reads.h"

namespace brobygger::histories {

// What never reaches the disk, or is not found there.
struct Forgets {
  std::vector<storage::Kind> kinds = {};
  bool bases = false;          // of single fields
  bool registry_base = false;  // of all fields that have none of their own
  bool our_ids = false;        // on records that have no association yet
  bool merges = false;         // the absorbed one is a deleted one
  bool other_rows = false;     // all records of an association but the last

  bool anything() const {
    return !kinds.empty() || bases || registry_base || our_ids || merges || other_rows;
  }
};

// Of the places of an association's records the last one alone.
inline absl::StatusOr<std::vector<storage::IndexEntry>> OnlyTheLast(
    storage::Index index, absl::StatusOr<std::vector<storage::IndexEntry>> places) {
  if (index != storage::Index::kLinkByAssociation || !places.ok() || places->size() < 2) {
    return places;
  }
  return std::vector<storage::IndexEntry>{places->back()};
}

// A snapshot that does not show all records of an association.
class NarrowSnapshot final : public storage::Snapshot {
 public:
  explicit NarrowSnapshot(std::shared_ptr<const Snapshot> inner) : inner_(std::move(inner)) {}

  storage::Revision revision() const override { return inner_->revision(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override {
    return inner_->Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override {
    return inner_->Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    return OnlyTheLast(index, inner_->ScanIndex(index, range));
  }

 private:
  const std::shared_ptr<const Snapshot> inner_;
};

// Passes a write on without what the sync should be tried without.
class ForgetfulTransaction final : public storage::Transaction {
 public:
  ForgetfulTransaction(storage::Transaction& inner, const Forgets& forgets)
      : inner_(inner), forgets_(forgets) {}

  storage::Revision revision() const override { return inner_.revision(); }
  base::Instant now() const override { return inner_.now(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override {
    return inner_.Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override {
    return inner_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    auto places = inner_.ScanIndex(index, range);
    return forgets_.other_rows ? OnlyTheLast(index, std::move(places)) : std::move(places);
  }
  absl::Status Put(storage::Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<storage::IndexTerm> terms) override {
    for (const storage::Kind forgotten : forgets_.kinds) {
      if (kind == forgotten) return absl::OkStatus();
    }
    if (kind == storage::Kind::kLink) bytes = WithoutBases(std::move(bytes));
    if (kind == storage::Kind::kClaim && forgets_.our_ids) {
      BB_ASSIGN_OR_RETURN(const storage::Bytes link, inner_.Find(storage::Kind::kLink, key));
      if (link == nullptr) bytes = WithoutOurId(bytes);
    }
    if (kind == storage::Kind::kAssociation && forgets_.merges) bytes = WithoutMerge(bytes);
    return inner_.Put(kind, key, std::move(bytes), std::move(terms));
  }
  absl::Status Remove(storage::Kind kind, const std::string& key) override {
    return inner_.Remove(kind, key);
  }

 private:
  std::string WithoutBases(std::string bytes) const {
    if (!forgets_.bases && !forgets_.registry_base) return bytes;
    sync::v1::Link link;
    link.ParseFromString(bytes);
    if (forgets_.bases) link.clear_bases();
    if (forgets_.registry_base) link.clear_agreed_revision();
    return link.SerializeAsString();
  }

  static std::string WithoutOurId(const std::string& bytes) {
    sync::v1::Claim claim;
    claim.ParseFromString(bytes);
    claim.mutable_told()->clear_foreign_id();
    return claim.SerializeAsString();
  }

  static std::string WithoutMerge(const std::string& bytes) {
    registry::v1::Association association;
    association.ParseFromString(bytes);
    association.clear_merged_into_association_id();
    return association.SerializeAsString();
  }

  storage::Transaction& inner_;
  const Forgets& forgets_;
};

// A disk that dies, and that may forget meanwhile what the sync should be tried without.
class CrashingStore final : public conformance::MortalStore {
 public:
  using MortalStore::MortalStore;

  void Submit(std::string actor, Body body, Done done) override {
    MortalStore::Submit(
        std::move(actor),
        [this, body = std::move(body)](storage::Transaction& transaction) {
          if (!forgets.anything()) return body(transaction);
          ForgetfulTransaction forgetful(transaction, forgets);
          return body(forgetful);
        },
        std::move(done));
  }

  absl::StatusOr<std::shared_ptr<const storage::Snapshot>> Latest() const override {
    BB_ASSIGN_OR_RETURN(auto latest, MortalStore::Latest());
    if (forgets.other_rows) latest = std::make_shared<NarrowSnapshot>(std::move(latest));
    return std::make_shared<support::CountedReads>(std::move(latest), reads_);
  }
  // How often a snapshot has been asked.
  int reads() const { return reads_; }

  Forgets forgets;

 private:
  mutable std::atomic<int> reads_ = 0;
};

}  // namespace brobygger::histories
