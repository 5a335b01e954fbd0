// Stands in for the plugin host and its plugin in one program, so that the
// supervisor can be met with faults that a real host never shows. Speaks the
// same descriptors and options (core/host/README.md).
//
// The file behind --plugin holds "<name> <fault at the start>"; the configuration
// may hold {"fault": ..., "in": <verb>, "marker": <file>, "at": <record>}. With a
// marker the fault happens once: the file says that it has.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <absl/strings/match.h>
#include <fcntl.h>
#include <grpcpp/server_builder.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <unistd.h>

#include "brobygger/plugin/v1/plugin_service.grpc.pb.h"

namespace {

namespace wire = brobygger::plugin::v1;
using Diagnostic = wire::Diagnostic;

constexpr int kLifeline = 3;
constexpr int kHandshake = 4;
constexpr char kDiagnosticTrailer[] = "brobygger-diagnostic-bin";

[[noreturn]] void Sleep() {
  while (true) pause();
}

std::uint64_t CountOpenFiles() {
  std::uint64_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count - 1;  // the one that lists them
}

// What the configuration asks for.
struct Fault {
  std::string kind;
  std::string verb;
  std::string marker;
  int at = 0;
  std::string text;

  bool Happens(const std::string& in, int record = 0) const {
    if (kind.empty() || verb != in || record != at) return false;
    if (marker.empty()) return true;
    if (std::filesystem::exists(marker)) return false;
    std::ofstream(marker) << "done";
    return true;
  }
};

Diagnostic MakeDiagnostic(Diagnostic::Class kind, const std::string& text) {
  Diagnostic diagnostic;
  diagnostic.set_severity(Diagnostic::SEVERITY_ERROR);
  diagnostic.set_class_(kind);
  diagnostic.set_code("stand_in.trouble");
  (*diagnostic.mutable_text())["en"] = text;
  (*diagnostic.mutable_text())["da"] = "paa dansk: " + text;
  return diagnostic;
}

grpc::Status FailWith(grpc::ServerContext* context, const Diagnostic& diagnostic) {
  context->AddTrailingMetadata(kDiagnosticTrailer, diagnostic.SerializeAsString());
  return {grpc::StatusCode::FAILED_PRECONDITION, "see the diagnostic"};
}

// Faults that no answer follows, and those that are an answer.
grpc::Status Suffer(const Fault& fault, grpc::ServerContext* context) {
  if (fault.kind == "segfault") raise(SIGSEGV);
  if (fault.kind == "abort") abort();
  if (fault.kind == "exit") _exit(0);
  if (fault.kind == "sleep") Sleep();
  if (fault.kind == "loop") {
    std::atomic<std::uint64_t> turns = 0;
    while (true) ++turns;
  }
  if (fault.kind == "auth") {
    return FailWith(context, MakeDiagnostic(Diagnostic::CLASS_AUTH, fault.text));
  }
  if (fault.kind == "transient") {
    return FailWith(context, MakeDiagnostic(Diagnostic::CLASS_TRANSIENT, fault.text));
  }
  if (fault.kind == "rate_limited") {
    Diagnostic diagnostic = MakeDiagnostic(Diagnostic::CLASS_RATE_LIMITED, fault.text);
    diagnostic.mutable_retry_after()->set_seconds(7);
    return FailWith(context, diagnostic);
  }
  if (fault.kind == "unclassified") {
    return FailWith(context, MakeDiagnostic(Diagnostic::CLASS_UNSPECIFIED, fault.text));
  }
  if (fault.kind == "bug") {
    return FailWith(context, MakeDiagnostic(Diagnostic::CLASS_BUG, fault.text));
  }
  if (fault.kind == "unimplemented") return {grpc::StatusCode::UNIMPLEMENTED, ""};
  return {grpc::StatusCode::INTERNAL, fault.text};
}

class StandIn final : public wire::PluginService::Service {
 public:
  explicit StandIn(std::string name) : name_(std::move(name)) {}

