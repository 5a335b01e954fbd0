#pragma once

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/conformance/store_cases.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::conformance {

using storage::Change;
using storage::Index;
using storage::IndexTerm;
using storage::Kind;
using storage::Revision;
using storage::Store;
using storage::Transaction;

// An empty store of each kind in turn, in a folder and with a clock of its own.
struct StoreFixture {
  StoreFixture() : store_case(GENERATE(from_range(StoreCases()))) { Reopen(); }

  void Reopen() {
    store = nullptr;
    store = store_case.open(folder.path(), clock);
  }

  // One record in a write of its own.
  Revision Put(Kind kind,
               const std::string& key,
               const std::string& bytes,
               const std::vector<IndexTerm>& terms = {}) {
    const auto revision = store->Write("tester", [&](Transaction& transaction) {
      return transaction.Put(kind, key, bytes, terms);
    });
    REQUIRE(revision.ok());
    return *revision;
  }
  Revision Remove(Kind kind, const std::string& key) {
    const auto revision = store->Write(
        "tester", [&](Transaction& transaction) { return transaction.Remove(kind, key); });
    REQUIRE(revision.ok());
    return *revision;
  }

  std::shared_ptr<const storage::Snapshot> Latest() const { return *store->Latest(); }
  std::shared_ptr<const storage::Snapshot> At(Revision revision) const {
    return *store->At(revision);
  }

  const StoreCase store_case;
  support::FakeClock clock;
  support::TempFolder folder;
  std::unique_ptr<Store> store;
};

// The bytes of a record, or "(none)".
inline std::string Text(const absl::StatusOr<storage::Bytes>& bytes) {
  if (!bytes.ok()) return bytes.status().ToString();
  return *bytes == nullptr ? "(none)" : **bytes;
}

// "key=bytes" for each, with a space between.
inline std::string Text(const absl::StatusOr<std::vector<storage::Entry>>& entries) {
  if (!entries.ok()) return entries.status().ToString();
  std::string text;
  for (const auto& entry : *entries) {
    text += (text.empty() ? "" : " ") + entry.key + "=" + *entry.bytes;
  }
  return text;
}

// "value/key" for each, with a space between.
inline std::string Text(const absl::StatusOr<std::vector<storage::IndexEntry>>& entries) {
  if (!entries.ok()) return entries.status().ToString();
  std::string text;
  for (const auto& entry : *entries) {
    text += (text.empty() ? "" : " ") + entry.value + "/" + entry.key;
  }
  return text;
}

// "revision:key" for each, "+" behind those that were added and "-" behind those
// that were taken away, with a space between.
inline std::string Text(const absl::StatusOr<std::vector<Change>>& changes) {
  if (!changes.ok()) return changes.status().ToString();
  std::string text;
  for (const auto& change : *changes) {
    text += (text.empty() ? "" : " ") + std::to_string(change.revision) + ":" + change.key +
            (change.created ? "+" : "") + (change.bytes == nullptr ? "-" : "");
  }
  return text;
}

}  // namespace brobygger::conformance
