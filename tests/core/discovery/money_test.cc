// An application is a contact with the department that has it, also where its source knows no more
// of that than a name.
#include "brobygger/sync/v1/connection.pb.h"

#include "core/discovery/blank_spots.h"
#include "core/grants/ingest.h"
#include "core/registry/links.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

struct Funded : Town {
  std::string lawan = Associate("Lawan");

  template <typename Body>
  void Do(Body body) {
    const auto written = store->Write("sync", body);
    INFO(written.status());
    REQUIRE(written.ok());
  }

  // The connection that tells of applications, and whose it is.
  void Connect(const std::string& department, const std::string& municipality) {
    sync::v1::Connection connection;
    connection.set_id("tilskud");
    connection.set_title("Tilskudssystemet");
    connection.set_department_id(department);
    connection.set_default_municipality_code(municipality);
    Do([&](storage::Transaction& transaction) {
      return transaction.Put(storage::Kind::kConnection, "tilskud", connection.SerializeAsString());
    });
  }

  void Apply(const std::string& association, const std::string& written_department) {
    const std::string number = std::to_string(++applications_);
    sync::v1::Link link;
    link.set_association_id(association);
    link.set_state(sync::v1::Link::STATE_LIVE);
    grants::GrantApplication told;
    told.set_connection_id("tilskud");
    told.set_external_id(number);
    told.set_title("Folkedans");
    told.set_received_date(base::DayOf(clock.Now(), -20));
    told.set_state(grant::v1::GRANT_STATE_GRANTED);
    told.set_written_department(written_department);
    told.mutable_applicant()->set_stream("associations");
    told.mutable_applicant()->set_external_id("a" + number);
    Do([&](storage::Transaction& transaction) {
      return registry::PutLink(transaction, "tilskud/associations/a" + number, link);
    });
    Do([&](storage::Transaction& transaction) {
      return grants::IngestApplication(transaction, told).status();
    });
  }

  // Who knows it, by name, and whether each is of the registry.
  std::vector<std::pair<std::string, bool>> Knowers() {
    std::vector<std::pair<std::string, bool>> knowers;
    const auto told = Knows(lawan);
    REQUIRE(told.associations_size() == 1);
    for (const auto& each : told.associations(0).acquaintances()) {
      knowers.emplace_back(each.department_name(), !each.department_id().empty());
    }
    return knowers;
  }

  v1::ListBlankSpotsResponse Spots() {
    v1::ListBlankSpotsRequest request;
    request.set_municipality_code("0615");
    const auto spots = ListBlankSpots(Ask(), request);
    REQUIRE(spots.ok());
    return *spots;
  }

 private:
  int applications_ = 0;
};

using Knowers = std::vector<std::pair<std::string, bool>>;

TEST_CASE("an application is with the department that has the written name in its municipality") {
  Funded town;
  // There is one of the name elsewhere, too.
  town.Department("Kultur og Fritid", "0621");
  SECTION("the municipality of the connection") { town.Connect("", "0615"); }
  SECTION("else that of the association") {}
  town.Apply(town.lawan, "KULTUR OG FRITID");
  CHECK(town.Knowers() == Knowers{{"Kultur og Fritid", true}});
  CHECK(town.Knows(town.lawan).associations(0).acquaintances(0).department_id() == town.culture);
  const auto spots = town.Spots();
  CHECK(spots.nobody_count() == 0);
  CHECK(spots.one_department_count() == 1);
}

TEST_CASE("a written name that none has, or two have, is the connection's department") {
  Funded town;
  town.Connect(town.integration, "0615");
  SECTION("none has it") { town.Apply(town.lawan, "Integrationsafdelingen"); }
  SECTION("none is written") { town.Apply(town.lawan, ""); }
  SECTION("two have it") {
    town.Department("Kultur og fritid", "0615");
    town.Apply(town.lawan, "Kultur og Fritid");
  }
  CHECK(town.Knowers() == Knowers{{"Integration", true}});
}

TEST_CASE("whoever has applied is not known by nobody, whatever department has the case") {
  Funded town;
  town.Connect("", "0615");
  town.Apply(town.lawan, "Integrationsafdelingen");
  town.Apply(town.lawan, "");
  CHECK(town.Knowers() == Knowers{{"Integrationsafdelingen", false}, {"Tilskudssystemet", false}});
  const auto known = town.Knows(town.lawan).associations(0).acquaintances(0);
  CHECK(known.familiarity().last_date() == base::DayOf(town.clock.Now(), -20));
  REQUIRE(known.familiarity().channels_size() == 1);
  CHECK(known.familiarity().channels(0).channel() == contact::v1::CONTACT_CHANNEL_APPLICATION);
  CHECK(town.Spots().nobody_count() == 0);
  v1::GetContactMatrixRequest matrix;
  matrix.set_municipality_code("0615");
  const auto told = GetContactMatrix(town.Ask(), matrix);
  REQUIRE(told.ok());
  CHECK(told->columns_size() == 2);
  CHECK(told->rows(0).cells_size() == 2);
  // Whoever hears of others' contacts only that there are some hears no more of these.
  town.caller = town.As("operator", "0615");
  const auto less = town.Knows(town.lawan).associations(0).acquaintances(0);
  CHECK(less.level() == v1::DISCLOSURE_LEVEL_EXISTENCE);
  CHECK_FALSE(less.has_familiarity());
}

}  // namespace
}  // namespace brobygger::discovery
