// Some cases ask about the hub's own end, the host and the supervisor, which no fault of a plugin
// can make fail: here the host and the supervisor have the faults.
#include <memory>
#include <utility>

#include "core/base/error.h"
#include "tests/conformance/mutant/kit_fixture.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using supervisor::ProcessSpec;
using supervisor::Session;
using supervisor::Supervisor;
using supervisor::SupervisorOptions;
using Made = absl::StatusOr<std::unique_ptr<Supervisor>>;

// The cases that are asked of each fault: it must fail its own, and none of the others.
const std::set<std::string> kCases = {"L9", "F6", "F10", "F11", "F12", "F13", "F14", "B5"};

// Passes all on to another one.
class SessionAround : public Session {
 public:
  explicit SessionAround(std::unique_ptr<Session> inner) : inner_(std::move(inner)) {}

  const std::string& scope_hash() const override { return inner_->scope_hash(); }
  std::uint64_t epoch() const override { return inner_->epoch(); }
  const std::string& plugin_version() const override { return inner_->plugin_version(); }
  absl::StatusOr<plugin::v1::CheckResponse> Check() override { return inner_->Check(); }
  absl::StatusOr<plugin::v1::DiscoverResponse> Discover() override { return inner_->Discover(); }
  absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
      plugin::v1::UpgradeStateRequest request) override {
    return inner_->UpgradeState(std::move(request));
  }
  absl::Status Read(const plugin::v1::ReadRequest& request,
                    absl::FunctionRef<absl::Status(const plugin::v1::ReadResponse&)> on_event,
                    const supervisor::CancelToken& cancel) override {
    return inner_->Read(request, on_event, cancel);
  }
  absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request) override {
    return inner_->Lookup(std::move(request));
  }
  absl::StatusOr<std::vector<plugin::v1::OperationResult>> Write(
      plugin::v1::WriteRequest request) override {
    return inner_->Write(std::move(request));
  }

 private:
  std::unique_ptr<Session> inner_;
};

// Takes silence in a read for its end.
class BelievesSilence final : public SessionAround {
 public:
  using SessionAround::SessionAround;
  absl::Status Read(const plugin::v1::ReadRequest& request,
                    absl::FunctionRef<absl::Status(const plugin::v1::ReadResponse&)> on_event,
                    const supervisor::CancelToken& cancel) override {
    const absl::Status status = SessionAround::Read(request, on_event, cancel);
    const bool silent = base::ReasonOf(status) == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE;
    return silent ? absl::OkStatus() : status;
  }
};

class SupervisorAround : public Supervisor {
 public:
  explicit SupervisorAround(std::unique_ptr<Supervisor> inner) : inner_(std::move(inner)) {}

  std::vector<supervisor::PluginFile> Plugins() const override { return inner_->Plugins(); }
  absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec) override {
    return inner_->Open(spec);
  }
  void Committed(const base::ConnectionId& connection) override { inner_->Committed(connection); }
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& connection) const override {
    return inner_->StatusOf(connection);
  }
  void Stop(const base::ConnectionId& connection) override { inner_->Stop(connection); }

 private:
  std::unique_ptr<Supervisor> inner_;
};

class SilenceIsTheEnd final : public SupervisorAround {
 public:
  using SupervisorAround::SupervisorAround;
  absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec) override {
    auto session = SupervisorAround::Open(spec);
    if (!session.ok()) return session.status();
    return std::make_unique<BelievesSilence>(*std::move(session));
  }
};

// Starts a second host beside the first.
class StartsTwo final : public SupervisorAround {
 public:
  StartsTwo(std::unique_ptr<Supervisor> inner, std::unique_ptr<Supervisor> other)
      : SupervisorAround(std::move(inner)), other_(std::move(other)) {}
  absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec) override {
    (void)other_->Open(spec);
    return SupervisorAround::Open(spec);
  }

 private:
  std::unique_ptr<Supervisor> other_;
};

Made WithSilence(SupervisorOptions options) {
  auto inner = supervisor::MakeSupervisor(std::move(options));
  if (!inner.ok()) return inner.status();
  return std::make_unique<SilenceIsTheEnd>(*std::move(inner));
}

Made WithoutBreaker(SupervisorOptions options) {
  options.breaker_ends = 1000;
  return supervisor::MakeSupervisor(std::move(options));
}

Made WithoutHealing(SupervisorOptions options) {
  options.breaker_rest = std::chrono::hours(24);
  return supervisor::MakeSupervisor(std::move(options));
}

Made WithoutMemory(SupervisorOptions options) {
  options.state_dir = "";
  return supervisor::MakeSupervisor(std::move(options));
}

Made WithTwo(SupervisorOptions options) {
  auto inner = supervisor::MakeSupervisor(options);
  // Under its own folder, or each would clear the other's away.
  options.run_dir += "2";
  options.state_dir += "2";
  auto other = supervisor::MakeSupervisor(std::move(options));
  if (!inner.ok() || !other.ok()) return absl::InternalError("no supervisors");
  return std::make_unique<StartsTwo>(*std::move(inner), *std::move(other));
}

struct HubFault {
  std::string id;       // the case that must find it
  std::string finding;  // by what
  SupervisorMaker make_supervisor = supervisor::MakeSupervisor;
  bool in_host = false;
};

const std::vector<HubFault>& HubFaults() {
  static const std::vector<HubFault> kFaults = {
      {.id = "L9", .finding = "did not start", .in_host = true},
      {.id = "F6", .finding = "a paused plugin in Read", .make_supervisor = WithSilence},
      {.id = "F11", .finding = "does not open", .make_supervisor = WithoutBreaker},
      {.id = "F11", .finding = "rests", .make_supervisor = WithoutHealing},
      {.id = "F12", .finding = "still there", .in_host = true},
      {.id = "F14", .finding = "not one host", .make_supervisor = WithTwo},
      {.id = "B5", .finding = "a new hub", .make_supervisor = WithoutMemory},
  };
  return kFaults;
}

struct HubMutantFixture : KitFixture {
  // Makes the kit use the faulty parts. A program knows its fault by the file beside it.
  void Install(const HubFault& fault) {
    options.make_supervisor = fault.make_supervisor;
    if (!fault.in_host) return;
    const fs::path program = folder.path() / "mutant_host";
    fs::copy_file(MUTANT_HOST, program, fs::copy_options::overwrite_existing);
    std::ofstream(folder.path() / "fault") << fault.id;
    options.host_program = program.string();
  }
};

TEST_CASE_METHOD(HubMutantFixture, "each fault of the hub's own end fails its case alone") {
  const HubFault fault = GENERATE(from_range(HubFaults()));
  InstallMutant("none");
  Install(fault);
  for (const std::string& id : kCases) {
    const CaseResult result = Run(id);
    CAPTURE(fault.id, fault.finding, id, result.text);
    if (id != fault.id) {
      CHECK(result.verdict == Verdict::kOk);
      continue;
    }
    CHECK(result.verdict == Verdict::kFailed);
    CHECK(result.text.find(fault.finding) != std::string::npos);
  }
}

TEST_CASE_METHOD(HubMutantFixture, "the host with faults, without one, is the host") {
  InstallMutant("none");
  Install({.id = "none", .finding = "", .in_host = true});
  for (const std::string& id : kCases) {
    const CaseResult result = Run(id);
    CAPTURE(id, result.text);
    CHECK(result.verdict == Verdict::kOk);
  }
}

}  // namespace
}  // namespace brobygger::conformance
