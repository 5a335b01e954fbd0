// A hub with one source that it may write to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/sync/lists.h"
#include "core/sync/resolve.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {

using support::Association;
using support::ConnectionNamed;
using support::Hub;
using support::kCvr;
using Policy = v1::FieldMapping;

inline void Map(v1::Connection& connection,
                const std::string& source,
                const std::string& target,
                Policy::Policy policy) {
  for (auto& mapping : *connection.mutable_mappings()) {
    if (mapping.source_field() == source) return mapping.set_policy(policy);
  }
  auto& mapping = *connection.add_mappings();
  mapping.set_source_field(source);
  mapping.set_target(target);
  mapping.set_policy(policy);
}

// A grant system that the hub may write to: phone and purpose belong to both, the
// name to whoever made the record, and the hub's columns to the hub.
inline v1::Connection Writable() {
  v1::Connection connection = ConnectionNamed("tilskud");
  Map(connection, "navn", "official_name", Policy::POLICY_WRITE_ONCE);
  Map(connection, "cvr", "cvr", Policy::POLICY_WRITE_ONCE);
  Map(connection, "tlf", "phone", Policy::POLICY_SHARED);
  Map(connection, "formaal", "purpose.da", Policy::POLICY_SHARED);
  Map(connection, "brobygger_id", kHubAssociationId, Policy::POLICY_UNSPECIFIED);
  Map(connection, "status", kHubStatus, Policy::POLICY_UNSPECIFIED);
  Map(connection, "afloeser", kHubSuccessor, Policy::POLICY_UNSPECIFIED);
  Map(connection, "revision", kHubRevision, Policy::POLICY_UNSPECIFIED);
  return connection;
}

struct TwoWayHub : Hub {
  explicit TwoWayHub(const v1::Connection& connection = Writable()) {
    REQUIRE(Update(connection).ok());
  }

  // One association that both sides have, and all is agreed.
  Association Agreed(const std::string& phone = "11111111") {
    source.Tell("1", Row("Kulturforeningen Fjorden", phone, "At samle folk"));
    Sync();
    CHECK(Plan().part_count() == 0);
    return Associations().at(0);
  }

  static std::map<std::string, std::string> Row(const std::string& name,
                                                const std::string& phone,
                                                const std::string& purpose) {
    return {{"navn", name}, {"tlf", phone}, {"formaal", purpose}, {"status", ""}, {"afloeser", ""}};
  }

  void EditAtSource(const std::string& field, const std::string& text) {
    auto& value = (*source.records.at("1").mutable_fields())[field];
    if (text.empty()) {
      value.mutable_empty();
    } else {
      value.set_text(text);
    }
  }

  void Delete(const std::string& id) {
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      return registry::DeleteAssociation(transaction, id, "", "operator").status();
    });
    REQUIRE(written.ok());
  }

  void EditPhone(const std::string& phone) {
    Association next = Associations().at(0);
    next.clear_phones();
    if (!phone.empty()) next.add_phones(phone);
    Edit(next, "phones");
  }

  std::string Phone() {
    const auto all = Associations();
    return all.at(0).phones().empty() ? "" : all.at(0).phones(0);
  }

  void Outbound() {
    const absl::Status run = engine.RunOutbound("tilskud", cancel);
    INFO(run);
    REQUIRE(run.ok());
  }

  std::vector<v1::Conflict> Conflicts() {
    const auto listed = ListConflicts(**store->Latest(), {});
    REQUIRE(listed.ok());
    return {listed->conflicts().begin(), listed->conflicts().end()};
  }

  std::vector<v1::OverruledValue> Overruled() {
    const auto listed = ListOverruledValues(**store->Latest(), {});
    REQUIRE(listed.ok());
    return {listed->values().begin(), listed->values().end()};
  }

  std::vector<v1::DeadLetter> DeadLetters() {
    const auto listed = ListDeadLetters(**store->Latest(), {});
    REQUIRE(listed.ok());
    return {listed->dead_letters().begin(), listed->dead_letters().end()};
  }

  void Resolve(v1::ResolveConflictRequest::Choice choice, const std::string& value = "") {
    v1::ResolveConflictRequest request;
    REQUIRE(Conflicts().size() == 1);
    request.set_conflict_id(Conflicts()[0].conflict_id());
    request.set_choice(choice);
    request.set_value(value);
    const auto done = store->Write("anette", [&](storage::Transaction& transaction) {
      return ResolveConflict(transaction, request, "anette").status();
    });
    INFO(done.status());
    REQUIRE(done.ok());
  }
};

}  // namespace brobygger::sync
