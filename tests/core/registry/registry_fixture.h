#pragma once

#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/edit.h"
#include "core/registry/ingest.h"
#include "core/registry/query.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::registry {

inline Association Named(const std::string& name) {
  Association association;
  association.set_official_name(name);
  association.set_municipality_code("0615");
  return association;
}

inline void AddIdentifier(Association& association,
                          const std::string& scheme,
                          const std::string& value) {
  v1::Identifier* identifier = association.add_identifiers();
  identifier->set_scheme(scheme);
  identifier->set_value(value);
}

// A registry of its own, in memory, with a clock that a test moves.
class RegistryFixture {
 public:
  // Runs one write and gives what its body gave.
  template <typename Body>
  auto Write(Body body) {
    decltype(body(std::declval<storage::Transaction&>())) result = absl::UnknownError("not run");
    clock.Advance(std::chrono::seconds(1));
    const auto revision =
        store->Write("operator", [&](storage::Transaction& transaction) -> absl::Status {
          result = body(transaction);
          return StatusOf(result);
        });
    if (!revision.ok()) result = revision.status();
    return result;
  }

  absl::StatusOr<Association> Create(const Association& wanted) {
    return Write(
        [&](auto& transaction) { return CreateAssociation(transaction, wanted, "operator"); });
  }

  absl::StatusOr<Association> Update(const Association& wanted,
                                     const std::vector<std::string>& paths,
                                     const std::string& actor = "operator") {
    google::protobuf::FieldMask mask;
    mask.mutable_paths()->Assign(paths.begin(), paths.end());
    return Write(
        [&](auto& transaction) { return UpdateAssociation(transaction, wanted, mask, actor); });
  }

  absl::StatusOr<Association> Delete(const std::string& id, const std::string& etag = "") {
    return Write(
        [&](auto& transaction) { return DeleteAssociation(transaction, id, etag, "operator"); });
  }

  absl::StatusOr<Association> Undelete(const std::string& id, const std::string& etag = "") {
    return Write(
        [&](auto& transaction) { return UndeleteAssociation(transaction, id, etag, "operator"); });
  }

  absl::StatusOr<Association> Ingest(const Association& next) {
    return Write([&](auto& transaction) { return IngestAssociation(transaction, next); });
  }

  std::shared_ptr<const storage::Snapshot> Latest() const { return *store->Latest(); }

  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);

 private:
  static absl::Status StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static absl::Status StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }
};

}  // namespace brobygger::registry
