// Records made at the source, writes that fail, and what people can do about it.
#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/sync/claims.h"
#include "core/sync/follow.h"
#include "core/sync/undo_run.h"
#include "tests/core/sync/creating_hub.h"

namespace brobygger::sync {
namespace {

TEST_CASE("a new association is made at the source, once, with its name") {
  CreatingHub hub;
  const Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  const auto* record = hub.RecordOf(made.id());
  REQUIRE(record != nullptr);
  CHECK(record->fields().at("navn").text() == "Sprogcafeen Ved Havnen");
  hub.Outbound();
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.source.records.size() == 2);
  CHECK(hub.Associations().size() == 2);
}

TEST_CASE("the name was written once and is only read from then on") {
  CreatingHub hub;
  Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  made.set_official_name("Sprogcafeen Ved Broen");
  hub.Edit(made, "official_name");
  hub.Outbound();
  CHECK(hub.RecordOf(made.id())->fields().at("navn").text() == "Sprogcafeen Ved Havnen");
}

TEST_CASE("one of another municipality is not made at the source") {
  CreatingHub hub;
  Association elsewhere = hub.Make("Sprogcafeen Ved Havnen");
  hub.source.puts_off = 1;
  hub.Outbound();
  elsewhere.set_municipality_code("0751");
  hub.Edit(elsewhere, "municipality_code");
  hub.Sync();
  CHECK(hub.RecordOf(elsewhere.id()) == nullptr);
}

TEST_CASE("while a person is asked whether it is another association, none is made there") {
  CreatingHub hub;
  const Association there = hub.Associations().at(0);
  const Association asked = hub.Make("Madklubben Ved Stranden");
  const auto ask = [&](identity::v1::MatchQuestion::State state) {
    identity::v1::MatchQuestion question;
    question.set_id("q1");
    question.set_left_association_id(asked.id());
    question.set_right_association_id(there.id());
    question.set_state(state);
    const auto written = hub.store->Write("hub", [&](storage::Transaction& transaction) {
      return transaction.Put(storage::Kind::kMatchQuestion, "open/q1",
                             question.SerializeAsString());
    });
    REQUIRE(written.ok());
  };
  ask(identity::v1::MatchQuestion::STATE_OPEN);
  hub.Outbound();
  CHECK(hub.RecordOf(asked.id()) == nullptr);
  const auto later = SumOfTimedAndDue(**hub.store->Latest(), {"tilskud", "associations"},
                                      base::SystemClock().Now() + std::chrono::hours(1));
  REQUIRE(later.ok());
  CHECK(*later != 0);
}

TEST_CASE("a record that was made without an answer is found by our id and not made again") {
  CreatingHub hub;
  hub.source.loses_answers = 1;
  const Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  SECTION("as it was made") {}
  SECTION("somebody at the source has given it a phone since") {
    for (auto& [key, record] : hub.source.records) {
      if (record.foreign_id() == made.id()) (*record.mutable_fields())["tlf"].set_text("55555555");
    }
    hub.Sync();
    CHECK(hub.Associations().size() == 2);
    for (const auto& association : hub.Associations()) {
      if (association.id() == made.id()) CHECK(association.phones(0) == "+4555555555");
    }
  }
  hub.Sync();
  CHECK(hub.RecordOf(made.id()) != nullptr);
  CHECK(hub.source.records.size() == 2);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("where the source cannot be asked, a person says whether the record was made") {
  CreatingHub hub;
  hub.source.loses_answers = 1;
  hub.source.can_look_up = false;
  const Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].kind() == v1::Conflict::KIND_MAYBE_CREATED);
  CHECK(hub.source.records.size() == 2);
  hub.Resolve(v1::ResolveConflictRequest::CHOICE_SOURCE);
  hub.Sync();
  CHECK(hub.source.records.size() == 2);
  CHECK(hub.Associations().size() == 2);
  CHECK(hub.Conflicts().empty());
}

TEST_CASE("a record that somebody at the source took away is not made a second time") {
  CreatingHub hub;
  hub.source.loses_answers = 1;
  const Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  for (auto record = hub.source.records.begin(); record != hub.source.records.end();) {
    if (record->second.foreign_id() != made.id()) {
      ++record;
      continue;
    }
    hub.source.gone[record->first] = record->second;
    record = hub.source.records.erase(record);
  }
  hub.Sync();
  CHECK(hub.source.records.size() == 1);
  CHECK(hub.DeadLetters().size() == 1);
}

