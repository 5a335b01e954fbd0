#include <csignal>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/core/supervisor/supervisor_fixture.h"

namespace brobygger::supervisor_tests {
namespace {

using base::ReasonOf;
using std::chrono::milliseconds;
using std::chrono::seconds;
using supervisor::CancelToken;
using supervisor::ProcessState;

plugin::v1::ReadRequest SnapshotFrom(const std::string& cursor) {
  plugin::v1::ReadRequest request;
  request.set_stream("associations");
  request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
  request.set_cursor(cursor);
  return request;
}

// Keeps the records and the newest cursor, as a sync would.
struct Reader {
  absl::Status ReadAll(supervisor::Session& session, const CancelToken& cancel = CancelToken()) {
    const auto keep = [this](const plugin::v1::ReadResponse& event) {
      for (const auto& record : event.batch().records()) ids.push_back(record.external_id());
      if (event.has_checkpoint()) cursor = event.checkpoint().cursor();
      complete |= event.snapshot_end().complete();
      return absl::OkStatus();
    };
    return session.Read(SnapshotFrom(cursor), keep, cancel);
  }
  std::vector<std::string> ids;
  std::string cursor;
  bool complete = false;
};

bool IsGone(int pid) { return kill(pid, 0) != 0; }

TEST_CASE_METHOD(SupervisorFixture, "a session answers from a jailed start to a clean stop") {
  {
    const auto session = Open(R"({"records": 3})");
    REQUIRE(session.ok());
    CHECK((*session)->scope_hash() == "scope-centre");
    CHECK((*session)->epoch() == 1);
    CHECK(Status().state == ProcessState::kRunning);

    const auto check = (*session)->Check();
    REQUIRE(check.ok());
    // Nothing to write to, three for the supervisor, and gRPC's own: no leak of ours.
    CHECK(check->visible_records().at("environment") == 0);
    CHECK(check->visible_records().at("pid") == static_cast<std::uint64_t>(Status().pid));
    REQUIRE((*session)->Discover().ok());

    Reader reader;
    CHECK(reader.ReadAll(**session).ok());
    CHECK(reader.ids == std::vector<std::string>{"0", "1", "2"});
    CHECK(reader.complete);
  }
  CHECK(Status().state == ProcessState::kIdle);
  supervisor->Stop(connection);
  CHECK(Status().state == ProcessState::kOff);
  CHECK(Status().last_end == "it exited with code 0");
  CHECK(Children().empty());
}

TEST_CASE_METHOD(SupervisorFixture,
                 "the process stays for the next session and one talks at a time") {
  auto first = Open();
  REQUIRE(first.ok());
  const int pid = Status().pid;
  CHECK(ReasonOf(Open().status()) == errors::v1::ERROR_REASON_RUN_IN_PROGRESS);
  first->reset();
  REQUIRE(Open().ok());
  CHECK(Status().pid == pid);
  CHECK(epochs == 1);

  REQUIRE(Open(R"({"records": 1})").ok());
  CHECK(Status().pid != pid);
  CHECK(IsGone(pid));
  CHECK(epochs == 2);
}

TEST_CASE_METHOD(SupervisorFixture, "a child gets no descriptor of the hub") {
  const auto lonely = Open();
  const auto before = (*lonely)->Check()->visible_records().at("open files");
  std::vector<std::unique_ptr<TempFolder>> folders;
  std::vector<FILE*> files;
  for (int i = 0; i < 20; ++i) files.push_back(fopen("/dev/null", "r"));
  supervisor::ProcessSpec other = Spec();
  other.connection = base::ConnectionId("grants");
  const auto session = supervisor->Open(other);
  CHECK((*session)->Check()->visible_records().at("open files") == before);
  for (FILE* const file : files) fclose(file);
}

TEST_CASE_METHOD(SupervisorFixture,
                 "a fault in any verb is a clear error, and the next start works") {
  struct Case {
    const char* kind;
    const char* words;
  };
  const Case fault =
      GENERATE(Case{"segfault", "signal 11"}, Case{"abort", "signal 6"},
               Case{"exit", "exited with code 0"}, Case{"sleep", "hung"}, Case{"loop", "hung"});
  const std::string verb = GENERATE("Configure", "Check", "Discover", "Read", "Stop");
  CAPTURE(fault.kind, verb);
  options.deadlines.configure = options.deadlines.check = milliseconds(1500);
  options.deadlines.discover = options.deadlines.stop = milliseconds(1500);
  options.progress_deadline = milliseconds(1500);
  Restart();
  const std::string marker = (folder.path() / "marker").string();
  const std::string config = R"({"records": 5, "fault": ")" + std::string(fault.kind) +
                             R"(", "in": ")" + verb + R"(", "marker": ")" + marker + R"("})";

  const auto begin = std::chrono::steady_clock::now();
  absl::Status status;
  Reader reader;
  if (auto session = Open(config); session.ok()) {
    if (verb == "Check") status = (*session)->Check().status();
    if (verb == "Discover") status = (*session)->Discover().status();
    if (verb == "Read") status = reader.ReadAll(**session);
  } else {
    status = session.status();
  }
  if (verb == "Stop") {
    supervisor->Stop(connection);
    CHECK(Status().state == ProcessState::kOff);
  } else {
    CAPTURE(status.ToString());
    CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
    CHECK(base::ErrorMetadata(status, "connection_id") == "centre");
    CHECK(status.message().find(verb) != std::string::npos);
    CHECK(status.message().find(fault.words) != std::string::npos);
  }
  CHECK(std::chrono::steady_clock::now() - begin < seconds(10));
  CHECK(Status().pid == 0);
  CHECK(Children().empty());

  PassBackoff();
  const auto again = Open(config);
  REQUIRE(again.ok());
  CHECK((*again)->epoch() == 2);
  CHECK((*again)->Check().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a read that crashes resumes from its last checkpoint") {
  const std::string marker = (folder.path() / "marker").string();
  const std::string config =
      R"({"records": 50, "fault": "segfault", "in": "Read", "at": 20, "marker": ")" + marker +
      R"("})";
  Reader reader;
  CHECK_FALSE(reader.ReadAll(**Open(config)).ok());
  CHECK_FALSE(reader.complete);
  PassBackoff();
  const auto session = Open(config);
  REQUIRE(session.ok());
  reader.ids.resize(reader.cursor.empty() ? 0 : std::stoul(reader.cursor));
  CHECK(reader.ReadAll(**session).ok());
  CHECK(reader.complete);
  CHECK(reader.ids.size() == 50);
}

