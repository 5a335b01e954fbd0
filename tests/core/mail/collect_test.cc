#include "core/mail/collect.h"

#include <algorithm>

#include "core/mail/digest.h"
#include "tests/support/sync_hub.h"

namespace brobygger::mail {
namespace {

using storage::Kind;
using support::ConnectionNamed;
using support::Hub;
using v1::Line;

Waiting Collect(Hub& hub) {
  const auto waiting = CollectWaiting(**hub.store->Latest());
  INFO(waiting.status());
  REQUIRE(waiting.ok());
  return *waiting;
}

// The one line of this kind, or an empty one.
Line Find(Hub& hub, Line::Kind kind) {
  const Waiting waiting = Collect(hub);
  const auto count = std::count_if(waiting.lines.begin(), waiting.lines.end(),
                                   [&](const Line& line) { return line.kind() == kind; });
  CHECK(count <= 1);
  for (const Line& line : waiting.lines) {
    if (line.kind() == kind) return line;
  }
  return {};
}

// Three things that a person must settle, with names and values in them.
void PutConflicts(Hub& hub) {
  const auto written = hub.store->Write("sync", [](storage::Transaction& transaction) {
    for (const char* id : {"1", "2"}) {
      sync::v1::Conflict conflict;
      conflict.set_connection_id("tilskud");
      conflict.set_external_id(id);
      conflict.set_official_name("Kurdisk Ungdom");
      conflict.set_registry_value("+4510550101");
      conflict.set_source_value("bo@hemmelig.example");
      conflict.mutable_open_time()->set_seconds(id[0]);
      const auto put = transaction.Put(Kind::kConflict, std::string("tilskud/associations/") + id,
                                       conflict.SerializeAsString());
      if (!put.ok()) return put;
    }
    sync::v1::DeadLetter letter;
    letter.set_text_da("Kurdisk Ungdom er for lang");
    letter.mutable_first_time()->set_seconds(7);
    return transaction.Put(Kind::kDeadLetter, "tilskud/associations/3", letter.SerializeAsString());
  });
  REQUIRE(written.ok());
}

TEST_CASE("a hub where nothing waits has nothing to tell") {
  Hub hub;
  CHECK(Collect(hub).lines.empty());
  hub.TellTen();
  hub.Sync();
  CHECK(Collect(hub).lines.empty());
}

TEST_CASE("a plan is told until it is applied, with why it waits") {
  Hub hub;
  hub.TellTen();
  const auto first = hub.Plan();
  Line line = Find(hub, Line::KIND_PLAN);
  CHECK(line.connection_id() == "tilskud");
  CHECK(line.reason() == "first_sync");
  CHECK(line.create_count() == 10);
  hub.Apply(first);
  CHECK(Find(hub, Line::KIND_PLAN).reason().empty());

  hub.source.records.clear();
  const auto held = hub.Plan();
  line = Find(hub, Line::KIND_PLAN);
  CHECK(line.reason() == "held");
  CHECK(line.delete_count() == 10);
  hub.Apply(held, true);
  CHECK(Collect(hub).lines.empty());
}

TEST_CASE("a plan goes on waiting while the next run of its connection is under way") {
  Hub hub;
  hub.TellTen();
  hub.Plan();
  sync::v1::Run run;
  run.set_id("run");
  run.set_connection_id("tilskud");
  run.set_state(sync::v1::Run::STATE_RUNNING);
  const auto written = hub.store->Write("sync", [&](storage::Transaction& transaction) {
    return transaction.Put(Kind::kRun, "tilskud/9999/run", run.SerializeAsString());
  });
  REQUIRE(written.ok());
  CHECK(Find(hub, Line::KIND_PLAN).reason() == "first_sync");
}

TEST_CASE("a failed run is told in the class of its trouble, until a run succeeds") {
  Hub hub;
  hub.source.open_error =
      base::MakeError(errors::v1::ERROR_REASON_SOURCE_REFUSED, "Kurdisk Ungdom may not log in",
                      {{"class", "AUTH"}, {"code", "grants.sql.login"}});
  CHECK_FALSE(hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel).ok());
  Line line = Find(hub, Line::KIND_TROUBLE);
  CHECK(line.reason() == "auth");
  CHECK(line.code() == "grants.sql.login");

