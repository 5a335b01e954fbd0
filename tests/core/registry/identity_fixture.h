#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/decide.h"
#include "core/registry/edit.h"
#include "core/registry/explain.h"
#include "core/registry/indexing_store.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/questions.h"
#include "core/registry/settle.h"
#include "core/registry/statements.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::registry {

namespace idv1 = identity::v1;

// What one source tells.
struct Told {
  std::string connection;
  std::string external_id;
  std::vector<std::pair<std::string, std::string>> fields;  // path, text
};

inline v1::Provenance SourceOf(const Told& told) {
  v1::Provenance who;
  who.set_connection_id(told.connection);
  who.set_external_id(told.external_id);
  who.set_actor("plugin:fake");
  return who;
}

// A registry in memory whose store tells its identity.
class IdentityFixture {
 public:
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

  // A new association that one source tells of.
  v1::Association Make(const Told& told) {
    v1::Association next;
    next.set_municipality_code("0615");
    std::vector<std::string> paths;
    for (const auto& [path, text] : told.fields) {
      REQUIRE(model::SetFieldText(next, path, text).ok());
      paths.push_back(path);
    }
    model::RecordStatement(next, SourceOf(told), paths);
    const auto made =
        Write([&](auto& transaction) { return IngestAssociation(transaction, next); });
    INFO(made.status());
    REQUIRE(made.ok());
    return *made;
  }

  v1::Association Get(const std::string& id) {
    const auto found = FindAssociation(**store->Latest(), id);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return **found;
  }

  absl::StatusOr<idv1::DecideResponse> Say(const std::string& from,
                                           idv1::Decision::Kind kind,
                                           const std::string& to,
                                           bool override_earlier = false) {
    idv1::DecideRequest request;
    request.set_from_association_id(from);
    request.set_to_association_id(to);
    request.set_kind(kind);
    request.set_override_earlier(override_earlier);
    return Say(request);
  }
  absl::StatusOr<idv1::DecideResponse> Say(const idv1::DecideRequest& request) {
    return Write(
        [&](auto& transaction) { return Decide(transaction, identity, request, "operator"); });
  }

  absl::StatusOr<idv1::UndoDecisionResponse> Undo(const std::string& decision_id) {
    idv1::UndoDecisionRequest request;
    request.set_decision_id(decision_id);
    return Write([&](auto& transaction) {
      return UndoDecision(transaction, identity, request, "operator");
    });
  }

  // Asks whether the two are the same, as sync does where it is in doubt.
  void Ask(const std::string& newer, const std::string& older) {
    const Candidate candidate{older, Verdict::kAsk, 0.0, 0.5, ""};
    const auto asked = Write([&](auto& transaction) {
      return AskQuestion(transaction, identity, newer, candidate, {});
    });
    INFO(asked.status());
    REQUIRE(asked.ok());
  }

  idv1::ListQuestionsResponse Questions() {
    const auto listed = ListQuestions(**store->Latest(), {});
    REQUIRE(listed.ok());
    return *listed;
  }

  std::shared_ptr<const storage::Snapshot> Latest() { return *store->Latest(); }

  support::FakeClock clock;
  Identity identity{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store =
      MakeIndexingStore(storage::OpenMemoryStore(clock), identity);

 private:
  static absl::Status StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static absl::Status StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }
};

}  // namespace brobygger::registry
