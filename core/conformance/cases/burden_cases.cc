// F7-F9 and F12: a process that takes all it can get, and one whose hub is no more.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <absl/strings/str_cat.h>
#include <sys/resource.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/fault_cases.h"
#include "core/conformance/cases/hub.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// What the kernel says that a process may have at most of `resource`, as it names it.
std::uint64_t LimitOf(int pid, const std::string& resource) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/limits"));
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(resource, 0) != 0) continue;
    std::uint64_t limit = 0;
    if (std::istringstream(line.substr(resource.size())) >> limit) return limit;
  }
  return 0;
}

// A read by a process that gets no more of `resource` must fail or tell all.
absl::Status TellsWantOf(Bench& bench, __rlimit_resource resource, const std::string& what) {
  Hub hub(bench);
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    const rlimit none{};
    BB_RETURN_IF_ERROR(Expect(prlimit(hub.pid(), resource, &none, nullptr) == 0,
                              absl::StrCat("the kit cannot take its ", what, " away")));
    const auto begin = steady_clock::now();
    const SnapshotRead read = ReadSnapshot(*session, bench);
    BB_RETURN_IF_ERROR(Expect(steady_clock::now() - begin < kBound,
                              absl::StrCat("without ", what, " the hub is not answered in time")));
    const bool lies = read.status.ok() && read.complete && read.records < content.size();
    BB_RETURN_IF_ERROR(
        Expect(!lies, absl::StrCat("without ", what, " it calls a part of the records all")));
  }
  // Whatever became of it: the next one has all it needs.
  hub.hub->Stop(hub.spec.connection);
  return NextOneWorks(hub, bench, 0);
}

// Whether the host has limits of its own, whatever this process may have.
absl::Status IsLimited(Bench& bench, const std::string& resource, std::uint64_t most) {
  Hub hub(bench);
  BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
  const std::uint64_t limit = LimitOf(hub.pid(), resource);
  return Expect(limit > 0 && limit <= most,
                absl::StrCat("its limit '", resource, "' is ", limit, ", and ", most, " the most"));
}

// A hub that can be killed: it starts the host as a child of its own, in a session of its
// own, so that nobody but the host itself notices. It is told to us by its number.
absl::StatusOr<fs::path> WriteHubThatDies(const Bench& bench) {
  const fs::path script = bench.folder() / "mortal-hub";
  const std::string lifeline = (bench.folder() / "lifeline").string();
  std::ofstream(script) << "#!/bin/sh\nPATH=/usr/bin:/bin\nrm -f " << lifeline << "\nmkfifo "
                        << lifeline << "\nsetsid " << bench.Options().host_program << " \"$@\" 3< "
                        << lifeline << " &\nexec 4>&- 5> " << lifeline << "\necho $! > "
                        << (bench.folder() / "host.pid").string() << "\nwait\n";
  fs::permissions(script, fs::perms::owner_all, fs::perm_options::replace);
  return script;
}

int ReadNumber(const fs::path& file) {
  std::ifstream in(file);
  int number = 0;
  in >> number;
  return number;
}

// A process that others have to bury counts as gone.
bool IsGone(int pid) {
  if (kill(pid, 0) != 0) return true;
  std::ifstream in(absl::StrCat("/proc/", pid, "/stat"));
  std::string text;
  std::getline(in, text);
  const std::size_t name_end = text.rfind(')');
  return name_end == std::string::npos || text.substr(name_end, 3) == ") Z";
}

}  // namespace

// F7
absl::Status MemoryEnds(Bench& bench) {
  BB_RETURN_IF_ERROR(IsLimited(bench, "Max data size", bench.Options().data_limit_bytes));
  BB_RETURN_IF_ERROR(TellsWantOf(bench, RLIMIT_DATA, "memory"));
  return FailsInEachVerb(bench, "leak");
}

// F8
absl::Status BombIsStopped(Bench& bench) { return FailsInEachVerb(bench, "bomb"); }

// F9
absl::Status DescriptorsEnd(Bench& bench) {
  constexpr std::uint64_t kMost = 256;
  BB_RETURN_IF_ERROR(IsLimited(bench, "Max open files", kMost));
  BB_RETURN_IF_ERROR(TellsWantOf(bench, RLIMIT_NOFILE, "descriptors"));
  return FailsInEachVerb(bench, "descriptors");
}

// F12
absl::Status EndsWithTheHub(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const fs::path mortal_hub, WriteHubThatDies(bench));
  supervisor::SupervisorOptions options = bench.Options();
  options.host_program = mortal_hub.string();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail, options));
  BB_RETURN_IF_ERROR(talk->Configure(bench.Configuration({})).status());
  int host = 0;
  (void)Eventually([&] {
    host = ReadNumber(bench.folder() / "host.pid");
    return host > 0;
  });
  BB_RETURN_IF_ERROR(Expect(host > 0 && !IsGone(host), "the kit does not know the host"));
  bool gone = false;
  const auto kill_hub = [&](const plugin::v1::ReadResponse&) {
    // In the middle of a call, when it has the most to lose.
    talk->Kill();
    gone = Eventually([&] { return IsGone(host); }, seconds(2));
    return absl::CancelledError("the hub is no more");
  };
  (void)talk->Read({.stream = bench.fixture().stream, .on_event = kill_hub});
  if (!gone) kill(host, SIGKILL);
  return Expect(gone, "two seconds after the hub was killed the host is still there");
}

}  // namespace brobygger::conformance