  grpc::Status Handshake(grpc::ServerContext* /*context*/,
                         const wire::HandshakeRequest* request,
                         wire::HandshakeResponse* response) override {
    epoch_ = request->epoch();
    response->set_name(name_ == "two.faced" ? "other" : name_);
    response->set_version("1.0.0");
    response->set_epoch(epoch_);
    if (name_ == "rated") DeclareRate(*response->mutable_limits()->add_rates());
    return grpc::Status::OK;
  }

  static void DeclareRate(wire::RateLimit& rate) {
    rate.set_name("requests");
    rate.set_fill_per_second(0.1);
    rate.set_burst(2);
    rate.add_verbs("Check");
    rate.add_verbs("Write");
  }

  grpc::Status Configure(grpc::ServerContext* context,
                         const wire::ConfigureRequest* request,
                         wire::ConfigureResponse* response) override {
    const auto config = nlohmann::json::parse(request->config_json());
    fault_.kind = config.value("fault", "");
    fault_.verb = config.value("in", "");
    fault_.marker = config.value("marker", "");
    fault_.at = config.value("at", 0);
    fault_.text = config.value("text", "");
    records_ = config.value("records", 0);
    say_ = config.value("say", "");
    flood_ = config.value("flood", "");
    linger_ = config.value("linger", false);
    for (const auto& [name, value] : request->secrets()) {
      if (say_ == "secrets") std::cerr << "my secret is " << value << std::endl;
    }
    response->set_scope_hash("scope-" + request->connection_id());
    if (fault_.kind == "invalid") {
      *response->add_diagnostics() = MakeDiagnostic(Diagnostic::CLASS_CONFIG, fault_.text);
      response->mutable_diagnostics(0)->set_path("read.table");
      return grpc::Status::OK;
    }
    return fault_.Happens("Configure") ? Suffer(fault_, context) : grpc::Status::OK;
  }

  grpc::Status Check(grpc::ServerContext* context,
                     const wire::CheckRequest* request,
                     wire::CheckResponse* response) override {
    if (flood_ == "stderr") Flood();
    response->set_epoch(request->epoch());
    if (fault_.Happens("Check")) {
      if (fault_.kind == "epoch") {
        response->set_epoch(request->epoch() - 1);
      } else if (fault_.kind == "huge") {
        response->add_diagnostics()->set_detail(std::string(2 << 20, 'x'));
      } else {
        return Suffer(fault_, context);
      }
    }
    if (!fault_.text.empty()) {
      *response->add_diagnostics() = MakeDiagnostic(Diagnostic::CLASS_TRANSIENT, fault_.text);
    }
    auto& seen = *response->mutable_visible_records();
    seen["open files"] = CountOpenFiles();
    seen["environment"] = environ == nullptr || environ[0] == nullptr ? 0 : 1;
    seen["pid"] = static_cast<std::uint64_t>(getpid());
    return grpc::Status::OK;
  }

  grpc::Status Discover(grpc::ServerContext* context,
                        const wire::DiscoverRequest* request,
                        wire::DiscoverResponse* response) override {
    response->set_epoch(request->epoch());
    response->add_streams()->set_name("associations");
    return fault_.Happens("Discover") ? Suffer(fault_, context) : grpc::Status::OK;
  }

  grpc::Status Read(grpc::ServerContext* context,
                    const wire::ReadRequest* request,
                    grpc::ServerWriter<wire::ReadResponse>* writer) override {
    if (linger_) Sleep();
    const int from = request->cursor().empty() ? 0 : std::stoi(request->cursor());
    for (int record = from; record < records_; ++record) {
      if (fault_.Happens("Read", record)) {
        if (fault_.kind == "stuck") return StayAlive(context, request->epoch(), writer);
        if (fault_.kind == "epoch") SendRecord(writer, record, request->epoch() - 1);
        if (fault_.kind != "epoch") return Suffer(fault_, context);
      }
      if (!SendRecord(writer, record, request->epoch())) return grpc::Status::CANCELLED;
    }
    wire::ReadResponse end;
    end.set_epoch(request->epoch());
    end.mutable_snapshot_end()->set_complete(true);
    end.mutable_snapshot_end()->set_record_count(static_cast<std::uint64_t>(records_));
    writer->Write(end);
    return grpc::Status::OK;
  }

