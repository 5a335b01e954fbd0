// The audit that finds what came apart behind the sync's back, and leaves alone what is known.
#include "core/sync/divergence.h"

#include <thread>

#include <fmt/format.h>

#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/record_hash.h"
#include "core/sync/scheduler.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

using storage::Kind;

constexpr char kPhone99[] = R"(["+4599999999"])";

struct AuditedHub : TwoWayHub {
  using TwoWayHub::TwoWayHub;

  StreamKey stream{.connection_id = "tilskud", .stream = "associations"};

  v1::AuditConnectionResponse Audit() {
    const auto audited = engine.AuditConnection("tilskud", cancel);
    INFO(audited.status());
    REQUIRE(audited.ok());
    return *audited;
  }

  void Write(absl::FunctionRef<absl::Status(storage::Transaction&)> body) {
    const auto written = store->Write("nobody", body);
    INFO(written.status());
    REQUIRE(written.ok());
  }

  // The claim is changed in the store and both sides are said to have agreed on it, as by a fault
  // of the engine's; the source holds the same.
  void Plant(const std::string& id, const std::string& field, const std::string& text) {
    (*source.records.at(id).mutable_fields())[field].set_text(text);
    Write([&](storage::Transaction& transaction) -> absl::Status {
      const std::string key = stream.For(id);
      v1::Claim claim = **Load<v1::Claim>(transaction, Kind::kClaim, key);
      v1::Link link = **Load<v1::Link>(transaction, Kind::kLink, key);
      (*claim.mutable_told()->mutable_fields())[field].set_text(text);
      claim.set_told_hash(RecordHash(claim.told()));
      link.set_agreed_hash(claim.told_hash());
      const absl::Status put = transaction.Put(Kind::kClaim, key, claim.SerializeAsString());
      return put.ok() ? registry::PutLink(transaction, key, link) : put;
    });
  }

  // Nothing that nothing explains, at once and also when the source has been read again.
  void CheckQuiet() {
    const auto first = Audit();
    CHECK(first.found_count() == 0);
    CHECK(first.open_count() == 0);
    CHECK(first.compared_count() > 0);
  }
};

TEST_CASE("what came apart behind the sync's back is found, once, and waits for a person") {
  AuditedHub hub;
  hub.Agreed();
  hub.Plant("1", "tlf", "99999999");
  // Neither side has changed, as far as the sync can see.
  REQUIRE(hub.Plan().part_count() == 0);
  REQUIRE(hub.Conflicts().empty());

  const auto found = hub.Audit();
  CHECK(found.compared_count() == 1);
  CHECK(found.found_count() == 1);
  CHECK(found.opened_count() == 1);
  CHECK(found.open_count() == 1);
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].kind() == v1::Conflict::KIND_SILENT_DIVERGENCE);
  CHECK(hub.Conflicts()[0].path() == "phones");
  CHECK(hub.Conflicts()[0].registry_value() == R"(["+4511111111"])");
  CHECK(hub.Conflicts()[0].source_value() == kPhone99);

  const auto again = hub.Audit();
  CHECK(again.found_count() == 0);
  CHECK(again.opened_count() == 0);
  CHECK(again.open_count() == 1);
  CHECK(hub.Conflicts().size() == 1);
  // Nobody decides it but a person.
  hub.Sync();
  CHECK(hub.Phone() == "+4511111111");
  CHECK(hub.source.Text("1", "tlf") == "99999999");

  SECTION("the registry's value is chosen: the source gets it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_REGISTRY);
    hub.CheckQuiet();  // decided, and not yet written
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "11111111");
    CHECK(hub.Phone() == "+4511111111");
  }
  SECTION("the source's value is chosen: the registry gets it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_SOURCE);
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "99999999");
    CHECK(hub.Phone() == "+4599999999");
  }
  SECTION("a third value is chosen: both get it") {
    hub.Resolve(v1::ResolveConflictRequest::CHOICE_VALUE, R"(["44444444"])");
    hub.Outbound();
    CHECK(hub.source.Text("1", "tlf") == "44444444");
    CHECK(hub.Phone() == "+4544444444");
  }
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
  hub.CheckQuiet();
}

TEST_CASE("a claim that is not what was agreed on is found, whatever its hash says") {
  AuditedHub hub;
  hub.Agreed();
  const bool hashed = GENERATE(false, true);
  hub.Write([&](storage::Transaction& transaction) -> absl::Status {
    v1::Claim claim = **Load<v1::Claim>(transaction, Kind::kClaim, hub.stream.For("1"));
    (*claim.mutable_told()->mutable_fields())["formaal"].set_text("At tie");
    if (hashed) claim.set_told_hash(RecordHash(claim.told()));
    return transaction.Put(Kind::kClaim, hub.stream.For("1"), claim.SerializeAsString());
  });
  CHECK(hub.Audit().found_count() == 1);
  CHECK(hub.Conflicts().at(0).path() == "purpose.da");
}