TEST_CASE_METHOD(SupervisorFixture,
                 "trouble with the source is told from trouble with the plugin") {
  struct Case {
    const char* kind;
    base::ErrorReason reason;
    const char* name;
  };
  const Case fault =
      GENERATE(Case{"auth", errors::v1::ERROR_REASON_SOURCE_REFUSED, "AUTH"},
               Case{"transient", errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE, "TRANSIENT"},
               Case{"rate_limited", errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE, "RATE_LIMITED"},
               Case{"unclassified", errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE, "UNSPECIFIED"},
               Case{"bug", errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "BUG"});
  CAPTURE(fault.kind);
  const auto session = Open(R"({"records": 5, "in": "Read", "at": 2, "text": "ask for a new key",)"
                            R"( "fault": ")" +
                            std::string(fault.kind) + R"("})");
  REQUIRE(session.ok());
  const int pid = Status().pid;
  Reader reader;
  const absl::Status status = reader.ReadAll(**session);
  CHECK(ReasonOf(status) == fault.reason);
  CHECK(base::ErrorMetadata(status, "class") == fault.name);
  CHECK(base::ErrorMetadata(status, "code") == "stand_in.trouble");
  CHECK(base::ErrorMetadata(status, "text_da") == "paa dansk: ask for a new key");
  CHECK(status.message().find("ask for a new key") != std::string::npos);
  CHECK(reader.ids.size() == 2);
  CHECK(Status().pid == pid);
}

TEST_CASE_METHOD(SupervisorFixture, "a verb the plugin lacks is told as such") {
  const auto session = Open(R"({"in": "Check", "fault": "unimplemented"})");
  CHECK(ReasonOf((*session)->Check().status()) == errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED);
}