  grpc::Status Events(grpc::ServerContext* context,
                      const wire::EventsRequest* request,
                      grpc::ServerWriter<wire::EventsResponse>* writer) override {
    wire::EventsResponse event;
    event.set_epoch(request->epoch());
    event.mutable_log()->set_text("hello over events");
    writer->Write(event);
    while (!context->IsCancelled()) {
      if (flood_ == "events") {
        if (!writer->Write(event)) break;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    return grpc::Status::OK;
  }

  grpc::Status Stop(grpc::ServerContext* context,
                    const wire::StopRequest* /*request*/,
                    wire::StopResponse* /*response*/) override {
    if (fault_.Happens("Stop")) return Suffer(fault_, context);
    stopping_ = true;
    return grpc::Status::OK;
  }

  bool stopping() const { return stopping_; }

 private:
  static bool SendRecord(grpc::ServerWriter<wire::ReadResponse>* writer,
                         int record,
                         std::uint64_t epoch) {
    wire::ReadResponse batch;
    batch.set_epoch(epoch);
    batch.mutable_batch()->add_records()->set_external_id(std::to_string(record));
    wire::ReadResponse checkpoint;
    checkpoint.set_epoch(epoch);
    checkpoint.mutable_checkpoint()->set_cursor(std::to_string(record + 1));
    return writer->Write(batch) && writer->Write(checkpoint);
  }

  // Gives signs of life for ever, and gets nowhere.
  static grpc::Status StayAlive(grpc::ServerContext* context,
                                std::uint64_t epoch,
                                grpc::ServerWriter<wire::ReadResponse>* writer) {
    wire::ReadResponse event;
    event.set_epoch(epoch);
    event.mutable_heartbeat()->set_position(1);
    while (!context->IsCancelled() && writer->Write(event)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return grpc::Status::CANCELLED;
  }

  static void Flood() {
    const std::string line(1000, 'x');
    for (int i = 0; i < 3000; ++i) std::cerr << line << "\n";
  }

  const std::string name_;
  std::atomic<std::uint64_t> epoch_ = 0;
  std::atomic<bool> stopping_ = false;
  Fault fault_;
  int records_ = 0;
  std::string say_;
  std::string flood_;
  bool linger_ = false;  // never answers a Read
};

void SayOnHandshake(const std::string& line) {
  const std::string text = line + "\n";
  if (write(kHandshake, text.data(), text.size()) < 0) _exit(9);
  close(kHandshake);
}

void SufferAtStart(const std::string& fault) {
  if (fault == "silent") Sleep();
  if (fault == "exit") _exit(7);
  if (fault == "segfault") raise(SIGSEGV);
  if (fault == "err") {
    SayOnHandshake("ERR|abi|it has ABI 2.0 and this host 1.0");
    _exit(4);
  }
  if (fault == "garbage") SayOnHandshake("hello");
  if (fault == "noise") {
    const std::string noise(1 << 20, 'n');
    std::cout << noise << std::flush;
    std::cerr << noise << std::flush;
  }
}

void FollowLifeline() {
  std::thread([] {
    char byte = 0;
    while (read(kLifeline, &byte, 1) > 0) {
    }
    _exit(3);
  }).detach();
}

}  // namespace

int main(int argc, char** argv) {
  std::string socket;
  std::string plugin;
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == std::string("--socket")) socket = argv[i + 1];
    if (argv[i] == std::string("--plugin")) plugin = argv[i + 1];
  }
  FollowLifeline();
  std::string name;
  std::string fault;
  std::ifstream(plugin) >> name >> fault;
  SufferAtStart(fault);

  StandIn service(name);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const std::string told = fault == "misnamed" ? "another" : name;
  SayOnHandshake("OK|1|0|unix:" + socket + "|" + told + "|1.0.0");
  while (!service.stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  return 0;
}
