// F: the plugin's process ends, hangs or comes back late. The hub's own end, the
// supervisor, must answer in bounded time and start a new one.
#include "core/conformance/cases/fault_cases.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/conformance/cases/hub.h"

namespace brobygger::conformance {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// A signal from outside in the middle of a read, and while nobody talks with it.
absl::Status EndedBy(Bench& bench, int signal) {
  Hub hub(bench);
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    const int pid = hub.pid();
    const auto begin = steady_clock::now();
    const auto strike = [&] {
      kill(pid, signal);
      Eventually([&] { return hub.pid() == 0; });
    };
    const absl::Status status = ReadSnapshot(*session, bench, strike).status;
    BB_RETURN_IF_ERROR(Expect(hub.WaitGone(), "the process did not end"));
    BB_RETURN_IF_ERROR(
        Expect(steady_clock::now() - begin < kBound, "the hub was not answered in time"));
    // What was under way when it died may have been whole already.
    BB_RETURN_IF_ERROR(
        Expect(status.ok() || base::ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
               absl::StrCat("the hub is told ", std::string(status.message()))));
    BB_RETURN_IF_ERROR(Expect(!session->Check().ok(), "a dead process answers"));
  }
  return NextOneWorks(hub, bench, 0);
}

// F1, F2, F10
absl::Status Segfault(Bench& bench) { return EndedBy(bench, SIGSEGV); }
absl::Status Abort(Bench& bench) { return EndedBy(bench, SIGABRT); }

absl::Status BrokenPipe(Bench& bench) {
  Hub hub(bench);
  BB_ASSIGN_OR_RETURN(auto session, hub.Open());
  const int pid = hub.pid();
  kill(pid, SIGPIPE);
  // It may take no notice, or end by itself; what hangs until the hub ends it does harm.
  const bool answered = session->Check().ok();
  BB_RETURN_IF_ERROR(Expect(answered || hub.WaitGone(), "it neither answers nor ends"));
  const std::string end = hub.hub->StatusOf(hub.spec.connection).last_end;
  BB_RETURN_IF_ERROR(Expect(answered || !absl::StrContains(end, "hung"),
                            absl::StrCat("after a broken pipe ", end)));
  session.reset();
  return NextOneWorks(hub, bench, answered ? 0 : pid);
}

// F3-F5
absl::Status ExitsInVerb(Bench& bench) { return FailsInEachVerb(bench, "exit"); }
absl::Status ThrowsInVerb(Bench& bench) { return FailsInEachVerb(bench, "throw"); }
absl::Status LoopsInVerb(Bench& bench) { return FailsInEachVerb(bench, "loop"); }

// F6, F13: it sleeps in a call, and wakes up too late.
absl::Status Paused(Bench& bench, const std::string& verb) {
  Hub hub(bench);
  int old_pid = 0;
  std::uint64_t old_epoch = 0;
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    old_pid = hub.pid();
    old_epoch = session->epoch();
    kill(old_pid, SIGSTOP);
    const auto begin = steady_clock::now();
    const absl::Status status = CallVerb(*session, bench, verb);
    BB_RETURN_IF_ERROR(
        Expect(base::ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
               absl::StrCat("a paused plugin in ", verb, ": ", std::string(status.message()))));
    BB_RETURN_IF_ERROR(
        Expect(steady_clock::now() - begin < kBound, "the hub was not answered in time"));
    kill(old_pid, SIGCONT);
    BB_RETURN_IF_ERROR(Expect(hub.WaitGone(), "the hub let the paused process live"));
  }
  hub.Mend();
  BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
  BB_RETURN_IF_ERROR(Expect(session->epoch() > old_epoch, "the epoch did not grow"));
  // Answers for this start, which an epoch of another start would not be.
  BB_RETURN_IF_ERROR(session->Check().status());
  return session->Discover().status();
}

absl::Status SleepsInVerb(Bench& bench) {
  for (const char* const verb : {"Check", "Discover", "Read"}) {
    BB_RETURN_IF_ERROR(Paused(bench, verb));
  }
  return absl::OkStatus();
}