TEST_CASE("an edit whose mark was lost is found") {
  AuditedHub hub;
  const Association agreed = hub.Agreed();
  hub.EditPhone("22222222");
  hub.source.puts_off = 1;
  hub.Outbound();
  hub.Write([&](storage::Transaction& transaction) {
    return transaction.Remove(Kind::kDirty, hub.stream.For(agreed.id()));
  });
  hub.Outbound();
  REQUIRE(hub.source.Text("1", "tlf") == "11111111");
  CHECK(hub.Audit().found_count() == 1);
}

TEST_CASE("what waits, or what a person sees already, is not found") {
  AuditedHub hub;
  const Association agreed = hub.Agreed();
  SECTION("both sides say the same") {}
  SECTION("an edit here that is not written yet") { hub.EditPhone("22222222"); }
  SECTION("an edit there that is not brought in yet") {
    hub.EditAtSource("tlf", "33333333");
    hub.Plan();
  }
  SECTION("a write that was put off") {
    hub.EditPhone("22222222");
    hub.source.puts_off = 1;
    hub.Outbound();
  }
  SECTION("a write that was refused") {
    hub.source.refuses[agreed.id()] = "fake.too_long";
    hub.EditPhone("22222222");
    hub.Outbound();
    REQUIRE(hub.DeadLetters().size() == 1);
  }
  SECTION("a write without an answer") {
    hub.EditPhone("22222222");
    hub.source.loses_answers = 1;
    hub.Outbound();
  }
  SECTION("a conflict") {
    hub.EditPhone("22222222");
    hub.EditAtSource("tlf", "33333333");
    hub.Sync();
    REQUIRE(hub.Conflicts().size() == 1);
  }
  SECTION("a record that is kept aside") {
    hub.EditAtSource("cvr", "99000008");
    hub.EditAtSource("tlf", "33333333");
    hub.Plan();
    REQUIRE(hub.engine.ListRejectedRecords({})->records_size() == 1);
    REQUIRE(hub.Phone() == "+4511111111");
    const auto audited = hub.Audit();
    CHECK(audited.found_count() == 0);
    return;
  }
  SECTION("an association that is deleted here") {
    hub.Write([&](storage::Transaction& transaction) {
      return registry::DeleteAssociation(transaction, agreed.id(), "", "anette").status();
    });
    hub.EditAtSource("tlf", "33333333");
    hub.Sync();
    CHECK(hub.Audit().found_count() == 0);
    return;
  }
  hub.CheckQuiet();
}

TEST_CASE("how a source stores what it was sent is known, at any later time too") {
  auto connection = Writable();
  connection.set_creates(true);
  AuditedHub hub(connection);
  hub.source.upper_cased = {"formaal"};
  hub.Agreed();
  const auto edit = [&](const std::string& purpose) {
    Association next = hub.Associations().at(0);
    (*next.mutable_purpose()->mutable_by_language())["da"] = purpose;
    hub.Edit(next, "purpose");
    hub.Outbound();
  };
  edit("at synge");
  REQUIRE(hub.source.Text("1", "formaal") == "AT SYNGE");
  hub.CheckQuiet();
  CHECK(hub.Plan().part_count() == 0);

  SECTION("when something else of the record was brought in since") {
    hub.EditAtSource("tlf", "33333333");
    hub.Sync();
    hub.CheckQuiet();
  }
  SECTION("when it was written again") {
    edit("at danse");
    REQUIRE(hub.source.Text("1", "formaal") == "AT DANSE");
    hub.CheckQuiet();
  }
  SECTION("of a record that was made there") {
    Association wanted;
    wanted.set_official_name("Sangkoret Havnen");
    wanted.set_municipality_code("0615");
    (*wanted.mutable_purpose()->mutable_by_language())["da"] = "at nynne";
    hub.Write([&](storage::Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "anette").status();
    });
    hub.Outbound();
    REQUIRE(hub.source.records.size() == 2);
    hub.CheckQuiet();
    CHECK(hub.Plan().part_count() == 0);
    hub.Outbound();
    CHECK(hub.Audit().compared_count() == 2);
  }
  SECTION("but another value there is none of that") {
    hub.Plant("1", "formaal", "AT TIE");
    CHECK(hub.Audit().found_count() == 1);
  }
}

TEST_CASE("what is not written, or cannot be, is not found") {
  auto connection = Writable();
  SECTION("a field that is only read") { Map(connection, "tlf", "phone", Policy::POLICY_LOCAL); }
  SECTION("a field that the source decides") {
    Map(connection, "tlf", "phone", Policy::POLICY_SOURCE);
  }
  SECTION("a field that was written once") {
    Map(connection, "tlf", "phone", Policy::POLICY_WRITE_ONCE);
  }
  AuditedHub hub(connection);
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.Outbound();
  hub.Sync();
  REQUIRE(hub.source.Text("1", "tlf") == "11111111");
  hub.CheckQuiet();
}

