#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "brobygger/plugin/v1/plugin_service.grpc.pb.h"

namespace brobygger::tests {

// A folder that goes away with the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string path() const { return path_.string(); }
  // Writes `bytes` to a file in it and returns its path.
  std::string Write(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

// The built .so of a plugin, by its name, in the build's plugin folder or that of
// the test plugins.
std::string PluginFile(const std::string& name);
std::string TestPluginFile(const std::string& name);

// One real brobygger-plugin-host, started as the supervisor does. Killed with it.
class HostProcess {
 public:
  // `arguments` follow --connection and --socket.
  explicit HostProcess(const std::vector<std::string>& arguments);
  ~HostProcess();
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  // The handshake line; "" if the process ended without one.
  const std::string& line() const { return line_; }
  bool ready() const { return line_.rfind("OK|", 0) == 0; }
  int pid() const { return pid_; }
  const std::string& socket() const { return socket_; }

  plugin::v1::PluginService::Stub& stub();

  // Lets the process see that its hub is gone.
  void CutLifeline();

  // How it ended: the exit status, or minus the signal; 1000 if it did not end in time.
  int WaitForEnd(std::chrono::seconds patience = std::chrono::seconds(10));

  // What it wrote on 1 and 2; call after WaitForEnd.
  const std::string& output();

 private:
  void Spawn(const std::vector<std::string>& arguments);

  TempFolder run_dir_;
  std::string socket_;
  int pid_ = 0;
  int lifeline_ = -1;
  int handshake_ = -1;
  int talk_ = -1;
  std::string line_;
  std::string output_;
  std::thread drain_;
  std::unique_ptr<plugin::v1::PluginService::Stub> stub_;
};

// What a read brought.
struct ReadOutcome {
  grpc::Status status;
  plugin::v1::Diagnostic diagnostic;  // from the trailer
  std::vector<plugin::v1::Record> records;
  std::vector<plugin::v1::RecordError> errors;
  std::vector<plugin::v1::Checkpoint> checkpoints;
  std::vector<plugin::v1::Heartbeat> heartbeats;
  std::vector<plugin::v1::SnapshotEnd> ends;
};

// Configures with `config_json` and returns the diagnostics.
std::vector<plugin::v1::Diagnostic> Configure(
    HostProcess& host,
    const std::string& config_json,
    const std::map<std::string, std::string>& secrets = {});

// Reads a snapshot to its end.
ReadOutcome ReadSnapshot(HostProcess& host,
                         const std::string& cursor = "",
                         const std::string& stream = "associations",
                         std::uint32_t cursor_version = 1);

// The Diagnostic in the trailer of a failed call.
plugin::v1::Diagnostic DiagnosticOf(const grpc::ClientContext& context);

}  // namespace brobygger::tests
