#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <google/protobuf/field_mask.pb.h>

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/registry/query.h"
#include "core/storage/memory/memory_store.h"
#include "core/sync/connections.h"
#include "core/sync/engine.h"
#include "tests/support/fake_source.h"

namespace brobygger::support {

using registry::v1::Association;
namespace v1 = sync::v1;

inline constexpr char kCvr[] = "99000007";

inline v1::Connection ConnectionNamed(const std::string& id) {
  v1::Connection connection;
  connection.set_id(id);
  connection.set_title("Kilde " + id);
  connection.set_plugin("fake");
  connection.set_family(v1::Connection::FAMILY_GRANTS);
  connection.set_config_json("{}");
  connection.set_default_municipality_code("0615");
  for (const auto& [source, target] : std::map<std::string, std::string>{{"navn", "official_name"},
                                                                         {"cvr", "cvr"},
                                                                         {"formaal", "purpose.da"},
                                                                         {"tlf", "phone"}}) {
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field(source);
    mapping.set_target(target);
  }
  return connection;
}

// A hub with the two sources of a grant officer and a volunteer centre.
struct Hub {
  registry::Identity identity{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store =
      registry::MakeIndexingStore(storage::OpenMemoryStore(base::SystemClock()), identity);
  FakeSource source;
  sync::Engine engine{*store, identity, source, base::SystemClock()};
  supervisor::CancelToken cancel;

  Hub() {
    REQUIRE(Create(ConnectionNamed("tilskud")).ok());
    REQUIRE(Create(ConnectionNamed("frivillig")).ok());
  }

  absl::Status Create(const v1::Connection& connection) {
    return store
        ->Write("operator",
                [&](storage::Transaction& transaction) {
                  return sync::CreateConnection(transaction, connection).status();
                })
        .status();
  }

  absl::Status Update(const v1::Connection& connection) {
    return store
        ->Write("operator",
                [&](storage::Transaction& transaction) {
                  return sync::UpdateConnection(transaction, connection).status();
                })
        .status();
  }

  v1::Plan Plan(const std::string& id = "tilskud") {
    auto plan = engine.PlanSync(id, "operator", nullptr, cancel);
    INFO(plan.status());
    REQUIRE(plan.ok());
    return *plan;
  }

  v1::Run Apply(const v1::Plan& plan, bool accept_held = false) {
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan.id());
    request.set_accept_held(accept_held);
    auto run = engine.ApplyPlan(request, "operator", nullptr, cancel);
    INFO(run.status());
    REQUIRE(run.ok());
    return *run;
  }

  v1::Run Sync(const std::string& id = "tilskud", bool accept_held = false) {
    return Apply(Plan(id), accept_held);
  }

  std::vector<Association> Associations(bool deleted = false) {
    registry::v1::ListAssociationsRequest request;
    request.set_show_deleted(deleted);
    request.set_page_size(500);
    const auto listed = registry::ListAssociations(*store, request);
    INFO(listed.status());
    REQUIRE(listed.ok());
    return {listed->associations().begin(), listed->associations().end()};
  }

  void Edit(const Association& wanted, const std::string& path) {
    google::protobuf::FieldMask mask;
    mask.add_paths(path);
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      return registry::UpdateAssociation(transaction, wanted, mask, "operator").status();
    });
    INFO(written.status());
    REQUIRE(written.ok());
  }

  void TellTen() {
    for (int i = 0; i < 10; ++i) {
      source.Tell("r" + std::to_string(i), {{"navn", "Forening nummer " + std::to_string(i)}});
    }
  }
};

inline std::vector<std::string> SourcesOf(const Association& association, const std::string& path) {
  std::vector<std::string> sources;
  for (const auto& statement : association.provenance()) {
    for (const auto& said : statement.paths()) {
      if (said == path) sources.push_back(statement.connection_id());
    }
  }
  std::sort(sources.begin(), sources.end());
  return sources;
}

}  // namespace brobygger::support