// Whether every answer carries the epoch of its own start.
absl::Status AnswersItsEpoch(Conversation& talk, Bench& bench) {
  BB_RETURN_IF_ERROR(talk.Check().status());
  BB_RETURN_IF_ERROR(talk.Discover().status());
  BB_RETURN_IF_ERROR(ReadAll(talk, bench).status());
  if (!bench.Can("by_ids")) return absl::OkStatus();
  return LookUpForeign(talk, bench, "kit-no-such-record").status();
}

absl::Status LateAnswers(Bench& bench) {
  for (int start = 0; start < 2; ++start) {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_RETURN_IF_ERROR(AnswersItsEpoch(*talk, bench));
  }
  return Paused(bench, "Check");
}

// F11
absl::Status BreakerOpensAndHeals(Bench& bench) {
  Hub hub(bench);
  for (int end = 0; end < 5; ++end) {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    kill(hub.pid(), SIGKILL);
    BB_RETURN_IF_ERROR(Expect(hub.WaitGone(), "it outlives SIGKILL"));
    hub.clock.Advance(seconds(20));
  }
  BB_RETURN_IF_ERROR(
      Expect(base::ReasonOf(hub.Open().status()) == errors::v1::ERROR_REASON_PLUGIN_BROKEN,
             "the breaker does not open after five ends"));
  hub.clock.Advance(std::chrono::hours(1));
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    BB_RETURN_IF_ERROR(session->Check().status());
  }
  return NextOneWorks(hub, bench, 0);
}

// Processes that this one started, directly, and that are plugin hosts.
std::set<int> Hosts(const std::string& host) {
  std::set<int> hosts;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream in(task.path() / "children");
    for (int pid = 0; in >> pid;) {
      std::ifstream line(absl::StrCat("/proc/", pid, "/cmdline"));
      std::string program;
      std::getline(line, program, '\0');
      if (program == host) hosts.insert(pid);
    }
  }
  return hosts;
}

// F14
absl::Status NeverTwo(Bench& bench) {
  Hub hub(bench);
  const std::string host = std::filesystem::absolute(bench.Options().host_program).string();
  BB_ASSIGN_OR_RETURN(auto session, hub.Open());
  BB_RETURN_IF_ERROR(
      Expect(base::ReasonOf(hub.Open().status()) == errors::v1::ERROR_REASON_RUN_IN_PROGRESS,
             "a second talk was opened"));
  BB_RETURN_IF_ERROR(Expect(Hosts(host).size() == 1, "there is not one host"));
  const int old_pid = hub.pid();
  session.reset();
  // Another configuration wants another process; the old one must be gone by then.
  hub.spec = bench.Spec({{"kit_key_nobody_knows", "x"}});
  BB_ASSIGN_OR_RETURN(session, hub.Open());
  const std::set<int> hosts = Hosts(host);
  return Expect(hosts.size() == 1 && hosts.count(old_pid) == 0, "two hosts ran at once");
}

}  // namespace

std::vector<Case> FaultCases() {
  return {
      {"F1", "a segmentation fault costs one process", {"snapshot"}, Segfault},
      {"F2", "an abort costs one process", {"snapshot"}, Abort},
      {"F3", "exit(0) in a verb is no success", {"fault:exit:Read"}, ExitsInVerb},
      {"F4", "an exception in a verb is told", {"fault:throw:Read"}, ThrowsInVerb},
      {"F5", "an endless loop in a verb is ended", {"fault:loop:Read"}, LoopsInVerb},
      {"F6", "sleep in a verb is ended", {"snapshot"}, SleepsInVerb},
      {"F7", "a leak meets its limit, and want of memory is told", {"snapshot"}, MemoryEnds},
      {"F8", "a bomb of processes and threads meets its limit", {"fault:bomb:Read"}, BombIsStopped},
      {"F9",
       "a leak of descriptors meets its limit, and want of them is told",
       {"snapshot"},
       DescriptorsEnd},
      {"F10", "a broken pipe does no harm", {"snapshot"}, BrokenPipe},
      {"F11", "a crash loop opens the breaker, and it heals", {"snapshot"}, BreakerOpensAndHeals},
      {"F12", "a host does not outlive the hub", {"snapshot"}, EndsWithTheHub},
      {"F13", "answers of an old start are dropped", {"snapshot"}, LateAnswers},
      {"F14", "there are never two hosts for one connection", {}, NeverTwo},
  };
}

}  // namespace brobygger::conformance
