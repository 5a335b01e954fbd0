// The supervisor, the real host in its jail, and a plugin that is faulty on
// purpose: whatever it does, the hub gets a clear error in bounded time, and the
// next process works.

#include <array>
#include <csignal>
#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/core/supervisor/supervisor_fixture.h"

namespace brobygger::supervisor_tests {
namespace {

using base::ReasonOf;
using std::chrono::seconds;
using supervisor::CancelToken;
using supervisor::ProcessState;

constexpr char kHost[] = BB_BUILD_DIR "/bin/brobygger-plugin-host";
constexpr char kMutants[] = BB_BUILD_DIR "/tests/plugins";

struct MutantFixture : SupervisorFixture {
  MutantFixture() {
    options.host_program = kHost;
    options.plugin_roots = {kMutants, BB_BUILD_DIR "/plugins"};
    options.deadlines.configure = options.deadlines.check = seconds(3);
    options.deadlines.discover = options.deadlines.stop = options.progress_deadline = seconds(3);
    Restart();
  }

  supervisor::ProcessSpec MutantSpec(const std::string& config_json) const {
    supervisor::ProcessSpec spec = Spec(config_json, "tests.mutant");
    spec.jail.write_paths = {folder.path().string()};
    return spec;
  }

  // The fault strikes once.
  std::string Fault(const std::string& kind, const std::string& verb) const {
    return R"({"fault": ")" + kind + R"(", "in": ")" + verb + R"(", "records": 50, "at": 20, )" +
           R"("marker": ")" + (folder.path() / "marker").string() + R"("})";
  }
};

struct Reader {
  absl::Status ReadAll(supervisor::Session& session) {
    plugin::v1::ReadRequest request;
    request.set_stream("associations");
    request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
    request.set_cursor(cursor);
    const auto keep = [this](const plugin::v1::ReadResponse& event) {
      records += event.batch().records_size();
      if (event.has_checkpoint()) cursor = event.checkpoint().cursor();
      complete |= event.snapshot_end().complete();
      return absl::OkStatus();
    };
    return session.Read(request, keep, CancelToken());
  }
  std::string cursor;
  int records = 0;
  bool complete = false;
};

// Runs `verb`, which is struck by a fault.
absl::Status Run(supervisor::Session& session, const std::string& verb) {
  if (verb == "Check") {
    const auto response = session.Check();
    if (!response.ok()) return response.status();
    // The SDK reports what was thrown in Check as a finding of the check.
    const bool bug = response->diagnostics_size() > 0 &&
                     response->diagnostics(0).class_() == plugin::v1::Diagnostic::CLASS_BUG;
    return bug ? base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "bug")
               : absl::OkStatus();
  }
  if (verb == "Discover") return session.Discover().status();
  Reader reader;
  const absl::Status status = reader.ReadAll(session);
  CHECK(reader.records == 20);
  CHECK_FALSE(reader.complete);
  return status;
}

TEST_CASE_METHOD(MutantFixture, "a fault in any verb ends in a clear error and a new process") {
  const std::string kind =
      GENERATE("segfault", "abort", "exit", "throw", "throw_number", "loop", "sleep");
  const std::string verb = GENERATE("Configure", "Check", "Discover", "Read");
  CAPTURE(kind, verb);
  const std::string config = Fault(kind, verb);
  const auto begin = std::chrono::steady_clock::now();
  absl::Status status;
  if (auto session = supervisor->Open(MutantSpec(config)); session.ok()) {
    status = Run(**session, verb);
  } else {
    status = session.status();
  }
  CAPTURE(status.ToString());
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK(std::chrono::steady_clock::now() - begin < seconds(12));

  PassBackoff();
  const auto again = supervisor->Open(MutantSpec(config));
  CAPTURE(again.status().ToString());
  REQUIRE(again.ok());
  CHECK((*again)->epoch() == 2);
  Reader reader;
  CHECK(reader.ReadAll(**again).ok());
  CHECK(reader.records == 50);
  CHECK(reader.complete);
}

TEST_CASE_METHOD(MutantFixture, "a fault while stopping does not keep the process alive") {
  const std::string kind = GENERATE("segfault", "exit", "throw", "loop", "sleep");
  CAPTURE(kind);
  REQUIRE(supervisor->Open(MutantSpec(Fault(kind, "Stop"))).ok());
  const auto begin = std::chrono::steady_clock::now();
  supervisor->Stop(connection);
  CHECK(std::chrono::steady_clock::now() - begin < seconds(10));
  CHECK(Status().state == ProcessState::kOff);
  CHECK(Children().empty());
}

TEST_CASE_METHOD(MutantFixture, "a plugin that takes all it can get is stopped by its limits") {
  const std::string kind = GENERATE("leak", "threads", "descriptors");
  CAPTURE(kind);
  options.data_limit_bytes = 128 << 20;
  Restart();
  const std::string config = Fault(kind, "Read");
  {
    const auto session = supervisor->Open(MutantSpec(config));
    REQUIRE(session.ok());
    CHECK(ReasonOf(Run(**session, "Read")) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  }
  PassBackoff();
  const auto again = supervisor->Open(MutantSpec(config));
  REQUIRE(again.ok());
  CHECK((*again)->epoch() == 2);
  Reader reader;
  CHECK(reader.ReadAll(**again).ok());
  CHECK(reader.records == 50);
}

TEST_CASE_METHOD(MutantFixture, "a flood on every way out leaves the hub at work") {
  // Held back to 4 MiB a second on each pipe, 10 MB take a while, but no more memory.
  options.deadlines.discover = seconds(60);
  Restart();
  const auto session = supervisor->Open(MutantSpec(Fault("flood", "Discover")));
  REQUIRE(session.ok());
  const long memory = ResidentKilobytes();
  CHECK((*session)->Discover().ok());
  CHECK(ResidentKilobytes() < memory + 16 * 1024);
  CHECK((*session)->Check().ok());
}

TEST_CASE_METHOD(MutantFixture, "a message over the limit is an error and no crash of ours") {
  const auto session =
      supervisor->Open(MutantSpec(R"({"fault": "huge", "in": "Check", "records": 1})"));
  REQUIRE(session.ok());
  CHECK(ReasonOf((*session)->Check().status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  CHECK((*session)->Discover().ok());
}

TEST_CASE_METHOD(MutantFixture, "a read that crashes resumes from its last checkpoint") {
  const std::string config = Fault("segfault", "Read");
  Reader reader;
  CHECK_FALSE(reader.ReadAll(**supervisor->Open(MutantSpec(config))).ok());
  CHECK(reader.cursor == "20");
  PassBackoff();
  CHECK(reader.ReadAll(**supervisor->Open(MutantSpec(config))).ok());
  CHECK(reader.records == 50);
  CHECK(reader.complete);
}

TEST_CASE_METHOD(MutantFixture, "a secret that a plugin tells stays between the two") {
  constexpr char kSecret[] = "hemmelig-kanariefugl-7f";
  const std::string captured = (folder.path() / "log").string();
  const int saved = dup(STDERR_FILENO);
  const int file = open(captured.c_str(), O_CREAT | O_WRONLY, 0600);
  dup2(file, STDERR_FILENO);
  std::string told;
  {
    supervisor::ProcessSpec spec = MutantSpec(Fault("tell_secret", "Discover"));
    spec.secrets["password"] = kSecret;
    const auto session = supervisor->Open(spec);
    if (session.ok()) told = (*session)->Discover().status().ToString();
    const std::string pid = std::to_string(Status().pid);
    for (const char* const place : {"/cmdline", "/environ"}) {
      std::ifstream in("/proc/" + pid + place);
      told += std::string(std::istreambuf_iterator<char>(in), {});
    }
    supervisor.reset();
  }
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);

  std::ifstream in(captured);
  const std::string log(std::istreambuf_iterator<char>(in), {});
  CAPTURE(log, told);
  CHECK(told.find("PLUGIN_UNAVAILABLE") != std::string::npos);
  CHECK(told.find(kSecret) == std::string::npos);
  CHECK(log.find("the password is [secret]") != std::string::npos);
  CHECK(log.find(kSecret) == std::string::npos);
}

TEST_CASE_METHOD(MutantFixture, "when the hub is killed its plugin is gone within two seconds") {
  const std::string run_dir = (folder.path() / "other").string();
  std::array<int, 2> out{};
  REQUIRE(pipe2(out.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::vector<std::string> words = {HUB_IN_MINIATURE, run_dir, kHost, kMutants, "tests.mutant"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t hub = 0;
  REQUIRE(posix_spawn(&hub, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  FILE* const lines = fdopen(out[0], "r");
  int host = 0;
  const int read = fscanf(lines, "%d", &host);
  fclose(lines);
  REQUIRE(read == 1);
  REQUIRE(kill(host, 0) == 0);

  kill(hub, SIGKILL);
  waitpid(hub, nullptr, 0);
  CHECK(Eventually([&] { return HasEnded(host); }, seconds(2)));
}

TEST_CASE_METHOD(MutantFixture, "a program in another language is supervised as any plugin") {
  options.data_limit_bytes = 512 << 20;  // what an interpreter takes
  options.deadlines = supervisor::Deadlines();
  options.deadlines.start = seconds(30);
  Restart();
  const std::string config = R"({"names": ["Fjordens Venner"]})";
  {
    const auto session = Open(config, "test.exec");
    CAPTURE(session.status().ToString());
    REQUIRE(session.ok());
    Reader reader;
    CHECK(reader.ReadAll(**session).ok());
    CHECK(reader.records == 1);
    kill(Status().pid, SIGKILL);
    CHECK(ReasonOf((*session)->Check().status()) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE);
  }
  PassBackoff();
  REQUIRE(Open(config, "test.exec").ok());
  supervisor->Stop(connection);
  CHECK(Status().last_end == "it exited with code 0");
}

TEST_CASE_METHOD(MutantFixture, "a real plugin reads a real file through it all") {
  const std::filesystem::path file = folder.path() / "foreninger.csv";
  std::ofstream(file) << "Nr;Navn\n1;Fjordens Venner\n2;Kurdisk Kulturforening\n";
  supervisor::ProcessSpec spec =
      Spec(R"({"path": ")" + file.string() + R"(", "id_column": "Nr", "stable_for_ms": 0, )" +
               R"("columns": {"Navn": "name"}})",
           "files.csv");
  spec.jail.read_paths = {folder.path().string()};
  const auto session = supervisor->Open(spec);
  CAPTURE(session.status().ToString());
  REQUIRE(session.ok());
  CHECK((*session)->Check()->visible_records().at("associations") == 2);
  Reader reader;
  CHECK(reader.ReadAll(**session).ok());
  CHECK(reader.records == 2);
  CHECK(reader.complete);
}

}  // namespace
}  // namespace brobygger::supervisor_tests
