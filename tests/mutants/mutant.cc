// A plugin that is faulty on purpose. Its configuration names the fault and the
// verb it strikes in:
//   {"fault": "segfault", "in": "Read", "at": 20, "marker": FILE, "records": 50}
// `at` is the record it strikes at (Read only). With a marker the fault strikes
// once: the file, in a folder the plugin may write, says that it has.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "brobygger/sdk/connector.h"

namespace brobygger::mutants {
namespace {

constexpr int kFloodLines = 20'000;

[[noreturn]] void Hang() {
  while (true) pause();
}

[[noreturn]] void Spin() {
  std::atomic<std::uint64_t> turns = 0;
  while (true) ++turns;
}

// Takes memory until there is none.
[[noreturn]] void Leak() {
  std::vector<std::unique_ptr<std::string>> kept;
  while (true) kept.push_back(std::make_unique<std::string>(1 << 20, 'x'));
}

// Starts threads until it may not.
[[noreturn]] void BombThreads() {
  std::vector<std::thread> threads;
  try {
    while (true) threads.emplace_back(Hang);
  } catch (const std::exception& problem) {
    for (std::thread& thread : threads) thread.detach();
    throw std::runtime_error("stopped after " + std::to_string(threads.size()) + " threads");
  }
}

void LeakDescriptors() {
  int count = 0;
  while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) ++count;
  throw std::runtime_error("stopped after " + std::to_string(count) + " descriptors");
}

class Mutant final : public sdk::Connector {
 public:
  explicit Mutant(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override { return {}; }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    const auto config = nlohmann::json::parse(request.config_json());
    fault_ = config.value("fault", "");
    verb_ = config.value("in", "");
    marker_ = config.value("marker", "");
    at_ = config.value("at", 0);
    records_ = config.value("records", 0);
    for (const auto& [name, value] : request.secrets()) secret_ = value;
    Strike("Configure");
    return "all";
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& /*call*/) override {
    Strike("Check");
    sdk::CheckResponse response;
    if (verb_ == "Check" && fault_ == "huge") {
      response.add_diagnostics()->set_detail(std::string(2 << 20, 'x'));
    }
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    Strike("Discover");
    std::vector<sdk::StreamSchema> streams(1);
    streams[0].set_name("associations");
    return streams;
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    const int from = request.cursor().empty() ? 0 : std::stoi(request.cursor());
    for (int at = from; at < records_; ++at) {
      if (at == at_) Strike("Read");
      sdk::Record record;
      record.set_external_id(std::to_string(at));
      if (absl::Status gone = sink.Add(std::move(record)); !gone.ok()) return gone;
      if (absl::Status gone = sink.Checkpoint(std::to_string(at + 1), 1); !gone.ok()) return gone;
    }
    sdk::SnapshotEnd end;
    end.set_record_count(static_cast<std::uint64_t>(records_));
    end.set_complete(true);
    return sink.EndSnapshot(std::move(end));
  }

  // Runs beside the other verbs, so it looks only at what Configure left.
  void Stop() override { Strike("Stop"); }

 private:
  bool StrikesNow(const std::string& verb) const {
    if (verb != verb_) return false;
    if (marker_.empty()) return true;
    if (std::ifstream(marker_).good()) return false;
    std::ofstream(marker_) << "done";
    return true;
  }

  void Strike(const std::string& verb) {
    if (!StrikesNow(verb)) return;
    // gRPC puts on the wire what was told before by a thread of its own, which on a busy machine
    // comes to it late: the fault is one after those records were told, not before.
    if (verb == "Read") std::this_thread::sleep_for(std::chrono::milliseconds(500));
    EndProcess();
    if (fault_ == "throw") throw std::runtime_error("thrown on purpose");
    if (fault_ == "throw_number") throw 42;
    if (fault_ == "loop") Spin();
    if (fault_ == "sleep") Hang();
    if (fault_ == "leak") Leak();
    if (fault_ == "threads") BombThreads();
    if (fault_ == "descriptors") LeakDescriptors();
    if (fault_ == "flood") Flood();
    if (fault_ == "tell_secret") TellSecret();
  }

  void EndProcess() const {
    if (fault_ == "segfault") {
      volatile int* const nowhere = nullptr;
      *nowhere = 1;
    }
    if (fault_ == "abort") std::abort();
    if (fault_ == "exit") std::exit(0);  // NOLINT(concurrency-mt-unsafe): it is a fault.
    if (fault_ == "sigpipe") std::raise(SIGPIPE);
  }

  void Flood() {
    const std::string line(500, 'x');
    for (int i = 0; i < kFloodLines; ++i) {
      std::cout << line << "\n";
      std::cerr << line << "\n";
      log_.Info(line);
    }
  }

  void TellSecret() {
    std::cerr << "the password is " << secret_ << std::endl;
    log_.Warn("the password is " + secret_);
    throw std::runtime_error("the password is " + secret_);
  }

  sdk::Log& log_;
  std::string fault_;
  std::string verb_;
  std::string marker_;
  std::string secret_;
  int at_ = 0;
  int records_ = 0;
};

}  // namespace
}  // namespace brobygger::mutants

BROBYGGER_PLUGIN(brobygger::mutants::Mutant, "tests.mutant", "1.0.0")
