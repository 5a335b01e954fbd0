// What one edits is at the other side after the next sync, and nothing is lost.
#include <catch2/catch.hpp>

#include "core/sync/lists.h"
#include "core/sync/resolve.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using support::Association;
using support::ConnectionNamed;
using support::Hub;
using support::kCvr;
using Policy = v1::FieldMapping;

void Map(v1::Connection& connection,
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
v1::Connection Writable() {
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

TEST_CASE("the first sync tells the source our id, and a second run plans nothing") {
  TwoWayHub hub;
  hub.source.Tell("1", TwoWayHub::Row("Kulturforeningen Fjorden", "11111111", ""));
  const auto plan = hub.Plan();
  CHECK(plan.create_count() == 1);
  CHECK(plan.source_update_count() == 1);
  const auto run = hub.Apply(plan);
  CHECK(run.source_updated_count() == 1);
  CHECK(hub.source.records.at("1").foreign_id() == hub.Associations().at(0).id());
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_OK);
}

TEST_CASE("an edit here is at the source after the registry's own run, and not written again") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  const int before = hub.source.written;
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.source.written == before + 1);
  CHECK(hub.source.Text("1", "navn") == "Kulturforeningen Fjorden");
  hub.Outbound();
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.source.written == before + 1);
  CHECK(hub.Phone() == "+4522222222");
}

TEST_CASE("an edit at the source is here after the next sync") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditAtSource("tlf", "33333333");
  hub.Sync();
  CHECK(hub.Phone() == "+4533333333");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("edits of different fields pass each other") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.source.Text("1", "formaal") == "At lave mad sammen");
  CHECK(hub.Phone() == "+4522222222");
  CHECK(hub.Associations().at(0).purpose().by_language().at("da") == "At lave mad sammen");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("an edit that empties a field empties it at the other side") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("");
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf").empty());
  hub.EditAtSource("formaal", "");
  hub.Sync();
  CHECK(hub.Associations().at(0).purpose().by_language().count("da") == 0);
}

TEST_CASE("both edited the same field: both stay as they are, and the other fields go on") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("tlf", "33333333");
  hub.EditAtSource("formaal", "At lave mad sammen");
  const auto run = hub.Sync();
  CHECK(run.conflict_count() == 1);
  CHECK(hub.Phone() == "+4522222222");
  CHECK(hub.source.Text("1", "tlf") == "33333333");
  CHECK(hub.Associations().at(0).purpose().by_language().at("da") == "At lave mad sammen");
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].path() == "phones");
  CHECK(hub.Plan().part_count() == 0);

  SECTION("the registry's value is chosen: the source gets it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_REGISTRY);
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "22222222");
    CHECK(hub.Phone() == "+4522222222");
    REQUIRE(hub.Overruled().size() == 1);
    CHECK(hub.Overruled()[0].at_source());
  }
  SECTION("the source's value is chosen: the registry gets it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_SOURCE);
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "33333333");
    CHECK(hub.Phone() == "+4533333333");
  }
  SECTION("a third value is chosen: both get it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_VALUE, R"(["44444444"])");
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "44444444");
    CHECK(hub.Phone() == "+4544444444");
    CHECK(hub.Overruled().size() == 2);
  }
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("where the registry decides, the source is set right, and what it said is logged first") {
  auto connection = Writable();
  Map(connection, "tlf", "phone", Policy::POLICY_HUB);
  TwoWayHub hub(connection);
  hub.Agreed();
  hub.EditAtSource("tlf", "33333333");
  hub.source.before_write = [&](const auto&) { CHECK(hub.Overruled().size() == 1); };
  const auto run = hub.Sync();
  CHECK(run.overruled_count() == 1);
  CHECK(hub.source.Text("1", "tlf") == "11111111");
  CHECK(hub.Phone() == "+4511111111");
  REQUIRE(hub.Overruled().size() == 1);
  CHECK(hub.Overruled()[0].value() == R"(["+4533333333"])");
}

TEST_CASE("a source that stores something else than it was sent is quiet") {
  TwoWayHub hub;
  hub.source.upper_cased = {"formaal"};
  hub.Agreed();
  Association next = hub.Associations().at(0);
  (*next.mutable_purpose()->mutable_by_language())["da"] = "at synge";
  hub.Edit(next, "purpose");
  hub.Outbound();
  CHECK(hub.source.Text("1", "formaal") == "AT SYNGE");
  const int before = hub.source.written;
  for (int round = 0; round < 20; ++round) {
    CHECK(hub.Plan().part_count() == 0);
    hub.Outbound();
  }
  CHECK(hub.source.written == before);
  CHECK(hub.Associations().at(0).purpose().by_language().at("da") == "at synge");
}

TEST_CASE("an answer that was lost is looked up, and nothing is written twice") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.loses_answers = 1;
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  const int before = hub.source.written;
  SECTION("nobody touched it") {}
  SECTION("somebody at the source has changed another field since") {
    hub.EditAtSource("formaal", "At lave mad sammen");
  }
  hub.Sync();
  CHECK(hub.source.written == before);
  CHECK(hub.Phone() == "+4522222222");
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a write that never arrived is made again") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.loses_calls = 1;
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "11111111");
  hub.Outbound();
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("an edit at the source between plan and write survives") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.before_write = [&](const auto&) {
    hub.EditAtSource("tlf", "33333333");
    hub.source.before_write = nullptr;
  };
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "33333333");
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "33333333");
  CHECK(hub.Phone() == "+4522222222");
  CHECK(hub.Conflicts().size() == 1);
}

}  // namespace
}  // namespace brobygger::sync
