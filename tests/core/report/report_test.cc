#include "core/report/report.h"

#include "core/collab/resource_check.h"
#include "core/collab/resource_statements.h"
#include "core/contact/touchpoints.h"
#include "core/events/events.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "tests/core/report/programme_town.h"

namespace brobygger::report {
namespace {

// All means of a round are this.
void Check(ProgrammeTown& town,
           const std::string& association,
           const std::string& date,
           int score) {
  collab::v1::ResourceCheck check;
  check.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
  check.set_subject_id(association);
  check.set_mode(collab::v1::RESOURCE_CHECK_MODE_TOGETHER);
  check.set_shared(true);
  check.set_date(date);
  for (const auto& each : collab::ShippedResourceStatements().of_associations) {
    auto& told = *check.add_scores();
    told.set_statement_id(each.id());
    told.set_score(score);
  }
  REQUIRE(town.Try([&](storage::Transaction& transaction) {
                return collab::RecordResourceCheck(transaction, check, town.employee,
                                                   collab::ShippedResourceStatements());
              })
              .ok());
}

void Meet(ProgrammeTown& town,
          const std::string& association,
          const std::string& date,
          contact::v1::ContactPurpose purpose) {
  const auto latest = town.store->Latest();
  contact::v1::Touchpoint touchpoint;
  touchpoint.set_association_id(association);
  touchpoint.set_department_id(registry::DepartmentsOf(**latest, "0615")->front().id());
  touchpoint.set_date(date);
  touchpoint.set_purpose(purpose);
  const auto added = town.Try([&](storage::Transaction& transaction) {
    return contact::AddTouchpoint(transaction, touchpoint, access::LocalOperator());
  });
  INFO(added.status());
  REQUIRE(added.ok());
}

}  // namespace

TEST_CASE("a programme with a start and nothing else is nought, with definitions", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Put(Bro()).ok());
  const auto report = town.Report();
  CHECK(ValueOf(report, v1::REPORT_FIGURE_YEARS).value() == 3);
  CHECK(ValueOf(report, v1::REPORT_FIGURE_MUNICIPALITIES).value() == 2);
  for (const auto& value : report.values()) {
    CHECK_FALSE(value.definition_da().empty());
    CHECK_FALSE(value.definition_en().empty());
    CHECK_FALSE(value.kept_back());
  }
  CHECK(ValueOf(report, v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 0);
  CHECK_FALSE(ValueOf(report, v1::REPORT_FIGURE_RESOURCE_CHANGE).has_value());
}

TEST_CASE("what sides said is quoted where they agreed, with who said it", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Import(ManyOf(2)).ok());
  const auto before = town.Report();
  CHECK(before.quotes().empty());
  const auto& items = ValueOf(before, v1::REPORT_FIGURE_NEW_COLLABORATIONS);
  // Few are kept back in a report, and what they agreed to say is told all the same.
  CHECK(items.kept_back());
  const auto all = collab::CollaborationsOf(**town.store->Latest(), "");
  REQUIRE(all.ok());
  const auto say = [&](const std::string& id, collab::v1::CollaborationSide side,
                       const std::string& text, bool may_be_quoted) {
    collab::v1::RecordOutcomeRequest request;
    request.set_collaboration_id(id);
    request.mutable_outcome()->set_side(side);
    request.mutable_outcome()->set_text(text);
    request.mutable_outcome()->set_may_be_quoted(may_be_quoted);
    const auto said = town.Try([&](storage::Transaction& transaction) {
      return collab::RecordOutcome(transaction, request, town.employee);
    });
    INFO(said.status());
    REQUIRE(said.ok());
  };
  const auto& fest = all->front();
  say(fest.id(), collab::v1::COLLABORATION_SIDE_ASSOCIATION, "Vi fik nye venner", true);
  say(fest.id(), collab::v1::COLLABORATION_SIDE_MUNICIPALITY, "Det var dyrt", false);
  const auto report = town.Report();
  REQUIRE(report.quotes_size() == 1);
  const auto& quote = report.quotes(0);
  CHECK(quote.text() == "Vi fik nye venner");
  CHECK(quote.collaboration_title() == fest.title());
  CHECK(quote.said_by().substr(0, 9) == "Forening ");
  CHECK(quote.date() == "2024-05-01");
  const std::uint64_t then = report.revision();
  say(fest.id(), collab::v1::COLLABORATION_SIDE_ASSOCIATION, "Vi fik nye venner", false);
  // Taken back: also of the moment at which it was agreed to.
  v1::GetProgrammeReportRequest earlier;
  earlier.set_programme_id("bro");
  earlier.mutable_as_of()->set_revision(then);
  REQUIRE(town.Report(earlier).ok());
  CHECK(town.Report(earlier)->quotes().empty());
  // In a year before they did anything together there is nothing to say.
  v1::GetProgrammeReportRequest request;
  request.set_programme_id("bro");
  request.set_end_date("2014-12-31");
  REQUIRE(town.Report(request).ok());
  CHECK(town.Report(request)->quotes().empty());
}

