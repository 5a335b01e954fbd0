// What one edits is at the other side after the next sync, and nothing is lost.
#include <algorithm>

#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

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

TEST_CASE("a conflict about a list is about what the source has a field for") {
  TwoWayHub hub;
  hub.Agreed();
  const auto edit = [&](const std::string& first, const std::string& second) {
    Association next = hub.Associations().at(0);
    next.clear_phones();
    next.add_phones(first);
    next.add_phones(second);
    hub.Edit(next, "phones");
  };
  const auto second = [&] { return hub.Associations().at(0).phones(1); };
  edit("22222222", "55555555");
  hub.EditAtSource("tlf", "33333333");
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == 1);
  // Nobody has chosen by changing what the source knows nothing of.
  edit("22222222", "66666666");
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.source.Text("1", "tlf") == "33333333");
  hub.Resolve(v1::ResolveConflictRequest::CHOICE_SOURCE);
  hub.Sync();
  CHECK(hub.Phone() == "+4533333333");
  CHECK(second() == "+4566666666");
  CHECK(hub.source.Text("1", "tlf") == "33333333");
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a conflict that an edit settled stays settled, whatever becomes of the write") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("tlf", "33333333");
  hub.Sync();
  hub.EditPhone("44444444");
  hub.source.loses_calls = 1;
  hub.Sync();
  CHECK(hub.Conflicts().empty());
  // Back to what stood here while nothing was decided, and was never agreed on.
  hub.EditPhone("22222222");
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
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

TEST_CASE("a source that does not tell the municipality is read back all the same") {
  v1::Connection connection = Writable();
  connection.clear_default_municipality_code();
  connection.set_creates(true);
  TwoWayHub hub(connection);
  Association wanted;
  wanted.set_official_name("Sangkoret Havnen");
  wanted.set_municipality_code("0615");
  REQUIRE(
      hub.store
          ->Write("operator",
                  [&](storage::Transaction& transaction) {
                    return registry::CreateAssociation(transaction, wanted, "operator").status();
                  })
          .ok());
  hub.Sync();
  REQUIRE(hub.source.records.size() == 1);
  (*hub.source.records.begin()->second.mutable_fields())["tlf"].set_text("22222222");
  const auto run = hub.Sync();
  CHECK(run.updated_count() == 1);
  CHECK(run.rejected_count() == 0);
  CHECK(hub.Associations().at(0).municipality_code() == "0615");

  SECTION("but an association that is new needs one") {
    hub.source.Tell("new", {{"navn", "Danserne"}});
    CHECK(hub.Sync().rejected_count() == 1);
    CHECK(hub.Associations().size() == 1);
  }
}

TEST_CASE("a record that somebody took away at the source is not made there again") {
  v1::Connection connection = Writable();
  connection.set_creates(true);
  TwoWayHub hub(connection);
  auto association = hub.Agreed("11111111");
  hub.source.Tell("2", {{"navn", "Sangkoret Havnen"}});
  hub.Sync();
  hub.Sync("frivillig");
  hub.source.TakeAway("1");
  CHECK(hub.Sync().unlinked_count() == 1);
  REQUIRE(hub.Associations().size() == 2);

  association = hub.Associations().at(0);
  association.clear_phones();
  association.add_phones("22222222");
  hub.Edit(association, "phones");
  CHECK(hub.Sync().source_created_count() == 0);
  CHECK(hub.source.records.size() == 1);
  CHECK(hub.Plan().source_create_count() == 0);

  SECTION("put back there, it is linked again and has what was edited") {
    hub.source.BringBack("1");
    hub.Sync();
    hub.Sync();
    CHECK(hub.source.Text("1", "tlf") == "22222222");
  }
}

TEST_CASE(
    "a person at the source moves our id to another row: that one is written to from then on") {
  TwoWayHub hub;
  const Association association = hub.Agreed();
  hub.source.Tell("2", TwoWayHub::Row("Kulturforeningen Fjorden", "11111111", "At samle folk"));
  hub.source.records.at("2").set_foreign_id(association.id());
  hub.source.records.at("1").clear_foreign_id();
  hub.Sync();
  hub.EditPhone("22222222");
  hub.Outbound();
  CHECK(hub.Associations().size() == 1);
  CHECK(hub.source.Text("2", "tlf") == "22222222");
  CHECK(hub.source.Text("1", "tlf") == "11111111");
  CHECK(hub.source.records.at("1").foreign_id().empty());
  CHECK(hub.source.records.at("2").foreign_id() == association.id());
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a number emptied at the source makes room for the next one that the registry has") {
  TwoWayHub hub;
  hub.Agreed();
  Association next = hub.Associations().at(0);
  next.add_phones("22222222");
  hub.Edit(next, "phones");
  hub.Outbound();
  hub.EditAtSource("tlf", "");
  hub.Sync();
  CHECK(hub.Phone() == "+4522222222");
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("who said what is left of a list stands behind it when a source empties its part") {
  TwoWayHub hub;
  hub.Agreed();
  Association next = hub.Associations().at(0);
  next.add_phones("22222222");
  hub.Edit(next, "phones");
  hub.Outbound();
  hub.EditAtSource("tlf", "33333333");
  hub.Sync();
  REQUIRE(support::SourcesOf(hub.Associations().at(0), "phones") ==
          std::vector<std::string>{"tilskud"});
  hub.EditAtSource("tlf", "");
  hub.Sync();
  const Association left = hub.Associations().at(0);
  REQUIRE(left.phones_size() == 1);
  CHECK(left.phones(0) == "+4522222222");
  CHECK(support::SourcesOf(left, "phones") == std::vector<std::string>{""});
}

TEST_CASE("values that give way on both sides in one write are both in the log") {
  v1::Connection connection = Writable();
  Map(connection, "formaal", "purpose.da", Policy::POLICY_HUB);
  connection.add_owned_paths("phones");
  TwoWayHub hub(connection);
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("tlf", "33333333");
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.Sync();
  std::vector<std::string> gave_way;
  for (const auto& value : hub.Overruled()) gave_way.push_back(value.path());
  std::sort(gave_way.begin(), gave_way.end());
  CHECK(gave_way == std::vector<std::string>{"phones", "purpose.da"});
}

}  // namespace
}  // namespace brobygger::sync
