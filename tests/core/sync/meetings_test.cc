// Calendars: meetings become touchpoints.
#include "core/registry/municipality_work.h"
#include "tests/core/sync/calendar_hub.h"

namespace brobygger::sync {
namespace {

TEST_CASE("meetings become touchpoints after a person has looked at the first plan") {
  CalendarHub hub;
  hub.calendar.Put("1.ics", hub.With(-3));
  hub.calendar.Put("2.ics", hub.With(3));
  hub.calendar.Put("3.ics", hub.With(-3, "ukendt@nowhere.example"));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.first_sync());
  CHECK(plan.meetings().new_count() == 2);
  CHECK(hub.Touchpoints().empty());
  const v1::Run run = hub.Apply(plan);
  CHECK(run.meetings().read_count() == 3);
  CHECK(run.meetings().new_count() == 2);
  REQUIRE(hub.Touchpoints().size() == 2);
  CHECK(hub.Touchpoints()[0].state() == Touchpoint::STATE_PLANNED);
  CHECK(hub.Touchpoints()[1].state() == Touchpoint::STATE_HELD);
  CHECK(hub.Touchpoints()[1].department_name() == "Integration");
  CHECK(hub.calendar.secrets.at("pseudonym_key") == FakeCalendar::kKey);
}

TEST_CASE("of who was asked and to what, nothing is kept") {
  CalendarHub hub;
  auto object = hub.With(-3);
  object.addresses.push_back("citizen@private.example");
  hub.calendar.Put("1.ics", object);
  hub.calendar.Put("2.ics", hub.With(-3, "ukendt@nowhere.example"));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 1);
  const std::string all = hub.Everything();
  for (const char* const address :
       {"citizen@private.example", "ukendt@nowhere.example", "kontakt@lawan.example"}) {
    INFO(address);
    CHECK(all.find(hub.calendar.pseudonyms.Of("address", address)) == std::string::npos);
  }
  CHECK(all.find(hub.calendar.pseudonyms.Of("domain", "private.example")) == std::string::npos);
  // An object that is with no association leaves no trace at all.
  CHECK(all.find(hub.calendar.pseudonyms.Of("href", "2.ics")) == std::string::npos);
  CHECK(all.find(hub.calendar.pseudonyms.Of("href", "1.ics")) != std::string::npos);
}

TEST_CASE("a department with case work is matched by category alone, whatever is configured") {
  CalendarHub hub;
  auto object = hub.With(-3);
  object.calendar = "jobcenter";
  hub.calendar.Put("1.ics", object);
  hub.Plan();
  CHECK(hub.Plan().meetings().new_count() == 0);
  object.codes = {"Lawan"};
  hub.calendar.Put("1.ics", object);
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 1);
  CHECK(hub.Touchpoints()[0].basis() == Touchpoint::BASIS_CATEGORY);
  CHECK(hub.Touchpoints()[0].department_name() == "Jobcenter Fjordby");
}

TEST_CASE("afterwards only changes are read, and the whole list once a week") {
  CalendarHub hub;
  for (int i = 0; i < 5; ++i) hub.calendar.Put(std::to_string(i), hub.With(-i));
  hub.Sync();
  CHECK(hub.calendar.snapshots == 1);
  hub.calendar.Put("5", hub.With(-5));
  CHECK(hub.Sync().meetings().read_count() == 1);
  CHECK(hub.calendar.snapshots == 1);
  CHECK(hub.calendar.deltas == 1);
  CHECK(hub.Touchpoints().size() == 6);
  hub.clock.Advance(std::chrono::hours(24 * 8));
  hub.Plan();
  CHECK(hub.calendar.snapshots == 2);
}

TEST_CASE("who is known later is found in the meetings that were there before") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(-3, "post@havnen.example"));
  hub.Sync();
  CHECK(hub.Touchpoints().size() == 1);
  hub.Associate("Havnens Venner", "post@havnen.example");
  const auto run = hub.Sync();
  CHECK(hub.calendar.snapshots == 2);
  CHECK(run.meetings().new_count() == 1);
  CHECK(hub.Touchpoints().size() == 2);
}