  hub.source.open_error =
      base::MakeError(errors::v1::ERROR_REASON_PLUGIN_BROKEN, "it rests", {{"code", "Bo Hansen"}});
  CHECK_FALSE(hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel).ok());
  line = Find(hub, Line::KIND_TROUBLE);
  CHECK(line.reason() == "bug");
  CHECK(line.code().empty());

  hub.source.open_error = absl::OkStatus();
  hub.Plan();
  CHECK(Find(hub, Line::KIND_TROUBLE).reason().empty());
}

TEST_CASE("a disabled connection may be as dead as it likes") {
  Hub hub;
  hub.source.open_error = absl::UnavailableError("gone");
  CHECK_FALSE(hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel).ok());
  CHECK(Find(hub, Line::KIND_TROUBLE).reason() == "failed");
  auto connection = hub.engine.ListConnections("tilskud")->connections(0);
  connection.set_disabled(true);
  REQUIRE(hub.Update(connection).ok());
  CHECK(Collect(hub).lines.empty());
}

TEST_CASE("what waits one by one is counted, and the newest is known") {
  Hub hub;
  PutConflicts(hub);
  const Line conflicts = Find(hub, Line::KIND_CONFLICTS);
  CHECK(conflicts.count() == 2);
  CHECK(conflicts.newest_time().seconds() == '2');
  CHECK(Find(hub, Line::KIND_DEAD_LETTERS).count() == 1);
  hub.source.malformed_rows = 3;
  hub.Plan("frivillig");
  const Line rejected = Find(hub, Line::KIND_REJECTED);
  CHECK(rejected.connection_id() == "frivillig");
  CHECK(rejected.count() == 3);
}

TEST_CASE("an open match question waits for whoever keeps the registry") {
  Hub hub;
  const auto put = [&](const char* key) {
    identity::v1::MatchQuestion question;
    question.mutable_ask_time()->set_seconds(5);
    const auto written = hub.store->Write("sync", [&](storage::Transaction& transaction) {
      return transaction.Put(Kind::kMatchQuestion, key, question.SerializeAsString());
    });
    REQUIRE(written.ok());
  };
  put("open/a");
  put("done/b");
  CHECK(Find(hub, Line::KIND_QUESTIONS).count() == 1);
  CHECK(Find(hub, Line::KIND_QUESTIONS).connection_id().empty());
}

TEST_CASE("whoever a connection names is known") {
  Hub hub;
  auto connection = ConnectionNamed("cvr");
  connection.set_responsible_email("vivi@centre.example");
  REQUIRE(hub.Create(connection).ok());
  CHECK(Collect(hub).responsible.at("cvr") == "vivi@centre.example");
  CHECK(Collect(hub).responsible.at("tilskud").empty());
  connection.set_id("andet");
  connection.set_responsible_email("vivi@centre.example\r\nBcc: all@x.example");
  CHECK(base::ErrorMetadata(hub.Create(connection), "field") == "responsible_email");
}

TEST_CASE("no name, no value and no person is in what is told") {
  Hub hub;
  hub.TellTen();
  hub.source.Tell("r10", {{"navn", "Kurdisk Ungdom"}, {"tlf", "10550101"}});
  hub.source.malformed_rows = 1;
  hub.source.malformed_id = "Kurdisk Ungdom";
  hub.Plan();
  PutConflicts(hub);
  hub.source.open_error = absl::UnavailableError("Kurdisk Ungdom");
  CHECK_FALSE(hub.engine.PlanSync("frivillig", "operator", nullptr, hub.cancel).ok());
  for (const char* language : {"da", "en"}) {
    const Digest digest = WriteDigest(Collect(hub).lines, language, std::chrono::hours(24));
    CAPTURE(digest.body);
    const std::string all = digest.subject + digest.body;
    for (const char* secret : {"Kurdisk", "Forening", "10550101", "hemmelig", "Kilde"}) {
      CHECK(all.find(secret) == std::string::npos);
    }
    CHECK(all.find("tilskud") != std::string::npos);
    CHECK(all.find("frivillig") != std::string::npos);
  }
}

}  // namespace
}  // namespace brobygger::mail
