// B: back-pressure, limits and time.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <absl/strings/str_cat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/conformance/cases/hub.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::Heartbeat;
using plugin::v1::ReadRequest;
using plugin::v1::ReadResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr long kMostGrowthKb = 16 * 1024;
// Less than the records take, and more than the heap of a plugin that does wait was seen to move
// beside them on a loaded machine (2.2 MiB).
constexpr long kMostShortGrowthKb = 4 * 1024;
constexpr long kMostIdleGrowthKb = 4 * 1024;
constexpr int kFewCalls = 3;  // a minute: too few for one to come while a process starts
constexpr int kManyCalls = 300;
constexpr auto kAtOnce = seconds(1);
constexpr auto kQuiet = milliseconds(500);
constexpr auto kShortWait = milliseconds(700);

long ResidentKb(int pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/statm"));
  long size = 0;
  long resident = 0;
  in >> size >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

// The most that it has held at any time.
long HighestKb(int pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/status"));
  for (std::string word; in >> word;) {
    long kb = 0;
    if (word == "VmHWM:" && in >> kb) return kb;
  }
  return 0;
}

// How many descriptors it has open; -1 if we may not see them.
int OpenFiles(int pid) {
  std::error_code error;
  const auto files = std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/fd"), error);
  if (error) return -1;
  return static_cast<int>(std::distance(begin(files), end(files)));
}

// The processor time that it has taken, in the kernel's ticks.
long TicksOf(int pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/stat"));
  std::string text;
  std::getline(in, text);
  // The name may hold anything; what follows it are numbers.
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  std::string word;
  for (int at = 0; at < 11; ++at) rest >> word;
  long user = 0;
  long system = 0;
  rest >> user >> system;
  return user + system;
}

// The most that it takes while nobody reads on, until it is quiet.
long PeakWhileStalled(int pid) {
  long peak = 0;
  long ticks = -1;
  auto quiet_since = steady_clock::now();
  (void)Eventually([&] {
    peak = std::max(peak, ResidentKb(pid));
    if (const long now = TicksOf(pid); now != ticks) {
      ticks = now;
      quiet_since = steady_clock::now();
    }
    return steady_clock::now() - quiet_since > kQuiet;
  });
  return peak;
}

// B1
absl::Status SlowHub(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Fill(bench.longer() ? 100'000 : 10'000));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  // What it takes to have the source before it is its own affair: two pages show it.
  for (int read = 0; read < 2; ++read) {
    BB_RETURN_IF_ERROR(ReadAll(*talk, bench, {.max_records = 50}).status());
  }
  // Also what it has given back since: a plugin may look at all of the source for each page.
  const long usual = HighestKb(talk->pid());
  long peak = 0;
  const auto stall = [&](const ReadResponse& event) {
    // The answers wait, and so must it.
    if (event.has_batch() && peak == 0) peak = PeakWhileStalled(talk->pid());
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ReadAll(*talk, bench, {.batch_records = 50, .on_event = stall}).status());
  const long most = bench.longer() ? kMostGrowthKb : kMostShortGrowthKb;
  return Expect(peak - usual < most,
                absl::StrCat("it grows by ", peak - usual, " kB while the hub is slow"));
}

// Whether it answers at once again.
absl::Status AnswersAtOnce(Conversation& talk, const std::string& after) {
  const auto begin = steady_clock::now();
  BB_RETURN_IF_ERROR(talk.Check().status());
  return Expect(steady_clock::now() - begin < kAtOnce,
                absl::StrCat("it is not silent within a second after ", after));
}

// B2
absl::Status CancelIsHeard(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Fill(5000));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  const auto leave = [](const ReadResponse&) { return absl::CancelledError("enough"); };
  (void)talk->Read({.stream = bench.fixture().stream, .batch_records = 1, .on_event = leave});
  return AnswersAtOnce(*talk, "a cancelled Read");
}

// B3
absl::Status DeadlinesAreHeard(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  for (const char* const verb : {"Check", "Discover", "Lookup"}) {
    talk->set_deadline(milliseconds(1));
    if (std::string(verb) == "Check") (void)talk->Check();
    if (std::string(verb) == "Discover") (void)talk->Discover();
    if (std::string(verb) == "Lookup") (void)LookUpForeign(*talk, bench, "kit-no-such-record");
    talk->set_deadline(seconds(20));
    BB_RETURN_IF_ERROR(AnswersAtOnce(*talk, absl::StrCat("the deadline of ", verb)));
  }
  return absl::OkStatus();
}

// How many calls of Check are made before one is refused; at most `most`.
int CallsUntilRefused(supervisor::Session& session, int most) {
  int calls = 0;
  while (calls < most && session.Check().ok()) ++calls;
  return calls;
}

// A limit that a plugin declares must let calls through, and name verbs that there are.
absl::Status CheckDeclared(const plugin::v1::RateLimit& rate) {
  static const std::set<std::string> kVerbs = {"Check", "Discover", "Read", "Lookup", "Write"};
  const std::string who = absl::StrCat("the limit '", rate.name(), "'");
  BB_RETURN_IF_ERROR(Expect(rate.burst() >= 1 && rate.fill_per_second() > 0,
                            absl::StrCat(who, " lets nothing through")));
  for (const std::string& verb : rate.verbs()) {
    BB_RETURN_IF_ERROR(Expect(kVerbs.count(verb) > 0,
                              absl::StrCat(who, " has a verb '", verb, "' that there is not")));
  }
  return absl::OkStatus();
}