TEST_CASE("opted out or cancelled, it goes") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(2));
  hub.Sync();
  auto object = hub.With(-3);
  object.opted_out = true;
  hub.calendar.Put("1", object);
  object = hub.With(2);
  object.cancelled = {hub.Day(2)};
  hub.calendar.Put("2", object);
  const auto run = hub.Sync();
  CHECK(run.meetings().opted_out_count() == 1);
  CHECK(run.meetings().removed_count() == 1);
  CHECK(hub.Touchpoints().empty());
}

TEST_CASE("a calendar that is suddenly empty waits for a person, by its list and by its changes") {
  CalendarHub hub;
  const bool by_changes = GENERATE(true, false);
  hub.calendar.delta = by_changes;
  for (int i = 0; i < 20; ++i) hub.calendar.Put(std::to_string(i), hub.With(i - 10));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 20);
  for (int i = 0; i < 20; ++i) hub.calendar.Remove(std::to_string(i));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.meetings().gone_count() == 20);
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  hub.Apply(plan);
  CHECK(hub.Touchpoints().size() == 20);
  hub.Sync(true);
  // What has taken place stays.
  const auto left = hub.Touchpoints();
  CHECK(left.size() == 10);
  for (const Touchpoint& each : left) CHECK(each.has_source_gone_time());
}

TEST_CASE("one calendar among many cannot be emptied unasked, at once or within seven days") {
  CalendarHub hub;
  for (int i = 0; i < 30; ++i) hub.calendar.Put("i" + std::to_string(i), hub.With(i + 1));
  const int small = 12;
  for (int i = 0; i < small; ++i) {
    auto object = hub.With(i + 1);
    object.calendar = "jobcenter";
    object.codes = {"Lawan"};
    hub.calendar.Put("j" + std::to_string(i), object);
  }
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 42);
  const auto take_away = [&](int from, int to) {
    for (int i = from; i < to; ++i) hub.calendar.Remove("j" + std::to_string(i));
    return hub.Plan();
  };
  SECTION("at once") {
    const v1::Plan plan = take_away(0, small);
    CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
    REQUIRE(plan.reasons_size() == 1);
    CHECK(plan.reasons(0).find("'jobcenter' is suddenly empty") != std::string::npos);
  }
  SECTION("by and by") {
    hub.Apply(take_away(0, 3));
    hub.clock.Advance(std::chrono::hours(48));
    hub.Apply(take_away(3, 5));
    hub.clock.Advance(std::chrono::hours(48));
    CHECK(take_away(5, 7).verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
    hub.clock.Advance(std::chrono::hours(24 * 4));
    CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_OK);
  }
}

TEST_CASE("a calendar that its department withdraws tells of nothing that is to come") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(3));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 2);
  const auto run_by_itself = [&] {
    const auto run = hub.engine.RunUnattended("kalender", hub.cancel);
    INFO(run.status());
    REQUIRE(run.ok());
  };
  SECTION("only the hub is told") {
    auto connection = hub.Connection();
    connection.mutable_meetings()->mutable_calendars(0)->set_calendar("another");
    REQUIRE(hub.Update(connection).ok());
    run_by_itself();
  }
  SECTION("the plugin no longer reads it") {
    hub.calendar.scope_hash = "without it";
    hub.calendar.shows_nothing = true;
    run_by_itself();
  }
  REQUIRE(hub.Touchpoints().size() == 1);
  CHECK(hub.Touchpoints()[0].date() == hub.Day(-3));
}

TEST_CASE("what may not count goes at once, though the plan waits for a person") {
  CalendarHub hub;
  for (int i = 0; i < 20; ++i) hub.calendar.Put(std::to_string(i), hub.With(i - 30));
  hub.calendar.Put("private", hub.With(-1));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 21);
  const std::string key = hub.calendar.pseudonyms.Of("meeting", "private\n" + hub.Day(-1));
  CHECK(hub.Everything().find(key) != std::string::npos);
  auto object = hub.With(-1);
  object.opted_out = true;
  hub.calendar.Put("private", object);
  for (int i = 0; i < 20; ++i) hub.calendar.Remove(std::to_string(i));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  CHECK(plan.meetings().opted_out_count() == 1);
  CHECK(hub.Touchpoints().size() == 20);
  // Not in a claim, a plan or a run either.
  CHECK(hub.Everything().find(key) == std::string::npos);
}