TEST_CASE_METHOD(SupervisorFixture, "a source is asked no more often than its plugin declares") {
  const auto session = Open("{}", "rated");
  CHECK((*session)->Check().ok());
  CHECK((*session)->Check().ok());
  const absl::Status refused = (*session)->Check().status();
  CHECK(ReasonOf(refused) == errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE);
  CHECK(base::ErrorMetadata(refused, "retry_after_seconds") == "10");
  CHECK((*session)->Discover().ok());

  plugin::v1::WriteRequest request;
  request.add_operations()->set_op_id("op-1");
  const auto results = (*session)->Write(request);
  REQUIRE(results.ok());
  REQUIRE(results->size() == 1);
  CHECK(results->at(0).op_id() == "op-1");
  CHECK(results->at(0).outcome() == plugin::v1::OperationResult::OUTCOME_RETRY);
  CHECK(results->at(0).diagnostics(0).retry_after().seconds() == 10);

  clock.Advance(std::chrono::seconds(10));
  CHECK((*session)->Check().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "an operator's limit outlives the process and the hub") {
  options.state_dir = (folder.path() / "calls").string();
  Restart();
  supervisor::ProcessSpec spec = Spec();
  spec.calls_per_minute = 1;
  CHECK((*supervisor->Open(spec))->Check().ok());
  CHECK_FALSE((*supervisor->Open(spec))->Discover().ok());
  supervisor->Stop(connection);
  CHECK_FALSE((*supervisor->Open(spec))->Discover().ok());
  Restart();
  CHECK_FALSE((*supervisor->Open(spec))->Discover().ok());
  clock.Advance(std::chrono::minutes(1));
  CHECK((*supervisor->Open(spec))->Discover().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a message over the limit is an error and no crash of ours") {
  const auto session = Open(R"({"in": "Check", "fault": "huge"})");
  CHECK(ReasonOf((*session)->Check().status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK((*session)->Discover().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "answers for another start are dropped") {
  const auto session = Open(R"({"records": 5, "in": "Read", "at": 2, "fault": "epoch"})");
  Reader reader;
  CHECK(reader.ReadAll(**session).ok());
  CHECK(reader.ids.size() == 5);

  supervisor::ProcessSpec spec = Spec(R"({"in": "Check", "fault": "epoch"})");
  spec.connection = base::ConnectionId("grants");
  const auto other = supervisor->Open(spec);
  CHECK(ReasonOf((*other)->Check().status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
}

TEST_CASE_METHOD(SupervisorFixture, "a configuration that the plugin refuses is no crash") {
  const auto session = Open(R"({"fault": "invalid", "text": "there is no such table"})");
  CHECK(ReasonOf(session.status()) == errors::v1::ERROR_REASON_CONNECTION_INVALID);
  CHECK(base::ErrorMetadata(session.status(), "field") == "read.table");
  CHECK(base::ErrorMetadata(session.status(), "code") == "stand_in.trouble");
  CHECK(session.status().message().find("there is no such table") != std::string::npos);
  CHECK(Status().state == ProcessState::kOff);
  CHECK(Children().empty());
}

TEST_CASE_METHOD(SupervisorFixture, "a start that goes wrong says why and leaves no process") {
  struct Case {
    const char* plugin;
    base::ErrorReason reason;
    const char* words;
  };
  const Case start = GENERATE(
      Case{"silent", errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "said nothing in time"},
      Case{"exit", errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "exited with code 7"},
      Case{"segfault", errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "signal 11"},
      Case{"err", errors::v1::ERROR_REASON_PLUGIN_REFUSED, "it has ABI 2.0 and this host 1.0"},
      Case{"garbage", errors::v1::ERROR_REASON_PLUGIN_REFUSED, "first line"},
      Case{"misnamed", errors::v1::ERROR_REASON_PLUGIN_REFUSED, "calls itself 'another'"},
      Case{"two.faced", errors::v1::ERROR_REASON_PLUGIN_REFUSED, "calls itself 'other'"},
      Case{"nothing", errors::v1::ERROR_REASON_PLUGIN_NOT_FOUND, "no plugin 'nothing'"});
  CAPTURE(start.plugin);
  if (start.plugin == std::string("silent")) {
    options.deadlines.start = milliseconds(500);
    Restart();
  }
  const auto session = Open("{}", start.plugin);
  CAPTURE(session.status().ToString());
  CHECK(ReasonOf(session.status()) == start.reason);
  CHECK(session.status().message().find(start.words) != std::string::npos);
  CHECK(Children().empty());
}

TEST_CASE_METHOD(SupervisorFixture, "a mebibyte of noise before the handshake does no harm") {
  const auto session = Open("{}", "noise");
  REQUIRE(session.ok());
  CHECK((*session)->Check().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a run folder that is too long is refused in words") {
  options.run_dir = (folder.path() / std::string(90, 'r')).string();
  Restart();
  const auto session = Open();
  CHECK(ReasonOf(session.status()) == errors::v1::ERROR_REASON_PLUGIN_REFUSED);
  CHECK(session.status().message().find("shorter run folder") != std::string::npos);
}

TEST_CASE_METHOD(SupervisorFixture, "a host that is not there is an error with its path") {
  options.host_program = "/nonexistent/host";
  Restart();
  const auto session = Open();
  CHECK(ReasonOf(session.status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK(session.status().message().find("/nonexistent/host") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::supervisor_tests