TEST_CASE("counts are as many as what is behind them", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Import(ManyOf(7)).ok());
  const auto report = town.Report();
  CHECK(ValueOf(report, v1::REPORT_FIGURE_ASSOCIATIONS).value() == 7);
  CHECK(ValueOf(report, v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 7);
  for (const auto figure : {v1::REPORT_FIGURE_MUNICIPALITIES, v1::REPORT_FIGURE_ASSOCIATIONS,
                            v1::REPORT_FIGURE_NEW_COLLABORATIONS}) {
    const auto& value = ValueOf(report, figure);
    CHECK(value.items_size() == value.value());
  }
  CHECK(ValueOf(report, v1::REPORT_FIGURE_NEW_COLLABORATIONS).items(0).detail() ==
        "Forening 0, Fritid");
}

TEST_CASE("fewer than five are kept back, with who they are", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Import(ManyOf(4)).ok());
  const auto report = town.Report();
  for (const auto figure : {v1::REPORT_FIGURE_ASSOCIATIONS, v1::REPORT_FIGURE_NEW_COLLABORATIONS,
                            v1::REPORT_FIGURE_NOT_ABOUT_MONEY}) {
    const auto& value = ValueOf(report, figure);
    CHECK(value.kept_back());
    CHECK_FALSE(value.has_value());
    CHECK(value.items().empty());
  }
  CHECK(ValueOf(report, v1::REPORT_FIGURE_MUNICIPALITIES).value() == 2);
}

TEST_CASE("what lies outside the period does not count, nor who is not of the programme",
          "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(6);
  *request.add_collaborations() =
      Work("Efter", request.associations(0), "2017-05-01", "2017-06-01");
  *request.add_collaborations() = Work("Andre", Named("En anden"), "2015-01-01", "2015-06-01");
  *request.add_collaborations() =
      Work("Anden gang", request.associations(1), "2016-02-01", "2016-06-01");
  REQUIRE(town.Import(request).ok());
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 6);

  v1::GetProgrammeReportRequest part;
  part.set_programme_id("bro");
  part.set_end_date("2014-12-31");
  const auto early = town.Report(part);
  REQUIRE(early.ok());
  CHECK(ValueOf(*early, v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 0);
  CHECK(ValueOf(*early, v1::REPORT_FIGURE_ASSOCIATIONS).value() == 6);
  part.set_start_date("2015-01-01");
  CHECK(base::ErrorMetadata(town.Report(part).status(), "field") == "end_date");
}