TEST_CASE("what opted out is not left in the store's file until the next hour") {
  CalendarHub hub;
  hub.calendar.Put("private", hub.With(-1));
  hub.calendar.Put("other", hub.With(-2));
  hub.Sync();
  CHECK(hub.scrubs == 0);
  auto object = hub.With(-1);
  object.opted_out = true;
  hub.calendar.Put("private", object);
  hub.Plan();
  CHECK(hub.scrubs == 1);
  // Once is enough: the store's file is large.
  hub.calendar.Put("private", object);
  hub.Plan();
  CHECK(hub.scrubs == 1);
}

TEST_CASE("of a meeting that is long past nothing but a count is left") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.Sync();
  const std::string key = hub.calendar.pseudonyms.Of("meeting", "1\n" + hub.Day(-3));
  const std::string id = hub.Touchpoints()[0].id();
  hub.clock.Advance(std::chrono::hours(24 * 731));
  REQUIRE(hub.engine.Prune().ok());
  CHECK(hub.Touchpoints().empty());
  CHECK(hub.Everything().find(key) == std::string::npos);
  CHECK(hub.Everything().find(id) == std::string::npos);
}

TEST_CASE("what vanished after a plan was judged waits for the next one") {
  CalendarHub hub;
  for (int i = 0; i < 20; ++i) hub.calendar.Put(std::to_string(i), hub.With(i - 30));
  hub.Sync();
  hub.calendar.Put("new", hub.With(2));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_OK);
  // As a read would leave it that broke off after its first commits.
  const auto broken_off = [&](storage::Transaction& transaction) -> absl::Status {
    for (int i = 0; i < 20; ++i) {
      const std::string href = hub.calendar.pseudonyms.Of("href", std::to_string(i));
      BB_RETURN_IF_ERROR(
          transaction.Put(storage::Kind::kPending, "kalender/meetings/" + href, "V"));
    }
    return absl::OkStatus();
  };
  REQUIRE(hub.store->Write("sync", broken_off).ok());
  hub.Apply(plan);
  CHECK(hub.Touchpoints().size() == 21);
  for (const Touchpoint& each : hub.Touchpoints()) CHECK_FALSE(each.has_source_gone_time());
}

TEST_CASE("the same meeting in two departments' calendars is one meeting and two contacts") {
  CalendarHub hub;
  auto object = hub.With(-1);
  object.uid = "uid-1";
  object.codes = {"Lawan"};
  hub.calendar.Put("1", object);
  object.calendar = "jobcenter";
  hub.calendar.Put("2", object);
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 2);
  CHECK(hub.Touchpoints()[0].meeting_key() == hub.Touchpoints()[1].meeting_key());
  CHECK(hub.Touchpoints()[0].department_id() != hub.Touchpoints()[1].department_id());
}

TEST_CASE("what a department knew by guessing goes once somebody says it decides in cases") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  auto named = hub.With(-2);
  named.uid = "uid-named";
  named.codes = {"Lawan"};
  hub.calendar.Put("2", named);
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 2);
  registry::v1::Department department;
  department.set_id(hub.integration);
  department.set_case_work(registry::v1::Department::CASE_WORK_YES);
  google::protobuf::FieldMask mask;
  mask.add_paths("case_work");
  const auto changed = hub.Write([&](storage::Transaction& transaction) {
    return registry::UpdateDepartment(transaction, department, mask);
  });
  INFO(changed.status());
  REQUIRE(changed.ok());
  hub.Sync();
  const auto left = hub.Touchpoints();
  REQUIRE(left.size() == 1);
  CHECK(left[0].basis() == Touchpoint::BASIS_CATEGORY);
}