TEST_CASE("a deleted association is marked at the source and not removed there") {
  CreatingHub hub;
  const Association made = hub.Make("Sprogcafeen Ved Havnen");
  hub.Outbound();
  hub.Delete(made.id());
  hub.Outbound();
  const auto* record = hub.RecordOf(made.id());
  REQUIRE(record != nullptr);
  CHECK(record->fields().at("status").text() == "DELETED");
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.Associations().size() == 1);
}

TEST_CASE("of two associations that are one, the source is told which goes on") {
  CreatingHub hub;
  const Association first = hub.Associations().at(0);
  const Association second = hub.Make("Kulturforeningen ved Fjorden");
  hub.Outbound();
  const auto merged = hub.store->Write("anette", [&](storage::Transaction& transaction) {
    identity::v1::DecideRequest wanted;
    wanted.set_kind(identity::v1::Decision::KIND_SAME);
    wanted.set_from_association_id(second.id());
    wanted.set_to_association_id(first.id());
    return registry::Decide(transaction, hub.identity, wanted, "anette").status();
  });
  INFO(merged.status());
  REQUIRE(merged.ok());
  hub.Outbound();
  const std::string survivor = hub.Associations().at(0).id();
  const std::string absorbed = survivor == first.id() ? second.id() : first.id();
  const auto* record = hub.RecordOf(absorbed);
  REQUIRE(record != nullptr);
  CHECK(record->fields().at("status").text() == "MERGED");
  CHECK(record->fields().at("afloeser").text() == survivor);
  CHECK(hub.RecordOf(survivor) != nullptr);
  hub.Sync();
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a write that is refused is kept aside, and the others go on") {
  CreatingHub hub;
  Association refused = hub.Make("Sprogcafeen Ved Havnen");
  const Association taken = hub.Make("Madklubben Ved Stranden");
  hub.source.refuses[refused.id()] = "fake.too_long";
  hub.Outbound();
  CHECK(hub.RecordOf(taken.id()) != nullptr);
  REQUIRE(hub.DeadLetters().size() == 1);
  CHECK(hub.DeadLetters()[0].code() == "fake.too_long");
  CHECK(hub.DeadLetters()[0].association_id() == refused.id());
  hub.Outbound();
  CHECK(hub.DeadLetters()[0].attempts() == 1);
  const auto listed = hub.engine.ListConnections("tilskud");
  REQUIRE(listed.ok());
  CHECK(listed->statuses(0).dead_letters() == 1);
  CHECK(listed->statuses(0).dirty_records() == 1);

  hub.source.refuses.clear();
  SECTION("a person lets it be tried again, after the registry has changed: the newest goes") {
    refused.add_phones("22222222");
    hub.Edit(refused, "phones");
    v1::ReplayDeadLettersRequest replay;
    replay.set_connection_id("tilskud");
    REQUIRE(hub.store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return ReplayDeadLetters(transaction, replay).status();
                        })
                .ok());
    hub.Outbound();
    CHECK(hub.RecordOf(refused.id())->fields().at("tlf").text() == "22222222");
  }
  SECTION("somebody mends the association: it is tried again by itself") {
    refused.set_official_name("Sprogcafeen");
    hub.Edit(refused, "official_name");
    hub.Outbound();
    CHECK(hub.RecordOf(refused.id())->fields().at("navn").text() == "Sprogcafeen");
  }
  CHECK(hub.DeadLetters().empty());
}

TEST_CASE("a record that was refused and then made without an answer is refused no more") {
  CreatingHub hub;
  Association refused = hub.Make("Sprogcafeen Ved Havnen");
  hub.source.refuses[refused.id()] = "fake.too_long";
  hub.Outbound();
  REQUIRE(hub.DeadLetters().size() == 1);
  hub.source.refuses.clear();
  hub.source.loses_answers = 1;
  refused.set_official_name("Sprogcafeen");
  hub.Edit(refused, "official_name");
  hub.Outbound();
  hub.Sync();
  CHECK(hub.RecordOf(refused.id()) != nullptr);
  CHECK(hub.DeadLetters().empty());
}

TEST_CASE("a source that can only be read refuses, and nothing waits for ever") {
  TwoWayHub hub;
  hub.Agreed();
  hub.source.can_write = false;
  hub.EditPhone("22222222");
  hub.Outbound();
  REQUIRE(hub.DeadLetters().size() == 1);
  CHECK(hub.DeadLetters()[0].code() == "sync.cannot_write");
}