TEST_CASE("two associations that were merged count once, and their work between them", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(7);
  const auto imported = town.Import(request);
  REQUIRE(imported.ok());
  const auto& ids = imported->programme().association_ids();
  REQUIRE(town.Try([&](storage::Transaction& transaction) {
                const auto left = registry::GetLive(transaction, ids[0]);
                const auto right = registry::GetLive(transaction, ids[1]);
                return registry::JoinAssociations(transaction, *left, *right, "decision", "user:1");
              })
              .ok());
  const auto report = town.Report();
  CHECK(ValueOf(report, v1::REPORT_FIGURE_ASSOCIATIONS).value() == 6);
  // The second of the two is with an association that the municipality worked with already.
  CHECK(ValueOf(report, v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 6);
}

TEST_CASE("the report of an earlier revision stays what it was", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Import(ManyOf(6)).ok());
  const auto before = town.Report();
  v1::ImportProgrammeRequest more = ManyOf(9);
  REQUIRE(town.Import(more).ok());
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 9);
  v1::GetProgrammeReportRequest request;
  request.set_programme_id("bro");
  request.mutable_as_of()->set_revision(before.revision());
  const auto again = town.Report(request);
  REQUIRE(again.ok());
  CHECK(again->SerializeAsString() == before.SerializeAsString());
}

TEST_CASE("a change in resource checks is a mean over topics and subjects", "[report]") {
  ProgrammeTown town;
  const auto imported = town.Import(ManyOf(6));
  REQUIRE(imported.ok());
  const auto& ids = imported->programme().association_ids();
  for (int i = 0; i < 5; ++i) {
    Check(town, ids[i], "2014-06-01", 2);
    Check(town, ids[i], "2015-06-01", 1);
    Check(town, ids[i], "2016-06-01", i == 0 ? 5 : 3);
  }
  // One round alone, and one outside the period, change nothing.
  Check(town, ids[5], "2014-06-01", 5);
  Check(town, ids[5], "2018-06-01", 1);
  const auto report = town.Report();
  const auto& value = ValueOf(report, v1::REPORT_FIGURE_RESOURCE_CHANGE);
  CHECK(value.value() == Approx((3 + 4 * 1) / 5.0));
  CHECK(value.items(0).before() == Approx(2));
  CHECK(value.items(0).after() == Approx(17 / 5.0));
  CHECK(value.of() == 5);
  CHECK(value.items_size() == 8);
}

TEST_CASE("an association that is met about more than money counts so", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(16);
  // Whoever works together is met about more; these do not.
  request.mutable_collaborations()->DeleteSubrange(0, 10);
  for (auto& each : *request.mutable_collaborations()) each.set_end_date("2024-03-31");
  const auto imported = town.Import(request);
  REQUIRE(imported.ok());
  std::map<std::string, std::string> by_name;
  const auto latest = town.store->Latest();
  for (const auto& id : imported->programme().association_ids()) {
    by_name[registry::GetLive(**latest, id)->official_name()] = id;
  }
  const auto meet = [&](int number, const char* date, contact::v1::ContactPurpose purpose) {
    Meet(town, by_name[fmt::format("Forening {}", number)], date, purpose);
  };
  for (int i = 0; i < 4; ++i) meet(i, "2024-03-01", contact::v1::CONTACT_PURPOSE_GRANT);
  meet(4, "2024-03-01", contact::v1::CONTACT_PURPOSE_PREMISES);
  meet(5, "2024-03-01", contact::v1::CONTACT_PURPOSE_ADVICE);
  meet(6, "2024-01-01", contact::v1::CONTACT_PURPOSE_ADVICE);
  v1::GetProgrammeReportRequest spring;
  spring.set_programme_id("bro");
  spring.set_start_date("2024-02-01");
  spring.set_end_date("2024-04-30");
  const auto report = town.Report(spring);
  REQUIRE(report.ok());
  const auto& value = ValueOf(*report, v1::REPORT_FIGURE_NOT_ABOUT_MONEY);
  // In touch: 0 to 5, and 10 to 15, which work together; 6 only before the spring.
  CHECK(value.of() == 12);
  CHECK(value.value() == Approx(700.0 / 12));
  CHECK(value.items_size() == 7);
  // With one fewer there are four about money alone, who could be recognised by what is left.
  meet(4, "2024-03-02", contact::v1::CONTACT_PURPOSE_COLLABORATION);
  const auto few = town.Report(spring);
  CHECK(ValueOf(*few, v1::REPORT_FIGURE_NOT_ABOUT_MONEY).kept_back());
  CHECK(ValueOf(*few, v1::REPORT_FIGURE_NOT_ABOUT_MONEY).items().empty());
}