TEST_CASE("a department's name alone takes nothing away that is known") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 1);
  registry::v1::Department department;
  department.set_id(hub.integration);
  department.set_official_name("Job og Integration");
  google::protobuf::FieldMask mask;
  mask.add_paths("official_name");
  REQUIRE(hub.Write([&](storage::Transaction& transaction) {
               return registry::UpdateDepartment(transaction, department, mask);
             })
              .ok());
  hub.Sync();
  CHECK(hub.Touchpoints().size() == 1);
}

TEST_CASE("what was odd about meetings is said by how many, and about nothing else") {
  CalendarHub hub;
  auto odd = hub.With(-1);
  odd.remarks = {"unknown_zone", "Samtale med Anna"};
  hub.calendar.Put("1", odd);
  auto other = hub.With(-2);
  other.uid = "uid-2";
  other.remarks = {"unknown_zone", "bad_rule"};
  hub.calendar.Put("2", other);
  // Of nobody that the hub knows: not said.
  support::FakeCalendar::Object private_one;
  private_one.uid = "uid-3";
  private_one.remarks = {"bad_date"};
  hub.calendar.Put("3", private_one);
  const v1::Run run = hub.Apply(hub.Plan());
  REQUIRE(run.meetings().oddities_size() == 2);
  CHECK(run.meetings().oddities(0).code() == "bad_rule");
  CHECK(run.meetings().oddities(0).count() == 1);
  CHECK(run.meetings().oddities(1).code() == "unknown_zone");
  CHECK(run.meetings().oddities(1).count() == 2);
}

TEST_CASE("a record that tells more than digests is kept aside") {
  CalendarHub hub;
  const auto screen =
      MeetingScreen::Make(**hub.store->Latest(), hub.Connection(),
                          std::make_shared<const contact::AddressBook>(*contact::AddressBook::Make(
                              **hub.store->Latest(), hub.calendar.pseudonyms)));
  REQUIRE(screen.ok());
  hub.calendar.Put("1", hub.With(-1));
  auto record = hub.calendar.Tell("1");
  record.set_etag("\"secret\"");
  record.set_changed_by("Anna");
  (*record.mutable_fields())["title"].set_text("Samtale med Anna");
  REQUIRE(screen->Reduce(record).ok());
  CHECK(record.SerializeAsString().find("Anna") == std::string::npos);
  CHECK(record.etag().empty());
  record = hub.calendar.Tell("1");
  record.set_external_id("/fritid/moder/anna.ics");
  CHECK(base::ReasonOf(screen->Reduce(record)) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("a connection to calendars that cannot be is refused") {
  CalendarHub hub;
  auto connection = hub.Connection();
  connection.set_id("anden");
  connection.mutable_meetings()->mutable_calendars(1)->set_calendar("integration");
  CHECK(base::ReasonOf(hub.Create(connection)) == errors::v1::ERROR_REASON_CONNECTION_INVALID);
  connection = hub.Connection();
  connection.set_id("anden");
  connection.mutable_meetings()->mutable_calendars(0)->set_department_id("nowhere");
  CHECK(base::ReasonOf(hub.Create(connection)) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
  connection = hub.Connection();
  connection.set_id("anden");
  connection.add_mappings()->set_source_field("navn");
  CHECK_FALSE(hub.Create(connection).ok());
}

TEST_CASE("calendars say when they are taken, and nothing of it is kept") {
  CalendarHub hub;
  hub.calendar.busy = {
      {"integration/2024-05-02", 90}, {"jobcenter/2024-05-03", 9999}, {"private/2024-05-02", 30}};
  const auto before = (*hub.store->Latest())->revision();
  const auto said = hub.engine.ListBusyDays("kalender");
  INFO(said.status());
  REQUIRE(said.ok());
  REQUIRE(said->days_size() == 2);
  CHECK(said->days(0).calendar() == "integration");
  CHECK(said->days(0).busy_minutes() == 90);
  CHECK(said->days(1).busy_minutes() == 1440);
  CHECK(said->calendars_size() == 2);
  CHECK((*hub.store->Latest())->revision() == before);
  hub.calendar.tells_busy = false;
  CHECK(base::ReasonOf(hub.engine.ListBusyDays("kalender").status()) ==
        errors::v1::ERROR_REASON_CONNECTION_INVALID);
}

}  // namespace
}  // namespace brobygger::sync