TEST_CASE("a value kept beside stays so when the field may be written from now on") {
  auto connection = Writable();
  Map(connection, "tlf", "phone", Policy::POLICY_LOCAL);
  AuditedHub hub(connection);
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.Sync();
  REQUIRE(hub.Update(Writable()).ok());
  hub.CheckQuiet();  // all is to be looked at again
  hub.Sync("tilskud", true);
  REQUIRE(hub.Plan().part_count() == 0);
  if (hub.source.Text("1", "tlf") == "11111111") hub.CheckQuiet();
  CHECK(hub.Audit().found_count() == 0);
}

TEST_CASE("entries of a list that the source has no field for are no difference") {
  AuditedHub hub;
  hub.Agreed();
  Association next = hub.Associations().at(0);
  next.add_phones("22222222");
  hub.Edit(next, "phones");
  hub.Outbound();
  hub.CheckQuiet();
  hub.Plant("1", "tlf", "99999999");
  CHECK(hub.Audit().found_count() == 1);
  CHECK(hub.Conflicts().at(0).registry_value() == R"(["+4511111111","+4522222222"])");
}

TEST_CASE("a second record of an association is not written to, so it may say what it likes") {
  AuditedHub hub;
  auto row = TwoWayHub::Row("Kulturforeningen Fjorden", "11111111", "At samle folk");
  row["cvr"] = kCvr;
  hub.source.Tell("1", row);
  row["tlf"] = "33333333";
  hub.source.Tell("2", row);
  hub.Sync("tilskud", true);
  hub.Sync("tilskud", true);
  REQUIRE(hub.Associations().size() == 1);
  CHECK(hub.Audit().found_count() == 0);
}

TEST_CASE("a fault in every record does not bury what people are to look at") {
  AuditedHub hub;
  hub.source.batch_records = 500;
  const int records = static_cast<int>(kMostOpened) + 20;
  for (int i = 0; i < records; ++i) {
    const std::string id = fmt::format("{:04}", i);
    hub.source.Tell(id, TwoWayHub::Row("Forening nummer " + id, "1111" + id, ""));
  }
  hub.Sync("tilskud", true);
  REQUIRE(hub.Plan().part_count() == 0);
  for (int i = 0; i < records; ++i) hub.Plant(fmt::format("{:04}", i), "tlf", "99999999");
  const auto found = hub.Audit();
  CHECK(found.compared_count() == kMostOpened + 20);
  CHECK(found.found_count() == kMostOpened + 20);
  CHECK(found.opened_count() == kMostOpened);
  CHECK(hub.Audit().opened_count() == 20);
}

TEST_CASE("a connection that writes nothing, or was never synced, has nothing to compare") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}});
  REQUIRE(hub.engine.AuditConnection("tilskud", hub.cancel)->compared_count() == 0);
  hub.Sync();
  CHECK(hub.engine.AuditConnection("tilskud", hub.cancel)->compared_count() == 0);
  CHECK(base::ReasonOf(hub.engine.AuditConnection("ukendt", hub.cancel).status()) ==
        errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND);
}

TEST_CASE("each connection that writes is audited once in the time that is set") {
  AuditedHub hub;
  const base::Instant now = base::SystemClock().Now();
  constexpr std::chrono::hours kDay(24);
  const auto due = [&](base::Instant when) { return *hub.engine.DueAudits(when, kDay); };
  CHECK(due(now).empty());  // nothing is agreed on yet
  hub.Agreed();
  CHECK(due(now) == std::vector<std::string>{"tilskud"});
  hub.Audit();
  CHECK(due(now + std::chrono::hours(23)).empty());
  CHECK(due(now + std::chrono::hours(25)) == std::vector<std::string>{"tilskud"});
  CHECK(hub.engine.DueAudits(now + std::chrono::hours(25), {})->empty());
  v1::Connection paused = Writable();
  paused.set_disabled(true);
  REQUIRE(hub.Update(paused).ok());
  CHECK(due(now + std::chrono::hours(25)).empty());
}

TEST_CASE("the scheduler audits by itself") {
  AuditedHub hub;
  hub.Agreed();
  hub.Plant("1", "tlf", "99999999");
  const auto open = [&] { return hub.Conflicts().size(); };
  REQUIRE(open() == 0);
  const Scheduler scheduler(hub.engine, base::SystemClock(),
                            {.audit_every = std::chrono::hours(24)});
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (open() == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  CHECK(open() == 1);
}

}  // namespace
}  // namespace brobygger::sync
