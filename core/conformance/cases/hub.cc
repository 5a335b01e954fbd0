#include "core/conformance/cases/hub.h"

#include <filesystem>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::ReadRequest;
using plugin::v1::ReadResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto kShort = seconds(2);

}  // namespace

Hub::Hub(const Bench& the_bench, const nlohmann::json& config)
    : bench(the_bench), options(bench.Options()), spec(bench.Spec(config)) {
  options.run_dir = (bench.folder() / "hub").string();
  options.state_dir = (bench.folder() / "calls").string();
  std::filesystem::remove_all(options.state_dir);
  options.clock = &clock;
  options.next_epoch = [this](const base::ConnectionId&) { return ++epochs; };
  options.progress_deadline = kShort;
  options.deadlines.check = options.deadlines.discover = kShort;
  options.deadlines.lookup = options.deadlines.write = kShort;
  options.deadlines.stop = milliseconds(500);
  options.deadlines.terminate = milliseconds(300);
  Restart();
}

void Hub::Restart() {
  hub.reset();
  hub = *bench.MakeSupervisor(options);
}

absl::StatusOr<std::unique_ptr<supervisor::Session>> Hub::Open() {
  clock.Advance(seconds(1));
  return hub->Open(spec);
}

bool Hub::WaitGone() const {
  return Eventually([this] { return pid() == 0; });
}

void Hub::Mend() {
  hub->Committed(spec.connection);
  clock.Advance(std::chrono::hours(24));
}

SnapshotRead ReadSnapshot(supervisor::Session& session,
                          Bench& bench,
                          const std::function<void()>& at_first) {
  ReadRequest request;
  request.set_stream(bench.fixture().stream);
  request.set_mode(ReadRequest::MODE_SNAPSHOT);
  request.set_batch_records(1);
  bool first = true;
  SnapshotRead read;
  const auto take = [&](const ReadResponse& event) {
    read.records += static_cast<std::size_t>(event.batch().records_size());
    read.complete |= event.snapshot_end().complete();
    if (first && at_first != nullptr) at_first();
    first = false;
    return absl::OkStatus();
  };
  read.status = session.Read(request, take, supervisor::CancelToken());
  return read;
}

absl::Status NextOneWorks(Hub& hub, Bench& bench, int old_pid) {
  hub.Mend();
  BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
  BB_RETURN_IF_ERROR(Expect(hub.pid() != old_pid && hub.pid() != 0, "the process is the old one"));
  const SnapshotRead read = ReadSnapshot(*session, bench);
  BB_RETURN_IF_ERROR(read.status);
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  return Expect(read.records == content.size(), "the next process does not read all");
}

absl::Status CallVerb(supervisor::Session& session, Bench& bench, const std::string& verb) {
  if (verb == "Check") {
    BB_ASSIGN_OR_RETURN(const auto report, session.Check());
    return FirstError(report.diagnostics());
  }
  if (verb == "Discover") return session.Discover().status();
  if (verb == "Read") return ReadSnapshot(session, bench).status;
  if (verb == "Lookup") {
    plugin::v1::LookupRequest request;
    request.set_stream(bench.fixture().stream);
    request.add_external_ids("kit-no-such-record");
    return session.Lookup(request).status();
  }
  plugin::v1::WriteRequest request;
  request.set_stream(bench.fixture().stream);
  return session.Write(request).status();
}

absl::Status FailsInEachVerb(Bench& bench, const std::string& fault) {
  for (const char* const verb : {"Check", "Discover", "Read", "Lookup", "Write"}) {
    const auto found = bench.fixture().faults.find(absl::StrCat(fault, ":", verb));
    if (found == bench.fixture().faults.end()) continue;
    Hub hub(bench, found->second.config);
    {
      BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
      const auto begin = steady_clock::now();
      BB_RETURN_IF_ERROR(Expect(!CallVerb(*session, bench, verb).ok(),
                                absl::StrCat(fault, " in ", verb, " is told as success")));
      BB_RETURN_IF_ERROR(Expect(steady_clock::now() - begin < kBound,
                                absl::StrCat("the hub was not answered in time in ", verb)));
    }
    // Its cause is gone.
    hub.spec = bench.Spec();
    BB_RETURN_IF_ERROR(NextOneWorks(hub, bench, 0));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::conformance