TEST_CASE("a source that asks to come back later is asked later") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.puts_off = 1;
  hub.Outbound();
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "11111111");
  const auto due = SumOfTimedAndDue(**hub.store->Latest(), {"tilskud", "associations"},
                                    base::SystemClock().Now() + std::chrono::minutes(1));
  REQUIRE(due.ok());
  CHECK(*due != 0);
}

TEST_CASE("a source that puts a write off again and again is asked less and less often") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  const StreamKey stream{.connection_id = "tilskud", .stream = "associations"};
  const std::string key = stream.For(hub.Associations().at(0).id());
  hub.source.puts_off = 2;
  for (std::uint32_t tries = 1; tries <= 2; ++tries) {
    hub.Outbound();
    const auto its_time_is_up = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(auto mark, Load<v1::DirtyMark>(transaction, storage::Kind::kDirty, key));
      REQUIRE(mark);
      CHECK(mark->attempts() == tries);
      *mark->mutable_not_before_time() = base::ToTimestamp(base::Instant());
      return transaction.Put(storage::Kind::kDirty, key, mark->SerializeAsString());
    };
    REQUIRE(hub.store->Write("sync", its_time_is_up).ok());
  }
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
}

TEST_CASE("our id that somebody took off a record is put back") {
  TwoWayHub hub;
  const Association agreed = hub.Agreed();
  hub.source.records.at("1").clear_foreign_id();
  hub.Sync();
  CHECK(hub.source.records.at("1").foreign_id() == agreed.id());
}

TEST_CASE("more than a third of the records at once wait for a person, also from here") {
  TwoWayHub hub;
  for (int i = 0; i < 10; ++i) {
    hub.source.Tell("r" + std::to_string(i), TwoWayHub::Row("Forening nummer " + std::to_string(i),
                                                            "1111111" + std::to_string(i), ""));
  }
  hub.Sync();
  CHECK(hub.Plan().part_count() == 0);
  const int before = hub.source.written;
  int edited = 0;
  for (Association next : hub.Associations()) {
    if (++edited > 4) break;
    next.clear_phones();
    next.add_phones("2222222" + std::to_string(edited));
    hub.Edit(next, "phones");
  }
  hub.Outbound();
  CHECK(hub.source.written == before);
  const auto plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_HELD);
  hub.Apply(plan, true);
  CHECK(hub.source.written == before + 4);
}

TEST_CASE("undoing a run puts back both sides, and leaves what was changed since") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("formaal", "At lave mad sammen");
  const auto run = hub.Sync();
  v1::UndoRunRequest request;
  request.set_run_id(run.id());
  SECTION("nobody has touched it") {
    const auto undone = hub.engine.UndoRun(request, "anette");
    INFO(undone.status());
    REQUIRE(undone.ok());
    CHECK(undone->field_count() == 2);
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "11111111");
    CHECK(hub.source.Text("1", "formaal") == "At samle folk");
    CHECK(hub.Phone() == "+4511111111");
    const auto again = hub.engine.UndoRun(request, "anette");
    CHECK(base::ReasonOf(again.status()) == errors::v1::ERROR_REASON_RUN_NOT_UNDOABLE);
  }
  SECTION("somebody has changed the phone since") {
    hub.EditPhone("99999999");
    const auto undone = hub.engine.UndoRun(request, "anette");
    REQUIRE(undone.ok());
    CHECK(undone->kept_count() == 1);
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "99999999");
    CHECK(hub.source.Text("1", "formaal") == "At samle folk");
  }
  SECTION("a try changes nothing") {
    request.set_dry_run(true);
    const auto tried = hub.engine.UndoRun(request, "anette");
    REQUIRE(tried.ok());
    CHECK(tried->field_count() == 2);
    CHECK(hub.Phone() == "+4522222222");
  }
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a write whose answer was lost is undone with the run that sent it") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.loses_answers = 1;
  v1::UndoRunRequest request;
  request.set_run_id(hub.Sync().id());
  hub.Sync();
  const auto undone = hub.engine.UndoRun(request, "anette");
  REQUIRE(undone.ok());
  CHECK(undone->field_count() == 1);
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "11111111");
}

}  // namespace
}  // namespace brobygger::sync