// How many calls of Check the plugin's own limits allow at once; `most` if it has none.
absl::StatusOr<int> DeclaredBurst(Bench& bench, int most) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto greeting, talk->Handshake({}));
  for (const auto& rate : greeting.limits().rates()) {
    BB_RETURN_IF_ERROR(CheckDeclared(rate));
    const auto& verbs = rate.verbs();
    const bool drawn = verbs.empty() || std::count(verbs.begin(), verbs.end(), "Check") > 0;
    if (drawn) most = std::min(most, static_cast<int>(rate.burst()));
  }
  return most;
}

// B4: the hub's clock stands, so that no bucket fills.
absl::Status RateIsKept(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const int declared, DeclaredBurst(bench, kManyCalls));
  for (const int lower : {0, kFewCalls}) {
    Hub hub(bench);
    hub.spec.calls_per_minute = static_cast<std::uint32_t>(lower);
    const int allowed = lower == 0 ? declared : std::min(declared, lower);
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    const int calls = CallsUntilRefused(*session, kManyCalls);
    BB_RETURN_IF_ERROR(
        Expect(calls == allowed,
               absl::StrCat(calls, " calls were made at once, and ", allowed, " may be")));
    if (allowed == kManyCalls) continue;
    const absl::Status refused = session->Check().status();
    const std::string wait = base::ErrorMetadata(refused, "retry_after_seconds");
    BB_RETURN_IF_ERROR(Expect(!wait.empty(), "a call too many is refused without a time"));
    hub.clock.Advance(seconds(std::stoi(wait)));
    BB_RETURN_IF_ERROR(session->Check().status());
  }
  return absl::OkStatus();
}

// B5: a new process, and a new hub.
absl::Status RestartFillsNothing(Bench& bench) {
  Hub hub(bench);
  hub.spec.calls_per_minute = kFewCalls;
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    (void)CallsUntilRefused(*session, kManyCalls);
    kill(hub.pid(), SIGKILL);
    BB_RETURN_IF_ERROR(Expect(hub.WaitGone(), "it outlives SIGKILL"));
  }
  for (const char* const who : {"a new process", "a new hub"}) {
    BB_ASSIGN_OR_RETURN(auto session, hub.Open());
    BB_RETURN_IF_ERROR(Expect(CallsUntilRefused(*session, kManyCalls) == 0,
                              absl::StrCat(who, " starts with a budget of its own")));
    session.reset();
    hub.Restart();
  }
  return absl::OkStatus();
}

// B6
absl::Status WaitingIsTold(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("wait"));
  const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream});
  BB_RETURN_IF_ERROR(outcome.status);
  const bool told =
      std::any_of(outcome.heartbeats.begin(), outcome.heartbeats.end(), [](const Heartbeat& beat) {
        return beat.state() == Heartbeat::STATE_WAITING_RATE_LIMIT ||
               beat.state() == Heartbeat::STATE_WAITING_REMOTE;
      });
  BB_RETURN_IF_ERROR(Expect(told, "it waits and does not say so"));
  Content content;
  Fold(outcome.records, content);
  return SameAsMock(content, bench);
}

// B7
absl::Status StuckIsSeen(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("stuck"));
  const auto begin = steady_clock::now();
  const auto give_up = [&](const ReadResponse&) {
    const bool too_long = steady_clock::now() - begin > kShortWait * 4;
    return too_long ? absl::CancelledError("it went on and on") : absl::OkStatus();
  };
  const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream,
                                          .on_event = give_up,
                                          .progress = kShortWait,
                                          .waiting = kShortWait});
  return Expect(absl::IsDeadlineExceeded(outcome.status),
                "a source that brings nothing looks like progress");
}

// B8
absl::Status EmptyPolls(Bench& bench) {
  const int polls = bench.longer() ? 1000 : 150;
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  ReadPlan plan{.mode = bench.Can("delta") ? ReadRequest::MODE_DELTA : ReadRequest::MODE_SNAPSHOT,
                .from = all.last()};
  long memory = 0;
  int files = 0;
  for (int poll = 0; poll < polls; ++poll) {
    BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench, plan));
    if (!outcome.checkpoints.empty()) plan.from = outcome.last();
    if (poll != polls / 5) continue;
    memory = ResidentKb(talk->pid());
    files = OpenFiles(talk->pid());
  }
  const long growth = ResidentKb(talk->pid()) - memory;
  BB_RETURN_IF_ERROR(Expect(growth < kMostIdleGrowthKb,
                            absl::StrCat("it grows by ", growth, " kB in ", polls, " polls")));
  return Expect(OpenFiles(talk->pid()) <= files + 2, "it keeps files open");
}

}  // namespace

std::vector<Case> LimitCases() {
  return {
      {"B1", "a slow hub makes it wait, not grow", {"snapshot", "verb:fill"}, SlowHub},
      {"B2", "it is silent soon after a cancelled read", {"snapshot", "verb:fill"}, CancelIsHeard},
      {"B3", "it is silent soon after a deadline", {}, DeadlinesAreHeard},
      {"B4", "the declared rate is kept, and the operator's lower one", {}, RateIsKept},
      {"B5", "a restart does not fill the budget", {}, RestartFillsNothing},
      {"B6", "it says so when the source lets it wait", {"fault:wait"}, WaitingIsTold},
      {"B7", "a stuck source shows in the position", {"fault:stuck"}, StuckIsSeen},
      {"B8", "empty polls cost no memory and no files", {"snapshot"}, EmptyPolls},
  };
}

}  // namespace brobygger::conformance
