// How processes come and go: pauses, the breaker, idleness, and who may be there.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/core/supervisor/supervisor_fixture.h"

namespace brobygger::supervisor_tests {
namespace {

using base::ReasonOf;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using supervisor::CancelToken;
using supervisor::ProcessState;

constexpr char kCrashOnStart[] = R"({"fault": "segfault", "in": "Configure"})";

std::string CrashWhileMissing(const std::string& marker) {
  return R"({"fault": "segfault", "in": "Configure", "marker": ")" + marker + R"("})";
}

plugin::v1::ReadRequest Snapshot() {
  plugin::v1::ReadRequest request;
  request.set_stream("associations");
  request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
  return request;
}

absl::Status Ignore(const plugin::v1::ReadResponse& /*event*/) { return absl::OkStatus(); }

// Whether all threads of the process stand still: a signal reaches them one after another.
bool IsPaused(int pid) {
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream file(task.path() / "stat");
    const std::string stat{std::istreambuf_iterator<char>(file), {}};
    // The state stands behind the name, which may hold anything.
    const auto name_end = stat.rfind(") ");
    if (name_end == std::string::npos || stat.at(name_end + 2) != 'T') return false;
  }
  return true;
}

TEST_CASE_METHOD(SupervisorFixture, "after a crash a start is refused until the pause is over") {
  options.backoff_base = options.backoff_cap = hours(1);
  options.breaker_window = minutes(1);
  Restart();
  REQUIRE_FALSE(Open(kCrashOnStart).ok());
  // Full jitter may be nearly nothing, but not 2 s of an hour twice in a row.
  const auto refused = Open(kCrashOnStart);
  CAPTURE(refused.status().ToString());
  CHECK(ReasonOf(refused.status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  const std::string wait = base::ErrorMetadata(refused.status(), "retry_after_seconds");
  REQUIRE_FALSE(wait.empty());
  CHECK(epochs == 1);
  CHECK(Status().state == ProcessState::kBackingOff);
  CHECK(Status().last_end.find("signal 11") != std::string::npos);

  clock.Advance(seconds(std::stoi(wait)));
  CHECK_FALSE(Open(kCrashOnStart).ok());
  CHECK(epochs == 2);
}

TEST_CASE_METHOD(SupervisorFixture,
                 "a crash loop opens the breaker, and it heals when its cause is gone") {
  // With the marker's folder missing the stand-in can never write it.
  const std::string config = CrashWhileMissing((folder.path() / "not/yet/there").string());
  for (int i = 0; i < 5; ++i) {
    CHECK(ReasonOf(Open(config).status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
    clock.Advance(seconds(10));
  }
  CHECK(Status().state == ProcessState::kBroken);
  const auto broken = Open(config);
  CHECK(ReasonOf(broken.status()) == errors::v1::ERROR_REASON_PLUGIN_BROKEN);
  CHECK(base::ErrorMetadata(broken.status(), "retry_after_seconds") == "890");
  CHECK(epochs == 5);

  clock.Advance(minutes(15));
  CHECK(ReasonOf(Open(config).status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK(epochs == 6);
  clock.Advance(minutes(29));
  CHECK(ReasonOf(Open(config).status()) == errors::v1::ERROR_REASON_PLUGIN_BROKEN);

  std::filesystem::create_directories(folder.path() / "not/yet");
  std::ofstream(folder.path() / "not/yet/there") << "mended";
  clock.Advance(minutes(1));
  CHECK(Open(config).ok());
  supervisor->Committed(connection);
  supervisor->Stop(connection);
  CHECK(Status().state == ProcessState::kOff);
  CHECK(Open(config).ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a changed configuration is tried at once") {
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(Open(kCrashOnStart).ok());
    clock.Advance(seconds(10));
  }
  CHECK(Status().state == ProcessState::kBroken);
  CHECK(Open("{}").ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a process that dies idle is noticed and replaced") {
  REQUIRE(Open().ok());
  const int pid = Status().pid;
  kill(pid, SIGKILL);
  REQUIRE(Eventually([&] { return Status().pid == 0; }));
  CHECK(Status().last_end.find("signal 9") != std::string::npos);
  CHECK(Children().empty());
  PassBackoff();
  const auto again = Open();
  REQUIRE(again.ok());
  CHECK((*again)->epoch() == 2);
}

TEST_CASE_METHOD(SupervisorFixture, "an idle process is stopped, and a used one is not") {
  auto session = Open();
  clock.Advance(hours(1));
  const auto housekeeping_passed = std::chrono::steady_clock::now() + milliseconds(500);
  CHECK(Eventually([&] { return std::chrono::steady_clock::now() > housekeeping_passed; }));
  CHECK(Status().state == ProcessState::kRunning);
  session->reset();
  CHECK(Status().state == ProcessState::kIdle);
  clock.Advance(minutes(10));
  CHECK(Eventually([&] { return Status().state == ProcessState::kOff; }));
  CHECK(Status().last_end == "it exited with code 0");
  CHECK(Children().empty());
  CHECK(Open().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a paused host cannot answer late") {
  options.deadlines.check = milliseconds(500);
  Restart();
  const auto session = Open();
  REQUIRE(session.ok());
  const int old = Status().pid;
  kill(old, SIGSTOP);
  REQUIRE(Eventually([&] { return IsPaused(old); }));
  const absl::Status status = (*session)->Check().status();
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  kill(old, SIGCONT);
  CHECK(Status().pid == 0);
  CHECK(HasEnded(old));
}

TEST_CASE_METHOD(SupervisorFixture, "a session of an ended process answers at once, with its end") {
  const auto session = Open();
  kill(Status().pid, SIGKILL);
  REQUIRE(Eventually([&] { return Status().pid == 0; }));
  for (int i = 0; i < 3; ++i) {
    const absl::Status status = (*session)->Check().status();
    CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
    CHECK(status.message().find("signal 9") != std::string::npos);
  }
}

TEST_CASE_METHOD(SupervisorFixture, "many callers never make two processes for one connection") {
  std::atomic<bool> leave = false;
  std::atomic<std::size_t> most = 0;
  std::thread watcher([&] {
    while (!leave) most = std::max(most.load(), Children().size());
  });
  std::atomic<int> opened = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 6; ++caller) {
    callers.emplace_back([&, caller] {
      // Each other caller wants another configuration, so processes are replaced.
      const char* const config = caller % 2 == 0 ? "{}" : R"({"records": 1})";
      for (int mine = 0; mine < 3;) {
        PassBackoff();
        supervisor->Committed(connection);
        if (!Open(config).ok()) continue;
        ++opened;
        // 0 would mean all of ourselves: another caller may be replacing it now.
        const int pid = Status().pid;
        if (++mine == 2 && pid > 0) kill(pid, SIGKILL);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  leave = true;
  watcher.join();
  CHECK(opened == 18);
  CHECK(most == 1);
  supervisor.reset();
  CHECK(Children().empty());
}

TEST_CASE_METHOD(SupervisorFixture, "a read is cancelled within a second") {
  const auto session = Open(R"({"records": 5, "fault": "sleep", "in": "Read", "at": 2})");
  REQUIRE(session.ok());
  CancelToken cancel;
  int seen = 0;
  std::chrono::steady_clock::time_point cancelled;
  const auto cancel_at_second = [&](const plugin::v1::ReadResponse& event) {
    if (event.has_checkpoint() && ++seen == 2) {
      cancelled = std::chrono::steady_clock::now();
      cancel.Cancel();
    }
    return absl::OkStatus();
  };
  CHECK(absl::IsCancelled((*session)->Read(Snapshot(), cancel_at_second, cancel)));
  CHECK(std::chrono::steady_clock::now() - cancelled < seconds(1));
  CHECK(seen == 2);
}

TEST_CASE_METHOD(SupervisorFixture, "a listener's error ends the read and comes back") {
  const auto session = Open(R"({"records": 1000})");
  int seen = 0;
  const auto refuse = [&](const plugin::v1::ReadResponse&) {
    return ++seen == 3 ? absl::DataLossError("the disk is full") : absl::OkStatus();
  };
  CHECK(absl::IsDataLoss((*session)->Read(Snapshot(), refuse, CancelToken())));
  CHECK(seen == 3);
  CHECK((*session)->Check().ok());
}

TEST_CASE_METHOD(SupervisorFixture, "a read that lives and gets nowhere is stopped") {
  options.progress_deadline = milliseconds(700);
  Restart();
  const auto session = Open(R"({"records": 5, "fault": "stuck", "in": "Read", "at": 2})");
  const auto begin = std::chrono::steady_clock::now();
  const absl::Status status = (*session)->Read(Snapshot(), Ignore, CancelToken());
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK(status.message().find("hung in Read") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin < seconds(8));
  CHECK(Status().pid == 0);
}

TEST_CASE_METHOD(SupervisorFixture, "a slow listener is not the plugin's fault") {
  // Long enough for a plugin on a machine that stands still for a moment.
  options.progress_deadline = milliseconds(1500);
  Restart();
  const auto session = Open(R"({"records": 2})");
  const auto slow = [](const plugin::v1::ReadResponse& event) {
    const auto end = std::chrono::steady_clock::now() + milliseconds(2000);
    while (event.has_batch() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return absl::OkStatus();
  };
  CHECK((*session)->Read(Snapshot(), slow, CancelToken()).ok());
}

TEST_CASE_METHOD(SupervisorFixture, "the supervisor's end is the end of all, in bounded time") {
  options.deadlines.stop = milliseconds(500);
  Restart();
  std::vector<int> pids;
  std::vector<std::unique_ptr<supervisor::Session>> sessions;
  for (const char* const name : {"a", "b", "c"}) {
    supervisor::ProcessSpec spec = Spec(R"({"fault": "sleep", "in": "Stop", "linger": true})");
    spec.connection = base::ConnectionId(name);
    sessions.push_back(*supervisor->Open(spec));
    pids.push_back(supervisor->StatusOf(spec.connection).pid);
  }
  // A session may outlive the process, and a read may be under way in another
  // thread; but both end before the supervisor does.
  std::thread reading([&] {
    CHECK_FALSE(sessions[0]->Read(Snapshot(), Ignore, CancelToken()).ok());
    sessions.clear();
  });
  supervisor->Stop(base::ConnectionId("a"));
  reading.join();
  const auto begin = std::chrono::steady_clock::now();
  supervisor.reset();
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
  CHECK(Children().empty());
  CHECK(std::filesystem::is_empty(options.run_dir));
}

TEST_CASE_METHOD(SupervisorFixture, "what a killed hub left in the run folder is cleared away") {
  supervisor.reset();
  const std::filesystem::path run = options.run_dir;
  std::filesystem::create_directories(run / "centre/12345678");
  std::filesystem::create_directories(run / "else");
  std::ofstream(run / "else/file") << "not ours";
  Restart();
  CHECK_FALSE(std::filesystem::exists(run / "centre"));
  CHECK(std::filesystem::exists(run / "else/file"));
}

TEST_CASE_METHOD(SupervisorFixture, "no memory and no descriptor is lost over many lives") {
  const auto live = [&](int times) {
    for (int i = 0; i < times; ++i) {
      const auto session = Open(i % 2 == 0 ? "{}" : R"({"fault": "abort", "in": "Check"})");
      CAPTURE(session.status().ToString());
      REQUIRE(session.ok());
      (void)(*session)->Check();
      PassBackoff();
      supervisor->Committed(connection);
    }
    supervisor->Stop(connection);
    // What is left of ended processes is cleared away by the housekeeping.
    REQUIRE(Eventually([] { return Children().empty(); }));
  };
  live(10);
  const int files = CountOpenFiles();
  const long memory = ResidentKilobytes();
  live(30);
  CHECK(Eventually([&] { return CountOpenFiles() <= files + 2; }));
  CHECK(ResidentKilobytes() < memory + 8 * 1024);
}

TEST_CASE_METHOD(SupervisorFixture, "floods of output and events leave the hub at work") {
  const std::string kind = GENERATE("stderr", "events");
  const auto session = Open(R"({"records": 3, "flood": ")" + kind + R"("})");
  REQUIRE(session.ok());
  const long memory = ResidentKilobytes();
  for (int i = 0; i < 5; ++i) CHECK((*session)->Check().ok());
  CHECK((*session)->Read(Snapshot(), Ignore, CancelToken()).ok());
  CHECK(ResidentKilobytes() < memory + 16 * 1024);
}

}  // namespace
}  // namespace brobygger::supervisor_tests