TEST_CASE("days that were cancelled, and of others, do not count", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(5);
  const auto add = [&](const std::string& title, event::v1::EventKind kind, const char* date,
                       const char* municipality) {
    auto& day = *request.add_days();
    day.set_title(title);
    day.set_kind(kind);
    day.set_date(date);
    day.mutable_department()->set_official_name("Fritid");
    day.mutable_department()->set_municipality_code(municipality);
  };
  add("A", event::v1::EVENT_KIND_NETWORK_DAY, "2016-01-01", "0615");
  add("B", event::v1::EVENT_KIND_NETWORK_DAY, "2018-01-01", "0615");
  add("C", event::v1::EVENT_KIND_NETWORK_DAY, "2016-01-01", "0101");
  add("D", event::v1::EVENT_KIND_COLLABORATION_DAY, "2016-01-01", "0253");
  add("E", event::v1::EVENT_KIND_WORKSHOP, "2016-01-01", "0253");
  REQUIRE(town.Import(request).ok());
  const auto report = town.Report();
  CHECK(ValueOf(report, v1::REPORT_FIGURE_NETWORK_DAYS).value() == 1);
  CHECK(ValueOf(report, v1::REPORT_FIGURE_COLLABORATION_DAYS).value() == 1);
  const std::string id = ValueOf(report, v1::REPORT_FIGURE_NETWORK_DAYS).items(0).id();
  REQUIRE(town.Try([&](storage::Transaction& transaction) {
                return events::CancelEvent(transaction, id);
              })
              .ok());
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_NETWORK_DAYS).value() == 0);
}

TEST_CASE("one that was dropped after it had begun is an earlier one, and no new one", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(6);
  const auto imported = town.Import(request);
  REQUIRE(imported.ok());
  const auto latest = town.store->Latest();
  collab::v1::Collaboration dropped;
  dropped.set_id("0-dropped");
  dropped.set_title("Hold");
  dropped.set_state(collab::v1::COLLABORATION_STATE_DROPPED);
  dropped.set_start_date("2014-06-01");
  dropped.set_state_date("2014-09-01");
  auto& department = *dropped.add_parties();
  department.set_department_id(registry::DepartmentsOf(**latest, "0615")->front().id());
  auto& association = *dropped.add_parties();
  association.set_association_id(imported->programme().association_ids(0));
  const auto put = [&] {
    REQUIRE(town.store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return transaction.Put(storage::Kind::kCollaboration, dropped.id(),
                                                 dropped.SerializeAsString());
                        })
                .ok());
  };
  // Dropped as an idea: nothing has begun.
  put();
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 6);
  dropped.set_first_active_date("2014-06-01");
  put();
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_NEW_COLLABORATIONS).value() == 5);
}

TEST_CASE("a report of an earlier day knows nothing of a merge since", "[report]") {
  ProgrammeTown town;
  const auto imported = town.Import(ManyOf(7));
  REQUIRE(imported.ok());
  const auto& ids = imported->programme().association_ids();
  for (int i = 0; i < 5; ++i) {
    Check(town, ids[i], "2014-06-01", 2);
    Check(town, ids[i], "2016-06-01", 3);
  }
  Check(town, ids[5], "2017-01-01", 1);
  const auto before = town.Report();
  REQUIRE(town.Try([&](storage::Transaction& transaction) {
                const auto left = registry::GetLive(transaction, ids[0]);
                const auto right = registry::GetLive(transaction, ids[5]);
                return registry::JoinAssociations(transaction, *left, *right, "decision", "user:1");
              })
              .ok());
  v1::GetProgrammeReportRequest request;
  request.set_programme_id("bro");
  request.mutable_as_of()->set_revision(before.revision());
  const auto again = town.Report(request);
  REQUIRE(again.ok());
  CHECK(again->SerializeAsString() == before.SerializeAsString());
  CHECK(ValueOf(town.Report(), v1::REPORT_FIGURE_RESOURCE_CHANGE).value() !=
        ValueOf(before, v1::REPORT_FIGURE_RESOURCE_CHANGE).value());
}

}  // namespace brobygger::report
