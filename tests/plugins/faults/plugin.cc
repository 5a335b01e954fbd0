// A plugin that does what its configuration says, all of it bad: the tests' means
// to see what the host and the hub do about it.
//
//   {"fault": "throw", "in": "Read", "after": 100}
//   {"escape": {"allowed_file": ..., ...}}   tried by Check, told as diagnostics
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <thread>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "brobygger/sdk/connector.h"

#include "tests/plugins/faults/escapes.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;

// Runs when the library is loaded, before the host has asked for anything.
struct Early {
  Early() {
    const EscapeTargets nothing;
    for (const Attempt& attempt : TryEscapes(nothing)) {
      if (attempt.name == "read shadow") {
        std::cout << "constructor: shadow " << (attempt.error == 0 ? "READ" : "refused") << "\n";
      }
    }
    std::cout << std::string(std::size_t{1} << 20, '#') << std::endl;
  }
} early;

void Leak() {
  while (true) std::memset(new char[std::size_t{1} << 20], 1, std::size_t{1} << 20);
}

void Suffer(const std::string& fault, sdk::Log& log) {
  if (fault == "segfault") raise(SIGSEGV);
  if (fault == "abort") std::abort();
  if (fault == "exit") _exit(0);
  if (fault == "throw") throw std::runtime_error("thrown on purpose");
  if (fault == "throw-int") throw 42;
  if (fault == "leak") Leak();
  if (fault == "flood") {
    for (int line = 0; line < 10000; ++line) log.Info("line " + std::to_string(line));
  }
  if (fault == "loop") {
    for (volatile bool forever = true; forever;) {
    }
  }
}

class FaultConnector final : public sdk::Connector {
 public:
  explicit FaultConnector(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(R"({"type": "object"})");
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    config_ = Json::parse(request.config_json());
    Do("Configure");
    return std::string("scope");
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    Do("Check");
    while (config_.value("fault", "") == "wait" && !call.cancelled()) std::this_thread::yield();
    sdk::CheckResponse response;
    if (!config_.contains("escape")) return response;
    const EscapeTargets targets = Targets();
    for (const Attempt& attempt : TryAllowed(targets)) Tell(attempt, "allowed", response);
    for (const Attempt& attempt : TryEscapes(targets)) Tell(attempt, "escape", response);
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    sdk::StreamSchema stream;
    stream.set_name("associations");
    stream.mutable_abilities()->set_snapshot(true);
    return std::vector{std::move(stream)};
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    const int after = config_.value("after", 0);
    const int rows = config_.value("rows", 1000);
    const int first = request.cursor().empty() ? 0 : std::stoi(request.cursor());
    for (int row = first; row < rows; ++row) {
      if (row == after) Do("Read");
      const absl::Status sent =
          sink.AddFrom("row:" + std::to_string(row), "raw", [&] { return Row(row); });
      if (!sent.ok()) return sent;
      if (!sink.full()) continue;
      if (absl::Status gone = sink.Checkpoint(std::to_string(row + 1), 1); !gone.ok()) return gone;
    }
    if (absl::Status gone = sink.Checkpoint(std::to_string(rows), 1); !gone.ok()) return gone;
    sdk::SnapshotEnd end;
    end.set_complete(true);
    end.set_record_count(static_cast<std::uint64_t>(rows));
    return sink.EndSnapshot(std::move(end));
  }

 private:
  absl::StatusOr<sdk::Record> Row(int row) const {
    if (row == config_.value("bad_row", -1)) throw std::runtime_error("bad row");
    sdk::Record record;
    record.set_external_id(std::to_string(row));
    (*record.mutable_fields())["name"].set_text("Forening " + std::to_string(row));
    if (row == config_.value("unfit_row", -1)) (*record.mutable_fields())["name"].set_text("\xC6");
    return record;
  }

  EscapeTargets Targets() const {
    const Json& about = config_["escape"];
    return {.allowed_file = about["allowed_file"],
            .allowed_folder = about["allowed_folder"],
            .allowed_port = about["allowed_port"],
            .forbidden_file = about["forbidden_file"],
            .forbidden_folder = about["forbidden_folder"],
            .forbidden_port = about["forbidden_port"],
            .forbidden_socket = "",
            .forbidden_descriptor = about["forbidden_descriptor"]};
  }

  static void Tell(const Attempt& attempt, const char* kind, sdk::CheckResponse& response) {
    auto& diagnostic = *response.add_diagnostics();
    diagnostic.set_severity(sdk::Diagnostic::SEVERITY_INFO);
    diagnostic.set_code(kind);
    diagnostic.set_path(attempt.name);
    diagnostic.set_detail(std::to_string(attempt.error));
  }

  void Do(const std::string& verb) {
    if (config_.value("in", "") == verb) Suffer(config_.value("fault", ""), log_);
  }

  sdk::Log& log_;
  Json config_;
};

}  // namespace
}  // namespace brobygger::tests

BROBYGGER_PLUGIN(brobygger::tests::FaultConnector, "test.faults", "0.1.0")
